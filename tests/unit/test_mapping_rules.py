"""What rules do with a message: sources, targets, empty fields, conditions, groups."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from hub.errors import ConfigurationWrong, MappingFailed
from tests.support.mapping import Language, xml


@pytest.fixture
def language(tmp_path: Path) -> Language:
    return Language(tmp_path)


def test_a_field_is_read_by_local_name_whatever_its_namespace(language: Language) -> None:
    """Senders disagree about namespaces and prefixes."""
    mapped = language.run(
        "- {to: a, from: object/identificatie}", '<x:identificatie xmlns:x="urn:x"> Z1 </x:identificatie>'
    )

    assert mapped.data == {"a": "Z1"}


def test_an_attribute_is_read_by_local_name(language: Language) -> None:
    """StUF attributes come in the StUF or in the sector namespace."""
    mapped = language.run("- {to: a, from: object/heeft/@verwerkingssoort}", '<heeft StUF:verwerkingssoort="T"/>')

    assert mapped.data == {"a": "T"}


def test_fields_come_in_the_order_of_the_rules(language: Language) -> None:
    """Not in the order of the message, so that the same content is the same bytes."""
    rules = """
        - {to: b, from: object/b}
        - {to: a.y, from: object/y}
        - {to: a.x, from: object/x}
        """

    mapped = language.run(rules, "<x>1</x><y>2</y><b>3</b>")

    assert list(mapped.data) == ["b", "a"]
    assert list(mapped.data["a"]) == ["y", "x"]


def test_a_field_that_occurs_twice_fails_and_says_where(language: Language) -> None:
    """Which of the two is meant is for a person to say; no value is in the failure."""
    mapping = language.rules("- {to: zaak.a, from: object/a}")

    with pytest.raises(MappingFailed) as failure:
        mapping.run(xml("\n<a>geheim-1</a>\n<a>geheim-2</a>"))

    assert failure.value.reason == "occurs 2 times where one is expected"
    assert failure.value.rule == "mappings/proef/bericht.map.yaml:4"
    assert (failure.value.target, failure.value.path, failure.value.line) == ("zaak.a", "object/a", 2)
    assert "geheim" not in str(failure.value)
    assert failure.value.__cause__ is None


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("object/a[1]", "een"),
        ("object/a[2]", "twee"),
        ("object/a[-1]", "drie"),
        ("object/a[@naam=x]", "twee"),
        ("object/b[c=1]/d", "ja"),
        ("object/b[1]/d", "nee"),
    ],
)
def test_a_predicate_chooses_among_siblings(language: Language, path: str, expected: str) -> None:
    """By place, by attribute or by child."""
    message = '<a>een</a><b><c>0</c><d>nee</d></b><a naam="x">twee</a><b><c>1</c><d>ja</d></b><a naam="y">drie</a>'

    assert language.run(f'- {{to: uit, from: "{path}"}}', message).data == {"uit": expected}


def test_the_last_sibling_is_the_last_even_when_it_lacks_the_field(language: Language) -> None:
    """The values of an earlier sibling do not show through."""
    assert language.run("- {to: uit, from: 'object/a[-1]/b'}", "<a><b>1</b></a><a><c/></a>").data == {}


def test_several_rules_append_to_one_list(language: Language) -> None:
    """In the order of the rules, then of the message."""
    rules = """
        - {to: "namen[]", from: object/b}
        - {to: "namen[]", from: object/a, via: [kleine-letters]}
        - {to: "namen[]", value: vast}
        - {to: "namen[]", first-of: [object/x, object/y]}
        """

    mapped = language.run(rules, "<a>Een</a><b>Twee</b><a>Drie</a><y>Vier</y>")

    assert mapped.data == {"namen": ["Twee", "een", "drie", "vast", "Vier"]}


def test_first_of_takes_the_first_with_a_value(language: Language) -> None:
    """An empty field does not count; the reason of the first empty one decides when none has a value."""
    rules = "- {to: a, first-of: [object/x, object/y]}"

    assert language.run(rules, "<x/><y>2</y>").data == {"a": "2"}
    assert language.run(rules, '<x StUF:noValue="geenWaarde"/><y/>').data == {"a": None}
    assert language.run(rules, "").data == {}


def test_each_reads_relative_and_absolute_paths(language: Language) -> None:
    """Inside an item `/` begins at the root of the message."""
    rules = """
        - to: rollen[]
          each: object/rol
          rules:
            - {to: naam, from: naam}
            - {to: soort, from: "@soort"}
            - {to: zaak, from: /object/id}
            - {to: wie, from: $zender}
        """

    mapped = language.run(rules, '<rol soort="i"><naam>A</naam></rol><rol soort="b"/><id>Z1</id>', zender="forms")

    assert mapped.data == {
        "rollen": [
            {"naam": "A", "soort": "i", "zaak": "Z1", "wie": "forms"},
            {"soort": "b", "zaak": "Z1", "wie": "forms"},
        ]
    }


def test_each_without_list_takes_the_first_item(language: Language) -> None:
    """The others are not read, so they are reported."""
    mapped = language.run("- {to: a, each: object/a, rules: [{to: b, from: b}]}", "<a><b>1</b></a><a><b>2</b></a>")

    assert mapped.data == {"a": {"b": "1"}}
    assert mapped.unread == ("object/a/b",)


def test_each_without_list_takes_the_first_item_that_its_condition_chooses(language: Language) -> None:
    """What the condition compares is read, also of the items before it; the rest of the others is not."""
    rules = "- {to: a, each: object/a, when: {path: soort, equals: x}, rules: [{to: b, from: b}]}"
    message = "<a><soort>y</soort><b>1</b></a><a><soort>x</soort><b>2</b></a><a><soort>x</soort><b>3</b></a>"

    mapped = language.run(rules, message)

    assert mapped.data == {"a": {"b": "2"}}
    assert mapped.unread == ("object/a/b", "object/a/soort")


def test_each_without_list_gives_nothing_when_its_condition_chooses_none(language: Language) -> None:
    """And says what nobody read."""
    rules = "- {to: a, each: object/a, when: {path: soort, equals: x}, rules: [{to: b, from: b}]}"

    mapped = language.run(rules, "<a><soort>y</soort><b>1</b></a>")

    assert mapped.data == {}
    assert mapped.unread == ("object/a/b",)


def test_items_within_items_keep_to_their_own(language: Language) -> None:
    """A list in a list: every inner item belongs to the outer item it stands in."""
    rules = """
        - to: a[]
          each: object/a
          rules:
            - {to: n, from: n}
            - {to: "b[]", each: b, rules: [{to: c, from: c}]}
        """

    mapped = language.run(rules, "<a><n>1</n><b><c>x</c></b><b><c>y</c></b></a><a><n>2</n></a><a><b><c>z</c></b></a>")

    assert mapped.data == {"a": [{"n": "1", "b": [{"c": "x"}, {"c": "y"}]}, {"n": "2"}, {"b": [{"c": "z"}]}]}


def test_at_is_one_element(language: Language) -> None:
    """Absent: nothing. Twice: a failure. Without target: the fields go into the object at hand."""
    rules = """
        - {to: adres, at: object/adres, rules: [{to: straat, from: straat}]}
        - {at: object/adres, rules: [{to: plaats, from: plaats}]}
        """
    mapping = language.rules(rules)

    assert mapping.run(xml("")).data == {}
    found = mapping.run(xml("<adres><straat>S</straat><plaats>P</plaats></adres>")).data
    assert found == {"adres": {"straat": "S"}, "plaats": "P"}
    with pytest.raises(MappingFailed, match="occurs 2 times"):
        mapping.run(xml("<adres/><adres/>"))


def test_an_item_that_gives_nothing_is_left_out(language: Language) -> None:
    """No empty objects in a list, and no empty list."""
    rules = "- {to: 'a[]', each: object/a, rules: [{to: b, from: b}]}"

    assert language.run(rules, "<a/><a><b>1</b></a><a><b/></a>").data == {"a": [{"b": "1"}]}
    assert language.run(rules, "<a/>").data == {}


@pytest.mark.parametrize("empty", ["empty: keep", "empty: {leeg: keep}"])
def test_an_item_that_says_something_by_being_there_stays(language: Language, empty: str) -> None:
    """In its place; no items is still no list."""
    mapping = language.rules(f"- {{to: 'a[]', each: object/a, {empty}, rules: [{{to: b, from: b}}]}}")
    json = {"object": {"a": [{}, {"b": "1"}, {"c": "2"}]}}

    assert mapping.run(xml("<a/><a><b>1</b></a><a><b/></a>")).data == {"a": [{}, {"b": "1"}, {}]}
    assert mapping.run(json).data == {"a": [{}, {"b": "1"}, {}]}
    assert mapping.run(xml("")).data == mapping.run({"object": {"a": []}}).data == {}
    assert [each.target for each in mapping.explain(json).fields][1:2] == ["a[1].b"]
    copied = language.rules(f"- {{to: 'a[]', from: object/a, {empty}}}")
    assert copied.run(json).data == {"a": [{}, {"b": "1"}, {"c": "2"}]}
    assert language.rules("- {to: 'a[]', from: object/a}").run(json).data == {"a": [{"b": "1"}, {"c": "2"}]}


@pytest.mark.parametrize(
    "rule",
    [
        "{to: a, from: object/a, empty: keep}",
        "{to: a, each: object/a, empty: keep, rules: [{to: b, from: b}]}",
        "{to: a, at: object/a, empty: {leeg: keep}, rules: [{to: b, from: b}]}",
    ],
)
def test_only_an_item_of_a_list_stays_without_fields(language: Language, rule: str) -> None:
    """Elsewhere a target without a value is no target."""
    with pytest.raises(ConfigurationWrong, match="`keep` is nothing to do with an empty field"):
        language.rules(f"- {rule}")


def test_rules_in_place_share_a_target_or_a_condition(language: Language) -> None:
    """Without a source they read the current item."""
    rules = """
        - {to: persoon, rules: [{to: naam, from: object/naam}, {to: soort, value: mens}]}
        - when: {path: object/naam, equals: Jan}
          rules: [{to: wie, value: jan}]
        """

    assert language.run(rules, "<naam>Jan</naam>").data == {"persoon": {"naam": "Jan", "soort": "mens"}, "wie": "jan"}
    assert language.run(rules, "<naam>Piet</naam>").data == {"persoon": {"naam": "Piet", "soort": "mens"}}


@pytest.mark.parametrize(
    ("field", "expected"),
    [
        ("<a>1</a>", {"a": "1"}),
        ('<a StUF:noValue="geenWaarde">1</a>', {"a": "1"}),
        ('<a xsi:nil="true" StUF:noValue="geenWaarde"/>', {"a": None}),
        ('<a xsi:nil="true" StUF:noValue="waardeOnbekend"/>', {}),
        ('<a StUF:noValue="vastgesteldOnbekend"/>', {}),
        ('<a StUF:noValue="nietOndersteund"/>', {}),
        ('<a StUF:noValue="nietGeautoriseerd"/>', {}),
        ('<a StUF:noValue="verzonnen"/>', {}),
        ('<a xsi:nil="true"/>', {}),
        ("<a>  </a>", {}),
        ("", {}),
    ],
)
def test_an_empty_field_is_null_only_when_it_has_no_value(language: Language, field: str, expected: Any) -> None:  # noqa: ANN401 - JSON
    """StUF 03.01 §6: geenWaarde clears, absence says nothing, a value beside noValue wins."""
    assert language.run("- {to: a, from: object/a}", field).data == expected


@pytest.mark.parametrize(
    ("empty", "field", "expected"),
    [
        ("empty: omit", '<a StUF:noValue="geenWaarde"/>', {}),
        ("empty: null", "", {"a": None}),
        ("empty: {leeg: null}", "<a/>", {"a": None}),
        ("default: x", "", {"a": "x"}),
        ("default: x", '<a StUF:noValue="geenWaarde"/>', {"a": None}),
        ("default: x, empty: {geenWaarde: default}", '<a StUF:noValue="geenWaarde"/>', {"a": "x"}),
        ("default: x, empty: {afwezig: omit}", "", {}),
        ("default: 0", "<a/>", {"a": 0}),
    ],
)
def test_a_rule_says_what_an_empty_field_becomes(language: Language, empty: str, field: str, expected: Any) -> None:  # noqa: ANN401 - JSON
    """For each reason, or for all at once."""
    assert language.run(f"- {{to: a, from: object/a, {empty}}}", field).data == expected


@pytest.mark.parametrize("field", ["", "<a/>", '<a StUF:noValue="geenWaarde"/>'])
def test_a_required_field_must_have_a_value(language: Language, field: str) -> None:
    """Null is no value."""
    mapping = language.rules("- {to: a, from: object/a, required: true}")

    with pytest.raises(MappingFailed, match="has no value"):
        mapping.run(xml(field))


def test_a_reason_may_be_a_failure(language: Language) -> None:
    """Only that reason."""
    mapping = language.rules("- {to: a, from: object/a, empty: {leeg: fail}}")

    assert mapping.run(xml("")).data == {}
    with pytest.raises(MappingFailed, match="has no value: leeg"):
        mapping.run(xml("<a/>"))


def test_an_object_that_has_no_value_is_null(language: Language) -> None:
    """On the element of an `at` geenWaarde clears the object; its rules are not run."""
    rules = "- {to: duur, at: object/duur, rules: [{to: waarde, from: .}]}"

    assert language.run(rules, '<duur StUF:noValue="geenWaarde"/>').data == {"duur": None}
    assert language.run(rules, '<duur StUF:noValue="waardeOnbekend"/>').data == {}


@pytest.mark.parametrize(
    ("when", "holds"),
    [
        ("{path: object/a, exists: true}", True),
        ("{path: object/weg, exists: true}", False),
        ("{path: object/weg, exists: false}", True),
        ("{path: object/leeg, exists: true}", False),
        ("{path: object/groep, exists: true}", True),
        ("{path: object/a, equals: x1}", True),
        ("{path: object/n, equals: 7}", True),
        ("{path: object/weg, equals: x}", False),
        ("{path: object/a, in: [x0, x1]}", True),
        ("{path: object/a, in: [x0]}", False),
        ("{path: object/n, matches: geheel-getal}", True),
        ("{path: object/a, matches: geheel-getal}", False),
        ("{path: object/a, matches: {tekst: {max: 1}}}", False),
        ("{path: $zender, equals: forms}", True),
        ("{not: {path: object/a, equals: x1}}", False),
        ("{all: [{path: object/a, exists: true}, {path: object/weg, exists: true}]}", False),
        ("{any: [{path: object/a, exists: true}, {path: object/weg, exists: true}]}", True),
        ("{any: [{not: {path: object/a, exists: true}}, {path: object/weg, exists: true}]}", False),
    ],
)
def test_a_condition_holds_or_not(language: Language, when: str, *, holds: bool) -> None:
    """For a constant, which has no source of its own to wait for."""
    message = "<a>x1</a><n>7</n><leeg/><groep><b>1</b></groep>"

    mapped = language.run(f"- {{to: uit, value: ja, when: {when}}}", message, zender="forms")

    assert mapped.data == ({"uit": "ja"} if holds else {})


def test_two_rules_may_fill_a_target_when_one_of_them_applies(language: Language) -> None:
    """If both conditions hold, the message fails rather than that one value is lost."""
    rules = """
        - {to: a, value: een, when: {path: object/x, exists: true}}
        - {to: a, value: twee, when: {path: object/y, exists: true}}
        """
    mapping = language.rules(rules)

    assert mapping.run(xml("<y>1</y>")).data == {"a": "twee"}
    with pytest.raises(MappingFailed, match="another rule has filled this target"):
        mapping.run(xml("<x>1</x><y>1</y>"))


def test_groups_of_alternatives_fill_one_object(language: Language) -> None:
    """The choice of StUF-ZKN: a betrokkene is one of five kinds."""
    rules = """
        - {to: wie, at: object/mens, rules: [{to: naam, from: naam}]}
        - {to: wie, at: object/bedrijf, rules: [{to: naam, from: handelsnaam}]}
        """

    assert language.run(rules, "<bedrijf><handelsnaam>B</handelsnaam></bedrijf>").data == {"wie": {"naam": "B"}}


def test_an_object_from_a_function_may_get_more_fields(language: Language) -> None:
    """In either order: the fields are joined."""
    rules = """
        - {to: geboren.land, from: object/land}
        - {to: geboren, from: object/datum, via: [stuf-onvolledige-datum]}
        - {to: geboren.plaats, from: object/plaats}
        """

    mapped = language.run(
        rules, '<land>NL</land><datum StUF:indOnvolledigeDatum="M">19600701</datum><plaats>P</plaats>'
    )

    assert mapped.data == {"geboren": {"land": "NL", "jaar": 1960, "plaats": "P"}}
    assert mapped.unread == ()


def test_a_function_that_refuses_fails_the_message_without_its_value(language: Language) -> None:
    """The failure has the reason of the function, the rule, the target, the path and the line."""
    mapping = language.rules("- {to: rollen.bsn, from: object/bsn, via: [bsn]}")

    with pytest.raises(MappingFailed) as failure:
        mapping.run(xml("\n\n<bsn>999990018</bsn>"))

    assert str(failure.value) == (
        "mappings/proef/bericht.map.yaml:4: rollen.bsn: the BSN fails the 11-test (from object/bsn, message line 3)"
    )
    assert failure.value.__cause__ is None
    assert failure.value.__suppress_context__


def test_a_function_that_gives_nothing_makes_the_field_empty(language: Language) -> None:
    """Then `default` and `required` apply."""
    assert language.run("- {to: a, from: object/a, via: [duur-dagen]}", "<a>0</a>").data == {}
    assert language.run("- {to: a, from: object/a, via: [duur-dagen], default: P1D}", "<a>0</a>").data == {"a": "P1D"}


def test_a_function_may_read_a_whole_element(language: Language) -> None:
    """All below it counts as read."""
    point = '<g:Point xmlns:g="http://www.opengis.net/gml" srsName="EPSG:4326"><g:pos>5.1 52.1</g:pos></g:Point>'

    mapped = language.run("- {to: plek, from: object/lokatie, via: [gml-naar-geojson]}", f"<lokatie>{point}</lokatie>")

    assert mapped.data == {"plek": {"type": "Point", "coordinates": [5.1, 52.1]}}
    assert mapped.unread == ()


def test_a_part_fills_in_where_it_is_used(language: Language) -> None:
    """The part of the connection wins over that of all; a failure names the line of the part."""
    language.part("adres", "rules: [{to: verkeerd, value: x}]")
    language.part("adres", "rules:\n  - {to: nummer, from: nummer, via: [geheel-getal]}\n", local=True)
    mapping = language.rules("- {to: 'adressen[]', each: object/adres, use: adres}")

    assert mapping.run(xml("<adres><nummer>7</nummer></adres>")).data == {"adressen": [{"nummer": 7}]}
    with pytest.raises(MappingFailed) as failure:
        mapping.run(xml("<adres><nummer>zeven</nummer></adres>"))
    assert failure.value.rule == "mappings/proef/_parts/adres.yaml:2"
    assert failure.value.target == "adressen[].nummer"
    assert failure.value.path == "object/adres/nummer"


def test_comments_do_not_cut_a_value(language: Language) -> None:
    """A parser that keeps comments splits the text around them."""
    assert language.run("- {to: a, from: object/a}", "<a>een<!-- x -->twee</a>").data == {"a": "eentwee"}


def test_json_is_read_by_the_same_paths(language: Language) -> None:
    """Null is geenWaarde, a list is a field that occurs more than once, values keep their type."""
    rules = """
        - {to: n, from: zaak/n}
        - {to: b, from: zaak/b, when: {path: zaak/b, equals: true}}
        - {to: weg, from: zaak/weg}
        - {to: plek, from: zaak/plek}
        - {to: laatste, from: "zaak/lijst[-1]"}
        - {to: "lijst[]", from: zaak/lijst}
        - {to: "rollen[]", each: zaak/rollen, rules: [{to: naam, from: naam}]}
        """
    event: dict[str, Any] = {
        "zaak": {
            "n": 7, "b": True, "weg": None, "plek": {"x": [1, 2]}, "lijst": ["a", "b"], "rollen": [{"naam": "A"}, {}],
        }
    }  # fmt: skip

    mapped = language.run(rules, event)

    assert mapped.data == {
        "n": 7, "b": True, "weg": None, "plek": {"x": [1, 2]}, "laatste": "b", "lijst": ["a", "b"],
        "rollen": [{"naam": "A"}],
    }  # fmt: skip
    assert mapped.data["plek"] is not event["zaak"]["plek"]


def test_a_list_in_json_where_one_is_expected_fails(language: Language) -> None:
    """As in XML."""
    mapping = language.rules("- {to: a, from: a}")

    assert mapping.run({"a": ["1"]}).data == {"a": "1"}
    with pytest.raises(MappingFailed, match="occurs 2 times"):
        mapping.run({"a": ["1", "2"]})


def test_a_run_changes_nothing_and_is_the_same_again(language: Language) -> None:
    """Pure: the mapping and the message can be used again."""
    mapping = language.rules("- {to: 'a[]', each: object/a, rules: [{to: b, from: b}, {to: c, from: /object/c}]}")
    message = xml("<a><b>1</b></a><a><b>2</b></a><c>3</c>")

    assert mapping.run(message) == mapping.run(message)


def test_the_revision_changes_with_every_file_it_came_from(language: Language) -> None:
    """A mapping, a part, a table: each makes another revision, and the same files the same."""
    language.part("p", "rules: [{to: b, from: b, via: [{code: t}]}]")
    language.table("t", "van,naar\na,b\n")
    rules = "- {at: object, use: p}"
    first = language.rules(rules).revision

    assert language.rules(rules).revision == first
    language.table("t", "van,naar\na,c\n")
    second = language.rules(rules).revision
    language.part("p", "rules: [{to: c, from: b, via: [{code: t}]}]")
    assert len({first, second, language.rules(rules).revision}) == 3
