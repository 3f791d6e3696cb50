"""The reference pages of the mapping language are true: their examples run, and every function is on them."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import NamedTuple

import pytest
from lxml import etree

from hub.mapping.cases import Given, entries_of
from hub.mapping.functions import FUNCTIONS, reference
from hub.mapping.language import filled, tables
from tests.support.mapping import Language

REFERENCE = Path(__file__).parents[2] / "docs" / "reference"
LANGUAGE = (REFERENCE / "mapping-language.md").read_text()
_BLOCK = re.compile(r"^```(\w+)(?: (\S+))?\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_NAMED = re.compile(r"# ([\w./-]+\.yaml)\n")


class Turn(NamedTuple):
    """A message, who sent it, and what comes out."""

    message: str
    sender: str
    gives: str
    answers: str = "[]"


class Example(NamedTuple):
    """Consecutive blocks: files beside the mapping, the mapping, and messages with what comes out."""

    files: tuple[tuple[str, str], ...]
    mapping: str
    turns: tuple[Turn, ...]


def _examples() -> list[Example]:
    found: list[Example] = []
    files: list[tuple[str, str]] = []
    mapping, turns = "", list[Turn]()
    blocks = _BLOCK.findall(LANGUAGE)
    while blocks:
        kind, name, text = blocks.pop(0)
        named = _NAMED.match(text)
        if turns and kind in {"yaml", "csv"}:
            found.append(Example(tuple(files), mapping, tuple(turns)))
            files, mapping, turns = [], "", []
        if kind == "csv":
            files.append((f"_codes/{name}.csv", text))
        elif named:
            files.append((named[1], text))
        elif kind == "yaml":
            assert not mapping, "two mappings and no message between them"
            mapping = text
        else:
            assert mapping, f"a {kind} block without a mapping before it"
            answers = blocks.pop(0)[2] if blocks[0][1] == "answers" else "[]"
            turns.append(Turn(text, name, blocks.pop(0)[2], answers))
    return [*found, Example(tuple(files), mapping, tuple(turns))]


EXAMPLES = _examples()


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: str(EXAMPLES.index(example)))
def test_an_example_of_the_language_gives_what_the_page_says(example: Example, tmp_path: Path) -> None:
    """The rules turn each message into exactly the JSON below it, fields in the same order."""
    language = Language(tmp_path)
    for name, text in example.files:
        file = (language.root if "/" in name else language.connection) / name
        file.parent.mkdir(exist_ok=True)
        file.write_text(text)
    message = example.mapping.splitlines()[0].removeprefix("message: ")
    mapping = language.file(example.mapping, name=message)

    for turn in example.turns:
        source = etree.fromstring(turn.message) if turn.message.startswith("<") else json.loads(turn.message)
        (tmp_path / "answers.json").write_text(turn.answers)
        given = Given(mapping, message, source, {"zender": turn.sender})
        data = mapping.run(source, context=given.answered(entries_of(tmp_path / "answers.json")).context).data

        assert json.dumps(data) == json.dumps(json.loads(turn.gives))


def test_there_are_examples_to_run() -> None:
    """The test above is worth something: every YAML block is a mapping, or a file beside one."""
    mappings = [text for kind, _, text in _BLOCK.findall(LANGUAGE) if kind == "yaml" and not _NAMED.match(text)]

    assert [each.mapping for each in EXAMPLES] == mappings
    assert len(mappings) >= 12
    assert all(each.turns for each in EXAMPLES)


def test_the_tables_of_the_page_are_those_of_the_code() -> None:
    """After a change: `python -m hub.mapping.language docs/reference/mapping-language.md`."""
    assert filled(LANGUAGE) == LANGUAGE


def test_every_table_is_on_the_page_once() -> None:
    """No key, reason, action or notation is left out."""
    assert sorted(re.findall(r"^<!-- made: ([\w ]+) -->$", LANGUAGE, re.MULTILINE)) == sorted(tables())


def test_the_page_of_functions_is_the_one_made_from_the_functions() -> None:
    """After a change: `python -m hub.mapping.functions > docs/reference/mapping-functions.md`."""
    assert (REFERENCE / "mapping-functions.md").read_text() == reference()


def test_every_function_is_on_the_page() -> None:
    """By its name as a heading."""
    headings = re.findall(r"^### `(.+)`$", (REFERENCE / "mapping-functions.md").read_text(), re.MULTILINE)

    assert sorted(headings) == sorted(FUNCTIONS)
