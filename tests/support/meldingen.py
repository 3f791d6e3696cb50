"""A zaaksysteem that tells what happens in it: the ZGW simulator, its audit trail, and a Notificaties API beside it.

What is written in the simulator is published at the NRC, and the NRC posts it at the door of the hub.
"""

from __future__ import annotations

import base64
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import urlsplit

import orjson

from adapters.notificaties.simulator import API, Nrc
from adapters.notificaties.simulator import create as create_nrc
from adapters.zgw import fetch, inbound, poll, subscribe
from adapters.zgw.options import InboundOptions
from adapters.zgw.simulator import RSIN, Simulator
from adapters.zgw.simulator import create as create_zgw
from hub.config.access import ApiKey
from hub.config.connection import Connection, Direction
from hub.config.policy import ConnectionPolicy
from hub.config.settings import Settings
from hub.config.target import Target, ZgwJwtAuth
from hub.configuration import Configuration
from hub.event.envelope import Event
from hub.ingress.asgi import Ingress
from hub.mapping.compile import load_mappings
from hub.net.auth import ZgwJwt
from hub.testkit.clock import FakeClock
from hub.testkit.memory import ENVIRONMENT, Memory, MemoryHub, memory_hub
from hub.testkit.network import FaultyNetwork
from tests.support.asgi import ask
from tests.support.tap import records_on
from tests.support.toy import VERWERKING

CONNECTION = "zaaksysteem-naar-zaken"
CALLBACK = f"http://zaakhub.test/in/{CONNECTION}"
AUTHORIZATION = "Bearer a-token-that-nobody-else-knows"
HOST = "http://zaaksysteem"
SERVICES = {
    **{name: f"{HOST}/{name}/api/v1/" for name in ("zaken", "catalogi", "documenten", "besluiten")},
    "notificaties": f"http://nrc.test{API}/",
}
OPTIONS = InboundOptions(rsin=RSIN, callback_url=CALLBACK)
_RESOURCES = {
    "zaken": "zaak",
    "statussen": "status",
    "resultaten": "resultaat",
    "rollen": "rol",
    "zaakobjecten": "zaakobject",
    "zaakinformatieobjecten": "zaakinformatieobject",
    "zaakeigenschappen": "zaakeigenschap",
    "enkelvoudiginformatieobjecten": "enkelvoudiginformatieobject",
    "besluiten": "besluit",
}
_ACTIES = {"POST": "create", "PUT": "update", "PATCH": "partial_update", "DELETE": "destroy"}
_MAIN = {"documenten": "enkelvoudiginformatieobject", "besluiten": "besluit"}
_ITEM_PARTS = 5


class Meldend:
    """The zaaksysteem, with ears: `handle` as the simulator has it, and a notification of every write that succeeds."""

    def __init__(self, zgw: Simulator, nrc: Nrc, memory: Memory) -> None:
        self.zgw = zgw
        self.nrc = nrc
        self._clock = memory.clock
        self.trail: list[dict[str, Any]] = []
        self._hoofd: dict[str, str] = {}

    async def handle(
        self, method: str, path: str, query: Mapping[str, str], headers: Mapping[str, str], body: bytes = b""
    ) -> Any:  # noqa: ANN401 - an answer of either simulator
        """Answer a request to the zaaksysteem or the NRC."""
        if path.startswith(f"{API}/"):
            return await self.nrc.handle(method, path, query, headers, body)
        if path.endswith("/audittrail"):
            rows = [row for row in self.trail if row["hoofdObject"] == HOST + path.removesuffix("/audittrail")]
            return 200, (("content-type", "application/json"),), orjson.dumps(rows)
        given = await self.zgw.handle(method, path, query, {"host": "zaaksysteem", **headers}, body)
        if method in _ACTIES and given.status < 300 and not path.endswith("/_zoek"):
            await self._tell(method, path, headers, given.body)
        return given

    async def _tell(self, method: str, path: str, headers: Mapping[str, str], answered: bytes) -> None:
        made = orjson.loads(answered) if answered else {}
        url = made.get("url") or HOST + path
        parts = urlsplit(url).path.strip("/").split("/")
        resource = _RESOURCES.get(parts[-2]) if len(parts) >= _ITEM_PARTS else None
        if resource is None:
            return
        kanaal = parts[0]
        hoofd = url if resource in ("zaak", _MAIN.get(kanaal)) else made.get("zaak") or self._hoofd.get(url, url)
        self._hoofd[url] = hoofd
        now = self._clock.now().isoformat()
        line = {
            "hoofdObject": hoofd,
            "resource": resource,
            "resourceUrl": url,
            "actie": _ACTIES[method],
            "aanmaakdatum": now,
        }
        self.trail.append({**line, "gebruikersId": _user(headers)})
        said = orjson.dumps({**line, "kanaal": kanaal, "kenmerken": {"bronorganisatie": RSIN}})
        await self.nrc.handle("POST", f"{API}/notificaties", {}, {"authorization": "x"}, said)


