"""The floor of embedded + SQLite: a table as log, a table as ledger, one fsync per batch and stage."""

from __future__ import annotations

import asyncio
import os
import sqlite3
import uuid
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable
from contextlib import asynccontextmanager, closing
from datetime import UTC, datetime

import orjson

from tests.benchmarks.floor import BATCH, Target, event_of

_SCHEMA = """
create table if not exists raw (place integer primary key, body blob not null);
create table if not exists event (place integer primary key, id text not null, zaak text not null, value blob not null);
create table if not exists progress (stage text primary key, place integer not null);
create table if not exists delivery (
    id text primary key, zaak text not null, url text not null, ended_at text not null
) without rowid;
insert or ignore into progress values ('translate', 0), ('deliver', 0);
"""
_IDLE_S = 0.005


def fill(path: str, bodies: Iterable[bytes]) -> None:
    """Put messages on the log."""
    with closing(_open(path)) as database, database:
        database.executemany("insert into raw (body) values (?)", ((body,) for body in bodies))


def delivered(path: str) -> int:
    """Count what the ledger has."""
    with closing(_open(path)) as database:
        ((count,),) = database.execute("select count(*) from delivery").fetchall()
    return int(count)


@asynccontextmanager
async def embedded_floor() -> AsyncIterator[Callable[[asyncio.Event], Awaitable[None]]]:
    """Open the file and the target."""
    with closing(_open(os.environ["FLOOR_STORE"])) as database:
        async with Target.open() as target:

            async def work(stop: asyncio.Event) -> None:
                await asyncio.gather(_translate(database, stop), _deliver(database, target, stop))

            yield work


async def _translate(database: sqlite3.Connection, stop: asyncio.Event) -> None:
    while not stop.is_set():
        rows = database.execute(
            "select place, body from raw where place > (select place from progress where stage = 'translate') "
            "order by place limit ?",
            (BATCH,),
        ).fetchall()
        events = []
        for _, body in rows:
            event = event_of(body)
            events.append((str(uuid.uuid4()), event["zaak"]["identificatie"], orjson.dumps(event)))
        if rows:
            with database:
                database.executemany("insert into event (id, zaak, value) values (?, ?, ?)", events)
                database.execute("update progress set place = ? where stage = 'translate'", (rows[-1][0],))
        await asyncio.sleep(0 if rows else _IDLE_S)


async def _deliver(database: sqlite3.Connection, target: Target, stop: asyncio.Event) -> None:
    while not stop.is_set():
        rows = database.execute(
            "select place, id, zaak, value from event where place > "
            "(select place from progress where stage = 'deliver') order by place limit ?",
            (BATCH,),
        ).fetchall()
        if not rows:
            await asyncio.sleep(_IDLE_S)
            continue
        urls = await target.post_all([value for *_, value in rows])
        now = datetime.now(UTC).isoformat()
        with database:
            database.executemany(
                "insert into delivery values (?, ?, ?, ?)",
                [(name, zaak, url, now) for (_, name, zaak, _), url in zip(rows, urls, strict=True)],
            )
            database.execute("update progress set place = ? where stage = 'deliver'", (rows[-1][0],))


def _open(path: str) -> sqlite3.Connection:
    database = sqlite3.connect(path)
    database.execute("pragma journal_mode = wal")
    database.execute("pragma synchronous = full")
    database.executescript(_SCHEMA)
    return database
