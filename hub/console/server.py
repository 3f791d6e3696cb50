"""The console as one ASGI app: the API, the login, the pages, health; and the ways to log in that count here.

It wires what the other modules of this package are. It refuses to know sockets (`hub.cli.console`).
"""

from __future__ import annotations

import asyncio
from functools import partial
from http import HTTPStatus
from typing import Literal
from urllib.parse import urlsplit

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Mount, Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from hub.app import App
from hub.config.roles import read_roles
from hub.config.settings import Settings, is_loopback
from hub.console import login, oidc
from hub.console.accounts import FILE, Accounts
from hub.console.api.app import create, mounted
from hub.console.guard import HEALTH, Guard, is_stream
from hub.console.identity import ConsoleIdentity
from hub.console.login import Login, Ways
from hub.console.oidc import Provider
from hub.console.pages import Pages
from hub.console.replies import KeptReplies
from hub.console.service import Service
from hub.console.session import ActorOf, Sessions
from hub.console.site import Site
from hub.console.static import Static
from hub.errors import ConfigurationWrong
from hub.net.provider import ProviderClient
from hub.observe.health import Report

Runs = Literal["serve", "console"]
"""Which command runs it: `serve`, with all of the hub in one process, or the console alone."""


class Console:
    """The ASGI app. Close it when done."""

    def __init__(self, app: ASGIApp, provider: Provider | None) -> None:
        """Take the whole of it, and what must be closed."""
        self._app = app
        self._provider = provider
        self._streams: set[asyncio.Task[None]] = set()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if not is_stream(scope):
            await self._app(scope, receive, send)
            return
        begun = False

        async def sent(message: Message) -> None:
            nonlocal begun
            begun = True
            await send(message)

        async def streaming() -> None:
            await self._app(scope, receive, sent)

        task = asyncio.create_task(streaming())
        self._streams.add(task)
        try:
            await asyncio.wait({task})
        finally:
            self._streams.discard(task)
            if not task.done():
                task.cancel()
        if not task.cancelled():
            task.result()
        elif begun:
            await send({"type": "http.response.body", "body": b""})

    def end_streams(self) -> None:
        """End the streams of events: they would go on until the session does, and the process has to stop."""
        for each in self._streams:
            each.cancel()

    async def close(self) -> None:
        """Close what is open to others."""
        if self._provider is not None:
            await self._provider.close()


def console_app(app: App, service: Service, *, runs: Runs) -> Console:
    """Make the console of a hub; raises ConfigurationWrong when nobody could be let in safely."""
    settings = app.configuration.settings
    site = Site(settings.console_origin)
    provider, accounts = ways = _ways(app, runs)
    counted: dict[str, ActorOf] = {}
    if provider is not None:
        counted[oidc.WAY] = provider.actor
    if accounts is not None:
        counted[login.WAY] = partial(login.account_actor, accounts)
    sessions = Sessions(app.ledger, app.clock, gemeente=settings.gemeente, ways=counted)
    identity = ConsoleIdentity(site, sessions, provider, app.clock)
    entrance = Login(settings, ways, site=site, sessions=sessions, identity=identity, clock=app.clock)
    api = create(
        service, identity, KeptReplies(app.ledger, app.clock, app.keys.of("answer")), cursor_key=app.keys.of("cursor")
    )
    routes = [
        *entrance.routes(),
        Route(f"{HEALTH}live", partial(_health, app, "live"), methods=["GET"]),
        Route(f"{HEALTH}ready", partial(_health, app, "ready"), methods=["GET"]),
        mounted(api),
        Mount("/", app=Static(settings.home, Pages(f"{settings.gemeente} {settings.omgeving}"))),
    ]
    return Console(Guard(Starlette(routes=routes), site), provider)


def _ways(app: App, runs: Runs) -> Ways:
    """Say how people may log in: at the provider, or else, on a machine by itself, with a local account."""
    settings = app.configuration.settings
    if settings.oidc_issuer:
        return Ways(_provider(app, settings), None)
    if runs == "serve" and _is_on_this_machine(settings):
        accounts = Accounts(settings.home / FILE)
        # A file that does not do stops the start, and not the first who wants to log in.
        accounts.all()
        return Ways(None, accounts)
    raise ConfigurationWrong(
        "is missing: without a provider of identities nobody can log in to this console",
        file="ZAAKHUB_OIDC_ISSUER",
        advice="local accounts are for `zaakhub serve` with a console that listens on this machine only",
    )


def _is_on_this_machine(settings: Settings) -> bool:
    """Say whether only browsers of this machine come: neither over the network nor through a proxy."""
    browsers = urlsplit(settings.console_origin).hostname or ""
    return is_loopback(settings.console_listen.host) and is_loopback(browsers)


def _provider(app: App, settings: Settings) -> Provider:
    assert settings.roles is not None, "settings with a provider have roles"
    assert settings.oidc_client_secret is not None, "and a secret"
    roles = read_roles(settings.roles, gemeente=settings.gemeente, connections=app.configuration.connections)
    client = ProviderClient(settings.oidc_issuer, settings.oidc_client_id, settings.oidc_client_secret, app.clock)
    return Provider(client, settings, roles, app.clock)


async def _health(app: App, what: Literal["live", "ready"], _: Request) -> Response:
    report: Report = await (app.health.live() if what == "live" else app.health.ready())
    status = HTTPStatus.OK if report.ok else HTTPStatus.SERVICE_UNAVAILABLE
    return JSONResponse({"ok": report.ok, "checks": report.checks}, status)
