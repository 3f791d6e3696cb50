"""`zaakhub trace`: the life of one zaak."""

from __future__ import annotations

import asyncio
import os
from typing import Annotated

import typer
from rich.markup import escape

from hub.app import App
from hub.cli.screen import as_json, local, out, table
from hub.config.settings import Settings
from hub.configuration import Need
from hub.ledger.entries import TimelineEntry


def trace(
    zaak: Annotated[str, typer.Argument(help="The zaakidentificatie.")],
    *,
    json: Annotated[bool, typer.Option("--json", help="JSON for programs instead of a table.")] = False,
) -> None:
    """Show what happened to a zaak, in order of time, over all connections.

    [dim]Example: zaakhub trace 19002026000001[/]
    """
    entries = asyncio.run(_timeline(zaak))
    if json:
        as_json([entry._asdict() for entry in entries])
    elif entries:
        table(
            f"zaak {zaak}",
            ["when", "what", "connection", "item", "detail"],
            ([local(each.at), each.what, each.stage, each.item_id[:8], escape(each.detail)] for each in entries),
        )
    else:
        out.print(f"Nothing is known of zaak {zaak}.")
    if not entries:
        raise typer.Exit(1)


async def _timeline(zaak: str) -> list[TimelineEntry]:
    async with App.open(Settings.read(os.environ), os.environ, client_id="zaakhub-cli", mappings=Need.NONE) as app:
        return await app.ledger.timeline(zaak)
