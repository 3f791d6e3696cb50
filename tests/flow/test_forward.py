"""The Logboek Dataverwerkingen reaches its keeper: whole, in order, and as OpenTelemetry writes it."""

from __future__ import annotations

import asyncio
import json
from base64 import b64encode
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime

import orjson
import pytest
from aiohttp import web
from google.protobuf import json_format
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest

from hub.bus.contract import Bus, Record
from hub.bus.open import open_bus
from hub.clock import SystemClock
from hub.config.policy import LOGBOOK_AGAIN_S, ConnectionPolicy
from hub.config.target import Target
from hub.errors import TargetMisconfigured, TargetRefused, TargetUnavailable
from hub.flow.forward import Forwarder, Send
from hub.net import otlp
from hub.net.client import TargetClient
from hub.observe.metrics import Count, Level, Metrics
from hub.testkit.clock import FakeClock

TOPIC = "ontwikkel.1900.verwerkingen"
REFUSED = f"{TOPIC}.geweigerd"


def _line(number: int, *, status: str = "OK") -> bytes:
    return orjson.dumps(
        {
            "trace_id": "0af7651916cd43dd8448eb211c80319c",
            "operation_id": f"{number:016x}",
            "parent_operation_id": "" if number == 1 else f"{1:016x}",
            "name": "vragen persoon",
            "start_time": 1_764_000_000_000,
            "end_time": 1_764_000_000_012,
            "status_code": status,
            "attributes": {"dpl.core.processing_activity_id": "https://register.voorbeeld.nl/1"},
        }
    )


@pytest.fixture
async def bus() -> AsyncIterator[Bus]:
    bus = open_bus("embedded::memory:", clock=SystemClock(), client_id="test")
    await bus.start()
    await bus.ensure_topics({TOPIC: 1, REFUSED: 1})
    yield bus
    await bus.stop()


async def until(so: Callable[[], bool]) -> None:
    for _ in range(1_000):
        if so():
            return
        await asyncio.sleep(0.01)
    raise AssertionError("it does not become so")


@asynccontextmanager
async def forwarding(bus: Bus, send: Send, clock: FakeClock, metrics: Metrics) -> AsyncIterator[None]:
    """Let a worker send on, for 20 seconds at most."""
    forwarder = Forwarder(
        bus=bus, topic=TOPIC, refused_topic=REFUSED, group="logboek", send=send, clock=clock, metrics=metrics
    )
    running = asyncio.create_task(forwarder.run())
    try:
        async with asyncio.timeout(20):
            yield
    finally:
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)


async def test_what_is_not_taken_is_sent_again_and_nothing_is_left_out(bus: Bus) -> None:
    """Also when the worker is replaced: it goes on where the one before it was."""
    taken: list[bytes] = []
    refusals = iter([TargetUnavailable("down", code="503"), TargetMisconfigured("wrong path", code="404")])
    clock = FakeClock()

    async def send(records: Sequence[bytes]) -> None:
        if (refusal := next(refusals, None)) is not None:
            raise refusal
        taken.extend(records)

    lines = [_line(number) for number in range(1, 4)]
    await bus.publish([Record(TOPIC, b"", line) for line in lines])
    for expected in (lines, [*lines, _line(4)]):
        async with forwarding(bus, send, clock, Metrics()):
            while taken != expected:
                await asyncio.sleep(0.02)
                clock.advance(clock.next_wait_s() or 0)
        await bus.publish([Record(TOPIC, b"", _line(4))] if expected == lines else [])


async def test_a_record_that_is_refused_is_set_aside_and_holds_up_nothing(bus: Bus) -> None:
    """Nine of ten arrive, in order; the one that does not is counted, and kept for a person."""
    lines = [_line(number) for number in range(1, 11)]
    taken: list[bytes] = []
    metrics = Metrics()

    async def send(records: Sequence[bytes]) -> None:
        if lines[6] in records:
            raise TargetRefused("the collector answers 400", code="logboek")
        taken.extend(records)

    await bus.publish([Record(TOPIC, b"", line) for line in lines])
    async with forwarding(bus, send, FakeClock(), metrics):
        await until(lambda: taken == [*lines[:6], *lines[7:]])

    assert [each.value for each in await bus.tail(REFUSED, 10)] == [lines[6]]
    assert metrics.value(Count.LOGBOOK_REFUSED) == 1


