"""Persons who do not exist, as the GBA would keep them: one of each kind that an asker may meet.

Numbers begin with 9999 and pass the 11-test; every name, street and identification is made up.
"""

from __future__ import annotations

from typing import Any

Json = dict[str, Any]

GEMEENTE = {"code": "0518", "omschrijving": "'s-Gravenhage"}
NEDERLAND = {"code": "6030", "omschrijving": "Nederland"}
BELGIE = {"code": "5010", "omschrijving": "België"}
_GESLACHT = {"M": "man", "V": "vrouw", "O": "onbekend"}
_NAAMGEBRUIK = {
    "E": "eigen geslachtsnaam",
    "N": "geslachtsnaam echtgenoot/geregistreerd partner na eigen geslachtsnaam",
    "P": "geslachtsnaam echtgenoot/geregistreerd partner",
    "V": "geslachtsnaam echtgenoot/geregistreerd partner voor eigen geslachtsnaam",
}
_NEDERLANDER = {
    "nationaliteit": {"code": "0001", "omschrijving": "Nederlandse"},
    "redenOpname": {"code": "017", "omschrijving": "Rijkswet op het Nederlanderschap 1984, art. 3, lid 1"},
}

VADER, MOEDER, DOCHTER, ZOON = "999910000", "999910012", "999910024", "999910036"
GEHEIM, BARON, EMIGRANT, OVERLEDENE = "999910048", "999910061", "999910073", "999910085"
VERTROKKEN, SCHIPPER, STAATLOZE, NAAMKETEN = "999910097", "999910103", "999910115", "999910127"


def _waarde(code: str, omschrijving: str) -> Json:
    return {"code": code, "omschrijving": omschrijving}


def _geslacht(code: str) -> Json:
    return _waarde(code, _GESLACHT[code])


def _naam(voornamen: str, geslachtsnaam: str, voorvoegsel: str = "") -> Json:
    return {
        **({"voornamen": voornamen} if voornamen else {}),
        **({"voorvoegsel": voorvoegsel} if voorvoegsel else {}),
        "geslachtsnaam": geslachtsnaam,
    }


def _geboren(datum: str) -> Json:
    return {"datum": datum, "plaats": GEMEENTE, "land": NEDERLAND}


def _adres(huisnummer: int, sinds: str, **erbij: object) -> Json:
    return {
        "functieAdres": _waarde("W", "woonadres"),
        "straat": "Verzonnen Hof",
        "naamOpenbareRuimte": "Verzonnen Hof",
        "huisnummer": str(huisnummer),
        "postcode": "2599ZX",
        "woonplaats": "'s-Gravenhage",
        "adresseerbaarObjectIdentificatie": f"051801{huisnummer:010d}",
        "nummeraanduidingIdentificatie": f"051820{huisnummer:010d}",
        "datumAanvangAdreshouding": sinds,
        "datumIngangGeldigheid": sinds,
        **erbij,
    }


def _persoon(bsn: str, geslacht: str, naam: Json, geboren: str, *, naamgebruik: str = "E", **erbij: object) -> Json:
    return {
        "burgerservicenummer": bsn,
        "aNummer": f"9{bsn}",
        "geslacht": _geslacht(geslacht),
        "naam": {**naam, "aanduidingNaamgebruik": _waarde(naamgebruik, _NAAMGEBRUIK[naamgebruik])},
        "geboorte": _geboren(geboren),
        "datumEersteInschrijvingGBA": "19940930",
        "gemeenteVanInschrijving": GEMEENTE,
        "datumInschrijvingInGemeente": geboren if geboren.strip("0") else "20100101",
        "nationaliteiten": [{**_NEDERLANDER, "datumIngangGeldigheid": geboren}],
        **erbij,
    }


_NAMEN = {
    VADER: ("M", _naam("Joris Maarten", "Akkerwinde", "van"), "19800214"),
    MOEDER: ("V", _naam("Liselot", "Beukenroos"), "19821130"),
    DOCHTER: ("V", _naam("Fenna", "Akkerwinde", "van"), "20150507"),
    ZOON: ("M", _naam("Thijs", "Akkerwinde", "van"), "20150507"),
}


def _wie(bsn: str) -> Json:
    geslacht, naam, geboren = _NAMEN[bsn]
    return {
        "burgerservicenummer": bsn,
        "geslacht": _geslacht(geslacht),
        "naam": naam,
        "geboorte": _geboren(geboren),
    }


