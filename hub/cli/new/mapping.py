"""`zaakhub new mapping`: rules for the fields that have the same name, and a list of those that wait for a decision.

What waits stands in comments, never under `ignore`: a field is ignored when a person has said why, and until then
`zaakhub map lint` names it.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator, Mapping
from pathlib import Path
from typing import Annotated, Any

import typer
from pydantic import BaseModel

from hub.cli.new.connection import Mappings, folder_of_connections
from hub.cli.new.files import next_steps, write
from hub.cli.new.suggest import Field, Kind, Suggestions, of_form, of_model, suggested
from hub.config.connection import Direction
from hub.config.likely import did_you_mean
from hub.config.shipped import shipped
from hub.config.yaml import read_yaml
from hub.errors import ConfigurationWrong
from hub.event.catalogue import EVENT_TYPES
from hub.event.models import ANSWERS, ASKED, MODELS, answer_with_question
from hub.event.vragen import ANSWER, QUESTION_TYPES
from hub.ports.registry import Registry
from hub.wire.form import Form

_READ: Mapping[Kind, str] = {
    "number": "geheel-getal",
    "boolean": "stuf-indicatie",
    "date": "stuf-datum",
    "moment": "stuf-tijdstip",
    "part of a date": "stuf-onvolledige-datum",
}
"""What reads a text of a message as this."""


_AROUND = "stufBericht"
"""The part that ignores what every StUF message carries around its content, and says where the hub keeps it."""
_CARRIES = ("stuurgegevens", "parameters")
"""By this a StUF message is known."""

_WRITE: Mapping[Kind, str] = {"date": "naar-stuf-datum", "moment": "naar-stuf-tijdstip"}
"""What writes this as a text of a message."""


def mapping(
    connection: Annotated[str, typer.Argument(help="Name of the connection.")],
    message: Annotated[str, typer.Argument(help="Kind of message, event type, or answer (.antwoord), that it reads.")],
    *,
    gives: Annotated[
        str,
        typer.Option(
            help="Event type, question type or message that it makes; of an outbound connection perhaps your own name."
        ),
    ] = "",
    mappings: Mappings = None,
) -> None:
    """Begin a mapping: rules for fields with the same name, the rest listed, and a message to try it on.

    [dim]Example: zaakhub new mapping formulieren-oost creeerZaak_Lk01 --gives nl.zaken.zaak-aangemaakt.v1[/]
    """
    root = folder_of_connections(mappings)
    folder = root / connection
    adapter, direction = _of(folder)
    registry = Registry()
    manifest = registry.manifest(adapter)
    forms = registry.forms(adapter)
    reads = direction is Direction.INBOUND and not message.endswith(ANSWER)
    if direction is Direction.INBOUND and not reads:
        asked = _asked(folder, message.removesuffix(ANSWER))
        _expect(gives, forms, f"{adapter} writes no message `{gives}`" if gives else "how is it written?", "--gives")
        fields = list(of_model(answer_with_question(asked)))
        targets = list(of_form(forms[gives]))
    elif reads:
        _expect(message, manifest.messages, f"{adapter} reads no message `{message}`", "MESSAGE")
        missing = f"there is no event or question type `{gives}`" if gives else "which event or question does it make?"
        _expect(gives, ASKED, missing, "--gives")
        fields = list(of_form(forms[message])) if message in forms else []
        targets = list(of_model(MODELS[gives]))
    elif message in ANSWERS:
        gives = message
        fields = []
        targets = list(of_model(ANSWERS[message]))
    else:
        known = [*EVENT_TYPES, *ANSWERS]
        _expect(message, known, f"there is no event type `{message}`", "MESSAGE")
        fields = list(of_model(EVENT_TYPES[message].model))
        targets = list(of_form(forms[gives])) if gives in forms else fields
    # Of a message without a definition only this is known: its names may well be those of the event.
    sources = fields or [Field(each.names[1:], each.kind, each.required) for each in targets if each.required]
    form = forms.get(message) or forms.get(gives)
    file = folder / f"{message}.map.yaml"
    found = suggested(sources, targets, message)
    files: dict[Path, str | bytes] = {
        file: "\n".join([*_text(message, gives or adapter, found, form, reads=reads), ""])
    }
    part = root / "_parts" / f"{_AROUND}.yaml"
    if f"use: {_AROUND}" in str(files[file]) and not part.exists():
        files[part] = (shipped("mappings") / "_parts" / part.name).read_bytes()
    example = _example(registry, adapter, message, direction)
    story = folder / "cases" / f"{message.removesuffix('.v1').rpartition('.')[2]}-voorbeeld"
    if example:
        files[story / ("input.xml" if example.lstrip().startswith(b"<") else "input.json")] = example
    write(files)
    next_steps(
        [f"decide on the fields in the comments of {file.name}; zaakhub map lint {connection} names what is left"]
    )
    if example:
        next_steps([f"zaakhub map test {connection} --refresh   writes what comes out; read whether it is right"])


def _asked(folder: Path, message: str) -> str:
    """Give the question type that a message becomes in this connection."""
    file = folder / f"{message}.map.yaml"
    gives = read_yaml(file).mapping()["gives"].text() if file.is_file() else ""
    if gives not in QUESTION_TYPES:
        raise ConfigurationWrong(
            f"nothing in this connection makes a question of `{message}`",
            file="MESSAGE",
            advice=f"first: zaakhub new mapping {folder.name} {message} --gives <question type>",
        )
    return gives


def _of(folder: Path) -> tuple[str, Direction]:
    """Give adapter and direction of a connection, whatever its secrets are."""
    said = read_yaml(folder / "connection.yaml").mapping()
    for key in ("adapter", "direction"):
        if key not in said:
            raise ConfigurationWrong(f"the key {key} is missing", file=folder / "connection.yaml")
    direction = said["direction"].text()
    if direction not in list(Direction):
        raise said["direction"].wrong(f"there is no direction {direction}", advice=did_you_mean(direction, Direction))
    return said["adapter"].text(), Direction(direction)


def _expect(given: str, known: Collection[str], reason: str, hint: str) -> None:
    if given not in known:
        raise ConfigurationWrong(
            reason, file=hint, advice=did_you_mean(given, known) or f"known: {', '.join(sorted(known))}"
        )


def _text(message: str, gives: str, found: Suggestions, form: Form | None, *, reads: bool) -> Iterator[str]:
    functions = {} if form is None else _READ if reads else _WRITE
    # A code of the sender needs a table before it is one of ours.
    coded = [pair for pair in found.pairs if pair[1].kind == "choice" and functions]
    sure = [pair for pair in found.pairs if pair not in coded]
    unfilled = [*coded, *((None, each) for each in found.unfilled)]
    yield f"# {message} becomes {gives}. The rules below are guesses by name: look at each."
    yield f"message: {message}"
    yield f"gives: {gives}"
    around = form is not None and _CARRIES[0] in form.children and reads
    yield "rules:" if sure or around else "rules: []"
    for source, target in sure:
        yield f"  - {_rule(source, target, functions)}"
    if unfilled:
        yield "  # Fields that nothing fills yet. Complete a line and take away its #, or leave the field out:"
        for guess, target in unfilled:
            yield f"  # - {_rule(guess, target, functions)}"
    if around:
        yield f"  - {{use: {_AROUND}}}"
    unread = [each for each in found.unread if form is None or each.names[0] not in _CARRIES]
    if unread:
        yield "# ignore:"
        yield "  # Fields of the message that no rule reads yet. Read them above, or ignore them and say why:"
        for each in unread:
            below = "  # and what is below it" if each.kind in {"list", "object"} else ""
            yield f'  # - {{path: {"/".join(each.names)}, reason: ""}}{below}'


def _rule(source: Field | None, target: Field, functions: Mapping[Kind, str]) -> str:
    parts = [f"to: {_target(target)}", f"from: {'/'.join(source.names) if source else ''}"]
    if target.kind == "list":
        parts[1:] = ["each: ", "rules: []"]
    elif target.kind == "choice" and functions:
        parts.append("lookup: ")
    else:
        kind = next((each.kind for each in (target, source) if each and each.kind in functions), None)
        parts += [f"via: [{functions[kind]}]"] if kind else []
    if target.required:
        parts.append("required: true")
    return f"{{{', '.join(parts)}}}"


def _target(field: Field) -> str:
    name = ".".join(field.names)
    return f'"{name}[]"' if field.kind == "list" else name


def _example(registry: Registry, adapter: str, message: str, direction: Direction) -> bytes:
    """Give a message to try the mapping on: of the adapter's simulator, or the least that an event can be."""
    if direction is Direction.INBOUND:
        examples: Any = getattr(registry.simulator(adapter), "examples", dict)
        found: bytes = examples().get(message, b"")
        return found
    if message not in EVENT_TYPES:
        return b""
    event = {"type": message, "data": _least(EVENT_TYPES[message].model)}
    return f"{json.dumps(event, indent=2)}\n".encode()


def _least(model: type[BaseModel]) -> dict[str, Any]:
    """Give the least data of an event: what must be there, else what it is called by, with a made-up text."""
    fields = model.model_fields
    least = {name for name, field in fields.items() if field.is_required() or name == "identificatie"}
    least = least or {next((name for name, field in fields.items() if field.annotation == (str | None)), "")}
    return {
        name: _least(field.annotation)
        if isinstance(field.annotation, type) and issubclass(field.annotation, BaseModel)
        else "9999-1"
        for name, field in fields.items()
        if name in least
    }
