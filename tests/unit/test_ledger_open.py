"""From a URL to a ledger, and never a password in what is printed."""

from __future__ import annotations

import traceback

import pytest

from hub.clock import SystemClock
from hub.errors import ConfigurationWrong
from hub.ledger.open import open_ledger
from hub.ledger.postgres import PostgresLedger
from hub.ledger.sqlite import MEMORY, SqliteLedger

_SECRET = "geheim-wachtwoord"


@pytest.mark.parametrize(
    ("url", "path"),
    [("sqlite:/var/lib/zaakhub/ledger.db", "/var/lib/zaakhub/ledger.db"), ("sqlite::memory:", MEMORY)],
)
def test_sqlite_opens_a_file_or_memory(url: str, path: str) -> None:
    """What follows the scheme is the path as it stands."""
    ledger = open_ledger(url, clock=SystemClock())

    assert isinstance(ledger, SqliteLedger)
    assert ledger.path == path


@pytest.mark.parametrize(
    ("url", "name"),
    [
        (f"postgresql://hub:{_SECRET}@db.example:5432/zaakhub", "postgresql://db.example:5432/zaakhub"),
        (f"postgresql://hub:{_SECRET}@a.example,b.example/zaakhub", "postgresql://a.example,b.example/zaakhub"),
        (f"postgresql://hub@/zaakhub?host=/run/postgresql&password={_SECRET}", "postgresql:///zaakhub"),
        ("postgresql://db.example", "postgresql://db.example"),
    ],
)
def test_postgres_is_named_by_host_and_database(url: str, name: str) -> None:
    """User, password and parameters are not printed."""
    ledger = open_ledger(url, clock=SystemClock())

    assert isinstance(ledger, PostgresLedger)
    assert ledger.name == name
    assert _SECRET not in repr(ledger) + repr(vars(ledger))


@pytest.mark.parametrize(
    "url",
    [
        "",
        "sqlite:",
        "mysql://hub:geheim-wachtwoord@db.example/zaakhub",
        "postgres://hub:geheim-wachtwoord@db.example/zaakhub",
        "postgresql:zaakhub",
        "postgresql://hub:geheim-wachtwoord/with/slashes@db.example/zaakhub",
        "postgresql://hub:geheim-wachtwoord#sharp@db.example/zaakhub",
        "postgresql://hub:geheim-wachtwoord@with-at@db.example/zaakhub",
        "/var/lib/zaakhub/ledger.db",
    ],
)
def test_another_url_is_a_configuration_mistake(url: str) -> None:
    """The advice shows what is possible; the URL itself is not repeated."""
    with pytest.raises(ConfigurationWrong) as wrong:
        open_ledger(url, clock=SystemClock())

    assert "postgresql://" in wrong.value.advice
    assert _SECRET not in "".join(traceback.format_exception(wrong.value))
