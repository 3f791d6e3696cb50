"""`zaakhub trace`: the life of one zaak."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Iterator, Sequence
from typing import Annotated

import typer
from rich.markup import escape

from hub.app import App
from hub.cli.screen import aligned, as_json, local, out
from hub.config.policy import TIMELINE_PAGE
from hub.config.settings import Settings
from hub.configuration import Need
from hub.ledger.entries import TimelineEntry
from hub.ledger.finding import BEGIN

INDENT = " " * 21
"""Below what happened, not below when."""


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
        _print(zaak, entries)
    else:
        out.print(f"Nothing is known of zaak {zaak}.")
    if not entries:
        raise typer.Exit(1)


def _print(zaak: str, entries: Sequence[TimelineEntry]) -> None:
    """Print a line for each, and below it what else there is to know: no screen is wide enough for a row of it."""
    out.print(f"[bold]zaak {escape(zaak)}[/]")
    rows = [(local(each.at), each.what, each.stage, each.item_id[:8], _parts(each)[0]) for each in entries]
    head, *lines = aligned([("when", "what", "connection", "item", "detail"), *rows])
    out.print(head, style="bold")
    for entry, line in zip(entries, lines, strict=True):
        out.print(line, markup=False, soft_wrap=True)
        for more in _more(entry):
            out.print(f"{INDENT}{more}", style="dim", markup=False, soft_wrap=True)


def _parts(entry: TimelineEntry) -> list[str]:
    """Give the detail in its parts: the kind of message, then what was said of it."""
    return [entry.detail] if entry.what == "mislukt" else entry.detail.split("; ")


def _more(entry: TimelineEntry) -> Iterator[str]:
    yield from _parts(entry)[1:]
    if entry.by:
        yield f"by {entry.by}"
    if entry.revision:
        yield f"mapping {entry.revision}"
    if entry.place is not None and entry.what == "gepubliceerd":
        # Of the others the bus is a detail that --json has.
        yield f"{entry.place.topic}/{entry.place.partition}/{entry.place.offset}"


async def _timeline(zaak: str) -> list[TimelineEntry]:
    entries = [BEGIN]
    async with App.open(Settings.read(os.environ), os.environ, client_id="zaakhub-cli", mappings=Need.NONE) as app:
        while page := await app.ledger.timeline(zaak, after=entries[-1], limit=TIMELINE_PAGE):
            entries += page
    return entries[1:]
