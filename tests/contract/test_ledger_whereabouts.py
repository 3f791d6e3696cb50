"""What every ledger promises of an id that a person typed: everything that it names."""

from __future__ import annotations

import pytest

from hub.ledger.contract import Ledger
from hub.ledger.entries import Known, Place, Whereabouts
from tests.support.ledger_contract import LedgerContract, OnPostgres, OnSqlite
from tests.support.ledger_entries import (
    STAGE,
    TOPIC,
    a_delivery,
    a_failure,
    a_parked_item,
    a_refusal,
    an_arrival,
)


class WhereaboutsContract(LedgerContract):
    """`whereabouts`."""

    async def test_a_message_is_known_from_the_inbox(self, ledger: Ledger) -> None:
        """With its connection and the place of its record."""
        arrival = an_arrival("ref1", place=7)
        await ledger.admit([arrival])

        assert await ledger.whereabouts("m-ref1") == [
            Whereabouts(Known.MESSAGE, "m-ref1", "formulieren", "m-ref1", "creeerZaak_Lk01", arrival.place)
        ]

    async def test_an_event_is_known_at_every_connection_that_had_it(self, ledger: Ledger) -> None:
        """Delivered at one, parked at another; each with its place on the bus."""
        delivery, parked = a_delivery("e-12345"), a_parked_item("e-12345", stage="zaken-naar-elders", offset=9)
        await ledger.end(deliveries=[delivery], parked=[parked])

        found = await ledger.whereabouts("e-12345")

        assert [(each.known, each.stage, each.place) for each in found] == [
            (Known.PARKED, "zaken-naar-elders", Place(TOPIC, 0, 9)),
            (Known.EVENT, STAGE, delivery.place),
        ]

    async def test_a_failure_names_the_item_it_is_about(self, ledger: Ledger) -> None:
        """It has no place of its own."""
        failure = a_failure("f-12345")
        await ledger.end(failures=[failure])

        assert await ledger.whereabouts("f-12") == [
            Whereabouts(Known.FAILURE, "f-12345", STAGE, "e1", failure.kind, None)
        ]

    async def test_a_refusal_is_known_without_content(self, ledger: Ledger) -> None:
        """Its id was told to the sender."""
        await ledger.refused([a_refusal()._replace(message_id="m-geweigerd")])

        [found] = await ledger.whereabouts("m-gew")

        assert (found.known, found.item_id, found.place) == (Known.REFUSAL, "m-geweigerd", None)

    async def test_a_beginning_gives_all_that_begin_so_and_no_pattern(self, ledger: Ledger) -> None:
        """At least four characters; a wildcard is a character; no more than was asked for."""
        await ledger.admit([an_arrival(f"ref{number}", place=number, subject=str(number)) for number in range(5)])

        assert [each.id for each in await ledger.whereabouts("m-ref")] == [f"m-ref{number}" for number in range(5)]
        assert len(await ledger.whereabouts("m-ref", limit=2)) == 2
        for nothing in ("m-r", "", "m-re%", "m-ref_", "onbekend"):
            assert await ledger.whereabouts(nothing) == []


class TestWhereaboutsOnSqlite(OnSqlite, WhereaboutsContract):
    """The file backend."""


@pytest.mark.postgres
class TestWhereaboutsOnPostgres(OnPostgres, WhereaboutsContract):
    """The server backend, on a real one."""
