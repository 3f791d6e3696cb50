"""`zaakhub failures`: what went wrong, whose turn it is, correct it, try it again."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Annotated, Any, TypeVar

import orjson
import typer
from rich.markup import escape
from rich.panel import Panel

from hub.app import App
from hub.cli.explanation import show as show_explanation
from hub.cli.person import me
from hub.cli.screen import as_json, local, out, table
from hub.config import policy
from hub.config.settings import Settings
from hub.configuration import Need
from hub.event.catalogue import EVENT_TYPES
from hub.flow.explain import Kept
from hub.flow.replay import Case, event_of
from hub.ledger.entries import Failure, FailureState

T = TypeVar("T")
Json = Annotated[bool, typer.Option("--json", help="JSON for programs instead of a table.")]
Why = Annotated[str, typer.Option("--reason", help="Why you do this; kept in the timeline of the zaak.")]
FailureId = Annotated[str, typer.Argument(metavar="ID", help="Id of the failure; the first 4 or more characters do.")]

cli = typer.Typer(no_args_is_help=True, help="See, correct, replay or drop what failed. Order per zaak holds.")


@cli.command("list")
def list_failures(
    *,
    connection: Annotated[str | None, typer.Option(help="Only of this connection.")] = None,
    resolved: Annotated[
        bool, typer.Option("--resolved", help="Those that are resolved, instead of open ones.")
    ] = False,
    json: Json = False,
) -> None:
    """List failures, newest first.

    [dim]Example: zaakhub failures list --connection zaken-naar-zgw[/]
    """
    states = [FailureState.RESOLVED] if resolved else [FailureState.OPEN, FailureState.RETRYING]
    shown = _with_app(lambda app: _failures(app, connection, states))
    if json:
        as_json([each._asdict() for each in shown])
        return
    if not shown:
        out.print("No failures." if not resolved else "Nothing was resolved yet.")
        return
    for each in shown:
        tries = "1 try" if each.attempts == 1 else f"{each.attempts} tries"
        out.print(
            f"[bold]{each.id[:8]}[/]  zaak {each.zaak}  [yellow]{each.fault}[/]  {each.state.value}  {tries}  "
            f"[dim]{local(each.last_at)}  {each.stage}[/]",
            soft_wrap=True,
        )
        out.print(f"          {each.reason}", markup=False, soft_wrap=True)
    out.print(f"\n[cyan]→[/] zaakhub failures show {shown[0].id[:8]}")


@cli.command()
def show(
    failure: FailureId,
    *,
    content: Annotated[
        bool, typer.Option("--content", help="Show the content too. It may hold personal data.")
    ] = False,
    trace: Annotated[
        bool, typer.Option("--trace", help="Show how the mapping came to each field; values only with --content.")
    ] = False,
    json: Json = False,
) -> None:
    """Show one failure: what, where, whose turn, what next, and what waits behind it.

    [dim]Example: zaakhub failures show 3f2a[/]
    """
    case, kept = _with_app(lambda app: _case(app, failure, content=content, trace=trace))
    if json:
        told = {"trace": kept.plain() if kept is not None else None} if trace else {}
        as_json({**_case_json(case, content=content), **told})
        return
    _print_case(case.failure, case)
    if content and case.parked is not None:
        out.print(Panel(_content(case), title="content", title_align="left"), markup=False)
    if trace:
        _print_trace(case.failure, kept)


@cli.command()
def edit(
    failure: FailureId,
    *,
    change: Annotated[
        list[str] | None,
        typer.Option(
            "--set", metavar="FIELD=VALUE", help="Change a field of the event; JSON value or text; empty clears."
        ),
    ] = None,
    file: Annotated[
        Path | None, typer.Option(help="Replace the whole content by this file.", exists=True, dir_okay=False)
    ] = None,
    reason: Why = "",
) -> None:
    """Correct the content of a failed message. The original is kept; nothing is sent until you replay.

    [dim]Example: zaakhub failures edit 3f2a --set zaak.zaaktype=B1026 --reason "typing error in the form"[/]
    """
    if bool(change) == bool(file):
        raise typer.BadParameter("give either --set or --file", param_hint="--set / --file")
    if file is not None:
        content = file.read_bytes()
        case = _with_app(lambda app: app.operator().replace(failure, content, by=me(), reason=reason))
    else:
        changes = dict(_change(each) for each in change or ())
        case = _with_app(lambda app: app.operator().edit(failure, changes, by=me(), reason=reason))
    out.print(f"Saved. [cyan]→[/] zaakhub failures replay {case.failure.id[:8]}")


@cli.command()
def replay(failure: FailureId, *, reason: Why = "", json: Json = False) -> None:
    """Try a failed message again now; what waits behind it in its zaak follows by itself, in order.

    [dim]Example: zaakhub failures replay 3f2a --reason "zaaktype is published now"[/]
    """
    case = _with_app(lambda app: app.operator().replay(failure, by=me(), reason=reason))
    if json:
        as_json(_case_json(case, content=False))
        return
    behind = len(case.queue) - 1
    follows = f", and the {behind} behind it" if behind else ""
    out.print(f"A worker tries it now{follows}. [cyan]→[/] zaakhub trace {case.failure.zaak}")


@cli.command()
def drop(
    failure: FailureId,
    *,
    reason: Annotated[str, typer.Option("--reason", help="Why; kept in the timeline of the zaak.")],
) -> None:
    """Give a message up: it is never delivered, and what waits behind it in its zaak goes on without it.

    [dim]Example: zaakhub failures drop 3f2a --reason "the zaak was made by hand"[/]
    """
    case = _with_app(lambda app: app.operator().drop(failure, by=me(), reason=reason))
    out.print(f"Dropped. [cyan]→[/] zaakhub trace {case.failure.zaak}")


def _print_case(failure: Failure, case: Case) -> None:
    out.print(f"[bold red]✗[/] [bold]{escape(failure.reason)}[/]", soft_wrap=True)
    rows = [
        ("whose turn", failure.fault),
        ("what next", escape(failure.advice)),
        ("where", failure.where or "-"),
        ("zaak", failure.zaak),
        ("message", failure.kind),
        ("connection", failure.stage),
        ("state", failure.state.value + (f", next try {local(failure.next_at)}" if failure.next_at else "")),
        ("tries", f"{failure.attempts}, first {local(failure.first_at)}, last {local(failure.last_at)}"),
        ("mapping", failure.revision or "-"),
        ("edited", local(failure.edited_at) if case.original is not None else "no"),
        ("behind it", f"{max(len(case.queue) - 1, 0)} later messages of this zaak wait"),
        ("id", failure.id),
    ]
    table("", ["", ""], rows)


def _print_trace(failure: Failure, kept: Kept | None) -> None:
    again = f"[cyan]→[/] with the mapping of today: zaakhub map explain {failure.id[:8]}"
    if kept is None:
        out.print(f"\nThe mapping had no part in this failure: no explanation was kept.\n{again}", soft_wrap=True)
        return
    edited = ", before the content was edited" if failure.edited_at and failure.edited_at > kept.at else ""
    out.print(f"\n[bold]how it came about[/]  [dim]at {local(kept.at)}, mapping {kept.revision}{edited}[/]\n")
    show_explanation(kept.explanation, left_out=kept.left_out)
    out.print(f"\n{again}", soft_wrap=True)


async def _case(app: App, failure: str, *, content: bool, trace: bool) -> tuple[Case, Kept | None]:
    operator = app.operator()
    return await operator.case(failure), await operator.trace(failure, content=content) if trace else None


async def _failures(app: App, connection: str | None, states: list[FailureState]) -> list[Failure]:
    found = [
        each
        for state in states
        for each in await app.ledger.failures(stage=connection, state=state, limit=policy.LIST_MAX)
    ]
    return sorted(found, key=lambda each: each.last_at, reverse=True)


def _content(case: Case) -> str:
    assert case.parked is not None
    if case.parked.kind in EVENT_TYPES:
        return orjson.dumps(event_of(case.parked), option=orjson.OPT_INDENT_2).decode()
    return case.parked.value.decode("utf-8", "replace")


def _case_json(case: Case, *, content: bool) -> dict[str, Any]:
    shown: dict[str, Any] = {**case.failure._asdict(), "waiting": len(case.queue), "edited": case.original is not None}
    if content and case.parked is not None:
        shown["content"] = _content(case)
    return shown


def _change(text: str) -> tuple[str, Any]:
    path, equals, value = text.partition("=")
    if not equals or not path:
        raise typer.BadParameter(f"{text!r} is not FIELD=VALUE", param_hint="--set")
    try:
        return path, orjson.loads(value) if value else None
    except orjson.JSONDecodeError:
        return path, value


def _with_app(act: Callable[[App], Awaitable[T]]) -> T:
    async def run() -> T:
        async with App.open(Settings.read(os.environ), os.environ, client_id="zaakhub-cli", mappings=Need.NONE) as app:
            return await act(app)

    return asyncio.run(run())
