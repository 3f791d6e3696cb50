"""StUF-BG questions about persons end to end, against pairs that were recorded elsewhere: question, BRP, answer.

Every answer is compared field by field with the recorded one. Where ours is another, the table says why ours is right;
an entry that no answer needs any more fails too.
"""

from __future__ import annotations

from collections.abc import Iterator
from fnmatch import fnmatchcase
from itertools import groupby
from pathlib import Path
from typing import Any, NamedTuple

import orjson
import pytest
from lxml import etree

from adapters.stuf_bg.antwoord import written
from adapters.stuf_bg.definition import definition
from adapters.stuf_bg.services import by_kind
from hub.config.verwerking import Afnemer
from hub.event.velden import pruned, within
from hub.wire import xml
from hub.wire.stuf import stuurgegevens
from hub.wire.stuf.namespaces import STUF
from hub.wire.xml import find, local_name
from tests.support.bg import official
from tests.support.bg_vragen import EXAMPLES, NAME, Gesteld, Script, deur, message_in
from tests.support.shared import SHARED, cases_of, needs_shared

PAREN = SHARED / "standards/haalcentraal-brp/stufbg-paren"
NUMMER, NAAM = "RaadpleegMetBurgerservicenummer", "ZoekMetGeslachtsnaamEnGeboortedatum"

ALLEN = (
    "burgerservicenummer", "geslacht", "geboorte", "overlijden.datum", "gemeenteVanInschrijving",
    "datumInschrijvingInGemeente", "naam.voornamen", "naam.voorletters", "naam.voorvoegsel", "naam.geslachtsnaam",
    "naam.aanduidingNaamgebruik", "verblijfplaats.type", "verblijfplaats.functieAdres", "verblijfplaats.datumVan",
    *(
        f"verblijfplaats.verblijfadres.{each}"
        for each in (
            "officieleStraatnaam", "korteStraatnaam", "postcode", "huisnummer", "huisletter", "huisnummertoevoeging",
            "woonplaats", "regel1", "regel2", "regel3",
        )
    ),
)  # fmt: skip
_LAND, _LOCATIE = (f"verblijfplaats.verblijfadres.{each}" for each in ("land", "locatiebeschrijving"))
_NUMMERAANDUIDING = "verblijfplaats.nummeraanduidingIdentificatie"
_GEZAG = "indicatieGezagMinderjarige"

AFNEMERS: dict[str, tuple[str, ...]] = {
    "LBA": (
        *ALLEN, "aNummer", "overlijden", "nationaliteiten", "immigratie.datumVestigingInNederland",
        "ouders.burgerservicenummer", _LAND, _LOCATIE, _GEZAG,
    ),
    "DEC_ZKN": (
        *ALLEN, "aNummer", "adressering", "immigratie", "europeesKiesrecht", "nationaliteiten",
        "partners.naam.geslachtsnaam", "partners.naam.voorvoegsel", "partners.ontbindingHuwelijkPartnerschap",
        "partners.soortVerbintenis", _NUMMERAANDUIDING, _LAND, _LOCATIE,
    ),
    "GWS": (
        *ALLEN, "aNummer", "overlijden", "nationaliteiten", "partners", "ouders", "kinderen", "verblijfstitel",
        _NUMMERAANDUIDING, _LAND, _GEZAG,
    ),
    "TOP": (*ALLEN, "nationaliteiten", "partners", "ouders", "kinderen", _NUMMERAANDUIDING, _LAND, _LOCATIE, _GEZAG),
    "PGAx-SG-ZVH": (
        *ALLEN, "adressering", "nationaliteiten.type", "nationaliteiten.redenOpname",
        "nationaliteiten.datumIngangGeldigheid", _NUMMERAANDUIDING, _LOCATIE,
    ),
}  # fmt: skip
"""What the applications of the pairs may see, as both lists of their configuration say (`fields`, and by element)."""


