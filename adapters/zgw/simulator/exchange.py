"""One request and its answer, as the simulator passes them round; and the error body of Open Zaak.

Error bodies: Zaken API 1.5.1, schemas Fout and ValidatieFout. Knows nothing of a resource.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple
from uuid import uuid4

import orjson

Json = dict[str, Any]
Body = bytes | AsyncIterator[bytes]

_TITLES = {
    400: "Invalid input.",
    403: "Je hebt geen toestemming om deze actie uit te voeren.",
    404: "Niet gevonden.",
    405: "Methode niet toegestaan.",
    406: "Kan niet voldoen aan de opgegeven Accept header.",
    412: "Precondition failed",
    413: "Request Entity Too Large",
    415: "Unsupported Media Type",
}


class Request(NamedTuple):
    """One request. `base` is scheme and host as the client wrote them; `data` the JSON body of a write."""

    method: str
    path: str
    query: tuple[tuple[str, str], ...]
    headers: Mapping[str, str]
    base: str
    now: datetime
    data: Json


class Answer(NamedTuple):
    """One answer: the core's `(status, headers, body)`."""

    status: int
    headers: tuple[tuple[str, str], ...]
    body: bytes


class Wrong(NamedTuple):
    """One line of `invalidParams`: which field, the code of the rule, a sentence."""

    name: str
    code: str
    reason: str


class Refusal(Exception):
    """The request is answered with a problem instead of a resource."""

    def __init__(self, status: int, code: str, detail: str, wrongs: Sequence[Wrong] = ()) -> None:
        """Take what goes into Fout; with `wrongs` it is a ValidatieFout."""
        super().__init__(code)
        self.status = status
        self.code = code
        self.detail = detail
        self.wrongs = tuple(wrongs)


class ConnectionCut(ConnectionError):
    """The connection ends here without an answer. `effect` says whether the request was carried out."""

    def __init__(self, *, effect: bool) -> None:
        """Say on which side of the effect the cut came."""
        super().__init__("after the effect" if effect else "before the effect")
        self.effect = effect


def invalid(*wrongs: Wrong) -> Refusal:
    """Give the refusal of wrong content: 400, ValidatieFout."""
    return Refusal(400, "invalid", "", wrongs)


def answer(data: object, *, status: int = 200, headers: tuple[tuple[str, str], ...] = ()) -> Answer:
    """Give JSON."""
    return Answer(status, (("content-type", "application/json"), *headers), orjson.dumps(data))


def problem(refusal: Refusal) -> Answer:
    """Give the error body: `application/problem+json`."""
    title = _TITLES.get(refusal.status, "Error")
    body: Json = {
        "type": "https://simulator.invalid/ref/fouten/" + ("ValidationError" if refusal.wrongs else "APIException"),
        "code": refusal.code,
        "title": title,
        "status": refusal.status,
        "detail": refusal.detail,
        "instance": f"urn:uuid:{uuid4()}",
    }
    if refusal.wrongs:
        body["invalidParams"] = [wrong._asdict() for wrong in refusal.wrongs]
    return Answer(refusal.status, (("content-type", "application/problem+json"),), orjson.dumps(body))
