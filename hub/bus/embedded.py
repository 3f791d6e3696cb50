"""The bus in one SQLite file: durable, for one machine, no server to run. `:memory:` for tests and demos.

Several processes may use the file at once (one takes messages in, another delivers them) and any of them may be killed
at any moment. It knows group commit and waking up. SQL is in `embedded_log`, consuming in `embedded_consumer`.
"""

from __future__ import annotations

import asyncio
import zlib
from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from urllib.parse import quote

import structlog

from hub.bus.contract import Assignment, Partition, Received, Record, Spot
from hub.bus.embedded_consumer import EmbeddedConsumer, Membership, News
from hub.bus.embedded_log import MEMORY, Change, Log, Row, pack_headers
from hub.bus.newest import Newest
from hub.clock import Clock
from hub.config import policy
from hub.errors import HubUnavailable

_journal = structlog.get_logger(__name__)


class EmbeddedBus:
    """One process's connection to the log.

    Writes of all callers are gathered: while one transaction is on its way to disk the next one fills. They run in one
    thread. Inline on the event loop would be a third cheaper per message in a busy worker (measured), but an fsync has
    no upper bound and neither has the wait for another process's transaction, and an intake that stands still meanwhile
    answers nobody. One hop per *group* buys that off. Reads are inline: in WAL mode they wait for nothing.
    """

    def __init__(self, path: str, *, clock: Clock) -> None:
        """Take a file, or `:memory:`; nothing is touched before `start`."""
        self._path = path
        self._clock = clock
        self._opened: Log | None = None
        self._writer: ThreadPoolExecutor | None = None
        self._waiting: list[tuple[Change, asyncio.Future[None]]] = []
        self._flushing: asyncio.Task[None] | None = None
        self._tasks: list[asyncio.Task[None]] = []
        self._news = News()
        self._known: dict[str, list[int]] = {}
        self._groups: set[str] = set()
        self._consumers: list[EmbeddedConsumer] = []
        self._sweep_at = 0.0

    async def start(self) -> None:
        """See the contract."""
        if self._path == MEMORY:
            self._opened = Log(self._path)
            return
        self._writer = ThreadPoolExecutor(max_workers=1, thread_name_prefix="embedded-bus")
        try:
            self._opened = await asyncio.get_running_loop().run_in_executor(self._writer, Log, self._path)
        except HubUnavailable:
            self._writer.shutdown()
            raise
        self._tasks.append(asyncio.create_task(self._watch(self._opened)))

    async def ensure_topics(self, topics: Mapping[str, int]) -> None:
        """See the contract."""
        missing = {topic: count for topic, count in topics.items() if not self._log.partitions(topic)}
        if missing:
            made = [Partition(topic, number) for topic, count in missing.items() for number in range(count)]
            await self._write(Change(topics=made))

    async def publish(self, records: Sequence[Record]) -> None:
        """See the contract."""
        rows: list[Row] = []
        for record in records:
            if record.size_bytes > policy.RECORD_BYTES_MAX:
                raise ValueError("a record is larger than RECORD_BYTES_MAX")
            identities = self._identities(record.topic)
            # CRC-32: stable for ever and in C; which hash it is, is nobody's business but this log's.
            identity = identities[zlib.crc32(record.key) % len(identities)]
            rows.append(Row(identity, record.key, record.value, pack_headers(record.headers)))
        if rows:
            await self._write(Change(records=rows))

    async def consumer(self, group: str, topics: Sequence[str], owner: Assignment) -> EmbeddedConsumer:
        """See the contract. A second member of a group stands by: all partitions go to one process."""
        partitions: dict[Partition, int] = {}
        for topic in topics:
            self._identities(topic)
            partitions.update(self._log.partitions(topic))
        consumer = EmbeddedConsumer(
            group,
            partitions,
            owner,
            log=self._log,
            write=self._write,
            news=self._news,
            membership=Membership(group, file=self._lock_file(group), taken=self._groups),
        )
        await consumer.join()
        self._consumers.append(consumer)
        return consumer

    async def tail(self, topic: str, count: int) -> list[Received]:
        """See the contract."""
        self._identities(topic)
        newest = Newest(count)
        heads = self._log.heads()
        for partition, identity in self._log.partitions(topic).items():
            start = max(0, heads[identity] - newest.count)
            while found := self._log.read(partition, identity, start=start, limit=policy.TAIL_PAGE_RECORDS):
                for record in found:
                    newest.add(record)
                start = found[-1].offset + 1
        return newest.records()

    async def at(self, partition: Partition, offset: int) -> Received | None:
        """See the contract."""
        spot = Spot(partition, offset)
        return (await self.many([spot])).get(spot)

    async def many(self, places: Collection[Spot]) -> dict[Spot, Received]:
        """See the contract."""
        found: dict[Spot, Received] = {}
        identities: dict[Partition, int] = {}
        for topic in {spot.partition.topic for spot in places}:
            self._identities(topic)
            identities |= self._log.partitions(topic)
        for spot in places:
            if (identity := identities.get(spot.partition)) is not None:
                read = self._log.read(spot.partition, identity, start=spot.offset, limit=1)
                found.update((spot, each) for each in read if each.offset == spot.offset)
        return found

    async def announce(self, topic: str, key: str, value: bytes) -> None:
        """See the contract."""
        await self._write(Change(announcements=[(topic, key, value)]))

    async def listen(self, topic: str, handler: Callable[[str, bytes], Awaitable[None]]) -> None:
        """See the contract."""
        self._tasks.append(asyncio.create_task(self._hear(topic, handler, self._log.last_announced())))

    async def healthy(self) -> bool:
        """See the contract. Takes and gives back the write lock; touches no disk."""
        if self._opened is None:
            return False
        try:
            async with asyncio.timeout(policy.HEALTH_WAIT_S):
                await self._write(Change())
        except (HubUnavailable, TimeoutError):
            return False
        return True

    async def stop(self) -> None:
        """See the contract."""
        if self._opened is None:
            return
        for consumer in self._consumers:
            await consumer.close()
        while self._flushing is not None and not self._flushing.done():
            await asyncio.wait([self._flushing])
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        if self._writer is not None:
            self._writer.shutdown()
        self._opened.close()
        self._opened = None

    @property
    def _log(self) -> Log:
        if self._opened is None:
            raise HubUnavailable("the embedded log is not open", code="bus-embedded")
        return self._opened

    def _identities(self, topic: str) -> list[int]:
        if topic not in self._known:
            found = list(self._log.partitions(topic).values())
            if not found:
                raise HubUnavailable(f"there is no topic {topic}", code="bus-topic", advice="ensure_topics makes it")
            self._known[topic] = found
        return self._known[topic]

    def _lock_file(self, group: str) -> Path | None:
        return None if self._path == MEMORY else Path(f"{self._path}.{quote(group, safe='')}.member")

    async def _write(self, change: Change) -> None:
        """Join the next transaction; return when it is on disk."""
        log = self._log
        done: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting.append((change, done))
        if self._flushing is None or self._flushing.done():
            self._flushing = asyncio.create_task(self._flush(log))
        try:
            async with asyncio.timeout(policy.BUS_REQUEST_TIMEOUT_S):
                await done
        except TimeoutError:
            raise HubUnavailable("the disk of the embedded log is too slow", code="bus-slow") from None

    async def _flush(self, log: Log) -> None:
        """Write groups until nobody waits."""
        while self._waiting:
            group, self._waiting = self._waiting, []
            try:
                await self._commit(log, [change for change, _ in group])
            except Exception as error:  # noqa: BLE001 - whatever it is, those who wait must hear it
                for _, done in group:
                    if not done.done():
                        done.set_exception(_same(error))
            else:
                for _, done in group:
                    if not done.done():
                        done.set_result(None)
                self._news.tell()

    async def _commit(self, log: Log, changes: list[Change]) -> None:
        now_ms = int(self._clock.now().timestamp() * 1000)
        sweep = self._clock.monotonic() >= self._sweep_at
        expire_before_ms = now_ms - policy.BUS_RETENTION_S * 1000 if sweep else None

        def write() -> int:
            return log.write(changes, at_ms=now_ms, expire_before_ms=expire_before_ms)

        if self._writer is None:
            deleted = write()
        else:
            deleted = await asyncio.get_running_loop().run_in_executor(self._writer, write)
        if sweep and deleted < policy.EMBEDDED_SWEEP_RECORDS_MAX:
            self._sweep_at = self._clock.monotonic() + policy.EMBEDDED_SWEEP_S

    async def _watch(self, log: Log) -> None:
        """Notice what other processes write."""
        seen = -1
        while True:
            with suppress(HubUnavailable):  # a busy moment of the file; whoever reads next will hear if it lasts
                version = log.version()
                if version != seen:
                    seen = version
                    self._news.tell()
            await self._clock.sleep(policy.EMBEDDED_POLL_S)

    async def _hear(self, topic: str, handler: Callable[[str, bytes], Awaitable[None]], seen: int) -> None:
        while True:
            found: list[tuple[int, str, bytes]] = []
            with suppress(HubUnavailable):  # a busy moment of the file: the next news brings these as well
                found = self._log.announced(topic, after=seen)
            for number, key, value in found:
                seen = number
                try:
                    await handler(key, value)
                except Exception:  # noqa: BLE001 - a bad handler must not end the listening
                    _journal.exception("announcement_not_handled", topic=topic, key=key)
            await self._news.wait()


def _same(error: Exception) -> Exception:
    """Give each waiter an error of its own: one that is raised twice collects the tracebacks of both."""
    if isinstance(error, HubUnavailable):
        return HubUnavailable(error.reason, code=error.code, advice=error.advice)
    return error
