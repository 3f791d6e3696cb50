"""Every mistake in a mapping is told before any message comes: file, line, column and the likely correction."""

from __future__ import annotations

from pathlib import Path

import pytest

from hub.errors import ConfigurationWrong
from tests.support.mapping import Language

EVENT = "nl.zaken.zaak-aangemaakt.v1"


@pytest.fixture
def language(tmp_path: Path) -> Language:
    return Language(tmp_path)


@pytest.mark.parametrize(
    ("rule", "reason", "advice", "column"),
    [
        ("- {to: a, form: b}", "a rule has no key `form`", "did you mean from?", 13),
        ("- {to: a}", "a rule needs a source", "give one of `from`, `first-of`, `value`, `each`, `at`", 5),
        ("- {from: a}", "a rule needs a target", "give `to`", 5),
        ("- {to: a, from: b, value: c}", "a rule has one source, this one has `from` and `value`", "", 5),
        ("- {to: a, from: ../b}", "`..` is not supported, begin with `/` for the root", "", 19),
        (
            "- {to: a, from: 'b[x]'}",
            "`[x]` is not a choice: write [1], [-1], [@attribute=value] or [element=value]",
            "",
            19,
        ),
        ("- {to: a, from: b//c}", "a path has no empty steps", "", 19),
        (
            "- {to: 'a[].b', from: c}",
            "`a[].b` is not a target: write names with dots between them, `[]` only at the end",
            "",
            10,
        ),
        ("- {to: a, from: b, via: [stuf-dtum]}", "there is no function `stuf-dtum`", "did you mean stuf-datum?", 28),
        ("- {to: a, from: b, via: [{code: kleur}]}", "there is no lookup table `kleur`", "did you mean kleuren?", 35),
        (
            "- {to: a, from: b, via: [{code: {tabel: kleuren}}]}",
            "`code` has no setting `tabel`",
            "did you mean table?",
            43,
        ),
        ("- {to: a, from: b, via: [code]}", "`code` needs `table`: name of the lookup table", "", 28),
        ("- {to: a, from: b, via: [{tekst: veel}]}", "`max` is a whole number", "", 36),
        (
            "- {to: a, from: b, via: [{tekst: {max: 1, longer: snij}}]}",
            "`longer` is not `snij`",
            "known: cut, fail",
            53,
        ),
        ("- {to: a, from: b, via: [{bsn: 9}]}", "`bsn` takes no setting", "", 34),
        (
            "- {to: a, from: b, via: [geheel-getal, kleine-letters]}",
            "`kleine-letters` takes text, but `geheel-getal` gives number",
            "",
            42,
        ),
        ("- {to: a, from: b, via: bsn}", "`via` must be a list", "", 27),
        (
            "- {to: a, from: b, empty: {geenwaarde: omit}}",
            "`empty` has no key `geenwaarde`",
            "did you mean geenWaarde?",
            30,
        ),
        (
            "- {to: a, from: b, empty: weg}",
            "`weg` is nothing to do with an empty field",
            "known: default, fail, null, omit",
            29,
        ),
        ("- {to: a, from: b, empty: default}", "this rule has no `default`", "", 29),
        ("- {to: a, value: b, via: [bsn]}", "a constant `value` takes no `via`", "", 28),
        ("- {to: a, first-of: [b]}", "`first-of` chooses among two paths or more", "", 23),
        ("- {to: a, from: b, required: ja}", "expected true or false", "", 32),
        ("- {use: adrs}", "there is no part `adrs`", "did you mean adres?", 11),
        ("- {use: rond}", "the part `rond` uses itself: rond > rond", "", 15),
        ("- {to: a, at: b}", "`each` and `at` need `rules`, `use` or `undo`", "", 5),
        ("- {each: b, use: adres}", "`each` needs a target", "give `to`, with [] to append every item to a list", 5),
        ("- {to: 'a[]', at: b, use: adres}", "`[]` appends every item of `each`, and this rule has no `each`", "", 10),
        ("- {to: a, at: '@b', use: adres}", "`each` and `at` name an element, not an attribute or `$` value", "", 17),
        (
            "- {to: a, at: b, use: adres, via: [bsn]}",
            "a rule with rules of its own takes no `via`",
            "known: at, each,",
            37,
        ),
        ("- {to: a, use: adres, empty: omit}", "`empty` belongs to a source, and this rule has none", "", 32),
        (
            "- {to: a, from: b, when: {path: c}}",
            "a condition has one test",
            "give one of `exists`, `equals`, `in`, `matches`",
            28,
        ),
        (
            "- {to: a, from: b, when: {exists: true}}",
            "a condition needs a `path`, or one of `all`, `any`, `not`",
            "",
            28,
        ),
        (
            "- {to: a, from: b, when: {path: c, exist: true}}",
            "a condition has no key `exist`",
            "did you mean exists?",
            38,
        ),
        ("- {to: a, from: b, when: {all: [], any: []}}", "`all` stands alone in a condition", "", 28),
        ("- {to: a, from: b, when: {path: c, matches: kvk}}", "there is no function `kvk`", "", 47),
        ("- {to: a, from: b, to: c}", "the key to stands here twice", "the first is on line 4", 22),
        ("- [a]", "a rule must be a set of `key: value`", "", 5),
        ("- {to: a, from: 7}", "expected a text", "put it in quotes", 19),
    ],
)
def test_a_mistake_in_a_rule_is_pointed_at(
    language: Language, rule: str, reason: str, advice: str, column: int
) -> None:
    """At the word that is wrong."""
    language.table("kleuren", "van,naar\nr,rood\n")
    language.part("adres", "rules: [{to: straat, from: straat}]")
    language.part("rond", "rules: [{use: rond}]")

    with pytest.raises(ConfigurationWrong) as mistake:
        language.rules(rule)

    assert mistake.value.reason == reason
    assert advice in mistake.value.advice
    assert mistake.value.column == column
    if "rond" not in rule:
        assert (mistake.value.file, mistake.value.line) == ("mappings/proef/bericht.map.yaml", 4)


