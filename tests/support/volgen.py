"""Hubs in memory that follow persons and companies: the examples of both, with the sources of them simulated."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, NamedTuple

import orjson

from adapters.brp import fetch as brp_fetch
from adapters.brp import inbound as brp_inbound
from adapters.brp.options import InboundOptions as BrpOptions
from adapters.brp.simulator import KEY as BRP_KEY
from adapters.brp.simulator import Brp
from adapters.brp.simulator import create as create_brp
from adapters.kvk import fetch as kvk_fetch
from adapters.kvk import inbound as kvk_inbound
from adapters.kvk import poll as kvk_poll
from adapters.kvk.options import InboundOptions as KvkOptions
from adapters.kvk.simulator import KEY as KVK_KEY
from adapters.kvk.simulator import KEY_HEADER
from adapters.kvk.simulator import Simulator as Kvk
from adapters.kvk.simulator import create as create_kvk
from hub.config.access import Anybody
from hub.config.connection import Connection, Direction
from hub.config.policy import ConnectionPolicy
from hub.config.recheck import Recheck
from hub.config.settings import Settings
from hub.config.target import Target
from hub.config.verwerking import Verwerking
from hub.configuration import Configuration
from hub.event.envelope import Event
from hub.mapping.compile import load_mappings
from hub.ports.simulator import ConnectionCut, Simulator
from hub.testkit.memory import Memory, MemoryHub, memory_hub
from hub.testkit.network import FaultyNetwork
from tests.support.tap import records_on

ROOT = Path(__file__).parents[2] / "mappings"
PERSONEN, BEDRIJVEN = "personen-uit-signalen", "bedrijven-bijhouden"
ELDERS = "personen-van-elders"
RECHECK = Recheck(first_s=3600, every_s=24 * 3600, times=3)
HOUR, DAY = 3600.0, 24 * 3600.0
_LEAP, _SCANS = 6 * 3600.0, 3.0
"""How much time passes at once, and what a worker needs to look for what is due."""
_VERWERKING = Verwerking(activiteit="https://register.example/verwerkingen/volgen", grondslag="Wet BRP art. 3.5")
_JSON = {"content-type": "application/json"}


class Volgend(NamedTuple):
    """The hub, and what it asks."""

    hub: MemoryHub
    brp: Brp
    kvk: Kvk
    memory: Memory

    async def signal(self, bsn: str, **more: object) -> None:
        """Tell of a person."""
        body = orjson.dumps({"burgerservicenummer": bsn, **more})
        await self.hub.accept(body, connection=PERSONEN, headers=_JSON)

    async def passes(self, seconds: float) -> None:
        """Let hours or days pass in a few leaps, each followed by what is due then."""
        left = seconds
        while left > 0:
            leap = min(left, _LEAP)
            self.memory.clock.advance(leap)
            await self.hub.let_pass(_SCANS)
            left -= leap + _SCANS

    async def events(self, domain: str) -> list[Event]:
        """Give all events on the bus."""
        records = await records_on(self.hub.app, self.hub.app.topics.events(domain))
        return [Event.read(each.headers, each.value) for each in records]

    async def persons(self) -> list[dict[str, Any]]:
        """Give the persons that were told, in order."""
        return [each.data["persoon"] for each in await self.events("personen")]

    def asked(self) -> list[dict[str, Any]]:
        """Give what the BRP was asked."""
        return [orjson.loads(each.body) for each in self.brp.requests]

    def moves(self, bsn: str, huisnummer: int) -> None:
        """Let somebody move, as far as the BRP knows."""
        for at, each in enumerate(self.brp.personen):
            if each["burgerservicenummer"] == bsn:
                verblijfplaats = {**each["verblijfplaats"], "huisnummer": str(huisnummer)}
                self.brp.personen[at] = {**each, "verblijfplaats": verblijfplaats}


@asynccontextmanager
async def volgend(
    *,
    recheck: Recheck | None = RECHECK,
    memory: Memory | None = None,
    brp: Brp | None = None,
    kvk: Kvk | None = None,
    kvk_options: KvkOptions | None = None,
    verwerking: Verwerking | None = _VERWERKING,
    limits: ConnectionPolicy | None = None,
    shadow: bool = False,
    elders: Brp | None = None,
) -> AsyncIterator[Volgend]:
    """Run it. `limits` are of the connection that follows companies, which looks every hour.

    `elders` is another source of persons, with a connection of its own.
    """
    memory = memory or Memory()
    brp = brp or create_brp(clock=memory.clock)
    kvk = kvk or create_kvk(clock=memory.clock)
    kvk_options = kvk_options or KvkOptions()
    folders = {name: ROOT / "_voorbeelden" / name for name in (PERSONEN, BEDRIJVEN)}
    connections = {
        PERSONEN: _connection(PERSONEN, "brp", "personen", verwerking).model_copy(
            update={"recheck": recheck, "shadow": shadow}
        ),
        BEDRIJVEN: _connection(BEDRIJVEN, "kvk", "kvk", verwerking).model_copy(
            update={"policy": limits or ConnectionPolicy(backstop_every_s=HOUR, backstop_days=7)}
        ),
    }
    configuration = Configuration(
        settings=Settings(mappings=ROOT),
        connections=connections,
        inbound={PERSONEN: brp_inbound.create(BrpOptions()), BEDRIJVEN: kvk_inbound.create(kvk_options)},
        outbound={},
        mappings={name: load_mappings(folder, root=ROOT) for name, folder in folders.items()},
        fetching={
            **dict.fromkeys((PERSONEN, ELDERS), brp_fetch.create(BrpOptions())),
            BEDRIJVEN: kvk_fetch.create(kvk_options),
        },
        polling={BEDRIJVEN: kvk_poll.create(kvk_options)},
    )
    networks = {
        PERSONEN: FaultyNetwork(
            _far(brp), {"personen": "http://brp/haalcentraal/api/brp"}, headers=_key("X-API-KEY", BRP_KEY)
        ),
        BEDRIJVEN: FaultyNetwork(_far(kvk), {"kvk": "http://kvk/api"}, headers=_key(KEY_HEADER, KVK_KEY)),
    }
    if elders is not None:
        configuration.connections[ELDERS] = configuration.connections[PERSONEN].model_copy(
            update={"connection": ELDERS, "recheck": None}
        )
        configuration.inbound[ELDERS] = configuration.inbound[PERSONEN]
        configuration.mappings[ELDERS] = configuration.mappings[PERSONEN]
        networks[ELDERS] = FaultyNetwork(
            _far(elders), {"personen": "http://brp/haalcentraal/api/brp"}, headers=_key("X-API-KEY", BRP_KEY)
        )
    async with memory_hub(configuration, lambda each: networks[each.connection], memory=memory) as hub:
        yield Volgend(hub, brp, kvk, memory)


def _connection(name: str, adapter: str, service: str, verwerking: Verwerking | None) -> Connection:
    return Connection(
        connection=name,
        direction=Direction.INBOUND,
        adapter=adapter,
        access=(Anybody(kind="none"),),
        target=Target(services={service: f"http://{adapter}/"}),
        verwerking=verwerking,
    )


def _far(simulator: Simulator) -> Callable[..., Awaitable[Any]]:
    async def handle(
        method: str, path: str, query: Mapping[str, str], headers: Mapping[str, str], body: bytes = b""
    ) -> object:
        try:
            return await simulator.handle(method, path, query, headers, body)
        except ConnectionCut:
            raise ConnectionError from None

    return handle


def _key(header: str, key: str) -> Callable[[], Awaitable[Mapping[str, str]]]:
    async def headers() -> Mapping[str, str]:
        return {header: key}

    return headers
