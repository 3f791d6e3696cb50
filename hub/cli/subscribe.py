"""`zaakhub subscribe`: ask a source to send its messages to an inbound connection."""

from __future__ import annotations

import asyncio
import os
from typing import Annotated

import typer

from hub.cli.screen import out
from hub.clock import SystemClock
from hub.config.access import ApiKey
from hub.config.connection import Connection
from hub.config.load import load_connections
from hub.config.settings import Settings
from hub.errors import ActRefused
from hub.net.client import TargetClient
from hub.observe.metrics import Metrics
from hub.ports.contracts import Subscribing
from hub.ports.registry import Registry


def subscribe(
    connection: Annotated[str, typer.Argument(help="The inbound connection that is to hear what happens.")],
    *,
    show: Annotated[bool, typer.Option("--list", help="Only show what is subscribed to; an asterisk is ours.")] = False,
    remove: Annotated[bool, typer.Option("--remove", help="End the subscription.")] = False,
) -> None:
    """Ask a source (a Notificaties API) to send its messages to a connection. Doing it again changes nothing.

    The hub must be running and reachable: the source tries the address at once.

    [dim]Example: zaakhub subscribe zaaksysteem-naar-zaken[/]
    """
    settings = Settings.read(os.environ)
    connections = load_connections(settings.mappings, os.environ)
    if connection not in connections:
        raise ActRefused(
            f"there is no connection {connection}", code="koppeling", advice=f"there are: {', '.join(connections)}"
        )
    chosen = connections[connection]
    subscribing = Registry().subscribing(chosen)
    if subscribing is None:
        raise ActRefused(
            f"adapter {chosen.adapter} has nothing to subscribe to", code="koppeling", advice="see its README"
        )
    for line in asyncio.run(_done(chosen, subscribing, show=show, remove=remove)):
        out.print(line, markup=False, soft_wrap=True)


def secret_of(connection: Connection) -> str:
    """Give what a source must put in `Authorization`; raises ActRefused when the connection asks for nothing there."""
    for check in connection.access or ():
        if isinstance(check, ApiKey) and check.header.lower() == "authorization":
            return check.key.get_secret_value()
    raise ActRefused(
        "the connection asks for no Authorization that the source could send",
        code="koppeling",
        advice='write access: {kind: api-key, key: "Bearer ${NAME}"} in its connection.yaml',
    )


async def _done(connection: Connection, subscribing: Subscribing, *, show: bool, remove: bool) -> list[str]:
    async with TargetClient.of(connection, clock=SystemClock(), metrics=Metrics()) as client:
        if show:
            return list(await subscribing.subscriptions(client)) or ["nobody is subscribed"]
        if remove:
            return [await subscribing.unsubscribe(client)]
        return [await subscribing.subscribe(client, secret_of(connection))]
