"""The Logboek Dataverwerkingen, from the bus to where the municipality keeps it: nothing left out, in order.

One worker at a time does it. What the logbook does not take waits on the bus and is sent again; a record may come
twice, with the same ids. It refuses to know what is in a record.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence

import structlog

from hub.bus.contract import Bus, Consumer, Partition, Received, StaleAssignment
from hub.clock import Clock
from hub.config import policy
from hub.errors import HubUnavailable, TargetFailed

log = structlog.get_logger()

Send = Callable[[Sequence[bytes]], Awaitable[None]]
"""Sends records, all or none; raises TargetFailed."""


class Forwarder:
    """Sends records on."""

    def __init__(self, *, bus: Bus, topic: str, group: str, send: Send, clock: Clock) -> None:
        self._bus = bus
        self._topic = topic
        self._group = group
        self._send = send
        self._clock = clock

    async def run(self) -> None:
        """Send what comes, until cancelled."""
        while True:
            try:
                await self._forward()
            except (HubUnavailable, StaleAssignment) as error:
                log.warning("logbook_waits", reason=type(error).__name__)
            await self._clock.sleep(policy.LOGBOOK_AGAIN_S)

    async def _forward(self) -> None:
        consumer = await self._bus.consumer(self._group, [self._topic], _Owner())
        try:
            while True:
                records = await consumer.poll(records_max=policy.LOGBOOK_BATCH_MAX, timeout_s=policy.LOGBOOK_POLL_S)
                if records:
                    await self._sent(consumer, records)
        finally:
            await consumer.close()

    async def _sent(self, consumer: Consumer, records: Sequence[Received]) -> None:
        while True:
            try:
                await self._send([each.value for each in records])
                break
            except TargetFailed as failed:
                log.warning("logbook_does_not_take", code=failed.code, reason=failed.reason, records=len(records))
                await self._clock.sleep(policy.LOGBOOK_AGAIN_S)
        await consumer.commit({each.partition: each.offset + 1 for each in records})


class _Owner:
    """Holds nothing of a partition beyond what is in hand."""

    async def assigned(self, partitions: Sequence[Partition]) -> None:
        """Begin."""

    async def revoked(self, partitions: Sequence[Partition]) -> None:
        """End: what was not committed is somebody else's to send."""
