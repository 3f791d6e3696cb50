"""The control plane on Kafka: announcements to every process, through FastStream.

Nothing here carries a promise, so FastStream's convenience costs nothing; the data plane never goes through it (it
decodes before we see bytes and acknowledges positions, not records). It refuses to know what is announced.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence

import structlog
from aiokafka import AIOKafkaConsumer, ConsumerRecord
from aiokafka.errors import KafkaError
from faststream import AckPolicy
from faststream.kafka import KafkaBroker
from faststream.message import StreamMessage

from hub.bus.kafka_consumer import close_consumer
from hub.config import policy
from hub.errors import HubUnavailable

_journal = structlog.get_logger(__name__)


class ControlPlane:
    """Tells and hears."""

    def __init__(self, servers: Sequence[str], client_id: str) -> None:
        self._consumers: list[AIOKafkaConsumer] = []
        self._broker = KafkaBroker(
            list(servers),
            client_id=client_id,
            request_timeout_ms=int(policy.BUS_REQUEST_TIMEOUT_S * 1000),
            graceful_timeout=policy.DRAIN_S,
            apply_types=False,  # no conversion by annotation: a handler gets what `_raw` gives
            allow_auto_create_topics=False,  # topics are made by ensure_topics
            logger=None,  # what matters is logged here; FastStream would log per message
        )

    async def start(self) -> None:
        """Connect; raises KafkaError."""
        await self._broker.start()

    async def announce(self, topic: str, key: str, value: bytes) -> None:
        """Tell every process that listens; raises HubUnavailable."""
        try:
            await self._broker.publish(value, topic=topic, key=key.encode())
        except KafkaError as error:
            raise HubUnavailable("Kafka did not take an announcement", code="bus-kafka") from error

    async def listen(self, topic: str, handler: Callable[[str, bytes], Awaitable[None]]) -> None:
        """Call `handler` for what is announced from now on. Without a group: every process hears everything."""

        async def hear(announcement: tuple[str, bytes]) -> None:
            key, value = announcement
            try:
                await handler(key, value)
            except Exception:  # noqa: BLE001 - a bad handler must not end the listening
                _journal.exception("announcement_not_handled", topic=topic, key=key)

        # Without a group there is nothing to commit. The policy is explicit all the same: FastStream's default is to
        # acknowledge first, and whoever copies this to a subscriber with a group would lose messages by it.
        subscriber = self._broker.subscriber(
            topic, group_id=None, auto_offset_reset="latest", ack_policy=AckPolicy.MANUAL, decoder=_raw
        )
        subscriber(hear)
        try:
            await subscriber.start()
            if subscriber.consumer is not None:
                self._consumers.append(subscriber.consumer)
                for place in subscriber.consumer.assignment():
                    await subscriber.consumer.position(place)  # "from now on" is settled before we return
        except KafkaError as error:
            raise HubUnavailable("Kafka does not let this process listen", code="bus-kafka") from error

    async def stop(self) -> None:
        """Disconnect; also when Kafka is away."""
        for consumer in self._consumers:
            await close_consumer(consumer)
        await self._broker.stop()


async def _raw(message: StreamMessage[ConsumerRecord[bytes, bytes]]) -> tuple[str, bytes]:
    """Give key and bytes: FastStream's own decoder turns `1` into a number and fails on what is no JSON."""
    return (message.raw_message.key or b"").decode(), message.raw_message.value or b""