class Situation(NamedTuple):
    """The hub, and what is around it."""

    hub: MemoryHub
    around: Meldend
    client: FaultyNetwork
    memory: Memory

    @property
    def clock(self) -> FakeClock:
        """Give the clock that all of them have."""
        return self.memory.clock

    async def told(self) -> list[Event]:
        """Let the NRC deliver and the hub work; give all events on the bus."""
        await self.around.nrc.deliver()
        await self.hub.settle()
        return await self.events()

    async def events(self) -> list[Event]:
        """Give all events on the bus."""
        records = await records_on(self.hub.app, self.hub.app.topics.events("zaken"))
        return [Event.read(each.headers, each.value) for each in records]


def connection(*, limits: ConnectionPolicy | None = None) -> Connection:
    """Give the connection that listens."""
    auth = ZgwJwtAuth(kind="zgw-jwt", client_id="zaakhub", secret=ENVIRONMENT["ZGW_SECRET"], user_id="luisteraar")  # type: ignore[arg-type]
    return Connection(
        connection=CONNECTION,
        direction=Direction.INBOUND,
        adapter="zgw",
        verwerking=VERWERKING,
        access=(ApiKey(kind="api-key", key=AUTHORIZATION),),  # type: ignore[arg-type]
        target=Target(services=SERVICES, auth=auth),
        policy=limits or ConnectionPolicy(backstop_every_s=30),
    )


@asynccontextmanager
async def listening(
    mappings: Path,
    *,
    memory: Memory | None = None,
    around: Meldend | None = None,
    options: InboundOptions | None = None,
    beside: Callable[[Configuration], Configuration] = lambda alone: alone,
) -> AsyncIterator[Situation]:
    """Run it; `mappings` is the root in which the folder of the connection lies. It is subscribed already.

    `beside` puts other connections into the configuration.
    """
    memory = memory or Memory()
    options = options or OPTIONS
    here = connection()
    configuration = Configuration(
        settings=Settings(mappings=mappings),
        connections={CONNECTION: here},
        inbound={CONNECTION: inbound.create(options)},
        outbound={},
        mappings={CONNECTION: load_mappings(mappings / CONNECTION, root=mappings)},
        fetching={CONNECTION: fetch.create(options)},
        polling={CONNECTION: poll.create(options)},
    )
    configuration = beside(configuration)
    doors: list[Ingress] = []

    async def post(url: str, headers: Mapping[str, str], body: bytes) -> int:
        answer = await ask(doors[0], urlsplit(url).path, body, headers=headers)
        return answer.status

    around = around or Meldend(
        create_zgw(secret=ENVIRONMENT["ZGW_SECRET"], clock=memory.clock),
        create_nrc(post=post, clock=memory.clock),
        memory,
    )
    around.nrc.post = post
    by_name: dict[str, FaultyNetwork] = {}

    def client_for(each: Connection) -> FaultyNetwork:
        assert each.target is not None
        assert isinstance(each.target.auth, ZgwJwtAuth)
        credentials = ZgwJwt(each.target.auth, memory.clock)
        by_name[each.connection] = FaultyNetwork(around.handle, each.target.services, headers=credentials.headers)
        return by_name[each.connection]

    async with memory_hub(configuration, client_for, memory=memory) as hub:
        doors.append(Ingress(hub.app, doors=True))
        await subscribe.create(options).subscribe(by_name[CONNECTION], AUTHORIZATION)
        yield Situation(hub, around, by_name[CONNECTION], memory)


def _user(headers: Mapping[str, str]) -> str:
    payload = headers.get("authorization", "").split(".")[1]
    user: str = orjson.loads(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))["user_id"]
    return user
