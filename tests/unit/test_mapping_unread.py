"""Nothing is silently lost: every field is read, ignored with a reason, or reported."""

from __future__ import annotations

from pathlib import Path

import pytest

from hub.config.policy import UNREAD_PATHS_MAX
from tests.support.mapping import Language, xml

READS_A = "- {to: a, from: object/a}"


@pytest.fixture
def language(tmp_path: Path) -> Language:
    return Language(tmp_path)


@pytest.mark.parametrize(
    ("message", "unread"),
    [
        ("<a>1</a>", ()),
        ("<b>1</b>", ("object/b",)),
        ("<b><c>1</c><c>2</c><d x='1'/></b>", ("object/b/c", "object/b/d/@x")),
        ("<a StUF:exact='true'>1</a>", ("object/a/@exact",)),
        ("<a><b>1</b></a>", ("object/a/b",)),
        ("<b/><b xsi:nil='true'/><b>  </b>", ()),
        ("<b StUF:entiteittype='ZAK'/>", ()),
        ("<b ZKN:entiteittype='ZAK' xmlns:ZKN='urn:z'/>", ()),
        ("<b StUF:noValue='geenWaarde' xsi:nil='true'/>", ("object/b",)),
        ("<b StUF:noValue='vastgesteldOnbekend'/>", ("object/b",)),
        ("<b StUF:noValue='waardeOnbekend'/>", ()),
        ("<b StUF:verwerkingssoort='T'/>", ("object/b/@verwerkingssoort",)),
        ("los<a>1</a>", ("object",)),
        ("<!-- niets --><?niets x?>", ()),
    ],
)
def test_a_field_nobody_reads_is_reported(language: Language, message: str, unread: tuple[str, ...]) -> None:
    """By its path without places; a field is a text or an attribute with a value, or that it is known to be empty."""
    assert language.run(READS_A, message).unread == unread


@pytest.mark.parametrize(
    ("ignored", "unread"),
    [
        ("object/b", ("object/c/b/@y", "object/c/d")),
        ("object/*/b", ("object/b", "object/b/@x", "object/c/d")),
        ("'object/**/b'", ("object/c/d",)),
        ("'**/@x'", ("object/b", "object/c/b/@y", "object/c/d")),
        ("object/b/@x", ("object/b", "object/c/b/@y", "object/c/d")),
        ("object", ()),
        ("'**'", ()),
        ("b", ("object/b", "object/b/@x", "object/c/b/@y", "object/c/d")),
    ],
)
def test_an_ignored_path_covers_everything_below_it(language: Language, ignored: str, unread: tuple[str, ...]) -> None:
    """`*` is one step, `**` any number of steps, also none."""
    message = "<b x='1'>1</b><c><b y='1'/><d>2</d></c>"

    assert language.run(READS_A, message, ignore=f"- {{path: {ignored}, reason: proef}}").unread == unread


def test_what_is_ignored_can_still_be_read(language: Language) -> None:
    """Ignoring is about reports only."""
    mapped = language.run(
        "- {to: a, from: object/b/c}", "<b><c>1</c><d>2</d></b>", ignore="- {path: object/b, reason: r}"
    )

    assert (mapped.data, mapped.unread) == ({"a": "1"}, ())


def test_a_part_ignores_where_it_is_used(language: Language) -> None:
    """Its paths are relative, also to the items of an `each`."""
    language.part("p", "rules: [{to: b, from: b}]\nignore: [{path: c, reason: r}]\n")

    mapped = language.run("- {to: 'x[]', each: object/x, use: p}", "<x><b>1</b><c>2</c></x><c>3</c>")

    assert mapped.unread == ("object/c",)


def test_a_rule_whose_condition_does_not_hold_has_not_read_its_field(language: Language) -> None:
    """An item that is skipped is reported, unless another rule read it."""
    rules = """
        - to: kenmerken[]
          each: object/kenmerk
          when: {all: [{path: kenmerk, exists: true}, {path: bron, exists: true}]}
          rules: [{to: kenmerk, from: kenmerk}, {to: bron, from: bron}]
        - {to: x, from: object/x, when: {path: object/y, equals: J}}
        """

    whole = language.run(rules, "<kenmerk><kenmerk>1</kenmerk><bron>b</bron></kenmerk><x>1</x><y>J</y>")
    half = language.run(rules, "<kenmerk><kenmerk>1</kenmerk></kenmerk><x>1</x><y>N</y>")

    assert whole.unread == ()
    assert half.unread == ("object/kenmerk/kenmerk", "object/x")


def test_of_two_rules_with_opposite_conditions_one_reads_the_field(language: Language) -> None:
    """Rules of one item, and rules of two `each` over the same items."""
    rules = """
        - {to: a, from: object/n, when: {path: object/n, matches: kvk-nummer}}
        - {to: b, from: object/n, when: {not: {path: object/n, matches: kvk-nummer}}}
        - {to: "x[]", each: object/i, when: {path: s, exists: true}, rules: [{to: v, from: v}, {to: s, from: s}]}
        - {to: "y[]", each: object/i, when: {path: s, exists: false}, rules: [{to: v, from: v}]}
        """

    mapped = language.run(rules, "<n>12345678</n><i><v>1</v></i><i><v>2</v><s>3</s></i>")

    assert mapped.data == {"a": "12345678", "x": [{"v": "2", "s": "3"}], "y": [{"v": "1"}]}
    assert mapped.unread == ()


def test_siblings_that_a_predicate_passes_over_are_reported(language: Language) -> None:
    """`[1]` reads the first and no other."""
    assert language.run("- {to: a, from: 'object/a[1]'}", "<a>1</a><a>2</a>").unread == ("object/a",)
    assert language.run("- {to: a, from: 'object/a[@n=x]'}", "<a n='x'>1</a>").unread == ()
    assert language.run("- {to: a, from: 'object/a[@n=x]'}", "<a n='y'>1</a>").unread == ("object/a", "object/a/@n")


def test_json_leaves_its_unread_fields_too(language: Language) -> None:
    """Objects, lists and nulls; empty texts and objects say nothing."""
    event = {"object": {"a": "1", "b": None, "c": [{"d": 1}, 2], "e": "", "f": {}, "g": {"h": False}}}

    assert language.run(READS_A, event).unread == ("object/b", "object/c", "object/c/d", "object/g/h")


def test_the_report_has_a_limit(language: Language) -> None:
    """A sender who makes names up does not fill the ledger."""
    mapping = language.rules(READS_A)

    unread = mapping.run(xml("".join(f"<x{n}>1</x{n}>" for n in range(UNREAD_PATHS_MAX + 50)))).unread

    assert len(unread) == UNREAD_PATHS_MAX + 1
    assert unread[-1] == "…"
