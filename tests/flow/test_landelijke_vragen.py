"""Questions to the national services through a whole hub, by both doors, answered by the simulators."""

from __future__ import annotations

from itertools import combinations

import orjson
import pytest
from lxml import etree

from adapters.brp.simulator.records import BARON, MOEDER, VADER, ZOON
from adapters.stuf_bg.definition import definition
from hub.config.verwerking import Afnemer
from hub.event.bedrijven import Bedrijf
from hub.event.personen import Persoon
from hub.wire.xml import find, local_name
from tests.support.bg import Sample, official, samples
from tests.support.landelijk import deuren, lv01
from tests.support.shared import SHARED, cases_of, needs_shared

RELATIES = ("partners", "kinderen", "ouders")


def afnemer(*velden: str) -> tuple[Afnemer, ...]:
    """Authorise everybody for these fields of persons, and for asking by number."""
    return (Afnemer(zender="*", velden={"personen": ("burgerservicenummer", *velden)}),)


def said(message: etree._Element, path: str) -> str:
    """Give the text at a path, or nothing."""
    found = find(message, path)
    return "" if found is None else found.text or ""


def bsn(number: str) -> str:
    return f"<BG:inp.bsn>{number}</BG:inp.bsn>"


async def test_who_is_found_is_there_although_nothing_that_was_asked_is_known() -> None:
    """Somebody alive, asked when he died, is not nobody."""
    scope = '<BG:overlijdensdatum xsi:nil="true"/>'
    async with deuren(afnemers=afnemer("overlijden.datum")) as door:
        stuf = await door.stuf_message(lv01("npsLv01", "NPS", bsn(VADER), scope))
        rest = await door.rest("personen", {"burgerservicenummers": [VADER], "velden": ["overlijden.datum"]})
        nobody = await door.rest("personen", {"burgerservicenummers": ["999990019"], "velden": ["overlijden.datum"]})

    died = find(stuf, "antwoord/object/overlijdensdatum")
    assert died is not None
    assert died.get("{http://www.egem.nl/StUF/StUF0301}noValue") == "geenWaarde"
    assert orjson.loads(rest.body)["personen"] == [{}]
    assert orjson.loads(nobody.body)["personen"] == []


async def test_a_partner_of_whom_nothing_that_was_asked_is_known_is_there() -> None:
    """Who has one is not single for want of what the BRP knows of him: of this partner there is no number."""
    scope = (
        '<BG:inp.heeftAlsEchtgenootPartner StUF:entiteittype="NPSNPSHUW"><BG:gerelateerde StUF:entiteittype="NPS">'
        '<BG:inp.bsn xsi:nil="true"/></BG:gerelateerde></BG:inp.heeftAlsEchtgenootPartner>'
    )
    async with deuren(afnemers=afnemer("partners.burgerservicenummer")) as door:
        stuf = await door.stuf_message(lv01("npsLv01", "NPS", bsn(BARON), scope))
        rest = await door.rest("personen", {"burgerservicenummers": [BARON], "velden": ["partners"]})

    number = find(stuf, "antwoord/object/inp.heeftAlsEchtgenootPartner/gerelateerde/inp.bsn")
    assert number is not None
    assert number.get("{http://www.egem.nl/StUF/StUF0301}noValue") == "geenWaarde"
    assert orjson.loads(rest.body)["personen"] == [{"partners": [{}]}]


@pytest.mark.parametrize(
    "velden",
    [
        ("partners.soortVerbintenis",),
        ("kinderen.burgerservicenummer",),
        ("ouders.ouderAanduiding",),
        ("nationaliteiten.redenOpname", "nationaliteiten.type"),
        ("verblijfplaats.datumVan",),
        *combinations(("partners.aangaanHuwelijkPartnerschap", "ouders.geslacht", "verblijfplaats.type"), 2),
    ],
)
@pytest.mark.parametrize("scope", ["alles", "allesZonderMetagegevens", ""])
async def test_an_answer_fits_the_standard_however_little_the_asker_may_see(
    velden: tuple[str, ...], scope: str
) -> None:
    """Of a relation there is somebody, also where nothing of him may be seen."""
    wanted = lv01("npsLv01", "NPS", bsn("{}"), "alles" if scope else "").replace('"alles"', f'"{scope}"')
    async with deuren(afnemers=afnemer(*velden)) as door:
        given = [await door.stuf_message(wanted.format(each)) for each in (VADER, MOEDER, ZOON, BARON)]

    for each in given:
        assert find(each, "antwoord/object") is not None
        assert definition().check(each) == ()
        assert not SHARED.is_dir() or official().validate(each), official().error_log


