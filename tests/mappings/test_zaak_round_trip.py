"""A zaak as an answer of StUF, and read back: no field is lost. Property, over zaken that are made here.

What StUF has no place for is not made: `mappings/_parts/geschrevenZaak.yaml` names it under `ignore`.
"""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from shutil import copytree
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from adapters.stuf_zds.forms import forms
from hub.event.zaken import Zaak
from hub.mapping.compile import load_mappings
from hub.mapping.functions import FUNCTIONS
from hub.mapping.run import Mapping

MAPPINGS = Path(__file__).parents[2] / "mappings"
FOLDER = MAPPINGS / "formulieren-naar-zaken"
READS = """
message: antwoord
gives: zaken
rules:
  - {to: "zaken[]", each: antwoord/object, use: zaak-antwoord}
  - {use: stufBericht}
"""

Some = st.SearchStrategy[Any]


def _some(**fields: Some) -> Some:
    """Give objects with one of these fields or more."""
    return st.fixed_dictionaries({}, optional=fields).filter(bool)


def _all(**fields: Some) -> Some:
    return st.fixed_dictionaries(fields)


TEXT = st.from_regex(r"[a-zé&<'\"A-Z0-9] ?[a-z]{1,6}", fullmatch=True)
DATE = st.dates().map(lambda each: f"{each.year:04}-{each:%m-%d}")
MOMENT = st.datetimes().map(
    lambda each: FUNCTIONS["stuf-tijdstip"].make()(f"{2000 + each.year % 90}{each:%m%d%H%M%S}", {})
)
JAAR, MAAND, DAG = st.integers(1000, 2100), st.integers(1, 12), st.integers(1, 28)
HALF = _all(jaar=JAAR) | _all(jaar=JAAR, maand=MAAND) | _all(jaar=JAAR, maand=MAAND, dag=DAG)
POSITION = st.tuples(st.integers(300, 700), st.integers(5000, 5400)).map(lambda at: [each / 100 for each in at])
PLACE = _all(type=st.just("Point"), coordinates=POSITION)
EIGENSCHAPPEN = st.lists(_all(naam=TEXT, waarde=TEXT), min_size=1, max_size=2)
TIJDVAK = {"begin": HALF, "eind": HALF}
STRAAT = {
    "identificatie": TEXT, "woonplaatsNaam": TEXT, "openbareRuimteNaam": TEXT,
    "huisnummer": st.integers(1, 99_999), "huisletter": TEXT, "huisnummertoevoeging": TEXT, "postcode": TEXT,
}  # fmt: skip
NUMMERS = {"woonplaatsIdentificatie": TEXT, "openbareRuimteIdentificatie": TEXT, "straatnaam": TEXT}
ADRES = _some(**STRAAT, **NUMMERS, locatieomschrijving=TEXT)
POST = _some(**STRAAT, **NUMMERS, typering=TEXT, postadresType=TEXT, postadresNummer=TEXT)
BUITENLAND = _some(landcode=TEXT, landnaam=TEXT, adresregel1=TEXT, adresregel2=TEXT, adresregel3=TEXT)
PERSOON = _some(
    geslachtsnaam=TEXT, voorvoegselGeslachtsnaam=TEXT, voorletters=TEXT, voornamen=TEXT, geboortedatum=HALF,
    geslachtsaanduiding=st.sampled_from("mvo"), verblijfsadres=ADRES, verblijfBuitenland=BUITENLAND,
).flatmap(
    lambda rest: (_all(bsn=st.just("999990019")) | _all(anpIdentificatie=st.just("99990000000000001"))).map(
        lambda number: {**rest, **number}
    )
)  # fmt: skip
NUMMER: Some = st.sampled_from(
    [{"rsin": "999990019"}, {"kvkNummer": "99999999"}, {"annIdentificatie": "99990000000000002"}, {}]
)
ORGANISATIE: Some = st.builds(
    dict, NUMMER, statutaireNaam=TEXT, rechtsvorm=TEXT, bezoekadres=ADRES, verblijfBuitenland=BUITENLAND
)
VESTIGING: Some = st.builds(
    dict, st.sampled_from([{"vestigingsNummer": "000099999999"}, {"kvkNummer": "99999999"}]),
    handelsnamen=st.lists(TEXT, min_size=1, max_size=1), verblijfsadres=ADRES, verblijfBuitenland=BUITENLAND,
)  # fmt: skip
MEDEWERKER = _some(identificatie=TEXT, achternaam=TEXT, voorletters=TEXT, voorvoegselAchternaam=TEXT)
AFDELING = _some(identificatie=TEXT, naam=TEXT, isGehuisvestIn=VESTIGING)
BUITEN = {
    "natuurlijk_persoon": ("natuurlijkPersoon", PERSOON),
    "niet_natuurlijk_persoon": ("nietNatuurlijkPersoon", ORGANISATIE),
    "vestiging": ("vestiging", VESTIGING),
}
BINNEN = {
    "medewerker": ("medewerker", MEDEWERKER),
    "organisatorische_eenheid": ("organisatorischeEenheid", AFDELING),
}


