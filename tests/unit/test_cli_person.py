"""Who is at the terminal: what the environment says counts from root alone."""

from __future__ import annotations

import os
import pwd

import pytest

from hub.cli.person import me, my_id

NOBODYS = 4_000_000


def _as(monkeypatch: pytest.MonkeyPatch, uid: int, **said: str) -> None:
    monkeypatch.setattr(os, "getuid", lambda: uid)
    monkeypatch.setattr(os, "geteuid", lambda: uid)
    for name in ("SUDO_USER", "SUDO_UID", "LOGNAME", "USER"):
        monkeypatch.delenv(name, raising=False)
    for name, value in said.items():
        monkeypatch.setenv(name, value)


def test_behind_sudo_it_is_who_typed_it(monkeypatch: pytest.MonkeyPatch) -> None:
    """Root is nobody's name."""
    _as(monkeypatch, 0, SUDO_USER="jan", SUDO_UID="1000")

    assert (me(), my_id()) == ("jan", "os:1000")


def test_an_ordinary_user_cannot_say_to_be_another(monkeypatch: pytest.MonkeyPatch) -> None:
    """Neither by the variables of sudo nor by those of a login; what they say stands beside the account."""
    own = pwd.getpwuid(0).pw_name
    monkeypatch.setattr(pwd, "getpwuid", lambda _uid: pwd.struct_passwd((own, "x", 1000, 1000, "", "/", "/bin/sh")))
    _as(monkeypatch, 1000, SUDO_USER="piet", SUDO_UID="1001", LOGNAME="piet", USER="piet")

    assert (me(), my_id()) == (f"{own} (piet)", "os:1000")


@pytest.mark.parametrize("said", ["", "a\nb", "x" * 300])
def test_what_is_no_name_is_left_out(monkeypatch: pytest.MonkeyPatch, said: str) -> None:
    """It would stand in the audit for ever."""
    _as(monkeypatch, 0, SUDO_USER=said, SUDO_UID="0; x")

    assert (me(), my_id()) == (pwd.getpwuid(0).pw_name, "os:0")


def test_an_account_without_a_name_has_a_number(monkeypatch: pytest.MonkeyPatch) -> None:
    """As in a container."""
    _as(monkeypatch, NOBODYS)

    assert (me(), my_id()) == (f"uid {NOBODYS}", f"os:{NOBODYS}")
