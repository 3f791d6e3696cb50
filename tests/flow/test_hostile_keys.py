"""Nothing that a sender sends, and nothing that another program writes on our topics, stops a worker.

On every bus and every ledger: what one of them takes, another does not.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from uuid import uuid4

import pytest

from hub.app import App, Parts
from hub.bus.contract import Headers, Record
from hub.config.policy import KEY_BYTES_MAX, RECORD_BYTES_MAX
from hub.config.settings import Settings
from hub.configuration import Configuration
from hub.errors import MessageRefused, TargetRefused
from hub.flow.entrance import TurnedAway, Welcome
from hub.flow.park import read_receipts
from hub.flow.records import Origin
from hub.ledger.entries import Failure
from hub.observe.metrics import Metrics
from hub.ports.contracts import Exchange, Receipt, Step
from hub.security.masking import TEXT_CHARS_MAX
from hub.testkit.memory import MemoryHub, memory_hub
from tests.support.toy import IN, ToyTarget, message, no_client, toy_configuration

PATIENCE_S = 30.0
AT = "2026-01-02T03:04:05+00:00"
LONG = "Z" * 900_000


@pytest.fixture
def target() -> ToyTarget:
    return ToyTarget()


class Hostile:
    """Each on each: a bus brings `bus`, a ledger brings `ledger`."""

    @pytest.fixture
    def bus(self, tmp_path: Path) -> str:
        return f"embedded:{tmp_path}/bus.db"

    @pytest.fixture
    def ledger(self, tmp_path: Path) -> str:
        return f"sqlite:{tmp_path}/ledger.db"

    async def test_what_can_not_be_kept_is_refused_at_the_door_and_nobody_else_notices(
        self, tmp_path: Path, target: ToyTarget, bus: str, ledger: str
    ) -> None:
        """At the same moment, so in the same group: the others have their receipt, and what they ask for is done."""
        wrong = [
            message("Z\0001", "x", reference="1"),
            message("Z", "x", reference="a\0001"),
            message("Z", "x", reference="2", sender="S\0"),
            message("Z", "x", reference="3", kind="wijzig\0"),
            message(LONG, "x", reference="4"),
            message("é" * KEY_BYTES_MAX, "x", reference="5"),
            message("Z", "x", reference=LONG),
        ]
        good = [message(zaak, "goed", reference=zaak) for zaak in "ABC"]
        async with _hub(tmp_path, target, bus, ledger) as app:
            answers = await asyncio.gather(*(_send(app, body) for body in [*wrong[:4], *good, *wrong[4:]]))
            await _until_done(target, "ABC")
            counts = await app.ledger.counts()

        assert [type(each) for each in answers] == [TurnedAway] * 4 + [Welcome] * 3 + [TurnedAway] * 3
        assert counts["refusals"] == len(wrong)

    async def test_a_field_with_a_name_that_is_no_text_stops_only_its_message(
        self, tmp_path: Path, target: ToyTarget, bus: str, ledger: str
    ) -> None:
        """No rule reads it, so its path is written down beside the messages that came with it."""
        async with _hub(tmp_path, target, bus, ledger) as app:
            bodies = [
                message("A", "goed", reference="1", **{"vreemd\0": "x", "v" * 5_000: "y"}),
                *(message(zaak, "goed", reference=zaak) for zaak in "BC"),
            ]
            answers = await asyncio.gather(*(_send(app, body) for body in bodies))
            await _until_done(target, "ABC")

        assert all(isinstance(each, Welcome) for each in answers)

    async def test_records_that_no_door_would_let_in_now_stop_nothing(
        self, tmp_path: Path, target: ToyTarget, bus: str, ledger: str
    ) -> None:
        """Let in by a door of before, or written by another program: what we accepted waits for a person."""
        async with _hub(tmp_path, target, bus, ledger) as app:
            inbound, events = app.topics.inbound(IN), app.topics.events("zaken")
            accepted = message("Z\0001", "x", reference="1")
            ours = _origin("Z\0001").headers()
            await app.bus.publish(
                [
                    Record(inbound, b"Z\0001", accepted, ours),
                    *(
                        Record(inbound, key, accepted, headers)
                        for key, headers in _foreign(_with(ours, "zh_id", b"vreemd"))
                    ),
                    *(Record(events, key, b"{}", headers) for key, headers in _foreign(_event_headers())),
                ]
            )
            for zaak in "ABC":
                assert isinstance(await _send(app, message(zaak, "goed", reference=zaak)), Welcome)
            await _until_done(target, "ABC")
            mine = await _failure(app, "bericht-1")  # of another partition, so maybe later than the good ones
            queue = await app.ledger.queue(IN, mine.zaak)

        assert (mine.code, mine.fault, mine.where) == ("StUF055", "afzender", "zaak")
        assert queue[0].value == accepted
        assert target.of("Z\0001") == []


def _foreign(headers: Headers) -> Sequence[tuple[bytes, Headers]]:
    """Give keys and headers that other programs could write."""
    spoilt = [
        ("ce_id", b"\xff\xfe"),
        ("zh_id", b"bericht\0"),
        ("zh_until", b"morgen"),
        ("zh_until", b"2026-01-02T03:04:05"),
        ("ce_time", b"2026-01-02"),
        ("zh_at", b"gisteren"),
        ("zh_kind", LONG.encode()),
        ("ce_type", b"nl.zaken\0"),
        ("zh_remarks", b"\0"),
        ("vreemd", bytes(range(256))),
    ]
    return [
        (b"", ()),
        (b"\xff", headers),
        (LONG.encode(), _with(headers, "zh_id", b"lang")),
        (b"\0", _with(headers, "ce_id", b"nul")),
        *((b"K", _with(headers, *each)) for each in spoilt),
    ]


def _with(headers: Headers, name: str, value: bytes) -> Headers:
    return (*(each for each in headers if each[0] != name), (name, value))


def _origin(zaak: str) -> Origin:
    kept = {"zh_zaak": zaak, "zh_subject": zaak, "zh_id": "bericht-1", "zh_at": AT}
    said = {"zh_kind": "wijzig", "zh_sender": "S", "zh_reference": "1", "zh_hash": "h"}
    return Origin.read(tuple((name, value.encode()) for name, value in (kept | said).items()))


def _event_headers() -> Headers:
    said = {
        "ce_id": "gebeurtenis-1",
        "ce_type": "nl.zaken.zaak-bijgewerkt.v1",
        "ce_source": "urn:x",
        "ce_subject": "K",
        "ce_time": AT,
        "ce_koppeling": IN,
        "ce_oorzaak": "bericht-1",
        "ce_revisie": "r",
    }
    return tuple((name, value.encode()) for name, value in said.items())


@asynccontextmanager
async def _hub(folder: Path, target: ToyTarget, bus: str, ledger: str) -> AsyncIterator[App]:
    """Run a hub that takes in and delivers; leaving it raises what ended its worker."""
    toy = toy_configuration(folder / "koppelingen", target)
    omgeving = f"test-{uuid4().hex[:8]}"  # the broker is shared
    settings = Settings(mappings=folder / "koppelingen", home=folder, bus=bus, ledger=ledger, omgeving=omgeving)
    metrics = Metrics()
    parts = Parts.open(settings, metrics=metrics, client_id="test")._replace(client_for=no_client)
    configuration = Configuration(**{**toy._asdict(), "settings": settings})
    stop = asyncio.Event()
    async with App(configuration, parts, metrics=metrics) as app, asyncio.TaskGroup() as group:
        group.create_task(app.work(stop))
        yield app
        stop.set()


async def _send(app: App, body: bytes) -> object:
    async def whole() -> AsyncIterator[bytes]:
        yield body

    return await app.reception.receive(app.entrances[IN], whole(), {"content-type": "application/json"})


async def _failure(app: App, item_id: str) -> Failure:
    async with asyncio.timeout(PATIENCE_S):
        while True:
            for each in await app.ledger.failures():
                if each.item_id == item_id and each.stage == IN:
                    return each
            await asyncio.sleep(0.02)


async def _until_done(target: ToyTarget, zaken: str) -> None:
    async with asyncio.timeout(PATIENCE_S):
        while not all(target.of(zaak) == ["goed"] for zaak in zaken):  # noqa: ASYNC110 - a target tells nobody
            await asyncio.sleep(0.02)


class TestEmbeddedAndSqlite(Hostile):
    """The small municipality."""


@pytest.mark.postgres
class TestEmbeddedAndPostgres(Hostile):
    @pytest.fixture
    def ledger(self, postgres_database: str) -> str:
        return postgres_database


@pytest.mark.kafka
@pytest.mark.postgres
class TestKafkaAndPostgres(Hostile):
    @pytest.fixture
    def bus(self, kafka: str) -> str:
        return f"kafka://{kafka}"

    @pytest.fixture
    def ledger(self, postgres_database: str) -> str:
        return postgres_database


async def test_a_message_that_grows_beyond_a_record_is_refused(tmp_path: Path, target: ToyTarget) -> None:
    """Body and headers each fit, together they do not: its sender hears it, and the bus is not tried."""
    async with memory_hub(toy_configuration(tmp_path, target), no_client) as hub:
        with pytest.raises(MessageRefused, match="larger than") as refused:
            await _straight(hub, b" " * (RECORD_BYTES_MAX - 100))
        with pytest.raises(MessageRefused, match="headers are more than"):
            await hub.accept(
                message("A", "x", reference="1"), connection=IN, headers={f"ce-{'a' * 70_000}": "x", "ce-b": "y"}
            )

    assert (refused.value.code, refused.value.status) == ("StUF055", 413)


async def _straight(hub: MemoryHub, filling: bytes) -> None:
    entrance = hub.app.entrances[IN]
    body = message("A", "x", reference="1")
    await hub.app.door.accept(
        entrance.inbound.read(body, {}, validate=True),
        body + filling,
        connection=IN,
        topic=entrance.topic,
        http={},
        references=(),
    )


async def test_a_message_that_nests_too_deep_to_be_written_is_refused(tmp_path: Path, target: ToyTarget) -> None:
    """JSON can be read that can't be written: the sender hears that, and not that the hub broke."""
    body = message("A", "x", reference="1")[:-1] + b',"diep":' + b"[" * 400 + b"]" * 400 + b"}"
    async with memory_hub(toy_configuration(tmp_path, target), no_client) as hub:
        with pytest.raises(MessageRefused, match="nests too deep"):
            await hub.accept(body, connection=IN)


