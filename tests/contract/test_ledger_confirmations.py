"""What every ledger promises about what a target says later of what it had acknowledged."""

from __future__ import annotations

import pytest

from hub.ledger.contract import Ledger
from hub.ledger.entries import Confirmation
from tests.support.ledger_contract import LedgerContract, OnPostgres, OnSqlite
from tests.support.ledger_entries import STAGE, a_delivery, later


class ConfirmationsContract(LedgerContract):
    """`delivered`, `known_at` and `confirm`."""

    async def test_an_event_is_delivered_where_it_ended(self, ledger: Ledger) -> None:
        """At each stage, in the order of their names; at none when nobody delivered it."""
        here, there = a_delivery("e1"), a_delivery("e1", stage="elders")
        await ledger.end(deliveries=[here, there, a_delivery("e2")])

        assert await ledger.delivered("e1") == [there, here]
        assert await ledger.delivered("e3") == []

    async def test_a_zaak_is_known_where_something_of_it_was_delivered(self, ledger: Ledger) -> None:
        """At no other stage, and until an end leaves a receipt of that name."""
        gone = a_delivery("e3", zaak="z2")._replace(receipts='{"elders":["",""]}', ended_at=later(5))
        await ledger.end(deliveries=[a_delivery("e1"), a_delivery("e2", zaak="z2"), gone])

        assert await ledger.known_at(STAGE, {"z1", "z2", "z3"}, until="elders") == {"z1"}
        assert await ledger.known_at("elders", {"z1"}, until="elders") == frozenset()
        assert await ledger.known_at(STAGE, set(), until="elders") == frozenset()
        await ledger.end(deliveries=[a_delivery("e4", zaak="z2")._replace(ended_at=later(9))])
        assert await ledger.known_at(STAGE, {"z2"}, until="elders") == {"z2"}

    async def test_a_confirmation_stands_in_the_life_of_the_zaak(self, ledger: Ledger) -> None:
        """Once, however often it is said."""
        await ledger.end(deliveries=[a_delivery("e1")])
        said = Confirmation(STAGE, "e1", "z1", "Bv01", later(60))

        await ledger.confirm(said)
        await ledger.confirm(said._replace(at=later(90)))

        timeline = await ledger.timeline("z1")
        assert [(each.at, each.what, each.detail) for each in timeline[1:]] == [(later(60), "bevestigd", "Bv01")]


class TestConfirmationsOnSqlite(OnSqlite, ConfirmationsContract):
    """The file backend."""


@pytest.mark.postgres
class TestConfirmationsOnPostgres(OnPostgres, ConfirmationsContract):
    """The server backend."""
