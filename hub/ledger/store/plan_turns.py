"""Replay plans at work: who runs one, what has landed, what may go, and the turn that is written down."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import datetime

from hub.ledger import plan_rows, rows
from hub.ledger.edits import base_of
from hub.ledger.entries import WaitState
from hub.ledger.plan_turns import Landed, LaneStop, Move, Picked, Release, Step
from hub.ledger.plans import COPY_MARK, LaneState, Origin, Plan, PlanItemState, PlanState
from hub.ledger.store.base import SqlStore, Transaction


class PlanTurnStore(SqlStore):
    """Turns of plans."""

    async def plans_at_work(self, limit: int) -> list[Plan]:
        """Give what runs or is under way."""
        return [plan_rows.plan(row, self._moment) for row in await self._rows("plans_at_work", limit)]

    async def hold_plan(self, plan_id: str, holder: str, *, until: datetime) -> Plan | None:
        """Take or renew a lease."""

        async def work(tx: Transaction) -> Plan | None:
            if not await tx.change("plan_lease", plan_id, holder, self._clock.now(), until):
                return None
            return plan_rows.plan((await tx.rows("plan", plan_id))[0], self._moment)

        return await self.run(work, write=True)

    async def landed(self, plan_id: str, limit: int) -> list[Landed]:
        """Give what has an outcome."""
        return [plan_rows.landed(row, self._moment) for row in await self._rows("plan_landed", plan_id, limit)]

    async def pick(self, plan_id: str, *, lanes: int, each: int) -> list[Picked]:
        """Give what is next."""
        return [plan_rows.picked(row, self._moment) for row in await self._rows("plan_pick", plan_id, lanes, each)]

    async def overtaken(self, plan_id: str, stage: str, entry_id: str) -> bool:
        """Say whether something newer went on."""
        item_id = entry_id.rpartition(COPY_MARK)[0]
        return bool(await self._rows("plan_overtaken", plan_id, item_id, stage, entry_id))

    async def move_plan(self, plan_id: str, holder: str, move: Move, *, until: datetime) -> bool:
        """Write a turn down."""

        async def work(tx: Transaction) -> bool:
            now = self._clock.now()
            needed = PlanState.RUNNING.value if move.running else ""
            if not await tx.change("plan_holds", plan_id, holder, needed, now, until):
                return False
            plan = plan_rows.plan((await tx.rows("plan", plan_id))[0], self._moment)
            # All at once, so that whoever needs several takes them in the same order.
            await tx.alone(_lanes(move))
            counts = Counter({PlanItemState.RELEASED: len(move.releases), PlanItemState.WAITING: -len(move.releases)})
            for each in move.settled:
                counts[each.before] -= 1
                counts[each.state] += 1
            await _settle(tx, plan_id, move, now)
            counts.update(await _stop(tx, plan_id, move.stops, now))
            await _release(tx, plan_id, move, now)
            await _count(tx, plan, move, counts, now)
            await self._end(tx, plan, move, now)
            return True

        return await self.run(work, write=True)

    async def _end(self, tx: Transaction, plan: Plan, move: Move, now: datetime) -> None:
        seen = (plan.step_delivered, plan.step_failed) == (move.before.delivered, move.before.failed)
        state, why = move.ends if move.ends and seen else (PlanState.RUNNING, "")
        left = [await tx.rows("plan_has_lane", plan.id, lane.value) for lane in (LaneState.FREE, LaneState.FLYING)]
        if not any(left):
            state = PlanState.DONE
        if state is not PlanState.RUNNING:
            await tx.change("plan_state", plan.id, PlanState.RUNNING.value, state.value, why, now)


def _lanes(move: Move) -> set[tuple[str, str, str]]:
    """Name the queues that a turn changes."""
    items = [*(each.item for each in move.releases), *move.gone]
    return {("lane", each.stage, each.lane) for each in items} | {
        ("lane", each.stage, each.lane) for each in move.stops
    }


async def _settle(tx: Transaction, plan_id: str, move: Move, now: datetime) -> None:
    await tx.write(
        "plan_settle_items",
        [(plan_id, each.number, each.state.value, each.note, each.failure_id, now) for each in move.settled],
    )
    landed = [(plan_id, *lane, count) for lane, count in sorted(move.landed.items())]
    await tx.write("plan_lanes_land", landed)
    await tx.write("plan_copies_drop", [(plan_id, each.number, each.number) for each in move.gone])
    await tx.write("promote", sorted({(each.stage, each.lane, now) for each in move.gone}))


async def _stop(tx: Transaction, plan_id: str, stops: Sequence[LaneStop], now: datetime) -> dict[PlanItemState, int]:
    """Stop zaken; give by how much the counts of their items change."""
    if not stops:
        return {}
    ranges = [(plan_id, each.from_number, each.last_number) for each in stops]
    await tx.write("plan_give_back", ranges)
    await tx.write("plan_copies_drop", ranges)
    changed: dict[PlanItemState, int] = {}
    for state in (PlanItemState.WAITING, PlanItemState.RELEASED):
        cells = [(*each, state.value, stop.note, now) for each, stop in zip(ranges, stops, strict=True)]
        changed[state] = -await tx.write("plan_stop_items", cells)
    changed[PlanItemState.NOT_DONE] = -sum(changed.values())
    await tx.write("plan_lanes_stop", sorted((plan_id, each.stage, each.lane) for each in stops))
    await tx.write("promote", sorted((each.stage, each.lane, now) for each in stops))
    return changed


async def _release(tx: Transaction, plan_id: str, move: Move, now: datetime) -> None:
    filled = [each for each in move.releases if each.content is not None and await _is_base(tx, each)]
    for each in filled:
        if each.item.origin is Origin.PARKED:
            await tx.change("original_keep", each.item.stage, each.item.entry_id, now)
    await tx.write("plan_fill", [(each.item.stage, each.item.entry_id, *(each.content or ())) for each in filled])
    await tx.write(
        "plan_let_go", [(each.item.stage, each.item.entry_id, _waits(each).value, now) for each in move.releases]
    )
    released = [(plan_id, each.item.number, each.attempts, now) for each in move.releases]
    await tx.write("plan_release_items", released)
    flying = [(plan_id, *each, each.flying) for each in move.lanes]
    await tx.write("plan_lanes_fly", flying)
    # The first of them may have left the queue since it was picked: by a person, or by a try that had begun before.
    await tx.write("promote", sorted({(each.item.stage, each.item.lane, now) for each in move.releases}))


async def _is_base(tx: Transaction, each: Release) -> bool:
    """Say whether what content was made of stands there still: a person may have corrected it meanwhile."""
    if not each.base:
        return True
    found = await tx.rows("parked_item", each.item.stage, each.item.entry_id)
    return bool(found) and base_of(rows.parked_item(found[0], tx.moment)) == each.base


def _waits(each: Release) -> WaitState:
    return WaitState.RETRY if each.first else WaitState.BEHIND


async def _count(tx: Transaction, plan: Plan, move: Move, counts: Counter[PlanItemState], now: datetime) -> None:
    step, before = move.step or move.before, move.before
    if step.on:
        before = Step(0, 0, 0)
    changes = [counts[state] for state in PlanItemState]
    await tx.change(
        "plan_moved",
        plan.id,
        step.on,
        step.released - before.released,
        step.delivered - before.delivered,
        step.failed - before.failed,
        *changes,
        move.paced_at or plan.paced_at,
        now,
    )
