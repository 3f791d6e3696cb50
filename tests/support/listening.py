"""The simulator of a national service on a real socket, and the client of the hub that asks it."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import Any

import uvicorn
from pydantic import SecretStr

from hub.clock import SystemClock
from hub.config.policy import ConnectionPolicy
from hub.config.target import ApiKeyAuth, Target
from hub.net.client import TargetClient
from hub.ports.contracts import Inquiry, Lookup
from hub.ports.simulator import Simulator


@asynccontextmanager
async def listening(simulator: Simulator, service: str, *, base: str) -> AsyncIterator[TargetClient]:
    """Serve it, and give a client that has its key and half a second of patience."""
    waiting = socket.create_server(("127.0.0.1", 0))  # connections wait here until uvicorn takes them
    server = uvicorn.Server(uvicorn.Config(simulator, log_level="critical", lifespan="on"))
    serving = asyncio.create_task(server.serve(sockets=[waiting]))
    target = Target(
        services={service: f"http://127.0.0.1:{waiting.getsockname()[1]}{base}"},
        auth=ApiKeyAuth(kind="api-key", header=simulator.key_header, key=SecretStr(simulator.key)),
    )
    limits = ConnectionPolicy(request_timeout_s=0.5)
    async with TargetClient(target, name=service, limits=limits, clock=SystemClock()) as client:
        yield client
    server.should_exit = True
    await serving


async def ask(lookup: Lookup, client: TargetClient, kind: str, **question: Any) -> Any:  # noqa: ANN401 - JSON
    """Ask over it."""
    return await lookup.ask(kind, question, Inquiry(client, _keep, datetime.now(UTC)))


async def _keep(chunks: AsyncIterator[bytes]) -> str:
    raise AssertionError(f"a national service gives nothing to keep: {chunks!r}")