class Paar(NamedTuple):
    """One pair: a folder."""

    name: str

    def xml(self, name: str) -> bytes:
        """Give a message."""
        return (PAREN / self.name / f"{name}.xml").read_bytes()

    def json(self, name: str) -> dict[str, Any]:
        """Give what went to the BRP, or came back."""
        read: dict[str, Any] = orjson.loads((PAREN / self.name / f"BRP_{name}.json").read_bytes())
        return read

    @property
    def applicatie(self) -> str:
        """Say who asks."""
        found = find(message_in(self.xml("request")), "stuurgegevens/zender/applicatie")
        assert found is not None
        return found.text or ""


FILES = ("request.xml", "BRP_in.json", "BRP_out.json", "response.xml")


def paren() -> list[Paar]:
    """Give the pairs that are whole."""
    folders = sorted(PAREN.glob("*Met*/*")) if PAREN.is_dir() else []
    return [
        Paar(f"{each.parent.name}/{each.name}") for each in folders if all((each / file).exists() for file in FILES)
    ]


class Verschil(NamedTuple):
    """Where ours may differ, and why ours is right.

    All but the reason are patterns; `-` is an element that is not there, `!reason` one without a value.
    """

    pairs: str
    path: str
    theirs: str
    ours: str
    because: str


_RELATIE, _PARTNER, _OUDERS = "inp.heeftAls*", "inp.heeftAlsEchtgenootPartner*", "inp.heeftAlsOuders*"
_LEEG = "geenWaarde says that the person has none"
VERSCHILLEN: tuple[Verschil, ...] = (
    Verschil(
        "*", "parameters/aantalVoorkomens", "1", "-",
        "How many there are is told to who asks it (indicatorAantal, StUF 03.01 §6.2); others have no place for it.",
    ),
    Verschil(
        "*", "verblijfsadres/aoa.identificatie", "05180100*", "05182000*",
        "By the RSGB aoa.identificatie is the nummeraanduiding; the object itself stands in inp.verblijftIn.",
    ),
    Verschil(
        "*/03", "verblijfsadres/aoa.identificatie", "0518013530058001", "0518203530058001",
        "By the RSGB aoa.identificatie is the nummeraanduiding; the object itself stands in inp.verblijftIn.",
    ),
    Verschil(
        "*", "inp.heeftAlsNationaliteit*/gerelateerde/code", "1", "0001",
        "The codes of LO3 table 32 have four digits: without its zeros a number is no code of that table.",
    ),
    Verschil(
        "*", "*", "!nietGeautoriseerd", "!nietOndersteund",
        "The BRP does not keep it: who gets the authorisation would still get nothing.",
    ),
    Verschil("*", "*", "!geenWaarde", "!nietOndersteund", f"The BRP does not keep it: {_LEEG}, which nobody knows."),
    Verschil(
        "*", "*", "-", "![gn]*",
        "What was asked is in the answer, where it must be empty with the reason (StUF 03.01 §6.3).",
    ),
    Verschil(
        "*", "sub.correspondentieAdres", "", "-",
        "An empty group says nothing: its parts say that the BRP keeps no address for correspondence.",
    ),
    Verschil(
        "*", "inp.indicatieGeheim", "!nietGeautoriseerd", "0",
        "Who may see anything of a person is told whether it must be handled with care: the BRP gives it unasked.",
    ),
    Verschil(
        "*/03", "voornamenAanschrijving", "!geenWaarde", "G.",
        "The BRP says how this person is written to; the recording left the half before the surname out.",
    ),
    *(
        Verschil(
            "*/03", f"{_PARTNER}/gerelateerde/{name}", "[A-Z0-9]*", "!nietGeautoriseerd",
            "The list of fields of this application has no more of a partner than the surname, so it is not asked.",
        )
        for name in ("inp.bsn", "voorletters", "voornamen", "geslachtsaanduiding", "geboortedatum")
    ),
    *(
        Verschil(
            "*/03", f"{_PARTNER}/gerelateerde/{name}", "*", "!nietOndersteund",
            "It is of the partner, and the list of the person does not have it: the recording guessed (and wrote a 0).",
        )
        for name in ("geslachtsnaamPartner", "voorvoegselGeslachtsnaamPartner", "inp.burgerlijkeStaat")
    ),
    Verschil(
        "*/03", f"{_PARTNER}/soortVerbintenis", "!nietGeautoriseerd", "H",
        "The list of fields has it: an application has one authorisation here, not a second one by element.",
    ),
    Verschil(
        "*/03", f"{_OUDERS}/gerelateerde/*", "*", "-",
        "The list of fields of this application has no parents: they were recorded with an answer to somebody else.",
    ),
    *(
        Verschil(
            "*", name, "!nietGeautoriseerd", "!geenWaarde",
            "The list of fields has what it is made of (where and since when somebody lives, the name of a partner).",
        )
        for name in ("inp.datumVertrekUitNederland", "inp.emigratieLand", "geslachtsnaamPartner")
    ),
    Verschil(
        "*/04", "inp.verblijftIn/gerelateerde/adresAanduidingGrp/aoa.huisletter", "BIS", "!geenWaarde",
        "BIS is the huisnummertoevoeging: the recording wrote it twice.",
    ),
    Verschil(
        "*/06", "*/aoa.woonplaatsWaarinGelegen/wpl.woonplaatsNaam", "'s-Gravenhage", "!nietOndersteund",
        "It is there for a place that is another one than that of the address (RSGB), and the BRP does not tell two.",
    ),
    Verschil(
        "*", f"{_OUDERS}/gerelateerde/inp.indicatieGeheim", "0", "!nietOndersteund",
        "The list of a person does not say whether a parent has secrecy: 0 would be a promise that nobody made.",
    ),
    *(
        Verschil(
            pairs, path, "[A-Z0-9']*", ours,
            "The recorded answer has the lines of an envelope only, and took them apart; ours reads the address.",
        )
        for pairs in ("*/08", f"{NAAM}/*")
        for path, ours in (
            ("verblijfsadres/*", "!geenWaarde"),
            *([("inp.verblijftIn/*", "-")] if pairs == "*/08" else []),
        )
    ),
    Verschil(
        "*/08", "inp.verblijftIn/*", "!geenWaarde", "-",
        "Of an object that is not there no parts are told.",
    ),
    Verschil(
        f"{NAAM}/01", "inp.burgerlijkeStaat", "!geenWaarde", "1",
        "Everybody has one: who was asked for by number as well, and has no partner, is unmarried.",
    ),
)  # fmt: skip


