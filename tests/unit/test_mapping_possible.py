"""What a mapping can give whatever it is sent."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from hub.mapping.possible import Variant, variants_of
from tests.support.mapping import Language


@pytest.fixture
def language(tmp_path: Path) -> Language:
    return Language(tmp_path)


def _of(language: Language, rules: str) -> Variant:
    language.rules(rules)
    [found] = variants_of(language.connection, root=language.root, forms={})
    return found


def _given(variant: Variant) -> list[tuple[dict[str, Any], str]]:
    return [(each.data, str(each.place).rpartition("/")[2]) for each in variant.possible()]


def test_a_constant_is_given_with_the_rule_that_has_it(language: Language) -> None:
    """Also under a condition: that may hold."""
    found = _of(
        language, "- {to: zaak.soort, value: vast, when: {path: x, exists: true}}\n- {to: zaak.naam, from: naam}"
    )

    assert _given(found) == [({"zaak": {"soort": "vast"}}, "bericht.map.yaml:4")]
    assert found.free() == {("zaak", "naam")}


def test_every_code_of_a_table_and_the_default_is_given_once(language: Language) -> None:
    """With what is read for it; the default is given whatever is read."""
    language.table("soorten", "van,naar\nJ,ja\nN,nee\nY,ja\n")
    found = _of(language, "- {at: a, rules: [{to: b, from: c, lookup: soorten, default: x, empty: default}]}")

    assert [(each.data["b"], each.reads) for each in found.possible()] == [
        ("x", ()),
        ("ja", (("a", "c"),)),
        ("nee", (("a", "c"),)),
    ]
    assert found.free() == frozenset()


def test_what_follows_a_table_is_applied_to_its_codes(language: Language) -> None:
    """And a table that keeps what it does not know is free."""
    language.table("soorten", "van,naar\nJ,ja\n")
    found = _of(language, "- {to: b, from: c, via: [{code: {table: soorten, otherwise: keep}}, hoofdletters]}")

    assert [each.data for each in found.possible()] == [{"b": "JA"}]
    assert found.free() == {("b",)}


def test_items_of_a_list_come_with_their_own_constants(language: Language) -> None:
    """Those of another item, or of a rule that may not hold, are not among them; those around the list are."""
    language.part("rol", "rules:\n- {to: wat, value: mits, when: {path: y, exists: true}}\n")
    language.part("namen", 'rules:\n- {to: "namen[]", each: n, rules: [{to: x, value: 1}]}\n')
    found = _of(
        language,
        """
        - {to: zaak.bron, value: hier}
        - {to: "zaak.rollen[]", each: een, rules: [{to: soort, value: eerste}, {use: rol}]}
        - {to: "zaak.rollen[]", each: twee, rules: [{to: soort, value: tweede}, {use: namen}]}
        """,
    )

    assert [data["zaak"] for data, _ in _given(found)] == [
        {"bron": "hier"},
        {"bron": "hier", "rollen": [{"soort": "eerste"}]},
        {"bron": "hier", "rollen": [{"soort": "tweede"}]},
        {"bron": "hier", "rollen": [{"soort": "tweede", "namen": [{"x": 1}]}]},
        {"bron": "hier", "rollen": [{"soort": "eerste", "wat": "mits"}]},
    ]


def test_a_layer_gives_its_own_for_its_zaaktypen(language: Language) -> None:
    """In place of what it replaces; the code in the message is told as the mapping tells it."""
    language.table("zaaktypen", "van,naar\nOUD1,NIEUW1\n")
    (language.connection / "bericht.oud.layer.yaml").write_text(
        "message: bericht\nlayer: {zaaktype: OUD1}\nrules:\n- {to: soort, value: anders}\n"
    )
    language.file(
        "message: bericht\ngives: vrij\nzaaktype: code\nrules:\n"
        "- {to: zaaktype, from: code, lookup: {table: zaaktypen, otherwise: keep}}\n- {to: soort, value: gewoon}\n"
    )
    plain, layered = variants_of(language.connection, root=language.root, forms={})

    assert (plain.zaaktypen, layered.zaaktypen) == ((), ("OUD1",))
    assert {"soort": "gewoon"} in [each.data for each in plain.possible()]
    assert {"soort": "anders"} in [each.data for each in layered.possible()]
    assert layered.translated(("zaaktype",), "OUD1") == ["NIEUW1"]
    assert layered.translated(("zaaktype",), "B1026") == ["B1026"]


def test_a_lenient_mapping_asks_for_nothing(language: Language) -> None:
    """A part of a message is enough for it."""
    found = _of(language, "- {to: a, from: a, required: true}\n- {to: b, from: b, empty: fail}\n- {to: c, from: c}")

    assert found.lenient().run({"c": 1}).data == {"c": 1}
