"""`zaakhub account`: who may come in on this machine."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from hub.testkit.memory import ENVIRONMENT

PASSWORD = "vier woorden zijn genoeg"


@pytest.mark.slow
def test_accounts_are_added_listed_and_removed(tmp_path: Path) -> None:
    """The password is piped in; a role that holds at one connection says so."""
    added = _type(tmp_path, "add", "j.jansen", "--role", "operator", typed=PASSWORD)
    assert (added.returncode, added.stdout) == (0, "✓ j.jansen is operator at every connection\n")
    narrow = _type(tmp_path, "add", "els", "--role", "lezer", "--connection", "zaken-naar-zgw", typed=PASSWORD)
    assert "els is lezer at zaken-naar-zgw" in narrow.stdout

    listed = _type(tmp_path, "list").stdout
    assert "j.jansen" in listed
    assert "zaken-naar-zgw" in listed
    assert _type(tmp_path, "remove", "els").returncode == 0
    assert "no such account" in _type(tmp_path, "remove", "els").stderr
    assert PASSWORD not in (tmp_path / "accounts.json").read_text()


@pytest.mark.slow
@pytest.mark.parametrize(
    ("words", "typed", "said"),
    [
        (("add", "els", "--role", "lezer"), "kort", "12 to 200 characters"),
        (("add", "Els!", "--role", "lezer"), PASSWORD, "no name for an account"),
        (("add", "els", "--role", "lezer", "--connection", "zaken-nar-zgw"), PASSWORD, "did you mean zaken-naar-zgw?"),
    ],
    ids=["password", "name", "connection"],
)
def test_what_cannot_be_is_told(tmp_path: Path, words: tuple[str, ...], typed: str, said: str) -> None:
    """With what to do about it; nothing is written."""
    done = _type(tmp_path, *words, typed=typed)

    assert done.returncode == 1
    assert said in done.stderr
    assert not (tmp_path / "accounts.json").exists()


@pytest.mark.slow
def test_beside_a_provider_there_are_none(tmp_path: Path) -> None:
    """The advice says where people are known then."""
    provider = {
        "ZAAKHUB_OIDC_ISSUER": "https://inloggen.example",
        "ZAAKHUB_OIDC_CLIENT_ID": "zaakhub",
        "ZAAKHUB_OIDC_CLIENT_SECRET": "een-verzonnen-geheim",
        "ZAAKHUB_ROLES": "roles.yaml",
    }
    done = _type(tmp_path, "add", "els", "--role", "lezer", typed=PASSWORD, **provider)

    assert done.returncode == 1
    assert "ZAAKHUB_ROLES" in done.stderr


def _type(home: Path, *words: str, typed: str = "", **environ: str) -> subprocess.CompletedProcess[str]:
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("ZAAKHUB_")}
    return subprocess.run(
        [sys.executable, "-m", "hub.cli", "account", *words],
        env={**inherited, "ZAAKHUB_HOME": str(home), "COLUMNS": "120", **environ},
        input=f"{typed}\n",
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.slow
def test_the_console_alone_needs_a_provider(tmp_path: Path) -> None:
    """It stops with the setting that is missing, as with every mistake in the configuration."""
    environ = {name: value for name, value in os.environ.items() if not name.startswith("ZAAKHUB_")}
    done = subprocess.run(
        [sys.executable, "-m", "hub.cli", "console"],
        env={**environ, **ENVIRONMENT, "ZAAKHUB_HOME": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 78
    assert "ZAAKHUB_OIDC_ISSUER" in done.stderr
    assert "Traceback" not in done.stderr
