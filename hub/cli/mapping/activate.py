"""`zaakhub map activate`, `rollback` and `revisions`: what the workers run, and how they come to run something else."""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import timedelta
from typing import Annotated, TypeVar

import typer
from rich.markup import escape

from hub.app import App
from hub.cli.mapping.lint import findings_of
from hub.cli.mapping.preview import ConnectionName, Content, Last, Look, look, runs, show
from hub.cli.person import me
from hub.cli.screen import as_json, local, out, table
from hub.config import policy
from hub.config.settings import Settings
from hub.configuration import Need
from hub.desk.activate import Activated
from hub.desk.tools import tools_of
from hub.errors import ActRefused, HubError
from hub.flow.bundle import revision_of
from hub.ledger.entries import Revision, RevisionState, Worker
from hub.mapping.cases import differences, find_cases, run_case
from hub.mapping.lint.findings import Severity

T = TypeVar("T")
_SHOWN_MAX = 10


def activate(
    connection: ConnectionName,
    *,
    reason: Annotated[str, typer.Option("--reason", help="Why; kept with the revision.")] = "",
    last: Last = 200,
    yes: Annotated[
        bool, typer.Option("--yes", help="Do not ask. It stops when messages would fail that go through now.")
    ] = False,
    content: Content = False,
) -> None:
    """Let the workers run the mappings as they are now in the files: lint, test, preview, and then all at once.

    Every worker first says that it can run them; if one can not, nothing changes. Each switches between two messages.

    [dim]Example: zaakhub map activate formulieren-naar-zaken --reason "the new form"[/]
    """
    _sound(connection)

    async def act(app: App) -> Activated:
        running = await runs(app, connection)
        found = await look(app, connection, running, root=app.configuration.settings.mappings, last=last)
        if (
            running is not None
            and running.state is RevisionState.ACTIVE
            and running.revision == found.candidate.revision
        ):
            raise ActRefused(
                f"{running.revision} is what {connection} runs", code="draait-al", advice="there is nothing to activate"
            )
        _tested(connection, found)
        _agreed(found, yes=yes, content=content)
        return await app.activation().activate(
            connection, found.candidate.revision, found.candidate.files, over=running, by=me(), reason=reason
        )

    _report(connection, _with_app(act))


def rollback(
    connection: ConnectionName,
    *,
    reason: Annotated[str, typer.Option("--reason", help="Why; kept with the revision.")],
) -> None:
    """Let the workers run again what ran before the active revision. Asks nothing; the files stay as they are.

    [dim]Example: zaakhub map rollback formulieren-naar-zaken --reason "the dates are wrong"[/]
    """
    _report(connection, _with_app(lambda app: app.activation().rollback(connection, by=me(), reason=reason)))


def revisions(
    connection: ConnectionName,
    *,
    json: Annotated[bool, typer.Option("--json", help="JSON for programs instead of tables.")] = False,
) -> None:
    """Show the revisions of a connection, newest first, and which worker runs which.

    [dim]Example: zaakhub map revisions formulieren-naar-zaken[/]
    """
    known, workers, folder = _with_app(lambda app: _revisions(app, connection))
    if json:
        shown = {
            "connection": connection,
            "folder": folder,
            "revisions": [each._asdict() for each in known],
            "workers": [{"worker": each.worker, "running": each.running, "seen_at": each.seen_at} for each in workers],
        }
        as_json(shown)
        return
    table(f"revisions of {connection}", ["no.", "revision", "state", "since", "by", "reason"], map(_row, known))
    out.print()
    table(
        "workers",
        ["worker", "runs", "last seen"],
        ([each.worker, str(each.running), local(each.seen_at)] for each in workers),
    )
    if folder not in {each.revision for each in known if each.state in {RevisionState.ACTIVE, RevisionState.FOLDER}}:
        out.print(f"\nThe files are [bold]{folder or 'wrong'}[/]. [cyan]→[/] zaakhub map preview {connection}")


