"""A real message becomes one that can be kept: nobody is left in it, and what was right or wrong about it still is."""

from __future__ import annotations

import re
from datetime import date
from typing import Any
from xml.sax.saxutils import escape

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from adapters.stuf_zds.inbound import create
from adapters.stuf_zds.options import Options
from hub.errors import MessageRefused
from hub.mapping.fictitious.dates import is_date, moved, moved_parts
from hub.mapping.fictitious.fields import Kind, kind_of
from hub.mapping.fictitious.invent import Inventor
from hub.mapping.fictitious.rewrite import fictitious_event, fictitious_message
from hub.security.personal import is_bsn
from hub.wire.claim import Cutter, Kept, read_claim
from tests.support.berichten import creeer_zaak, extra_elementen, leaf, natuurlijk_persoon, rol, voeg_document_toe
from tests.support.samples import FOLDER, Sample, samples, to_deliver
from tests.support.shared import cases_of

SALT = b"only for this test"
CLAIM = f"zaakhub-inhoud:7f6a6c0e-1f0a-4d0c-8a57-0d5f10000101:12:{'ab' * 32}"


def rewrite(*fields: str, salt: bytes = SALT) -> etree._Element:
    """Rewrite a message with these elements and give it."""
    content, _ = fictitious_message(f"<bericht>{''.join(fields)}</bericht>".encode(), salt=salt)
    return etree.fromstring(content)


def texts(root: etree._Element) -> list[str]:
    return [(each.text or "").strip() for each in root.iter("*") if (each.text or "").strip()]


def one(name: str, value: str) -> str:
    """Rewrite one element and give its text."""
    return texts(rewrite(f"<{name}>{escape(value)}</{name}>"))[0]


def _eleven(first: int) -> str:
    """Give a BSN of a person who may exist, near a number."""
    return next(f"{n:09}" for n in range(first, first + 100) if is_bsn(f"{n:09}"))


LETTERS = "abcdefghijklmnopqrstuvwxyzéëï"
# No word of a message, a code or a standard begins like this: those stay, whoever is named like one.
words = st.text(LETTERS, min_size=2, max_size=14).map(lambda rest: f"Qyx{rest}")
persons = st.fixed_dictionaries(
    {
        "inp.bsn": st.integers(100_000_000, 899_999_000).map(_eleven),
        "geslachtsnaam": st.one_of(words, st.tuples(words, words).map("-".join)),
        "voorvoegselGeslachtsnaam": st.sampled_from(["van", "van der", "de"]),
        "voornamen": st.lists(words, min_size=1, max_size=3).map(" ".join),
        "geboortedatum": st.dates(date(1920, 1, 1), date(2020, 12, 31)).map(lambda day: day.strftime("%Y%m%d")),
        "postcode": st.from_regex(r"[1-8][0-9]{3}[A-T]{2}", fullmatch=True),
        "huisnummer": st.integers(1, 999).map(str),
        "gor.straatnaam": words,
        "wpl.woonplaatsNaam": words,
        "telefoonnummer": st.from_regex(r"06[1-9][0-9]{7}", fullmatch=True),
        "emailadres": st.tuples(words, words).map(lambda pair: f"{pair[0].lower()}@{pair[1].lower()}.org"),
        "rekeningnummer": st.integers(0, 10**10 - 1).map(lambda n: _iban(f"BANK{n:010}")),
        "zaakidentificatie": st.from_regex(r"1900[0-9]{9}", fullmatch=True),
    }
)


def _iban(account: str) -> str:
    number = int("".join(str(int(each, 36)) for each in f"{account}NL00"))
    return f"NL{98 - number % 97:02}{account}"


def _stays(value: str, text: str) -> bool:
    """Say whether a value stands in a text, as no part of a longer word or number."""
    edge = r"[^\W\d_]" if value[0].isalpha() else r"\d"
    return re.search(rf"(?<!{edge}){re.escape(value)}(?!{edge})", text, re.IGNORECASE) is not None


