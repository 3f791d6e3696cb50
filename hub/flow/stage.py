"""The worker loop: one consumer group, records in, outcomes in the ledger, offsets committed.

Ours and not a framework's, because of what a commit means: everything before it is safe. A record is safe when it is
delivered, when it is parked in the ledger, or when the ledger says that it ended before. Order per zaak comes from
lanes; what is parked holds the later records of its zaak back, in the ledger, and nothing else.
"""

from __future__ import annotations

import asyncio
from collections import Counter, OrderedDict
from collections.abc import Awaitable, Callable, Sequence
from functools import partial
from typing import NamedTuple, Protocol, TypeVar

import orjson
import structlog

from hub.bus.contract import Bus, Consumer, Partition, Received, Record, StaleAssignment
from hub.clock import Clock
from hub.config import policy
from hub.config.policy import ConnectionPolicy
from hub.errors import Fault, HubUnavailable
from hub.flow.explain import pack
from hub.flow.group import Group
from hub.flow.order import Lanes, Offsets
from hub.flow.outcome import TOO_LATE, Delivered, Failing, Outcome, Parked, Reason, Refused, RetryAt
from hub.flow.park import Item, given_up, park, resolved, write_receipts
from hub.flow.report import Duties
from hub.ledger.contract import Ledger
from hub.ledger.entries import Delivery, DeliveryState, Failure, ParkedItem, Place, Report, Trace, Withdrawal
from hub.mapping.trace import Explanation
from hub.observe.metrics import Count, Duration, Metrics

log = structlog.get_logger()
T = TypeVar("T")


_BEHIND = Reason(
    "wacht-op-voorganger", "an earlier message of this zaak waits", "doelsysteem", "send it again later", ""
)
_TOO_LATE = Reason(TOO_LATE, "nobody waits for it any more", "zaakhub", "send it again", "")
"""Why a change whose sender waits for the outcome is not even tried."""


class Work(Protocol):
    """What a stage does with one record."""

    leaves_delivery: bool
    """Whether the end of every record is written down. Where doing it again is harmless, the commit is enough."""

    def item(self, record: Received, stage: str) -> Item | None:
        """Give the record as an item, or None when it is not for this stage."""
        ...

    async def handle(self, item: Item, *, resumed: bool) -> Outcome:
        """Do it; never raises for what concerns only this record."""
        ...

    def revision(self, kind: str) -> str:
        """Give the revision of the mapping that would be used."""
        ...

    def explain(self, item: Item) -> Explanation | None:
        """Tell how the mapping comes to each field of this record; None when no mapping is for it."""
        ...


class _Writing(NamedTuple):
    deliveries: tuple[Delivery, ...] = ()
    parked: tuple[ParkedItem, ...] = ()
    failures: tuple[Failure, ...] = ()
    released: tuple[ParkedItem, ...] = ()
    traces: tuple[Trace, ...] = ()
    withdrawn: tuple[Withdrawal, ...] = ()
    reports: tuple[Report, ...] = ()


