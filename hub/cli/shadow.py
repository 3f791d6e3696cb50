"""`zaakhub shadow`: whether a connection in shadow would tell of the same as what tells it today."""

from __future__ import annotations

import asyncio
import os
from datetime import timedelta
from typing import Annotated

import typer

from hub.app import App
from hub.cli.screen import as_json, local, out, table
from hub.config import policy
from hub.config.likely import did_you_mean
from hub.config.settings import Settings
from hub.configuration import Need
from hub.errors import ActRefused
from hub.ledger.shadow import Beside


def shadow(
    connection: Annotated[str, typer.Argument(help="The inbound connection with `shadow: true`.")],
    *,
    beside: Annotated[str, typer.Option(help="The inbound connection on which the other system tells its changes.")],
    days: Annotated[int, typer.Option(help="Of how many days.")] = 7,
    ended: Annotated[
        int, typer.Option(help="How many days ago these ended: what is asked about again needs some of them.")
    ] = 0,
    json: Annotated[bool, typer.Option("--json", help="JSON for programs instead of tables.")] = False,
) -> None:
    """Compare of whom a connection in shadow would have told with of whom another system told.

    [dim]Example: zaakhub shadow personen-uit-signalen --beside personen-bijhouden --ended 4[/]
    """
    app = App.open(Settings.read(os.environ), os.environ, client_id="zaakhub-cli", mappings=Need.NONE)
    for each in (connection, beside):
        if each not in app.entrances:
            raise ActRefused(
                f"there is no inbound connection {each}", code="koppeling", advice=did_you_mean(each, app.entrances)
            )
    found = asyncio.run(_compared(app, connection, beside, days=days, ended=ended))
    if json:
        as_json({**found._asdict(), "unlike": [each._asdict() for each in found.unlike]})
        return
    rows = [("both", str(found.both)), (connection, str(found.only_here)), (beside, str(found.only_there))]
    table("told of", ("by", "how many"), rows)
    if found.unlike:
        out.print()
        of = [(each.subject, connection if each.here else beside, local(each.at)) for each in found.unlike]
        table("told of by one of the two", ("whom", "by", "when"), of)


async def _compared(app: App, here: str, there: str, *, days: int, ended: int) -> Beside:
    async with app:
        until = app.clock.now() - timedelta(days=ended)
        since = until - timedelta(days=days)
        return await app.ledger.beside(here, there, since=since, until=until, limit=policy.LIST_MAX)
