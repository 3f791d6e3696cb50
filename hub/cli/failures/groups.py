"""`zaakhub failures groups`: failures that look alike, and what people know of them."""

from __future__ import annotations

import uuid
from typing import Annotated

import typer
from rich.markup import escape

from hub.app import App
from hub.cli.failures.common import Json, Why, with_app
from hub.cli.person import me
from hub.cli.screen import as_json, local, out
from hub.config import policy
from hub.errors import ActRefused
from hub.flow.fingerprint import in_common
from hub.ledger.contract import Ledger
from hub.ledger.entries import FailureState, OperatorAct
from hub.ledger.groups import After, Group

GroupId = Annotated[str, typer.Argument(metavar="GROUP", help="Id of the group; the first 4 or more characters do.")]

cli = typer.Typer(no_args_is_help=True, help="Failures that look alike: whose they are, what is known of them.")


@cli.command("list")
def list_groups(
    *,
    connection: Annotated[str | None, typer.Option(help="Only of this connection.")] = None,
    text: Annotated[str, typer.Option(help="Only with this in the reason, the code or the note.")] = "",
    resolved: Annotated[
        bool, typer.Option("--resolved", help="Those of which everything is resolved, instead of the others.")
    ] = False,
    json: Json = False,
) -> None:
    """List groups of failures that look alike, those that failed last first.

    [dim]Example: zaakhub failures groups list[/]
    """
    stages = None if connection is None else [connection]
    state = FailureState.RESOLVED if resolved else None
    found = with_app(lambda app: app.ledger.groups(stages=stages, state=state, text=text, limit=policy.LIST_MAX))
    if json:
        as_json([_plain(each) for each in found])
        return
    if not found:
        out.print("No failures." if not resolved else "Nothing was resolved yet.")
        return
    for each in found:
        _print(each)
    out.print(f"\n[cyan]→[/] zaakhub failures list --group {found[0].id[:8]}")


@cli.command()
def note(
    group: GroupId,
    *,
    note: Annotated[str | None, typer.Option(help="What is known of it; empty clears.")] = None,
    owner: Annotated[str | None, typer.Option(help="Whose it is: a person or a team; empty clears.")] = None,
    link: Annotated[str | None, typer.Option(help="Where more is said: an address; empty clears.")] = None,
) -> None:
    """Write down what is known of a group; what is not given stays as it is.

    [dim]Example: zaakhub failures groups note 3f2a --owner team-zaken --note "reported to the supplier"[/]
    """

    async def act(app: App) -> Group:
        found = await _group(app.ledger, group)
        given = {"note": note, "owner": owner, "link": link}
        notes = found.notes._replace(**{name: said for name, said in given.items() if said is not None})
        await app.ledger.change_group(found.id, notes, _act(app, found, "note", ""), expected=found.version)
        return await _group(app.ledger, found.id)

    _print(with_app(act))


@cli.command()
def merge(
    group: GroupId,
    others: Annotated[list[str], typer.Argument(metavar="OTHER", help="Groups that go into it.")],
    *,
    reason: Why,
) -> None:
    """Put other groups in one, with what comes later and looks like theirs.

    [dim]Example: zaakhub failures groups merge 3f2a 77b1 --reason "the same outage"[/]
    """

    async def act(app: App) -> Group:
        found = await _group(app.ledger, group)
        ids = [await whole_id(app.ledger, other) for other in others]
        await app.ledger.merge_groups(found.id, ids, _act(app, found, "merge", reason))
        return await _group(app.ledger, found.id)

    _print(with_app(act))


@cli.command()
def split(
    group: GroupId,
    failures: Annotated[list[str], typer.Argument(metavar="FAILURE", help="Failures that go out of it.")],
    *,
    reason: Why,
) -> None:
    """Take failures out of a group into one of their own; they stay there while they fail in the same way.

    [dim]Example: zaakhub failures groups split 3f2a 6dcf 81aa --reason "another cause"[/]
    """

    async def act(app: App) -> Group:
        found, new_id = await _group(app.ledger, group), uuid.uuid4().hex
        operator = app.operator()
        ids = [(await operator.case(each)).failure.id for each in failures]
        await app.ledger.split_group(found.id, ids, _act(app, found, "split", reason), new_id=new_id)
        return await _group(app.ledger, new_id)

    _print(with_app(act))


async def whole_id(ledger: Ledger, given: str) -> str:
    """Give the id of a group of which somebody typed the beginning; raises ActRefused when that names none, or two."""
    if (known := await ledger.group(given)) is not None:
        return known.id
    found: set[str] = set()
    for state in (None, FailureState.RESOLVED):
        after: After | None = None
        while page := await ledger.groups(state=state, after=after, limit=policy.LIST_MAX):
            found.update(each.id for each in page if each.id.startswith(given))
            last = page[-1]
            after = After(last.first_at if state else last.last_at, last.id)
    if len(found) != 1 or len(given) < _BEGINNING_MIN:
        raise ActRefused(
            f"{len(found) or 'no'} groups begin with {given}",
            code="dubbelzinnig" if found else "onbekend",
            advice="see zaakhub failures groups list",
        )
    return found.pop()


_BEGINNING_MIN = 4


async def _group(ledger: Ledger, given: str) -> Group:
    group = await ledger.group(await whole_id(ledger, given))
    assert group is not None, "a group is never deleted"
    return group


def _act(app: App, group: Group, act: str, reason: str) -> OperatorAct:
    return OperatorAct("", act, me(), reason, app.clock.now(), on=f"groep:{group.id}")


def _print(group: Group) -> None:
    counts = [f"{count} {what}" for count, what in ((group.open, "open"), (group.retrying, "retrying")) if count]
    zaken = "1 zaak" if group.zaken == 1 else f"{group.zaken} zaken"
    out.print(
        f"[bold]{group.id[:8]}[/]  [bold red]{', '.join(counts) or 'resolved'}[/]  {zaken}  [yellow]{group.fault}[/]  "
        f"[dim]{group.stage}{f' to {group.target}' if group.target else ''}[/]",
        soft_wrap=True,
    )
    out.print(f"          {in_common(group.reason)}", markup=False, soft_wrap=True)
    where = f"at {group.where}, " if group.where else ""
    since = f", since revision {group.revision}" if group.revision else ""
    seen = f"first {local(group.first_at)}, last {local(group.last_at)}"
    out.print(f"          [dim]{escape(where)}{seen}{since}[/]", soft_wrap=True)
    known = "  ".join(each for each in (group.notes.owner, group.notes.note, group.notes.link) if each)
    if known:
        out.print(f"          [cyan]{escape(known)}[/]", soft_wrap=True)


def _plain(group: Group) -> dict[str, object]:
    return {**group._asdict(), "notes": group.notes._asdict()}
