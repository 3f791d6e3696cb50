"""Layers: what differs for a sender or a zaaktype lies over the mapping of the connection."""

from __future__ import annotations

from pathlib import Path

import pytest

from hub.errors import ConfigurationWrong, MappingFailed
from hub.mapping.run import Mapping
from tests.support.mapping import Language, xml

BASE = """
    message: bericht
    gives: vrij
    zaaktype: object/isVan/code
    rules:
      - {to: zaak.kanaal, value: onbekend}
      - {to: zaak.naam, from: object/naam}
      - {to: zaak.wie, from: $zender}
    """
SENDER = """
    layer: {sender: [forms, loket]}
    message: bericht
    rules: [{to: zaak.kanaal, value: formulier}]
    """
ZAAKTYPE = """
    layer: {zaaktype: B1}
    message: bericht
    rules: [{to: zaak.kanaal, value: balie}, {to: zaak.soort, from: object/soort}]
    """
MESSAGE = "<naam>Jan</naam><isVan><code>{}</code></isVan><soort>x</soort>"


@pytest.fixture
def language(tmp_path: Path) -> Language:
    return Language(tmp_path)


def _layer(language: Language, name: str, text: str) -> None:
    language._write(language.connection / f"{name}.layer.yaml", text)


def _mapping(language: Language, *, base: str = BASE, **layers: str) -> Mapping:
    for name, text in layers.items():
        _layer(language, f"bericht.{name}", text)
    return language.file(base)


@pytest.mark.parametrize(
    ("sender", "zaaktype", "kanaal"),
    [("ander", "X", "onbekend"), ("forms", "X", "formulier"), ("loket", "", "formulier"), ("forms", "B1", "balie")],
)
def test_the_layer_of_the_message_wins(language: Language, sender: str, zaaktype: str, kanaal: str) -> None:
    """Connection, then sender, then zaaktype; the rest of the rules stays."""
    mapping = _mapping(language, forms=SENDER, kap=ZAAKTYPE)

    data = mapping.run(xml(MESSAGE.format(zaaktype)), context={"zender": sender}).data

    assert data["zaak"]["kanaal"] == kanaal
    assert (data["zaak"]["naam"], data["zaak"].get("soort")) == ("Jan", "x" if zaaktype == "B1" else None)


def test_the_explanation_says_which_layer_won(language: Language) -> None:
    """And where its rule stands."""
    mapping = _mapping(language, forms=SENDER)

    fields = {each.target: each for each in mapping.explain(xml(""), context={"zender": "forms"}).fields}

    assert fields["zaak.kanaal"].layer == "sender forms or loket"
    assert fields["zaak.kanaal"].rule == "mappings/proef/bericht.forms.layer.yaml:3"
    assert fields["zaak.naam"].layer == "connection"


def test_a_message_with_two_zaaktypen_fails(language: Language) -> None:
    """Which layer is meant can't be told; explaining it does not fail."""
    mapping = _mapping(language, kap=ZAAKTYPE)
    twice = xml("<isVan><code>B1</code><code>B2</code></isVan>")

    with pytest.raises(MappingFailed, match="occurs 2 times"):
        mapping.run(twice)
    assert mapping.explain(twice).failure == "occurs 2 times where one is expected"


def test_a_layer_changes_the_revision(language: Language) -> None:
    """It is a file of the mapping."""
    first = _mapping(language).revision

    assert _mapping(language, forms=SENDER).revision != first


@pytest.mark.parametrize(
    ("name", "text", "reason"),
    [
        ("bericht.twee", SENDER, "the sender `forms` has a layer already"),
        ("bericht.twee", SENDER.replace("bericht", "berigt"), "there is no mapping of `berigt` to lay this over"),
        ("ander.twee", SENDER, r"the file is named ander\.twee\.layer\.yaml"),
        ("bericht.twee", SENDER.replace("to: zaak.kanaal", "to: zaak"), None),
        (
            "bericht.twee",
            SENDER.replace("[forms, loket]", "x").replace("to: zaak.kanaal", "to: 'zaak[]'"),
            "a list here",
        ),
    ],
)
def test_a_mistake_in_a_layer_is_pointed_at(language: Language, name: str, text: str, reason: str | None) -> None:
    """At the start, before any message."""
    _layer(language, name, text)

    with pytest.raises(ConfigurationWrong, match=reason or "."):
        _mapping(language, forms=SENDER)


def test_a_zaaktype_layer_needs_to_know_where_the_zaaktype_stands(language: Language) -> None:
    """The mapping says it at its top."""
    with pytest.raises(ConfigurationWrong, match="does not say where the zaaktype stands"):
        _mapping(language, base=BASE.replace("zaaktype: object/isVan/code", ""), kap=ZAAKTYPE)


def test_an_inversion_begins_as_the_other_mapping_backwards(language: Language) -> None:
    """Its own rules replace what they fill, and the other file counts for the revision."""
    other = language.root / "heen"
    other.mkdir()
    forward = (
        "message: zaak\ngives: vrij\nrules:\n  - {to: naam, from: object/naam}\n  - {to: soort, from: object/soort}\n"
    )
    (other / "zaak.map.yaml").write_text(forward)
    text = "message: bericht\ngives: terug\ninverts: heen/zaak\nrules: [{to: object.soort, value: vast}]\n"
    mapping = language.file(text)

    assert mapping.run({"naam": "Jan", "soort": "x"}).data == {"object": {"naam": "Jan", "soort": "vast"}}
    (other / "zaak.map.yaml").write_text(forward + "  - {to: extra, from: object/extra}\n")
    assert language.file(text).revision != mapping.revision


def test_an_inversion_of_nothing_is_pointed_at(language: Language) -> None:
    """With the likely name."""
    with pytest.raises(ConfigurationWrong, match="there is no mapping `heen/weg` to do backwards"):
        language.file("message: bericht\ngives: terug\ninverts: heen/weg\n")


def test_an_escape_hatch_must_be_allowed(language: Language) -> None:
    """Otherwise it would creep in unseen."""
    rule = "rules: [{to: a, from: object/a, via: [{jsonata: '$'}]}]\n"

    with pytest.raises(ConfigurationWrong, match="escape hatch") as mistake:
        language.file(f"message: bericht\ngives: vrij\n{rule}")

    assert "allow: [jsonata]" in mistake.value.advice
    assert language.file(f"message: bericht\ngives: vrij\nallow: [jsonata]\n{rule}").gives == "vrij"
