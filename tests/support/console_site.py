"""The console of a hub in this process, without far sides: who comes in, and what is turned away.

Behind it is the real API with one real answer, that of the session; and a browser that keeps cookies as browsers do.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

import httpx

from hub.app import App, Parts
from hub.bus.open import open_bus
from hub.clock import Clock
from hub.config.settings import Settings
from hub.configuration import Configuration, Need
from hub.console.models.sessions import SessionView, Unmasking, UnmaskRequest
from hub.console.server import Console, Runs, console_app
from hub.console.service import Service
from hub.errors import HubUnavailable
from hub.ledger.open import open_ledger
from hub.observe.metrics import Metrics
from hub.payloads.memory import MemoryPayloads
from hub.security.keys import KEY_BYTES, Keys
from hub.security.roles import RIGHTS, Actor
from hub.testkit.memory import ENVIRONMENT
from hub.testkit.network import FaultyNetwork

HTTPS = "https://zaakhub.example"
LOOPBACK = "http://127.0.0.1:8088"
GEMEENTE = "1900"
ROLES = """\
grants:
  - {group: zaakhub-operators, role: operator, gemeente: "1900"}
  - {group: zaakhub-lezers, role: lezer, gemeente: "1900", connections: [zaken-naar-zgw]}
  - {group: zaakhub-elders, role: operator, gemeente: "0363"}
"""


class OneAnswer:
    """The service behind the API: it knows who is logged in, and says yes to being asked for content."""

    def __init__(self, clock: Clock) -> None:
        self.clock = clock
        self.unmaskings = self.connections = self

    def session(self, actor: Actor, *, csrf: str, ends_at: datetime) -> SessionView:
        """Tell who is logged in."""
        roles = sorted({grant.role for grant in actor.grants})
        rights = sorted({right for role in roles for right in RIGHTS[role]})
        return SessionView(
            name=actor.name, gemeente=GEMEENTE, omgeving="test", roles=roles, rights=rights, csrf=csrf, ends_at=ends_at
        )

    async def unmask(self, _actor: Actor, _session: str, request: UnmaskRequest) -> Unmasking:
        """Be a change that needs a right."""
        return Unmasking(message=request.message, until=self.clock.now())

    async def overview(self, _actor: Actor) -> None:
        """Be what a stream looks at: it is not there."""
        raise HubUnavailable("there is nothing behind this console", code="test")


class Browser(httpx.AsyncClient):
    """A browser at one page of the console; it follows no redirect by itself."""

    def __init__(self, console: Console, url: str, peer: str = "127.0.0.1") -> None:
        super().__init__(transport=httpx.ASGITransport(app=console, client=(peer, 4711)), base_url=url)

    async def session(self) -> httpx.Response:
        """Ask who is logged in."""
        return await self.get("/v1/session")

    async def change(self, **headers: str) -> httpx.Response:
        """Send a change, with the token of the session unless the headers say otherwise."""
        csrf = (await self.session()).json().get("csrf", "")
        given = {"x-csrf-token": csrf, "origin": str(self.base_url).rstrip("/"), **headers}
        return await self.post("/v1/unmaskings", json={"message": "m-1", "reason": "een test"}, headers=given)

    async def log_out(self) -> httpx.Response:
        """Log out, as the button in the console does."""
        csrf = (await self.session()).json().get("csrf", "")
        return await self.post("/logout", headers={"x-csrf-token": csrf})

    def secret(self) -> str:
        """Give the secret that it keeps, under whichever name; empty when there is none."""
        kept = [cookie.value for cookie in self.cookies.jar if not cookie.name.endswith("-login")]
        return kept[0] or "" if kept else ""


class Running:
    """A console with the hub behind it."""

    def __init__(self, app: App, console: Console) -> None:
        self.app = app
        self.console = console
        self.url = app.configuration.settings.console_origin

    def browser(self, *, url: str = "", peer: str = "127.0.0.1") -> Browser:
        """Open a browser that nobody used before."""
        return Browser(self.console, url or self.url, peer)


@asynccontextmanager
async def running_site(
    folder: Path, environ: Mapping[str, str], clock: Clock, *, runs: Runs = "serve"
) -> AsyncIterator[Running]:
    """Run a console with these settings (`ZAAKHUB_*`)."""
    settings = Settings.read({"ZAAKHUB_GEMEENTE": GEMEENTE, "ZAAKHUB_HOME": str(folder), **environ})
    parts = Parts(
        bus=open_bus("embedded::memory:", clock=clock, client_id="test"),
        ledger=open_ledger("sqlite::memory:", clock=clock),
        payloads=MemoryPayloads(),
        clock=clock,
        client_for=_no_far_side,
        keys=Keys(lambda: bytes(KEY_BYTES)),
    )
    app = App(_configuration()._replace(settings=settings), parts, metrics=Metrics())
    service: Any = OneAnswer(clock)
    async with app:
        console = console_app(app, service_as(service), runs=runs)
        try:
            yield Running(app, console)
        finally:
            await console.close()


def service_as(service: Any) -> Service:  # noqa: ANN401 - stands for the real one
    """Let a stand-in be the service."""
    stand_in: Service = service
    return stand_in


def provider_environ(folder: Path, issuer: str, *, url: str = HTTPS, roles: str = ROLES) -> dict[str, str]:
    """Give the settings of a console with a provider."""
    file = folder / "roles.yaml"
    file.write_text(roles)
    return {
        "ZAAKHUB_CONSOLE_URL": url,
        "ZAAKHUB_OIDC_ISSUER": issuer,
        "ZAAKHUB_OIDC_CLIENT_ID": "zaakhub",
        "ZAAKHUB_OIDC_CLIENT_SECRET": "een-verzonnen-geheim",
        "ZAAKHUB_ROLES": str(file),
    }


@cache
def _configuration() -> Configuration:
    return Configuration.load(Settings(), ENVIRONMENT, mappings=Need.NONE)


def _no_far_side(_: object) -> FaultyNetwork:
    async def nobody(*_: object) -> Any:  # noqa: ANN401 - never called
        raise AssertionError

    return FaultyNetwork(nobody, {})
