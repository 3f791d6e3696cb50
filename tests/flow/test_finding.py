"""A message that came in is found by what is known of it, wherever it is by now; and that it was looked for is kept."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import orjson
import pytest

from hub.desk.mirror import KEY, contradiction
from hub.errors import ActRefused, HubUnavailable, TargetRefused
from hub.ledger.entries import OperatorAct
from hub.ledger.finding import Criteria, MessageState
from hub.mapping.compile import load_mappings
from hub.ports.contracts import Exchange
from hub.security.personal import Bsn
from hub.testkit.memory import Memory, MemoryHub, memory_hub
from tests.support.ledger_entries import NOON
from tests.support.toy import IN, OUT, ToyTarget, message, no_client, toy_configuration

BSN = Bsn("999990019")
WITH_PERSON = """
message: maak
gives: nl.zaken.zaak-aangemaakt.v1
rules:
  - {to: zaak.identificatie, from: zaak, required: true}
  - {to: zaak.omschrijving, from: omschrijving, required: true}
  - to: "zaak.rollen[]"
    each: personen
    rules: [{to: natuurlijkPersoon.bsn, from: bsn}]
ignore:
  - {path: kind, reason: says which message it is}
"""


@pytest.fixture
def target() -> ToyTarget:
    return ToyTarget()


@pytest.fixture
async def hub(tmp_path: Path, target: ToyTarget) -> AsyncIterator[MemoryHub]:
    """Run a hub whose mapping knows persons."""
    toy = toy_configuration(tmp_path, target)
    (tmp_path / IN / "maak.map.yaml").write_text(WITH_PERSON)
    mappings = toy.mappings | {IN: load_mappings(tmp_path / IN, root=tmp_path)}
    async with memory_hub(toy._replace(mappings=mappings), no_client) as hub:
        yield hub


def about(zaak: str, reference: str, *persons: str, kind: str = "maak") -> bytes:
    """Write a message about persons."""
    said = orjson.loads(message(zaak, f"over {reference}", reference=reference, kind=kind))
    return orjson.dumps({**said, "personen": [{"bsn": each} for each in persons]})


async def found(hub: MemoryHub, criteria: Criteria) -> list[tuple[str, MessageState]]:
    """Give the references of what is found, with what became of them."""
    page = await hub.app.ledger.find(criteria)
    return [(each.reference, each.state) for each in page.found]


async def test_a_delivered_message_is_found_by_the_person_it_is_about(hub: MemoryHub) -> None:
    """By a keyed hash: the BSN stands in no table, and neither does it in the audit."""
    await hub.accept(about("A", "1", "999990019", "999993653"), connection=IN)
    await hub.accept(about("B", "2"), connection=IN)
    await hub.settle()

    page = await hub.app.finder().find(Criteria(), by="jan", bsn=BSN, reason="inzageverzoek 12")

    assert [(each.reference, each.state) for each in page.found] == [("1", MessageState.DELIVERED)]
    assert page.found[0].subject == "A"
    [line] = await hub.app.ledger.audit_lines()
    assert (line.by, line.act, line.reason) == ("jan", "search-person", "inzageverzoek 12")
    assert line.about == f"persoon:{hub.app.keys.subject(BSN)}"
    assert "99999" not in repr(line)


async def test_nobody_looks_for_a_person_without_a_reason(hub: MemoryHub) -> None:
    """And nobody looks for everything."""
    with pytest.raises(ActRefused) as refused:
        await hub.app.finder().find(Criteria(), by="jan", bsn=BSN)
    assert refused.value.code == "reden"

    with pytest.raises(ActRefused) as refused:
        await hub.app.finder().find(Criteria(), by="jan")
    assert refused.value.code == "geen-criterium"
    assert await hub.app.ledger.audit_lines() == []


async def test_a_message_that_could_not_be_translated_is_found_with_all_that_waits_behind_it(hub: MemoryHub) -> None:
    """By number, by zaak and by person: it was accepted, and somebody may ask for it."""
    await hub.accept(about("A", "1", "999990019", kind="onbekend"), connection=IN)
    await hub.settle()
    await hub.accept(about("A", "2", "999990019"), connection=IN)
    await hub.accept(about("B", "3"), connection=IN)
    await hub.settle()

    assert await found(hub, Criteria(reference="1")) == [("1", MessageState.FAILED)]
    assert await found(hub, Criteria(reference="2")) == [("2", MessageState.ACCEPTED)]
    assert {each for each, _ in await found(hub, Criteria(person=hub.app.keys.subject(BSN)))} == {"1", "2"}
    assert {each for each, _ in await found(hub, Criteria(zaak="A"))} == {"1", "2"}
    assert await found(hub, Criteria(state=MessageState.FAILED)) == [("1", MessageState.FAILED)]
    assert {each.item_id for each in await hub.app.ledger.timeline("A") if each.what == "geaccepteerd"} == {
        each.message_id for each in (await hub.app.ledger.find(Criteria(zaak="A"))).found
    }


async def test_what_the_target_refuses_is_found_by_what_it_said(hub: MemoryHub, target: ToyTarget) -> None:
    """And after a person gave it up, as dropped."""

    async def refuse(zaak: str, _: str, exchange: Exchange) -> None:
        assert exchange
        if zaak == "A":
            raise TargetRefused("the roltype is unknown", code="roltype")

    target.before = refuse
    await hub.accept(about("A", "1"), connection=IN)
    await hub.accept(about("B", "2"), connection=IN)
    await hub.settle()

    assert await found(hub, Criteria(text="Roltype IS")) == [("1", MessageState.FAILED)]
    [failure] = await hub.failures()
    await hub.app.operator().drop(failure.id, by="jan", reason="made by hand")
    assert await found(hub, Criteria(state=MessageState.DROPPED)) == [("1", MessageState.DROPPED)]
    assert await found(hub, Criteria(state=MessageState.DELIVERED)) == [("2", MessageState.DELIVERED)]


async def test_the_life_of_a_zaak_says_by_which_mapping_and_where(hub: MemoryHub) -> None:
    """From the door to the target, over both connections."""
    await hub.accept(about("A", "1"), connection=IN)
    await hub.settle()

    life = {each.what: each for each in await hub.app.ledger.timeline("A")}
    assert list(life) == ["geaccepteerd", "vertaald", "gepubliceerd", "afgeleverd"]
    mappings = hub.app.configuration.mappings
    assert life["vertaald"].revision == mappings[IN]["maak"].revision
    assert life["afgeleverd"].revision == mappings[OUT]["nl.zaken.zaak-aangemaakt.v1"].revision
    accepted, published = life["geaccepteerd"].place, life["gepubliceerd"].place
    assert accepted is not None
    assert published is not None
    assert (accepted.topic, published.topic) == (hub.app.topics.inbound(IN), hub.app.topics.events("zaken"))
    assert "sender" in life["vertaald"].detail  # no rule reads it, and none says why


async def test_what_people_do_is_on_the_bus_too(hub: MemoryHub) -> None:
    """A worker copies it; what is cut off in the ledger is still there."""
    acts = [OperatorAct(f"f{n}", "drop", "jan", "because", NOON) for n in range(3)]
    await hub.app.ledger.acted(acts)
    await hub.let_pass(10)

    records = await hub.app.bus.tail(hub.app.topics.audit(), 10)
    lines = await hub.app.ledger.audit_lines(oldest=True)
    assert [orjson.loads(each.value)["hash"] for each in records if each.key == KEY] == [each.hash for each in lines]
    assert await contradiction(records, hub.app.ledger) == (3, None)
    assert await hub.app.ledger.unmirrored(10) == []


async def test_a_ledger_that_says_something_else_than_the_bus_is_noticed(tmp_path: Path, target: ToyTarget) -> None:
    """Lines that were cut off, or written anew: the bus remembers."""
    async with memory_hub(toy_configuration(tmp_path, target), no_client, memory=Memory()) as first:
        await first.app.ledger.acted([OperatorAct("f1", "drop", "jan", "because", NOON)])
        await first.app.ledger.acted([OperatorAct("f2", "drop", "jan", "because", NOON)])
        await first.let_pass(10)
        records = await first.app.bus.tail(first.app.topics.audit(), 10)
    async with memory_hub(toy_configuration(tmp_path, target), no_client, memory=Memory()) as second:
        assert await contradiction(records, second.app.ledger) == (2, 1)
        await second.app.ledger.acted([OperatorAct("f1", "drop", "jan", "because", NOON)])
        assert await contradiction(records, second.app.ledger) == (2, 2)
        await second.app.ledger.acted([OperatorAct("f2", "drop", "els", "because", NOON)])
        assert await contradiction(records, second.app.ledger) == (2, 2)


async def test_a_ledger_that_is_down_keeps_the_copy_waiting_and_nothing_else(
    hub: MemoryHub, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Messages go on; the copy is made when it is back."""

    async def down(_limit: int) -> list[object]:
        raise HubUnavailable("down", code="ledger")

    with monkeypatch.context() as broken:
        broken.setattr(hub.app.ledger, "unmirrored", down)
        await hub.app.ledger.acted([OperatorAct("f1", "drop", "jan", "because", NOON)])
        await hub.accept(about("A", "1"), connection=IN)
        await hub.let_pass(10)
    assert await found(hub, Criteria(reference="1")) == [("1", MessageState.DELIVERED)]

    await hub.let_pass(10)
    assert await hub.app.ledger.unmirrored(10) == []
