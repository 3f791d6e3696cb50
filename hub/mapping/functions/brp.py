"""Dates and investigations as the BRP APIs tell them.

A date says by its `type` how much of it is known; one of which nothing is known is still a date. What is under
investigation stands as booleans beside the day since when: a canonical group names the fields.
"""

from __future__ import annotations

from datetime import date
from typing import Any

from hub.mapping.functions.contract import FAILS, Apply, Example, Function, Setting, Unfit, always, object_of, text_of

_MAANDEN = (
    "januari",
    "februari",
    "maart",
    "april",
    "mei",
    "juni",
    "juli",
    "augustus",
    "september",
    "oktober",
    "november",
    "december",
)
_JAAR_MAX = 9999
_SINCE = "datumIngang"
_ONDERZOEK = "datumIngangOnderzoek"
_VELDEN_MAX = 130


def _brp_datum(value: object) -> dict[str, int]:
    found = object_of(value, "a date of the BRP")
    kind = found.get("type")
    if kind == "Datum":
        whole = _whole(text_of(found.get("datum")))
        return {"jaar": whole.year, "maand": whole.month, "dag": whole.day}
    if kind == "JaarMaandDatum":
        return {"jaar": _part(found, "jaar", _JAAR_MAX), "maand": _part(found, "maand", len(_MAANDEN))}
    if kind == "JaarDatum":
        return {"jaar": _part(found, "jaar", _JAAR_MAX)}
    if kind == "DatumOnbekend":
        return {}
    raise Unfit("the type of a date is Datum, JaarMaandDatum, JaarDatum or DatumOnbekend")


def _naar_brp_datum(value: object) -> dict[str, Any]:
    found = object_of(value, "an incomplete date")
    if found.get("jaar") is None:
        return {"type": "DatumOnbekend", "onbekend": True, "langFormaat": "onbekend"}
    jaar = _part(found, "jaar", _JAAR_MAX)
    if found.get("maand") is None:
        return {"type": "JaarDatum", "jaar": jaar, "langFormaat": f"{jaar}"}
    maand = _part(found, "maand", len(_MAANDEN))
    if found.get("dag") is None:
        lang = f"{_MAANDEN[maand - 1]} {jaar}"
        return {"type": "JaarMaandDatum", "jaar": jaar, "maand": maand, "langFormaat": lang}
    dag = _part(found, "dag", 31)
    whole = _whole(f"{jaar:04}-{maand:02}-{dag:02}")
    return {"type": "Datum", "datum": whole.isoformat(), "langFormaat": f"{dag} {_MAANDEN[maand - 1]} {jaar}"}


