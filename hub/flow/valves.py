"""A worker follows the ledger in which of its stages are shut, and sees what time it is.

The ledger is the truth; an announcement only makes a worker look sooner. While the ledger is away stages stay as they
are known, and maintenance windows open and close all the same.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from contextlib import suppress

import structlog

from hub.bus.contract import Bus
from hub.clock import Clock
from hub.config import policy
from hub.errors import HubUnavailable
from hub.flow.standing import HUB, is_over
from hub.flow.valve import Valve
from hub.ledger.contract import Ledger
from hub.ledger.entries import OperatorAct
from hub.ledger.valves import Pause

log = structlog.get_logger()

HINT = "valve"
"""The key of the announcement that makes workers look; its value is the stage."""


async def tell(bus: Bus, control_topic: str, stage: str) -> None:
    """Make all workers look at once; they look soon in any case."""
    with suppress(HubUnavailable):
        await bus.announce(control_topic, HINT, stage.encode())


class Valves:
    """The valves of one worker."""

    def __init__(self, valves: Mapping[str, Valve], *, ledger: Ledger, clock: Clock) -> None:
        """Take the valves by stage."""
        self._valves = valves
        self._ledger = ledger
        self._clock = clock
        self._away = False
        self._wake = asyncio.Event()

    async def run(self, stopping: asyncio.Event) -> None:
        """Follow until `stopping`; never raises for what the ledger does."""
        while not stopping.is_set():
            self._wake.clear()
            try:
                await self.look()
                self._away = False
            except HubUnavailable as error:
                if not self._away:
                    log.warning("pauses_unknown", code=error.code)
                self._away = True
            await self._next_look(stopping)

    def wake(self) -> None:
        """Look at once: somebody said that something changed."""
        self._wake.set()

    async def look(self) -> None:
        """Bring what the ledger says to the valves; raises HubUnavailable, and has then seen what time it is."""
        changes = {stage: valve.changes for stage, valve in self._valves.items()}
        try:
            found = await self._ledger.pauses()
        except HubUnavailable:
            for valve in self._valves.values():
                valve.look()
            raise
        for stage, valve in self._valves.items():
            if valve.changes == changes[stage]:  # else what was read is older than what the valve itself did since
                valve.follow(pause for pause in found if pause.stage == stage)
        for pause in found:
            if is_over(pause, self._clock.now()):
                await self._tidy(pause)

    async def _tidy(self, pause: Pause) -> None:
        """Take away a pause that ended by itself; of several workers one does."""
        act = OperatorAct(
            "", "resume", HUB, f"its time is over; was paused: {pause.reason}", self._clock.now(), _on(pause.stage)
        )
        if await self._ledger.end_pause(pause, act):
            log.info("connection_resumed", stage=pause.stage, by=HUB)

    async def _next_look(self, stopping: asyncio.Event) -> None:
        waits = [
            asyncio.create_task(wait)
            for wait in (self._clock.sleep(policy.PAUSE_LOOK_S), self._wake.wait(), stopping.wait())
        ]
        try:
            await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for wait in waits:
                wait.cancel()


def _on(stage: str) -> str:
    return f"koppeling:{stage}"
