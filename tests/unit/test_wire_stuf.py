"""hub/wire/stuf: the words of StUF 03.01, read and written."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from hub.wire.stuf import stuurgegevens
from hub.wire.stuf.berichtcodes import BERICHTCODES
from hub.wire.stuf.berichten import bv03, fo03
from hub.wire.stuf.foutcodes import FOUTCODES
from hub.wire.stuf.kennisgeving import beside, fold
from hub.wire.stuf.namespaces import STUF, ZKN
from hub.wire.stuf.stuurgegevens import ONBEKEND, Stuurgegevens, Systeem, answer
from hub.wire.stuf.waarden import (
    ExtraElement,
    NoValue,
    OnvolledigeDatum,
    Verwerkingssoort,
    Waarde,
    read_datum,
    read_extra_elementen,
    read_verwerkingssoort,
    read_waarde,
    write_datum,
    write_extra_elementen,
    write_tijdstip,
)
from hub.wire.xml import XSI, find, local_name, parse
from tests.support.shared import SHARED, needs_shared

HUB = Systeem("1900", "ZAAKHUB")
AT = datetime(2026, 7, 1, 22, 30, 15, 123456, tzinfo=UTC)

words = st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs", "Zs", "Zl", "Zp"]), max_size=30).filter(
    lambda text: not set(text) & set("\ufffe\uffff")
)
systems = st.builds(Systeem, words, words, words, words)


@settings(deadline=None)
@given(st.builds(Stuurgegevens, *([words] + [systems] * 2 + [words] * 5)))
def test_stuurgegevens_survive_writing_and_reading(said: Stuurgegevens) -> None:
    """Whatever the texts: what is written is read back."""
    written = f'<a xmlns:StUF="{STUF}">{stuurgegevens.write(said)}</a>'.encode()

    assert stuurgegevens.read(parse(written)[0]) == said


def test_stuurgegevens_are_written_in_the_order_of_the_schema() -> None:
    """StUF 03.01 §4.2."""
    said = Stuurgegevens("Lk01", HUB, HUB, "1", "20260101", "2", "ZAK", "f")

    written = parse(f'<a xmlns:StUF="{STUF}">{stuurgegevens.write(said)}</a>'.encode())[0]

    assert [local_name(child) for child in written] == [
        "berichtcode",
        "zender",
        "ontvanger",
        "referentienummer",
        "tijdstipBericht",
        "crossRefnummer",
        "entiteittype",
        "functie",
    ]


def test_absent_stuurgegevens_read_as_empty() -> None:
    """A message without them can still be answered."""
    assert stuurgegevens.read(None) == Stuurgegevens("")


def test_an_answer_swaps_zender_and_ontvanger() -> None:
    """StUF 03.01 §4.3: crossRefnummer is the request's number, the moment is Dutch time in 17 digits."""
    request = Stuurgegevens("Lk01", Systeem("1900", "FORM", "a", "u"), Systeem("1900", "HUB"), "ref-1")

    given_back = answer(request, "Bv03", own=HUB, referentienummer="m-1", at=AT)

    assert given_back == Stuurgegevens(
        "Bv03", Systeem("1900", "HUB"), Systeem("1900", "FORM", "a", "u"), "m-1", "20260702003015123", "ref-1"
    )


def test_an_answer_to_nobody_is_addressed_to_onbekend() -> None:
    """Our own name stands where the message names no receiver; the schema wants an applicatie on both sides."""
    given_back = answer(Stuurgegevens("", Systeem("1900", "ab")), "Fo03", own=HUB, referentienummer="m-1", at=AT)

    assert (given_back.zender, given_back.ontvanger) == (HUB, ONBEKEND)


def test_numbers_longer_than_forty_are_cut() -> None:
    """Senders make references of 64 characters; the schema allows 40."""
    request = Stuurgegevens("Lk01", HUB, HUB, "r" * 64)

    given_back = answer(request, "Bv03", own=HUB, referentienummer="m" * 64, at=AT)

    assert (given_back.referentienummer, given_back.cross_refnummer) == ("m" * 40, "r" * 40)


