"""What every ledger promises of how far sources were looked through."""

from __future__ import annotations

import asyncio

import pytest

from hub.ledger.contract import Ledger
from tests.support.ledger_contract import LedgerContract, OnPostgres, OnSqlite
from tests.support.ledger_entries import NOON, later

FOLLOWS, OTHER = "bedrijven-bijhouden", "adressen-bijhouden"


class CursorsContract(LedgerContract):
    """`looked_until`, `move_cursor`."""

    async def test_a_source_that_was_never_looked_through_has_no_cursor(self, ledger: Ledger) -> None:
        """Nor has another connection one because this has."""
        assert await ledger.move_cursor(FOLLOWS, since=None, until=NOON)

        assert await ledger.looked_until(OTHER) is None

    async def test_a_cursor_is_where_it_was_moved_to(self, ledger: Ledger, other: Ledger) -> None:
        """To the microsecond, for every process."""
        await ledger.move_cursor(FOLLOWS, since=None, until=later(0.000001))
        assert await other.looked_until(FOLLOWS) == later(0.000001)

        assert await other.move_cursor(FOLLOWS, since=later(0.000001), until=later(60))

        assert await ledger.looked_until(FOLLOWS) == later(60)

    async def test_who_began_elsewhere_moves_nothing(self, ledger: Ledger) -> None:
        """Somebody else looked meanwhile, or was first of all."""
        await ledger.move_cursor(FOLLOWS, since=None, until=NOON)

        assert not await ledger.move_cursor(FOLLOWS, since=None, until=later(60))
        assert not await ledger.move_cursor(FOLLOWS, since=later(-60), until=later(60))
        assert await ledger.looked_until(FOLLOWS) == NOON

    async def test_it_never_goes_back(self, ledger: Ledger) -> None:
        """A clock that was set back."""
        await ledger.move_cursor(FOLLOWS, since=None, until=NOON)

        assert not await ledger.move_cursor(FOLLOWS, since=NOON, until=later(-1))
        assert await ledger.looked_until(FOLLOWS) == NOON

    async def test_of_two_workers_one_moves_it(self, ledger: Ledger, other: Ledger) -> None:
        """The first time, and every time after."""
        for since, until in ((None, NOON), (NOON, later(60))):
            moved = await asyncio.gather(
                *(each.move_cursor(FOLLOWS, since=since, until=until) for each in (ledger, other) * 3)
            )
            assert sorted(moved) == [False] * 5 + [True]


class TestCursorsOnSqlite(OnSqlite, CursorsContract):
    """The file backend."""


@pytest.mark.postgres
class TestCursorsOnPostgres(OnPostgres, CursorsContract):
    """The server backend, on a real one."""
