"""A canonical question as a question of StUF-BG: which service, by which criteria, in which order.

It knows which element a criterion is asked by. It refuses to know what is wanted of what is found (`lookup`), and what
an answer means (the mapping).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, NamedTuple

from adapters.stuf_bg.paden import LEEG, Pad, Waarde, deel
from adapters.stuf_bg.services import Service, by_kind
from hub.errors import TargetRefused
from hub.event.vragen import ADRESSEN, BEDRIJVEN, PERSONEN
from hub.net.problems import refused

Vraag = Mapping[str, Any]


class Gesteld(NamedTuple):
    """A question as it is put to the other system.

    `begin` are texts that an element must begin with: StUF can ask for a part of a text, not where it stands, so what
    is found is compared. `sortering` is the number of the order (StUF-BG 03.10).
    """

    service: Service
    criteria: Mapping[Pad, Waarde]
    begin: Mapping[Pad, str]
    sortering: str


def gesteld(kind: str, vraag: Vraag) -> Gesteld:
    """Give the question that is put; raises TargetRefused when StUF-BG has no such question.

    A criterion that cannot be asked is never left out: others would be found.
    """
    service = by_kind()[_service_of(kind, vraag)]
    elementen = _ELEMENTEN[service.kind]
    criteria: dict[Pad, Waarde] = {}
    begin: dict[Pad, str] = {}
    for name, value in vraag.items():
        if name in _NO_CRITERIA or _says_nothing(kind, name, value):
            continue
        path = elementen.get(name)
        if path is None:
            raise _not_asked(name)
        if value is None or name in _EXCLUDE:
            criteria[path] = LEEG
            continue
        text = _text(name, value)
        first = text.removesuffix("*")
        if "*" in first or not first:
            raise refused(f"{name}: a * stands at the end, behind something", advice=f"ask with another {name}")
        if text != first:
            begin[path] = first
        criteria[path] = deel(first) if text != first else Waarde(text)
    if not criteria and not vraag.get("burgerservicenummers"):
        raise refused("the question has no criterion", advice=f"ask by {', '.join(elementen)}")
    return Gesteld(service, criteria, begin, _sortering(service, vraag.get("volgorde") or ()))


_NO_CRITERIA = frozenset(("velden", "volgorde", "maximum", "na", "burgerservicenummers"))
_RECHTSPERSOON = "rechtspersoon"
"""A type that says which service is asked, and no more."""
_EXCLUDE = frozenset(("inclusiefOverledenPersonen", "inclusiefInactieve"))
"""What is left out when the question says so: an element must have no value."""

_ADRES = ("verblijfsadres",)
_HUIS = {
    "postcode": (*_ADRES, "aoa.postcode"),
    "huisnummer": (*_ADRES, "aoa.huisnummer"),
    "huisletter": (*_ADRES, "aoa.huisletter"),
}
_VAN_BEDRIJF = {"postcode": "aoa.postcode", "huisnummer": "aoa.huisnummer", "huisletter": "aoa.huisletter"} | {
    "straatnaam": "gor.straatnaam",
    "plaats": "wpl.woonplaatsNaam",
}
_ELEMENTEN: Mapping[str, Mapping[str, Pad]] = {
    "npsLv01": {
        "geslachtsnaam": ("geslachtsnaam",),
        "voorvoegsel": ("voorvoegselGeslachtsnaam",),
        "voornamen": ("voornamen",),
        "geslacht": ("geslachtsaanduiding",),
        "geboortedatum": ("geboortedatum",),
        **_HUIS,
        "huisnummertoevoeging": (*_ADRES, "aoa.huisnummertoevoeging"),
        "straat": (*_ADRES, "gor.straatnaam"),
        "gemeenteVanInschrijving": ("inp.gemeenteVanInschrijving",),
        "nummeraanduidingIdentificatie": (*_ADRES, "aoa.identificatie"),
        "adresseerbaarObjectIdentificatie": ("inp.verblijftIn", "gerelateerde", "identificatie"),
        "inclusiefOverledenPersonen": ("overlijdensdatum",),
    },
    "aoaLv01": {
        "nummeraanduidingIdentificatie": ("identificatie",),
        "postcode": ("postcode",),
        "huisnummer": ("huisnummer",),
        "huisletter": ("huisletter",),
        "huisnummertoevoeging": ("huisnummertoevoeging",),
        "openbareRuimteNaam": ("gor.openbareRuimteNaam",),
        "woonplaatsNaam": ("wpl.woonplaatsNaam",),
        "adresseerbaarObjectIdentificatie": ("isVan", "gerelateerde", "identificatie"),
    },
    "nnpLv01": {
        "rsin": ("inn.nnpId",),
        "naam": ("statutaireNaam",),
        "kvkNummer": ("rps.isEigenaarVan", "gerelateerde", "kvkNummer"),
        "inclusiefInactieve": ("datumEinde",),
        **{name: ("bezoekadres", element) for name, element in _VAN_BEDRIJF.items()},
    },
    "vesLv01": {
        "vestigingsnummer": ("vestigingsNummer",),
        "type": ("typeringVestiging",),
        "naam": ("handelsnaam",),
        "kvkNummer": ("oefentActiviteitenUitVoor", "gerelateerde", "kvkNummer"),
        "inclusiefInactieve": ("datumEinde",),
        **{name: (*_ADRES, element) for name, element in _VAN_BEDRIJF.items()},
    },
    "macLv01": {
        "kvkNummer": ("kvkNummer",),
        "naam": ("handelsnaam",),
        "inclusiefInactieve": ("datumEinde",),
    },
}
"""By which element each criterion is asked, by service; a criterion that is not there cannot be asked."""

_ANY_OR_NONE = frozenset(("huisletter", "huisnummertoevoeging"))
"""Criteria of an address that say by null that there is none."""

_NAAM = ("naam.geslachtsnaam", "naam.voorletters", "naam.voorvoegsel")
_WONEN = "verblijfplaats.verblijfadres"
_NUMMER = (f"{_WONEN}.huisnummer", f"{_WONEN}.huisletter")
_SORTERINGEN: Mapping[str, Mapping[tuple[str, ...], str]] = {
    "npsLv01": {
        ("burgerservicenummer",): "8",
        _NAAM: "1",
        ("verblijfplaats.nummeraanduidingIdentificatie",): "2",
        (f"{_WONEN}.postcode", *_NUMMER): "3",
        (f"{_WONEN}.korteStraatnaam", *_NUMMER): "4",
        ("geboorte.datum", *_NAAM): "7",
        ("aNummer",): "9",
    },
    "aoaLv01": {
        ("nummeraanduidingIdentificatie",): "1",
        ("postcode", "huisnummer", "huisletter"): "2",
        ("openbareRuimteNaam", "huisnummer", "huisletter"): "3",
        ("woonplaatsNaam", "openbareRuimteNaam", "huisnummer", "huisletter"): "4",
    },
    "nnpLv01": {("eigenaar.rsin",): "1", ("statutaireNaam",): "2"},
    "vesLv01": {("vestigingen.vestigingsnummer",): "1", ("naam",): "2"},
    "macLv01": {("kvkNummer",): "1", ("naam",): "2"},
}
"""The orders of StUF-BG as fields, by service; the first is that of the number, in which a question can go on."""


def _service_of(kind: str, vraag: Vraag) -> str:
    if kind == PERSONEN:
        return "npsLv01"
    if kind == ADRESSEN:
        return "aoaLv01"
    assert kind == BEDRIJVEN, "no other question comes here"
    soort = vraag.get("type")
    if vraag.get("rsin") or soort == _RECHTSPERSOON:
        return "nnpLv01"
    # A company itself has no address in StUF-BG: its branches have.
    place = any(vraag.get(name) is not None for name in _VAN_BEDRIJF)
    return "vesLv01" if vraag.get("vestigingsnummer") or soort or place else "macLv01"


def _says_nothing(kind: str, name: str, value: object) -> bool:
    if name in _EXCLUDE:
        return value is not False
    if name == "type" and value == _RECHTSPERSOON:
        return True
    return value is None and not (kind == ADRESSEN and name in _ANY_OR_NONE)


def _text(name: str, value: object) -> str:
    if name == "geboortedatum":
        return f"{date.fromisoformat(str(value)):%Y%m%d}"
    return str(value).capitalize() if name == "type" else str(value)


def _sortering(service: Service, volgorde: Sequence[str]) -> str:
    orders = _SORTERINGEN[service.kind]
    asked = tuple(volgorde)
    found = next((number for fields, number in orders.items() if asked == fields[: len(asked)]), None)
    if found is None:
        known = "; ".join(", ".join(fields) for fields in orders)
        raise refused("StUF-BG has no such order", advice=f"ask in one of these, or the beginning of one: {known}")
    return found


def _not_asked(name: str) -> TargetRefused:
    return refused(f"StUF-BG cannot be asked by {name}", advice="see the README of stuf_bg for what can be asked")
