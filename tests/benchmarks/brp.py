"""The simulator of the BRP in a process of its own, which tells what it was asked.

`python -m tests.benchmarks.brp` says its port; at every line it says what it was last asked, and forgets it.
"""

from __future__ import annotations

import asyncio
import socket

import uvicorn
import uvloop

from adapters.brp.simulator import create
from tests.benchmarks.child import Parent

_LAST = 5
"""More than the calls of one question, and one line of a pipe."""


async def _main() -> None:
    simulator = create()
    listening = socket.create_server(("127.0.0.1", 0))
    server = uvicorn.Server(uvicorn.Config(simulator, loop="none", lifespan="off", access_log=False, log_config=None))
    serving = asyncio.create_task(server.serve(sockets=[listening]))
    async with Parent.of() as parent:
        parent.say(port=listening.getsockname()[1])
        while await parent.hear() is not None:
            parent.say(asked=[each.body.decode() for each in simulator.requests[-_LAST:]])
            simulator.requests.clear()
    server.should_exit = True
    await serving


if __name__ == "__main__":
    uvloop.run(_main())
