"""A published OpenAPI file as a judge of requests and answers: whether it knows the one and promises the other.

It reads OpenAPI 3.0. Fields that a schema does not name are wrong in an answer of ours, although the schema would let
them pass.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

import yaml
from jsonschema import Draft4Validator

from tests.support.shared import SHARED

Json = dict[str, Any]


@cache
def published(*parts: str) -> OpenApi:
    """Give a file of the reference data, by its parts below `standards`."""
    return OpenApi(SHARED.joinpath("standards", *parts))


class OpenApi:
    """One file.

    `forgive` are names that a schema demands by mistake (`Adres/kortNaam`), `besides` names that it forgets while the
    source itself publishes them.
    """

    def __init__(
        self, path: Path, *, forgive: frozenset[str] = frozenset(), besides: frozenset[str] = frozenset()
    ) -> None:
        self._besides = besides
        loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
        self._spec: Json = yaml.load(path.read_text(encoding="utf-8"), loader)
        for each in forgive:
            schema_name, _, field = each.partition("/")
            self._spec["components"]["schemas"][schema_name]["required"].remove(field)
        for part in self._schemas(self._spec["components"]["schemas"]):
            if part.pop("nullable", False) and "type" in part:
                part["type"] = [part["type"], "null"]

    def wrong_with_request(
        self, method: str, path: str, query: Mapping[str, str], headers: Mapping[str, str]
    ) -> list[str]:
        """Say what is wrong with a request; `path` is relative to the server, `headers` has lower-case names."""
        found = self._operation(method, path)
        if found is None:
            return [f"{method} {path}: unknown"]
        operation, values = found
        parameters = {(each["in"], each["name"]): each for each in map(self._resolved, operation.get("parameters", ()))}
        given = {("query", name): value for name, value in query.items()}
        given |= {("path", name): value for name, value in values.items()}
        given |= {
            (where, name): headers[name.lower()]
            for where, name in parameters
            if where == "header" and name.lower() in headers
        }
        wrong = [f"{where} {name}: unknown" for where, name in given if (where, name) not in parameters]
        wrong += [
            f"{where} {name}: missing"
            for (where, name), each in parameters.items()
            if each.get("required") and (where, name) not in given
        ]
        for key, value in given.items():
            if key in parameters:
                schema = self._resolved(parameters[key]["schema"])
                wrong += [f"{key}: {error.message}" for error in self._errors(schema, _typed(value, schema))]
        return wrong

    def wrong_with_answer(self, method: str, path: str, status: int, media: str, body: object) -> list[str]:
        """Say what is wrong with an answer."""
        found = self._operation(method, path)
        if found is None:
            return [f"{method} {path}: unknown"]
        responses = found[0]["responses"]
        response = self._resolved(responses.get(str(status)) or responses.get("default") or {})
        content = response.get("content", {}).get(media)
        if content is None:
            return [f"{status} {media}: not promised"]
        schema = content["schema"]
        wrong = [f"{'/'.join(map(str, error.absolute_path))}: {error.message}" for error in self._errors(schema, body)]
        return wrong + [f"{place}: not in the schema" for place in self._unnamed(schema, body, "")]

    def paths_of(self, name: str) -> set[str]:
        """Give every field of a schema, as a path through objects and lists; links are none."""
        return {path for path in self._paths({"$ref": f"#/components/schemas/{name}"}, "") if path}

    def _paths(self, schema: Json, at: str) -> Iterator[str]:
        schema = self._resolved(schema)
        yield at
        if "items" in schema:
            yield from self._paths(schema["items"], at)
        for name, each in self._properties(schema).items():
            if name not in {"_links", "_embedded"}:
                yield from self._paths(each, f"{at}.{name}" if at else name)

    def _operation(self, method: str, path: str) -> tuple[Json, dict[str, str]] | None:
        plain_first = sorted(self._spec["paths"].items(), key=lambda item: item[0].count("{"))
        for template, operations in plain_first:
            pattern = re.sub(r"\{(\w+)\}", r"(?P<\1>[^/]+)", template)
            matched = re.fullmatch(pattern, "/" + path.lstrip("/"))
            if matched and method.lower() in operations:
                return operations[method.lower()], matched.groupdict()
        return None

    def _errors(self, schema: Json, value: object) -> Iterator[Any]:
        return Draft4Validator({**schema, "components": self._spec["components"]}).iter_errors(value)

    def _unnamed(self, schema: Json, value: object, place: str) -> Iterator[str]:
        """Give where a value has fields that the schema has no name for."""
        schema = self._resolved(schema)
        if isinstance(value, list) and "items" in schema:
            for number, each in enumerate(value):
                yield from self._unnamed(schema["items"], each, f"{place}[{number}]")
        if not isinstance(value, dict):
            return
        named = self._properties(schema)
        if not named:
            return
        for name, each in value.items():
            if name in named:
                yield from self._unnamed(named[name], each, f"{place}/{name}")
            elif "additionalProperties" not in schema and name not in self._besides:
                yield f"{place}/{name}"

    def _properties(self, schema: Json) -> Json:
        schema = self._resolved(schema)
        named = dict(schema.get("properties", {}))
        for part in (*schema.get("allOf", ()), *schema.get("oneOf", ()), *schema.get("anyOf", ())):
            named |= self._properties(part)
        return named

    def _resolved(self, part: Json) -> Json:
        while "$ref" in part:
            found: Any = self._spec
            for name in part["$ref"].removeprefix("#/").split("/"):
                found = found[name]
            part = found
        return part

    def _schemas(self, part: object) -> Iterator[Json]:
        if isinstance(part, dict):
            yield part
        for each in part.values() if isinstance(part, dict) else part if isinstance(part, list) else ():
            yield from self._schemas(each)


def _typed(value: str, schema: Json) -> object:
    """Read the text of a parameter as what its schema says it is."""
    kind = schema.get("type")
    if kind in {"integer", "number"} and re.fullmatch(r"-?[0-9]+", value):
        return int(value)
    if kind == "boolean":
        return {"true": True, "false": False}.get(value, value)
    return value.split(",") if kind == "array" else value
