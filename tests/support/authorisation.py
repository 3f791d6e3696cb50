"""A server that gives out tokens (Authlib's, over HTTP), with a service behind it that asks for one.

`before` may answer in its place, to misbehave in every way that a real one does.
"""

from __future__ import annotations

import ssl
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from itertools import count
from typing import Any

from aiohttp import web
from authlib.oauth2.rfc6749 import AuthorizationServer, ClientCredentialsGrant, ClientMixin, OAuth2Request
from authlib.oauth2.rfc6749.requests import BasicOAuth2Payload
from authlib.oauth2.rfc6750 import BearerTokenGenerator

CLIENT, SECRET, SCOPE = "zaakhub", "geheim van de hub", "zaken.lezen"
LIFE_S = 300

Before = Callable[[web.Request], Awaitable[web.Response | None]]


class _Client(ClientMixin):  # type: ignore[misc] # Authlib has no types
    def __init__(self, methods: set[str]) -> None:
        self._methods = methods

    def check_client_secret(self, client_secret: str) -> bool:
        return client_secret == SECRET

    def check_endpoint_auth_method(self, method: str, _endpoint: str) -> bool:
        return method in self._methods

    def check_grant_type(self, grant_type: str) -> bool:
        return grant_type == "client_credentials"

    def get_allowed_scope(self, scope: str | None) -> str:
        return scope if scope == SCOPE else ""


class _Grant(ClientCredentialsGrant):  # type: ignore[misc]
    TOKEN_ENDPOINT_AUTH_METHODS = ("client_secret_basic", "client_secret_post")


class _Request(OAuth2Request):  # type: ignore[misc]
    """A request that came over HTTP; Authlib refuses what is not https, so its URL is not the real one."""

    def __init__(self, headers: dict[str, str], form: dict[str, str]) -> None:
        super().__init__("POST", "https://token.example/token", headers=headers)
        self.payload = BasicOAuth2Payload(form)
        self._form = form

    @property
    def form(self) -> dict[str, str]:
        return self._form


class _Server(AuthorizationServer):  # type: ignore[misc]
    def __init__(self, client: _Client, life_s: int) -> None:
        super().__init__(scopes_supported=[SCOPE])
        numbers = count(1)
        generator = BearerTokenGenerator(
            lambda *_args, **_named: f"token-{next(numbers)}", expires_generator=lambda *_: life_s
        )
        self.register_token_generator("default", generator)
        self.register_grant(_Grant)
        self._client = client

    def query_client(self, client_id: str) -> _Client | None:
        return self._client if client_id == CLIENT else None

    def save_token(self, _token: dict[str, Any], _request: OAuth2Request) -> None:
        """Nothing: the service below asks for the last one."""

    def create_oauth2_request(self, request: OAuth2Request) -> OAuth2Request:
        return request

    def handle_response(self, status: int, body: Any, _headers: Any) -> tuple[int, Any]:  # noqa: ANN401 - Authlib's
        return status, body

    def send_signal(self, *_: object, **__: object) -> None:
        """Nobody listens."""


class Authorisation:
    """The server as a test sees it: what it gave, and whether it still takes it."""

    def __init__(self, url: str, *, methods: set[str], life_s: int) -> None:
        self.url = url
        self.token_url, self.service = f"{url}token", f"{url}zaken/"
        self.asked: list[web.Request] = []
        self.used: list[str] = []
        self.revoked: set[str] = set()
        self.before: Before | None = None
        self._server = _Server(_Client(methods), life_s)

    async def token(self, request: web.Request) -> web.Response:
        """Give a token to who may have one."""
        self.asked.append(request)
        if self.before is not None and (answer := await self.before(request)) is not None:
            return answer
        form = {key: str(value) for key, value in (await request.post()).items()}
        status, body = self._server.create_token_response(_Request(dict(request.headers), form))
        return web.json_response(body, status=status)

    async def zaken(self, request: web.Request) -> web.Response:
        """Say yes to a token that is not revoked."""
        token = request.headers.get("Authorization", "").removeprefix("Bearer ")
        self.used.append(token)
        known = token.startswith("token-") and token not in self.revoked
        return web.json_response({}, status=200 if known else 401)


@asynccontextmanager
async def authorisation(
    *,
    methods: tuple[str, ...] = ("client_secret_basic",),
    life_s: int = LIFE_S,
    tls: ssl.SSLContext | None = None,
) -> AsyncIterator[Authorisation]:
    """Serve on loopback, on a free port."""
    app = web.Application()
    runner = web.AppRunner(app, shutdown_timeout=1)
    made = Authorisation("", methods=set(methods), life_s=life_s)
    app.router.add_post("/token", made.token)
    app.router.add_get("/zaken/{path:.*}", made.zaken)
    await runner.setup()
    try:
        await web.TCPSite(runner, "127.0.0.1", 0, ssl_context=tls).start()
        made.url = f"{'https' if tls else 'http'}://127.0.0.1:{runner.addresses[0][1]}/"
        made.token_url, made.service = f"{made.url}token", f"{made.url}zaken/"
        yield made
    finally:
        await runner.cleanup()
