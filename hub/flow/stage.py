"""The worker loop: one consumer group, records in, outcomes in the ledger, offsets committed.

Ours and not a framework's, because of what a commit means: everything before it is safe. A record is safe when it is
delivered, when it is parked in the ledger, or when the ledger says that it ended before. Order per zaak comes from
lanes; what is parked holds the later records of its zaak back, in the ledger, and nothing else. While the stage is shut
(`hub.flow.valve`) records are taken up as far as they fit in memory, and wait.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable, Sequence
from datetime import UTC, datetime
from functools import partial
from typing import TypeVar

import structlog

from hub.bus.contract import Bus, Consumer, Partition, Received, StaleAssignment
from hub.clock import Clock
from hub.config import policy
from hub.config.policy import ConnectionPolicy
from hub.errors import HubUnavailable
from hub.flow.attempts import Attempts, Work, insist
from hub.flow.group import Group
from hub.flow.heads import Heads
from hub.flow.keepable import keepable
from hub.flow.order import Lanes, Offsets
from hub.flow.outcome import Reason
from hub.flow.park import Item, check_times
from hub.flow.pulse import Pulse
from hub.flow.report import Duties
from hub.flow.valve import Valve
from hub.ledger.contract import Ledger
from hub.ledger.entries import ParkedItem, Place, WaitState
from hub.net.breaker import Breaker
from hub.observe.metrics import Metrics

__all__ = ["Stage", "Work"]

log = structlog.get_logger()
T = TypeVar("T")

_BEHIND = Reason(
    "wacht-op-voorganger", "an earlier message of this zaak waits", "doelsysteem", "send it again later", ""
)
_SHUT = Reason("gepauzeerd", "the connection is paused", "koppelbeheer", "send it again when it goes on", "")
"""Why a change whose sender waits for the outcome is not done."""


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
        valve: Valve,
        breaker: Breaker | None = None,
        target: str = "",
    ) -> None:
        """Take `name`, the connection: it names the stage in the ledger. `target` names the system it sends to."""
        self.name = name
        self.valve = valve
        self.breaker = breaker
        self._group = group
        self._topics = topics
        self._work = work
        self._bus = bus
        self._ledger = ledger
        self._clock = clock
        self._attempts = Attempts(
            stage=name,
            target=target,
            failures_topic=failures_topic,
            work=work,
            bus=bus,
            ledger=ledger,
            clock=clock,
            metrics=metrics,
            limits=limits,
            duties=duties,
            valve=valve,
        )
        self._lanes = Lanes(in_flight_max=policy.LANES_IN_FLIGHT_MAX)
        self._offsets = Offsets()
        self._mine: set[Partition] = set()
        self._terms: Counter[Partition] = Counter()
        self._heads = Heads()
        self._heads_at_work: set[str] = set()
        self._first = Group[str, ParkedItem | None](self._firsts, size_max=policy.SCRIBE_GROUP_MAX)
        self._senders: dict[str, Item] = {}
        self._telling: dict[str, asyncio.Task[None]] = {}
        self._consumer: Consumer | None = None
        self._held: set[Partition] = set()
        self._wake = asyncio.Event()
        self._stopping = asyncio.Event()
        valve.on_shut = self._tell_senders

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
    def pulse(self) -> Pulse:
        """Give what counts how many went on and failed lately."""
        return self._attempts.pulse

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

    @property
    def oldest_at(self) -> datetime | None:
        """Say when the oldest record in hand came on the bus."""
        at_ms = self._offsets.oldest_ms()
        return None if at_ms is None else datetime.fromtimestamp(at_ms / 1000, UTC)

    async def lag(self) -> int:
        """Count the records of our partitions that are not finished; what is finished may wait for its commit."""
        return await self._consumer.lag() - self._offsets.finished() if self._consumer else 0

    async def assigned(self, partitions: Sequence[Partition]) -> None:
        """Know what is parked before the first record comes (hub.bus.contract.Assignment)."""
        # As a whole: what another member released since we last looked is not parked any more.
        self._heads.begin(await self._insist(partial(self._ledger.parked_lanes, self.name)))
        self._mine |= set(partitions)
        log.info("partitions_assigned", stage=self.name, partitions=len(self._mine))

    async def revoked(self, partitions: Sequence[Partition]) -> None:
        """Finish or drop what is in hand, commit what is done (hub.bus.contract.Assignment)."""
        # First of all: what is being fetched or looked up at this moment is for whoever has them next.
        self._mine -= set(partitions)
        self._terms.update(partitions)
        await self._drain()
        await self._commit()
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
            self._held |= self._mine
        elif self._held and self._lanes.backlog < policy.LANE_BACKLOG_MAX // 2:
            # Also those that are not ours at this moment: they may come back, and a consumer remembers its pauses.
            consumer.resume(list(self._held))
            self._held.clear()

    async def _take(self, records: Sequence[Received]) -> None:
        terms = dict(self._terms)
        items = [self._item(record) for record in records]
        fetched: dict[tuple[str, int], int] = {}
        for record in records:
            fetched[record.partition.topic, record.partition.number] = record.offset
        ours = [item for item in items if item is not None]
        begun = await self._insist(
            partial(
                self._ledger.begin,
                self.name,
                fetched,
                [item.item_id for item in ours],
                {item.lane for item in ours},
            )
        )
        # What others put in queues since we last looked: a replay plan that takes a zaak holds its new records back.
        self._heads.learn(begun.parked)
        openings = self.valve.openings
        for record, item in zip(records, items, strict=True):
            if self._terms[record.partition] != terms.get(record.partition, 0):
                continue  # revoked while the ledger was asked: whoever has it now takes the record
            self._offsets.take(record.partition, record.offset, record.timestamp_ms)
            if item is None or item.item_id in begun.ended:
                self._offsets.done(record.partition, record.offset)
                continue
            resumed = record.offset <= begun.fences.get((record.partition.topic, record.partition.number), -1)
            if item.until is not None and not self._attempts.may_be_event(resumed=resumed):
                self._senders[item.item_id] = item
            self._lanes.submit(item.lane, partial(self._one, item, record, resumed, openings))
        if self.valve.shut:
            self._tell_senders()

    def _item(self, record: Received) -> Item | None:
        try:
            item = self._work.item(keepable(record), self.name)
            if item is not None:
                check_times(item)
        except (KeyError, ValueError):
            # Nobody's message of ours lacks its headers, or has wrong times: another program wrote on our topic.
            log.warning("record_not_ours", stage=self.name, topic=record.partition.topic, offset=record.offset)
            return None
        return item

    async def _one(self, item: Item, record: Received, resumed: bool, openings: int) -> None:  # noqa: FBT001 - bound by partial
        self._senders.pop(item.item_id, None)
        if (telling := self._telling.pop(item.item_id, None)) is not None:
            await telling
            self._offsets.done(record.partition, record.offset)
            return
        permit = await self.valve.admitted()
        if permit is None:
            return  # left undone, and not committed: whoever has the partition next reads it again
        try:
            if openings != self.valve.openings:
                # It waited, perhaps for days: others may have taken its zaak meanwhile.
                self._heads.learn(await self._insist(partial(self._ledger.heads, self.name, [item.lane])))
            head = self._heads.of(item.lane)
            if self._attempts.has_ended(item):
                pass  # the same event was on the bus twice (a translation done again after a crash)
            elif head is None or _comes_before(item.place, head):
                if not await self._attempts.attempt(item, permit, resumed=resumed):
                    self._heads.learn({item.lane: item.place})
            elif item.until is not None:
                await self._attempts.give_up(item, _BEHIND)
            else:
                await self._attempts.behind(item)  # changes nothing when it is there already
        finally:
            self.valve.back(permit)
        self._offsets.done(record.partition, record.offset)

    def _tell_senders(self) -> None:
        """Give up, at once, the changes whose senders wait: the stage is shut."""
        for item_id, item in self._senders.items():
            # Beside the lanes: all of these may be taken by what waits.
            self._telling[item_id] = asyncio.create_task(self._attempts.give_up(item, _SHUT))
        self._senders.clear()

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
        """Finish what is being tried; what waits to be is left undone."""
        self.valve.leave()
        try:
            await asyncio.wait_for(self._lanes.drained(), policy.DRAIN_S)
        except TimeoutError:
            log.warning("drain_timed_out", stage=self.name, dropped=self._lanes.backlog)
            await self._lanes.cancel()
        finally:
            self.valve.stay()
        self._heads_at_work.clear()
        self._senders.clear()
        for telling in self._telling.values():
            telling.cancel()
        await asyncio.gather(*self._telling.values(), return_exceptions=True)
        self._telling.clear()

    # Parked zaken: the head is tried again when it is due, the rest follows it.

    async def _retry_due(self) -> None:
        while not self._stopping.is_set():
            self._wake.clear()
            room = self._room()
            taken = await self._take_up(room) if self._mine and room else 0
            if taken < policy.DUE_GROUP_MAX:
                await self._next_scan()

    async def _take_up(self, room: int) -> int:
        """Take up heads that are due; give how many."""
        terms = dict(self._terms)
        # Those at work stand there still, before the others.
        limit = room + len(self._heads_at_work)
        due = await self._insist(partial(self._ledger.due, self.name, list(self._mine), self._clock.now(), limit))
        fresh = [head for head in due if head.lane not in self._heads_at_work][:room]
        for head in fresh:
            partition = Partition(head.place.topic, head.place.partition)
            if self._terms[partition] == terms.get(partition, 0):
                self._heads_at_work.add(head.lane)
                self._heads.learn({head.lane: head.place})
                self._lanes.submit(head.lane, partial(self._follow, head.lane))
        return len(fresh)

    def _room(self) -> int:
        """Say how many heads may be tried now: a target that is left alone is asked for one, as its probe."""
        rooms = (self.valve.room, self.breaker.room if self.breaker is not None else None)
        left = policy.DUE_AT_WORK_MAX - len(self._heads_at_work)
        return max(0, min([policy.DUE_GROUP_MAX, left, *(room for room in rooms if room is not None)]))

    async def _next_scan(self) -> None:
        scan = asyncio.create_task(self._clock.sleep(policy.DUE_SCAN_S))
        woken = asyncio.create_task(self._wake.wait())
        try:
            await asyncio.wait({scan, woken}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            scan.cancel()
            woken.cancel()

    async def _follow(self, lane: str) -> None:
        """Try the head of a parked zaak and, as long as it goes, what waits behind it; then open the zaak again."""
        try:
            while await self._next_of(lane):
                pass
        finally:
            self._heads_at_work.discard(lane)

    async def _next_of(self, lane: str) -> bool:
        """Try the head of a lane, as the ledger has it now; give whether to go on with the one behind it."""
        permit = await self.valve.admitted()
        if permit is None:
            return False
        try:
            mark = self._heads.mark(lane)
            # Not what was read before: it may have been corrected, dropped or held since.
            head = await self._insist(partial(self._first, lane))
            if head is None:
                if not self._heads.forget(lane, mark):
                    return True  # another record was put in its queue at this very moment
                log.info("zaak_resumed", stage=self.name)
                return False
            self._heads.learn({lane: head.place})
            if not self._may_go(head):
                return False
            return await self._attempts.attempt(Item.from_parked(head), permit, resumed=True)
        finally:
            self.valve.back(permit)

    async def _firsts(self, lanes: Sequence[str]) -> list[ParkedItem | None]:
        found = await self._ledger.firsts(self.name, lanes)
        return [found.get(lane) for lane in lanes]

    def _may_go(self, head: ParkedItem) -> bool:
        """Say whether it is its turn: not when it waits for a person, for a replay plan, or for a later moment."""
        if head.state is WaitState.RETRY:
            return head.next_at <= self._clock.now()
        return head.state is WaitState.BEHIND

    async def _insist(self, call: Callable[[], Awaitable[T]]) -> T:
        return await insist(call, clock=self._clock, stage=self.name)


def _comes_before(place: Place, head: Place) -> bool:
    return place.topic == head.topic and place.partition == head.partition and place.offset < head.offset
