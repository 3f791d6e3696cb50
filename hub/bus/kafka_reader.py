"""Looking back in Kafka: the newest records of a topic, or those at some places. Joins no group, commits nothing.

It knows aiokafka's own assignment and seeking. It refuses to know what a record means.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Collection, Iterator, Sequence
from contextlib import contextmanager
from itertools import groupby
from typing import Self

from aiokafka import AIOKafkaConsumer, ConsumerRecord, TopicPartition
from aiokafka.errors import KafkaError

from hub.bus.contract import Partition, Received, Spot
from hub.bus.kafka_consumer import close_consumer
from hub.bus.newest import Newest
from hub.config import policy
from hub.errors import HubUnavailable


class KafkaReader:
    """One look back: enter it, ask, leave it."""

    def __init__(self, servers: Sequence[str], client_id: str) -> None:
        """Take `host:port` of some brokers."""
        self._kafka = AIOKafkaConsumer(
            bootstrap_servers=list(servers),
            client_id=client_id,
            group_id=None,
            enable_auto_commit=False,
            # What a seek finds gone is passed over: the first record that is still there comes instead.
            auto_offset_reset="earliest",
            isolation_level="read_committed",
            request_timeout_ms=int(policy.BUS_REQUEST_TIMEOUT_S * 1000),
            # Of one partition at a time, so this and one page is all that is in memory at once.
            max_partition_fetch_bytes=policy.RECORD_BYTES_MAX,
            max_poll_records=policy.TAIL_PAGE_RECORDS,
        )

    async def __aenter__(self) -> Self:
        """Connect; raises HubUnavailable."""
        with _in_time():
            try:
                async with asyncio.timeout(policy.BUS_REQUEST_TIMEOUT_S):
                    await self._kafka.start()
            except BaseException:
                await close_consumer(self._kafka)
                raise
        return self

    async def __aexit__(self, *_: object) -> None:
        """Disconnect."""
        await close_consumer(self._kafka)

    async def tail(self, topic: str, count: int) -> list[Received]:
        """See the contract of the bus."""
        newest = Newest(count)
        for place in await self._places(topic):
            begin, end = await self._bounds(place)
            async for record in self._between(place, max(begin, end - newest.count), end):
                newest.add(record)
        return newest.records()

    async def many(self, places: Collection[Spot]) -> dict[Spot, Received]:
        """See the contract of the bus: partition by partition, forward, over what lies between when that is little."""
        there_are = {each for topic in {spot.partition.topic for spot in places} for each in await self._places(topic)}
        found: dict[Spot, Received] = {}
        for partition, spots in groupby(sorted(set(places)), key=lambda spot: spot.partition):
            if (place := TopicPartition(*partition)) not in there_are:
                continue
            begin, end = await self._bounds(place)
            for stretch in _stretches([spot.offset for spot in spots if begin <= spot.offset < end]):
                wanted = set(stretch)
                async for record in self._between(place, stretch[0], stretch[-1] + 1):
                    if record.offset in wanted:
                        found[Spot(partition, record.offset)] = record
        return found

    async def _places(self, topic: str) -> list[TopicPartition]:
        with _in_time():
            async with asyncio.timeout(policy.BUS_REQUEST_TIMEOUT_S):
                known = await self._kafka.topics()
                if topic in known:
                    # Metadata of a topic are there as soon as one of its partitions is ours to read.
                    self._kafka.assign([TopicPartition(topic, 0)])
                    await self._kafka.beginning_offsets([TopicPartition(topic, 0)])
                numbers = self._kafka.partitions_for_topic(topic) if topic in known else None
        if not numbers:
            raise HubUnavailable(f"there is no topic {topic}", code="bus-topic", advice="ensure_topics makes it")
        return [TopicPartition(topic, number) for number in sorted(numbers)]

    async def _bounds(self, place: TopicPartition) -> tuple[int, int]:
        with _in_time():
            async with asyncio.timeout(policy.BUS_REQUEST_TIMEOUT_S):
                begin = await self._kafka.beginning_offsets([place])
                end = await self._kafka.end_offsets([place])
        return begin[place], end[place]

    async def _between(self, place: TopicPartition, start: int, end: int) -> AsyncIterator[Received]:
        """Give the records of a partition from `start` up to `end`, which is where it ended when we looked."""
        if start >= end:
            return
        self._kafka.assign([place])
        self._kafka.seek(place, start)
        at = start
        while at < end:
            with _in_time():
                async with asyncio.timeout(policy.BUS_REQUEST_TIMEOUT_S):
                    page = await self._page(place, end)
                    at = await self._kafka.position(place)
            for record in page:
                if record.offset < end:
                    yield _received(place, record)

    async def _page(self, place: TopicPartition, end: int) -> list[ConsumerRecord[bytes, bytes]]:
        """Wait for records, or until the position has passed what is no record: a marker of a transaction."""
        while True:
            batches = await self._kafka.getmany(place, timeout_ms=int(policy.POLL_WAIT_S * 1000))
            page: list[ConsumerRecord[bytes, bytes]] = batches.get(place, [])
            if page or await self._kafka.position(place) >= end:
                return page


def _stretches(offsets: Sequence[int]) -> list[list[int]]:
    """Take offsets, in order, together where it is quicker to read on than to look for the next."""
    stretches: list[list[int]] = []
    for offset in offsets:
        if stretches and offset - stretches[-1][-1] <= policy.TAIL_PAGE_RECORDS:
            stretches[-1].append(offset)
        else:
            stretches.append([offset])
    return stretches


@contextmanager
def _in_time() -> Iterator[None]:
    try:
        yield
    except (KafkaError, TimeoutError) as error:
        raise HubUnavailable(
            "Kafka does not let this process read back", code="bus-kafka", advice="look at the brokers and the network"
        ) from error


def _received(place: TopicPartition, record: ConsumerRecord[bytes, bytes]) -> Received:
    return Received(
        Partition(place.topic, place.partition),
        record.offset,
        record.key or b"",
        record.value or b"",
        tuple(record.headers),
        record.timestamp,
    )
