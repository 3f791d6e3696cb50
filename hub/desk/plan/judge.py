"""What a turn of a plan comes to: what became of what went, whether too much failed, how much may go now. Pure."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

from hub.config import policy
from hub.ledger.entries import DeliveryState
from hub.ledger.plan_turns import Landed, LaneStop, Settled, Step
from hub.ledger.plans import Plan, PlanItemState, PlanState

EARLIER_FAILED = "an earlier message of this zaak failed"
GIVEN_UP = "a person gave it up"
NOT_FOR_IT = "it is not for this receiver"
UNKNOWN = "it left its queue, and nothing says how it ended"
_MILLION = 1_000_000


class Landing(NamedTuple):
    """What landed, what that stops, and the step with it counted."""

    settled: list[Settled]
    landed: Counter[tuple[str, str]]
    stops: list[LaneStop]
    step: Step


class Allowance(NamedTuple):
    """How many items may go now, how many of one zaak at most, and the step that they belong to."""

    items: int
    each: int
    step: Step


def landing(plan: Plan, landed: Sequence[Landed]) -> Landing:
    """Judge what landed: a zaak in which one failed goes no further."""
    settled = [_settled(each) for each in landed]
    stops: dict[tuple[str, str], LaneStop] = {}
    for each, end in zip(landed, settled, strict=True):
        if end.state is PlanItemState.FAILED:
            lane = (each.item.stage, each.item.lane)
            stops.setdefault(lane, LaneStop(*lane, each.item.number + 1, each.last_number, EARLIER_FAILED))
    counts = Counter(each.state for each in settled)
    step = Step(
        plan.step_released,
        plan.step_delivered + counts[PlanItemState.DELIVERED],
        plan.step_failed + counts[PlanItemState.FAILED],
    )
    return Landing(settled, Counter((each.item.stage, each.item.lane) for each in landed), list(stops.values()), step)


def too_much_failed(plan: Plan, step: Step) -> tuple[PlanState, str] | None:
    """Say that a plan pauses itself, and why, when the step failed more than it may.

    It is judged by what has ended; of a step that has just begun, as if the first few had all gone well.
    """
    ended = step.delivered + step.failed
    judged = max(ended, min(_size(plan, plan.step) or policy.PLAN_JUDGED_MIN, policy.PLAN_JUDGED_MIN))
    if step.failed * _MILLION <= plan.stop_at * judged:
        return None
    return PlanState.PAUSED, f"{step.failed} of {ended} failed, more than {plan.stop_at / _MILLION:.0%}"


def allowance(plan: Plan, step: Step, under_way: int, now: datetime) -> Allowance:
    """Say how much may go now; `under_way` were let go and have not ended."""
    size = _size(plan, plan.step)
    if size is not None and step.released >= size and not under_way:
        step = Step(0, 0, 0, on=1)
        size = _size(plan, plan.step + 1)
    room = policy.PLAN_UNDER_WAY_MAX - under_way
    items = max(0, min(room, _paced(plan, now), room if size is None else size - step.released))
    # One of each zaak while it is tried out; later enough of each that the lanes are never without work.
    each = 1 if size is not None else min(policy.PLAN_CHUNK_MAX, math.ceil(items / max(1, min(items, plan.zaken))))
    return Allowance(items, each, step)


def paced(plan: Plan, count: int, now: datetime) -> datetime:
    """Say up to when the rate is used up when that many go now."""
    return _from(plan, now) + timedelta(seconds=count * _every_s(plan))


def expected_s(plan: Plan, waiting: int, longest: int) -> int:
    """Say how long a plan takes: by its rate, or by the zaak with the most messages, which go one after another."""
    return math.ceil(max(waiting * _every_s(plan), longest * policy.PLAN_ITEM_S))


def _settled(landed: Landed) -> Settled:
    number, before = landed.item.number, PlanItemState.RELEASED
    if landed.waits is not None:
        return Settled(number, before, PlanItemState.FAILED, landed.code, landed.failure_id)
    if landed.ended is DeliveryState.DELIVERED:
        return Settled(number, before, PlanItemState.DELIVERED)
    if landed.ended is DeliveryState.DROPPED:
        return Settled(number, before, PlanItemState.SKIPPED, GIVEN_UP)
    if landed.ended is DeliveryState.UNDISTRIBUTED:
        return Settled(number, before, PlanItemState.SKIPPED, NOT_FOR_IT)
    return Settled(number, before, PlanItemState.NOT_DONE, UNKNOWN)


def _size(plan: Plan, step: int) -> int | None:
    return plan.ramp[step] if step < len(plan.ramp) else None


def _every_s(plan: Plan) -> float:
    return 60 / plan.per_minute


def _from(plan: Plan, now: datetime) -> datetime:
    """Give from when the rate is not used up: what was not used is not saved for later, but for a moment."""
    unused = timedelta(seconds=max(policy.PLAN_BURST_S, _every_s(plan)))
    return max(plan.paced_at or now, now - unused)


def _paced(plan: Plan, now: datetime) -> int:
    return int((now - _from(plan, now)).total_seconds() / _every_s(plan) + 1e-6)
