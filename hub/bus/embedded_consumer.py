"""A consumer of the embedded log, and the right to be the only one of its group.

It knows positions, pauses and group membership. It refuses to know how records are stored or who publishes them.
"""

from __future__ import annotations

import asyncio
import fcntl
from collections.abc import Awaitable, Callable, Mapping, Sequence
from pathlib import Path
from typing import IO

from hub.bus.contract import Assignment, Partition, Received, StaleAssignment
from hub.bus.embedded_log import Change, Log
from hub.config import policy
from hub.errors import HubUnavailable


class News:
    """Wakes whoever waits for the log to change."""

    def __init__(self) -> None:
        self._waiting: set[asyncio.Future[None]] = set()

    def tell(self) -> None:
        """Wake all who wait now."""
        for waiting in self._waiting:
            if not waiting.done():
                waiting.set_result(None)

    async def wait(self, timeout_s: float | None = None) -> None:
        """Return at the next `tell`, or after `timeout_s`."""
        told: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting.add(told)
        try:
            await asyncio.wait([told], timeout=timeout_s)
        finally:
            self._waiting.discard(told)


class Membership:
    """The right to be the consumer of a group: at most one holder at a time.

    Across processes it is a lock on a file beside the log, which the kernel lets go when its holder dies, however it
    dies; nothing has to time out. In memory (`file` is None) it is a name in a set shared by the consumers of one bus.
    """

    def __init__(self, group: str, *, file: Path | None, taken: set[str]) -> None:
        self._group = group
        self._file = file
        self._taken = taken
        self._held: IO[str] | None = None

    def take(self) -> bool:
        """Try, without waiting."""
        if self._file is None:
            if self._group in self._taken:
                return False
            self._taken.add(self._group)
            return True
        held = self._file.open("a")
        try:
            fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            held.close()
            return False
        self._held = held
        return True

    def leave(self) -> None:
        """Let go; only for the holder."""
        self._taken.discard(self._group)
        if self._held is not None:
            self._held.close()
            self._held = None


class EmbeddedConsumer:
    """One member of a group: the active one holds all partitions, the others stand by until it goes."""

    def __init__(
        self,
        group: str,
        partitions: Mapping[Partition, int],
        owner: Assignment,
        *,
        log: Log,
        write: Callable[[Change], Awaitable[None]],
        news: News,
        membership: Membership,
    ) -> None:
        self._group = group
        self._partitions = dict(partitions)
        self._owner = owner
        self._log = log
        self._write = write
        self._news = news
        self._membership = membership
        self._active = False
        self._closed = False
        self._positions: dict[Partition, int] = {}
        self._paused: set[Partition] = set()

    async def join(self) -> bool:
        """Become the active member when nobody else is; give whether we are."""
        if self._active:
            return True
        if self._closed or not self._membership.take():
            return False
        try:
            identities = list(self._partitions.values())
            await self._write(Change(joins=[(self._group, identity) for identity in identities]))
            progress = self._log.progress(self._group, identities)
            self._positions = {partition: progress[identity] for partition, identity in self._partitions.items()}
            self._active = True
            await self._owner.assigned(list(self._partitions))
        except BaseException:
            self._active = False
            self._membership.leave()
            raise
        return True

    async def poll(self, *, records_max: int, timeout_s: float) -> list[Received]:
        """See the contract."""
        loop = asyncio.get_running_loop()  # a time-out of I/O runs on the loop's own time, as Kafka's does
        until = loop.time() + timeout_s
        while True:
            if await self.join():
                records = self._fetch(records_max)
                if records:
                    return records
            remaining_s = until - loop.time()
            if remaining_s <= 0:
                return []
            # One who stands by hears nothing when the active member dies, so it looks again now and then.
            await self._news.wait(remaining_s if self._active else min(remaining_s, policy.EMBEDDED_POLL_S))

    async def commit(self, offsets: Mapping[Partition, int]) -> None:
        """See the contract."""
        if not offsets:
            return
        if not self._active or not offsets.keys() <= self._partitions.keys():
            raise StaleAssignment
        rows = [(following, self._group, self._partitions[partition]) for partition, following in offsets.items()]
        await self._write(Change(offsets=rows))

    def pause(self, partitions: Sequence[Partition]) -> None:
        """See the contract."""
        self._paused.update(partitions)

    def resume(self, partitions: Sequence[Partition]) -> None:
        """See the contract."""
        self._paused.difference_update(partitions)
        self._news.tell()

    async def lag(self) -> int:
        """See the contract."""
        if not self._active:
            return 0
        heads = self._log.heads()
        return sum(
            heads[identity] - following
            for identity, following in self._log.progress(self._group, list(self._partitions.values())).items()
        )

    async def close(self) -> None:
        """See the contract."""
        if self._closed:
            return
        self._closed = True
        if self._active:
            try:
                await self._owner.revoked(list(self._partitions))
            finally:
                self._active = False
                self._membership.leave()

    def _fetch(self, records_max: int) -> list[Received]:
        """Read inline: a reader of a write-ahead log never waits for a writer, and new records are in memory."""
        heads = self._log.heads()
        records: list[Received] = []
        for partition in list(self._positions):
            start = self._positions[partition]
            identity = self._partitions[partition]
            if partition in self._paused or heads[identity] <= start:
                continue
            found = self._log.read(partition, identity, start=start, limit=records_max - len(records))
            if not found:
                raise HubUnavailable("records are missing from the embedded log", code="bus-embedded")
            records += found
            # Served last, so first in line goes to another: a busy partition cannot starve the rest.
            del self._positions[partition]
            self._positions[partition] = found[-1].offset + 1
            if len(records) >= records_max:
                break
        return records
