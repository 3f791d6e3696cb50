"""`zaakhub follow`: of which persons the receiver of a connection is told the changes (afnemersindicaties).

A BSN is never an argument: arguments stand in the list of processes and in the history of the shell.
"""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Annotated, Any, TypeVar

import typer

from hub.app import App
from hub.cli.moment import moment
from hub.cli.person import me
from hub.cli.screen import as_json, local, out, table
from hub.config.policy import LIST_MAX
from hub.config.settings import Settings
from hub.configuration import Need
from hub.errors import ActRefused
from hub.ledger.audit import REASON_CHARS_MIN
from hub.ledger.indicaties import Indicatie
from hub.security.personal import Bsn

T = TypeVar("T")

Receiver = Annotated[str, typer.Argument(metavar="CONNECTION", help="The outbound connection of the receiver.")]
File = Annotated[
    Path | None, typer.Option(help="File with a BSN on each line. Default: standard input, or asked for.", exists=True)
]
Why = Annotated[str, typer.Option("--reason", help="Why; kept in the audit, so no details of citizens.")]

cli = typer.Typer(no_args_is_help=True, help="Of which persons a receiver is told the changes (afnemersindicaties).")


@cli.command()
def place(
    connection: Receiver,
    *,
    reason: Why,
    file: File = None,
    until: Annotated[str | None, typer.Option(help="Until then: 2027-01-01. Default: until it is removed.")] = None,
) -> None:
    """Follow persons: their changes go to the receiver from now on. Who is followed already has the new reason and end.

    [dim]Example: zaakhub follow place personen-naar-zorg --reason "new client, case 12" < bsns.txt[/]
    """
    persons, ends_at = _persons(file), moment(until)
    done = _with_app(lambda app: app.indicaties().place(connection, persons, by=me(), reason=reason, ends_at=ends_at))
    known = f"; {done.known} already were" if done.known else ""
    out.print(f"[green]✓[/] {connection} follows {done.fresh} persons more{known}", soft_wrap=True)


@cli.command()
def remove(connection: Receiver, *, reason: Why, file: File = None) -> None:
    """Follow persons no longer: their changes do not go to the receiver any more.

    [dim]Example: zaakhub follow remove personen-naar-zorg --reason "no client any more" < bsns.txt[/]
    """
    persons = _persons(file)

    async def act(app: App) -> int:
        indicaties = app.indicaties()
        return await indicaties.remove(connection, [*map(indicaties.hashed, persons)], by=me(), reason=reason)

    gone = _with_app(act)
    absent = f"; {len(persons) - gone} were not followed" if gone < len(persons) else ""
    out.print(f"[green]✓[/] {connection} follows {gone} persons less{absent}", soft_wrap=True)


@cli.command("list")
def list_(
    connection: Receiver,
    *,
    reveal: Annotated[
        bool, typer.Option("--reveal", help="Show the BSNs; that you looked, and why, is kept in the audit.")
    ] = False,
    reason: Annotated[str, typer.Option(help="Why you look at who they are; with --reveal.")] = "",
    json: Annotated[bool, typer.Option("--json", help="JSON for programs instead of a table.")] = False,
) -> None:
    """List whom a receiver follows, the oldest first; without --reveal nobody sees who they are.

    [dim]Example: zaakhub follow list personen-naar-zorg[/]
    """
    if reveal and len(reason) < REASON_CHARS_MIN:
        raise typer.BadParameter("say why you look at who they are", param_hint="--reason")
    found = _with_app(lambda app: _listed(app, connection, reason if reveal else None))
    if json:
        as_json([_plain(each, shown) for each, shown in found])
        return
    if not found:
        out.print(f"{connection} follows nobody.")
        return
    rows = [
        (
            (shown.reveal() if shown is not None else "sealed with another key") if reveal else each.person[:8],
            local(each.placed_at),
            local(each.ends_at) if each.ends_at is not None else "",
            each.placed_by,
            each.reason,
        )
        for each, shown in found
    ]
    table(f"{connection} follows {len(rows)} persons", ("person", "since", "until", "by", "reason"), rows)


def _plain(each: Indicatie, shown: Bsn | None) -> dict[str, Any]:
    """Give what programs may see: not the sealed BSN, which is the same wherever that person is written down."""
    said = {name: value for name, value in each._asdict().items() if name != "sealed"}
    return {**said, "bsn": shown.reveal() if shown is not None else None}


async def _listed(app: App, connection: str, reason: str | None) -> list[tuple[Indicatie, Bsn | None]]:
    indicaties = app.indicaties()
    found: list[Indicatie] = []
    while page := await indicaties.listed(connection, after=found[-1].mark if found else None, limit=LIST_MAX):
        found += page
    if reason is None:
        return [(each, None) for each in found]
    return list(await indicaties.reveal(connection, found, by=me(), reason=reason))


def _persons(file: Path | None) -> set[Bsn]:
    """Read BSNs, one a line; says the line of one that is wrong, and not what stands there."""
    lines = file.read_text(encoding="utf-8").splitlines() if file is not None else _asked()
    persons: set[Bsn] = set()
    for number, line in enumerate(lines, start=1):
        if line.strip():
            try:
                persons.add(Bsn(line.strip()))
            except ValueError as error:
                raise ActRefused(
                    f"line {number} is {error}", code="bsn", advice="nothing was done: correct it, then give all again"
                ) from None
    return persons


def _asked() -> list[str]:
    if sys.stdin.isatty():
        return [typer.prompt("BSN", hide_input=True)]
    return sys.stdin.read().splitlines()


def _with_app(act: Callable[[App], Awaitable[T]]) -> T:
    async def run() -> T:
        async with App.open(Settings.read(os.environ), os.environ, client_id="zaakhub-cli", mappings=Need.NONE) as app:
            return await act(app)

    return asyncio.run(run())
