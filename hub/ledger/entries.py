"""What the ledger holds, as values. Times are aware UTC datetimes; durations milliseconds."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from datetime import datetime
from enum import StrEnum
from typing import Any, NamedTuple, Self

from hub.security.masking import mask, mask_within


class Place(NamedTuple):
    """Where on the bus a record lies."""

    topic: str
    partition: int
    offset: int


class MessageKey(NamedTuple):
    """The key that StUF 03.01 §4.3 calls unique for ever: who sent it and their number for it."""

    connection: str
    sender: str
    reference: str


class Seen(NamedTuple):
    """What is known of a message key."""

    message_id: str
    content_hash: str
    accepted_at: datetime


class Arrival(NamedTuple):
    """A message that is about to become an event.

    `content_hash` is of the bytes without stuurgegevens (StUF016: same key, other content). `effect_hash` is of
    connection, sender and mapped data: what a resend under a new reference has in common. `effect_key` is what it is
    an effect on (`hub.flow.dedupe.effect_key`). `remarks` is what was wrong with it although it was taken, `unread`
    which of its fields no rule read: paths, no values. `persons` are hashes of the BSNs in it (`hub.security.keys`).
    `asked_again`: it had nothing new to tell, and its source was asked again since. `sent_again`: a plan sends it once
    more, and what it says was fetched anew.
    """

    key: MessageKey
    message_id: str
    content_hash: str
    effect_key: str
    effect_hash: str
    event_id: str
    kind: str
    zaak: str
    place: Place
    accepted_at: datetime
    subject: str = ""
    event_type: str = ""
    revision: str = ""
    remarks: str = ""
    unread: str = ""
    persons: tuple[str, ...] = ()
    asked_again: bool = False
    sent_again: bool = False


class Verdict(StrEnum):
    """What the inbox says of an arrival."""

    NEW = "nieuw"
    AGAIN = "opnieuw"  # our own redelivery of the same place: publish again, the event id is the same
    DUPLICATE = "dubbel"  # a resend of something that has its event already
    CONFLICT = "conflict"  # same sender and reference, other content: StUF016


class DeliveryState(StrEnum):
    """How a delivery ended."""

    DELIVERED = "afgeleverd"
    DROPPED = "vervallen"
    UNDISTRIBUTED = "niet-verstrekt"  # not for this receiver: what it follows, and may see, says so


class Delivery(NamedTuple):
    """The end of one event at one target. `receipts` is JSON: step key → [url, note]; `revision` is of the mapping."""

    stage: str
    event_id: str
    kind: str
    zaak: str
    state: DeliveryState
    place: Place
    attempts: int
    started_at: datetime
    ended_at: datetime
    receipts: str
    revision: str = ""


class Confirmation(NamedTuple):
    """What a target said later of an event that it had acknowledged: that it has the whole effect.

    `said` names the message in which it said so (`Bv01`).
    """

    stage: str
    event_id: str
    zaak: str
    said: str
    at: datetime


class Begun(NamedTuple):
    """Answer to `begin`: the fences as they stood before, which events had ended already, and the heads of lanes."""

    fences: dict[tuple[str, int], int]
    ended: frozenset[str]
    parked: dict[str, Place]


class Asked(NamedTuple):
    """A message of an inbound connection, and the stage that it must have reached."""

    message_id: str
    connection: str
    stage: str


class Withdrawal(NamedTuple):
    """A message whose sender was told that it is not done: the same may come again and is new then.

    `effect_key` is empty when it became no event.
    """

    message_id: str
    effect_key: str
    event_id: str


class WaitState(StrEnum):
    """What a parked item waits for."""

    RETRY = "wacht-op-poging"
    PERSON = "wacht-op-mens"
    BEHIND = "wacht-op-voorganger"
    HELD = "wacht-op-herhaalplan"  # a replay plan has it: it is let go when the plan comes to it


class ParkedItem(NamedTuple):
    """One record that waits in the queue of its lane. `seq` orders a lane; 0 when not stored yet.

    `place` is where the record lay on the bus; `value` and `headers` are the record itself (possibly edited), so that
    nothing depends on the bus's retention. `receipts` as in Delivery: steps known to be done.
    """

    stage: str
    lane: str
    item_id: str
    kind: str
    place: Place
    value: bytes
    headers: bytes
    state: WaitState
    attempts: int
    next_at: datetime
    receipts: str = "{}"
    failure_id: str = ""
    seq: int = 0

    @property
    def waits_quietly(self) -> bool:
        """Say whether nothing is wrong with it: its source showed nothing new, and is asked again at `next_at`."""
        return self.state is WaitState.RETRY and not self.failure_id and self.receipts != "{}"


class Fate(NamedTuple):
    """What became of a message by now.

    `event_id` is empty while it is not translated. `ended` is how its delivery ended. `waits` is why it waits where it
    is parked, and `failure_id` the failure of that.
    """

    event_id: str
    ended: DeliveryState | None
    waits: WaitState | None
    failure_id: str


class FailureState(StrEnum):
    """Where a failure stands."""

    RETRYING = "probeert-opnieuw"
    OPEN = "open"
    RESOLVED = "opgelost"


class Failure(NamedTuple):
    """One record per attempt chain of one item at one stage. Nothing personal in `reason`, `advice` or `where`.

    `target` names the system that it was for. `fingerprint` is the same for failures that look alike
    (`hub.flow.fingerprint`); `group` is the group that it is in, which the ledger says: what is given is not read.
    """

    id: str
    stage: str
    item_id: str
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
    edited_at: datetime | None = None
    target: str = ""
    fingerprint: str = ""
    group: str = ""

    @property
    def version(self) -> str:
        """What must still be so when somebody acts on it: another attempt or act gives another version."""
        seen = (self.id, self.state.value, self.attempts, self.last_at, self.next_at, self.edited_at)
        return hashlib.sha256(repr(seen).encode()).hexdigest()[:16]


class Trace(NamedTuple):
    """How a mapping came to what it gave in the attempt that failed at `at`; `content` is JSON of flow/explain.

    It holds values of the message, so personal data.
    """

    failure_id: str
    at: datetime
    revision: str
    content: bytes


class TimelineEntry(NamedTuple):
    """One line in the life of a zaak. `rank` orders what has the same time.

    `place` is where the record lies on the bus, `revision` that of the mapping, `by` who did it: where it has one.
    """

    at: datetime
    what: str
    stage: str
    item_id: str
    detail: str
    place: Place | None = None
    revision: str = ""
    by: str = ""
    rank: int = 0


class Known(StrEnum):
    """How the ledger came to know an id."""

    MESSAGE = "message"
    EVENT = "event"
    PARKED = "parked"
    FAILURE = "failure"
    REFUSAL = "refusal"


class Whereabouts(NamedTuple):
    """One thing that an id, or its beginning, names: the item at a stage, and where its record lies on the bus.

    `id` is the whole id that was asked for. A failure names the item it is about. Failures and refusals have no place.
    """

    known: Known
    id: str
    stage: str
    item_id: str
    kind: str
    place: Place | None


class RevisionState(StrEnum):
    """Where a revision of a connection's mappings stands."""

    FOLDER = "uit-map"  # workers run it because it is what lies in the folder: nothing was activated yet
    PREPARED = "voorbereid"
    ACTIVE = "actief"
    SUPERSEDED = "vervangen"
    REFUSED = "afgewezen"