@given(st.lists(persons, min_size=1, max_size=3), st.binary(min_size=8, max_size=8))
def test_nobody_is_left_in_a_message(found: list[dict[str, str]], salt: bytes) -> None:
    """Not in their own fields, not in texts about them, not in attributes, not in fields that no standard names."""
    fields = []
    for person in found:
        fields += [f"<{name}>{value}</{name}>" for name, value in person.items()]
        fields.append(f"<toelichting>Gesprek met {' en '.join(person.values())}.</toelichting>")
        fields.append(f'<extraElement naam="van {person["geslachtsnaam"]}">{person["emailadres"]}</extraElement>')
        fields.append(f"<rechtsvorm>De zaak {person['geslachtsnaam']}</rechtsvorm>")
        fields.append(f"<watNiemandKent>{person['telefoonnummer']}</watNiemandKent>")

    content, _ = fictitious_message(f"<bericht>{''.join(fields)}</bericht>".encode(), salt=salt)

    text = content.decode()
    assert [value for each in found for value in each.values() if len(value) >= 4 and _stays(value, text)] == []


@given(persons, st.binary(min_size=8, max_size=8))
def test_nobody_is_left_in_an_event(person: dict[str, str], salt: bytes) -> None:
    """The names of our own events."""
    event = {
        "type": "nl.zaken.zaak-aangemaakt.v1",
        "data": {
            "zaak": {
                "identificatie": person["zaakidentificatie"],
                "toelichting": f"{person['geslachtsnaam']} belde: {person['telefoonnummer']}",
                "eigenschappen": [{"naam": "e-mail", "waarde": person["emailadres"]}],
                "rollen": [
                    {
                        "natuurlijkPersoon": {
                            "bsn": person["inp.bsn"],
                            "geslachtsnaam": person["geslachtsnaam"],
                            "voornamen": person["voornamen"],
                            "verblijfsadres": {"postcode": person["postcode"], "straatnaam": person["gor.straatnaam"]},
                        }
                    }
                ],
            }
        },
    }
    before = orjson.dumps(event)

    made, _ = fictitious_event(event, salt=salt)

    text = orjson.dumps(made).decode()
    assert [each for each in person.values() if len(each) >= 4 and _stays(each, text)] == []
    assert orjson.dumps(event) == before


@given(st.lists(st.integers(100_000_000, 899_999_000).map(_eleven), min_size=2, max_size=20, unique=True))
def test_a_bsn_becomes_one_that_nobody_has_and_another_another(numbers: list[str]) -> None:
    """Of the test range, right by the 11-test; the same for the same person."""
    made = texts(rewrite(*(f"<inp.bsn>{each}</inp.bsn>" for each in [*numbers, *numbers])))

    assert all(is_bsn(each) and each.startswith("9999") for each in made)
    assert made[: len(numbers)] == made[len(numbers) :]
    assert len(set(made)) == len(numbers)


@given(st.binary(min_size=8, max_size=8))
def test_what_is_wrong_about_a_number_stays_wrong(salt: bytes) -> None:
    """Otherwise the case of a failed message would not fail."""
    inventor = Inventor(salt, ["123456789", "12345678", "NL00BANK0123456789", "12AB", "geen adres"])

    assert not is_bsn(inventor.value(Kind.ELEVEN, "123456789"))
    assert len(inventor.value(Kind.ELEVEN, "12345678")) == 8
    assert not re.match(r"^\d{4} ?[A-Z]{2}$", inventor.value(Kind.POSTCODE, "12AB"))
    assert "@" not in inventor.value(Kind.EMAIL, "geen adres")
    iban = inventor.value(Kind.IBAN, "NL00BANK0123456789")
    assert _iban(iban[4:]) != iban


