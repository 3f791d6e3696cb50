"""What a turn of a plan comes to: the ramp, the rate, and when too much failed. Pure."""

from __future__ import annotations

from datetime import timedelta

import pytest

from hub.config import policy
from hub.desk.plan.judge import (
    EARLIER_FAILED,
    GIVEN_UP,
    UNKNOWN,
    allowance,
    expected_s,
    landing,
    paced,
    too_much_failed,
)
from hub.ledger.entries import DeliveryState, Place, WaitState
from hub.ledger.plan_turns import Landed, LaneStop, Step
from hub.ledger.plans import Origin, Plan, PlanItem, PlanItemState, PlanMode, PlanState, Superseded
from tests.support.ledger_entries import NOON, later

_PLAN = Plan(
    "plan-1",
    PlanState.RUNNING,
    "",
    "jan",
    NOON,
    "because",
    "",
    False,
    PlanMode.EVENT,
    Superseded.SKIP,
    "",
    (1, 10, 100),
    60_000,
    50_000,
    "",
    zaken=50,
    paced_at=later(-60),
)


def _landed(number: int, *, waits: WaitState | None = None, ended: DeliveryState | None = None) -> Landed:
    item = PlanItem(
        number=number,
        stage="uit",
        lane=f"zaak-{number}",
        item_id=f"e{number}",
        source="uit",
        entry_id=f"e{number}",
        failure_id="",
        kind="nl.zaken.zaak-bijgewerkt.v1",
        origin=Origin.PARKED,
        state=PlanItemState.RELEASED,
        superseded=False,
        taken_along=False,
        note="",
        place=Place("t", 0, number),
        at=NOON,
        released_at=NOON,
        ended_at=None,
    )
    return Landed(item, waits, ended, "f-1" if waits else "", "400" if waits else "", number + 5)


@pytest.mark.parametrize(
    ("step", "released", "under_way", "items", "each"),
    [
        (0, 0, 0, 1, 1),
        (0, 1, 1, 0, 1),
        (0, 1, 0, 10, 1),
        (1, 4, 0, 6, 1),
        (2, 100, 1, 0, 1),
        (2, 100, 0, 1000, 20),
        (3, 500, 1500, 500, 10),
        (3, 500, policy.PLAN_UNDER_WAY_MAX, 0, 0),
    ],
)
def test_a_ramp_goes_on_when_all_of_a_step_have_ended(
    step: int, released: int, under_way: int, items: int, each: int
) -> None:
    """One of each zaak while it is tried out; then as many of each as keep the lanes at work."""
    allowed = allowance(_PLAN._replace(step=step), Step(released, released - under_way, 0), under_way, NOON)

    assert (allowed.items, allowed.each) == (items, each)


def test_the_next_step_counts_anew() -> None:
    """What failed in the one before was judged there."""
    assert allowance(_PLAN, Step(1, 1, 0), 0, NOON).step == Step(0, 0, 0, on=1)
    assert allowance(_PLAN, Step(1, 0, 0), 1, NOON).step == Step(1, 0, 0)


@pytest.mark.parametrize(("per_minute", "waited_s", "items"), [(60, 0.5, 0), (60, 1, 1), (60, 600, 1), (1, 59, 0)])
def test_a_rate_is_kept_and_what_is_not_used_is_not_saved(per_minute: int, waited_s: float, items: int) -> None:
    """A plan that was paused for ten minutes does not send ten minutes of messages at once."""
    plan = _PLAN._replace(step=3, per_minute=per_minute, paced_at=later(-waited_s))

    assert allowance(plan, Step(0, 0, 0), 0, NOON).items == items


def test_a_slow_rate_lets_one_go_when_its_time_has_come() -> None:
    """Also one per minute, and the next one a minute later."""
    plan = _PLAN._replace(step=3, per_minute=1, paced_at=later(-60))

    assert allowance(plan, Step(0, 0, 0), 0, NOON).items == 1
    assert paced(plan, 1, NOON) == NOON
    assert paced(plan._replace(per_minute=120), 2, NOON) == NOON - timedelta(seconds=policy.PLAN_BURST_S - 1)


@pytest.mark.parametrize(
    ("step", "delivered", "failed", "pauses"),
    [
        (0, 0, 1, True),
        (1, 0, 1, True),
        (1, 9, 1, True),
        (2, 0, 1, False),
        (2, 0, 2, True),
        (3, 18, 1, False),
        (3, 950, 50, False),
        (3, 949, 51, True),
    ],
)
def test_a_plan_pauses_when_more_failed_than_may(step: int, delivered: int, failed: int, *, pauses: bool) -> None:
    """Of a step that has just begun, as if the first few had gone well: one failure of one says little."""
    plan = _PLAN._replace(step=step)

    assert (too_much_failed(plan, Step(0, delivered, failed)) is not None) == pauses


def test_a_plan_may_be_told_to_stop_at_once_or_never() -> None:
    """0 and 100 percent."""
    assert too_much_failed(_PLAN._replace(stop_at=0, step=3), Step(0, 999, 1)) is not None
    assert too_much_failed(_PLAN._replace(stop_at=0, step=3), Step(0, 999, 0)) is None
    assert too_much_failed(_PLAN._replace(stop_at=1_000_000), Step(0, 0, 9)) is None


def test_what_landed_is_judged_by_where_it_is() -> None:
    """It left its queue delivered or given up; or it was tried and is there still: then its zaak stops."""
    landed = [
        _landed(1, ended=DeliveryState.DELIVERED),
        _landed(2, ended=DeliveryState.DROPPED),
        _landed(3, waits=WaitState.RETRY),
        _landed(4),
    ]

    judged = landing(_PLAN._replace(step_delivered=4), landed)

    assert [(each.state, each.note, each.failure_id) for each in judged.settled] == [
        (PlanItemState.DELIVERED, "", ""),
        (PlanItemState.SKIPPED, GIVEN_UP, ""),
        (PlanItemState.FAILED, "400", "f-1"),
        (PlanItemState.NOT_DONE, UNKNOWN, ""),
    ]
    assert judged.stops == [LaneStop("uit", "zaak-3", 4, 8, EARLIER_FAILED)]
    assert judged.step == Step(0, 5, 1)


@pytest.mark.parametrize(("waiting", "longest", "seconds"), [(60_000, 10, 60), (100, 1000, 100), (0, 0, 0)])
def test_a_plan_takes_as_long_as_its_rate_or_its_longest_zaak(waiting: int, longest: int, seconds: int) -> None:
    """Messages of one zaak go one after the other, whatever the rate."""
    assert expected_s(_PLAN, waiting, longest) == seconds
