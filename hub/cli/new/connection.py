"""`zaakhub new connection`: a folder with a connection.yaml that loads, every option of its adapter explained."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from pathlib import Path
from textwrap import wrap
from typing import Annotated, Any

import typer
from pydantic import BaseModel

from hub.cli.new.files import next_steps, write
from hub.config.connection import Connection, Direction
from hub.config.load import load_connection
from hub.config.schema import model_schema
from hub.config.settings import PREFIX, Settings
from hub.config.validate import validated
from hub.config.yaml import parse_yaml
from hub.errors import ConfigurationWrong
from hub.event.catalogue import EVENT_TYPES
from hub.event.vragen import answer_kind
from hub.event.wijzigingen import ONDERWERPEN
from hub.ports.manifest import Manifest
from hub.ports.registry import Registry

Mappings = Annotated[Path | None, typer.Option(help="Folder of connections. Default: ZAAKHUB_MAPPINGS, else mappings.")]


def connection(
    name: Annotated[str, typer.Argument(help="Name of the connection: lower case, digits, hyphens.")],
    *,
    adapter: Annotated[str, typer.Option(help="The protocol that the system speaks: an adapter.")],
    direction: Annotated[
        Direction | None, typer.Option(help="Which way messages go; asked only of an adapter that does both.")
    ] = None,
    mappings: Mappings = None,
) -> None:
    """Begin a connection: a folder with a connection.yaml that loads.

    [dim]Example: zaakhub new connection formulieren-oost --adapter stuf_zds --direction inbound[/]
    """
    registry = Registry()
    manifest = registry.manifest(adapter)
    chosen = _direction(manifest, direction)
    root = folder_of_connections(mappings)
    file = root / name / "connection.yaml"
    text = written(name, manifest, chosen, registry.options(adapter, chosen))
    # Before anything is written: a name that can't be one is told now.
    validated(Connection, parse_yaml(text, name=str(file)))
    write({file: text})
    load_connection(file.parent, os.environ)
    kinds = {
        Direction.INBOUND: manifest.messages,
        Direction.OUTBOUND: manifest.events,
        Direction.ASK: tuple(map(answer_kind, manifest.questions)),
    }[chosen]
    steps = ["fill in what differs here, then say which field becomes which:"]
    if root != Settings.read(os.environ).mappings:
        steps.insert(0, f"export {PREFIX}MAPPINGS={root}")
    gives = f" --gives {next(iter(EVENT_TYPES))}" if chosen is Direction.INBOUND else ""
    next_steps([*steps, *(f"zaakhub new mapping {name} {kind}{gives}" for kind in kinds[:1])])


def folder_of_connections(given: Path | None) -> Path:
    """Give the folder that was asked for, or that of the settings, or `mappings` where one is."""
    if given is not None:
        return given
    return Settings.read(os.environ).mappings if os.environ.get(f"{PREFIX}MAPPINGS") else Path("mappings")


def written(name: str, manifest: Manifest, direction: Direction, options: type[BaseModel]) -> str:
    """Give the text of a connection.yaml."""
    return "\n".join([*_head(name, manifest, direction), *_options(options, manifest.name), *_policy(), ""])


def _direction(manifest: Manifest, asked: Direction | None) -> Direction:
    if asked is None and len(manifest.directions) > 1:
        raise typer.BadParameter("this adapter can do more than one: say which", param_hint="--direction")
    chosen = asked or manifest.directions[0]
    if chosen not in manifest.directions:
        raise ConfigurationWrong(
            f"adapter {manifest.name} is {manifest.directions[0]} only", file="--direction", advice="leave it out"
        )
    return chosen


def _head(name: str, manifest: Manifest, direction: Direction) -> Iterator[str]:
    yield f"# {manifest.title}"
    yield "# Every key is explained in VS Code when you point at it, and completed while you type."
    yield f"connection: {name}"
    yield 'description: ""  # for people: which systems, which messages'
    yield f"direction: {direction}"
    yield f"adapter: {manifest.name}"
    if direction is Direction.INBOUND:
        yield from _VERWERKING
        yield "acknowledge: accepted  # the sender gets its answer as soon as the hub has the message safely"
        yield "# Who may send. `none` is anybody who reaches the port, and `zaakhub check` says so. In its place:"
        yield '# access: {kind: mutual-tls, oin: "00000001234567890000"}'
        yield '# access: {kind: basic, user: formulieren, password: "${FORMULIEREN_WACHTWOORD}"}'
        yield "access: {kind: none}"
        yield from _target(manifest.inbound_services, "# Where it fetches what messages point at.")
        return
    if direction is Direction.ASK:
        yield from _target(manifest.services, "# Where it asks.")
        return
    domains = sorted({EVENT_TYPES[each].domain for each in manifest.events if each in EVENT_TYPES}) or ["zaken"]
    yield f"domain: {domains[0]}  # the events that are delivered"
    yield from _VERWERKING
    if domains[0] in ONDERWERPEN:
        yield "# Which fields its receiver may see: those of its authorisation. Nothing else of a change goes out."
        yield f"velden: {{{domains[0]}: [{', '.join(_first_velden(domains[0]))}]}}"
        yield "# Which changes go to it: of whom it follows (zaakhub follow), and when one of these fields changed."
        yield "# distribution: {followed: true, changed: [naam]}"
    yield from _target(manifest.services or ("doel",), "# Where it delivers.")


_VERWERKING = (
    "# For which processing activity in your register personal data passes, and on what ground. Fill in your own.",
    "verwerking:",
    "  activiteit: https://register.example.nl/verwerkingen/vul-in",
    "  grondslag: vul de wettelijke grondslag in",
)


def _first_velden(domain: str) -> Iterator[str]:
    """Give the fields that say which one it is: enough to begin with."""
    onderwerp = ONDERWERPEN[domain]
    return (name for name in onderwerp.model.model_fields if name in onderwerp.keys)


def _target(services: tuple[str, ...], about: str) -> Iterator[str]:
    if not services:
        return
    yield "target:"
    yield f"  {about}"
    yield "  # ${NAME} is filled from the environment: right for addresses that differ per machine."
    yield "  services:"
    for service in services:
        yield f"    {service}: https://{service}.example/"
    yield "  # How the hub makes itself known there. A secret never stands in this file:"
    yield '  # auth: {kind: bearer, token: "${TARGET_TOKEN}"}'


def _options(model: type[BaseModel], adapter: str) -> Iterator[str]:
    """Give the options of an adapter: those that must be there with an example, the rest as comments."""
    schema = model_schema(model)
    examples = {field.alias or name: field.examples for name, field in model.model_fields.items()}
    required = schema.get("required", [])
    properties: dict[str, dict[str, Any]] = schema.get("properties", {})
    if not properties:
        return
    yield f"# What the adapter {adapter} may be told; its README says more."
    yield "options:" if required else "# options:"
    for key, about in sorted(properties.items(), key=lambda each: each[0] not in required):
        yield from wrap(about.get("description", ""), 118, initial_indent="  # ", subsequent_indent="  # ")
        example = next(iter(examples[key] or ()), about.get("default", _EMPTY.get(about.get("type", ""), "")))
        shown = json.dumps(example, ensure_ascii=False)
        yield f"  {key}: {shown}" if key in required else f"  # {key}: {shown}"


_EMPTY: dict[str, object] = {"object": {}, "array": []}
"""How an option of these types begins."""


def _policy() -> Iterator[str]:
    yield "# Limits that differ for this connection; all have a default that is right for most."
    yield "# policy:"
    yield "#   message_bytes_max: 20971520"
