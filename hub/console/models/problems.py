"""Why a request was not done."""

from __future__ import annotations

from typing import Literal

from hub.console.models.wire import Wire


class InvalidPart(Wire):
    """One part of a request that is wrong. It never repeats what was given."""

    place: Literal["body", "query", "path", "header"]
    path: str
    """Names of fields with dots between them; empty for the whole."""
    reason: str


class ProblemDetails(Wire):
    """Why a request was not done (RFC 9457), and what to do about it. Nothing of a message stands in it."""

    type: str
    title: str
    status: int
    detail: str
    instance: str
    """Names this one time that it happened: the log of the hub has it too."""
    code: str
    advice: str = ""
    invalid: list[InvalidPart] = []
