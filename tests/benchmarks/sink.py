"""A zaaksysteem that costs next to nothing: answers the catalogue, counts the zaken it is given, stores nothing.

`python -m tests.benchmarks.sink` says its port; told `{"zaken": n, "sample": name}` it says, when it has been given
that many different zaken, when the first and the last came and what the named one looked like.
"""

from __future__ import annotations

import asyncio
import re
import socket
import time
from typing import Any, cast

import orjson
import uvloop

from tests.benchmarks.child import Parent
from tests.benchmarks.messages import ZAAKTYPE

_LENGTH = re.compile(rb"\r\ncontent-length: *(\d+)", re.IGNORECASE)
_IDENTIFICATIE = re.compile(rb'"identificatie" *: *"([^"]+)"')


class Counted:
    """What came since the last `begin`."""

    def __init__(self, base: str) -> None:
        """Take the URL at which this sink is reached."""
        self.base = base
        self.complete = asyncio.Event()
        self.begin(0, "")

    def begin(self, zaken: int, sample: str) -> None:
        """Count anew."""
        self.complete.clear()
        self._wanted = zaken
        self._sample_name = sample.encode()
        self._seen: set[bytes] = set()
        self.posts = 0
        self.sample = b""
        self.first = self.last = 0.0

    def answer(self, request: bytes, body: bytes) -> bytes:
        """Give the response to a request line and a body."""
        if request.startswith(b"POST "):
            return self._made(body)
        path = request.split()[1].partition(b"?")[0]
        page: list[dict[str, Any]] = []
        if path.endswith(b"/catalogussen"):
            page = [{"url": f"{self.base}catalogi/catalogussen/1"}]
        elif path.endswith(b"/zaaktypen"):
            page = [
                {
                    "url": f"{self.base}catalogi/zaaktypen/1",
                    "catalogus": f"{self.base}catalogi/catalogussen/1",
                    "identificatie": ZAAKTYPE,
                    "omschrijving": "Melding openbare ruimte",
                    "beginGeldigheid": "2020-01-01",
                    "eindeGeldigheid": None,
                    "concept": False,
                    "informatieobjecttypen": [],
                }
            ]
        return _response(b"200 OK", orjson.dumps({"count": len(page), "next": None, "previous": None, "results": page}))

    def _made(self, body: bytes) -> bytes:
        self.last = time.monotonic()
        self.first = self.first or self.last
        self.posts += 1
        found = _IDENTIFICATIE.search(body)
        name = found[1] if found else b"?"
        if name == self._sample_name:
            self.sample = body
        self._seen.add(name)
        if len(self._seen) == self._wanted:
            self.complete.set()
        made = b'{"url":"%bzaken/zaken/%b","identificatie":"%b"}' % (self.base.encode(), name, name)
        return _response(b"201 Created", made)


class _Connection(asyncio.Protocol):
    def __init__(self, counted: Counted) -> None:
        self._counted = counted
        self._waiting = b""
        self._transport: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.Transport", transport)  # uvloop's is no child of it

    def data_received(self, data: bytes) -> None:
        assert self._transport is not None
        data = self._waiting + data
        while (head := data.find(b"\r\n\r\n")) >= 0:
            found = _LENGTH.search(data, 0, head + 2)
            end = head + 4 + (int(found[1]) if found else 0)
            if len(data) < end:
                break
            self._transport.write(self._counted.answer(data[: data.index(b"\r\n")], data[head + 4 : end]))
            data = data[end:]
        self._waiting = data


def _response(status: bytes, body: bytes) -> bytes:
    return b"HTTP/1.1 %b\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%b" % (status, len(body), body)


async def _main() -> None:
    listening = socket.create_server(("127.0.0.1", 0))
    counted = Counted(f"http://127.0.0.1:{listening.getsockname()[1]}/")
    server = await asyncio.get_running_loop().create_server(lambda: _Connection(counted), sock=listening)
    async with Parent.of() as parent:
        parent.say(base=counted.base)
        telling: asyncio.Task[None] | None = None
        while (said := await parent.hear()) is not None:
            counted.begin(said["zaken"], said["sample"])
            telling = asyncio.create_task(_tell(parent, counted))
        if telling is not None:
            telling.cancel()
    server.close()


async def _tell(parent: Parent, counted: Counted) -> None:
    parent.say(counting=True)
    await counted.complete.wait()
    sample = orjson.loads(counted.sample) if counted.sample else None
    parent.say(first=counted.first, last=counted.last, posts=counted.posts, sample=sample)


if __name__ == "__main__":
    uvloop.run(_main())
