"""The bus on Apache Kafka: aiokafka for records, FastStream for the control plane.

It knows producers, topics and their settings. Consuming is in `kafka_consumer`, announcements in `kafka_control`.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence

from aiokafka import AIOKafkaProducer
from aiokafka.admin import AIOKafkaAdminClient, NewTopic
from aiokafka.errors import KafkaError, KafkaTimeoutError, TopicAlreadyExistsError, for_code

from hub.bus.contract import Assignment, Partition, Received, Record, Spot
from hub.bus.kafka_consumer import KafkaConsumer
from hub.bus.kafka_control import ControlPlane
from hub.bus.kafka_reader import KafkaReader
from hub.bus.topics import is_control
from hub.config import policy
from hub.errors import HubUnavailable


class KafkaBus:
    """One process's connection to a cluster."""

    def __init__(self, servers: Sequence[str], *, client_id: str) -> None:
        """Take `host:port` of some brokers; nothing is connected before `start`."""
        self._servers = list(servers)
        self._client_id = client_id
        self._producer: AIOKafkaProducer | None = None
        self._control: ControlPlane | None = None
        self._renewing = asyncio.Lock()
        self._consumers: list[KafkaConsumer] = []

    async def start(self) -> None:
        """See the contract."""
        control = ControlPlane(self._servers, self._client_id)
        self._producer = await self._connect()
        try:
            await control.start()
        except KafkaError as error:
            await self.stop()
            raise _unreachable() from error
        self._control = control

    async def ensure_topics(self, topics: Mapping[str, int]) -> None:
        """See the contract."""
        timeout_ms = int(policy.BUS_REQUEST_TIMEOUT_S * 1000)
        admin = AIOKafkaAdminClient(bootstrap_servers=self._servers, request_timeout_ms=timeout_ms)
        try:
            await admin.start()
            brokers = len((await admin.describe_cluster())["brokers"])
            answer = await admin.create_topics([_new_topic(topic, topics[topic], brokers) for topic in topics])
        except KafkaError as error:
            raise _unreachable() from error
        finally:
            await admin.close()
        # aiokafka does not raise what went wrong with a single topic: the codes must be read.
        for topic, code, *_ in answer.topic_errors:
            error_type = for_code(code)
            if code and error_type is not TopicAlreadyExistsError:
                raise HubUnavailable(
                    f"Kafka did not make topic {topic}: {error_type.__name__}",
                    code="bus-topic",
                    advice="look at the broker's settings and at the rights of this client",
                )

    async def publish(self, records: Sequence[Record]) -> None:
        """See the contract."""
        for record in records:
            if record.size_bytes > policy.RECORD_BYTES_MAX:
                raise ValueError("a record is larger than RECORD_BYTES_MAX")
        producer = self._producer
        if producer is None or _died(producer):
            producer = await self._renewed()
        stored: list[asyncio.Future[object]] = []
        try:
            # An idempotent producer of aiokafka never gives up on a batch, so the limit is ours. What is in its buffer
            # then may arrive later, in order: a caller that tries again may publish twice, never out of order.
            async with asyncio.timeout(policy.BUS_REQUEST_TIMEOUT_S):
                # All are in the buffer before one is awaited: they leave in a batch per partition.
                for record in records:
                    headers = list(record.headers)
                    stored.append(await producer.send(record.topic, record.value, key=record.key, headers=headers))
                await asyncio.gather(*stored)
        except TimeoutError:
            raise HubUnavailable("Kafka did not confirm in time", code="bus-slow") from None
        except Exception as error:  # a sender that died hands out whatever killed it, not only a KafkaError
            raise HubUnavailable(f"Kafka did not confirm: {type(error).__name__}", code="bus-kafka") from error
        finally:
            for waiting in stored:
                waiting.cancel()

    async def consumer(self, group: str, topics: Sequence[str], owner: Assignment) -> KafkaConsumer:
        """See the contract. Waits until the group has given us our share."""
        consumer = KafkaConsumer(self._servers, self._client_id, group, topics, owner)
        await consumer.start()
        self._consumers.append(consumer)
        return consumer

    async def tail(self, topic: str, count: int) -> list[Received]:
        """See the contract."""
        async with self._reader() as reader:
            return await reader.tail(topic, count)

    async def at(self, partition: Partition, offset: int) -> Received | None:
        """See the contract."""
        async with self._reader() as reader:
            spot = Spot(partition, offset)
            return (await reader.many([spot])).get(spot)

    async def many(self, places: Collection[Spot]) -> dict[Spot, Received]:
        """See the contract."""
        if not places:
            return {}
        async with self._reader() as reader:
            return await reader.many(places)

    async def announce(self, topic: str, key: str, value: bytes) -> None:
        """See the contract."""
        await self._running_control().announce(topic, key, value)

    async def listen(self, topic: str, handler: Callable[[str, bytes], Awaitable[None]]) -> None:
        """See the contract."""
        await self._running_control().listen(topic, handler)

    async def healthy(self) -> bool:
        """See the contract. Asks a broker for the cluster's metadata."""
        if self._producer is None:
            return False
        try:
            async with asyncio.timeout(policy.HEALTH_WAIT_S):
                return bool(await self._producer.client.force_metadata_update())
        except (KafkaError, TimeoutError):
            return False

    async def stop(self) -> None:
        """See the contract."""
        for consumer in self._consumers:
            await consumer.close()
        if self._control is not None:
            await self._control.stop()
            self._control = None
        if self._producer is not None:
            producer, self._producer = self._producer, None
            await _stop(producer)

    def _reader(self) -> KafkaReader:
        if self._producer is None:
            raise _unreachable()
        return KafkaReader(self._servers, self._client_id)

    def _running_control(self) -> ControlPlane:
        if self._control is None:
            raise _unreachable()
        return self._control

    async def _connect(self) -> AIOKafkaProducer:
        producer = AIOKafkaProducer(
            bootstrap_servers=self._servers,
            client_id=self._client_id,
            acks="all",
            enable_idempotence=True,
            max_batch_size=policy.PRODUCER_BATCH_BYTES,
            max_request_size=policy.RECORD_BYTES_MAX + policy.PRODUCER_BATCH_BYTES,  # our own check comes first
            linger_ms=0,
            request_timeout_ms=int(policy.BUS_REQUEST_TIMEOUT_S * 1000),
        )
        try:
            async with asyncio.timeout(policy.BUS_REQUEST_TIMEOUT_S):
                await producer.start()
        except (KafkaError, TimeoutError) as error:
            await producer.stop()
            raise _unreachable() from error
        return producer

    async def _renewed(self) -> AIOKafkaProducer:
        """Give a fresh producer for one that died: after a lost sequence or epoch aiokafka's stays dead."""
        async with self._renewing:
            producer = self._producer
            if producer is None:
                raise _unreachable()
            if not _died(producer):
                return producer  # another caller was first
            fresh = self._producer = await self._connect()
            await producer.stop()
            return fresh


