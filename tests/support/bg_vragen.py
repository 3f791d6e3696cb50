"""A whole hub in memory with the door for StUF-BG, and the sources behind it played by what a test says they answer."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, NamedTuple, NoReturn

import orjson
from lxml import etree

from hub.config.connection import Connection
from hub.config.load import load_connection
from hub.config.settings import Settings
from hub.config.verwerking import Afnemer
from hub.configuration import Configuration
from hub.desk.tools import StandIn
from hub.ingress.asgi import Ingress
from hub.mapping.compile import load_mappings
from hub.ports.contracts import Asking, Client, Response
from hub.ports.registry import Registry
from hub.testkit.memory import MemoryHub, memory_hub
from hub.wire import xml
from tests.support.asgi import Answer, ask

Json = dict[str, Any]

NAME = "vragen-naar-personen"
MAPPINGS = Path(__file__).parents[2] / "mappings"
EXAMPLES = MAPPINGS / "_voorbeelden"
BRONNEN = ("personen-uit-brp", "adressen-uit-bag", "bedrijven-uit-kvk")


class Gesteld(NamedTuple):
    """One call to a source."""

    method: str
    path: str
    query: Mapping[str, str]
    vraag: Any


class Script:
    """Implements hub.ports.contracts.Client: answers a source's calls as a test says, and keeps what was asked."""

    def __init__(self, answer: Callable[[Gesteld], Json]) -> None:
        self.gesteld: list[Gesteld] = []
        self._answer = answer

    async def request(
        self,
        method: str,
        service: str,  # noqa: ARG002
        path: str,
        *,
        query: Mapping[str, str] | None = None,
        json: object = None,
        body: AsyncIterator[bytes] | bytes | None = None,  # noqa: ARG002
        headers: Mapping[str, str] | None = None,  # noqa: ARG002
    ) -> Response:
        asked = Gesteld(method, path, query or {}, orjson.loads(orjson.dumps(json)))
        self.gesteld.append(asked)
        return Response(200, {"content-type": "application/json"}, orjson.dumps(self._answer(asked)))

    def download(self, *_: object, **__: object) -> NoReturn:
        raise AssertionError("there is nothing to download")

    def soap_security(self) -> str:
        return ""


class Deur:
    """The hub and its door."""

    def __init__(self, hub: MemoryHub) -> None:
        self.hub = hub
        self._ingress = Ingress(hub.app, doors=True)

    async def vraag(self, body: bytes) -> Answer:
        """Ask over HTTP."""
        headers = {"content-type": "text/xml; charset=utf-8"}
        return await ask(self._ingress, f"/in/{NAME}", body, headers=headers)

    async def antwoord(self, body: bytes) -> etree._Element:
        """Ask, and give the message element of the answer."""
        answer = await self.vraag(body)
        return message_in(answer.body)


def message_in(body: bytes) -> etree._Element:
    """Give the message element in a SOAP envelope."""
    return next(each for each in xml.parse(body).iter("{*}*") if each.find("{*}stuurgegevens") is not None)


def connection_of(name: str) -> Connection:
    """Load an example connection."""
    return load_connection(EXAMPLES / name, StandIn())


@asynccontextmanager
async def deur(client: Client, *, afnemers: tuple[Afnemer, ...] = ()) -> AsyncIterator[Deur]:
    """Run the hub with the example connections; `afnemers` take the place of those of the example."""
    registry = Registry()
    door = connection_of(NAME)
    if afnemers:
        door = door.model_copy(update={"afnemers": afnemers})
    sources = {name: connection_of(name) for name in BRONNEN}
    asking: dict[str, Asking] = {name: registry.asking(each) for name, each in sources.items()}
    configuration = Configuration(
        settings=Settings(mappings=EXAMPLES),
        connections={NAME: door, **sources},
        inbound={NAME: registry.inbound(door)},
        outbound={},
        mappings={
            name: load_mappings(EXAMPLES / name, root=MAPPINGS, forms=registry.forms(each.adapter))
            for name, each in {NAME: door, **sources}.items()
        },
        lookups=asking,
        asking=asking,
    )
    async with memory_hub(configuration, lambda _: client) as hub:
        yield Deur(hub)
