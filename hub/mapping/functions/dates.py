"""Dates, times and durations between StUF and ISO 8601.

StUF 03.01 §3 (stuurgegevens) and §3.3 (incomplete dates): no separators, no time zone, local time; the last digits of a
tijdstip may be left out.
"""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta
from functools import lru_cache

from hub.clock import AMSTERDAM
from hub.mapping.functions.contract import (
    FAILS,
    Attributes,
    Example,
    Function,
    Marked,
    Unfit,
    always,
    digits_of,
    object_of,
    text_of,
)

_DATE_DIGITS = 8
_TIJDSTIP_DIGITS = (8, 10, 12, 14, 15, 16, 17)
_ISO_DATE = re.compile(r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$")
_ISO_TIME = re.compile(
    r"^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}(?::[0-9]{2}(?:\.[0-9]{1,6})?)?(?:Z|[+-][0-9]{2}:[0-9]{2})$"
)
_SECONDS_DIGITS = 14
_HOURS_MAX = 1_024  # of which the offset is remembered: those of the messages of some weeks
_DURATION_DIGITS = 5
_DUUR = re.compile(r"^P(?=[0-9])(?:([0-9]{1,2})Y)?(?:([0-9]{1,3})M)?(?:([0-9]{1,4})W)?(?:([0-9]{1,5})D)?$")
_DUUR_DAGEN = (365, 30, 7, 1)
"""Days in a year, month, week and day of a duration that does not say from when."""
_PARTS = ("jaar", "maand", "dag")
_YEAR_MAX = 9999
# Which parts are known: V all, D no day, M no month and day, J nothing (StUF 03.01 §3.3).
_KNOWN_PARTS = {"V": 3, "D": 2, "M": 1, "J": 0}
_UNKNOWN = frozenset({"waardeOnbekend", "vastgesteldOnbekend"})
_NO_VALUES = _UNKNOWN | {"geenWaarde", "nietOndersteund", "nietGeautoriseerd"}
"""What StUF says in the place of a value (§3.4)."""
_INDICATORS = {count: letter for letter, count in _KNOWN_PARTS.items()}


def _stuf_datum(value: object, attributes: Attributes) -> str:
    # Dates are the most common conversion of all: one that is plainly written takes the short way.
    if isinstance(value, str) and len(value) == _DATE_DIGITS and value.isdigit() and value.isascii():
        text = value
    else:
        text = digits_of(value, (_DATE_DIGITS,), "a StUF date")
    if attributes and attributes.get("indOnvolledigeDatum", "V") != "V":
        # §3.3: the unknown part is arbitrary and is never to be interpreted.
        raise Unfit("the date is incomplete; read it with stuf-onvolledige-datum")
    return _calendar(f"{text[:4]}-{text[4:6]}-{text[6:]}")


def _naar_stuf_datum(value: object) -> str:
    text = text_of(value)
    if not _ISO_DATE.match(text):
        raise Unfit("this is not an ISO date")
    _calendar(text)
    return text.replace("-", "")


def _stuf_tijdstip(value: object, attributes: Attributes) -> str:
    # Nearly all hours have one offset from beginning to end: it is found once an hour, not once a value.
    if isinstance(value, str) and len(value) == _SECONDS_DIGITS and value.isdigit() and value.isascii():
        minute, second = value[10:12], value[12:]
        if not attributes and minute < "60" and second < "60" and (hour := _plain_hour(value[:10])):
            return f"{hour[0]}{minute}:{second}{hour[1]}"
    text = digits_of(value, _TIJDSTIP_DIGITS, "a StUF tijdstip")
    if attributes.get("indOnvolledigeDatum", "V") != "V":
        raise Unfit("the tijdstip is incomplete")
    whole = text[:14].ljust(14, "0")
    iso = f"{whole[:4]}-{whole[4:6]}-{whole[6:8]}T{whole[8:10]}:{whole[10:12]}:{whole[12:]}.{text[14:]:0<6}"
    try:
        local = datetime.fromisoformat(iso)
    except ValueError:
        raise Unfit("this is not a moment of the calendar") from None
    if whole[8:10] == "24":
        # Later Pythons read it as midnight of the next day; StUF has hours 00 to 23.
        raise Unfit("this is not a moment of the calendar")
    first = local.replace(tzinfo=AMSTERDAM)
    offset, other = first.utcoffset(), first.replace(fold=1).utcoffset()
    if offset is None or other is None or offset.seconds % 60:
        raise Unfit("so long ago local time had no whole-minute offset")
    if offset < other:
        # An hour that the clock skips: the sender's clock was not put forward yet, so count on from the old offset.
        first = first + (other - offset)
    return first.isoformat(timespec="milliseconds" if text[14:] else "seconds")


@lru_cache(maxsize=_HOURS_MAX)
def _plain_hour(digits: str) -> tuple[str, str] | None:
    """Give an hour as its moments begin in ISO, and the offset of them all; None when they have several."""
    iso = f"{digits[:4]}-{digits[4:6]}-{digits[6:8]}T{digits[8:]}:"
    try:
        start = datetime.fromisoformat(f"{iso}00:00").replace(tzinfo=AMSTERDAM)
    except ValueError:
        return None
    if start.hour != int(digits[8:]):
        return None  # later Pythons read hour 24 as midnight of the next day
    seconds = (*range(0, 3600, 60), 3599)
    moments = [start + timedelta(seconds=each) for each in seconds]
    offsets = {each.replace(fold=fold).utcoffset() for each in moments for fold in (0, 1)}
    only = offsets.pop()
    return None if offsets or only is None or only.seconds % 60 else (iso, start.isoformat()[19:])


def _naar_stuf_tijdstip(value: object) -> str:
    moment = _moment(value)
    offset = moment.utcoffset()
    if offset is None or offset.seconds % 60:
        raise Unfit("so long ago local time had no whole-minute offset")
    seconds = f"{moment.year:04}{moment:%m%d%H%M%S}"
    return f"{seconds}{moment.microsecond // 1000:03}" if "." in text_of(value) else seconds


def _stuf_onvolledige_datum(value: object, attributes: Attributes) -> dict[str, int] | None:
    if isinstance(value, str) and len(value) == _DATE_DIGITS and value.isdigit() and value.isascii() and not attributes:
        # Most dates are complete: they take the short way.
        try:
            whole = date(int(value[:4]), int(value[4:6]), int(value[6:]))
        except ValueError:
            pass  # zeros, or not a date: the long way tells
        else:
            return {"jaar": whole.year, "maand": whole.month, "dag": whole.day}
    text = digits_of(value, (4, 6, 8), "an incomplete StUF date")
    known = _KNOWN_PARTS.get(attributes.get("indOnvolledigeDatum", "V"))
    if known is None:
        raise Unfit("indOnvolledigeDatum is V, D, M or J")
    # Zeros and missing digits are how senders without the indicator say "unknown": the XSD lets 19650000 and 1965 pass.
    parts = [int(part or "0") for part in (text[:4], text[4:6], text[6:])][:known]
    if 0 in parts:
        parts = parts[: parts.index(0)]
    if parts:
        year, month, day = (*parts, *(1, 1, 1)[len(parts) :])
        _calendar(f"{year:04}-{month:02}-{day:02}")
    return dict(zip(_PARTS, parts, strict=False)) or None


def _stuf_datum_of_onbekend(value: object, attributes: Attributes) -> dict[str, int] | None:
    if isinstance(value, str) and value in _NO_VALUES:
        return {} if value in _UNKNOWN else None
    # That nothing of it is known is said by the indicator, or by zeros where a sender has none.
    return _stuf_onvolledige_datum(value, attributes) or {}


def _naar_stuf_onvolledige_datum(value: object) -> str | Marked:
    known = _parts(value)
    if not known:
        raise Unfit("of an incomplete date the year is known")
    # §3.3: the unknown part is arbitrary, and the whole is a date of the calendar; 1 July is what senders write.
    year, month, day = (*known, *(0, 7, 1)[len(known) :])
    text = _calendar(f"{year:04}-{month:02}-{day:02}").replace("-", "")
    return text if len(known) == len(_PARTS) else Marked(text, {"indOnvolledigeDatum": _INDICATORS[len(known)]})


def _naar_stuf_datum_of_onbekend(value: object) -> str | Marked:
    if not object_of(value, "an incomplete date"):
        return Marked(None, {"noValue": "waardeOnbekend"})
    return _naar_stuf_onvolledige_datum(value)


def _onvolledige_datum_naar_datum(value: object) -> str | None:
    known = _parts(value)
    return _calendar("{:04}-{:02}-{:02}".format(*known)) if len(known) == len(_PARTS) else None


def _datum_naar_onvolledige_datum(value: object) -> dict[str, int]:
    text = text_of(value)
    if not _ISO_DATE.match(text):
        raise Unfit("this is not an ISO date")
    return dict(zip(_PARTS, (int(part) for part in _calendar(text).split("-")), strict=True))


def _parts(value: object) -> list[int]:
    """Give what is known of a date: nothing, the year, the month too, or all."""
    date_of = object_of(value, "an incomplete date")
    known: list[int] = []
    for name in _PARTS:
        part = date_of.get(name)
        if part is None:
            break
        if not isinstance(part, int) or isinstance(part, bool) or not 0 < part <= _YEAR_MAX:
            raise Unfit("jaar, maand and dag are whole numbers")
        known.append(part)
    return known


def _duur_dagen(value: object) -> str | None:
    text = text_of(value)
    if not (text.isascii() and text.isdigit()) or len(text) > _DURATION_DIGITS:
        raise Unfit("a number of days has 1 to 5 digits")
    return f"P{int(text)}D" if int(text) else None


def _naar_duur_dagen(value: object) -> str | None:
    match = _DUUR.match(text_of(value))
    if not match:
        raise Unfit("this is not an ISO duration in years, months, weeks and days")
    days = sum(int(each or 0) * size for each, size in zip(match.groups(), _DUUR_DAGEN, strict=True))
    return str(days) if days else None


def _datum_van_tijdstip(value: object) -> str:
    return _moment(value).date().isoformat()


def _calendar(iso: str) -> str:
    """Give an ISO date that the calendar has."""
    try:
        date.fromisoformat(iso)
    except ValueError:
        raise Unfit("this is not a date of the calendar") from None
    return iso


def _moment(value: object) -> datetime:
    """Read an ISO time with its offset, as local time in the Netherlands."""
    text = text_of(value)
    if not _ISO_TIME.match(text):
        raise Unfit("this is not an ISO date and time with an offset")
    try:
        return datetime.fromisoformat(text).astimezone(AMSTERDAM)
    except (ValueError, OverflowError):
        raise Unfit("this is not a moment of the calendar") from None


FUNCTIONS = (
    Function(
        "stuf-datum",
        "A StUF date as an ISO date; an incomplete date is refused.",
        "text",
        "text",
        always(_stuf_datum),
        (
            Example("20240229", "2024-02-29"),
            Example("20230229", FAILS),
            Example("2024", FAILS),
            Example("19600701", FAILS, attributes={"indOnvolledigeDatum": "M"}),
        ),
        attributes=("indOnvolledigeDatum",),
        inverse="naar-stuf-datum",
    ),
    Function(
        "naar-stuf-datum",
        "An ISO date as a StUF date.",
        "text",
        "text",
        always(_naar_stuf_datum),
        (Example("2024-02-29", "20240229"), Example("2024-02-30", FAILS)),
        inverse="stuf-datum",
    ),
    Function(
        "stuf-tijdstip",
        "A StUF tijdstip of 8 to 17 digits, local time in the Netherlands, as an ISO time with its offset;"
        " 8 digits are midnight.",
        "text",
        "text",
        always(_stuf_tijdstip),
        (
            Example("20240115093000", "2024-01-15T09:30:00+01:00"),
            Example("20240715", "2024-07-15T00:00:00+02:00"),
            Example("20240715093000250", "2024-07-15T09:30:00.250+02:00"),
            Example("20240331023000", "2024-03-31T03:30:00+02:00"),
            Example("20241027023000", "2024-10-27T02:30:00+02:00"),
            Example("202407158", FAILS),
            Example("20240715240000", FAILS),
            Example("20240701", FAILS, attributes={"indOnvolledigeDatum": "D"}),
        ),
        attributes=("indOnvolledigeDatum",),
        inverse="naar-stuf-tijdstip",
    ),
    Function(
        "naar-stuf-tijdstip",
        "An ISO time with an offset as a StUF tijdstip in local time.",
        "text",
        "text",
        always(_naar_stuf_tijdstip),
        (
            Example("2024-07-15T07:30:00Z", "20240715093000"),
            Example("2024-07-15T09:30:00.250+02:00", "20240715093000250"),
            Example("2024-07-15T09:30:00", FAILS),
        ),
        inverse="stuf-tijdstip",
    ),
    Function(
        "stuf-onvolledige-datum",
        "A StUF date with its indOnvolledigeDatum as what is known of it: jaar, maand, dag; nothing when nothing is.",
        "text",
        "object",
        always(_stuf_onvolledige_datum),
        (
            Example("19600704", {"jaar": 1960, "maand": 7, "dag": 4}),
            Example("19600704", {"jaar": 1960, "maand": 7}, attributes={"indOnvolledigeDatum": "D"}),
            Example("19600704", {"jaar": 1960}, attributes={"indOnvolledigeDatum": "M"}),
            Example("19600704", None, attributes={"indOnvolledigeDatum": "J"}),
            Example("196007", {"jaar": 1960, "maand": 7}),
            Example("19650000", {"jaar": 1965}),
            Example("1965", {"jaar": 1965}),
            Example("19601304", FAILS),
            Example("19600704", FAILS, attributes={"indOnvolledigeDatum": "X"}),
        ),
        attributes=("indOnvolledigeDatum",),
        inverse="naar-stuf-onvolledige-datum",
    ),
    Function(
        "stuf-datum-of-onbekend",
        "A StUF date, or the noValue in its place, as what is known of it: jaar, maand, dag; an empty object when it "
        "is unknown, nothing when there is none.",
        "text",
        "object",
        always(_stuf_datum_of_onbekend),
        (
            Example("19600704", {"jaar": 1960, "maand": 7}, attributes={"indOnvolledigeDatum": "D"}),
            Example("19600704", {}, attributes={"indOnvolledigeDatum": "J"}),
            Example("waardeOnbekend", {}),
            Example("geenWaarde", None),
            Example("onbekend", FAILS),
        ),
        attributes=("indOnvolledigeDatum",),
    ),
    Function(
        "naar-stuf-onvolledige-datum",
        "What is known of a date as a StUF date, with its indOnvolledigeDatum when it is incomplete.",
        "object",
        "text",
        always(_naar_stuf_onvolledige_datum),
        (
            Example({"jaar": 1960, "maand": 7, "dag": 4}, "19600704"),
            Example({"jaar": 1960, "maand": 3}, Marked("19600301", {"indOnvolledigeDatum": "D"})),
            Example({"jaar": 1960}, Marked("19600701", {"indOnvolledigeDatum": "M"})),
            Example({"maand": 7}, FAILS),
            Example({"jaar": 1960, "maand": 13}, FAILS),
        ),
        inverse="stuf-onvolledige-datum",
    ),
    Function(
        "naar-stuf-datum-of-onbekend",
        "What is known of a date as a StUF date, with its indOnvolledigeDatum when it is incomplete; when nothing is "
        "known of it, an element that says so (noValue waardeOnbekend).",
        "object",
        "text",
        always(_naar_stuf_datum_of_onbekend),
        (
            Example({"jaar": 1960, "maand": 7, "dag": 4}, "19600704"),
            Example({"jaar": 1960}, Marked("19600701", {"indOnvolledigeDatum": "M"})),
            Example({}, Marked(None, {"noValue": "waardeOnbekend"})),
            Example({"maand": 7}, FAILS),
        ),
        bare=True,
    ),
    Function(
        "onvolledige-datum-naar-datum",
        "A date that may be incomplete as an ISO date; nothing when a part is unknown.",
        "object",
        "text",
        always(_onvolledige_datum_naar_datum),
        (
            Example({"jaar": 1960, "maand": 7, "dag": 4}, "1960-07-04"),
            Example({"jaar": 1960, "maand": 7}, None),
            Example("1960-07-04", FAILS),
        ),
        inverse="datum-naar-onvolledige-datum",
    ),
    Function(
        "datum-naar-onvolledige-datum",
        "An ISO date as one of which all is known.",
        "text",
        "object",
        always(_datum_naar_onvolledige_datum),
        (Example("1960-07-04", {"jaar": 1960, "maand": 7, "dag": 4}), Example("1960-07", FAILS)),
        inverse="onvolledige-datum-naar-datum",
    ),
    Function(
        "datum-van-tijdstip",
        "The date in the Netherlands of an ISO time with an offset.",
        "text",
        "text",
        always(_datum_van_tijdstip),
        (Example("2024-07-14T23:30:00Z", "2024-07-15"), Example("2024-07-14", FAILS)),
    ),
    Function(
        "duur-dagen",
        "A number of days as an ISO duration; nothing for zero.",
        "text",
        "text",
        always(_duur_dagen),
        (Example("30", "P30D"), Example("000", None), Example("P30D", FAILS)),
        inverse="naar-duur-dagen",
    ),
    Function(
        "naar-duur-dagen",
        "An ISO duration as a number of days: a month counts 30, a year 365; nothing for zero.",
        "text",
        "text",
        always(_naar_duur_dagen),
        (Example("P30D", "30"), Example("P1M15D", "45"), Example("P0D", None), Example("PT8H", FAILS)),
        inverse="duur-dagen",
    ),
)
