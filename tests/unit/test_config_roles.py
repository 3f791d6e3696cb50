"""The file that says which group has which role: read whole, and every mistake at its line."""

from __future__ import annotations

from pathlib import Path

import pytest

from hub.config.roles import read_roles
from hub.errors import ConfigurationWrong
from hub.security.roles import EVERY_CONNECTION, Actor, Grant, Right, Role

CONNECTIONS = {"zaken-naar-zgw", "formulieren-naar-zaken"}
FILE = """\
grants:
  - group: beheer
    role: operator
    gemeente: "1900"
    connections: [zaken-naar-zgw]
  - {group: beheer, role: auditor, gemeente: "1900"}
  - {group: partner, role: integratiepartner, gemeente: "0363", connections: [of-another-hub]}
"""


def _read(folder: Path, text: str) -> dict[str, tuple[Grant, ...]]:
    (folder / "roles.yaml").write_text(text)
    return read_roles(folder / "roles.yaml", gemeente="1900", connections=CONNECTIONS).grants


def test_a_group_has_the_roles_that_the_file_gives_it_here(tmp_path: Path) -> None:
    """All of them; lines of another gemeente give nothing, and their connections are not looked for."""
    every = frozenset({EVERY_CONNECTION})
    here = Grant(Role.OPERATOR, frozenset({"zaken-naar-zgw"}))

    assert _read(tmp_path, FILE) == {"beheer": (here, Grant(Role.AUDITOR, every))}


def test_who_is_in_several_groups_has_all_their_roles(tmp_path: Path) -> None:
    """And groups that the file does not name are nothing."""
    (tmp_path / "roles.yaml").write_text(FILE.replace("0363", "1900").replace("of-another-hub", "zaken-naar-zgw"))
    roles = read_roles(tmp_path / "roles.yaml", gemeente="1900", connections=CONNECTIONS)
    actor = Actor("piet", roles.of(["partner", "beheer", "iedereen"]))

    assert roles.known(["partner", "iedereen", "beheer"]) == ("beheer", "partner")
    assert actor.may(Right.REPLAY, "zaken-naar-zgw")
    assert not actor.may(Right.REPLAY, "formulieren-naar-zaken")
    assert actor.may(Right.MAPPING, "zaken-naar-zgw")
    assert actor.may(Right.AUDIT)
    assert not actor.may(Right.SUBJECT)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (("role: operator", "role: operater"), ":3:11: role must be"),
        (("role: operator", "rol: operator"), ":3:5: unknown key rol (did you mean role?)"),
        (('gemeente: "1900"\n', "gemeente: 1900\n"), ":4:15: gemeente must be a valid string (put it in quotes)"),
        (("[zaken-naar-zgw]", "[zaken-nar-zgw]"), ":5:19: there is no connection zaken-nar-zgw"),
        (("[zaken-naar-zgw]", "[]"), ":5:18: connections must name a connection"),
        (("  - group: beheer\n    role", "  - role"), ":2:5: the key group is missing"),
    ],
)
def test_a_mistake_is_told_with_its_place(tmp_path: Path, change: tuple[str, str], said: str) -> None:
    """File, line and column, and what is likely meant."""
    assert change[0] in FILE
    with pytest.raises(ConfigurationWrong) as caught:
        _read(tmp_path, FILE.replace(*change, 1))

    assert "after validation" not in str(caught.value)
    assert f"roles.yaml{said}" in str(caught.value)


def test_a_file_that_lets_nobody_in_is_a_mistake(tmp_path: Path) -> None:
    """Then the gemeente is likely another."""
    with pytest.raises(ConfigurationWrong, match="no group has a role in gemeente 1900"):
        _read(tmp_path, FILE.replace("1900", "0344"))


def test_a_file_that_is_not_there_is_told(tmp_path: Path) -> None:
    """As every file of the configuration."""
    with pytest.raises(ConfigurationWrong, match="cannot be read"):
        read_roles(tmp_path / "roles.yaml", gemeente="1900", connections=CONNECTIONS)
