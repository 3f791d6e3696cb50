"""Looking for messages."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from pydantic import Field

from hub.console.models.wire import Instant, Reason, Told, Wire
from hub.ledger.finding import MessageState


class SearchRequest(Told):
    """Criteria, all of which must hold; one at least. A BSN is compared as a keyed hash and stored nowhere."""

    zaak: Annotated[str, Field(max_length=100)] | None = None
    document: Annotated[str, Field(max_length=100)] | None = None
    reference: Annotated[str, Field(max_length=100)] | None = None
    sender: Annotated[str, Field(max_length=100)] | None = None
    connection: Annotated[str, Field(max_length=60)] | None = None
    kind: Annotated[str, Field(max_length=100)] | None = None
    state: MessageState | None = None
    since: Instant | None = None
    until: Instant | None = None
    text: Annotated[str, Field(max_length=200)] | None = None
    """Part of the reason of a failure."""
    bsn: Annotated[str, Field(pattern=r"^[0-9]{9}$")] | None = None
    reason: Reason | None = None
    """Needed with a BSN."""
    cursor: Annotated[str, Field(max_length=2_000)] | None = None
    limit: Annotated[int, Field(ge=1, le=200)] = 50


class Found(Wire):
    """One message that was found."""

    message: str
    connection: str
    sender: str
    reference: str
    kind: str
    zaak: str
    subject: str
    """The zaak or the document that it is about."""
    at: datetime
    state: str
    failure: str


class TimelineView(Wire):
    """One line in the life of a zaak."""

    at: datetime
    what: str
    stage: str
    message: str
    detail: str
    place: str
    """`topic/partition/offset` on the bus, where it has one."""
    revision: str
    by: str
