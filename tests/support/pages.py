"""The pages of the documentation, as their readers see them: fenced blocks, links, headings, names in code style.

It knows the small part of Markdown that our pages use. It refuses to know what a block means.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).parents[2]
PAGES = (ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md")))
"""The pages that are documentation."""

ALL_PAGES = (
    *PAGES,
    *sorted(ROOT.glob("[A-Z]*.md")),
    *sorted(ROOT.glob("adapters/*/*.md")),
    *sorted(ROOT.glob("mappings/*/*.md")),
    *ROOT.glob("deploy/*/*.md"),
)
"""These, and the pages that stand beside what they are about."""

_FENCE = re.compile(r"^ *```(\w*)")
_NOT_RUN = re.compile(r"<!-- not run: (\S.*) -->$")
_SAVED = re.compile(r"\bas `([\w./-]+)`:$")
_LINK = re.compile(r"!?\[[^\]]*\]\(([^)\s]+)\)")
_HEADING = re.compile(r"^#{1,6} +(.+?) *$")
_CODE = re.compile(r"`([^`]+)`")


class Block(NamedTuple):
    """One fenced block. `not_run` is the reason why it is not executed, `file` the name the reader saves it under."""

    line: int
    language: str
    text: str
    not_run: str
    file: str


def name_of(page: Path) -> str:
    """Name a page from the root of the repository."""
    return str(page.relative_to(ROOT))


def blocks(page: Path) -> list[Block]:
    """Give the fenced blocks of a page, in order."""
    found: list[Block] = []
    before = ""
    lines = iter(enumerate(page.read_text(encoding="utf-8").splitlines(), 1))
    for number, line in lines:
        fence = _FENCE.match(line)
        if fence is None:
            before = line.strip() or before
            continue
        content: list[str] = []
        for _, inside in lines:
            if inside.strip() == "```":
                break
            content.append(inside)
        exempt, saved = _NOT_RUN.search(before), _SAVED.search(before)
        text = "".join(f"{each}\n" for each in content)
        found.append(Block(number, fence[1], text, exempt[1] if exempt else "", saved[1] if saved else ""))
        before = ""
    return found


def prose(page: Path) -> Iterator[tuple[int, str]]:
    """Give the lines outside fenced blocks, with their numbers."""
    inside = False
    for number, line in enumerate(page.read_text(encoding="utf-8").splitlines(), 1):
        if _FENCE.match(line):
            inside = not inside
        elif not inside:
            yield number, line


def links(page: Path) -> list[tuple[int, str]]:
    """Give the targets of links and images, with the line on which each begins; its text may go on over lines."""
    lines = dict(prose(page))
    text = "\n".join(_CODE.sub("", lines.get(number, "")) for number in range(1, max(lines, default=0) + 1))
    return [(text.count("\n", 0, found.start()) + 1, found[1]) for found in _LINK.finditer(text)]


def code_names(page: Path) -> list[tuple[int, str]]:
    """Give what stands in code style, with its line."""
    return [(number, name) for number, line in prose(page) for name in _CODE.findall(line)]


def anchors(page: Path) -> set[str]:
    """Give the anchors that the headings of a page get: lower case, no punctuation, dashes for spaces."""
    headings = (_HEADING.match(line) for _, line in prose(page))
    return {re.sub(r"[^\w\- ]", "", heading[1].lower()).replace(" ", "-") for heading in headings if heading}


def rows(page: Path) -> dict[str, list[str]]:
    """Give the rows of the tables of a page whose first cell is a name in code style, by that name."""
    cells = (
        [cell.strip().replace(r"\|", "|") for cell in re.split(r"(?<!\\)\|", line)[1:-1]]
        for _, line in prose(page)
        if line.startswith("| `")
    )
    return {first.strip("`"): rest for first, *rest in cells}
