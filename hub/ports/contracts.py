"""All that an adapter may see of the hub, and all that the hub sees of an adapter.

An adapter knows its protocol: envelope, acknowledgement, fault, paging, which call follows which. It never retries,
sleeps, reads a clock or logs a document; it raises the errors of `hub.errors` and is given what it needs.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, NamedTuple, Protocol, runtime_checkable

from lxml import etree

from hub.errors import TargetFailed
from hub.net.response import Response
from hub.security.personal import Bsn

__all__ = [
    "PATH",
    "SENDER",
    "Asking",
    "Batch",
    "Batched",
    "Client",
    "Contents",
    "Conversing",
    "Document",
    "Exchange",
    "Expects",
    "Fetching",
    "FetchingTogether",
    "Finding",
    "Following",
    "Heard",
    "Hearing",
    "Inbound",
    "Inquiry",
    "Loading",
    "Lookup",
    "MessageRefusal",
    "Notice",
    "Outbound",
    "Outgoing",
    "Part",
    "Placing",
    "Polling",
    "Produced",
    "Receipt",
    "Reply",
    "Reporting",
    "Response",
    "Scoped",
    "Selective",
    "Step",
    "Subscribing",
    "Told",
    "Verified",
    "Verifying",
]


class Expects(StrEnum):
    """What the sender of a message waits for in the same HTTP call."""

    RECEIPT = "ontvangst"
    """That the message is kept: an asynchronous message (Lk01, Di01)."""

    OUTCOME = "uitkomst"
    """That it is done: a synchronous change (Lk02, Di02 of a check-in)."""

    ANSWER = "antwoord"
    """An answer: a question (Lv01, Di02 for a number). It never reaches the bus."""


class Document(NamedTuple):
    """A message as a mapping reads it; names are those of the standard.

    `kind` names the message and with it the mapping (`creeerZaak_Lk01`). `body` is an element tree or plain JSON data.
    `sender` identifies the sending system (organisatie/applicatie/administratie), `reference` its own number for the
    message (referentienummer). `zaak` is the ordering key; `subject` what the message creates or changes (a zaak- or
    documentidentificatie). None of these is personal data. `zaaktype` is the code of the zaaktype where the message
    says it. `remarks` say what is wrong with a message that is taken all the same: places and sentences, no values.
    `person` is whom it is about, where that is somebody and no zaak: flow then names `zaak` and `subject` by a
    pseudonym, so that what happens to one person stays in order and no key says who. `announces`: it says that
    something changed, which its source may not show yet (`recheck` of the connection).
    """

    kind: str
    body: etree._Element | dict[str, Any]
    sender: str
    reference: str
    zaak: str
    subject: str
    expects: Expects = Expects.RECEIPT
    zaaktype: str = ""
    remarks: tuple[str, ...] = ()
    person: Bsn | None = None
    announces: bool = False


class Reply(NamedTuple):
    """What goes back over HTTP. Claims (`hub.wire.claim`) in the body become their content as base64 on the way out.

    `headers` are those that the protocol of the adapter has beside the type and length of the content.
    """

    status: int
    content_type: str
    body: bytes
    headers: tuple[tuple[str, str], ...] = ()


PATH, SENDER = ":path", ":sender"
"""What the ingress tells beside the headers of a request: what its path ends with behind the name of the connection,
and who sent it as far as the checks of the connection prove that (`hub.flow.gate`). No sender can write them: HTTP has
no header with a colon in its name, and what stands there is the ingress's whatever came in."""


class Inbound(Protocol):
    """Bytes of a sender to a document, and back to an acknowledgement or a fault. Pure.

    `content_elements` are local names of elements whose text (base64) the ingress takes out of the bytes and puts in
    the payload store before anything is parsed; the element then holds a claim (`hub.wire.claim`).
    """

    content_elements: tuple[str, ...]

    def read(self, body: bytes, headers: Mapping[str, str], *, validate: bool) -> Document:
        """Read and, at the edge, validate; raises MessageRefused. `headers` has lower-case names, and PATH and SENDER.

        With `validate` off the message was accepted before: `headers` then holds only what describes its content, and
        who sent it is not asked again.
        """
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
        """Give the description of the service (a WSDL, an OpenAPI document) for a GET, or None."""
        ...


