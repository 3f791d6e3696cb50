"""`zaakhub status`, `pause` and `resume`: how connections are doing, stopping one, letting it go on."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Awaitable, Callable, Iterable
from datetime import datetime, timedelta
from typing import Annotated, Any, TypeVar

import typer
from rich.markup import escape
from rich.table import Table

from hub.app import App
from hub.cli.person import me
from hub.cli.screen import as_json, local, out
from hub.clock import AMSTERDAM
from hub.config.settings import Settings
from hub.configuration import Need
from hub.flow.standing import Flow
from hub.flow.vitals import Condition
from hub.net.breaker import BreakerState

T = TypeVar("T")
Name = Annotated[str, typer.Argument(metavar="CONNECTION", help="The connection: the name of its folder.")]
Why = Annotated[str, typer.Option("--reason", help="Why you do this; kept in the audit.")]

_LOOKS = {
    Flow.RUNNING: ("green", "●"),
    Flow.PAUSED: ("yellow", "‖"),
    Flow.WINDOW: ("cyan", "◷"),
    Flow.HELD: ("bold red", "■"),
}
_UNITS = ((86_400, "d"), (3_600, "h"), (60, "m"))


def status(
    *, json: Annotated[bool, typer.Option("--json", help="JSON for programs instead of a table.")] = False
) -> None:
    """Show how every connection is doing: how fast, what waits, since when, what failed.

    [dim]Example: zaakhub status[/]
    """
    now, found = _with_app(_look)
    if json:
        as_json([_as_json(each) for each in found])
        return
    if not found:
        out.print("There are no connections.")
        return
    _print(found, now)


def pause(
    connection: Name,
    *,
    reason: Why,
    until: Annotated[
        str, typer.Option(metavar="WHEN", help="When it goes on by itself: 18:00, or 2026-12-24T18:00. Else: never.")
    ] = "",
) -> None:
    """Pause a connection: its messages are accepted and kept, and nothing is tried.

    [dim]Example: zaakhub pause zaken-naar-zgw --reason "the zaaksysteem is being upgraded, change 4711"[/]
    """
    stands = _with_app(
        lambda app: app.pauser().pause(connection, by=me(), reason=reason, until=_moment(until, app.clock.now()))
    )
    ends = f" It goes on by itself at {local(stands.until)}." if stands.until else ""
    out.print(f"{connection} is paused.{ends} [cyan]→[/] zaakhub resume {connection}", soft_wrap=True)


def resume(connection: Name, *, reason: Why) -> None:
    """Let a paused connection go on: one that a person paused, or one that paused itself.

    [dim]Example: zaakhub resume zaken-naar-zgw --reason "the upgrade is done"[/]
    """
    stands = _with_app(lambda app: app.pauser().resume(connection, by=me(), reason=reason))
    if stands.flow is Flow.RUNNING:
        out.print(f"{connection} goes on. [cyan]→[/] zaakhub status", soft_wrap=True)
    else:
        out.print(f"{connection} is in {stands.flow.value} until {local(stands.until)}.", soft_wrap=True)


def _print(found: Iterable[Condition], now: datetime) -> None:
    shown = Table(header_style="bold", box=None, pad_edge=False, padding=(0, 1), collapse_padding=True)
    for column, side in _COLUMNS:
        shown.add_column(column, justify=side, no_wrap=True, overflow="fold")
    notes = []
    for each in found:
        shown.add_row(*_row(each, now))
        notes += list(_notes(each))
    out.print(shown)
    if notes:
        out.print()
    for note in notes:
        out.print(note, soft_wrap=True)


_COLUMNS: tuple[tuple[str, Any], ...] = (
    ("connection", "left"),
    ("flow", "left"),
    ("/min", "right"),
    ("lag", "right"),
    ("oldest", "right"),
    ("through", "right"),
    ("open", "right"),
    ("retry", "right"),
    ("zaken", "right"),
)
"""Eighty columns, with names of connections as they usually are."""


def _row(each: Condition, now: datetime) -> tuple[str, ...]:
    colour, mark = _LOOKS[each.standing.flow]
    waiting = each.waiting
    return (
        each.connection,
        f"[{colour}]{mark} {each.standing.flow.value}[/]",
        _rate(each),
        _count(each.lag),
        _lasting((now - each.oldest_at).total_seconds()) if each.oldest_at else _NOTHING,
        _through_in(each),
        _count(waiting.failures_open, "bold red"),
        _count(waiting.failures_retrying, "yellow"),
        _count(waiting.zaken),
    )


def _notes(each: Condition) -> Iterable[str]:
    """Say what a person must know besides."""
    stands, name = each.standing, f"[bold]{each.connection}[/]"
    if stands.flow is not Flow.RUNNING:
        colour, mark = _LOOKS[stands.flow]
        since = local(stands.since)
        yield f"[{colour}]{mark}[/] {name} {_SAID[stands.flow].format(by=escape(stands.by))} since {since}: " + escape(
            stands.reason
        )
        if stands.until:
            what = "next probe" if stands.flow is Flow.HELD else "goes on by itself"
            yield f"    {what}: {local(stands.until)}"
        if stands.flow is not Flow.WINDOW:
            yield f"    [cyan]→[/] zaakhub resume {each.connection}"
    if each.breaker is not BreakerState.CLOSED:
        yield f"[yellow]![/] {name}: its target does not answer and is left alone; the hub tries again by itself"
    if each.workers == 0:
        yield f"[yellow]![/] {name}: no worker runs it [cyan]→[/] zaakhub work"


_SAID = {
    Flow.PAUSED: "was paused by {by}",
    Flow.HELD: "paused itself",
    Flow.WINDOW: "is in a maintenance window",
}
_NOTHING = "[dim]-[/]"


def _rate(each: Condition) -> str:
    return f"{each.per_minute:.0f}" if each.per_minute >= 10 or not each.per_minute else f"{each.per_minute:.1f}"  # noqa: PLR2004 - two digits


def _count(number: int, colour: str = "") -> str:
    if not number:
        return "[dim]0[/]"
    return f"[{colour}]{number}[/]" if colour else str(number)


def _through_in(each: Condition) -> str:
    if each.drained_in_s is None:
        return "?"
    return _lasting(each.drained_in_s) if each.drained_in_s else _NOTHING


def _lasting(seconds: float) -> str:
    """Say how long, in at most two units: `40 s`, `12 m`, `3 h 5 m`, `2 d 4 h`."""
    if seconds < _UNITS[-1][0]:
        return f"{max(1, round(seconds))} s"
    said: list[str] = []
    left = seconds
    for size, unit in _UNITS:
        if left >= size and len(said) < 2:  # noqa: PLR2004 - two units
            said.append(f"{int(left // size)} {unit}")
            left %= size
    return " ".join(said)


def _as_json(each: Condition) -> dict[str, Any]:
    said = each._asdict()
    return {**said, "standing": each.standing._asdict(), "waiting": each.waiting._asdict()}


def _moment(text: str, now: datetime) -> datetime | None:
    """Read when, on a clock in Amsterdam; a time alone is the next time that it is that late."""
    if not text:
        return None
    try:
        if "T" in text or " " in text:
            read = datetime.fromisoformat(text)
            return read if read.tzinfo else read.replace(tzinfo=AMSTERDAM)
        at = datetime.strptime(text, "%H:%M").time()  # noqa: DTZ007 - a time of day
    except ValueError:
        raise typer.BadParameter(
            f"{text!r} is no moment: write 18:00 or 2026-12-24T18:00", param_hint="--until"
        ) from None
    today = now.astimezone(AMSTERDAM)
    then = datetime.combine(today.date(), at, AMSTERDAM)
    return then if then > now else datetime.combine(today.date() + timedelta(days=1), at, AMSTERDAM)


async def _look(app: App) -> tuple[datetime, list[Condition]]:
    return app.clock.now(), list((await app.overview()).values())


def _with_app(do: Callable[[App], Awaitable[T]]) -> T:
    async def run() -> T:
        async with App.open(Settings.read(os.environ), os.environ, client_id="zaakhub-cli", mappings=Need.NONE) as app:
            return await do(app)

    return asyncio.run(run())
