"""What tests of the bus share: a place for one test's log, an owner that remembers, and ways to read."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from uuid import uuid4

from hub.bus.contract import Bus, Consumer, Partition, Received, Record
from hub.bus.open import open_bus
from hub.clock import SystemClock

PATIENCE_S = 60.0
"""Ends a test that would hang; no test waits this long when all is well."""


class Owner:
    """Owner of a consumer: remembers what it holds. `before_letting_go` runs inside `revoked`."""

    def __init__(self) -> None:
        self.holds: set[Partition] = set()
        self.before_letting_go: Callable[[], Awaitable[None]] | None = None
        self._changed = asyncio.Condition()

    async def assigned(self, partitions: Sequence[Partition]) -> None:
        await asyncio.sleep(0)  # an owner loads something first; what comes too early is seen by `take`
        assert not self.holds & set(partitions), "assigned what it holds already"
        await self._change(self.holds | set(partitions))

    async def revoked(self, partitions: Sequence[Partition]) -> None:
        assert set(partitions) <= self.holds, "revoked what it does not hold"
        if self.before_letting_go is not None:
            await self.before_letting_go()
        await self._change(self.holds - set(partitions))

    async def until(self, condition: Callable[[set[Partition]], bool]) -> None:
        async with asyncio.timeout(PATIENCE_S), self._changed:
            await self._changed.wait_for(lambda: condition(self.holds))

    async def _change(self, holds: set[Partition]) -> None:
        async with self._changed:
            self.holds = holds
            self._changed.notify_all()


class Place:
    """Where one test's log lies, with topics and groups of its own. Opens buses on it, as processes would."""

    def __init__(self, url: str, *, partitions: int = 4) -> None:
        omgeving = f"test-{uuid4().hex[:8]}"
        self.url = url
        self.topic = f"{omgeving}.0000.in.koppeling"
        self.control = f"{omgeving}.hub.control"
        self.group = f"{omgeving}.groep"
        self.other_group = f"{omgeving}.andere-groep"
        self.partitions = [Partition(self.topic, number) for number in range(partitions)]
        self._open: list[Bus] = []

    async def open(self) -> Bus:
        bus = open_bus(self.url, clock=SystemClock(), client_id="zaakhub-test")
        await bus.start()
        self._open.append(bus)
        await bus.ensure_topics({self.topic: len(self.partitions), self.control: 1})
        return bus

    async def close(self) -> None:
        for bus in reversed(self._open):
            await bus.stop()

    def record(self, number: int, *, key: str | None = None) -> Record:
        return Record(self.topic, (key or f"ZAAK-{number}").encode(), b"%d" % number)


async def take(consumer: Consumer, owner: Owner, count: int) -> list[Received]:
    """Poll until `count` records came."""
    records: list[Received] = []
    async with asyncio.timeout(PATIENCE_S):
        while len(records) < count:
            came = await consumer.poll(records_max=200, timeout_s=0.2)
            assert {record.partition for record in came} <= owner.holds, "a record came before its partition"
            records += came
    return records


async def commit(consumer: Consumer, records: Sequence[Received]) -> None:
    """Say that all these records are dealt with."""
    await consumer.commit({record.partition: record.offset + 1 for record in records})


def numbers(records: Sequence[Received]) -> list[int]:
    """Give the numbers that `Place.record` put in."""
    return [int(record.value) for record in records]
