"""The signals of the Mutatieservice since a moment, of all abonnementen, page by page.

Source: Mutatieservice 1.0 (facts of its users; its OpenAPI is behind a login). It tells that something changed, never
what; a signal may appear later than its own time, so whoever asks looks a little further back.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import datetime

import orjson

from adapters.kvk.calls import Calls
from adapters.kvk.options import InboundOptions
from adapters.kvk.signaal import Signaal
from hub.errors import MessageRefused
from hub.ports.contracts import Client, Notice

JSON = {"content-type": "application/json"}


def create(options: InboundOptions) -> KvkPolling:
    """Make it for one connection."""
    return KvkPolling(options)


class KvkPolling:
    """Implements hub.ports.contracts.Following."""

    def __init__(self, options: InboundOptions) -> None:
        self.overlap = options.overlap
        self.kept = options.bewaard
        self._chosen = frozenset(each.lower() for each in options.abonnementen)

    async def find(self, client: Client, *, since: datetime, now: datetime) -> AsyncIterator[Notice]:
        """Give the signals, as the KVK orders them."""
        calls = Calls(client, now)
        for abonnement in await calls.abonnementen():
            if self._chosen and abonnement.lower() not in self._chosen:
                continue
            async for row in calls.signalen(abonnement, since=since, until=now):
                try:
                    body = Signaal.of(row).body()
                except MessageRefused:
                    body = orjson.dumps(row)  # refused at the door, where that is told; the others go on
                yield Notice(body, JSON)
