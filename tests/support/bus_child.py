"""A process of its own on an embedded log, to be killed by a test: `python -m tests.support.bus_child WORK ...`.

It says on standard output what it knows to be so: a number per line once its record is acknowledged, or the group that
it holds.
"""

from __future__ import annotations

import asyncio
import random
import sys
from collections.abc import Sequence
from itertools import count

from hub.bus.contract import Partition, Record
from hub.bus.embedded import EmbeddedBus
from hub.clock import SystemClock


async def publish(path: str, topic: str, name: str) -> None:
    """Publish for ever, several callers at once."""
    bus = EmbeddedBus(path, clock=SystemClock())
    await bus.start()
    following = count()
    chance = random.Random(name)

    async def one_caller() -> None:
        while True:
            mine = [f"{name}-{next(following)}" for _ in range(chance.randrange(1, 6))]
            await bus.publish([Record(topic, f"ZAAK-{n}".encode(), n.encode() + bytes(3000)) for n in mine])
            _say(*mine)

    await asyncio.gather(*(one_caller() for _ in range(8)))


async def hold(path: str, topic: str, group: str) -> None:
    """Be the active member of a group, commit nothing."""

    class Silent:
        async def assigned(self, partitions: Sequence[Partition]) -> None:
            _say("holds", str(len(partitions)))

        async def revoked(self, partitions: Sequence[Partition]) -> None:
            pass

    bus = EmbeddedBus(path, clock=SystemClock())
    await bus.start()
    consumer = await bus.consumer(group, [topic], Silent())
    while True:
        for record in await consumer.poll(records_max=10, timeout_s=10):
            _say("read", record.value.decode())


def _say(*words: str) -> None:
    sys.stdout.write(" ".join(words) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    work = {"publish": publish, "hold": hold}[sys.argv[1]]
    asyncio.run(work(*sys.argv[2:5]))
