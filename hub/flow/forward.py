"""The Logboek Dataverwerkingen, from the bus to where the municipality keeps it: nothing left out, in order.

One worker at a time does it. What the logbook does not take waits on the bus and is sent again; a record may come
twice, with the same ids. A record that a logbook refuses which takes others goes to a topic of its own, for a person to
look at: it does not hold up what comes after it. It refuses to know what is in a record.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence

import structlog

from hub.bus.contract import Bus, Consumer, Partition, Received, Record, StaleAssignment
from hub.clock import Clock
from hub.config import policy
from hub.errors import HubUnavailable, TargetFailed, TargetRefused
from hub.observe.metrics import Count, Level, Metrics

log = structlog.get_logger()

Send = Callable[[Sequence[bytes]], Awaitable[None]]
"""Sends records; raises TargetFailed, and TargetRefused when some of these are not taken. None: would any be taken?"""


class Forwarder:
    """Sends records on."""

    def __init__(
        self, *, bus: Bus, topic: str, refused_topic: str, group: str, send: Send, clock: Clock, metrics: Metrics
    ) -> None:
        self._bus = bus
        self._topic = topic
        self._refused_topic = refused_topic
        self._group = group
        self._send = send
        self._clock = clock
        self._metrics = metrics

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
            self._metrics.level(Level.LOGBOOK_OLDEST, 0)  # whoever goes on with it says it
            await consumer.close()

    async def _sent(self, consumer: Consumer, records: Sequence[Received]) -> None:
        parts = [records]
        while parts:
            part = parts.pop()
            try:
                await self._send([each.value for each in part])
            except TargetRefused as refused:
                if len(part) > 1:
                    half = len(part) // 2
                    parts += part[half:], part[:half]
                elif await self._takes_others():
                    await self._set_aside(part[0], refused)
                else:
                    parts.append(part)
                    await self._wait(records, refused)
            except TargetFailed as failed:
                parts.append(part)
                await self._wait(records, failed)
        await consumer.commit({each.partition: each.offset + 1 for each in records})
        self._metrics.level(Level.LOGBOOK_OLDEST, 0)

    async def _takes_others(self) -> bool:
        """Say whether it is the record that is refused, and not everything."""
        try:
            await self._send([])
        except TargetFailed:
            return False
        return True

    async def _set_aside(self, record: Received, refused: TargetRefused) -> None:
        await self._bus.publish([Record(self._refused_topic, record.key, record.value)])
        self._metrics.count(Count.LOGBOOK_REFUSED)
        log.error("logbook_refuses_record", reason=refused.reason, offset=record.offset, kept_on=self._refused_topic)

    async def _wait(self, records: Sequence[Received], failed: TargetFailed) -> None:
        oldest_s = self._clock.now().timestamp() - min(each.timestamp_ms for each in records) / 1000
        self._metrics.level(Level.LOGBOOK_OLDEST, max(0.0, oldest_s))
        log.warning("logbook_does_not_take", code=failed.code, reason=failed.reason, oldest_s=round(oldest_s))
        await self._clock.sleep(policy.LOGBOOK_AGAIN_S)


class _Owner:
    """Holds nothing of a partition beyond what is in hand."""

    async def assigned(self, partitions: Sequence[Partition]) -> None:
        """Begin."""

    async def revoked(self, partitions: Sequence[Partition]) -> None:
        """End: what was not committed is somebody else's to send."""
