"""Replay plans for tests of the ledger: queues that failed, plans of them, what a worker or a runner does."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from hub.ledger.contract import Ledger
from hub.ledger.entries import DeliveryState, Failure, OperatorAct, ParkedItem, WaitState
from hub.ledger.plan_turns import LaneMove, Move, Picked, Release, Step
from hub.ledger.plans import Frozen, Plan, PlanItem, PlanLimits, PlanMode, PlanState, Selection, Superseded
from tests.support.ledger_entries import NOON, STAGE, a_delivery, a_failure, a_parked_item, later

IN = "formulieren"
LIMITS = PlanLimits(items_max=1000, replays_max=3, bus_since=later(-3600))
ALL = Selection(stages=(STAGE,))
SOON, LONG_AGO = later(10**9), later(-(10**9))


def a_plan(name: str = "plan-1", **said: object) -> Plan:
    """Make a plan as somebody asks for it."""
    made = Plan(
        id=name,
        state=PlanState.FROZEN,
        state_reason="",
        made_by="jan",
        made_at=NOON,
        reason="the catalogus was mended",
        approved_by="",
        needs_approval=False,
        mode=PlanMode.EVENT,
        superseded=Superseded.SKIP,
        redirect="",
        ramp=(1, 10),
        per_minute=600,
        stop_at=50_000,
        again_of="",
        made_by_id="oidc:https://idp|jan",
    )
    return made._replace(**said)  # type: ignore[arg-type]


def an_act(plan: str = "plan-1", act: str = "plan", *, at: datetime = NOON, by: str = "jan") -> OperatorAct:
    """Make what somebody does to a plan."""
    return OperatorAct("", act, by, "because it must", at, on=f"plan:{plan}")


def failed(lane: str, number: int, *, stage: str = STAGE, **said: object) -> tuple[ParkedItem, Failure]:
    """Make a message that waits for a person, with its failure."""
    item_id, failure_id = f"{stage}-{lane}-{number}", f"f-{stage}-{lane}-{number}"
    item = a_parked_item(item_id, stage=stage, lane=lane, state=WaitState.PERSON, offset=number)
    failure = a_failure(failure_id, zaak=lane)._replace(stage=stage, item_id=item_id, **said)  # type: ignore[arg-type]
    return item._replace(failure_id=failure_id), failure


async def fill(ledger: Ledger, lanes: str, count: int = 1) -> None:
    """Put a queue for each zaak: the first failed, the others wait behind it."""
    for lane in lanes:
        first, failure = failed(lane, 1)
        behind = [
            a_parked_item(f"{STAGE}-{lane}-{number}", lane=lane, state=WaitState.BEHIND, offset=number)
            for number in range(2, count + 1)
        ]
        await ledger.end(parked=[first, *behind], failures=[failure])


async def frozen(ledger: Ledger, name: str = "plan-1", chosen: Selection = ALL, **said: object) -> Frozen:
    """Freeze a plan of something."""
    found = await ledger.freeze(a_plan(name, **said), chosen, LIMITS, an_act(name), raw=(IN,))
    assert found is not None
    await ledger.plan_ready(name, expected_s=1, needs_approval=False)
    return found


async def started(ledger: Ledger, name: str = "plan-1", chosen: Selection = ALL, **said: object) -> None:
    """Freeze and start one, and take its lease."""
    await frozen(ledger, name, chosen, **said)
    await ledger.start_plan(name, an_act(name, "plan-start"))
    assert await ledger.hold_plan(name, "me", until=SOON)


async def release(ledger: Ledger, picked: Sequence[Picked], name: str = "plan-1") -> None:
    """Let items go, all that were picked."""
    lanes: dict[str, list[PlanItem]] = {}
    for each in picked:
        lanes.setdefault(each.item.lane, []).append(each.item)
    move = Move(
        releases=[Release(each.item, each.attempts, first=each.item is lanes[each.item.lane][0]) for each in picked],
        lanes=[
            LaneMove(lane[0].stage, lane[0].lane, lane[-1].number + 1, lane[0].number, len(lane))
            for lane in lanes.values()
        ],
        running=True,
        step=Step(len(picked), 0, 0),
        paced_at=later(1),
    )
    assert await ledger.move_plan(name, "me", move, until=SOON)


async def the(ledger: Ledger, name: str = "plan-1") -> Plan:
    """Give a plan that is there."""
    plan = await ledger.plan(name)
    assert plan is not None
    return plan


async def waits(ledger: Ledger, lane: str = "A", stage: str = STAGE) -> list[tuple[str, WaitState]]:
    """Give a queue."""
    return [(each.item_id, each.state) for each in await ledger.queue(stage, lane)]


async def deliver(ledger: Ledger, item: ParkedItem, state: DeliveryState = DeliveryState.DELIVERED) -> None:
    """End an item of a queue, as a worker does it that has tried it as it stands there."""
    ended = a_delivery(item.item_id, stage=item.stage, zaak=item.lane)._replace(state=state, place=item.place)
    await ledger.end(deliveries=[ended], released=[item])


async def first_of(ledger: Ledger, lane: str = "A", stage: str = STAGE) -> ParkedItem:
    """Give the first item of a queue."""
    return (await ledger.queue(stage, lane))[0]
