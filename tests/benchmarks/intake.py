"""HTTP in: `zaakhub gateway` beside an app that parses and answers, under the same load in turn."""

from __future__ import annotations

import asyncio
import socket
import sys
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from typing import NamedTuple

from tests.benchmarks.child import ROOT, Child, ChildFailed, surroundings
from tests.benchmarks.measure import Pair, Turn, cpu_us
from tests.benchmarks.stores import Stores

AIM = 0.5
CONNECTIONS = 64
_START_S = 60.0


class Server(NamedTuple):
    """A process that listens."""

    port: int
    pid: int


async def measure(stores: Stores, *, messages: int, rounds: int) -> Pair:
    """Give both sides their turns, after a smaller one to warm up."""
    pair = Pair(f"intake, {stores.name}", [], [], AIM)
    gateway = ["-c", "from hub.cli.run import gateway; gateway()"]
    async with (
        Child.running("tests.benchmarks.load") as load,
        running(gateway, stores.environ) as hub,
        running(["-m", "tests.benchmarks.floor_intake"], {}) as floor,
    ):
        for at in range(rounds + 1):
            count = messages if at else max(messages // 4, CONNECTIONS)
            turns = {}
            for server in (hub, floor)[:: 1 if at % 2 else -1]:
                turns[server.pid] = await _turn(server, load, f"i{at}", count)
            if at:
                pair.hub.append(turns[hub.pid])
                pair.floor.append(turns[floor.pid])
    return pair


async def _turn(server: Server, load: Child, batch: str, messages: int) -> Turn:
    await load.tell(port=server.port, batch=batch, messages=messages, connections=CONNECTIONS)
    await load.hear()
    before = cpu_us(server.pid)
    await load.tell(go=True)
    said = await load.hear()
    if said["statuses"] != {"200": messages}:
        raise ChildFailed(f"not every message was accepted: {said['statuses']}")
    return Turn(messages / said["took_s"], (cpu_us(server.pid) - before) / messages)


@asynccontextmanager
async def running(arguments: Sequence[str], environ: Mapping[str, str]) -> AsyncIterator[Server]:
    """Run a server as long as the block lasts; gives it when it answers."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        *arguments,
        *([str(port)] if arguments[0] == "-m" else []),
        cwd=ROOT,
        env={**surroundings(), "ZAAKHUB_LISTEN": f"127.0.0.1:{port}", "ZAAKHUB_LOG_LEVEL": "warning", **environ},
    )
    answering = asyncio.ensure_future(_answers(port))
    ending = asyncio.ensure_future(process.wait())
    try:
        await asyncio.wait({answering, ending}, timeout=_START_S, return_when=asyncio.FIRST_COMPLETED)
        if not answering.done():
            raise ChildFailed(f"{arguments[-1]} does not listen")
        yield Server(port, process.pid)
    finally:
        answering.cancel()
        if not ending.done():
            process.terminate()
            await ending


async def _answers(port: int) -> None:
    while True:
        try:
            reader, writer = await asyncio.open_connection("127.0.0.1", port)
        except OSError:
            await asyncio.sleep(0.05)
            continue
        writer.write(b"GET /health/live HTTP/1.1\r\nhost: 127.0.0.1\r\nconnection: close\r\n\r\n")
        await reader.read()
        writer.close()
        return
