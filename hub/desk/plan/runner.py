"""Runs replay plans, turn by turn: write down what landed, stop when too much failed, let the next ones go.

All state is in the ledger, so any worker can go on where another was killed: whoever holds the lease of a plan runs it,
and what is written down is written under that lease. Order per zaak comes from the queues: of each zaak the next
messages go only when those before have ended, and several that go together wait for each other in the queue.
"""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import Coroutine, Sequence
from datetime import datetime, timedelta
from itertools import groupby, takewhile
from typing import TypeVar

import structlog

from hub.bus.contract import Bus
from hub.clock import Clock
from hub.config import policy
from hub.desk.plan.judge import GIVEN_UP, NOT_FOR_IT, Allowance, allowance, landing, paced, too_much_failed
from hub.desk.plan.refill import Absent, Content, Refill
from hub.errors import HubUnavailable
from hub.ledger.contract import Ledger
from hub.ledger.entries import DeliveryState
from hub.ledger.plan_turns import LaneMove, LaneStop, Move, Picked, Release, Settled, Step
from hub.ledger.plans import OVERTAKEN, Origin, Plan, PlanItem, PlanItemState, PlanState, Superseded

log = structlog.get_logger()
T = TypeVar("T")

BY_ITSELF = "it went on by itself before the plan came to it"
NOT_THERE = "it is in no queue any more"
STOPPED = "an earlier message of this zaak can't be sent again"


class Runner:
    """Runs the plans whose lease it gets."""

    def __init__(self, *, ledger: Ledger, bus: Bus, control_topic: str, clock: Clock, refill: Refill) -> None:
        self._ledger = ledger
        self._bus = bus
        self._control_topic = control_topic
        self._clock = clock
        self._refill = refill
        self._name = str(uuid.uuid4())

    async def run(self) -> None:
        """Run plans, until cancelled."""
        while True:
            try:
                plans = await self._ledger.plans_at_work(policy.PLANS_AT_WORK_MAX)
            except HubUnavailable as error:
                log.warning("plans_wait", code=error.code)
                plans = []
            at_work = [await self._turn(plan) for plan in plans]
            await self._clock.sleep(policy.PLAN_TURN_S if any(at_work) else policy.PLAN_LOOK_S)

    async def _turn(self, plan: Plan) -> bool:
        """Take one turn of a plan; what is down for it is no reason for the others to wait."""
        try:
            return await self.turn(plan)
        except HubUnavailable as error:
            log.warning("plan_waits", plan=plan.id, code=error.code)
            return False

    async def turn(self, plan: Plan) -> bool:
        """Take one turn of a plan; False when another has it."""
        held = await self._ledger.hold_plan(plan.id, self._name, until=self._until())
        if held is None:
            return False
        move = await self._landed(held)
        step = move.step
        assert step is not None, "what landed is counted"
        if held.state is PlanState.RUNNING:
            move = move._replace(ends=too_much_failed(held, step))
            if move.ends is None:
                try:
                    move = await self._let_go(held, move, step)
                except _LeaseLost:
                    return False
            else:
                log.warning("plan_paused", plan=held.id, reason=move.ends[1])
        if not await self._ledger.move_plan(held.id, self._name, move, until=self._until()):
            # Paused or cancelled at this very moment, or another has it: what landed is seen at the next turn.
            return False
        for stage in sorted({each.item.stage for each in move.releases if each.first}):
            await self._bus.announce(self._control_topic, "wake", stage.encode())
        return True

    async def _landed(self, plan: Plan) -> Move:
        landed = await self._ledger.landed(plan.id, policy.PLAN_UNDER_WAY_MAX)
        settled, lanes, stops, step = landing(plan, landed)
        before = Step(plan.step_released, plan.step_delivered, plan.step_failed)
        return Move(settled=settled, landed=lanes, stops=stops, step=step, before=before)

    async def _let_go(self, plan: Plan, move: Move, step: Step) -> Move:
        allowed = allowance(plan, step, plan.released - len(move.settled), self._clock.now())
        if not allowed.items:
            return move._replace(step=allowed.step)
        lanes = min(allowed.items, policy.PLAN_LANES_MAX)
        picked = await self._ledger.pick(plan.id, lanes=lanes, each=allowed.each)
        chosen = await self._chosen(plan, picked, allowed)
        now = self._clock.now()
        released = len(chosen.releases)
        assert chosen.step is not None, "what goes is counted"
        return move._replace(
            settled=[*move.settled, *chosen.settled],
            releases=chosen.releases,
            lanes=chosen.lanes,
            stops=[*move.stops, *chosen.stops],
            gone=chosen.gone,
            running=True,
            step=chosen.step._replace(released=chosen.step.released + released),
            paced_at=paced(plan, released, now) if released else None,
        )

    async def _chosen(self, plan: Plan, picked: Sequence[Picked], allowed: Allowance) -> Move:
        room = allowed.items
        lanes: list[list[Picked]] = []
        for _, group in groupby(picked, key=lambda each: (each.item.stage, each.item.lane)):
            lane = list(group)[:room]
            room -= len(lane)
            if not lane:
                break
            lanes.append(lane)
        going = [each for lane in lanes for each in lane if _is_read(each)]
        contents = await self._contents(plan, going)
        chosen = _Chosen(plan.superseded)
        for lane in lanes:
            # What was not read in time is for the next turn.
            if read := list(takewhile(lambda each: not _is_read(each) or each.item.number in contents, lane)):
                chosen.lane(read, contents)
        failed = sum(each.state is PlanItemState.FAILED for each in chosen.settled)
        step = allowed.step._replace(failed=allowed.step.failed + failed, released=allowed.step.released + failed)
        return Move(chosen.settled, {}, chosen.releases, chosen.lanes, chosen.stops, chosen.gone, step=step)

    async def _contents(self, plan: Plan, waiting: Sequence[Picked]) -> dict[int, Content | Absent]:
        """Find what goes out, as far as that can be found within a turn; raises _LeaseLost."""
        found: dict[int, Content | Absent] = {}
        until = self._clock.monotonic() + policy.PLAN_READ_S
        for begin in range(0, len(waiting), policy.PLAN_READ_MAX):
            if found and self._clock.monotonic() >= until:
                break
            part = waiting[begin : begin + policy.PLAN_READ_MAX]
            contents = await self._holding(plan, self._read(plan, part))
            found |= {each.item.number: content for each, content in zip(part, contents, strict=True)}
        return found

    async def _read(self, plan: Plan, part: Sequence[Picked]) -> list[Content | Absent]:
        return await asyncio.gather(*(self._refill.of(plan, each.item) for each in part))

    async def _holding(self, plan: Plan, work: Coroutine[None, None, T]) -> T:
        """Do work that may take longer than a lease lasts; raises _LeaseLost when another has the plan."""
        working, renewing = asyncio.create_task(work), asyncio.create_task(self._renew(plan))
        try:
            await asyncio.wait({working, renewing}, return_when=asyncio.FIRST_COMPLETED)
            if working.done():
                return working.result()
            renewing.result()
            raise _LeaseLost
        finally:
            working.cancel()
            renewing.cancel()
            await asyncio.gather(working, renewing, return_exceptions=True)

    async def _renew(self, plan: Plan) -> None:
        """Renew the lease of a plan, until it is lost or there is nothing to do any more."""
        while True:
            await self._clock.sleep(policy.PLAN_LEASE_S / 3)
            if await self._ledger.hold_plan(plan.id, self._name, until=self._until()) is None:
                return

    def _until(self) -> datetime:
        return self._clock.now() + timedelta(seconds=policy.PLAN_LEASE_S)