def _kind(bsn: str) -> Json:
    return {name: each for name, each in _wie(bsn).items() if name != "geslacht"}


def _partner(bsn: str) -> Json:
    gesloten = {"datum": "20110611", "plaats": GEMEENTE, "land": NEDERLAND}
    return {
        **_wie(bsn),
        "soortVerbintenis": _waarde("H", "huwelijk"),
        "aangaanHuwelijkPartnerschap": gesloten,
    }


def _ouder(bsn: str, aanduiding: str) -> Json:
    return {**_wie(bsn), "ouderAanduiding": aanduiding, "datumIngangFamilierechtelijkeBetrekking": "20150507"}


def _gezag(kind: str) -> Json:
    return {
        "type": "TweehoofdigOuderlijkGezag",
        "minderjarige": _wie(kind),
        "ouders": [_wie(MOEDER), _wie(VADER)],
    }


def _van_gezin(bsn: str, *, naamgebruik: str = "E", **erbij: object) -> Json:
    geslacht, naam, geboren = _NAMEN[bsn]
    adres = _adres(12, "20130401" if geboren < "2010" else geboren, huisletter="B", huisnummertoevoeging="2")
    return {**_persoon(bsn, geslacht, naam, geboren, naamgebruik=naamgebruik), "verblijfplaats": adres, **erbij}


PERSONEN: tuple[Json, ...] = (
    _van_gezin(
        VADER,
        partners=[_partner(MOEDER)],
        kinderen=[_kind(DOCHTER), _kind(ZOON)],
        gezag=[_gezag(DOCHTER), _gezag(ZOON)],
    ),
    _van_gezin(
        MOEDER,
        naamgebruik="V",
        partners=[_partner(VADER)],
        kinderen=[_kind(DOCHTER), _kind(ZOON)],
        gezag=[_gezag(DOCHTER), _gezag(ZOON)],
    ),
    _van_gezin(DOCHTER, ouders=[_ouder(MOEDER, "1"), _ouder(VADER, "2")], gezag=[_gezag(DOCHTER)]),
    _van_gezin(ZOON, ouders=[_ouder(MOEDER, "1"), _ouder(VADER, "2")], gezag=[_gezag(ZOON)]),
    _persoon(
        GEHEIM,
        "O",
        _naam("Robin", "Cederkamp"),
        "19901001",
        geheimhoudingPersoonsgegevens="7",
        verblijfplaats=_adres(3, "20200701"),
        indicatieCurateleRegister=True,
    ),
    _persoon(
        BARON,
        "M",
        {
            **_naam("Everhard", "Dalstein", "van"),
            "adellijkeTitelPredicaat": {**_waarde("B", "baron"), "soort": "titel"},
        },
        "19550101",
        verblijfplaats=_adres(7, "19990101", aanduidingBijHuisnummer=_waarde("to", "tegenover")),
        partners=[
            {
                "naam": _naam("Odette", "Elzenaar"),
                "geslacht": _geslacht("V"),
                "soortVerbintenis": _waarde("P", "geregistreerd partnerschap"),
                "aangaanHuwelijkPartnerschap": {
                    "datum": "20000000",
                    "plaats": {"omschrijving": "Brussel"},
                    "land": BELGIE,
                },
                "ontbindingHuwelijkPartnerschap": {"datum": "20090300"},
            }
        ],
        uitsluitingKiesrecht={"uitgeslotenVanKiesrecht": True},
    ),
    _persoon(
        EMIGRANT,
        "V",
        _naam("Saar", "Frambozer"),
        "19701231",
        verblijfplaats={
            "regel1": "Rue Inventée 5",
            "regel2": "1000 Bruxelles",
            "land": BELGIE,
            "datumAanvangAdresBuitenland": "20180901",
            "datumIngangGeldigheid": "20180901",
        },
        opschortingBijhouding={"datum": "20180901", "reden": _waarde("E", "emigratie")},
        rni=[
            {
                "deelnemer": _waarde("0201", "Sociale Verzekeringsbank (inzake AOW, Anw en AKW)"),
                "omschrijvingVerdrag": "Artikel 45 EU-Werkingsverdrag",
                "categorie": "Verblijfplaats",
            }
        ],
        verificatie={"datum": "20190515", "omschrijving": "eigen verzoek"},
        europeesKiesrecht={"aanduiding": _waarde("2", "persoon ontvangt oproep")},
    ),
    _persoon(
        OVERLEDENE,
        "M",
        _naam("Gijsbert", "Grutterink"),
        "19330808",
        verblijfplaats=_adres(7, "19800101"),
        overlijden={"datum": "20240229", "plaats": GEMEENTE, "land": NEDERLAND},
        opschortingBijhouding={"datum": "20240229", "reden": _waarde("O", "overlijden")},
    ),
    _persoon(
        VERTROKKEN,
        "M",
        _naam("Hidde", "Hazelaar"),
        "19880300",
        verblijfplaats={
            "land": _waarde("0000", "Onbekend"),
            "datumAanvangAdresBuitenland": "20220000",
            "datumIngangGeldigheid": "20220115",
        },
        opschortingBijhouding={"datum": "20220115", "reden": _waarde("M", "ministerieel besluit")},
    ),
    _persoon(
        SCHIPPER,
        "V",
        _naam("Iris", "IJsvogel"),
        "19770605",
        verblijfplaats={
            "functieAdres": _waarde("B", "briefadres"),
            "locatiebeschrijving": "Woonboot De Verzinsel, Zuidkade",
            "datumAanvangAdreshouding": "20100510",
            "datumIngangGeldigheid": "20100510",
            "inOnderzoek": {"aanduidingGegevensInOnderzoek": "089999", "datumIngangOnderzoek": "20250203"},
        },
    ),
    _persoon(
        STAATLOZE,
        "M",
        _naam("Jérôme Åke", "Küçükoğlu"),
        "19600000",
        verblijfplaats=_adres(9, "20150301"),
        nationaliteiten=[
            {
                "nationaliteit": _waarde("0499", "Staatloos"),
                "redenOpname": _waarde("311", "Vaststelling onbekende nationaliteit"),
                "datumIngangGeldigheid": "20150301",
            }
        ],
        immigratie={
            "datumVestigingInNederland": "20150301",
            "landVanwaarIngeschreven": _waarde("6043", "Turkije"),
        },
        verblijfstitel={
            "aanduiding": _waarde(
                "27", "Vw 2000 art. 8, sub d, verg. asiel onbep. tijd of langdurig ingez., arbeid vrij"
            ),
            "datumIngang": "20200301",
        },
    ),
    _persoon(
        NAAMKETEN,
        "V",
        _naam("", "Layla binti Karim"),
        "00000000",
        verblijfplaats=_adres(9, "00000000"),
        nationaliteiten=[
            {
                "nationaliteit": _waarde("0000", "Onbekend"),
                "inOnderzoek": {"aanduidingGegevensInOnderzoek": "040510", "datumIngangOnderzoek": "20250107"},
            }
        ],
        persoonInOnderzoek={"aanduidingGegevensInOnderzoek": "010300", "datumIngangOnderzoek": "20250107"},
    ),
)

