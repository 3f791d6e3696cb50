"""The JSON Schema of each event type, made from its model: what a consumer in another language reads.

It knows how the canonical models say "absent" and "null". It refuses to know where an event travels.
`python -m hub.event.schemas` writes the files in `schemas/events`; a test holds them against the models.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from pydantic.json_schema import GenerateJsonSchema, JsonSchemaValue
from pydantic_core import core_schema

from hub.config.shipped import shipped
from hub.event.catalogue import EVENT_TYPES

DIALECT = "https://json-schema.org/draft/2020-12/schema"


class _Schema(GenerateJsonSchema):
    """Without `default`: a field that is absent says nothing, which is not what null says. Short where it can be."""

    def default_schema(self, schema: core_schema.WithDefaultSchema) -> JsonSchemaValue:
        return self.generate_inner(schema["schema"])

    def nullable_schema(self, schema: core_schema.NullableSchema) -> JsonSchemaValue:
        inner = self.generate_inner(schema["schema"])
        if not isinstance(inner.get("type"), str):
            return super().nullable_schema(schema)
        values = {"enum": [*inner["enum"], None]} if "enum" in inner else {}
        return {**inner, "type": [inner["type"], "null"], **values}

    def field_title_should_be_set(self, schema: object) -> bool:  # noqa: ARG002 - the name of a field is its title
        return False


def json_schema(event_type: str) -> dict[str, Any]:
    """Give the JSON Schema (2020-12) of the data of an event type; raises KeyError for one that there is not."""
    known = EVENT_TYPES[event_type]
    schema = known.model.model_json_schema(schema_generator=_Schema)
    return {
        "$schema": DIALECT,
        "$id": f"urn:zaakhub:event:{known.name}",
        **schema,
        "title": known.name,
        "description": known.summary,
    }


def file_name(event_type: str) -> str:
    """Name the file of an event type."""
    return f"{event_type}.schema.json"


def written(event_type: str) -> str:
    """Give the text of the file of an event type."""
    return json.dumps(json_schema(event_type), indent=2, ensure_ascii=False) + "\n"


def write_all(folder: Path) -> None:
    """Write the file of every event type into `folder`."""
    folder.mkdir(parents=True, exist_ok=True)
    for name in EVENT_TYPES:
        (folder / file_name(name)).write_text(written(name), encoding="utf-8")


if __name__ == "__main__":
    write_all(shipped("schemas") / "events")
