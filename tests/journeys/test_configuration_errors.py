"""What is written wrong stops the start: file, line, what is wrong, the likely correction; exit code 78."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from hub.testkit.memory import ENVIRONMENT

SHIPPED = Path(__file__).parents[2] / "mappings"
CONNECTION = "formulieren-naar-zaken/connection.yaml"
MAPPING = "formulieren-naar-zaken/actualiseerZaakstatus_Lk01.map.yaml"


@pytest.fixture
def mappings(tmp_path: Path) -> Path:
    """Give a copy of the shipped connections to break."""
    return Path(shutil.copytree(SHIPPED, tmp_path / "mappings", ignore=shutil.ignore_patterns("cases")))


def test_every_mistake_is_told_with_its_place_and_the_likely_correction(mappings: Path) -> None:
    """Two files with a mistake each: both are told in one go."""
    _replace(mappings / CONNECTION, "acknowledge: accepted", "acknowledg: accepted")
    _replace(mappings / "zaken-naar-zgw/connection.yaml", "domain: zaken", "domein: zaken")
    done = _check(mappings, "serve")

    assert done.returncode == 78
    assert f"{CONNECTION}:6:1" in done.stderr
    assert "acknowledge" in done.stderr
    assert "zaken-naar-zgw/connection.yaml:6:1" in done.stderr
    assert "did you mean domain?" in done.stderr


def test_an_adapter_that_does_not_exist_is_told_with_the_nearest(mappings: Path) -> None:
    """And the mapping files are checked in the same run."""
    _replace(mappings / "zaken-naar-zgw/connection.yaml", "adapter: zgw", "adapter: zwg")
    (mappings / MAPPING).write_text(_with_rule((mappings / MAPPING).read_text(), "  - {to: zaak.x, from: object/x}"))
    done = _check(mappings, "check", "--offline")

    assert done.returncode == 78
    assert "did you mean zgw?" in done.stderr
    assert MAPPING in done.stderr


def test_a_mistake_in_a_mapping_stops_the_start_at_its_line(mappings: Path) -> None:
    """The rule, its line and column, and what was probably meant."""
    text = (mappings / MAPPING).read_text()
    (mappings / MAPPING).write_text(_with_rule(text, "  - {to: zaak.omschrijvin, from: object/omschrijving}"))
    done = _check(mappings, "check", "--offline")

    assert done.returncode == 78
    assert MAPPING in done.stderr
    assert "omschrijving" in done.stderr


def test_a_variable_that_is_not_set_is_named(mappings: Path) -> None:
    """The place in the file that asks for it, and its name."""
    done = _check(mappings, "check", "--offline", without="ZGW_SECRET")

    assert done.returncode == 78
    assert "ZGW_SECRET" in done.stderr
    assert "zaken-naar-zgw/connection.yaml:" in done.stderr


def test_a_wrong_setting_is_named(mappings: Path) -> None:
    """The variable, what is wrong with it, and no trace of Python."""
    done = _check(mappings, "serve", ZAAKHUB_GEMEENTE="Utrecht", ZAAKHUB_LEDGERS="sqlite:x")

    assert done.returncode == 78
    assert "ZAAKHUB_GEMEENTE" in done.stderr
    assert "ZAAKHUB_LEDGER" in done.stderr
    assert "Traceback" not in done.stderr


def test_what_is_written_right_passes(mappings: Path) -> None:
    """The shipped connections have no mistake."""
    done = _check(mappings, "check", "--offline")

    assert done.returncode == 0, done.stderr
    assert "configuration" in done.stdout


def _with_rule(text: str, rule: str) -> str:
    head, _, rest = text.partition("rules:\n")
    return f"{head}rules:\n{rule}\n{rest}"


def _replace(path: Path, old: str, new: str) -> None:
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new))


def _check(mappings: Path, *words: str, without: str = "", **settings: str) -> subprocess.CompletedProcess[str]:
    environ = {name: value for name, value in os.environ.items() if not name.startswith(("ZAAKHUB_", "ZGW_"))}
    environ |= {name: value for name, value in ENVIRONMENT.items() if name != without}
    environ |= {"ZAAKHUB_MAPPINGS": str(mappings), "ZAAKHUB_HOME": str(mappings.parent / "var"), **settings}
    return subprocess.run(
        [sys.executable, "-m", "hub.cli", *words], env=environ, capture_output=True, text=True, check=False, timeout=120
    )
