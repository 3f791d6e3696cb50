"""What only the Kafka bus has: a broker that may go away, and the traps of its clients that we step around."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from typing import Any

import pytest
from aiokafka import TopicPartition
from aiokafka.admin import AIOKafkaAdminClient
from aiokafka.admin.config_resource import ConfigResource, ConfigResourceType
from aiokafka.admin.records_to_delete import RecordsToDelete
from faststream import AckPolicy
from faststream.kafka import KafkaBroker

from hub.bus.contract import Partition
from hub.bus.kafka import KafkaBus
from hub.bus.kafka_consumer import KafkaConsumer
from hub.config import policy
from hub.errors import HubUnavailable
from tests.support.bus import Owner, Place, commit, numbers, take
from tests.support.kafka import Broker

pytestmark = pytest.mark.kafka


@pytest.fixture
async def place(kafka: str) -> AsyncIterator[Place]:
    place = Place(f"kafka://{kafka}")
    yield place
    await place.close()


# The broker goes away


async def test_a_broker_that_is_not_there_is_unavailable() -> None:
    """Starting says so."""
    bus = KafkaBus(["127.0.0.1:1"], client_id="zaakhub-test")

    with pytest.raises(HubUnavailable):
        await bus.start()

    assert not await bus.healthy()
    await bus.stop()


async def test_a_broker_that_dies_is_told_to_every_caller(
    private_kafka: Broker, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Publish and commit fail in bounded time although aiokafka would try for ever; and the bus can be stopped."""
    monkeypatch.setattr(policy, "BUS_REQUEST_TIMEOUT_S", 1.0)
    monkeypatch.setattr(policy, "DRAIN_S", 0.5)
    place = Place(f"kafka://{private_kafka.address}")
    bus = await place.open()
    owner = Owner()
    consumer = await bus.consumer(place.group, [place.topic], owner)
    await bus.publish([place.record(1)])
    received = await take(consumer, owner, 1)

    async def hear(key: str, value: bytes) -> None:
        raise AssertionError(key, value)

    await bus.listen(place.control, hear)
    private_kafka.stop()

    outcomes = await asyncio.gather(
        *(bus.publish([place.record(number)]) for number in range(5)),
        commit(consumer, received),
        consumer.lag(),
        return_exceptions=True,
    )
    assert [type(outcome) for outcome in outcomes] == [HubUnavailable] * 7
    assert not await bus.healthy()
    await place.close()


# Topics


async def test_a_topic_that_kafka_refuses_is_an_error(place: Place) -> None:
    """The admin client returns a code per topic and raises nothing."""
    bus = await place.open()

    with pytest.raises(HubUnavailable, match="InvalidTopic"):
        await bus.ensure_topics({"geen geldige naam": 1})


async def test_topics_are_made_with_the_settings_we_rely_on(place: Place, kafka: str) -> None:
    """Whatever the broker's defaults are."""
    bus = await place.open()
    await bus.publish([place.record(1)])  # the broker answers about a new topic a moment after it made it
    await bus.announce(place.control, "k", b"")
    admin = AIOKafkaAdminClient(bootstrap_servers=kafka)
    await admin.start()

    [described] = await admin.describe_configs(
        [ConfigResource(ConfigResourceType.TOPIC, name) for name in (place.topic, place.control)]
    )
    await admin.close()

    settings: dict[str, dict[str, str]] = {
        name: {entry[0]: entry[1] for entry in entries} for _, _, _, name, entries in described.resources
    }
    assert settings[place.topic]["message.timestamp.type"] == "LogAppendTime"
    assert settings[place.topic]["cleanup.policy"] == "delete"
    assert settings[place.topic]["retention.ms"] == str(policy.BUS_RETENTION_S * 1000)
    assert settings[place.control]["cleanup.policy"] == "compact"


# Looking back