def _died(producer: AIOKafkaProducer) -> bool:
    return bool(producer._sender.sender_task.done())  # noqa: SLF001 - there is no public way


def _new_topic(topic: str, partitions: int, brokers: int) -> NewTopic:
    replicas = min(brokers, policy.KAFKA_REPLICAS_MAX)
    settings = {
        # acks=all means all that are in sync: with this it means more than one disk as soon as there are more.
        "min.insync.replicas": str(max(1, replicas - 1)),
        # What Received promises: the bus's own time of storing, not the clock of who published.
        "message.timestamp.type": "LogAppendTime",
        "max.message.bytes": str(policy.RECORD_BYTES_MAX + policy.PRODUCER_BATCH_BYTES),
    }
    if is_control(topic):
        settings["cleanup.policy"] = "compact"
    else:
        settings["retention.ms"] = str(policy.BUS_RETENTION_S * 1000)
    return NewTopic(topic, partitions, replicas, topic_configs=settings)


async def _stop(producer: AIOKafkaProducer) -> None:
    """Flush and close. After DRAIN_S what cannot be delivered is failed: aiokafka would wait for ever."""
    stopping = asyncio.create_task(producer.stop())
    await asyncio.wait([stopping], timeout=policy.DRAIN_S)
    if not stopping.done():
        # There is no public way. The order matters: a sender that is still at it trips over a batch that has failed.
        producer._sender.sender_task.cancel()  # noqa: SLF001
        await stopping
        producer._message_accumulator.fail_all(KafkaTimeoutError())  # noqa: SLF001
    await stopping


def _unreachable() -> HubUnavailable:
    return HubUnavailable("Kafka cannot be reached", code="bus-kafka", advice="look at the brokers and the network")
