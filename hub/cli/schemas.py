"""The JSON Schemas of everything a partner writes: connections, mappings, layers, parts, dialects and manifests.

It puts together what the rooms below know: the models, the language, the adapters that are there with their options.
`python -m hub.cli.schemas` writes the files in `schemas/config`, which `.vscode/settings.json` gives to the editor; a
test holds them against the code.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from pydantic import BaseModel

from hub.config.connection import Connection, Direction
from hub.config.dialects import Dialect
from hub.config.schema import DIALECT, REFERENCE, model_schema
from hub.config.shipped import shipped
from hub.event.catalogue import EVENT_TYPES
from hub.event.models import ASKED
from hub.event.vragen import QUESTION_TYPES, answer_kind
from hub.mapping.schema import layer_schema, mapping_schema, part_schema
from hub.ports.manifest import Manifest
from hub.ports.registry import Registry

FOLDER = "config"
"""Below `schemas`."""


def schemas(registry: Registry) -> dict[str, dict[str, Any]]:
    """Give the schema of each kind of file, by the name of its own file."""
    events = {each.name: each.summary for each in EVENT_TYPES.values()}
    answers = {answer_kind(each.name): f"The answer. {each.summary}" for each in QUESTION_TYPES.values()}
    messages = {
        kind: manifest.title for manifest in map(registry.manifest, registry.names()) for kind in manifest.messages
    }
    made = {
        "connection": connection_schema(registry),
        "mapping": mapping_schema({**messages, **events, **answers}, {**ASKED, **answers}),
        "layer": layer_schema({**messages, **events, **answers}),
        "part": part_schema(),
        "dialect": {"$schema": DIALECT, "title": "A pack for what a sender does differently", **model_schema(Dialect)},
        "manifest": {"$schema": DIALECT, "title": "An adapter", **model_schema(Manifest)},
    }
    return {f"{name}.schema.json": schema for name, schema in made.items()}


def connection_schema(registry: Registry) -> dict[str, Any]:
    """Give the schema of connection.yaml, with the options of every adapter."""
    schema = model_schema(Connection)
    names = registry.names()
    schema["properties"]["adapter"] = {
        "description": schema["properties"]["adapter"]["description"],
        "enum": names,
        "enumDescriptions": [registry.manifest(name).title for name in names],
    }
    definitions: dict[str, Any] = schema.pop("definitions")
    choices: list[dict[str, Any]] = [
        {
            "if": _is("direction", Direction.OUTBOUND),
            "then": {"required": ["domain"]},
            "else": {"properties": {"domain": {"type": "null"}}},
        },
        {
            "if": _is("direction", Direction.INBOUND),
            "then": {"required": ["access"]},
            "else": {"required": ["target"], "properties": {"access": {"type": "null"}}},
        },
    ]
    for name in names:
        directions = registry.manifest(name).directions
        may = {"properties": {"direction": {"enum": [each.value for each in directions]}}}
        if len({registry.options(name, each) for each in directions}) == 1:
            made = _options(registry.options(name, directions[0]), f"options-{name}", definitions)
            may["properties"] |= made.pop("properties")
            choices.append({"if": _is("adapter", name), "then": {**may, **made}})
            continue
        choices.append({"if": _is("adapter", name), "then": may})
        for each in directions:
            both = {"allOf": [_is("adapter", name), _is("direction", each)]}
            made = _options(registry.options(name, each), f"options-{name}-{each}", definitions)
            choices.append({"if": both, "then": made})
    return {"$schema": DIALECT, "title": "A connection", **schema, "allOf": choices, "definitions": definitions}


def _options(model: type[BaseModel], name: str, definitions: dict[str, Any]) -> dict[str, Any]:
    """Give what must hold for the options of a connection, and put their model among the definitions."""
    options = model_schema(model)
    inner = options.pop("definitions", {})
    # Under names of their own: two adapters may call different things the same.
    text = json.dumps({**inner, name: options})
    for each in inner:
        text = text.replace(_quoted(each), _quoted(f"{name}-{each}"))
    definitions |= {f"{name}-{key}" if key in inner else key: value for key, value in json.loads(text).items()}
    then: dict[str, Any] = {"properties": {"options": {"$ref": REFERENCE.format(model=name)}}}
    return {**then, "required": ["options"]} if "required" in options else then


def _quoted(model: str) -> str:
    return json.dumps(REFERENCE.format(model=model))


def written(schema: dict[str, Any]) -> str:
    """Give the text of a file."""
    return json.dumps(schema, indent=2, ensure_ascii=False) + "\n"


def write_all(folder: Path, registry: Registry) -> None:
    """Write the file of every schema into `folder`."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, schema in schemas(registry).items():
        (folder / name).write_text(written(schema), encoding="utf-8")


def _is(key: str, value: str) -> dict[str, Any]:
    return {"properties": {key: {"const": value}}, "required": [key]}


if __name__ == "__main__":
    write_all(shipped("schemas") / FOLDER, Registry())
