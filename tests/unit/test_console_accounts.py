"""The file of local accounts, and how often something may be tried."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from hub.config import policy
from hub.console.accounts import FILE, Accounts
from hub.console.rates import Rate
from hub.errors import ActRefused, ConfigurationWrong
from hub.security.roles import EVERY_CONNECTION, Role
from hub.testkit.clock import FakeClock

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
PASSWORD = "vier woorden zijn genoeg"


@pytest.fixture
def accounts(tmp_path: Path) -> Accounts:
    accounts = Accounts(tmp_path / "home" / FILE)
    accounts.add("jansen", PASSWORD, Role.OPERATOR, ("zaken-naar-zgw",), NOW)
    return accounts


@pytest.mark.usefixtures("accounts")
def test_an_account_is_known_by_its_password_in_every_process(tmp_path: Path) -> None:
    """With its role and connections; another password and another name are nobody."""
    other = Accounts(tmp_path / "home" / FILE)
    found = other.check("jansen", PASSWORD)

    assert found is not None
    assert (found.name, found.role, found.connections) == ("jansen", Role.OPERATOR, ("zaken-naar-zgw",))
    assert other.check("jansen", PASSWORD + "!") is None
    assert other.check("klaassen", PASSWORD) is None
    assert other.check("jansen", PASSWORD + "\ud800") is None


def test_the_file_is_its_owners_alone_and_holds_no_password(accounts: Accounts, tmp_path: Path) -> None:
    """Two people with one password have nothing in common in it."""
    accounts.add("els", PASSWORD, Role.LEZER, (), NOW)
    file = tmp_path / "home" / FILE

    assert file.stat().st_mode & 0o777 == 0o600
    assert PASSWORD not in file.read_text()
    assert len({each.password for each in accounts.all()}) == 2
    assert [each.connections for each in accounts.all()] == [(EVERY_CONNECTION,), ("zaken-naar-zgw",)]


def test_a_removed_account_is_gone_for_who_has_the_file_open(accounts: Accounts, tmp_path: Path) -> None:
    """And removing it twice is told."""
    running = Accounts(tmp_path / "home" / FILE)
    assert running.get("jansen") is not None

    assert accounts.remove("jansen")
    assert running.get("jansen") is None
    assert not accounts.remove("jansen")


@pytest.mark.parametrize("name", ["", "j", "Jansen", "j jansen", "../x", "j" * 41, "1jan", "é.jansen", "jansen\n"])
def test_a_name_is_one_that_stands_well_in_an_audit(accounts: Accounts, name: str) -> None:
    """Nothing is changed by a name that can't be."""
    with pytest.raises(ActRefused):
        accounts.add(name, PASSWORD, Role.LEZER, (), NOW)
    assert [each.name for each in accounts.all()] == ["jansen"]


@pytest.mark.parametrize("length", [0, policy.ACCOUNT_PASSWORD_MIN - 1, policy.ACCOUNT_PASSWORD_MAX + 1])
def test_a_password_has_a_length(accounts: Accounts, length: int) -> None:
    """And no other rule."""
    with pytest.raises(ActRefused, match="12 to 200"):
        accounts.add("els", "x" * length, Role.LEZER, (), NOW)


def test_a_file_that_others_can_read_stops_everything(accounts: Accounts, tmp_path: Path) -> None:
    """The advice says how to close it."""
    file = tmp_path / "home" / FILE
    file.chmod(0o644)
    file.write_bytes(file.read_bytes() + b"\n")

    with pytest.raises(ConfigurationWrong, match="chmod 600"):
        accounts.get("jansen")


@pytest.mark.parametrize("text", ["", "[]", '{"accounts": [{}]}', '{"accounts": [{"name": "x", "role": "koning"}]}'])
def test_a_file_that_is_something_else_is_told(tmp_path: Path, text: str) -> None:
    """Without what stands in it."""
    file = tmp_path / FILE
    file.touch(0o600)
    file.write_text(text)

    with pytest.raises(ConfigurationWrong, match="not a file of accounts"):
        Accounts(file).all()


def test_a_rate_is_a_burst_and_then_so_many_a_second() -> None:
    """Of each name for itself; what was not used is not saved up."""
    clock = FakeClock()
    rate = Rate(clock, burst=3, per_s=0.5)

    assert [rate.take("a") for _ in range(4)] == [True, True, True, False]
    assert rate.take("b")
    clock.advance(2)
    assert [rate.take("a") for _ in range(2)] == [True, False]
    clock.advance(1000)
    assert [rate.take("a") for _ in range(4)] == [True, True, True, False]
    rate.forgive("a")
    assert rate.take("a")


def test_names_without_end_do_not_fill_the_memory() -> None:
    """The longest silent are forgotten."""
    rate = Rate(FakeClock(), burst=1, per_s=0.001)
    for number in range(policy.RATES_MAX + 10):
        rate.take(str(number))

    assert len(rate._left) == policy.RATES_MAX
    assert rate.take("0")
    assert not rate.take(str(policy.RATES_MAX))
