"""An answer that is no success: `application/problem+json` (RFC 9457), and the headers that every answer has.

It knows what a status means for whoever asked. It refuses to tell what is wrong inside the hub: that stands in its log,
under the `instance` of the problem.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Any

import orjson

from adapters.bevragen.diensten import VERSION
from adapters.bevragen.vraag import INVALID, Mistake
from hub.ports.contracts import MessageRefusal, Reply

MEDIA_TYPE = "application/problem+json"
HEADERS = (
    ("API-Version", VERSION),
    # NL API Design Rules, module transport security.
    ("Cache-Control", "no-store"),
    ("Content-Security-Policy", "frame-ancestors 'none'"),
    ("Strict-Transport-Security", "max-age=31536000"),
    ("X-Content-Type-Options", "nosniff"),
    ("X-Frame-Options", "DENY"),
)

TITLES: Mapping[int, str] = {
    400: "The question is not right",
    401: "It is not known who asks",
    403: "This may not be asked",
    404: "There is no such address",
    405: "Not with this method",
    413: "The question is too large",
    415: "The question is no JSON",
    429: "Too many questions",
    500: "A mistake in the hub",
    502: "The source can not be asked",
    503: "Not available for now",
    504: "No answer in time",
}
_DETAILS: Mapping[int, str] = {
    500: "the question could not be answered; the operators of the hub can see why",
    502: "the source answered what it should not, or does not let the hub in; the operators of the hub can see why",
    503: "the source or the hub is not available: ask again later",
    504: "the source did not answer in time: ask again later",
}
"""What is told of what an asker can do nothing about: the reason names files and addresses of the municipality."""
_CODES: Mapping[tuple[str, int], str] = {
    ("StUF013", 401): "niet-toegelaten",
    ("StUF013", 403): "niet-toegelaten",
    ("StUF046", 503): "niet-beschikbaar",
    ("StUF055", 400): INVALID,
    ("StUF055", 413): "te-groot",
}
"""Codes with which the hub turns a message away before any adapter reads it, each with the status of its meaning."""


def problem(
    status: int,
    code: str,
    detail: str,
    *,
    message_id: str = "",
    mistakes: Sequence[Mistake] = (),
    headers: Sequence[tuple[str, str]] = (),
) -> Reply:
    """Make the answer."""
    said: dict[str, Any] = {
        "type": f"urn:zaakhub:probleem:{code}",
        "title": TITLES.get(status) or HTTPStatus(status).phrase,
        "status": int(status),
        "detail": detail,
        "code": code,
    }
    if message_id:
        said["instance"] = f"urn:uuid:{message_id}"
    if mistakes:
        said["invalidParams"] = [each._asdict() for each in mistakes]
    return Reply(status, MEDIA_TYPE, orjson.dumps(said), (*HEADERS, *headers))


def code_of(refusal: MessageRefusal) -> str:
    """Name what is wrong, for programs."""
    return _CODES.get((refusal.code, refusal.http_status or refusal.status), refusal.code)


def of_refusal(refusal: MessageRefusal, *, message_id: str, mistakes: Sequence[Mistake]) -> Reply:
    """Make the answer to a question that was turned away or could not be answered."""
    status = refusal.http_status or refusal.status
    headers = []
    if refusal.retry_after_s is not None:
        headers.append(("Retry-After", str(math.ceil(refusal.retry_after_s))))
    if status == HTTPStatus.METHOD_NOT_ALLOWED:
        headers.append(("Allow", "GET"))
    return problem(
        status,
        code_of(refusal),
        _DETAILS.get(status, refusal.reason),
        message_id=message_id,
        mistakes=mistakes,
        headers=headers,
    )
