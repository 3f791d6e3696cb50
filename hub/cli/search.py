"""`zaakhub search`: find messages by what is known of them."""

from __future__ import annotations

import asyncio
import os
import sys
from typing import Annotated

import typer
from rich.markup import escape

from hub.app import App
from hub.cli.moment import moment
from hub.cli.person import me
from hub.cli.screen import as_json, local, out
from hub.config.settings import Settings
from hub.configuration import Need
from hub.errors import ActRefused
from hub.ledger.finding import Criteria, Found, FoundPage, MessageState
from hub.security.personal import Bsn


def search(
    *,
    zaak: Annotated[str, typer.Option(help="The zaakidentificatie.")] = "",
    document: Annotated[str, typer.Option(help="The identificatie of a document.")] = "",
    reference: Annotated[str, typer.Option(help="The referentienummer of the sender.")] = "",
    sender: Annotated[str, typer.Option(help="Who sent it, as the list shows it.")] = "",
    connection: Annotated[str, typer.Option(help="The connection that it came in by.")] = "",
    kind: Annotated[str, typer.Option(help="The kind of message, such as creeerZaak_Lk01.")] = "",
    state: Annotated[MessageState | None, typer.Option(help="What became of it.")] = None,
    since: Annotated[str | None, typer.Option(help="From then on: 2026-11-23 or 2026-11-23T09:30.")] = None,
    until: Annotated[str | None, typer.Option(help="Before then.")] = None,
    text: Annotated[str, typer.Option(help="Part of what a failure of it says.")] = "",
    bsn: Annotated[
        bool, typer.Option("--bsn", help="Ask for a BSN, or read it from the first line of standard input.")
    ] = False,
    reason: Annotated[str, typer.Option(help="Why you look for a person; kept in the audit.")] = "",
    json: Annotated[bool, typer.Option("--json", help="JSON for programs instead of a list.")] = False,
) -> None:
    """Find messages, newest first, by one criterion or more that must all be true.

    [dim]Example: zaakhub search --sender OPENFORMS --state mislukt --since 2026-11-23[/]
    """
    person = _asked() if bsn else None
    criteria = Criteria(zaak, document, reference, sender, connection, kind, state, moment(since), moment(until), text)
    page = asyncio.run(_find(criteria, person, reason))
    if json:
        as_json([each._asdict() for each in page.found])
    else:
        for each in page.found:
            _print(each)
        _print_end(page)
    if not page.found:
        raise typer.Exit(1)


def _asked() -> Bsn:
    """Ask for it where nobody reads along: not in the list of processes, nor in the history of the shell."""
    given = typer.prompt("BSN", hide_input=True) if sys.stdin.isatty() else sys.stdin.readline()
    try:
        return Bsn(given.strip())
    except ValueError as error:
        raise ActRefused(str(error), code="bsn", advice="a BSN has nine digits that pass the 11-test") from None


def _print(found: Found) -> None:
    about = f"  {escape(found.subject)}" if found.subject not in {found.zaak, ""} else ""
    failure = f"  [yellow]failure {found.failure_id[:8]}[/]" if found.failure_id else ""
    out.print(
        f"[bold]{found.message_id[:8]}[/]  zaak {escape(found.zaak) or '-'}{about}  {found.state.value}{failure}  "
        f"[dim]{local(found.at)}  {found.connection}[/]",
        soft_wrap=True,
    )
    known = [each for each in (found.kind, found.reference, found.sender) if each]
    out.print(f"          {'  '.join(known)}", markup=False, soft_wrap=True)


def _print_end(page: FoundPage) -> None:
    if page.next is not None:
        until = page.next.at.isoformat()
        more = "older ones" if page.found else "none so far; look on"
        out.print(f"\n[cyan]→[/] {more}: the same with --until {until}", soft_wrap=True)
    elif page.found and page.found[0].zaak:
        out.print(f"\n[cyan]→[/] zaakhub trace {escape(page.found[0].zaak)}", soft_wrap=True)
    elif not page.found:
        out.print("Nothing was found.")


async def _find(criteria: Criteria, person: Bsn | None, reason: str) -> FoundPage:
    async with App.open(Settings.read(os.environ), os.environ, client_id="zaakhub-cli", mappings=Need.NONE) as app:
        return await app.finder().find(criteria, by=me(), bsn=person, reason=reason)
