"""Replay plans: frozen, looked at, and what people say to them. What runs them is in `plan_turns`."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Collection, Sequence
from datetime import datetime

import orjson

from hub.config.policy import LIST_MAX, PLAN_STATEMENT_ITEMS
from hub.errors import ActRefused
from hub.ledger import plan_rows
from hub.ledger.entries import OperatorAct, Place
from hub.ledger.plans import (
    OVERTAKEN,
    Found,
    Frozen,
    Message,
    Origin,
    Plan,
    PlanItem,
    PlanItemState,
    PlanLimits,
    PlanMode,
    PlanState,
    Selected,
    Selection,
    Superseded,
)
from hub.ledger.rows import EVER
from hub.ledger.store.acts import record
from hub.ledger.store.base import SqlStore, Transaction
from hub.ledger.store.failures import ID_BEGINNING_MIN, pattern
from hub.wire.claim import CLAIM_PREFIX

GUARDED = "sent again as often as it may be"
NO_RECORD = "the bus has let go of it"
NO_MESSAGE = "the bus has let go of the message that it was made of, or there was none"
BLOCKED = "an earlier message of this zaak can't be sent again"
CANCELLED = "the plan was cancelled before it"

_PLANS = ("plans",)


class PlanStore(SqlStore):
    """Plans and their items."""

    async def freeze(
        self, plan: Plan, chosen: Selection, limits: PlanLimits, act: OperatorAct, *, raw: Collection[str] = ()
    ) -> Frozen | None:
        """Write a plan down with what is chosen."""

        async def work(tx: Transaction) -> Frozen:
            await self._begin(tx, plan)
            again = int(plan.superseded is Superseded.REAPPLY)
            limit = limits.items_max + 1
            if chosen.state is Selected.FAILED:
                like = pattern(chosen.text)
                await tx.change(
                    "plan_take_failed", plan.id, plan.redirect, *plan_rows.failed_cells(chosen), like, limit
                )
            elif set(chosen.stages) & set(raw) and chosen.state is Selected.DELIVERED:
                await tx.change("plan_take_raw", plan.id, *plan_rows.raw_cells(chosen), again, limit)
            else:
                await tx.change("plan_take_ended", plan.id, plan.redirect, *plan_rows.ended_cells(chosen), again, limit)
            return await self._frozen(tx, plan, limits, act, raw)

        return await self._unless_nothing(work)

    async def freeze_again(
        self, plan: Plan, limits: PlanLimits, act: OperatorAct, *, raw: Collection[str] = ()
    ) -> Frozen | None:
        """Write a plan down with the rest of another."""

        async def work(tx: Transaction) -> Frozen:
            await self._begin(tx, plan)
            copies = any(each.origin is Origin.COPY for each in await self._totals(tx, plan.again_of))
            await tx.change("plan_take_again_copies" if copies else "plan_take_again", plan.id, plan.again_of)
            return await self._frozen(tx, plan, limits, act, raw)

        return await self._unless_nothing(work)

    async def plan_claims(self, plan_id: str, after: int, limit: int) -> list[tuple[int, bytes]]:
        """Give what names a document."""
        return [(row[0], row[1]) for row in await self._rows("plan_claims", plan_id, after, CLAIM_PREFIX, limit)]

    async def plan_gone(self, plan_id: str, numbers: Sequence[int], note: str) -> Frozen:
        """Note that documents are gone."""

        async def work(tx: Transaction) -> Frozen:
            for number in numbers:
                await tx.change("plan_gone", plan_id, number, note)
            plan = await self._plan(tx, plan_id)
            return await self._counted(tx, plan)

        return await self.run(work, write=True)

    async def plan_ready(self, plan_id: str, *, expected_s: int, needs_approval: bool) -> None:
        """Say how long it is expected to take, and whether it must be approved."""
        await self.run(lambda tx: tx.change("plan_ready", plan_id, expected_s, int(needs_approval)), write=True)

    async def plan(self, plan_id: str) -> Plan | None:
        """Give a plan by its id or the beginning of it."""
        found = await self._rows("plan", plan_id)
        if not found and len(plan_id) >= ID_BEGINNING_MIN:
            found = await self._rows("plan_by_beginning", plan_id)
        return plan_rows.plan(found[0], self._moment) if len(found) == 1 else None

    async def plans(self, *, before: tuple[datetime, str] | None = None, limit: int = LIST_MAX) -> list[Plan]:
        """List plans."""
        at, plan_id = before or (EVER[1], "")
        return [plan_rows.plan(row, self._moment) for row in await self._rows("plans", at, plan_id, limit)]

    async def plan_items(
        self, plan_id: str, *, state: PlanItemState | None = None, after: int = 0, limit: int = LIST_MAX
    ) -> list[PlanItem]:
        """List items."""
        found = await self._rows("plan_items", plan_id, after, state.value if state else "", limit)
        return [plan_rows.plan_item(row, self._moment) for row in found]

    async def approve_plan(self, plan_id: str, act: OperatorAct) -> None:
        """Approve a plan."""

        async def work(tx: Transaction) -> None:
            if not await tx.change("plan_approve", plan_id, act.by, act.at):
                raise _refused(await self._plan(tx, plan_id), "is not frozen any more, or was approved already")
            await record(tx, [act])

        await self.run(work, write=True)

    async def start_plan(self, plan_id: str, act: OperatorAct) -> None:
        """Let a plan run."""

        async def work(tx: Transaction) -> None:
            await tx.alone([_PLANS])
            await tx.rows("plan_planner")
            plan = await self._plan(tx, plan_id)
            if plan.needs_approval and not plan.approved_by:
                raise ActRefused(
                    f"plan {plan.id} waits for a second person",
                    code="goedkeuring",
                    advice=f"somebody else looks at it: zaakhub replay approve {plan.id}",
                )
            await _alone_with(tx, plan)
            await _change(tx, plan, (PlanState.FROZEN, PlanState.RUNNING), act, "is not frozen any more")
            await _overtaken_since(tx, plan)
            await tx.change("plan_lanes_begin", plan.id)
            for part in _parts(plan):
                await tx.change("plan_hold", *part)
            # The last first: each goes in front of what is there.
            for part in reversed(_parts(plan)):
                await tx.change("plan_copies_add", *part, act.at, b"", b"[]")
            await tx.write("plan_front", [tuple(row) for row in await tx.rows("plan_fronts", plan.id)])
            await tx.change("plan_fresh", plan.id, act.at)
            await record(tx, [act])

        await self.run(work, write=True)

    async def pause_plan(self, plan_id: str, act: OperatorAct) -> None:
        """Let nothing more go."""

        async def work(tx: Transaction) -> None:
            plan = await self._plan(tx, plan_id)
            await _change(tx, plan, (PlanState.RUNNING, PlanState.PAUSED), act, "does not run")
            await record(tx, [act])

        await self.run(work, write=True)

    async def resume_plan(self, plan_id: str, act: OperatorAct) -> None:
        """Let a plan run again."""

        async def work(tx: Transaction) -> None:
            plan = await self._plan(tx, plan_id)
            await _change(tx, plan, (PlanState.PAUSED, PlanState.RUNNING), act, "is not paused")
            await tx.change("plan_fresh", plan_id, act.at)
            await record(tx, [act])

        await self.run(work, write=True)

    async def cancel_plan(self, plan_id: str, act: OperatorAct) -> None:
        """End a plan."""

        async def work(tx: Transaction) -> None:
            await tx.alone([_PLANS])
            await tx.rows("plan_planner")
            plan = await self._plan(tx, plan_id)
            if plan.state in (PlanState.CANCELLED, PlanState.DONE):
                raise _refused(plan, "has ended")
            await _change(tx, plan, (plan.state, PlanState.CANCELLED), act, "was changed by somebody else")
            if plan.state is not PlanState.FROZEN:
                await _give_back(tx, plan, act.at)
            await tx.change("plan_cancel_lanes", plan_id)
            for part in _parts(plan):
                await tx.change("plan_cancel_items", *part, CANCELLED, act.at)
            await tx.change("plan_cancelled", plan_id)
            await record(tx, [act])

        await self.run(work, write=True)

    async def plan_of_lane(self, stage: str, lane: str) -> str | None:
        """Give the plan that has a zaak."""
        found = await self._rows("plan_of_lane", stage, lane)
        return found[0][0] if found else None

    async def message_of(self, message_id: str) -> Message | None:
        """Give where a message lies."""
        found = await self._rows("plan_message", message_id)
        return Message(found[0][0], found[0][1], Place(*found[0][2:])) if found else None

    async def _begin(self, tx: Transaction, plan: Plan) -> None:
        await tx.rows("plan_planner")
        await tx.change("plan_add", *plan_rows.plan_cells(plan))

    async def _frozen(
        self, tx: Transaction, plan: Plan, limits: PlanLimits, act: OperatorAct, raw: Collection[str]
    ) -> Frozen:
        await tx.change("plan_lanes_add", plan.id)
        found = await self._totals(tx, plan.id)
        if not found:
            raise _Nothing
        total = sum(each.items for each in found)
        if total > limits.items_max:
            raise ActRefused(
                f"this is more than {limits.items_max} messages, with what waits behind them",
                code="te-veel",
                advice="make a smaller plan: of one connection, one group of failures, or a shorter time",
            )
        await _not_all(tx, plan, limits)
        await _alone_with(tx, plan)
        for part in _parts(plan._replace(total=total)):
            await tx.change("plan_guard", *part, limits.replays_max, GUARDED)
        await tx.change("plan_too_old", plan.id, limits.bus_since, NO_RECORD)
        for source in sorted({each.source for each in found} - set(raw)):
            if plan.mode is PlanMode.RAW:
                await tx.change("plan_raw_too_old", plan.id, limits.bus_since, NO_MESSAGE, source)
        if any(each.origin is Origin.COPY for each in found):
            whole = "plan_newest_raw" if any(each.source in raw for each in found) else "plan_newest"
            await _supersede(tx, plan, whole)
        await record(tx, [act])
        return await self._counted(tx, plan)

    async def _counted(self, tx: Transaction, plan: Plan) -> Frozen:
        if not plan.redirect:
            await self._block(tx, plan)
        found = await self._totals(tx, plan.id)
        [(zaken, longest)] = await tx.rows("plan_zaken", plan.id)
        [(chosen,)] = await tx.rows("plan_chosen", plan.id)
        targets: dict[str, int] = {}
        kinds: dict[str, int] = {}
        states = dict.fromkeys(PlanItemState, 0)
        for each in found:
            targets[each.stage] = targets.get(each.stage, 0) + each.items
            kinds[each.kind] = kinds.get(each.kind, 0) + each.items
            states[each.state] += each.items
        await tx.change(
            "plan_count",
            plan.id,
            sum(states.values()),
            zaken,
            orjson.dumps(targets).decode(),
            orjson.dumps(kinds).decode(),
            min(each.oldest_at for each in found),
            max(each.newest_at for each in found),
            sum(each.superseded for each in found),
            sum(each.taken_along for each in found),
            states[PlanItemState.WAITING],
            states[PlanItemState.SKIPPED],
            states[PlanItemState.GONE],
            states[PlanItemState.NOT_DONE],
            orjson.dumps(sorted({each.source for each in found} | await self._sources(tx, plan.again_of))).decode(),
        )
        return Frozen(found, int(zaken), int(longest), int(chosen))

    async def _sources(self, tx: Transaction, again_of: str) -> set[str]:
        """Give whose messages the plan had that this one is the rest of: of its copies only the target is known."""
        found = await tx.rows("plan", again_of) if again_of else []
        return {source for row in found for source in plan_rows.plan(row, self._moment).sources}

    async def _block(self, tx: Transaction, plan: Plan) -> None:
        now, waiting = self._clock.now(), PlanItemState.WAITING.value
        lanes = await tx.rows("plan_blocked", plan.id)
        ranges = [(plan.id, at + 1, last, waiting, BLOCKED, now) for at, last in lanes if at is not None]
        await tx.write("plan_stop_items", ranges)

    async def _totals(self, tx: Transaction, plan_id: str) -> list[Found]:
        return [plan_rows.found(row, self._moment) for row in await tx.rows("plan_totals", plan_id)]

    async def _plan(self, tx: Transaction, plan_id: str) -> Plan:
        found = await tx.rows("plan", plan_id)
        if not found:
            raise ActRefused("there is no such plan", code="onbekend", advice="see: zaakhub replay list")
        return plan_rows.plan(found[0], self._moment)

    async def _unless_nothing(self, work: Callable[[Transaction], Awaitable[Frozen]]) -> Frozen | None:
        try:
            return await self.run(work, write=True)
        except _Nothing:
            return None


class _Nothing(Exception):
    """What was asked for is not there: nothing of the transaction stays."""


def _parts(plan: Plan) -> list[tuple[str, int, int]]:
    """Give the numbers of a plan in ranges that a statement can do in time, whatever the size of the plan."""
    size = PLAN_STATEMENT_ITEMS
    return [(plan.id, begin + 1, begin + size) for begin in range(0, plan.total, size)]


async def _change(
    tx: Transaction, plan: Plan, change: tuple[PlanState, PlanState], act: OperatorAct, unless: str
) -> None:
    before, after = change
    if not await tx.change("plan_state", plan.id, before.value, after.value, act.reason, act.at):
        raise _refused(plan, unless)


async def _supersede(tx: Transaction, plan: Plan, name: str) -> int:
    """Mark what was overtaken; give how many that are."""
    skips = plan.superseded is Superseded.SKIP
    state = PlanItemState.SKIPPED if skips else PlanItemState.WAITING
    note = OVERTAKEN if skips else ""
    lanes = await tx.rows(name, plan.id)
    ranges = [(plan.id, first, last, newest, state.value, note) for first, last, newest in lanes if newest is not None]
    return await tx.write("plan_supersede", ranges)


async def _overtaken_since(tx: Transaction, plan: Plan) -> None:
    """Judge copies again: a plan may be started long after it was frozen."""
    if plan.superseded is Superseded.REPLAY or not await tx.rows("plan_copies", plan.id):
        return
    if plan.superseded is Superseded.SKIP:
        # Whether messages or events were chosen, what the other looks at has nothing.
        skipped = [await _supersede(tx, plan, name) for name in ("plan_newest", "plan_newest_raw")]
        await tx.change("plan_superseded", plan.id, sum(skipped))
        return
    [(newer,)] = await tx.rows("plan_newer", plan.id)
    if newer:
        raise ActRefused(
            f"newer messages of {newer} zaken went on since plan {plan.id} was frozen: it would undo them",
            code="ingehaald",
            advice="freeze it anew: the new plan has them too, and sends them after the older ones",
        )


async def _give_back(tx: Transaction, plan: Plan, now: datetime) -> None:
    """Let what a plan holds wait as it did before; what waits behind a message that went on is the first now."""
    for part in _parts(plan):
        await tx.change("plan_cancel_give_back", *part)
        await tx.change("plan_cancel_copies", *part)
    # Whoever ends the first of a queue at this moment does not see yet that the one behind it was given back.
    await tx.rows("plan_heads", plan.id)
    await tx.change("plan_cancel_promote", plan.id, now)


async def _alone_with(tx: Transaction, plan: Plan) -> None:
    rivals = await tx.rows("plan_rivals", plan.id)
    if rivals:
        other, zaken = rivals[0]
        raise ActRefused(
            f"plan {other} has {zaken} of these zaken",
            code="in-ander-plan",
            advice=f"wait until it is done, or cancel it: zaakhub replay show {other}",
        )


async def _not_all(tx: Transaction, plan: Plan, limits: PlanLimits) -> None:
    [(chosen,)] = await tx.rows("plan_chosen", plan.id)
    if limits.all_from is None or chosen < limits.all_from:
        return
    [(all_of_it,)] = await tx.rows("plan_all")
    if chosen == all_of_it:
        raise ActRefused(
            f"this is everything that failed: {chosen} messages",
            code="alles",
            advice="choose a connection, a group or a time; or say that you mean everything",
        )


def _refused(plan: Plan, why: str) -> ActRefused:
    return ActRefused(
        f"plan {plan.id} {why}: it is {plan.state.value}",
        code="stand",
        advice=f"see how it stands: zaakhub replay show {plan.id}",
    )
