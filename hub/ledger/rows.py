"""Entries as rows, and back: the one place that knows the order of columns in `sql/`. Pure; it knows no database.

`Moment` turns what a database gives for a time into an aware datetime.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

import orjson

from hub.ledger.entries import (
    Arrival,
    Delivery,
    Failure,
    FailureState,
    MessageKey,
    OperatorAct,
    ParkedItem,
    Place,
    Refusal,
    Seen,
    TimelineEntry,
    Verdict,
    WaitState,
)
from hub.ledger.inbox import Effect

Cell = str | int | bytes | datetime | None
Cells = tuple[Cell, ...]
Row = Sequence[Any]
Moment = Callable[[Any], datetime]


def arrival_cells(arrival: Arrival, verdict: Verdict) -> Cells:
    """Give the row of `inbox`."""
    return (
        *arrival.key,
        arrival.message_id,
        arrival.content_hash,
        arrival.event_id,
        arrival.kind,
        arrival.zaak,
        *arrival.place,
        verdict.value,
        arrival.accepted_at,
    )


def effect_cells(effect_key: str, effect: Effect) -> Cells:
    """Give the row of `effects`."""
    return (effect_key, effect.effect_hash, effect.event_id, *effect.place)


def delivery_cells(delivery: Delivery) -> Cells:
    """Give the row of `deliveries`."""
    return (
        delivery.stage,
        delivery.event_id,
        delivery.kind,
        delivery.zaak,
        delivery.state.value,
        *delivery.place,
        delivery.attempts,
        delivery.started_at,
        delivery.ended_at,
        delivery.receipts,
    )


def parked_cells(item: ParkedItem, parked_at: datetime) -> Cells:
    """Give the row of `parked`, without `seq`: the database gives it out."""
    return (
        item.stage,
        item.lane,
        item.item_id,
        item.kind,
        *item.place,
        item.value,
        item.headers,
        item.state.value,
        item.attempts,
        item.next_at,
        item.receipts,
        item.failure_id,
        parked_at,
    )


def failure_cells(failure: Failure) -> Cells:
    """Give the row of `failures`."""
    return (*failure[:5], failure.state.value, *failure[6:])


def refusal_cells(refusal: Refusal) -> Cells:
    """Give the row of `refusals`."""
    return tuple(refusal)


def act_cells(act: OperatorAct) -> Cells:
    """Give the row of `operator_acts`."""
    return tuple(act)


def known_key(row: Row) -> tuple[MessageKey, str, Place, Verdict]:
    """Read `inbox_known`: key, content hash, place and the verdict it got."""
    return MessageKey(*row[:3]), row[3], Place(*row[4:7]), Verdict(row[7])


def seen(row: Row, moment: Moment) -> tuple[MessageKey, Seen]:
    """Read `inbox_known` as the door wants it."""
    return MessageKey(*row[:3]), Seen(row[8], row[3], moment(row[9]))


def parked_item(row: Row, moment: Moment) -> ParkedItem:
    """Read a row of `parked`."""
    return ParkedItem._make(
        (*row[:4], Place(*row[4:7]), *row[7:9], WaitState(row[9]), row[10], moment(row[11]), *row[12:])
    )


def failure(row: Row, moment: Moment) -> Failure:
    """Read a row of `failures`."""
    ends = (None if at is None else moment(at) for at in row[15:])
    return Failure._make((*row[:5], FailureState(row[5]), *row[6:13], moment(row[13]), moment(row[14]), *ends))


def timeline_entry(row: Row, moment: Moment) -> TimelineEntry:
    """Read a row of `timeline`; what the steps of a delivery noted for the operator follows its kind."""
    at, what, stage, item_id, detail, receipts = row
    notes = [note for _, note in orjson.loads(receipts).values() if note]
    return TimelineEntry(moment(at), what, stage, item_id, "; ".join([detail, *notes]))
