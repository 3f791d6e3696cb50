"""A hub in memory between a makelaar and an application that is told: changes of persons in, and out, over StUF-BG."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from shutil import rmtree
from typing import Any

import orjson

from adapters.stuf_bg.simulator.afnemer import Afnemer
from hub.bus.contract import Received
from hub.config.connection import Connection
from hub.config.settings import Settings
from hub.configuration import Configuration
from hub.testkit.memory import Memory, MemoryHub, memory_hub
from hub.testkit.network import FAIR, FaultyNetwork, Weather
from tests.support.bg_bericht import soap
from tests.support.examples import with_examples
from tests.support.tap import records_on

IN = "personen-bijhouden"
UIT = {
    "personen": "personen-naar-afnemers",
    "bedrijven": "bedrijven-naar-afnemers",
    "adressen": "adressen-naar-afnemers",
}
"""The connection that tells of each domain."""

ENVIRONMENT = {"STUF_BG_AFNEMER_URL": "http://belastingen.test/stuf/"}


class Gemeente:
    """The whole of it: say what the makelaar says, look at what the application was told."""

    def __init__(self, hub: MemoryHub, afnemer: Afnemer) -> None:
        self.hub = hub
        self.afnemer = afnemer

    async def send(self, *messages: str) -> None:
        """Send and let the hub work."""
        for message in messages:
            await self.hub.accept(soap(message), connection=IN)
        await self.hub.settle()

    async def events(self, domein: str = "personen") -> list[tuple[str, dict[str, Any]]]:
        """Give the events of a domain by type and data; those about one thing are in their order."""
        found = await records_on(self.hub.app, self.hub.app.topics.events(domein))
        return [(dict(each.headers)["ce_type"].decode(), orjson.loads(each.value)) for each in found]

    async def records(self) -> list[Received]:
        """Give all that lies on the bus, raw messages and events."""
        topics = self.hub.app.topics
        names = [topics.inbound(IN), *map(topics.events, UIT)]
        return [each for name in names for each in await records_on(self.hub.app, name)]


def configuration_of(folder: Path, *, edit: dict[str, str] | None = None) -> Configuration:
    """Load the examples; `edit` is text to put in the place of other text in the connection that takes changes in."""
    root = with_examples(folder, IN, *UIT.values())
    for name in ("formulieren-naar-zaken", "zaken-naar-zgw"):
        rmtree(root / name)
    file = root / IN / "connection.yaml"
    for old, new in (edit or {}).items():
        text = file.read_text()
        assert old in text
        file.write_text(text.replace(old, new))
    return Configuration.load(Settings(mappings=root), ENVIRONMENT)


@asynccontextmanager
async def gemeente(
    configuration: Configuration,
    *,
    afnemer: Afnemer | None = None,
    seed: int = 0,
    weather: Weather = FAIR,
    memory: Memory | None = None,
) -> AsyncIterator[Gemeente]:
    """Run it."""
    memory = memory or Memory()
    told = afnemer or Afnemer(clock=memory.clock)

    def client_for(connection: Connection) -> FaultyNetwork:
        assert connection.target is not None
        return FaultyNetwork(told.handle, connection.target.services, seed=seed, weather=weather)

    async with memory_hub(configuration, client_for, memory=memory) as hub:
        yield Gemeente(hub, told)
