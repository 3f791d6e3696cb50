"""A whole hub with its console, in a thread of its own, in a situation such as an operator finds on a Monday morning.

The real hub on the embedded bus and a SQLite ledger, by the real clock, with the console on a port of loopback and a
local account for every role. Far sides are simulators in the same thread: `zaaksysteem` misbehaves on order, the
webhook is down.

A test works on zaken of its own: `hub.number()` gives the next that nobody uses.
"""

from __future__ import annotations

import asyncio
import itertools
import threading
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine, Iterator
from concurrent.futures import Future
from contextlib import contextmanager, suppress
from pathlib import Path
from shutil import copytree
from typing import Any, NoReturn, TypeVar
from urllib.parse import urlsplit

from adapters.cloudevents.simulator import Webhook
from adapters.stuf_zds.simulator import Afzender, Verzoek, zaakidentificatie
from adapters.zgw.simulator import Catalogue, Gedrag, Simulator, Zaaktype, create
from adapters.zgw.simulator.catalogi import fill
from hub.app import App, Parts
from hub.clock import SystemClock
from hub.config.connection import Connection
from hub.config.settings import Settings
from hub.config.shipped import shipped
from hub.configuration import Configuration
from hub.console.accounts import FILE, Accounts
from hub.console.server import console_app
from hub.console.service import Service
from hub.ingress.server import serve
from hub.ledger.entries import Failure, FailureState
from hub.ledger.groups import FailureFilter
from hub.net.auth import credentials_for
from hub.observe.metrics import Metrics
from hub.security.roles import EVERY_CONNECTION, Role
from hub.testkit.memory import ENVIRONMENT
from hub.testkit.network import FAIR, FaultyNetwork
from tests.support.installation import free_port
from tests.support.zaaksysteem import lower

T = TypeVar("T")

FORMULIEREN, ZGW, WEBHOOK, EVENTS = (
    "formulieren-naar-zaken",
    "zaken-naar-zgw",
    "zaken-naar-webhook",
    "gebeurtenissen-naar-zaken",
)
DOWN = FAIR._replace(refused=1.0)
PATIENCE_S = 60.0
"""How long a loaded machine may take for what the hub does at once."""
LOOK_S = 0.02
ENVIRON = {
    **ENVIRONMENT,
    "WEBHOOK_URL": "http://webhook/ontvangst/",
    "WEBHOOK_TOKEN": "of-a-webhook-that-does-not-exist",
    "GEBEURTENISSEN_TOKEN": "of-a-hub-that-does-not-exist",
}
PEOPLE = {role.value: role for role in Role} | {"collega": Role.OPERATOR}
"""Who has an account: somebody of each role, and a second operator."""
PASSWORD = "een wachtwoord dat nergens geldt"

ONBEKEND_ZAAKTYPE = "B1062"  # a typing error for B1026: the zaaksysteem has no such zaaktype
VERGETEN_CODE = b">CONFIDENTIEEL<"
"""A vertrouwelijkheidaanduiding of the standard that is left out of the code table of this municipality."""
VOLLE_ZAAK = "Gemeentehuis dicht"
"""The omschrijving of zaken that the zaaksysteem refuses, on order."""


class FarSides:
    """The systems behind the outbound connections, each with the network to it."""

    def __init__(self) -> None:
        """Begin with a zaaksysteem that knows one zaaktype and refuses zaken with one omschrijving."""
        self._clock = SystemClock()
        self.zaaksysteem: Simulator = create(
            catalogue=Catalogue((Zaaktype("B1026", "Aanvraag minimaregelingen"),)),
            secret=ENVIRONMENT["ZGW_SECRET"],
            clock=self._clock,
        )
        refuse = {"kind": "refuse", "method": "POST", "path": "/zaken$", "field": "omschrijving", "value": VOLLE_ZAAK}
        self.zaaksysteem.orders.add(Gedrag.model_validate({**refuse, "code": "max_length", "times": None}))
        self.webhook = Webhook()
        self.networks: dict[str, FaultyNetwork] = {}

    def client_for(self, connection: Connection) -> FaultyNetwork:
        """Give the network to the far side of a connection."""
        assert connection.target is not None
        credentials = credentials_for(connection.target.auth, self._clock, _nothing_opens)
        host = urlsplit(next(iter(connection.target.services.values()))).netloc

        async def headers() -> dict[str, str]:
            return {"host": host, **await credentials.headers()}

        far_side = self.webhook.handle if connection.connection == WEBHOOK else self.zaaksysteem.handle
        network = FaultyNetwork(far_side, connection.target.services, headers=headers)
        self.networks[connection.connection] = network
        return network


