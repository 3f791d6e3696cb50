"""A published OpenAPI file as a judge of what is sent and what is answered, where types are told apart by `type`.

A discriminator says which schema a value must fit: the judge follows it. Fields that the schema does not name are
wrong, although it would let them pass.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

import yaml
from jsonschema import Draft202012Validator, FormatChecker

from tests.support.shared import SHARED

Json = dict[str, Any]

BRP = ("standards", "haalcentraal-brp")


@cache
def brp(file: str) -> Bodies:
    """Give a file of the BRP from the reference data."""
    return Bodies(SHARED.joinpath(*BRP, file))


class Bodies:
    """The bodies of one file."""

    def __init__(self, path: Path) -> None:
        loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
        self._spec: Json = yaml.load(path.read_text(encoding="utf-8"), loader)

    def wrong_with_request(self, path: str, body: object) -> list[str]:
        """Say what is wrong with the body of a POST."""
        content = self._spec["paths"][path]["post"]["requestBody"]["content"]
        return list(self._wrong(_json(content)["schema"], body, "", frozenset()))

    def wrong_with_answer(self, path: str, status: int, body: object) -> list[str]:
        """Say what is wrong with an answer to a POST."""
        response = self._resolved(self._spec["paths"][path]["post"]["responses"][str(status)])
        return list(self._wrong(_json(response["content"])["schema"], body, "", frozenset()))

    def _wrong(self, schema: Json, value: object, place: str, seen: frozenset[str]) -> Iterator[str]:
        schema = self._resolved(schema)
        target = self._told_apart(schema, value)
        if target and target not in seen:
            yield from self._wrong({"$ref": target}, value, place, seen | {target})
            return
        whole = self._whole(schema)
        if isinstance(value, dict):
            named = whole.get("properties", {})
            yield from (f"{place}/{name}: missing" for name in whole.get("required", ()) if name not in value)
            for name, each in value.items():
                if name in named:
                    yield from self._wrong(named[name], each, f"{place}/{name}", frozenset())
                else:
                    yield f"{place}/{name}: not in the schema"
        elif isinstance(value, list):
            items = whole.pop("items", {})
            yield from _leaf(whole, value, place)
            for number, each in enumerate(value):
                yield from self._wrong(items, each, f"{place}[{number}]", frozenset())
        else:
            yield from _leaf(whole, value, place)

    def _told_apart(self, schema: Json, value: object) -> str | None:
        """Give the schema that the `type` of a value says it has."""
        by: Any = schema.get("discriminator")
        if not isinstance(by, dict) or not isinstance(value, dict):
            return None
        mapping: Mapping[str, str] = by.get("mapping", {})
        return mapping.get(str(value.get(by["propertyName"])))

    def _whole(self, schema: Json) -> Json:
        """Give a schema with its parts in one."""
        schema = self._resolved(schema)
        whole: Json = {"properties": {}, "required": []}
        for part in [*(self._whole(each) for each in schema.get("allOf", ())), schema]:
            whole["properties"] |= part.get("properties", {})
            whole["required"] = [*whole["required"], *part.get("required", ())]
            whole |= {
                key: each
                for key, each in part.items()
                if key in {"type", "pattern", "enum", "format", "items", "minLength", "maxLength", "minimum", "maximum"}
                or key in {"minItems", "maxItems"}
            }
        return whole

    def _resolved(self, part: Json) -> Json:
        while "$ref" in part:
            found: Any = self._spec
            for name in part["$ref"].removeprefix("#/").split("/"):
                found = found[name]
            part = found
        return part


def _json(content: Mapping[str, Json]) -> Json:
    return next(each for media, each in content.items() if "json" in media)


def _leaf(schema: Json, value: object, place: str) -> Iterator[str]:
    plain = {key: each for key, each in schema.items() if key not in {"properties", "required"}}
    validator = Draft202012Validator(plain, format_checker=FormatChecker())
    yield from (f"{place}: {error.message}" for error in validator.iter_errors(value))