def test_the_name_of_a_system_leaves_the_user_out() -> None:
    """StUF 03.01 §4.3: gebruiker is no part of the key."""
    assert Systeem("1900", "FORM", "", "piet").naam == "1900/FORM"
    assert Systeem("1900", "FORM", "adm").naam == "1900/FORM/adm"
    assert Systeem("", "FORM").naam == "/FORM"


@needs_shared
@settings(deadline=None)
@given(systems, words)
def test_replies_are_valid_whatever_the_request_said(system: Systeem, reference: str) -> None:
    """Bv03 and Fo03 fit the official schema for any texts, however long."""
    schema = _official()
    request = Stuurgegevens("Lk01", Systeem(*(text * 9 for text in system)), system, reference * 9)

    for code, write in (("Bv03", bv03), ("Fo03", lambda said: fo03(said, FOUTCODES["StUF052"], reference * 99))):
        reply = parse(write(answer(request, code, own=HUB, referentienummer="m" * 64, at=AT)).encode())
        assert schema.validate(reply), schema.error_log


_SCHEMAS: list[etree.XMLSchema] = []


def _official() -> etree.XMLSchema:
    if not _SCHEMAS:
        path = SHARED / "standards/stuf/stuf0301/patch33/_lxml/stuf0301.xsd"
        _SCHEMAS.append(etree.XMLSchema(etree.parse(str(path))))
    return _SCHEMAS[0]


@needs_shared
def test_our_table_of_foutcodes_is_the_official_one() -> None:
    """Code, plek, fault messages, words and order of table 8.1."""
    official = json.loads((SHARED / "standards/stuf/stuf0301/foutcodes.json").read_text())["foutcodes"]

    assert [tuple(code) for code in FOUTCODES.values()] == [
        (each["code"], each["plek"], tuple(each["foutberichten"]), each["omschrijving"]) for each in official
    ]


def test_every_foutcode_fits_the_schema() -> None:
    """A code of seven characters, words of two hundred."""
    for fout in FOUTCODES.values():
        assert len(fout.code) == 7
        assert len(fout.omschrijving) <= 200


def test_asynchronous_messages_are_answered_with_bv03_or_fo03() -> None:
    """StUF 03.01 §4.1; answers themselves are not answered, and every answer is a berichtcode."""
    assert BERICHTCODES["Lk01"].respons == ("Bv03", "Fo03")
    assert BERICHTCODES["Lv01"].respons == ("La01", "Fo02")
    assert BERICHTCODES["Lv02"].respons == ("Bv03", "Fo03")
    for code in BERICHTCODES.values():
        assert set(code.respons) <= set(BERICHTCODES)


def leaf(attributes: str = "", text: str = "") -> etree._Element:
    return parse(f'<a xmlns:StUF="{STUF}" xmlns:xsi="{XSI}" {attributes}>{text}</a>'.encode())


@pytest.mark.parametrize(
    ("element", "waarde"),
    [
        (leaf("", " x "), Waarde("x")),
        (leaf('StUF:noValue="geenWaarde" xsi:nil="true"'), Waarde("", NoValue.GEEN_WAARDE)),
        (leaf('StUF:noValue="waardeOnbekend"'), Waarde("", NoValue.WAARDE_ONBEKEND)),
        (leaf('StUF:noValue="geenWaarde"', "19760930"), Waarde("19760930")),
        (leaf('StUF:noValue="watdanook"'), Waarde("")),
        (leaf('xsi:nil="true"'), Waarde("")),
        (None, Waarde("")),
    ],
)
def test_an_empty_element_says_why_and_a_value_wins(element: etree._Element | None, waarde: Waarde) -> None:
    """StUF 03.01 §3.4, and what senders make of it."""
    assert read_waarde(element) == waarde


