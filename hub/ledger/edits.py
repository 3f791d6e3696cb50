"""Corrections in the ledger: what was sent, what somebody proposes instead, and the content before it was corrected.

All of it holds content of messages, so personal data: it is here and nowhere else.
"""

from __future__ import annotations

import hashlib
from datetime import datetime
from enum import StrEnum
from typing import NamedTuple, Protocol

from hub.ledger.entries import OperatorAct, ParkedItem


class Made(NamedTuple):
    """What a mapping made of an event in the attempt that failed at `at`: `gives` and `content` as in `Outgoing`.

    `is_json` says whether `content` is JSON data; else it is a message as bytes.
    """

    failure_id: str
    at: datetime
    revision: str
    gives: str
    is_json: bool
    content: bytes


class EditPart(StrEnum):
    """Which shape of a message is corrected: the rest follows from it."""

    RAW = "bericht"
    EVENT = "gebeurtenis"
    REQUEST = "verzoek"


class EditState(StrEnum):
    """Where an edit stands."""

    PROPOSED = "voorgesteld"
    APPROVED = "goedgekeurd"
    APPLIED = "toegepast"
    REJECTED = "afgewezen"
    OVERTAKEN = "ingehaald"  # the message went on, or another edit was applied


class Edit(NamedTuple):
    """A correction that somebody proposes. `before` and `after` are the whole content of that part.

    `base` is `base_of` the parked item that it was made for. `said` is the reason that came with the last change of
    state, `ended_at` when that was. `made_by` is a name for people, `made_by_id` who it is.
    """

    id: str
    failure_id: str
    stage: str
    item_id: str
    part: EditPart
    state: EditState
    base: str
    before: bytes
    after: bytes
    made_by: str
    made_at: datetime
    reason: str
    approved_by: str = ""
    said: str = ""
    ended_at: datetime | None = None
    made_by_id: str = ""


class EditLine(NamedTuple):
    """An edit in a list: without any content."""

    id: str
    part: EditPart
    state: EditState
    made_by: str
    made_at: datetime
    reason: str
    approved_by: str


def base_of(item: ParkedItem) -> str:
    """Give what changes with the content of a parked item, and with nothing else of it."""
    return hashlib.sha256(item.value + b"\x1f" + item.headers).hexdigest()


class Editing(Protocol):
    """The part of the ledger that is about corrections."""

    async def request(self, failure_id: str) -> Made | None:
        """Give what was to be sent in the last attempt, by the whole id of its failure; None when nothing was."""
        ...

    async def propose(self, edit: Edit, act: OperatorAct) -> None:
        """Keep a proposed edit.

        Raises ActRefused when its item is not parked as `base` says, or too many of its failure are open.
        """
        ...

    async def proposal(self, edit_id: str) -> Edit | None:
        """Give an edit; an unambiguous beginning of its id of at least 4 characters will do."""
        ...

    async def proposals(self, failure_id: str) -> list[Edit]:
        """Give the edits of a failure, newest first."""
        ...

    async def edit_lines(self, failure_id: str, *, limit: int) -> list[EditLine]:
        """Give the newest edits of a failure for a list, newest first."""
        ...

    async def judge(self, edit_id: str, state: EditState, act: OperatorAct) -> None:
        """Approve or reject a proposed edit (reject also an approved one), in the name of `act.by`.

        Raises ActRefused when it is not in a state for that (any more).
        """
        ...

    async def edit(self, edit: Edit, item: ParkedItem, act: OperatorAct) -> None:
        """Replace value and headers of a parked item by those of `item`, as an edit says, which is applied then.

        The edit may be one that was never proposed. The first original is kept for ever; other edits of the item are
        overtaken. Raises ActRefused, and changes nothing but that the edit is overtaken, when it is not parked (any
        more) or its content is not that of `edit.base` any more.
        """
        ...

    async def original(self, stage: str, item_id: str) -> bytes | None:
        """Give the value as it was before the first edit, or None when it was never edited."""
        ...
