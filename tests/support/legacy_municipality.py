"""A hub in memory between a form engine and a legacy zaaksysteem: StUF in, StUF out."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from shutil import copytree

from adapters.stuf_zds.afzender import Verzoek
from adapters.stuf_zds.zaaksysteem import Zaaksysteem
from hub.config.connection import Connection
from hub.config.settings import Settings
from hub.config.shipped import shipped
from hub.configuration import Configuration
from hub.testkit.memory import Memory, MemoryHub, memory_hub
from hub.testkit.network import FAIR, FaultyNetwork, Weather
from tests.support.zaaksysteem import lower

ENVIRONMENT = {"ZDS_URL": "http://legacy.test/zaaksysteem/"}
FORMULIEREN, LEGACY = "formulieren-naar-zaken", "zaken-naar-stuf"


class LegacyMunicipality:
    """The whole of it: send what a form engine or the zaaksysteem says, look at what stands there."""

    def __init__(self, hub: MemoryHub, zaaksysteem: Zaaksysteem, network: FaultyNetwork) -> None:
        self.hub = hub
        self.zaaksysteem = zaaksysteem
        self.network = network

    async def send(self, *verzoeken: Verzoek) -> None:
        """Send and let the hub work."""
        for verzoek in verzoeken:
            await self.hub.accept(verzoek.body, headers=lower(verzoek.headers()))
        await self.hub.settle()

    def sent_under(self, service: str) -> str:
        """Give the referentienummer of the last message for a service that reached the zaaksysteem."""
        return next(each.referentienummer for each in reversed(self.zaaksysteem.log) if each.service == service)


def legacy_configuration(folder: Path) -> Configuration:
    """Load the shipped connection of form engines, and the example that delivers to a legacy zaaksysteem."""
    root = folder / "mappings"
    for name in ("_parts", "_codes", FORMULIEREN):
        copytree(shipped("mappings") / name, root / name)
    copytree(shipped("mappings") / "_voorbeelden" / LEGACY, root / LEGACY)
    file = root / FORMULIEREN / "connection.yaml"
    file.write_text(file.read_text().replace("zaken-naar-zgw", LEGACY))
    return Configuration.load(Settings(mappings=root), ENVIRONMENT)


@asynccontextmanager
async def legacy_municipality(
    configuration: Configuration,
    *,
    zaaksysteem: Zaaksysteem | None = None,
    seed: int = 0,
    weather: Weather = FAIR,
) -> AsyncIterator[LegacyMunicipality]:
    """Run it."""
    zaaksysteem = zaaksysteem or Zaaksysteem()
    networks: list[FaultyNetwork] = []

    def client_for(connection: Connection) -> FaultyNetwork:
        assert connection.target is not None
        networks.append(FaultyNetwork(zaaksysteem.handle, connection.target.services, seed=seed, weather=weather))
        return networks[-1]

    async with memory_hub(configuration, client_for, memory=Memory()) as hub:
        yield LegacyMunicipality(hub, zaaksysteem, networks[0])
