"""CloudEvents in and out: the three modes at the door, one POST to a webhook."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import quote

import orjson
import pytest

from adapters.cloudevents.inbound import create as create_inbound
from adapters.cloudevents.options import InboundOptions, Options
from adapters.cloudevents.outbound import create
from adapters.cloudevents.simulator import Webhook
from hub.config.access import Anybody
from hub.config.connection import Connection, Direction
from hub.config.settings import Settings
from hub.configuration import Configuration
from hub.errors import (
    MessageRefused,
    TargetFailed,
    TargetMisconfigured,
    TargetRefused,
    TargetUnavailable,
    TargetUncertain,
)
from hub.event.envelope import Event
from hub.ingress.asgi import Ingress
from hub.mapping.compile import load_mappings
from hub.ports.contracts import Exchange, Outgoing, Step
from hub.testkit.memory import MemoryHub, memory_hub
from hub.testkit.network import FaultyNetwork
from tests.support.asgi import ask
from tests.support.tap import records_on
from tests.support.toy import VERWERKING, no_client

SOURCE = "urn:nld:oin:00000001002220647000:systeem:zaakhub"
KIND, AT = "nl.zaken.zaak-aangemaakt.v1", datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
EVENT: dict[str, Any] = {
    "specversion": "1.0",
    "id": "1",
    "source": SOURCE,
    "type": KIND,
    "subject": "ZAAK-1",
    "time": "2026-03-02T08:00:00Z",
    "data": {"zaak": {"identificatie": "ZAAK-1", "omschrijving": "Een"}},
}
STRUCTURED, BATCHED = ({"content-type": f"application/cloudevents{mode}+json"} for mode in ("", "-batch"))
BINARY = {
    "content-type": "application/json",
    **{f"ce-{name}": str(value) for name, value in EVENT.items() if name != "data"},
}


class Nothing:
    """No documents."""

    def open(self, reference: str) -> AsyncIterator[bytes]:
        raise AssertionError(reference)


def exchange(webhook: Webhook) -> Exchange:
    network = FaultyNetwork(webhook.handle, {"webhook": "http://doel.test/gebeurtenissen/"})
    return Exchange(network, Nothing(), {}, resumed=False, now=AT)


def planned(body: dict[str, Any] | bytes, **options: Any) -> Step:  # noqa: ANN401 - options of the adapter
    outgoing = Outgoing(KIND, "cloudevent", body, reference="event-1", at=AT, zaak="ZAAK-1")
    [step] = create(Options(source=SOURCE, **options)).steps(outgoing)
    return step


@pytest.mark.parametrize("mode", ["structured", "binary"])
async def test_an_event_is_posted_as_it_is_known(mode: str) -> None:
    """Id, source, time and subject are those of the hub; the rest is what the mapping gives."""
    webhook = Webhook()
    step = planned({"data": {"zaak": "ZAAK-1"}, "dataref": "https://zaken.example/1"}, mode=mode)

    await create(Options.model_validate({"source": SOURCE, "mode": mode})).send(step, exchange(webhook))
    await create(Options.model_validate({"source": SOURCE, "mode": mode})).send(step, exchange(webhook))

    event, again = webhook.events
    assert event.plain() == {
        "specversion": "1.0",
        "id": "event-1",
        "source": SOURCE,
        "type": KIND,
        "subject": "ZAAK-1",
        "time": "2026-03-02T09:00:00+00:00",
        "datacontenttype": "application/json",
        "dataref": "https://zaken.example/1",
        "data": {"zaak": "ZAAK-1"},
    }
    assert again == event


@pytest.mark.parametrize(
    "body",
    [
        {"id": "mine"},
        {"subject": "999990342"},
        {"type": "geen omgekeerde domeinnaam"},
        {"vertrouwelijkheidaanduiding": "openbaar"},
        b"<xml/>",
    ],
)
def test_what_is_no_event_of_the_profile_is_not_sent(body: dict[str, Any] | bytes) -> None:
    """The mapping is wrong: a person mends it."""
    with pytest.raises(TargetRefused) as refused:
        planned(body)

    assert "999990342" not in refused.value.reason


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        (503, TargetUnavailable),
        (429, TargetUnavailable),
        (500, TargetUncertain),
        (400, TargetRefused),
        (401, TargetMisconfigured),
        (404, TargetMisconfigured),
        (302, TargetMisconfigured),
    ],
)
async def test_an_answer_says_whose_turn_it_is(status: int, kind: type[TargetFailed]) -> None:
    """The hub decides by it whether to try again."""
    webhook = Webhook()
    webhook.answers = [status]

    with pytest.raises(kind):
        await create(Options(source=SOURCE)).send(planned({"data": {}}), exchange(webhook))


@pytest.mark.parametrize(
    ("headers", "body"),
    [(STRUCTURED, orjson.dumps(EVENT)), (BINARY, orjson.dumps(EVENT["data"]))],
    ids=["structured", "binary"],
)
def test_an_event_is_the_same_message_in_either_mode(headers: dict[str, str], body: bytes) -> None:
    """Sender and number are source and id (CloudEvents §3.1.1)."""
    document = create_inbound(InboundOptions()).read(body, headers, validate=True)

    assert (document.kind, document.sender, document.reference, document.zaak) == (f"ce.{KIND}", SOURCE, "1", "ZAAK-1")
    assert isinstance(document.body, dict)
    assert document.body["data"] == EVENT["data"]


def test_the_number_of_the_zaak_may_stand_elsewhere() -> None:
    """Where the option says; an event without it is refused."""
    adapter = create_inbound(InboundOptions(zaak="data/zaak/identificatie"))

    assert adapter.read(orjson.dumps({**EVENT, "subject": "een-uuid"}), STRUCTURED, validate=True).zaak == "ZAAK-1"
    with pytest.raises(MessageRefused) as refused:
        adapter.read(orjson.dumps({**EVENT, "data": {}}), STRUCTURED, validate=True)
    assert refused.value.path == "data/zaak/identificatie"


@pytest.fixture
async def hub(tmp_path: Path) -> AsyncIterator[MemoryHub]:
    name = "gebeurtenissen"
    (tmp_path / name).mkdir()
    (tmp_path / name / f"ce.{KIND}.map.yaml").write_text(
        f"message: ce.{KIND}\ngives: {KIND}\nrules:\n"
        "- {to: zaak.identificatie, from: data/zaak/identificatie, required: true}\n"
        "- {to: zaak.omschrijving, from: data/zaak/omschrijving, empty: omit}\n"
        "ignore:\n"
        + "".join(
            f"- {{path: {path}, reason: about the event}}\n"
            for path in ("specversion", "id", "source", "type", "subject", "time", "datacontenttype")
        )
    )
    connection = Connection(
        connection=name,
        direction=Direction.INBOUND,
        adapter="cloudevents",
        verwerking=VERWERKING,
        access=(Anybody(kind="none"),),
    )
    configuration = Configuration(
        settings=Settings(mappings=tmp_path),
        connections={name: connection},
        inbound={name: create_inbound(InboundOptions(types=(KIND,)))},
        outbound={},
        mappings={name: load_mappings(tmp_path / name, root=tmp_path)},
    )
    async with memory_hub(configuration, no_client) as running:
        yield running


async def post(hub: MemoryHub, headers: Mapping[str, str], body: bytes) -> int:
    answer = await ask(Ingress(hub.app, doors=True), "/in/gebeurtenissen", body, headers=headers)
    await hub.settle()
    return answer.status


async def events(hub: MemoryHub) -> list[Event]:
    records = await records_on(hub.app, hub.app.topics.events("zaken"))
    return [Event.read(each.headers, each.value) for each in records]


@pytest.mark.parametrize(
    ("said", "path"),
    [
        ({"id": "a\0001"}, "id"),
        ({"id": "a" * 1_001}, "id"),
        ({"source": f"urn:{'a' * 1_000}"}, "source"),
        ({"type": f"nl.{'a' * 1_000}"}, "type"),
        ({"subject": "ZAAK\0"}, "subject"),
        ({"subject": "é" * 501}, "subject"),
        ({"vreemd": "\0"}, "vreemd"),
        ({"vre\0md": "x"}, "vre\ufffdmd"),
        ({"data": {"zaak": {"identificatie": "Z\0001"}}}, "data/zaak/identificatie"),
        ({"data": {"zaak": {"identificatie": "Z" * 900_000}}}, "data/zaak/identificatie"),
    ],
)
def test_what_can_not_be_kept_is_refused_at_the_door(said: dict[str, Any], path: str) -> None:
    """Its sender made a mistake and hears where: 400, in either mode."""
    where = "data/zaak/identificatie" if "data" in said else "subject"
    inbound = create_inbound(InboundOptions(zaak=where))
    event = EVENT | said
    binary = {f"ce-{name}": quote(str(value)) for name, value in event.items() if name != "data"}
    requests = [
        (orjson.dumps(event), STRUCTURED),
        (orjson.dumps(event["data"]), {"content-type": "application/json", **binary}),
    ]

    for body, headers in requests:
        with pytest.raises(MessageRefused) as refused:
            inbound.read(body, headers, validate=False)
        assert refused.value.status in (400, 413)
        assert refused.value.path in (path, "")


async def test_all_modes_reach_the_bus_and_a_resend_is_known(hub: MemoryHub) -> None:
    """Attributes that came in headers are there when the worker reads the message."""
    batch = orjson.dumps(
        [{**EVENT, "id": "2", "subject": "ZAAK-2", "data": {"zaak": {"identificatie": "ZAAK-2"}}}, EVENT]
    )

    assert await post(hub, BINARY, orjson.dumps(EVENT["data"])) == 204
    assert await post(hub, STRUCTURED, orjson.dumps(EVENT)) == 204
    assert await post(hub, BATCHED, batch) == 204

    assert sorted(each.subject for each in await events(hub)) == ["ZAAK-1", "ZAAK-2"]
    assert await hub.failures() == []


async def test_a_batch_with_a_wrong_event_is_refused_whole(hub: MemoryHub) -> None:
    """The sender can send it again without thinking."""
    batch = orjson.dumps([EVENT, {**EVENT, "id": "2", "subject": "999990342"}])

    assert await post(hub, BATCHED, batch) == 400
    assert await post(hub, BATCHED, b"[]") == 204
    assert await events(hub) == []


async def test_an_event_of_another_type_is_answered_and_goes_no_further(hub: MemoryHub) -> None:
    """The connection says which types it is for."""
    assert await post(hub, STRUCTURED, orjson.dumps({**EVENT, "type": "nl.personen.verhuisd.v1"})) == 204
    assert await events(hub) == []
