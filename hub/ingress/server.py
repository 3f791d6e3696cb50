"""Runs an ASGI app under uvicorn inside an event loop that others share, and stops when told to.

It knows sockets and the server's own limits. Signals belong to the command line.
"""

from __future__ import annotations

import asyncio
import contextlib
import socket
import ssl
from collections.abc import Awaitable, Callable, Generator
from typing import Any

import uvicorn
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from hub.config import policy
from hub.config.settings import Address, Settings
from hub.errors import ConfigurationWrong
from hub.security.tls import ServerTls

Asgi = Callable[[Any, Any, Any], Awaitable[None]]


class _Protocol(HttpToolsProtocol):
    """Tells the app which certificate the client showed: uvicorn itself does not (ASGI TLS extension)."""

    _tls: dict[str, Any] | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Look at the certificate once per connection: its handshake has proved it."""
        super().connection_made(transport)
        tls = transport.get_extra_info("ssl_object")
        shown = tls.getpeercert(binary_form=True) if tls is not None else None
        if shown:
            self._tls = {"tls": {"client_cert_chain": [ssl.DER_cert_to_PEM_cert(shown)]}}

    def on_message_begin(self) -> None:
        """Begin the scope of a request."""
        super().on_message_begin()
        if self._tls is not None:
            self.scope["extensions"] = self._tls


class _Server(uvicorn.Server):
    """Leaves signals alone: the process decides when to stop, and in which order."""

    @contextlib.contextmanager
    def capture_signals(self) -> Generator[None]:
        yield


def tls_of(settings: Settings) -> ServerTls | None:
    """Read what the settings say of TLS; raises ConfigurationWrong. None: the hub listens for plain HTTP."""
    if settings.tls_certificate is None or settings.tls_key is None:
        return None
    return ServerTls(settings.tls_certificate, settings.tls_key, settings.tls_client_ca)


async def serve(
    app: Asgi, address: Address, stop: asyncio.Event, *, tls: ServerTls | None = None, setting: str = "ZAAKHUB_LISTEN"
) -> None:
    """Listen until `stop`, then finish the requests in hand; raises ConfigurationWrong when the address is taken.

    `setting` names where the address was given.
    """
    server = _Server(
        uvicorn.Config(
            app,
            loop="none",
            http=_Protocol if tls else "httptools",
            ssl_context_factory=(lambda _config, _default: tls.context) if tls else None,
            ws="none",
            lifespan="off",
            access_log=False,
            log_config=None,
            server_header=False,
            date_header=False,
            proxy_headers=False,  # `hub.ingress.caller` reads them, of proxies that are trusted
            timeout_keep_alive=policy.KEEP_ALIVE_S,
            timeout_graceful_shutdown=int(policy.DRAIN_S),
        )
    )
    listening = _listen(address, setting)
    serving = asyncio.create_task(server.serve(sockets=[listening]))
    stopping = asyncio.create_task(stop.wait())
    try:
        await asyncio.wait({serving, stopping}, return_when=asyncio.FIRST_COMPLETED)
        server.should_exit = True
        await serving
    finally:
        stopping.cancel()
        listening.close()


def _listen(address: Address, setting: str) -> socket.socket:
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
            file=setting,
            advice="is another hub running? choose another port",
        ) from None
    listening.listen(policy.LISTEN_BACKLOG)
    return listening
