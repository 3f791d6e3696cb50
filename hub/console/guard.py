"""What is done to every request and every answer of the console, whatever is behind it.

It knows the name of the console, sizes, and the headers that keep a browser from doing what a page of ours never asks.
It refuses to know who somebody is.
"""

from __future__ import annotations

import re
from collections.abc import MutableMapping
from http import HTTPStatus
from typing import Any

from starlette.datastructures import MutableHeaders
from starlette.requests import HTTPConnection
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from hub.config.policy import API_BODY_BYTES_MAX
from hub.console.api.document import PREFIX
from hub.console.api.problem import problem
from hub.console.site import Site

_HSTS_S = 365 * 24 * 3600

# Nothing inline, nothing of another site, in no frame. `data:` is for icons in style sheets, which are pictures.
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
    "connect-src 'self'; manifest-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
)
HEADERS = {
    "content-security-policy": POLICY,
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    # Not `no-referrer`: then browsers hide with a form which page it was sent from.
    "referrer-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    "x-robots-tag": "noindex",
    "cache-control": "no-store",
}
"""What an answer says unless it says something else itself."""

HEALTH = "/health/"

_STREAMS = re.compile(rf"{PREFIX}/(?:plans/[^/]+/)?events")


def is_stream(scope: Scope) -> bool:
    """Say whether a request is for a stream of events, which goes on for as long as somebody looks.

    The address says so: what a request says that it accepts is the caller's to say or not.
    """
    return scope["type"] == "http" and _STREAMS.fullmatch(scope["path"]) is not None


class Guard:
    """Stands before the whole console."""

    def __init__(self, app: ASGIApp, site: Site) -> None:
        """Take what is behind it."""
        self._app = app
        self._site = site
        self._headers = dict(HEADERS)
        if site.secure:
            self._headers["strict-transport-security"] = f"max-age={_HSTS_S}"

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let a request through, or turn it away."""
        if scope["type"] != "http":
            return

        async def sent(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(raw=list(message["headers"]))
                for name, value in self._headers.items():
                    headers.setdefault(name, value)
                message = {**message, "headers": headers.raw}
            await send(message)

        await (self._turned_away(scope) or self._app)(scope, receive, sent)

    def _turned_away(self, scope: MutableMapping[str, Any]) -> ASGIApp | None:
        headers = HTTPConnection(scope).headers
        # Probes of a platform come by address, and learn nothing but whether the hub is well.
        if not scope["path"].startswith(HEALTH) and not self._site.knows(headers.get("host", "")):
            return _said(scope, HTTPStatus.MISDIRECTED_REQUEST, "The console is not here: see ZAAKHUB_CONSOLE_URL.")
        length = headers.get("content-length", "0")
        if not length.isdecimal() or int(length) > API_BODY_BYTES_MAX:
            return _said(scope, HTTPStatus.REQUEST_ENTITY_TOO_LARGE, "The request is too large.")
        return None


def _said(scope: Scope, status: HTTPStatus, text: str) -> ASGIApp:
    if scope["path"].startswith(f"{PREFIX}/"):
        return problem(status, text, code=status.phrase.lower().replace(" ", "-"))
    return PlainTextResponse(f"{text}\n", status_code=status)