async def test_who_is_found_tells_no_more_than_the_asker_may_see() -> None:
    """Asking by a field tells it, and so does an order: neither is put to the source."""
    velden = ["naam.geslachtsnaam"]
    by = {
        "geboortedatum": "1982-11-30",
        "postcode": "2599ZX",
        "nummeraanduidingIdentificatie": "0518200000000012",
        "gemeenteVanInschrijving": "0518",
    }
    scope = '<BG:geslachtsnaam xsi:nil="true"/>'
    born = "<BG:geslachtsnaam>Beukenroos</BG:geslachtsnaam><BG:geboortedatum>19821130</BG:geboortedatum>"
    async with deuren(afnemers=afnemer("naam")) as door:
        rest = [
            await door.rest("personen", {name: value, "geslachtsnaam": "Beukenroos", "velden": velden})
            for name, value in by.items()
        ]
        order = {"burgerservicenummers": [VADER], "velden": velden, "volgorde": ["geboorte.datum"]}
        rest.append(await door.rest("personen", order))
        stuf = await door.stuf_message(lv01("npsLv01", "NPS", born, scope))

        assert [each.status for each in rest] == [403] * len(rest)
        assert local_name(stuf) == "Fo02Bericht"
        assert said(stuf, "body/code") == "StUF052"
        assert door.bronnen.gesteld == []


async def test_an_order_by_what_the_asker_may_not_see_is_left_aside() -> None:
    """In StUF it holds fields among others that may be seen. The asker is told, and the source not asked for more."""
    address = (
        "<BG:verblijfsadres><BG:aoa.postcode>2599ZX</BG:aoa.postcode>"
        "<BG:aoa.huisnummer>12</BG:aoa.huisnummer></BG:verblijfsadres>"
    )
    question = lv01("npsLv01", "NPS", address, '<BG:inp.bsn xsi:nil="true"/>')
    by_birth = question.replace("<StUF:sortering>0", "<StUF:sortering>7")
    velden = ("naam.geslachtsnaam", "verblijfplaats.verblijfadres.postcode", "verblijfplaats.verblijfadres.huisnummer")
    async with deuren(afnemers=afnemer(*velden)) as door:
        plain, ordered = [await door.stuf_message(each) for each in (question, by_birth)]
        asked = [each.vraag["fields"] for each in door.bronnen.gesteld]

    assert [each.text for each in ordered.iter("{*}inp.bsn")] == [each.text for each in plain.iter("{*}inp.bsn")]
    assert said(ordered, "melding") == "StUF0001: sortering"
    assert said(plain, "melding") == ""
    assert all("geboorte" not in each for fields in asked for each in fields)


async def test_who_may_ask_by_a_field_and_see_nothing_of_the_rest_is_told_so() -> None:
    """The source never hears of it."""
    async with deuren(afnemers=afnemer()) as door:
        answer = await door.rest("personen", {"burgerservicenummers": [VADER], "velden": ["naam"]})

        assert answer.status == 403
        assert "may see nothing of what it asks for" in answer.body.decode()
        assert door.bronnen.gesteld == []


@pytest.mark.parametrize(
    ("part", "exact", "sent", "melding"),
    [
        ("Akker", "false", "Akker*", "Van een deel van een naam zijn alleen namen gezocht die zo beginnen"),
        ("Akkerwinde", "true", "Akkerwinde", ""),
    ],
)
async def test_a_part_of_a_name_is_searched_as_the_brp_can_and_the_answer_says_so(
    part: str, exact: str, sent: str, melding: str
) -> None:
    """StUF means a part wherever it stands; the BRP knows how a name begins."""
    by = (
        f'<BG:geslachtsnaam StUF:exact="{exact}">{part}</BG:geslachtsnaam><BG:geboortedatum>19800214</BG:geboortedatum>'
    )
    async with deuren() as door:
        given = await door.stuf_message(lv01("npsLv01", "NPS", by, '<BG:geslachtsnaam xsi:nil="true"/>'))
        [asked] = [each.vraag for each in door.bronnen.gesteld if "geslachtsnaam" in each.vraag]

    assert asked["geslachtsnaam"] == sent
    assert said(given, "antwoord/object/geslachtsnaam") == "Akkerwinde"
    assert said(given, "melding") == melding


