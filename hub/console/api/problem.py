"""Every answer that is no success, as `application/problem+json` (RFC 9457).

It knows which error is which status. It refuses to repeat what a request or a message holds: not a value, not a name
that the caller made up.
"""

from __future__ import annotations

import traceback
import uuid
from collections.abc import Mapping
from functools import cache
from http import HTTPStatus
from types import MappingProxyType
from typing import Any, cast

import structlog
from fastapi import Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import Response
from pydantic.alias_generators import to_camel
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from hub.config import policy
from hub.console.models.problems import InvalidPart, ProblemDetails
from hub.console.models.wire import Wire
from hub.desk.display import visible
from hub.errors import (
    ActRefused,
    ConfigurationWrong,
    HubError,
    HubUnavailable,
    MessageRefused,
    NotAllowed,
    NotIdentified,
    TargetFailed,
)
from hub.security.masking import mask

log = structlog.get_logger()

MEDIA_TYPE = "application/problem+json"

CHANGED = "gewijzigd"
"""Code of an act on something that is not any more what the caller saw of it."""

_STATUS_OF_CODE: Mapping[str, int] = MappingProxyType(
    {
        "onbekend": HTTPStatus.NOT_FOUND,
        "koppeling": HTTPStatus.NOT_FOUND,
        "verlopen": HTTPStatus.NOT_FOUND,
        CHANGED: HTTPStatus.PRECONDITION_FAILED,
        "if-match": HTTPStatus.PRECONDITION_REQUIRED,
        "idempotency-key": HTTPStatus.UNPROCESSABLE_ENTITY,
        "schema": HTTPStatus.UNPROCESSABLE_ENTITY,
        "reden": HTTPStatus.UNPROCESSABLE_ENTITY,
        "geen-criterium": HTTPStatus.UNPROCESSABLE_ENTITY,
        "te-veel": HTTPStatus.UNPROCESSABLE_ENTITY,
        "cursor": HTTPStatus.BAD_REQUEST,
        "id": HTTPStatus.BAD_REQUEST,
        "te-druk": HTTPStatus.TOO_MANY_REQUESTS,
    }
)
"""Of ActRefused; any other code is a conflict with how things stand."""

_TITLES: Mapping[int, str] = MappingProxyType(
    {
        400: "The request is not right",
        401: "Nobody is logged in",
        403: "No right to do this",
        404: "There is no such thing",
        405: "Not with this method",
        409: "Not as things stand",
        412: "It was changed meanwhile",
        413: "The request is too large",
        422: "The request can't be done",
        428: "If-Match is missing",
        429: "Too many requests",
        500: "A mistake in the hub",
        503: "The hub is not available",
    }
)

_HANDED_ON = frozenset({"allow", "retry-after", "www-authenticate"})


def problem(
    status: int,
    detail: str,
    *,
    code: str,
    advice: str = "",
    invalid: list[InvalidPart] | None = None,
    headers: Mapping[str, str] | None = None,
) -> Response:
    """Make the answer."""
    said = ProblemDetails(
        type=f"urn:zaakhub:probleem:{code}",
        title=_TITLES.get(status) or HTTPStatus(status).phrase,
        status=status,
        detail=detail,
        instance=f"urn:uuid:{uuid.uuid4()}",
        code=code,
        advice=advice,
        invalid=invalid or [],
    )
    own = {"cache-control": "no-store", **(headers or {})}
    return Response(said.model_dump_json(by_alias=True), status_code=status, media_type=MEDIA_TYPE, headers=own)


def of_error(error: HubError) -> Response:
    """Make the answer of an error of the hub."""
    detail, code, advice = _shown(error.reason), error.code, _shown(error.advice)
    headers: dict[str, str] = {}
    match error:
        case NotIdentified():
            status, headers = 401, {"www-authenticate": "Bearer"}
        case NotAllowed():
            status = 403
        case ActRefused():
            status = _STATUS_OF_CODE.get(code, HTTPStatus.CONFLICT)
            headers = {"retry-after": str(policy.API_RETRY_AFTER_S)} if status == HTTPStatus.TOO_MANY_REQUESTS else {}
        case MessageRefused() | ConfigurationWrong():
            status = HTTPStatus.UNPROCESSABLE_ENTITY
        case HubUnavailable() | TargetFailed():
            status, headers = HTTPStatus.SERVICE_UNAVAILABLE, {"retry-after": str(policy.API_RETRY_AFTER_S)}
        case _:
            status = HTTPStatus.CONFLICT
    return problem(status, detail, code=code, advice=advice, headers=headers)


async def on_hub_error(_: Request, error: Exception) -> Response:
    """Answer an error of the hub."""
    return of_error(cast("HubError", error))


async def on_invalid(_: Request, error: Exception) -> Response:
    """Answer a request that does not fit its description."""
    parts = [_part(each) for each in cast("RequestValidationError", error).errors()[: policy.API_INVALID_PARTS_MAX]]
    return problem(
        400,
        "the request does not fit the description of the API",
        code="ongeldig",
        advice="see `invalid` and /v1/openapi.json",
        invalid=parts,
    )


async def on_http(_: Request, error: Exception) -> Response:
    """Answer what the framework refuses: no such route, not this method, not JSON, too large."""
    status = cast("HTTPException", error).status_code
    given = cast("HTTPException", error).headers or {}
    headers = {name: value for name, value in given.items() if name.lower() in _HANDED_ON}
    phrase = HTTPStatus(status).phrase
    return problem(status, phrase.lower(), code=phrase.lower().replace(" ", "-"), headers=headers)


class Unexpected:
    """Answers what nobody expected, and logs where it came from; its words may hold a value, so nobody sees them."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve a request."""
        begun = False

        async def sent(message: Message) -> None:
            nonlocal begun
            begun = begun or message["type"] == "http.response.start"
            await send(message)

        try:
            await self._app(scope, receive, sent)
        except Exception as error:  # noqa: BLE001 - whatever it is, the caller gets an answer and the log a place
            frame = traceback.extract_tb(error.__traceback__)[-1]
            answer = problem(500, "something unexpected happened; it is in the log of the hub", code="onverwacht")
            log.error(  # noqa: TRY400 - the text of an exception may hold a value
                "api_request_failed",
                error=type(error).__name__,
                place=f"{frame.filename.rpartition('/')[2]}:{frame.lineno}",
                route=getattr(scope.get("route"), "path", ""),
            )
            if not begun:
                await answer(scope, receive, send)


def _shown(text: str) -> str:
    """Give what an error says as a screen may have it: it may name a field or a connection that the caller made up."""
    shown = mask(" ".join(visible(text).split()))
    return shown if len(shown) <= policy.API_DETAIL_CHARS_MAX else f"{shown[: policy.API_DETAIL_CHARS_MAX]}…"


def _part(details: Mapping[str, Any]) -> InvalidPart:
    place, *path = details["loc"]
    # What is no field of ours is a name that the caller made up: a key of `files`, a field too many.
    known = [str(each) if isinstance(each, int) or each in _fields() else "…" for each in path]
    if details["type"] == "json_invalid":
        known = []
    return InvalidPart(
        place=place if place in {"body", "query", "path", "header"} else "body",
        path=".".join(known),
        reason=str(details["msg"]),
    )


@cache
def _fields() -> frozenset[str]:
    found = {"cursor", "limit", "by", "act", "id", "name", "zaak", "stage", "state", "since", "until", "If-Match"}
    models = [Wire]
    for model in models:
        models += model.__subclasses__()
        found |= {to_camel(name) for name in model.model_fields}
    return frozenset(found)