def test_verwerkingssoort_is_read_only_in_words_of_the_standard() -> None:
    """Anything else is as good as nothing."""
    assert read_verwerkingssoort(leaf('StUF:verwerkingssoort="E"')) is Verwerkingssoort.BEEINDIGING
    assert read_verwerkingssoort(leaf('StUF:verwerkingssoort="X"')) is None
    assert read_verwerkingssoort(leaf()) is None


@settings(deadline=None)
@given(st.dates(), st.sampled_from("VDMJ"))
def test_incomplete_dates_survive_writing_and_reading(day: date, indicatie: str) -> None:
    """The unknown part is not looked at, in either direction."""
    whole = OnvolledigeDatum(day.year, day.month, day.day)
    known = {"V": whole, "D": whole._replace(dag=None), "M": OnvolledigeDatum(day.year), "J": OnvolledigeDatum(None)}

    assert read_datum(f"{day:%Y%m%d}".rjust(8, "0"), indicatie) == known[indicatie]
    assert read_datum(*write_datum(known[indicatie])) == known[indicatie]


def test_the_unknown_part_of_a_date_may_be_anything() -> None:
    """StUF 03.01 §3.3: 19650000 with M is 1965."""
    assert read_datum("19650000", "M") == OnvolledigeDatum(1965)
    assert read_datum("19650700", "D") == OnvolledigeDatum(1965, 7)


@pytest.mark.parametrize("text", ["1965", "19650000", "19651301", "1965-07-1", "", "٢٠٢٦٠١٠١"])
def test_what_is_no_date_is_not_read(text: str) -> None:
    """The schema lets 1965 and 19650000 through."""
    with pytest.raises(ValueError):  # noqa: PT011 - the words are datetime's own
        read_datum(text)


def test_a_tijdstip_is_dutch_time_in_summer_and_winter() -> None:
    """Seventeen digits without a zone."""
    assert write_tijdstip(datetime(2026, 1, 1, 12, tzinfo=UTC)) == "20260101130000000"
    assert write_tijdstip(datetime(2026, 7, 1, 12, 0, 0, 999_999, tzinfo=UTC)) == "20260701140000999"


values = st.one_of(words.map(Waarde), st.sampled_from(NoValue).map(lambda reden: Waarde("", reden)))


@settings(deadline=None)
@given(st.lists(st.builds(ExtraElement, words, values), min_size=1, max_size=5))
def test_extra_elementen_survive_writing_and_reading(elementen: list[ExtraElement]) -> None:
    """Names, order, repeats, values and reasons for their absence."""
    written = f'<a xmlns:StUF="{STUF}">{write_extra_elementen(elementen)}</a>'.encode()

    assert read_extra_elementen(parse(written)[0]) == elementen


def test_no_extra_elementen_is_no_element() -> None:
    """The schema wants at least one inside."""
    assert write_extra_elementen([]) == ""
    assert read_extra_elementen(None) == []


def kennisgeving(*objects: str) -> etree._Element:
    inside = "".join(f"<Z:object>{each}</Z:object>" for each in objects)
    return parse(f'<Z:m xmlns:Z="{ZKN}" xmlns:StUF="{STUF}" xmlns:xsi="{XSI}">{inside}</Z:m>'.encode())


def rol(name: str, soort: str, text: str = "") -> str:
    inside = f"<Z:gerelateerde>{text}</Z:gerelateerde>" if text else ""
    return f'<Z:{name} StUF:entiteittype="X" StUF:verwerkingssoort="{soort}">{inside}</Z:{name}>'


def roles(message: etree._Element) -> list[tuple[str, str | None, str | None]]:
    """Name, what is now, and what was before, of each relation of the object."""
    found = find(message, "object")
    assert found is not None
    return [
        (local_name(each), each.findtext("{*}gerelateerde"), each.findtext("oud/{*}gerelateerde"))
        for each in found
        if each.attrib
    ]


