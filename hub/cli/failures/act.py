"""`zaakhub failures replay` and `drop`: try it again, or give it up."""

from __future__ import annotations

from typing import Annotated

import typer

from hub.cli.failures.common import FailureId, Json, Why, with_app
from hub.cli.failures.look import case_json
from hub.cli.person import me
from hub.cli.screen import as_json, out


def replay(failure: FailureId, *, reason: Why, json: Json = False) -> None:
    """Try a failed message again now; what waits behind it in its zaak follows by itself, in order.

    [dim]Example: zaakhub failures replay 3f2a --reason "zaaktype is published now"[/]
    """
    case = with_app(lambda app: app.operator().replay(failure, by=me(), reason=reason))
    if json:
        as_json(case_json(case, content=False))
        return
    behind = len(case.queue) - 1
    follows = f", and the {behind} behind it" if behind else ""
    out.print(f"A worker tries it now{follows}. [cyan]→[/] zaakhub trace {case.failure.zaak}")


def drop(
    failure: FailureId,
    *,
    reason: Annotated[str, typer.Option("--reason", help="Why; kept in the audit and the timeline of the zaak.")],
) -> None:
    """Give a message up: it is never delivered, and what waits behind it in its zaak goes on without it.

    [dim]Example: zaakhub failures drop 3f2a --reason "the zaak was made by hand"[/]
    """
    case = with_app(lambda app: app.operator().drop(failure, by=me(), reason=reason))
    out.print(f"Dropped. [cyan]→[/] zaakhub trace {case.failure.zaak}")
