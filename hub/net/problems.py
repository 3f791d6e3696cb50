"""What an answer of a national service means when it is not what was asked for: one taxonomy over all services.

It reads the three forms in which they say it: the problem document with `invalidParams` (BRP, WOZ, BRK) or
`invalid-params` (BAG), and the `fout` of the KVK. It repeats codes and names of parameters only: title, detail, reason,
instance and omschrijving may hold what was asked. All that is asked of these services changes nothing there, so nothing
is ever uncertain.
"""

from __future__ import annotations

import re
from collections.abc import Awaitable, Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from enum import StrEnum
from http import HTTPStatus
from typing import Any, NamedTuple

import orjson

from hub.errors import TargetFailed, TargetMisconfigured, TargetRefused, TargetUnavailable
from hub.net.response import Response

_CODE = re.compile(r"[A-Za-z][A-Za-z0-9_-]{0,49}")
"""What a code looks like; anything else in its place could be a value."""
_PARAMETER = re.compile(r"[A-Za-z][A-Za-z_]{0,60}(?:(?:[.\[][A-Za-z0-9_]{1,60})\]?){0,5}")
"""What the name of a parameter looks like: `fields[0]`, `verblijfplaats.adres`."""
_TOO_MANY = "tooManyResults"
"""The code with which Haal Centraal services say that a search finds too much; they have no pages."""
_CONTRACT = frozenset({
    HTTPStatus.METHOD_NOT_ALLOWED, HTTPStatus.NOT_ACCEPTABLE, HTTPStatus.GONE, HTTPStatus.PRECONDITION_FAILED,
    HTTPStatus.UNSUPPORTED_MEDIA_TYPE,
})  # fmt: skip
_LATER = frozenset({HTTPStatus.REQUEST_TIMEOUT, HTTPStatus.TOO_EARLY, HTTPStatus.SERVICE_UNAVAILABLE})


_DAY_LEFT = "kadaster-ratelimit-daylimit-remaining"
_RESETS = ("kadaster-ratelimit-daylimit-reset", "ratelimit-reset", "x-rate-limit-reset")


class Wrong(StrEnum):
    """What can be wrong: the code of the error. Not found is no error but an empty answer."""

    QUESTION = "ongeldige-vraag"
    TOO_MANY = "te-veel-gevonden"
    CREDENTIALS = "niet-gemachtigd"
    BUSY = "te-veel-vragen"
    LATER = "tijdelijk-niet-beschikbaar"
    SOURCE = "bron-faalt"
    CONTRACT = "contract-verbroken"


class Problem(NamedTuple):
    """The part of what a service says that may be repeated: codes, and names of parameters with their code."""

    codes: tuple[str, ...] = ()
    parameters: tuple[tuple[str, str], ...] = ()

    def __str__(self) -> str:
        named = [f"{name}: {code}" if code else name for name, code in self.parameters]
        return ", ".join([*self.codes, *named])


def read_problem(response: Response) -> Problem:
    """Read what a service says; a body in no form that is known gives an empty problem."""
    try:
        body = orjson.loads(response.body)
    except orjson.JSONDecodeError:
        return Problem()
    if not isinstance(body, dict):
        return Problem()
    rows = _rows(body.get("invalidParams")) or _rows(body.get("invalid-params"))
    codes = [body.get("code"), *(row.get("code") for row in _rows(body.get("fout")))]
    return Problem(
        tuple(filter(None, (_matched(_CODE, code) for code in codes))),
        tuple((_matched(_PARAMETER, row.get("name")) or "?", _matched(_CODE, row.get("code"))) for row in rows),
    )


def succeeded(response: Response) -> bool:
    """Say whether the answer is the one that was asked for."""
    return response.status == HTTPStatus.OK


def nothing_found(response: Response, codes: frozenset[str]) -> bool:
    """Say whether the service says so itself, with one of its own codes for it: a wrong path is a 404 without one."""
    return response.status == HTTPStatus.NOT_FOUND and not codes.isdisjoint(read_problem(response).codes)


def failure_of(
    response: Response, *, what: str, now: datetime | None, temporary: Mapping[str, float] | None = None
) -> TargetFailed:
    """Translate an answer that is no success.

    `what` names the call for an operator. `temporary` are codes with which this service says "later", whatever the
    status, each with how long it asks to wait, in seconds. `now` turns a date in `Retry-After` into a wait.
    """
    problem = read_problem(response)
    said = f"{response.status}; {problem}" if str(problem) else str(response.status)
    waits = [wait_s for code, wait_s in (temporary or {}).items() if code in problem.codes]
    if waits or response.status in _LATER:
        return _later(f"{what}: the source asks to come back later ({said})", Wrong.LATER, response, now, waits)
    if response.status == HTTPStatus.TOO_MANY_REQUESTS:
        return _later(f"{what}: the source takes no more questions from us for now ({said})", Wrong.BUSY, response, now)
    if response.status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        return _later(f"{what}: the source fails ({said})", Wrong.SOURCE, response, now)
    if _TOO_MANY in problem.codes:
        return TargetRefused(
            f"{what}: more is found than the source gives in one answer ({said})",
            code=Wrong.TOO_MANY,
            advice="ask for fewer: with more criteria",
        )
    return _final(response.status, what=what, said=said)