class ConsoleHub:
    """The hub, for a test in another thread: what it does to the hub, it does in the hub's own loop."""

    def __init__(self, app: App, far: FarSides, loop: asyncio.AbstractEventLoop, url: str) -> None:
        """Know the parts; `running_console` makes them."""
        self.app = app
        self.far = far
        self.url = url
        self.afzender = Afzender()
        self._loop = loop
        self._numbers = itertools.count(1)

    def number(self) -> int:
        """Give the number of a zaak that nobody uses yet; `zaakidentificatie(number)` is its name."""
        return next(self._numbers)

    async def within(self, work: Coroutine[Any, Any, T]) -> T:
        """Run something in the loop of the hub."""
        return await asyncio.wrap_future(asyncio.run_coroutine_threadsafe(work, self._loop))

    async def listens(self) -> None:
        """Wait until the console answers."""
        address = self.app.configuration.settings.console_listen
        async with asyncio.timeout(PATIENCE_S):
            while True:
                with suppress(OSError):
                    _, writer = await asyncio.open_connection(*address)
                    writer.close()
                    await writer.wait_closed()
                    return
                await asyncio.sleep(LOOK_S)

    async def send(self, *verzoeken: Verzoek) -> None:
        """Bring messages to the door, in order; some may be turned away."""
        for verzoek in verzoeken:
            await self.within(self._receive(verzoek))

    async def until(self, look: Callable[[], Awaitable[T | None]]) -> T:
        """Look in the loop of the hub until there is something to see."""

        async def patiently() -> T:
            async with asyncio.timeout(PATIENCE_S):
                while True:
                    if seen := await look():
                        return seen
                    await asyncio.sleep(LOOK_S)

        return await self.within(patiently())

    async def failure(self, number: int, *, stage: str = ZGW) -> Failure:
        """Wait until a zaak waits at a connection, and give why."""
        return await self.until(lambda: self._failure(number, stage))

    async def waits(self, number: int) -> Failure:
        """Wait until a zaak waits for a person, wherever, and give why."""

        async def look() -> Failure | None:
            found = await self._failure(number, ZGW) or await self._failure(number, FORMULIEREN)
            return found if found is not None and found.state is FailureState.OPEN else None

        return await self.until(look)

    async def waiting(self, zaaktype: str, *, zaken: int) -> list[int]:
        """Make zaken of a zaaktype that the target does not know, each with four messages that wait."""
        numbers = [self.number() for _ in range(zaken)]
        for number in numbers:
            await self.send(*self.with_unknown_zaaktype(number, zaaktype))
        for number in numbers:
            await self.waits(number)
        return numbers

    async def stands(self, number: int) -> None:
        """Wait until a zaak stands in the zaaksysteem."""

        async def look() -> bool:
            return zaakidentificatie(number) in self.far.zaaksysteem.state.zaken

        await self.until(look)

    async def publish_zaaktype(self, identificatie: str) -> None:
        """Add a zaaktype to the catalogus of the zaaksysteem, as a koppelbeheerder asks its owner to."""

        async def publish() -> None:
            fill(self.far.zaaksysteem.state, Catalogue((Zaaktype(identificatie, f"Zaaktype {identificatie}"),)))

        await self.within(publish())

    # What may happen to a zaak

    def delivered(self, number: int) -> list[Verzoek]:
        """Give what of a new zaak goes well."""
        each = self.afzender
        return [each.creeer_zaak(number), each.update_zaak(number), each.actualiseer_zaakstatus(number)]

    def with_unknown_zaaktype(self, number: int, zaaktype: str = ONBEKEND_ZAAKTYPE) -> list[Verzoek]:
        """Give a zaak whose zaaktype the target does not know, and three messages that wait behind it."""
        first = self.afzender.creeer_zaak(number, zaaktype=zaaktype)
        status = self.afzender.actualiseer_zaakstatus(number, zaaktype=zaaktype)
        rest = (self.afzender.update_zaak(number), status)
        return [first, *rest, self.afzender.voeg_zaakdocument_toe(number)]

    def with_forgotten_code(self, number: int) -> list[Verzoek]:
        """Give a zaak with a document that the mapping cannot do, and a status that waits behind it."""
        document = self.afzender.voeg_zaakdocument_toe(number)
        odd = document._replace(body=document.body.replace(b">ZAAKVERTROUWELIJK<", VERGETEN_CODE))
        return [self.afzender.creeer_zaak(number), odd, self.afzender.actualiseer_zaakstatus(number)]

    def refused_by_target(self, number: int) -> list[Verzoek]:
        """Give a zaak that the zaaksysteem does not want, and a status that waits behind it."""
        first = self.afzender.creeer_zaak(number, omschrijving=VOLLE_ZAAK)
        return [first, self.afzender.actualiseer_zaakstatus(number)]

    async def _failure(self, number: int, stage: str) -> Failure | None:
        zaak = zaakidentificatie(number)
        found = await self.app.ledger.find_failures(FailureFilter(zaak=zaak, stages=[stage]), limit=10)
        return next((each for each in found if each.state is not FailureState.RESOLVED), None)

    async def _receive(self, verzoek: Verzoek) -> None:
        async def body() -> AsyncIterator[bytes]:
            yield verzoek.body

        http = {"content-type": "text/xml; charset=utf-8", **lower(verzoek.headers())}
        await self.app.reception.receive(self.app.entrances[FORMULIEREN], body(), http)