class Conversing(Inbound, Protocol):
    """An inbound adapter whose documents may expect more than a receipt."""

    def delivered(self, document: Document, *, message_id: str, at: datetime, headers: Mapping[str, str]) -> Reply:
        """Say that it is done: to a message that expects the outcome."""
        ...

    def answered(
        self,
        document: Document,
        answer: dict[str, Any] | bytes,
        *,
        message_id: str,
        at: datetime,
        headers: Mapping[str, str],
    ) -> Reply:
        """Answer a question.

        `answer` is what the mapping of the answer gives: a message of the adapter as bytes, without stuurgegevens, or
        plain JSON data.
        """
        ...


@runtime_checkable
class Scoped(Protocol):
    """An inbound adapter whose questions say which elements of an answer they ask for."""

    def asked(self, document: Document) -> Sequence[tuple[str, ...]] | None:
        """Name what a question asks for, as targets of the mapping of its answer; None: everything there is."""
        ...

    def withhold(
        self,
        document: Document,
        answer: bytes,
        withheld: Sequence[tuple[str, ...]],
        partly: Sequence[tuple[str, ...]] = (),
    ) -> bytes:
        """Say in an answer, as its mapping wrote it, which of its elements the asker may not see.

        What is `partly` withheld stays where it has a value: without one, it may have one that the asker may not see.
        """
        ...


@runtime_checkable
class Placing(Protocol):
    """An inbound adapter whose questions may ask to be told of changes of who is found, from now on."""

    def follows(self, document: Document) -> bool:
        """Say whether a question asks for that."""
        ...

    def followed(self, answer: bytes) -> bytes:
        """Say in an answer, as its mapping wrote it, that its asker is told from now on."""
        ...


class Told(NamedTuple):
    """What became of a message: done, or refused with a code and a reason that hold nothing personal.

    `sender`, `reference`, `kind` and `zaak` are those of its `Document`, `at` is when it was accepted.
    """

    message_id: str
    sender: str
    reference: str
    kind: str
    zaak: str
    at: datetime
    done: bool
    code: str
    reason: str


class Heard(NamedTuple):
    """What a receiver says later of a message of ours that it had acknowledged.

    `reference` is what we sent it under: the id of the event. `said` names the message in which it says so (`Fo01`).
    `failure` is why it is not done after all; without one it is.
    """

    reference: str
    said: str
    failure: TargetFailed | None = None


@runtime_checkable
class Hearing(Protocol):
    """An inbound adapter that also receives what the other system says later of messages of ours."""

    def heard(self, document: Document) -> Heard | None:
        """Tell what a document says of a message of ours; None when it is about something else."""
        ...


class Reporting(Protocol):
    """Tells a sender what became of its message: module `report.py` of an inbound adapter."""

    async def tell(self, told: Told, client: Client) -> None:
        """Tell it once; the same outcome may be told again. Raises TargetFailed in one of its kinds."""
        ...


@runtime_checkable
class Selective(Protocol):
    """An inbound adapter that is also sent what there is no need to keep."""

    def ignores(self, body: bytes, headers: Mapping[str, str]) -> bool:
        """Say whether this is a right message that goes no further: a probe, or of no interest. The sender gets 204.

        It is asked before `read`, at the edge, and validates as `read` does: raises MessageRefused.
        """
        ...


class Part(NamedTuple):
    """One message out of a request that holds several, as if it had come alone.

    `remarks` say what is wrong with it beside those of its own `Document`: that something else which came with it is
    not taken.
    """

    body: bytes
    headers: Mapping[str, str]
    remarks: tuple[str, ...] = ()


class Batch(NamedTuple):
    """A request that holds several messages; `whole` is what the acknowledgement is about, None: the last part."""

    parts: Sequence[Part]
    whole: Document | None = None


@runtime_checkable
class Batched(Protocol):
    """An inbound adapter whose senders may put several messages in one request."""

    def batch(self, body: bytes, headers: Mapping[str, str]) -> Batch | None:
        """Take a request apart; None when it is one message. Raises MessageRefused.

        All are read before the first is accepted: a request with a wrong message in it is refused whole. They are
        accepted in their order, so those about one thing are done in it.
        """
        ...


