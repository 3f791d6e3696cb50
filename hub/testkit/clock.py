"""A clock that stands still until it is told otherwise: waits end in order of their time, without waiting."""

from __future__ import annotations

import asyncio
import heapq
import itertools
from datetime import UTC, datetime, timedelta

BEGIN = datetime(2026, 11, 2, 8, 0, tzinfo=UTC)
"""A Monday morning."""


class FakeClock:
    """Implements hub.clock.Clock."""

    def __init__(self, begin: datetime = BEGIN) -> None:
        self._begin = begin
        self._passed_s = 0.0
        self._waits: list[tuple[float, int, asyncio.Future[None]]] = []
        self._number = itertools.count()

    def now(self) -> datetime:
        """Give the fake wall-clock time, in UTC."""
        return self._begin + timedelta(seconds=self._passed_s)

    def monotonic(self) -> float:
        """Give the seconds that passed."""
        return self._passed_s

    async def sleep(self, seconds: float) -> None:
        """Wait until somebody advanced the clock far enough."""
        if seconds <= 0:
            await asyncio.sleep(0)
            return
        wait: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        heapq.heappush(self._waits, (self._passed_s + seconds, next(self._number), wait))
        await wait

    def advance(self, seconds: float) -> None:
        """Let time pass: every wait that ends in it ends now, in order."""
        until = self._passed_s + seconds
        while self._waits and self._waits[0][0] <= until:
            self._passed_s, _, wait = heapq.heappop(self._waits)
            if not wait.done():
                wait.set_result(None)
        self._passed_s = until

    def next_wait_s(self) -> float | None:
        """Say how long until the first wait ends; None when nobody waits."""
        while self._waits and self._waits[0][2].done():
            heapq.heappop(self._waits)
        return self._waits[0][0] - self._passed_s if self._waits else None
