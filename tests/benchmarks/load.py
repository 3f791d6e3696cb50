"""A sender that costs little: written requests over connections that stay open, answers read by their length.

`python -m tests.benchmarks.load` is told `{"port", "batch", "messages", "connections"}` and, when all requests are
written out, says `ready`; told to go, it says how long that took, what came back, and the delays of the answers.
"""

from __future__ import annotations

import asyncio
import re
import time
from collections import Counter
from collections.abc import Iterator
from typing import cast

import uvloop

from tests.benchmarks.child import Parent
from tests.benchmarks.messages import HEADERS, PATH, creeer_zaak

_LENGTH = re.compile(rb"\r\ncontent-length: *(\d+)", re.IGNORECASE)


class _Sender(asyncio.Protocol):
    """One connection: the next request when the answer to the one before is whole."""

    def __init__(self, requests: Iterator[bytes], statuses: Counter[str], delays_s: list[float]) -> None:
        self.done = asyncio.get_running_loop().create_future()
        self._requests = requests
        self._statuses = statuses
        self._delays_s = delays_s
        self._waiting = b""
        self._sent_at = 0.0
        self._transport: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.Transport", transport)  # uvloop's is no child of it

    def send(self) -> None:
        assert self._transport is not None
        request = next(self._requests, None)
        if request is None:
            self._transport.close()
            return
        self._sent_at = time.perf_counter()
        self._transport.write(request)

    def data_received(self, data: bytes) -> None:
        data = self._waiting + data
        self._waiting = data
        head = data.find(b"\r\n\r\n")
        if head < 0:
            return
        found = _LENGTH.search(data, 0, head + 2)
        if found is None or len(data) < head + 4 + int(found[1]):
            return
        self._delays_s.append(time.perf_counter() - self._sent_at)
        self._statuses[data[9:12].decode()] += 1
        self._waiting = b""
        self.send()

    def connection_lost(self, exc: Exception | None) -> None:
        if exc is not None:
            self._statuses[type(exc).__name__] += 1
        if not self.done.done():
            self.done.set_result(None)


def _request(port: int, body: bytes) -> bytes:
    headers = "".join(f"{name}: {value}\r\n" for name, value in HEADERS.items())
    return (
        f"POST {PATH} HTTP/1.1\r\nhost: 127.0.0.1:{port}\r\n{headers}content-length: {len(body)}\r\n\r\n".encode()
        + body
    )


async def _main() -> None:
    loop = asyncio.get_running_loop()
    async with Parent.of() as parent:
        while (said := await parent.hear()) is not None:
            port = said["port"]
            requests = iter([_request(port, creeer_zaak(said["batch"], at)) for at in range(said["messages"])])
            statuses: Counter[str] = Counter()
            delays_s: list[float] = []
            senders = []
            for _ in range(said["connections"]):
                _, sender = await loop.create_connection(
                    lambda: _Sender(requests, statuses, delays_s),  # noqa: B023 - called at once
                    "127.0.0.1",
                    port,
                )
                senders.append(sender)
            parent.say(ready=True)
            await parent.hear()
            began = time.perf_counter()
            for sender in senders:
                sender.send()
            await asyncio.gather(*(sender.done for sender in senders))
            took_s = time.perf_counter() - began
            delays_s.sort()
            parent.say(
                took_s=took_s,
                statuses=statuses,
                p50_ms=1000 * delays_s[len(delays_s) // 2],
                p99_ms=1000 * delays_s[len(delays_s) * 99 // 100],
            )


if __name__ == "__main__":
    uvloop.run(_main())
