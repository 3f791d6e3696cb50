"""A mapping that gives a message of a definition writes it: in its order, with its attributes, well-formed."""

from __future__ import annotations

from collections.abc import Mapping as Forms
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from hub.errors import ConfigurationWrong, MappingFailed
from hub.mapping.compile import load_mappings
from hub.mapping.run import Mapping
from hub.wire.form import AttributeForm, Form
from tests.support.mapping import Language

Z = "http://www.egem.nl/StUF/sector/zkn/0310"
STUF = "http://www.egem.nl/StUF/StUF0301"
NO_VALUE = {"noValue": AttributeForm("noValue", STUF, required=False)}
RULES = """
    - {to: object.naam, from: naam}
    - {to: object.nummer, from: nummer}
    - {to: object.@soort, from: soort}
    - {to: object.datum, from: geboren, via: [naar-stuf-onvolledige-datum]}
    - {to: object.inhoud, from: inhoud}
    - {to: object.inhoud.@bestandsnaam, from: bestandsnaam}
    - {to: "object.heeft[]", each: rollen, rules: [{to: gerelateerde.code, from: code}]}
    - {to: "object.merk[]", from: merken}
    """


def _text(name: str, **said: Any) -> Form:  # noqa: ANN401 - what a form says
    return Form(name, Z, value="Tekst", **{"attributes": NO_VALUE, "nillable": True, **said})


def _forms() -> Forms[str, Form]:
    fixed = {"entiteittype": AttributeForm("entiteittype", STUF, required=True, fixed="ZAK")}
    marked = {"indOnvolledigeDatum": AttributeForm("indOnvolledigeDatum", STUF, required=False)}
    file = {"bestandsnaam": AttributeForm("bestandsnaam", STUF, required=False)}
    ended = {**fixed, **NO_VALUE, "verwerkingssoort": AttributeForm("verwerkingssoort", STUF, required=True)}
    parameters = Form("parameters", Z, required=True, children=lambda: {"nummer": _text("nummer")})
    related = Form("gerelateerde", Z, children=lambda: {"code": _text("code")})
    children = {
        "datum": _text("datum", attributes=marked),
        "naam": _text("naam"),
        "nummer": _text("nummer", nillable=False),
        "versie": Form("versie", STUF, value="Tekst", required=True, fixed="0310"),
        "inhoud": _text("inhoud", attributes=file),
        "merk": _text("merk", many=True),
        "heeft": Form("heeft", Z, many=True, attributes=fixed, children=lambda: {"gerelateerde": related}),
        "ends": Form("ends", Z, many=True, nillable=True, attributes=ended, children=lambda: {"gerelateerde": related}),
        "plek": Form("plek", Z, loose=True, loose_namespace="urn:gml"),
        "oud": Form("oud", "", read_only=True),
    }
    attributes = {**fixed, "soort": AttributeForm("soort", STUF, required=False)}
    thing = Form("object", Z, children=lambda: children, attributes=attributes)
    return {
        "bericht-uit": Form("zakLk01", Z, children=lambda: {"object": thing}),
        "antwoord-uit": Form("antwoord", Z, children=lambda: {"parameters": parameters, "object": thing}),
    }


def _mapping(folder: Path, rules: str = RULES, *, gives: str = "bericht-uit") -> Mapping:
    language = Language(folder)
    text = f"message: bericht\ngives: {gives}\nrules:\n" + rules.removeprefix("\n")
    language._write(language.connection / "bericht.map.yaml", text)
    return load_mappings(language.connection, root=language.root, forms=_forms())["bericht"]


@pytest.fixture(scope="module")
def mapping(tmp_path_factory: pytest.TempPathFactory) -> Mapping:
    return _mapping(tmp_path_factory.mktemp("schrijven"))