VELDEN: dict[str, tuple[str, ...]] = {
    "inp.bsn": ("burgerservicenummer",),
    "inp.a-nummer": ("aNummer",),
    "geslachtsnaam": ("naam.geslachtsnaam",),
    "voorvoegselGeslachtsnaam": ("naam.voorvoegsel",),
    "voorletters": ("naam.voorletters",),
    "voornamen": ("naam.voornamen",),
    "aanduidingNaamgebruik": ("naam.aanduidingNaamgebruik.code",),
    "geslachtsnaamPartner": ("partners.naam.geslachtsnaam",),
    "voorvoegselGeslachtsnaamPartner": ("partners.naam.voorvoegsel",),
    "aanhefAanschrijving": ("adressering.aanhef",),
    "voornamenAanschrijving": ("adressering.aanschrijfwijze.naam",),
    "geslachtsnaamAanschrijving": ("adressering.aanschrijfwijze.naam",),
    "adellijkeTitelPredikaat": ("naam.adellijkeTitelPredicaat.code",),
    "geslachtsaanduiding": ("geslacht.code",),
    "geboortedatum": ("geboorte.datum",),
    "inp.geboorteplaats": ("geboorte.plaats.omschrijving",),
    "inp.geboorteLand": ("geboorte.land.code",),
    "overlijdensdatum": ("overlijden.datum",),
    "inp.overlijdenplaats": ("overlijden.plaats.omschrijving",),
    "inp.overlijdenLand": ("overlijden.land.code",),
    "verblijfsadres/aoa.identificatie": ("verblijfplaats.nummeraanduidingIdentificatie",),
    "verblijfsadres/inp.locatiebeschrijving": ("verblijfplaats.verblijfadres.locatiebeschrijving",),
    "verblijfsadres/begindatumVerblijf": ("verblijfplaats.type", "verblijfplaats.datumVan"),
    **{
        f"{place}/{name}": (f"verblijfplaats.verblijfadres.{veld}",)
        for place in ("verblijfsadres", "inp.verblijftIn/gerelateerde/adresAanduidingGrp")
        for name, veld in (
            ("wpl.woonplaatsNaam", "woonplaats"),
            ("gor.openbareRuimteNaam", "officieleStraatnaam"),
            ("gor.straatnaam", "korteStraatnaam"),
            ("aoa.postcode", "postcode"),
            ("aoa.huisnummer", "huisnummer"),
            ("aoa.huisletter", "huisletter"),
            ("aoa.huisnummertoevoeging", "huisnummertoevoeging"),
        )
    },
    "sub.verblijfBuitenland/lnd.landcode": ("verblijfplaats.verblijfadres.land.code",),
    "sub.verblijfBuitenland/lnd.landnaam": ("verblijfplaats.verblijfadres.land.omschrijving",),
    **{
        f"sub.verblijfBuitenland/sub.adresBuitenland{line}": (f"verblijfplaats.verblijfadres.regel{line}",)
        for line in (1, 2, 3)
    },
    "inp.adresHerkomst": ("verblijfplaats.functieAdres.code",),
    "inp.burgerlijkeStaat": ("partners.soortVerbintenis", "partners.ontbindingHuwelijkPartnerschap"),
    "inp.gemeenteVanInschrijving": ("gemeenteVanInschrijving.code",),
    "inp.datumInschrijving": ("datumInschrijvingInGemeente",),
    "vbt.aanduidingVerblijfstitel": ("verblijfstitel.aanduiding.code",),
    "ing.datumVerkrijgingVerblijfstitel": ("verblijfstitel.datumIngang",),
    "ing.datumVerliesVerblijfstitel": ("verblijfstitel.datumEinde",),
    "inp.datumVestigingInNederland": ("immigratie.datumVestigingInNederland",),
    "inp.immigratieLand": ("immigratie.landVanwaarIngeschreven.code",),
    "inp.datumVertrekUitNederland": ("verblijfplaats.type", "verblijfplaats.datumVan"),
    "inp.emigratieLand": ("verblijfplaats.verblijfadres.land.code",),
    "inp.aanduidingBijzonderNederlanderschap": ("nationaliteiten.type",),
    "ing.indicatieGezagMinderjarige": ("indicatieGezagMinderjarige.code",),
    "inp.heeftAlsEchtgenootPartner/soortVerbintenis": ("partners.soortVerbintenis.code",),
    "inp.heeftAlsEchtgenootPartner/datumSluiting": ("partners.aangaanHuwelijkPartnerschap.datum",),
    "inp.heeftAlsEchtgenootPartner/datumOntbinding": ("partners.ontbindingHuwelijkPartnerschap.datum",),
    "inp.heeftAlsOuders/ouderAanduiding": ("ouders.ouderAanduiding",),
    **{
        f"inp.heeftAls{relation}/gerelateerde/{name}": (f"{group}.{veld}",)
        for relation, group in (("EchtgenootPartner", "partners"), ("Kinderen", "kinderen"), ("Ouders", "ouders"))
        for name, veld in (
            ("inp.bsn", "burgerservicenummer"),
            ("geslachtsnaam", "naam.geslachtsnaam"),
            ("voorvoegselGeslachtsnaam", "naam.voorvoegsel"),
            ("voorletters", "naam.voorletters"),
            ("voornamen", "naam.voornamen"),
            ("geboortedatum", "geboorte.datum"),
            ("geslachtsaanduiding", "geslacht.code"),
        )
        if (group, veld) != ("kinderen", "geslacht.code")
    },
    "inp.heeftAlsNationaliteit/gerelateerde/code": ("nationaliteiten.type", "nationaliteiten.nationaliteit.code"),
    "inp.heeftAlsNationaliteit/gerelateerde/omschrijving": (
        "nationaliteiten.type",
        "nationaliteiten.nationaliteit.omschrijving",
    ),
    "inp.heeftAlsNationaliteit/inp.redenVerkrijging": ("nationaliteiten.type", "nationaliteiten.redenOpname.code"),
    "inp.heeftAlsNationaliteit/inp.datumVerkrijging": ("nationaliteiten.type", "nationaliteiten.datumIngangGeldigheid"),
}
"""What of the BRP each element is made of, apart from any mapping (national.md, appendix A)."""


