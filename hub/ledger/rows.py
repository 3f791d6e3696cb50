"""Entries as rows, and back: the one place that knows the order of columns in `sql/`. Pure; it knows no database.

`Moment` turns what a database gives for a time into an aware datetime.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime
from typing import Any

import orjson

from hub.ledger.audit import AuditLine
from hub.ledger.edits import Edit, EditLine, EditPart, EditState, Made
from hub.ledger.entries import (
    Acknowledgement,
    Answer,
    Arrival,
    Comparison,
    Delivery,
    DeliveryState,
    DueReport,
    Failure,
    FailureState,
    Fate,
    Known,
    Likeness,
    MessageKey,
    ParkedItem,
    Place,
    Refusal,
    Report,
    Revision,
    RevisionState,
    Seen,
    TimelineEntry,
    Trace,
    Verdict,
    WaitState,
    Whereabouts,
    Worker,
)
from hub.ledger.groups import Group, Notes
from hub.ledger.inbox import Effect
from hub.security.masking import hide_bsns, mask
from hub.wire.text import plain

Cell = str | int | bytes | datetime | None
Cells = tuple[Cell, ...]
Row = Sequence[Any]
Moment = Callable[[Any], datetime]

EVER = (datetime(1970, 1, 1, tzinfo=UTC), datetime(9999, 1, 1, tzinfo=UTC))
"""From when until when, where nobody says."""


def fitting(cells: Iterable[Cell]) -> Cells:
    """Give values as every database takes them: their texts without NUL and halves of surrogate pairs.

    Whoever writes to the ledger sees to that before; this is for when somebody did not, so that it stops nothing.
    """
    return tuple(plain(cell) if isinstance(cell, str) else cell for cell in cells)


def arrival_cells(arrival: Arrival, verdict: Verdict, translated_at: datetime) -> Cells:
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
        arrival.subject,
        arrival.event_type,
        arrival.revision,
        arrival.remarks,
        arrival.unread,
        translated_at,
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
        delivery.revision,
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


def parked_again_cells(item: ParkedItem) -> Cells:
    """Give what changes of a row of `parked` when its item was tried, behind its key."""
    return (
        item.stage,
        item.item_id,
        item.state.value,
        item.attempts,
        item.next_at,
        item.receipts,
        item.failure_id,
    )


def failure_cells(failure: Failure) -> Cells:
    """Give the row of `failures`."""
    return (*failure[:5], failure.state.value, *failure[6:-1], group_of(failure))


def group_of(failure: Failure) -> str:
    """Give the group that a failure comes into: one without a fingerprint has its own."""
    return failure.fingerprint or failure.id


def notes_cells(notes: Notes) -> Cells:
    """Give what people know of a group, which they typed."""
    return tuple(map(hide_bsns, notes))


def group_cells(failure: Failure) -> Cells:
    """Give the row of `failure_groups` that a failure begins."""
    said = failure.stage, failure.code, failure.reason, failure.fault, failure.where, failure.target, failure.revision
    return (group_of(failure), *said, failure.advice, failure.first_at)


def trace_cells(trace: Trace) -> Cells:
    """Give the row of `traces`."""
    return tuple(trace)


def refusal_cells(refusal: Refusal) -> Cells:
    """Give the row of `refusals`."""
    return tuple(refusal)


def report_key(report: Report) -> Cells:
    """Give the key of a row of `reports`."""
    return report.connection, report.message_id, int(report.done)


def report_cells(report: Report) -> Cells:
    """Give the row of `reports`, as it begins."""
    return (*report_key(report), *report[3:])


def due_report(row: Row, moment: Moment) -> DueReport:
    """Read `reports_due`."""
    return DueReport(Report(row[0], row[1], bool(row[2]), row[3], row[4], moment(row[5])), *row[6:11])


def comparison_cells(comparison: Comparison) -> Cells:
    """Give the row of `comparisons`."""
    return (*comparison[:5], comparison.likeness.value, *comparison[6:])


def comparison(row: Row, moment: Moment) -> Comparison:
    """Read a row of `comparisons`."""
    connection, message_id, kind, zaaktype, zaak, likeness, code, differences, at = row
    return Comparison(connection, message_id, kind, zaaktype, zaak, Likeness(likeness), code, differences, moment(at))


def audit_cells(line: AuditLine) -> Cells:
    """Give the row of `audit`."""
    return tuple(line)


def audit_line(row: Row, moment: Moment) -> AuditLine:
    """Read a row of `audit`."""
    return AuditLine(row[0], moment(row[1]).astimezone(UTC), *row[2:])


def revision_cells(revision: Revision, files: bytes) -> Cells:
    """Give the row of `revisions`; its reason was typed by a person."""
    revision = revision._replace(reason=mask(revision.reason))
    return (*revision[:3], revision.state.value, *revision[4:], files)


def acknowledgement_cells(said: Acknowledgement) -> Cells:
    """Give the row of `acknowledgements`."""
    return (*said[:3], said.answer.value, *said[4:])


def known_key(row: Row) -> tuple[MessageKey, str, Place, Verdict]:
    """Read `inbox_known`: key, content hash, place and the verdict it got."""
    return MessageKey(*row[:3]), row[3], Place(*row[4:7]), Verdict(row[7])


def fate(row: Row) -> tuple[str, Fate]:
    """Read `fates`: where it is parked, at the target or before, is where it waits.

    Before it is an event it only ends when it is dropped; else it went on, and what counts is where its event is.
    """
    message_id, event_id, at_target_ended, at_target, failure, before, failure_before, before_ended = row
    dropped_before = before_ended if before_ended == DeliveryState.DROPPED.value else None
    waits, ended = at_target or before, at_target_ended or dropped_before
    return message_id, Fate(
        event_id or "",
        DeliveryState(ended) if ended else None,
        WaitState(waits) if waits else None,
        (failure if at_target else failure_before) or "",
    )


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
    ends = (None if at is None else moment(at) for at in row[15:17])
    times = (moment(row[13]), moment(row[14]), *ends)
    return Failure._make((*row[:5], FailureState(row[5]), *row[6:13], *times, *row[17:]))


def group(row: Row, moment: Moment) -> Group:
    """Read a row of `groups`."""
    notes = Notes(*row[9:12])
    return Group._make((*row[:9], notes, moment(row[12]), *row[13:16], moment(row[16]), moment(row[17])))


def made_cells(made: Made) -> Cells:
    """Give the row of `requests`."""
    return (*made[:4], int(made.is_json), made.content)


def made(row: Row, moment: Moment) -> Made:
    """Read a row of `requests`."""
    return Made(row[0], moment(row[1]), row[2], row[3], bool(row[4]), row[5])


def edit_cells(edit: Edit) -> Cells:
    """Give the row of `edits`; what people said with it was typed by them."""
    edit = edit._replace(reason=mask(edit.reason), said=mask(edit.said))
    return (*edit[:4], edit.part.value, edit.state.value, *edit[6:])


def edit(row: Row, moment: Moment) -> Edit:
    """Read a row of `edits`."""
    part, state = EditPart(row[4]), EditState(row[5])
    ended = None if row[14] is None else moment(row[14])
    return Edit._make((*row[:4], part, state, *row[6:10], moment(row[10]), *row[11:14], ended, row[15]))


def edit_line(row: Row, moment: Moment) -> EditLine:
    """Read a row of `edits` for a list."""
    return EditLine(row[0], EditPart(row[1]), EditState(row[2]), row[3], moment(row[4]), *row[5:])


def delivery(row: Row, moment: Moment) -> Delivery:
    """Read a row of `deliveries`."""
    return Delivery._make(
        (*row[:4], DeliveryState(row[4]), Place(*row[5:8]), row[8], moment(row[9]), moment(row[10]), *row[11:])
    )


def trace(row: Row, moment: Moment) -> Trace:
    """Read a row of `traces`."""
    return Trace(row[0], moment(row[1]), *row[2:])


def timeline_entry(row: Row, moment: Moment) -> TimelineEntry:
    """Read a row of `timeline`; what a target answered to the steps of a delivery follows its kind."""
    at, what, stage, item_id, detail, said, receipts, topic, partition, offset, revision, by, rank = row
    answers = [each for step in orjson.loads(receipts).values() for each in step]
    told = "; ".join(each for each in (detail, said, *answers) if each)
    place = Place(topic, partition, offset) if topic else None
    return TimelineEntry(moment(at), what, stage, item_id, told, place, revision, by, rank)


def whereabouts(row: Row) -> Whereabouts:
    """Read a row of `whereabouts`."""
    return Whereabouts._make((Known(row[0]), *row[1:5], Place(*row[5:]) if row[5] else None))


def revision(row: Row, moment: Moment) -> Revision:
    """Read a row of `revisions`, without its files."""
    return Revision._make((*row[:3], RevisionState(row[3]), row[4], moment(row[5]), *row[6:8], moment(row[8]), row[9]))


def worker(row: Row, moment: Moment) -> Worker:
    """Read a row of `workers`."""
    return Worker._make((*row[:3], moment(row[3]), Answer(row[4]) if row[4] else None, row[5]))