def test_a_message_stands_in_the_order_of_its_definition(mapping: Mapping) -> None:
    """Whatever the order of the rules; prefixes once, on the root; what is fixed is always there."""
    written = mapping.write(
        {
            "merken": ["a", None], "rollen": [{"code": "1"}, {"code": "2"}], "inhoud": "x", "bestandsnaam": 'a"b.pdf',
            "geboren": {"jaar": 1960}, "soort": "T", "nummer": 7, "naam": "A & <B>", "vreemd": 1,
        }
    )  # fmt: skip

    assert written.unread == ("vreemd",)
    assert written.body.decode() == (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        f'<ZKN:zakLk01 xmlns:ZKN="{Z}" xmlns:StUF="{STUF}" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">'
        '<ZKN:object StUF:entiteittype="ZAK" StUF:soort="T">'
        '<ZKN:datum StUF:indOnvolledigeDatum="M">19600701</ZKN:datum>'
        "<ZKN:naam>A &amp; &lt;B&gt;</ZKN:naam><ZKN:nummer>7</ZKN:nummer><StUF:versie>0310</StUF:versie>"
        '<ZKN:inhoud StUF:bestandsnaam="a&quot;b.pdf">x</ZKN:inhoud>'
        '<ZKN:merk>a</ZKN:merk><ZKN:merk xsi:nil="true" StUF:noValue="geenWaarde"/>'
        '<ZKN:heeft StUF:entiteittype="ZAK"><ZKN:gerelateerde><ZKN:code>1</ZKN:code></ZKN:gerelateerde></ZKN:heeft>'
        '<ZKN:heeft StUF:entiteittype="ZAK"><ZKN:gerelateerde><ZKN:code>2</ZKN:code></ZKN:gerelateerde></ZKN:heeft>'
        "</ZKN:object></ZKN:zakLk01>"
    )


def test_a_relation_with_attributes_only_says_that_it_holds_nothing(tmp_path: Path) -> None:
    """StUF 03.01 §5.2.4: what ended stands there empty; with content it is as any other."""
    rules = """
    - to: "object.ends[]"
      each: rollen
      rules:
        - {to: "@verwerkingssoort", from: soort}
        - {to: "@noValue", from: reden}
        - {to: gerelateerde.code, from: code}
    """
    mapping = _mapping(tmp_path, rules)

    written = mapping.write({"rollen": [{"soort": "V", "reden": "geenWaarde"}, {"soort": "T", "code": "1"}]}).body

    assert (
        b'<ZKN:ends StUF:entiteittype="ZAK" StUF:noValue="geenWaarde" StUF:verwerkingssoort="V" xsi:nil="true"/>'
        b'<ZKN:ends StUF:entiteittype="ZAK" StUF:verwerkingssoort="T">'
        b"<ZKN:gerelateerde><ZKN:code>1</ZKN:code></ZKN:gerelateerde></ZKN:ends>"
    ) in written


def test_a_reason_for_no_value_is_said_once(tmp_path: Path) -> None:
    """Where a rule says why there is no value, that is why."""
    mapping = _mapping(tmp_path, "    - {to: object.naam, from: naam}\n    - {to: object.naam.@noValue, from: reden}\n")

    with_reason = mapping.write({"naam": None, "reden": "waardeOnbekend"}).body
    without = mapping.write({"naam": None}).body

    assert b'<ZKN:naam StUF:noValue="waardeOnbekend" xsi:nil="true"/>' in with_reason
    assert b'<ZKN:naam xsi:nil="true" StUF:noValue="geenWaarde"/>' in without


@pytest.mark.parametrize("rules", ["{to: object.naam, from: naam}", "{to: parameters.nummer, from: nummer}"])
def test_what_must_be_there_and_may_be_empty_is_written_without_a_rule(tmp_path: Path, rules: str) -> None:
    """The parameters of an answer: mandatory, and everything in them optional."""
    mapping = _mapping(tmp_path, f"    - {rules}\n", gives="antwoord-uit")

    root = etree.fromstring(mapping.write({"naam": "a"}).body)

    assert [len(each) for each in root.iter(f"{{{Z}}}parameters")] == [0]


