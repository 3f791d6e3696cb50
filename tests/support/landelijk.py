"""A whole hub in memory with both doors for questions, StUF-BG and REST, and the simulators of BRP, BAG and KVK."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import Any, NamedTuple, NoReturn

import orjson
from lxml import etree
from pydantic import TypeAdapter

from adapters.bag import simulator as bag
from adapters.brp import simulator as brp
from adapters.brp.simulator.records import PERSONEN
from adapters.kvk import simulator as kvk
from hub.config.access import Access
from hub.config.policy import ConnectionPolicy
from hub.config.settings import Settings
from hub.config.verwerking import Afnemer
from hub.configuration import Configuration
from hub.errors import TargetUnavailable, TargetUncertain
from hub.ingress.asgi import Ingress
from hub.mapping.compile import load_mappings
from hub.ports.contracts import Asking, Response
from hub.ports.registry import Registry
from hub.ports.simulator import ConnectionCut, Simulator
from hub.testkit.clock import FakeClock
from hub.testkit.memory import MemoryHub, memory_hub
from tests.support.asgi import Answer, ask
from tests.support.bg_vragen import BRONNEN, EXAMPLES, MAPPINGS, connection_of, message_in

STUF, REST = "vragen-naar-personen", "vragen-van-toepassingen"
ENVELOPE = '<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Body>{}</s:Body></s:Envelope>'
SPACES = (
    'xmlns:BG="http://www.egem.nl/StUF/sector/bg/0310" xmlns:StUF="http://www.egem.nl/StUF/StUF0301" '
    'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"'
)
_USER, _PASSWORD = "zaaksysteem", "geheim"

Json = dict[str, Any]


class Aanroep(NamedTuple):
    """One call to a source."""

    service: str
    path: str
    vraag: Any


class Bronnen:
    """Implements hub.ports.contracts.Client for all services; `key` is the one that the hub shows."""

    def __init__(self, personen: tuple[Json, ...] = PERSONEN) -> None:
        clock = FakeClock()
        self.brp = brp.create(data=personen, clock=clock)
        self.bag = bag.create(clock=clock)
        self.kvk = kvk.create(clock=clock)
        self.key = brp.KEY
        self.fails: Exception | None = None
        self.gesteld: list[Aanroep] = []
        self._services: dict[str, tuple[Simulator, str]] = {
            "personen": (self.brp, brp.PERSONEN_PAD.rpartition("/")[0]),
            "bag": (self.bag, bag.BASE),
            "kvk": (self.kvk, kvk.BASE),
        }

    async def request(
        self,
        method: str,
        service: str,
        path: str,
        *,
        query: Mapping[str, str] | None = None,
        json: object = None,
        body: AsyncIterator[bytes] | bytes | None = None,  # noqa: ARG002
        headers: Mapping[str, str] | None = None,
    ) -> Response:
        content = b"" if json is None else orjson.dumps(json)
        self.gesteld.append(Aanroep(service, path, orjson.loads(content) if content else query))
        if self.fails is not None:
            raise self.fails
        simulator, base = self._services[service]
        sent = {name.lower(): text for name, text in (headers or {}).items()} | {simulator.key_header.lower(): self.key}
        try:
            given = await simulator.handle(method, f"{base}/{path}", query or {}, sent, content)
        except ConnectionCut:
            lost = TargetUnavailable if method == "GET" else TargetUncertain
            raise lost(f"{method} {service}: the connection was lost", code="verbroken") from None
        return Response(given.status, {name.lower(): text for name, text in given.headers}, given.body)

    def download(self, *_: object, **__: object) -> NoReturn:
        raise AssertionError("there is nothing to download")

    def soap_security(self) -> str:
        return ""


class Deuren:
    """The hub and its two doors."""

    def __init__(self, hub: MemoryHub, bronnen: Bronnen) -> None:
        self.hub = hub
        self.bronnen = bronnen
        self._ingress = Ingress(hub.app, doors=True)

    async def stuf(self, message: str | bytes) -> Answer:
        """Ask by SOAP; `message` is without its envelope, or with."""
        text = message.decode() if isinstance(message, bytes) else message
        body = text if "Envelope" in text else ENVELOPE.format(text.partition("?>")[2] or text)
        headers = {"content-type": "text/xml; charset=utf-8"}
        return await ask(self._ingress, f"/in/{STUF}", body.encode(), headers=headers)

    async def stuf_message(self, message: str | bytes) -> etree._Element:
        """Ask by SOAP, and give the message element of the answer."""
        return message_in((await self.stuf(message)).body)

    async def rest(self, path: str, vraag: object) -> Answer:
        """Ask by REST."""
        headers = {"content-type": "application/json", "authorization": _basic()}
        return await ask(self._ingress, f"/in/{REST}/v1/{path}", orjson.dumps(vraag), headers=headers)

    async def get(self, path: str, query: str = "", *, method: str = "GET") -> Answer:
        """Ask for something by its address."""
        headers = {"authorization": _basic()}
        return await ask(self._ingress, f"/in/{REST}/v1/{path}", method=method, query=query, headers=headers)


@asynccontextmanager
async def deuren(
    bronnen: Bronnen | None = None,
    *,
    afnemers: tuple[Afnemer, ...] = (),
    policy: ConnectionPolicy = ConnectionPolicy(),  # noqa: B008 - frozen
) -> AsyncIterator[Deuren]:
    """Run the hub with the example connections; `afnemers` take the place of those of both."""
    bronnen, registry = bronnen or Bronnen(), Registry()
    doors = {name: connection_of(name) for name in (STUF, REST)}
    access = {STUF: {"kind": "none"}, REST: {"kind": "basic", "user": _USER, "password": _PASSWORD}}
    for name, each in doors.items():
        said: Json = {"access": TypeAdapter(Access).validate_python(access[name]), "policy": policy}
        doors[name] = each.model_copy(update={**said, **({"afnemers": afnemers} if afnemers else {})})
    sources = {name: connection_of(name) for name in BRONNEN}
    asking: dict[str, Asking] = {name: registry.asking(each) for name, each in sources.items()}
    configuration = Configuration(
        settings=Settings(mappings=EXAMPLES),
        connections={**doors, **sources},
        inbound={name: registry.inbound(each) for name, each in doors.items()},
        outbound={},
        mappings={
            name: load_mappings(EXAMPLES / name, root=MAPPINGS, forms=registry.forms(each.adapter))
            for name, each in {**doors, **sources}.items()
        },
        lookups=asking,
        asking=asking,
    )
    async with memory_hub(configuration, lambda _: bronnen) as hub:
        yield Deuren(hub, bronnen)


def lv01(kind: str, entiteittype: str, gelijk: str, scope: str, *, zender: str = "BALIE", parameters: str = "") -> str:
    """Write a question; `scope` is what stands in `scope`, or `alles`."""
    wanted = f'<BG:object StUF:entiteittype="{entiteittype}" StUF:scope="alles"/>' if scope == "alles" else scope
    if scope and scope != "alles":
        wanted = f'<BG:object StUF:entiteittype="{entiteittype}">{scope}</BG:object>'
    return (
        f"<BG:{kind} {SPACES}><BG:stuurgegevens><StUF:berichtcode>Lv01</StUF:berichtcode>"
        f"<StUF:zender><StUF:organisatie>1900</StUF:organisatie><StUF:applicatie>{zender}</StUF:applicatie></StUF:zender>"
        "<StUF:ontvanger><StUF:organisatie>1900</StUF:organisatie><StUF:applicatie>ZAAKHUB</StUF:applicatie>"
        "</StUF:ontvanger><StUF:referentienummer>r-1</StUF:referentienummer>"
        "<StUF:tijdstipBericht>20260312101500</StUF:tijdstipBericht>"
        f"<StUF:entiteittype>{entiteittype}</StUF:entiteittype></BG:stuurgegevens>"
        f"<BG:parameters><StUF:sortering>0</StUF:sortering>"
        f"<StUF:indicatorVervolgvraag>false</StUF:indicatorVervolgvraag>"
        f"<StUF:maximumAantal>20</StUF:maximumAantal>{parameters}</BG:parameters>"
        f'<BG:gelijk StUF:entiteittype="{entiteittype}">{gelijk}</BG:gelijk>'
        f"{f'<BG:scope>{wanted}</BG:scope>' if wanted else ''}</BG:{kind}>"
    )


def _basic() -> str:
    return "Basic emFha3N5c3RlZW06Z2VoZWlt"
