"""Zaken as anybody might describe them, for properties: every field that StUF-ZKN has a place for, filled or not.

Fictitious: BSNs begin with 9999 and pass the 11-test. Texts hold what XML must escape.
"""

from __future__ import annotations

from datetime import date
from typing import Any

from hypothesis import strategies as st

from adapters.stuf_zds.fragments import bsn

Json = dict[str, Any]

_LETTERS = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJ0123456789éëï&<>\"'.,-/ "


def text(size: int) -> st.SearchStrategy[str]:
    """Give words of at most this many characters, without spaces around them: in XML those say nothing."""
    return st.text(_LETTERS, min_size=1, max_size=size).map(lambda each: each.strip() or "x")


def code(size: int) -> st.SearchStrategy[str]:
    return st.text("ABCDEFGHIJ0123456789", min_size=1, max_size=size)


def object_of(**fields: st.SearchStrategy[Any]) -> st.SearchStrategy[Json]:
    """Give an object with any of these fields, at least one."""
    return st.sampled_from(sorted(fields)).flatmap(
        lambda one: st.fixed_dictionaries(
            {one: fields[one]}, optional={name: each for name, each in fields.items() if name != one}
        )
    )


DAY = st.dates(min_value=date(1900, 1, 1)).map(lambda day: day.isoformat())
MOMENT = st.integers(0, 59).map(lambda minute: f"2026-03-02T10:{minute:02}:00+01:00")
YEAR = st.integers(1900, 2020)
ONVOLLEDIG = st.one_of(
    st.builds(
        lambda jaar, maand, dag: {"jaar": jaar, "maand": maand, "dag": dag},
        YEAR,
        st.integers(1, 12),
        st.integers(1, 28),
    ),
    st.builds(lambda jaar, maand: {"jaar": jaar, "maand": maand}, YEAR, st.integers(1, 12)),
    st.builds(lambda jaar: {"jaar": jaar}, YEAR),
)

ADRES = object_of(
    identificatie=st.text("0123456789", min_size=16, max_size=16),
    woonplaatsNaam=text(40),
    openbareRuimteNaam=text(40),
    straatnaam=text(24),
    huisnummer=st.integers(1, 99999),
    huisletter=st.sampled_from("ABcd"),
    huisnummertoevoeging=st.text("0123456789ab", min_size=1, max_size=4),
    postcode=st.just("1234AB"),
)
BUITENLAND = object_of(
    landcode=st.just("5010"), landnaam=text(30), adresregel1=text(35), adresregel2=text(35), adresregel3=text(35)
)

_PERSON = object_of(
    geslachtsnaam=text(40),
    voorvoegselGeslachtsnaam=text(10),
    voorletters=text(10),
    voornamen=text(40),
    geslachtsaanduiding=st.sampled_from("mvo"),
    geboortedatum=ONVOLLEDIG,
)
PERSON = st.builds(
    lambda who, number, where: {**who, **number, **where},
    _PERSON,
    st.one_of(
        st.integers(0, 9000).map(lambda each: {"bsn": bsn(each)}),
        st.integers(1, 10**7 - 1).map(lambda each: {"anpIdentificatie": f"{each:017}"}),
    ),
    st.one_of(
        st.just({}),
        ADRES.map(lambda each: {"verblijfsadres": each}),
        BUITENLAND.map(lambda each: {"verblijfBuitenland": each}),
    ),
)
ORGANISATIE = st.builds(
    lambda number, rest: {**number, **rest},
    st.one_of(
        st.integers(0, 9000).map(lambda each: {"rsin": bsn(each)}),
        st.integers(10_000_000, 99_999_999).map(lambda each: {"kvkNummer": str(each)}),
    ),
    object_of(statutaireNaam=text(80), bezoekadres=ADRES),
)
VESTIGING = st.builds(
    lambda number, names: {"vestigingsNummer": f"{number:012}", **names},
    st.integers(1, 10**12 - 1),
    st.one_of(st.just({}), st.lists(text(40), min_size=1, max_size=1).map(lambda each: {"handelsnamen": each})),
)
MEDEWERKER = st.builds(
    lambda number, rest: {"identificatie": number, **rest},
    code(24),
    st.fixed_dictionaries(
        {}, optional={"achternaam": text(40), "voorletters": text(10), "voorvoegselAchternaam": text(10)}
    ),
)
AFDELING = st.builds(lambda number, name: {"identificatie": number, "naam": name}, code(24), text(50))

_PEOPLE = (
    ("natuurlijk_persoon", "natuurlijkPersoon", PERSON),
    ("niet_natuurlijk_persoon", "nietNatuurlijkPersoon", ORGANISATIE),
    ("vestiging", "vestiging", VESTIGING),
    ("medewerker", "medewerker", MEDEWERKER),
    ("organisatorische_eenheid", "organisatorischeEenheid", AFDELING),
)


def _as(kind: str, field: str, who: st.SearchStrategy[Json]) -> st.SearchStrategy[Json]:
    return who.map(lambda each: {"betrokkeneType": kind, field: each})


