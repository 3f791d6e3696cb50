"""`zaakhub failures edit` and what follows from it: approve, reject, apply; a rule or a test case of it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Annotated, Any

import orjson
import typer
from rich.markup import escape

from hub.app import App
from hub.cli.failures.common import FailureId, Why, with_app
from hub.cli.person import me, my_id
from hub.cli.screen import aligned, out
from hub.desk.change import Difference
from hub.desk.edit import Proposal
from hub.desk.suggest import Suggestion
from hub.errors import ActRefused, ConfigurationWrong
from hub.ledger.edits import EditPart, EditState
from hub.security.personal import HIDDEN

EditId = Annotated[str, typer.Argument(metavar="EDIT", help="Id of the edit; the first 4 or more characters do.")]
Content = Annotated[bool, typer.Option("--content", help="Show the values too. They may be personal data.")]
Write = Annotated[bool, typer.Option("--write", help="Write the files, below the folder of mappings.")]


def edit(
    failure: FailureId,
    *,
    change: Annotated[
        list[str] | None,
        typer.Option("--set", metavar="FIELD=VALUE", help="Change a field; JSON value or text; empty clears."),
    ] = None,
    file: Annotated[
        Path | None, typer.Option(help="Replace the whole content by this file.", exists=True, dir_okay=False)
    ] = None,
    part: Annotated[
        EditPart | None, typer.Option(help="Which shape is corrected; default the one in which it waits.")
    ] = None,
    reason: Why,
    content: Content = False,
) -> None:
    """Correct the content of a failed message. The original is kept; nothing is sent until you replay.

    [dim]Example: zaakhub failures edit 3f2a --set zaak.zaaktype=B1026 --reason "typing error in the form"[/]
    """
    if bool(change) == bool(file):
        raise typer.BadParameter("give either --set or --file", param_hint="--set / --file")
    text = file.read_bytes() if file is not None else None
    changes = dict(_change(each) for each in change or ())

    async def act(app: App) -> Proposal:
        case = await app.operator().case(failure)
        await _know(app, case.failure.stage, case.failure.item_id, part)
        return await app.editor().correct(
            case.failure.id, part, by=me(), by_id=my_id(), reason=reason, text=text, changes=changes or None
        )

    _print_made(with_app(act), content=content)


def approve(edit: EditId, *, reason: Why, content: Content = False) -> None:
    """Approve the edit of somebody else; then it can be applied.

    [dim]Example: zaakhub failures approve 81aa --reason "as agreed with the sender"[/]
    """
    proposal = with_app(
        _of_edit(edit, lambda app, id_: app.editor().approve(id_, by=me(), by_id=my_id(), reason=reason))
    )
    _print(proposal, content=content)
    out.print(f"Approved. [cyan]→[/] zaakhub failures apply {proposal.edit.id[:8]} --reason …")


def reject(edit: EditId, *, reason: Why) -> None:
    """Reject an edit, or take back your own: it is never applied.

    [dim]Example: zaakhub failures reject 81aa --reason "the sender sends it again"[/]
    """
    proposal = with_app(lambda app: app.editor().reject(edit, by=me(), reason=reason))
    out.print(f"Rejected. [cyan]→[/] zaakhub failures show {proposal.edit.failure_id[:8]}")


def apply_edit(edit: EditId, *, reason: Why) -> None:
    """Carry out an edit and try the message again; one that waits behind another follows by itself.

    [dim]Example: zaakhub failures apply 81aa --reason "approved by a colleague"[/]
    """

    async def act(app: App) -> tuple[Proposal, str]:
        proposal = await app.editor().apply(edit, by=me(), reason=reason)
        return proposal, (await app.operator().case(proposal.edit.failure_id)).failure.zaak

    _, zaak = with_app(_of_edit(edit, lambda app, _: act(app)))
    out.print(f"Applied; a worker tries it now. [cyan]→[/] zaakhub trace {zaak}")


def rule(edit: EditId, *, write: Write = False) -> None:
    """Make a rule or a table of an edit, so that the mapping does it by itself; says so when none can be derived.

    [dim]Example: zaakhub failures rule 81aa[/]
    """
    _print_suggestion(
        *with_app(_of_edit(edit, lambda app, id_: _suggested(app, app.rules().of(id_)), origin=True)), write=write
    )


def case(edit: EditId, *, write: Write = False) -> None:
    """Make a test case of an edit: the message as it came, with fictitious persons, and what should come of it.

    [dim]Example: zaakhub failures case 81aa --write[/]
    """
    _print_suggestion(
        *with_app(_of_edit(edit, lambda app, id_: _suggested(app, app.cases().of(id_)), origin=True)), write=write
    )


def _of_edit(
    edit: str, act: Callable[[App, str], Awaitable[Any]], *, origin: bool = False
) -> Callable[[App], Awaitable[Any]]:
    """Do something with an edit, in a hub that knows the mappings at its connection, or those that it goes back to."""

    async def run(app: App) -> Any:  # noqa: ANN401 - whatever is done
        found = await app.ledger.proposal(edit)
        if found is None:
            raise ActRefused(f"no edit {edit}", code="onbekend", advice="zaakhub failures show ID")
        await _know(app, found.stage, found.item_id, found.part, origin=origin)
        return await act(app, found.id)

    return run


async def _know(app: App, stage: str, item_id: str, part: EditPart | None, *, origin: bool = False) -> None:
    """Know the mappings that are needed, and no more: compiling those of a connection takes seconds.

    Without them it is not foretold what will come of an edit, and that is all.
    """
    names = set() if origin and part is not EditPart.REQUEST else {stage}
    try:
        if part is EditPart.RAW or not names:
            headers = (await app.recall().message(item_id, connection=stage)).headers
            names |= {value.decode() for name, value in headers if name == "ce_koppeling"} or {stage}
        await app.learn(names)
    except (ActRefused, ConfigurationWrong):
        return


async def _suggested(app: App, making: Awaitable[Suggestion]) -> tuple[Suggestion, Path]:
    return await making, app.configuration.settings.mappings


def _print_made(proposal: Proposal, *, content: bool) -> None:
    _print(proposal, content=content)
    edit = proposal.edit
    if edit.state is EditState.APPLIED:
        out.print(f"Saved. [cyan]→[/] zaakhub failures replay {edit.failure_id[:8]} --reason …")
    else:
        out.print(
            f"Proposed, as {edit.id[:8]}: at {edit.stage} somebody else must approve it.\n"
            f"[cyan]→[/] a colleague: zaakhub failures approve {edit.id[:8]} --reason …"
        )


def _print(proposal: Proposal, *, content: bool) -> None:
    for line in aligned([_row(each, content=content) for each in proposal.differences]):
        out.print(f"  {line}", markup=False, soft_wrap=True)
    for each in proposal.problems:
        out.print(f"  [red]✗[/] {escape(each)}", soft_wrap=True)
    if proposal.outcome:
        out.print(f"  [dim]{escape(proposal.outcome)}[/]", soft_wrap=True)


def _row(difference: Difference, *, content: bool) -> tuple[str, str]:
    def value(given: Any) -> str:  # noqa: ANN401 - JSON data
        return orjson.dumps(given, default=str).decode() if content else HIDDEN

    match difference.kind:
        case "nieuw":
            said = f"nothing → {value(difference.after)}"
        case "weg":
            said = f"{value(difference.before)} → nothing"
        case _:
            said = f"{value(difference.before)} → {value(difference.after)}"
    return difference.path, said


def _print_suggestion(suggestion: Suggestion, root: Path, *, write: bool) -> None:
    for name, text in suggestion.files.items():
        out.print(f"[bold]{escape(name)}[/]", soft_wrap=True)
        for line in text.splitlines():
            out.print(f"    {line}", markup=False, soft_wrap=True)
        if write:
            (root / name).parent.mkdir(parents=True, exist_ok=True)
            (root / name).write_text(text, encoding="utf-8")
    out.print(suggestion.explanation, markup=False, soft_wrap=True)
    if not suggestion.files:
        raise typer.Exit(1)
    if write:
        out.print(f"Written below {root}.", markup=False, soft_wrap=True)


def _change(text: str) -> tuple[str, Any]:
    path, equals, value = text.partition("=")
    if not equals or not path:
        raise typer.BadParameter(f"{text!r} is not FIELD=VALUE", param_hint="--set")
    try:
        return path, orjson.loads(value) if value else None
    except orjson.JSONDecodeError:
        return path, value
