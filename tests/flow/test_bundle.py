"""The mappings of a connection travel as one piece: everything they are made of, and nothing else."""

from __future__ import annotations

import zlib
from pathlib import Path

import orjson
import pytest

from hub.config import policy
from hub.errors import ConfigurationWrong
from hub.flow.bundle import compile_bundle, pack, read_bundle, revision_of

MAPPING = """
message: nl.zaken.zaak-bijgewerkt.v1
gives: doel
rules:
  - {to: zaak, from: zaak/identificatie}
  - {to: soort, from: zaak/zaaktype, via: [{code: soorten}]}
  - {use: gedeeld}
"""
PART = "rules: [{to: omschrijving, from: zaak/omschrijving}]\n"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    root = tmp_path / "koppelingen"
    for name, text in {
        "uit/nl.zaken.zaak-bijgewerkt.v1.map.yaml": MAPPING,
        "uit/_codes/soorten.csv": "van,naar\nA,B\n",
        "uit/connection.yaml": "secret: not-to-travel\n",
        "uit/cases/een/input.json": "{}",
        "_parts/gedeeld.yaml": PART,
        "ander/x.map.yaml": "message: x\ngives: y\nrules: []\n",
    }.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text)
    return root


def _names(files: bytes) -> set[str]:
    return set(orjson.loads(zlib.decompress(files)))


def test_a_pack_holds_mappings_parts_and_tables(root: Path) -> None:
    """No cases, no connection.yaml with its secrets, nothing of other connections."""
    assert _names(pack("uit", root)) == {
        "uit/nl.zaken.zaak-bijgewerkt.v1.map.yaml",
        "uit/_codes/soorten.csv",
        "_parts/gedeeld.yaml",
    }


def test_a_pack_holds_layers_and_what_is_done_backwards(root: Path) -> None:
    """Also what that one does backwards in its turn, and no more when two do each other."""
    (root / "uit/nl.zaken.zaak-bijgewerkt.v1.bouw.layer.yaml").write_text("layer: {sender: bouw}\n")
    (root / "uit/y.map.yaml").write_text("message: y\ninverts: ander/x\n")
    (root / "ander/z.map.yaml").write_text("message: z\ninverts: uit/y\n")

    assert _names(pack("uit", root)) >= {
        "uit/nl.zaken.zaak-bijgewerkt.v1.bouw.layer.yaml",
        "uit/y.map.yaml",
        "ander/x.map.yaml",
        "ander/z.map.yaml",
    }


def test_a_pack_compiles_to_what_it_was_made_of(root: Path, tmp_path: Path) -> None:
    """The same revision, wherever it is compiled; nothing of it stays on disk."""
    bundle = read_bundle("uit", root, forms={})
    home = tmp_path / "home"
    home.mkdir()

    mappings = compile_bundle("uit", bundle.files, root_name=root.name, home=home, forms={})

    assert revision_of(mappings) == bundle.revision
    assert mappings["nl.zaken.zaak-bijgewerkt.v1"].run({"zaak": {"identificatie": "1", "zaaktype": "A"}}).data == {
        "zaak": "1",
        "soort": "B",
    }
    assert list(home.iterdir()) == []


@pytest.mark.parametrize("name", ["_parts/gedeeld.yaml", "uit/_codes/soorten.csv"])
def test_the_revision_changes_with_every_file_that_is_used(root: Path, name: str) -> None:
    """Also with a part or a table that all connections share; not with a file of another connection."""
    before = read_bundle("uit", root, forms={}).revision
    (root / "ander/x.map.yaml").write_text("message: x\ngives: y\nrules: [{to: a, from: b}]\n")
    (root / "_parts/ongebruikt.yaml").write_text(PART)
    assert read_bundle("uit", root, forms={}).revision == before

    with (root / name).open("a") as file:
        file.write("\n")

    assert read_bundle("uit", root, forms={}).revision != before


def test_a_mistake_in_a_pack_is_told_as_it_is_in_the_file(root: Path, tmp_path: Path) -> None:
    """By its name from the folder of connections: no folder of a worker."""
    (root / "_parts/gedeeld.yaml").write_text("rules: [{to: omschrijving, form: x}]\n")

    with pytest.raises(ConfigurationWrong, match=r"^koppelingen/_parts/gedeeld.yaml:1:"):
        compile_bundle("uit", pack("uit", root), root_name=root.name, home=tmp_path, forms={})


def test_a_file_that_is_not_utf_8_is_named(root: Path) -> None:
    """And what is too large for a mapping."""
    (root / "_codes").mkdir()
    (root / "_codes/vreemd.csv").write_bytes(b"van,naar\n\xff,x\n")

    with pytest.raises(ConfigurationWrong, match=r"^koppelingen/_codes/vreemd.csv: the file is not UTF-8"):
        pack("uit", root)


def test_too_much_is_refused(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The ledger keeps every revision."""
    monkeypatch.setattr(policy, "REVISION_BYTES_MAX", 100)

    with pytest.raises(ConfigurationWrong, match="larger than 100 bytes together"):
        pack("uit", root)
