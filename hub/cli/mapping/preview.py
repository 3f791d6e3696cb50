"""`zaakhub map preview`: what would change if the files of a connection were activated. Sends nothing."""

from __future__ import annotations

import asyncio
import os
from pathlib import Path
from typing import Annotated, Any, NamedTuple

import typer
from rich.markup import escape

from hub.app import App
from hub.cli.screen import as_json, out, table
from hub.config import policy
from hub.config.settings import Settings
from hub.configuration import Need
from hub.desk.preview import Example, Preview, Side, Verdict, compare
from hub.errors import ActRefused
from hub.flow.bundle import Bundle, pack, revision_of
from hub.ledger.entries import Revision
from hub.mapping.trace import NOTHING
from hub.security.personal import HIDDEN

ConnectionName = Annotated[str, typer.Argument(metavar="CONNECTION", help="The connection: the name of its folder.")]
Last = Annotated[
    int, typer.Option(min=1, max=policy.TAIL_RECORDS_MAX, help="How many of the last recorded messages to try.")
]
Content = Annotated[bool, typer.Option("--content", help="Show the values of examples. They may be personal data.")]

_IDS_SHOWN_MAX = 5


class Look(NamedTuple):
    """A comparison, the candidate that it was made with, and the stored revision that runs (None: the folder's)."""

    preview: Preview
    candidate: Bundle
    running: Revision | None


def preview(
    connection: ConnectionName,
    *,
    last: Last = 200,
    candidate: Annotated[
        Path | None,
        typer.Option(
            exists=True,
            file_okay=False,
            help="A folder of connections to try instead of your own: FOLDER/CONNECTION/*.map.yaml, with its _parts.",
        ),
    ] = None,
    content: Content = False,
    json: Annotated[bool, typer.Option("--json", help="JSON for programs instead of tables.")] = False,
) -> None:
    """Run the mappings as they are now in the files against the last recorded messages, beside those that run.

    Exits with 1 when messages would fail that go through now.

    [dim]Example: zaakhub map preview formulieren-naar-zaken --last 500[/]
    """
    found = asyncio.run(_preview(connection, candidate, last)).preview
    if json:
        as_json(_as_json(found, content=content))
    else:
        show(found, content=content)
    if found.newly_failing:
        raise typer.Exit(1)


async def _preview(connection: str, candidate: Path | None, last: int) -> Look:
    settings = Settings.read(os.environ)
    async with App.open(settings, os.environ, client_id="zaakhub-cli", mappings=Need.FOUND) as app:
        running = await runs(app, connection)
        if running is not None or candidate is not None:
            return await look(app, connection, running, root=candidate or settings.mappings, last=last)
    raise ActRefused(
        f"{connection} does not run yet: there is nothing to compare with",
        code="draait-niet",
        advice="start a worker, or give --candidate to compare with your own files",
    )


async def runs(app: App, connection: str) -> Revision | None:
    """Give what runs at a connection; raises ActRefused when there is no such connection."""
    known = sorted(app.configuration.connections)
    if connection not in known:
        raise ActRefused(
            f"there is no connection {connection}", code="koppeling", advice=f"there are: {', '.join(known)}"
        )
    return await app.activation().running(connection)


async def look(app: App, connection: str, running: Revision | None, *, root: Path, last: int) -> Look:
    """Compare the files below `root` with what runs; raises ConfigurationWrong when they can't be compiled."""
    packed = pack(connection, root)
    made = await app.compiled(connection, packed)
    candidate = Bundle(revision_of(made), made, packed)
    if running is None:
        files = pack(connection, app.configuration.settings.mappings)
    else:
        files = await app.activation().files(running)
    before = await app.compiled(connection, files)
    recorded = await app.recall().last(connection, last, kinds=before.keys() | made.keys())
    sides = Side(running.revision if running else revision_of(before), before), Side(candidate.revision, made)
    return Look(compare(connection, recorded, *sides, app.configuration), candidate, running)


def show(found: Preview, *, content: bool) -> None:
    """Print a comparison."""
    out.print(
        f"{_messages(found.messages)}: [bold]{found.changed}[/] give another result, "
        f"[{'bold red' if found.newly_failing else 'bold'}]{_count(found.newly_failing)}[/] fail that go through now, "
        f"[bold]{_count(found.newly_working)}[/] go through that fail now",
        soft_wrap=True,
    )
    if found.still_failing or found.unreadable:
        out.print(f"[dim]{found.still_failing} fail before and after, {found.unreadable} can't be read at all[/]")
    if found.fields:
        rows = [
            [
                escape(each.path),
                *(str(count) if count else "" for count in (each.changes, each.appears, each.disappears)),
                "\n".join(_example(one, content=content) for one in each.examples[: None if content else 1]),
            ]
            for each in found.fields
        ]
        out.print()
        table("Fields", ["field", "changes", "appears", "disappears", "example"], rows)
    _show_verdicts("[bold red]Would fail[/]", found.newly_failing)
    _show_verdicts("[bold]Would no longer fail[/]", found.newly_working)
    if found.unread:
        out.print()
        table("No longer read", ["source field", "messages"], [[path, str(n)] for path, n in found.unread.items()])
    if not (found.fields or found.newly_failing or found.newly_working or found.unread):
        out.print("[green]✓[/] nothing changes for these messages")
    out.print(f"\n{found.connection}: runs [bold]{found.running}[/], candidate [bold]{found.candidate}[/]")


def _show_verdicts(title: str, verdicts: list[Verdict]) -> None:
    if not verdicts:
        return
    out.print(f"\n{title}")
    for each in verdicts:
        more = ", …" if len(each.messages) > _IDS_SHOWN_MAX else ""
        shown = ", ".join(name[:8] for name in each.messages[:_IDS_SHOWN_MAX])
        out.print(f"  {len(each.messages)}  {escape(each.reason)}", soft_wrap=True)
        out.print(f"      [dim]{shown}{more}[/]  [cyan]→[/] zaakhub map explain {each.messages[0][:8]}", soft_wrap=True)


def _example(example: Example, *, content: bool) -> str:
    before, after = (
        "nothing" if value is NOTHING else escape(repr(value)) if content else HIDDEN
        for value in (example.before, example.after)
    )
    return f"{example.message[:8]}: {before} → {after}"


def _as_json(found: Preview, *, content: bool) -> dict[str, Any]:
    return {
        "connection": found.connection,
        "messages": found.messages,
        "changed": found.changed,
        "still_failing": found.still_failing,
        "unreadable": found.unreadable,
        "fields": [
            {
                "path": each.path,
                "changes": each.changes,
                "appears": each.appears,
                "disappears": each.disappears,
                "examples": [_plain(one, content=content) for one in each.examples],
            }
            for each in found.fields
        ],
        "newly_failing": [{"reason": each.reason, "messages": each.messages} for each in found.newly_failing],
        "newly_working": [{"reason": each.reason, "messages": each.messages} for each in found.newly_working],
        "unread": found.unread,
        "running": found.running,
        "candidate": found.candidate,
    }


def _plain(example: Example, *, content: bool) -> dict[str, Any]:
    values = {"before": example.before, "after": example.after}
    shown = {name: value if content else HIDDEN for name, value in values.items() if value is not NOTHING}
    return {"message": example.message, **shown}


def _count(verdicts: list[Verdict]) -> int:
    return sum(len(each.messages) for each in verdicts)


def _messages(count: int) -> str:
    return "1 recorded message" if count == 1 else f"{count} recorded messages"