def script(paar: Paar) -> Script:
    """Play the BRP of a pair: it gives of the persons what is asked, and no more."""
    persons = paar.json("out")["personen"]

    def answer(asked: Gesteld) -> dict[str, Any]:
        velden = [each.replace("Binnenland", "") for each in asked.vraag["fields"]]
        return {"type": asked.vraag["type"], "personen": [pruned(each, velden) for each in persons]}

    return Script(answer)


_ASKED: dict[Paar, tuple[etree._Element, list[dict[str, Any]]]] = {}


async def asked(paar: Paar) -> tuple[etree._Element, list[dict[str, Any]]]:
    """Ask, once for all tests; give the answer, and what went to the BRP."""
    if paar not in _ASKED:
        _ASKED[paar] = await _asked(paar)
    return _ASKED[paar]


async def _asked(paar: Paar) -> tuple[etree._Element, list[dict[str, Any]]]:
    afnemers = tuple(Afnemer(zender=f"*/{name}", velden={"personen": velden}) for name, velden in AFNEMERS.items())
    client = script(paar)
    async with deur(client, afnemers=afnemers) as open_door:
        antwoord = await open_door.antwoord(paar.xml("request"))
    return antwoord, [each.vraag for each in client.gesteld]


def values(message: etree._Element) -> dict[str, str]:
    """Give every value of an answer by its path; `!reason` where an element says that it has none."""
    return {
        path: value
        for part in ("parameters", "antwoord/object")
        if (element := find(message, part)) is not None
        for path, value in _values(element, "" if part == "antwoord/object" else part)
    }


