"""The description of the API: OpenAPI 3.1, as the NL API Design Rules want it.

It knows what FastAPI writes of routes and models, and completes it: which right a route asks for, which headers an
answer has.
"""

from __future__ import annotations

import json
import re
from typing import Any, cast

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi
from fastapi.routing import APIRoute

from hub.console.api import idempotency
from hub.console.api.answers import VERSION, described, header, headers, headers_of
from hub.console.api.caller import needs_of
from hub.console.models.connections import Overview
from hub.console.models.problems import ProblemDetails

PREFIX = "/v1"

_PAGE = re.compile(r"\bPage_(\w+?)_\b")
_TAGGED = frozenset({"get_group", "change_group", "get_failure", "replay_failure", "drop_failure"}) | {
    "create_plan",
    "get_plan",
    "command_plan",
}

_KEY = {
    "name": idempotency.HEADER,
    "in": "header",
    "required": False,
    "description": "Makes that a request which comes twice is done once: the second gets the answer of the first.",
    "schema": {"type": "string", "minLength": 8, "maxLength": 100, "pattern": "^[A-Za-z0-9_.:-]+$"},
}
_CSRF = {
    "name": "X-CSRF-Token",
    "in": "header",
    "required": False,
    "description": "The token of the session; needed with a cookie.",
    "schema": {"type": "string", "maxLength": 200},
}

_TAGS = {
    "wie": "Who is logged in, and what is shown to them.",
    "koppelingen": "Connections, and how they fare.",
    "groepen": "Failures that look alike.",
    "fouten": "Failures, and what may be done with them.",
    "berichten": "The content of messages.",
    "correcties": "Edits of a message that failed.",
    "herhaalplannen": "Replay of many messages, in order.",
    "zoeken": "Finding messages, and the life of a zaak.",
    "mappings": "Files, playground and test cases.",
    "audit": "What people did.",
    "api": "The description itself.",
}


def document(app: FastAPI) -> dict[str, Any]:
    """Describe the routes of an app."""
    made = get_openapi(
        title="Zaakhub",
        version=VERSION,
        openapi_version="3.1.0",
        summary="What operators of the message hub see and do.",
        description=(
            "Every answer that is no success is `application/problem+json` (RFC 9457); `code` and `advice` say what "
            "to do. Lists are pages: `next` is the `cursor` of the page behind. An act on something that others may "
            "change too sends back its `ETag` as `If-Match`. Times are UTC."
        ),
        routes=app.routes,
        tags=[{"name": name, "description": said} for name, said in _TAGS.items()],
        servers=[{"url": PREFIX, "description": "This hub"}],
        license_info={"name": "EUPL-1.2", "identifier": "EUPL-1.2"},
    )
    # Not given to FastAPI, which wants another package to look at the address.
    made["info"]["contact"] = {
        "name": "Beheer van de Zaakhub",
        "email": "beheer@zaakhub.example",
        "url": "https://zaakhub.example/docs/",
    }
    schemas = made["components"]["schemas"]
    for name in ("HTTPValidationError", "ValidationError"):
        schemas.pop(name, None)
    # No route answers with these: one is every error, the other is in a stream.
    for model in (ProblemDetails, Overview):
        described_as = model.model_json_schema(mode="serialization", ref_template="#/components/schemas/{model}")
        schemas.update(described_as.pop("$defs"))
        schemas[model.__name__] = described_as
    made["components"]["responses"] = described()
    made["components"]["headers"] = headers()
    made["components"]["parameters"] = {"IdempotencyKey": _KEY, "CsrfToken": _CSRF}
    made["components"]["securitySchemes"] = {
        "sessie": {"type": "apiKey", "in": "cookie", "name": "zaakhub", "description": "Of who logged in at /login."},
        "token": {"type": "http", "scheme": "bearer", "description": "Of a machine, from the OpenID provider."},
    }
    for route in routes_of(app):
        for method in sorted(route.methods or ()):
            _complete(made["paths"][route.path_format][method.lower()], route, method)
    # Of a page of views pydantic makes `Page_View_`; a name of a schema is UpperCamelCase.
    return cast("dict[str, Any]", json.loads(_PAGE.sub(r"\1Page", json.dumps(made))))


def routes_of(app: FastAPI) -> list[APIRoute]:
    """Give the routes that are described."""
    return [each for each in _flat(app.routes) if each.include_in_schema]


def _flat(routes: list[Any]) -> list[APIRoute]:
    found: list[APIRoute] = []
    for each in routes:
        if isinstance(each, APIRoute):
            found.append(each)
        elif (inner := getattr(each, "original_router", None)) is not None:
            found += _flat(inner.routes)
    return found


def _complete(operation: dict[str, Any], route: APIRoute, method: str) -> None:
    first, *others = route.name.split("_")
    operation["operationId"] = first + "".join(each.capitalize() for each in others)
    asked = needs_of(route.endpoint)
    if asked is None:
        operation["security"] = []
    else:
        operation["security"] = [{"sessie": []}, {"token": []}]
        operation["x-rights"] = [right.value for right in asked.rights]
        wanted = " or ".join(f"`{right.value}`" for right in asked.rights) or "to be logged in"
        also = f" ({asked.why})" if asked.why else ""
        operation["description"] = f"{operation.get('description', '')}\n\nNeeds {wanted}{also}."
    if method == "POST" and asked is not None and not asked.harmless:
        operation.setdefault("parameters", []).append({"$ref": "#/components/parameters/IdempotencyKey"})
    if method != "GET":
        operation.setdefault("parameters", []).append({"$ref": "#/components/parameters/CsrfToken"})
    said = operation["responses"]
    if "422" in said and 422 not in route.responses:  # noqa: PLR2004 - FastAPI adds it to every route
        del said["422"]
    for status, answer in list(said.items()):
        if "$ref" in answer:
            said[status] = {"$ref": answer["$ref"]}
            continue
        answer["headers"] = headers_of(int(status))
        if route.name in _TAGGED:
            answer["headers"]["ETag"] = header("ETag")
