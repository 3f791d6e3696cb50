"""What every bus promises: one class of tests, inherited by each backend."""

from __future__ import annotations

import asyncio
import random
from collections.abc import AsyncIterator
from contextlib import suppress
from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path

import pytest

from hub.bus.contract import Bus, Partition, Received, Record, Spot, StaleAssignment
from hub.bus.open import open_bus
from hub.clock import SystemClock
from hub.config import policy
from hub.errors import HubUnavailable
from tests.support.bus import Owner, Place, commit, numbers, take


class BusContract:
    """Every sentence of hub/bus/contract.py. A backend brings the fixture `url` of its log."""

    @pytest.fixture
    async def place(self, url: str) -> AsyncIterator[Place]:
        place = Place(url)
        yield place
        await place.close()

    @pytest.fixture
    async def bus(self, place: Place) -> Bus:
        return await place.open()

    # Publishing

    async def test_what_is_published_is_read_by_another_instance(self, place: Place, bus: Bus) -> None:
        """Topic, key, value and headers come back as they went in, with the bus's own time of storing."""
        record = Record(place.topic, b"ZAAK-1", b'{"a": 1}', (("ce_id", b"1"), ("ce_type", b"nl.zaken")))
        before = datetime.now(UTC).timestamp()

        await bus.publish([record])

        owner = Owner()
        [received] = await take(await (await place.open()).consumer(place.group, [place.topic], owner), owner, 1)
        assert received[2:5] == record[1:]
        assert received.partition in place.partitions
        assert received.offset == 0
        assert int(before * 1000) <= received.timestamp_ms <= datetime.now(UTC).timestamp() * 1000

    async def test_a_thousand_records_go_in_one_call(self, place: Place, bus: Bus) -> None:
        """They are spread over all partitions, and each partition numbers its own from 0 without a gap."""
        await bus.publish([place.record(number) for number in range(1000)])

        owner = Owner()
        received = await take(await bus.consumer(place.group, [place.topic], owner), owner, 1000)
        assert sorted(numbers(received)) == list(range(1000))
        for partition in place.partitions:
            offsets = [record.offset for record in received if record.partition == partition]
            assert offsets == list(range(len(offsets)))
            assert offsets

    async def test_records_of_one_key_keep_their_order(self, place: Place, bus: Bus) -> None:
        """Within one call and over calls that wait for each other, and all in one partition."""
        for start in range(0, 200, 20):
            await bus.publish([place.record(n, key=f"ZAAK-{n % 7}") for n in range(start, start + 20)])

        owner = Owner()
        received = await take(await bus.consumer(place.group, [place.topic], owner), owner, 200)
        for key in {record.key for record in received}:
            mine = [record for record in received if record.key == key]
            assert numbers(mine) == sorted(numbers(mine))
            assert len({record.partition for record in mine}) == 1

    async def test_concurrent_callers_each_get_their_answer(self, place: Place, bus: Bus) -> None:
        """A hundred callers at once publish a hundred records, none twice."""
        await asyncio.gather(*(bus.publish([place.record(number)]) for number in range(100)))

        owner = Owner()
        received = await take(await bus.consumer(place.group, [place.topic], owner), owner, 100)
        assert sorted(numbers(received)) == list(range(100))

    @pytest.mark.parametrize(
        ("value", "headers"),
        [
            (b"", ()),
            (bytes(range(256)), (("binair", bytes(range(256))), ("leeg", b""), ("twee", b"1"), ("twee", b"2"))),
            (random.Random(1).randbytes(900_000), (("lang", b"x" * 60_000),)),
            (random.Random(2).randbytes(policy.RECORD_BYTES_MAX - 10), ()),
        ],
        ids=["empty", "binary", "900 kB", "largest"],
    )
    async def test_any_bytes_come_back_unchanged(
        self, place: Place, bus: Bus, value: bytes, headers: tuple[tuple[str, bytes], ...]
    ) -> None:
        """Empty, binary, large; a header may be empty or come twice."""
        await bus.publish([Record(place.topic, b"ZAAK-1", value, headers)])

        owner = Owner()
        [received] = await take(await bus.consumer(place.group, [place.topic], owner), owner, 1)
        assert received.value == value
        assert received.headers == headers

    async def test_a_record_that_is_too_large_publishes_nothing(self, place: Place, bus: Bus) -> None:
        """It is a mistake of the caller, told before anything is stored."""
        too_large = Record(place.topic, b"ZAAK-1", bytes(policy.RECORD_BYTES_MAX + 1))

        with pytest.raises(ValueError, match="RECORD_BYTES_MAX"):
            await bus.publish([place.record(1), too_large])

        await bus.publish([place.record(2)])
        owner = Owner()
        assert numbers(await take(await bus.consumer(place.group, [place.topic], owner), owner, 1)) == [2]

    async def test_nothing_to_publish_is_fine(self, bus: Bus) -> None:
        """An empty call returns."""
        await bus.publish([])

    # Starting, topics, health

    async def test_an_existing_topic_keeps_its_partitions(self, place: Place, bus: Bus) -> None:
        """Keys would move to other partitions otherwise."""
        await bus.ensure_topics({place.topic: 8})

        owner = Owner()
        await bus.consumer(place.group, [place.topic], owner)
        assert owner.holds == set(place.partitions)

    async def test_an_unknown_topic_is_not_made_by_using_it(self, bus: Bus, monkeypatch: pytest.MonkeyPatch) -> None:
        """A typing error must not become a topic."""
        monkeypatch.setattr(policy, "BUS_REQUEST_TIMEOUT_S", 1.0)

        with pytest.raises(HubUnavailable):
            await bus.publish([Record("bestaat-niet", b"k", b"v")])
        with pytest.raises(HubUnavailable):
            await bus.consumer("g", ["bestaat-niet"], Owner())

    async def test_a_running_bus_is_healthy_and_a_stopped_one_is_not(self, place: Place, url: str) -> None:
        """And a bus that is not running takes nothing."""
        bus = open_bus(url, clock=SystemClock(), client_id="zaakhub-test")
        assert not await bus.healthy()

        await bus.start()
        assert await bus.healthy()

        await bus.stop()
        assert not await bus.healthy()
        with pytest.raises(HubUnavailable):
            await bus.publish([place.record(1)])

    # Consuming

    async def test_what_is_not_committed_comes_again(self, place: Place, bus: Bus) -> None:
        """A consumer that goes away without a commit has done nothing, as far as the bus knows."""
        await bus.publish([place.record(number) for number in range(50)])
        owner = Owner()
        consumer = await bus.consumer(place.group, [place.topic], owner)
        first = await take(consumer, owner, 50)
        await consumer.close()

        second = await take(await bus.consumer(place.group, [place.topic], owner), owner, 50)

        assert sorted(first) == sorted(second)

    async def test_what_is_committed_is_not_seen_again(self, place: Place, bus: Bus) -> None:
        """The next consumer starts at the committed offset of each partition, also in another instance."""
        await bus.publish([place.record(number) for number in range(50)])
        owner = Owner()
        consumer = await bus.consumer(place.group, [place.topic], owner)
        received = await take(consumer, owner, 50)
        done = [record for record in received if record.offset < 5]
        await commit(consumer, done)
        await consumer.close()

        other = await place.open()
        rest = await take(await other.consumer(place.group, [place.topic], owner), owner, 50 - len(done))

        assert sorted(done + rest) == sorted(received)

    async def test_two_groups_each_see_everything(self, place: Place, bus: Bus) -> None:
        """Commits of one are nothing to the other, and a group that joins late starts at the beginning."""
        await bus.publish([place.record(number) for number in range(20)])
        seen: list[list[int]] = []
        for group in (place.group, place.other_group):
            owner = Owner()
            consumer = await bus.consumer(group, [place.topic], owner)
            received = await take(consumer, owner, 20)
            await commit(consumer, received)
            seen.append(sorted(numbers(received)))

        assert seen == [list(range(20)), list(range(20))]

    async def test_a_cancelled_poll_loses_nothing(self, place: Place, bus: Bus) -> None:
        """Whatever the moment of the cancellation, the next poll goes on where the last answer ended."""
        chance = random.Random(3)
        owner = Owner()
        consumer = await bus.consumer(place.group, [place.topic], owner)
        received: list[Received] = []
        published = 0
        while len(received) < 300:
            if published < 300:
                await bus.publish([place.record(number) for number in range(published, published + 10)])
                published += 10
            poll = asyncio.create_task(consumer.poll(records_max=7, timeout_s=0.2))
            for _ in range(chance.randrange(40)):
                await asyncio.sleep(0)
            if published < 300:
                poll.cancel()
            with suppress(asyncio.CancelledError):
                received += await poll

        assert sorted(numbers(received)) == list(range(300))
        for partition in place.partitions:
            offsets = [record.offset for record in received if record.partition == partition]
            assert all(after == before + 1 for before, after in pairwise(offsets))

    async def test_an_empty_log_gives_an_empty_poll(self, place: Place, bus: Bus) -> None:
        """And then a record that comes while a poll waits ends the waiting."""
        owner = Owner()
        consumer = await bus.consumer(place.group, [place.topic], owner)
        assert await consumer.poll(records_max=10, timeout_s=0.05) == []

        waiting = asyncio.create_task(take(consumer, owner, 1))
        await asyncio.sleep(0)
        await bus.publish([place.record(1)])

        assert numbers(await waiting) == [1]

    async def test_paused_partitions_give_nothing_until_resumed(self, place: Place, bus: Bus) -> None:
        """The others go on."""
        owner = Owner()
        consumer = await bus.consumer(place.group, [place.topic], owner)
        consumer.pause(place.partitions[:2])
        await bus.publish([place.record(number) for number in range(100)])

        watcher = Owner()
        everything = await take(await bus.consumer(place.other_group, [place.topic], watcher), watcher, 100)
        open_to_us = [record for record in everything if record.partition in place.partitions[2:]]

        assert sorted(await take(consumer, owner, len(open_to_us))) == sorted(open_to_us)
        assert await consumer.poll(records_max=10, timeout_s=0.1) == []

        consumer.resume(place.partitions[:2])
        rest = await take(consumer, owner, 100 - len(open_to_us))
        assert sorted(rest + open_to_us) == sorted(everything)

    async def test_a_pause_survives_a_reassignment(self, place: Place, bus: Bus) -> None:
        """The same partitions come back to us when another member joins and goes: still paused."""
        owner, passer_by = Owner(), Owner()
        consumer = await bus.consumer(place.group, [place.topic], owner)
        consumer.pause(place.partitions)
        other = await (await place.open()).consumer(place.group, [place.topic], passer_by)
        await other.close()
        await owner.until(lambda holds: holds == set(place.partitions))
        await bus.publish([place.record(number) for number in range(20)])

        assert await consumer.poll(records_max=10, timeout_s=0.5) == []

        consumer.resume(place.partitions)
        assert sorted(numbers(await take(consumer, owner, 20))) == list(range(20))

    async def test_lag_counts_what_is_not_committed(self, place: Place, bus: Bus) -> None:
        """Read is not done: only a commit brings it down."""
        owner = Owner()
        consumer = await bus.consumer(place.group, [place.topic], owner)
        await bus.publish([place.record(number) for number in range(30)])
        received = await take(consumer, owner, 30)
        assert await consumer.lag() == 30

        await commit(consumer, [record for record in received if record.partition == place.partitions[0]])
        left = sum(record.partition != place.partitions[0] for record in received)
        assert await consumer.lag() == left

        await consumer.close()
        again = await (await place.open()).consumer(place.group, [place.topic], owner)
        assert await again.lag() == left

    # Groups

    async def test_members_come_and_go_without_loss(self, place: Place, bus: Bus) -> None:
        """Every record reaches a member, no partition has two, and the last member takes over everything."""
        everything = set(place.partitions)
        mine, theirs = Owner(), Owner()
        first = await bus.consumer(place.group, [place.topic], mine)
        assert mine.holds == everything
        other_bus = await place.open()
        joining = asyncio.create_task(other_bus.consumer(place.group, [place.topic], theirs))
        await bus.publish([place.record(number) for number in range(100)])
        second = await joining
        seen: set[int] = set()
        while len(seen) < 100:
            for consumer, owner in ((first, mine), (second, theirs)):
                records = await consumer.poll(records_max=50, timeout_s=0.05)
                assert {record.partition for record in records} <= owner.holds
                assert not mine.holds & theirs.holds
                await commit(consumer, records)
                seen.update(numbers(records))

        await first.close()
        await bus.publish([place.record(number) for number in range(100, 200)])
        while len(seen) < 200:  # some come twice: read before the partitions moved, not yet committed
            seen.update(numbers(await take(second, theirs, 1)))

        assert seen == set(range(200))
        assert (mine.holds, theirs.holds) == (set(), everything)

    async def test_an_owner_may_commit_while_it_lets_go(self, place: Place, bus: Bus) -> None:
        """That is what `revoked` is for: what was done is not done again by the next member."""
        await bus.publish([place.record(number) for number in range(20)])
        owner = Owner()
        consumer = await bus.consumer(place.group, [place.topic], owner)
        received = await take(consumer, owner, 20)
        owner.before_letting_go = lambda: commit(consumer, received)
        await consumer.close()
        await bus.publish([place.record(20)])

        after = Owner()
        assert numbers(await take(await bus.consumer(place.group, [place.topic], after), after, 1)) == [20]

    async def test_a_commit_after_letting_go_is_stale(self, place: Place, bus: Bus) -> None:
        """As is one for a partition that was never ours; and nothing of such a commit is kept."""
        await bus.publish([place.record(number) for number in range(20)])
        owner = Owner()
        consumer = await bus.consumer(place.group, [place.topic], owner)
        received = await take(consumer, owner, 20)
        with pytest.raises(StaleAssignment):
            await consumer.commit({place.partitions[0]: 1, Partition(place.topic, 99): 1})
        await consumer.close()

        with pytest.raises(StaleAssignment):
            await commit(consumer, received)

        again = await take(await bus.consumer(place.group, [place.topic], owner), owner, 20)
        assert sorted(again) == sorted(received)

    # Looking back

    async def test_the_tail_is_the_newest_over_all_partitions_oldest_first(self, place: Place, bus: Bus) -> None:
        """Each call of publish comes a while after the one before; nobody joins a group for it."""
        for number in range(30):
            await bus.publish([place.record(number)])

        everything = await bus.tail(place.topic, 100)
        newest = await (await place.open()).tail(place.topic, 10)

        assert sorted(numbers(everything)) == list(range(30))
        assert [record.timestamp_ms for record in everything] == sorted(record.timestamp_ms for record in everything)
        assert newest == everything[-10:]
        for partition in place.partitions:
            offsets = [record.offset for record in everything if record.partition == partition]
            assert offsets == sorted(offsets)

    async def test_the_tail_of_one_partition_keeps_its_order(self, place: Place, bus: Bus) -> None:
        """Also of records of one moment, and with all that a record has."""
        records = [Record(place.topic, b"ZAAK-1", b"%d" % number, (("naam", b"waarde"),)) for number in range(50)]
        await bus.publish(records)

        newest = await bus.tail(place.topic, 20)

        assert numbers(newest) == list(range(30, 50))
        assert {(record.key, record.headers) for record in newest} == {(b"ZAAK-1", (("naam", b"waarde"),))}

    async def test_an_empty_topic_has_an_empty_tail(self, place: Place, bus: Bus) -> None:
        """It is no reason to wait."""
        assert await bus.tail(place.topic, 10) == []

    async def test_looking_back_moves_nothing_for_a_group(self, place: Place, bus: Bus) -> None:
        """A group that comes later gets everything; what it committed stays so."""
        await bus.publish([place.record(number) for number in range(20)])
        await bus.tail(place.topic, 20)
        owner = Owner()

        assert sorted(numbers(await take(await bus.consumer(place.group, [place.topic], owner), owner, 20))) == list(
            range(20)
        )

    async def test_a_tail_stays_within_its_limits(
        self, place: Place, bus: Bus, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """A number of records, and the memory that they take together: the newest are what fits."""
        monkeypatch.setattr(policy, "TAIL_RECORDS_MAX", 15)
        for start in range(0, 40, 10):
            await bus.publish([place.record(number, key="ZAAK-1") for number in range(start, start + 10)])
        assert numbers(await bus.tail(place.topic, 40)) == list(range(25, 40))

        monkeypatch.setattr(policy, "TAIL_BYTES_MAX", 3 * len(b"ZAAK-1" + b"39"))
        assert numbers(await bus.tail(place.topic, 40)) == [37, 38, 39]

    async def test_a_record_is_found_by_its_place(self, place: Place, bus: Bus) -> None:
        """Whole; and where there is none, none comes."""
        await bus.publish([place.record(number) for number in range(20)])
        received = await bus.tail(place.topic, 20)

        assert [await bus.at(record.partition, record.offset) for record in received] == received
        last = max(record.offset for record in received if record.partition == place.partitions[0])
        assert await bus.at(place.partitions[0], last + 1) is None
        assert await bus.at(Partition(place.topic, 99), 0) is None

    async def test_records_are_found_by_their_places_together(self, place: Place, bus: Bus) -> None:
        """Of all partitions, near each other and far apart, in any order; what is not there is left out."""
        await bus.publish([place.record(number, key=f"ZAAK-{number % 9}") for number in range(400)])
        received = random.Random(4).sample(await bus.tail(place.topic, 400), 120)
        spots = [Spot(record.partition, record.offset) for record in received]
        last = max(record.offset for record in received)

        gone = [Spot(place.partitions[0], last + 1_000), Spot(Partition(place.topic, 99), 0)]
        assert await bus.many([*spots, *gone]) == dict(zip(spots, received, strict=True))
        assert await bus.many([*spots[:1], *spots[:1]]) == {spots[0]: received[0]}
        assert await bus.many(gone) == {}
        assert await bus.many([]) == {}

    async def test_an_unknown_topic_has_nothing_to_look_back_at(self, bus: Bus) -> None:
        """It is not made by asking, and not answered with nothing: somebody mistyped."""
        with pytest.raises(HubUnavailable):
            await bus.tail("bestaat-niet", 1)
        with pytest.raises(HubUnavailable):
            await bus.at(Partition("bestaat-niet", 0), 0)
        with pytest.raises(HubUnavailable):
            await bus.many([Spot(Partition("bestaat-niet", 0), 0)])

    async def test_a_bus_that_is_stopped_is_not_looked_back_at(self, place: Place) -> None:
        """The caller hears it."""
        bus = await place.open()
        await bus.stop()

        with pytest.raises(HubUnavailable):
            await bus.tail(place.topic, 1)

    # Announcements

    async def test_an_announcement_reaches_every_instance(self, place: Place, bus: Bus) -> None:
        """Also the one that made it. Those of before are not heard, and a handler that fails hears the next one."""
        await bus.announce(place.control, "oud", b"0")
        heard: asyncio.Queue[tuple[str, str, bytes]] = asyncio.Queue()

        async def here(key: str, value: bytes) -> None:
            heard.put_nowait(("here", key, value))

        async def there(key: str, value: bytes) -> None:
            heard.put_nowait(("there", key, value))
            raise LookupError

        await bus.listen(place.control, here)
        await (await place.open()).listen(place.control, there)

        await bus.announce(place.control, "pauze", b"1")
        await bus.announce(place.control, "revisie", b'{"a": 1}')

        said = [("pauze", b"1"), ("revisie", b'{"a": 1}')]
        told = [await asyncio.wait_for(heard.get(), timeout=30) for _ in range(4)]
        assert [line[1:] for line in told if line[0] == "here"] == said
        assert [line[1:] for line in told if line[0] == "there"] == said


class TestEmbeddedBus(BusContract):
    @pytest.fixture
    def url(self, tmp_path: Path) -> str:
        return f"embedded:{tmp_path}/bus.db"


@pytest.mark.kafka
class TestKafkaBus(BusContract):
    @pytest.fixture
    def url(self, kafka: str) -> str:
        return f"kafka://{kafka}"
