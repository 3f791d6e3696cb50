"""Who is at the console, what they may see unmasked for a while, and what was answered to a request that comes twice.

Entries and their contract. It knows no cookie and no token: of each it is given a hash.
"""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple, Protocol

from hub.ledger.entries import OperatorAct


class Visit(NamedTuple):
    """Somebody who is logged in."""

    key: str
    """Hash of what the browser holds."""

    name: str
    """What the audit says of this person."""

    way: str
    """How that person proved who they are."""

    gemeente: str
    groups: tuple[str, ...]
    """Those of the provider that give a role here."""

    sealed: bytes
    """What is needed to log out at the provider; only what the browser holds opens it."""

    began_at: datetime
    seen_at: datetime
    ends_at: datetime
    person_id: str = ""
    """Who it is, whatever they are called; empty in a visit from before this was kept."""


class GivenAnswer(NamedTuple):
    """What was answered to a request; `headers` are JSON."""

    status: int
    headers: str
    body: bytes


class Visiting(Protocol):
    """What the ledger remembers of visits."""

    async def begin_visit(self, visit: Visit, act: OperatorAct, *, instead_of: str = "") -> None:
        """Remember that somebody logged in; the visit with the key `instead_of` ends, and those of the past go."""
        ...

    async def visit(self, key: str) -> Visit | None:
        """Give a visit that has not ended; whether it is too old is the caller's to say."""
        ...

    async def seen_visit(self, key: str, at: datetime) -> None:
        """Remember that somebody is still there; never an earlier time than is known."""
        ...

    async def end_visit(self, key: str, act: OperatorAct) -> bool:
        """Forget a visit and what it may see unmasked; says whether there was one. Only then the act is remembered."""
        ...

    async def unmask(self, session: str, message: str, until: datetime, act: OperatorAct) -> None:
        """Let a session see the content of a message until then; a later time replaces an earlier one."""
        ...

    async def unmasked_until(self, session: str, message: str) -> datetime | None:
        """Give until when a session may see, or might have seen, the content of a message."""
        ...

    async def begin_answer(
        self, who: str, key: str, asked: str, *, busy_since: datetime, kept_since: datetime
    ) -> GivenAnswer | None:
        """Give what was answered to this key of this person; None when it is the caller's to answer now.

        What was asked before `kept_since` is forgotten.
        Raises ActRefused: `idempotency-key` when something else was asked under the key, `bezig` when somebody is at
        it. Who began before `busy_since` and did not end was killed: then it is the caller's too.
        """
        ...

    async def end_answer(self, who: str, key: str, given: GivenAnswer | None) -> None:
        """Keep an answer. None: there is none, the key may be used again."""
        ...
