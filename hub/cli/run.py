"""`zaakhub serve`, `gateway`, `work` and `console`: the roles of a hub process."""

from __future__ import annotations

import asyncio
import gc
import os
import signal
from collections.abc import Callable, Coroutine
from contextlib import AbstractAsyncContextManager, AsyncExitStack
from typing import Literal

import structlog
import uvloop

from hub.app import App
from hub.clock import SystemClock
from hub.config import policy
from hub.config.access import is_open
from hub.config.settings import Settings
from hub.configuration import Need
from hub.ingress.asgi import Ingress
from hub.ingress.server import serve as listen
from hub.ingress.server import tls_of
from hub.observe.logs import configure_logs

log = structlog.get_logger()

Role = Literal["serve", "gateway", "work", "console"]
Part = Callable[[asyncio.Event], Coroutine[None, None, None]]
"""A part of a process, which runs until it is told to stop."""


def serve() -> None:
    """Run everything in one process: doors, workers, console, health. For a small municipality and for a laptop.

    [dim]Example: ZAAKHUB_HOME=/var/lib/zaakhub zaakhub serve[/]
    """
    _run("serve", doors=True, works=True)


def gateway() -> None:
    """Run the doors only: accept messages and put them on the bus.

    [dim]Example: ZAAKHUB_BUS=kafka://broker:9092 ZAAKHUB_LISTEN=0.0.0.0:8080 zaakhub gateway[/]
    """
    _run("gateway", doors=True, works=False)


def work() -> None:
    """Run the workers only: translate and deliver. Start more for more throughput (on Kafka).

    [dim]Example: ZAAKHUB_BUS=kafka://broker:9092 ZAAKHUB_LISTEN=0.0.0.0:8081 zaakhub work[/]
    """
    _run("work", doors=False, works=True)


def console() -> None:
    """Run the console of the operators only: their pages, their API, the login.

    [dim]Example: ZAAKHUB_BUS=kafka://broker:9092 ZAAKHUB_CONSOLE_LISTEN=0.0.0.0:8088 zaakhub console[/]
    """
    app = _opened("console")
    app.health.add_ready("ledger", app.ledger.healthy)
    uvloop.run(_console_only(app))


def _run(role: Role, *, doors: bool, works: bool) -> None:
    uvloop.run(_main(_opened(role), role, doors=doors, works=works))


def _opened(role: Role) -> App:
    settings = Settings.read(os.environ)
    configure_logs(settings.log_level, clock=SystemClock())
    # A door needs no mappings; a worker may have an active revision in the ledger while a file is being edited.
    return App.open(settings, os.environ, client_id=f"zaakhub-{role}", mappings=Need.FOUND)


async def _main(app: App, role: Role, *, doors: bool, works: bool) -> None:
    settings = app.configuration.settings
    ingress, tls = Ingress(app, doors=doors), tls_of(settings)
    stop = _stop_on_signals()
    async with app, AsyncExitStack() as stack:
        operators = await stack.enter_async_context(_console(app, role)) if role == "serve" else None
        if works:
            await app.prepare_work()
        settle()
        log.info(
            "started",
            role=role,
            listen=str(settings.listen),
            tls=tls is not None,
            console=settings.console_origin if operators else None,
            connections=sorted(app.configuration.connections),
        )
        if doors and (open_to_all := [name for name, each in app.entrances.items() if is_open(each.connection.access)]):
            log.warning("anybody_may_send", connections=sorted(open_to_all))
        async with asyncio.TaskGroup() as group:
            # When one part ends, for whatever reason, all end: a hub that half works is worse than one that restarts.
            group.create_task(_until_stopped(listen(ingress, settings.listen, stop, tls=tls), stop))
            group.create_task(_until_stopped(app.work(stop) if works else app.attend(stop), stop))
            if operators is not None:
                group.create_task(_until_stopped(operators(stop), stop))
    log.info("stopped", role=role)


async def _console_only(app: App) -> None:
    settings = app.configuration.settings
    stop = _stop_on_signals()
    async with app, _console(app, "console") as listen_until:
        settle()
        log.info("started", role="console", console=settings.console_origin)
        await listen_until(stop)
    log.info("stopped", role="console")


def _console(app: App, role: Literal["serve", "console"]) -> AbstractAsyncContextManager[Part]:
    from hub.cli.console import open_console  # noqa: PLC0415 - no other command waits for it to load

    return open_console(app, role)


def _stop_on_signals() -> asyncio.Event:
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    return stop


def settle() -> None:
    """Tell the garbage collector that what is loaded by now stays for the life of the process.

    Modules and compiled mappings are some 400,000 objects. Looking through all of them again and again took a
    third of a worker's CPU time and more, in pauses of 0.2 s (docs/explanation/performance.md).
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(policy.GARBAGE_OBJECTS_MAX)


async def _until_stopped(part: Coroutine[None, None, None], stop: asyncio.Event) -> None:
    try:
        await part
    finally:
        stop.set()
