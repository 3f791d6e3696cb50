"""What the API under `/v1` says and is told, as models; OpenAPI and the types of the console are made of them.

Names are camelCase on the wire (NL API Design Rules). Nothing here holds content of a message, but for `Content`,
`Edit` and the playground, whose routes ask for a right of their own.
"""

from __future__ import annotations

from datetime import UTC, datetime
from enum import StrEnum
from typing import Annotated, Any, Generic, Literal, TypeVar

from pydantic import AfterValidator, AwareDatetime, BaseModel, ConfigDict, Field, model_validator
from pydantic.alias_generators import to_camel

from hub.config import policy
from hub.ledger.entries import FailureState, WaitState
from hub.security.roles import Right, Role

T = TypeVar("T")


class Wire(BaseModel):
    """What all models have in common."""

    model_config = ConfigDict(alias_generator=to_camel, populate_by_name=True, extra="forbid", frozen=True)


def plain(text: str) -> str:
    """Refuse what no database and no file takes: NUL, and halves of surrogate pairs."""
    if "\0" in text or any("\ud800" <= each <= "\udfff" for each in text):
        raise ValueError("holds a character that is no text: NUL, or half of a surrogate pair")
    return text


class Told(Wire):
    """What all bodies of requests have in common: text that can be kept, and no more nesting than anything needs."""

    @model_validator(mode="before")
    @classmethod
    def _is_text(cls, said: object) -> object:
        _check(said, policy.API_DEPTH_MAX)
        return said


def _check(said: object, depth: int) -> None:
    if not depth:
        raise ValueError(f"nests more than {policy.API_DEPTH_MAX} deep")
    match said:
        case str():
            plain(said)
        case list():
            for each in said:
                _check(each, depth - 1)
        case dict():
            for name, each in said.items():
                plain(str(name))
                _check(each, depth - 1)


def _this_century(at: datetime) -> datetime:
    if not 2000 <= at.year < 2100:  # noqa: PLR2004 - the centuries themselves
        raise ValueError("is not in this century")
    return at.astimezone(UTC)


Instant = Annotated[AwareDatetime, AfterValidator(_this_century)]
"""A moment that somebody gives, with its offset from UTC."""

Text = Annotated[str, Field(max_length=2_000)]
Name = Annotated[str, Field(max_length=200)]
Id = Annotated[str, Field(min_length=1, max_length=200)]
Reason = Annotated[str, Field(min_length=4, max_length=500)]
"""Why a person does something: it stands in the audit for ever, so no details of citizens."""


class Page(Wire, Generic[T]):
    """Part of a list; `next` is the cursor of the part behind it, null at the end."""

    items: list[T]
    next: str | None = None


class InvalidPart(Wire):
    """One part of a request that is wrong. It never repeats what was given."""

    place: Literal["body", "query", "path", "header"]
    path: str
    """Names of fields with dots between them; empty for the whole."""
    reason: str


class ProblemDetails(Wire):
    """Why a request was not done (RFC 9457), and what to do about it. Nothing of a message stands in it."""

    type: str
    title: str
    status: int
    detail: str
    instance: str
    """Names this one time that it happened: the log of the hub has it too."""
    code: str
    advice: str = ""
    invalid: list[InvalidPart] = []


class Reasoned(Told):
    """An act that only needs its reason."""

    reason: Reason


# Who


class SessionView(Wire):
    """Who is logged in, what that person may do, and the token that every change must carry (`X-CSRF-Token`)."""

    name: str
    gemeente: str
    omgeving: str
    roles: list[Role]
    rights: list[Right]
    """Those that the person has at one connection at least."""
    csrf: str
    ends_at: datetime


class UnmaskRequest(Told):
    """Ask to see the content of one message."""

    message: Id
    """The id of a failure, message or event."""
    reason: Reason


class Unmasking(Wire):
    """Until when the content of that message is shown to this person."""

    message: str
    until: datetime


# Connections


class Flow(StrEnum):
    """Whether messages of a connection go on."""

    RUNNING = "loopt"
    PAUSED = "gepauzeerd"  # by a person
    HELD = "gestopt"  # by the hub itself: too much failed
    WINDOW = "onderhoud"  # a maintenance window


class FlowChange(Told):
    """Pause or resume."""

    flow: Literal[Flow.RUNNING, Flow.PAUSED]
    reason: Reason
    until: Instant | None = None
    """When a pause ends by itself."""


class ConnectionSummary(Wire):
    """One connection, as the overview shows it. Counts are of this moment."""

    name: str
    description: str
    direction: Literal["inbound", "outbound"]
    adapter: str
    flow: Flow
    flow_reason: str
    flow_by: str
    flow_until: datetime | None
    breaker: Literal["dicht", "open", "proef"]
    """Of its target: `dicht` lets requests through."""
    per_minute: float
    """Messages that went on, on average over the last five minutes."""
    failed_per_minute: float
    lag: int
    """Records on the bus that it has not finished."""
    oldest_waiting_at: datetime | None
    drained_in_s: int | None
    """Expected time until the lag is gone; null when nothing moves."""
    failures_open: int
    failures_retrying: int
    parked: int
    """Messages that wait in the queues of zaken."""
    zaken_waiting: int
    certificate_ends_at: datetime | None
    workers: int
    revision: str


