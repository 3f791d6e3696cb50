"""The floor of Kafka + PostgreSQL: batches of aiokafka, one transaction and one commit per batch and stage."""

from __future__ import annotations

import asyncio
import logging
import os
import uuid
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import UTC, datetime
from typing import Any

import asyncpg
import orjson
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer

from hub.config.policy import PRODUCER_BATCH_BYTES
from tests.benchmarks.floor import BATCH, Target, event_of

EVENTS = "floor.events"
"""The topic between the two stages; whoever runs this makes it."""

SCHEMA = """
create table delivery (id text primary key, zaak text not null, url text not null, ended_at timestamptz not null)
"""


@asynccontextmanager
async def kafka_floor() -> AsyncIterator[Callable[[asyncio.Event], Awaitable[None]]]:
    """Connect to Kafka, PostgreSQL and the target; consumers join when work begins, as those of the hub do."""
    servers = os.environ["FLOOR_KAFKA"]
    logging.getLogger("aiokafka").setLevel(logging.CRITICAL)  # a group that does not exist yet is no error here
    async with AsyncExitStack() as stack:
        target = await stack.enter_async_context(Target.open())
        database = await asyncpg.connect(os.environ["FLOOR_STORE"])
        stack.push_async_callback(database.close)
        producer = AIOKafkaProducer(
            bootstrap_servers=servers, acks="all", enable_idempotence=True, max_batch_size=PRODUCER_BATCH_BYTES
        )
        await producer.start()
        stack.push_async_callback(producer.stop)

        async def work(stop: asyncio.Event) -> None:
            async with _consumer(servers, os.environ["FLOOR_TOPIC"]) as raw, _consumer(servers, EVENTS) as events:
                await asyncio.gather(_translate(raw, producer, stop), _deliver(events, target, database, stop))

        yield work


@asynccontextmanager
async def _consumer(servers: str, topic: str) -> AsyncIterator[AIOKafkaConsumer]:
    consumer = AIOKafkaConsumer(
        topic,
        bootstrap_servers=servers,
        group_id=f"floor.{topic}",
        enable_auto_commit=False,
        auto_offset_reset="earliest",
    )
    await consumer.start()
    try:
        yield consumer
    finally:
        await consumer.stop()


async def _translate(consumer: AIOKafkaConsumer, producer: AIOKafkaProducer, stop: asyncio.Event) -> None:
    while not stop.is_set():
        batches = await consumer.getmany(timeout_ms=200, max_records=BATCH)
        stored = []
        for records in batches.values():
            for record in records:
                event = event_of(record.value)
                zaak = event["zaak"]["identificatie"].encode()
                headers = [
                    ("ce_id", str(uuid.uuid4()).encode()),
                    ("ce_type", b"nl.zaken.zaak-aangemaakt.v1"),
                    ("ce_subject", zaak),
                    ("ce_time", datetime.now(UTC).isoformat().encode()),
                ]
                stored.append(await producer.send(EVENTS, orjson.dumps(event), key=zaak, headers=headers))
        if stored:
            await asyncio.gather(*stored)
            await consumer.commit()


async def _deliver(consumer: AIOKafkaConsumer, target: Target, database: Any, stop: asyncio.Event) -> None:  # noqa: ANN401 - asyncpg brings no types
    while not stop.is_set():
        batches = await consumer.getmany(timeout_ms=200, max_records=BATCH)
        records = [record for each in batches.values() for record in each]
        if not records:
            continue
        urls = await target.post_all([record.value for record in records])
        now = datetime.now(UTC)
        rows = [
            (dict(record.headers)["ce_id"].decode(), record.key.decode(), url, now)
            for record, url in zip(records, urls, strict=True)
        ]
        async with database.transaction():
            await database.executemany("insert into delivery values ($1, $2, $3, $4)", rows)
        await consumer.commit()