@pytest.mark.parametrize("scope", ["alles", '<BG:inn.nnpId xsi:nil="true"/><BG:statutaireNaam xsi:nil="true"/>'])
@pytest.mark.parametrize(("kvk", "rsin"), [("99990001", "geenWaarde"), ("99990002", "999930011")])
async def test_an_eenmanszaak_has_no_rsin_and_the_answer_says_so(scope: str, kvk: str, rsin: str) -> None:
    """It is of a person: who asks for organisations can tell it from one."""
    owns = f'<BG:gerelateerde StUF:entiteittype="MAC"><BG:kvkNummer>{kvk}</BG:kvkNummer></BG:gerelateerde>'
    by = f'<BG:rps.isEigenaarVan StUF:entiteittype="NNPMAC">{owns}</BG:rps.isEigenaarVan>'
    async with deuren() as door:
        given = await door.stuf_message(lv01("nnpLv01", "NNP", by, scope))

    number = find(given, "antwoord/object/inn.nnpId")
    assert number is not None
    assert (number.text or number.get("{http://www.egem.nl/StUF/StUF0301}noValue")) == rsin
    assert definition().check(given) == ()
    assert not SHARED.is_dir() or official().validate(given), official().error_log


EVERYTHING = (
    Afnemer(zender="*", velden={"personen": tuple(Persoon.model_fields), "bedrijven": tuple(Bedrijf.model_fields)}),
)
REFUSED = {
    "aoaLv01__king-baggba__02": ("StUF058", "its number is none of a nummeraanduiding: it says which kind it is of"),
    "npsLv01__hcc__10": ("StUF058", "the BRP searches a street within a municipality, not within a place"),
    "npsLv01-prs-KinderenVanAanvrager__king-prs-testset__02": ("StUF064", "prefill has no empty answer"),
    "vesLv01-prs-Vestiging__king-prs-testset__02": ("StUF064", "prefill has no empty answer"),
    "rpsLv01__stuf-standaard-fragmenten__01": ("StUF031", "persons and organisations are asked for apart"),
}
"""Samples that get a fault, and why that is the answer."""

OURS = {
    "inp.bsn": VADER,
    "vestigingsNummer": "999900000022",
    "identificatie": "9999200000000001",
    "geslachtsnaam": "Akkerwinde",
    "geboortedatum": "19800214",
}
"""Criteria by which the simulators find somebody."""


def valid_questions() -> list[Sample]:
    """Give the samples of questions that fit the standard."""
    return [each for ours in (True, False) for each in samples(ours=ours) if each.valid and "Lv01" in each.file]


def finds(sample: Sample) -> bool:
    """Say whether a sample asks by what the sources can be searched on."""
    by = {local_name(each) for side in ("gelijk", "vanaf") for each in sample.message().iterfind(f"{{*}}{side}/*")}
    return by <= {*OURS, "isVan"}


@needs_shared
@pytest.mark.parametrize("sample", cases_of(valid_questions(), lambda each: each.file))
async def test_every_sample_of_a_question_is_answered_as_the_standard_has_it(sample: Sample) -> None:
    """Nobody is found of those who are asked for; of a fault the table says why."""
    body = (SHARED / "samples/stuf" / sample.file).read_bytes()
    async with deuren(afnemers=EVERYTHING) as door:
        given = await door.stuf_message(body)

    code, _ = REFUSED.get(sample.file.partition("/")[2].removesuffix(".xml"), ("", ""))
    assert said(given, "body/code") == code
    assert official().validate(given), official().error_log
    assert find(given, "antwoord/object") is None


@needs_shared
@pytest.mark.parametrize(
    "sample", cases_of([each for each in valid_questions() if finds(each)], lambda each: each.file)
)
async def test_every_sample_finds_somebody_who_is_there(sample: Sample) -> None:
    """Asked by a number or name of ours it gets an object, in which all stands that it asked for."""
    message = sample.message()
    asked = [each for side in ("gelijk", "vanaf", "totEnMet") for each in message.iterfind(f"{{*}}{side}/*")]
    for each in asked:
        if local_name(each) in OURS:
            each.text = OURS[local_name(each)]
        elif (side := each.getparent()) is not None:
            side.remove(each)
    async with deuren(afnemers=EVERYTHING) as door:
        given = await door.stuf_message(etree.tostring(message))

    assert official().validate(given), official().error_log
    assert find(given, "antwoord/object") is not None
    assert definition().check(given) == ()
