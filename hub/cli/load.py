"""`zaakhub load`: bring every number of a file to an inbound connection, watch it, and go on after a stop."""

from __future__ import annotations

import asyncio
import os
import sys
from pathlib import Path
from typing import Annotated, Any

import orjson
import typer
from rich.console import ConsoleRenderable, Group, RenderableType
from rich.live import Live
from rich.progress_bar import ProgressBar
from rich.table import Table
from rich.text import Text

from hub.app import App
from hub.cli.person import me
from hub.cli.screen import as_json, local, out, table
from hub.clock import SystemClock
from hub.config import policy
from hub.config.settings import Settings
from hub.configuration import Need
from hub.desk.load import Progress, progress_of
from hub.errors import ActRefused

_TWO_MINUTES_S = 120


def load(
    connection: Annotated[str, typer.Argument(help="The inbound connection that is to hear of them.")] = "",
    file: Annotated[
        str, typer.Argument(help="CSV, or JSON on each line, with a number on each line; - is what comes in.")
    ] = "",
    *,
    reason: Annotated[str, typer.Option("--reason", help="Why you do this; kept in the audit.")] = "",
    name: Annotated[
        str, typer.Option("--name", help="Load the same file once more, under this name; else it goes on or is done.")
    ] = "",
    status: Annotated[bool, typer.Option("--status", help="Only show how far loads are.")] = False,
    json: Annotated[bool, typer.Option("--json", help="JSON for programs: a line for each look.")] = False,
) -> None:
    """Tell a connection of every number in a file, as it is now: an initial load. Run it again and it goes on.

    A worker must run. The file holds personal data: remove it when the load is done.

    [dim]Example: zaakhub load personen-uit-signalen inwoners.csv --reason "first load of persons"[/]
    """
    if status:
        _show(asyncio.run(_loads()), json=json)
        return
    if not connection or not file:
        raise typer.BadParameter("name a connection and a file, or --status")
    ended = asyncio.run(_load(connection, _content(file), reason=reason, name=name, json=json or not out.is_terminal))
    if ended.counts.failed or ended.counts.waiting or ended.load.wrong:
        raise typer.Exit(1)


def _content(file: str) -> bytes:
    if file == "-":
        return sys.stdin.buffer.read()
    try:
        return Path(file).read_bytes()
    except OSError as error:
        raise ActRefused(f"{file} cannot be read: {error.strerror}", code="bestand", advice="name a file") from None


async def _load(connection: str, content: bytes, *, reason: str, name: str, json: bool) -> Progress:
    async with App.open(Settings.read(os.environ), os.environ, client_id="zaakhub-cli", mappings=Need.NONE) as app:
        loader = app.loader(connection)
        begun, lines = await loader.begin(content, by=me(), reason=reason, name=name)
        if json:
            async for progress in loader.run(begun, lines):
                sys.stdout.buffer.write(orjson.dumps(_plain(progress), option=orjson.OPT_APPEND_NEWLINE))
                sys.stdout.flush()
        else:
            with Live(console=out, auto_refresh=False) as live:
                async for progress in loader.run(begun, lines):
                    live.update(_drawn(progress), refresh=True)
    return progress


async def _loads() -> list[Progress]:
    async with App.open(Settings.read(os.environ), os.environ, client_id="zaakhub-cli", mappings=Need.NONE) as app:
        found = await app.ledger.loads(policy.LIST_MAX)
        return [await progress_of(app.ledger, each, SystemClock()) for each in found]


def _show(found: list[Progress], *, json: bool) -> None:
    if json:
        as_json([_plain(each) for each in found])
        return
    if not found:
        out.print("Nothing was loaded yet. [cyan]→[/] zaakhub load --help")
        return
    rows = [
        (
            each.load.id,
            each.load.connection,
            f"{each.counts.ended + each.load.wrong} of {each.load.lines}",
            _expected(each),
            str(each.counts.failed),
            str(each.counts.waiting),
            f"{local(each.load.begun_at)} {each.load.begun_by}: {each.load.reason}",
        )
        for each in found
    ]
    table("", ["load", "connection", "ended", "expected", "failed", "waiting", "begun"], rows)


def _plain(progress: Progress) -> dict[str, Any]:
    load_, counts = progress.load, progress.counts
    expected_s = progress.expected_s
    return {
        "load": load_.id,
        "connection": load_.connection,
        "lines": load_.lines,
        "offered": load_.offered,
        "wrong": load_.wrong,
        **{each: getattr(counts, each) for each in ("done", "unchanged", "failed", "waiting", "retrying", "dropped")},
        "under_way": progress.under_way,
        "per_s": round(progress.per_s, 1),
        "expected_s": None if expected_s is None else round(expected_s),
        "ended": progress.ended,
        "wrong_lines": list(progress.wrong[: policy.LOAD_WRONG_SHOWN_MAX]),
    }


def _drawn(progress: Progress) -> RenderableType:
    load_, counts = progress.load, progress.counts
    ended = counts.ended + load_.wrong
    bar = Table.grid(padding=(0, 2))
    bar.add_row(
        ProgressBar(total=max(load_.lines, 1), completed=ended, width=50, complete_style="green"),
        Text(f"{ended:,} of {load_.lines:,}"),
    )
    text = Text(f"{counts.done:,} told", style="green")
    for count, what, style in (
        (counts.unchanged, "unchanged", "default"),
        (counts.failed, "failed", "red"),
        (counts.waiting, "wait behind a failure", "red"),
        (counts.retrying, "tried again", "yellow"),
        (counts.dropped, "dropped", "default"),
        (progress.under_way, "under way", "default"),
        (load_.wrong, "wrong lines", "red"),
    ):
        if count:
            text.append(f"   {count:,} {what}", style=style)
    parts: list[ConsoleRenderable] = [Text(f"load {load_.id}  {load_.connection}", style="bold"), bar, text]
    if progress.wrong:
        shown = ", ".join(map(str, progress.wrong[: policy.LOAD_WRONG_SHOWN_MAX]))
        parts.append(Text(f"no such number on line {shown}", style="red"))
    parts.append(Text(_advice(progress), style="dim"))
    return Group(*parts)


def _advice(progress: Progress) -> str:
    if progress.ended and (progress.counts.failed or progress.counts.waiting):
        return f"→ zaakhub failures list --connection {progress.load.connection}"
    if progress.ended:
        return "done: remove the file"
    if not progress.per_s:
        return "nothing goes on (yet): does a worker run?   Ctrl-C stops it; run it again and it goes on"
    pace = f"{progress.per_s * 60:,.0f} per minute, {_expected(progress)}"
    return f"{pace}   Ctrl-C stops it; run it again and it goes on"


def _expected(progress: Progress) -> str:
    expected_s = progress.expected_s
    if progress.ended:
        return "done"
    if expected_s is None:
        return "stands still"
    return f"{expected_s:.0f} s" if expected_s < _TWO_MINUTES_S else f"{expected_s / 60:.0f} minutes"
