"""Maintenance windows of a connection: when its target is being worked on, so that the hub leaves it alone.

It knows the shape of `windows:` in a connection.yaml. It refuses to know what time it is (`hub.flow.windows`).
"""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator

Day = Literal["ma", "di", "wo", "do", "vr", "za", "zo"]

_TIME = r"([01][0-9]|2[0-3]):[0-5][0-9]"
_DATE = r"[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])"


def _exists(text: str) -> str:
    if "T" in text:
        try:
            datetime.fromisoformat(text)
        except ValueError:
            raise ValueError("is not a day of the calendar") from None
    return text


Moment = Annotated[str, Field(pattern=f"^({_DATE}T)?{_TIME}$"), AfterValidator(_exists)]
"""`22:00`, or `2026-12-24T18:00`: on a clock in Amsterdam."""


class Window(BaseModel):
    """One window: on days of the week (`days`, with times), or once (with dates)."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    days: Annotated[tuple[Day, ...], Field(min_length=1)] | None = None
    """The days on which it opens: `ma` to `zo`. Without days `from` and `until` have a date."""

    begins: Annotated[Moment, Field(alias="from")]
    """When it opens, on a clock in Amsterdam: `22:00`, or once `2026-12-24T18:00`."""

    until: Moment
    """When it closes. A time that is not later than `from` is one of the next day."""

    reason: Annotated[str, Field(min_length=1, max_length=200)] = "maintenance"
    """What operators are told; nothing personal."""

    @model_validator(mode="after")
    def _one_kind(self) -> Window:
        dated = ["T" in text for text in (self.begins, self.until)]
        if self.days is not None and any(dated):
            raise ValueError("has days, so from and until are times: 22:00")
        if self.days is None and not all(dated):
            raise ValueError("has no days, so from and until have a date: 2026-12-24T18:00")
        if self.days is None and self.until <= self.begins:
            raise ValueError("must end after it begins")
        return self
