"""Recorded messages are found back: by any id that a person reads somewhere, and as the last of a connection."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import orjson
import pytest

from hub.bus.contract import Partition, Record
from hub.bus.embedded import EmbeddedBus
from hub.config import policy
from hub.desk.recall import source_of
from hub.errors import ActRefused, TargetRefused
from hub.event.envelope import Event
from hub.ports.contracts import Exchange
from hub.testkit.memory import MemoryHub, memory_hub
from tests.support.toy import IN, OUT, ToyTarget, message, no_client, toy_configuration


@pytest.fixture
def target() -> ToyTarget:
    return ToyTarget()


@pytest.fixture
async def hub(tmp_path: Path, target: ToyTarget) -> AsyncIterator[MemoryHub]:
    async with memory_hub(toy_configuration(tmp_path, target), no_client) as hub:
        yield hub


async def _event_of(hub: MemoryHub, zaak: str) -> str:
    """Give the id of the one event of a zaak."""
    return next(each.item_id for each in await hub.app.ledger.timeline(zaak) if each.what == "afgeleverd")


async def test_a_message_is_found_by_the_beginning_of_its_id(hub: MemoryHub) -> None:
    """As the sender sent it, with what the mapping is given."""
    body = message("A", "x", reference="1")
    seen = await hub.accept(body, connection=IN)
    await hub.accept(message("B", "y", reference="2"), connection=IN)
    await hub.settle()

    found = await hub.app.recall().message(seen.message_id[:8])

    assert (found.connection, found.id, found.kind, found.value) == (IN, seen.message_id, "wijzig", body)
    assert not found.parked
    source = source_of(found, hub.app.configuration)
    assert isinstance(source.body, dict)
    assert source.body["omschrijving"] == "x"
    assert source.context == {"zender": "S", "kind": "wijzig"}


async def test_an_event_is_found_at_the_connection_that_delivered_it(hub: MemoryHub) -> None:
    """The event as the mapping of that connection is given it."""
    await hub.accept(message("A", "x", reference="1"), connection=IN)
    await hub.settle()
    event = await _event_of(hub, "A")

    found = await hub.app.recall().message(event)

    assert (found.connection, found.id, found.kind) == (OUT, event, "nl.zaken.zaak-bijgewerkt.v1")
    source = source_of(found, hub.app.configuration)
    assert source.body == orjson.loads(found.value)
    assert source.context["type"] == "nl.zaken.zaak-bijgewerkt.v1"
    assert source.context["zender"] == IN


async def test_a_failure_names_its_message_and_what_was_corrected_counts(hub: MemoryHub, target: ToyTarget) -> None:
    """While it is parked: what is parked, with the corrections of an operator. Afterwards: what lies on the bus."""
    target.before = _refuse
    await hub.accept(message("A", "x", reference="1"), connection=IN)
    await hub.settle()
    [failure] = await hub.failures()
    operator = hub.app.operator()
    await hub.app.editor().correct(failure.id, changes={"zaak.omschrijving": "beter"}, by="jan", reason="typo")

    parked = await hub.app.recall().message(failure.id[:6])
    target.before = None
    await operator.replay(failure.id, by="jan", reason="typo")
    await hub.let_pass(2)
    delivered = await hub.app.recall().message(failure.id[:6])

    assert (parked.connection, parked.id, parked.parked) == (OUT, failure.item_id, True)
    assert orjson.loads(parked.value)["zaak"]["omschrijving"] == "beter"
    assert (delivered.id, delivered.parked) == (failure.item_id, False)
    assert orjson.loads(delivered.value)["zaak"]["omschrijving"] == "x"


async def test_a_message_that_no_rule_could_translate_is_found_by_its_failure(hub: MemoryHub) -> None:
    """It never became an event: what is parked is the message itself."""
    body = message("A", "x", reference="1", startdatum="20269999")
    seen = await hub.accept(body, connection=IN)
    await hub.settle()
    [failure] = await hub.failures()

    for given in (failure.id, seen.message_id):
        found = await hub.app.recall().message(given)
        assert (found.connection, found.id, found.value, found.parked) == (IN, seen.message_id, body, True)


async def test_a_message_that_no_worker_took_up_yet_is_found_on_the_bus(tmp_path: Path, target: ToyTarget) -> None:
    """The ledger does not know it; the newest records are looked through."""
    configuration = toy_configuration(tmp_path, target)
    async with memory_hub(configuration, no_client) as hub:
        for stage in hub.app.running.values():
            stage.stop()
        await hub.app.bus.publish([_raw(hub, "9a8b7c6d-0000-0000-0000-000000000000", "Z")])

        found = await hub.app.recall().message("9a8b7c6d")

    assert (found.connection, found.kind) == (IN, "wijzig")


@pytest.mark.parametrize("given", ["abc", "", "deadbeef", "%%%%%%"])
async def test_an_id_that_names_nothing_is_told(hub: MemoryHub, given: str) -> None:
    """With what to do next."""
    await hub.accept(message("A", "x", reference="1"), connection=IN)
    await hub.settle()

    with pytest.raises(ActRefused) as refused:
        await hub.app.recall().message(given)

    assert refused.value.advice


async def test_a_beginning_that_names_two_is_told(hub: MemoryHub) -> None:
    """How many, and that more characters help; the whole id always does."""
    names = [f"cafe{number}000-0000-0000-0000-000000000000" for number in range(2)]
    await hub.app.bus.publish([_raw(hub, name, name) for name in names])
    await hub.settle()

    with pytest.raises(ActRefused, match="2 ids begin with cafe"):
        await hub.app.recall().message("cafe")
    assert (await hub.app.recall().message(names[1])).id == names[1]


async def test_what_retention_took_is_told(hub: MemoryHub, monkeypatch: pytest.MonkeyPatch) -> None:
    """The ledger knows that it was there; nobody can show it any more."""
    seen = await hub.accept(message("A", "x", reference="1"), connection=IN)
    await hub.settle()

    async def gone(_bus: EmbeddedBus, _partition: Partition, _offset: int) -> None:
        return None

    monkeypatch.setattr(EmbeddedBus, "at", gone)
    with pytest.raises(ActRefused, match="is gone: the bus keeps it 14 days"):
        await hub.app.recall().message(seen.message_id)


async def test_the_last_of_a_connection_come_newest_last(hub: MemoryHub, monkeypatch: pytest.MonkeyPatch) -> None:
    """Of an outbound connection: the events that it has a mapping for, however many others lie between."""
    for number in range(6):
        await hub.accept(message("A", str(number), reference=str(number)), connection=IN)
    await hub.settle()
    others = Event("x", "nl.elders.iets.v1", "urn:x", "A", hub.clock.now(), {}, "elders", "y", "")
    topic = hub.app.topics.events("zaken")
    await hub.app.bus.publish([Record(topic, b"A", others.value(), others.headers())] * 20)
    monkeypatch.setattr(policy, "TAIL_RECORDS_MAX", 100)
    recall = hub.app.recall()

    messages = await recall.last(IN, 3)
    events = await recall.last(OUT, 3)

    assert [orjson.loads(each.value)["omschrijving"] for each in messages] == ["3", "4", "5"]
    assert [orjson.loads(each.value)["zaak"]["omschrijving"] for each in events] == ["3", "4", "5"]
    with pytest.raises(ActRefused, match="there is no connection elders"):
        await recall.last("elders", 3)


async def _refuse(_zaak: str, _what: str, _exchange: Exchange) -> None:
    raise TargetRefused("no", code="invalid")


def _raw(hub: MemoryHub, name: str, zaak: str) -> Record:
    """Make a record as the door does, under a name of our choice."""
    said = {
        "zh_id": name,
        "zh_at": hub.clock.now().isoformat(),
        "zh_kind": "wijzig",
        "zh_sender": "S",
        "zh_reference": name,
        "zh_zaak": zaak,
        "zh_subject": zaak,
        "zh_hash": name,
    }
    body = message(zaak, "x", reference=name)
    return Record(
        hub.app.topics.inbound(IN), zaak.encode(), body, tuple((key, value.encode()) for key, value in said.items())
    )
