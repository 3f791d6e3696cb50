"""One HTTP request to an ASGI app in this process: what a server would give it, and what comes back."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from typing import Any, NamedTuple

from lxml import etree

from hub.ingress.asgi import Ingress

STUF = "http://www.egem.nl/StUF/StUF0301"


class Answer(NamedTuple):
    """What came back; header names are lower case."""

    status: int
    headers: dict[str, str]
    body: bytes

    def message(self) -> etree._Element:
        """Give the StUF message in it (Bv03Bericht, Fo03Bericht)."""
        found = next(etree.fromstring(self.body).iter(f"{{{STUF}}}*"))
        assert isinstance(found, etree._Element)
        return found

    @property
    def kind(self) -> str:
        """Its name: Bv03Bericht or Fo03Bericht."""
        return str(etree.QName(self.message()).localname)

    def text(self, path: str) -> str:
        """Give the text at a path of local names below the StUF message."""
        found = self.message().find("/".join(f"{{{STUF}}}{name}" for name in path.split("/")))
        return "" if found is None else found.text or ""


async def ask(
    app: Ingress,
    path: str,
    body: bytes | AsyncIterator[bytes] = b"",
    *,
    method: str = "POST",
    query: str = "",
    headers: Mapping[str, str] | None = None,
) -> Answer:
    """Send one request."""
    started: dict[str, Any] = {}
    sent: list[bytes] = []

    async def send(message: dict[str, Any]) -> None:
        if message["type"] == "http.response.start":
            started.update(message)
        else:
            sent.append(message["body"])

    named = {"host": "zaakhub.test", **(headers or {})}
    if isinstance(body, bytes) and method == "POST":
        named["content-length"] = str(len(body))
    scope = {
        "type": "http",
        "method": method,
        "scheme": "http",
        "path": path,
        "query_string": query.encode(),
        "headers": [(name.lower().encode(), value.encode("latin-1")) for name, value in named.items()],
    }
    await app(scope, _receiver(body), send)
    answered = {name.decode(): value.decode() for name, value in started["headers"]}
    return Answer(started["status"], answered, b"".join(sent))


def _receiver(body: bytes | AsyncIterator[bytes]) -> Callable[[], Awaitable[dict[str, Any]]]:
    chunks = _once(body) if isinstance(body, bytes) else body

    async def receive() -> dict[str, Any]:
        chunk = await anext(chunks, None)
        return {"type": "http.request", "body": chunk or b"", "more_body": chunk is not None}

    return receive


async def _once(body: bytes) -> AsyncIterator[bytes]:
    yield body