async def _revisions(app: App, connection: str) -> tuple[list[Revision], list[Worker], str]:
    await runs(app, connection)
    since = app.clock.now() - timedelta(seconds=policy.WORKER_LIVES_S)
    known = await app.ledger.revisions(connection)
    workers = await app.ledger.workers(connection, number=known[0].number if known else 0, since=since)
    right = connection not in app.configuration.wrong
    return known, workers, revision_of(app.configuration.mappings[connection]) if right else ""


def _row(each: Revision) -> list[str]:
    said = f"{each.reason} ({each.note})" if each.note else each.reason
    if each.restores:
        said = f"back to no. {each.restores}: {said}"
    return [str(each.number), each.revision, each.state.value, local(each.changed_at), each.made_by, escape(said)]


def _sound(connection: str) -> None:
    """Lint the files that the connection uses; raises ActRefused when something in them will not do what it says."""
    errors = [
        each
        for each in findings_of(Settings.read(os.environ).mappings, [connection])
        if each.severity is Severity.ERROR
    ]
    if errors:
        for each in errors[:_SHOWN_MAX]:
            place = f"{each.place.file}:{each.place.line}:{each.place.column}"
            out.print(f"  [bold red]✗[/] {place}  {escape(each.message)}", soft_wrap=True)
        raise ActRefused(
            f"{len(errors)} mistake{'' if len(errors) == 1 else 's'} in the mappings of {connection}",
            code="lint",
            advice=f"zaakhub map lint {connection} shows them all",
        )
    out.print("[green]✓[/] lint finds no mistakes")


def _tested(connection: str, found: Look) -> None:
    """Run the cases of the connection with the candidate; raises ActRefused when one comes out differently."""
    root = Settings.read(os.environ).mappings
    tools = replace(tools_of(root / connection, root=root), mappings=dict(found.candidate.mappings))
    cases = find_cases(root, connection)
    wrong: list[str] = []
    for case in cases:
        try:
            wrong += [f"{case.name}: {each.path}" for each in differences(case, run_case(case, tools))]
        except HubError as error:
            wrong.append(f"{case.name}: {error.reason}")
    if wrong:
        for each in wrong[:_SHOWN_MAX]:
            out.print(f"  [bold red]✗[/] {escape(each)}", soft_wrap=True)
        raise ActRefused(
            f"{len(wrong)} differences in the cases of {connection}",
            code="gevallen",
            advice=f"zaakhub map test {connection} shows them; mend the mapping, or --refresh the cases",
        )
    out.print(f"[green]✓[/] {len(cases)} cases come out as expected")


def _agreed(found: Look, *, yes: bool, content: bool) -> None:
    """Show what would change, and ask; raises ActRefused, or typer.Exit for a no."""
    show(found.preview, content=content)
    if yes:
        if found.preview.newly_failing:
            raise ActRefused(
                "messages that go through now would fail",
                code="zou-mislukken",
                advice="mend the mapping; without --yes you may decide to activate it all the same",
            )
    elif not sys.stdin.isatty():
        raise ActRefused("nobody can be asked here", code="geen-terminal", advice="give --yes")
    elif not typer.confirm("\nActivate?", default=False):
        raise typer.Exit(1)


def _report(connection: str, activated: Activated) -> None:
    count = len(activated.workers)
    out.print(
        f"[green]✓[/] {connection} runs [bold]{activated.revision}[/] (no. {activated.number}), "
        f"on {count} worker{'' if count == 1 else 's'}"
    )
    for each in activated.behind:
        why = each.reason or "has not said so yet"
        out.print(f"  [yellow]![/] {each.worker} still runs no. {each.running}: {escape(why)}", soft_wrap=True)
    out.print(f"  [cyan]→[/] zaakhub map revisions {connection}; back: zaakhub map rollback {connection}")


def _with_app(act: Callable[[App], Awaitable[T]]) -> T:
    async def run() -> T:
        settings = Settings.read(os.environ)
        async with App.open(settings, os.environ, client_id="zaakhub-cli", mappings=Need.FOUND) as app:
            return await act(app)

    return asyncio.run(run())
