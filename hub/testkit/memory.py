"""A whole hub in memory, for proving promises in milliseconds.

It is the real flow on the embedded bus and the SQLite ledger, both without a file, under a fake clock and a network
that fails by seed.

It replaces nothing of `hub.flow`: what is proven here is what runs in production.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from pathlib import Path

from hub.app import App, Parts
from hub.bus.open import open_bus
from hub.config.connection import Connection
from hub.config.settings import Settings
from hub.configuration import Configuration
from hub.errors import MessageRefused
from hub.flow.entrance import Fulfilled, Received, TurnedAway, Welcome
from hub.ledger.entries import Failure, Seen
from hub.ledger.open import open_ledger
from hub.observe.metrics import Metrics
from hub.payloads.memory import MemoryPayloads
from hub.ports.contracts import Client
from hub.security.keys import KEY_BYTES, Keys
from hub.testkit.clock import FakeClock

ENVIRONMENT = {
    "ZGW_ZAKEN_URL": "http://zaaksysteem/zaken/api/v1/",
    "ZGW_CATALOGI_URL": "http://zaaksysteem/catalogi/api/v1/",
    "ZGW_DOCUMENTEN_URL": "http://zaaksysteem/documenten/api/v1/",
    "ZGW_BESLUITEN_URL": "http://zaaksysteem/besluiten/api/v1/",
    "ZGW_SECRET": "a secret of more than thirty-two bytes",
}
"""What the shipped connections need; the host exists in the fake network only."""

TURNS = 100
"""Turns of the loop between two waits: more than any piece of work of the hub takes without waiting."""


class MemoryHub:
    """One hub, and what a test does to it."""

    def __init__(self, app: App, clock: FakeClock, *, turn_s: float) -> None:
        self.app = app
        self.clock = clock
        self._turn_s = turn_s  # real time: with files, a thread writes them

    async def accept(
        self, body: bytes, *, connection: str = "formulieren-naar-zaken", headers: Mapping[str, str] | None = None
    ) -> Seen:
        """Bring a message to the door, as HTTP would; raises MessageRefused."""
        http = {"content-type": "text/xml; charset=utf-8", **(headers or {})}
        received = await self.app.reception.receive(self.app.entrances[connection], _whole(body), http)
        if isinstance(received, TurnedAway):
            refusal = received.refusal
            raise MessageRefused(
                refusal.reason, code=refusal.code, path=refusal.path, line=refusal.line, status=refusal.status
            )
        assert isinstance(received, Welcome | Fulfilled), "this message is answered: converse"
        return received.seen

    async def converse(
        self, body: bytes, *, connection: str = "formulieren-naar-zaken", headers: Mapping[str, str] | None = None
    ) -> Received:
        """Bring a message that waits for more than a receipt; time passes until it has it."""
        http = {"content-type": "text/xml; charset=utf-8", **(headers or {})}
        receiving = asyncio.create_task(self.app.reception.receive(self.app.entrances[connection], _whole(body), http))
        while not receiving.done():
            for _ in range(TURNS):
                await asyncio.sleep(self._turn_s)
            if not receiving.done():
                self.clock.advance(self.clock.next_wait_s() or 0)
        return await receiving

    async def settle(self, *, for_s: float = 5.0) -> None:
        """Let the hub work until everything accepted is delivered or parked, letting at most `for_s` pass."""
        until = self.clock.monotonic() + for_s
        while not await self._idle_within(TURNS):
            wait_s = self.clock.next_wait_s()
            if wait_s is None or self.clock.monotonic() + wait_s > until:
                raise AssertionError("the hub is still busy: a record is stuck")
            self.clock.advance(wait_s)

    async def let_pass(self, seconds: float) -> None:
        """Let time pass, wait by wait, so that everything that becomes due is done in its order."""
        await self.settle()
        await self.pause(seconds)
        await self.settle()

    async def pause(self, seconds: float) -> None:
        """Let time pass, wait by wait, whatever waits for something else than time."""
        until = self.clock.monotonic() + seconds
        await self._turn()
        while (wait_s := self.clock.next_wait_s()) is not None and self.clock.monotonic() + wait_s <= until:
            self.clock.advance(wait_s)
            await self._turn()
        self.clock.advance(until - self.clock.monotonic())
        await self._turn()

    async def failures(self) -> list[Failure]:
        """Give the failures, newest first."""
        return await self.app.ledger.failures()

    async def _turn(self) -> None:
        for _ in range(TURNS):
            await asyncio.sleep(self._turn_s)

    async def _idle_within(self, turns: int) -> bool:
        for _ in range(turns):
            await asyncio.sleep(self._turn_s)
            if await self._idle():
                return True
        return False

    async def _idle(self) -> bool:
        stages = self.app.running.values()
        if not stages or not all(stage.partitions for stage in stages):
            return False
        return not any([await stage.lag() + stage.backlog for stage in stages])


class Memory:
    """What survives a crash of a hub in memory: the bus, the ledger, the contents, and time.

    Make a second hub on the same memory to see what a restart does.
    """

    def __init__(self, folder: Path | None = None) -> None:
        """Take a `folder` where what must outlive a hub is kept; without one it goes with the hub."""
        self.clock = FakeClock()
        self.turn_s = 0.001 if folder else 0.0
        self.payloads = MemoryPayloads()
        self._bus = f"embedded:{folder / 'bus.sqlite'}" if folder else "embedded::memory:"
        self._ledger = f"sqlite:{folder / 'ledger.sqlite'}" if folder else "sqlite::memory:"

    def parts(self, client_for: Callable[[Connection], Client]) -> Parts:
        """Give the parts of a hub."""
        return Parts(
            bus=open_bus(self._bus, clock=self.clock, client_id="testkit"),
            ledger=open_ledger(self._ledger, clock=self.clock),
            payloads=self.payloads,
            clock=self.clock,
            client_for=client_for,
            keys=Keys(lambda: bytes(KEY_BYTES)),
        )


@asynccontextmanager
async def memory_hub(
    configuration: Configuration, client_for: Callable[[Connection], Client], *, memory: Memory | None = None
) -> AsyncIterator[MemoryHub]:
    """Run a hub; `client_for` gives the far side of an outbound connection."""
    memory = memory or Memory()
    stop = asyncio.Event()
    app = App(configuration, memory.parts(client_for), metrics=Metrics())
    async with app, asyncio.TaskGroup() as group:
        working = group.create_task(app.work(stop))
        try:
            yield MemoryHub(app, memory.clock, turn_s=memory.turn_s)
        finally:
            stop.set()
            while not working.done():
                memory.clock.advance(memory.clock.next_wait_s() or 0)
                await asyncio.sleep(memory.turn_s)


def shipped_configuration() -> Configuration:
    """Load the connections that come with the hub."""
    return Configuration.load(Settings(), ENVIRONMENT)


async def _whole(body: bytes) -> AsyncIterator[bytes]:
    yield body
