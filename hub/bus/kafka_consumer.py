"""A member of a Kafka consumer group: raw aiokafka, explicit offsets only.

It knows what aiokafka loses or never says: pauses over a reassignment, records handed out before the owner is ready,
a commit that retries for ever, a consumer that is stuck without a signal. It refuses to know what a record means.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress

import structlog
from aiokafka import AIOKafkaConsumer, ConsumerRebalanceListener, ConsumerRecord, TopicPartition
from aiokafka.coordinator.assignors.roundrobin import RoundRobinPartitionAssignor
from aiokafka.errors import CommitFailedError, IllegalStateError, KafkaError

from hub.bus.contract import Assignment, Partition, Received, StaleAssignment
from hub.config import policy
from hub.errors import HubUnavailable

_journal = structlog.get_logger(__name__)

_JOIN_S = policy.DRAIN_S + policy.BUS_REQUEST_TIMEOUT_S  # the others may take all of DRAIN_S to let go

_Batches = dict[TopicPartition, list["ConsumerRecord[bytes, bytes]"]]


class KafkaConsumer:
    """See the contract."""

    def __init__(
        self, servers: Sequence[str], client_id: str, group: str, topics: Sequence[str], owner: Assignment
    ) -> None:
        self._servers = list(servers)
        self._client_id = client_id
        self._group = group
        self._topics = list(topics)
        self._owner = owner
        self._kafka: AIOKafkaConsumer | None = None
        self._fetching: asyncio.Task[_Batches] | None = None
        self._fetched: list[Received] = []
        self._held: frozenset[Partition] = frozenset()
        self._paused: set[Partition] = set()
        self._committed: dict[Partition, int] = {}
        self._ready = asyncio.Event()
        self._broken = False
        self._leaving = False
        self._waited_s = 0.0
        self._suspects: dict[TopicPartition, int] = {}

    async def start(self) -> None:
        """Join the group; raises HubUnavailable."""
        kafka = AIOKafkaConsumer(
            bootstrap_servers=self._servers,
            client_id=self._client_id,
            group_id=self._group,
            enable_auto_commit=False,
            auto_offset_reset="earliest",
            isolation_level="read_committed",
            # Not the sticky one: two members may both believe they own a partition (aiokafka #1175, #1176).
            partition_assignment_strategy=(RoundRobinPartitionAssignor,),
            session_timeout_ms=int(policy.GROUP_SESSION_S * 1000),
            heartbeat_interval_ms=int(policy.GROUP_HEARTBEAT_S * 1000),
            # The group waits this long for a member that is finishing its work; its heartbeat goes on meanwhile.
            rebalance_timeout_ms=int(_JOIN_S * 1000),
            request_timeout_ms=int(policy.BUS_REQUEST_TIMEOUT_S * 1000),
            max_partition_fetch_bytes=policy.RECORD_BYTES_MAX,
        )
        kafka.subscribe(topics=self._topics, listener=_Listener(self))
        self._kafka = kafka
        self._broken = self._leaving = joined = False
        self._waited_s = 0.0
        try:
            async with asyncio.timeout(_JOIN_S):
                await kafka.start()
                await self._ready.wait()
            joined = not self._broken
        except (KafkaError, TimeoutError) as error:
            raise HubUnavailable("Kafka does not let this process join its group", code="bus-kafka") from error
        finally:
            if not joined:  # also when cancelled: the next poll begins anew
                self._broken = True
                await self._drop()
        if not joined:
            raise HubUnavailable("the owner could not take its partitions", code="bus-assignment")

    async def poll(self, *, records_max: int, timeout_s: float) -> list[Received]:
        """See the contract."""
        if self._broken or await self._stuck():
            await self._renew()
        await self._fetch(records_max, timeout_s)
        records: list[Received] = []
        if self._ready.is_set() and not self._broken:  # else the owner is still loading; nothing is lost
            records = [record for record in self._fetched if record.partition not in self._paused]
        if records:
            self._fetched = [record for record in self._fetched if record.partition in self._paused]
        self._waited_s = 0.0 if records else self._waited_s + timeout_s
        return records

    async def commit(self, offsets: Mapping[Partition, int]) -> None:
        """See the contract."""
        if not offsets:
            return
        if self._kafka is None or not offsets.keys() <= self._held:
            raise StaleAssignment
        places = {TopicPartition(*partition): following for partition, following in offsets.items()}
        try:
            # aiokafka tries again for ever when the coordinator is away.
            async with asyncio.timeout(policy.BUS_REQUEST_TIMEOUT_S):
                await self._kafka.commit(places)
        except (CommitFailedError, IllegalStateError) as error:
            raise StaleAssignment from error
        except (KafkaError, TimeoutError) as error:
            raise HubUnavailable("Kafka did not confirm a commit", code="bus-kafka") from error
        self._committed.update(offsets)

    def pause(self, partitions: Sequence[Partition]) -> None:
        """See the contract."""
        self._paused.update(partitions)
        self._pause_held()

    def resume(self, partitions: Sequence[Partition]) -> None:
        """See the contract."""
        self._paused.difference_update(partitions)
        self._waited_s = 0.0
        if self._kafka is not None:
            with suppress(IllegalStateError):  # between two assignments there is nothing to resume
                self._kafka.resume(*(TopicPartition(*partition) for partition in self._held.intersection(partitions)))

    async def lag(self) -> int:
        """See the contract. Counts places: markers of transactions and compaction make it an upper bound."""
        if self._kafka is None:
            return 0
        kafka, held = self._kafka, sorted(self._held)
        places = [TopicPartition(*partition) for partition in held]
        try:
            async with asyncio.timeout(policy.BUS_REQUEST_TIMEOUT_S):
                ends = await kafka.end_offsets(places)
                unknown = [place for place in places if Partition(*place) not in self._committed]
                starts = await kafka.beginning_offsets(unknown) if unknown else {}
                for place in unknown:
                    found = await kafka.committed(place)
                    self._committed[Partition(*place)] = starts[place] if found is None else found
        except (KafkaError, TimeoutError) as error:
            raise HubUnavailable("Kafka does not tell how far the group is", code="bus-kafka") from error
        return sum(ends[place] - self._committed.get(Partition(*place), ends[place]) for place in places)

    async def close(self) -> None:
        """See the contract. aiokafka itself does not tell its listener that it stops."""
        self._leaving = True
        await self._let_go()
        await self._drop()

    async def take(self, partitions: Iterable[TopicPartition]) -> None:
        """Take up an assignment; for the listener."""
        if self._leaving:
            return
        self._held = frozenset(Partition(*place) for place in partitions)
        self._committed = {}
        self._pause_held()
        try:
            await self._owner.assigned(sorted(self._held))
        except Exception:  # noqa: BLE001 - aiokafka would log it and go on without what the owner had to load
            _journal.exception("assignment_failed", group=self._group)
            self._broken = True
            self._held = frozenset()
        self._ready.set()

    async def give_up(self) -> None:
        """Give up the assignment; for the listener."""
        if not self._leaving:
            await self._let_go()

    async def _let_go(self) -> None:
        self._ready.clear()
        self._fetched = []
        if self._fetching is not None and self._fetching.done():
            self._fetching = None  # what it brought is read again by whoever gets the partition
        if self._held:
            try:
                async with asyncio.timeout(_JOIN_S):  # then the group has gone on without us
                    await self._owner.revoked(sorted(self._held))
            except TimeoutError:
                _journal.warning("revoke_timed_out", group=self._group)
            finally:
                self._held = frozenset()

    async def _fetch(self, records_max: int, timeout_s: float) -> None:
        """Wait for records. The waiting goes on in a task of its own, so that a cancelled poll drops nothing."""
        if self._kafka is None:
            raise HubUnavailable("this consumer is closed", code="bus-kafka")
        if self._fetching is None:
            getting = self._kafka.getmany(timeout_ms=int(timeout_s * 1000), max_records=records_max)
            self._fetching = asyncio.create_task(getting)
        fetching = self._fetching
        await asyncio.wait([fetching], timeout=timeout_s)
        if not fetching.done() or fetching is not self._fetching:
            return
        self._fetching = None
        try:
            batches = fetching.result()
        except KafkaError as error:
            self._broken = True
            raise HubUnavailable("the Kafka consumer failed", code="bus-kafka") from error
        self._fetched += [
            Received(
                Partition(place.topic, place.partition),
                record.offset,
                record.key or b"",
                record.value or b"",
                tuple(record.headers),
                record.timestamp,
            )
            for place, records in batches.items()
            for record in records
        ]

    def _pause_held(self) -> None:
        """Pause again: aiokafka forgets it with every assignment."""
        if self._kafka is not None:
            with suppress(IllegalStateError):
                self._kafka.pause(*(TopicPartition(*partition) for partition in self._paused & self._held))

    async def _stuck(self) -> bool:
        """Say whether polls were in vain for CONSUMER_STUCK_S although records waited, or no assignment came.

        A place must be found behind at the same position twice: once may be a record that came this moment.
        """
        if self._kafka is None or self._waited_s < policy.CONSUMER_STUCK_S:
            return False
        self._waited_s = 0.0
        if not self._ready.is_set():
            return True
        places = [TopicPartition(*partition) for partition in self._held - self._paused]
        try:
            async with asyncio.timeout(policy.HEALTH_WAIT_S):
                ends = await self._kafka.end_offsets(places)
                positions = {place: await self._kafka.position(place) for place in places}
        except (KafkaError, TimeoutError):
            return False  # the broker is away: a new consumer would not do better
        before, self._suspects = self._suspects, {p: at for p, at in positions.items() if at < ends[p]}
        return any(before.get(place) == at for place, at in self._suspects.items())

    async def _renew(self) -> None:
        _journal.warning("consumer_renewed", group=self._group, client=self._client_id)
        self._leaving = True
        await self._let_go()
        await self._drop()
        self._suspects = {}
        await self.start()

    async def _drop(self) -> None:
        kafka, self._kafka = self._kafka, None
        if self._fetching is not None:
            self._fetching.cancel()
            await asyncio.wait([self._fetching])
            self._fetching = None
        if kafka is not None:
            await close_consumer(kafka)


async def close_consumer(kafka: AIOKafkaConsumer) -> None:
    """Close one of aiokafka's consumers, however that goes.

    While a broker is away its `stop` breaks off with a KafkaError, or with the CancelledError of a task of its own,
    which we must not take for ours.
    """
    stopping = asyncio.create_task(kafka.stop())
    await asyncio.wait([stopping])
    if stopping.cancelled() or stopping.exception() is not None:
        _journal.warning("consumer_closed_badly")
        await kafka._client.close()  # noqa: SLF001 - what `stop` did not come to


class _Listener(ConsumerRebalanceListener):  # type: ignore[misc,unused-ignore]
    """Hands aiokafka's callbacks on; it awaits them, so the group waits while we finish."""

    def __init__(self, consumer: KafkaConsumer) -> None:
        self._consumer = consumer

    async def on_partitions_revoked(self, revoked: set[TopicPartition]) -> None:  # noqa: ARG002 - always all we hold
        await self._consumer.give_up()

    async def on_partitions_assigned(self, assigned: set[TopicPartition]) -> None:
        await self._consumer.take(assigned)
