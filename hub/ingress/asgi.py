"""HTTP in, as raw ASGI: messages per connection, health, metrics.

Knows URLs and HTTP; what a message means is the adapter's, what happens with it is `flow/receive`'s. A framework would
cost a third of the intake (docs/decisions/0005-raw-asgi.md).
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from typing import Any, NamedTuple

import orjson
import structlog

from hub.app import App
from hub.config.access import is_open
from hub.errors import ConfigurationWrong
from hub.flow.entrance import Answered, Entrance, Fulfilled, Ignored, Passed, TurnedAway, Welcome
from hub.flow.gate import unguarded
from hub.ingress.caller import caller_of
from hub.observe.health import Report
from hub.observe.metrics import CONTENT_TYPE
from hub.ports.contracts import PATH, SENDER, Reply, Resourceful
from hub.wire import outflow

log = structlog.get_logger()

Scope = Mapping[str, Any]
Receive = Callable[[], Awaitable[dict[str, Any]]]
Send = Callable[[dict[str, Any]], Awaitable[None]]

Sent = Callable[[], Awaitable[None]]


class Outgo(NamedTuple):
    """What goes out. With `sent` its claims become their contents on the way, and it is called when all is out."""

    reply: Reply
    sent: Sent | None = None


_TEXT = "text/plain; charset=utf-8"


class Ingress:
    """The ASGI app of one process. A worker's has no doors: only health and metrics."""

    def __init__(self, app: App, *, doors: bool) -> None:
        self._app = app
        self._entrances = app.entrances if doors else {}
        self._settings = app.configuration.settings
        shut = [unguarded(each.connection, self._settings) for each in self._entrances.values()]
        if problems := [each for each in shut if each is not None]:
            raise ConfigurationWrong.several(problems)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http":
            return
        try:
            reply, sent = await self._answer(scope, receive)
        except _Disconnected:
            return
        size_bytes = len(reply.body) if sent is None else outflow.size_of(reply.body)
        headers = [(b"content-type", reply.content_type.encode()), (b"content-length", b"%d" % size_bytes)]
        own = [(key.lower().encode(), value.encode("latin-1")) for key, value in reply.headers]
        if reply.status == 503 and not any(key == b"retry-after" for key, _ in own):  # noqa: PLR2004 - HTTP
            headers.append((b"retry-after", b"5"))
        if reply.status == 401:  # noqa: PLR2004 - HTTP
            headers.append((b"www-authenticate", b'Basic realm="zaakhub", charset="UTF-8"'))
        headers += own
        start = {"type": "http.response.start", "status": reply.status, "headers": headers}
        if sent is None:
            await send(start)
            await send({"type": "http.response.body", "body": reply.body})
            return
        try:
            await send(start)
            async for chunk in outflow.filled(reply.body, self._app.payloads.open):
                await send({"type": "http.response.body", "body": chunk, "more_body": True})
            await send({"type": "http.response.body", "body": b""})
        finally:
            await sent()

    async def _answer(self, scope: Scope, receive: Receive) -> Outgo:
        path: str = scope["path"]
        if path.startswith("/in/"):
            return await self._message(scope, receive, path)
        match (scope["method"], path):
            case ("GET", "/health/live"):
                return Outgo(_health(await self._app.health.live()))
            case ("GET", "/health/ready"):
                return Outgo(_health(await self._app.health.ready()))
            case ("GET", "/metrics"):
                return Outgo(await self._metrics())
            case _:
                return Outgo(Reply(404, _TEXT, b"Nothing here. Messages go to /in/<connection>.\n"))

    async def _message(self, scope: Scope, receive: Receive, path: str) -> Outgo:
        name, _, rest = path.removeprefix("/in/").partition("/")
        entrance = self._entrances.get(name)
        if entrance is None:
            return Outgo(Reply(404, _TEXT, f"No such connection. {self._known()}\n".encode()))
        headers = {name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]}
        caller = caller_of(scope, headers, self._settings)
        headers |= {PATH: rest, SENDER: entrance.gate.sender}
        if denial := entrance.gate.admit(caller, self._app.clock.now()):
            away = self._app.reception.not_admitted(name, denial, caller=str(caller.address or "unknown"))
            told = entrance.inbound.refused(
                away.refusal, away.body, message_id=away.message_id, at=away.at, headers=headers
            )
            return Outgo(told)
        if scope["method"] == "POST":
            return await self._receive(entrance, _chunks(receive), headers, rest)
        inbound, query = entrance.inbound, scope["query_string"].decode("latin-1")
        resourceful = inbound if isinstance(inbound, Resourceful) else None
        if scope["method"] != "GET":
            no_such_method = Reply(405, _TEXT, b"Send messages with POST.\n", (("Allow", "GET, POST"),))
            return Outgo(no_such_method if resourceful is None else resourceful.not_allowed(rest))
        if resourceful is not None and (asked := resourceful.asked_by_get(rest, query)) is not None:
            return await self._receive(entrance, _one(asked.body), {**headers, **asked.headers}, rest)
        described = inbound.description(rest, query, url=_url_of(scope))
        return Outgo(described or Reply(404, _TEXT, b"No description here; try ?wsdl.\n"))

    def _known(self) -> str:
        """Name the connections that anybody may send to: the others are not for strangers to know."""
        known = ", ".join(f"/in/{name}" for name, each in self._entrances.items() if is_open(each.connection.access))
        return f"Connections: {known or 'none in this process that is open to all'}."

    async def _receive(
        self, entrance: Entrance, chunks: AsyncIterator[bytes], headers: Mapping[str, str], path: str
    ) -> Outgo:
        match await self._app.reception.receive(entrance, chunks, headers, path=path):
            case Passed(reply):
                return Outgo(reply)
            case Welcome(document, seen):
                say = entrance.inbound.accepted
                return Outgo(say(document, message_id=seen.message_id, at=seen.accepted_at, headers=headers))
            case Fulfilled(document, seen):
                say = entrance.conversing.delivered
                return Outgo(say(document, message_id=seen.message_id, at=seen.accepted_at, headers=headers))
            case Answered(_, answer):
                return Outgo(answer.reply, answer.forget)
            case Ignored():
                return Outgo(Reply(204, _TEXT, b""))
            case TurnedAway(refusal, body, message_id, at):
                return Outgo(entrance.inbound.refused(refusal, body, message_id=message_id, at=at, headers=headers))

    async def _metrics(self) -> Reply:
        await self._app.measure()
        return Reply(200, CONTENT_TYPE, self._app.metrics.render())


class _Disconnected(Exception):
    """The client went away in the middle of its message: nobody to answer."""


async def _chunks(receive: Receive) -> AsyncIterator[bytes]:
    while True:
        message = await receive()
        if message["type"] != "http.request":
            raise _Disconnected
        if body := message.get("body", b""):
            yield body
        if not message.get("more_body", False):
            return


async def _one(body: bytes) -> AsyncIterator[bytes]:
    yield body


def _health(report: Report) -> Reply:
    return Reply(
        200 if report.ok else 503, "application/json", orjson.dumps({"ok": report.ok, "checks": report.checks})
    )


def _url_of(scope: Scope) -> str:
    host = next((value for name, value in scope["headers"] if name == b"host"), b"localhost").decode("latin-1")
    return f"{scope.get('scheme', 'http')}://{host}{scope['path']}"
