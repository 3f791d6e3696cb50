"""What the pages say to type is typed, and what they say it shows is shown.

Blocks of one page run in order, in one folder. A command is what stands after `$ `; the lines below it are what it
prints, with `…` for what differs. A block is left out only by a comment just before it that gives the reason.
Pages beside what they are about (CONTRIBUTING.md, deploy/kafka/README.md) are not run here: the suite itself is what
they say to type.
"""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import yaml
from lxml import etree

from hub.config.settings import Address, Settings
from tests.support.pages import PAGES, Block, blocks, name_of
from tests.support.terminal import matches, terminal, turns

ON_KAFKA = "run-on-kafka.md"
LANGUAGES = {"console", "yaml", "json", "xml", "csv", "ini", "css", "text"}
CONSOLE_PAGES = [
    page for page in PAGES if any(each.language == "console" and not each.not_run for each in blocks(page))
]
DATA_BLOCKS = [
    pytest.param(each, id=f"{name_of(page)}:{each.line}")
    for page in PAGES
    for each in blocks(page)
    if each.language in {"yaml", "json", "xml"} and not each.not_run
]


def _marks(page: Path) -> list[pytest.MarkDecorator]:
    return [pytest.mark.slow, *([pytest.mark.kafka] if page.name == ON_KAFKA else [])]


@pytest.mark.parametrize("page", [pytest.param(page, id=name_of(page), marks=_marks(page)) for page in CONSOLE_PAGES])
def test_what_a_page_says_to_type_shows_what_it_says(page: Path, tmp_path: Path) -> None:
    """Every command, in order, in one terminal; files are saved where the page says to save them."""
    with terminal(tmp_path) as opened:
        for block in blocks(page):
            if block.not_run:
                continue
            if block.file:
                opened.save(block.file, block.text)
            if block.language != "console":
                continue
            for turn in turns(block.text):
                shown = opened.follow(turn)
                assert matches(turn.expected, shown), (
                    f"{name_of(page)}:{block.line}: $ {turn.command}\n"
                    f"--- the page says\n{chr(10).join(turn.expected)}\n--- it shows\n{shown}"
                )


@pytest.mark.parametrize("block", DATA_BLOCKS)
def test_data_in_a_page_is_well_formed(block: Block) -> None:
    """YAML, JSON and XML can be read by whoever copies it."""
    match block.language:
        case "json":
            json.loads(block.text)
        case "xml":
            etree.fromstring(block.text.encode())
        case _:
            assert list(yaml.safe_load_all(block.text)) != [None]


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_every_block_says_what_it_is(page: Path) -> None:
    """A block without a known language would be neither run nor read."""
    assert {each.language for each in blocks(page)} <= LANGUAGES


def test_the_port_of_the_pages_is_the_default() -> None:
    """The pages start `zaakhub serve` without naming a port; the tests put a free one for it."""
    assert Settings().listen == Address("127.0.0.1", 8080)


def test_a_difference_between_page_and_screen_is_noticed() -> None:
    """The wildcard matches what it should and nothing else."""
    page = ["zaak …  B1026", "…", "done"]

    assert matches(page, "zaak 1   B1026\nmore\neven more\ndone\n")
    assert matches(page, "zaak 1 B1026\ndone\n")
    assert not matches(page, "zaak 1 B1062\ndone\n")
    assert not matches(page, "zaak 1 B1026\nmore\n")
    assert not matches([], "a warning\n")


def test_a_command_may_go_on_over_several_lines() -> None:
    """A backslash at the end of a line, as in a shell."""
    assert [tuple(turn) for turn in turns("$ a \\\n  b\nshown\n$ c\n")] == [("a \\\n  b", ["shown"]), ("c", [])]
