"""Finding messages by what people know of them, and the life of a zaak.

A page is found by looking at a limited number of messages, newest first: when criteria hardly ever meet, a page may be
empty and still say where to look on. Pure, but for the contract.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from enum import StrEnum
from typing import NamedTuple, Protocol

from hub.ledger.entries import Place, TimelineEntry, Whereabouts


class MessageState(StrEnum):
    """What became of a message by now. Where several are true, the first of: refused, a resend, failed, dropped."""

    ACCEPTED = "geaccepteerd"  # and no target has it yet
    DELIVERED = "afgeleverd"
    FAILED = "mislukt"
    DROPPED = "vervallen"
    REFUSED = "geweigerd"
    RESENT = "dubbel"


class Criteria(NamedTuple):
    """What must all be true of a message; what is empty or None is no criterion. Nothing in them is a pattern.

    `document` is its documentidentificatie, `person` a keyed hash (`Keys.subject`), `text` a part of the reason of a
    failure of it, whatever its case. `since` and `until` (not itself) are about when it was accepted.
    """

    zaak: str = ""
    document: str = ""
    reference: str = ""
    sender: str = ""
    connection: str = ""
    kind: str = ""
    state: MessageState | None = None
    since: datetime | None = None
    until: datetime | None = None
    text: str = ""
    person: str = ""

    @property
    def of_message(self) -> bool:
        """Say whether they ask what is not known of a message that was refused at the door."""
        return any((self.zaak, self.document, self.reference, self.sender, self.kind, self.text, self.person))


class Mark(NamedTuple):
    """Where a list goes on: behind what has this time and id."""

    at: datetime
    id: str


class Found(NamedTuple):
    """One message. `subject` is the zaak or the document that it is about; `failure_id` what is wrong with it now.

    Of one that was refused `kind` is the code of the refusal. Who searches for failures finds a message once for each.
    """

    connection: str
    sender: str
    reference: str
    message_id: str
    kind: str
    zaak: str
    subject: str
    at: datetime
    state: MessageState
    failure_id: str


class FoundPage(NamedTuple):
    """What was found, newest first. With `next` there may be more, also when nothing was found yet."""

    found: list[Found]
    next: Mark | None


class Looked(NamedTuple):
    """What one look-up gave: `found` in order, each with its mark, and how far was looked if there is more."""

    found: Sequence[tuple[Mark, Found]]
    until: Mark | None


class Untranslated(NamedTuple):
    """A message that failed before it was in the inbox. `persons` as in `Arrival`."""

    connection: str
    sender: str
    reference: str
    message_id: str
    kind: str
    zaak: str
    subject: str
    remarks: str
    place: Place
    accepted_at: datetime
    persons: tuple[str, ...] = ()


BEGIN = TimelineEntry(datetime(1970, 1, 1, tzinfo=UTC), "", "", "", "", rank=-1)
"""What comes before every line of every timeline."""


def page_of(looks: Sequence[Looked], limit: int) -> FoundPage:
    """Put look-ups together: no more than `limit`, and nothing older than what all of them have looked at."""
    found = sorted((each for look in looks for each in look.found), key=lambda each: each[0], reverse=True)
    horizon = max((look.until for look in looks if look.until is not None), default=None)
    seen = [each for each in found if horizon is None or each[0] >= horizon]
    if len(seen) > limit:
        return FoundPage([each for _, each in seen[:limit]], seen[limit - 1][0])
    return FoundPage([each for _, each in seen], horizon)


class Finding(Protocol):
    """The part of the ledger that finds messages."""

    async def find(self, criteria: Criteria, *, after: Mark | None = None, limit: int = 100) -> FoundPage:
        """Find messages, newest first; `after` goes on behind an earlier page of the same criteria.

        Those that failed or were dropped, or whose failure says something, are in the order of when they did.
        """
        ...

    async def set_aside(self, message: Untranslated) -> None:
        """Remember a message that failed before it was in the inbox, so that it is found; once is enough."""
        ...

    async def whereabouts(self, beginning: str, limit: int = 100) -> list[Whereabouts]:
        """Give what an id of a message, event or failure names, or the beginning of one; of at least 4 characters.

        Messages from the inbox and the refusals, events from the deliveries, both while they are parked, and failures.
        """
        ...

    async def timeline(
        self, zaak: str, *, after: TimelineEntry = BEGIN, limit: int | None = None
    ) -> list[TimelineEntry]:
        """Give the life of a zaak in order of time, behind `after`: accepted, translated, failed, acts, delivered.

        `what` is `geaccepteerd` (with remarks), `dubbel`, `vertaald` (by which revision), `gepubliceerd` (where the
        event lies), `mislukt` (at its first failure), `geparkeerd` (while it is; its lane is the zaak), the name of a
        person's act, the state of a delivery, or `bevestigd` (by the target, later). The detail of a delivery ends with
        what the target answered: the resources that it has, what was there already, and what it has no place for.
        """
        ...
