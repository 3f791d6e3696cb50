"""The escape hatch: what an expression sees and gives, and that none gets out of bounds."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from hub.config.policy import JSONATA_CHARS_MAX, JSONATA_DEPTH_MAX, JSONATA_SIZE_MAX
from hub.errors import ConfigurationWrong
from hub.mapping.functions import FUNCTIONS, Unfit
from hub.mapping.functions.contract import Apply
from tests.support.mapping import Language


def evaluate(expression: str, value: Any = None) -> Any:  # noqa: ANN401 - JSON
    return FUNCTIONS["jsonata"].make(expression=expression)(value)


MESSAGE = """
<object xmlns="urn:z" xmlns:s="urn:s" s:soort="ZAK">
  <kenmerk><bron>OLO</bron></kenmerk><kenmerk><bron s:exact="true">DSO</bron></kenmerk>
  <leeg/><!-- niets --><omschrijving> Kap </omschrijving>
</object>"""


@pytest.mark.parametrize(
    ("expression", "gives"),
    [
        ("`@soort`", "ZAK"),
        ("omschrijving", "Kap"),
        ("leeg", ""),
        ("kenmerk[0].bron", "OLO"),
        ("kenmerk[1].bron", {"@exact": "true", "#text": "DSO"}),
        ("$count(kenmerk)", 2),
        ("weg", None),
        ('{"naam": omschrijving, "soorten": [1, 2.5, true, null]}', {"naam": "Kap", "soorten": [1, 2.5, True, None]}),
        ('omschrijving = "Kap" ? "kappen" : "anders"', "kappen"),
        ("$uppercase(omschrijving) & '!'", "KAP!"),
    ],
)
def test_an_expression_sees_an_element_as_json(expression: str, gives: Any) -> None:  # noqa: ANN401 - JSON
    """Local names, `@attributes`, `#text` beside them; a list of what stands there more than once."""
    assert evaluate(expression, etree.fromstring(MESSAGE)) == gives


def test_what_goes_in_is_never_changed() -> None:
    """The result shares nothing with the message."""
    given_ = {"a": {"b": [1]}}

    gives = evaluate("a", given_)
    gives["b"].append(2)

    assert given_ == {"a": {"b": [1]}}


@pytest.mark.parametrize(
    ("expression", "reason"),
    [
        ("a[", "this is not a JSONata expression at character 2"),
        ("", "this is not a JSONata expression"),
        ("(" * 1_500, "this is not a JSONata expression"),
        ("a" * (JSONATA_CHARS_MAX + 1), f"an expression has at most {JSONATA_CHARS_MAX} characters"),
        ("$now()", "`$now` is not allowed here"),
        ("$millis()", "`$millis` is not allowed here"),
        ("$random()", "`$random` is not allowed here"),
        ("$shuffle(a)", "`$shuffle` is not allowed here"),
        ("$eval('1')", "`$eval` is not allowed here"),
        ("$f := $toMillis", "`$toMillis` is not allowed here"),
        ('$pad("", 1000000000)', "`$pad` is not allowed here"),
        ("$split(a, /(x+)+$/)", "a pattern is not allowed in an expression"),
    ],
)
def test_an_expression_that_is_refused_is_refused_at_the_start(expression: str, reason: str) -> None:
    """No clock, no chance, no patterns, nothing that makes much of little."""
    with pytest.raises(ValueError, match=r".") as raised:
        evaluate(expression)

    assert str(raised.value) == reason


def test_a_wrong_expression_stops_the_start_with_its_place(tmp_path: Path) -> None:
    """As any other mistake in a mapping."""
    with pytest.raises(ConfigurationWrong) as raised:
        Language(tmp_path).file(
            """
            message: bericht
            gives: vrij
            allow: [jsonata]
            rules:
              - {to: x, from: a, via: [{jsonata: "a["}]}
            """
        )

    assert raised.value.reason == "this is not a JSONata expression at character 2"
    assert (raised.value.line, raised.value.column) == (5, 29)


def test_a_mapping_reads_a_whole_element_with_it(tmp_path: Path) -> None:
    """Of a message the element goes in, of an event its JSON."""
    mapping = Language(tmp_path).file(
        """
        message: bericht
        gives: vrij
        allow: [jsonata]
        rules:
          - {to: bronnen, from: a, via: [{jsonata: "$join(kenmerk.bron, '+')"}]}
        """
    )

    message = etree.fromstring("<b><a><kenmerk><bron>x</bron></kenmerk><kenmerk><bron>y</bron></kenmerk></a></b>")
    assert mapping.run(message).data == {"bronnen": "x+y"}
    assert mapping.run({"a": {"kenmerk": [{"bron": "x"}, {"bron": "y"}]}}).data == {"bronnen": "x+y"}


def test_of_an_attribute_its_text_goes_in(tmp_path: Path) -> None:
    """Not the element that it stands on."""
    mapping = Language(tmp_path).file(
        """
        message: bericht
        gives: vrij
        allow: [jsonata]
        rules:
          - {to: soort, from: a/@soort, via: [{jsonata: "$lowercase($)"}]}
        """
    )

    assert mapping.run(etree.fromstring("<b><a soort='ZAK'><c/></a></b>")).data == {"soort": "zak"}


def test_a_mapping_must_allow_it(tmp_path: Path) -> None:
    """A reviewer sees at the top that there is more than rules."""
    with pytest.raises(ConfigurationWrong, match="does not allow it"):
        Language(tmp_path).rules('- {to: x, from: a, via: [{jsonata: "a"}]}')


@pytest.mark.parametrize(
    "expression",
    [
        "($f := function($x){$f($x)}; $f(1))",
        "($f := function($x){1 + $f($x)}; $f(1))",
        "[1..10000000]",
        '($g := function($n, $s){$n = 0 ? $s : $g($n - 1, $s & $s)}; $g(40, "aaaaaaaaaa"))',
        "($g := function($n, $s){$n = 0 ? $s : $g($n - 1, [$s, $s])}; $g(60, [1, [2]]))",
        '($g := function($n, $s){$n = 0 ? $s : $g($n - 1, {"a": $s, "b": $s})}; $string($g(60, "x")))',
        "$map([1..90000], function($i){[1..90000]})",
        '$join($map([1..9000], function($i){"x"}), $)',
        "$sum([1..1000].([1..1000]))",
    ],
)
def test_an_expression_out_of_bounds_is_refused(expression: str) -> None:
    """It loops, goes too deep, or makes too much: the message waits for a person, the worker goes on."""
    with pytest.raises(Unfit, match=r"too much|too long|too deep"):
        evaluate(expression, "y" * 50_000)


@pytest.mark.parametrize(
    "value",
    ["x" * (JSONATA_SIZE_MAX + 1), [1] * (JSONATA_SIZE_MAX + 1), float("nan"), 10**400, {"a": object()}, {1: 2}],
)
def test_what_is_too_much_or_no_data_does_not_go_in(value: object) -> None:
    """However the message came by it."""
    with pytest.raises(Unfit, match="goes into the expression"):
        evaluate("$", value)


def test_a_deep_element_does_not_go_in() -> None:
    """As deep as an expression may go itself."""
    depth = JSONATA_DEPTH_MAX + 2

    with pytest.raises(Unfit, match="too much goes into"):
        evaluate("a", etree.fromstring("<a>" * depth + "</a>" * depth))


@pytest.mark.parametrize("expression", ["$string", "function($x){$x}", "9999999999999999999 * 999999999999"])
def test_only_data_comes_out(expression: str) -> None:
    """A function, or a number that JSON cannot keep, is no value of a field."""
    with pytest.raises(Unfit, match="comes out of the expression"):
        evaluate(expression)


@given(
    st.text("abc1[]{}().,$&+-*/<>=!?:;\"'`^%#@|~ \n", max_size=30), st.sampled_from([None, "x", {"a": [1, {"b": 2}]}])
)
def test_no_expression_raises_anything_else(expression: str, value: object) -> None:
    """Whatever a partner writes: refused at the start, refused for a value, or data; never with the value in it."""
    try:
        apply = FUNCTIONS["jsonata"].make(expression=expression)
    except ValueError as refusal:
        found: ValueError | None = refusal
    else:
        found = _refused(apply, value)

    assert found is None or (found.__cause__ is None and len(str(found)) < 80)


def _refused(apply: Apply, value: object) -> Unfit | None:
    try:
        apply(value)
    except Unfit as refusal:
        return refusal
    return None


def test_the_library_leaves_the_limits_of_the_process_alone() -> None:
    """It raises the limit on recursion when it is loaded, which would let a thread overrun its stack."""
    before = sys.getrecursionlimit()

    evaluate("1")

    assert sys.getrecursionlimit() == before < 10_000
