"""What every ledger promises of the work in hand: fences, ends and the queues of parked zaken."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime

import pytest

from hub.clock import SystemClock
from hub.ledger.contract import Ledger
from hub.ledger.entries import DeliveryState, Place, WaitState
from tests.support.ledger_contract import LedgerContract, OnPostgres, OnSqlite
from tests.support.ledger_entries import NOON, STAGE, TOPIC, a_delivery, a_failure, a_parked_item, later

FAR, NOW = datetime(2999, 1, 1, tzinfo=UTC), SystemClock().now


class QueuesContract(LedgerContract):
    """`begin`, `end`, `parked_lanes`, `due`, `queue`, `parked`."""

    # Fences

    async def test_fences_are_as_they_were(self, ledger: Ledger) -> None:
        """The answer is the fence before; one that was never raised is missing."""
        first = await ledger.begin(STAGE, {(TOPIC, 0): 10, (TOPIC, 1): 5}, [])
        second = await ledger.begin(STAGE, {(TOPIC, 0): 20, (TOPIC, 2): 0}, [])
        third = await ledger.begin(STAGE, {(TOPIC, 0): 20, (TOPIC, 2): 1}, [])

        assert first.fences == {}
        assert second.fences == {(TOPIC, 0): 10}
        assert third.fences == {(TOPIC, 0): 20, (TOPIC, 2): 0}

    async def test_a_fence_is_never_lowered(self, ledger: Ledger) -> None:
        """A worker that reads old records again leaves it where it was."""
        await ledger.begin(STAGE, {(TOPIC, 0): 10}, [])
        await ledger.begin(STAGE, {(TOPIC, 0): 3}, [])

        assert (await ledger.begin(STAGE, {(TOPIC, 0): 3}, [])).fences == {(TOPIC, 0): 10}

    async def test_stages_have_their_own_fences(self, ledger: Ledger) -> None:
        """Two targets read the same topic each at their own pace."""
        await ledger.begin(STAGE, {(TOPIC, 0): 10}, [])

        assert (await ledger.begin("archief", {(TOPIC, 0): 3}, [])).fences == {}

    async def test_begin_says_what_has_ended_at_this_stage(self, ledger: Ledger) -> None:
        """Only events asked for, and only ends at this stage."""
        await ledger.end(deliveries=[a_delivery("e1"), a_delivery("e2"), a_delivery("e3", stage="archief")])

        begun = await ledger.begin(STAGE, {(TOPIC, 0): 1}, ["e1", "e3", "e4"])

        assert begun.ended == {"e1"}

    async def test_of_two_that_begin_at_once_one_sees_the_fence_of_the_other(
        self, ledger: Ledger, other: Ledger
    ) -> None:
        """Whoever is second resumes what the first may be trying, also at the first record of a partition."""
        for offset in range(10, 40, 10):
            both = await asyncio.gather(
                ledger.begin(STAGE, {(TOPIC, 0): offset, (TOPIC, 1): offset}, []),
                other.begin(STAGE, {(TOPIC, 1): offset, (TOPIC, 0): offset}, []),
            )

            assert sum(begun.fences.get((TOPIC, 0)) == offset for begun in both) == 1
            assert sum(begun.fences.get((TOPIC, 1)) == offset for begun in both) == 1

    # Ends

    async def test_a_second_end_changes_nothing(self, ledger: Ledger) -> None:
        """A delivery is written once, however often it is reported."""
        await ledger.end(deliveries=[a_delivery("e1")])
        await ledger.end(deliveries=[a_delivery("e1")._replace(state=DeliveryState.DROPPED, ended_at=later(60))])

        [entry] = await ledger.timeline("z1")
        assert (entry.what, entry.at) == (DeliveryState.DELIVERED, NOON)

    async def test_all_of_an_end_may_come_twice(self, ledger: Ledger) -> None:
        """After an answer that got lost the caller writes the same again; lists may hold the same thing twice too."""
        outcome = {
            "deliveries": [a_delivery("e0"), a_delivery("e0")],
            "parked": [a_parked_item("e1"), a_parked_item("e2", state=WaitState.BEHIND), a_parked_item("e1")],
            "failures": [a_failure("f-1"), a_failure("f-1")],
            "released": [a_parked_item("e0")],
        }

        await ledger.end(**outcome)  # type: ignore[arg-type] # one value per name
        await ledger.end(**outcome)  # type: ignore[arg-type] # one value per name

        assert [item.item_id for item in await ledger.queue(STAGE, "z1")] == ["e1", "e2"]
        assert await ledger.failures() == [a_failure("f-1")]

    async def test_an_empty_end_is_nothing(self, ledger: Ledger) -> None:
        """No outcomes, no writing."""
        await ledger.end()

        assert set((await ledger.counts()).values()) == {0}

    async def test_a_parked_item_comes_back_as_it_went(self, ledger: Ledger) -> None:
        """Every field, with its place in the lane."""
        item = a_parked_item("e1")._replace(value=b"\x00\xff", headers=b"[]", receipts='{"b": 1, "a": 2}')

        await ledger.end(parked=[item])

        stored = await ledger.parked(STAGE, "e1")
        assert stored is not None
        assert stored._replace(seq=0) == item
        assert stored.seq > 0
        assert await ledger.parked(STAGE, "e2") is None

    async def test_a_lane_keeps_the_order_of_parking(self, ledger: Ledger) -> None:
        """Within one list and over several; other lanes and stages are other queues."""
        await ledger.end(parked=[a_parked_item("e3"), a_parked_item("e9", lane="z2"), a_parked_item("e1")])
        await ledger.end(parked=[a_parked_item("e2"), a_parked_item("e3", stage="archief")])

        queue = await ledger.queue(STAGE, "z1")

        assert [item.item_id for item in queue] == ["e3", "e1", "e2"]
        assert [item.seq for item in queue] == sorted({item.seq for item in queue})

    async def test_parking_again_replaces_in_place(self, ledger: Ledger) -> None:
        """A head that failed once more stays the head, with what is new about it."""
        await ledger.end(parked=[a_parked_item("e1"), a_parked_item("e2", state=WaitState.BEHIND)])
        first = await ledger.parked(STAGE, "e1")
        assert first is not None
        fresh = first._replace(
            value=b"fresh",
            headers=b"fresh",
            state=WaitState.PERSON,
            attempts=7,
            next_at=later(60),
            receipts='{"s": 1}',
            failure_id="f-9",
        )

        await ledger.end(parked=[fresh])

        assert (await ledger.queue(STAGE, "z1"))[0] == fresh

    async def test_an_item_behind_never_replaces(self, ledger: Ledger) -> None:
        """It is our own redelivery of a record that is parked already, within one list too."""
        behind = a_parked_item("e1", state=WaitState.BEHIND)
        await ledger.end(parked=[a_parked_item("e1", state=WaitState.PERSON), behind])
        await ledger.end(parked=[behind])

        [item] = await ledger.queue(STAGE, "z1")
        assert item.state is WaitState.PERSON

    async def test_a_released_head_lets_the_next_go(self, ledger: Ledger) -> None:
        """What waited behind it is tried at the time of the released one; the third still waits."""
        head = a_parked_item("e1")._replace(next_at=later(5))
        behind = [a_parked_item(name, state=WaitState.BEHIND)._replace(next_at=later(99)) for name in ("e2", "e3")]
        await ledger.end(parked=[head, *behind])

        await ledger.end(deliveries=[a_delivery("e1")], released=[head])

        queue = [(item.item_id, item.state, item.next_at) for item in await ledger.queue(STAGE, "z1")]
        assert queue == [("e2", WaitState.RETRY, later(5)), ("e3", WaitState.BEHIND, later(99))]

    async def test_a_released_head_does_not_wake_one_that_waits_for_a_person(self, ledger: Ledger) -> None:
        """Only BEHIND becomes RETRY."""
        await ledger.end(parked=[a_parked_item("e1"), a_parked_item("e2", state=WaitState.PERSON)])

        await ledger.end(released=[a_parked_item("e1")])

        [item] = await ledger.queue(STAGE, "z1")
        assert item.state is WaitState.PERSON

    async def test_one_that_is_not_the_head_may_be_released(self, ledger: Ledger) -> None:
        """The head stays as it is."""
        await ledger.end(parked=[a_parked_item("e1", state=WaitState.PERSON), a_parked_item("e2")])

        await ledger.end(released=[a_parked_item("e2")])

        [item] = await ledger.queue(STAGE, "z1")
        assert (item.item_id, item.state) == ("e1", WaitState.PERSON)

    async def test_an_item_behind_nothing_is_the_head(self, ledger: Ledger) -> None:
        """Another worker released the head meanwhile: without this it would wait for ever."""
        await ledger.end(parked=[a_parked_item("e2", state=WaitState.BEHIND)])

        [item] = await ledger.queue(STAGE, "z1")
        assert item.state is WaitState.RETRY

    async def test_a_lane_never_stands_still_when_two_workers_meet(self, ledger: Ledger, other: Ledger) -> None:
        """One releases the head while the other parks behind it: the lane has a head that is tried."""
        for n in range(20):
            lane = f"z{n}"
            await ledger.end(parked=[a_parked_item(f"h{n}", lane=lane)])

            await asyncio.gather(
                ledger.end(released=[a_parked_item(f"h{n}", lane=lane)]),
                other.end(parked=[a_parked_item(f"b{n}", lane=lane, state=WaitState.BEHIND)]),
            )

            assert [item.state for item in await ledger.queue(STAGE, lane)] == [WaitState.RETRY]

    async def test_parked_lanes_give_the_place_of_the_head(self, ledger: Ledger) -> None:
        """Of one stage; a lane whose queue is empty is gone."""
        await ledger.end(
            parked=[
                a_parked_item("e1", offset=7),
                a_parked_item("e2", offset=8),
                a_parked_item("e3", lane="z2", partition=3, offset=1),
                a_parked_item("e4", lane="z3", stage="archief"),
                a_parked_item("e5", lane="z4"),
            ]
        )
        await ledger.end(released=[a_parked_item("e5", lane="z4")])

        assert await ledger.parked_lanes(STAGE) == {"z1": Place(TOPIC, 0, 7), "z2": Place(TOPIC, 3, 1)}

    # Due

    async def test_due_gives_heads_whose_time_has_come(self, ledger: Ledger) -> None:
        """Oldest first, at the very moment too; nothing later, in another state, behind a head, of another stage."""
        await ledger.end(
            parked=[
                a_parked_item("now", lane="z1")._replace(next_at=NOON),
                a_parked_item("old", lane="z2")._replace(next_at=later(-60)),
                a_parked_item("future", lane="z3")._replace(next_at=later(0.000001)),
                a_parked_item("person", lane="z4", state=WaitState.PERSON),
                a_parked_item("second", lane="z4"),
                a_parked_item("elsewhere", lane="z5", stage="archief"),
            ]
        )

        due = await ledger.due(STAGE, [(TOPIC, 0)], NOON, 10)

        assert [item.item_id for item in due] == ["old", "now"]

    async def test_due_gives_only_the_given_partitions(self, ledger: Ledger) -> None:
        """A worker tries the zaken of its own partitions; with none there is nothing to do."""
        await ledger.end(
            parked=[
                a_parked_item("p0", lane="z0", partition=0),
                a_parked_item("p1", lane="z1", partition=1),
                a_parked_item("p2", lane="z2", partition=2),
            ]
        )

        mine = await ledger.due(STAGE, [(TOPIC, 0), (TOPIC, 2), ("other", 1)], NOON, 10)

        assert {item.item_id for item in mine} == {"p0", "p2"}
        assert await ledger.due(STAGE, [], NOON, 10) == []

    async def test_due_gives_no_more_than_asked(self, ledger: Ledger) -> None:
        """The oldest of them."""
        items = [a_parked_item(f"e{n}", lane=f"z{n}")._replace(next_at=later(-n)) for n in range(5)]
        await ledger.end(parked=items)

        due = await ledger.due(STAGE, [(TOPIC, 0)], NOON, 2)

        assert [item.item_id for item in due] == ["e4", "e3"]

    async def test_what_comes_behind_what_waits_to_be_asked_again_makes_that_due(self, ledger: Ledger) -> None:
        """And goes before it when it waits on; who was never asked about keeps its time."""
        asked = a_parked_item("e1")._replace(next_at=FAR, receipts='{"gevraagd-1": ["", ""]}')
        behind = a_parked_item("e2", state=WaitState.BEHIND, offset=2)
        await ledger.end(parked=[asked])
        assert await ledger.due(STAGE, [(TOPIC, 0)], NOW(), 10) == []
        await ledger.end(parked=[behind])
        assert [each.item_id for each in await ledger.due(STAGE, [(TOPIC, 0)], NOW(), 10)] == ["e1"]

        await ledger.end(retried=[asked])
        [due] = await ledger.due(STAGE, [(TOPIC, 0)], NOW(), 10)
        assert due.item_id == "e2"
        assert [(each.item_id, each.next_at) for each in (await ledger.queue(STAGE, "z1"))[1:]] == [("e1", FAR)]

        await ledger.end(parked=[a_parked_item("e5", state=WaitState.BEHIND, offset=5)])
        await ledger.end(released=[due])
        assert [each.item_id for each in await ledger.due(STAGE, [(TOPIC, 0)], NOW(), 10)] == ["e1"]
        await ledger.end(released=[asked._replace(next_at=NOON)])

        await ledger.end(parked=[a_parked_item("e3", lane="z2")._replace(next_at=FAR)])
        await ledger.end(parked=[a_parked_item("e4", lane="z2", state=WaitState.BEHIND, offset=4)])
        assert [each.item_id for each in await ledger.due(STAGE, [(TOPIC, 0)], NOW(), 10)] == ["e5"]

    async def test_a_failure_keeps_its_time_whatever_comes_behind_it(self, ledger: Ledger) -> None:
        """Its target asked for it."""
        await ledger.end(
            parked=[a_parked_item("e1")._replace(next_at=FAR, receipts='{"stap": ["", ""]}', failure_id="f-1")]
        )
        await ledger.end(parked=[a_parked_item("e2", state=WaitState.BEHIND, offset=2)])

        assert await ledger.due(STAGE, [(TOPIC, 0)], NOW(), 10) == []


class TestQueuesOnSqlite(OnSqlite, QueuesContract):
    """The file backend."""


@pytest.mark.postgres
class TestQueuesOnPostgres(OnPostgres, QueuesContract):
    """The server backend, on a real one."""
