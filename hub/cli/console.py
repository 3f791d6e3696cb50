"""The console as a part of a process: made, listening, and closed.

Only the commands that run it import this module: the API takes half a second of CPU time to load.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager
from functools import partial

from hub.app import App
from hub.config.settings import Settings
from hub.console.server import Console, Runs, console_app
from hub.console.service import Service
from hub.ingress.server import serve
from hub.security.tls import ServerTls


@asynccontextmanager
async def open_console(app: App, runs: Runs) -> AsyncIterator[Callable[[asyncio.Event], Coroutine[None, None, None]]]:
    """Make the console of a hub; gives what listens until it is told to stop. Raises ConfigurationWrong."""
    console = console_app(app, Service.of(app), runs=runs)
    try:
        yield partial(_listen, console, app.configuration.settings)
    finally:
        await console.close()


async def _listen(console: Console, settings: Settings, stop: asyncio.Event) -> None:
    certificate, key = settings.tls_certificate, settings.tls_key
    # Without the authorities for senders: a browser would ask its user for a certificate.
    tls = ServerTls(certificate, key, None) if certificate is not None and key is not None else None
    ending = asyncio.create_task(_end_streams(console, stop))
    try:
        await serve(console, settings.console_listen, stop, tls=tls, setting="ZAAKHUB_CONSOLE_LISTEN")
    finally:
        ending.cancel()


async def _end_streams(console: Console, stop: asyncio.Event) -> None:
    await stop.wait()
    console.end_streams()