def _betrokkene(kinds: dict[str, tuple[str, Some]]) -> Some:
    some = [_all(betrokkeneType=st.just(kind), **{place: filled}) for kind, (place, filled) in kinds.items()]
    return st.one_of(*some)


CONTACT = _some(
    identificatie=TEXT, naam=TEXT, functie=TEXT, telefoonnummer=TEXT, emailadres=TEXT, namens=_betrokkene(BUITEN),
    eigenschappen=EIGENSCHAPPEN, **TIJDVAK,
)  # fmt: skip
RELATIES = {
    "initiator": "heeftAlsInitiator", "belanghebbende": "heeftAlsBelanghebbende", "gemachtigde": "heeftAlsGemachtigde",
    "behandelaar": "heeftAlsUitvoerende", "zaakcoordinator": "heeftAlsVerantwoordelijke",
    "overig": "heeftAlsOverigBetrokkene",
}  # fmt: skip
ROL: Some = st.builds(
    lambda kind, who, rest: {"omschrijvingGeneriek": kind, "relatie": RELATIES[kind], **who, **rest},
    st.sampled_from(sorted(RELATIES)),
    _betrokkene({**BUITEN, **BINNEN}),
    _some(
        code=TEXT, omschrijving=TEXT, toelichting=TEXT, contactpersoon=CONTACT, afwijkendCorrespondentieAdres=POST,
        afwijkendBuitenlandsCorrespondentieAdres=BUITENLAND, eigenschappen=EIGENSCHAPPEN, **TIJDVAK,
    ),
)  # fmt: skip
STATUS: Some = _some(
    volgnummer=st.integers(1, 9999), code=TEXT, omschrijving=TEXT, toelichting=TEXT, datumStatusGezet=MOMENT,
    indicatieLaatsteStatus=st.booleans(), gezetDoor=_betrokkene(BINNEN), gezetDoorRol=TEXT, gezetDoorRolGeneriek=TEXT,
    eigenschappen=EIGENSCHAPPEN,
).filter(lambda each: each.keys() & {"volgnummer", "code", "omschrijving"})  # fmt: skip
KNOWN = json.loads((FOLDER / "cases" / "zakLv01-antwoord-alle-soorten-zaakobject" / "input.json").read_text())
OBJECT: Some = (
    st.builds(dict, st.sampled_from(KNOWN["data"]["zaken"][0]["zaakobjecten"][:-1]), **TIJDVAK)
    | st.builds(dict, st.just({"objectType": "adres"}), adres=_some(**STRAAT, typering=TEXT), relatieomschrijving=TEXT)
    | st.builds(dict, st.just({"objectType": "overige"}), omschrijving=TEXT, aanduiding=TEXT, registratie=TEXT)
    | st.builds(dict, st.just({"objectType": "overige"}), omschrijving=TEXT, geometrie=PLACE)
)
VERWIJZING = {"identificatie": TEXT, "omschrijving": TEXT, "zaaktype": TEXT}
ANDERE: Some = st.builds(dict, _all(aard=st.sampled_from(["deelzaak", "hoofdzaak", "onderwerp"])), **VERWIJZING)
DOCUMENT: Some = st.builds(
    lambda number, rest: {"identificatie": number, **rest},
    TEXT,
    _some(
        informatieobjecttype=TEXT, creatiedatum=DATE, ontvangstdatum=DATE, verzenddatum=DATE, titel=TEXT,
        beschrijving=TEXT, auteur=TEXT, formaat=TEXT, taal=st.sampled_from(["nld", "fry", "eng"]), versie=TEXT,
        status=st.sampled_from(["in_bewerking", "definitief", "anders"]), link=TEXT, eigenschappen=EIGENSCHAPPEN,
        vertrouwelijkheidaanduiding=st.sampled_from(["openbaar", "beperkt_openbaar", "zeer_geheim"]),
        zaaktitel=TEXT, zaakbeschrijving=TEXT, registratiedatum=DATE,
    ),
)  # fmt: skip
ZAAK = st.fixed_dictionaries(
    {"identificatie": TEXT},
    optional={
        **dict.fromkeys(("omschrijving", "toelichting", "zaaktype", "zaaktypeOmschrijving"), TEXT),
        **dict.fromkeys(("startdatum", "registratiedatum", "publicatiedatum", "einddatumGepland"), DATE),
        **dict.fromkeys(("uiterlijkeEinddatumAfdoening", "einddatum", "archiefactiedatum"), DATE),
        "archiefnominatie": st.sampled_from(["vernietigen", "blijvend_bewaren"]),
        "betalingsindicatie": st.sampled_from(["nvt", "nog_niet", "gedeeltelijk", "geheel"]),
        "laatsteBetaaldatum": MOMENT,
        "opschorting": _some(indicatie=st.booleans(), reden=TEXT),
        "verlenging": _all(reden=TEXT, duur=st.integers(1, 999).map("P{}D".format)),
        "kenmerken": st.lists(_all(kenmerk=TEXT, bron=TEXT), min_size=1, max_size=3),
        "zaakniveau": st.integers(1, 3),
        "deelzakenIndicatie": st.booleans(),
        "eigenschappen": EIGENSCHAPPEN,
        "rollen": st.lists(ROL, min_size=1, max_size=3),
        "statussen": st.lists(STATUS, min_size=1, max_size=2),
        "resultaat": _some(omschrijving=TEXT, toelichting=TEXT),
        "zaakobjecten": st.lists(OBJECT, min_size=1, max_size=3),
        "gerelateerdeZaken": st.lists(ANDERE, min_size=1, max_size=3),
        "besluiten": st.lists(_some(identificatie=TEXT, besluittype=TEXT, datum=DATE), min_size=1, max_size=2),
        "documenten": st.lists(DOCUMENT, min_size=1, max_size=2),
    },
)


