"""A mapping takes whatever a sender sends: no recursion, no quadratic work, no value in a failure."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any, Self

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from hub.errors import MappingFailed
from hub.mapping.engine.values import NAMES
from hub.mapping.run import Mapping
from tests.support.mapping import Language, xml

RULES = """
    - {to: a, from: object/a}
    - {to: d, from: object/d, via: [stuf-datum], empty: {leeg: null}}
    - {to: laatste, from: "object/k[-1]/n"}
    - {to: eerste, from: "object/k[1]/n"}
    - {to: gekozen, from: "object/k[@s=x]/n", when: {path: object/a, matches: bsn}}
    - to: k[]
      each: object/k
      when: {any: [{path: n, exists: true}, {path: "@s", equals: y}]}
      rules:
        - {to: n, from: n, via: [geheel-getal]}
        - {to: s, from: "@s"}
        - {to: "m[]", from: m}
    """


@pytest.fixture(scope="module")
def mapping(tmp_path_factory: pytest.TempPathFactory) -> Mapping:
    return Language(tmp_path_factory.mktemp("taal")).rules(RULES, ignore="- {path: '**/x', reason: proef}")


class Counted:
    """Counts the Python calls of a block: a measure of work that does not depend on the machine."""

    def __enter__(self) -> Self:
        self.calls = 0

        def count(_frame: object, event: str, _argument: object) -> None:
            self.calls += event in {"call", "c_call"}

        sys.setprofile(count)
        return self

    def __exit__(self, *_: object) -> None:
        sys.setprofile(None)


def _work(mapping: Mapping, message: etree._Element | dict[str, Any]) -> int:
    with Counted() as counted:
        mapping.run(message)
    return counted.calls


@pytest.mark.parametrize(
    "item",
    ["<k s='x'><n>1</n><m>a</m><m>b</m></k>", "<k/>", "<k><y>1</y></k>", "<y><z>1</z></y>", "<k><n>1</n></k><y/><y/>"],
)
def test_the_work_grows_with_the_message_and_not_with_its_square(mapping: Mapping, item: str) -> None:
    """Ten times the items is at most eleven times the calls; also to find the last of all siblings."""
    small, large = _work(mapping, xml(item * 1_000)), _work(mapping, xml(item * 10_000))

    assert large < 11 * small


def test_ten_thousand_siblings_without_the_chosen_one_are_linear(mapping: Mapping) -> None:
    """One `k` before ten thousand others: to know that it is the last, they are passed once."""
    assert _work(mapping, xml("<k><n>1</n></k>" + "<y/>" * 10_000)) < 200_000


def test_ten_thousand_items_in_json_are_linear(mapping: Mapping) -> None:
    """As in XML."""
    small, large = ({"object": {"k": [{"n": 1, "y": {"z": 2}}] * times}} for times in (1_000, 10_000))

    assert _work(mapping, large) < 11 * _work(mapping, small)


def test_a_text_of_a_megabyte_goes_through(mapping: Mapping) -> None:
    """Values have no size of their own; what they may be is for functions and for the event."""
    assert mapping.run(xml(f"<a>{'x' * 1_000_000}</a>")).data == {"a": "x" * 1_000_000}


def test_deep_nesting_does_not_recurse(mapping: Mapping) -> None:
    """Below what rules name the walk keeps its own stack; the parser's limit is not ours to trust."""
    depth = 250
    nested = "<z>" * depth + "1" + "</z>" * depth
    inside: dict[str, Any] = {}
    for _ in range(20_000):
        inside = {"z": inside or 1}

    assert mapping.run(xml(nested)).unread == ("object" + "/z" * depth,)
    limit = sys.getrecursionlimit()
    assert mapping.run({"object": {"x": inside}}).unread == ()
    assert sys.getrecursionlimit() == limit


def test_names_that_senders_make_up_are_not_kept_for_ever(mapping: Mapping) -> None:
    """The cache of names has a limit."""
    mapping.run(xml("".join(f"<z{number}/>" for number in range(10_000))))

    assert len(NAMES) <= 4096


