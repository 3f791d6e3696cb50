"""Outgoing HTTP to one target: one pool of connections, its credentials, limits, circuit breaker and allowance.

It knows how a request leaves and what came of it (`hub.net.failures`). It refuses to know what a status means, to retry
and to follow redirects.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator, Mapping
from contextlib import AbstractAsyncContextManager
from http import HTTPStatus
from typing import TYPE_CHECKING, Self
from urllib.parse import unquote, urlencode, urlsplit

import orjson

from hub.config.policy import DOWNLOAD_S_MAX, TARGET_KEEP_ALIVE_S, WSSE_AGE_MAX_S, ConnectionPolicy
from hub.config.target import UsernameTokenAuth
from hub.errors import TargetMisconfigured, TargetUnavailable
from hub.net.allowance import Allowance
from hub.net.auth import credentials_for
from hub.net.breaker import Breaker, Permit
from hub.net.failures import DOWN, failure, not_given, of_network, too_large
from hub.net.problems import asked_wait_s
from hub.net.response import Response
from hub.net.token import Data
from hub.observe.metrics import Count, Metrics
from hub.observe.trace import HEADER, current
from hub.security import wsse
from hub.security.tls import ClientTls

if TYPE_CHECKING:
    import aiohttp
    from yarl import URL

    from hub.clock import Clock
    from hub.config.connection import Connection
    from hub.config.target import Target

_SAFE = frozenset({"GET", "HEAD"})
_PLAIN_PATH = re.compile(r"[A-Za-z0-9_/-]+")


class TargetClient:
    """HTTP to one target (`hub.ports.contracts.Client`). Close it when done; it connects on first use."""

    def __init__(
        self,
        target: Target,
        *,
        name: str,
        limits: ConnectionPolicy,
        clock: Clock,
        metrics: Metrics | None = None,
        allowances: Mapping[str, Allowance] | None = None,
    ) -> None:
        """Take the target, the connection's `name` for metrics, its limits, and what the target allows where it says.

        `allowances` are by service; without one as many requests go as come.
        """
        self._services = dict(target.services)
        self._name = name
        self._limits = limits
        self._metrics = metrics or Metrics()
        self._auth = target.auth
        self._tls = ClientTls(target.tls.certificate, target.tls.key, target.tls.ca) if target.tls else None
        self._clock = clock
        self._allowances = allowances or {}
        self._opened: aiohttp.ClientSession | None = None
        self._credentials = credentials_for(target.auth, clock, self._open)
        self.breaker = Breaker(failures_max=limits.breaker_failures, open_s=limits.breaker_open_s, clock=clock)

    @classmethod
    def of(
        cls,
        connection: Connection,
        *,
        clock: Clock,
        metrics: Metrics,
        allowances: Mapping[str, Allowance] | None = None,
    ) -> Self:
        """Make the client of an outbound connection."""
        assert connection.target is not None, "an outbound connection has a target"
        target, limits = connection.target, connection.policy
        name = connection.connection
        return cls(target, name=name, limits=limits, clock=clock, metrics=metrics, allowances=allowances)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()

    async def close(self) -> None:
        """Close all connections."""
        await self._credentials.close()
        if self._opened is not None:
            await self._opened.close()
            self._opened = None

    async def request(
        self,
        method: str,
        service: str,
        path: str,
        *,
        query: Mapping[str, str] | None = None,
        json: object = None,
        body: AsyncIterator[bytes] | bytes | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> Response:
        """Send one request and give the answer, whatever its status: see `hub.ports.contracts.Client`.

        An error of `body` itself is passed on: the target has not seen a whole request then. `request_timeout_s` bounds
        the wait for a connection, every chunk of `body` (a large document over a slow line is no failure), and the wait
        for the answer; twice that bounds a request whose answer trickles.
        """
        url = self._url(service, path, query)
        permit, proof = await self._admitted(service)
        sent = {"Accept": "application/json", **_traced(), **(headers or {}), **proof}
        if json is not None:
            body = orjson.dumps(json)
            sent["Content-Type"] = "application/json"
        source = _Source(self._limits.request_timeout_s)
        try:
            # Making the connection has its own limit, so when this one strikes the request has left.
            async with asyncio.timeout(2 * self._limits.request_timeout_s) as deadline:
                response = await self._exchange(method, url, sent, source.watched(body, deadline))
        except of_network() as error:
            if source.error is not None:
                self.breaker.abandoned(permit)
                raise source.error from None
            self._lost(permit)
            raise failure(error, safe=method in _SAFE, what=f"{method} {service}") from error
        except BaseException:
            self.breaker.abandoned(permit)
            raise
        await self._answered(permit, service, response.status, proof, response.headers)
        return response

    async def download(
        self,
        service: str,
        path: str,
        *,
        query: Mapping[str, str] | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> AsyncIterator[bytes]:
        """Get something large in chunks: see `hub.ports.contracts.Client`.

        `request_timeout_s` bounds the wait for every chunk, `message_bytes_max` what comes in all.
        """
        url = self._url(service, path, query)
        permit, proof = await self._admitted(service)
        open_question: Permit | None = permit
        ends_at = self._clock.monotonic() + DOWNLOAD_S_MAX
        size_bytes = 0
        try:
            asked = {"Accept": "*/*", **_traced(), **(headers or {}), **proof}
            async with self._open("GET", url, headers=asked) as answer:
                open_question = None
                await self._answered(permit, service, answer.status, proof, answer.headers)
                if answer.status != HTTPStatus.OK:
                    retry_after = answer.headers.get("Retry-After", "")
                    raise not_given(answer.status, f"GET {service}", retry_after=retry_after)  # noqa: TRY301 - no error of the network
                async for chunk in answer.content.iter_any():
                    size_bytes += len(chunk)
                    if size_bytes > self._limits.message_bytes_max:
                        raise too_large("message_bytes_max", safe=True)  # noqa: TRY301 - the same
                    if self._clock.monotonic() > ends_at:
                        raise TimeoutError  # noqa: TRY301 - the network's own, said as such below
                    yield chunk
        except of_network() as error:
            if open_question is not None:
                self._lost(open_question)
            raise failure(error, safe=True, what=f"GET {service}") from error
        except BaseException:
            if open_question is not None:
                self.breaker.abandoned(open_question)
            raise

    def soap_security(self) -> str:
        """Give the WS-Security header block for one message: see `hub.ports.contracts.Client`."""
        if not isinstance(self._auth, UsernameTokenAuth):
            return ""
        return wsse.write(
            self._auth.user,
            self._auth.password.get_secret_value(),
            digest=self._auth.digest,
            now=self._clock.now(),
            life_s=WSSE_AGE_MAX_S,
        )

    async def _admitted(self, service: str) -> tuple[Permit, dict[str, str]]:
        """Ask the breaker, then for credentials: a token that cannot be had is a target that cannot be reached.

        The allowance is last: what is taken of it is used.
        """
        permit = self.breaker.admit()
        try:
            proof = await self._credentials.headers()
        except TargetUnavailable:
            self.breaker.failed(permit)
            raise
        except BaseException:
            self.breaker.abandoned(permit)
            raise
        try:
            if (allowance := self._allowances.get(service)) is not None:
                await allowance.take()
        except BaseException:
            self.breaker.abandoned(permit)
            raise
        return permit, proof

    async def _answered(
        self, permit: Permit, service: str, status: int, proof: dict[str, str], headers: Mapping[str, str]
    ) -> None:
        self._count(f"{status // 100}xx")
        if status in DOWN:
            self.breaker.failed(permit)
        else:
            self.breaker.answered(permit)
        allowance = self._allowances.get(service)
        if status == HTTPStatus.TOO_MANY_REQUESTS and allowance is not None:
            named = {name.lower(): text for name, text in headers.items()}
            await allowance.refused(asked_wait_s(named, self._clock.now()))
        if status == HTTPStatus.UNAUTHORIZED and self._credentials.refused(proof):
            raise TargetUnavailable(
                "the target takes the token no longer; the next request gets a new one",
                code="token",
                advice="nothing: the hub tries again by itself",
            )

    def _lost(self, permit: Permit) -> None:
        self._count("none")
        self.breaker.failed(permit)

    async def _exchange(
        self, method: str, url: URL, headers: dict[str, str], data: AsyncIterator[bytes] | bytes | None
    ) -> Response:
        async with self._open(method, url, headers=headers, data=data) as answer:
            content = bytearray()
            async for chunk in answer.content.iter_any():
                content += chunk
                if len(content) > self._limits.response_bytes_max:
                    answer.close()
                    raise too_large("response_bytes_max", safe=method in _SAFE)
            names = {name.lower(): text for name, text in answer.headers.items()}
            return Response(answer.status, names, bytes(content))

    def _open(
        self, method: str, url: URL, *, headers: Mapping[str, str], data: Data = None
    ) -> AbstractAsyncContextManager[aiohttp.ClientResponse]:
        """Begin a request, with the certificate that lies there now."""
        return self._session().request(
            method,
            url,
            headers=headers,
            data=data,
            allow_redirects=False,
            ssl=self._tls.refresh() if self._tls else True,
        )

    def _session(self) -> aiohttp.ClientSession:
        if self._opened is None:
            import aiohttp  # noqa: PLC0415 - see hub.net.failures

            limits = self._limits
            self._opened = aiohttp.ClientSession(
                connector=aiohttp.TCPConnector(limit=limits.connections_max, keepalive_timeout=TARGET_KEEP_ALIVE_S),
                timeout=aiohttp.ClientTimeout(
                    total=None,  # bounded above: a total of aiohttp can't be extended while a body streams
                    connect=limits.request_timeout_s,  # waiting for a free connection included
                    sock_connect=limits.connect_timeout_s,
                    sock_read=limits.request_timeout_s,
                ),
                headers={"User-Agent": "zaakhub"},
                cookie_jar=aiohttp.DummyCookieJar(),
            )
        return self._opened

    def _url(self, service: str, path: str, query: Mapping[str, str] | None) -> URL:
        from yarl import URL  # noqa: PLC0415 - comes with aiohttp

        base = self._services.get(service)
        if base is None:
            raise TargetMisconfigured(
                f"the target has no service {service}", code="onbekende-dienst", advice=f"add target.services.{service}"
            )
        whole = urlsplit(path)
        if whole.scheme or whole.netloc or path.startswith("\\"):
            if not any(_is_below(path, each) for each in self._services.values()):
                raise TargetMisconfigured(
                    f"{service}: the target refers to a URL outside its own services; the hub does not go there",
                    code="vreemde-url",
                    advice="write target.services as the target itself writes its URLs (scheme, host and port)",
                )
            url = path
        else:
            url = base + path.lstrip("/")
            if not (_PLAIN_PATH.fullmatch(path) or _is_below(url, base)):
                raise TargetMisconfigured(f"{service}: a path leaves the service", code="vreemde-url")
        if query:
            url += ("&" if "?" in url else "?") + urlencode(query)
        return URL(url)

    def _count(self, status: str) -> None:
        self._metrics.count(Count.TARGET_REQUESTS, self._name, status)


class _Source:
    """A streaming body under way: it moves the deadline, and its own error is kept apart from the network's."""

    def __init__(self, timeout_s: float) -> None:
        self.error: Exception | None = None
        self._timeout_s = timeout_s

    def watched(
        self, body: AsyncIterator[bytes] | bytes | None, deadline: asyncio.Timeout
    ) -> AsyncIterator[bytes] | bytes | None:
        """Give the body as it is to be sent."""
        return body if body is None or isinstance(body, bytes) else self._watched(body, deadline)

    async def _watched(self, body: AsyncIterator[bytes], deadline: asyncio.Timeout) -> AsyncIterator[bytes]:
        loop = asyncio.get_running_loop()
        try:
            async for chunk in body:
                if not deadline.expired():
                    deadline.reschedule(loop.time() + self._timeout_s)
                yield chunk
        except Exception as error:
            self.error = error
            raise


def _is_below(url: str, base: str) -> bool:
    """Say whether a URL lies in a service: same scheme, host and port, below its path, without `..` on the way."""
    asked, ours = urlsplit(url), urlsplit(base)
    path = unquote(asked.path)
    return (
        (asked.scheme, asked.netloc) == (ours.scheme, ours.netloc)
        and path.startswith(ours.path)
        and "\\" not in path
        and not any(segment in {".", ".."} for segment in path.split("/"))
    )


def _traced() -> dict[str, str]:
    """Tell the target of which trace this is part (W3C Trace Context)."""
    trace = current()
    return {} if trace is None else {HEADER: trace.traceparent}