def configuration(folder: Path) -> Configuration:
    """Load the shipped connections and two of the examples, with one code forgotten."""
    root = folder / "mappings"
    copytree(shipped("mappings"), root)
    for name in (WEBHOOK, EVENTS):
        copytree(root / "_voorbeelden" / name, root / name)
    with (root / FORMULIEREN / "connection.yaml").open("a", encoding="utf-8") as file:
        file.write("policy: {second_person: true}\n")
    with (root / ZGW / "connection.yaml").open("a", encoding="utf-8") as file:
        # A zaaktype that is added to the catalogus is seen at once; and tests let more fail than a connection bears.
        file.write("  catalogue_ttl_s: 0.001\npolicy: {pause_after: 1000}\n")
    table = root / "_codes" / "vertrouwelijkheidaanduiding.csv"
    lines = table.read_text().splitlines(keepends=True)
    table.write_text("".join(line for line in lines if not line.startswith("CONFIDENTIEEL")))
    settings = Settings.read(
        {
            "ZAAKHUB_HOME": str(folder),
            "ZAAKHUB_MAPPINGS": str(root),
            "ZAAKHUB_GEMEENTE": "1900",
            "ZAAKHUB_CONSOLE_LISTEN": f"127.0.0.1:{free_port()}",
        }
    )
    return Configuration.load(settings, ENVIRON)


@contextmanager
def running_console(folder: Path) -> Iterator[ConsoleHub]:
    """Run it in a thread as long as the block lasts; it listens when the block begins."""
    loaded = configuration(folder)
    accounts = Accounts(folder / FILE)
    for name, role in PEOPLE.items():
        accounts.add(name, PASSWORD, role, (EVERY_CONNECTION,), SystemClock().now())
    started: Future[ConsoleHub] = Future()
    ended = asyncio.Event()
    thread = threading.Thread(target=lambda: asyncio.run(_run(loaded, started, ended)), name="console")
    thread.start()
    try:
        hub = started.result(PATIENCE_S)
        yield hub
    finally:
        if started.done() and started.exception() is None:
            started.result()._loop.call_soon_threadsafe(ended.set)
        thread.join()


async def _run(loaded: Configuration, started: Future[ConsoleHub], ended: asyncio.Event) -> None:
    far, metrics = FarSides(), Metrics()
    parts = Parts.open(loaded.settings, metrics=metrics, client_id="console-tests")
    app = App(loaded, parts._replace(client_for=far.client_for), metrics=metrics)
    far.networks[WEBHOOK].weather = DOWN
    try:
        async with app, asyncio.TaskGroup() as group:
            await app.prepare_work()
            console = console_app(app, Service.of(app), runs="serve")
            group.create_task(app.work(ended))
            group.create_task(serve(console, loaded.settings.console_listen, ended))
            hub = ConsoleHub(app, far, asyncio.get_running_loop(), loaded.settings.console_origin)
            await hub.listens()
            started.set_result(hub)
            await ended.wait()
            await console.close()
    except BaseException as error:
        if not started.done():
            started.set_exception(error)
        raise


def _nothing_opens(*_: object, **__: object) -> NoReturn:
    raise AssertionError("nobody gives out tokens here")