@cache
def _writes() -> Mapping:
    return load_mappings(FOLDER, root=MAPPINGS, forms=forms())["geefZaakdetails_Lv01.antwoord"]


@pytest.fixture(scope="module")
def reads(tmp_path_factory: pytest.TempPathFactory) -> Mapping:
    root = tmp_path_factory.mktemp("lezen") / "mappings"
    copytree(MAPPINGS, root)
    (root / "lezen").mkdir()
    (root / "lezen" / "antwoord.map.yaml").write_text(READS)
    return load_mappings(root / "lezen", root=root)["antwoord"]


@given(zaak=ZAAK)
def test_a_zaak_that_is_answered_reads_back_the_same(zaak: dict[str, Any], reads: Mapping) -> None:
    """Every field, in every item; only the order of items of different kinds is that of StUF."""
    Zaak.model_validate(zaak)
    written = _writes().write({"zaken": [zaak], "meer": False, "vraag": {"identificatie": zaak["identificatie"]}})

    read = reads.run(etree.fromstring(written.body))

    # A place of the zaak is where its first other object is.
    again = {name: each for name, each in read.data["zaken"][0].items() if name != "zaakgeometrie"}
    assert _ordered(again) == _ordered(zaak)
    assert written.unread == read.unread == ()


def _ordered(zaak: dict[str, Any]) -> dict[str, Any]:
    return {
        name: sorted(each, key=lambda item: json.dumps(item, sort_keys=True)) if isinstance(each, list) else each
        for name, each in zaak.items()
    }
