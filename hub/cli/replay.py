"""`zaakhub replay`: send many messages again, by a plan: frozen, step by step, watched."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Annotated, Any, TypeVar

import typer

from hub.app import App
from hub.cli.person import me, my_id
from hub.cli.progress import headline, size, watch
from hub.cli.screen import as_json, local, out, table
from hub.clock import AMSTERDAM
from hub.config import policy
from hub.config.settings import Settings
from hub.configuration import Need
from hub.desk.plan.plans import Command, Plans, Wanted
from hub.ledger.plans import Plan, PlanItem, PlanItemState, PlanMode, PlanState, Selected, Selection, Superseded

T = TypeVar("T")
PlanId = Annotated[str, typer.Argument(metavar="PLAN", help="Id of the plan; the first 4 or more characters do.")]
Why = Annotated[str, typer.Option("--reason", help="Why you do this; kept in the audit.")]
Json = Annotated[bool, typer.Option("--json", help="JSON for programs instead of a table.")]
Watch = Annotated[
    bool, typer.Option("--watch", help="Show how far it is until it stands still; Ctrl-C only looks away.")
]
Moment = datetime | None

_FORMATS = ["%Y-%m-%d", "%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M", "%d-%m-%Y", "%d-%m-%Y %H:%M"]
_PERCENT = 100

cli = typer.Typer(
    no_args_is_help=True, help="Send many messages again, by a plan: frozen first, then step by step. Order holds."
)


@cli.command("plan")
def freeze(
    *,
    reason: Why,
    connection: Annotated[
        list[str] | None, typer.Option(help="Of this connection; may be given more than once.")
    ] = None,
    group: Annotated[
        list[str] | None, typer.Option(help="Of this group of failures; may be given more than once.")
    ] = None,
    failure: Annotated[list[str] | None, typer.Option(help="This failure; may be given more than once.")] = None,
    zaak: Annotated[str, typer.Option(help="Of this zaak.")] = "",
    kind: Annotated[str, typer.Option(help="Of this kind of message.")] = "",
    code: Annotated[str, typer.Option(help="Failed with this code.")] = "",
    text: Annotated[str, typer.Option(help="Failed for a reason with this text in it.")] = "",
    since: Annotated[Moment, typer.Option(formats=_FORMATS, help="Failed or ended at this time or later.")] = None,
    until: Annotated[Moment, typer.Option(formats=_FORMATS, help="Failed or ended before this time.")] = None,
    state: Annotated[
        Selected,
        typer.Option(help="mislukt: what failed and waits. afgeleverd, vervallen: what ended so."),
    ] = Selected.FAILED,
    begin: Annotated[
        PlanMode,
        typer.Option(
            "--from",
            help="bericht: read again by the mapping of now. gebeurtenis: the event as it is. verzoek: the same bytes.",
        ),
    ] = PlanMode.EVENT,
    superseded: Annotated[
        Superseded,
        typer.Option(help="What to do with a message after which a newer one of its zaak was delivered."),
    ] = Superseded.SKIP,
    ramp: Annotated[str, typer.Option(help="Messages per step; after the last step come all.")] = "1,10,100",
    per_minute: Annotated[int, typer.Option(help="Messages per minute at most.")] = 600,
    stop_at: Annotated[
        float, typer.Option(help="Percentage of failures in a step at which the plan pauses itself.")
    ] = 5.0,
    redirect: Annotated[str, typer.Option(help="Send copies to this connection instead; it must take replays.")] = "",
    everything: Annotated[bool, typer.Option("--everything", help="Yes, all that failed is meant.")] = False,
    json: Json = False,
) -> None:
    """Freeze a plan and show what it would do. Nothing is sent before you start it.

    [dim]Example: zaakhub replay plan --connection zaken-naar-zgw --reason "the catalogus was mended"[/]
    """
    chosen = Selection(
        state=state,
        failures=tuple(failure or ()),
        groups=tuple(group or ()),
        stages=tuple(connection or ()),
        zaak=zaak,
        kind=kind,
        code=code,
        since=_aware(since),
        until=_aware(until),
        text=text,
    )
    wanted = Wanted(
        chosen,
        reason,
        mode=begin,
        superseded=superseded,
        ramp=_ramp(ramp),
        per_minute=per_minute,
        stop_at=stop_at / _PERCENT,
        redirect=redirect,
        everything=everything,
    )

    async def frozen(plans: Plans) -> Plan:
        chosen = await plans.whole(wanted.selection)
        return await plans.freeze(wanted._replace(selection=chosen), by=me(), by_id=my_id())

    _frozen(_with_plans(frozen), json=json)


@cli.command("list")
def list_plans(*, json: Json = False) -> None:
    """List plans, newest first.

    [dim]Example: zaakhub replay list[/]
    """
    found = _with_plans(lambda plans: plans.plans())
    if json:
        as_json([_plain(each) for each in found])
    elif not found:
        out.print("No plans yet. [cyan]→[/] zaakhub replay plan --help")
    else:
        for each in found:
            out.print(headline(each), soft_wrap=True)


@cli.command()
def show(plan: PlanId, *, watching: Watch = False, json: Json = False) -> None:
    """Show what a plan does, and how far it is.

    [dim]Example: zaakhub replay show 3f2a --watch[/]
    """
    if watching:
        _watched(plan, json=json)
        return
    found = _with_plans(lambda plans: plans.plan(plan))
    if json:
        as_json(_plain(found))
    else:
        _describe(found)


@cli.command()
def start(plan: PlanId, *, reason: Why, watching: Watch = False, json: Json = False) -> None:
    """Let a frozen plan run.

    [dim]Example: zaakhub replay start 3f2a --reason "agreed with functional management" --watch[/]
    """
    _command(plan, Command.START, reason, watching=watching, json=json)


@cli.command()
def pause(plan: PlanId, *, reason: Why, json: Json = False) -> None:
    """Let nothing more go; what is under way ends. Its zaken keep waiting for it.

    [dim]Example: zaakhub replay pause 3f2a --reason "the zaaksysteem is slow"[/]
    """
    _command(plan, Command.PAUSE, reason, json=json)


@cli.command()
def resume(plan: PlanId, *, reason: Why, watching: Watch = False, json: Json = False) -> None:
    """Let a paused plan go on.

    [dim]Example: zaakhub replay resume 3f2a --reason "the zaaksysteem is well again" --watch[/]
    """
    _command(plan, Command.RESUME, reason, watching=watching, json=json)


@cli.command()
def cancel(plan: PlanId, *, reason: Why, json: Json = False) -> None:
    """End a plan. What it did not come to is what it was before; zaken of which a message went on, go on.

    [dim]Example: zaakhub replay cancel 3f2a --reason "the mapping is still wrong"[/]
    """
    _command(plan, Command.CANCEL, reason, json=json)


@cli.command()
def approve(plan: PlanId, *, reason: Why, json: Json = False) -> None:
    """Approve a plan of somebody else, where the connection needs a second person.

    [dim]Example: zaakhub replay approve 3f2a --reason "looked at the list"[/]
    """
    _command(plan, Command.APPROVE, reason, json=json)


@cli.command()
def again(plan: PlanId, *, reason: Why, json: Json = False) -> None:
    """Freeze a plan of what failed in another, or was not done.

    [dim]Example: zaakhub replay again 3f2a --reason "the mapping is mended"[/]
    """
    _frozen(
        _with_plans(lambda plans: plans.command(plan, Command.AGAIN, by=me(), by_id=my_id(), reason=reason)),
        json=json,
    )


@cli.command()
def items(
    plan: PlanId,
    *,
    state: Annotated[PlanItemState | None, typer.Option(help="Only those that stand so.")] = None,
    after: Annotated[int, typer.Option(help="Go on behind this number.")] = 0,
    json: Json = False,
) -> None:
    """List the messages of a plan, and what became of each.

    [dim]Example: zaakhub replay items 3f2a --state mislukt[/]
    """
    found = _with_plans(lambda plans: plans.items(plan, state=state, after=after, limit=policy.LIST_MAX))
    if json:
        as_json([_plain(each) for each in found])
        return
    if not found:
        out.print("No messages." if after or state else "Nothing is in this plan.")
        return
    rows = [
        (str(each.number), each.lane, each.stage, each.item_id[:8], each.state.value, _about(each)) for each in found
    ]
    table("", ["nr", "zaak", "connection", "message", "state", "note"], rows)
    if len(found) == policy.LIST_MAX:
        only = f" --state {state.value}" if state else ""
        out.print(f"\n[cyan]→[/] the next: zaakhub replay items {plan}{only} --after {found[-1].number}")


def _command(plan: str, command: Command, reason: str, *, watching: bool = False, json: bool) -> None:
    done = _with_plans(lambda plans: plans.command(plan, command, by=me(), by_id=my_id(), reason=reason))
    if watching:
        _watched(done.id, json=json)
    elif json:
        as_json(_plain(done))
    else:
        out.print(headline(done), soft_wrap=True)
        if done.state is PlanState.RUNNING:
            out.print(f"[cyan]→[/] zaakhub replay show {done.id} --watch")
        elif command is Command.APPROVE:
            out.print(f"[cyan]→[/] zaakhub replay start {done.id}")


def _watched(plan: str, *, json: bool) -> None:
    found = _with_plans(lambda plans: watch(plans, plan, quiet=json))
    if json:
        as_json(_plain(found))
    if found.state is PlanState.PAUSED or found.failed:
        raise typer.Exit(1)


def _frozen(plan: Plan, *, json: bool) -> None:
    if json:
        as_json(_plain(plan))
        return
    _describe(plan)
    if plan.needs_approval:
        out.print(f"\n[cyan]→[/] somebody else looks at it first: zaakhub replay approve {plan.id}")
    else:
        out.print(f"\nNothing was sent yet. [cyan]→[/] zaakhub replay start {plan.id}")


def _describe(plan: Plan) -> None:
    out.print(headline(plan), soft_wrap=True)
    steps = ", ".join([*map(str, plan.ramp), "all"])
    rows = [
        ("what", size(plan)),
        ("to", _counted(plan.targets) + (" (redirected)" if plan.redirect else "")),
        ("kinds", _counted(plan.kinds)),
        ("from", f"{local(plan.oldest_at)} to {local(plan.newest_at)}"),
        ("as", plan.mode.value),
        ("superseded", f"{plan.superseded_count} ({plan.superseded.value})"),
        ("content gone", str(plan.gone)),
        ("taken along", f"{plan.taken_along} that were not chosen, for the order"),
        (
            "steps",
            f"{steps}; at most {plan.per_minute} per minute; pauses above {plan.stop_at / 10_000:.3g} % failures",
        ),
        ("expected", _minutes(plan.expected_s)),
        ("made by", f"{plan.made_by}, {local(plan.made_at)}: {plan.reason}"),
    ]
    if plan.again_of:
        rows.append(("the rest of", plan.again_of))
    if plan.needs_approval or plan.approved_by:
        rows.append(("approved by", plan.approved_by or "nobody yet"))
    rows.append(("so far", ", ".join(f"{count} {state.value}" for state, count in plan.states.items() if count)))
    if plan.state_reason:
        rows.append(("why", plan.state_reason))
    table("", ["", ""], rows)


def _counted(counts: Any) -> str:  # noqa: ANN401 - a mapping of counts
    return ", ".join(f"{count} {name}" for name, count in sorted(counts.items())) or "-"


def _minutes(seconds: int) -> str:
    return f"{seconds} s" if seconds < 2 * 60 else f"{seconds / 60:.0f} minutes"


def _about(item: PlanItem) -> str:
    marks = ["superseded"] * item.superseded + ["taken along"] * item.taken_along + [item.note] * bool(item.note)
    return ", ".join(marks)


def _aware(moment: datetime | None) -> datetime | None:
    """Take what a person types as the time on the wall here."""
    return moment.replace(tzinfo=AMSTERDAM) if moment is not None else None


def _ramp(text: str) -> tuple[int, ...]:
    try:
        return tuple(int(each) for each in text.split(",") if each.strip())
    except ValueError:
        raise typer.BadParameter(f"{text!r} is no list of numbers", param_hint="--ramp") from None


def _plain(entry: Plan | PlanItem) -> dict[str, Any]:
    said = entry._asdict()
    for internal in ("holder", "leased_until", "paced_at"):
        said.pop(internal, None)
    return said


def _with_plans(act: Callable[[Plans], Awaitable[T]]) -> T:
    async def run() -> T:
        async with App.open(Settings.read(os.environ), os.environ, client_id="zaakhub-cli", mappings=Need.NONE) as app:
            return await act(app.plans())

    return asyncio.run(run())
