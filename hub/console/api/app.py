"""The API under /v1: its routes, and what all of them have in common.

It refuses to know sockets, cookies and pages: `hub.console.server` mounts it.
"""

from __future__ import annotations

import re
from typing import Any

from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from fastapi.routing import APIRouter
from starlette.datastructures import MutableHeaders
from starlette.exceptions import HTTPException
from starlette.routing import Mount
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from hub.console.api import audit, edits, failures, indicaties, mappings, overview, plans, search
from hub.console.api.answers import VERSION, public
from hub.console.api.caller import Identity
from hub.console.api.cursor import Cursors
from hub.console.api.document import PREFIX, document
from hub.console.api.events import Streams
from hub.console.api.idempotency import Answers
from hub.console.api.problem import Unexpected, on_http, on_hub_error, on_invalid
from hub.console.service import Service
from hub.errors import HubError

published = APIRouter()


@published.get("/openapi.json", responses=public(), tags=["api"])
async def get_description(request: Request, response: Response) -> dict[str, Any]:
    """Give this description."""
    # NL API Design Rules, /core/publish-openapi: any site may read it.
    response.headers["access-control-allow-origin"] = "*"
    return request.app.openapi()  # type: ignore[no-any-return]  # `app` is Any in Starlette


def create(service: Service, identity: Identity, answers: Answers, *, cursor_key: bytes) -> FastAPI:
    """Make the API; `mounted` says where it goes."""
    app = routes()
    app.state.service = service
    app.state.identity = identity
    app.state.answers = answers
    app.state.cursors = Cursors(cursor_key)
    app.state.streams = Streams()
    return app


def mounted(api: FastAPI) -> Mount:
    """Give the place of the API among other routes. Every path below it is its own, also one with the end of a line."""
    mount = Mount(PREFIX, app=api)
    mount.path_regex = re.compile(mount.path_regex.pattern, re.DOTALL)
    return mount


def routes() -> FastAPI:
    """Make the routes, without anything behind them: enough to describe them."""
    app = FastAPI(
        openapi_url=None,
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
        default_response_class=JSONResponse,
        exception_handlers={HubError: on_hub_error, RequestValidationError: on_invalid, HTTPException: on_http},
    )
    for each in (overview, indicaties, failures, edits, plans, search, mappings, audit):
        app.include_router(each.router)
    app.include_router(published)
    app.add_middleware(Unexpected)
    app.add_middleware(_Headed)
    made: dict[str, Any] = {}

    def described() -> dict[str, Any]:
        if not made:
            made.update(document(app))
        return made

    app.openapi = described  # type: ignore[method-assign]
    return app


class _Headed:
    """Says in every answer which version it is of (NL API Design Rules, /core/version-header), and what is left."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        # One for all layers below: the route says in it what the caller may still do.
        state = scope.setdefault("state", {})

        async def sent(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                headers["API-Version"] = VERSION
                headers.setdefault("cache-control", "no-store")
                if (budget := state.get("budget")) is not None:
                    headers["RateLimit-Limit"] = str(budget.limit)
                    headers["RateLimit-Remaining"] = str(budget.remaining)
                    headers["RateLimit-Reset"] = str(budget.reset_s)
            await send(message)

        await self._app(scope, receive, sent)