def test_one_object_stays_as_it_is() -> None:
    """There is no oud to fold."""
    message = kennisgeving("<Z:identificatie>1</Z:identificatie>" + rol("heeft", "T", "a"))
    before = etree.tostring(message)

    fold(message)

    assert etree.tostring(message) == before


def test_of_two_objects_the_second_remains_with_what_was_in_its_relations() -> None:
    """StUF 03.01 §5.2.4: same order in both; what ends is filled in oud and empty in huidig."""
    message = kennisgeving(
        "<Z:identificatie>1</Z:identificatie><Z:toelichting>was</Z:toelichting>"
        + rol("heeftAlsInitiator", "W", "a")
        + rol("heeft", "T")
        + rol("heeft", "V", "c"),
        "<Z:identificatie>1</Z:identificatie><Z:toelichting>is</Z:toelichting>"
        + rol("heeftAlsInitiator", "W", "b")
        + rol("heeft", "T", "d")
        + rol("heeft", "V"),
    )

    fold(message)

    assert roles(message) == [("heeftAlsInitiator", "b", "a"), ("heeft", "d", None), ("heeft", None, "c")]
    assert [local_name(child) for child in message] == ["oud", "object"]
    assert [(local_name(child), child.text) for child in message[0]] == [("identificatie", "1")]
    assert message.findtext("{*}object/{*}toelichting") == "is"


def test_an_addition_without_its_empty_place_in_oud_leaves_the_others_paired() -> None:
    """Senders forget the empty relation that the standard asks for."""
    message = kennisgeving(rol("heeft", "W", "a"), rol("heeft", "T", "new") + rol("heeft", "W", "b"))

    fold(message)

    assert roles(message) == [("heeft", "new", None), ("heeft", "b", "a")]


def test_a_removal_that_huidig_leaves_out_is_not_lost() -> None:
    """Senders write V in oud and nothing in huidig, instead of the empty relation that the standard asks for."""
    message = kennisgeving(rol("heeft", "V", "a") + rol("heeft", "E", "b"), "")

    fold(message)

    assert roles(message) == [("heeft", None, "a"), ("heeft", None, "b")]


def test_what_it_was_stands_whole_beside_what_it_is() -> None:
    """Fields and relations, also those that are the same."""
    same = "<Z:identificatie>1</Z:identificatie>"
    message = kennisgeving(same + rol("heeft", "W", "a"), same + rol("heeft", "W", "b"))

    beside(message)

    assert [local_name(each) for each in message] == ["oud", "object"]
    assert [[local_name(child) for child in each] for each in message] == [["identificatie", "heeft"]] * 2
    assert [each.findtext("{*}heeft/{*}gerelateerde") for each in message] == ["a", "b"]


def test_beside_one_object_there_is_nothing() -> None:
    """It stays as it came."""
    message = kennisgeving(rol("heeft", "T", "a"))
    before = etree.tostring(message)

    beside(message)

    assert etree.tostring(message) == before


def test_a_removal_that_huidig_leaves_out_is_said_to_be_none() -> None:
    """Else nobody could tell it from a relation that is not spoken of."""
    same = "<Z:identificatie>1</Z:identificatie>"
    message = kennisgeving(rol("heeft", "V", "a") + rol("heeftAlsInitiator", "I", "b"), same)

    beside(message)

    place = message[1][-1]
    assert [local_name(each) for each in message[1]] == ["identificatie", "heeft"]
    assert read_waarde(place).reden is NoValue.GEEN_WAARDE


def test_relations_that_do_not_correspond_are_not_guessed() -> None:
    """A wrong pair would remove the wrong person."""
    message = kennisgeving(rol("heeft", "V", "a") + rol("heeft", "V", "b"), rol("heeft", "V"))

    fold(message)

    assert roles(message) == [("heeft", None, None)]
