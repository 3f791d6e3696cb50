"""Coverage: exactly the rules that a case made give a value, however often a part is used."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from hub.mapping.cases import Tools, find_cases
from hub.mapping.coverage import Coverage, coverage_of
from tests.support.mapping import Language

RULES = """
- {to: zaak.naam, from: naam}
- {to: zaak.soort, value: vast, when: {path: soort, equals: x}}
- {to: "zaak.lijst[]", each: lijst, rules: [{use: deel}]}
- {to: zaak.een, at: een, rules: [{use: deel}]}
"""
PART = """
rules:
  - {to: a, from: a}
  - {to: b, first-of: [b, c], empty: {geenWaarde: null}}
"""


@pytest.fixture
def language(tmp_path: Path) -> Language:
    made = Language(tmp_path)
    made.part("deel", PART)
    return made


def _cover(language: Language, *inputs: object, rules: str = RULES) -> Coverage:
    mapping = language.rules(rules)
    for number, data in enumerate(inputs):
        folder = language.connection / "cases" / f"geval-{number}"
        folder.mkdir(parents=True)
        (folder / "input.json").write_text(json.dumps({"type": "bericht", "data": data}))
    cases = find_cases(language.root)
    [found] = coverage_of(language.connection, language.root, cases, Tools({"bericht": mapping}))
    return found


def test_without_cases_nothing_is_tried(language: Language) -> None:
    """Rules of a part count once, and at every place that uses it."""
    found = _cover(language)

    assert (found.rules, found.tried, found.percent) == (4, 0, 0.0)
    assert (found.uses, found.tried_uses) == (6, 0)
    assert [str(each.place) for each in found.never] == [
        "mappings/_parts/deel.yaml:2",
        "mappings/_parts/deel.yaml:3",
        "mappings/proef/bericht.map.yaml:4",
        "mappings/proef/bericht.map.yaml:5",
    ]


def test_a_rule_is_tried_when_it_gave_a_value(language: Language) -> None:
    """Null is one; a condition that does not hold, and a field that is not there, give none."""
    found = _cover(language, {"naam": "x", "soort": "y", "lijst": [{"a": 1}, {"b": None}]})

    assert [each.target for each in found.never] == ["zaak.soort"]
    assert (found.uses, found.tried_uses) == (6, 3)
    assert [(each.target, each.source) for each in found.idle] == [("zaak.een", "een")]
    assert found.unseen == ("een/a", "een/b", "een/c", "lijst/c")


def test_cases_count_together(language: Language) -> None:
    """Each does its part."""
    found = _cover(language, {"naam": "x"}, {"soort": "x"}, {"een": {"a": 1}}, {"lijst": [{"a": 1, "c": 2}]})

    assert found.never == ()
    assert found.percent == 100.0
    assert found.idle == ()


def test_a_message_that_the_mapping_stops_at_tries_nothing(language: Language) -> None:
    """What came before the rule that failed was thrown away too."""
    rules = "- {to: a, from: a}\n- {to: b, from: b, required: true}"

    assert _cover(language, {"a": 1}, rules=rules).tried == 0


def test_a_value_that_looks_like_a_mark_is_a_value(language: Language) -> None:
    """What a rule copies whole is not looked into."""
    found = _cover(language, {"a": {"~1": 1}}, rules="- {to: a, from: a}\n- {to: b, from: b}")

    assert [each.target for each in found.never] == ["b"]


def test_a_layer_is_tried_by_a_message_of_its_sender_or_zaaktype(language: Language) -> None:
    """Its rules count beside those that they replace."""
    layer = "message: bericht\nrules:\n  - {to: naam, value: vast}\n"
    (language.connection / "bericht.een.layer.yaml").write_text(f"layer: {{sender: een}}\n{layer}")
    (language.connection / "bericht.z.layer.yaml").write_text(f"layer: {{zaaktype: Z}}\n{layer}")
    text = "message: bericht\ngives: vrij\nzaaktype: soort\nrules:\n  - {to: naam, from: naam}\n"
    mapping = language.file(text)
    events: list[dict[str, object]] = [{"data": {"naam": "x"}}, {"data": {"soort": "Z"}}, {"zender": "een", "data": {}}]
    for number, event in enumerate(events):
        folder = language.connection / "cases" / f"geval-{number}"
        folder.mkdir(parents=True)
        (folder / "input.json").write_text(json.dumps({"type": "bericht", **event}))
        cases = find_cases(language.root)
        [found] = coverage_of(language.connection, language.root, cases, Tools({"bericht": mapping}))
        assert (found.rules, found.tried) == (3, number + 1)