@pytest.mark.parametrize(
    ("name", "value", "look"),
    [
        ("iban", "NL91 ABNA 0417 1643 00", r"NL\d\d TEST \d{4} \d{4} \d\d"),
        ("telefoonnummer", "06-12345678", r"06-0\d{7}"),
        ("telefoonnummer", "+31 20 5552222", r"\+31 99 \d{7}"),
        ("postcode", "1234 ab", r"9\d{3} [u-z]{2}"),
        ("vestigingsNummer", "000012345678", r"0000[1-9]\d{7}"),
        ("aoa.identificatie", "0344200000012345", r"034420\d{10}"),
        ("zaakidentificatie", "ZAAK-2026-0000123", r"ZAAK-2026-\d{7}"),
        ("referentienummer", "7f6a6c0e-1f0a-4d0c-8a57-0d5f10000101", r"[0-9a-f]{8}-([0-9a-f]{4}-){3}[0-9a-f]{12}"),
        ("bestandsnaam", "aanvraag Jansen.pdf", r"bestand-\d{4}\.pdf"),
        ("emailadres", "jan@bedrijf.nl", r"\w+@example\.nl"),
        ("geslachtsnaam", "JANSEN", r"[A-Z]+"),
        ("huisnummer", "12", r"\d{1,3}"),
        ("pos", "155000.000 463000.000", r"15[6-9]\d{3}\.000|16\d{4}\.000 4[67]\d{4}\.000"),
        ("toelichting", "Belt u mij, a.u.b.!\nMet dank", r"\w{4} \w \w{3}, x\.x\.x\.!\n\w{3} \w{4}"),
        ("toelichting", "<p>Hallo</p>", "<p>Tekst</p>"),
    ],
)  # fmt: skip
def test_a_value_keeps_its_look(name: str, value: str, look: str) -> None:
    """As long, as many digits, the same marks between them: what reads it reads it the same."""
    made = one(name, value)

    assert made != value
    assert re.match(look, made), made


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("zaaktype", "B1026"),
        ("organisatie", "1900"),
        ("extraElement", "ja"),
        ("extraElement", "12"),
        ("kenmerk", "K-12"),
    ],
)
def test_what_says_nothing_of_persons_stays(name: str, value: str) -> None:
    """Codes, kenmerken and the little answers of a form are what a mapping looks at."""
    assert one(name, value) == value


def test_initials_are_those_of_the_first_names() -> None:
    """In the form that they had."""
    first, initials = texts(rewrite("<voornamen>Jan Willem</voornamen><voorletters>J.W.</voorletters>"))

    assert initials == "".join(f"{word[0]}." for word in first.split())


def test_another_run_invents_other_persons() -> None:
    """Whoever has the case and the hub can't trace it back."""
    fields = "<inp.bsn>999990019</inp.bsn>", "<geslachtsnaam>Jansen</geslachtsnaam>"

    assert texts(rewrite(*fields, salt=b"1")) == texts(rewrite(*fields, salt=b"1"))
    assert texts(rewrite(*fields, salt=b"1")) != texts(rewrite(*fields, salt=b"2"))


def test_a_claim_stays_a_claim_and_its_file_has_no_name() -> None:
    """The size stays; where it lies and what it was does not."""
    made = read_claim(one("inhoud", CLAIM))

    assert made is not None
    assert made.size_bytes == 12
    assert "7f6a6c0e" not in made.reference
    assert made.sha256 != "ab" * 32


def test_the_report_counts_and_says_what_to_read() -> None:
    """Different values by kind; paths, never values."""
    fields = (
        "<inp.bsn>999990019</inp.bsn><inp.bsn>999990019</inp.bsn><toelichting>Vandaag</toelichting>"
        "<rechtsvorm>Vereniging</rechtsvorm><nieuw>onbekend</nieuw>"
    )
    _, report = fictitious_message(f"<bericht>{fields}</bericht>".encode(), salt=SALT)

    assert report.counts == {Kind.ELEVEN: 1, Kind.TEXT: 1}
    assert report.neutral == ("bericht/toelichting",)
    assert report.check == ("bericht/nieuw", "bericht/rechtsvorm")


