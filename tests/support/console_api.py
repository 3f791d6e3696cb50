"""The API of the console over a hub in memory, in which some zaken failed; who calls is said by a header.

Identity is a stand-in here: how somebody proves who they are is tested by itself.
"""

from __future__ import annotations

import asyncio
import math
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Mapping
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from shutil import copytree
from typing import Any, NamedTuple

import httpx
from fastapi import Request
from starlette.applications import Starlette
from starlette.types import ASGIApp

from adapters.stuf_zds.simulator import Afzender, zaakidentificatie
from adapters.zgw.simulator import Catalogue, Zaaktype
from hub.config import policy
from hub.config.settings import Settings
from hub.config.shipped import shipped
from hub.configuration import Configuration
from hub.console.api.app import create, mounted
from hub.console.api.caller import Caller
from hub.console.rates import Budget, Rate
from hub.console.replies import KeptReplies
from hub.console.service import Service
from hub.errors import ActRefused, NotAllowed, NotIdentified
from hub.ledger.entries import Failure
from hub.security.roles import Actor, Grant, Role
from hub.testkit.clock import FakeClock
from hub.testkit.memory import ENVIRONMENT, TURNS
from tests.support.zaaksysteem import Municipality, municipality

FORMULIEREN, PERSONEN, ZGW = "formulieren-naar-zaken", "personen-naar-zorg", "zaken-naar-zgw"
ZAAKTYPE, UNKNOWN_ZAAKTYPE = "B1026", "B1062"
FORGOTTEN_CODE = b">CONFIDENTIEEL<"
STORY = "Aanvraag bijzondere bijstand van een fictieve inwoner"
"""What stands in messages, and so in no answer to who may not see it."""

CSRF = "of-this-session"
SESSION_S = 3600.0
BURST = 10_000
"""Changes of one person at once: more than any test makes, but for the one about it."""

PEOPLE: dict[str, tuple[Grant, ...]] = {
    **{role.value: (Grant(role),) for role in Role},
    "collega": (Grant(Role.OPERATOR),),
    "beheerder": tuple(Grant(role) for role in Role),
    "alleen-formulieren": (Grant(Role.OPERATOR, frozenset({FORMULIEREN})),),
    "alleen-zgw": (Grant(Role.OPERATOR, frozenset({ZGW})),),
    "niemand": (),
}
"""Who may call, by name. `beheerder` has every right."""


class StandInIdentity:
    """Believes the header `x-wie`, and knows sessions that end."""

    def __init__(self, clock: FakeClock) -> None:
        self.ends_at = clock.now() + timedelta(seconds=SESSION_S)
        self._clock = clock
        self._changes = Rate(clock, burst=BURST, per_s=1.0)

    async def caller(self, request: Request) -> Caller:
        """Give who calls."""
        name = request.headers.get("x-wie", "")
        if name not in PEOPLE or self._clock.now() >= self.ends_at:
            raise NotIdentified("nobody is logged in", code="niet-ingelogd", advice="log in")
        actor = Actor(name, PEOPLE[name], f"oidc:https://test|{name}")
        return Caller(actor, f"session of {name}", CSRF, self.ends_at)

    def budget(self, caller: Caller) -> Budget:
        """Say how many changes somebody may still make."""
        return self._changes.left(caller.actor.name)

    def spend(self, name: str) -> None:
        """Let somebody make all changes that they may."""
        while self._changes.take(name):
            pass

    def check_change(self, request: Request, caller: Caller) -> None:
        """See that a change carries the token."""
        if request.headers.get("x-csrf-token") != caller.csrf:
            raise NotAllowed("the change does not carry the token of the session", code="csrf")
        if not self._changes.take(caller.actor.name):
            raise ActRefused("too many changes in a short time", code="te-druk", advice="wait some seconds")


