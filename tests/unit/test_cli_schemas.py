"""`zaakhub schemas`: import, list, and what a connection gets of it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from lxml import etree
from typer.testing import CliRunner, Result

from adapters.stuf_zds.definition import findings, imported
from hub.cli.main import cli
from hub.config import official
from hub.errors import ActRefused, ConfigurationWrong
from hub.wire.xml import parse
from tests.support.shared import SHARED, needs_shared
from tests.support.xsd import MESSAGES, STANDARD, folder_with, message, zip_with


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("ZAAKHUB_HOME", str(tmp_path / "huis"))
    return tmp_path / "huis"


@pytest.fixture
def standard(tmp_path: Path) -> Path:
    return zip_with(tmp_path / "Standaard 1.0.zip", STANDARD)


def _run(*words: str) -> Result:
    return CliRunner().invoke(cli, ["schemas", *words])


def test_an_imported_set_is_kept_with_its_checksums(home: Path, standard: Path) -> None:
    """Of what was published, and of what is kept; the name is that of the zip."""
    result = _run("import", str(standard))

    assert result.exit_code == 0, result.output
    assert result.stdout == "✓ standaard-1.0: 4 XSDs, 1 to begin with; kept\n"
    manifest = json.loads((home / "schemas/standaard-1.0/manifest.json").read_text())
    assert manifest["source"] == "Standaard 1.0.zip"
    assert manifest["published"]["sector/zaak.xsd"] == official.checksum(STANDARD["sector/zaak.xsd"])
    assert {each.name for each in (home / "schemas/standaard-1.0").glob("*.xsd")} == manifest["documents"].keys()
    assert [each.name for each in (home / "schemas").iterdir()] == ["standaard-1.0"]


def test_the_list_says_whether_a_set_is_still_what_was_imported(home: Path, standard: Path) -> None:
    """Changed, gone and added documents; exit code 1 then."""
    _run("import", str(standard), "--name", "proef")
    whole = _run("list")
    kept = home / "schemas/proef"
    (kept / "sector--zaak.xsd").write_text("<x/>")
    (kept / "sector--document.xsd").unlink()
    (kept / "vreemd.xsd").write_text("<x/>")
    broken = _run("list", "--json")

    assert whole.exit_code == 0
    assert "proef" in whole.stdout
    assert "as imported" in whole.stdout
    assert broken.exit_code == 1
    [said] = json.loads(broken.stdout)
    assert said["changes"] == [
        "sector--document.xsd is gone", "sector--zaak.xsd changed", "vreemd.xsd was added",
    ]  # fmt: skip
    assert "not as imported" in _run("list").stdout


@pytest.mark.usefixtures("home")
def test_nothing_imported_is_nothing_wrong() -> None:
    """The hub has definitions of its own."""
    result = _run("list")

    assert (result.exit_code, result.stdout) == (
        0, "nothing was imported; connections are checked by the hub's own definitions\n",
    )  # fmt: skip
    assert _run("list", "--json").stdout == "[]\n"


def test_the_same_set_twice_changes_nothing_and_another_under_its_name_is_refused(
    home: Path, tmp_path: Path, standard: Path
) -> None:
    """Connections may use it."""
    other = folder_with(tmp_path / "ander", {**STANDARD, "berichten/meer.xsd": MESSAGES})
    _run("import", str(standard), "--name", "proef")

    again = _run("import", str(standard), "--name", "proef")
    refused = _run("import", str(other), "--name", "proef")

    assert again.stdout.endswith("it was there already\n")
    assert isinstance(refused.exception, ActRefused)
    assert str(home) in refused.exception.advice
    assert _run("list").exit_code == 0


@pytest.mark.usefixtures("home")
@pytest.mark.parametrize("name", ["../weg", "A", "a/b", ".verborgen", "x" * 51, "a b"])
def test_a_name_that_is_no_name_of_a_folder_is_refused(standard: Path, name: str) -> None:
    """It becomes a folder below ZAAKHUB_HOME."""
    result = _run("import", str(standard), "--name", name)

    assert isinstance(result.exception, ConfigurationWrong)
    assert "--name" in result.exception.advice


def test_a_set_that_does_not_compile_is_not_kept(home: Path, tmp_path: Path) -> None:
    """Nothing is left behind."""
    folder = folder_with(tmp_path / "stuk", {**STANDARD, "sector/zaak.xsd": b"<x/>"})

    result = _run("import", str(folder))

    assert isinstance(result.exception, ConfigurationWrong)
    assert not (home / "schemas").exists()


@pytest.mark.usefixtures("home")
def test_what_was_left_out_is_said(tmp_path: Path) -> None:
    """The operator decides whether it matters."""
    loose = MESSAGES.replace(b"<element", b'<include schemaLocation="weg.xsd"/><element', 1)

    result = _run("import", str(folder_with(tmp_path / "proef", {**STANDARD, "berichten/berichten.xsd": loose})))

    assert result.stdout.startswith("! berichten/berichten.xsd asks for weg.xsd, which is not there\n✓ proef: 4 XSDs")


def test_a_connection_gets_the_set_by_name_as_long_as_it_is_unchanged(home: Path, standard: Path) -> None:
    """What was changed after the import is not used; the start says so."""
    _run("import", str(standard), "--name", "proef")

    assert imported("proef").check(parse(message(document="zaakhub-claim:x"))) == ()
    _run("import", str(standard), "--name", "proef-2")
    (home / "schemas/proef-2/sector--zaak.xsd").write_text("<x/>")
    with pytest.raises(ConfigurationWrong, match=r"is not what was imported: sector--zaak\.xsd changed"):
        imported("proef-2")


@pytest.mark.usefixtures("home")
def test_a_set_that_was_not_imported_is_named_with_what_was(standard: Path) -> None:
    """A typing error is likely."""
    _run("import", str(standard), "--name", "zds-1.1")

    with pytest.raises(
        ConfigurationWrong, match=r"no message definitions were imported under the name zds-1\.l"
    ) as wrong:
        imported("zds-1.l")
    assert "zds-1.1" in wrong.value.advice


def test_a_manifest_that_is_damaged_is_named(home: Path, standard: Path) -> None:
    """Not a stack trace."""
    _run("import", str(standard), "--name", "proef")
    (home / "schemas/proef/manifest.json").write_text("{}")

    with pytest.raises(ConfigurationWrong, match="is no manifest of a set"):
        imported("proef")


@pytest.mark.usefixtures("home")
@needs_shared
def test_our_definition_comes_first_and_the_imported_one_after_it() -> None:
    """A message that ours accepts can be wrong by the standard's: it has the list of 1.2, ours serves both versions."""
    _run("import", str(SHARED / "standards/stuf/zds/1.2"), "--name", "zds-1.2")
    sample = SHARED / "samples/stuf/zds12/creeerZaak_Lk01__stp-zds12__02.xml"
    found = parse(sample.read_bytes())
    zaak = next(found.iter("{*}creeerZaak_ZakLk01"))

    assert findings(zaak, imported_as="zds-1.2") == ()
    startdatum = next(zaak.iter("{*}startdatum"))
    startdatum.getparent().remove(startdatum)  # type: ignore[union-attr] # it stands below object
    assert findings(zaak) == ()
    [finding] = findings(zaak, imported_as="zds-1.2")
    assert "startdatum" in finding.sentence
    etree.SubElement(zaak, "onbekend")
    assert findings(zaak, imported_as="zds-1.2") == findings(zaak)
