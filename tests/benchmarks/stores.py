"""The stores that each side works on: filled with messages before a turn, counted after it."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager, closing
from pathlib import Path
from typing import Any, Protocol

import asyncpg

from hub.app import App
from hub.config.settings import Settings
from tests.benchmarks import floor_embedded, floor_kafka
from tests.benchmarks.child import surroundings
from tests.benchmarks.messages import HEADERS, creeer_zaak

CONNECTION = "formulieren-naar-zaken"
_COUNT = "select count(*) from deliveries"
_AT_ONCE = 256


class Stores(Protocol):
    """A pair of stores, one for each side."""

    name: str
    floor: str
    """The side of `tests.benchmarks.worker` that works on the floor's store."""
    environ: dict[str, str]
    """For both sides."""

    async def fill(self, batch: str, messages: int) -> None:
        """Put a batch on the log of both sides."""
        ...

    async def delivered(self) -> tuple[int, int]:
        """Count what the ledgers of hub and floor have."""
        ...


class Embedded:
    """Embedded bus and SQLite, in one folder."""

    name = "embedded + SQLite"
    floor = "embedded-floor"

    def __init__(self, folder: Path, target: Mapping[str, str]) -> None:
        """Take the folder and what says where the target is."""
        self._ledger = folder / "hub" / "ledger.sqlite"
        self._floor = str(folder / "floor.sqlite")
        self.environ = {**target, "ZAAKHUB_HOME": str(folder / "hub"), "FLOOR_STORE": self._floor}

    async def fill(self, batch: str, messages: int) -> None:
        """See Stores."""
        async with _app(self.environ) as app:
            await _accept(app, batch, messages)
        floor_embedded.fill(self._floor, (creeer_zaak(batch, number) for number in range(messages)))

    async def delivered(self) -> tuple[int, int]:
        """See Stores."""
        with closing(sqlite3.connect(self._ledger)) as database:
            ((hub,),) = database.execute(_COUNT).fetchall()
        return hub, floor_embedded.delivered(self._floor)


class Kafka:
    """Kafka and PostgreSQL. Both sides read the same raw records, each with a group of its own."""

    name = "Kafka + PostgreSQL"
    floor = "kafka-floor"

    def __init__(self, folder: Path, target: Mapping[str, str], *, servers: str, dsn: str) -> None:
        """Take a broker and a server of PostgreSQL, both of ours alone."""
        self._databases = {side: dsn.replace("/postgres?", f"/{side}?") for side in ("hub", "floor")}
        self._dsn = dsn
        self.environ = {
            **target,
            "ZAAKHUB_HOME": str(folder / "hub-on-kafka"),
            "ZAAKHUB_BUS": f"kafka://{servers}",
            "ZAAKHUB_LEDGER": self._databases["hub"],
            "FLOOR_KAFKA": servers,
            "FLOOR_STORE": self._databases["floor"],
        }

    async def make(self) -> None:
        """Make the databases and the topics."""
        async with _connection(self._dsn) as database:
            for side in self._databases:
                await database.execute(f"create database {side}")
        async with _connection(self._databases["floor"]) as database:
            await database.execute(floor_kafka.SCHEMA)
        async with _app(self.environ) as app:
            topic = app.entrances[CONNECTION].topic
            await app.bus.ensure_topics({floor_kafka.EVENTS: 12})
        self.environ = {**self.environ, "FLOOR_TOPIC": topic}

    async def fill(self, batch: str, messages: int) -> None:
        """See Stores."""
        async with _app(self.environ) as app:
            await _accept(app, batch, messages)

    async def delivered(self) -> tuple[int, int]:
        """See Stores."""
        async with _connection(self._databases["hub"]) as hub, _connection(self._databases["floor"]) as floor:
            return await hub.fetchval(_COUNT), await floor.fetchval("select count(*) from delivery")


def target_environ(base: str) -> dict[str, str]:
    """Say where the target is, for both sides."""
    return {
        "ZGW_ZAKEN_URL": f"{base}zaken/",
        "ZGW_CATALOGI_URL": f"{base}catalogi/",
        "ZGW_DOCUMENTEN_URL": f"{base}documenten/",
        "ZGW_BESLUITEN_URL": f"{base}besluiten/",
        "ZGW_SECRET": "benchmark-without-secrets-of-anybody",
        "FLOOR_TARGET": base,
    }


@asynccontextmanager
async def _app(environ: Mapping[str, str]) -> AsyncIterator[App]:
    environ = {**surroundings(), **environ}
    async with App.open(Settings.read(environ), environ, client_id="benchmark-fill") as app:
        yield app


async def _accept(app: App, batch: str, messages: int) -> None:
    """Let the hub's own door put the messages on its bus, without the HTTP in front of it."""
    entrance = app.entrances[CONNECTION]
    connection, inbound, topic = entrance.connection, entrance.inbound, entrance.topic

    async def accept(number: int) -> None:
        body = creeer_zaak(batch, number)
        document = inbound.read(body, HEADERS, validate=True)
        await app.door.accept(
            document, body, connection=connection.connection, topic=topic, http=HEADERS, references=()
        )

    for begin in range(0, messages, _AT_ONCE):
        await asyncio.gather(*map(accept, range(begin, min(begin + _AT_ONCE, messages))))


@asynccontextmanager
async def _connection(dsn: str) -> AsyncIterator[Any]:
    connection = await asyncpg.connect(dsn)
    try:
        yield connection
    finally:
        await connection.close()
