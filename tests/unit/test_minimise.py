"""What is asked of a source for an asker: exactly the elements that it asked for, cut by what it may see."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.config.connection import Connection
from hub.config.load import load_connection
from hub.errors import MessageRefused
from hub.event.criteria import CRITERIA
from hub.event.personen import Persoon
from hub.event.velden import fits, pruned, veld
from hub.event.vragen import ADRESSEN, PERSONEN, QUESTION_TYPES, QuestionType
from hub.flow.minimise import Minimised, afnemer_of, check_asked_by, minimise, narrowed, permission
from hub.mapping.compile import load_mappings
from hub.mapping.demand import LookedUp, Reading, wanted

MAPPING = """\
message: npsLv01.antwoord
gives: antwoord
rules:
  - to: "objecten[]"
    each: personen
    rules:
      - {to: soort, value: NPS}
      - {to: bsn, from: burgerservicenummer}
      - {to: achternaam, from: naam/geslachtsnaam}
      - {to: aanschrijfnaam, first-of: [adressering/aanschrijfwijze/naam, naam/geslachtsnaam]}
      - {to: geboren.op, from: geboorte/datum/jaar}
      - {to: geheim, from: geheimhoudingPersoonsgegevens}
      - to: partner
        at: partners[soortVerbintenis=H]
        rules:
          - {to: naam, from: naam/geslachtsnaam}
      - to: adres
        at: verblijfplaats
        when: {path: type, equals: Adres}
        rules:
          - {to: postcode, from: verblijfadres/postcode}
          - {to: inOnderzoek, from: inOnderzoek/velden}