@runtime_checkable
class Resourceful(Protocol):
    """An inbound adapter whose addresses are resources of HTTP, and not one door for messages."""

    def asked_by_get(self, path: str, query: str) -> Part | None:
        """Give the question that a GET asks, as if it had been posted; None where it asks for something else.

        Nothing personal may be asked so: an address stands in logs. It is read, with whatever is wrong with it, by
        `read`.
        """
        ...

    def not_allowed(self, path: str) -> Reply:
        """Say that what stands at this address is not for this method (405), and which it is for."""
        ...


class Fetching(Protocol):
    """What a message only points at, fetched where it happened: module `fetch.py` of an inbound adapter."""

    async def fetch(self, document: Document, inquiry: Inquiry) -> Document | None:
        """Give the document as the mapping reads it; its `kind`, `zaak` and `subject` may be better known now.

        Reads only, so it may be done again. What is kept (`inquiry.keep`) stays as long as the event. None: there is
        nothing (left) to tell. Raises TargetFailed in one of its kinds.
        """
        ...


@runtime_checkable
class FetchingTogether(Fetching, Protocol):
    """A Fetching whose source is asked about several at once: what is at work at the same time goes together."""

    together_max: int
    """How many go in one call."""

    calls_max: int
    """How many calls are out at the same time."""

    async def fetch_together(
        self, documents: Sequence[Document], inquiry: Inquiry
    ) -> Sequence[Document | TargetFailed | None]:
        """Do what `fetch` does for each, all of one kind and in their order; what is wrong with one stands there.

        Nothing can be kept. Raises TargetFailed where nothing can be said of any of them.
        """
        ...


class Notice(NamedTuple):
    """A message that nobody sent: made here of what a source shows, as its sender would have written it."""

    body: bytes
    headers: Mapping[str, str]


class Polling(Protocol):
    """The backstop for messages that never came: module `poll.py` of an inbound adapter."""

    def find(self, client: Client, *, since: datetime, now: datetime) -> AsyncIterator[Notice]:
        """Give a notice of all that happened since, whether a message of it came or not.

        What came is recognised at the door: a notice reads (`Inbound.read`) as the message that it stands in for, with
        the same sender, reference and content. Raises TargetFailed in one of its kinds.
        """
        ...


@runtime_checkable
class Following(Polling, Protocol):
    """A Polling whose source tells what changed since a moment: it is asked from where the last look ended."""

    overlap: timedelta
    """How much later than its own time a change may appear there: so far back is looked once more."""

    kept: timedelta
    """How long the source keeps what it tells."""


class Loading(Protocol):
    """Messages for what an inbound connection is to hear of as it is now: module `load.py` of its adapter."""

    columns: tuple[str, ...]
    """What the column or field with the number is called in a file."""

    def notice(self, number: str, reference: str) -> Notice:
        """Write the message for one number, as its sender would; it reads with this reference.

        Raises MessageRefused for what is no such number.
        """
        ...


class Subscribing(Protocol):
    """How a source is asked to send its messages: module `subscribe.py` of an inbound adapter."""

    async def subscriptions(self, client: Client) -> Sequence[str]:
        """Name what is subscribed to, ours and those of others, one line each."""
        ...

    async def subscribe(self, client: Client, authorization: str) -> str:
        """See to it that the source sends to this connection; say what was done. Doing it again changes nothing.

        `authorization` is what it must put in the header of that name: the connection checks it.
        """
        ...

    async def unsubscribe(self, client: Client) -> str:
        """See to it that the source no longer sends to this connection; say what was done."""
        ...

    async def check(self, client: Client) -> Sequence[str]:
        """Say what is wrong with the subscription; empty when all is well. Changes nothing."""
        ...


