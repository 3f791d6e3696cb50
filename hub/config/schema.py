"""The JSON Schema of a configuration file, made from its model: what an editor checks and completes while one types.

Draft 7, which editors know best. The text below a field of the model becomes its description. It refuses to know where
a schema is kept (`hub.cli.schemas`).
"""

from __future__ import annotations

import ast
import inspect
from textwrap import dedent
from typing import Any

from pydantic import BaseModel
from pydantic.json_schema import GenerateJsonSchema, JsonSchemaValue
from pydantic_core import core_schema

DIALECT = "http://json-schema.org/draft-07/schema#"
REFERENCE = "#/definitions/{model}"


class _Schema(GenerateJsonSchema):
    """Fields with their description and a default that can be typed; no titles, which only repeat the name."""

    def model_schema(self, schema: core_schema.ModelSchema) -> JsonSchemaValue:
        made = super().model_schema(schema)
        fields = schema["cls"].model_fields
        for name, text in descriptions(schema["cls"]).items():
            shown = made["properties"].get(fields[name].alias or name)
            if shown is not None:
                shown["description"] = text
                shown.pop("examples", None)  # for whoever begins a file; while one types it would be completed as it is
        made.pop("title", None)
        return made

    def default_schema(self, schema: core_schema.WithDefaultSchema) -> JsonSchemaValue:
        made = super().default_schema(schema)
        default = made.pop("default", None)
        if isinstance(default, str | int | float) and default != "":
            made["default"] = default
        return made

    def enum_schema(self, schema: core_schema.EnumSchema) -> JsonSchemaValue:
        made = super().enum_schema(schema)
        made.pop("title", None)
        return made

    def field_title_should_be_set(self, schema: object) -> bool:  # noqa: ARG002 - the name of a field is its title
        return False


def model_schema(model: type[BaseModel]) -> dict[str, Any]:
    """Give the schema of a model; what it refers to stands under `definitions`."""
    made = model.model_json_schema(schema_generator=_Schema, ref_template=REFERENCE)
    definitions = made.pop("$defs", None)
    return {**made, "definitions": definitions} if definitions else made


def descriptions(model: type[BaseModel]) -> dict[str, str]:
    """Give the text below each field of a model, in one line; the source must be at hand."""
    found: dict[str, str] = {}
    for parent in reversed(model.__mro__):
        if not issubclass(parent, BaseModel) or parent is BaseModel:
            continue
        [body] = ast.parse(dedent(inspect.getsource(parent))).body
        assert isinstance(body, ast.ClassDef)
        for field, text in zip(body.body, body.body[1:], strict=False):
            match field, text:
                case ast.AnnAssign(target=ast.Name(id=name)), ast.Expr(value=ast.Constant(value=str(said))):
                    found[name] = " ".join(said.split())
    return {name: text for name, text in found.items() if name in model.model_fields}