"""
EVERYTHING = tuple(Persoon.model_fields)


@pytest.fixture(scope="module")
def read(tmp_path_factory: pytest.TempPathFactory) -> tuple[Reading, ...]:
    folder = tmp_path_factory.mktemp("mappings") / "makelaar"
    folder.mkdir()
    (folder / "npsLv01.antwoord.map.yaml").write_text(MAPPING, encoding="utf-8")
    return load_mappings(folder, root=folder.parent)["npsLv01.antwoord"].readings()


def _asked(read: tuple[Reading, ...], *scope: tuple[str, ...], allowed: tuple[str, ...] = EVERYTHING) -> Minimised:
    return minimise(wanted(read, [("objecten", *each) for each in scope]), "personen", Persoon, allowed)


def test_what_is_asked_for_is_asked_and_nothing_else(read: tuple[Reading, ...]) -> None:
    """Of elements, groups, and a date in parts; what the source says whatever is asked is not asked."""
    assert _asked(read, ("bsn",), ("achternaam",)).velden == ("burgerservicenummer", "naam.geslachtsnaam")
    assert _asked(read, ("geboren",)).velden == ("geboorte.datum",)
    assert _asked(read, ("geheim",), ("soort",)) == Minimised((), ())


def test_a_choice_and_a_condition_need_what_they_look_at(read: tuple[Reading, ...]) -> None:
    """Else nobody could tell which partner, or whether there is an address."""
    assert _asked(read, ("partner",)).velden == ("partners.naam.geslachtsnaam", "partners.soortVerbintenis")
    assert _asked(read, ("adres", "postcode")).velden == (
        "verblijfplaats.type",
        "verblijfplaats.verblijfadres.postcode",
    )


def test_without_a_scope_everything_the_answer_can_say_is_asked(read: tuple[Reading, ...]) -> None:
    """And no field that it cannot."""
    assert minimise(read, "personen", Persoon, EVERYTHING).velden == (
        "adressering.aanschrijfwijze.naam",
        "burgerservicenummer",
        "geboorte.datum",
        "naam.geslachtsnaam",
        "partners.naam.geslachtsnaam",
        "partners.soortVerbintenis",
        "verblijfplaats.type",
        "verblijfplaats.verblijfadres.postcode",
    )


def test_what_may_not_be_seen_is_withheld(read: tuple[Reading, ...]) -> None:
    """An element of which one source may be seen is made of that; a condition that may not be seen tells nothing."""
    allowed = ("burgerservicenummer", "naam", "verblijfplaats.verblijfadres")
    got = _asked(read, ("bsn",), ("aanschrijfnaam",), ("partner",), ("adres",), ("geboren",), allowed=allowed)

    # Which shape a group has goes with any part of it.
    shape, postcode = "verblijfplaats.type", "verblijfplaats.verblijfadres.postcode"
    assert got.velden == ("burgerservicenummer", "naam.geslachtsnaam", shape, postcode)
    assert got.withheld == (("objecten", "geboren", "op"), ("objecten", "partner", "naam"))


@pytest.mark.parametrize(
    ("velden", "withheld"),
    [
        ({"personen": ("verblijfplaats",)}, False),
        ({"personen": ("naam",)}, True),
        ({}, True),
    ],
)
def test_what_is_looked_up_and_may_not_be_seen_is_withheld(
    velden: dict[str, tuple[str, ...]], *, withheld: bool
) -> None:
    """The address of a child is asked by its number: who may see the number may not see the address for that."""
    target, number = ("objecten", "kind", "postcode"), frozenset({("personen", "kinderen", "burgerservicenummer")})
    postcode = frozenset({("verblijfplaats", "verblijfadres", "postcode")})
    rule = Reading(target, number, frozenset(), (LookedUp(PERSONEN, frozenset(), postcode),))
    street = rule._replace(looked_up=(LookedUp(ADRESSEN, frozenset(), frozenset({("postcode",)})),))

    assert minimise([rule], "personen", Persoon, ("kinderen",), velden).withheld == ((target,) if withheld else ())
    assert minimise([street], "personen", Persoon, ("kinderen",), velden).withheld == ()


def test_a_question_that_names_fields_itself_is_cut_too() -> None:
    """To the fields of a group that may be seen."""
    assert narrowed(["naam", "partners"], ["naam.voornamen", "naam.geslachtsnaam", "geboorte"], Persoon) == Minimised(
        ("naam.geslachtsnaam", "naam.voornamen")
    )


@pytest.mark.parametrize(
    ("velden", "asked", "blind"),
    [
        (("opschortingBijhouding",), (), False),
        (("rni.deelnemer", "naam"), ("naam.voornamen",), False),
        (("verblijfplaats.type",), ("verblijfplaats.type",), False),
        (("partners",), (), True),
    ],
)
def test_who_asks_only_for_what_always_comes_is_not_refused(
    velden: tuple[str, ...], asked: tuple[str, ...], *, blind: bool
) -> None:
    """It comes whatever is asked, so it is not asked for; which shape a group has goes with any part of it."""
    allowed = ("naam.voornamen", "verblijfplaats.verblijfadres.postcode")

    assert narrowed(velden, allowed, Persoon) == Minimised(asked, blind=blind)


def test_an_element_that_is_about_what_always_comes_is_not_refused(read: tuple[Reading, ...]) -> None:
    """Who may see nothing but his name gets the indication of geheimhouding alone as well; of partners nothing."""
    assert _asked(read, ("geheim",), allowed=("naam",)) == Minimised(())
    assert _asked(read, ("partner",), allowed=("naam",)) == Minimised(
        (), (("objecten", "partner", "naam"),), blind=True
    )


def test_what_another_rule_gives_is_not_withheld() -> None:
    """Unless a rule that may not be followed would write it of what it can not see."""
    name, code, first = ("object", "naam"), ("object", "code"), ("personen", "naam")
    geslachtsnaam, voornamen = frozenset({(*first, "geslachtsnaam")}), frozenset({(*first, "voornamen")})
    none: frozenset[tuple[str, ...]] = frozenset()
    rules = [
        Reading(name, none, voornamen),
        Reading(name, geslachtsnaam, geslachtsnaam),
        Reading(code, voornamen, none),
        Reading(code, geslachtsnaam, none),
    ]

    assert minimise(rules, "personen", Persoon, ("naam.geslachtsnaam",)) == Minimised(
        ("naam.geslachtsnaam",), withheld=(code,), partly=(name,)
    )


def test_what_a_source_says_too_much_is_taken_out() -> None:
    """What is said of a group stays with what is left of the group; an empty group says nothing."""
    said = {
        "burgerservicenummer": "999990019",
        "naam": {"voornamen": "Jan", "geslachtsnaam": "Zeewier", "inOnderzoek": {"velden": ["voornamen"]}},
        "verblijfplaats": {"type": "Adres", "verblijfadres": {"postcode": "1234AB", "woonplaats": "Voorbeeldstad"}},
        "partners": [{"naam": {"geslachtsnaam": "Duinroos"}, "burgerservicenummer": "999990020"}],
        "geboorte": {"plaats": {"code": "0518"}},
    }

    assert pruned(said, ["naam.geslachtsnaam", "verblijfplaats.verblijfadres.postcode", "partners.naam"]) == {
        "naam": {"geslachtsnaam": "Zeewier", "inOnderzoek": {"velden": ["voornamen"]}},
        "verblijfplaats": {"type": "Adres", "verblijfadres": {"postcode": "1234AB"}},
        "partners": [{"naam": {"geslachtsnaam": "Duinroos"}}],
    }


PATHS = st.sampled_from(
    ("burgerservicenummer", "naam", "naam.voornamen", "partners.naam.geslachtsnaam", "verblijfplaats.verblijfadres")
)


@given(st.lists(PATHS), st.lists(PATHS))
def test_nothing_passes_that_is_not_both_wanted_and_allowed(wants: list[str], allowed: list[str]) -> None:
    """Whatever is asked: every field that passes lies in something wanted and in something allowed."""
    for each in narrowed(wants, allowed, Persoon).velden:
        assert any(each == want or each.startswith(f"{want}.") for want in wants)
        assert any(each == one or each.startswith(f"{one}.") for one in allowed)


def test_fields_are_those_of_the_model() -> None:
    """A date is one field, in a list as well; what is under investigation is none."""
    assert veld(Persoon, ("partners", "geboorte", "datum", "maand")) == "partners.geboorte.datum"
    assert veld(Persoon, ("naam", "inOnderzoek", "velden")) == ""
    assert fits(Persoon, "verblijfplaats.verblijfadres.postcode")
    assert not fits(Persoon, "verblijfplaats.postkode")


CONNECTION = """\
connection: makelaar
direction: inbound
adapter: stuf_zds
access: {kind: none}
afnemers:
  - zender: "*/LBA"
    velden: {personen: [naam, geboorte.datum], bedrijven: [naam]}
  - zender: "0518/ZORG/*"
    velden: {personen: [burgerservicenummer]}
    verwerking: {activiteit: "https://register.voorbeeld.nl/2", grondslag: "Wmo 2015 art. 5.2.7"}