class Stage:
    """Runs one piece of work over the records of its topics, as a member of a group of its own name."""

    def __init__(
        self,
        *,
        name: str,
        group: str,
        topics: Sequence[str],
        failures_topic: str,
        work: Work,
        bus: Bus,
        ledger: Ledger,
        clock: Clock,
        metrics: Metrics,
        limits: ConnectionPolicy,
        duties: Duties,
    ) -> None:
        """Take `name`, the connection: it names the stage in the ledger."""
        self._duties = duties
        self.name = name
        self._group = group
        self._topics = topics
        self._failures_topic = failures_topic
        self._work = work
        self._bus = bus
        self._ledger = ledger
        self._clock = clock
        self._metrics = metrics
        self._limits = limits
        self._lanes = Lanes(in_flight_max=policy.LANES_IN_FLIGHT_MAX)
        self._offsets = Offsets()
        self._mine: set[Partition] = set()
        self._terms: Counter[Partition] = Counter()
        self._parked: dict[str, Place] = {}
        self._heads_at_work: set[str] = set()
        self._ended: OrderedDict[str, None] = OrderedDict()
        self._write = Group[_Writing, None](self._write_all, size_max=policy.SCRIBE_GROUP_MAX)
        self._consumer: Consumer | None = None
        self._held = False
        self._wake = asyncio.Event()
        self._stopping = asyncio.Event()

    async def run(self) -> None:
        """Work until `stop`; then finish what is in hand, commit, and leave the group."""
        self._consumer = await self._bus.consumer(self._group, self._topics, self)
        retries = asyncio.create_task(self._retry_due())
        try:
            while not self._stopping.is_set():
                if retries.done():
                    await retries
                await self._round(self._consumer)
        finally:
            retries.cancel()
            await asyncio.gather(retries, return_exceptions=True)
            try:
                await self._drain()
                await self._commit()
            finally:
                await self._consumer.close()

    def stop(self) -> None:
        """Ask `run` to end."""
        self._stopping.set()
        self._wake.set()

    def wake(self) -> None:
        """Look at once for parked records that are due: an operator replayed something."""
        self._wake.set()

    @property
    def partitions(self) -> int:
        """Count the partitions that are ours at this moment."""
        return len(self._mine)

    @property
    def leads(self) -> bool:
        """Say whether what must be done once is for this worker: of all members it has the first partition."""
        return any(number == 0 for _, number in self._mine)

    @property
    def backlog(self) -> int:
        """Count the jobs that this process has in hand."""
        return self._lanes.backlog

    async def lag(self) -> int:
        """Count the records of our partitions that are not finished; what is finished may wait for its commit."""
        return await self._consumer.lag() - self._offsets.finished() if self._consumer else 0

    async def assigned(self, partitions: Sequence[Partition]) -> None:
        """Know what is parked before the first record comes (hub.bus.contract.Assignment)."""
        # As a whole: what another member released since we last looked is not parked any more.
        self._parked = await self._insist(partial(self._ledger.parked_lanes, self.name))
        self._mine |= set(partitions)
        log.info("partitions_assigned", stage=self.name, partitions=len(self._mine))

    async def revoked(self, partitions: Sequence[Partition]) -> None:
        """Finish or drop what is in hand, commit what is done (hub.bus.contract.Assignment)."""
        await self._drain()
        await self._commit()
        self._mine -= set(partitions)
        self._terms.update(partitions)
        self._offsets.forget(partitions)

    # One round: take records, put them in their lanes, commit what is done.

    async def _round(self, consumer: Consumer) -> None:
        self._hold_back(consumer)
        try:
            records = await consumer.poll(records_max=policy.POLL_RECORDS_MAX, timeout_s=policy.POLL_WAIT_S)
        except HubUnavailable as error:
            log.warning("bus_unavailable", stage=self.name, code=error.code)
            await self._clock.sleep(policy.BUS_WAIT_S)
            return
        if records:
            await self._take(records)
        await self._commit()

    def _hold_back(self, consumer: Consumer) -> None:
        # Polling goes on while held, or the group would think that this worker is dead.
        if self._lanes.backlog > policy.LANE_BACKLOG_MAX:
            consumer.pause(list(self._mine))
            self._held = True
        elif self._held and self._lanes.backlog < policy.LANE_BACKLOG_MAX // 2:
            consumer.resume(list(self._mine))
            self._held = False

    async def _take(self, records: Sequence[Received]) -> None:
        terms = dict(self._terms)
        items = [self._item(record) for record in records]
        fetched: dict[tuple[str, int], int] = {}
        for record in records:
            fetched[record.partition.topic, record.partition.number] = record.offset
        begun = await self._insist(
            partial(self._ledger.begin, self.name, fetched, [item.item_id for item in items if item is not None])
        )
        for record, item in zip(records, items, strict=True):
            if self._terms[record.partition] != terms.get(record.partition, 0):
                continue  # revoked while the ledger was asked: whoever has it now takes the record
            self._offsets.take(record.partition, record.offset)
            if item is None or item.item_id in begun.ended:
                self._offsets.done(record.partition, record.offset)
                continue
            resumed = record.offset <= begun.fences.get((record.partition.topic, record.partition.number), -1)
            self._lanes.submit(item.lane, partial(self._one, item, record, resumed))

    def _item(self, record: Received) -> Item | None:
        try:
            return self._work.item(record, self.name)
        except (KeyError, UnicodeDecodeError):
            # Nobody's message of ours lacks its headers: another program wrote on our topic.
            log.warning("record_not_ours", stage=self.name, topic=record.partition.topic, offset=record.offset)
            return None

    async def _one(self, item: Item, record: Received, resumed: bool) -> None:  # noqa: FBT001 - bound by partial
        head = self._parked.get(item.lane)
        if item.item_id in self._ended:
            pass  # the same event was on the bus twice (a translation done again after a crash)
        elif head is None or _comes_before(item.place, head):
            await self._try(item, resumed=resumed)
        elif item.until is not None:
            await self._give_up(item, Refused(_BEHIND, {}, 0), self._work.revision(item.kind))
        elif head != item.place:
            await self._write(_Writing(parked=(item.behind(at=self._clock.now()),)))
        self._offsets.done(record.partition, record.offset)

    async def _commit(self) -> None:
        marks = self._offsets.to_commit()
        if not marks or self._consumer is None:
            return
        # Noted before it is done: in between, `lag` counts too much rather than too little.
        before = self._offsets.committed(marks)
        try:
            await self._consumer.commit(marks)
        except StaleAssignment:
            # Another member has them now; it will find what we did in the ledger.
            log.warning("commit_stale", stage=self.name)
        except HubUnavailable:
            log.warning("commit_failed", stage=self.name)
            self._offsets.committed(before)

    async def _drain(self) -> None:
        try:
            await asyncio.wait_for(self._lanes.drained(), policy.DRAIN_S)
        except TimeoutError:
            log.warning("drain_timed_out", stage=self.name, dropped=self._lanes.backlog)
            await self._lanes.cancel()
        self._heads_at_work.clear()

    # One try, and what the ledger must know of it.

    async def _try(self, item: Item, *, resumed: bool) -> bool:
        started = self._clock.now()
        if item.until is not None and item.until <= started and not self._may_be_event(resumed=resumed):
            await self._give_up(item, Refused(_TOO_LATE, {}, 0), self._work.revision(item.kind))
            return True
        # Known now: by the time that it has failed another revision of the mapping may run.
        revision = self._work.revision(item.kind)
        outcome = await self._handle(item, resumed=resumed)
        before = await self._failure_of(item)
        if not isinstance(outcome, Delivered) and item.until is not None:
            await self._give_up(item, outcome, revision)
            return True
        if not isinstance(outcome, Delivered):
            await self._park(item, outcome, before, revision)
            return False
        ended = self._clock.now()
        deliveries: tuple[Delivery, ...] = ()
        if self._work.leaves_delivery or item.parked is not None:
            deliveries = (
                Delivery(
                    stage=self.name,
                    event_id=item.item_id,
                    kind=item.kind,
                    zaak=item.lane,
                    state=DeliveryState.DELIVERED,
                    place=item.place,
                    attempts=item.attempts + outcome.attempts,
                    started_at=started,
                    ended_at=ended,
                    receipts=write_receipts(outcome.receipts),
                ),
            )
        writing = _Writing(
            deliveries=deliveries,
            failures=(resolved(before, now=ended),) if before is not None else (),
            released=(item.parked,) if item.parked is not None else (),
            reports=self._duties.of(item, outcome),
        )
        if any(writing):
            await self._write(writing)
        self._remember(item.item_id)
        self._metrics.took(Duration.STAGE, (ended - started).total_seconds(), self.name)
        if outcome.attempts > 1:
            self._metrics.count(Count.RETRIES, self.name, by=outcome.attempts - 1)
        if self._work.leaves_delivery:
            self._metrics.count(Count.DELIVERED, self.name)
        return True

    async def _handle(self, item: Item, *, resumed: bool) -> Outcome:
        if item.until is None:
            return await self._work.handle(item, resumed=resumed)
        # Its sender may have been told that it is not done although the target did it: the target is asked first.
        outcome = await self._work.handle(item, resumed=resumed or self._work.leaves_delivery)
        while self._may_be_event(resumed=True) and isinstance(outcome, RetryAt) and outcome.reason.fault == Fault.HUB:
            log.warning("hub_unavailable", stage=self.name, code=outcome.reason.code)
            await self._clock.sleep(policy.BUS_WAIT_S)
            outcome = await self._work.handle(item, resumed=True)
        return outcome

    def _may_be_event(self, *, resumed: bool) -> bool:
        """Say whether an earlier try may have made an event of it: then it ends where that event ends."""
        return resumed and not self._work.leaves_delivery

    def _remember(self, item_id: str) -> None:
        self._ended[item_id] = None
        if len(self._ended) > policy.ENDED_RECENT_MAX:
            self._ended.popitem(last=False)

    async def _park(self, item: Item, outcome: Failing, before: Failure | None, revision: str) -> None:
        parked, failure = park(
            item,
            outcome,
            now=self._clock.now(),
            first_at=before.first_at if before is not None else None,
            limits=self._limits,
            revision=revision,
        )
        traces = self._traces(item, outcome, failure)
        reports = self._duties.of(item, outcome)
        await self._write(_Writing(parked=(parked,), failures=(failure,), traces=traces, reports=reports))
        self._parked[item.lane] = item.place
        self._metrics.count(Count.PARKED, self.name, failure.code)
        log.warning(
            "parked",
            stage=self.name,
            item=item.item_id,
            kind=item.kind,
            failure=failure.id,
            code=failure.code,
            fault=failure.fault,
            reason=failure.reason,
            attempts=failure.attempts,
            next_at=failure.next_at.isoformat() if failure.next_at else None,
        )
        try:
            mirror = Record(self._failures_topic, item.lane.encode(), orjson.dumps(failure._asdict()))
            await self._bus.publish([mirror])
        except HubUnavailable:
            log.warning("failure_not_mirrored", stage=self.name, failure=failure.id)

    async def _give_up(self, item: Item, outcome: Failing, revision: str) -> None:
        """End a change whose sender waits for it: it is told, and the zaak goes on."""
        delivery, failure = given_up(item, outcome, now=self._clock.now(), revision=revision)
        await self._write(
            _Writing(
                deliveries=(delivery,),
                failures=(failure,),
                traces=self._traces(item, outcome, failure),
                withdrawn=(item.withdrawal,),
            )
        )
        self._remember(item.item_id)
        self._metrics.count(Count.GIVEN_UP, self.name, failure.code)
        log.info("given_up", stage=self.name, item=item.item_id, kind=item.kind, code=failure.code)

    def _traces(self, item: Item, outcome: Failing, failure: Failure) -> tuple[Trace, ...]:
        """Explain what the mapping made of a record that a person must look at."""
        if not isinstance(outcome, Refused | Parked):
            return ()  # the target did not judge what it was sent
        if failure.revision != self._work.revision(item.kind):
            return ()  # the mapping was replaced meanwhile: the new one can't say what the old one did
        try:
            explanation = self._work.explain(item)
            content = pack(explanation) if explanation is not None else None
        except Exception as error:  # noqa: BLE001 - parking goes on whatever happens here
            log.warning("trace_missing", stage=self.name, failure=failure.id, error=type(error).__name__)
            return ()
        return (Trace(failure.id, failure.last_at, failure.revision, content),) if content is not None else ()

    async def _failure_of(self, item: Item) -> Failure | None:
        if item.parked is None or not item.parked.failure_id:
            return None
        return await self._insist(partial(self._ledger.failure, item.parked.failure_id))

    async def _write_all(self, writings: Sequence[_Writing]) -> list[None]:
        await self._insist(
            partial(
                self._ledger.end,
                deliveries=[entry for writing in writings for entry in writing.deliveries],
                parked=[entry for writing in writings for entry in writing.parked],
                failures=[entry for writing in writings for entry in writing.failures],
                released=[entry for writing in writings for entry in writing.released],
                traces=[entry for writing in writings for entry in writing.traces],
                withdrawn=[entry for writing in writings for entry in writing.withdrawn],
                reports=[entry for writing in writings for entry in writing.reports],
            )
        )
        return [None] * len(writings)

    # Parked zaken: the head is tried again when it is due, the rest follows it.

    async def _retry_due(self) -> None:
        while not self._stopping.is_set():
            self._wake.clear()
            if self._mine:
                heads = await self._insist(
                    partial(self._ledger.due, self.name, list(self._mine), self._clock.now(), policy.DUE_GROUP_MAX)
                )
                for head in heads:
                    if head.lane not in self._heads_at_work:
                        self._heads_at_work.add(head.lane)
                        self._parked.setdefault(head.lane, head.place)
                        self._lanes.submit(head.lane, partial(self._follow, head))
            await self._next_scan()

    async def _next_scan(self) -> None:
        scan = asyncio.create_task(self._clock.sleep(policy.DUE_SCAN_S))
        woken = asyncio.create_task(self._wake.wait())
        try:
            await asyncio.wait({scan, woken}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            scan.cancel()
            woken.cancel()

    async def _follow(self, head: ParkedItem) -> None:
        """Try the head of a parked zaak and, as long as it goes, what waits behind it; then open the zaak again."""
        try:
            queue = [head]
            while queue:
                for parked in queue:
                    if not await self._try(Item.from_parked(parked), resumed=True):
                        return
                queue = await self._insist(partial(self._ledger.queue, self.name, head.lane))
                if queue:
                    self._parked[head.lane] = queue[0].place
            self._parked.pop(head.lane, None)
            log.info("zaak_resumed", stage=self.name)
        finally:
            self._heads_at_work.discard(head.lane)

    async def _insist(self, call: Callable[[], Awaitable[T]]) -> T:
        """Ask the ledger until it answers: without it nothing may go on."""
        while True:
            try:
                return await call()
            except HubUnavailable as error:
                log.warning("ledger_unavailable", stage=self.name, code=error.code)
                await self._clock.sleep(policy.LEDGER_WAIT_S)


def _comes_before(place: Place, head: Place) -> bool:
    return place.topic == head.topic and place.partition == head.partition and place.offset < head.offset
