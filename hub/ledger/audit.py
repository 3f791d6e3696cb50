"""The audit: what people did, in lines of which each holds the hash of the one before it.

Whoever changes, removes, inserts or reorders a line breaks the chain from there on. What the chain alone can't show is
that its last lines were cut off: that shows from a hash that was kept elsewhere, on the bus or on paper.

It is pure but for the contract: it knows how a line is hashed and when a chain is whole. Lines from before there was a
chain come first and have no hash of their own; the first line after them seals them all.
"""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime
from typing import NamedTuple, Protocol

import orjson

from hub.errors import ActRefused
from hub.ledger.entries import OperatorAct

GENESIS = "0" * 64
"""What stands for the hash before the first line."""

REASONED = frozenset(
    {
        "replay",
        "edit",
        "drop",
        "unmask",
        "pause",
        "resume",
        "plan",
        "load",
        "search",
        "redirect",
        "merge",
        "split",
        "case",
        "follow",
    }
)
"""Acts, by the first word of their name, that nobody may do without saying why."""

REASON_CHARS_MIN = 4


class AuditLine(NamedTuple):
    """One act. `on` and `failure_id` as in `OperatorAct`; `detail` is JSON; `hash` is empty in a line of before."""

    number: int
    at: datetime
    by: str
    act: str
    on: str
    failure_id: str
    reason: str
    detail: str
    previous: str
    hash: str

    @property
    def about(self) -> str:
        """Name what it was done to: `fout:<id>` when that was a failure."""
        return self.on or (f"fout:{self.failure_id}" if self.failure_id else "")

    def canonical(self) -> bytes:
        """Give what is hashed: everything of the line but its hash, as JSON with its names in order."""
        said = {**self._asdict(), "at": self.at.astimezone(UTC).isoformat()}
        del said["hash"]
        return orjson.dumps(said, option=orjson.OPT_SORT_KEYS)

    def sealed(self, number: int, previous: str) -> AuditLine:
        """Give the line as it stands in the chain."""
        line = self._replace(number=number, previous=previous, hash="")
        return line._replace(hash=hashlib.sha256(line.canonical()).hexdigest())


class AuditFilter(NamedTuple):
    """Criteria that must all hold; what is empty or None is no criterion. `until` itself is not in it."""

    by: str = ""
    act: str = ""
    since: datetime | None = None
    until: datetime | None = None


EVERY_LINE = AuditFilter()


class Verification(NamedTuple):
    """Whether the chain is whole, and else where and how it breaks.

    `last_hash` is that of the last line before the break: keep it elsewhere, and a tail that is cut off shows.
    `unsealed` counts the lines of before there was a chain that no line has sealed yet.
    """

    whole: bool
    lines: int
    last_hash: str
    broken_at: int | None = None
    why: str = ""
    unsealed: int = 0


class Chain:
    """Follows lines in order; stops at the first that does not fit."""

    def __init__(self, *, head: str = "") -> None:
        """Take the hash of a line that must be there, if one is known."""
        self.number = 0
        self.hash = GENESIS
        self._head = head
        self._unsealed = 0
        self._sealed = False
        self._broken_at: int | None = None
        self._why = ""

    def follow(self, line: AuditLine) -> bool:
        """Take the next line; say whether the chain is whole so far."""
        if (why := self._wrong(line)) is not None:
            self._broken_at, self._why = self.number + 1, why
            return False
        expected = line.sealed(line.number, self.hash)
        self.number, self.hash = line.number, expected.hash
        if line.hash:
            self._sealed, self._unsealed = True, 0
        else:
            self._unsealed += 1
        if self.hash == self._head:
            self._head = ""
        return True

    def verification(self) -> Verification:
        """Give what was found when there are no more lines."""
        if self._broken_at is None and self._head:
            self._broken_at = self.number + 1
            self._why = "no line has the given hash: the last lines were cut off, or the hash is of another ledger"
        return Verification(self._broken_at is None, self.number, self.hash, self._broken_at, self._why, self._unsealed)

    def _wrong(self, line: AuditLine) -> str | None:
        if line.number != self.number + 1:
            return f"after line {self.number} comes line {line.number}: lines were removed or put in"
        if not line.hash:
            return "it has no hash, and the line before it has" if self._sealed else None
        if line.previous != self.hash:
            return "it does not follow the line before it: that line was changed, or they changed places"
        if line.sealed(line.number, line.previous).hash != line.hash:
            return "it was changed"
        return None


def line_of(act: OperatorAct) -> AuditLine:
    """Give the line of an act, not yet in its chain; raises ActRefused when it lacks the reason that it needs."""
    if act.act.partition("-")[0] in REASONED and len(act.reason) < REASON_CHARS_MIN:
        raise ActRefused(
            f"{act.act} needs a reason",
            code="reden",
            advice=f"say why, in at least {REASON_CHARS_MIN} characters; it is kept in the audit",
        )
    return AuditLine(0, act.at.astimezone(UTC), act.by, act.act, act.on, act.failure_id, act.reason, act.detail, "", "")


class Auditing(Protocol):
    """The part of the ledger that keeps the audit. Every method that changes something for a person adds to it."""

    async def acted(self, acts: list[OperatorAct]) -> None:
        """Write down acts that change nothing in the ledger, such as looking at content.

        Raises ActRefused when one lacks the reason that it needs. The same act twice is one line.
        """
        ...

    async def audit_lines(
        self, wanted: AuditFilter = EVERY_LINE, *, after: int | None = None, limit: int = 100, oldest: bool = False
    ) -> list[AuditLine]:
        """List lines, newest first, or oldest first; `after` goes on behind the line with that number."""
        ...

    async def verify_audit(self, *, head: str = "") -> Verification:
        """Follow the whole chain, in pages; `head` is the hash of a line that must be there."""
        ...

    async def unmirrored(self, limit: int) -> list[AuditLine]:
        """Give the oldest lines that are not on the bus yet."""
        ...

    async def mirrored(self, number: int) -> None:
        """Remember that every line up to this one is on the bus."""
        ...
