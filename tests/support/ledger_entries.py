"""Entries for tests of the ledger: one plain example of each kind, and what a test wants different about it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hub.ledger.edits import Edit, EditPart, EditState, base_of
from hub.ledger.entries import (
    Arrival,
    Delivery,
    DeliveryState,
    Failure,
    FailureState,
    MessageKey,
    OperatorAct,
    ParkedItem,
    Place,
    Refusal,
    Trace,
    WaitState,
)

NOON = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
STAGE = "zaken-naar-zgw"
TOPIC = "test.0000.ev.zaken"

_KIND = "nl.zaken.zaak-aangemaakt.v1"


def later(seconds: float) -> datetime:
    """Give a moment after (or before) noon."""
    return NOON + timedelta(seconds=seconds)


def an_arrival(
    reference: str, *, place: int = 1, subject: str = "z1", effect: str = "a", content: str = "same"
) -> Arrival:
    """Make an arrival under a reference; arrivals differ only in what is given."""
    return Arrival(
        key=MessageKey("formulieren", "afzender", reference),
        message_id=f"m-{reference}",
        content_hash=f"content-{content}",
        effect_key=f"{_KIND}|{subject}",
        effect_hash=f"effect-{effect}",
        event_id=f"e-{reference}",
        kind="creeerZaak_Lk01",
        zaak=subject,
        place=Place("test.0000.in.formulieren", 0, place),
        accepted_at=NOON,
    )


def a_delivery(event_id: str, *, stage: str = STAGE, zaak: str = "z1") -> Delivery:
    """Make a delivery at noon."""
    return Delivery(
        stage=stage,
        event_id=event_id,
        kind=_KIND,
        zaak=zaak,
        state=DeliveryState.DELIVERED,
        place=Place(TOPIC, 0, 1),
        attempts=1,
        started_at=NOON,
        ended_at=NOON,
        receipts="{}",
    )


def a_parked_item(
    item_id: str,
    *,
    stage: str = STAGE,
    lane: str = "z1",
    state: WaitState = WaitState.RETRY,
    partition: int = 0,
    offset: int = 1,
) -> ParkedItem:
    """Make an item that is due at noon."""
    return ParkedItem(
        stage=stage,
        lane=lane,
        item_id=item_id,
        kind=_KIND,
        place=Place(TOPIC, partition, offset),
        value=b"value",
        headers=b"headers",
        state=state,
        attempts=3,
        next_at=NOON,
    )


def a_failure(failure_id: str, *, zaak: str = "z1", state: FailureState = FailureState.OPEN) -> Failure:
    """Make a failure of item e1 at noon."""
    return Failure(
        id=failure_id,
        stage=STAGE,
        item_id="e1",
        kind=_KIND,
        zaak=zaak,
        state=state,
        code="mapping",
        reason="no rule",
        fault="mapping",
        advice="mend the rule",
        where="zaak.map.yaml:7",
        revision="abcdef123456",
        attempts=3,
        first_at=NOON,
        last_at=NOON,
        next_at=None,
        target="zaken.example.nl",
        fingerprint=f"print-of-{failure_id}",
        group=f"print-of-{failure_id}",
    )


def an_edit(edit_id: str, item: ParkedItem, *, after: bytes = b"second", by: str = "beheerder-1") -> Edit:
    """Make an edit of a parked item, of failure f-1, at noon."""
    return Edit(
        id=edit_id,
        failure_id="f-1",
        stage=item.stage,
        item_id=item.item_id,
        part=EditPart.EVENT,
        state=EditState.PROPOSED,
        base=base_of(item),
        before=item.value,
        after=after,
        made_by=by,
        made_at=NOON,
        reason="typing error",
        made_by_id=f"oidc:https://idp|{by}",
    )


def a_trace(failure_id: str, *, content: bytes = b"{}") -> Trace:
    """Make a trace of an attempt at noon."""
    return Trace(failure_id, NOON, "abcdef123456", content)


def a_refusal() -> Refusal:
    """Make a refusal at noon."""
    return Refusal("formulieren", "m-1", "StUF055", "not valid", "object/startdatum", 12, 4096, NOON)


def an_act(failure_id: str, act: str, *, at: datetime = NOON) -> OperatorAct:
    """Make an act of an operator."""
    return OperatorAct(failure_id, act, "beheerder-1", "because", at)
