"""One try of one record at a stage, and what the ledger must know of it: delivered, parked with its reason, given up.

It refuses to know where the record came from and when it is its turn (`hub.flow.stage`).
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime
from functools import partial
from typing import NamedTuple, Protocol, TypeVar

import orjson
import structlog

from hub.bus.contract import Bus, Received, Record
from hub.clock import Clock
from hub.config import policy
from hub.config.policy import ConnectionPolicy
from hub.errors import Fault, HubUnavailable, MappingFailed
from hub.flow.document import Instead
from hub.flow.explain import pack
from hub.flow.fingerprint import fingerprinted
from hub.flow.group import Group
from hub.flow.outcome import (
    TOO_LATE,
    Delivered,
    Failing,
    Later,
    Outcome,
    Parked,
    Reason,
    Refused,
    RetryAt,
    Undistributed,
)
from hub.flow.park import Item, given_up, park, postpone, resolved, write_receipts
from hub.flow.pulse import Pulse
from hub.flow.report import Duties
from hub.flow.valve import Permit, Valve
from hub.ledger.contract import Ledger
from hub.ledger.edits import Made
from hub.ledger.entries import Delivery, DeliveryState, Failure, ParkedItem, Report, Trace, Withdrawal
from hub.ledger.groups import FailureFilter
from hub.mapping.trace import Explanation
from hub.observe.metrics import Count, Duration, Metrics

log = structlog.get_logger()
T = TypeVar("T")

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

    def request(self, item: Item) -> Instead | None:
        """Give what goes out for this record; None when nothing does. Raises MappingFailed."""
        ...

    async def waits(self, item: Item) -> None:
        """Hear that a record waits, untried, behind another."""
        ...


class _Writing(NamedTuple):
    deliveries: tuple[Delivery, ...] = ()
    parked: tuple[ParkedItem, ...] = ()
    retried: tuple[ParkedItem, ...] = ()
    failures: tuple[Failure, ...] = ()
    released: tuple[ParkedItem, ...] = ()
    traces: tuple[Trace, ...] = ()
    made: tuple[Made, ...] = ()
    withdrawn: tuple[Withdrawal, ...] = ()
    reports: tuple[Report, ...] = ()


class Attempts:
    """Tries the records of one stage."""

    def __init__(
        self,
        *,
        stage: str,
        target: str,
        failures_topic: str,
        work: Work,
        bus: Bus,
        ledger: Ledger,
        clock: Clock,
        metrics: Metrics,
        limits: ConnectionPolicy,
        duties: Duties,
        valve: Valve,
    ) -> None:
        """Take the `valve` that gives the permits: it hears how each try ended."""
        self.pulse = Pulse(clock)
        self._stage = stage
        self._target = target
        self._failures_topic = failures_topic
        self._work = work
        self._bus = bus
        self._ledger = ledger
        self._clock = clock
        self._metrics = metrics
        self._limits = limits
        self._duties = duties
        self._valve = valve
        self._ended: OrderedDict[str, None] = OrderedDict()
        self._write = Group[_Writing, None](self._write_all, size_max=policy.SCRIBE_GROUP_MAX)
        self._failure = Group[str, Failure | None](self._failures, size_max=policy.SCRIBE_GROUP_MAX)

    def has_ended(self, item: Item) -> bool:
        """Say whether it ended here lately: the same record was on the bus twice."""
        return item.item_id in self._ended

    def may_be_event(self, *, resumed: bool) -> bool:
        """Say whether an earlier try may have made an event of it: then it ends where that event ends."""
        return resumed and not self._work.leaves_delivery

    async def attempt(self, item: Item, permit: Permit, *, resumed: bool) -> bool:
        """Try it once; give whether it ended. If not, it is parked."""
        started = self._clock.now()
        if item.until is not None and item.until <= started and not self.may_be_event(resumed=resumed):
            await self.give_up(item, _TOO_LATE)
            return True
        # Known now: by the time that it has failed another revision of the mapping may run.
        revision = self._work.revision(item.kind)
        outcome = await self._handle(item, resumed=resumed)
        before = await self._failure_of(item)
        zaak = item.lane if item.parked is None else None
        if isinstance(outcome, Delivered | Undistributed):
            await self._end(item, outcome, before, started=started, revision=revision)
            self.pulse.went_on()
            await self._valve.went(permit, zaak)
            return True
        if isinstance(outcome, Later):
            await self._postpone(item, outcome, before)
            if outcome.asked:
                self.pulse.went_on()
                await self._valve.went(permit, zaak)
            return False
        self.pulse.failed()
        if item.until is None:
            await self._park(item, outcome, before, revision)
        else:
            await self._give_up(item, outcome, revision)
        await self._valve.failed(permit, zaak, outcome.reason)
        return item.until is not None

    async def behind(self, item: Item) -> None:
        """Put it behind what is parked of its zaak."""
        await self._work.waits(item)
        await self._write(_Writing(parked=(item.behind(at=self._clock.now()),)))

    async def give_up(self, item: Item, reason: Reason) -> None:
        """End a change that was not tried: its sender is told, and the zaak goes on."""
        await self._give_up(item, Refused(reason, {}, 0), self._work.revision(item.kind))

    async def _handle(self, item: Item, *, resumed: bool) -> Outcome:
        if item.until is None:
            return await self._work.handle(item, resumed=resumed)
        # Its sender may have been told that it is not done although the target did it: the target is asked first.
        outcome = await self._work.handle(item, resumed=resumed or self._work.leaves_delivery)
        while self.may_be_event(resumed=True) and isinstance(outcome, RetryAt) and outcome.reason.fault == Fault.HUB:
            log.warning("hub_unavailable", stage=self._stage, code=outcome.reason.code)
            await self._clock.sleep(policy.BUS_WAIT_S)
            outcome = await self._work.handle(item, resumed=True)
        return outcome

    async def _end(
        self,
        item: Item,
        outcome: Delivered | Undistributed,
        before: Failure | None,
        *,
        started: datetime,
        revision: str,
    ) -> None:
        ended = self._clock.now()
        goes_out = isinstance(outcome, Delivered)
        deliveries: tuple[Delivery, ...] = ()
        if self._work.leaves_delivery or item.parked is not None:
            deliveries = (
                Delivery(
                    stage=self._stage,
                    event_id=item.item_id,
                    kind=item.kind,
                    zaak=item.lane,
                    state=DeliveryState.DELIVERED if goes_out else DeliveryState.UNDISTRIBUTED,
                    place=item.place,
                    attempts=item.attempts + outcome.attempts,
                    started_at=started,
                    ended_at=ended,
                    receipts=write_receipts(outcome.receipts),
                    revision=revision,
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
        self._metrics.took(Duration.STAGE, (ended - started).total_seconds(), self._stage)
        if outcome.attempts > 1:
            self._metrics.count(Count.RETRIES, self._stage, by=outcome.attempts - 1)
        if isinstance(outcome, Undistributed):
            self._metrics.count(Count.UNDISTRIBUTED, self._stage, outcome.reason.code)
        elif self._work.leaves_delivery:
            self._metrics.count(Count.DELIVERED, self._stage)

    def _remember(self, item_id: str) -> None:
        self._ended[item_id] = None
        if len(self._ended) > policy.ENDED_RECENT_MAX:
            self._ended.popitem(last=False)

    async def _postpone(self, item: Item, outcome: Later, before: Failure | None) -> None:
        now = self._clock.now()
        waits = postpone(item, outcome, now=now)
        # A retry never comes back into a queue that it was taken out of meanwhile.
        writing = _Writing(parked=(waits,)) if item.parked is None else _Writing(retried=(waits,))
        await self._write(writing._replace(failures=(resolved(before, now=now),) if before is not None else ()))
        log.info("asked_again_later", stage=self._stage, item=item.item_id, next_at=waits.next_at.isoformat())

    async def _park(self, item: Item, outcome: Failing, before: Failure | None, revision: str) -> None:
        parked, failure = park(
            item,
            outcome,
            now=self._clock.now(),
            first_at=before.first_at if before is not None else None,
            limits=self._limits,
            revision=revision,
        )
        failure = fingerprinted(failure, target=self._target)
        traces, made = self._traces(item, outcome, failure), self._made(item, failure)
        reports = self._duties.of(item, outcome)
        writing = _Writing(failures=(failure,), traces=traces, made=made, reports=reports)
        # A retry never comes back into a queue that it was taken out of meanwhile.
        waits = writing._replace(parked=(parked,)) if item.parked is None else writing._replace(retried=(parked,))
        await self._write(waits)
        self._metrics.count(Count.PARKED, self._stage, failure.code)
        log.warning(
            "parked",
            stage=self._stage,
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
            log.warning("failure_not_mirrored", stage=self._stage, failure=failure.id)

    async def _give_up(self, item: Item, outcome: Failing, revision: str) -> None:
        """End a change whose sender waits for it: it is told, and the zaak goes on."""
        delivery, failure = given_up(item, outcome, now=self._clock.now(), revision=revision)
        failure = fingerprinted(failure, target=self._target)
        await self._write(
            _Writing(
                deliveries=(delivery,),
                failures=(failure,),
                traces=self._traces(item, outcome, failure),
                made=self._made(item, failure),
                withdrawn=(item.withdrawal,),
            )
        )
        self._remember(item.item_id)
        self._metrics.count(Count.GIVEN_UP, self._stage, failure.code)
        log.info("given_up", stage=self._stage, item=item.item_id, kind=item.kind, code=failure.code)

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
            log.warning("trace_missing", stage=self._stage, failure=failure.id, error=type(error).__name__)
            return ()
        return (Trace(failure.id, failure.last_at, failure.revision, content),) if content is not None else ()

    def _made(self, item: Item, failure: Failure) -> tuple[Made, ...]:
        """Give what was to be sent, for whoever must know what the target was, or would be, told."""
        if failure.revision != self._work.revision(item.kind):
            return ()
        try:
            request = self._work.request(item)
            if request is None:
                return ()
            is_json = not isinstance(request.body, bytes)
            content = request.body if isinstance(request.body, bytes) else orjson.dumps(request.body)
        except MappingFailed:
            return ()
        except Exception as error:  # noqa: BLE001 - parking goes on whatever happens here
            log.warning("request_missing", stage=self._stage, failure=failure.id, error=type(error).__name__)
            return ()
        return (Made(failure.id, failure.last_at, failure.revision, request.gives, is_json, content),)

    async def _failure_of(self, item: Item) -> Failure | None:
        if item.parked is None or not item.parked.failure_id:
            return None
        return await self._insist(partial(self._failure, item.parked.failure_id))

    async def _failures(self, ids: Sequence[str]) -> list[Failure | None]:
        found = await self._ledger.find_failures(FailureFilter(ids=ids), limit=len(ids))
        by_id = {each.id: each for each in found}
        return [by_id.get(each) for each in ids]

    async def _write_all(self, writings: Sequence[_Writing]) -> list[None]:
        await self._insist(
            partial(
                self._ledger.end,
                deliveries=[entry for writing in writings for entry in writing.deliveries],
                parked=[entry for writing in writings for entry in writing.parked],
                retried=[entry for writing in writings for entry in writing.retried],
                failures=[entry for writing in writings for entry in writing.failures],
                released=[entry for writing in writings for entry in writing.released],
                traces=[entry for writing in writings for entry in writing.traces],
                made=[entry for writing in writings for entry in writing.made],
                withdrawn=[entry for writing in writings for entry in writing.withdrawn],
                reports=[entry for writing in writings for entry in writing.reports],
            )
        )
        return [None] * len(writings)

    async def _insist(self, call: Callable[[], Awaitable[T]]) -> T:
        return await insist(call, clock=self._clock, stage=self._stage)


async def insist(call: Callable[[], Awaitable[T]], *, clock: Clock, stage: str) -> T:
    """Ask the ledger until it answers: without it nothing may go on."""
    while True:
        try:
            return await call()
        except HubUnavailable as error:
            log.warning("ledger_unavailable", stage=stage, code=error.code)
            await clock.sleep(policy.LEDGER_WAIT_S)
