"""What every ledger promises of the life of a zaak: everything that happened, in order, over all connections."""

from __future__ import annotations

from datetime import timedelta

import pytest

from hub.ledger.contract import Ledger
from hub.ledger.entries import DeliveryState, Place
from hub.ledger.finding import BEGIN, Untranslated
from tests.support.ledger_contract import LedgerContract, OnPostgres, OnSqlite
from tests.support.ledger_entries import (
    NOON,
    STAGE,
    TOPIC,
    a_delivery,
    a_failure,
    a_parked_item,
    an_act,
    an_arrival,
    later,
)


class TimelineContract(LedgerContract):
    """`timeline`."""

    async def test_the_whole_life_of_a_message_is_told(self, ledger: Ledger) -> None:
        """Each with what there is to know of it: where, by which revision, by whom, and what the target answered."""
        arrival = an_arrival("r1", place=7)._replace(
            event_type="nl.zaken.zaak-aangemaakt.v1",
            revision="mapping-1",
            remarks="object/x: not in the standard",
            unread="object/y",
        )
        await ledger.admit([arrival])
        await ledger.end(failures=[a_failure("f-1")._replace(item_id="e-r1", first_at=later(9e8))])
        await ledger.acted([an_act("f-1", "replay", at=later(9e8 + 1))])
        receipts = '{"zaak": ["https://zaken/1", "was there already"], "rol": ["", ""]}'
        delivery = a_delivery("e-r1")._replace(ended_at=later(9e8 + 2), receipts=receipts, revision="mapping-2")
        await ledger.end(deliveries=[delivery])

        life = await ledger.timeline("z1")

        assert [(each.what, each.stage, each.item_id, each.detail) for each in life] == [
            ("geaccepteerd", "formulieren", "m-r1", "creeerZaak_Lk01; object/x: not in the standard"),
            ("vertaald", "formulieren", "e-r1", "nl.zaken.zaak-aangemaakt.v1; not read: object/y"),
            ("gepubliceerd", "formulieren", "e-r1", "nl.zaken.zaak-aangemaakt.v1"),
            ("mislukt", STAGE, "e-r1", "mapping: no rule"),
            ("replay", STAGE, "e-r1", "because"),
            ("afgeleverd", STAGE, "e-r1", "nl.zaken.zaak-aangemaakt.v1; https://zaken/1; was there already"),
        ]
        places = {each.what: each.place for each in life}
        assert places["geaccepteerd"] == arrival.place
        assert places["gepubliceerd"] == places["afgeleverd"] == Place(TOPIC, 0, 1)
        assert {each.what: each.revision for each in life if each.revision} == {
            "vertaald": "mapping-1",
            "mislukt": "abcdef123456",
            "afgeleverd": "mapping-2",
        }
        assert [each.by for each in life if each.by] == ["beheerder-1"]

    async def test_what_waits_and_what_was_sent_again_are_told_too(self, ledger: Ledger) -> None:
        """While it waits, and by its own place on the bus; other zaken are left out."""
        await ledger.admit([an_arrival("r1", place=1), an_arrival("r2", place=2)])
        await ledger.admit([an_arrival("r3", place=3, subject="z2")])
        await ledger.end(parked=[a_parked_item("e-r1", offset=5)], deliveries=[a_delivery("e9", zaak="z2")])

        life = await ledger.timeline("z1")

        assert [(each.what, each.item_id, each.place and each.place.offset) for each in life] == [
            ("geaccepteerd", "m-r1", 1),
            ("dubbel", "m-r2", 2),
            ("vertaald", "e-r1", None),
            ("gepubliceerd", "e-r1", 5),
            ("geparkeerd", "e-r1", 5),
        ]

    async def test_a_message_that_never_became_an_event_was_accepted_all_the_same(self, ledger: Ledger) -> None:
        """Once, also when it goes on after all."""
        arrival = an_arrival("r1", place=4)
        aside = Untranslated("formulieren", "afzender", "r1", "m-r1", "creeerZaak_Lk01", "z1", "z1", "", *arrival[8:10])
        await ledger.set_aside(aside)
        await ledger.set_aside(aside)

        [accepted] = await ledger.timeline("z1")
        assert (accepted.what, accepted.item_id, accepted.place) == ("geaccepteerd", "m-r1", arrival.place)

        await ledger.admit([arrival])
        assert [each.what for each in await ledger.timeline("z1")] == ["geaccepteerd", "vertaald"]

    async def test_what_happened_at_one_moment_is_told_in_the_order_it_must_have_had(self, ledger: Ledger) -> None:
        """A message is accepted before it fails, and fails before it is delivered."""
        await ledger.end(deliveries=[a_delivery("e1")], failures=[a_failure("f-1")])
        await ledger.acted([an_act("f-1", "replay")])
        await ledger.admit([an_arrival("r1")])

        told = [entry.what for entry in await ledger.timeline("z1") if entry.at == NOON]
        assert told == ["geaccepteerd", "mislukt", "replay", "afgeleverd"]

    async def test_a_timeline_comes_in_pages(self, ledger: Ledger) -> None:
        """Nothing is left out and nothing comes twice, also when many things have one time."""
        await ledger.end(deliveries=[a_delivery(f"e{number}") for number in range(7)])

        whole, seen = await ledger.timeline("z1"), [BEGIN]
        while page := await ledger.timeline("z1", after=seen[-1], limit=3):
            seen += page

        assert seen[1:] == whole
        assert len(whole) == 7

    async def test_times_keep_their_microseconds(self, ledger: Ledger) -> None:
        """What comes back equals what went in, in UTC."""
        at = NOON + timedelta(microseconds=999_999)
        await ledger.end(deliveries=[a_delivery("e1")._replace(ended_at=at)])

        [entry] = await ledger.timeline("z1")
        assert entry.at == at
        assert entry.at.utcoffset() == timedelta(0)
        assert entry.what == DeliveryState.DELIVERED

    @pytest.mark.parametrize("zaak", ["", "%", "z_", "' or '1'='1", "z1'; drop table inbox; --", "z1\\"])
    async def test_a_zaak_is_no_pattern_and_no_statement(self, ledger: Ledger, zaak: str) -> None:
        """Only what is called exactly so."""
        await ledger.admit([an_arrival("r1")])

        assert await ledger.timeline(zaak) == []
        assert await ledger.timeline("z1") != []


class TestTimelineOnSqlite(OnSqlite, TimelineContract):
    """The file backend."""


@pytest.mark.postgres
class TestTimelineOnPostgres(OnPostgres, TimelineContract):
    """The server backend, on a real one."""
