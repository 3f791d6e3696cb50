"""What the contract tests of the ledger stand on: the ledger under test, on each backend."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from hub.clock import SystemClock
from hub.ledger.contract import Ledger
from hub.ledger.open import open_ledger


class LedgerContract:
    """Tests of hub/ledger/contract.py inherit this; a backend brings the fixture `url` of an empty database."""

    @pytest.fixture
    async def ledger(self, url: str) -> AsyncIterator[Ledger]:
        """Give a started ledger."""
        ledger = open_ledger(url, clock=SystemClock())
        await ledger.start()
        yield ledger
        await ledger.stop()

    @pytest.fixture
    async def other(self, url: str) -> AsyncIterator[Ledger]:
        """Give a second instance on the same database, as another process has it."""
        other = open_ledger(url, clock=SystemClock())
        await other.start()
        yield other
        await other.stop()


class OnSqlite:
    """The file backend."""

    @pytest.fixture
    def url(self, tmp_path: Path) -> str:
        """Name a file that is not there yet."""
        return f"sqlite:{tmp_path / 'ledger.db'}"


class OnPostgres:
    """The server backend."""

    @pytest.fixture
    def url(self, postgres_database: str) -> str:
        """Name an empty database."""
        return postgres_database
