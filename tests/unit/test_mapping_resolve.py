"""Parts put in their places, and layers laid over the connection."""

from __future__ import annotations

from pathlib import Path
from textwrap import dedent

import pytest

from hub.errors import ConfigurationWrong
from hub.mapping.places import targets
from hub.mapping.read import Files
from hub.mapping.resolve import resolve
from hub.mapping.rules import Fill, Group, Sheet, Use, read_layer, read_mapping

BASE = """
message: bericht
gives: vrij
rules:
  - to: zaak
    at: object
    rules:
      - {to: omschrijving, from: omschrijving}
      - {to: opschorting, at: opschorting, rules: [{to: reden, from: reden}, {to: indicatie, from: indicatie}]}
      - {to: "rollen[]", each: heeft, rules: [{to: naam, from: naam}]}
  - {to: bron, value: formulier}
ignore:
  - {path: object/code, reason: "no field"}
"""


def _layer(rules: str, *, layer: str = "{sender: FORMULIEREN}") -> Sheet:
    return read_layer("laag.yaml", f"layer: {layer}\nmessage: bericht\nrules:\n  - {rules}\n")


def _resolved(*layers: Sheet, base: str = BASE) -> Sheet:
    return resolve(read_mapping("bericht.map.yaml", base), Files(Path("leeg"), Path("leeg")), layers)


def _top(sheet: Sheet) -> list[Fill | Group]:
    return [each for each in sheet.rules if not isinstance(each, Use)]


def _all(sheet: Sheet) -> list[str]:
    return [".".join(each) for each in targets(sheet.rules)]


def test_without_layers_every_rule_stays() -> None:
    """And says that it is the connection's."""
    sheet = _resolved()

    opschorting = ["zaak.opschorting.reden", "zaak.opschorting.indicatie"]
    assert _all(sheet) == ["zaak.omschrijving", *opschorting, "zaak.rollen.[]", "bron"]
    assert {str(each.layer) for each in _top(sheet)} == {"connection"}


def test_a_rule_of_a_layer_takes_the_place_of_the_one_below() -> None:
    """The rest stays as it was."""
    sheet = _resolved(_layer("{to: zaak.omschrijving, value: vast}"))

    assert sorted(_all(sheet)) == sorted(_all(_resolved()))
    (over,) = [each for each in _top(sheet) if str(each.layer) == "sender FORMULIEREN"]
    assert isinstance(over, Fill)
    assert over.value == "vast"


def test_an_object_of_a_layer_replaces_all_below_it() -> None:
    """A rule that fills the whole leaves nothing of the parts."""
    sheet = _resolved(_layer("{to: zaak.opschorting, from: object/opschorting}"))

    assert "zaak.opschorting.reden" not in _all(sheet)
    assert _all(sheet)[-1] == "zaak.opschorting"


def test_a_part_of_an_object_leaves_the_other_parts() -> None:
    """Also when the layer writes it as a group of its own."""
    sheet = _resolved(_layer("{to: zaak, at: object, rules: [{to: opschorting.reden, value: geen}]}"))

    assert sorted(_all(sheet)) == sorted(_all(_resolved()))


def test_a_list_is_replaced_as_a_whole() -> None:
    """Items of two layers in one list would be nobody's list."""
    sheet = _resolved(_layer('{to: "zaak.rollen[]", each: object/betrokkene, rules: [{to: code, from: code}]}'))

    assert _all(sheet).count("zaak.rollen.[]") == 1
    (over,) = [each for each in sheet.rules if isinstance(each, Group) and each.every]
    assert str(over.layer) == "sender FORMULIEREN"


def test_an_object_of_which_nothing_is_left_is_gone() -> None:
    """No empty group remains to be run."""
    base = "message: bericht\ngives: vrij\nrules:\n  - {to: a, at: x, rules: [{to: b, from: c}]}\n"

    sheet = _resolved(_layer("{to: a.b, value: 1}"), base=base)

    assert len(sheet.rules) == 1


def test_the_last_layer_wins() -> None:
    """Connection, sender, zaaktype."""
    sheet = _resolved(
        _layer("{to: bron, value: zender}"), _layer("{to: bron, value: zaaktype}", layer="{zaaktype: [B1, B2]}")
    )

    (over,) = [each for each in sheet.rules if isinstance(each, Fill)]
    assert (over.value, str(over.layer)) == ("zaaktype", "zaaktype B1 or B2")


def test_what_a_part_ignores_begins_at_the_message(tmp_path: Path) -> None:
    """Wherever the part is used, also in an item that is named from the root."""
    parts = tmp_path / "_parts"
    parts.mkdir()
    (parts / "adres.yaml").write_text(
        dedent("""
        rules: [{to: straat, from: straat}]
        ignore: [{path: authentiek, reason: "who says so"}]
    """)
    )
    base = (
        "message: bericht\ngives: vrij\nrules:\n"
        "  - {to: a, at: object/adres, use: adres}\n"
        "  - {to: b, at: object, rules: [{to: c, at: /elders, use: adres}]}\n"
    )

    sheet = resolve(read_mapping("bericht.map.yaml", base), Files(tmp_path, tmp_path))

    assert [each.steps for each in sheet.ignore] == [("object", "adres", "authentiek"), ("elders", "authentiek")]


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("message: bericht\nrules: []\n", "a layer needs `layer`"),
        ("layer: {sender: a}\nrules: []\n", "a layer needs `message`"),
        ("layer: {sender: a, zaaktype: b}\nmessage: m\nrules: []\n", "a layer is for a `sender` or for a `zaaktype`"),
        ("layer: {afzender: a}\nmessage: m\nrules: []\n", "`layer` has no key `afzender`"),
        ("layer: {sender: 12}\nmessage: m\nrules: []\n", "expected a text"),
        ("layer: {sender: a}\nmessage: m\nrules: []\nallow: [python]\n", "`python` is nothing to allow"),
    ],
)
def test_a_layer_that_is_wrong_says_why(text: str, reason: str) -> None:
    """With its place."""
    with pytest.raises(ConfigurationWrong) as caught:
        read_layer("laag.yaml", text)

    assert caught.value.reason == reason
    assert caught.value.line > 0
