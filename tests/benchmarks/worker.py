"""One worker of either side, in a process of its own, measured by itself.

`python -m tests.benchmarks.worker <side>`: it opens everything, says `ready`, works when told to go, and when told to
stop finishes what is in hand and says the CPU time it took in between: all threads, without start-up.
"""

from __future__ import annotations

import asyncio
import os
import sys
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager

import uvloop

from hub.app import App
from hub.cli.run import settle
from hub.clock import SystemClock
from hub.config.settings import Settings
from hub.observe.logs import configure_logs
from tests.benchmarks.child import Parent
from tests.benchmarks.floor_embedded import embedded_floor
from tests.benchmarks.floor_kafka import kafka_floor

Work = Callable[[asyncio.Event], Awaitable[None]]


@asynccontextmanager
async def hub() -> AsyncIterator[Work]:
    """Be what `zaakhub work` is, without its health port; settings come from the environment as they always do."""
    configure_logs("warning", clock=SystemClock())
    async with App.open(Settings.read(os.environ), os.environ, client_id="benchmark") as app:
        yield app.work


SIDES: dict[str, Callable[[], AbstractAsyncContextManager[Work]]] = {
    "hub": hub,
    "embedded-floor": embedded_floor,
    "kafka-floor": kafka_floor,
}


async def _main(side: str) -> None:
    async with Parent.of() as parent, SIDES[side]() as work:
        settle()  # both sides: it is a technique, not a property of one of them
        parent.say(ready=True)
        if await parent.hear() is None:
            return
        stop = asyncio.Event()
        started_ns = time.process_time_ns()
        working = asyncio.ensure_future(work(stop))
        listening = asyncio.create_task(parent.hear())
        await asyncio.wait({working, listening}, return_when=asyncio.FIRST_COMPLETED)
        stop.set()
        await working
        parent.say(cpu_us=(time.process_time_ns() - started_ns) / 1000)
        await listening


if __name__ == "__main__":
    uvloop.run(_main(sys.argv[1]))
