"""`zaakhub alerts`: what is wrong with the connections, and whether somebody hears of it."""

from __future__ import annotations

import asyncio
import os
import uuid
from typing import Annotated

import typer

from hub.app import App
from hub.cli.screen import as_json, local, out, table
from hub.config.policy import LIST_MAX
from hub.config.settings import Settings
from hub.configuration import Need
from hub.errors import ActRefused, TargetFailed
from hub.ledger.alerts import Alert, AlertKind, Notice

cli = typer.Typer(no_args_is_help=True, help="What is wrong with the connections, and who is told.")


@cli.command("list")
def list_(
    *,
    everything: Annotated[bool, typer.Option("--all", help="Also those that are over.")] = False,
    json: Annotated[bool, typer.Option("--json", help="JSON for programs.")] = False,
) -> None:
    """List what is wrong now, newest first.

    [dim]Example: zaakhub alerts list --all[/]
    """
    alerts, told = asyncio.run(_listed(only_open=not everything))
    if json:
        as_json([{**each._asdict(), "told": told[each.id]} for each in alerts])
    elif not alerts:
        out.print("Nothing is wrong." if not everything else "Nothing was ever wrong.")
    else:
        rows = [
            (local(each.opened_at), local(each.closed_at), each.connection, each.kind, each.detail, _who(told[each.id]))
            for each in alerts
        ]
        table(f"{len(alerts)} alerts", ("since", "until", "connection", "what", "detail", "told"), rows)


@cli.command("try")
def try_() -> None:
    """Send a trial to every channel of ZAAKHUB_ALERTS, and say what came of it.

    [dim]Example: ZAAKHUB_ALERTS=alerts.yaml zaakhub alerts try[/]
    """
    if not asyncio.run(_tried()):
        raise typer.Exit(1)


async def _listed(*, only_open: bool) -> tuple[list[Alert], dict[str, list[str]]]:
    async with _app() as app:
        alerts = await app.ledger.alerts(only_open=only_open, limit=LIST_MAX)
        return alerts, await app.ledger.told([each.id for each in alerts])


async def _tried() -> bool:
    async with _app() as app:
        if not app.channels:
            raise ActRefused(
                "there is nobody to tell",
                code="alerts",
                advice="name a webhook or a mail server in a file, and that file in ZAAKHUB_ALERTS",
            )
        alert = Alert(str(uuid.uuid4()), AlertKind.FAILING, "proef", "", app.clock.now(), "a trial: nothing is wrong")
        well = True
        for name, tell in app.channels.items():
            try:
                await tell(Notice(alert, name, over=False, attempts=0))
                out.print(f"[green]✓[/] {name}")
            except TargetFailed as failed:
                well = False
                out.print(f"[bold red]✗[/] {name}: {failed.reason}", soft_wrap=True)
                out.print(f"      [cyan]→[/] {failed.advice}", soft_wrap=True)
        return well


def _app() -> App:
    return App.open(Settings.read(os.environ), os.environ, client_id="zaakhub-cli", mappings=Need.NONE)


def _who(told: list[str]) -> str:
    return ", ".join(told) or "nobody"
