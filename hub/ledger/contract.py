"""The ledger: what the hub remembers beside the bus. Two backends (`sqlite`, `postgres`) pass one suite.

Every method is one transaction; lists go in one transaction so that the caller can group. What is returned from a
method is on disk. Raises HubUnavailable when the database is down. It knows nothing of mappings or adapters.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import datetime
from types import MappingProxyType
from typing import Protocol

from hub.ledger.alerts import Alerting
from hub.ledger.allowances import Allowing
from hub.ledger.audit import Auditing
from hub.ledger.cursors import Tracking
from hub.ledger.edits import Editing, Made
from hub.ledger.entries import (
    Acknowledgement,
    Arrival,
    Asked,
    Begun,
    Comparison,
    Confirmation,
    Delivery,
    DueReport,
    Failure,
    FailureState,
    Fate,
    Likeness,
    MessageKey,
    OperatorAct,
    ParkedItem,
    Place,
    Refusal,
    Report,
    Revision,
    Seen,
    Trace,
    Verdict,
    Withdrawal,
    Worker,
)
from hub.ledger.finding import Finding
from hub.ledger.groups import Grouping
from hub.ledger.indicaties import Indicating
from hub.ledger.loads import Loading
from hub.ledger.plan_turns import Turning
from hub.ledger.plans import Planning
from hub.ledger.shadow import Shadowing
from hub.ledger.valves import Valving
from hub.ledger.visits import Visiting
from hub.ledger.vitals import Vitality


class Ledger(
    Alerting,
    Allowing,
    Auditing,
    Editing,
    Finding,
    Grouping,
    Indicating,
    Loading,
    Planning,
    Shadowing,
    Tracking,
    Turning,
    Valving,
    Visiting,
    Vitality,
    Protocol,
):
    """See the module."""

    async def start(self) -> None:
        """Connect and migrate to the newest schema (safe when several processes start at once)."""
        ...

    async def stop(self) -> None:
        """Disconnect."""
        ...

    async def healthy(self) -> bool:
        """Say whether the database answers."""
        ...

    async def seen(self, keys: Sequence[MessageKey]) -> dict[MessageKey, Seen]:
        """Look message keys up: used at the door to recognise a resend before it takes a place on the bus."""
        ...

    async def refused(self, refusals: Sequence[Refusal]) -> None:
        """Remember refusals."""
        ...

    async def admit(self, arrivals: Sequence[Arrival]) -> list[Verdict]:
        """Judge arrivals in order, also against each other, and remember the new ones.

        Per arrival, first rule that applies:
        1. key known with the same place → AGAIN when it was NEW then, DUPLICATE when it was that then;
        2. key known with other content_hash → CONFLICT;
        3. key known → DUPLICATE (then nothing is changed);
        4. latest effect of `effect_key` has the same effect_hash and another place → DUPLICATE (remember the key, so
           that a further resend is found by rule 3; the effect stays);
        5. else NEW: remember key and make this the latest effect of `effect_key`.
        One that is `asked_again` and was DUPLICATE is judged by 4 and 5 once more. One that is `sent_again` is NEW, and
        makes its effect the latest; so does one that is AGAIN where the latest is its own and says something else.
        An arrival without reference (empty string) skips rules 1-3 except that rule 1 goes by the place alone.
        """
        ...

    async def fates(self, asked: Collection[Asked]) -> dict[str, Fate]:
        """Tell what became of messages, by their ids: of every one that is asked about."""
        ...

    async def reserve(
        self, key: MessageKey, soort: str, *, counter: str, begin: int, written: Callable[[int], str]
    ) -> str:
        """Give the next number of `counter`, as `written` makes it; the first is `begin`.

        Nobody else gets it, whatever is killed when. Who asks again under the same key for the same `soort` gets the
        same; without a reference there is nothing to recognise the asker by, and the number is a new one.
        """
        ...

    async def reserved(self, key: MessageKey, soort: str) -> str | None:
        """Give the number that was given out under this key."""
        ...

    async def keep_reservation(self, key: MessageKey, soort: str, number: str) -> None:
        """Remember a number that a target gave out under this key."""
        ...

    async def begin(
        self,
        stage: str,
        fetched: Mapping[tuple[str, int], int],
        event_ids: Sequence[str],
        lanes: Collection[str] = (),
    ) -> Begun:
        """Raise the fences of `stage` to `fetched` ((topic, partition) → highest offset handed out), never lower them.

        Answers the fences as they were (missing: none), which of `event_ids` have a Delivery, and which of `lanes` have
        a queue at this moment, with the place of its head.
        A record below the old fence may have been tried by a process that died: it is resumed, not begun.
        """
        ...

    async def end(
        self,
        deliveries: Sequence[Delivery] = (),
        parked: Sequence[ParkedItem] = (),
        failures: Sequence[Failure] = (),
        released: Sequence[ParkedItem] = (),
        acts: Sequence[OperatorAct] = (),
        *,
        retried: Sequence[ParkedItem] = (),
        traces: Sequence[Trace] = (),
        made: Sequence[Made] = (),
        withdrawn: Sequence[Withdrawal] = (),
        reports: Sequence[Report] = (),
        expected: Mapping[str, str] = MappingProxyType({}),
    ) -> None:
        """Write outcomes, all in one transaction and idempotently.

        `deliveries` are inserted (a second insert of the same stage and event changes nothing).
        `parked` items are inserted at the end of their lane, or, when (stage, item_id) is parked already, replaced in
        place (same seq; a fresh value, headers, state, attempts, next_at, receipts, failure_id) — but an item that
        comes as BEHIND never replaces one that is parked already (it is our own redelivery of the same record), and
        value and headers that an operator edited meanwhile stay. An item that comes as BEHIND into an empty lane is
        its head (another worker has just released the one before): it becomes RETRY. What comes behind a head that
        waits quietly (`ParkedItem.waits_quietly`) makes that due at once; one that is `retried` and waits quietly goes
        to the end of its lane, and the next of it becomes RETRY and is due.
        `failures` are inserted or replaced by id (first_at and edited_at of the first stay). Each stands in the group
        of its fingerprint, or that into which it was merged; what was split off stays there while it looks the same.
        `retried` items were tried out of their queue and wait there again: state, attempts, next_at, receipts and
        failure_id are replaced. One that has left the queue meanwhile stays out of it, and its failure is not written.
        `released` items leave their lane; the next item of each such lane, if it waits BEHIND, becomes RETRY with
        next_at = the released item's next_at. Edits of them that were still proposed are overtaken, and so are those
        that were applied to another content than that of the released item: that is what was tried.
        `acts` are remembered: an operator brought this about.
        `traces` are inserted or replaced by failure: the last explained attempt is the one that is kept; so are `made`.
        `withdrawn` messages lose their key and their effect: what comes again is judged as if they had never come.
        `reports` are kept until their sender is told; the same outcome of a message is told once.
        Raises ActRefused, and writes nothing, when a failure (by id) has not the version that is `expected`, or what
        is released with it waits in another state than it says.
        """
        ...

    async def due_reports(self, connection: str, now: datetime, limit: int) -> list[DueReport]:
        """Give what the senders of a connection are to be told by now, oldest first."""
        ...

    async def report_later(self, report: Report, next_at: datetime) -> None:
        """Tell it later: the sender could not be reached."""
        ...

    async def report_ended(self, report: Report) -> None:
        """Remember that it was told, or that it never will be."""
        ...

    async def compared(self, comparison: Comparison) -> None:
        """Keep a comparison; the first of a message stands."""
        ...

    async def comparisons(self, connection: str, limit: int) -> list[Comparison]:
        """Give the comparisons of a connection in which the two are not alike, newest first."""
        ...

    async def likenesses(self, connection: str) -> list[tuple[str, str, Likeness, int]]:
        """Count all comparisons of a connection: kind, zaaktype, how they compare, how many."""
        ...

    async def delivered(self, event_id: str) -> list[Delivery]:
        """Give how an event ended, at each stage where it did."""
        ...

    async def known_at(self, stage: str, zaken: Collection[str], *, until: str) -> frozenset[str]:
        """Give of which zaken a stage delivered something, and ended nothing since with a receipt of this name."""
        ...

    async def confirm(self, confirmation: Confirmation) -> None:
        """Remember what a target said later; saying it again changes nothing."""
        ...

    async def parked_lanes(self, stage: str) -> dict[str, Place]:
        """Give every lane of a stage that has a queue, with the place of its head."""
        ...

    async def heads(self, stage: str, lanes: Collection[str]) -> dict[str, Place]:
        """Give which of these lanes have a queue, with the place of its head."""
        ...

    async def firsts(self, stage: str, lanes: Collection[str]) -> dict[str, ParkedItem]:
        """Give the first item of each of these lanes, as it is now; a lane of which nothing waits is left out."""
        ...

    async def due(
        self, stage: str, partitions: Sequence[tuple[str, int]], now: datetime, limit: int
    ) -> list[ParkedItem]:
        """Give lane heads in state RETRY with next_at <= now, oldest first, of these partitions only."""
        ...

    async def queue(self, stage: str, lane: str) -> list[ParkedItem]:
        """Give the whole queue of a lane, in order."""
        ...

    async def failures(
        self, *, stage: str | None = None, state: FailureState | None = None, limit: int = 100
    ) -> list[Failure]:
        """List failures, newest last_at first."""
        ...

    async def failure(self, failure_id: str) -> Failure | None:
        """Give one failure; an unambiguous beginning of the id of at least 4 characters will do."""
        ...

    async def trace(self, failure_id: str) -> Trace | None:
        """Give the trace of a failure, by its whole id; None when no attempt was explained."""
        ...

    async def parked(self, stage: str, item_id: str) -> ParkedItem | None:
        """Give one parked item."""
        ...

    async def replay(self, item: ParkedItem, act: OperatorAct, *, expected: str | None = None) -> None:
        """Let a lane head be tried at once: state RETRY, next_at = act.at, its failure RETRYING; remember who and why.

        Raises ActRefused for an item that is not the head (the advice names the head) or is not parked (any more), and
        when its failure has not the expected version.
        """
        ...

    async def counts(self) -> dict[str, int]:
        """Count for metrics: failures_open, failures_retrying, parked_items, parked_lanes, refusals."""
        ...

    # Revisions of mappings: what each connection runs, and how the workers come from one to the next.

    async def found_in_folder(self, revision: Revision, files: bytes) -> int:
        """Remember what a worker runs because it lies in its folder; give its number.

        The same revision twice in a row is stored once; another supersedes the one before. It is never the active one:
        when there is one by now, it is stored as superseded, so that it can be rolled back to.
        """
        ...

    async def prepare(self, revision: Revision, files: bytes, *, over: int, stale_before: datetime) -> int:
        """Store a revision as prepared; give its number. The workers are to say whether they can run it.

        `over` is the number of the revision that the caller compared it with: the active one, or 0 when none was.
        Raises ActRefused when that is not so any more, or when another revision is prepared already, unless that one
        was made before `stale_before`: then whoever prepared it is gone, and it is refused.
        """
        ...

    async def activate(self, connection: str, number: int, *, live_since: datetime) -> bool:
        """Make a prepared revision the active one, if every worker seen since `live_since` is ready for it.

        Gives whether it is active now. Raises ActRefused when it is not prepared (any more).
        """
        ...

    async def withdraw(self, connection: str, number: int, reason: str) -> None:
        """Refuse a revision that is prepared; nothing happens when it is not."""
        ...

    async def revisions(self, connection: str, limit: int = 100) -> list[Revision]:
        """List the revisions of a connection, newest first."""
        ...

    async def current_revisions(self) -> list[Revision]:
        """Give the prepared and the active revision of every connection."""
        ...

    async def revision_files(self, connection: str, number: int) -> bytes | None:
        """Give what a revision is compiled from."""
        ...

    async def beat(self, worker: str, running: Mapping[str, int]) -> None:
        """Say that a worker lives, and per connection the number of the revision that it runs."""
        ...

    async def acknowledge(self, acknowledgement: Acknowledgement) -> None:
        """Say what a worker makes of a prepared revision; its last word counts."""
        ...

    async def leave(self, worker: str) -> None:
        """Say that a worker stops."""
        ...

    async def workers(self, connection: str, *, number: int, since: datetime) -> list[Worker]:
        """Give the workers of a connection seen since then, with their answer to revision `number`."""
        ...
