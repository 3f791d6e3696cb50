"""The bus: a durable, partitioned, ordered log. Two backends (`embedded`, `kafka`) pass one suite.

Promises: `publish` returns only when every record is on disk (Kafka: acks=all, idempotent producer). Records with the
same key keep their order within a topic. A consumer group sees every record at least once; what is committed is not
seen again. It knows nothing of zaken, events or adapters.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence
from typing import NamedTuple, Protocol

Headers = tuple[tuple[str, bytes], ...]

_HEADER_BYTES = 6


class Record(NamedTuple):
    """What is published: `key` decides the partition and with it the order."""

    topic: str
    key: bytes
    value: bytes
    headers: Headers = ()

    @property
    def size_bytes(self) -> int:
        """Say how much it is, its headers and what keeps them apart counted in: a bus takes RECORD_BYTES_MAX."""
        headers = sum(len(name.encode()) + len(value) + _HEADER_BYTES for name, value in self.headers)
        return len(self.key) + len(self.value) + headers


class Partition(NamedTuple):
    """One ordered log."""

    topic: str
    number: int


class Spot(NamedTuple):
    """Where one record lies."""

    partition: Partition
    offset: int


class Received(NamedTuple):
    """A record as read back, with its place. `timestamp_ms` is the bus's own time of storing, epoch milliseconds."""

    partition: Partition
    offset: int
    key: bytes
    value: bytes
    headers: Headers
    timestamp_ms: int


class Assignment(Protocol):
    """What a consumer tells its owner when partitions come and go."""

    async def assigned(self, partitions: Sequence[Partition]) -> None:
        """Take these partitions: load what is known about them before the first record is handed out."""
        ...

    async def revoked(self, partitions: Sequence[Partition]) -> None:
        """Give these up: stop work on them, commit what is done; returns when that is so."""
        ...


class Consumer(Protocol):
    """One member of a group. Not safe for concurrent `poll`s."""

    async def poll(self, *, records_max: int, timeout_s: float) -> list[Received]:
        """Give the next records, in order per partition; an empty list when nothing came within `timeout_s`.

        A poll that is cancelled loses nothing: the next one gives what it would have given. Raises HubUnavailable.
        """
        ...

    async def commit(self, offsets: Mapping[Partition, int]) -> None:
        """Say per partition which offset is to be read next.

        Raises StaleAssignment, and commits nothing, when one of the partitions is not ours; HubUnavailable when it is
        not known that the offsets are kept.
        """
        ...

    def pause(self, partitions: Sequence[Partition]) -> None:
        """Hand out no records of these until `resume`; survives reassignment of the same partition to us."""
        ...

    def resume(self, partitions: Sequence[Partition]) -> None:
        """Undo `pause`."""
        ...

    async def lag(self) -> int:
        """Count the records of our partitions that are not committed."""
        ...

    async def close(self) -> None:
        """Leave the group; the owner's `revoked` is called for what we still hold."""
        ...


class StaleAssignment(Exception):
    """The partition was given to another member; what we did is safe, its offset is theirs to commit."""


class Bus(Protocol):
    """A log to publish to and consume from."""

    async def start(self) -> None:
        """Connect; raises HubUnavailable."""
        ...

    async def ensure_topics(self, topics: Mapping[str, int]) -> None:
        """Create what is missing, with this many partitions; an existing topic keeps what it has."""
        ...

    async def publish(self, records: Sequence[Record]) -> None:
        """Return when all are durable; raises HubUnavailable when it is not known that all are. Never partly silent.

        A record above policy.RECORD_BYTES_MAX is a ValueError: nothing is published, trying again changes nothing.
        """
        ...

    async def consumer(self, group: str, topics: Sequence[str], owner: Assignment) -> Consumer:
        """Join a group; a new group reads from the oldest record. Raises HubUnavailable, also for an unknown topic."""
        ...

    async def tail(self, topic: str, count: int) -> list[Received]:
        """Give the newest records over all partitions, the oldest of them first; in the order of each partition.

        For people who look back: it joins no group and commits nothing. Gives fewer than `count` when there are no
        more, and never more than policy.TAIL_RECORDS_MAX or TAIL_BYTES_MAX. Raises HubUnavailable, also for an unknown
        topic.
        """
        ...

    async def at(self, partition: Partition, offset: int) -> Received | None:
        """Give one record by its place, or None when it is not there (any more): retention took it.

        Raises HubUnavailable, also for an unknown topic.
        """
        ...

    async def many(self, places: Collection[Spot]) -> dict[Spot, Received]:
        """Give the records at these places, by place; of those that are not there (any more) nothing.

        It reads them as one: a hundred cost little more than one does. All are in memory at once, so a caller asks for
        no more than it can hold. Raises HubUnavailable, also for an unknown topic.
        """
        ...

    async def announce(self, topic: str, key: str, value: bytes) -> None:
        """Tell every process something of the control plane (at most once, not part of any promise)."""
        ...

    async def listen(self, topic: str, handler: Callable[[str, bytes], Awaitable[None]]) -> None:
        """Call `handler(key, value)` for what is announced from now on, in every process that listens."""
        ...

    async def healthy(self) -> bool:
        """Say whether a publish would be tried with hope."""
        ...

    async def stop(self) -> None:
        """Flush and disconnect."""
        ...
