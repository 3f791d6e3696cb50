"""The pictures in the documentation are of what there is."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from lxml import etree

from tests.support.pages import PAGES, ROOT, links
from tests.support.picture import IMAGE
from tests.support.screenshots import IMAGES, PICTURES

SIZE_BYTES_MAX = 150_000
"""A picture of a whole window stays below: a clone is no photo album."""


def test_the_picture_of_an_explanation_is_what_the_command_prints() -> None:
    """After a change: `python -m tests.support.picture > docs/images/explanation.svg`."""
    drawn = subprocess.run(
        [sys.executable, "-m", "tests.support.picture"], cwd=ROOT, capture_output=True, text=True, check=True
    )

    assert IMAGE.read_text(encoding="utf-8") == drawn.stdout


@pytest.mark.parametrize("image", sorted((ROOT / "docs" / "images").glob("*.svg")), ids=lambda path: path.name)
def test_a_picture_says_what_is_on_it_and_fetches_nothing(image: Path) -> None:
    """A reader who cannot see it has its title and description; no font or script comes from elsewhere."""
    text = image.read_text(encoding="utf-8")
    root = etree.fromstring(text.encode())

    assert [each.tag.rpartition("}")[2] for each in root if each.get("id") in {"t", "d"}] == ["title", "desc"]
    assert "url(http" not in text
    assert 'url("http' not in text


def test_the_pictures_of_the_console_are_those_that_the_script_makes_and_pages_show() -> None:
    """After a change that can be seen: `python -m tests.support.screenshots`."""
    shown = {Path(target).name for page in PAGES for _, target in links(page) if target.endswith(".webp")}

    assert {path.name for path in IMAGES.glob("*.webp")} == set(PICTURES) == shown
    assert [path.name for path in IMAGES.glob("*.webp") if path.stat().st_size > SIZE_BYTES_MAX] == []
