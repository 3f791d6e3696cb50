"""Plans and their items as rows, and back: the order of columns in `sql/plans*.sql`; `hub.ledger.rows` has the rest."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import orjson

from hub.ledger.entries import DeliveryState, Place, WaitState
from hub.ledger.plan_turns import Landed, Picked
from hub.ledger.plans import Found, Origin, Plan, PlanItem, PlanItemState, PlanMode, PlanState, Selection, Superseded
from hub.ledger.rows import EVER, Cells, Moment, Row
from hub.security.masking import mask

_ITEM = 19


def plan_cells(plan: Plan) -> Cells:
    """Give the row of `plans`, as it begins; its reasons were typed by people."""
    plan = plan._replace(reason=mask(plan.reason), state_reason=mask(plan.state_reason))
    return (
        plan.id,
        plan.state.value,
        *plan[2:7],
        int(plan.needs_approval),
        plan.mode.value,
        plan.superseded.value,
        plan.redirect,
        orjson.dumps(plan.ramp).decode(),
        *plan[12:21],
        orjson.dumps(dict(plan.targets)).decode(),
        orjson.dumps(dict(plan.kinds)).decode(),
        *plan[23:36],
        *(each or plan.made_at for each in (plan.leased_until, plan.paced_at, plan.changed_at)),
        plan.made_by_id,
        orjson.dumps(plan.sources).decode(),
    )


def plan(row: Row, moment: Moment) -> Plan:
    """Read a row of `plans`."""
    return Plan._make(
        (
            row[0],
            PlanState(row[1]),
            *row[2:4],
            moment(row[4]),
            *row[5:7],
            bool(row[7]),
            PlanMode(row[8]),
            Superseded(row[9]),
            row[10],
            tuple(orjson.loads(row[11])),
            *row[12:21],
            orjson.loads(row[21]),
            orjson.loads(row[22]),
            *(_maybe(each, moment) for each in row[23:25]),
            *row[25:36],
            *(moment(each) for each in row[36:39]),
            row[39],
            tuple(orjson.loads(row[40])),
        )
    )


def plan_item(row: Row, moment: Moment) -> PlanItem:
    """Read the columns of an item."""
    return PlanItem._make(
        (
            *row[:8],
            Origin(row[8]),
            PlanItemState(row[9]),
            bool(row[10]),
            bool(row[11]),
            row[12],
            Place(*row[13:16]),
            moment(row[16]),
            _maybe(row[17], moment),
            _maybe(row[18], moment),
        )
    )


def picked(row: Row, moment: Moment) -> Picked:
    """Read a row of `plan_pick`."""
    waits, attempts, ended, last_number, overtaken = row[_ITEM:]
    item = plan_item(row, moment)
    return Picked(item, _waits(waits), attempts or 0, _ended(ended), last_number, bool(overtaken))


def landed(row: Row, moment: Moment) -> Landed:
    """Read a row of `plan_landed`."""
    waits, ended, failure_id, code, last_number = row[_ITEM:]
    return Landed(plan_item(row, moment), _waits(waits), _ended(ended), failure_id or "", code or "", last_number)


def found(row: Row, moment: Moment) -> Found:
    """Read a row of `plan_totals`."""
    state, origin, stage, source, kind, count, oldest, newest, superseded, taken_along = row
    times = moment(oldest), moment(newest)
    return Found(
        PlanItemState(state), Origin(origin), stage, source, kind, int(count), *times, int(superseded), int(taken_along)
    )


def failed_cells(chosen: Selection) -> Cells:
    """Give the criteria of `plan_take_failed`, but for the text."""
    lists = (_list(each) for each in (chosen.stages, chosen.failures, chosen.groups))
    return (*lists, chosen.zaak, chosen.kind, chosen.code, *_time(chosen))


def ended_cells(chosen: Selection) -> Cells:
    """Give the criteria of `plan_take_ended`."""
    return (_list(chosen.stages), chosen.state, chosen.zaak, chosen.kind, *_time(chosen))


def raw_cells(chosen: Selection) -> Cells:
    """Give the criteria of `plan_take_raw`."""
    return (_list(chosen.stages), chosen.zaak, chosen.kind, *_time(chosen))


def _list(given: tuple[str, ...]) -> str:
    return orjson.dumps(given).decode() if given else ""


def _time(chosen: Selection) -> tuple[datetime, datetime]:
    return chosen.since or EVER[0], chosen.until or EVER[1]


def _maybe(value: Any, moment: Moment) -> datetime | None:  # noqa: ANN401 - what a driver gives
    return None if value is None else moment(value)


def _waits(value: str | None) -> WaitState | None:
    return WaitState(value) if value else None


def _ended(value: str | None) -> DeliveryState | None:
    return DeliveryState(value) if value else None
