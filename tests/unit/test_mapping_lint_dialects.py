"""What lint has against packs, over the connection that they name and over those that use them."""

from __future__ import annotations

from pathlib import Path

import pytest

from hub.cli.mapping.lint import findings_of

CONNECTION = "connection: proef\ndirection: inbound\nadapter: stuf_zds\naccess: {kind: none}\n"
MAPPING = """\
message: creeerZaak_Lk01
gives: nl.zaken.zaak-aangemaakt.v1
rules:
  - {to: zaak, at: object, rules: [{use: zaak}]}
"""
PART = (
    "rules:\n  - {to: identificatie, from: identificatie, required: true}\n  - {to: omschrijving, from: omschrijving}\n"
)
PACK = "dialect: een\ntitle: Proef\nversions: '1'\nadapter: stuf_zds\nover: proef\n"
OVER_PART = "layer: {dialect: een}\npart: zaak\nrules:\n  - "
OVER_MESSAGE = "layer: {dialect: een}\nmessage: creeerZaak_Lk01\nrules:\n  - "


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """Give a connection and a pack, both right."""
    root = tmp_path / "mappings"
    _write(root / "proef/connection.yaml", CONNECTION)
    _write(root / "proef/creeerZaak_Lk01.map.yaml", MAPPING)
    _write(root / "_parts/zaak.yaml", PART)
    _write(root / "_dialects/een/dialect.yaml", PACK)
    _write(root / "_dialects/een/zaak.kort.layer.yaml", OVER_PART + "{to: omschrijving, value: vast}\n")
    return root


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)


def _found(root: Path) -> list[str]:
    """Give what is found, but for the fields that nobody reads."""
    return [
        f"{str(each.place).partition('mappings/')[2]}:{each.place.column} {each.rule_id} {each.message} {each.advice}"
        for each in findings_of(root, [])
        if each.rule_id not in {"unread-source", "missing-target"}
    ]


def test_a_pack_is_looked_at_whether_anybody_uses_it_or_not(root: Path) -> None:
    """And once for each place that is wrong."""
    assert _found(root) == []
    _write(root / "_dialects/een/zaak.kort.layer.yaml", OVER_PART + "{to: omschrijvin, value: vast}\n")

    unused = _found(root)
    _write(root / "proef/connection.yaml", CONNECTION + "dialects: [een]\n")

    [only] = [each for each in unused if "unknown-target" in each]
    assert only.startswith("_dialects/een/zaak.kort.layer.yaml:4:10")
    assert "did you mean omschrijving?" in only
    assert [each for each in _found(root) if "unknown-target" in each] == [only]


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        (
            "zaak.kort",
            OVER_PART + "{to: omschrijving, from: omschrijving}\n",
            "zaak.kort.layer.yaml:4:5 dead-layer this says the same as what it replaces",
        ),
        (
            "zak.kort",
            OVER_PART.replace("zaak", "zak") + "{to: omschrijving, value: vast}\n",
            "zak.kort.layer.yaml:2:7 unknown-part there is no part `zak`",
        ),
        (
            "creeerZaak_LK01.kort",
            OVER_MESSAGE.replace("Lk01", "LK01") + "{to: zaak.omschrijving, value: vast}\n",
            "creeerZaak_LK01.kort.layer.yaml:2:10 unknown-message a sender of this kind has no message",
        ),
        (
            "creeerZaak_Lk01.kort",
            OVER_MESSAGE + "{to: zaak.omschrijving, from: object/omschrijvin}\n",
            "creeerZaak_Lk01.kort.layer.yaml:4:42 dead-source",
        ),
    ],
)
def test_a_mistake_in_a_layer_of_a_pack_is_found(root: Path, name: str, text: str, said: str) -> None:
    """With its place, as in a layer of a connection."""
    (root / "_dialects/een/zaak.kort.layer.yaml").unlink()
    _write(root / f"_dialects/een/{name}.layer.yaml", text)

    assert any(each.startswith(f"_dialects/een/{said}") for each in _found(root)), _found(root)


def test_a_pack_over_no_connection_is_told(root: Path) -> None:
    """With the connection that is likely meant."""
    _write(root / "_dialects/een/dialect.yaml", PACK.replace("over: proef", "over: prof"))

    assert _found(root) == ["_dialects/een/dialect.yaml:5:7 refused there is no connection prof did you mean proef?"]


def test_a_key_of_a_dialect_that_is_wrong_is_told(root: Path) -> None:
    """As of every other file."""
    _write(root / "_dialects/een/dialect.yaml", PACK + "option: {}\n")

    assert _found(root) == ["_dialects/een/dialect.yaml:6:1 refused unknown key option did you mean options?"]


def test_a_connection_that_names_no_pack_of_ours_is_the_one_mistake(root: Path) -> None:
    """Its mappings are looked at as they are."""
    _write(root / "proef/connection.yaml", CONNECTION + "dialects: [en]\n")

    assert _found(root) == ["proef/connection.yaml:5:12 connection there is no dialect en did you mean een?"]
