"""The simulator itself: from a request to an answer (`handle`), and the ASGI shell around it.

`handle` is the whole of it without sockets: an in-memory network calls it and carries out cuts itself. The ASGI shell
needs uvicorn for one thing only: an ASGI application can't cut a connection, so it takes uvicorn's transport.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from typing import Any
from urllib.parse import parse_qsl

import orjson
from pydantic import ValidationError

from adapters.zgw.simulator.access import CRS, Access, demand_crs
from adapters.zgw.simulator.catalogi import fill
from adapters.zgw.simulator.catalogue import Catalogue
from adapters.zgw.simulator.documenten import act_on_document, make_document, remove_document
from adapters.zgw.simulator.exchange import (
    Answer,
    Body,
    ConnectionCut,
    Json,
    Refusal,
    Request,
    answer,
    invalid,
    problem,
)
from adapters.zgw.simulator.gedrag import Gedrag, Orders
from adapters.zgw.simulator.inhoud import REST_BYTES_MAX, InhoudReader
from adapters.zgw.simulator.listing import known, listed, shown
from adapters.zgw.simulator.onderdelen import PARTS, change_part, make_part, remove_part
from adapters.zgw.simulator.shapes import DOCUMENTEN, EIGENSCHAPPEN, ZAKEN
from adapters.zgw.simulator.state import Content, State, absolute, eigenschappen_of
from adapters.zgw.simulator.zaken import change_zaak, make_zaak, remove_zaak
from hub.clock import Clock

_OWN = "/_simulator/"
_WRITES = frozenset({"POST", "PUT", "PATCH"})
_JSON_TYPES = ("application/json", "application/problem+json")
_ITEM_DEPTH = 5
"""/zaken/api/v1/zaken/<uuid>, counted in slashes."""

Message = dict[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]


class Simulator:
    """An Open Zaak that forgets everything when it stops. `state` is what stands, `orders` how it misbehaves."""

    def __init__(self, *, catalogue: Catalogue, access: Access, clock: Clock, page_size: int, may_force: bool) -> None:
        """See `create`."""
        self.state = State()
        self.orders = Orders()
        self._access = access
        self._clock = clock
        self._page_size = page_size
        self._may_force = may_force
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
            await _drained(body)
            return _ordered(ends)
        if ends.kind == "cut-before":
            await _drained(body)
            raise ConnectionCut(effect=False)
        done = await self._answered(request, body)
        if ends.kind == "cut-after":
            raise ConnectionCut(effect=True)
        return Answer(done.status, (("content-type", "text/html"),), b"<html>504 Gateway")

    async def _answered(self, request: Request, body: Body) -> Answer:
        self._access.demand(request.headers, request.now)
        content: Content | None = None
        if request.path == ZAKEN or (request.path.startswith(f"{ZAKEN}/") and request.path.count("/") == _ITEM_DEPTH):
            demand_crs(request.method, request.headers)
        if request.method in _WRITES:
            if not request.headers.get("content-type", "").startswith(_JSON_TYPES):
                raise Refusal(415, "unsupported_media_type", "Niet ondersteund mediatype.")
            raw, content = await _read(body, cut=request.path == DOCUMENTEN)
            request = request._replace(data=_parsed(raw))
            wrong = self.orders.refused(request.method, request.path, request.data)
            if wrong:
                raise invalid(wrong)
        return self._dispatched(request, content)

    def _dispatched(self, request: Request, content: Content | None) -> Answer:
        """Find the resource and do what the method says."""
        collection, _, _ = request.path.rpartition("/")
        if known(request.path):
            return self._on_collection(request, content)
        if collection.startswith(f"{ZAKEN}/") or request.path.endswith(f"/{EIGENSCHAPPEN}"):
            return self._on_eigenschappen(request)
        if known(collection):
            return self._on_item(request, collection, self._found(request.path))
        if collection.startswith(f"{DOCUMENTEN}/"):
            return act_on_document(
                self.state, request, self._found(collection), request.path.removeprefix(f"{collection}/")
            )
        raise Refusal(404, "not_found", "Niet gevonden.")

    def _on_collection(self, request: Request, content: Content | None) -> Answer:
        state = self.state
        if request.method == "GET":
            crs = (("content-crs", CRS),) if request.path == ZAKEN else ()
            found = listed(state, request.path, request, page_size=self._page_size)
            return found._replace(headers=(*found.headers, *crs))
        if request.method == "POST":
            if request.path == ZAKEN:
                return _made(shown(state, make_zaak(state, request), request))
            if request.path in PARTS:
                part = make_part(state, request, request.path, may_force=self._may_force)
                return _made(shown(state, part, request))
            if request.path == DOCUMENTEN:
                return _made(make_document(state, request, content))
        raise _not_allowed(request)

    def _on_item(self, request: Request, collection: str, data: Json) -> Answer:
        state, method = self.state, request.method
        if method in {"GET", "HEAD"}:
            return answer(shown(state, data, request))
        if collection == ZAKEN and method in {"PUT", "PATCH"}:
            record = state.records[request.path]
            change_zaak(state, request, record, partial=method == "PATCH", may_force=self._may_force)
            return answer(shown(state, data, request))
        if collection == ZAKEN and method == "DELETE":
            remove_zaak(state, state.records[request.path])
            return Answer(204, (), b"")
        if collection == DOCUMENTEN and method == "DELETE":
            remove_document(state, data)
            return Answer(204, (), b"")
        return self._on_part(request, collection, data)

    def _on_part(self, request: Request, collection: str, data: Json) -> Answer:
        state, method = self.state, request.method
        if collection not in PARTS or method not in PARTS[collection].changes:
            raise _not_allowed(request)
        if method == "DELETE":
            remove_part(state, collection, data, may_force=self._may_force)
            return Answer(204, (), b"")
        change_part(state, request, collection, data, partial=method == "PATCH", may_force=self._may_force)
        return answer(absolute(data, request.base))

    def _on_eigenschappen(self, request: Request) -> Answer:
        """Answer under the zaak itself, where the zaakeigenschappen lie; their list is bare."""
        zaak, _, rest = request.path.partition(f"/{EIGENSCHAPPEN}")
        self._found(zaak)
        if rest:
            data = self._found(request.path)
            if request.method in {"GET", "HEAD"}:
                return answer(absolute(data, request.base))
            return self._on_part(request, EIGENSCHAPPEN, data)
        if request.method == "GET":
            standing = self.state.collections.get(eigenschappen_of(zaak), {})
            return answer([absolute(each, request.base) for each in standing.values()])
        if request.method == "POST":
            made = make_part(self.state, request, EIGENSCHAPPEN, may_force=self._may_force)
            return _made(absolute(made, request.base))
        raise _not_allowed(request)

    def _found(self, path: str) -> Json:
        found = self.state.find(path)
        if found is None:
            raise Refusal(404, "not_found", "Niet gevonden.")
        return found

    async def _own(self, request: Request, body: Body) -> Answer:
        """Answer what is asked of the simulator itself: what stands, and how to misbehave."""
        what = request.path.removeprefix(_OWN)
        if (request.method, what) == ("GET", "stand"):
            stand = self.state.stand(dict(request.query).get("zaak", ""))
            return answer({**stand, "gedrag": self.orders.shown()})
        if (request.method, what) == ("POST", "gedrag"):
            raw, _ = await _read(body, cut=False)
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


def _made(data: Json) -> Answer:
    return answer(data, status=201, headers=(("location", str(data["url"])),))


def _not_allowed(request: Request) -> Refusal:
    return Refusal(405, "method_not_allowed", f"Methode {request.method} niet toegestaan.")


async def _read(body: Body, *, cut: bool) -> tuple[bytes, Content | None]:
    """Read the body; with `cut` the inhoud is taken out of it."""
    reader, whole = InhoudReader(), bytearray()
    async for chunk in _chunks(body):
        if cut:
            reader.feed(chunk)
        elif len(whole) + len(chunk) > REST_BYTES_MAX:
            raise Refusal(413, "request-too-large", "De aanvraag is te groot.")
        else:
            whole += chunk
    return (reader.rest, reader.content) if cut else (bytes(whole), None)


async def _drained(body: Body) -> None:
    async for _ in _chunks(body):
        pass


async def _chunks(body: Body) -> AsyncIterator[bytes]:
    if isinstance(body, bytes):
        yield body
        return
    async for chunk in body:
        yield chunk


def _parsed(raw: bytes) -> Json:
    if not raw:
        return {}
    try:
        data = orjson.loads(raw)
    except orjson.JSONDecodeError:
        raise Refusal(400, "parse_error", "JSON parse error.") from None
    if not isinstance(data, dict):
        raise Refusal(400, "invalid", "Ongeldige data: een object is verwacht.")
    return data


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
