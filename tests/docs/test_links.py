"""Every link leads somewhere, and every file that a page names is there."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.support.pages import ALL_PAGES, ROOT, anchors, blocks, code_names, links, name_of

_ELSEWHERE = re.compile(r"^(?:https?|mailto):")
_FOLDERS = "hub|adapters|mappings|schemas|deploy|docs|tests|requirements"
_PATH = re.compile(rf"^(?:{_FOLDERS})(?:/[\w.\-]+)+/?$")


@pytest.mark.parametrize("page", ALL_PAGES, ids=name_of)
def test_every_relative_link_leads_to_a_file_and_to_a_heading_in_it(page: Path) -> None:
    """Nothing points at what was renamed."""
    broken = []
    for line, target in links(page):
        if _ELSEWHERE.match(target):
            continue
        path, _, anchor = target.partition("#")
        file = (page.parent / path) if path else page
        if not file.exists() or (anchor and anchor not in anchors(file)):
            broken.append(f"{name_of(page)}:{line}: {target}")

    assert broken == []


@pytest.mark.parametrize("page", ALL_PAGES, ids=name_of)
def test_every_path_in_code_style_is_there(page: Path) -> None:
    """`hub/flow/stage.py` in a page is a file of the repository, or one that the page lets its reader make."""
    made = {block.file for block in blocks(page)}
    missing = [
        f"{name_of(page)}:{line}: {name}"
        for line, name in code_names(page)
        if _PATH.match(name) and name not in made and not (ROOT / name).exists()
    ]

    assert missing == []


def test_every_page_can_be_found_from_the_index() -> None:
    """docs/README.md lists every page, or the folder of decisions."""
    index = ROOT / "docs" / "README.md"
    linked = {(index.parent / target.partition("#")[0]).resolve() for _, target in links(index)}
    pages = {page for page in (ROOT / "docs").rglob("*.md") if page.parent.name != "decisions"}

    assert pages - linked == {index}