def _values(element: etree._Element, path: str) -> Iterator[tuple[str, str]]:
    reason = element.get(f"{{{STUF}}}noValue")
    if reason or not len(element):
        yield path, f"!{reason}" if reason else (element.text or "").strip()
        return
    for name, same in groupby(element, key=local_name):
        found = list(same)
        for place, each in enumerate(found):
            number = f"[{place}]" if found[1:] else ""
            yield from _values(each, f"{path}/{name}{number}".removeprefix("/"))


def differences(paar: Paar, antwoord: etree._Element) -> list[tuple[str, str, str]]:
    """Give path, theirs and ours where they are not the same."""
    theirs, ours = values(message_in(paar.xml("response"))), values(antwoord)
    return [
        (path, theirs.get(path, "-"), ours.get(path, "-"))
        for path in dict.fromkeys([*theirs, *ours])
        if theirs.get(path) != ours.get(path)
    ]


def explanation(paar: Paar, difference: tuple[str, str, str]) -> Verschil | None:
    """Give the entry of the table that a difference falls under."""
    path, theirs, ours = difference
    return next(
        (
            each
            for each in VERSCHILLEN
            if fnmatchcase(paar.name, each.pairs)
            and fnmatchcase(path, _literal(each.path))
            and fnmatchcase(theirs, each.theirs)
            and fnmatchcase(ours, each.ours)
        ),
        None,
    )


def _literal(path: str) -> str:
    return path.replace("[", "[[]")


PAREN_CASES = cases_of(paren(), lambda each: each.name)


@pytest.mark.parametrize("paar", PAREN_CASES)
async def test_the_answer_is_that_of_the_pair(paar: Paar) -> None:
    """Field by field, but for what the table says; it fits the standard and our definition, and nothing is unread."""
    antwoord, _ = await asked(paar)

    assert [each for each in differences(paar, antwoord) if explanation(paar, each) is None] == []
    whole = xml.parse(etree.tostring(antwoord))
    assert official().validate(whole), official().error_log
    assert definition().check(whole) == ()