class Api(NamedTuple):
    """The API, and what is behind it."""

    town: Municipality
    app: ASGIApp
    client: httpx.AsyncClient
    identity: StandInIdentity

    @property
    def clock(self) -> FakeClock:
        """The clock of the hub."""
        return self.town.hub.clock

    async def get(self, path: str, *, by: str = "operator", **query: str | int) -> httpx.Response:
        """Ask for something."""
        return await self.ask(path, query, by=by)

    async def ask(self, path: str, query: Mapping[str, str | int], *, by: str = "operator") -> httpx.Response:
        """Ask for something, by names that are no names of Python, or of a page."""
        return await self.client.get(f"/v1{path}", params=query or None, headers={"x-wie": by})

    async def post(
        self, path: str, body: object, *, by: str = "operator", headers: Mapping[str, str] | None = None
    ) -> httpx.Response:
        """Do something."""
        return await self.send("POST", path, body, by=by, headers=headers)

    async def send(
        self, method: str, path: str, body: object, *, by: str = "operator", headers: Mapping[str, str] | None = None
    ) -> httpx.Response:
        """Do something, by another method."""
        own = {"x-wie": by, "x-csrf-token": CSRF, **(headers or {})}
        return await self.client.request(method, f"/v1{path}", json=body, headers=own)

    async def failures(self) -> list[Failure]:
        """Give the failures, newest first."""
        return await self.town.hub.failures()

    async def failure(self, stage: str = ZGW) -> Failure:
        """Give the newest failure of a connection."""
        return next(each for each in await self.failures() if each.stage == stage)

    async def unmask(self, message: str, *, by: str = "operator") -> None:
        """Show somebody the content of a message."""
        answer = await self.post("/unmaskings", {"message": message, "reason": "to see what it says"}, by=by)
        assert answer.status_code == 201, answer.text

    async def etag(self, path: str, *, by: str = "operator") -> dict[str, str]:
        """Give the header that an act on something needs."""
        return {"if-match": (await self.get(path, by=by)).headers["etag"]}


_PERSONEN = f"""\
connection: {PERSONEN}
direction: outbound
adapter: cloudevents
domain: personen
target: {{services: {{webhook: "http://zorg/"}}}}
verwerking: {{activiteit: "https://register.voorbeeld.nl/zorg", grondslag: "Wmo 2015 art. 5.2.7"}}
velden: {{personen: [burgerservicenummer, naam]}}
distribution: {{followed: true}}
options: {{source: "urn:nld:oin:00000001002220647000:systeem:zaakhub"}}
"""
"""A receiver of changes of persons; no mapping yet, so nothing goes there."""


def installation(folder: Path) -> Configuration:
    """Load the shipped connections from a folder of their own, with one code forgotten."""
    root = folder / "mappings"
    copytree(shipped("mappings"), root)
    table = root / "_codes" / "vertrouwelijkheidaanduiding.csv"
    lines = table.read_text(encoding="utf-8").splitlines(keepends=True)
    table.write_text("".join(line for line in lines if not line.startswith("CONFIDENTIEEL")), encoding="utf-8")
    (root / PERSONEN).mkdir()
    (root / PERSONEN / "connection.yaml").write_text(_PERSONEN, encoding="utf-8")
    return Configuration.load(Settings(mappings=root, home=folder), ENVIRONMENT)


@asynccontextmanager
async def console_api(configuration: Configuration) -> AsyncIterator[Api]:
    """Run it: one zaak is delivered, one waits with three messages behind it, one message could not be mapped."""
    catalogue = Catalogue((Zaaktype(ZAAKTYPE, "Aanvraag minimaregelingen"),))
    async with municipality(catalogue=catalogue, configuration=configuration) as town:
        await seed(town)
        clock = town.hub.clock
        identity = StandInIdentity(clock)
        hub = town.hub.app
        app = create(
            Service.of(hub),
            identity,
            KeptReplies(hub.ledger, clock, hub.keys.of("answer")),
            cursor_key=hub.keys.of("cursor"),
        )
        outer = Starlette(routes=[mounted(app)])
        transport = httpx.ASGITransport(app=outer)
        async with httpx.AsyncClient(transport=transport, base_url="http://console.test") as client:
            yield Api(town, outer, client, identity)