async def test_a_logbook_that_refuses_everything_is_waited_for(bus: Bus) -> None:
    """It is not the records then: none is set aside, and how long they wait is told."""
    taken: list[bytes] = []
    metrics, clock = Metrics(), FakeClock()
    mended = asyncio.Event()

    async def send(records: Sequence[bytes]) -> None:
        if not mended.is_set():
            raise TargetRefused("the collector answers 400", code="logboek")
        taken.extend(records)

    lines = [_line(number) for number in range(1, 4)]
    await bus.publish([Record(TOPIC, b"", line) for line in lines])
    clock.advance((datetime.now(UTC) - clock.now()).total_seconds() + 3600)
    async with forwarding(bus, send, clock, metrics):
        await until(lambda: (clock.next_wait_s() or 0) >= LOGBOOK_AGAIN_S)
        assert metrics.value(Level.LOGBOOK_OLDEST) == pytest.approx(3600, abs=60)
        mended.set()
        clock.advance(LOGBOOK_AGAIN_S)
        await until(lambda: taken == lines and not metrics.value(Level.LOGBOOK_OLDEST))

    assert await bus.tail(REFUSED, 10) == []


@asynccontextmanager
async def collector(
    *statuses: int, says: bytes = b"{}"
) -> AsyncIterator[tuple[TargetClient, list[ExportTraceServiceRequest]]]:
    """Run what reads OTLP as JSON with the messages of OpenTelemetry itself."""
    read: list[ExportTraceServiceRequest] = []
    answers = iter(statuses)

    async def traces(request: web.Request) -> web.Response:
        body = json.loads(await request.read())
        for span in body["resourceSpans"][0]["scopeSpans"][0]["spans"]:
            # In OTLP ids are hex (§JSON Protobuf Encoding); protobuf's own JSON wants base64.
            for name in ("traceId", "spanId", "parentSpanId"):
                if name in span:
                    span[name] = b64encode(bytes.fromhex(span[name])).decode()
        read.append(json_format.ParseDict(body, ExportTraceServiceRequest()))
        return web.Response(body=says, status=next(answers, 200))

    app = web.Application()
    app.router.add_post("/v1/traces", traces)
    runner = web.AppRunner(app)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    port = runner.addresses[0][1]
    client = TargetClient(
        Target(services={otlp.SERVICE: f"http://127.0.0.1:{port}/"}),
        name=otlp.SERVICE,
        limits=ConnectionPolicy(),
        clock=SystemClock(),
        metrics=Metrics(),
    )
    try:
        yield client, read
    finally:
        await client.close()
        await runner.cleanup()


async def test_a_record_is_a_span_that_opentelemetry_reads() -> None:
    """Nothing is unknown to it: ids, times, status and attributes."""
    async with collector() as (client, read):
        await otlp.send(client, [_line(1), _line(2, status="ERROR")], resource={"service.name": "zaakhub"})

    first, second = read[0].resource_spans[0].scope_spans[0].spans
    assert first.trace_id.hex() == "0af7651916cd43dd8448eb211c80319c"
    assert (first.parent_span_id, second.parent_span_id) == (b"", first.span_id)
    assert first.end_time_unix_nano - first.start_time_unix_nano == 12_000_000
    assert (first.status.code, second.status.code) == (1, 2)
    assert first.attributes[0].key == "dpl.core.processing_activity_id"


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        (503, TargetUnavailable),
        (429, TargetUnavailable),
        (404, TargetMisconfigured),
        (400, TargetRefused),
        (413, TargetRefused),
    ],
)
async def test_what_a_collector_says_no_to(status: int, kind: type[Exception]) -> None:
    """It is told which may pass by itself."""
    async with collector(status) as (client, _):
        with pytest.raises(kind):
            await otlp.send(client, [_line(1)], resource={})


@pytest.mark.parametrize(
    ("says", "kind"),
    [
        (b'{"partialSuccess":{"rejectedSpans":"1","errorMessage":"name too long"}}', TargetRefused),
        (b'{"partialSuccess":{"rejectedSpans":1}}', TargetRefused),
        (b"<html>Sign in</html>", TargetUnavailable),
        (b"[]", TargetUnavailable),
    ],
)
async def test_a_200_is_not_always_an_acceptance(says: bytes, kind: type[Exception]) -> None:
    """A collector may take a part; who else answers takes nothing."""
    async with collector(says=says) as (client, _):
        with pytest.raises(kind):
            await otlp.send(client, [_line(1), _line(2)], resource={})


@pytest.mark.parametrize("says", [b"", b"{}", b'{"partialSuccess":{}}', b'{"partialSuccess":{"errorMessage":"old"}}'])
async def test_a_warning_is_an_acceptance(says: bytes) -> None:
    """And so is silence; without records it is only asked whether anything is taken."""
    async with collector(says=says) as (client, read):
        await otlp.send(client, [_line(1)], resource={})
        await otlp.send(client, [], resource={})

    assert [len(each.resource_spans[0].scope_spans[0].spans) for each in read] == [1, 0]


@pytest.mark.parametrize("line", [b"{", b"[]", b"{}"])
async def test_a_line_that_is_no_record_is_refused_here(line: bytes) -> None:
    """It is as one that the collector refuses: the others go on."""
    async with collector() as (client, read):
        with pytest.raises(TargetRefused):
            await otlp.send(client, [_line(1), line], resource={})

    assert read == []