BETROKKENE = st.one_of(*(_as(*each) for each in _PEOPLE))
OFFICIAL = st.one_of(*(_as(*each) for each in _PEOPLE[3:]))
EIGENSCHAPPEN = st.lists(
    st.builds(lambda naam, waarde: {"naam": naam, "waarde": waarde}, code(20), text(60)),
    min_size=1,
    max_size=3,
    unique_by=lambda each: each["naam"],
)
_RELATIES = {
    "initiator": "heeftAlsInitiator",
    "belanghebbende": "heeftAlsBelanghebbende",
    "gemachtigde": "heeftAlsGemachtigde",
    "behandelaar": "heeftAlsUitvoerende",
    "zaakcoordinator": "heeftAlsVerantwoordelijke",
    "overig": "heeftAlsOverigBetrokkene",
}
_ROL_REST = st.fixed_dictionaries(
    {},
    optional={
        "code": code(10),
        "omschrijving": text(80),
        "toelichting": text(200),
        "begin": ONVOLLEDIG,
        "eigenschappen": EIGENSCHAPPEN,
        "contactpersoon": st.builds(
            lambda naam, rest: {"naam": naam, **rest},
            text(40),
            st.fixed_dictionaries(
                {}, optional={"telefoonnummer": st.just("0612345678"), "emailadres": st.just("x@example.nl")}
            ),
        ),
    },
)
ROL = st.builds(
    lambda generiek, who, rest: {"omschrijvingGeneriek": generiek, "relatie": _RELATIES[generiek], **who, **rest},
    st.sampled_from(sorted(_RELATIES)),
    BETROKKENE,
    _ROL_REST,
)
STATUS = st.builds(
    lambda volgnummer, moment, rest: {"volgnummer": volgnummer, "datumStatusGezet": moment, **rest},
    st.integers(1, 9999),
    MOMENT,
    st.fixed_dictionaries(
        {},
        optional={"code": code(10), "omschrijving": text(80), "toelichting": text(200), "gezetDoor": OFFICIAL},
    ),
)
_PUNT = st.builds(
    lambda lon, lat: {"type": "Point", "coordinates": [lon / 1000, lat / 1000]},
    st.integers(3300, 7200),
    st.integers(50700, 53600),
)
ZAAKOBJECT = st.one_of(
    st.builds(
        lambda adres, rest: {"objectType": "adres", "adres": adres, **rest},
        object_of(
            identificatie=st.text("0123456789", min_size=16, max_size=16),
            woonplaatsNaam=text(40),
            openbareRuimteNaam=text(40),
            huisnummer=st.integers(1, 99999),
            postcode=st.just("1234AB"),
        ),
        st.fixed_dictionaries({}, optional={"relatieomschrijving": text(80)}),
    ),
    st.text("0123456789", min_size=16, max_size=16).map(
        lambda each: {"objectType": "pand", "gegevens": {"identificatie": each}}
    ),
    st.builds(
        lambda omschrijving, rest: {"objectType": "overige", "omschrijving": omschrijving, **rest},
        text(80),
        st.fixed_dictionaries({}, optional={"aanduiding": text(80), "registratie": text(50), "geometrie": _PUNT}),
    ),
)
ANDERE_ZAAK = st.builds(
    lambda aard, number, rest: {"aard": aard, "identificatie": f"1900{number:08}", **rest},
    st.sampled_from(["onderwerp", "deelzaak"]),
    st.integers(1, 10**8 - 1),
    st.fixed_dictionaries({}, optional={"omschrijving": text(80), "zaaktype": code(10)}),
)
BESLUIT = st.builds(
    lambda number, rest: {"identificatie": f"B{number:08}", **rest},
    st.integers(1, 10**8 - 1),
    st.fixed_dictionaries({}, optional={"besluittype": text(40), "datum": DAY}),
)

ZAAK = st.builds(
    lambda number, zaaktype, start, rest: {
        "identificatie": f"1900{number:010}",
        "zaaktype": zaaktype,
        "startdatum": start,
        **rest,
    },
    st.integers(1, 10**10 - 1),
    code(10),
    DAY,
    st.fixed_dictionaries(
        {},
        optional={
            "omschrijving": text(80),
            "toelichting": text(1000),
            "zaaktypeOmschrijving": text(80),
            "registratiedatum": DAY,
            "publicatiedatum": DAY,
            "einddatumGepland": DAY,
            "uiterlijkeEinddatumAfdoening": DAY,
            "einddatum": DAY,
            "archiefnominatie": st.sampled_from(["blijvend_bewaren", "vernietigen"]),
            "archiefactiedatum": DAY,
            "betalingsindicatie": st.sampled_from(["nvt", "nog_niet", "gedeeltelijk", "geheel"]),
            "laatsteBetaaldatum": MOMENT,
            "opschorting": st.builds(lambda ja, reden: {"indicatie": ja, "reden": reden}, st.booleans(), text(200)),
            "verlenging": st.builds(
                lambda n, reden: {"reden": reden, "duur": f"P{n}D"}, st.integers(1, 999), text(200)
            ),
            "kenmerken": st.lists(
                st.builds(lambda kenmerk, bron: {"kenmerk": kenmerk, "bron": bron}, text(40), text(40)),
                min_size=1,
                max_size=3,
            ),
            "zaakniveau": st.integers(1, 3),
            "deelzakenIndicatie": st.booleans(),
            "eigenschappen": EIGENSCHAPPEN,
            "rollen": st.lists(ROL, min_size=1, max_size=4),
            "statussen": st.lists(STATUS, min_size=1, max_size=2),
            "resultaat": object_of(omschrijving=text(80), toelichting=text(200)),
            "zaakobjecten": st.lists(ZAAKOBJECT, min_size=1, max_size=3),
            "gerelateerdeZaken": st.lists(ANDERE_ZAAK, min_size=1, max_size=2),
            "besluiten": st.lists(BESLUIT, min_size=1, max_size=2),
        },
    ),
)
"""A zaak. Left out is what StUF-ZKN has no place for: see the test that uses this, which names it."""
