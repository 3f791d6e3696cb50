"""The shapes of what the BRP APIs answer: which groups and fields there are, and so which paths may be asked for.

BRP API Personen 2.7 (Persoon, PersoonBeperkt, GezagPersoonBeperkt) and Reisdocumenten 2.0. It knows neither asking nor
answering.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

Vorm = Mapping[str, Any]
"""The shape of a group: a name to the shape of a group, or to the parts of one value (a tuple, empty for a scalar)."""

SCALAR: tuple[str, ...] = ()
DATUM = ("langFormaat", "type", "datum", "onbekend", "jaar", "maand")
WAARDE = ("code", "omschrijving")
TITEL = ("code", "omschrijving", "soort")
GEZAG = (
    "type",
    "minderjarige",
    "minderjarige.burgerservicenummer",
    "ouders",
    "ouders.burgerservicenummer",
    "ouder",
    "ouder.burgerservicenummer",
    "derde",
    "derde.burgerservicenummer",
    "derden",
    "derden.burgerservicenummer",
)

_NAAM_GERELATEERDE: Vorm = {
    "voornamen": SCALAR,
    "adellijkeTitelPredicaat": TITEL,
    "voorvoegsel": SCALAR,
    "geslachtsnaam": SCALAR,
    "voorletters": SCALAR,
}
_NAAM_BEPERKT: Vorm = {**_NAAM_GERELATEERDE, "volledigeNaam": SCALAR}
_NAAM: Vorm = {**_NAAM_BEPERKT, "aanduidingNaamgebruik": WAARDE}
_GEBEURTENIS: Vorm = {"datum": DATUM, "plaats": WAARDE, "land": WAARDE}
_BINNENLAND: Vorm = {
    "officieleStraatnaam": SCALAR,
    "korteStraatnaam": SCALAR,
    "huisnummer": SCALAR,
    "huisletter": SCALAR,
    "huisnummertoevoeging": SCALAR,
    "aanduidingBijHuisnummer": WAARDE,
    "postcode": SCALAR,
    "woonplaats": SCALAR,
    "locatiebeschrijving": SCALAR,
}
_BUITENLAND: Vorm = {"regel1": SCALAR, "regel2": SCALAR, "regel3": SCALAR, "land": WAARDE}
_VERBLIJFPLAATS: Vorm = {
    "type": SCALAR,
    "datumIngangGeldigheid": DATUM,
    "datumVan": DATUM,
    "functieAdres": WAARDE,
    "adresseerbaarObjectIdentificatie": SCALAR,
    "nummeraanduidingIdentificatie": SCALAR,
}
_ADRESREGELS: Vorm = {"adresregel1": SCALAR, "adresregel2": SCALAR}
_ADRESREGELS_BUITENLAND: Vorm = {**_ADRESREGELS, "adresregel3": SCALAR, "land": WAARDE}
_AANSCHRIJVEN: Vorm = {
    "aanhef": SCALAR,
    "aanschrijfwijze": {"naam": SCALAR, "aanspreekvorm": SCALAR},
    "gebruikInLopendeTekst": SCALAR,
}

PERSOON_BEPERKT: Vorm = {
    "burgerservicenummer": SCALAR,
    "geboorte": {"datum": DATUM},
    "geslacht": WAARDE,
    "leeftijd": SCALAR,
    "naam": _NAAM_BEPERKT,
    "adressering": _ADRESREGELS_BUITENLAND,
    "adresseringBinnenland": _ADRESREGELS,
}
GEZAG_PERSOON_BEPERKT: Vorm = {**PERSOON_BEPERKT, "gezag": GEZAG}
PERSOON: Vorm = {
    "aNummer": SCALAR,
    "burgerservicenummer": SCALAR,
    "datumEersteInschrijvingGBA": DATUM,
    "datumInschrijvingInGemeente": DATUM,
    "europeesKiesrecht": {"aanduiding": WAARDE, "einddatumUitsluiting": DATUM},
    "geboorte": _GEBEURTENIS,
    "gemeenteVanInschrijving": WAARDE,
    "geslacht": WAARDE,
    "gezag": GEZAG,
    "immigratie": {
        "datumVestigingInNederland": DATUM,
        "landVanwaarIngeschreven": WAARDE,
        "vanuitVerblijfplaatsOnbekend": SCALAR,
        "indicatieVestigingVanuitBuitenland": SCALAR,
    },
    "indicatieCurateleRegister": SCALAR,
    "indicatieGezagMinderjarige": WAARDE,
    "kinderen": {"burgerservicenummer": SCALAR, "geboorte": _GEBEURTENIS, "naam": _NAAM_GERELATEERDE},
    "leeftijd": SCALAR,
    "naam": _NAAM,
    "nationaliteiten": {
        "type": SCALAR,
        "nationaliteit": WAARDE,
        "redenOpname": WAARDE,
        "datumIngangGeldigheid": DATUM,
    },
    "ouders": {
        "burgerservicenummer": SCALAR,
        "datumIngangFamilierechtelijkeBetrekking": DATUM,
        "geboorte": _GEBEURTENIS,
        "geslacht": WAARDE,
        "naam": _NAAM_GERELATEERDE,
        "ouderAanduiding": SCALAR,
    },
    "overlijden": _GEBEURTENIS,
    "partners": {
        "aangaanHuwelijkPartnerschap": _GEBEURTENIS,
        "burgerservicenummer": SCALAR,
        "geboorte": _GEBEURTENIS,
        "geslacht": WAARDE,
        "naam": _NAAM_GERELATEERDE,
        "ontbindingHuwelijkPartnerschap": {"datum": DATUM},
        "soortVerbintenis": WAARDE,
    },
    "uitsluitingKiesrecht": {"uitgeslotenVanKiesrecht": SCALAR, "einddatum": DATUM},
    "verblijfplaats": {**_VERBLIJFPLAATS, "verblijfadres": {**_BINNENLAND, **_BUITENLAND}},
    "verblijfplaatsBinnenland": {**_VERBLIJFPLAATS, "verblijfadres": _BINNENLAND},
    "verblijfstitel": {"aanduiding": WAARDE, "datumEinde": DATUM, "datumIngang": DATUM},
    "adressering": {**_ADRESREGELS_BUITENLAND, **_AANSCHRIJVEN},
    "adresseringBinnenland": {**_ADRESREGELS, **_AANSCHRIJVEN},
}
REISDOCUMENT: Vorm = {
    "reisdocumentnummer": SCALAR,
    "soort": WAARDE,
    "datumEindeGeldigheid": DATUM,
    "inhoudingOfVermissing": {"datum": DATUM, "aanduiding": WAARDE},
    "houder": {"burgerservicenummer": SCALAR},
}

AUTOMATISCH = frozenset({"inOnderzoek", "geheimhoudingPersoonsgegevens", "opschortingBijhouding", "rni", "verificatie"})
"""What an asker gets by itself, and may not ask for."""
ERBIJ = frozenset({"inOnderzoek", "indicatieVastgesteldVerblijftNietOpAdres"})
"""What comes with a group by itself, and may not be asked for."""


def paden(vorm: Vorm) -> Iterator[str]:
    """Give every path that may be asked for."""
    for naam, deel in vorm.items():
        yield naam
        onder = deel if isinstance(deel, tuple) else paden(deel)
        yield from (f"{naam}.{pad}" for pad in onder)
