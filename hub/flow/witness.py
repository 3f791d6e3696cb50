"""Waits with a sender until it is known what became of its message, and not longer than the sender does.

One look in the ledger serves everyone who waits in this process. It refuses to know what is answered.
"""

from __future__ import annotations

import asyncio
from typing import NamedTuple

import structlog

from hub.clock import Clock
from hub.config import policy
from hub.errors import HubUnavailable
from hub.flow.outcome import Reason
from hub.flow.park import failure_id_of
from hub.ledger.contract import Ledger
from hub.ledger.entries import Asked, DeliveryState, Fate

log = structlog.get_logger()


class Done(NamedTuple):
    """The target has it."""


class NotDone(NamedTuple):
    """It failed: `reason` says why."""

    reason: Reason


class NotYet(NamedTuple):
    """Nobody knows yet: it goes on, or waits for its turn."""


Settled = Done | NotDone | NotYet


class Witness:
    """Waits for all senders of one process."""

    def __init__(self, *, ledger: Ledger, clock: Clock) -> None:
        self._ledger = ledger
        self._clock = clock
        self._waiting: dict[Asked, tuple[float, list[asyncio.Future[Settled]]]] = {}
        self._looking: asyncio.Task[None] | None = None

    async def settled(self, asked: Asked, *, within_s: float) -> Settled:
        """Return as soon as it is known, and at the latest after `within_s`."""
        answer: asyncio.Future[Settled] = asyncio.get_running_loop().create_future()
        until = self._clock.monotonic() + within_s
        self._waiting.setdefault(asked, (until, []))[1].append(answer)
        if self._looking is None:
            self._looking = asyncio.create_task(self._look())
        return await answer

    async def _look(self) -> None:
        try:
            while self._waiting:
                await self._once()
                if self._waiting:
                    await self._clock.sleep(policy.ANSWER_POLL_S)
        finally:
            self._looking = None

    async def _once(self) -> None:
        asked = list(self._waiting)
        try:
            fates = await self._ledger.fates(asked)
        except HubUnavailable:
            log.warning("outcome_unknown_ledger_unavailable", waiting=len(asked))
            fates = {}
        except Exception as error:  # noqa: BLE001 - whatever it is, nobody may wait for ever
            log.warning("outcome_unknown", waiting=len(asked), error=type(error).__name__)
            fates = {}
        for each in asked:
            known = await self._told(each, fates.get(each.message_id))
            if known is None and self._waiting[each][0] <= self._clock.monotonic():
                known = NotYet()
            if known is not None:
                for answer in self._waiting.pop(each)[1]:
                    if not answer.done():
                        answer.set_result(known)

    async def _told(self, asked: Asked, fate: Fate | None) -> Settled | None:
        """Say what a fate means for who waits; None: go on waiting."""
        if fate is None:
            return None
        if fate.ended in (DeliveryState.DELIVERED, DeliveryState.UNDISTRIBUTED):
            return Done()
        if fate.ended is DeliveryState.DROPPED:
            at_target = failure_id_of(asked.stage, fate.event_id)
            return await self._why(at_target) or await self._why(failure_id_of(asked.connection, asked.message_id))
        if fate.waits is None:
            return None
        # Whatever it waits for takes longer than a sender does.
        return (await self._why(fate.failure_id) if fate.failure_id else None) or NotYet()

    async def _why(self, failure_id: str) -> NotDone | None:
        try:
            failure = await self._ledger.failure(failure_id)
        except Exception as error:  # noqa: BLE001 - as above
            log.warning("reason_unknown", failure=failure_id, error=type(error).__name__)
            return None
        if failure is None:
            return None
        return NotDone(Reason(failure.code, failure.reason, failure.fault, failure.advice, failure.where))
