"""`zaakhub simulate`: play the far side of an adapter, to try a hub without the real one."""

from __future__ import annotations

import asyncio
import os
import re
import sys
import time
from typing import Annotated, Any

import orjson
import typer
import uvicorn

from hub.clock import SystemClock
from hub.config.policy import ConnectionPolicy
from hub.config.target import Target
from hub.net.client import TargetClient
from hub.ports.registry import Registry

cli = typer.Typer(no_args_is_help=True, help="Play the far side of an adapter.")

_CODE = re.compile(rb"<(?:\w+:)?code>([^<]+)</")
_LISTEN = typer.Option(help="host:port to listen on.")
_SOURCES = {
    "bag": ("the BAG: addresses and buildings", "/lvbag/individuelebevragingen/v2"),
    "brk": ("the BRK: land, who has rights on it, and what rests on it", "/esd/bevragen/v2"),
    "brp": ("the BRP: persons, where they live and lived, and their travel documents", "/haalcentraal/api/brp"),
    "kvk": ("the Handelsregister: companies and branches", "/api"),
    "woz": ("the LV WOZ: what real estate is worth, and whose it is", "/lvwoz/huidigebevragingen/v1"),
}
"""National services that can be played: what each is, and the path of its API."""


@cli.command("zgw")
def zgw(*, listen: Annotated[str, _LISTEN] = "127.0.0.1:8090") -> None:
    """Be a zaaksysteem: the Zaken, Documenten and Catalogi APIs, in memory.

    The client is `zaakhub`, its secret comes from ZGW_SECRET. See what stands: GET /_simulator/stand

    [dim]Example: ZGW_SECRET=a-secret-of-32-characters-or-more zaakhub simulate zgw --listen 127.0.0.1:8090[/]
    """
    simulator = Registry().simulator("zgw")
    _serve(simulator.create(secret=os.environ.get("ZGW_SECRET") or simulator.SECRET), listen)


@cli.command("stuf_bg")
def stuf_bg(*, listen: Annotated[str, typer.Option(help="host:port to listen on.")] = "127.0.0.1:8091") -> None:
    """Be a legacy makelaar: it answers questions of StUF-BG about a few persons, companies and addresses.

    Its key, in the header X-API-KEY, comes from MAKELAAR_KEY. None of the persons exists.

    [dim]Example: MAKELAAR_KEY=geheim zaakhub simulate stuf_bg --listen 127.0.0.1:8091[/]
    """
    simulator = Registry().simulator("stuf_bg")
    _serve(simulator.create(key=os.environ.get("MAKELAAR_KEY") or simulator.KEY), listen)


def _source(name: str, what: str, path: str) -> None:
    """Add the command that plays a national service."""

    def play(*, listen: Annotated[str, _LISTEN] = "127.0.0.1:8090") -> None:
        simulator = Registry().simulator(name)
        _serve(simulator.create(key=os.environ.get("SIMULATOR_KEY") or simulator.KEY), listen)

    play.__doc__ = (
        f"Be {what}. All of it is made up.\n\nIts key comes from SIMULATOR_KEY, its API is at {path}\n\n"
        f"[dim]Example: SIMULATOR_KEY=geheim zaakhub simulate {name} --listen 127.0.0.1:8090[/]"
    )
    cli.command(name)(play)


for _name, (_what, _path) in _SOURCES.items():
    _source(_name, _what, _path)


@cli.command("stuf_zds")
def stuf_zds(
    *,
    to: Annotated[
        str, typer.Option(help="URL of the connection, e.g. .../in/formulieren-naar-zaken/OntvangAsynchroon.")
    ],
) -> None:
    """Be a form engine: send a short story of good and bad messages, one JSON line each on stdout.

    [dim]Example: zaakhub simulate stuf_zds --to http://127.0.0.1:8080/in/formulieren-naar-zaken/OntvangAsynchroon[/]
    """
    asyncio.run(_send(to, Registry().module("stuf_zds", "story").story()))


def _serve(app: Any, listen: str) -> None:  # noqa: ANN401 - an ASGI app
    host, _, port = listen.rpartition(":")
    if not host or not port.isdigit():
        raise typer.BadParameter("give host:port", param_hint="--listen")
    uvicorn.run(app, host=host, port=int(port), log_config=None, access_log=False, lifespan="off")


async def _send(to: str, story: Any) -> None:  # noqa: ANN401 - a module of an adapter, found at run time
    base, _, port_type = to.rpartition("/")
    target = Target(services={"hub": base})
    async with TargetClient(target, name="simulate", limits=ConnectionPolicy(), clock=SystemClock()) as client:
        for turn in story:
            began = time.perf_counter()
            verzoek = turn.verzoek
            answer = await client.request("POST", "hub", port_type, body=verzoek.body, headers=verzoek.headers())
            found = _CODE.search(answer.body)
            line = {
                "zaak": turn.zaak,
                "message": verzoek.operation,
                "about": turn.about,
                "answer": f"Fo03 {found[1].decode()}" if found else "Bv03",
                "status": answer.status,
                "ms": round((time.perf_counter() - began) * 1000, 1),
            }
            sys.stdout.write(orjson.dumps(line).decode() + "\n")
            sys.stdout.flush()
