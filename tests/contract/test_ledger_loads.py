"""What every ledger promises of initial loads."""

from __future__ import annotations

import asyncpg
import pytest

from hub.errors import ActRefused
from hub.ledger.contract import Ledger
from hub.ledger.entries import Arrival, DeliveryState, FailureState, MessageKey, OperatorAct, Place, WaitState
from hub.ledger.finding import Untranslated
from hub.ledger.loads import Load, LoadCounts
from tests.support.ledger_contract import LedgerContract, OnPostgres, OnSqlite
from tests.support.ledger_entries import NOON, TOPIC, a_delivery, a_failure, a_parked_item, an_arrival, later

CONNECTION = "personen-uit-signalen"
LOAD = Load("0123456789ab", CONNECTION, 10, 0, 0, NOON, "beheerder", "de eerste vulling")
ACT = OperatorAct("", "load", "beheerder", LOAD.reason, NOON, on=f"koppeling:{CONNECTION}")


def arrival(
    line: int, *, load: Load = LOAD, subject: str = "", effect: str = "a", connection: str = CONNECTION
) -> Arrival:
    """Make a message of a load."""
    made = an_arrival(f"{load.prefix}{line}", place=line, subject=subject or f"p{line}", effect=effect)
    return made._replace(key=MessageKey(connection, "brp", made.key.reference), accepted_at=later(line))


def stopped(line: int) -> Untranslated:
    """Make a message of a load that became no event."""
    at, reference = Place(TOPIC, 0, line), f"{LOAD.prefix}{line}"
    return Untranslated(CONNECTION, "brp", reference, f"m-{reference}", "k", "z", "z", "", at, later(line), ())


class LoadsContract(LedgerContract):
    """`begin_load`, `load_offered`, `loads`, `load_counts`."""

    async def test_a_load_is_begun_once(self, ledger: Ledger, other: Ledger) -> None:
        """Whoever begins it again is given it as it stands; who began it is in the audit once."""
        assert await ledger.begin_load(LOAD, [ACT]) == LOAD
        await ledger.load_offered(LOAD.id, offered=4, wrong=1)

        again = await other.begin_load(
            LOAD._replace(begun_by="collega", begun_at=later(60)), [ACT._replace(at=later(60))]
        )

        assert again == LOAD._replace(offered=4, wrong=1)
        assert [line.by for line in await ledger.unmirrored(10)] == ["beheerder"]

    async def test_a_load_without_a_reason_is_not_begun(self, ledger: Ledger) -> None:
        """It is in the audit or it does not happen."""
        with pytest.raises(ActRefused):
            await ledger.begin_load(LOAD, [ACT._replace(reason="")])

        assert await ledger.loads(10) == []

    async def test_how_far_it_is_never_goes_back(self, ledger: Ledger) -> None:
        """Two that offer the same file."""
        await ledger.begin_load(LOAD)
        await ledger.load_offered(LOAD.id, offered=4, wrong=1)
        await ledger.load_offered(LOAD.id, offered=2, wrong=0)

        assert [(each.offered, each.wrong) for each in await ledger.loads(10)] == [(4, 1)]

    async def test_the_newest_load_comes_first(self, ledger: Ledger) -> None:
        """And no more than was asked for."""
        for number in range(3):
            await ledger.begin_load(LOAD._replace(id=f"load{number}", begun_at=later(number)))

        assert [each.id for each in await ledger.loads(2)] == ["load2", "load1"]

    async def test_what_became_of_its_messages_is_counted(self, ledger: Ledger) -> None:
        """An event, nothing new, a failure of either kind, dropped; nothing of another load, sender or connection."""
        await ledger.begin_load(LOAD)
        other = LOAD._replace(id="0123456789abc")
        await ledger.admit([arrival(1), arrival(2), arrival(3, subject="p1"), arrival(11, load=other)])
        await ledger.admit([arrival(12, connection="een-andere"), an_arrival("van-een-ander", place=13)])
        for line in (4, 5, 6, 7):
            await ledger.set_aside(stopped(line))
        failures = [
            a_failure(stopped(line).message_id)._replace(
                id=f"f{line}", stage=CONNECTION, item_id=stopped(line).message_id, state=state
            )
            for line, state in ((4, FailureState.OPEN), (5, FailureState.RETRYING), (6, FailureState.RESOLVED))
        ]
        dropped = a_delivery(stopped(6).message_id, stage=CONNECTION)._replace(state=DeliveryState.DROPPED)
        await ledger.end(failures=failures, deliveries=[dropped])

        counts = await ledger.load_counts(LOAD, since=NOON)

        assert counts == LoadCounts(done=2, unchanged=1, failed=1, retrying=1, dropped=1, lately=3)
        assert counts.ended == 5

    async def test_what_waits_behind_a_failure_needs_nothing_more_of_the_hub(self, ledger: Ledger) -> None:
        """Or what a replay plan holds; behind one that is tried again by itself it is under way."""
        await ledger.begin_load(LOAD)
        lanes = (("p", WaitState.PERSON, 4), ("h", WaitState.HELD, 6), ("r", WaitState.RETRY, 8))
        for lane, state, line in lanes:
            for at, how in ((line, state), (line + 1, WaitState.BEHIND)):
                message = stopped(at)
                await ledger.set_aside(message)
                queued = a_parked_item(message.message_id, stage=CONNECTION, lane=lane, state=how, offset=at)
                await ledger.end(parked=[queued])
        message_id = stopped(4).message_id
        await ledger.end(failures=[a_failure(message_id)._replace(stage=CONNECTION, item_id=message_id)])

        counts = await ledger.load_counts(LOAD, since=NOON)

        assert counts == LoadCounts(failed=1, waiting=3)
        assert counts.ended == 4

    async def test_what_failed_and_went_on_counts_once(self, ledger: Ledger) -> None:
        """As what it became."""
        await ledger.begin_load(LOAD)
        await ledger.set_aside(stopped(4))
        await ledger.admit([arrival(4)])

        assert await ledger.load_counts(LOAD, since=NOON) == LoadCounts(done=1, lately=1)


class TestLoadsOnSqlite(OnSqlite, LoadsContract):
    """The file backend."""


@pytest.mark.postgres
class TestLoadsOnPostgres(OnPostgres, LoadsContract):
    """The server backend, on a real one."""

    async def test_references_are_found_however_the_server_orders_texts(self, url: str) -> None:
        """Digits go before letters in every language, also where signs count for nothing."""
        connection = await asyncpg.connect(url)
        orders = await connection.fetch(
            "select quote_ident(collname) from pg_collation "
            "where collname in ('C', 'en_US.utf8') or collname in ('und-x-icu', 'nl-x-icu', 'en-x-icu', 'da-x-icu')"
        )
        for [order] in orders:
            for line in (1, 9, 10, 12_345_678):
                found = await connection.fetchval(
                    f"select $1 collate {order} > $2 || '0' and $1 collate {order} < $2 || 'a'",
                    f"{LOAD.prefix}{line}",
                    LOAD.prefix,
                )
                assert found, (order, line)
        await connection.close()
        assert len(orders) > 0