@pytest.mark.parametrize(
    ("rules", "reason"),
    [
        (
            "- {to: a, from: b}\n- {to: a, from: c}",
            "the target `a` is already filled at mappings/proef/bericht.map.yaml:4",
        ),
        (
            "- {to: a, from: b}\n- {to: a, from: c, when: {path: c, exists: true}}",
            "the target `a` is already filled at mappings/proef/bericht.map.yaml:4",
        ),
        (
            "- {to: a, from: b}\n- {to: a.x, from: c}",
            "the target `a` is an object here and a value at mappings/proef/bericht.map.yaml:4",
        ),
        (
            "- {to: 'a[]', from: b}\n- {to: a, from: c}",
            "the target `a` is a value here and a list at mappings/proef/bericht.map.yaml:4",
        ),
        (
            "- {to: a, rules: [{to: x, from: x}]}\n- {to: a.x, from: c}",
            "the target `a.x` is already filled at mappings/proef/bericht.map.yaml:4",
        ),
    ],
)
def test_a_target_is_filled_once(language: Language, rules: str, reason: str) -> None:
    """Two rules for one target would lose one of the two values."""
    with pytest.raises(ConfigurationWrong) as mistake:
        language.rules(rules)

    assert mistake.value.reason == reason
    assert mistake.value.line == 5


