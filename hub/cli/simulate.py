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


@cli.command("zgw")
def zgw(*, listen: Annotated[str, typer.Option(help="host:port to listen on.")] = "127.0.0.1:8090") -> None:
    """Be a zaaksysteem: the Zaken, Documenten and Catalogi APIs, in memory.

    The client is `zaakhub`, its secret comes from ZGW_SECRET. See what stands: GET /_simulator/stand

    [dim]Example: ZGW_SECRET=a-secret-of-32-characters-or-more zaakhub simulate zgw --listen 127.0.0.1:8090[/]
    """
    host, _, port = listen.rpartition(":")
    if not host or not port.isdigit():
        raise typer.BadParameter("give host:port", param_hint="--listen")
    simulator = Registry().simulator("zgw")
    app = simulator.create(secret=os.environ.get("ZGW_SECRET") or simulator.SECRET)
    uvicorn.run(app, host=host, port=int(port), log_config=None, access_log=False, lifespan="off")


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