@pytest.mark.parametrize(
    ("above", "name", "kind"),
    [
        (("object",), "omschrijving", Kind.TEXT),
        (("isVan", "gerelateerde"), "omschrijving", Kind.LABEL),
        (("heeftAlsInitiator",), "omschrijving", Kind.LABEL),
        (("heeftAlsDeelzaak", "gerelateerde"), "omschrijving", Kind.TEXT),
        (("heeftAlsAanspreekpunt", "gerelateerde"), "naam", Kind.PERSON),
        (("organisatorischeEenheid",), "naam", Kind.LABEL),
        (("extraElement",), "@naam", Kind.LABEL),
        (("medewerker",), "identificatie", Kind.LOGIN),
        (("object",), "identificatie", Kind.IDENTIFICATION),
        (("stuurgegevens",), "functie", Kind.CODE),
        (("object",), "ingangsdatumObject", Kind.DATE),
        (("object",), "onbekend", None),
    ],
)
def test_what_a_name_says_depends_on_where_it_stands(above: tuple[str, ...], name: str, kind: Kind | None) -> None:
    """An omschrijving is a type or a text, a naam a person, a department or the name of a field."""
    assert kind_of(name, above) is kind


@given(st.lists(st.dates(date(1900, 1, 1), date(2099, 1, 1)), min_size=2, max_size=6), st.integers(-180, -7))
def test_dates_keep_their_order_and_distance(days: list[date], by: int) -> None:
    """In each of the ways they are written."""
    for form in ("%Y%m%d", "%Y-%m-%d", "%Y%m%d101500"):
        made = [moved(day.strftime(form), by) for day in days]
        assert [is_date(each) for each in made] == [True] * len(days)
        whole = [date.fromisoformat(re.sub(r"\D", "", each)[:8]) for each in made]
        assert [(new - old).days for new, old in zip(whole, days, strict=True)] == [by] * len(days)


@pytest.mark.parametrize(
    ("text", "known", "look"),
    [
        ("19600700", "D", r"1960(06|05|04|03|02|01)00"),
        ("19600101", "M", r"19(59|60)0101"),
        ("1960", "M", r"19(59|60)"),
        ("196007", "D", r"19600[1-6]"),
        ("19600000", "M", r"19(59|60)0000"),
        ("20260231", "V", r"20220231"),
        ("31-02-1960", "V", r"31-02-1956"),
        ("99991231", "V", r"99991231"),
        ("00010101", "V", r"00010101"),
        ("gisteren", "V", r"gisteren"),
        ("2026-03-01T10:15:00+01:00", "V", r"202[56]-\d\d-\d\dT10:15:00\+01:00"),
    ],
)
def test_what_is_unknown_or_wrong_about_a_date_stays_so(text: str, known: str, look: str) -> None:
    """Incomplete stays incomplete (StUF 03.01 §3.3), impossible stays impossible, for ever stays for ever."""
    assert re.fullmatch(look, moved(text, -30, known=known)), moved(text, -30, known=known)


def test_an_incomplete_date_of_an_event_has_the_parts_it_had() -> None:
    """Nothing becomes known that was not."""
    assert moved_parts({"jaar": 1960}, -30).keys() == {"jaar"}
    assert moved_parts({"jaar": 1960, "maand": 1}, -30) == {"jaar": 1959, "maand": 12}
    assert moved_parts({"jaar": 1960, "maand": 2, "dag": 30}, -30) == {"jaar": 1956, "maand": 2, "dag": 30}


def test_no_moved_date_is_a_real_one_of_the_message() -> None:
    """A birthday of one is not that of another."""
    days = [f"1980{month:02}{day:02}" for month in (1, 3) for day in (1, 8, 15, 22, 28)]

    made = texts(rewrite(*(f"<geboortedatum>{each}</geboortedatum>" for each in days)))

    assert set(made) & set(days) == set()


@given(st.text(max_size=300))
def test_any_text_has_a_neutral_form(text: str) -> None:
    """No text makes it fail, and none grows."""
    made, _ = fictitious_event({"toelichting": text, "onbekend": text, "postcode": text, "bsn": text}, salt=SALT)

    assert isinstance(made["toelichting"], str)


