"""What every ledger promises of whom two connections told."""

from __future__ import annotations

import pytest

from hub.ledger.contract import Ledger
from hub.ledger.entries import Arrival, MessageKey
from hub.ledger.shadow import Beside, Unlike
from tests.support.ledger_contract import LedgerContract, OnPostgres, OnSqlite
from tests.support.ledger_entries import an_arrival, later

HERE, THERE = "personen-uit-signalen", "personen-bijhouden"


def told(connection: str, subject: str, *, at: int, effect: str = "") -> Arrival:
    """Make a message by which a connection told of somebody."""
    made = an_arrival(f"{connection}-{at}", place=at, subject=f"{connection}|{subject}", effect=effect or str(at))
    key = MessageKey(connection, "afzender", made.key.reference)
    return made._replace(key=key, subject=subject, accepted_at=later(at))


class ShadowContract(LedgerContract):
    """`beside`."""

    async def test_whom_both_told_of_is_counted_and_whom_one_did_is_named(self, ledger: Ledger) -> None:
        """However often each told; the newest first."""
        await ledger.admit(
            [
                told(HERE, "a", at=1),
                told(THERE, "a", at=2),
                told(THERE, "a", at=3),
                told(HERE, "b", at=4),
                told(HERE, "b", at=6),
                told(THERE, "c", at=5),
                told("nog-een", "d", at=7),
            ]
        )

        found = await ledger.beside(HERE, THERE, since=later(0), until=later(60), limit=10)

        assert found == Beside(1, 1, 1, (Unlike("b", True, later(6)), Unlike("c", False, later(5))))
        assert len((await ledger.beside(HERE, THERE, since=later(0), until=later(60), limit=1)).unlike) == 1

    async def test_what_was_no_news_and_what_came_at_another_time_do_not_count(self, ledger: Ledger) -> None:
        """From the first moment on, up to the last."""
        await ledger.admit([told(HERE, "a", at=1), told(HERE, "a", at=2, effect="1"), told(THERE, "b", at=10)])

        assert await ledger.beside(HERE, THERE, since=later(2), until=later(10), limit=10) == Beside(0, 0, 0)


class TestShadowOnSqlite(OnSqlite, ShadowContract):
    """The file backend."""


@pytest.mark.postgres
class TestShadowOnPostgres(OnPostgres, ShadowContract):
    """The server backend, on a real one."""
