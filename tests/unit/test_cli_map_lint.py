"""`zaakhub map lint` at the terminal: what a person sees, what is written, and how it ends."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from hub.cli.main import cli

ROOT = Path(__file__).parents[2]
CONNECTION = """\
connection: proef
direction: inbound
access: {kind: none}
adapter: stuf_zds
"""
RULES = """\
message: creeerZaak_Lk01
gives: nl.zaken.zaak-aangemaakt.v1
rules:
  - {to: zaak.identificatie, from: object/identificatie, required: true}
  - {to: zaak.startdatm, from: object/startdatum, via: [stuf-datum]}
ignore:
  - {path: "**", reason: "an example maps little"}
"""


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Make a folder of connections with one, that has one mistake."""
    proef = tmp_path / "mappings" / "proef"
    proef.mkdir(parents=True)
    (proef / "connection.yaml").write_text(CONNECTION)
    (proef / "creeerZaak_Lk01.map.yaml").write_text(RULES)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("ZAAKHUB_MAPPINGS", "mappings")
    monkeypatch.setenv("COLUMNS", "120")
    return proef


def _lint(*arguments: str) -> Result:
    return CliRunner().invoke(cli, ["map", "lint", *arguments])


def test_the_shipped_mappings_have_no_findings(monkeypatch: pytest.MonkeyPatch) -> None:
    """Not even a note: every field of the messages is read, or ignored with a reason. No secret is needed to say so."""
    monkeypatch.chdir(ROOT)
    monkeypatch.setenv("ZAAKHUB_MAPPINGS", "mappings")
    for name in ("ZGW_ZAKEN_URL", "ZGW_CATALOGI_URL", "ZGW_DOCUMENTEN_URL", "ZGW_BESLUITEN_URL", "ZGW_SECRET"):
        monkeypatch.delenv(name, raising=False)

    result = _lint("--format", "json")

    assert json.loads(result.stdout) == []
    assert result.exit_code == 0


@pytest.mark.usefixtures("folder")
def test_a_mistake_is_shown_in_its_line() -> None:
    """Place, line, mark, sentence, advice; and a summary. Then it ends with 1."""
    result = _lint()

    assert result.stdout == (
        "mappings/proef/creeerZaak_Lk01.map.yaml:5:15  error  unknown-target\n"
        "    5 │   - {to: zaak.startdatm, from: object/startdatum, via: [stuf-datum]}\n"
        "      │               ^^^^^^^^^\n"
        "  `zaak` has no field `startdatm`\n"
        "  → did you mean startdatum?\n"
        "\n"
        "✗ 2 files: 1 error; --fix corrects 1\n"
    )
    assert result.exit_code == 1


def test_what_is_sure_is_corrected(folder: Path) -> None:
    """The one word, nothing else of the file; and it says so."""
    result = _lint("--fix")

    assert result.exit_code == 0
    assert "fixed mappings/proef/creeerZaak_Lk01.map.yaml:5:15  startdatm → startdatum" in result.stderr
    assert "✓ 2 files, nothing found" in result.stdout
    assert (folder / "creeerZaak_Lk01.map.yaml").read_text() == RULES.replace("startdatm", "startdatum")


@pytest.mark.usefixtures("folder")
@pytest.mark.parametrize(("format_", "begins"), [("json", "["), ("sarif", "{"), ("junit", "<testsuites")])
def test_programs_get_their_format(format_: str, begins: str) -> None:
    """And the same exit code."""
    result = _lint("--format", format_)

    assert result.stdout.startswith(begins)
    assert "startdatm" in result.stdout
    assert result.exit_code == 1


def test_a_secret_is_told_and_never_shown(folder: Path) -> None:
    """Nor a person: reports end up in logs of a build server."""
    (folder / "connection.yaml").write_text(CONNECTION + 'description: "vraag jan.jansen@gemeente-elders.nl"\n')

    for format_ in ("text", "json", "sarif", "junit"):
        result = _lint("--format", format_)

        assert "personal-literal" in result.stdout
        assert "jansen" not in result.stdout


def test_a_connection_that_is_wrong_is_told_with_the_mistakes_in_its_mappings(folder: Path) -> None:
    """All of its own problems at once; a variable that only the hub has is none of them."""
    (folder / "connection.yaml").write_text(CONNECTION.replace("inbound", "inbond") + "acknowlege: '${ONBEKEND}'\n")

    found = json.loads(_lint("--format", "json").stdout)

    assert [(each["rule"], each["line"], each["advice"]) for each in found][:2] == [
        ("connection", 2, "did you mean inbound?"),
        ("unknown-target", 5, "did you mean startdatum?"),
    ]


def test_a_connection_that_is_not_there_is_wrong_use(folder: Path) -> None:
    """Which ones there are is said."""
    result = _lint("prof")

    assert folder.name in str(result.exception)
    assert result.exit_code != 0


def test_a_long_line_is_cut_around_the_mistake(folder: Path) -> None:
    """The mark stays below its word."""
    file = folder / "creeerZaak_Lk01.map.yaml"
    file.write_text(RULES.replace("startdatm,", f"omschrijving, value: {'lang ' * 60}, form: x, "))

    shown = _lint().stdout.splitlines()

    line = next(each for each in shown if "form: x" in each)
    mark = shown[shown.index(line) + 1]
    assert len(line) <= 120
    assert line[mark.index("^") :].startswith("form")


def test_a_folder_elsewhere_is_named_as_it_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """From where nothing is below, the whole path says where to look."""
    shutil.copytree(ROOT / "mappings" / "_codes", tmp_path / "a" / "mappings" / "_codes")
    (tmp_path / "b").mkdir()
    monkeypatch.chdir(tmp_path / "b")
    monkeypatch.setenv("ZAAKHUB_MAPPINGS", str(tmp_path / "a" / "mappings"))

    found = json.loads(_lint("--format", "json").stdout)

    assert {each["rule"] for each in found} == {"unused-table"}
    assert found[0]["file"].startswith(str(tmp_path / "a" / "mappings" / "_codes"))
