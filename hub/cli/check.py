"""`zaakhub check`: is what is written right, and does what is needed answer."""

from __future__ import annotations

import asyncio
import os
from typing import Annotated

import typer

from hub.app import App
from hub.cli.screen import as_json, out
from hub.config.settings import Settings
from hub.errors import HubError
from hub.flow.bundle import revision_of
from hub.ledger.entries import RevisionState


def check(
    *,
    offline: Annotated[bool, typer.Option("--offline", help="Only the files; connect to nothing.")] = False,
    json: Annotated[bool, typer.Option("--json", help="JSON for programs.")] = False,
) -> None:
    """Check the configuration, then the bus, the ledger, the payload store and every target. Changes nothing there.

    [dim]Example: zaakhub check --offline[/]
    """
    settings = Settings.read(os.environ)
    app = App.open(settings, os.environ, client_id="zaakhub-check")
    found = {"configuration": [] if app.configuration.connections else [f"no connections in {settings.mappings}"]}
    warnings: list[str] = []
    if not offline:
        found |= asyncio.run(_connectivity(app, warnings))
    if json:
        as_json({**found, "warnings": warnings})
    else:
        for part, problems in found.items():
            out.print(f"[green]✓[/] {part}" if not problems else f"[bold red]✗[/] {part}")
            for each in problems:
                out.print(f"    {each}", markup=False, soft_wrap=True)
        for each in warnings:
            out.print(f"[yellow]![/] {each}", soft_wrap=True)
    if any(found.values()):
        raise typer.Exit(1)


async def _connectivity(app: App, warnings: list[str]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    try:
        async with app:
            found["bus"] = [] if await app.bus.healthy() else ["does not answer"]
            found["ledger"] = [] if await app.ledger.healthy() else ["does not answer"]
            warnings += await _not_running(app)
            found["payloads"] = [] if await app.payloads.healthy() else ["cannot be written to"]
            for name, each in app.exits.items():
                try:
                    found[name] = list(await each.outbound.check(each.client))
                except HubError as error:
                    found[name] = [error.reason]
    except HubError as error:
        found["bus and ledger"] = [error.reason]
    return found


async def _not_running(app: App) -> list[str]:
    """Name the connections whose files are not what was activated: a worker runs what was."""
    current = await app.ledger.current_revisions()
    active = {each.connection: each.revision for each in current if each.state is RevisionState.ACTIVE}
    return [
        f"{name}: the files are not what runs; zaakhub map preview {name} tells the difference"
        for name, mappings in app.configuration.mappings.items()
        if name in active and active[name] != revision_of(mappings)
    ]
