"""The description of the API: OpenAPI 3.1, made of the canonical models.

It knows what the NL API Design Rules ask of a description. It refuses to know what a question means.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import Any
from urllib.parse import urlsplit

from pydantic.json_schema import models_json_schema

from adapters.bevragen.diensten import PREFIX, VERSION, Dienst
from adapters.bevragen.probleem import MEDIA_TYPE, TITLES
from adapters.bevragen.vraag import JSON

PATH = f"{PREFIX}/openapi.json"

_REFUSALS = (400, 401, 403, 413, 415, 429, 500, 502, 503, 504)
_LATER = frozenset({429, 503})
_INT64 = 2**63

_MISTAKE = {
    "type": "object",
    "required": ["name", "code", "reason"],
    "properties": {
        "name": {"type": "string", "description": "The field; empty where it is none of the question."},
        "code": {"type": "string", "description": "The rule of the description that is broken."},
        "reason": {"type": "string"},
    },
}
_PROBLEM = {
    "type": "object",
    "description": "Why there is no answer (RFC 9457). It never says what was asked.",
    "required": ["type", "title", "status", "detail", "code"],
    "properties": {
        "type": {"type": "string", "format": "uri"},
        "title": {"type": "string"},
        "status": {"type": "integer", "minimum": 400, "maximum": 599},
        "detail": {"type": "string"},
        "instance": {"type": "string", "format": "uri", "description": "What the operators of the hub find it by."},
        "code": {"type": "string", "description": "What went wrong, for programs."},
        "invalidParams": {"type": "array", "items": {"$ref": "#/components/schemas/InvalidParam"}},
    },
}
_HEADERS = {
    "API-Version": {"description": "The full version of the API.", "schema": {"type": "string"}},
    "Retry-After": {"description": "When to ask again, in seconds.", "schema": {"type": "integer", "minimum": 0}},
}


def document(diensten: Sequence[Dienst], *, url: str) -> dict[str, Any]:
    """Describe these; `url` is where the description itself stands."""
    door = urlsplit(url).path.removesuffix("/openapi.json")
    return {**_described(tuple(diensten)), "servers": [{"url": door, "description": "This hub"}]}


@cache
def _described(diensten: tuple[Dienst, ...]) -> dict[str, Any]:
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Zaakhub: vragen",
            "summary": "Questions to the national registers and those of the municipality.",
            "description": (
                "A question says which fields it needs (`velden`), and its answer has no more than those, as far as "
                "this application may see them. Nothing found is an empty list. Every answer that is no success is "
                "`application/problem+json` (RFC 9457). A call goes on with the trace of its `traceparent`."
            ),
            "version": VERSION,
            "license": {"name": "EUPL-1.2", "identifier": "EUPL-1.2"},
            "contact": {
                "name": "Beheer van de Zaakhub",
                "email": "beheer@zaakhub.example",
                "url": "https://zaakhub.example/docs/",
            },
        },
        "tags": [{"name": each.naam, "description": each.asked.summary} for each in diensten],
        "paths": {f"/{each.naam}": _operations(each) for each in diensten} | {"/openapi.json": _of_itself()},
        "components": {"schemas": _schemas(diensten), "headers": _HEADERS, "responses": _responses()},
    }


def _operations(dienst: Dienst) -> dict[str, Any]:
    posted = {
        **_operation(dienst),
        "description": "A POST, so that nothing that is asked stands in an address. It changes nothing.",
        "operationId": _operation_id(dienst.naam),
        "requestBody": {"required": True, "content": _content(JSON, dienst.question.__name__)},
    }
    if not dienst.by_get:
        return {"post": posted}
    got = {
        **_operation(dienst),
        "description": "The same question as the POST. Ask with POST where nobody may see which address it is about.",
        "operationId": f"{_operation_id(dienst.naam)}MetGet",
        "parameters": _parameters(dienst),
    }
    return {"get": got, "post": posted}


def _parameters(dienst: Dienst) -> list[dict[str, Any]]:
    """Describe what may stand in an address: null, which is no address with it, may not."""
    schema = dienst.question.model_json_schema()
    _completed(schema)
    made = []
    for name, field in schema["properties"].items():
        kinds = [each for each in field.get("anyOf", [field]) if each.get("type") != "null"]
        own = {key: value for key, value in field.items() if key not in {"anyOf", "default", "description"}}
        parameter = {"name": name, "in": "query", "required": name in schema.get("required", ())}
        if described := field.get("description"):
            parameter["description"] = described
        parameter["schema"] = {**own, **kinds[0]}
        if kinds[0].get("type") == "array":
            parameter |= {"style": "form", "explode": False}
        made.append(parameter)
    return made


def _operation(dienst: Dienst) -> dict[str, Any]:
    return {
        "tags": [dienst.naam],
        "summary": dienst.asked.summary,
        "responses": {
            "200": {
                "description": "What was found, also when that is nothing.",
                "headers": _named("API-Version"),
                "content": _content(JSON, dienst.asked.answer.__name__),
            },
            **{str(status): {"$ref": f"#/components/responses/Problem{status}"} for status in _REFUSALS},
        },
    }


def _of_itself() -> dict[str, Any]:
    return {
        "get": {
            "tags": [],
            "summary": "This description.",
            "operationId": "getOpenapi",
            "responses": {
                "200": {
                    "description": "OpenAPI 3.1.",
                    "headers": _named("API-Version"),
                    "content": {JSON: {"schema": {"type": "object"}}},
                },
                **{str(each): {"$ref": f"#/components/responses/Problem{each}"} for each in (401, 403)},
            },
        }
    }


def _responses() -> dict[str, Any]:
    return {
        f"Problem{status}": {
            "description": TITLES[status],
            "headers": _named("API-Version", *(("Retry-After",) if status in _LATER else ())),
            "content": _content(MEDIA_TYPE, "Problem"),
        }
        for status in _REFUSALS
    }


def _schemas(diensten: tuple[Dienst, ...]) -> dict[str, Any]:
    asked = {each.question.__name__ for each in diensten}
    models = [model for each in diensten for model in (each.question, each.asked.answer)]
    _, made = models_json_schema([(each, "validation") for each in models], ref_template="#/components/schemas/{model}")
    schemas: dict[str, Any] = made["$defs"]
    for name, schema in schemas.items():
        _completed(schema)
        if name not in asked:
            # More may be added to an answer in a version of the same major number.
            schema.pop("additionalProperties", None)
    for each in diensten:
        schemas[each.asked.answer.__name__]["required"] = list(each.asked.answer.model_fields)
    return dict(sorted(schemas.items())) | {"Problem": _PROBLEM, "InvalidParam": _MISTAKE}


def _completed(part: Any) -> None:  # noqa: ANN401 - plain JSON data
    """Leave out what only repeats a name, and say what pydantic leaves unsaid."""
    for each in part.values() if isinstance(part, dict) else part if isinstance(part, list) else ():
        _completed(each)
    if not isinstance(part, dict):
        return
    if isinstance(part.get("title"), str):
        del part["title"]
    if part.get("type") == "integer":
        part.setdefault("format", "int64")
        part.setdefault("maximum", _INT64 - 1)
        part.setdefault("minimum", -_INT64)
    if "datum" in (properties := part.get("properties", {})):
        # The design rules want a format of everything called a date: this one may be known in part.
        properties["datum"].setdefault("format", "onvolledige-datum")


def _content(media_type: str, schema: str) -> dict[str, Any]:
    return {media_type: {"schema": {"$ref": f"#/components/schemas/{schema}"}}}


def _named(*names: str) -> dict[str, Any]:
    return {name: {"$ref": f"#/components/headers/{name}"} for name in names}


def _operation_id(naam: str) -> str:
    first, *rest = naam.split("-")
    return "".join([first, *(each.capitalize() for each in rest), "Opvragen"])
