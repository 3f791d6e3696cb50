"""From a setting to a bus."""

from __future__ import annotations

import pytest

from hub.bus.embedded import EmbeddedBus
from hub.bus.kafka import KafkaBus
from hub.bus.open import open_bus
from hub.bus.topics import Topics, is_control
from hub.clock import SystemClock
from hub.errors import ConfigurationWrong


@pytest.mark.parametrize("url", ["embedded:/var/lib/zaakhub/bus.db", "embedded:bus.db", "embedded::memory:"])
def test_an_embedded_bus_is_named_by_its_file(url: str) -> None:
    """Or by SQLite's own word for memory. Nothing is opened yet."""
    assert isinstance(open_bus(url, clock=SystemClock(), client_id="c"), EmbeddedBus)


@pytest.mark.parametrize("url", ["kafka://127.0.0.1:9092", "kafka://kafka-1.intern:9092,kafka-2.intern:9092"])
async def test_kafka_is_named_by_some_of_its_brokers(url: str) -> None:
    """Each with its port."""
    assert isinstance(open_bus(url, clock=SystemClock(), client_id="c"), KafkaBus)


@pytest.mark.parametrize(
    "url",
    [
        "",
        "embedded:",
        "kafka://",
        "kafka://host",
        "kafka://host:",
        "kafka://host:9092,",
        "kafka://host:9092/topic",
        "kafka:host:9092",
        "redis://host:1",
        "kafka://beheerder:geheim@host:9092",
    ],
)
def test_anything_else_is_wrong_and_not_repeated(url: str) -> None:
    """The error says what would be right; a password that was put there by mistake stays out of it."""
    with pytest.raises(ConfigurationWrong, match="kafka://host:port") as wrong:
        open_bus(url, clock=SystemClock(), client_id="c")

    assert "geheim" not in str(wrong.value)


def test_only_the_control_topic_is_compacted() -> None:
    """It is told by its name."""
    topics = Topics("test", "0344")

    assert is_control(topics.control())
    assert not any(is_control(topic) for topic in (topics.inbound("hub"), topics.events("zaken"), topics.failures("x")))
