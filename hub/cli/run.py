"""`zaakhub serve`, `gateway` and `work`: the roles of a hub process."""

from __future__ import annotations

import asyncio
import gc
import os
import signal
from collections.abc import Coroutine

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


def serve() -> None:
    """Run everything in one process: doors, workers, health. For a small municipality and for a laptop.

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


def _run(role: str, *, doors: bool, works: bool) -> None:
    settings = Settings.read(os.environ)
    configure_logs(settings.log_level, clock=SystemClock())
    # A door needs no mappings; a worker may have an active revision in the ledger while a file is being edited.
    app = App.open(settings, os.environ, client_id=f"zaakhub-{role}", mappings=Need.FOUND)
    uvloop.run(_main(app, role, doors=doors, works=works))


async def _main(app: App, role: str, *, doors: bool, works: bool) -> None:
    settings = app.configuration.settings
    ingress, tls = Ingress(app, doors=doors), tls_of(settings)
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    async with app:
        if works:
            await app.prepare_work()
        settle()
        log.info(
            "started",
            role=role,
            listen=str(settings.listen),
            tls=tls is not None,
            connections=sorted(app.configuration.connections),
        )
        if doors and (open_to_all := [name for name, each in app.entrances.items() if is_open(each.connection.access)]):
            log.warning("anybody_may_send", connections=sorted(open_to_all))
        async with asyncio.TaskGroup() as group:
            # When one part ends, for whatever reason, all end: a hub that half works is worse than one that restarts.
            group.create_task(_until_stopped(listen(ingress, settings.listen, stop, tls=tls), stop))
            group.create_task(_until_stopped(app.work(stop) if works else app.attend(stop), stop))
    log.info("stopped", role=role)


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
