"""How stages are doing: each worker writes it in the ledger every few seconds, and whoever wants to know adds it up.

It knows rates, ages and sums. It refuses to know how they are shown.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from datetime import datetime, timedelta
from typing import NamedTuple

import structlog

from hub.clock import Clock
from hub.config import policy
from hub.config.connection import Connection
from hub.errors import HubUnavailable
from hub.flow.stage import Stage
from hub.flow.standing import Flow, Standing, standing
from hub.ledger.contract import Ledger
from hub.ledger.vitals import Vital, Waiting
from hub.net.breaker import BreakerState

log = structlog.get_logger()

CertificateEnds = Callable[[str], datetime | None]
"""Says until when the certificate is valid that a connection shows, as far as it shows one."""


class Vitals:
    """Writes how the stages of one worker are doing."""

    def __init__(
        self,
        worker: str,
        stages: Mapping[str, Stage],
        *,
        certificate_ends: CertificateEnds,
        ledger: Ledger,
        clock: Clock,
    ) -> None:
        self._worker = worker
        self._stages = stages
        self._certificate_ends = certificate_ends
        self._ledger = ledger
        self._clock = clock

    async def run(self, stopping: asyncio.Event) -> None:
        """Write until `stopping`; never raises for what the bus or the ledger does."""
        try:
            while not stopping.is_set():
                try:
                    await self.write()
                except HubUnavailable as error:
                    log.warning("vitals_not_written", code=error.code)
                await self._next(stopping)
        finally:
            with suppress(HubUnavailable):
                await self._ledger.drop_vitals(self._worker)

    async def write(self) -> None:
        """Write once; raises HubUnavailable."""
        # Of a member that stands by there is nothing to say: the one that works says it.
        found = [await self._vital(stage) for stage in self._stages.values() if stage.partitions]
        stale_before = self._clock.now() - timedelta(seconds=policy.VITALS_WINDOW_S)
        await self._ledger.put_vitals(found, stale_before=stale_before)

    async def _vital(self, stage: Stage) -> Vital:
        counted = stage.pulse.counted()
        return Vital(
            worker=self._worker,
            stage=stage.name,
            at=self._clock.now(),
            lag=max(0, await stage.lag()),
            backlog=stage.backlog,
            oldest_at=stage.oldest_at,
            went_on=counted.went_on,
            failed=counted.failed,
            window_s=counted.window_s,
            breaker=stage.breaker.state.value if stage.breaker is not None else BreakerState.CLOSED.value,
            certificate_ends_at=self._certificate_ends(stage.name),
        )

    async def _next(self, stopping: asyncio.Event) -> None:
        waits = [asyncio.create_task(wait) for wait in (self._clock.sleep(policy.VITALS_EVERY_S), stopping.wait())]
        try:
            await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for wait in waits:
                wait.cancel()


class Condition(NamedTuple):
    """How one connection is doing, over all workers that live. Rates are per minute.

    `oldest_at` is since when the oldest message that has not gone on is on the bus, or in a queue; `drained_in_s` is
    None when nothing moves.
    """

    connection: str
    standing: Standing
    workers: int
    per_minute: float
    failed_per_minute: float
    lag: int
    backlog: int
    oldest_at: datetime | None
    drained_in_s: float | None
    waiting: Waiting
    breaker: BreakerState
    certificate_ends_at: datetime | None


async def overview(ledger: Ledger, connections: Mapping[str, Connection], now: datetime) -> dict[str, Condition]:
    """Say how every connection is doing; raises HubUnavailable."""
    vitals = await ledger.vitals(now - timedelta(seconds=policy.VITALS_LIVE_S))
    pauses = await ledger.pauses()
    waiting = await ledger.waiting()
    return {
        name: _condition(
            name,
            standing((each for each in pauses if each.stage == name), connection.windows, now),
            [each for each in vitals if each.stage == name],
            waiting.get(name, Waiting()),
        )
        for name, connection in connections.items()
    }


def _condition(name: str, stands: Standing, vitals: Sequence[Vital], waiting: Waiting) -> Condition:
    # Of a worker that has just begun the first second says little.
    per_s = sum(each.went_on / max(each.window_s, policy.VITALS_EVERY_S) for each in vitals)
    failed_per_s = sum(each.failed / max(each.window_s, policy.VITALS_EVERY_S) for each in vitals)
    lag = sum(each.lag for each in vitals)
    moves_per_s = per_s if stands.flow is Flow.RUNNING else 0.0
    return Condition(
        connection=name,
        standing=stands,
        workers=len({each.worker for each in vitals}),
        per_minute=60 * per_s,
        failed_per_minute=60 * failed_per_s,
        lag=lag,
        backlog=sum(each.backlog for each in vitals),
        oldest_at=_earliest([waiting.oldest_at, *(each.oldest_at for each in vitals)]),
        drained_in_s=_drained_in_s(lag + waiting.parked, moves_per_s),
        waiting=waiting,
        breaker=_worst(BreakerState(each.breaker) for each in vitals),
        certificate_ends_at=_earliest(each.certificate_ends_at for each in vitals),
    )


def _drained_in_s(count: int, per_s: float) -> float | None:
    if count == 0:
        return 0.0
    return count / per_s if per_s > 0 else None


def _earliest(moments: Iterable[datetime | None]) -> datetime | None:
    return min((at for at in moments if at is not None), default=None)


def _worst(states: Iterable[BreakerState]) -> BreakerState:
    found = set(states)
    return next((each for each in (BreakerState.OPEN, BreakerState.HALF_OPEN) if each in found), BreakerState.CLOSED)