async def test_why_a_target_refuses_can_be_kept(tmp_path: Path, target: ToyTarget) -> None:
    """Its words may be anything, of any length."""

    async def refuse(_zaak: str, _what: str, _exchange: Exchange) -> None:
        raise TargetRefused("\0\udcff" + "x" * 1_000_000, code="\udcff")

    target.before = refuse
    async with memory_hub(toy_configuration(tmp_path, target), no_client) as hub:
        await hub.accept(message("A", "x", reference="1"), connection=IN)
        await hub.settle()
        [failure] = await hub.failures()

    assert (failure.code, failure.reason[:3]) == ("\ufffd", "\ufffd\ufffdx")
    assert len(failure.reason) <= TEXT_CHARS_MAX


class Garbled(ToyTarget):
    """Answers with what is no UTF-8: aiohttp makes halves of surrogate pairs of such a header."""

    async def send(self, step: Step, exchange: Exchange) -> Receipt:
        await super().send(step, exchange)
        return Receipt(url="http://doel/\udcff", note="\0")


async def test_what_a_target_answers_can_be_kept(tmp_path: Path) -> None:
    """With a mark in it where it was no text."""
    target = Garbled()
    async with memory_hub(toy_configuration(tmp_path, target), no_client) as hub:
        await hub.accept(message("A", "goed", reference="1"), connection=IN)
        await hub.settle()
        [event] = await hub.app.bus.tail(hub.app.topics.events("zaken"), 1)
        [delivery] = await hub.app.ledger.delivered(dict(event.headers)["ce_id"].decode())

    assert target.of("A") == ["goed"]
    assert [*read_receipts(delivery.receipts).values()] == [Receipt("http://doel/\ufffd", "\ufffd")]
