"""`zaakhub audit`: what people did, whether that is whole, and all of it for a SIEM."""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import Awaitable, Callable
from enum import StrEnum
from typing import Annotated, NamedTuple, TypeVar

import orjson
import typer

from hub.app import App
from hub.cli.moment import moment
from hub.cli.screen import aligned, as_json, local, out
from hub.config import policy
from hub.config.settings import Settings
from hub.configuration import Need
from hub.desk.mirror import contradiction
from hub.desk.siem import ecs
from hub.ledger.audit import AuditFilter, Verification

T = TypeVar("T")

cli = typer.Typer(no_args_is_help=True, help="What people did, in a chain that shows when a line was changed.")

By = Annotated[str, typer.Option(help="Only what this person did.")]
Since = Annotated[str | None, typer.Option(help="From then on: 2026-11-23 or 2026-11-23T09:30.")]


class Form(StrEnum):
    """What an export is written in."""

    ECS = "ecs"


class Verified(NamedTuple):
    """What the chain says, and what the bus says of it: how many lines it has, and the first that is another there."""

    chain: Verification
    on_bus: int
    differs: int | None


@cli.command("list")
def list_(
    *,
    by: By = "",
    act: Annotated[str, typer.Option(help="Only this act, such as replay.")] = "",
    since: Since = None,
    until: Annotated[str | None, typer.Option(help="Before then.")] = None,
    json: Annotated[bool, typer.Option("--json", help="JSON for programs instead of a table.")] = False,
) -> None:
    """List what people did, newest first.

    [dim]Example: zaakhub audit list --act replay --since 2026-11-23[/]
    """
    wanted = AuditFilter(by, act, moment(since), moment(until))
    lines = _with_app(lambda app: app.ledger.audit_lines(wanted, limit=policy.LIST_MAX))
    if json:
        as_json([each._asdict() for each in lines])
    elif not lines:
        out.print("Nobody did anything.")
    else:
        rows = [(str(each.number), local(each.at), each.by, each.act, each.about, each.reason) for each in lines]
        for row in aligned([("line", "when", "by", "act", "on", "reason"), *rows]):
            out.print(row, markup=False, soft_wrap=True)


@cli.command()
def verify(
    *,
    head: Annotated[str, typer.Option(metavar="HASH", help="Hash of a line that must still be there.")] = "",
) -> None:
    """Follow the chain from its first line to its last, and compare it with what the bus has of it.

    [dim]Example: zaakhub audit verify --head 9f86d081…[/]
    """
    chain, on_bus, differs = _with_app(lambda app: _verified(app, head))
    if not chain.whole:
        out.print(f"[bold red]✗[/] line {chain.broken_at}: {chain.why}", soft_wrap=True)
    elif differs is not None:
        out.print(f"[bold red]✗[/] line {differs}: it is another on the bus, or it is gone here", soft_wrap=True)
    else:
        out.print(f"[green]✓[/] {chain.lines} lines, each follows the one before it; {on_bus} of them on the bus too")
        if chain.unsealed:
            out.print(f"  {chain.unsealed} lines from before the chain are not sealed yet: the next act does")
    out.print(f"  last: {chain.last_hash}", soft_wrap=True)
    if not chain.whole or differs is not None:
        raise typer.Exit(1)


@cli.command()
def export(
    *,
    form: Annotated[Form, typer.Option("--format", help="What is written: ecs is the Elastic Common Schema.")],
    since: Since = None,
    follow: Annotated[bool, typer.Option("--follow", help="Go on: write each line as it comes.")] = False,
) -> None:
    """Write the audit as JSON, one line each, oldest first, for a SIEM.

    [dim]Example: zaakhub audit export --format ecs --since 2026-11-23 --follow | vector[/]
    """
    assert form is Form.ECS, "there is one form"
    try:
        _with_app(lambda app: _exported(app, AuditFilter(since=moment(since)), follow=follow))
    except (KeyboardInterrupt, BrokenPipeError):
        # Whoever reads has enough. What Python would still flush at its end has nowhere to go.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


async def _verified(app: App, head: str) -> Verified:
    chain = await app.ledger.verify_audit(head=head)
    records = await app.bus.tail(app.topics.audit(), policy.TAIL_RECORDS_MAX)
    return Verified(chain, *await contradiction(records, app.ledger))


async def _exported(app: App, wanted: AuditFilter, *, follow: bool) -> None:
    after = 0
    while True:
        lines = await app.ledger.audit_lines(wanted, after=after, limit=policy.AUDIT_PAGE, oldest=True)
        for line in lines:
            sys.stdout.buffer.write(orjson.dumps(ecs(line, app.topics), option=orjson.OPT_APPEND_NEWLINE))
            after = line.number
        sys.stdout.flush()
        if len(lines) < policy.AUDIT_PAGE:
            if not follow:
                return
            await app.clock.sleep(policy.AUDIT_FOLLOW_S)


def _with_app(act: Callable[[App], Awaitable[T]]) -> T:
    async def run() -> T:
        async with App.open(Settings.read(os.environ), os.environ, client_id="zaakhub-cli", mappings=Need.NONE) as app:
            return await act(app)

    return asyncio.run(run())
