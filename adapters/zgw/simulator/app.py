"""The simulator itself: from a request to an answer (`handle`), and the ASGI shell around it.

`handle` is the whole of it without sockets: an in-memory network calls it and carries out cuts itself. The ASGI shell
needs uvicorn for one thing only: an ASGI application can't cut a connection, so it takes uvicorn's transport.
"""

from __future__ import annotations

import asyncio
import re
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from typing import Any
from urllib.parse import parse_qsl

import orjson
from pydantic import ValidationError

from adapters.zgw.simulator.access import Access, demand_crs
from adapters.zgw.simulator.autorisaties import CONSUMER, Applicatie, consumer
from adapters.zgw.simulator.catalogi import fill
from adapters.zgw.simulator.catalogue import Catalogue
from adapters.zgw.simulator.exchange import Answer, Body, ConnectionCut, Refusal, Request, answer, invalid, problem
from adapters.zgw.simulator.gedrag import Gedrag, Orders
from adapters.zgw.simulator.inhoud import REST_BYTES_MAX
from adapters.zgw.simulator.intake import Intake, drained, read
from adapters.zgw.simulator.resources import Resources
from adapters.zgw.simulator.shapes import ZAKEN
from adapters.zgw.simulator.state import State
from adapters.zgw.simulator.vermogens import VERMOGENS, ZAAK_REGISTREREN, ZAKEN_ZOEKEN
from hub.clock import Clock

_OWN = "/_simulator/"
_WRITES = frozenset({"POST", "PUT", "PATCH"})
_ITEM_DEPTH = 5
"""/zaken/api/v1/zaken/<uuid>, counted in slashes."""
_UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")

Message = dict[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]


class Simulator:
    """An Open Zaak that forgets everything when it stops. `state` is what stands, `orders` how it misbehaves."""

    def __init__(
        self,
        *,
        catalogue: Catalogue,
        access: Access,
        applicatie: Applicatie,
        clock: Clock,
        page_size: int,
        part_size: int,
        may_force: bool,
        without: frozenset[str],
    ) -> None:
        """See `create`."""
        self.state = State()
        self.orders = Orders()
        self.requests: Counter[str] = Counter()
        """How often each operation was asked for: `GET /zaken/api/v1/zaken/{uuid}`."""
        self._access = access
        self._applicatie = applicatie
        self._clock = clock
        self._resources = Resources(
            self.state,
            able=VERMOGENS - without,
            page_size=page_size,
            part_size=part_size,
            may_force=may_force,
        )
        fill(self.state, catalogue)

    async def handle(
        self,
        method: str,
        path: str,
        query: Mapping[str, str],
        headers: Mapping[str, str],
        body: Body = b"",
        *,
        scheme: str = "http",
    ) -> Answer:
        """Answer one request; `headers` has lower-case names. Raises ConnectionCut where no answer is to come."""
        request = Request(
            method=method,
            path=path,
            query=tuple(query.items()),
            headers=headers,
            base=f"{scheme}://{headers.get('host', 'localhost')}",
            now=self._clock.now(),
            data={},
        )
        try:
            if path.startswith(_OWN):
                return await self._own(request, body)
            self.requests[f"{method} {_UUID.sub('{uuid}', path)}"] += 1
            return await self._misbehaving(request, body)
        except Refusal as refusal:
            return problem(refusal)

    async def _misbehaving(self, request: Request, body: Body) -> Answer:
        ends: Gedrag | None = None
        for gedrag in self.orders.take(request.method, request.path):
            if gedrag.kind == "slow":
                await self._clock.sleep(gedrag.seconds)
            else:
                ends = gedrag
        if ends is None:
            return await self._answered(request, body)
        if ends.kind == "answer":
            await drained(body)
            return _ordered(ends)
        if ends.kind == "cut-before":
            await drained(body)
            raise ConnectionCut(effect=False)
        done = await self._answered(request, body)
        if ends.kind == "cut-after":
            raise ConnectionCut(effect=True)
        return Answer(done.status, (("content-type", "text/html"),), b"<html>504 Gateway")

    async def _answered(self, request: Request, body: Body) -> Answer:
        self._access.demand(request.headers, request.now)
        if request.path == CONSUMER:
            return consumer(self.state, request, self._applicatie)
        on_zaak = request.path.startswith(f"{ZAKEN}/") and request.path.count("/") == _ITEM_DEPTH
        if on_zaak or request.path in {ZAKEN, ZAAK_REGISTREREN, ZAKEN_ZOEKEN}:
            demand_crs(request.method, request.headers)
        came = Intake({})
        if request.method in _WRITES:
            came = await self._resources.read(request, body)
            request = request._replace(data=came.data)
            wrong = self.orders.refused(request.method, request.path, request.data)
            if wrong:
                raise invalid(wrong)
        return self._resources.answer(request, came)

    async def _own(self, request: Request, body: Body) -> Answer:
        """Answer what is asked of the simulator itself: what stands, and how to misbehave."""
        what = request.path.removeprefix(_OWN)
        if (request.method, what) == ("GET", "stand"):
            stand = self.state.stand(dict(request.query).get("zaak", ""))
            return answer({**stand, "gedrag": self.orders.shown()})
        if (request.method, what) == ("POST", "gedrag"):
            raw = await read(body, most=REST_BYTES_MAX)
            try:
                self.orders.add(Gedrag.model_validate_json(raw))
            except ValidationError as wrong:
                return answer(wrong.errors(include_input=False, include_url=False, include_context=False), status=400)
        elif (request.method, what) == ("DELETE", "gedrag"):
            self.orders.clear()
        elif (request.method, what) != ("GET", "gedrag"):
            raise Refusal(404, "not_found", "De simulator kent alleen stand en gedrag.")
        return answer(self.orders.shown())

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        """Serve ASGI 3: http, and a lifespan without anything to do."""
        if scope["type"] == "lifespan":
            await _lifespan(receive, send)
            return
        headers = {name.decode("latin-1").lower(): value.decode("latin-1") for name, value in scope["headers"]}
        query = dict(parse_qsl(scope["query_string"].decode("latin-1"), keep_blank_values=True))
        try:
            given = await self.handle(
                scope["method"], scope["path"], query, headers, _streamed(receive), scheme=scope.get("scheme", "http")
            )
        except ConnectionCut:
            await _cut(receive, send)
            return
        body = b"" if scope["method"] == "HEAD" else given.body
        length = (b"content-length", str(len(given.body)).encode())
        fields = [(name.encode(), value.encode("latin-1")) for name, value in given.headers]
        await send({"type": "http.response.start", "status": given.status, "headers": [*fields, length]})
        await send({"type": "http.response.body", "body": body})


def _ordered(gedrag: Gedrag) -> Answer:
    given = problem(Refusal(gedrag.status, "besteld", "Antwoord op bestelling."))
    if gedrag.body is not None:
        given = given._replace(body=orjson.dumps(gedrag.body))
    if gedrag.retry_after_s is not None:
        given = given._replace(headers=(*given.headers, ("retry-after", str(gedrag.retry_after_s))))
    return given


async def _streamed(receive: Receive) -> AsyncIterator[bytes]:
    more = True
    while more:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise ConnectionCut(effect=False)
        more = message.get("more_body", False)
        yield message.get("body", b"")


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
