"""Why every field is what it is, and that the explanation never tells another story than the run."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from hub.errors import ConfigurationWrong, MappingFailed
from hub.mapping.engine.tracer import Tracer
from hub.mapping.functions import FUNCTIONS
from hub.mapping.run import Mapping
from hub.mapping.trace import NOTHING, Converted, Explained
from tests.support.mapping import Language, xml

RULES = """
    - {to: zaak.naam, from: object/naam}
    - {to: zaak.datum, from: object/datum, via: [stuf-datum]}
    - {to: zaak.eind, from: object/eind}
    - {to: zaak.niveau, from: object/niveau, default: 1}
    - {to: zaak.keus, first-of: [object/weg, object/naam]}
    - {to: zaak.nooit, value: x, when: {path: object/weg, exists: true}}
    - {to: zaak.duur, from: object/duur, via: [duur-dagen]}
    - {to: opschorting, at: object/opschorting, rules: [{to: reden, from: reden}]}
    - to: "rollen[]"
      each: object/rol
      when: {path: naam, exists: true}
      rules: [{to: naam, from: naam}, {to: soort, value: vast}]
    - {to: "namen[]", from: object/rol/naam}
    """
MESSAGE = """
<naam>Jan</naam>
<datum>20240229</datum>
<eind StUF:noValue="waardeOnbekend"/>
<duur>0</duur>
<rol><naam>A</naam></rol>
<rol><iets>x</iets></rol>
<rol><naam>B</naam></rol>
"""


@pytest.fixture
def language(tmp_path: Path) -> Language:
    return Language(tmp_path)


@pytest.fixture
def fields(language: Language) -> dict[str, Explained]:
    return {each.target: each for each in language.rules(RULES).explain(xml(MESSAGE)).fields}


def test_a_field_has_its_rule_line_raw_value_and_steps(fields: dict[str, Explained]) -> None:
    """From the message to the result."""
    assert fields["zaak.datum"] == Explained(
        "zaak.datum", "mappings/proef/bericht.map.yaml:5", "connection", "object/datum", 3, "20240229",
        (Converted("stuf-datum", "20240229", "2024-02-29"),), "2024-02-29",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("target", "reason"),
    [
        ("zaak.eind", "noValue waardeOnbekend: left out"),
        ("zaak.duur", "the function `duur-dagen` gave nothing: left out"),
        ("zaak.nooit", "the `when` at mappings/proef/bericht.map.yaml:9 did not hold"),
        ("opschorting.reden", "its item `object/opschorting` is not in the message"),
        ("rollen[1].naam", ""),
    ],
)
def test_an_empty_field_says_why(fields: dict[str, Explained], target: str, reason: str) -> None:
    """In words that a partner reads."""
    assert fields[target].reason == reason
    assert (fields[target].value is NOTHING) == bool(reason)


def test_a_default_says_that_it_is_one(fields: dict[str, Explained]) -> None:
    """It has a value, and a reason."""
    assert (fields["zaak.niveau"].value, fields["zaak.niveau"].reason) == (1, "not in the message: the default is used")


def test_of_several_sources_the_one_that_was_used_is_told(fields: dict[str, Explained]) -> None:
    """Not the one that was looked at in vain."""
    assert fields["zaak.keus"].source == "object/naam"


def test_the_items_of_a_list_are_numbered_as_in_the_result(fields: dict[str, Explained]) -> None:
    """An item that was passed over has no number of its own."""
    assert [fields[name].value for name in ("rollen[0].naam", "rollen[1].naam", "namen[0]", "namen[1]")] == [*"ABAB"]


def test_a_rule_that_fails_is_the_last_field(language: Language) -> None:
    """With what went into the function that refused."""
    mapping = language.rules(
        "- {to: a, from: object/a}\n- {to: b, from: object/b, via: [bsn]}\n- {to: c, from: object/c}"
    )

    explanation = mapping.explain(xml("<a>1</a>\n<b>12</b>"))

    assert explanation.failure == explanation.fields[-1].reason
    assert explanation.fields[-1].steps[0].given == "12"
    assert [each.target for each in explanation.fields] == ["a", "b"]


def test_a_function_that_breaks_down_fails_the_message_with_its_name(
    language: Language, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A defect of the hub is told by rule and function; the worker goes on, and no value leaks."""

    def broken(value: object) -> object:
        raise ZeroDivisionError(value)

    monkeypatch.setitem(FUNCTIONS, "bsn", FUNCTIONS["bsn"].__class__("bsn", "x.", "text", "text", lambda: broken, ()))
    mapping = language.rules(
        "- {to: a, from: object/a, via: [bsn]}\n- {to: b, value: 1, when: {path: object/b, matches: bsn}}"
    )

    for inside in ("<a>geheim</a>", "<b>geheim</b>"):
        with pytest.raises(MappingFailed, match="the function `bsn` broke down") as failure:
            mapping.run(xml(inside))
        assert "geheim" not in str(failure.value)
        assert failure.value.__suppress_context__


