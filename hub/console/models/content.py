"""The content of one message, and how it came about: its routes ask for a right of their own."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal

from hub.console.models.wire import Wire


class Step(Wire):
    """One function of a rule."""

    function: str
    given: Any = None
    gives: Any = None
    refused: str = ""


class FieldTrace(Wire):
    """How one field came to its value."""

    target: str
    rule: str
    """file:line of the mapping."""
    layer: str
    source: str
    line: int
    """Line of the message; 0 in JSON."""
    raw: Any = None
    steps: list[Step]
    value: Any = None
    has_value: bool
    reason: str


class Pane(Wire):
    """One shape of a message: as it came, as event, as request. `text` is null when there is none, and `note` why."""

    media: Literal["application/xml", "application/json", "text/plain"]
    text: str | None
    note: str
    cut: bool = False
    """Whether the text is longer than is shown."""
    lacks: str = ""
    """The connection where this shape lies and the person has no right to it; an event is made anew then."""


class Trace(Wire):
    """What one mapping did: from `raw` to `event`, or from `event` to `request`."""

    gives: str
    revision: str
    failure: str
    fields: list[FieldTrace]
    unread: list[str]


class Content(Wire):
    """A message in its three shapes. Values are `***` while `masked`: names of fields stay."""

    message: str
    connection: str
    masked: bool
    unmasked_until: datetime | None
    """Until when this session sees the values; null while they are masked."""
    raw: Pane
    event: Pane
    request: Pane
    to_event: Trace | None
    to_request: Trace | None
