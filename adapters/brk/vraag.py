"""In which way a question about land is asked of the BRK. Pure.

Source: Haal Centraal BRK bevragen 2.0.0. It takes the criteria of one category; the rest is looked at here.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from hub.net.criteria import Takes, Way, way_of
from hub.net.problems import refused

NUMBER, BSN = "identificatie", "burgerservicenummer"
_RSIN, _NAME = "rsin", "kadastraleAanduiding"
_SPLIT = "inclusiefKadastraalOnroerendeZakenUitSplitsing"
_PLACES = {
    NUMBER: NUMBER,
    BSN: "",
    _RSIN: "",
    _NAME: _NAME,
    "nummeraanduidingIdentificatie": "adressen.nummeraanduidingIdentificatie",
    "adresseerbaarObjectIdentificatie": "adressen.adresseerbaarObjectIdentificatie",
    "postcode": "adressen.postcode",
    "huisnummer": "adressen.huisnummer",
    "huisletter": "adressen.huisletter",
    "huisnummertoevoeging": "adressen.huisnummertoevoeging",
}
_TAKES = (
    Takes((BSN,)),
    Takes((_RSIN,)),
    Takes((NUMBER,)),
    Takes((_NAME,)),
    Takes(("nummeraanduidingIdentificatie",)),
    Takes(("postcode",), ("huisnummer", "huisletter", "huisnummertoevoeging")),
)
"""The ways: first those by who has a right, which is not looked at here."""
_SHAPES = {
    BSN: (re.compile(r"[0-9]{9}"), "9 digits"),
    _RSIN: (re.compile(r"[0-9]{9}"), "9 digits"),
    NUMBER: (re.compile(r"[0-9A-Za-z]{1,60}"), "digits and letters only"),
}
_BY_CODE = re.compile(r"[A-Z]{3}[0-9]{2} .*")


def asked_by(question: Mapping[str, Any]) -> Way:
    """Choose; `query` is as the BRK has it. Raises TargetRefused for a question that the BRK has no way for."""
    way = way_of(question, _TAKES, _PLACES)
    if way is None:
        raise refused(
            "land is found by its identificatie or kadastrale aanduiding, by a nummeraanduiding or postcode, or by the "
            "burgerservicenummer or rsin of who has a right on it",
            advice="let the question have one of these",
        )
    if way.by in _SHAPES and not _SHAPES[way.by][0].fullmatch(way.query[way.by]):
        raise refused(f"{way.by} has {_SHAPES[way.by][1]}", advice="see what is asked")
    if _BY_CODE.fullmatch(str(way.compared.get(_NAME) or "")):
        raise refused(
            f"a kadastrale aanduiding by code can not be asked together with {way.by}",
            advice="write it with the name of the kadastrale gemeente",
        )
    if question.get(_SPLIT) and way.by != _NAME:
        raise refused(f"{_SPLIT} goes with a kadastrale aanduiding", advice="ask by that, or leave it out")
    return way._replace(query=_sent(way, split=bool(question.get(_SPLIT))))


def _sent(way: Way, *, split: bool) -> dict[str, str]:
    if way.by == _RSIN:
        return {"persoon__identificatie": way.query[_RSIN]}
    if way.by == _NAME:
        name = way.query[_NAME]
        parameter = "kadastraleAanduidingMetGemeentecode" if _BY_CODE.fullmatch(name) else _NAME
        return {parameter: name, **({_SPLIT: "true"} if split else {})}
    return way.query
