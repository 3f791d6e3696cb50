"""`zaakhub check`: is what is written right, and does what is needed answer."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Collection, Mapping, Sequence
from functools import partial
from typing import Annotated

import typer
from rich.markup import escape

from hub.app import App
from hub.cli.guards import guard_warnings, wrong_guards
from hub.cli.live.look import Look, look
from hub.cli.screen import as_json, out
from hub.clock import SystemClock
from hub.config.settings import Settings
from hub.errors import HubError
from hub.flow.bundle import revision_of
from hub.ledger.entries import RevisionState
from hub.ports.registry import Registry


def check(
    *,
    offline: Annotated[bool, typer.Option("--offline", help="Only the files; connect to nothing.")] = False,
    live: Annotated[
        str, typer.Option("--live", metavar="CONNECTION", help="Is the target of this connection ready to go live?")
    ] = "",
    zaaktype: Annotated[
        list[str] | None,
        typer.Option("--zaaktype", metavar="CODE", help="With --live: a zaaktype that goes live. More than once."),
    ] = None,
    json: Annotated[bool, typer.Option("--json", help="JSON for programs.")] = False,
) -> None:
    """Check the configuration, then the bus, the ledger, the payload store and every target. Changes nothing there.

    [dim]Example: zaakhub check --offline[/]
    """
    if live and offline:
        raise typer.BadParameter("asks the target: leave --offline out", param_hint="--live")
    if zaaktype and not live:
        raise typer.BadParameter("belongs to --live", param_hint="--zaaktype")
    settings = Settings.read(os.environ)
    app = App.open(settings, os.environ, client_id="zaakhub-check")
    found = {"configuration": [] if app.configuration.connections else [f"no connections in {settings.mappings}"]}
    found["configuration"] += wrong_guards(app.configuration)
    warnings = list(guard_warnings(app.configuration, SystemClock().now()))
    seen = Look()
    if live:
        seen = asyncio.run(_live(app, live, zaaktype or ()))
        found |= seen.found
        warnings = [*seen.warnings]
    elif not offline:
        found |= asyncio.run(_connectivity(app, warnings))
    if json:
        as_json({**found, "warnings": warnings, **(seen.as_json() if live else {})})
    else:
        _print(found, warnings, seen.notes)
    if any(found.values()):
        raise typer.Exit(1)


def _print(found: Mapping[str, Sequence[str]], warnings: Sequence[str], notes: Sequence[str]) -> None:
    for part, problems in found.items():
        out.print(f"[green]✓[/] {part}" if not problems else f"[bold red]✗[/] {part}")
        for each in problems:
            out.print(f"    {each}", markup=False, soft_wrap=True)
    for each in warnings:
        out.print(f"[bold yellow]![/] {escape(each)}", soft_wrap=True)
    for each in notes:
        out.print(f"[dim]·[/] {escape(each)}", soft_wrap=True)


async def _live(app: App, name: str, zaaktypen: Collection[str]) -> Look:
    async with app:
        return await look(app, name, zaaktypen)


async def _connectivity(app: App, warnings: list[str]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    try:
        async with app:
            found["bus"] = [] if await app.bus.healthy() else ["does not answer"]
            found["ledger"] = [] if await app.ledger.healthy() else ["does not answer"]
            warnings += await _not_running(app)
            warnings += await _following_nobody(app)
            found["payloads"] = [] if await app.payloads.healthy() else ["cannot be written to"]
            checks = {name: partial(each.outbound.check, each.client) for name, each in app.exits.items()}
            for name, asking in app.configuration.asking.items():
                checks[name] = partial(asking.check, app.answerers[name].client)
            for name, check in checks.items():
                try:
                    found[name] = list(await check())
                except HubError as error:
                    found[name] = [error.reason]
            found |= await _subscriptions(app)
    except HubError as error:
        found["bus and ledger"] = [error.reason]
    return found


async def _subscriptions(app: App) -> dict[str, list[str]]:
    """Say of each connection that must be subscribed whether it is."""
    found: dict[str, list[str]] = {}
    for name, client in app.sources.items():
        subscribing = Registry().subscribing(app.configuration.connections[name])
        if subscribing is not None:
            try:
                found[name] = list(await subscribing.check(client))
            except HubError as error:
                found[name] = [error.reason]
    return found


async def _following_nobody(app: App) -> list[str]:
    """Name the connections that are told of nobody, because they tell of whom they follow and follow nobody."""
    counts = await app.ledger.count_followed(app.clock.now())
    return [
        f"{place.file}:{place.line}: {name} delivers changes of persons that it follows, and follows nobody; "
        f"zaakhub follow place {name}"
        for name, each in app.configuration.connections.items()
        if each.distribution.followed and not counts.get(name)
        for place in [each.place_of("distribution")]
    ]


async def _not_running(app: App) -> list[str]:
    """Name the connections whose files are not what was activated: a worker runs what was."""
    current = await app.ledger.current_revisions()
    active = {each.connection: each.revision for each in current if each.state is RevisionState.ACTIVE}
    return [
        f"{name}: the files are not what runs; zaakhub map preview {name} tells the difference"
        for name, mappings in app.configuration.mappings.items()
        if name in active and active[name] != revision_of(mappings)
    ]
