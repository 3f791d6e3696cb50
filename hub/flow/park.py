"""A record that could not go on waits in the ledger, and with it everything of its zaak behind it.

Makes the values that the ledger keeps: the parked item and its failure record. Pure, but for the jitter it is given.
"""

from __future__ import annotations

import random
import uuid
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import NamedTuple

import orjson

from hub.bus.contract import Headers, Received
from hub.config.policy import ConnectionPolicy
from hub.flow.dedupe import NAMESPACE
from hub.flow.outcome import Failing, Later, Refused, RetryAt, Unknown
from hub.flow.records import EFFECT, UNTIL, pack_headers, unpack_headers
from hub.ledger.entries import (
    Delivery,
    DeliveryState,
    Failure,
    FailureState,
    ParkedItem,
    Place,
    WaitState,
    Withdrawal,
)
from hub.ports.contracts import Receipt
from hub.wire.text import plain


class Item(NamedTuple):
    """One record at one stage, wherever it comes from: the bus, or the queue of a parked zaak.

    `attempts` and `receipts` are those of earlier tries; `first_at` is the first failure, when there was one.
    """

    stage: str
    lane: str
    item_id: str
    kind: str
    place: Place
    value: bytes
    headers: Headers
    attempts: int = 0
    receipts: Mapping[str, Receipt] = {}
    parked: ParkedItem | None = None

    @property
    def until(self) -> datetime | None:
        """Until when its sender waits for the outcome; None when nobody does."""
        said = self._header(UNTIL)
        return datetime.fromisoformat(said) if said else None

    @property
    def withdrawal(self) -> Withdrawal:
        """What must be forgotten when it is not done, so that its sender can offer it again."""
        return Withdrawal(self.message_id, self._header(EFFECT), self.item_id)

    @property
    def connection(self) -> str:
        """The inbound connection that an event came from; nothing for a raw record."""
        return self._header("ce_koppeling")

    @property
    def message_id(self) -> str:
        """The message that it came from."""
        return self._header("ce_oorzaak") or self.item_id

    @property
    def sender(self) -> str:
        """Who sent a raw record; nothing for an event."""
        return self._header("zh_sender")

    @property
    def reference(self) -> str:
        """Under which number of its sender a raw record came; nothing for an event."""
        return self._header("zh_reference")

    @property
    def at(self) -> datetime:
        """When the message was accepted."""
        return datetime.fromisoformat(self._header("ce_time") or self._header("zh_at"))

    def _header(self, name: str) -> str:
        return next((value.decode() for each, value in self.headers if each == name), "")

    @classmethod
    def from_parked(cls, parked: ParkedItem) -> Item:
        """Take a record up again from its queue."""
        return cls(
            stage=parked.stage,
            lane=parked.lane,
            item_id=parked.item_id,
            kind=parked.kind,
            place=parked.place,
            value=parked.value,
            headers=unpack_headers(parked.headers),
            attempts=parked.attempts,
            receipts=read_receipts(parked.receipts),
            parked=parked,
        )

    def waiting(self, state: WaitState, *, at: datetime, attempts: int, receipts: str, failure_id: str) -> ParkedItem:
        """Give the queue entry of this record."""
        return ParkedItem(
            stage=self.stage,
            lane=self.lane,
            item_id=self.item_id,
            kind=self.kind,
            place=self.place,
            value=self.value,
            headers=pack_headers(self.headers),
            state=state,
            attempts=attempts,
            next_at=at,
            receipts=receipts,
            failure_id=failure_id,
        )

    def behind(self, *, at: datetime) -> ParkedItem:
        """Give the queue entry of a record whose zaak is parked already."""
        return self.waiting(WaitState.BEHIND, at=at, attempts=0, receipts="{}", failure_id="")


def check_times(item: Item) -> None:
    """See that the times that a record came with can be read and compared; raises ValueError."""
    for at in (item.at, item.until):
        if at is not None and at.tzinfo is None:
            raise ValueError("a time without its offset from UTC")


def place_of(record: Received) -> Place:
    """Give the place of a bus record as the ledger writes it."""
    return Place(record.partition.topic, record.partition.number, record.offset)


