"""Runs the ingress under uvicorn inside an event loop that others share, and stops when told to.

It knows sockets and the server's own limits. Signals belong to the command line.
"""

from __future__ import annotations

import asyncio
import contextlib
import socket
from collections.abc import Generator

import uvicorn

from hub.config import policy
from hub.config.settings import Address
from hub.errors import ConfigurationWrong
from hub.ingress.asgi import Ingress


class _Server(uvicorn.Server):
    """Leaves signals alone: the process decides when to stop, and in which order."""

    @contextlib.contextmanager
    def capture_signals(self) -> Generator[None]:
        yield


async def serve(ingress: Ingress, address: Address, stop: asyncio.Event) -> None:
    """Listen until `stop`, then finish the requests in hand; raises ConfigurationWrong when the address is taken."""
    server = _Server(
        uvicorn.Config(
            ingress,
            loop="none",
            http="httptools",
            ws="none",
            lifespan="off",
            access_log=False,
            log_config=None,
            server_header=False,
            date_header=False,
            proxy_headers=False,  # nobody here asks who the client is
            timeout_keep_alive=policy.KEEP_ALIVE_S,
            timeout_graceful_shutdown=int(policy.DRAIN_S),
        )
    )
    listening = _listen(address)
    serving = asyncio.create_task(server.serve(sockets=[listening]))
    stopping = asyncio.create_task(stop.wait())
    try:
        await asyncio.wait({serving, stopping}, return_when=asyncio.FIRST_COMPLETED)
        server.should_exit = True
        await serving
    finally:
        stopping.cancel()
        listening.close()


def _listen(address: Address) -> socket.socket:
    family = socket.AF_INET6 if ":" in address.host else socket.AF_INET
    # IPPROTO_TCP by name: without it asyncio does not set TCP_NODELAY, which costs 45 ms per acknowledgement.
    listening = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((address.host, address.port))
    except OSError as error:
        listening.close()
        raise ConfigurationWrong(
            f"cannot listen on {address}: {error.strerror}",
            file="ZAAKHUB_LISTEN",
            advice="is another hub running? choose another port",
        ) from None
    listening.listen(policy.LISTEN_BACKLOG)
    return listening