DELIVERED, WAITING, UNMAPPED = 1, 2, 3
"""Numbers of zaken: `zaakidentificatie(WAITING)` is a name."""


async def seed(town: Municipality) -> None:
    """Let happen what operators find."""
    sender = Afzender()
    await town.send(sender.creeer_zaak(DELIVERED), sender.update_zaak(DELIVERED))
    await town.send(
        sender.creeer_zaak(WAITING, zaaktype=UNKNOWN_ZAAKTYPE, omschrijving=STORY),
        sender.update_zaak(WAITING),
        sender.actualiseer_zaakstatus(WAITING),
        sender.voeg_zaakdocument_toe(WAITING),
    )
    document = sender.voeg_zaakdocument_toe(UNMAPPED)
    odd = document._replace(body=document.body.replace(b">ZAAKVERTROUWELIJK<", FORGOTTEN_CODE))
    await town.send(sender.creeer_zaak(UNMAPPED), odd, sender.actualiseer_zaakstatus(UNMAPPED))


class Streamed(NamedTuple):
    """A stream as it came in."""

    status: int
    media: str
    text: str

    def events(self) -> Iterator[tuple[str, str]]:
        """Give name and data of each event."""
        for block in self.text.split("\n\n"):
            said = dict(line.split(": ", 1) for line in block.splitlines() if ": " in line and line[0] != ":")
            if "event" in said:
                yield said["event"], said["data"]


async def followed(
    api: Api,
    path: str,
    *,
    by: str = "operator",
    for_s: float,
    meanwhile: Callable[[], Awaitable[None]] | None = None,
    headers: Mapping[str, str] | None = None,
) -> Streamed:
    """Follow a stream for a while, and then go away; time passes by itself. `meanwhile` comes after the first event."""
    parts: list[bytes] = []
    started: dict[str, Any] = {}
    gone, begun = asyncio.Event(), asyncio.Event()
    asked = False

    async def receive() -> dict[str, Any]:
        nonlocal asked
        if not asked:
            asked = True
            return {"type": "http.request", "body": b"", "more_body": False}
        await gone.wait()
        return {"type": "http.disconnect"}

    async def send(message: Any) -> None:  # noqa: ANN401 - ASGI
        if message["type"] == "http.response.start":
            started.update(message)
        else:
            parts.append(message["body"])
            if b"event:" in message["body"]:
                begun.set()

    named = {"x-wie": by, "accept": "text/event-stream", "host": "console.test", **(headers or {})}
    scope = {
        "type": "http",
        "asgi": {"version": "3.0", "spec_version": "2.3"},
        "http_version": "1.1",
        "method": "GET",
        "scheme": "http",
        "path": f"/v1{path}",
        "raw_path": f"/v1{path}".encode(),
        "query_string": b"",
        "root_path": "",
        "headers": [(name.encode(), value.encode()) for name, value in named.items()],
        "client": None,
        "server": ("console.test", 80),
    }

    async def follow() -> None:
        await api.app(scope, receive, send)

    following = asyncio.create_task(follow())
    await asyncio.wait([following, asyncio.create_task(begun.wait())], return_when=asyncio.FIRST_COMPLETED)
    if meanwhile is not None:
        await meanwhile()
    for _ in range(math.ceil(for_s / policy.STREAM_LOOK_S)):
        api.clock.advance(policy.STREAM_LOOK_S)
        for _ in range(TURNS):
            await asyncio.sleep(0)
    gone.set()
    await asyncio.wait([following], timeout=5)
    following.cancel()
    media = dict(started["headers"])[b"content-type"].decode()
    return Streamed(started["status"], media, b"".join(parts).decode())


NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
WAITING_ZAAK = zaakidentificatie(WAITING)
