"""HTTP in, as raw ASGI: messages per connection, health, metrics.

Knows URLs and HTTP; what a message means is the adapter's, what happens with it is `flow/receive`'s. A framework would
cost a third of the intake (docs/decisions/0005-raw-asgi.md).
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from typing import Any

import orjson
import structlog

from hub.app import App
from hub.errors import HubUnavailable
from hub.flow.receive import Entrance, TurnedAway, Welcome
from hub.observe.health import Report
from hub.observe.metrics import CONTENT_TYPE, Level
from hub.ports.contracts import Reply

log = structlog.get_logger()

Scope = Mapping[str, Any]
Receive = Callable[[], Awaitable[dict[str, Any]]]
Send = Callable[[dict[str, Any]], Awaitable[None]]

_TEXT = "text/plain; charset=utf-8"


class Ingress:
    """The ASGI app of one process. A worker's has no doors: only health and metrics."""

    def __init__(self, app: App, *, doors: bool) -> None:
        self._app = app
        self._entrances = app.entrances if doors else {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http":
            return
        try:
            reply = await self._answer(scope, receive)
        except _Disconnected:
            return
        headers = [(b"content-type", reply.content_type.encode()), (b"content-length", b"%d" % len(reply.body))]
        if reply.status == 503:  # noqa: PLR2004 - HTTP
            headers.append((b"retry-after", b"5"))
        await send({"type": "http.response.start", "status": reply.status, "headers": headers})
        await send({"type": "http.response.body", "body": reply.body})

    async def _answer(self, scope: Scope, receive: Receive) -> Reply:
        path: str = scope["path"]
        if path.startswith("/in/"):
            return await self._message(scope, receive, path)
        match (scope["method"], path):
            case ("GET", "/health/live"):
                return _health(await self._app.health.live())
            case ("GET", "/health/ready"):
                return _health(await self._app.health.ready())
            case ("GET", "/metrics"):
                return await self._metrics()
            case _:
                return Reply(404, _TEXT, b"Nothing here. Messages go to /in/<connection>.\n")

    async def _message(self, scope: Scope, receive: Receive, path: str) -> Reply:
        name, _, rest = path.removeprefix("/in/").partition("/")
        entrance = self._entrances.get(name)
        if entrance is None:
            known = ", ".join(f"/in/{each}" for each in self._entrances) or "none in this process"
            return Reply(404, _TEXT, f"No such connection. Connections: {known}.\n".encode())
        if scope["method"] == "GET":
            described = entrance.inbound.description(rest, scope["query_string"].decode("latin-1"), url=_url_of(scope))
            return described or Reply(404, _TEXT, b"No description here; try ?wsdl.\n")
        if scope["method"] != "POST":
            return Reply(405, _TEXT, b"Send messages with POST.\n")
        return await self._receive(entrance, scope, receive)

    async def _receive(self, entrance: Entrance, scope: Scope, receive: Receive) -> Reply:
        headers = {name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]}
        match await self._app.reception.receive(entrance, _chunks(receive), headers):
            case Welcome(document, seen):
                return entrance.inbound.accepted(
                    document, message_id=seen.message_id, at=seen.accepted_at, headers=headers
                )
            case TurnedAway(refusal, body, message_id, at):
                return entrance.inbound.refused(refusal, body, message_id=message_id, at=at, headers=headers)

    async def _metrics(self) -> Reply:
        try:
            counts = await self._app.ledger.counts()
        except HubUnavailable:
            log.warning("metrics_without_ledger")
        else:
            self._app.metrics.level(Level.PARKED_ITEMS, counts["parked_items"])
            self._app.metrics.level(Level.FAILURES_OPEN, counts["failures_open"])
        for stage in self._app.running.values():
            self._app.metrics.level(Level.LAG, await stage.lag(), stage.name)
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


def _health(report: Report) -> Reply:
    return Reply(
        200 if report.ok else 503, "application/json", orjson.dumps({"ok": report.ok, "checks": report.checks})
    )


def _url_of(scope: Scope) -> str:
    host = next((value for name, value in scope["headers"] if name == b"host"), b"localhost").decode("latin-1")
    return f"{scope.get('scheme', 'http')}://{host}{scope['path']}"
