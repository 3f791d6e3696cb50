"""The reference pages of settings and metrics say what the code says."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from hub.config.settings import PREFIX, TEST_VARIABLES, Settings
from hub.observe.metrics import reference

REFERENCE = Path(__file__).parents[2] / "docs" / "reference"


def rows(page: str) -> dict[str, list[str]]:
    """Give the rows of the table of a page, by the name in their first cell."""
    lines = (REFERENCE / page).read_text(encoding="utf-8").splitlines()
    cells = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines if line.startswith("| `")]
    return {row[0].strip("`"): row[1:] for row in cells}


def test_every_setting_is_documented_and_every_documented_setting_exists() -> None:
    """The table of settings.md has exactly the variables that the hub reads."""
    assert list(rows("settings.md")) == [PREFIX + name.upper() for name in Settings.model_fields]


@pytest.mark.parametrize("name", ["omgeving", "gemeente", "oin", "home", "listen", "log_level"])
def test_the_documented_default_is_the_default(name: str) -> None:
    """A default in settings.md is the one that the hub uses."""
    assert rows("settings.md")[PREFIX + name.upper()][0] == f"`{getattr(Settings(), name)}`"


@pytest.mark.parametrize("name", ["bus", "ledger", "payloads"])
def test_the_documented_default_of_a_store_lies_in_home(name: str) -> None:
    """`<home>` in settings.md stands for ZAAKHUB_HOME."""
    documented = rows("settings.md")[PREFIX + name.upper()][0].strip("`")

    assert documented.replace("<home>", "elders") == getattr(Settings(home=Path("elders")), name)


def test_every_variable_named_on_the_page_is_one() -> None:
    """No page names a variable that would stop the start."""
    named = set(re.findall(r"ZAAKHUB_[A-Z_]*[A-Z]", (REFERENCE / "settings.md").read_text(encoding="utf-8")))

    assert named == {PREFIX + name.upper() for name in Settings.model_fields} | TEST_VARIABLES


def test_every_metric_is_documented_with_its_labels_and_meaning() -> None:
    """The table of metrics.md is what the hub exports."""
    exported = {name: [", ".join(f"`{label}`" for label in labels), text] for name, labels, text in reference()}

    assert rows("metrics.md") == exported
