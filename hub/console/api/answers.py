"""What every route may answer, for its description: a caller can count on nothing else coming."""

from __future__ import annotations

from typing import Any

from hub.console.api.problem import MEDIA_TYPE
from hub.console.models.problems import ProblemDetails

VERSION = "1.0.0"
"""Of the API, after semver: a new field is a minor one; what breaks a caller gets another path than /v1."""

_SAID: dict[int, str] = {
    400: "The request does not fit this description; `invalid` says where.",
    401: "Nobody is logged in, or the session has ended.",
    403: "The caller lacks the right at this connection, or the token `X-CSRF-Token` of the session.",
    404: "There is no such thing, or the caller may not see it.",
    409: "As things stand it can't be done; `advice` says what can.",
    412: "It is not any more what the caller saw of it (`If-Match`): get it again.",
    413: "The request is too large.",
    422: "The request can't be done as it is, or its `Idempotency-Key` was used for another one.",
    428: "`If-Match` is missing: the ETag of what the caller saw.",
    429: "Too many requests, or too many streams: `Retry-After` says when to try again.",
    500: "A mistake in the hub; its log says where.",
    503: "A part of the hub is down: nothing was changed, try again after `Retry-After` seconds.",
}

_RATE = {
    "RateLimit-Limit": "Requests that may be made in one window.",
    "RateLimit-Remaining": "Requests that are left in this window.",
    "RateLimit-Reset": "Seconds until the window ends.",
}


def stream_of(said: str) -> dict[int | str, dict[str, Any]]:
    """Describe an answer that is a stream of events."""
    return {200: {"description": said, "content": {"text/event-stream": {"schema": {"type": "string"}}}}}


def answers(*more: int, body: bool = False) -> dict[int | str, dict[str, Any]]:
    """Describe what a route answers beside its success: what every one may, and `more`."""
    every = {400, 401, 403, 429, 500, 503}
    if body:
        every |= {413, 422}
    return {status: _problem(status) for status in sorted({*every, *more})}


def public() -> dict[int | str, dict[str, Any]]:
    """Describe what a route answers that anybody may call."""
    return {status: _problem(status) for status in (400, 429, 500, 503)}


def headers_of(status: int) -> dict[str, Any]:
    """Give the headers that an answer has."""
    names = ["API-Version", *_RATE, *(["Retry-After"] if status in {429, 503} else [])]
    return {name: header(name) for name in names}


def header(name: str) -> dict[str, Any]:
    """Refer to the description of a header."""
    return {"$ref": f"#/components/headers/{name}"}


def described() -> dict[str, Any]:
    """Describe every answer that is no success, by the name that `answers` refers to."""
    content = {MEDIA_TYPE: {"schema": {"$ref": f"#/components/schemas/{ProblemDetails.__name__}"}}}
    return {
        f"Problem{status}": {"description": said, "content": content, "headers": headers_of(status)}
        for status, said in _SAID.items()
    }


def headers() -> dict[str, Any]:
    """Describe every header, by the name that `headers_of` refers to."""
    return {
        "API-Version": {"description": "Version of the API.", "schema": {"type": "string"}, "example": VERSION},
        "ETag": {"description": "Send it back as `If-Match`.", "schema": {"type": "string"}},
        "Retry-After": _number("Seconds after which it may be tried again."),
        **{name: _number(said) for name, said in _RATE.items()},
    }


def _problem(status: int) -> dict[str, Any]:
    # FastAPI wants a description too; `hub.console.api.document` leaves the reference alone.
    return {"$ref": f"#/components/responses/Problem{status}", "description": _SAID[status]}


def _number(said: str) -> dict[str, Any]:
    return {"description": said, "schema": {"type": "integer", "minimum": 0}}