def object_of(response: Response, *, what: str) -> dict[str, Any]:
    """Give the JSON object of an answer; raises TargetFailed when it is half an answer, or not the source's."""
    try:
        body = orjson.loads(response.body)
    except orjson.JSONDecodeError:
        # The parser's own error holds the document, and with it personal data: it does not travel on.
        raise TargetUnavailable(
            f"{what}: the answer is no JSON",
            code=Wrong.SOURCE,
            advice="see what stands between the hub and the source: a proxy or login page answers in its place",
        ) from None
    if not isinstance(body, dict):
        raise broken(what, "the answer is no object")
    return body


def broken(what: str, reason: str) -> TargetMisconfigured:
    """Say that an answer does not fit the published schema; `reason` names the place, never a value."""
    return TargetMisconfigured(
        f"{what}: {reason}",
        code=Wrong.CONTRACT,
        advice="compare the version of the API at the source with the one in the manifest of the adapter",
    )


def refused(reason: str, *, advice: str) -> TargetRefused:
    """Say that a question cannot be asked of this source as it is."""
    return TargetRefused(reason, code=Wrong.QUESTION, advice=advice)


async def complaints(name: str, probe: Awaitable[object]) -> list[str]:
    """Say what is wrong with reach, credentials and rights, by a question about nobody; empty when all is well."""
    try:
        await probe
    except TargetFailed as failure:
        return [f"{name}: {failure.reason}; {failure.advice}" if failure.advice else f"{name}: {failure.reason}"]
    return []


def asked_wait_s(headers: Mapping[str, str], now: datetime | None) -> float | None:
    """Give how long a source asks to be left alone, in seconds; None where it says nothing. Names are in lower case.

    `Retry-After`, else when its limit counts anew: that of the day where it is used up (Kadaster), or the one of
    draft-ietf-httpapi-ratelimit-headers.
    """
    day = _RESETS if headers.get(_DAY_LEFT, "").strip() == "0" else _RESETS[1:]
    said = (wait_s(headers.get(name, ""), now) for name in ("retry-after", *day))
    return next((each for each in said if each is not None), None)


def wait_s(text: str, now: datetime | None) -> float | None:
    """Read `Retry-After`: seconds or an HTTP date (RFC 9110 §10.2.3)."""
    if text.strip().isdecimal():
        return float(text)
    try:
        at = parsedate_to_datetime(text)
    except ValueError:
        return None
    if now is None:
        return None
    return max(0.0, (at.replace(tzinfo=at.tzinfo or UTC) - now).total_seconds())


def _final(status: int, *, what: str, said: str) -> TargetFailed:
    if status in {HTTPStatus.BAD_REQUEST, HTTPStatus.CONFLICT, HTTPStatus.UNPROCESSABLE_ENTITY}:
        return TargetRefused(
            f"{what}: the source refuses the question ({said})",
            code=Wrong.QUESTION,
            advice="correct what is asked: the named parameters, in the message or in the mapping of the question",
        )
    if status in {HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN}:
        return TargetMisconfigured(
            f"{what}: the source does not know us, or we may not ask this ({said})",
            code=Wrong.CREDENTIALS,
            advice="see target.auth and target.tls of this connection, and what our key may ask at the source",
        )
    if status in _CONTRACT:
        return broken(what, f"the source does not take this way of asking ({said})")
    return TargetMisconfigured(
        f"{what}: the source does not have this address ({said})",
        code=Wrong.CONTRACT,
        advice="see target.services of this connection: the path with its version, https, no redirect",
    )


def _later(
    reason: str, code: Wrong, response: Response, now: datetime | None, waits: list[float] | None = None
) -> TargetUnavailable:
    asked = asked_wait_s(response.headers, now)
    return TargetUnavailable(
        reason,
        code=code,
        retry_after_s=asked if asked is not None else max(waits, default=None) if waits else None,
        advice="nothing: ask again later",
    )


def _rows(found: object) -> list[dict[str, Any]]:
    return [row for row in found if isinstance(row, dict)] if isinstance(found, list) else []


def _matched(pattern: re.Pattern[str], value: object) -> str:
    return value if isinstance(value, str) and pattern.fullmatch(value) else ""
