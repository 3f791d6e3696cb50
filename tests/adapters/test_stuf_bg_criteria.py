"""StUF-BG questions: who does not fit never comes back unsaid, no page comes twice, no more is asked than is used."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from fnmatch import translate
from pathlib import Path
from typing import Any

import pytest
import yaml
from lxml import etree

from adapters.stuf_bg.antwoord import written
from adapters.stuf_bg.forms import forms
from adapters.stuf_bg.services import by_kind
from adapters.stuf_bg.vraag import CRITERIA, comparable
from hub.config.verwerking import Afnemer
from hub.errors import MessageRefused
from hub.mapping.compile import load_mappings
from hub.ports.registry import Registry
from hub.wire import xml
from hub.wire.form import Form
from hub.wire.stuf import stuurgegevens
from hub.wire.stuf.antwoord import meets
from hub.wire.stuf.vraag import Criterium
from hub.wire.xml import find, local_name
from tests.adapters.test_stuf_bg_vragen import BSN, GEBOREN, NPS, SPACES, answered, asking, persoon, read, said
from tests.support.bg_vragen import EXAMPLES, MAPPINGS, NAME, Gesteld, Script, deur, message_in

ENVELOPE = '<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Body>{}</s:Body></s:Envelope>'
LEEG = '<BG:{} xsi:nil="true" StUF:noValue="geenWaarde"/>'
VERDER = '<BG:start><BG:object StUF:entiteittype="{}">{}</BG:object></BG:start>'
DIEP = 4


def message(case: str, *changes: tuple[str, str]) -> bytes:
    """Give the question of a case, with other text in it."""
    text = (EXAMPLES / NAME / "cases" / case / "input.xml").read_text(encoding="utf-8")
    for old, new in changes:
        assert old in text
        text = text.replace(old, new)
    return ENVELOPE.format(text).encode()


def vervolg(case: str, entiteittype: str, number: str, *changes: tuple[str, str]) -> bytes:
    """Give the question of a case that goes on after a number."""
    kind = case.partition("-")[0]
    start = VERDER.format(entiteittype, number)
    more = ("indicatorVervolgvraag>false", "indicatorVervolgvraag>true")
    return message(case, *changes, more, (f"</BG:{kind}>", f"{start}</BG:{kind}>"))


def bewoner(number: str, plaats: str, **verblijfadres: str) -> dict[str, Any]:
    address = {"woonplaats": plaats, **verblijfadres}
    return {
        "burgerservicenummer": number,
        "naam": {"geslachtsnaam": f"Zeewier {plaats}"},
        "verblijfplaats": {"type": "Adres", "verblijfadres": address},
    }


BEWONERS = (bewoner(BSN, "Assen"), bewoner("999990020", "Utrecht", huisletter="A"))


def brp(asked: Gesteld) -> dict[str, Any]:
    """Answer as the BRP: by number who is asked for, by a search everybody."""
    numbers = asked.vraag.get("burgerservicenummer")
    found = [each for each in BEWONERS if numbers is None or each["burgerservicenummer"] in numbers]
    return {"type": asked.vraag["type"], "personen": found}


async def asked_of(client: Script, body: bytes, *velden: str) -> etree._Element:
    """Ask, by an application that may see these fields of persons; by that of the example without any."""
    afnemers = (Afnemer(zender="1900/BALIE", velden={"personen": velden}),) if velden else ()
    async with deur(client, afnemers=afnemers) as door:
        return message_in((await door.vraag(body)).body)


NAAM_EN_GEMEENTE = "npsLv01-naam-en-gemeente"
VOORNAMEN = "<BG:voornamen>Jan</BG:voornamen>"


@pytest.mark.parametrize(
    ("inside", "found"),
    [
        ("<BG:wpl.woonplaatsNaam>utrecht</BG:wpl.woonplaatsNaam>", "Utrecht"),
        (LEEG.format("aoa.huisletter"), "Assen"),
    ],
)
async def test_a_part_of_a_group_that_no_source_searches_on_is_compared(inside: str, found: str) -> None:
    """Somebody of another place, or with a letter where there must be none, does not come back."""
    group = f"<BG:verblijfsadres>{inside}</BG:verblijfsadres>"
    body = message(NAAM_EN_GEMEENTE, (VOORNAMEN, f"{VOORNAMEN}{group}"))

    answer = await asked_of(Script(brp), body)

    assert [each.text for each in answer.iter("{*}geslachtsnaam")] == [f"Zeewier {found}"]
    assert find(answer, "melding") is None


async def test_what_may_not_be_seen_is_not_compared_and_the_answer_says_so() -> None:
    """Who comes back would tell it."""
    group = "<BG:verblijfsadres><BG:wpl.woonplaatsNaam>Utrecht</BG:wpl.woonplaatsNaam></BG:verblijfsadres>"
    body = message(NAAM_EN_GEMEENTE, (VOORNAMEN, f"{VOORNAMEN}{group}"))

    answer = await asked_of(Script(brp), body, "naam", "gemeenteVanInschrijving")

    assert len(list(answer.iter("{*}object"))) == len(BEWONERS)
    assert find(answer, "melding").text == "StUF0001: verblijfsadres/wpl.woonplaatsNaam"  # type: ignore[union-attr]


async def test_a_relation_that_nobody_looks_at_is_named() -> None:
    """The owner of a company is no criterion of the Handelsregister."""
    owner = (
        '<BG:heeftAlsEigenaar StUF:entiteittype="MACRPSETM"><BG:gerelateerde><BG:nietNatuurlijkPersoon '
        'StUF:entiteittype="NNP"><BG:inn.nnpId>999999990</BG:inn.nnpId></BG:nietNatuurlijkPersoon></BG:gerelateerde>'
        "</BG:heeftAlsEigenaar>"
    )
    number = "<BG:kvkNummer>99999990</BG:kvkNummer>"
    company = {"kvkNummer": "99999990", "handelsnamen": [{"naam": "De Duinroos", "volgorde": 0}]}

    answer = await asked_of(Script(lambda _: company), message("macLv01-kvk-nummer", (number, f"{number}{owner}")))

    path = "heeftAlsEigenaar/gerelateerde/nietNatuurlijkPersoon/inn.nnpId"
    assert find(answer, "melding").text == f"StUF0001: {path}"  # type: ignore[union-attr]


async def test_what_a_source_searches_on_is_not_asked_of_it() -> None:
    """A search gives the name: nobody is read by number for what is only asked by."""
    client = Script(brp)

    await asked_of(client, message(NAAM_EN_GEMEENTE), "naam", "gemeenteVanInschrijving")

    assert [(each.vraag["type"], each.vraag["fields"]) for each in client.gesteld] == [
        ("ZoekMetNaamEnGemeenteVanInschrijving", ["naam.geslachtsnaam"])
    ]


KINDS = ("npsLv01", "nnpLv01", "vesLv01", "macLv01", "aoaLv01")


def paths(form: Form, *above: str) -> Iterator[str]:
    """Give the paths of the values of a form."""
    if not form.children or len(above) > DIEP:
        yield "/".join(above)
    for name, each in form.children.items() if len(above) <= DIEP else ():
        yield from paths(each, *above, name)


@pytest.fixture(scope="module")
def mappings() -> Mapping[str, Any]:
    """Give the mappings of the example."""
    return load_mappings(EXAMPLES / NAME, root=MAPPINGS, forms=Registry().forms("stuf_bg"))


def unsupported(file: Path) -> Iterator[str]:
    """Give the patterns that a mapping says its source does not keep."""
    for rule in yaml.safe_load(file.read_text(encoding="utf-8"))["rules"]:
        if rule.get("to") == "nietOndersteund[]":
            yield rule["value"]
        part = file.parent / "_parts" / f"{rule.get('use')}.yaml"
        if "to" not in rule and part.exists():
            yield from unsupported(part)


@pytest.mark.parametrize("kind", KINDS)
def test_every_criterion_of_the_standard_is_put_or_compared_or_named(kind: str, mappings: Mapping[str, Any]) -> None:
    """What is said to be put is read by the mapping; what is compared the answer tells, or says that it can not."""
    service = by_kind()[kind]
    read_of = {step for each in mappings[kind].readings() for step in (*each.sources, *each.needs)}
    put = {"/".join(steps[1:]) for steps in read_of if steps[:1] == ("gelijk",)}
    told = {"/".join(each.target[2:]) for each in mappings[f"{kind}.antwoord"].readings()}
    patterns = [*unsupported(EXAMPLES / NAME / f"{kind}.antwoord.map.yaml")]
    hidden = re.compile("|".join(map(translate, patterns))).match
    nobody = etree.Element("x")

    def is_hidden(path: str) -> bool:
        steps = path.split("/")
        return any(hidden("/".join(steps[: length + 1])) for length in range(len(steps)))

    # The numbers of persons are read by the adapter.
    assert CRITERIA[service.entiteittype] - put == ({"inp.bsn"} if kind == "npsLv01" else set())
    assert [
        path
        for path in paths(forms()[kind].children["gelijk"])
        if comparable(Criterium(path, "gelijk", nobody)) and path not in told and not is_hidden(path)
    ] == []


@pytest.mark.parametrize(
    ("number", "code"), [(LEEG.format("inp.bsn"), "StUF106"), ("<BG:inp.bsn>999990093</BG:inp.bsn>", "StUF058")]
)
async def test_where_to_go_on_is_not_guessed(number: str, code: str) -> None:
    """Who knows no number, or that of somebody who is there no more, would get the first page for ever."""
    answer = await asked_of(Script(brp), vervolg(NAAM_EN_GEMEENTE, "NPS", number))

    assert answer.findtext(".//{*}code") == code


def test_who_may_not_see_the_number_is_told_so() -> None:
    """Although it has two names, of which a mapping fills one."""
    question = asking(NPS.format("gelijk", GEBOREN), vervolg=f"<BG:inp.bsn>{BSN}</BG:inp.bsn>")

    with pytest.raises(MessageRefused) as refused:
        answered(question, "<BG:geslachtsnaam>Aa</BG:geslachtsnaam>", withheld=("inp.bsn",))
    assert refused.value.code == "StUF052"


async def test_a_source_that_goes_on_itself_is_told_where() -> None:
    """So a page costs what is on it, also of more than the hub reads at once; and there is an end to it."""
    hits = [{"kvkNummer": str(90000000 + each), "naam": "Z", "type": "rechtspersoon"} for each in range(150)]

    def kvk(asked: Gesteld) -> dict[str, Any]:
        if "zoeken" in asked.path:
            first = (int(asked.query["pagina"]) - 1) * 100
            return {"resultaten": hits[first : first + 100], "totaal": len(hits)}
        return {"kvkNummer": asked.path.split("/")[-1], "handelsnamen": [{"naam": "De Duinroos", "volgorde": 0}]}

    number, name = "<BG:kvkNummer>99999990</BG:kvkNummer>", "<BG:handelsnaam>Z</BG:handelsnaam>"
    seen: list[str] = []
    last = ""
    for _ in range(3):
        client = Script(kvk)
        changes = (
            (number, name),
            ("maximumAantal>10", "maximumAantal>60"),
            ("<BG:handelsnaam xsi", "<BG:kvkNummer xsi"),
        )
        case = "macLv01-kvk-nummer"
        body = (
            vervolg(case, "MAC", f"<BG:kvkNummer>{last}</BG:kvkNummer>", *changes) if last else message(case, *changes)
        )
        answer = await asked_of(client, body)
        page = [str(each.text) for each in answer.iter("{*}kvkNummer")]
        assert answer.findtext(".//{*}indicatorVervolgvraag") == ("true" if len(seen) + len(page) < 150 else "false")
        seen += page
        last = page[-1]
    assert seen == [each["kvkNummer"] for each in hits]


def test_an_empty_page_does_not_say_that_there_is_more() -> None:
    """There is nobody to go on after."""
    question = asking(NPS.format("gelijk", GEBOREN), vervolg=f"<BG:inp.bsn>{BSN}</BG:inp.bsn>", sortering=1)
    more = "<BG:parameters><StUF:indicatorVervolgvraag>true</StUF:indicatorVervolgvraag></BG:parameters>"
    body = (
        f"<BG:npsLa01 {SPACES}>{more}<BG:antwoord><BG:object>{persoon()}</BG:object></BG:antwoord></BG:npsLa01>"
    ).encode()
    message_ = xml.parse(question.encode())
    meant = stuurgegevens.read(find(message_, "stuurgegevens"))

    with pytest.raises(MessageRefused) as refused:
        written(message_, by_kind()["npsLv01"], body, meant)
    assert (refused.value.code, refused.value.path) == ("StUF058", "npsLv01/gelijk")


def test_a_part_of_them_in_order_is_not_said_to_be_the_first() -> None:
    """What the source did not give may come before it."""
    question = asking(NPS.format("gelijk", GEBOREN), sortering=1)
    more = "<BG:parameters><StUF:indicatorVervolgvraag>true</StUF:indicatorVervolgvraag></BG:parameters>"
    body = (
        f"<BG:npsLa01 {SPACES}>{more}<BG:antwoord><BG:object>{persoon()}</BG:object></BG:antwoord></BG:npsLa01>"
    ).encode()
    message_ = xml.parse(question.encode())

    given = written(message_, by_kind()["npsLv01"], body, stuurgegevens.read(find(message_, "stuurgegevens")))

    assert "StUF0001: sortering" in [each.text for each in given.iterchildren("{*}melding")]
    assert said(given, "geslachtsnaam") == "Jansen"


@pytest.mark.parametrize(
    ("criteria", "order", "names"),
    [
        (GEBOREN, 0, ["maximum", "na"]),
        (GEBOREN, 1, []),
        (f"<BG:voorletters>A</BG:voorletters>{GEBOREN}", 0, []),
    ],
)
def test_a_source_is_told_how_many_only_where_it_gives_the_same(criteria: str, order: int, names: list[str]) -> None:
    """In another order, or of those that are left out here, the first of the source are not the first."""
    question = asking(NPS.format("gelijk", criteria), sortering=order, vervolg=f"<BG:inp.bsn>{BSN}</BG:inp.bsn>")

    assert [local_name(each) for each in read(question)[-1]] == names


@pytest.mark.parametrize(
    ("path", "side", "asked", "given", "fits"),
    [
        ("aoa.huisnummer", "vanaf", "5", "12", True),
        ("aoa.huisnummer", "totEnMet", "20", "12", True),
        ("aoa.huisnummer", "totEnMet", "20", "111", False),
        ("inp.bsn", "totEnMet", "99999", "000012345", True),
        ("geboortedatum", "vanaf", "1960", "19591231", False),
        ("geboortedatum", "totEnMet", "1960", "19601231", True),
        ("geslachtsnaam", "totEnMet", "B", "Bakker", True),
        ("geslachtsnaam", "vanaf", "5", "", False),
    ],
)
def test_numbers_are_compared_by_size_and_dates_as_far_as_they_are_known(
    path: str, side: str, asked: str, given: str, *, fits: bool
) -> None:
    """12 lies between 5 and 20."""
    criterion = etree.Element("x")
    criterion.text = asked
    found = etree.Element("object")
    etree.SubElement(found, path).text = given

    assert meets(found, Criterium(path, side, criterion)) is fits
