"""What the simulators of national services have in common: an API behind a key, as an ASGI app that can misbehave.

It knows requests, answers and orders to misbehave. It refuses to know what is asked: a simulator says that in
`Simulator.answered`, and how its service words a problem in `Simulator.problem`.
"""

from __future__ import annotations

import asyncio
import re
from abc import ABC, abstractmethod
from collections.abc import Awaitable, Callable, Mapping
from typing import Annotated, Any, Literal, NamedTuple
from urllib.parse import parse_qsl

import orjson
from pydantic import BaseModel, ConfigDict, Field

from hub.clock import Clock, SystemClock

Json = dict[str, Any]
Message = dict[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]

_ENDS = frozenset({"answer", "cut", "half", "garbage"})


class Gedrag(BaseModel):
    """One order to misbehave. It holds for the next `times` matching requests (None: until withdrawn).

    kind     what happens
    answer   `status` with `retry_after_s` and `body`, or with the problem that the service gives with that status
    slow     the answer waits `seconds`
    cut      the connection is cut
    half     the answer ends halfway
    garbage  a page of a proxy stands in the place of the answer
    extra    every object in the answer has a field that the published schema does not know
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    kind: Literal["answer", "slow", "cut", "half", "garbage", "extra"]
    path: re.Pattern[str] = re.compile("")
    times: Annotated[int, Field(gt=0)] | None = 1
    status: Annotated[int, Field(ge=200, le=599)] = 503
    retry_after_s: int | None = None
    body: dict[str, Any] | None = None
    seconds: Annotated[float, Field(ge=0)] = 0.0


class Request(NamedTuple):
    """One request; `headers` has lower-case names, `base` is scheme and host as the client wrote them."""

    method: str
    path: str
    query: Mapping[str, str]
    headers: Mapping[str, str]
    body: bytes
    base: str


class Answer(NamedTuple):
    """One answer."""

    status: int
    headers: tuple[tuple[str, str], ...]
    body: bytes

    @classmethod
    def of(
        cls,
        data: object,
        *,
        status: int = 200,
        media: str = "application/json",
        headers: Mapping[str, str] | None = None,
    ) -> Answer:
        """Give JSON."""
        return cls(status, (("content-type", media), *(headers or {}).items()), orjson.dumps(data))


class ConnectionCut(ConnectionError):
    """The connection ends here without an answer."""


class Simulator(ABC):
    """A service that knows one key, in the header `key_header`. `requests` are those that came, in order."""

    key_header: str

    def __init__(self, *, key: str, clock: Clock | None = None) -> None:
        """Take the key that is let in."""
        self.key = key
        self.clock = clock or SystemClock()
        self.requests: list[Request] = []
        self._orders: list[tuple[Gedrag, int | None]] = []

    @abstractmethod
    async def answered(self, request: Request) -> Answer:
        """Answer a request that was let in."""

    @abstractmethod
    def problem(self, status: int, request: Request) -> Answer:
        """Say what is wrong, as the service says it with this status."""

    def refusal(self, request: Request) -> Answer | None:
        """Say why a request is not let in, or None; a service with more rules than a key adds them."""
        given = request.headers.get(self.key_header.lower())
        return None if given == self.key else self.problem(401, request)

    def with_extra(self, given: Answer) -> Answer:
        """Put a field in every object of an answer that the published schema does not know."""
        return given._replace(body=orjson.dumps(_with_extra(orjson.loads(given.body))))

    def misbehave(self, gedrag: Gedrag) -> None:
        """Order misbehaviour."""
        self._orders.append((gedrag, gedrag.times))

    def behave(self) -> None:
        """Withdraw all orders."""
        self._orders.clear()

    async def handle(
        self, method: str, path: str, query: Mapping[str, str], headers: Mapping[str, str], body: bytes = b""
    ) -> Answer:
        """Answer one request; `headers` has lower-case names. Raises ConnectionCut where no answer is to come."""
        request = Request(method, path, query, headers, body, f"http://{headers.get('host', 'localhost')}")
        self.requests.append(request)
        orders = self._taken(path)
        for each in orders:
            if each.kind == "slow":
                await self.clock.sleep(each.seconds)
        ends = next((each for each in orders if each.kind in _ENDS), None)
        if ends is not None and ends.kind == "cut":
            raise ConnectionCut
        if ends is not None and ends.kind == "answer":
            return self._ordered(ends, request)
        if ends is not None and ends.kind == "garbage":
            return Answer(200, (("content-type", "text/html"),), b"<html>Inloggen</html>")
        given = self.refusal(request) or await self.answered(request)
        if ends is not None:
            return given._replace(body=given.body[: len(given.body) // 2])
        if any(each.kind == "extra" for each in orders):
            return self.with_extra(given)
        return given

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        """Serve ASGI 3: http, and a lifespan without anything to do."""
        if scope["type"] == "lifespan":
            await _lifespan(receive, send)
            return
        body, more = b"", True
        while more:
            message = await receive()
            body, more = body + message.get("body", b""), message.get("more_body", False)
        headers = {name.decode("latin-1").lower(): value.decode("latin-1") for name, value in scope["headers"]}
        query = dict(parse_qsl(scope["query_string"].decode("latin-1"), keep_blank_values=True))
        try:
            given = await self.handle(scope["method"], scope["path"], query, headers, body)
        except ConnectionCut:
            await _cut(receive, send)
            return
        fields = [(name.encode(), value.encode("latin-1")) for name, value in given.headers]
        length = (b"content-length", str(len(given.body)).encode())
        await send({"type": "http.response.start", "status": given.status, "headers": [*fields, length]})
        await send({"type": "http.response.body", "body": given.body})

    def _ordered(self, gedrag: Gedrag, request: Request) -> Answer:
        given = self.problem(gedrag.status, request)
        if gedrag.body is not None:
            given = given._replace(body=orjson.dumps(gedrag.body))
        if gedrag.retry_after_s is not None:
            given = given._replace(headers=(*given.headers, ("retry-after", str(gedrag.retry_after_s))))
        return given

    def _taken(self, path: str) -> list[Gedrag]:
        """Give the orders that hold for this request, up to the first that decides the answer, and count them."""
        taken: list[Gedrag] = []
        left: list[tuple[Gedrag, int | None]] = []
        decided = False
        for gedrag, times in self._orders:
            holds = not decided and gedrag.path.search(path) is not None
            if holds:
                taken.append(gedrag)
                decided = gedrag.kind in _ENDS
            rest = times if times is None or not holds else times - 1
            if rest != 0:
                left.append((gedrag, rest))
        self._orders = left
        return taken


def _with_extra(found: object) -> object:
    if isinstance(found, list):
        return [_with_extra(each) for each in found]
    if isinstance(found, dict):
        return {**{name: _with_extra(each) for name, each in found.items()}, "nieuwVeld": "onbekend"}
    return found


async def _cut(receive: Receive, send: Send) -> None:
    """Cut the connection. uvicorn's `send` is a method of its request cycle, which holds the transport."""
    transport: asyncio.Transport | None = getattr(getattr(send, "__self__", None), "transport", None)
    if transport is None:
        raise RuntimeError("only under uvicorn can a connection be cut")
    transport.abort()
    while (await receive())["type"] != "http.disconnect":
        pass


async def _lifespan(receive: Receive, send: Send) -> None:
    while True:
        kind = (await receive())["type"]
        await send({"type": f"{kind}.complete"})
        if kind == "lifespan.shutdown":
            return