def test_a_geometry_is_written_whole(tmp_path: Path) -> None:
    """A function gives it as an element of its own definition."""
    mapping = _mapping(tmp_path, "    - {to: object.plek, from: plek, via: [geojson-naar-gml]}\n")

    root = etree.fromstring(mapping.write({"plek": {"type": "Point", "coordinates": [5.1, 52.1]}}).body)

    assert root.findtext(f".//{{{Z}}}plek/{{*}}Point/{{*}}pos") == "5.1 52.1"


@pytest.mark.parametrize(
    ("event", "reason", "line"),
    [
        ({"naam": "geheim\x00"}, "holds a character that XML can't hold", 4),
        ({"naam": "geheim\ud800"}, "holds a character that XML can't hold", 4),
        ({"naam": {"geheim": 1}}, "is an object or a list where the message has a text", 4),
        ({"nummer": None}, "is null, and the definition has no way to say so here", 5),
        ({"soort": "geheim\x01"}, "holds a character that XML can't hold", 6),
    ],
)
def test_what_the_message_cannot_hold_fails_its_rule(
    mapping: Mapping, event: dict[str, Any], reason: str, line: int
) -> None:
    """By rule and target, without the value; the explanation ends there too."""
    with pytest.raises(MappingFailed, match=reason) as failure:
        mapping.write(event)

    assert failure.value.rule == f"mappings/proef/bericht.map.yaml:{line}"
    assert "geheim" not in str(failure.value)
    assert mapping.explain(event).failure == failure.value.reason


@pytest.mark.parametrize(
    ("rule", "reason", "advice"),
    [
        ("{to: object.nam, from: a}", "`object` has no element `nam`", "did you mean naam?"),
        ("{to: object.@sort, from: a}", "`object` has no attribute `@sort`", "did you mean @soort?"),
        ("{to: object.naam.deel, from: a}", "`object.naam` holds a text and has no element `deel`", ""),
        ("{to: object, from: a}", "`object` holds elements, not a text", "fill the elements below it"),
        ("{to: 'object.naam[]', from: a}", "`naam` occurs once", "leave out `[]`"),
        ("{to: object.oud, from: a}", "`oud` is in messages that are read, never in one that is written", ""),
    ],
)
def test_a_target_that_the_definition_does_not_have_is_a_mistake(
    tmp_path: Path, rule: str, reason: str, advice: str
) -> None:
    """The form is the judge, as the model of an event is."""
    with pytest.raises(ConfigurationWrong) as mistake:
        _mapping(tmp_path, f"    - {rule}\n")

    assert (mistake.value.reason, mistake.value.line) == (reason, 4)
    assert advice in mistake.value.advice


def test_an_event_has_no_attributes(tmp_path: Path) -> None:
    """`@name` is for messages that are written."""
    with pytest.raises(ConfigurationWrong, match="`@a` is an attribute, and this result has none"):
        Language(tmp_path).rules("- {to: x.@a, from: a}")


_VALUES = st.none() | st.booleans() | st.integers() | st.text() | st.lists(st.text(), max_size=2)
_EVENTS = st.fixed_dictionaries(
    {},
    optional={
        **dict.fromkeys(("naam", "nummer", "soort", "inhoud", "bestandsnaam", "merken"), _VALUES),
        "rollen": st.lists(st.dictionaries(st.just("code"), _VALUES), max_size=3),
        "geboren": st.dictionaries(st.sampled_from(["jaar", "maand"]), st.integers(0, 3000)),
    },
)


@settings(deadline=None)
@given(event=_EVENTS)
def test_what_is_written_can_be_read(mapping: Mapping, event: dict[str, Any]) -> None:
    """Any event becomes well-formed XML that says the same, or fails its rule."""
    try:
        body = mapping.write(event).body
    except MappingFailed:
        return
    root = etree.fromstring(body)
    naam = root.findtext(f"{{{Z}}}object/{{{Z}}}naam")
    if isinstance(event.get("naam"), str):
        assert (naam or "") == event["naam"]


def test_an_inner_text_of_a_megabyte_is_written(mapping: Mapping) -> None:
    """Without looking at every character in Python."""
    assert b"x" * 1_000_000 in mapping.write({"naam": "x" * 1_000_000}).body
