"""From a URL to a ledger. It connects to nothing (that is `start`) and repeats no URL: it may hold a password."""

from __future__ import annotations

from hub.clock import Clock
from hub.errors import ConfigurationWrong
from hub.ledger.contract import Ledger
from hub.ledger.postgres import PostgresLedger
from hub.ledger.sqlite import SqliteLedger

SETTING = "ledger"
"""What ConfigurationWrong calls the place of the mistake: the caller knows which file or variable the URL is from."""

_ADVICE = "give sqlite:/path/to/file, sqlite::memory: or postgresql://user:password@host/database"


def open_ledger(url: str, *, clock: Clock) -> Ledger:
    """Give the ledger of `sqlite:<path>`, `sqlite::memory:` or `postgresql://...`; raises ConfigurationWrong."""
    scheme, _, rest = url.partition(":")
    if scheme == "sqlite" and rest:
        return SqliteLedger(rest, clock)
    if scheme == "postgresql" and rest.startswith("//"):
        try:
            return PostgresLedger(url, clock)
        except ValueError:
            raise ConfigurationWrong("the URL of the ledger can't be read", file=SETTING, advice=_ADVICE) from None
    raise ConfigurationWrong("the URL names no kind of ledger that there is", file=SETTING, advice=_ADVICE)
