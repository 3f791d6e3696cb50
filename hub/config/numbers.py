"""The numbers that a connection gives out: who makes them, and what they look like.

It knows templates such as `{gemeente}Z{jaar}{volgnummer:7}`. It refuses to know which number is next: the ledger
counts, and what stands around the number is what it counts by.
"""

from __future__ import annotations

import re
from datetime import datetime
from typing import Annotated, Literal
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from hub.config.policy import NUMBER_CHARS_MAX, NUMBER_DIGITS_MAX

_PLACE = re.compile(r"\{([a-z]+)(?::(\d+))?\}")
_DATES = {"jaar": "%Y", "maand": "%m", "dag": "%d"}
_LOCAL = ZoneInfo("Europe/Amsterdam")


def frame(template: str, *, gemeente: str, at: datetime) -> str:
    """Fill in all but the volgnummer: `9999Z2026{:07d}`, to be formatted with it. The date is that of Amsterdam."""
    local = at.astimezone(_LOCAL)

    def filled(found: re.Match[str]) -> str:
        name, digits = found.groups()
        if name == "volgnummer":
            return f"{{:0{digits}d}}"
        return gemeente if name == "gemeente" else local.strftime(_DATES[name])

    return _PLACE.sub(filled, template)


def _template(text: str) -> str:
    places = _PLACE.findall(text)
    unknown = next((name for name, _ in places if name not in {*_DATES, "gemeente", "volgnummer"}), "")
    if unknown:
        raise ValueError(f"has no {{{unknown}}}: there are gemeente, jaar, maand, dag and volgnummer")
    if [name for name, _ in places].count("volgnummer") != 1:
        raise ValueError("must have one {volgnummer:<digits>}")
    if not all(1 <= int(digits or 0) <= NUMBER_DIGITS_MAX for name, digits in places if name == "volgnummer"):
        raise ValueError(f"must say how many digits the volgnummer has, 1 to {NUMBER_DIGITS_MAX}: {{volgnummer:7}}")
    if any(digits for name, digits in places if name != "volgnummer"):
        raise ValueError("only the volgnummer has a number of digits")
    if not re.fullmatch(r"[A-Za-z0-9_.-]*", _PLACE.sub("", text)):
        raise ValueError("may have letters, digits, `-`, `_` and `.` around its places")
    if len(frame(text, gemeente="0000", at=datetime(2000, 1, 1, tzinfo=_LOCAL)).format(0)) > NUMBER_CHARS_MAX:
        raise ValueError(f"gives a number of more than {NUMBER_CHARS_MAX} characters")
    return text


Template = Annotated[str, AfterValidator(_template)]


class NumberForm(BaseModel):
    """What the numbers of one thing look like, and with which volgnummer they begin."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    template: Template
    """`{gemeente}Z{jaar}{volgnummer:7}`: a date in it lets the volgnummer begin anew when the date changes."""

    begin: Annotated[int, Field(ge=0)] = 1
    """The first volgnummer of the counter: above what the old system gave out."""


class Numbers(BaseModel):
    """How a connection gives out numbers.

    ZDS 1.2 §4.2.1: a zaakidentificatie begins with the gemeentecode, and is letters and digits.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    source: Literal["hub", "target"] = "hub"
    """Who makes them: the hub, or the system that `asks` names, where that can reserve numbers."""

    zaak: NumberForm = NumberForm(template="{gemeente}Z{jaar}{volgnummer:7}")
    """What a zaakidentificatie looks like."""

    document: NumberForm = NumberForm(template="{gemeente}D{jaar}{volgnummer:7}")
    """What a documentidentificatie looks like."""

    besluit: NumberForm = NumberForm(template="{gemeente}B{jaar}{volgnummer:7}")
    """What a besluitidentificatie looks like."""

    def form(self, soort: str) -> NumberForm:
        """Give the form for a zaak, document or besluit."""
        return {"zaak": self.zaak, "document": self.document, "besluit": self.besluit}[soort]