@needs_shared
async def test_every_difference_in_the_table_is_seen() -> None:
    """And not one more is allowed than there is."""
    seen: set[Verschil | None] = set()
    for paar in paren():
        antwoord, _ = await asked(paar)
        seen |= {explanation(paar, each) for each in differences(paar, antwoord)}

    assert [each for each in VERSCHILLEN if each not in seen] == []


@pytest.mark.parametrize("paar", PAREN_CASES)
async def test_the_brp_is_asked_for_the_same_persons(paar: Paar) -> None:
    """In the same way, and for no field that the pair did not ask for; who was found by name is read by number."""
    _, [first, *later] = await asked(paar)
    recorded = paar.json("in")

    assert first["type"] == recorded["type"]
    if recorded["type"] == NUMMER:
        assert later == []
        assert first["burgerservicenummer"] == recorded["burgerservicenummer"]
        assert [each for each in first["fields"] if not within(each, recorded["fields"])] == []
        return
    # They ask for a part of the name (exact="false"): how it begins, where the recording asks for all of it. Who
    # died is left out either way: the BRP does so when nothing is said.
    assert first["geslachtsnaam"] == f"{recorded['geslachtsnaam']}*"
    assert first["geboortedatum"] == recorded["geboortedatum"]
    assert first["fields"] == ["burgerservicenummer", "naam.geslachtsnaam"] or first["fields"] == [
        "burgerservicenummer"
    ]
    assert [each["type"] for each in later] == [NUMMER]


@pytest.mark.parametrize("paar", PAREN_CASES)
async def test_an_application_has_asked_what_it_asks_and_may_see(paar: Paar) -> None:
    """The fields are those of its scope that its authorisation has: not one more, and not one less."""
    _, calls = await asked(paar)
    wanted = find(message_in(paar.xml("request")), "scope/object")
    assert wanted is not None

    elements = {path for path, _ in _values(wanted, "")} | compared(paar)
    may_see = AFNEMERS[paar.applicatie]
    expected = {
        veld
        for element in elements
        for veld in VELDEN.get(element, ())
        if all(within(each, may_see) for each in VELDEN[element])
    }
    assert set(calls[-1]["fields"]) == {each for each in expected if not within(each, expected - {each})}


def compared(paar: Paar) -> set[str]:
    """Give what the question is about beside its scope: its criteria, and of several persons the order (1: by name)."""
    message = message_in(paar.xml("request"))
    criteria = {
        local_name(each) for name in ("gelijk", "vanaf") if (side := find(message, name)) is not None for each in side
    }
    by_name = {"geslachtsnaam", "voorletters", "voorvoegselGeslachtsnaam"}
    return criteria | (set() if "inp.bsn" in criteria else by_name)


ANTWOORDEN = sorted((EXAMPLES / NAME / "cases").glob("*-antwoord-*/expected.xml"))


@needs_shared
@pytest.mark.parametrize("case", ANTWOORDEN, ids=lambda case: case.parent.name)
def test_what_the_mappings_write_fits_the_standard(case: Path) -> None:
    """All of it, as it goes to who asks for everything."""
    service = by_kind()[case.parent.name.partition("-")[0]]
    question = xml.parse((case.parents[1] / QUESTIONS[service.kind] / "input.xml").read_bytes())
    scope = find(question, "scope/object")
    assert scope is not None
    scope.clear()
    scope.set(f"{{{STUF}}}entiteittype", service.entiteittype)
    scope.set(f"{{{STUF}}}scope", "alles")
    said = stuurgegevens.read(find(question, "stuurgegevens"))._replace(berichtcode="La01")

    given = xml.parse(etree.tostring(written(question, service, case.read_bytes(), said)))

    assert find(given, "nietOndersteund") is None
    assert official().validate(given), official().error_log
    assert definition().check(given) == ()


QUESTIONS = {
    "npsLv01": "npsLv01-adres",
    "aoaLv01": "aoaLv01-nummeraanduiding",
    "nnpLv01": "nnpLv01-rsin",
    "vesLv01": "vesLv01-nummer",
    "macLv01": "macLv01-kvk-nummer",
}