def _whole(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise Unfit("this is not a date of the calendar") from None


def _part(found: dict[str, Any], name: str, most: int) -> int:
    part = found.get(name)
    if not isinstance(part, int) or isinstance(part, bool) or not 0 < part <= most:
        raise Unfit(f"{name} is not a number up to {most}")
    return part


def _onderzoek(van: str = "") -> Apply:
    own = f"{_ONDERZOEK}{van}"

    def apply(value: object) -> dict[str, Any] | None:
        velden: list[str] = []
        since: dict[str, Any] = {}
        found: dict[Any, Any] = object_of(value, "what is under investigation")
        for name, each in found.items():
            if not isinstance(name, str):
                raise Unfit("a field has a name")
            if each is True:
                velden.append(name)
            elif name.startswith(_ONDERZOEK):
                since[_SINCE if name == own else f"{_SINCE}{name.removeprefix(_ONDERZOEK)}"] = _brp_datum(each)
            elif each is not False:
                raise Unfit("under investigation is true or false")
        if len(velden) > _VELDEN_MAX:
            raise Unfit(f"a group has at most {_VELDEN_MAX} fields")
        return {"velden": velden, **since} if velden else None

    return apply


def _naar_onderzoek(van: str = "") -> Apply:
    def apply(value: object) -> dict[str, Any] | None:
        found: dict[Any, Any] = object_of(value, "what is under investigation")
        velden = found.get("velden")
        if not isinstance(velden, list) or not all(isinstance(each, str) for each in velden):
            raise Unfit("velden is a list of names")
        since: dict[str, Any] = {}
        for name, each in found.items():
            if isinstance(name, str) and name.startswith(_SINCE):
                rest = name.removeprefix(_SINCE) or van
                since[f"{_ONDERZOEK}{rest}"] = _naar_brp_datum(each)
        return {**dict.fromkeys(velden, True), **since} if velden else None

    return apply


_VAN = (Setting("van", "what the day since when is named after at the BRP, for the first of several", "text"),)
_DATUM = {"type": "Datum", "datum": "2025-02-03", "langFormaat": "3 februari 2025"}

FUNCTIONS = (
    Function(
        "brp-datum",
        "A date of the BRP as what is known of it: jaar, maand, dag; an empty object when nothing is.",
        "object",
        "object",
        always(_brp_datum),
        (
            Example(
                {"type": "Datum", "datum": "1960-07-04", "langFormaat": "4 juli 1960"},
                {
                    "jaar": 1960,
                    "maand": 7,
                    "dag": 4,
                },
            ),
            Example(
                {"type": "JaarMaandDatum", "jaar": 1960, "maand": 7, "langFormaat": "juli 1960"},
                {
                    "jaar": 1960,
                    "maand": 7,
                },
            ),
            Example({"type": "JaarDatum", "jaar": 1960, "langFormaat": "1960"}, {"jaar": 1960}),
            Example({"type": "DatumOnbekend", "onbekend": True, "langFormaat": "onbekend"}, {}),
            Example({"type": "Datum", "datum": "1960-02-30"}, FAILS),
            Example({"datum": "1960-07-04"}, FAILS),
        ),
        inverse="naar-brp-datum",
    ),
    Function(
        "naar-brp-datum",
        "What is known of a date as the BRP tells it.",
        "object",
        "object",
        always(_naar_brp_datum),
        (
            Example(
                {"jaar": 1960, "maand": 7, "dag": 4},
                {
                    "type": "Datum",
                    "datum": "1960-07-04",
                    "langFormaat": "4 juli 1960",
                },
            ),
            Example(
                {"jaar": 1960, "maand": 7},
                {
                    "type": "JaarMaandDatum",
                    "jaar": 1960,
                    "maand": 7,
                    "langFormaat": "juli 1960",
                },
            ),
            Example({"jaar": 1960}, {"type": "JaarDatum", "jaar": 1960, "langFormaat": "1960"}),
            Example({}, {"type": "DatumOnbekend", "onbekend": True, "langFormaat": "onbekend"}),
            Example({"jaar": 1960, "maand": 13}, FAILS),
            Example("1960-07-04", FAILS),
        ),
        inverse="brp-datum",
    ),
    Function(
        "brp-in-onderzoek",
        "What of a group of the BRP is under investigation, by name, and since when; nothing when nothing is.",
        "object",
        "object",
        _onderzoek,
        (
            Example(
                {"voornamen": True, "datumIngangOnderzoek": _DATUM},
                {
                    "velden": ["voornamen"],
                    "datumIngang": {"jaar": 2025, "maand": 2, "dag": 3},
                },
            ),
            Example(
                {"leeftijd": True, "datumIngangOnderzoekPersoon": _DATUM},
                {"velden": ["leeftijd"], "datumIngang": {"jaar": 2025, "maand": 2, "dag": 3}},
                {"van": "Persoon"},
            ),
            Example({"voornamen": False}, None),
            Example({"voornamen": "ja"}, FAILS),
        ),
        settings=_VAN,
        inverse="naar-brp-in-onderzoek",
    ),
    Function(
        "naar-brp-in-onderzoek",
        "Fields under investigation, by name, as the BRP tells them.",
        "object",
        "object",
        _naar_onderzoek,
        (
            Example(
                {"velden": ["voornamen"], "datumIngang": {"jaar": 2025, "maand": 2, "dag": 3}},
                {
                    "voornamen": True,
                    "datumIngangOnderzoek": _DATUM,
                },
            ),
            Example({"velden": []}, None),
            Example({"velden": "voornamen"}, FAILS),
        ),
        settings=_VAN,
        inverse="brp-in-onderzoek",
    ),
)
