"""`zaakhub failures list` and `show`: what went wrong, whose turn it is, what next."""

from __future__ import annotations

from typing import Annotated, Any, NamedTuple

import orjson
import typer
from rich.markup import escape
from rich.panel import Panel

from hub.app import App
from hub.cli.explanation import show as show_explanation
from hub.cli.failures.common import FailureId, Json, with_app
from hub.cli.failures.groups import whole_id
from hub.cli.moment import moment
from hub.cli.screen import as_json, local, out, table
from hub.config import policy
from hub.desk.content import Shape, Shapes
from hub.desk.replay import Case, event_of
from hub.event.catalogue import EVENT_TYPES
from hub.flow.explain import Kept
from hub.ledger.edits import Edit
from hub.ledger.entries import Failure, FailureState
from hub.ledger.groups import FailureFilter


def list_failures(
    *,
    connection: Annotated[str | None, typer.Option(help="Only of this connection.")] = None,
    group: Annotated[str, typer.Option(help="Only of this group; the first 4 or more characters do.")] = "",
    zaak: Annotated[str, typer.Option(help="Only of this zaak.")] = "",
    kind: Annotated[str, typer.Option(help="Only of this kind of message or event.")] = "",
    code: Annotated[str, typer.Option(help="Only with this code.")] = "",
    text: Annotated[str, typer.Option(help="Only with this in the reason.")] = "",
    since: Annotated[str | None, typer.Option(help="Only tried last from then on: 2026-11-23T09:30.")] = None,
    until: Annotated[str | None, typer.Option(help="Only tried last before then.")] = None,
    resolved: Annotated[
        bool, typer.Option("--resolved", help="Those that are resolved, instead of open ones.")
    ] = False,
    json: Json = False,
) -> None:
    """List failures, newest first.

    [dim]Example: zaakhub failures list --connection zaken-naar-zgw --text catalogus[/]
    """
    wanted = FailureFilter(
        state=FailureState.RESOLVED if resolved else None,
        unresolved=not resolved,
        stages=None if connection is None else [connection],
        group=group,
        zaak=zaak,
        kind=kind,
        code=code,
        text=text,
        since=moment(since),
        until=moment(until),
    )
    shown, count = with_app(lambda app: _found(app, wanted))
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
    if count > len(shown):
        out.print(f"\n… {count - len(shown)} more. [cyan]→[/] zaakhub failures groups list")
    else:
        out.print(f"\n[cyan]→[/] zaakhub failures show {shown[0].id[:8]}")


def show(
    failure: FailureId,
    *,
    content: Annotated[
        bool, typer.Option("--content", help="Show the content too. It may hold personal data.")
    ] = False,
    shapes: Annotated[
        bool,
        typer.Option("--shapes", help="Show the message, the event and what goes out; values only with --content."),
    ] = False,
    trace: Annotated[
        bool, typer.Option("--trace", help="Show how the mapping came to each field; values only with --content.")
    ] = False,
    json: Json = False,
) -> None:
    """Show one failure: what, where, whose turn, what next, and what waits behind it.

    [dim]Example: zaakhub failures show 3f2a[/]
    """
    looked = with_app(lambda app: _looked(app, failure, content=content, shapes=shapes, trace=trace))
    case, kept = looked.case, looked.kept
    if json:
        told: dict[str, Any] = {"trace": kept.plain() if kept is not None else None} if trace else {}
        if looked.shapes is not None:
            told["shapes"] = {name: _shape_json(each, content=content) for name, each in _shapes(looked.shapes)}
        as_json({**case_json(case, content=content), **told})
        return
    _print_case(case.failure, case, looked.edits)
    if looked.shapes is not None:
        for name, each in _shapes(looked.shapes):
            _print_shape(name, each, content=content)
    elif content and case.parked is not None:
        out.print(Panel(_content(case), title="content", title_align="left"), markup=False)
    if trace:
        _print_trace(case.failure, kept)


def case_json(case: Case, *, content: bool) -> dict[str, Any]:
    """Give a failure for programs."""
    shown: dict[str, Any] = {**case.failure._asdict(), "waiting": len(case.queue), "edited": case.original is not None}
    if content and case.parked is not None:
        shown["content"] = _content(case)
    return shown


