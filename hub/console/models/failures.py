"""Failures, in groups and each."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal

from pydantic import Field

from hub.console.models.edits import EditLine
from hub.console.models.wire import Id, Reason, Text, Told, Wire
from hub.ledger.entries import FailureState, WaitState


class GroupView(Wire):
    """Failures that look alike."""

    id: str
    stage: str
    """The connection."""
    code: str
    reason: str
    fault: str
    where: str
    """Rule of a mapping, step at a target, or path in the message."""
    target: str
    revision: str
    first_at: datetime
    last_at: datetime
    open: int
    retrying: int
    zaken: int
    advice: str
    note: str
    owner: str
    link: str


class GroupChange(Told):
    """What people know of a group; what is not named stays as it is."""

    note: Text = ""
    owner: Annotated[str, Field(max_length=100)] = ""
    link: Annotated[str, Field(max_length=300, pattern=r"^(https://\S*)?$")] = ""


class GroupMerge(Told):
    """Take other groups into this one."""

    groups: Annotated[list[Id], Field(min_length=1, max_length=100)]
    reason: Reason


class GroupSplit(Told):
    """Take failures out of a group into one of their own."""

    failures: Annotated[list[Id], Field(min_length=1, max_length=10_000)]
    reason: Reason


class FailureView(Wire):
    """One chain of attempts of one message at one connection."""

    id: str
    group: str
    stage: str
    message: str
    """The id of the message or event."""
    kind: str
    zaak: str
    state: FailureState
    code: str
    reason: str
    fault: str
    advice: str
    where: str
    revision: str
    attempts: int
    first_at: datetime
    last_at: datetime
    next_at: datetime | None
    """When it is tried again by itself."""
    edited_at: datetime | None
    behind: int
    """Messages of the same zaak that wait for it; 0 in lists, which do not count them."""


class QueueItem(Wire):
    """One message in the queue of a zaak."""

    message: str
    kind: str
    state: WaitState
    failure: str
    attempts: int
    next_at: datetime


class FailureDetail(Wire):
    """A failure with the queue of its zaak. The ETag of the answer must come back (`If-Match`) with every act on it."""

    failure: FailureView
    queue: list[QueueItem]
    """The first of them; `behind` counts all."""
    target: str
    can: list[Literal["herhalen", "bewerken", "vervallen"]]
    """What may be done with it now."""
    edits: list[EditLine]
    """The newest of them."""
