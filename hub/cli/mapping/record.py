"""`zaakhub map record`: a message that really came becomes a case, with other persons in it.

What is written can be kept beside the mapping and shown to others; that no person is left in it a person must see.
"""

from __future__ import annotations

import asyncio
import json
import os
import re
import secrets
from pathlib import Path
from typing import Annotated, NamedTuple

import typer
from rich.markup import escape

from hub.app import App
from hub.cli.screen import out
from hub.config.settings import Settings
from hub.desk.recall import Configured, Recalled, source_of
from hub.desk.tools import tools_of
from hub.errors import ActRefused, MessageRefused
from hub.event.envelope import Event
from hub.flow.records import Origin
from hub.mapping.cases import (
    CASES,
    HEADERS,
    INPUTS,
    Case,
    Given,
    Outcome,
    Tools,
    outcome_of,
    read_case,
    refresh,
    run_case,
)
from hub.mapping.fictitious.rewrite import Report, fictitious_event, fictitious_message
from hub.wire.xml import http_charset

_STORY = re.compile(r"^\w[\w.-]{0,99}$")
_SOAP_ACTION = "soapaction"
_SALT_BYTES = 32


class Recorded(NamedTuple):
    """What was written. `failed` is why the mapping stopped at the message itself, in the form of `fails.txt`."""

    case: Case
    outcome: Outcome
    report: Report
    failed: str


def record(
    message: Annotated[
        str, typer.Argument(metavar="ID", help="Id of a message, event or failure; the first 4 or more characters do.")
    ],
    *,
    name: Annotated[
        str, typer.Option(help="Name of the case: what it is about. Without one: the kind and the id.")
    ] = "",
    connection: Annotated[str | None, typer.Option(help="Which connection, when several delivered the event.")] = None,
) -> None:
    """Make a case of a recorded message, with fictitious persons, addresses and numbers for the real ones.

    [dim]Example: zaakhub map record 3f2a --name creeerZaak-datum-van-zes-cijfers[/]
    """
    _print(asyncio.run(_record(message, connection, name)))


def recorded(recalled: Recalled, configuration: Configured, *, root: Path, name: str = "") -> Recorded:
    """Write the case; raises ActRefused when there is one of that name."""
    connection = root / recalled.connection
    story = name or f"{_short(recalled.kind)}-{recalled.id[:8]}"
    folder = connection / CASES / story
    if not _STORY.match(story):
        raise ActRefused(f"{story!r} is no name for a folder", code="naam", advice="letters, digits and hyphens")
    if folder.exists():
        raise ActRefused(f"{folder} is there already", code="naam", advice="give another --name")
    tools = tools_of(connection, root=root)
    xml_file, json_file = INPUTS
    if recalled.connection in configuration.inbound:
        http = Origin.read(recalled.headers).http
        charset = http_charset(http.get("content-type", ""))
        content, report = fictitious_message(recalled.value, salt=secrets.token_bytes(_SALT_BYTES), charset=charset)
        case = _written(folder, xml_file, content)
        _keep_operation(case, recalled.kind, http, tools)
    else:
        event = Event.read(recalled.headers, recalled.value)
        whole = {"type": event.type, "time": event.time.isoformat(), "zender": event.connection, "data": event.data}
        made, report = fictitious_event(whole, salt=secrets.token_bytes(_SALT_BYTES))
        case = _written(folder, json_file, f"{json.dumps(made, indent=2, ensure_ascii=False)}\n".encode())
    outcome = run_case(case, tools)
    refresh(case, outcome)
    return Recorded(case, outcome, report, _itself(recalled, configuration, tools).failure)


async def _record(message: str, connection: str | None, name: str) -> Recorded:
    settings = Settings.read(os.environ)
    async with App.open(settings, os.environ, client_id="zaakhub-cli") as app:
        recalled = await app.recall().message(message, connection=connection)
        return recorded(recalled, app.configuration, root=settings.mappings, name=name)


def _written(folder: Path, name: str, content: bytes) -> Case:
    folder.mkdir(parents=True)
    file = folder / name
    file.write_bytes(content)
    connection = folder.parent.parent
    return Case(f"{connection.name}/{folder.name}", connection, file)


def _keep_operation(case: Case, kind: str, http: dict[str, str], tools: Tools) -> None:
    """Keep the SOAPAction where the message does not say what it asks for (ZDS 1.1: three services, one element)."""
    try:
        known = read_case(case, tools).kind == kind
    except MessageRefused:
        known = False
    if not known and _SOAP_ACTION in http:
        text = json.dumps({_SOAP_ACTION: http[_SOAP_ACTION]}, indent=2)
        case.file(HEADERS).write_text(f"{text}\n", encoding="utf-8")


def _itself(recalled: Recalled, configuration: Configured, tools: Tools) -> Outcome:
    """Give what the mapping makes of the message itself."""
    source = source_of(recalled, configuration)
    mapping = tools.mappings[recalled.kind]
    return outcome_of(Given(mapping, recalled.kind, source.body, source.context), tools)


def _print(made: Recorded) -> None:
    out.print(f"[bold]{made.case.input.parent}[/]", soft_wrap=True)
    replaced = ", ".join(f"{count} {kind.value}" for kind, count in made.report.counts.items()) or "nothing"
    out.print(f"  replaced: {replaced}", soft_wrap=True)
    if made.outcome.failure:
        out.print(f"  the mapping stops: {escape(made.outcome.failure)}", soft_wrap=True)
    else:
        out.print("  the mapping takes it; what it gives is what the case expects", soft_wrap=True)
    if made.failed != made.outcome.failure:
        was = f"stops: {made.failed}" if made.failed else "does not stop"
        out.print(f"  [yellow]at the message itself it {escape(was)}[/]", soft_wrap=True)
    if made.report.check:
        out.print("  [yellow]read before you keep it[/], these stayed as they were:", soft_wrap=True)
        for path in made.report.check:
            out.print(f"      {escape(path)}", soft_wrap=True)
    if made.report.neutral:
        out.print("  these have other words now; a rule that looks at them sees others too:", soft_wrap=True)
        for path in made.report.neutral:
            out.print(f"      {escape(path)}", soft_wrap=True)
    out.print(f"[cyan]→[/] zaakhub map test {made.case.connection.name}", soft_wrap=True)


def _short(kind: str) -> str:
    """Give how the cases name a kind: creeerZaak_Lk01 is creeerZaak, nl.zaken.zaak-aangemaakt.v1 zaak-aangemaakt."""
    parts = kind.split(".")
    return parts[-2] if len(parts) > 2 else kind.partition("_")[0]  # noqa: PLR2004 - nl, the domain, the event