def park(
    item: Item, outcome: Failing, *, now: datetime, first_at: datetime | None, limits: ConnectionPolicy, revision: str
) -> tuple[ParkedItem, Failure]:
    """Park a record after a failed attempt: it retries by itself, or waits for a person.

    `first_at` is when it failed first; after `retry_for_s` a temporary failure becomes a person's. Where the target was
    not even asked (its breaker is open) nothing was tried: no attempt is counted, none is the last.
    """
    began = first_at or now
    attempts = item.attempts + outcome.attempts
    exhausted = outcome.attempts > 0 and (now - began).total_seconds() >= limits.retry_for_s
    retries = isinstance(outcome, RetryAt | Unknown) and not exhausted
    asked = outcome.wait_s if isinstance(outcome, RetryAt) else None
    # Doubling is for a target that does nothing: when steps were done since, it begins anew.
    rounds = 0 if len(outcome.receipts) > len(item.receipts) else item.attempts // limits.inline_attempts
    waits_s = wait_s(rounds, asked, limits, tried=outcome.attempts > 0)
    next_at = now + timedelta(seconds=waits_s) if retries else None
    failure_id = failure_id_of(item.stage, item.item_id)
    reason = outcome.reason
    parked = item.waiting(
        WaitState.RETRY if retries else WaitState.PERSON,
        at=next_at or now,
        attempts=attempts,
        receipts=write_receipts({**item.receipts, **outcome.receipts}),
        failure_id=failure_id,
    )
    failure = Failure(
        id=failure_id,
        stage=item.stage,
        item_id=item.item_id,
        kind=item.kind,
        zaak=item.lane,
        state=FailureState.RETRYING if retries else FailureState.OPEN,
        code=reason.code,
        reason=reason.text,
        fault=reason.fault,
        advice=_advice(outcome, exhausted=exhausted),
        where=reason.where,
        revision=revision,
        attempts=attempts,
        first_at=began,
        last_at=now,
        next_at=next_at,
    )
    return parked, failure


def postpone(item: Item, outcome: Later, *, now: datetime) -> ParkedItem:
    """Give the queue entry of a record with which nothing is wrong, and which is tried again later."""
    return item.waiting(
        WaitState.RETRY,
        at=now + timedelta(seconds=outcome.wait_s),
        attempts=item.attempts,
        receipts=write_receipts(outcome.receipts),
        failure_id="",
    )


def wait_s(rounds: int, asked_s: float | None, limits: ConnectionPolicy, *, tried: bool = True) -> float:
    """Say how long a zaak waits: doubling per round, with 20 % jitter, never shorter than was asked for.

    When it was not even `tried`, as long as was asked for and no more.
    """
    if not tried and asked_s is not None:
        return asked_s * random.uniform(1.0, 1.2)  # noqa: S311 - jitter is no secret
    doubled = min(limits.retry_wait_s * 2.0 ** min(rounds, 20), limits.retry_wait_max_s)
    return max(doubled * random.uniform(0.8, 1.2), asked_s or 0.0)  # noqa: S311 - jitter is no secret


def given_up(item: Item, outcome: Failing, *, now: datetime, revision: str) -> tuple[Delivery, Failure]:
    """End a change whose sender waits and hears that it is not done: nothing of it may be done later."""
    _, failure = park(
        item,
        Refused(outcome.reason, outcome.receipts, outcome.attempts),
        now=now,
        first_at=None,
        limits=ConnectionPolicy(),
        revision=revision,
    )
    delivery = Delivery(
        stage=item.stage,
        event_id=item.item_id,
        kind=item.kind,
        zaak=item.lane,
        state=DeliveryState.DROPPED,
        place=item.place,
        attempts=item.attempts + outcome.attempts,
        started_at=now,
        ended_at=now,
        receipts=write_receipts(outcome.receipts),
        revision=revision,
    )
    return delivery, resolved(failure, now=now)


def resolved(failure: Failure, *, now: datetime) -> Failure:
    """Close a failure: its record went on."""
    return failure._replace(state=FailureState.RESOLVED, last_at=now, next_at=None)


def failure_id_of(stage: str, item_id: str) -> str:
    """Name the failure of a record at a stage: the same chain of attempts has one record."""
    return str(uuid.uuid5(NAMESPACE, f"fout\x1f{stage}\x1f{item_id}"))


def write_receipts(receipts: Mapping[str, Receipt]) -> str:
    """Write receipts as the ledger keeps them."""
    said = {plain(key): [plain(receipt.url), plain(receipt.note)] for key, receipt in receipts.items()}
    return orjson.dumps(said).decode()


def read_receipts(text: str) -> dict[str, Receipt]:
    """Undo `write_receipts`."""
    return {key: Receipt(*parts) for key, parts in orjson.loads(text).items()}


def _advice(outcome: Failing, *, exhausted: bool) -> str:
    if isinstance(outcome, RetryAt | Unknown):
        if exhausted:
            return "tried for the whole retry period; when the target works again: zaakhub failures replay"
        return "is tried again by itself; nothing to do unless it lasts"
    if outcome.reason.advice:
        return outcome.reason.advice
    if isinstance(outcome, Refused):
        return "correct the content with zaakhub failures edit, then zaakhub failures replay"
    return "mend the cause, then zaakhub failures replay"
