"""`zaakhub map explain`: why every field of a result is what it is, for one message.

A file or a case needs nothing but the files of its connection; an id asks the ledger and the bus.
"""

from __future__ import annotations

import asyncio
import os
from pathlib import Path
from typing import Annotated, Any, NamedTuple

import orjson
import typer
from rich.markup import escape

from hub.app import App
from hub.cli.explanation import choose, show, summary
from hub.cli.mapping.tools import folders
from hub.cli.screen import as_json, out
from hub.config.settings import Settings
from hub.desk.recall import source_of
from hub.desk.tools import tools_of
from hub.errors import ActRefused, MessageRefused
from hub.flow.explain import explained, masked
from hub.flow.source import Source
from hub.mapping.cases import ANSWERS_FILE, Given, Read, entries_of, find_cases, with_recorded
from hub.mapping.run import Mapping
from hub.mapping.trace import Explanation


class _Asked(NamedTuple):
    """A message as a connection reads it."""

    kind: str
    source: Source


class _Explained(NamedTuple):
    connection: str
    mapping: Mapping
    explanation: Explanation

    def plain(self) -> dict[str, Any]:
        """Give it as JSON data."""
        own = {
            "connection": self.connection,
            "message": self.mapping.message,
            "gives": self.mapping.gives,
            "revision": self.mapping.revision,
        }
        return {**own, **self.explanation.plain()}


def explain(
    message: Annotated[
        str,
        typer.Argument(
            metavar="MESSAGE",
            help="A file, a case (connection/story), or the id of a recorded message, event or failure.",
        ),
    ],
    *,
    connection: Annotated[
        str | None, typer.Option(help="The connection whose mapping is meant, when there is more than one.")
    ] = None,
    field: Annotated[
        str | None,
        typer.Option(metavar="TARGET", help="Only this field, all of this object, or a pattern: zaak.*datum."),
    ] = None,
    empty: Annotated[bool, typer.Option("--empty", help="Only the fields that got no value.")] = False,
    content: Annotated[
        bool, typer.Option("--content", help="Show the values of a recorded message too. They may be personal data.")
    ] = False,
    json: Annotated[bool, typer.Option("--json", help="JSON for programs instead of a tree.")] = False,
) -> None:
    """Explain every field that a mapping makes of a message: rule, source, conversion, and why it is empty.

    [dim]Example: zaakhub map explain message.xml --field zaak.startdatum[/]
    """
    made = _explained(message, connection, content=content)
    chosen = choose(made.explanation, field=field, empty=empty)
    shown = made._replace(explanation=chosen.explanation)
    nothing = field is not None and not empty and not chosen.explanation.fields
    if json:
        as_json(shown.plain())
    else:
        _print(shown, field=field, advice=chosen.advice)
    if made.explanation.failure or nothing:
        raise typer.Exit(1)


def _print(shown: _Explained, *, field: str | None, advice: str) -> None:
    mapping, explanation = shown.mapping, shown.explanation
    out.print(
        f"[bold]{escape(mapping.message)}[/] → [bold]{escape(mapping.gives)}[/]  "
        f"[dim]{shown.connection}  {mapping.revision}  {summary(explanation)}[/]\n",
        soft_wrap=True,
    )
    if field is not None and not explanation.fields:
        out.print(f"No rule fills {escape(field)} here." if not advice else f"No rule fills {escape(field)}; {advice}")
    show(explanation)


def _explained(message: str, connection: str | None, *, content: bool) -> _Explained:
    file, of_case = _file(message)
    if file is None:
        return asyncio.run(_recorded(message, connection, content=content))
    answers = file.with_name(ANSWERS_FILE) if of_case is not None else None
    one = of_case or connection
    root, among = folders([one] if one else None)
    found = _all_explained(file.read_bytes(), among, root, answers)
    if not found:
        tried = ", ".join(each.name for each in among)
        raise ActRefused("no mapping reads this message", code="koppeling", advice=f"tried: {tried}")
    if len(found) > 1:
        names = " or ".join(each.connection for each in found)
        raise ActRefused(
            f"{len(found)} connections have a mapping for this message",
            code="koppeling",
            advice=f"say which: --connection {names}",
        )
    return found[0]


def _file(message: str) -> tuple[Path | None, str | None]:
    """Give the file that is meant, and the connection when it is a case; neither for an id."""
    path = Path(message)
    if path.is_file():
        return path, None
    if "/" not in message and not path.suffix:
        return None, None
    for case in find_cases(Settings.read(os.environ).mappings):
        if case.name == message:
            return case.input, case.connection.name
    raise typer.BadParameter(f"{message} is no file and no case", param_hint="MESSAGE")


async def _recorded(message: str, connection: str | None, *, content: bool) -> _Explained:
    async with App.open(Settings.read(os.environ), os.environ, client_id="zaakhub-cli") as app:
        recalled = await app.recall().message(message, connection=connection)
    mapping = app.configuration.mappings[recalled.connection].get(recalled.kind)
    if mapping is None:
        raise ActRefused(
            f"{recalled.connection} has no mapping for {recalled.kind}",
            code="mapping",
            advice=f"make mappings/{recalled.connection}/{recalled.kind}.map.yaml",
        )
    explanation = explained(mapping, source_of(recalled, app.configuration))
    return _Explained(recalled.connection, mapping, explanation if content else masked(explanation))


def _all_explained(content: bytes, among: list[Path], root: Path, answers: Path | None) -> list[_Explained]:
    """Explain the message for every connection that has a mapping for it; raises MessageRefused when none reads it.

    What it looks up has the `answers` of its case, or of another; nobody is asked.
    """
    found: list[_Explained] = []
    refused: MessageRefused | None = None
    event = _event(content)
    for folder in among:
        tools = tools_of(folder, root=root)
        try:
            asked = _of_event(event) if tools.read is None else _of_message(content, tools.read)
        except MessageRefused as error:
            refused = refused or error
            continue
        if asked is not None and asked.kind in tools.mappings:
            mapping = tools.mappings[asked.kind]
            given = Given(mapping, asked.kind, *asked.source)
            if mapping.looks_up and answers is not None and answers.is_file():
                given = given.answered(entries_of(answers))
            source = Source(given.source, with_recorded(given, folder).context)
            found.append(_Explained(folder.name, mapping, explained(mapping, source)))
    if refused is not None and not found and event is None:
        raise refused
    return found


def _event(content: bytes) -> dict[str, Any] | None:
    """Read an event as a case has it, or as CloudEvents writes one in JSON; None for anything else."""
    try:
        read = orjson.loads(content)
    except orjson.JSONDecodeError:
        return None
    is_event = isinstance(read, dict) and isinstance(read.get("type"), str) and isinstance(read.get("data"), dict)
    return read if is_event else None


def _of_event(event: dict[str, Any] | None) -> _Asked | None:
    if event is None:
        return None
    context: dict[str, Any] = {name: event[name] for name in ("type", "time", "zender") if name in event}
    return _Asked(event["type"], Source(event["data"], context))


def _of_message(content: bytes, read: Read) -> _Asked:
    document = read(content)
    return _Asked(document.kind, Source.of_message(document, sender=document.sender))
