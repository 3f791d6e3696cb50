"""The mark by which a message that ended may go once more: signed, and good for one message in one plan.

A copy is known by an id of its own (`<message>~<plan>`), so that it leaves its own delivery behind and nothing of the
first is overwritten. Whoever makes up such an id lacks the signature, and what went once by it does not go again. It
knows the key; it refuses to know why something is sent again.
"""

from __future__ import annotations

import hmac
import uuid
from collections.abc import Callable

import structlog

from hub.bus.contract import Headers
from hub.errors import HubUnavailable
from hub.flow.dedupe import NAMESPACE
from hub.flow.outcome import Delivered, Outcome, Reason, Refused, outcome_of
from hub.flow.park import Item
from hub.flow.records import EFFECT, UNTIL
from hub.ledger.contract import Ledger
from hub.ledger.plans import COPY_MARK

log = structlog.get_logger()

REPLAY = "zh_replay"
"""Header of a copy: `<plan>.<signature>`. Only the ledger has it: on the bus it means nothing."""

FORGED = Refused(
    Reason(
        "kenmerk",
        "this copy of a message was not made by a replay plan of this hub",
        "zaakhub",
        "find out who put it in the queue, then drop it",
        "",
    ),
    {},
    1,
)

OVERTAKEN = Refused(
    Reason(
        "ingehaald",
        "a newer message of this zaak went on while the plan ran: this copy would undo it",
        "zaakhub",
        "drop it; to send it all the same, freeze a plan that replays what is superseded",
        "",
    ),
    {},
    1,
)


def original_of(entry_id: str) -> str:
    """Give the message that a copy is of; of any other, the message itself."""
    return entry_id.partition(COPY_MARK)[0]


class Replays:
    """Signs copies, and recognises them."""

    def __init__(self, key: Callable[[], bytes], ledger: Ledger) -> None:
        """Take what gives the key: it is read when the first copy is signed or seen."""
        self._key = key
        self._ledger = ledger

    def signed(self, headers: Headers, stage: str, entry_id: str) -> Headers:
        """Give the headers of a copy for a stage. Nobody waits for it, whoever waited for the message."""
        plan_id = entry_id.rpartition(COPY_MARK)[2]
        kept = tuple(each for each in headers if each[0] not in (REPLAY, UNTIL, EFFECT))
        return (*kept, (REPLAY, f"{plan_id}.{self._signature(stage, entry_id)}".encode()))

    async def stopped(self, item: Item) -> Outcome | None:
        """Say how a record ends that must not go on: a copy that no plan made, or that went before. None for others."""
        token = _token(item.headers)
        if not is_copy(item):
            if token:
                log.warning("replay_mark_ignored", stage=item.stage, item=item.item_id)
            return None
        plan_id, _, signature = token.partition(".")
        expected = self._signature(item.stage, item.item_id)
        if plan_id != item.item_id.rpartition(COPY_MARK)[2] or not hmac.compare_digest(signature, expected):
            log.warning("replay_mark_forged", stage=item.stage, item=item.item_id)
            return FORGED
        try:
            ended = await self._ledger.delivered(item.item_id)
            # What was at the target when the plan let this go was not known then.
            overtaken = await self._ledger.overtaken(plan_id, item.stage, item.item_id)
        except HubUnavailable as error:
            return outcome_of(error, where="", receipts=item.receipts, attempts=1)
        if any(each.stage == item.stage for each in ended):
            log.warning("replay_mark_used", stage=item.stage, item=item.item_id)
            return Delivered(item.receipts, 1)
        return OVERTAKEN if overtaken else None

    def _signature(self, stage: str, entry_id: str) -> str:
        item_id, _, plan_id = entry_id.rpartition(COPY_MARK)
        return hmac.digest(self._key(), f"{plan_id}\x1f{stage}\x1f{item_id}".encode(), "sha256").hex()


def is_copy(item: Item) -> bool:
    """Say whether a record passes for a copy: whether a plan made it is for `Replays` to say."""
    return item.parked is not None and COPY_MARK in item.item_id


def event_again(event_id: str, item: Item) -> str:
    """Name the event that a copy of a message becomes: another than the first, and the same at every attempt."""
    return str(uuid.uuid5(NAMESPACE, f"{event_id}\x1f{_token(item.headers)}"))


def _token(headers: Headers) -> str:
    return next((value.decode() for name, value in headers if name == REPLAY), "")