VERBLIJVEN: tuple[Json, ...] = (
    {
        "burgerservicenummer": VADER,
        "gemeenteVanInschrijving": GEMEENTE,
        "verblijfplaats": {**_adres(3, "20050901"), "datumEindeAdreshouding": "20130401"},
    },
    {
        "burgerservicenummer": MOEDER,
        "gemeenteVanInschrijving": GEMEENTE,
        "verblijfplaats": {**_adres(7, "20080000"), "datumEindeAdreshouding": "20130401"},
    },
)
"""Where people lived before."""

REISDOCUMENTEN: tuple[Json, ...] = (
    {
        "reisdocumentnummer": "NZ0000001",
        "soort": _waarde("PN", "Nationaal paspoort"),
        "datumEindeGeldigheid": "20310409",
        "houder": {"burgerservicenummer": VADER},
    },
    {
        "reisdocumentnummer": "NZ0000002",
        "soort": _waarde("NI", "Nederlandse identiteitskaart"),
        "datumEindeGeldigheid": "20281101",
        "inhoudingOfVermissing": {"datum": "20240801", "aanduiding": _waarde("V", "vermist")},
        "houder": {"burgerservicenummer": VADER},
    },
    {
        "reisdocumentnummer": "NZ0000003",
        "soort": _waarde("PN", "Nationaal paspoort"),
        "datumEindeGeldigheid": "20300000",
        "houder": {"burgerservicenummer": MOEDER},
    },
)