class Overview(Wire):
    """All connections that somebody sees, as an event of `GET /events`."""

    connections: list[ConnectionSummary]


class SheetRow(Wire):
    """One question that a tender or an architect asks of a connection, and its answer out of the configuration."""

    topic: str
    question: str
    answer: str
    source: str
    """Where it stands: a file and line, or a page of the documentation."""


class ConnectionSheet(Wire):
    """All that is known of one connection."""

    summary: ConnectionSummary
    rows: list[SheetRow]
    messages: list[str]
    """Kinds of messages that it has a mapping for."""


class Node(Wire):
    """One system, connection or domain of events in the map."""

    id: str
    label: str
    kind: Literal["systeem", "koppeling", "domein"]
    connection: str | None = None
    failures_open: int = 0


class Edge(Wire):
    """Data goes from one node to another; `messages` says which."""

    from_node: str
    to_node: str
    messages: list[str]
    question: bool = False
    """A question and its answer, instead of a message."""


class FlowMap(Wire):
    """Where data of the municipality goes."""

    nodes: list[Node]
    edges: list[Edge]


# Failures


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
    """What people know of a group."""

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
    edits: list[EditView]


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
    raw: Pane
    event: Pane
    request: Pane
    to_event: Trace | None
    to_request: Trace | None


# Edits


class EditPart(StrEnum):
    """Which shape is corrected: the rest follows from it."""

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


class EditRequest(Told):
    """Propose a corrected content. With `changes` only these fields are other; with `text` it is that, as a whole."""

    failure: Id
    part: EditPart
    text: Annotated[str, Field(max_length=2_000_000)] | None = None
    changes: dict[Annotated[str, Field(max_length=300)], Any] | None = None
    reason: Reason


class DiffLine(Wire):
    """One field that differs. Values are shown to who may see the content."""

    path: str
    before: Any = None
    after: Any = None
    kind: Literal["anders", "nieuw", "weg"]


class EditView(Wire):
    """A proposed correction, and what would come of it."""

    id: str
    failure: str
    part: EditPart
    state: EditState
    made_by: str
    made_at: datetime
    reason: str
    approved_by: str
    needs_approval: bool
    """A second person must look at it before it can be applied."""
    diff: list[DiffLine]
    problems: list[str]
    """Why it does not fit the schema; empty when it does."""
    outcome: str
    """What the mapping makes of it, in one sentence: that it passes, or why not."""


class Suggestion(Wire):
    """A file that would make the edit unnecessary: a rule of the mapping, or a test case."""

    files: dict[str, str]
    """Path below the folder of mappings → text."""
    explanation: str


# Plans


class PlanState(StrEnum):
    """Where a replay plan stands."""

    FROZEN = "bevroren"
    RUNNING = "loopt"
    PAUSED = "gepauzeerd"
    CANCELLED = "geannuleerd"
    DONE = "klaar"


class PlanMode(StrEnum):
    """From which shape messages are replayed."""

    RAW = "bericht"  # read and mapped again, by the mappings of now
    EVENT = "gebeurtenis"  # the event as it is, by the mapping of now
    REQUEST = "verzoek"  # the same request, byte for byte


class Superseded(StrEnum):
    """What is done with a message when a newer one of its zaak was delivered already."""

    SKIP = "overslaan"
    REPLAY = "herhalen"
    REAPPLY = "opnieuw-toepassen"  # replay, and the later ones after it


class PlanItemState(StrEnum):
    """Where one message of a plan stands."""

    WAITING = "wacht"
    RELEASED = "onderweg"
    DELIVERED = "afgeleverd"
    FAILED = "mislukt"
    SKIPPED = "overgeslagen"
    GONE = "inhoud-weg"
    NOT_DONE = "niet-gedaan"  # the plan was cancelled before it


class Selection(Told):
    """Which messages. All given criteria must hold; one at least must be given."""

    failures: Annotated[list[Id], Field(max_length=10_000)] = []
    groups: Annotated[list[Id], Field(max_length=1_000)] = []
    stage: Name | None = None
    zaak: Name | None = None
    kind: Name | None = None
    code: Name | None = None
    state: Literal["mislukt", "afgeleverd", "vervallen"] = "mislukt"
    since: Instant | None = None
    until: Instant | None = None
    text: Annotated[str, Field(max_length=200)] | None = None
    """Part of the reason of the failure."""