class Revision(NamedTuple):
    """The mappings of a connection at one time. `number` counts per connection; 0 when not stored yet.

    `revision` is the hash of what they are made of; two numbers may have the same. `restores` is the number that a
    rollback brought back, else 0. `note` says why it was refused.
    """

    connection: str
    number: int
    revision: str
    state: RevisionState
    restores: int
    made_at: datetime
    made_by: str
    reason: str
    changed_at: datetime
    note: str = ""


class Answer(StrEnum):
    """What a worker says of a prepared revision."""

    READY = "klaar"
    REFUSED = "geweigerd"


class Acknowledgement(NamedTuple):
    """One worker's answer to one prepared revision."""

    connection: str
    number: int
    worker: str
    answer: Answer
    reason: str
    at: datetime


class Worker(NamedTuple):
    """A worker that lives, at one connection: the number that it runs, and its answer to the revision asked about."""

    worker: str
    connection: str
    running: int
    seen_at: datetime
    answer: Answer | None
    reason: str


class Report(NamedTuple):
    """What a sender is to be told of a message that it was acknowledged for: done, or refused and why.

    The rest is of a message that ended before the inbox knew it, and so must be said here.
    """

    connection: str
    message_id: str
    done: bool
    code: str
    reason: str
    at: datetime
    sender: str = ""
    reference: str = ""
    kind: str = ""
    zaak: str = ""


class DueReport(NamedTuple):
    """A report that is to be told now: of whose message, under which number of theirs, after how many attempts."""

    report: Report
    sender: str
    reference: str
    kind: str
    zaak: str
    attempts: int


class Likeness(StrEnum):
    """How the answer of an old system and ours compare."""

    SAME = "gelijk"
    DIFFERS = "anders"
    ONLY_OLD = "alleen-oud"  # the old system did it, the hub would not
    ONLY_HUB = "alleen-hub"  # the hub would have done it, the old system did not
    BOTH_REFUSE = "beide-niet"


class Comparison(NamedTuple):
    """One message in an old system and here. `differences` is JSON: path of a field → how it differs, no values.

    `code` is that of our refusal, if it was one.
    """

    connection: str
    message_id: str
    kind: str
    zaaktype: str
    zaak: str
    likeness: Likeness
    code: str
    differences: str
    at: datetime


class Refusal(NamedTuple):
    """A message that was refused at the door: no content, only what is needed to talk to the sender."""

    connection: str
    message_id: str
    code: str
    reason: str
    path: str
    line: int
    size_bytes: int
    at: datetime


class _Act(NamedTuple):
    failure_id: str
    act: str
    by: str
    reason: str
    at: datetime
    on: str = ""
    detail: str = "{}"


class OperatorAct(_Act):
    """Something a person did; kept in the audit, and in the timeline when it was to a failure.

    `on` names what else it was done to (`plan:<id>`, `koppeling:<name>`, `bericht:<id>`); `failure_id` is empty then.
    `detail` is JSON. Nothing personal in any of them: a reason, and what was searched for, are typed by hand, so what
    looks like a BSN in them is hidden here, before any store sees it.
    """

    __slots__ = ()

    def __new__(  # noqa: PLR0917 - the fields of the tuple, in their order
        cls, failure_id: str, act: str, by: str, reason: str, at: datetime, on: str = "", detail: str = "{}"
    ) -> Self:
        """Take what was typed as it was typed."""
        return super().__new__(cls, failure_id, act, by, mask(reason.strip()), at, on, mask_within(detail))

    @classmethod
    def _make(cls, iterable: Iterable[Any]) -> Self:  # type: ignore[override] # mypy wants one for any tuple at all
        return cls(*iterable)  # `_replace` too: it is masked however it is made
