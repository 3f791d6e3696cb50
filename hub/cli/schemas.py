"""The JSON Schemas of everything a partner writes: connections, mappings, layers, parts and manifests.

It puts together what the rooms below know: the models, the language, the adapters that are there with their options.
`python -m hub.cli.schemas` writes the files in `schemas/config`, which `.vscode/settings.json` gives to the editor; a
test holds them against the code.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from hub.config.connection import Connection, Direction
from hub.config.schema import DIALECT, REFERENCE, model_schema
from hub.config.shipped import shipped
from hub.event.catalogue import EVENT_TYPES
from hub.mapping.schema import layer_schema, mapping_schema, part_schema
from hub.ports.manifest import Manifest
from hub.ports.registry import Registry

FOLDER = "config"
"""Below `schemas`."""


def schemas(registry: Registry) -> dict[str, dict[str, Any]]:
    """Give the schema of each kind of file, by the name of its own file."""
    events = {each.name: each.summary for each in EVENT_TYPES.values()}
    messages = {
        kind: manifest.title for manifest in map(registry.manifest, registry.names()) for kind in manifest.messages
    }
    made = {
        "connection": connection_schema(registry),
        "mapping": mapping_schema({**messages, **events}, events),
        "layer": layer_schema({**messages, **events}),
        "part": part_schema(),
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
            "then": {"required": ["domain", "target"]},
            "else": {"properties": {"domain": {"type": "null"}, "target": {"type": "null"}}},
        }
    ]
    for name in names:
        options = model_schema(registry.options(name))
        inner = options.pop("definitions", {})
        assert not inner.keys() & definitions.keys()
        definitions |= {**inner, f"options-{name}": options}
        then: dict[str, Any] = {
            "properties": {
                "direction": {"enum": [each.value for each in registry.manifest(name).directions]},
                "options": {"$ref": REFERENCE.format(model=f"options-{name}")},
            }
        }
        if "required" in options:
            then["required"] = ["options"]
        choices.append({"if": _is("adapter", name), "then": then})
    return {"$schema": DIALECT, "title": "A connection", **schema, "allOf": choices, "definitions": definitions}


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