class PlanRequest(Told):
    """Freeze a plan. Nothing is sent before it is started."""

    selection: Selection
    mode: PlanMode = PlanMode.EVENT
    superseded: Superseded = Superseded.SKIP
    ramp: Annotated[list[Annotated[int, Field(ge=1)]], Field(max_length=10)] = [1, 10, 100]
    """Messages per step; after the last step come all."""
    per_minute: Annotated[int, Field(ge=1, le=60_000)] = 600
    stop_at: Annotated[float, Field(ge=0.0, le=1.0)] = 0.05
    """Ratio of failures in a step at which the plan pauses itself."""
    redirect: Name | None = None
    """Another outbound connection that gets them instead."""
    everything: bool = False
    """Who asks knows that it is all that failed, or a great part of it."""
    reason: Reason


class PlanView(Wire):
    """A plan, what it would do, and how far it is."""

    id: str
    state: PlanState
    state_reason: str
    """Why it is paused or cancelled: a person's reason, or that too much failed."""
    made_by: str
    made_at: datetime
    reason: str
    approved_by: str
    needs_approval: bool
    mode: PlanMode
    superseded: Superseded
    redirect: str | None
    ramp: list[int]
    step: int
    """The step it is in, from 0; `len(ramp)` is the last: all."""
    per_minute: int
    stop_at: float
    count: int
    zaken: int
    targets: dict[str, int]
    kinds: dict[str, int]
    oldest_at: datetime | None
    newest_at: datetime | None
    superseded_count: int
    gone_count: int
    """Messages whose content is not there any more: they are not replayed."""
    taken_along: int
    """Messages that were not selected but wait in front of one that was: order holds."""
    minutes_expected: float
    states: dict[PlanItemState, int]
    again_of: str | None
    """The plan whose failed messages this one has."""
    changed_at: datetime


class PlanItemView(Wire):
    """One message of a plan, and what came of it."""

    number: int
    stage: str
    zaak: str
    message: str
    kind: str
    failure: str
    state: PlanItemState
    superseded: bool
    taken_along: bool
    note: str
    released_at: datetime | None
    ended_at: datetime | None


class PlanCommand(Told):
    """Start, pause, resume, cancel or approve a plan, or make a new one of what failed in it."""

    command: Literal["start", "pause", "resume", "cancel", "approve", "again"]
    reason: Reason


# Search and timeline


class SearchRequest(Told):
    """Criteria, all of which must hold; one at least. A BSN is compared as a keyed hash and stored nowhere."""

    zaak: Annotated[str, Field(max_length=100)] | None = None
    document: Annotated[str, Field(max_length=100)] | None = None
    reference: Annotated[str, Field(max_length=100)] | None = None
    sender: Annotated[str, Field(max_length=100)] | None = None
    connection: Annotated[str, Field(max_length=60)] | None = None
    kind: Annotated[str, Field(max_length=100)] | None = None
    state: Literal["geaccepteerd", "afgeleverd", "mislukt", "vervallen", "geweigerd", "dubbel"] | None = None
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


# Playground


class PlaygroundRequest(Told):
    """Run a message through the mappings of a connection, possibly with changed files. Nothing is sent or kept."""

    connection: Name
    message: Annotated[str, Field(max_length=2_000_000)]
    files: Annotated[dict[str, Annotated[str, Field(max_length=500_000)]], Field(max_length=50)] = {}
    """Path below the folder of mappings → text, of files that differ from what lies there."""


class Problem(Wire):
    """A mistake in a mapping, or in what it was given."""

    file: str
    line: int
    column: int
    code: str
    message: str
    advice: str
    severity: Literal["fout", "waarschuwing"]


class PlaygroundResult(Wire):
    """What came of it."""

    kind: str
    gives: str
    result: Any = None
    text: str | None = None
    """A result that is no JSON: a StUF message."""
    trace: Trace | None
    problems: list[Problem]


class MappingFiles(Wire):
    """The files of a connection's mappings, and of its cases."""

    connection: str
    files: dict[str, str]
    kinds: list[str]
    cases: dict[str, str]
    """Name of a case → its message."""


class CaseRequest(Told):
    """Save a message with its result as a test case."""

    connection: Name
    story: Annotated[str, Field(pattern=r"^[a-z][a-z0-9-]{2,60}$")]
    message: Annotated[str, Field(max_length=2_000_000)]
    files: Annotated[dict[str, Annotated[str, Field(max_length=500_000)]], Field(max_length=50)] = {}


# Audit and alerts


class AuditLine(Wire):
    """One act of a person, chained to the one before it."""

    number: int
    at: datetime
    by: str
    act: str
    on: str
    reason: str
    detail: dict[str, Any]
    hash: str


class AuditVerification(Wire):
    """Whether the chain is whole."""

    whole: bool
    lines: int
    last_hash: str
    broken_at: int | None


class AlertView(Wire):
    """Something that somebody was, or is to be, told."""

    id: str
    kind: Literal["faalt", "stil", "achterstand", "certificaat"]
    connection: str
    opened_at: datetime
    closed_at: datetime | None
    detail: str
    told: list[str]
    """To whom, without addresses: `mail`, `webhook`."""


FailureDetail.model_rebuild()
