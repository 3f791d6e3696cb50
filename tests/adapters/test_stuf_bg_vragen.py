"""adapters/stuf_bg: questions. What of them is asked, what a mapping reads, what is wrong with them, and the answer."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from lxml import etree

from adapters.stuf_bg import vraag
from adapters.stuf_bg.antwoord import withhold, written
from adapters.stuf_bg.checks import check_rules, check_schema, check_stuurgegevens
from adapters.stuf_bg.definition import definition
from adapters.stuf_bg.inbound import create
from adapters.stuf_bg.options import Options
from adapters.stuf_bg.recognition import service_of
from adapters.stuf_bg.services import SERVICES, by_kind
from adapters.stuf_bg.vraag import NUMMERS_MAX, VOLGORDEN
from hub.config.policy import VRAAG_AANTAL_MAX
from hub.errors import MessageRefused
from hub.wire import xml
from hub.wire.stuf import stuurgegevens
from hub.wire.stuf.namespaces import BG, STUF
from hub.wire.stuf.stuurgegevens import Systeem
from hub.wire.xml import XSI, find, local_name
from tests.support.bg import Sample, official, samples
from tests.support.shared import SHARED, cases_of, needs_shared

BSN = "999990019"
SPACES = f'xmlns:BG="{BG}" xmlns:StUF="{STUF}" xmlns:xsi="{XSI}"'
NPS = '<BG:{0} StUF:entiteittype="NPS">{1}</BG:{0}>'
SCOPE = (
    '<BG:inp.bsn xsi:nil="true"/><BG:geslachtsnaam xsi:nil="true"/><BG:voornamen xsi:nil="true"/>'
    '<BG:overlijdensdatum xsi:nil="true"/><BG:verblijfsadres><BG:gor.straatnaam xsi:nil="true"/>'
    '<BG:aoa.postcode xsi:nil="true"/></BG:verblijfsadres><StUF:tijdvakGeldigheid>'
    '<StUF:beginGeldigheid xsi:nil="true"/><StUF:eindGeldigheid xsi:nil="true"/></StUF:tijdvakGeldigheid>'
    '<BG:inp.heeftAlsKinderen StUF:entiteittype="NPSNPSKND"><BG:gerelateerde StUF:entiteittype="NPS">'
    '<BG:inp.bsn xsi:nil="true"/>'
    '<BG:geslachtsnaam xsi:nil="true"/></BG:gerelateerde></BG:inp.heeftAlsKinderen>'
)
PERSOON = (
    "<BG:inp.bsn>{}</BG:inp.bsn><BG:geslachtsnaam>{}</BG:geslachtsnaam><BG:geboortedatum>19600101</BG:geboortedatum>"
    "<BG:verblijfsadres><BG:gor.straatnaam>Dorpsstraat</BG:gor.straatnaam><BG:aoa.postcode>1234AB</BG:aoa.postcode>"
    "</BG:verblijfsadres><BG:inp.heeftAlsKinderen><BG:gerelateerde><BG:inp.bsn>999990020</BG:inp.bsn>"
    "<BG:geslachtsnaam>Jansen</BG:geslachtsnaam></BG:gerelateerde></BG:inp.heeftAlsKinderen>"
)
"""Of two children: relations without what the mapping left to the adapter would not fit, so it says them."""


def asking(criteria: str = "", *, scope: str = SCOPE, sortering: int = 0, vervolg: str = "", maximum: int = 10) -> str:
    criteria = criteria or NPS.format("gelijk", f"<BG:inp.bsn>{BSN}</BG:inp.bsn>")
    wanted = f"<BG:scope>{NPS.format('object', scope)}</BG:scope>" if scope else ""
    start = f"<BG:start>{NPS.format('object', vervolg)}</BG:start>" if vervolg else ""
    return (
        f"<BG:npsLv01 {SPACES}><BG:stuurgegevens><StUF:berichtcode>Lv01</StUF:berichtcode>"
        "<StUF:entiteittype>NPS</StUF:entiteittype></BG:stuurgegevens><BG:parameters>"
        f"<StUF:sortering>{sortering}</StUF:sortering>"
        f"<StUF:indicatorVervolgvraag>{'true' if vervolg else 'false'}</StUF:indicatorVervolgvraag>"
        f"<StUF:maximumAantal>{maximum}</StUF:maximumAantal></BG:parameters>{criteria}{wanted}{start}</BG:npsLv01>"
    )


def read(question: str) -> etree._Element:
    """Read a question as the adapter does."""
    message = xml.parse(question.encode())
    service = service_of(message, "")
    check_stuurgegevens(message, stuurgegevens.read(find(message, "stuurgegevens")))
    check_schema(message)
    check_rules(message, service)
    vraag.check_vraag(message, service)
    vraag.add_help(message, service)
    return message


def answered(question: str, *people: str, withheld: tuple[str, ...] = ()) -> etree._Element:
    """Answer a question with what a mapping wrote, of which the asker may not see some paths."""
    objects = "".join(f"<BG:object>{each}</BG:object>" for each in people)
    found = f"<BG:antwoord>{objects}</BG:antwoord>" if people else ""
    body = withhold(
        f"<BG:npsLa01 {SPACES}>{found}</BG:npsLa01>".encode(),
        [("antwoord", "object", *path.split("/")) for path in withheld],
    )
    message = xml.parse(question.encode())
    said = stuurgegevens.answer(
        stuurgegevens.read(find(message, "stuurgegevens")),
        "La01",
        own=Systeem("1900", "ZAAKHUB"),
        referentienummer="m-1",
        at=datetime(2026, 3, 2, 8, tzinfo=UTC),
    )
    made = written(message, by_kind()["npsLv01"], body, said._replace(entiteittype="NPS"))
    # Whether it can be read again, in the namespaces it declares.
    return xml.parse(etree.tostring(made))


def said(message: etree._Element, path: str) -> str:
    """Give the text at a path of the one object, or why there is none; nothing when it is not there."""
    element = find(message, f"antwoord/object/{path}")
    return "" if element is None else (element.text or element.get(f"{{{STUF}}}noValue") or "(leeg)")


def persoon(bsn: str = BSN, naam: str = "Jansen") -> str:
    """Write a person as a mapping does."""
    return PERSOON.format(bsn, naam).replace(
        "<BG:inp.heeftAlsKinderen><BG:gerelateerde>",
        '<BG:inp.heeftAlsKinderen StUF:entiteittype="NPSNPSKND"><BG:gerelateerde StUF:entiteittype="NPS">',
    )


def test_a_mapping_reads_what_the_message_does_not_say_itself() -> None:
    """How many, and which numbers: nine digits, however few were sent."""
    message = read(asking(maximum=5000))

    assert [(local_name(each), each.text) for each in message[-1]] == [
        ("maximum", str(VRAAG_AANTAL_MAX)), ("bsn", BSN),
    ]  # fmt: skip


def test_one_person_is_not_put_in_order() -> None:
    """So what the order is made of is not asked for; nor is what a source searches on: it has no other."""
    message = read(asking(sortering=7, scope='<BG:voornamen xsi:nil="true"/>'))

    assert vraag.asked(message, by_kind()["npsLv01"]) == (("antwoord", "object", "voornamen"),)


def test_the_answer_goes_on_after_the_one_before() -> None:
    """In the order that is asked, whatever the order of the source."""
    criteria = NPS.format("gelijk", "<BG:geboortedatum>19600101</BG:geboortedatum><BG:geslachtsnaam/>")
    question = asking(criteria, sortering=1, vervolg=f"<BG:inp.bsn>{BSN}</BG:inp.bsn>", maximum=1)
    people = (
        persoon("999990032", "Zee"),
        persoon(BSN, "Duin"),
        persoon("999990020", "Eb"),
        persoon("999990044", "Bos"),
    )

    given = answered(question, *people)

    assert said(given, "geslachtsnaam") == "Eb"
    assert find(given, "parameters/indicatorVervolgvraag") is not None


def test_who_may_see_nothing_of_children_is_not_told_that_there_are_none() -> None:
    """Of a relation that nobody may see any part of, the relation itself is withheld."""
    kind = "inp.heeftAlsKinderen"
    nobody = "<BG:inp.bsn>999990019</BG:inp.bsn>"
    both = tuple(f"{kind}/gerelateerde/{each}" for each in ("inp.bsn", "geslachtsnaam"))

    assert said(answered(asking(), nobody, withheld=both), kind) == "nietGeautoriseerd"
    assert said(answered(asking(), nobody, withheld=both[:1]), kind) == "geenWaarde"


def test_who_may_not_see_the_number_can_not_go_on_after_it() -> None:
    """Nobody could tell who came before: the same people would come again for ever."""
    question = asking(
        NPS.format("gelijk", "<BG:geslachtsnaam>J</BG:geslachtsnaam>"), vervolg=f"<BG:inp.bsn>{BSN}</BG:inp.bsn>"
    )

    with pytest.raises(MessageRefused) as refused:
        answered(question, persoon(), withheld=("inp.bsn", "anp.identificatie"))
    assert (refused.value.code, refused.value.path) == ("StUF052", "npsLv01/start/object")


def test_a_form_is_about_one() -> None:
    """Whom of several it means nobody may guess; and there is somebody, or a fault."""
    kind = "npsLv01-prs-NatuurlijkPersoon"
    question = xml.parse(asking().replace("npsLv01", kind).encode())
    meant = stuurgegevens.read(find(question, "stuurgegevens"))

    def given(*people: str) -> etree._Element:
        objects = "".join(f"<BG:object>{each}</BG:object>" for each in people)
        body = f"<BG:{kind} {SPACES}><BG:antwoord>{objects}</BG:antwoord></BG:{kind}>".replace("Lv01", "La01")
        return written(question, by_kind()[kind], body.encode(), meant)

    number = f"<BG:inp.bsn>{BSN}</BG:inp.bsn>"
    assert said(given(number), "inp.bsn") == BSN
    for people, code in (((), "StUF064"), ((number, number, number), "StUF067")):
        with pytest.raises(MessageRefused) as refused:
            given(*people)
        assert refused.value.code == code


def test_a_parent_without_a_number_is_there_all_the_same() -> None:
    """What is known of the relation stands; of the person it is said that there is no number."""
    scope = (
        '<BG:inp.heeftAlsOuders StUF:entiteittype="NPSNPSOUD"><BG:gerelateerde StUF:entiteittype="NPS">'
        '<BG:inp.bsn xsi:nil="true"/></BG:gerelateerde><BG:ouderAanduiding xsi:nil="true"/></BG:inp.heeftAlsOuders>'
    )
    ouder = '<BG:inp.heeftAlsOuders StUF:entiteittype="NPSNPSOUD"><BG:ouderAanduiding>Ouder1</BG:ouderAanduiding>'

    given = answered(asking(scope=scope), f"{ouder}</BG:inp.heeftAlsOuders>")

    assert said(given, "inp.heeftAlsOuders/gerelateerde/inp.bsn") == "geenWaarde"
    assert (definition().check(given), official().validate(given) if SHARED.is_dir() else True) == ((), True)


def test_what_the_source_does_not_keep_is_not_told_to_be_absent() -> None:
    """A mapping says it beside what it wrote; that does not go out."""
    body = (
        f"<BG:npsLa01 {SPACES}><BG:antwoord><BG:object><BG:inp.bsn>{BSN}</BG:inp.bsn></BG:object></BG:antwoord>"
        "<nietOndersteund>overlijdens*</nietOndersteund></BG:npsLa01>"
    )
    question = xml.parse(asking().encode())
    meant = stuurgegevens.read(find(question, "stuurgegevens"))

    given = written(question, by_kind()["npsLv01"], body.encode(), meant)

    assert said(given, "overlijdensdatum") == "nietOndersteund"
    assert said(given, "voornamen") == "geenWaarde"
    assert find(given, "nietOndersteund") is None


def test_a_short_range_of_numbers_is_the_numbers_themselves() -> None:
    """Senders ask for one person by a range of one (seen in practice)."""
    van_tot = NPS.format("vanaf", f"<BG:inp.bsn>{BSN}</BG:inp.bsn>")
    van_tot += NPS.format("totEnMet", f"<BG:inp.bsn>{int(BSN) + 1}</BG:inp.bsn>")

    assert vraag.numbers_of(xml.parse(asking(van_tot).encode())) == [BSN, str(int(BSN) + 1)]


def test_a_question_asks_for_what_is_in_its_scope() -> None:
    """Besides that what they are put in order by, and compared with; no more is asked of a source."""
    scope = '<BG:voornamen xsi:nil="true"/>'
    several = asking(NPS.format("gelijk", "<BG:geslachtsnaam>Jansen</BG:geslachtsnaam>"), sortering=7, scope=scope)

    assert vraag.asked(read(several), by_kind()["npsLv01"]) == tuple(
        ("antwoord", "object", name)
        for name in ("geboortedatum", "geslachtsnaam", "voorletters", "voornamen", "voorvoegselGeslachtsnaam")
    )
    assert vraag.asked(read(asking(scope="")), by_kind()["npsLv01"]) is None


GEBOREN = "<BG:geboortedatum>19600101</BG:geboortedatum>"
WIDE = NPS.format("vanaf", "<BG:inp.bsn>999990019</BG:inp.bsn>") + NPS.format(
    "totEnMet", f"<BG:inp.bsn>{999990019 + NUMMERS_MAX}</BG:inp.bsn>"
)


@pytest.mark.parametrize(
    ("question", "code"),
    [
        (asking(NPS.format("gelijk", "<BG:voorletters>A.</BG:voorletters>")), "StUF058"),
        (asking(NPS.format("gelijk", '<BG:geslachtsnaam StUF:exact="false">J</BG:geslachtsnaam>')), "StUF058"),
        (asking(WIDE), "StUF058"),
        (asking(NPS.format("gelijk", GEBOREN) + NPS.format("vanaf", GEBOREN)), "StUF076"),
        (
            asking(NPS.format("gelijk", GEBOREN) + NPS.format("vanaf", GEBOREN) + NPS.format("totEnMet", GEBOREN)),
            "StUF079",
        ),
        (asking('<BG:gelijk StUF:entiteittype="NPS" StUF:sleutelOntvangend="7"/>'), "StUF094"),
        (asking().replace("BG:object StUF", 'BG:object StUF:scope="alles" StUF'), "StUF097"),
        (asking(vervolg="<BG:geslachtsnaam>Jansen</BG:geslachtsnaam>"), "StUF106"),
        (asking(sortering=15), "StUF133"),
        (asking().replace(">NPS<", ">VES<"), "StUF040"),
        (asking().replace(">NPS<", ">TGO<"), "StUF031"),
        (asking().replace(">NPS<", ">XYZ<"), "StUF028"),
        (asking().replace("bg/0310", "bg/0320"), "StUF040"),
        (asking().replace("voornamen", "voornaam"), "StUF055"),
    ],
)
def test_a_wrong_question_gets_the_code_of_the_table(question: str, code: str) -> None:
    """StUF 03.01 table 8.1."""
    with pytest.raises(MessageRefused) as refused:
        read(question)

    assert refused.value.code == code
    assert BSN not in str(refused.value)


def test_every_order_of_the_standard_is_known() -> None:
    """NPS-sortering and so on: the schema of the standard takes no others."""
    assert {name: len(orders) - 1 for name, orders in VOLGORDEN.items()} == {
        "NPS": 14, "NNP": 17, "VES": 11, "MAC": 4, "AOA": 4,
    }  # fmt: skip


def test_what_was_asked_comes_back_and_nothing_else() -> None:
    """With its value, or empty with the reason."""
    answer = answered(asking(), persoon())

    assert not definition().check(answer)
    assert said(answer, "inp.bsn") == BSN
    assert said(answer, "voornamen") == said(answer, "overlijdensdatum") == "geenWaarde"
    assert said(answer, "geboortedatum") == ""
    assert said(answer, "tijdvakGeldigheid/beginGeldigheid") == "nietOndersteund"
    assert said(answer, "verblijfsadres/aoa.postcode") == "1234AB"
    assert said(answer, "inp.heeftAlsKinderen/gerelateerde/geslachtsnaam") == "Jansen"


def test_what_an_asker_may_not_see_never_comes_back() -> None:
    """Whatever the mapping wrote; where it was asked by name it says why."""
    hidden = ("inp.bsn", "overlijdensdatum", "verblijfsadres", "inp.heeftAlsKinderen/gerelateerde/inp.bsn")
    answer = answered(asking(), persoon(), withheld=hidden)

    assert not definition().check(answer)
    assert said(answer, "inp.bsn") == said(answer, "overlijdensdatum") == "nietGeautoriseerd"
    assert said(answer, "verblijfsadres/aoa.postcode") == said(answer, "verblijfsadres/gor.straatnaam")
    assert said(answer, "verblijfsadres/aoa.postcode") == "nietGeautoriseerd"
    assert said(answer, "inp.heeftAlsKinderen/gerelateerde/inp.bsn") == "nietGeautoriseerd"
    assert said(answer, "inp.heeftAlsKinderen/gerelateerde/geslachtsnaam") == "Jansen"
    assert not {BSN, "999990020", "1234AB", "Dorpsstraat"} & {each.text for each in answer.iter()}


@pytest.mark.parametrize("word", ["", "alles", "kerngegevens"])
def test_of_everything_an_asker_gets_what_it_may_see(word: str) -> None:
    """What it may not see is left out: saying that it is withheld would say that it is there."""
    question = asking(scope="").replace(
        "</BG:npsLv01>",
        f'<BG:scope><BG:object StUF:entiteittype="NPS" StUF:scope="{word}"/></BG:scope></BG:npsLv01>' if word
        else "</BG:npsLv01>",
    )  # fmt: skip
    answer = answered(question, persoon(), withheld=("inp.bsn", "verblijfsadres/aoa.postcode"))

    assert said(answer, "inp.bsn") == said(answer, "verblijfsadres/aoa.postcode") == ""
    assert said(answer, "geslachtsnaam") == "Jansen"


def test_of_a_choice_an_answer_has_one() -> None:
    """Somebody who lives abroad has no address here, whatever was asked."""
    abroad = "<BG:inp.bsn>999990019</BG:inp.bsn><BG:sub.verblijfBuitenland><BG:lnd.landcode>5010</BG:lnd.landcode>"
    abroad += "</BG:sub.verblijfBuitenland>"
    scope = (
        "<BG:verblijfsadres><BG:aoa.postcode xsi:nil='true'/></BG:verblijfsadres>"
        "<BG:sub.verblijfBuitenland><BG:lnd.landcode xsi:nil='true'/></BG:sub.verblijfBuitenland>"
    )

    answer = answered(asking(scope=scope), abroad)

    assert not definition().check(answer)
    assert (said(answer, "verblijfsadres"), said(answer, "sub.verblijfBuitenland/lnd.landcode")) == ("", "5010")


def test_people_come_in_the_order_that_was_asked_and_no_more_of_them() -> None:
    """The melding says that there are more."""
    people = [persoon("999990032", "Zwart"), persoon("999990019", "aalberts"), persoon("999990020", "Bos")]
    answer = answered(asking(NPS.format("gelijk", GEBOREN), sortering=1, maximum=2), *people)

    names = [each.text for each in answer.iter("{*}geslachtsnaam")][::2]
    assert names == ["aalberts", "Bos"]
    assert find(answer, "parameters/indicatorVervolgvraag").text == "true"  # type: ignore[union-attr]
    assert find(answer, "melding").text.startswith("StUF0002")  # type: ignore[union-attr]


def test_what_no_source_searches_on_is_compared() -> None:
    """A criterion on something that the asker may not see is not: the answer would tell it."""
    criteria = NPS.format("gelijk", "<BG:geslachtsnaam>Jansen</BG:geslachtsnaam><BG:voorletters>A</BG:voorletters>")
    other = persoon().replace("<BG:geboortedatum>", "<BG:voorletters>B</BG:voorletters><BG:geboortedatum>")

    assert find(answered(asking(criteria), other), "antwoord") is None
    told = answered(asking(criteria), other, withheld=("voorletters",))
    assert find(told, "antwoord") is not None
    assert find(told, "melding").text == "StUF0001: voorletters"  # type: ignore[union-attr]


def test_nobody_found_is_an_answer_without_anybody() -> None:
    """Not a fault (StUF 03.01 §6.3)."""
    answer = answered(asking())

    assert not definition().check(answer)
    assert [local_name(each) for each in answer] == ["stuurgegevens", "parameters"]


@pytest.mark.parametrize("service", [each for each in SERVICES if each.is_vraag], ids=lambda each: each.kind)
def test_a_question_is_recognised_by_its_element(service: object) -> None:
    """The action may say the same, or nothing."""
    message = etree.fromstring(f'<BG:{service.kind} xmlns:BG="{BG}"/>')  # type: ignore[attr-defined]

    for operation in ("", service.kind.lower(), "soapaction"):  # type: ignore[attr-defined]
        assert service_of(message, operation) is service
    with pytest.raises(MessageRefused):
        service_of(message, "zaklv01")


REQUIRED = (
    "<BG:geslachtsnaam>Jansen</BG:geslachtsnaam><BG:voornamen>A</BG:voornamen>"
    "<BG:geslachtsaanduiding>O</BG:geslachtsaanduiding>"
)
REQUIRED_VES = (
    "<BG:handelsnaam>Bakkerij</BG:handelsnaam><BG:verblijfsadres><BG:wpl.woonplaatsNaam>Dorp</BG:wpl.woonplaatsNaam>"
    "<BG:gor.straatnaam>Dorpsstraat</BG:gor.straatnaam><BG:aoa.postcode>1234AB</BG:aoa.postcode>"
    "<BG:aoa.huisnummer>1</BG:aoa.huisnummer></BG:verblijfsadres>"
)
"""What an answer to a form cannot leave empty (Prefill eFormulierenservices 1.0)."""

VALID = [each for each in samples(ours=True) if each.valid and "Lv01" in each.file]


@needs_shared
@pytest.mark.parametrize("sample", cases_of(VALID, lambda each: each.file))
def test_the_answer_to_a_sample_fits_the_official_schema(sample: Sample) -> None:
    """Of somebody of whom next to nothing is known: everything that was asked is there, empty."""
    question = sample.message()
    service = service_of(question, "")
    key = {"NPS": "inp.bsn", "VES": "vestigingsNummer", "AOA": "identificatie"}[service.entiteittype]
    value = {"NPS": BSN, "VES": "000012345678", "AOA": "1900200000000001"}[service.entiteittype]
    required = {"NPS": REQUIRED, "VES": REQUIRED_VES if service.is_prefill else ""}.get(service.entiteittype, "")
    body = (
        f"<BG:{service.antwoord} {SPACES}><BG:antwoord><BG:object><BG:{key}>{value}</BG:{key}>{required}</BG:object>"
        f"</BG:antwoord></BG:{service.antwoord}>"
    )
    own = stuurgegevens.answer(
        stuurgegevens.read(find(question, "stuurgegevens")), "La01", own=Systeem("1900", "ZAAKHUB"),
        referentienummer="m-1", at=datetime(2026, 3, 2, 8, tzinfo=UTC),
    )  # fmt: skip
    answer = written(question, service, body.encode(), own._replace(entiteittype=service.entiteittype))

    assert not definition().check(answer), definition().check(answer)
    assert official().validate(answer), official().error_log


@needs_shared
@pytest.mark.parametrize("sample", cases_of(VALID, lambda each: each.file))
def test_a_sample_goes_in_and_its_answer_comes_out(sample: Sample) -> None:
    """In an envelope of the same version; somebody who is not there is a fault to a form only."""
    adapter = create(Options())
    body = (SHARED / "samples/stuf" / sample.file).read_bytes()
    document = adapter.read(body, {}, validate=True)
    empty = f'<BG:{by_kind()[document.kind].antwoord} xmlns:BG="{BG}"/>'.encode()

    reply = adapter.answered(document, empty, message_id="m-1", at=datetime(2026, 3, 2, tzinfo=UTC), headers={})

    assert reply.status == (500 if by_kind()[document.kind].is_prefill else 200)
    assert BSN not in f"{document.zaak}{document.subject}"
