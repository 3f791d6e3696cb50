"""What a criterion of a question is about: the fields of what is found, of which any tells as much as the criterion.

Who asks by a field it may not see learns it all the same, from whether somebody is found. It knows the questions about
persons, companies and what they own; who may see what is for others.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from hub.event.vragen import (
    BEDRIJVEN,
    BEWONINGEN,
    ONROERENDE_ZAKEN,
    PERSONEN,
    REISDOCUMENTEN,
    VERBLIJFPLAATSEN,
    WOZ_OBJECTEN,
)

Criteria = Mapping[str, tuple[str, ...]]
"""Fields by the name of a criterion; without any it tells nothing of anybody, or it is what the whole answer is of."""

_ANY: tuple[str, ...] = ()
_BSN, _OBJECT = "burgerservicenummer", "adresseerbaarObjectIdentificatie"
_ADRES = "verblijfplaats.verblijfadres"
_BRK_ADRESSEN = "adressen"
_AANDUIDING = ("nummeraanduidingIdentificatie", "postcode", "huisnummer", "huisletter", "huisnummertoevoeging")


def _van_bedrijf(field: str) -> tuple[str, ...]:
    return tuple(f"{each}.adressen.{field}" for each in ("eigenaar", "hoofdvestiging", "vestigingen"))


CRITERIA: Mapping[str, Criteria] = {
    PERSONEN: {
        "burgerservicenummers": (_BSN,),
        "na": (_BSN,),
        "geslachtsnaam": ("naam.geslachtsnaam",),
        "voorvoegsel": ("naam.voorvoegsel",),
        "voornamen": ("naam.voornamen",),
        "geslacht": ("geslacht",),
        "geboortedatum": ("geboorte.datum",),
        "postcode": (f"{_ADRES}.postcode",),
        "straat": (f"{_ADRES}.korteStraatnaam", f"{_ADRES}.officieleStraatnaam"),
        "huisnummer": (f"{_ADRES}.huisnummer",),
        "huisletter": (f"{_ADRES}.huisletter",),
        "huisnummertoevoeging": (f"{_ADRES}.huisnummertoevoeging",),
        "gemeenteVanInschrijving": ("gemeenteVanInschrijving",),
        "nummeraanduidingIdentificatie": ("verblijfplaats.nummeraanduidingIdentificatie",),
        _OBJECT: (f"verblijfplaats.{_OBJECT}",),
        "inclusiefOverledenPersonen": _ANY,
    },
    BEWONINGEN: {_OBJECT: (_OBJECT,), "peildatum": _ANY, "datumVan": _ANY, "datumTot": _ANY},
    # Whose they are is no field of them.
    VERBLIJFPLAATSEN: {_BSN: _ANY, "peildatum": _ANY, "datumVan": _ANY, "datumTot": _ANY},
    REISDOCUMENTEN: {"reisdocumentnummer": ("reisdocumentnummer",), _BSN: (f"houder.{_BSN}",)},
    BEDRIJVEN: {
        "kvkNummer": ("kvkNummer", "vestigingen.kvkNummer", "hoofdvestiging.kvkNummer"),
        "na": ("kvkNummer", "vestigingen.vestigingsnummer", "hoofdvestiging.vestigingsnummer"),
        "rsin": ("eigenaar.rsin", "vestigingen.rsin", "hoofdvestiging.rsin"),
        "vestigingsnummer": ("vestigingen.vestigingsnummer", "hoofdvestiging.vestigingsnummer"),
        "naam": ("naam", "handelsnamen", "statutaireNaam", "vestigingen.naam", "vestigingen.handelsnamen"),
        "postcode": _van_bedrijf("postcode"),
        "huisnummer": _van_bedrijf("huisnummer"),
        "huisletter": _van_bedrijf("huisletter"),
        "postbusnummer": _van_bedrijf("postbusnummer"),
        "straatnaam": _van_bedrijf("straatnaam"),
        "plaats": _van_bedrijf("plaats"),
        "type": ("type", "vestigingen.indHoofdvestiging"),
        "inclusiefInactieve": _ANY,
    },
    ONROERENDE_ZAKEN: {
        "identificatie": ("identificatie",),
        "na": ("identificatie",),
        "kadastraleAanduiding": ("kadastraleAanduiding",),
        "inclusiefKadastraalOnroerendeZakenUitSplitsing": _ANY,
        _BSN: ("zakelijkGerechtigden.persoon.burgerservicenummer",),
        "rsin": ("zakelijkGerechtigden.persoon.rsin",),
        **{each: (f"{_BRK_ADRESSEN}.{each}",) for each in (*_AANDUIDING, _OBJECT)},
    },
    WOZ_OBJECTEN: {
        "identificatie": ("identificatie",),
        "na": ("identificatie",),
        "rsin": ("belanghebbendeEigenaar.rsin",),
        "kvkNummer": ("belanghebbendeEigenaar.kvkNummer",),
        _OBJECT: ("adresseerbaarObjectIdentificaties",),
        **{each: (f"aanduiding.{each}",) for each in _AANDUIDING},
    },
}  # fmt: skip

_OWN = frozenset(("velden", "volgorde", "maximum"))
"""What is no criterion: how much is wanted, and in which order."""


def asked_by(kind: str, question: Mapping[str, Any]) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Give what a question selects and orders by, each with the fields of which one tells as much."""
    criteria = CRITERIA.get(kind, {})
    for name, value in question.items():
        if value is not None and name not in _OWN and (fields := criteria.get(name, (name,))):
            yield name, fields
    for each in question.get("volgorde") or ():
        yield "volgorde", (each.removeprefix("-"),)
