"""A question as an application writes it: read, and held against what can be asked.

It says what is wrong by the names of fields that there are. It refuses to repeat anything else of a question: a value,
or a name that the asker made up.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Any, NamedTuple
from urllib.parse import parse_qsl

import orjson
from pydantic import ValidationError

from adapters.bevragen.diensten import Dienst
from hub.config.policy import QUERY_FIELDS_MAX
from hub.errors import MessageRefused

_DIGITS_MAX = 16

INVALID = "ongeldig"
"""Code of a question that does not fit the description of the API."""
JSON = "application/json"

_CODES: Mapping[str, str] = {
    "missing": "required",
    "extra_forbidden": "unknown",
    "too_short": "minItems",
    "too_long": "maxItems",
    "literal_error": "enum",
    "greater_than_equal": "minimum",
}
_TYPES: Mapping[str, str] = {"string": "string", "int": "integer", "bool": "boolean", "date": "date", "list": "array"}
"""How the names of other mistakes begin, and what was expected."""


class Mistake(NamedTuple):
    """What is wrong in one place, as `invalidParams` has it."""

    name: str
    code: str
    reason: str


class Wrong(Exception):
    """The question does not fit."""

    def __init__(self, mistakes: Sequence[Mistake]) -> None:
        super().__init__("the question does not fit the description of the API")
        self.mistakes = tuple(mistakes)


def read(body: bytes, dienst: Dienst) -> dict[str, Any]:
    """Give the canonical question as plain JSON data; raises Wrong."""
    try:
        # Written anew before it is read as a question: of a name that is there twice the last counts, for everybody.
        text = orjson.dumps(orjson.loads(body))
    except (orjson.JSONDecodeError, TypeError):  # TypeError: it nests deeper than any question
        raise Wrong([Mistake("", "json", "the body is no JSON")]) from None
    try:
        question = dienst.question.model_validate_json(text, strict=True)
    except ValidationError as error:
        raise Wrong([_mistake(each, dienst) for each in error.errors(include_url=False, include_input=False)]) from None
    said: dict[str, Any] = question.model_dump(mode="json", exclude_unset=True)
    unknown = [at for at, each in enumerate(said["velden"]) if each not in dienst.velden]
    if unknown:
        raise Wrong([Mistake(f"velden[{at}]", "enum", "is no field of what can be found here") for at in unknown])
    return said


def of_query(query: str, dienst: Dienst) -> bytes:
    """Give the question that the parameters of an address are, as JSON that is still to be read.

    A list has commas between its items, or comes several times; what may be a number is one where it has digits.
    """
    fields = dienst.question.model_json_schema()["properties"]
    said: dict[str, Any] = {}
    if query.count("&") >= QUERY_FIELDS_MAX:
        return b""  # no question, however it is read
    for name, text in parse_qsl(query, keep_blank_values=True):
        kinds = {each.get("type") for each in fields.get(name, {}).get("anyOf", [fields.get(name, {})])}
        if "array" in kinds:
            said.setdefault(name, []).extend(text.split(","))
        elif "integer" in kinds and text.isascii() and text.isdigit() and len(text) < _DIGITS_MAX:
            said[name] = int(text)
        else:
            said[name] = text
    return orjson.dumps(said)


def check_media_type(headers: Mapping[str, str]) -> None:
    """See that what came is said to be JSON, or nothing is said; raises MessageRefused."""
    media = headers.get("content-type", JSON).partition(";")[0].strip().lower()
    if media != JSON:
        raise MessageRefused(
            f"a question is {JSON}", code="media-type", status=HTTPStatus.UNSUPPORTED_MEDIA_TYPE, advice="say so"
        )


def _mistake(error: Mapping[str, Any], dienst: Dienst) -> Mistake:
    kind, path = str(error["type"]), error["loc"]
    begin = kind.partition("_")[0]
    code = _CODES.get(kind) or _TYPES.get(begin, kind)
    if not path or path[0] not in dienst.question.model_fields:
        reason = "there is a field that this question does not have" if path else "a question is an object"
        return Mistake("", code if path else "object", reason)
    name = str(path[0]) + "".join(f"[{each}]" for each in path[1:] if isinstance(each, int))
    # The sentence is that of the rule: it holds limits and choices, and nothing of what was sent.
    return Mistake(name, code, str(error["msg"]))