def test_an_entity_in_the_tree_is_no_field(mapping: Mapping) -> None:
    """A parser that does not expand entities leaves a node without a name."""
    parser = etree.XMLParser(resolve_entities=False, load_dtd=False, no_network=True)
    text = '<!DOCTYPE b [<!ENTITY e "geheim">]><b><object>&e;<a>1&e;2</a></object></b>'

    assert mapping.run(etree.fromstring(text, parser)).data == {"a": "12"}


_LEAF = st.sampled_from(["", "1", "x", " ", "20240115", "999990019", "geheim-geheim"])
_ATTRIBUTES = st.dictionaries(
    st.sampled_from(
        ["s", "t", "{http://www.egem.nl/StUF/StUF0301}noValue", "{http://www.w3.org/2001/XMLSchema-instance}nil"]
    ),
    st.sampled_from(["x", "y", "geenWaarde", "waardeOnbekend", "true", ""]),
    max_size=2,
)
_NODE: st.SearchStrategy[Any] = st.recursive(
    st.tuples(st.sampled_from("akdnmxz"), _ATTRIBUTES, _LEAF, st.just([])),
    lambda inner: st.tuples(st.sampled_from("akdnmxz"), _ATTRIBUTES, _LEAF, st.lists(inner, max_size=4)),
    max_leaves=12,
)


def _build(parent: etree._Element, node: Any) -> None:  # noqa: ANN401 - nested tuples
    name, attributes, text, children = node
    element = etree.SubElement(parent, name, attributes)
    element.text = text
    for child in children:
        _build(element, child)


@settings(deadline=None)
@given(nodes=st.lists(_NODE, max_size=5))
def test_any_tree_is_mapped_or_fails_quietly(mapping: Mapping, nodes: list[Any]) -> None:
    """The only failure is MappingFailed, without values; a message is left as it was; the same twice."""
    root = etree.Element("bericht")
    inside = etree.SubElement(root, "object")
    for node in nodes:
        _build(inside, node)
    before = etree.tostring(root)

    try:
        assert mapping.run(root) == mapping.run(root)
    except MappingFailed as failure:
        assert "geheim" not in str(failure)  # noqa: PT017 - some trees fail, most do not
    assert etree.tostring(root) == before


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | _LEAF,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from("akdnmxzs"), inner, max_size=4),
    max_leaves=15,
)


@settings(deadline=None)
@given(data=st.dictionaries(st.just("object"), _JSON))
def test_any_json_is_mapped_or_fails_quietly(mapping: Mapping, data: dict[str, Any]) -> None:
    """As a tree."""
    try:
        assert mapping.run(data) == mapping.run(data)
    except MappingFailed as failure:
        assert "geheim" not in str(failure)  # noqa: PT017 - some data fails, most does not


@settings(deadline=None)
@given(nodes=st.lists(_NODE, max_size=4))
def test_every_value_is_mapped_ignored_or_reported(nodes: list[Any], tmp_path_factory: pytest.TempPathFactory) -> None:
    """Without rules every text and attribute is reported, whatever the shape of the message."""
    nothing = _nothing(tmp_path_factory)
    root = etree.Element("bericht")
    for node in nodes:
        _build(root, node)
    paths = set()
    for element in root.iter():
        path = "/".join(
            [*(etree.QName(each).localname for each in reversed(list(element.iterancestors()))), element.tag]
        )
        path = path.removeprefix("bericht").removeprefix("/")
        if (element.text or "").strip():
            paths.add(path)
        paths |= {f"{path}/@{name}" for name in ("s", "t") if element.get(name)}
        empty = element.get("{http://www.egem.nl/StUF/StUF0301}noValue") == "geenWaarde" and not len(element)
        if empty and not (element.text or "").strip():
            paths.add(path)

    assert set(nothing.run(root).unread) == paths


_MADE: list[Mapping] = []


def _nothing(factory: pytest.TempPathFactory) -> Mapping:
    if not _MADE:
        _MADE.append(Language(factory.mktemp("niets")).rules("- {to: vast, value: x}"))
    return _MADE[0]


def test_a_failure_of_a_part_of_a_file_names_the_file_from_the_root(tmp_path: Path) -> None:
    """No path of the machine in a failure."""
    mapping = Language(tmp_path).rules("- {to: a, from: object/a, required: true}")

    with pytest.raises(MappingFailed) as failure:
        mapping.run(xml(""))

    assert str(tmp_path) not in str(failure.value)