NAMES = ["jaar", "huisnummer", "coordinates", "geboortedatum", "naam", "omschrijving", "waarde", "x"]


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
        lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.sampled_from(NAMES), inner, max_size=4),
        max_leaves=20,
    )
)
def test_json_of_any_shape_keeps_its_shape(value: Any) -> None:  # noqa: ANN401 - any JSON
    """Types stay, and so do lists and keys."""
    made, _ = fictitious_event({"data": value}, salt=SALT)

    assert _shape(made) == _shape({"data": value})


def _shape(value: Any) -> Any:  # noqa: ANN401 - any JSON
    if isinstance(value, dict):
        return {name: _shape(each) for name, each in value.items()}
    return [_shape(each) for each in value] if isinstance(value, list) else type(value)


def test_what_is_no_xml_is_refused() -> None:
    """As at the door."""
    with pytest.raises(MessageRefused):
        fictitious_message(b"{}", salt=SALT)


MESSAGES = {
    "zaak": creeer_zaak(
        omschrijving="Aanvraag van Jansen",
        heeftAlsInitiator=rol(
            "heeftAlsInitiator",
            natuurlijk_persoon(
                naam="Jansen", geboren=leaf("geboortedatum", "196007", "BG", ' StUF:indOnvolledigeDatum="D"')
            ),
        ),
        extraElementen=extra_elementen(kanaal="website", email="jansen@bedrijf.nl"),
    ),
    "document": voeg_document_toe(titel="Brief van Jansen"),
}


@pytest.mark.parametrize("name", MESSAGES)
def test_a_valid_message_stays_valid(name: str) -> None:
    """By the definition of the standard, as at the door."""
    verzoek = MESSAGES[name]

    content, _ = fictitious_message(_on_the_bus(verzoek.body), salt=SALT)

    assert b"Jansen" not in content
    assert create(Options()).read(content, verzoek.headers(), validate=True).kind


@pytest.mark.parametrize("sample", cases_of(to_deliver(), lambda each: each.name))
def test_a_valid_sample_stays_valid(sample: Sample) -> None:
    """And names nobody that it named."""
    verzoek = sample.verzoek()
    body = _on_the_bus(verzoek.body)

    content, _ = fictitious_message(body, salt=SALT)

    assert create(Options()).read(content, verzoek.headers(), validate=True).kind == sample.service
    assert _left(etree.fromstring(body), etree.fromstring(content)) == []


WELL_FORMED = [each for each in samples() if not each.name.startswith("malformed")]


@pytest.mark.parametrize("sample", cases_of(WELL_FORMED, lambda each: each.name))
def test_nobody_of_a_sample_is_left(sample: Sample) -> None:
    """Of whatever sector, valid or not."""
    body = (FOLDER / sample.name).read_bytes()

    content, _ = fictitious_message(body, salt=SALT)

    assert _left(etree.fromstring(body), etree.fromstring(content)) == []


_PERSONAL = {"inp.bsn", "bsn-nummer", "geslachtsnaam", "achternaam", "voornamen", "telefoonnummer", "emailadres"}


def _left(root: etree._Element, made: etree._Element) -> list[str]:
    """Give the personal values of a message that stand in another, outside codes; skeletons (`?`) have none."""
    named = {each for name, each in _values(root) if name in _PERSONAL}
    text = "\n".join(each for name, each in _values(made) if kind_of(name, ()) is not Kind.CODE)
    return [value for value in named if len(value) >= 4 and _stays(value, text)]


def _values(root: etree._Element) -> list[tuple[str, str]]:
    """Give names and values of elements and attributes."""
    found = []
    for each in root.iter("{*}*"):
        found.append((etree.QName(each).localname, (each.text or "").strip()))
        found += [(etree.QName(str(name)).localname, str(value)) for name, value in each.items()]
    return found


def _on_the_bus(message: bytes) -> bytes:
    cutter = Cutter(("inhoud",), new_reference=lambda: "7f6a6c0e-1f0a-4d0c-8a57-0d5f10000101")
    events = [*cutter.feed(message), *cutter.close()]
    return b"".join(each.data for each in events if isinstance(each, Kept))
