"""Everything that lies on a topic, read by a group of its own."""

from __future__ import annotations

from collections.abc import Sequence

from hub.app import App
from hub.bus.contract import Partition, Received


class _Owner:
    async def assigned(self, partitions: Sequence[Partition]) -> None:
        """Need nothing."""

    async def revoked(self, partitions: Sequence[Partition]) -> None:
        """Give nothing up."""


async def records_on(app: App, topic: str) -> list[Received]:
    """Give the records, in order of time; those of one zaak are in their own order."""
    consumer = await app.bus.consumer("tap", [topic], _Owner())
    found: list[Received] = []
    while records := await consumer.poll(records_max=500, timeout_s=0.0):
        found += records
    await consumer.close()
    return sorted(found, key=lambda each: each.timestamp_ms)
