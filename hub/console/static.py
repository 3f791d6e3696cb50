"""The built pages of the console: files with a hash in their name, and one page that finds its own way.

It knows the folder that the build makes. A path is looked up among what lies there, never walked. It refuses to know
what the pages do.
"""

from __future__ import annotations

from http import HTTPStatus
from pathlib import Path

from starlette.requests import Request
from starlette.responses import FileResponse, PlainTextResponse, Response
from starlette.types import Receive, Scope, Send

from hub.console.pages import Pages

DIST = Path(__file__).with_name("web") / "dist"
INDEX = "index.html"
THEME = "theme.css"
HASHED = "assets/"
"""Folder in which the build puts the files whose name says what is in them."""

_FOR_EVER = "public, max-age=31536000, immutable"
_ASK_AGAIN = "no-cache"
_BUILD = "make console"


class Static:
    """Serves the pages; `home` may hold a house style of the municipality."""

    def __init__(self, home: Path, pages: Pages, *, dist: Path = DIST) -> None:
        """Look once what there is."""
        self._files = {path.relative_to(dist).as_posix(): path for path in dist.rglob("*") if path.is_file()}
        self._theme = home / THEME
        self._pages = pages

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        await self._answer(Request(scope))(scope, receive, send)

    def _answer(self, request: Request) -> Response:
        if request.method not in {"GET", "HEAD"}:
            return PlainTextResponse("Nothing to change here.\n", HTTPStatus.METHOD_NOT_ALLOWED, {"allow": "GET, HEAD"})
        name = request.scope["path"].removeprefix("/")
        if name == THEME and self._theme.is_file():
            return FileResponse(self._theme, media_type="text/css", headers={"cache-control": _ASK_AGAIN})
        found = self._files.get(name)
        if found is not None:
            return FileResponse(found, headers={"cache-control": _FOR_EVER if name.startswith(HASHED) else _ASK_AGAIN})
        # A deep link is a page; a picture or a script that is not there is not.
        if "text/html" not in request.headers.get("accept", "") or name.startswith(HASHED):
            return PlainTextResponse("Nothing here.\n", HTTPStatus.NOT_FOUND)
        index = self._files.get(INDEX)
        if index is None:
            return self._pages.notice(request, "not-built", status=200, command=_BUILD)
        return FileResponse(index, headers={"cache-control": _ASK_AGAIN})