"""
VERWERKING = 'verwerking: {activiteit: "https://register.voorbeeld.nl/1", grondslag: "Wet BRP art. 3.5"}\n'


def _connection(tmp_path: Path, text: str) -> Connection:
    (tmp_path / "makelaar").mkdir()
    (tmp_path / "makelaar" / "connection.yaml").write_text(text, encoding="utf-8")
    return load_connection(tmp_path / "makelaar", {})


def test_who_asks_says_what_it_may_see_and_for_what(tmp_path: Path) -> None:
    """Its own processing activity goes before that of the connection."""
    connection = _connection(tmp_path, CONNECTION + VERWERKING)

    assert permission(connection, "0518/LBA", "personen").velden == ("naam", "geboorte.datum")
    assert permission(connection, "0518/LBA", "personen").verwerking.activiteit == "https://register.voorbeeld.nl/1"
    assert permission(connection, "0518/ZORG/Wmo", "personen").verwerking.grondslag == "Wmo 2015 art. 5.2.7"


@pytest.mark.parametrize(
    ("zender", "sender", "same"),
    [
        ("1900/BALIE[1]", "1900/BALIE[1]", True),
        ("1900/BALIE[1]", "1900/BALIE1", False),
        ("19??/BALIE", "1900/BALIE", False),
        ("1900/*", "1900/BALIE/Zuid", True),
        ("1900/B*E", "1900/BALI", False),
        ("1900.BALIE", "1900/BALIE", False),
    ],
)
def test_only_a_star_stands_for_others(tmp_path: Path, zender: str, sender: str, *, same: bool) -> None:
    """What else a pattern might be is a name as it stands: nobody is authorised by chance."""
    connection = _connection(tmp_path, (CONNECTION + VERWERKING).replace("*/LBA", zender))

    found = afnemer_of(connection, sender)

    assert (found is not None and found.zender == zender) is same


def test_nothing_personal_without_an_authorisation_and_a_purpose(tmp_path: Path) -> None:
    """It is told where to write it."""
    connection = _connection(tmp_path, CONNECTION)

    with pytest.raises(MessageRefused, match="for which processing activity") as refused:
        permission(connection, "0518/LBA", "personen")
    assert "connection.yaml" in refused.value.advice
    with pytest.raises(MessageRefused, match="not authorised to ask for bedrijven"):
        permission(connection, "0518/ZORG/Wmo", "bedrijven")
    with pytest.raises(MessageRefused, match="not authorised") as refused:
        permission(connection, "0518/ANDERS", "personen")
    assert refused.value.code == "niet-geautoriseerd"


OWN = {"velden", "volgorde", "maximum"}


@pytest.mark.parametrize(
    "asked", [each for each in QUESTION_TYPES.values() if each.personal], ids=lambda each: each.name
)
def test_of_every_criterion_it_is_known_what_it_tells(asked: QuestionType) -> None:
    """Of each that a question about persons has: fields that there are, or that it tells nothing."""
    criteria, (_, model) = CRITERIA[asked.name], asked.found

    assert criteria.keys() == set(asked.question.model_fields) - OWN
    assert [path for fields in criteria.values() for path in fields if not fits(model, path)] == []


@pytest.mark.parametrize(
    ("question", "refused"),
    [
        ({"geslachtsnaam": "Zeewier"}, ""),
        ({"geslachtsnaam": "Zeewier", "geboortedatum": None}, ""),
        ({"geslachtsnaam": "Zeewier", "geboortedatum": "1980-02-14"}, "by geboortedatum"),
        ({"burgerservicenummers": ["999990019"]}, "by burgerservicenummers"),
        ({"straat": "Laan"}, ""),
        ({"geslachtsnaam": "Zeewier", "volgorde": ["-naam.voornamen", "geboorte.datum"]}, "in this order"),
        ({"geslachtsnaam": "Zeewier", "inclusiefOverledenPersonen": True, "maximum": 3}, ""),
    ],
)
def test_an_asker_asks_by_what_it_may_see(question: dict[str, Any], refused: str) -> None:
    """Of several fields that tell the same one is enough; nothing that it wrote is repeated."""
    allowed = ("naam", "verblijfplaats.verblijfadres.korteStraatnaam")
    if not refused:
        check_asked_by(QUESTION_TYPES[PERSONEN], question, allowed)
        return
    with pytest.raises(MessageRefused, match=refused) as told:
        check_asked_by(QUESTION_TYPES[PERSONEN], question, allowed)
    assert told.value.code == "niet-geautoriseerd"
    assert not {"1980-02-14", "999990019", "geboorte.datum"} & set(f"{told.value}{told.value.reason}".split())