def test_a_result_that_explodes_fails_the_message(language: Language) -> None:
    """A list in a list of the whole message multiplies."""
    mapping = language.rules(
        "- {to: 'a[]', each: object/a, rules: [{to: 'b[]', each: /object/a, rules: [{to: c, value: x}]}]}"
    )

    with pytest.raises(MappingFailed, match="the result has more than 100000 items"):
        mapping.run(xml("<a><b>1</b></a>" * 2_000))


def test_what_a_person_writes_never_becomes_code(language: Language) -> None:
    """Values, paths and names are data, whatever they hold."""
    nasty = "x'\"; raise SystemExit #\\n{0}%s\u2028 #"
    said = json.dumps(nasty)  # which is YAML
    mapping = language.rules(
        f"- {{to: a, value: {said}}}\n- {{to: b, from: object/b, when: {{path: object/b, equals: {said}}}}}"
    )

    assert mapping.run(xml(f"<b>{nasty}</b>")).data == {"a": nasty, "b": nasty}


# Any mapping and any document.

_PATHS = st.sampled_from(
    ["a", "b", "a/b", "b/a", ".", "@s", "a/@s", "a[1]", "a[-1]/b", "a[@s=x]/b", "b[a=1]", "/a", "/a/b", "$x"]
)
_PLACES = st.sampled_from(["a", "b", "a/b", ".", "a[1]", "b[@s=x]", "/a", "/b/a"])
_WHEN = st.one_of(
    st.builds(lambda path, yes: {"path": path, "exists": yes}, _PATHS, st.booleans()),
    st.builds(lambda path: {"path": path, "equals": "1"}, _PATHS),
    st.builds(lambda path: {"path": path, "matches": "geheel-getal"}, _PATHS),
)
_CONDITIONS = st.one_of(
    _WHEN,
    st.builds(lambda inner: {"not": inner}, _WHEN),
    st.builds(lambda inner: {"any": inner}, st.lists(_WHEN, min_size=1, max_size=2)),
    st.builds(lambda inner: {"all": inner}, st.lists(_WHEN, min_size=1, max_size=2)),
)
_EXTRA = st.fixed_dictionaries(
    {},
    optional={
        "when": _CONDITIONS,
        "empty": st.sampled_from(["omit", "null", "fail", {"leeg": "null"}, {"geenWaarde": "omit"}]),
        "required": st.sampled_from([False, False, True]),
    },
)
_FILLS = st.builds(
    lambda to, source, via, extra: {**to, **source, **via, **extra},
    st.sampled_from([{"to": "p"}, {"to": "q"}, {"to": "p.q"}, {"to": "l[]"}]),
    st.one_of(
        st.builds(lambda path: {"from": path}, _PATHS),
        st.builds(lambda one, two: {"first-of": [one, two]}, _PATHS, _PATHS),
    ),
    st.sampled_from(
        [{}, {}, {"via": ["geheel-getal"]}, {"via": ["stuf-onvolledige-datum"]}, {"via": ["kleine-letters"]}]
    ),
    _EXTRA,
)
_RULES: st.SearchStrategy[Any] = st.recursive(
    st.lists(_FILLS, min_size=1, max_size=3),
    lambda inner: st.lists(
        st.one_of(
            _FILLS,
            st.builds(
                lambda to, source, rules, when: {**to, **source, "rules": rules, **when},
                st.sampled_from([{"to": "o"}, {"to": "p"}]),
                st.builds(lambda kind, path: {kind: path}, st.sampled_from(["each", "at"]), _PLACES),
                inner,
                st.fixed_dictionaries({}, optional={"when": _CONDITIONS}),
            ),
            st.builds(lambda path, rules: {"to": "m[]", "each": path, "rules": rules}, _PLACES, inner),
            st.builds(lambda path, rules: {"at": path, "rules": rules}, _PLACES, inner),
            st.builds(lambda when, rules: {"when": when, "rules": rules}, _CONDITIONS, inner),
        ),
        min_size=1,
        max_size=4,
    ),
    max_leaves=8,
)
_NODE: st.SearchStrategy[Any] = st.recursive(
    st.tuples(
        st.sampled_from("abc"), st.sampled_from(["", "x"]), st.sampled_from(["", "1", "20240101", "x "]), st.just([])
    ),
    lambda inner: st.tuples(
        st.sampled_from("abc"), st.sampled_from(["", "x"]), st.sampled_from(["", "", "1"]), st.lists(inner, max_size=3)
    ),
    max_leaves=8,
)
_JSON = st.recursive(
    st.none() | st.booleans() | st.integers(0, 3) | st.sampled_from(["", "1", "x", "20240101"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from("abc"), inner, max_size=3),
    max_leaves=8,
)


def _build(parent: etree._Element, node: Any) -> None:  # noqa: ANN401 - nested tuples
    name, said, text, children = node
    element = etree.SubElement(parent, name, {"s": said} if said else {})
    element.text = text
    if said and not text and not children:
        element.set("{http://www.egem.nl/StUF/StUF0301}noValue", "geenWaarde")
    for child in children:
        _build(element, child)


def _compiled(rules: Any, factory: pytest.TempPathFactory) -> Mapping | None:  # noqa: ANN401 - YAML
    try:
        return Language(factory.mktemp("m")).file(json.dumps({"message": "bericht", "gives": "vrij", "rules": rules}))
    except ConfigurationWrong:
        return None


def _same_story(mapping: Mapping, source: Any) -> None:  # noqa: ANN401 - either kind
    explanation = mapping.explain(source)
    try:
        mapped = mapping.run(source)
    except MappingFailed as failure:
        told = explanation.fields[-1]
        same = (explanation.failure, told.rule, told.line) == (failure.reason, failure.rule, failure.line)
        assert same
        return
    tracer = Tracer({})
    traced = mapping.program._exactly(source, tracer)
    assert explanation.failure == ""
    assert mapped.data == traced
    assert mapped.unread == tuple(sorted(tracer.unread)) == explanation.unread


@settings(deadline=None)
@given(rules=_RULES, nodes=st.lists(_NODE, max_size=4))
def test_any_mapping_tells_of_any_tree_what_it_does(
    rules: list[Any], nodes: list[Any], tmp_path_factory: pytest.TempPathFactory
) -> None:
    """Nothing but ConfigurationWrong or MappingFailed; plain and traced code agree on data, unread and failure."""
    mapping = _compiled(rules, tmp_path_factory)
    root = etree.Element("bericht")
    for node in nodes:
        _build(root, node)

    if mapping is not None:
        _same_story(mapping, root)


@settings(deadline=None)
@given(rules=_RULES, data=st.dictionaries(st.sampled_from("abc"), _JSON, max_size=3))
def test_any_mapping_tells_of_any_json_what_it_does(
    rules: list[Any], data: dict[str, Any], tmp_path_factory: pytest.TempPathFactory
) -> None:
    """As of a tree."""
    mapping = _compiled(rules, tmp_path_factory)

    if mapping is not None:
        _same_story(mapping, data)
