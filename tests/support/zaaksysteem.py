"""A hub in memory between the form engine and the zaaksysteem of the simulators, with the shipped connections."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import Any, NoReturn

from adapters.stuf_zds.simulator import Verzoek
from adapters.zgw.simulator import Catalogue, Simulator, create
from hub.config.connection import Connection
from hub.configuration import Configuration
from hub.net.auth import credentials_for
from hub.testkit.memory import ENVIRONMENT, Memory, MemoryHub, memory_hub, shipped_configuration
from hub.testkit.network import FAIR, FaultyNetwork, Weather


class Municipality:
    """The whole of it: send what the form engine says, look at what stands in the zaaksysteem."""

    def __init__(self, hub: MemoryHub, zaaksysteem: Simulator, network: FaultyNetwork) -> None:
        self.hub = hub
        self.zaaksysteem = zaaksysteem
        self.network = network

    async def send(self, *verzoeken: Verzoek) -> None:
        """Send and let the hub work."""
        for verzoek in verzoeken:
            await self.hub.accept(verzoek.body, headers=lower(verzoek.headers()))
        await self.hub.settle()

    def stand(self, zaak: str) -> dict[str, Any]:
        """Give what stands of a zaak: the zaak itself and its parts."""
        record = self.zaaksysteem.state.zaak(zaak)
        return {
            **record.view(),
            "rollen": list(record.rollen.values()),
            "statussen": list(record.statussen.values()),
            "resultaten": list(record.resultaten.values()),
            "zaakobjecten": list(record.zaakobjecten.values()),
            "eigenschappen": list(record.zaakeigenschappen.values()),
            "zaakinformatieobjecten": list(record.zaakinformatieobjecten.values()),
        }


def lower(headers: Mapping[str, str]) -> dict[str, str]:
    """Write header names as the ingress gives them."""
    return {name.lower(): value for name, value in headers.items()}


@asynccontextmanager
async def municipality(
    *,
    catalogue: Catalogue | None = None,
    configuration: Configuration | None = None,
    seed: int = 0,
    weather: Weather = FAIR,
    page_size: int = 100,
) -> AsyncIterator[Municipality]:
    """Run it."""
    memory = Memory()
    zaaksysteem = create(catalogue=catalogue, secret=ENVIRONMENT["ZGW_SECRET"], clock=memory.clock, page_size=page_size)
    networks: list[FaultyNetwork] = []

    def client_for(connection: Connection) -> FaultyNetwork:
        assert connection.target is not None
        credentials = credentials_for(connection.target.auth, memory.clock, _nothing_opens)

        async def headers() -> dict[str, str]:
            return {"host": "zaaksysteem", **await credentials.headers()}

        networks.append(
            FaultyNetwork(
                zaaksysteem.handle,
                connection.target.services,
                headers=headers,
                seed=seed,
                weather=weather,
            )
        )
        return networks[-1]

    async with memory_hub(configuration or shipped_configuration(), client_for, memory=memory) as hub:
        yield Municipality(hub, zaaksysteem, networks[0])


def _nothing_opens(*_: object, **__: object) -> NoReturn:
    raise AssertionError("in memory nobody gives out tokens")
