"""docs/reference/commands.md has every command with every option, in the words of the command line itself."""

from __future__ import annotations

import re
from typing import Any

import pytest
from typer.main import get_command

from hub.cli.main import DOWN, MISCONFIGURED, cli
from tests.support.pages import ROOT, prose

PAGE = ROOT / "docs" / "reference" / "commands.md"


def _commands(command: Any, name: str) -> dict[str, Any]:  # noqa: ANN401 - typer's own click has no public types
    """Give every command that does something, by what is typed for it."""
    inner: dict[str, Any] = getattr(command, "commands", {})
    if not inner:
        return {name: command}
    return {key: value for each in inner for key, value in _commands(inner[each], f"{name} {each}").items()}


COMMANDS = _commands(get_command(cli), "zaakhub")


def _sections() -> dict[str, list[str]]:
    """Give the lines below each heading that is a command."""
    found: dict[str, list[str]] = {}
    lines: list[str] = []
    for _, line in prose(PAGE):
        heading = re.match(r"^## (?:`(zaakhub [^`]+)`)?", line)
        if heading:
            lines = []
            if heading[1]:
                found[heading[1]] = lines
        else:
            lines.append(line)
    return found


def _documented(lines: list[str]) -> dict[str, str]:
    """Give the rows of the table of options: name to meaning."""
    cells = [[cell.strip() for cell in line.split("|")] for line in lines if line.startswith("| `")]
    return {row[1].strip("`").split()[0]: row[2] for row in cells}


def _options(command: Any) -> dict[str, str]:  # noqa: ANN401 - see _commands
    """Give the arguments and options of a command: name to help."""
    return {
        (each.opts[-1] if each.param_type_name == "option" else (each.metavar or each.name).upper()): each.help
        for each in command.params
        if each.name != "help"
    }


def test_every_command_has_its_section_and_no_section_is_of_a_command_that_is_gone() -> None:
    """Help on the page is help on a command that is there."""
    assert sorted(_sections()) == sorted(COMMANDS)


@pytest.mark.parametrize("name", COMMANDS)
def test_a_command_is_described_as_it_describes_itself(name: str) -> None:
    """The first sentence of its help stands on the page."""
    said = " ".join(COMMANDS[name].help.partition("\n")[0].split())

    assert said in " ".join(_sections()[name])


@pytest.mark.parametrize("name", COMMANDS)
def test_every_option_stands_there_with_its_help(name: str) -> None:
    """No more and no fewer, word for word."""
    assert _documented(_sections()[name]) == _options(COMMANDS[name])


def test_the_exit_codes_are_those_of_the_code() -> None:
    """0, 1, 2 and two of sysexits.h."""
    codes = [int(code) for _, line in prose(PAGE) for code in re.findall(r"^\| `(\d+)` \|", line)]

    assert codes == [0, 1, 2, DOWN, MISCONFIGURED]
