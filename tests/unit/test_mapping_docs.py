"""The reference pages of the mapping language are true: their examples run, and every function is on them."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import NamedTuple

import pytest
from lxml import etree

from hub.mapping.functions import FUNCTIONS, reference
from hub.mapping.rules import Action, Reason
from tests.support.mapping import Language

REFERENCE = Path(__file__).parents[2] / "docs" / "reference"
LANGUAGE = (REFERENCE / "mapping-language.md").read_text()
_BLOCK = re.compile(r"^```(\w+)(?: (\S+))?\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_PART = re.compile(r"# _parts/(\w+)\.yaml\n")


class Example(NamedTuple):
    """Consecutive blocks: what stands beside the mapping, the mapping, the message, and what comes out."""

    files: tuple[tuple[str, str, str], ...]
    mapping: str
    message: str
    gives: str


def _examples() -> list[Example]:
    found: list[Example] = []
    files: list[tuple[str, str, str]] = []
    blocks = _BLOCK.findall(LANGUAGE)
    while blocks:
        kind, name, text = blocks.pop(0)
        part = _PART.match(text)
        if kind == "csv":
            files.append(("table", name, text))
        elif part:
            files.append(("part", part[1], text))
        else:
            assert kind == "yaml", f"a {kind} block without a mapping before it"
            (_, _, message), (_, _, gives) = blocks.pop(0), blocks.pop(0)
            found.append(Example(tuple(files), text, message, gives))
    return found


@pytest.mark.parametrize("example", _examples(), ids=lambda example: str(_examples().index(example)))
def test_an_example_of_the_language_gives_what_the_page_says(example: Example, tmp_path: Path) -> None:
    """The rules turn the message into exactly the JSON below it, fields in the same order."""
    language = Language(tmp_path)
    for kind, name, text in example.files:
        (language.table if kind == "table" else language.part)(name, text)
    message = example.mapping.splitlines()[0].removeprefix("message: ")
    mapping = language.file(example.mapping, name=message)

    source = etree.fromstring(example.message) if example.message.startswith("<") else json.loads(example.message)
    data = mapping.run(source).data

    assert json.dumps(data) == json.dumps(json.loads(example.gives))


def test_there_are_examples_to_run() -> None:
    """The test above is worth something."""
    assert len(_examples()) == LANGUAGE.count("```yaml") - 1 == 7


def test_every_word_of_the_language_is_on_the_page() -> None:
    """Keys of rules, tests of conditions, reasons and actions."""
    keys = (
        "to from first-of value each at via when default empty required rules use exists equals in matches all any not"
    )

    missing = [
        word for word in (*keys.split(), *Reason, *Action) if not re.search(rf"`[^`]*\b{word}\b[^`]*`", LANGUAGE)
    ]

    assert missing == []


def test_the_page_of_functions_is_the_one_made_from_the_functions() -> None:
    """After a change: `python -m hub.mapping.functions > docs/reference/mapping-functions.md`."""
    assert (REFERENCE / "mapping-functions.md").read_text() == reference()


def test_every_function_is_on_the_page() -> None:
    """By its name as a heading."""
    headings = re.findall(r"^## `(.+)`$", (REFERENCE / "mapping-functions.md").read_text(), re.MULTILINE)

    assert headings == sorted(FUNCTIONS)
