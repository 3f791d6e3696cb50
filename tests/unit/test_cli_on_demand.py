"""What a command does not need is not imported for it, and no garbage is looked for where there is none."""

from __future__ import annotations

import gc
import subprocess
import sys

import pytest
from typer.core import TyperGroup
from typer.main import get_command
from typer.testing import CliRunner

from hub import garbage
from hub.cli.main import COMMANDS, cli

HEAVY = ("hub.app", "hub.mapping.compile", "aiohttp", "uvicorn", "pydantic", "lxml")


def _imported(statement: str) -> set[str]:
    """Give which of the heavy modules a process has after this."""
    code = f"{statement}\nimport sys\nprint(*(name for name in {HEAVY} if name in sys.modules))"
    ended = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    return set(ended.stdout.split())


@pytest.mark.parametrize(
    ("statement", "expected"),
    [
        ("import hub.cli.main", set()),
        ("import hub.cli.mapping.lint", {"hub.mapping.compile", "pydantic", "lxml"}),
        ("import hub.app", {"hub.app", "hub.mapping.compile", "pydantic", "lxml"}),
    ],
)
def test_a_command_imports_no_more_than_it_needs(statement: str, expected: set[str]) -> None:
    """The command line itself nothing heavy; one that maps no hub; one that looks in the ledger no HTTP client."""
    assert _imported(statement) <= expected


def test_the_help_lists_every_command_in_the_order_of_the_table() -> None:
    """Also those that nothing has imported yet."""
    shown = CliRunner().invoke(cli, ["--help"]).output.splitlines()
    first = [line.strip("│ ").split()[0] for line in shown if line.startswith("│ ") and line[2:3].isalpha()]

    assert [each for each in first if each in COMMANDS] == list(COMMANDS)


def test_a_mistyped_command_is_told_what_is_likely() -> None:
    """The names are known without the modules."""
    told = CliRunner().invoke(cli, ["mpa"])

    assert told.exit_code == 2
    assert "Did you mean 'map'" in told.output


def test_a_command_has_the_name_of_the_table() -> None:
    """Whatever its function is called."""
    group = get_command(cli)
    assert isinstance(group, TyperGroup)

    assert [group.commands[name].name for name in COMMANDS] == list(COMMANDS)


def test_the_garbage_collector_goes_on_afterwards() -> None:
    """Also one inside another, and after an error."""
    with garbage.kept():
        with garbage.kept():
            pass
        assert not gc.isenabled()
    assert gc.isenabled()
    with pytest.raises(ZeroDivisionError), garbage.kept():
        _ = 1 / 0
    assert gc.isenabled()
