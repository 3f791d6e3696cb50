"""Dates moved by a number of days: order and distance stay, and so does what is unknown or wrong about them.

It knows the ways in which StUF and JSON write a date. It refuses to know whose date it is.
"""

from __future__ import annotations

import re
from datetime import date, timedelta

_STUF = re.compile(r"^(\d{4})(?:(\d{2})(?:(\d{2})(\d*|T.*))?)?$", re.DOTALL)
_ISO = re.compile(r"^(\d{4})-(\d{2})-(\d{2})(\D.*)?$", re.DOTALL)
_DUTCH = re.compile(r"^(\d{1,2})([-/.])(\d{1,2})\2(\d{4})$")
_YEAR = re.compile(r"(?<!\d)(1[5-9]\d\d|20\d\d)")
# Of what is no date the year goes back by a multiple of four: 29 February of no leap year stays that.
_WRONG_YEARS = 4
_YEARS = range(1500, 2200)
"""Other years are no moments in a life: 0001 and 9999 mean "unknown" and "for ever" in many systems."""


def moved(text: str, days: int, *, known: str = "V") -> str:
    """Give a date or moment, moved; `known` is indOnvolledigeDatum (StUF 03.01 §3.3), V when all of it counts."""
    if found := _STUF.match(text):
        year, month, day, rest = found.groups()
        return _moved_stuf(text, (year, month, day, rest or ""), days, known)
    if found := _ISO.match(text):
        shifted = _shifted(found[1], found[2], found[3], days)
        return f"{shifted.isoformat()}{found[4] or ''}" if shifted else _wrong(text)
    if found := _DUTCH.match(text):
        day, mark, month, year = found.groups()
        shifted = _shifted(year, month, day, days)
        return shifted.strftime(f"%d{mark}%m{mark}%Y") if shifted else _wrong(text)
    return _wrong(text)


def moved_parts(parts: dict[str, int], days: int) -> dict[str, int]:
    """Give an OnvolledigeDatum, moved; it has the parts that it had."""
    if "jaar" not in parts or int(parts["jaar"]) not in _YEARS:
        return dict(parts)
    shifted = _shifted(str(parts["jaar"]), str(parts.get("maand", 7)), str(parts.get("dag", 15)), days)
    if shifted is None:
        return {**parts, "jaar": parts["jaar"] - _WRONG_YEARS}
    new = {"jaar": shifted.year, "maand": shifted.month, "dag": shifted.day}
    return {name: new[name] for name in parts}


def is_date(text: str) -> bool:
    """Say whether a text is a whole date or moment, in one of these ways."""
    if found := _STUF.match(text):
        year, month, day, rest = found.groups()
        timed = rest is not None and (rest == "" or rest.startswith("T") or len(rest) in {4, 6, 7, 8, 9})
        return bool(day and timed and _shifted(year, month, day, 0))
    if found := _ISO.match(text):
        return (found[4] or "T")[0] in "T " and _shifted(found[1], found[2], found[3], 0) is not None
    dutch = _DUTCH.match(text)
    return dutch is not None and _shifted(dutch[4], dutch[3], dutch[1], 0) is not None


def _moved_stuf(text: str, parts: tuple[str, str | None, str | None, str], days: int, known: str) -> str:
    year, month, day, rest = parts
    if int(year) not in _YEARS:
        return text
    knows_month = month not in (None, "00") and known not in {"M", "J"}
    knows_day = knows_month and day not in (None, "00") and known != "D"
    shifted = _shifted(year, (month if knows_month else None) or "07", (day if knows_day else None) or "15", days)
    if shifted is None:
        return _wrong(text)
    new_month = f"{shifted.month:02}" if knows_month else month or ""
    new_day = f"{shifted.day:02}" if knows_day else day or ""
    return f"{shifted.year:04}{new_month}{new_day}{rest}"


def _shifted(year: str, month: str, day: str, days: int) -> date | None:
    try:
        whole = date(int(year), int(month), int(day))
    except ValueError:
        return None
    return whole + timedelta(days) if whole.year in _YEARS else whole


def _wrong(text: str) -> str:
    return _YEAR.sub(lambda found: str(int(found[1]) - _WRONG_YEARS), text)