@pytest.mark.parametrize(
    ("rule", "reason", "advice"),
    [
        ("- {to: zaak.startdatm, from: a}", "`zaak` has no field `startdatm`", "did you mean startdatum?"),
        ("- {to: zak.startdatum, from: a}", "the event has no field `zak`", "did you mean zaak?"),
        ("- {to: zaak.kenmerken, from: a}", "`kenmerken` is a list", "write `kenmerken[]` to append to it"),
        ("- {to: 'zaak.omschrijving[]', from: a}", "`omschrijving` is not a list", "leave out `[]`"),
        (
            "- {to: zaak.omschrijving.kort, from: a}",
            "`zaak.omschrijving` is a single value and has no field `kort`",
            "",
        ),
        (
            "- {to: 'zaak.kenmerken[]', each: a, rules: [{to: brn, from: b}]}",
            "`zaak.kenmerken[]` has no field `brn`",
            "did you mean bron?",
        ),
        (
            "- {to: zaak, at: a, rules: [{to: 'rollen[]', each: b, rules: [{to: medewerker.naam, from: c}]}]}",
            "`zaak.rollen[].medewerker` has no field `naam`",
            "",
        ),
    ],
)
def test_a_field_that_the_event_does_not_have_is_a_mistake(
    language: Language, rule: str, reason: str, advice: str
) -> None:
    """The model of the event type is the judge."""
    with pytest.raises(ConfigurationWrong) as mistake:
        language.rules(rule, gives=EVENT)

    assert mistake.value.reason == reason
    assert advice in mistake.value.advice


def test_fields_of_free_form_are_free(language: Language) -> None:
    """Below a field of any JSON there is no model."""
    mapping = language.rules("- {to: zaak.zaakgeometrie.type, value: Point}", gives=EVENT)

    assert mapping.gives == EVENT


@pytest.mark.parametrize(
    ("text", "reason", "line"),
    [
        ("message: bericht\nrules: []\n", "a mapping needs `gives`", 1),
        ("message: bericht\ngives: x\nrule: []\n", "a mapping has no key `rule`", 3),
        ("message: ander\ngives: x\nrules: []\n", "the file is named bericht.map.yaml, but its message is `ander`", 1),
        ("message: bericht\ngives: x\nrules: []\nignore: [{path: a}]\n", "an ignored path needs a `reason`", 4),
        (
            "message: bericht\ngives: x\nrules: []\nignore: [{path: a, reason: ' '}]\n",
            "an ignored path needs a `reason`",
            4,
        ),
        (
            "message: bericht\ngives: x\nrules: []\nignore: [{path: 'a[1]', reason: b}]\n",
            "`a[1]` is not a path to ignore: write names, `*`, `**` or a last `@attribute`",
            4,
        ),
    ],
)
def test_a_mistake_in_a_file_is_pointed_at(language: Language, text: str, reason: str, line: int) -> None:
    """Keys, name of the file, ignored paths."""
    with pytest.raises(ConfigurationWrong) as mistake:
        language.file(text)

    assert (mistake.value.reason, mistake.value.line) == (reason, line)


def test_what_is_not_yaml_is_pointed_at(language: Language) -> None:
    """With the words of the parser."""
    with pytest.raises(ConfigurationWrong, match=r"mappings/proef/bericht\.map\.yaml:3:\d+: is not YAML"):
        language.file("message: bericht\ngives: [\n")


@pytest.mark.parametrize(
    ("table", "reason", "line"),
    [
        ("a,b\n", "a lookup table begins with the line `van,naar`", 1),
        ("", "a lookup table begins with the line `van,naar`", 1),
        ("van,naar\na,b,c\n", "a line of a lookup table has two fields", 2),
        ("van,naar\na,b\n\na,c\n", "`a` stands in this table twice", 4),
    ],
)
def test_a_mistake_in_a_lookup_table_is_pointed_at(language: Language, table: str, reason: str, line: int) -> None:
    """In the table, not in the rule that uses it."""
    language.table("kleuren", table)

    with pytest.raises(ConfigurationWrong) as mistake:
        language.rules("- {to: a, from: b, via: [{code: kleuren}]}")

    assert (mistake.value.reason, mistake.value.line) == (reason, line)
    assert mistake.value.file == "mappings/_codes/kleuren.csv"


def test_a_file_that_is_not_utf8_is_refused(language: Language) -> None:
    """A lookup table out of a spreadsheet often is not."""
    language.table("kleuren", "van,naar\n")
    (language.root / "_codes" / "kleuren.csv").write_bytes(b"van,naar\nr,ros\xe9\n")

    with pytest.raises(ConfigurationWrong, match="not UTF-8"):
        language.rules("- {to: a, from: b, via: [{code: kleuren}]}")