class MessageRefusal(NamedTuple):
    """Why a message is refused: see MessageRefused.

    `status` is that of a protocol which says what is wrong in its message, as SOAP does. `http_status` is what it means
    in one that says it by the status of HTTP; 0 where that is the same. `retry_after_s` is when to come back, where the
    source of an answer says so.
    """

    code: str
    reason: str
    path: str
    line: int
    status: int
    http_status: int = 0
    retry_after_s: float | None = None


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

    def download(
        self,
        service: str,
        path: str,
        *,
        query: Mapping[str, str] | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> AsyncIterator[bytes]:
        """Get something large in chunks (GET, answer 200); raises TargetFailed, also in the middle."""
        ...

    def soap_security(self) -> str:
        """Give the WS-Security header block for one message, serialised; nothing where the target asks for none.

        Made anew for every message that is sent (a nonce is used once): it never belongs in a step.
        """
        ...


class Contents(Protocol):
    """Read access to the payload store."""

    def open(self, reference: str) -> AsyncIterator[bytes]:
        """Give the content in chunks; raises HubUnavailable when it is gone."""
        ...


class Inquiry(NamedTuple):
    """What a question, or the fetching of what a message points at, may use.

    `keep` puts content that was downloaded in the payload store and gives its claim (`hub.wire.claim.Claim`) as text;
    it is gone again when the answer is sent, or stays with the event that names it. `now` is the time of the question.
    `reads` gives the paths that the mapping of the answer reads to give what is asked: for a source that is asked in
    its own words, and not by `velden`. None: nobody can tell, all there is may be asked.
    """

    client: Client
    keep: Callable[[AsyncIterator[bytes]], Awaitable[str]]
    now: datetime
    reads: Callable[[], Sequence[tuple[str, ...]]] | None = None


class Lookup(Protocol):
    """Questions to a target, by the question types of `hub.event.vragen`."""

    async def ask(self, kind: str, question: dict[str, Any], inquiry: Inquiry) -> dict[str, Any] | etree._Element:
        """Ask; `question` fits the model of the question type `kind`.

        The answer is in the terms of the target, JSON or XML: the mapping `<kind>.antwoord` gives the canonical answer.
        Nothing found is an empty answer. Raises TargetFailed in one of its kinds.
        """
        ...


class Asking(Lookup, Protocol):
    """Questions to a target that does nothing else: module `lookup.py` of an adapter of direction `ask`."""

    async def check(self, client: Client) -> Sequence[str]:
        """Say what is wrong with reach, credentials and rights; empty when all is well. Asks about nobody."""
        ...


class Outgoing(NamedTuple):
    """An event as a mapping made it ready for a target.

    `kind` is the event type. `gives` is what the mapping makes of it: where that is a message of the adapter, `body` is
    that message as bytes without stuurgegevens; else it is plain JSON data. `reference` is the id of the event: the
    same at every attempt, for ever. `at` is when it happened, `zaak` the ordering key.
    """

    kind: str
    gives: str
    body: dict[str, Any] | bytes
    reference: str
    at: datetime
    zaak: str


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

    def steps(self, outgoing: Outgoing) -> Sequence[Step]:
        """Plan: pure. Raises TargetRefused when the document cannot be expressed."""
        ...

    async def send(self, step: Step, exchange: Exchange) -> Receipt:
        """Do one step, once: raises TargetFailed in one of its kinds."""
        ...

    async def check(self, client: Client) -> Sequence[str]:
        """Say what is wrong with reach, credentials and rights; empty when all is well. Changes nothing."""
        ...


class Produced(NamedTuple):
    """A document as a mapping gives it for an event of type `kind`, or a part of one that it can give.

    `origin` says where that shows: a rule, a case, a recorded event. `beside` is what of such a part others show:
    the zaaktype of its zaak, the constants of other rules.
    """

    kind: str
    document: dict[str, Any]
    origin: str
    beside: Mapping[str, Any] = {}


class Finding(NamedTuple):
    """What stands in the way at the target: the `thing` (`roltype "Melder" of zaaktype "B1026"`) and its `problem`.

    `nearest` is the name there that comes closest, `origins` is where it shows that the thing is needed. Without
    `blocks` it needs a look and keeps nothing back.
    """

    thing: str
    problem: str
    nearest: str = ""
    origins: tuple[str, ...] = ()
    blocks: bool = True


class Verified(NamedTuple):
    """What was looked at, each with a number (`roltypen`: 8), and what was found wrong."""

    checked: Mapping[str, int]
    findings: Sequence[Finding]


class Verifying(Protocol):
    """Whether a target is ready for what it will be sent: module `verify.py` of an outbound adapter."""

    async def verify(self, produced: Sequence[Produced], client: Client, *, client_id: str, now: datetime) -> Verified:
        """See that the target has what these documents name, and that the client `client_id` may do what they ask.

        Reads only. Raises TargetFailed in one of its kinds when it cannot be seen.
        """
        ...
