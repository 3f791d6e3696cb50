"""WOZ objects of a municipality that does not exist, as the API gives them.

Each is there for a situation: an owner who lives there, one who asked for geheimhouding, an organisation, a branch,
nobody known, a value that is disputed, and a tower for what comes in pages. Addresses are those of the BAG simulator.
"""

from __future__ import annotations

from hub.ports.simulator import Json

_GEMEENTE = {"code": "9999", "omschrijving": "Voorbeelddorp"}
_EIGENAAR: Json = {"type": "natuurlijk_persoon", "burgerservicenummer": "999990019", "naam": "J. Zeewier"}
_GEHEIM: Json = {
    "type": "natuurlijk_persoon",
    "burgerservicenummer": "999990020",
    "naam": "D. Duinroos",
    "geheimhoudingPersoonsgegevens": True,
}
_STICHTING: Json = {
    "type": "niet_natuurlijk_persoon",
    "rsin": "999930023",
    "naam": "Stichting Vrienden van het Voorbeeld",
}
_BOUW: Json = {"type": "niet_natuurlijk_persoon", "rsin": "999930011", "naam": "Luchtkasteel Bouw B.V."}
_VESTIGING: Json = {
    "type": "vestiging",
    "kvkNummer": "99990002",
    "vestigingsnummer": "999900000022",
    "naam": "Fata Morgana Advies",
}


def _waarden(*worths: int, statussen: tuple[str, ...] = ("beschikking_genomen",)) -> list[Json]:
    """Give what it was worth each year, the last first; what is said of the last value goes for that only."""
    return [
        {
            "vastgesteldeWaarde": worth,
            "waardepeildatum": f"{2025 - ago}-01-01",
            "ingangsdatum": f"{2026 - ago}-01-01",
            "beschikkingsStatussen": ["beschikking_genomen"] if ago else list(statussen),
        }
        for ago, worth in enumerate(worths)
    ]


def _object(
    number: int,
    straat: str,
    huisnummer: int,
    postcode: str,
    waarden: list[Json],
    *,
    letters: Json | None = None,
    **extra: object,
) -> Json:
    return {
        "identificatie": f"9999{number:08}",
        "aanduiding": {
            "straat": straat,
            "huisnummer": huisnummer,
            **(letters or {}),
            "postcode": postcode,
            "woonplaats": "Voorbeelddorp",
            "nummeraanduidingIdentificatie": f"999920{number:010}",
        },
        "adresseerbaarObjectIdentificaties": [f"999901{number:010}"],
        "pandIdentificaties": [f"999910{number:010}"],
        "kadastraalOnroerendeZaken": [_land(number)],
        "verantwoordelijkeGemeente": _GEMEENTE,
        "grondoppervlakte": 100 + number,
        "waarden": waarden,
        **extra,
    }


def _land(number: int, **extra: object) -> Json:
    return {
        "identificatie": f"9999{number:06}70000",
        "aanduiding": {"gemeentecode": "VBD00", "sectie": "A", "perceelnummer": number, **extra},
        "aanduidingMetGemeentenaam": f"Voorbeelddorp A {number}",
    }


_DISPUTED = ("beschikking_genomen", "bezwaar_ingediend")
_UNSURE: Json = {"vastgesteldeWaarde": 288_000, "waardepeildatum": "2025-01-01", "indicatieBezwaarBeroep": True}

OBJECTEN: tuple[Json, ...] = (
    _object(
        1,
        "Dorpsstraat",
        1,
        "9999AA",
        _waarden(412_000, 398_000, 355_000),
        belanghebbendeEigenaar=_EIGENAAR,
        belanghebbendeGebruiker=_EIGENAAR,
    ),
    _object(
        2,
        "Dorpsstraat",
        1,
        "9999AA",
        _waarden(301_000, 290_000, statussen=_DISPUTED),
        letters={"huisletter": "A"},
        belanghebbendeEigenaar=_STICHTING,
        belanghebbendeGebruiker=_GEHEIM,
    ),
    _object(
        3,
        "Dorpsstraat",
        1,
        "9999AA",
        [_UNSURE],
        letters={"huisletter": "A", "huisnummertoevoeging": "1"},
        belanghebbendeEigenaar=_GEHEIM,
    ),
    _object(
        6,
        "Dorpsstraat",
        3,
        "9999AA",
        _waarden(1_250_000),
        letters={"huisnummertoevoeging": "bis"},
        belanghebbendeEigenaar=_VESTIGING,
        belanghebbendeGebruiker=_VESTIGING,
        kadastraalOnroerendeZaken=[_land(6, deelperceelnummer="0001"), _land(7, appartementsindex=3)],
    ),
    {
        "identificatie": "999900000010",
        "aanduiding": {"woonplaats": "Voorbeelddorp", "locatieomschrijving": "Weiland naast de derde brug"},
        "kadastraalOnroerendeZaken": [_land(10)],
        "verantwoordelijkeGemeente": _GEMEENTE,
        "grondoppervlakte": 12_500,
    },
    *(
        _object(
            100 + floor,
            "Torenplein",
            floor,
            "9999AE",
            _waarden(200_000 + 1_000 * floor),
            belanghebbendeEigenaar=_BOUW,
            belanghebbendeGebruiker=_BOUW,
        )
        for floor in range(1, 26)
    ),
)
