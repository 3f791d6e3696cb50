"""How far a replay plan is, drawn while it goes: what went on, what failed, which step, how long it will take."""

from __future__ import annotations

import asyncio
import time
from collections import deque

from rich.console import Group, RenderableType
from rich.live import Live
from rich.markup import escape
from rich.progress_bar import ProgressBar
from rich.table import Table
from rich.text import Text

from hub.cli.screen import local, out
from hub.config import policy
from hub.desk.plan.plans import Plans
from hub.ledger.plans import Plan, PlanState

_STYLES = {
    PlanState.FROZEN: "cyan",
    PlanState.RUNNING: "green",
    PlanState.PAUSED: "yellow",
    PlanState.CANCELLED: "dim",
    PlanState.DONE: "bold green",
}
_LOOKS_MAX = 40
"""Over how many looks the speed is taken: ten seconds."""


def headline(plan: Plan) -> str:
    """Give a plan on one line."""
    style = _STYLES[plan.state]
    went = f"  {plan.delivered}/{plan.total} delivered" if plan.state is not PlanState.FROZEN else ""
    went += f"  [red]{plan.failed} failed[/]" if plan.failed else ""
    return (
        f"[bold]{plan.id}[/]  [{style}]{plan.state.value}[/]  {size(plan)}{went}"
        f"  [dim]{local(plan.made_at)}  {escape(plan.made_by)}: {escape(plan.reason)}[/]"
    )


def size(plan: Plan) -> str:
    """Say how much a plan has."""
    messages = "1 message" if plan.total == 1 else f"{plan.total} messages"
    return f"{messages} of {'1 zaak' if plan.zaken == 1 else f'{plan.zaken} zaken'}"


async def watch(plans: Plans, plan_id: str, *, quiet: bool = False) -> Plan:
    """Draw a plan until it stands still; give it as it is then. Where nobody watches it only waits."""
    plan = await plans.plan(plan_id)
    speed = _Speed()
    if quiet or not out.is_terminal:
        while _moves(plan):
            await asyncio.sleep(policy.PLAN_WATCH_S)
            plan = await plans.plan(plan.id)
        if not quiet:
            out.print(_drawn(plan, speed))
        return plan
    with Live(_drawn(plan, speed), console=out, auto_refresh=False) as live:
        while _moves(plan):
            await asyncio.sleep(policy.PLAN_WATCH_S)
            plan = await plans.plan(plan.id)
            speed.note(plan)
            live.update(_drawn(plan, speed), refresh=True)
    return plan


class _Speed:
    """Messages per second that ended, lately."""

    def __init__(self) -> None:
        self._seen: deque[tuple[float, int]] = deque(maxlen=_LOOKS_MAX)

    def note(self, plan: Plan) -> None:
        self._seen.append((time.monotonic(), _ended(plan)))

    @property
    def per_s(self) -> float:
        if len(self._seen) < 2:  # noqa: PLR2004 - a speed is between two looks
            return 0.0
        (began, before), (now, after) = self._seen[0], self._seen[-1]
        return (after - before) / (now - began) if now > began else 0.0


def _drawn(plan: Plan, speed: _Speed) -> RenderableType:
    ended = _ended(plan)
    bar = Table.grid(padding=(0, 2))
    bar.add_row(
        ProgressBar(
            total=max(plan.total, 1), completed=ended, width=50, complete_style="green", finished_style="green"
        ),
        Text(f"{ended:,} of {plan.total:,}  {_percent(ended, plan.total)}"),
    )
    return Group(
        Text.from_markup(f"plan [bold]{plan.id}[/]  [{_STYLES[plan.state]}]{plan.state.value}[/]  {_why(plan)}"),
        bar,
        _steps(plan),
        _counts(plan),
        Text(_pace(plan, speed), style="dim"),
    )


def _steps(plan: Plan) -> Text:
    text = Text("step  ")
    began = plan.state is not PlanState.FROZEN
    for number, size in enumerate([*map(str, plan.ramp), "all"]):
        done = began and number < plan.step + (plan.state is PlanState.DONE)
        mark, style = ("✓", "green") if done else ("▸", "bold") if began and number == plan.step else ("·", "dim")
        text.append(f"{mark} {size}   ", style=style)
    return text


def _counts(plan: Plan) -> Text:
    text = Text(f"{plan.delivered:,} delivered", style="green")
    judged = plan.delivered + plan.failed
    text.append(f"   {plan.failed:,} failed ({_percent(plan.failed, judged)})", style="red" if plan.failed else "dim")
    for count, what in (
        (plan.released, "under way"),
        (plan.waiting, "waiting"),
        (plan.skipped, "skipped"),
        (plan.gone, "gone"),
        (plan.not_done, "not done"),
    ):
        if count:
            text.append(f"   {count:,} {what}", style="default")
    return text


def _pace(plan: Plan, speed: _Speed) -> str:
    if plan.state in (PlanState.DONE, PlanState.CANCELLED) and plan.failed + plan.not_done:
        return f"→ zaakhub replay items {plan.id}   → the rest: zaakhub replay again {plan.id}"
    if plan.state is not PlanState.RUNNING:
        return f"→ zaakhub replay items {plan.id}" + (" --state mislukt" if plan.failed else "")
    left = plan.waiting + plan.released
    eta = f", done in about {_about(left / speed.per_s)}" if speed.per_s else ""
    return f"{speed.per_s * 60:,.0f} per minute of at most {plan.per_minute:,}{eta}   Ctrl-C looks away; it goes on"


def _why(plan: Plan) -> str:
    said = plan.state_reason if plan.state in (PlanState.PAUSED, PlanState.CANCELLED) else plan.reason
    return f"[dim]{escape(said)}[/]"


def _about(seconds: float) -> str:
    return f"{seconds:.0f} s" if seconds < 2 * 60 else f"{seconds / 60:.0f} minutes"


def _percent(part: int, whole: int) -> str:
    return f"{part / whole:.0%}" if whole else "0%"


def _ended(plan: Plan) -> int:
    return plan.total - plan.waiting - plan.released - plan.not_done


def _moves(plan: Plan) -> bool:
    return plan.state is PlanState.RUNNING or plan.released > 0
