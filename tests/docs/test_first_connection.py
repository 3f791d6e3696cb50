"""The tutorial of the first connection asks of its reader nothing but YAML, tables and commands.

That every command shows what the page says is tested with all other pages (test_code_blocks.py).
"""

from __future__ import annotations

import re
from pathlib import Path

from hub.mapping.rules import read_mapping
from tests.support.pages import ROOT, blocks
from tests.support.terminal import turns

PAGE = ROOT / "docs" / "tutorial" / "first-connection.md"
BLOCKS = [each for each in blocks(PAGE) if not each.not_run]
TYPED = [turn.command for each in BLOCKS if each.language == "console" for turn in turns(each.text)]
SHELL = {".", "cat", "cd", "cp", "curl", "export", "kill", "mkdir", "wait"}
"""What a reader types beside `zaakhub`: nothing that edits a file."""


def test_every_file_that_the_reader_writes_is_yaml_or_a_table() -> None:
    """No Python, no JSON, no XML."""
    saved = {Path(each.file).suffix for each in BLOCKS if each.file}

    assert saved == {".yaml", ".csv"}
    assert {each.language for each in BLOCKS} == {"console", "yaml", "csv"}
    assert all(each.file for each in BLOCKS if each.language != "console")


def test_every_command_is_of_the_hub_or_moves_about() -> None:
    """Also no `sed`: a file is changed by saving it."""
    first = {re.sub(r"^\w+=.*$", "export", command.split()[0]) for command in TYPED}

    assert first - SHELL == {"zaakhub"}


def test_the_page_goes_from_nothing_to_a_message_that_arrived() -> None:
    """Every command that a partner needs for a connection is met once or more."""
    met = {" ".join(command.split()[1:3]) for command in TYPED if command.startswith("zaakhub ")}

    assert {"new connection", "new mapping", "map lint", "map test", "map explain", "serve 2>hub.log"} <= met
    assert any(command.startswith("curl") and "--data-binary" in command for command in TYPED)


def test_the_mistake_on_the_page_is_one_that_the_language_allows() -> None:
    """It is found because the hub knows the event, not because the file cannot be read."""
    [mapping, *_] = [each for each in BLOCKS if each.file.endswith(".map.yaml")]

    assert read_mapping(mapping.file, mapping.text).gives == "nl.zaken.zaak-aangemaakt.v1"