class _LeaseLost(Exception):
    """Another worker has the plan now, or it was paused or cancelled: what was found is of no use."""


class _Chosen:
    """What goes, zaak by zaak."""

    def __init__(self, superseded: Superseded) -> None:
        self._superseded = superseded
        self.settled: list[Settled] = []
        self.releases: list[Release] = []
        self.lanes: list[LaneMove] = []
        self.stops: list[LaneStop] = []
        self.gone: list[PlanItem] = []

    def lane(self, picked: Sequence[Picked], contents: dict[int, Content | Absent]) -> None:
        """Take the next ones of one zaak, until one of them stops it."""
        going: list[Release] = []
        flying_from = next_number = picked[0].item.number
        for each in picked:
            item = each.item
            if item.state is PlanItemState.WAITING and not _waits(each):
                self.settled.append(_ended(each))
            elif item.state is PlanItemState.WAITING and each.overtaken:
                if going:
                    break  # as below
                if self._overtaken(each):
                    return
            elif item.state is PlanItemState.WAITING:
                content = contents[item.number]
                if isinstance(content, Content):
                    going.append(Release(item, each.attempts, not going, *content))
                elif going:
                    break  # those before it go first: it is looked at again when they have ended
                elif self._absent(each, content):
                    return
            next_number = item.number + 1
        self.releases += going
        first = picked[0].item
        self.lanes.append(LaneMove(first.stage, first.lane, next_number, flying_from, len(going)))

    def _overtaken(self, each: Picked) -> bool:
        """Leave out a copy that would undo what went on meanwhile; say whether its zaak stops there."""
        item = each.item
        if self._superseded is Superseded.REAPPLY:
            # What would have to go after it is not in this plan.
            self.stops.append(LaneStop(item.stage, item.lane, item.number, each.last_number, OVERTAKEN))
            return True
        self.settled.append(Settled(item.number, PlanItemState.WAITING, PlanItemState.SKIPPED, OVERTAKEN))
        self.gone.append(item)
        return False

    def _absent(self, each: Picked, absent: Absent) -> bool:
        """Write down that an item can't go; say whether its zaak stops there."""
        item = each.item
        state = PlanItemState.FAILED if absent.failed else PlanItemState.GONE
        self.settled.append(Settled(item.number, PlanItemState.WAITING, state, absent.note))
        if item.origin is Origin.COPY:
            self.gone.append(item)
        if item.origin is Origin.COPY and not absent.failed:
            return False
        self.stops.append(LaneStop(item.stage, item.lane, item.number, each.last_number, STOPPED))
        return True


def _waits(each: Picked) -> bool:
    return each.item.state is PlanItemState.WAITING and each.waits is not None


def _is_read(each: Picked) -> bool:
    return _waits(each) and not each.overtaken


def _ended(each: Picked) -> Settled:
    """Say what became of an item that left its queue before the plan came to it."""
    number, before = each.item.number, PlanItemState.WAITING
    if each.ended is DeliveryState.DELIVERED:
        return Settled(number, before, PlanItemState.DELIVERED, BY_ITSELF)
    if each.ended is DeliveryState.DROPPED:
        return Settled(number, before, PlanItemState.SKIPPED, GIVEN_UP)
    if each.ended is DeliveryState.UNDISTRIBUTED:
        return Settled(number, before, PlanItemState.SKIPPED, NOT_FOR_IT)
    return Settled(number, before, PlanItemState.SKIPPED, NOT_THERE)
