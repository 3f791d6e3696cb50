"""Rules that look something up elsewhere: what is asked, what becomes of the answer, and of none."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from hub.errors import ConfigurationWrong, MappingFailed
from hub.event.vragen import ADRESSEN, PERSONEN
from hub.mapping.cases import (
    Given,
    Tools,
    differences,
    entries_of,
    find_cases,
    recorded,
    refresh,
    run_case,
    with_recorded,
)
from hub.mapping.coverage import coverage_of
from hub.mapping.invert import invert
from hub.mapping.lookups import ANSWERS, Answered, Question
from hub.mapping.possible import variants_of
from hub.mapping.read import Folder
from hub.mapping.resolve import resolve
from hub.mapping.rules import Fill
from hub.mapping.run import Mapping
from tests.support.mapping import Language, xml

STREET = {"openbareRuimteNaam": "Dorpsstraat", "nummeraanduidingIdentificatie": "9999200000000001"}


def asking(by: str, rest: str = "", *, nothing: str = "omit", several: str = "fail", unavailable: str = "retry") -> str:
    """Give a `lookup` at the BAG."""
    then = f"unavailable: {unavailable}, nothing: {nothing}, several: {several}"
    return f"lookup: {{asks: bag, question: {ADRESSEN}, by: {{{by}}}, {then}{rest}}}"


def a_street(by: str = "postcode: postcode", **said: str) -> str:
    """Give a rule that takes the street."""
    return f"{{to: straat, {asking(by, ', take: openbareRuimteNaam', **said)}}}"


def answered(mapping: Mapping, source: Any, *found: dict[str, Any], **context: Any) -> dict[str, Any]:  # noqa: ANN401
    """Map with one answer to every question."""
    answers = {each.key: Answered(found) for each in mapping.questions(source, context=context)}
    return mapping.run(source, context={**context, ANSWERS: answers}).data


@pytest.fixture
def language(tmp_path: Path) -> Language:
    return Language(tmp_path)


def test_a_message_tells_what_must_be_asked_for_it(language: Language) -> None:
    """By what its rules make of the message, for the fields that they read; two hits tell that there are several."""
    mapping = language.rules(f"- {a_street('postcode: {from: adres/pc, via: [postcode]}')}")

    (question,) = mapping.questions({"adres": {"pc": "1234 ab"}})
    assert question == Question(
        "bag",
        ADRESSEN,
        {"maximum": 2, "postcode": "1234AB"},
        ("openbareRuimteNaam",),
        retry=True,
        rule="mappings/proef/bericht.map.yaml:4",
    )
    assert mapping.looks_up


def test_a_mapping_that_looks_nothing_up_has_no_questions(language: Language) -> None:
    """And says so without being run."""
    mapping = language.rules("- {to: straat, from: straat}")

    assert mapping.questions({"straat": "Dorpsstraat"}) == []
    assert not mapping.looks_up


def test_what_is_found_is_a_message_of_its_own(language: Language) -> None:
    """Rules read it as they read any item, with lists, conditions and parts; nothing of it counts as unread."""
    language.part("straat", "rules: [{to: straat, from: openbareRuimteNaam, via: [kleine-letters]}]")
    mapping = language.rules(
        f"""
        - to: adres
          {asking("postcode: postcode")}
          use: straat
          rules:
            - {{to: "panden[]", from: pandIdentificaties}}
            - {{to: soort, value: nieuw, when: {{path: adresseerbaarObjectStatus, equals: "Verblijfsobject gevormd"}}}}
            - {{to: punt, from: geometrie}}
        """
    )
    found = {
        "openbareRuimteNaam": "DORPSSTRAAT",
        "pandIdentificaties": ["1", "2"],
        "adresseerbaarObjectStatus": "Verblijfsobject gevormd",
        "geometrie": {"type": "Point", "coordinates": [1, 2]},
        "huisnummer": 7,
    }
    source = {"postcode": "1234AB", "toelichting": "rood"}
    (question,) = mapping.questions(source)
    made = mapping.run(source, context={ANSWERS: {question.key: Answered((found,))}})

    assert made.data == {
        "adres": {
            "panden": ["1", "2"],
            "soort": "nieuw",
            "punt": {"type": "Point", "coordinates": [1, 2]},
            "straat": "dorpsstraat",
        }
    }
    assert made.data["adres"]["punt"] is not found["geometrie"]
    assert made.unread == ("toelichting",)
    assert question.velden == (
        "adresseerbaarObjectStatus",
        "geometrie",
        "openbareRuimteNaam",
        "pandIdentificaties",
    )


def test_every_item_of_a_list_has_a_question_of_its_own(language: Language) -> None:
    """What items ask alike is asked once; an item that its condition passes over asks nothing."""
    mapping = language.rules(
        f"""
        - to: adressen[]
          each: adres
          when: {{path: oud, exists: false}}
          rules:
            - {{to: huis, from: huisnummer}}
            - {a_street("postcode: pc, huisnummer: huisnummer")}
        """
    )
    source = {
        "adres": [
            {"pc": "1234AB", "huisnummer": 1},
            {"pc": "1234AB", "huisnummer": 2},
            {"pc": "1234AB", "huisnummer": 1},
            {"pc": "9999XX", "huisnummer": 3, "oud": "J"},
        ]
    }
    questions = mapping.questions(source)
    assert [each.data["huisnummer"] for each in questions] == [1, 2]

    answers = {each.key: Answered(({"openbareRuimteNaam": f"straat {each.data['huisnummer']}"},)) for each in questions}
    data = mapping.run(source, context={ANSWERS: answers}).data
    assert [each["straat"] for each in data["adressen"]] == ["straat 1", "straat 2", "straat 1"]


def test_a_message_that_is_xml_looks_up_too(language: Language) -> None:
    """The question is made of elements; the answer is read as JSON."""
    mapping = language.rules(f"- {{at: object, rules: [{a_street('postcode: aoa.postcode')}]}}")
    message = xml("<aoa.postcode>1234AB</aoa.postcode>")

    assert answered(mapping, message, STREET) == {"straat": "Dorpsstraat"}
    with pytest.raises(MappingFailed) as failed:
        answered(mapping, message, STREET, STREET)
    assert failed.value.reason == "is found more than once"


def test_rules_that_ask_alike_ask_once(language: Language) -> None:
    """For the fields of both."""
    mapping = language.rules(
        f"""
        - {a_street(unavailable="omit")}
        - {{to: nummer, {asking("postcode: postcode", ", take: nummeraanduidingIdentificatie")}}}
        """
    )
    source = {"postcode": "1234AB"}

    (question,) = mapping.questions(source)
    assert question.velden == ("nummeraanduidingIdentificatie", "openbareRuimteNaam")
    assert question.retry, "one of the two can't do without"
    assert answered(mapping, source, STREET) == {"straat": "Dorpsstraat", "nummer": "9999200000000001"}


def test_without_what_it_is_looked_up_by_nothing_is_asked(language: Language) -> None:
    """A field with a `when` of its own may be missing; the others may not."""
    by = "postcode: postcode, huisletter: {from: letter, when: {path: letter, exists: true}}"
    mapping = language.rules(f"- {a_street(by)}")

    assert [each.data for each in mapping.questions({"postcode": "1234AB"})] == [{"maximum": 2, "postcode": "1234AB"}]
    assert mapping.questions({"letter": "A"}) == []
    assert answered(mapping, {"letter": "A"}) == {}
    with pytest.raises(MappingFailed) as failed:
        answered(language.rules(f"- {a_street(nothing='fail')}"), {"letter": "A"})
    assert failed.value.reason == "has nothing to be looked up by"


def test_a_null_is_something_to_look_up_by(language: Language) -> None:
    """Of a huisletter it says that there is none."""
    mapping = language.rules(f"- {a_street('postcode: postcode, huisletter: {from: letter, empty: null}')}")

    assert mapping.questions({"postcode": "1234AB"})[0].data == {
        "maximum": 2,
        "postcode": "1234AB",
        "huisletter": None,
    }


@pytest.mark.parametrize(
    ("said", "found", "becomes"),
    [
        ({}, [STREET], "Dorpsstraat"),
        ({}, [], "onbekend"),
        ({"nothing": "fail"}, [], MappingFailed),
        ({}, [STREET, STREET], MappingFailed),
        ({"several": "first"}, [STREET, {"openbareRuimteNaam": "Kerkstraat"}], "Dorpsstraat"),
        ({"several": "omit"}, [STREET, STREET], "onbekend"),
        ({}, None, MappingFailed),
        ({"unavailable": "omit"}, None, "onbekend"),
        ({"unavailable": "omit", "nothing": "fail"}, None, "onbekend"),
    ],
)
def test_a_rule_says_what_then(
    language: Language, said: dict[str, str], found: list[dict[str, Any]] | None, becomes: object
) -> None:
    """Nothing is omitted, and the `default` of the rule comes in its place as for any field that is not there."""
    mapping = language.rules(f"- {a_street(**said)[:-1]}, default: onbekend}}")
    source = {"postcode": "1234AB"}
    (question,) = mapping.questions(source)
    context = {ANSWERS: {question.key: None if found is None else Answered(tuple(found))}}

    if becomes is MappingFailed:
        with pytest.raises(MappingFailed):
            mapping.run(source, context=context)
    else:
        assert mapping.run(source, context=context).data == {"straat": becomes}


def test_rules_of_what_is_not_found_are_not_run(language: Language) -> None:
    """As those of an element that is not there: also no constants. `required` wants it."""
    group = f"to: adres, {asking('postcode: postcode')}, rules: [{{to: bron, value: BAG}}, {{to: s, from: korteNaam}}]"
    mapping = language.rules(f"- {{{group}}}")

    assert answered(mapping, {"postcode": "1234AB"}) == {}
    assert answered(mapping, {"postcode": "1234AB"}, {"korteNaam": "x"}) == {"adres": {"bron": "BAG", "s": "x"}}
    with pytest.raises(MappingFailed) as failed:
        answered(language.rules(f"- {{{group}, required: true}}"), {"postcode": "1234AB"})
    assert failed.value.reason == "nothing is found"


def test_rules_without_a_target_add_to_the_object_at_hand(language: Language) -> None:
    """In the order of the definition, beside what other rules fill."""
    mapping = language.rules(
        f"""
        - {{to: adres.postcode, from: postcode}}
        - {asking("postcode: postcode")}
          rules: [{{to: adres.straat, from: openbareRuimteNaam}}, {{to: "lijst[]", from: pandIdentificaties}}]
        - {{to: "lijst[]", value: eigen}}
        """
    )
    found = {**STREET, "pandIdentificaties": ["1"]}

    data = answered(mapping, {"postcode": "1234AB"}, found)
    assert data["adres"] == {"postcode": "1234AB", "straat": "Dorpsstraat"}
    assert sorted(data["lijst"]) == ["1", "eigen"]


def test_a_message_that_is_only_shown_asks_nobody(language: Language) -> None:
    """Without answers what would be looked up is left out, and nothing fails for want of it."""
    mapping = language.rules(f"- {{to: a, from: a}}\n- {a_street(nothing='fail')[:-1]}, required: true}}")
    source = {"a": "1", "postcode": "1234AB"}

    assert mapping.run(source).data == {"a": "1"}
    told = {each.target: each.reason for each in mapping.explain(source).fields}
    assert told["?bag"] == "nobody is asked to show a message"


def test_an_explanation_tells_what_was_asked_and_who_answered(language: Language) -> None:
    """The question with the rules that made it, and how it was answered; then the fields, from that connection."""
    mapping = language.rules(f"- {a_street()}")
    source = {"postcode": "1234AB"}
    (question,) = mapping.questions(source)
    answers = {question.key: Answered((STREET,), "answered before, and remembered")}

    told = mapping.explain(source, context={ANSWERS: answers}).fields
    assert [(each.target, each.source, each.value) for each in told] == [
        ("?bag.postcode", "postcode", "1234AB"),
        ("?bag", "bag", 1),
        ("straat", "bag/openbareRuimteNaam", "Dorpsstraat"),
    ]
    assert told[1].reason == "answered before, and remembered"
    assert told[1].steps[0].given == {**question.data, "velden": ["openbareRuimteNaam"]}


@pytest.mark.parametrize(
    ("rules", "line", "reason"),
    [
        (f"- {a_street().replace(ADRESSEN, 'nl.adressen.opvragen.v1')}", 4, "there is no question"),
        (f"- {a_street().replace(ADRESSEN, 'nl.zaken.nummer-reserveren.v1')}", 4, "changes something"),
        (f"- {a_street('postkode: pc')}", 4, "has no field `postkode`"),
        (f"- {a_street().replace('openbareRuimteNaam', 'straat')}", 4, "has no `straat`"),
        (f"- {a_street().replace(', nothing: omit', '')}", 4, "needs `nothing`"),
        (f"- {a_street(several='eerste')}", 4, "`several` is not `eerste`"),
        (f"- {a_street()[:-1]}, each: x}}", 4, "takes no `each`"),
        (f"- {{to: x, {asking('postcode: pc')}}}", 4, "needs `take`, or `rules`"),
        (f'- {{to: "x[]", {asking("postcode: pc")}, rules: [{{to: a, from: postcode}}]}}', 4, "one is looked up"),
        (f"- {a_street('postcode: {via: [postcode]}')}", 4, "needs a source"),
        (f"- {{to: x, {asking('postcode: pc')}, rules: [{{to: a, value: b}}]}}", 4, "read nothing"),
        (
            f"- {{to: x, {asking('postcode: pc')}, rules: [{{to: a, from: korteNaam}}, {a_street()}]}}",
            4,
            "found at once",
        ),
    ],
)
def test_a_mistake_has_its_line(language: Language, rules: str, line: int, reason: str) -> None:
    """When the mapping is read, and not when the first message comes."""
    with pytest.raises(ConfigurationWrong) as wrong:
        language.rules(rules)

    assert (wrong.value.line, wrong.value.file) == (line, "mappings/proef/bericht.map.yaml")
    assert reason in wrong.value.reason


@pytest.mark.parametrize("gives", ["nl.zaken.zaak-aangemaakt.v1", f"{ADRESSEN}.antwoord"])
def test_what_came_in_is_not_filled_up(language: Language, gives: str) -> None:
    """An event says what a sender said, the answer of a source what that knows."""
    target = "zaak.identificatie" if "zaak" in gives else "meer"
    rule = f"- {{to: {target}, {asking('postcode: pc', ', take: postcode')}}}"
    with pytest.raises(ConfigurationWrong, match="may not ask anybody") as wrong:
        language.rules(rule, gives=gives)

    assert wrong.value.line == 4


def test_a_layer_may_look_up(language: Language) -> None:
    """Only the messages of that sender ask."""
    (language.connection / "bericht.balie.layer.yaml").write_text(
        f"layer: {{sender: BALIE}}\nmessage: bericht\nrules:\n  - {a_street()}\n"
    )
    mapping = language.rules("- {to: straat, from: straat}")
    source = {"straat": "Kerkstraat", "postcode": "1234AB"}

    assert mapping.looks_up
    assert mapping.questions(source, context={"zender": "LOKET"}) == []
    assert answered(mapping, source, STREET, zender="BALIE") == {"straat": "Dorpsstraat"}
    assert answered(mapping, source, zender="LOKET") == {"straat": "Kerkstraat"}


def test_what_is_looked_up_by_is_read_of_the_message(language: Language) -> None:
    """The fields that a question needs are asked of a source in its turn, for each field that comes of it."""
    mapping = language.rules(
        f"- {{at: adres, when: {{path: soort, equals: W}}, rules: [{a_street('postcode: pc, huisnummer: /nr')}]}}"
    )

    (reading,) = mapping.readings()
    assert reading.target == ("straat",)
    assert reading.needs == {("adres", "soort"), ("adres", "pc"), ("nr",)}
    assert reading.sources == frozenset()


def test_a_lookup_goes_one_way(language: Language) -> None:
    """Backwards it is left out, and told; the other rules are not."""
    language.rules(
        f"- {{to: pc, from: postcode}}\n- {{to: x, {asking('postcode: pc')}, rules: [{{to: a, from: korteNaam}}]}}"
    )
    shelf = Folder(language.connection, root=language.root)
    sheet, files = shelf.mapping(language.connection / "bericht.map.yaml")

    inverted = invert(resolve(sheet, files))
    (rule,) = inverted.sheet.rules
    assert isinstance(rule, Fill)
    assert rule.to.text == "postcode"
    assert [(each.target, each.place.line) for each in inverted.one_way] == [("x.a", 5)]
    assert "looked up (bag)" in inverted.one_way[0].reason


def test_what_is_found_may_be_anything(language: Language) -> None:
    """What a mapping can give whatever it is sent: a constant beside what is found only perhaps, the rest freely."""
    language.rules(f"- {{to: x, {asking('postcode: pc')}, rules: [{{to: a, from: korteNaam}}, {{to: b, value: BAG}}]}}")
    (variant,) = variants_of(language.connection, root=language.root, forms={})

    assert [each.data for each in variant.possible()] == [{"x": {"b": "BAG"}}]
    assert variant.free() == {("x", "a")}
    assert variant.lenient().run({"pc": "1234AB"}).data == {}


def a_case(language: Language, story: str, answers: str = "") -> Path:
    folder = language.connection / "cases" / story
    folder.mkdir(parents=True)
    (folder / "input.json").write_text('{"type": "bericht", "data": {"postcode": "1234AB"}}')
    if answers:
        (folder / "answers.json").write_text(answers)
    return folder


def test_a_case_says_what_is_answered(language: Language) -> None:
    """A refresh writes the questions, a person the answers; which fields are asked for is part of the case."""
    mapping = language.rules(f"- {a_street()}")
    tools = Tools({"bericht": mapping})
    folder = a_case(language, "een")
    (case,) = find_cases(language.root, "proef")

    outcome = run_case(case, tools)
    assert any("says nothing of it" in str(each) for each in differences(case, outcome))
    refresh(case, outcome)
    (entry,) = entries_of(folder / "answers.json")
    assert entry.question == {"maximum": 2, "postcode": "1234AB", "velden": ["openbareRuimteNaam"]}
    assert entry.answer == {"adressen": []}

    said = (folder / "answers.json").read_text()
    found = '"adressen": [{"openbareRuimteNaam": "Dorpsstraat", "huisnummer": 7}]'
    (folder / "answers.json").write_text(said.replace('"adressen": []', found))
    outcome = run_case(case, tools)
    assert outcome.data == {"straat": "Dorpsstraat"}
    refresh(case, outcome)
    assert differences(case, run_case(case, tools)) == []
    (covered,) = coverage_of(language.connection, language.root, [case], tools)
    assert (covered.percent, covered.unseen) == (100.0, ())

    more = language.rules(f"- {a_street()}\n- {{to: n, {asking('postcode: postcode', ', take: huisnummer')}}}")
    found_now = [str(each) for each in differences(case, run_case(case, Tools({"bericht": more})))]
    assert any("velden" in each for each in found_now)
    other = language.rules("- {to: straat, from: postcode}")
    assert any("is not asked" in str(each) for each in differences(case, run_case(case, Tools({"bericht": other}))))


def test_a_case_may_say_that_nobody_answers(language: Language) -> None:
    """With `unavailable` in the place of an answer."""
    mapping = language.rules(f"- {a_street(unavailable='omit')[:-1]}, default: onbekend}}")
    question = '{"maximum": 2, "postcode": "1234AB"}'
    said = f'[{{"asks": "bag", "kind": "{ADRESSEN}", "question": {question}, "unavailable": true}}]'
    a_case(language, "een", said)
    (case,) = find_cases(language.root, "proef")

    assert run_case(case, Tools({"bericht": mapping})).data == {"straat": "onbekend"}


@pytest.mark.parametrize("said", ["[{}]", '[{"asks": "bag"}]', "[1]", '[{"asks": "a", "kind": "b", "question": 1}]'])
def test_answers_of_another_form_are_told(language: Language, said: str) -> None:
    """By their file."""
    folder = a_case(language, "een", said)
    with pytest.raises(ConfigurationWrong, match="an answer has"):
        entries_of(folder / "answers.json")


def test_a_message_that_is_tried_has_the_answers_of_cases(language: Language) -> None:
    """Where they know all that it asks; else nobody is asked."""
    mapping = language.rules(f"- {a_street()}")
    said = (
        f'[{{"asks": "bag", "kind": "{ADRESSEN}", "question": {{"maximum": 2, "postcode": "1234AB"}}, '
        '"answer": {"adressen": [{"openbareRuimteNaam": "Dorpsstraat"}]}}]'
    )
    a_case(language, "een", said)
    assert len(recorded(language.connection)) == 1
    for postcode, becomes in (("1234AB", {"straat": "Dorpsstraat"}), ("9999XX", {})):
        given = with_recorded(Given(mapping, "bericht", {"postcode": postcode}, {}), language.connection)
        assert mapping.run(given.source, context=given.context).data == becomes


def test_the_words_of_a_person_are_no_part_of_a_failure(language: Language) -> None:
    """Neither of what is asked, nor of what is answered."""
    mapping = language.rules(
        f'- {{to: x, lookup: {{asks: brp, question: {PERSONEN}, by: {{"burgerservicenummers[]": bsn}}, take: leeftijd, '
        "unavailable: retry, nothing: fail, several: fail}}"
    )
    source = {"bsn": "999990019"}
    (question,) = mapping.questions(source)
    for found in ((), ({"leeftijd": 1}, {"leeftijd": 2})):
        with pytest.raises(MappingFailed) as failed:
            mapping.run(source, context={ANSWERS: {question.key: Answered(found)}})
        assert "999990019" not in str(failed.value)


def test_a_message_of_half_a_character_asks_and_does_not_break(language: Language) -> None:
    """JSON of a sender may hold a lone surrogate; whoever asks the question refuses it."""
    mapping = language.rules(f"- {a_street('zoekterm: naam')}")
    assert len(mapping.questions({"naam": "\ud800"})) == 1


def test_what_is_found_stands_in_its_place_of_the_result(language: Language) -> None:
    """In the order of the definition, whatever the order of the rules."""
    mapping = language.rules(
        f"""
        - {{to: woonplaatsNaam, {asking("postcode: pc", ", take: woonplaatsNaam")}}}
        - {{to: postcode, from: pc}}
        """,
        gives=ADRESSEN,
    )
    data = answered(mapping, {"pc": "1234AB"}, {"woonplaatsNaam": "Voorbeelddorp"})
    assert list(data.items()) == [("postcode", "1234AB"), ("woonplaatsNaam", "Voorbeelddorp")]
