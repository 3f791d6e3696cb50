"""What all models of the API have in common.

Names are camelCase on the wire (NL API Design Rules).
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated, Generic, TypeVar

from pydantic import AfterValidator, AwareDatetime, BaseModel, ConfigDict, Field, StringConstraints, model_validator
from pydantic.alias_generators import to_camel

from hub.config import policy
from hub.ledger.audit import REASON_CHARS_MIN
from hub.wire.text import is_plain

T = TypeVar("T")


class Wire(BaseModel):
    """What all models have in common."""

    model_config = ConfigDict(alias_generator=to_camel, populate_by_name=True, extra="forbid", frozen=True)


def plain(text: str) -> str:
    """Refuse what no database and no file takes: NUL, and halves of surrogate pairs."""
    if not is_plain(text):
        raise ValueError("holds a character that is no text: NUL, or half of a surrogate pair")
    return text


class Told(Wire):
    """What all bodies of requests have in common: text that can be kept, and no more nesting than anything needs."""

    @model_validator(mode="before")
    @classmethod
    def _is_text(cls, said: object) -> object:
        _check(said, policy.API_DEPTH_MAX)
        return said


def _check(said: object, depth: int) -> None:
    if not depth:
        raise ValueError(f"nests more than {policy.API_DEPTH_MAX} deep")
    match said:
        case str():
            plain(said)
        case list():
            for each in said:
                _check(each, depth - 1)
        case dict():
            for name, each in said.items():
                plain(str(name))
                _check(each, depth - 1)


def _this_century(at: datetime) -> datetime:
    if not 2000 <= at.year < 2100:  # noqa: PLR2004 - the centuries themselves
        raise ValueError("is not in this century")
    return at.astimezone(UTC)


Instant = Annotated[AwareDatetime, AfterValidator(_this_century)]
"""A moment that somebody gives, with its offset from UTC."""

Text = Annotated[str, Field(max_length=2_000)]

Name = Annotated[str, Field(max_length=200)]

Id = Annotated[str, Field(min_length=1, max_length=200)]

# The pattern says in the description of the API what stripping comes to: four characters from the first that shows on.
Reason = Annotated[
    str,
    StringConstraints(strip_whitespace=True, min_length=REASON_CHARS_MIN, max_length=500, pattern=r"\S[\s\S]{2,}\S"),
]
"""Why a person does something: it stands in the audit for ever, so no details of citizens."""


class Page(Wire, Generic[T]):
    """Part of a list; `next` is the cursor of the part behind it, null at the end."""

    items: list[T]
    next: str | None = None


class Reasoned(Told):
    """An act that only needs its reason."""

    reason: Reason
