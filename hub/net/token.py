"""A token of an authorisation server, by client credentials (RFC 6749 §4.4): asked for once, kept until it grows old.

It knows what may go wrong at that server and whose fault it is. Tokens and secrets never stand in an error.
"""

from __future__ import annotations

import asyncio
import re
from base64 import b64encode
from collections.abc import AsyncIterator, Mapping
from contextlib import AbstractAsyncContextManager
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol
from urllib.parse import quote

import orjson

from hub.clock import Clock
from hub.config.policy import TOKEN_BYTES_MAX, TOKEN_FRESH_S, TOKEN_LIFE_S, TOKEN_MARGIN_S
from hub.config.target import OAuth2Auth
from hub.errors import TargetFailed, TargetMisconfigured, TargetUnavailable
from hub.net.failures import DOWN, of_network

if TYPE_CHECKING:
    import aiohttp
    from yarl import URL

_B64TOKEN = re.compile(r"[A-Za-z0-9._~+/-]+=*").fullmatch
_ERRORS = frozenset(  # RFC 6749 §5.2; anything else of the server's is not repeated
    {
        "invalid_request",
        "invalid_client",
        "invalid_grant",
        "unauthorized_client",
        "unsupported_grant_type",
        "invalid_scope",
    }
)


Data = AsyncIterator[bytes] | bytes | Mapping[str, str] | None
"""A body: as it is, streamed, or a form."""


class Open(Protocol):
    """Begins a request with the connections, limits and certificate of a target."""

    def __call__(
        self, method: str, url: URL, *, headers: Mapping[str, str], data: Data = None
    ) -> AbstractAsyncContextManager[aiohttp.ClientResponse]:
        """Begin one."""
        ...


class _Token(NamedTuple):
    headers: dict[str, str]
    given_at: float
    renew_at: float


class OAuth2:
    """See `hub.net.auth.Credentials`. Who needs a token while one is being asked for waits for that one."""

    def __init__(self, auth: OAuth2Auth, clock: Clock, open_: Open) -> None:
        """Take `open_`, which begins a request of the target's client: the server may ask for its certificate too."""
        self._auth = auth
        self._clock = clock
        self._open = open_
        self._token: _Token | None = None
        self._asking: asyncio.Task[_Token] | None = None

    async def headers(self) -> dict[str, str]:
        """Give the headers for one request; raises TargetUnavailable or TargetMisconfigured when there is no token."""
        token = self._token
        if token is None or self._clock.monotonic() >= token.renew_at:
            if self._asking is None:
                self._asking = asyncio.create_task(self._ask())
                self._asking.add_done_callback(self._asked)
            # Whoever gives up leaves the question to the others that wait for it.
            token = await asyncio.shield(self._asking)
        return token.headers

    def refused(self, headers: dict[str, str]) -> bool:
        """Say whether a 401 may be gone with a new token: this one was taken before, so it may have been revoked."""
        token = self._token
        if token is None or token.headers is not headers:
            return True
        if self._clock.monotonic() - token.given_at < TOKEN_FRESH_S:
            return False
        self._token = None
        return True

    async def close(self) -> None:
        """Stop asking."""
        if self._asking is not None:
            self._asking.cancel()
            await asyncio.gather(self._asking, return_exceptions=True)

    def _asked(self, task: asyncio.Task[_Token]) -> None:
        self._asking = None
        if not task.cancelled() and task.exception() is None:
            self._token = task.result()

    async def _ask(self) -> _Token:
        from yarl import URL  # noqa: PLC0415 - comes with aiohttp, see hub.net.failures

        form = {"grant_type": "client_credentials"}
        if self._auth.scope:
            form["scope"] = self._auth.scope
        headers = {"Accept": "application/json"}
        name, secret = self._auth.client_id, self._auth.client_secret.get_secret_value()
        if self._auth.client_auth == "post":
            form |= {"client_id": name, "client_secret": secret}
        else:
            # RFC 6749 §2.3.1: both form-encoded first. A space as %20: some servers do not read it from a plus.
            pair = ":".join(quote(each, safe="") for each in (name, secret))
            headers["Authorization"] = f"Basic {b64encode(pair.encode()).decode()}"
        began = self._clock.monotonic()
        try:
            request = self._open("POST", URL(self._auth.token_url), headers=headers, data=form)
            async with request as answer:
                body = await answer.content.read(TOKEN_BYTES_MAX + 1)
                while len(body) <= TOKEN_BYTES_MAX and (more := await answer.content.read(TOKEN_BYTES_MAX)):
                    body += more
                status, retry_after = answer.status, answer.headers.get("Retry-After", "")
        except of_network() as error:
            raise _unavailable("the server that gives tokens does not answer") from error
        if status != HTTPStatus.OK:
            raise _no_token(status, body, retry_after)
        return _read(body, began)


def _read(body: bytes, began: float) -> _Token:
    """Read the answer of RFC 6749 §5.1; its life counts from when it was asked for."""
    said: Any = None
    if len(body) <= TOKEN_BYTES_MAX:
        try:
            said = orjson.loads(body)
        except orjson.JSONDecodeError:
            said = None
    if not isinstance(said, dict):
        raise _misconfigured("answered no JSON", "see whether target.auth.token_url is where tokens are given out")
    token, kind, life = said.get("access_token"), said.get("token_type"), said.get("expires_in", TOKEN_LIFE_S)
    if not isinstance(kind, str) or kind.lower() != "bearer":
        raise _misconfigured("gives tokens that are not of the type Bearer")
    if not isinstance(token, str) or not _B64TOKEN(token):
        raise _misconfigured("answered without a token that fits a header")
    # Some write the number as a text. What is no number, or none that makes sense, counts as not said.
    life_s = float(life) if isinstance(life, int | float) or (isinstance(life, str) and life.isdecimal()) else 0.0
    if not 0 < life_s < float("inf"):
        life_s = TOKEN_LIFE_S
    renew_s = max(life_s - TOKEN_MARGIN_S, life_s / 2)
    return _Token({"Authorization": f"Bearer {token}"}, began, began + renew_s)


def _no_token(status: int, body: bytes, retry_after: str) -> TargetFailed:
    if status in DOWN or status >= HTTPStatus.INTERNAL_SERVER_ERROR or status == HTTPStatus.REQUEST_TIMEOUT:
        wait_s = float(retry_after) if retry_after.isascii() and retry_after.isdigit() else None
        return _unavailable(f"the server that gives tokens answered {status}", wait_s)
    try:
        said = orjson.loads(body)
    except orjson.JSONDecodeError:
        said = None
    error = said.get("error") if isinstance(said, dict) else None
    named = f" ({error})" if isinstance(error, str) and error in _ERRORS else ""
    return _misconfigured(f"answered {status}{named}", "see client_id, client_secret and scope under target.auth")


def _unavailable(reason: str, retry_after_s: float | None = None) -> TargetUnavailable:
    return TargetUnavailable(
        reason, code="token", retry_after_s=retry_after_s, advice="nothing: the hub tries again by itself"
    )


def _misconfigured(reason: str, advice: str = "ask who runs it") -> TargetMisconfigured:
    return TargetMisconfigured(f"the server that gives tokens {reason}", code="token", advice=advice)
