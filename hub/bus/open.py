"""From a setting to a bus. It knows the spelling of the setting; each backend knows the rest."""

from __future__ import annotations

import re

from hub.bus.contract import Bus
from hub.clock import Clock
from hub.errors import ConfigurationWrong

_KAFKA = re.compile(r"kafka://([A-Za-z0-9.-]+:\d{1,5}(?:,[A-Za-z0-9.-]+:\d{1,5})*)")


def open_bus(url: str, *, clock: Clock, client_id: str) -> Bus:
    """Give the bus that `url` names: `embedded:/path/file`, `embedded::memory:` or `kafka://host:port[,host:port]`.

    Nothing is connected yet. `client_id` is how a Kafka broker's own logs name this process. Raises ConfigurationWrong,
    which does not repeat the setting: it may hold a password where none belongs.
    """
    # A backend is imported when it is used: the Kafka clients take half a second that a small hub need not wait.
    if url.startswith("embedded:") and len(url) > len("embedded:"):
        from hub.bus.embedded import EmbeddedBus  # noqa: PLC0415

        return EmbeddedBus(url.removeprefix("embedded:"), clock=clock)
    if match := _KAFKA.fullmatch(url):
        from hub.bus.kafka import KafkaBus  # noqa: PLC0415

        return KafkaBus(match[1].split(","), client_id=client_id)
    raise ConfigurationWrong(
        "this is not a bus",
        file="bus",
        code="bus-url",
        advice="write embedded:/path/file, embedded::memory: or kafka://host:port[,host:port]",
    )
