"""hub/config/published.py: XSDs out of a folder or zip, and nothing else; a zip may be anybody's."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest

from hub.config import published
from hub.config.published import documents_at
from hub.errors import ConfigurationWrong
from tests.support.xsd import STANDARD, folder_with, zip_with


def test_a_folder_and_a_zip_give_the_same_documents(tmp_path: Path) -> None:
    """By their path in it; what is no XSD stays out."""
    others = {"LEESMIJ.txt": b"x", "berichten/dienst.wsdl": b"<x/>"}

    assert documents_at(folder_with(tmp_path / "map", {**STANDARD, **others})) == STANDARD
    assert documents_at(zip_with(tmp_path / "set.zip", {**STANDARD, **others})) == STANDARD


@pytest.mark.parametrize("path", ["../a.xsd", "a/../../b.xsd", "/etc/a.xsd", "C:/a.xsd", "a\\b.xsd", "..\\a.xsd"])
def test_a_zip_with_a_path_that_leaves_it_is_refused(tmp_path: Path, path: str) -> None:
    """Whole: who makes such a zip cannot be trusted with the rest."""
    archive = zip_with(tmp_path / "set.zip", {**STANDARD, "x": b""})
    with zipfile.ZipFile(archive, "a") as opened:
        entry = zipfile.ZipInfo("x.xsd")
        entry.filename = path  # as a hostile writer would: the constructor tidies it
        opened.writestr(entry, b"<a/>")

    with pytest.raises(ConfigurationWrong, match="holds a path that leaves it"):
        documents_at(archive)


def test_a_link_to_outside_the_folder_is_refused(tmp_path: Path) -> None:
    """What lies elsewhere was not published with it."""
    secret = tmp_path / "geheim.xsd"
    secret.write_bytes(b"<a/>")
    folder = folder_with(tmp_path / "map", STANDARD)
    (folder / "los.xsd").symlink_to(secret)

    with pytest.raises(ConfigurationWrong, match=r"los\.xsd is a link to outside it"):
        documents_at(folder)


def test_a_zip_that_unpacks_to_more_than_the_limit_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """By what comes out, not by what the zip says of itself."""
    monkeypatch.setattr(published, "SCHEMA_BYTES_MAX", 1_000)

    with pytest.raises(ConfigurationWrong, match="holds more than"):
        documents_at(zip_with(tmp_path / "bom.zip", {"a.xsd": b"0" * 600, "b.xsd": b"0" * 600}))
    with pytest.raises(ConfigurationWrong, match="holds more than"):
        documents_at(zip_with(tmp_path / "bom.zip", {"a.xsd": b"0" * 100_000}))


def test_more_documents_than_the_limit_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """In a folder as in a zip."""
    monkeypatch.setattr(published, "SCHEMA_FILES_MAX", 3)

    with pytest.raises(ConfigurationWrong, match="holds more than 3 XSDs"):
        documents_at(folder_with(tmp_path / "map", STANDARD))


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_a_zip_with_the_same_path_twice_is_refused(tmp_path: Path) -> None:
    """Which of the two somebody looked at is anybody's guess."""
    archive = zip_with(tmp_path / "set.zip", STANDARD)
    with zipfile.ZipFile(archive, "a") as opened:
        opened.writestr("sector/zaak.xsd", b"<a/>")

    with pytest.raises(ConfigurationWrong, match=r"holds sector/zaak\.xsd twice"):
        documents_at(archive)


def test_an_encrypted_zip_is_refused(tmp_path: Path) -> None:
    """It says so in a flag."""
    archive = zip_with(tmp_path / "set.zip", {"a.xsd": b"<a/>"})
    content = archive.read_bytes()
    at = content.index(b"PK\x01\x02") + 8
    archive.write_bytes(content[:at] + b"\x01" + content[at + 1 :])

    with pytest.raises(ConfigurationWrong, match=r"a\.xsd is encrypted"):
        documents_at(archive)


@pytest.mark.parametrize("cut", [0, 10, 200])
def test_a_zip_that_is_not_whole_is_refused(tmp_path: Path, cut: int) -> None:
    """An interrupted download."""
    archive = zip_with(tmp_path / "set.zip", STANDARD)
    archive.write_bytes(archive.read_bytes()[:cut])

    with pytest.raises(ConfigurationWrong, match="is not a zip that can be read"):
        documents_at(archive)


def test_a_zip_whose_content_was_damaged_is_refused(tmp_path: Path) -> None:
    """The checksum of the zip does not fit any more."""
    archive = zip_with(tmp_path / "set.zip", {"a.xsd": bytes(range(256)) * 20})
    content = bytearray(archive.read_bytes())
    content[60] ^= 0xFF
    archive.write_bytes(content)

    with pytest.raises(ConfigurationWrong, match="is not a zip that can be read"):
        documents_at(archive)


def test_what_is_not_there_is_refused(tmp_path: Path) -> None:
    """With advice."""
    with pytest.raises(ConfigurationWrong, match="there is no such folder or zip"):
        documents_at(tmp_path / "weg.zip")
