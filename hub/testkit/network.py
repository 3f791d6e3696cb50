"""A network that fails by seed: between the hub and a far side that runs in this process.

Every failure that a real network has: nothing arrives, the request is lost before it is done, the answer is lost after
it was done, the far side is busy. The same seed fails the same way.
"""

from __future__ import annotations

import random
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Mapping
from typing import NamedTuple, NoReturn
from urllib.parse import parse_qsl, urlencode, urlsplit

import orjson

from hub.errors import TargetMisconfigured, TargetUnavailable, TargetUncertain
from hub.net.failures import not_given
from hub.ports.contracts import Response

Answered = tuple[int, Iterable[tuple[str, str]], bytes]
Handle = Callable[[str, str, Mapping[str, str], Mapping[str, str], bytes], Awaitable[Answered]]
"""A far side: (method, path, query, headers, body) → (status, headers, body); ConnectionError where it cuts."""


class Weather(NamedTuple):
    """How often what goes wrong, each a probability per request."""

    refused: float = 0.0
    lost_before: float = 0.0
    lost_after: float = 0.0
    busy: float = 0.0


_CHUNK_BYTES = 1024
"""Small: also a short document comes in pieces."""

FAIR = Weather()
STORM = Weather(refused=0.05, lost_before=0.05, lost_after=0.1, busy=0.1)


class FaultyNetwork:
    """Implements hub.ports.contracts.Client on top of far sides by service name.

    `headers` are sent with every request (authentication). `log` keeps (method, path, status or failure) in order.
    """

    def __init__(
        self,
        far_side: Handle,
        services: Mapping[str, str],
        *,
        headers: Callable[[], Awaitable[Mapping[str, str]]] | None = None,
        seed: int = 0,
        weather: Weather = FAIR,
        security: str = "",
    ) -> None:
        """Take `services`: name to base URL, as in a connection's target; `security`: the WS-Security block."""
        self._security = security
        self._far_side = far_side
        self._services = services
        self._headers = headers
        self._chance = random.Random(seed)  # noqa: S311 - repeatable on purpose
        self.weather = weather
        self.log: list[tuple[str, str, str]] = []

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
        """Send one request through the weather."""
        url = urlsplit(self._url(service, path))
        sent = await _bytes_of(body) if json is None else orjson.dumps(json)
        asked = {**dict(parse_qsl(url.query)), **(query or {})}
        if self._strikes(self.weather.refused):
            self.log.append((method, url.path, "refused"))
            raise TargetUnavailable("connection refused", code="verbinding")
        if self._strikes(self.weather.lost_before):
            self._lost(method, url.path, "lost before")
        if self._strikes(self.weather.busy):
            self.log.append((method, url.path, "503"))
            return Response(503, {"retry-after": "1"}, b"")
        proof = await self._headers() if self._headers else {}
        given = {"content-type": "application/json", **proof, **(headers or {})}
        every = {name.lower(): value for name, value in given.items()}
        try:
            status, answered, content = await self._far_side(method, url.path, asked, every, sent)
        except ConnectionError:
            self._lost(method, url.path, "cut by the far side")
        if self._strikes(self.weather.lost_after):
            self._lost(method, url.path, "lost after")
        self.log.append((method, url.path + ("?" + urlencode(asked) if asked else ""), str(status)))
        return Response(status, {name.lower(): value for name, value in answered}, content)

    async def download(
        self,
        service: str,
        path: str,
        *,
        query: Mapping[str, str] | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> AsyncIterator[bytes]:
        """Get in chunks, through the weather; a loss after it was sent strikes in the middle."""
        url = urlsplit(self._url(service, path)).path
        lost = self._strikes(self.weather.lost_after)
        calm, self.weather = self.weather, self.weather._replace(lost_after=0.0)
        try:
            answer = await self.request("GET", service, path, query=query, headers={"accept": "*/*", **(headers or {})})
        finally:
            self.weather = calm
        if answer.status != 200:  # noqa: PLR2004 - HTTP
            raise not_given(answer.status, f"GET {service}", retry_after=answer.headers.get("retry-after", ""))
        for begin in range(0, len(answer.body), _CHUNK_BYTES):
            if lost and 2 * begin >= len(answer.body):
                self._lost("GET", url, "lost halfway")
            yield answer.body[begin : begin + _CHUNK_BYTES]

    def soap_security(self) -> str:
        """Give what it was given."""
        return self._security

    def _strikes(self, probability: float) -> bool:
        return probability > 0 and self._chance.random() < probability

    def _lost(self, method: str, path: str, what: str) -> NoReturn:
        self.log.append((method, path, what))
        if method in {"GET", "HEAD"}:
            raise TargetUnavailable("no answer", code="geen-antwoord")
        raise TargetUncertain("no answer", code="geen-antwoord")

    def _url(self, service: str, path: str) -> str:
        if service not in self._services:
            raise TargetMisconfigured(f"the target has no service {service}", code="onbekende-dienst")
        if not path.startswith("http"):
            return self._services[service].rstrip("/") + "/" + path.lstrip("/")
        if not any(path.startswith(base) for base in self._services.values()):
            raise TargetMisconfigured("a URL outside the target's services", code="vreemde-url")
        return path


async def _bytes_of(body: AsyncIterator[bytes] | bytes | None) -> bytes:
    if body is None:
        return b""
    if isinstance(body, bytes):
        return body
    return b"".join([chunk async for chunk in body])
