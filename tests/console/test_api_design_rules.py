"""The NL API Design Rules have nothing against the description of the API."""

from __future__ import annotations

from pathlib import Path

import pytest

from hub.console.openapi import FILE
from tests.support.shared import SHARED
from tests.support.spectral import problems_of

RULES = SHARED / "standards" / "logging" / "nl-api-design-rules.spectral.yaml"

pytestmark = [
    pytest.mark.slow,
    pytest.mark.shared,
    pytest.mark.skipif(not RULES.is_file(), reason="no reference data beside the checkout"),
]


def test_the_design_rules_find_no_error() -> None:
    """The ruleset of Logius, in Spectral."""
    assert problems_of(Path(__file__).parents[2] / "schemas" / FILE, RULES) == ""


def test_the_design_rules_find_an_error_that_was_made(tmp_path: Path) -> None:
    """Spectral reads the rules: an underscore in a path is found."""
    text = (Path(__file__).parents[2] / "schemas" / FILE).read_text(encoding="utf-8")
    wrong = tmp_path / "openapi.json"
    wrong.write_text(text.replace('"/flow-map"', '"/flow_map"'), encoding="utf-8")

    assert "kebab-case" in problems_of(wrong, RULES)