async def test_what_retention_took_is_not_there_any_more(place: Place) -> None:
    """Nor does what comes after it stand in for it; the tail begins where the log begins now."""
    bus = await place.open()
    await bus.publish([place.record(number, key="ZAAK-1") for number in range(10)])
    partition = (await bus.tail(place.topic, 1))[0].partition
    admin = AIOKafkaAdminClient(bootstrap_servers=place.url.removeprefix("kafka://"))
    await admin.start()

    await admin.delete_records({TopicPartition(*partition): RecordsToDelete(6)})
    await admin.close()

    assert await bus.at(partition, 5) is None
    assert numbers(await bus.tail(place.topic, 10)) == [6, 7, 8, 9]
    kept = await bus.at(partition, 6)
    assert kept is not None
    assert numbers([kept]) == [6]


# Clients that die or stand still


async def test_a_producer_that_died_is_replaced(place: Place) -> None:
    """After a fatal error the one of aiokafka never works again."""
    bus = await place.open()
    assert isinstance(bus, KafkaBus)
    await bus.publish([place.record(1)])
    dead = bus._producer
    assert dead is not None
    dead._sender.sender_task.cancel()
    await asyncio.wait([dead._sender.sender_task])

    await bus.publish([place.record(2)])

    owner = Owner()
    assert sorted(numbers(await take(await bus.consumer(place.group, [place.topic], owner), owner, 2))) == [1, 2]


async def test_a_consumer_that_stands_still_is_built_anew(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    """Records wait, polls bring nothing, aiokafka says nothing: the group is joined again from the committed offset."""
    monkeypatch.setattr(policy, "CONSUMER_STUCK_S", 0.2)
    bus = await place.open()
    owner = Owner()
    consumer = await bus.consumer(place.group, [place.topic], owner)
    assert isinstance(consumer, KafkaConsumer)

    async def nothing(**_: Any) -> dict[Any, Any]:  # noqa: ANN401 - whatever getmany takes
        return {}

    monkeypatch.setattr(consumer._kafka, "getmany", nothing)
    await bus.publish([place.record(1)])

    assert numbers(await take(consumer, owner, 1)) == [1]


async def test_a_quiet_topic_is_no_reason_to_build_a_consumer_anew(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No lag, or all paused: then an empty poll is as it should be."""
    monkeypatch.setattr(policy, "CONSUMER_STUCK_S", 0.1)
    bus = await place.open()
    owner = Owner()
    consumer = await bus.consumer(place.group, [place.topic], owner)
    assert isinstance(consumer, KafkaConsumer)
    before = consumer._kafka
    for _ in range(4):
        assert await consumer.poll(records_max=10, timeout_s=0.1) == []
    consumer.pause(place.partitions)
    await bus.publish([place.record(1)])
    for _ in range(4):
        assert await consumer.poll(records_max=10, timeout_s=0.1) == []

    assert consumer._kafka is before


async def test_an_owner_that_cannot_take_its_partitions_gets_no_records(place: Place) -> None:
    """The client would log the failure and hand out records all the same."""

    class Failing(Owner):
        async def assigned(self, partitions: Sequence[Partition]) -> None:
            raise LookupError(len(partitions))

    bus = await place.open()

    with pytest.raises(HubUnavailable, match="owner"):
        await bus.consumer(place.group, [place.topic], Failing())


# What FastStream must keep doing, where we lean on it


async def test_faststream_does_not_commit_what_was_cancelled(place: Place, kafka: str) -> None:
    """Before 0.7.8 a handler cancelled at the end of the graceful time-out had its message committed: lost."""
    bus = await place.open()
    await bus.publish([place.record(1)])
    broker = KafkaBroker(kafka, graceful_timeout=0.1, apply_types=False, logger=None)
    begun = asyncio.Event()

    async def hear(_: object) -> None:
        begun.set()
        await asyncio.Event().wait()

    broker.subscriber(place.topic, group_id=place.group, auto_offset_reset="earliest", ack_policy=AckPolicy.ACK)(hear)
    await broker.start()
    await begun.wait()

    await broker.stop()

    owner = Owner()
    assert numbers(await take(await bus.consumer(place.group, [place.topic], owner), owner, 1)) == [1]
