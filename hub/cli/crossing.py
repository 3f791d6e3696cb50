"""`zaakhub crossing`: how a municipality is getting on, on the way over from its old system."""

from __future__ import annotations

import asyncio
import os
from collections import Counter
from typing import Annotated

import orjson
import typer

from hub.app import App
from hub.cli.screen import as_json, local, out, table
from hub.config import policy
from hub.config.settings import Settings
from hub.configuration import Need
from hub.errors import ConfigurationWrong
from hub.ledger.entries import Comparison, Failure, FailureState, Likeness

_MEANING = {
    Likeness.DIFFERS: "answers differ",
    Likeness.ONLY_OLD: "only the old system did it",
    Likeness.ONLY_HUB: "only the hub would have done it",
}


def crossing(
    connection: Annotated[str, typer.Argument(help="The inbound connection that crosses.")],
    *,
    json: Annotated[bool, typer.Option("--json", help="JSON for programs instead of tables.")] = False,
) -> None:
    """Compare what the old system and the hub made of the same messages, and list what is to be reconciled.

    [dim]Example: zaakhub crossing formulieren-naar-zaken[/]
    """
    settings = Settings.read(os.environ)
    app = App.open(settings, os.environ, client_id="zaakhub-cli", mappings=Need.NONE)
    counts, unlike, waiting = asyncio.run(_read(app, connection))
    if json:
        as_json(
            {
                "aantallen": [
                    dict(zip(("bericht", "zaaktype", "uitkomst", "aantal"), each, strict=True)) for each in counts
                ],
                "verschillen": [{**each._asdict(), "differences": orjson.loads(each.differences)} for each in unlike],
                "wachtend": [each._asdict() for each in waiting],
            }
        )
        return
    if not counts:
        out.print(f"Nothing was compared yet for {connection}: put messages on a route with mode shadow.")
        return
    rows = ((kind, zaaktype or "-", likeness.value, str(count)) for kind, zaaktype, likeness, count in counts)
    table("compared", ("message", "zaaktype", "outcome", "count"), rows)
    _print_fields(unlike)
    _print_list(unlike, waiting)


async def _read(
    app: App, connection: str
) -> tuple[list[tuple[str, str, Likeness, int]], list[Comparison], list[Failure]]:
    known = app.configuration.connections.get(connection)
    if known is None or known.crossing is None:
        raise ConfigurationWrong(
            "this connection has no crossing", file=connection, advice="write crossing: in its connection.yaml"
        )
    async with app:
        ledger = app.ledger
        waiting = [
            failure
            for stage in (connection, known.delivers_to)
            if stage
            for failure in await ledger.failures(stage=stage, state=FailureState.OPEN)
        ]
        return await ledger.likenesses(connection), await ledger.comparisons(connection, policy.LIST_MAX), waiting


def _print_fields(unlike: list[Comparison]) -> None:
    fields = Counter((each.kind, path, how) for each in unlike for path, how in orjson.loads(each.differences).items())
    if fields:
        rows = ((kind, path, how, str(count)) for (kind, path, how), count in fields.most_common())
        out.print()
        table("fields that differ", ("message", "field", "here", "messages"), rows)


def _print_list(unlike: list[Comparison], waiting: list[Failure]) -> None:
    out.print()
    if not unlike and not waiting:
        out.print("Nothing to reconcile: all that was compared is alike, and nothing waits.")
        return
    rows = [
        *((each.zaak or "-", each.kind, _why(each), local(each.at)) for each in unlike),
        *(
            (
                each.zaak,
                each.kind,
                f"waits here: {each.code} (zaakhub failures show {each.id[:8]})",
                local(each.last_at),
            )
            for each in waiting
        ),
    ]
    table("to reconcile", ("zaak", "message", "why", "when"), rows)


def _why(comparison: Comparison) -> str:
    return _MEANING[comparison.likeness] + (f": {comparison.code}" if comparison.code else "")
