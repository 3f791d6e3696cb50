"""All that an adapter may see of the hub, and all that the hub sees of an adapter.

An adapter knows its protocol: envelope, acknowledgement, fault, paging, which call follows which. It never retries,
sleeps, reads a clock or logs a document; it raises the errors of `hub.errors` and is given what it needs.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple, Protocol

from lxml import etree

from hub.net.response import Response

__all__ = [
    "Client",
    "Contents",
    "Document",
    "Exchange",
    "Inbound",
    "MessageRefusal",
    "Outbound",
    "Receipt",
    "Reply",
    "Response",
    "Step",
]


class Document(NamedTuple):
    """A message as a mapping reads it; names are those of the standard.

    `kind` names the message and with it the mapping (`creeerZaak_Lk01`). `body` is an element tree or plain JSON data.
    `sender` identifies the sending system (organisatie/applicatie/administratie), `reference` its own number for the
    message (referentienummer). `zaak` is the ordering key; `subject` what the message creates or changes (a zaak- or
    documentidentificatie). None of these is personal data.
    """

    kind: str
    body: etree._Element | dict[str, Any]
    sender: str
    reference: str
    zaak: str
    subject: str


class Reply(NamedTuple):
    """What goes back over HTTP."""

    status: int
    content_type: str
    body: bytes


class Inbound(Protocol):
    """Bytes of a sender to a document, and back to an acknowledgement or a fault. Pure.

    `content_elements` are local names of elements whose text (base64) the ingress takes out of the bytes and puts in
    the payload store before anything is parsed; the element then holds a claim (`hub.wire.claim`).
    """

    content_elements: tuple[str, ...]

    def read(self, body: bytes, headers: Mapping[str, str], *, validate: bool) -> Document:
        """Read and, at the edge, validate; raises MessageRefused. `headers` has lower-case names."""
        ...

    def accepted(self, document: Document, *, message_id: str, at: datetime, headers: Mapping[str, str]) -> Reply:
        """Acknowledge: the bus has it. The same message gets the same acknowledgement."""
        ...

    def refused(
        self, refusal: MessageRefusal, body: bytes, *, message_id: str, at: datetime, headers: Mapping[str, str]
    ) -> Reply:
        """Give the fault that fits; `body` may be cut short or no XML at all."""
        ...

    def description(self, path: str, query: str, *, url: str) -> Reply | None:
        """Give the description of the service (a WSDL) for a GET, or None."""
        ...


class MessageRefusal(NamedTuple):
    """Why a message is refused: see MessageRefused."""

    code: str
    reason: str
    path: str
    line: int
    status: int


class Client(Protocol):
    """HTTP to one target, with its authentication, limits and circuit breaker already in place."""

    async def request(
        self,
        method: str,
        service: str,
        path: str,
        *,
        query: Mapping[str, str] | None = None,
        json: object = None,
        body: AsyncIterator[bytes] | bytes | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> Response:
        """Send one request to `service` (a name from the connection's target) and give the answer, whatever its status.

        `path` is relative to the service, or a whole URL that begins with one of the target's services (a URL of
        another host raises TargetMisconfigured). Raises TargetUnavailable when nothing left, TargetUncertain when it
        left and no answer came.
        """
        ...


class Contents(Protocol):
    """Read access to the payload store."""

    def open(self, reference: str) -> AsyncIterator[bytes]:
        """Give the content in chunks; raises HubUnavailable when it is gone."""
        ...


class Receipt(NamedTuple):
    """What a step left behind: usually the URL of the resource, and a note for the operator without personal data."""

    url: str = ""
    note: str = ""


class Step(NamedTuple):
    """One effect at the target.

    `key` is its natural key: the same effect has the same key, for ever, no personal data in clear. `name` says for an
    operator what it does (`zaak aanmaken`). `body` is the adapter's own.
    """

    key: str
    name: str
    body: dict[str, Any]


class Exchange(NamedTuple):
    """What a step may use.

    `done` holds the receipts of earlier steps by key. `resumed` says that this delivery may have been tried before:
    then ask by natural key before creating anything. `now` is the time of this attempt.
    """

    client: Client
    contents: Contents
    done: Mapping[str, Receipt]
    resumed: bool
    now: datetime


class Outbound(Protocol):
    """A mapped document to effects at a target, one step at a time."""

    def steps(self, kind: str, document: dict[str, Any]) -> Sequence[Step]:
        """Plan: pure. `kind` is the event type; raises TargetRefused when the document cannot be expressed."""
        ...

    async def send(self, step: Step, exchange: Exchange) -> Receipt:
        """Do one step, once: raises TargetFailed in one of its kinds."""
        ...

    async def check(self, client: Client) -> Sequence[str]:
        """Say what is wrong with reach, credentials and rights; empty when all is well. Changes nothing."""
        ...