class _Looked(NamedTuple):
    case: Case
    kept: Kept | None
    shapes: Shapes | None
    edits: list[Edit]


async def _found(app: App, wanted: FailureFilter) -> tuple[list[Failure], int]:
    if wanted.group:
        wanted = wanted._replace(group=await whole_id(app.ledger, wanted.group))
    shown = await app.ledger.find_failures(wanted, limit=policy.LIST_MAX)
    count = len(shown) if len(shown) < policy.LIST_MAX else await app.ledger.count_failures(wanted)
    return shown, count


async def _looked(app: App, failure: str, *, content: bool, shapes: bool, trace: bool) -> _Looked:
    operator = app.operator()
    case = await operator.case(failure)
    return _Looked(
        case,
        await operator.trace(failure, content=content) if trace else None,
        await app.contents().of(case.failure.id, connection=case.failure.stage) if shapes else None,
        await app.ledger.proposals(case.failure.id),
    )


def _print_case(failure: Failure, case: Case, edits: list[Edit]) -> None:
    out.print(f"[bold red]✗[/] [bold]{escape(failure.reason)}[/]", soft_wrap=True)
    rows = [
        ("whose turn", failure.fault),
        ("what next", escape(failure.advice)),
        ("where", failure.where or "-"),
        ("zaak", failure.zaak),
        ("message", failure.kind),
        ("connection", failure.stage + (f" to {failure.target}" if failure.target else "")),
        ("state", failure.state.value + (f", next try {local(failure.next_at)}" if failure.next_at else "")),
        ("tries", f"{failure.attempts}, first {local(failure.first_at)}, last {local(failure.last_at)}"),
        ("mapping", failure.revision or "-"),
        ("edited", local(failure.edited_at) if case.original is not None else "no"),
        *(("edit", _edit_line(each)) for each in edits),
        ("behind it", f"{max(len(case.queue) - 1, 0)} later messages of this zaak wait"),
        ("group", failure.group[:8]),
        ("id", failure.id),
    ]
    table("", ["", ""], rows)


def _edit_line(edit: Edit) -> str:
    approved = f", approved by {edit.approved_by}" if edit.approved_by else ""
    return escape(f"{edit.id[:8]} of the {edit.part.value}: {edit.state.value}, by {edit.made_by}{approved}")


def _print_trace(failure: Failure, kept: Kept | None) -> None:
    again = f"[cyan]→[/] with the mapping of today: zaakhub map explain {failure.id[:8]}"
    if kept is None:
        out.print(f"\nThe mapping had no part in this failure: no explanation was kept.\n{again}", soft_wrap=True)
        return
    edited = ", before the content was edited" if failure.edited_at and failure.edited_at > kept.at else ""
    out.print(f"\n[bold]how it came about[/]  [dim]at {local(kept.at)}, mapping {kept.revision}{edited}[/]\n")
    show_explanation(kept.explanation, left_out=kept.left_out)
    out.print(f"\n{again}", soft_wrap=True)


def _shapes(shapes: Shapes) -> list[tuple[str, Shape]]:
    return [("message", shapes.raw), ("event", shapes.event), ("what goes out", shapes.request)]


def _print_shape(name: str, shape: Shape, *, content: bool) -> None:
    shown = shape.shown(masked=not content)
    out.print(f"\n[bold]{name}[/]  [dim]{escape(shape.note)}[/]", soft_wrap=True)
    if shown is not None:
        out.print(shown.text, markup=False, soft_wrap=True)


def _shape_json(shape: Shape, *, content: bool) -> dict[str, Any]:
    shown = shape.shown(masked=not content)
    return {"media": shape.media, "text": shown.text if shown is not None else None, "note": shape.note}


def _content(case: Case) -> str:
    assert case.parked is not None
    if case.parked.kind in EVENT_TYPES:
        return orjson.dumps(event_of(case.parked), option=orjson.OPT_INDENT_2).decode()
    return case.parked.value.decode("utf-8", "replace")
