"""Changes of persons on their way to a receiver: which go, what of them, and what is written down and told of it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager, suppress
from pathlib import Path
from typing import Any

import orjson
import pytest
import structlog

from hub.bus.contract import Record
from hub.config.distribution import Distribution
from hub.desk.plan.plans import Command, Wanted
from hub.desk.plan.refill import OTHER_FIELDS
from hub.errors import (
    ActRefused,
    HubUnavailable,
    TargetMisconfigured,
    TargetRefused,
    TargetUnavailable,
    TargetUncertain,
)
from hub.flow.distribute import NOT_FOLLOWED
from hub.flow.park import Item
from hub.flow.report import Duties
from hub.ledger.edits import EditPart
from hub.ledger.entries import DeliveryState, Place, TimelineEntry
from hub.ledger.finding import BEGIN, Criteria, MessageState
from hub.ledger.plans import PlanMode, Selected, Selection, Superseded
from hub.observe.metrics import Count
from hub.ports.contracts import Exchange, Outgoing, Receipt, Step
from hub.security.personal import Bsn
from hub.testkit.memory import MemoryHub, memory_hub
from tests.support.personen import (
    ACTIVITEIT,
    ANDER,
    IN,
    OUT,
    PARTNER,
    PERSOON,
    SECRETS,
    Receiver,
    change,
    persons_configuration,
)
from tests.support.tap import records_on
from tests.support.toy import no_client

Running = Callable[..., AbstractAsyncContextManager[MemoryHub]]
NAME = {"achternaam": "Zeewier", "voornamen": "Jan"}


@pytest.fixture
def receiver() -> Receiver:
    return Receiver()


@pytest.fixture
def running(tmp_path: Path, receiver: Receiver) -> Running:
    """Give what runs a hub whose receiver has these keys in its connection."""

    @asynccontextmanager
    async def run(**said: Any) -> AsyncIterator[MemoryHub]:  # noqa: ANN401 - any key
        async with memory_hub(persons_configuration(tmp_path, receiver, **said), no_client) as hub:
            yield hub

    return run


async def _send(hub: MemoryHub, *bodies: bytes, **headers: str) -> None:
    for body in bodies:
        await hub.accept(body, connection=IN, headers=headers)
    await hub.settle()


async def _logged(hub: MemoryHub) -> list[dict[str, Any]]:
    return [orjson.loads(each.value) for each in await hub.app.bus.tail(hub.app.topics.verwerkingen(), 100)]


async def _life(hub: MemoryHub, person: str = PERSOON) -> list[TimelineEntry]:
    return await hub.app.ledger.timeline(f"persoon-{hub.app.keys.subject(Bsn(person))}", after=BEGIN, limit=100)


async def _said(hub: MemoryHub, person: str = PERSOON) -> list[str]:
    return [each.detail.partition("; ")[2] for each in await _life(hub, person) if each.what == "niet-verstrekt"]


async def test_the_mapping_sees_no_field_that_the_receiver_may_not(running: Running, receiver: Receiver) -> None:
    """Neither of now nor of before; that the data is secret always goes along."""
    wordt = {**NAME, "adres": {"straat": "Kustweg"}, "partners": [{"bsn": PARTNER}], "geheim": True}
    async with running() as hub:
        await _send(hub, change("1", wordt, {"achternaam": "Duinroos", "voornamen": "Piet"}))

    assert receiver.got == [
        {"bsn": PERSOON, "naam": "Zeewier", "wasNaam": "Duinroos", "straat": "Kustweg", "geheim": True}
    ]


async def test_a_change_of_which_nothing_is_left_is_not_for_this_receiver(running: Running, receiver: Receiver) -> None:
    """Only what it may not see changed: that somebody changed at all is told to nobody. It is counted, and told."""
    async with running() as hub:
        await _send(
            hub,
            change("1", NAME, {"achternaam": "Zeewier", "voornamen": "Piet"}),
            change("2", {"voornamen": "Jan"}),
            change("3", {**NAME, "geheim": True}, NAME),
        )

        assert [each.get("geheim") for each in receiver.got] == [True]
        assert hub.app.metrics.value(Count.UNDISTRIBUTED, OUT, "niets-zichtbaar") == 2
        assert hub.app.metrics.value(Count.DELIVERED, OUT) == 1
        assert await _said(hub) == ["not for this receiver: nothing changed that it may see"] * 2
        ends = [each.what for each in sorted(await _life(hub), key=_place) if each.rank == 6]
        assert ends == [DeliveryState.UNDISTRIBUTED, DeliveryState.UNDISTRIBUTED, DeliveryState.DELIVERED]


async def test_what_nobody_is_told_did_not_end_anywhere(running: Running) -> None:
    """A message that went to no receiver is accepted, not delivered: who looks it up is not misled."""
    async with running() as hub:
        await _send(hub, change("1", {"voornamen": "Jan"}), change("2", NAME))

        page = await hub.app.ledger.find(Criteria(connection=IN))
        states = {each.reference: each.state for each in page.found}
        assert states == {"1": MessageState.ACCEPTED, "2": MessageState.DELIVERED}
        assert await hub.failures() == []


async def test_a_state_that_is_told_whole_counts_as_changed(running: Running, receiver: Receiver) -> None:
    """It can't be told what changed in it; and who is new is a change itself."""
    async with running(distribution=Distribution(changed=("verblijfplaats",))) as hub:
        address = {"adres": {"straat": "Kustweg"}}
        await _send(
            hub,
            change("1", NAME),
            change("2", NAME, volledig=True),
            change("3", address),
            change("4", NAME, kind="opgevoerd"),
            change("5", {**NAME, **address}, {"achternaam": "Duinroos", **address}, volledig=True),
        )

        assert len(receiver.got) == 3
        assert await _said(hub) == ["not for this receiver: none of the fields changed that its rules name"] * 2


async def test_only_persons_of_its_municipalities(running: Running, receiver: Receiver) -> None:
    """Also who leaves one; of whom it is not said where he is, nothing goes."""
    here, there = {**NAME, "gemeente": {"code": "0518"}}, {**NAME, "gemeente": {"code": "0599"}}
    async with running(
        distribution=Distribution(gemeenten=("0518",)),
        velden={"personen": ("burgerservicenummer", "naam", "gemeenteVanInschrijving")},
    ) as hub:
        await _send(hub, change("1", there, here), change("2", there), change("3", NAME))

        assert len(receiver.got) == 1
        assert [each.rpartition(": ")[2] for each in await _said(hub)] == [
            "the person is not in a municipality that its rules name",
            "the change does not say in which municipality the person is",
        ]


async def test_a_sender_hears_that_what_was_not_for_the_receiver_is_done(tmp_path: Path, receiver: Receiver) -> None:
    """It was processed; whom the receiver follows is nothing to tell."""
    plain = persons_configuration(tmp_path, receiver, distribution=Distribution(followed=True))
    asker = plain.connections[IN].model_copy(update={"asks": OUT, "report": "all"})
    configuration = plain._replace(connections={**plain.connections, IN: asker})
    duties = Duties(configuration.connections)
    async with memory_hub(configuration._replace(reporting={}), no_client) as hub:
        await _send(hub, change("1", NAME))
        [record] = await records_on(hub.app, hub.app.topics.events("personen"))
    headers = dict(record.headers)
    item = Item(OUT, "z", headers["ce_id"].decode(), "kind", Place("t", 0, 0), record.value, record.headers)

    assert [each.done for each in duties.of(item, NOT_FOLLOWED)] == [True]


async def test_who_was_told_of_a_person_hears_what_does_not_say_where_he_is(
    running: Running, receiver: Receiver
) -> None:
    """A change holds what changed: until something says that he is elsewhere, and nobody hears of a stranger."""
    here, there = {**NAME, "gemeente": {"code": "0518"}}, {**NAME, "gemeente": {"code": "0599"}}
    async with running(
        distribution=Distribution(gemeenten=("0518",)),
        velden={"personen": ("burgerservicenummer", "naam", "gemeenteVanInschrijving")},
    ) as hub:
        await _send(hub, change("0", {"achternaam": "Wier"}))
        await _send(hub, change("1", here, kind="opgevoerd"), change("2", {"achternaam": "Duinroos"}))
        await _send(hub, change("3", {"achternaam": "Wier"}, person=ANDER))
        assert [each["naam"] for each in receiver.got] == ["Zeewier", "Duinroos"]

        await _send(hub, change("4", there, here), change("5", {"achternaam": "Wier"}))
        assert len(receiver.got) == 3
        await _send(hub, change("6", here, there), change("7", {"achternaam": "Wier"}))
        assert len(receiver.got) == 5
        await _send(hub, change("8", there, kind="opgevoerd"), change("9", {"achternaam": "Wier"}))
        assert len(receiver.got) == 5


async def test_who_is_followed_is_told_of_and_nobody_else(running: Running, receiver: Receiver) -> None:
    """From when the indicatie is placed until it is removed, or has ended."""
    async with running(distribution=Distribution(followed=True)) as hub:
        indicaties = hub.app.indicaties()
        await _send(hub, change("1", NAME))
        await indicaties.place(OUT, {Bsn(PERSOON)}, by="jan", reason="client 12")
        await _send(hub, change("2", {"achternaam": "Duinroos"}), change("3", NAME, person=ANDER))
        await indicaties.remove(OUT, [hub.app.keys.subject(Bsn(PERSOON))], by="jan", reason="no client")
        await _send(hub, change("4", NAME))

        assert [each["naam"] for each in receiver.got] == ["Duinroos"]
        assert await _said(hub, ANDER) == ["not for this receiver: it does not follow this person"]
        assert len(await _said(hub)) == 2


async def test_nobody_is_placed_where_everybody_is_told_of(running: Running) -> None:
    """It would say that somebody is followed, and removing him would change nothing. What stands there can go."""
    async with running() as hub:
        indicaties = hub.app.indicaties()
        with pytest.raises(ActRefused, match="told of everybody"):
            await indicaties.place(OUT, {Bsn(PERSOON)}, by="jan", reason="client 12")

        assert await indicaties.listed(OUT, limit=10) == []
        assert await indicaties.remove(OUT, [hub.app.keys.subject(Bsn(PERSOON))], by="jan", reason="no client") == 0
        assert await hub.app.ledger.audit_lines() == []


async def test_who_is_followed_is_looked_up_for_many_at_once(
    running: Running, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Not once for each change."""
    async with running(distribution=Distribution(followed=True)) as hub:
        looks: list[int] = []
        followed = hub.app.ledger.followed

        async def counted(connection: str, persons: set[str], now: Any) -> frozenset[str]:  # noqa: ANN401 - a time
            looks.append(len(persons))
            return await followed(connection, persons, now)

        monkeypatch.setattr(hub.app.ledger, "followed", counted)
        changes = (change(str(number), NAME, person=person) for number, person in enumerate(_numbers(40)))
        await asyncio.gather(*(hub.accept(each, connection=IN) for each in changes))
        await hub.settle()

        assert sum(looks) == 40
        assert len(looks) < 40
        assert receiver.got == []


async def test_changes_of_one_person_keep_their_order(running: Running, receiver: Receiver) -> None:
    """What is not for the receiver waits behind what could not be delivered, and overtakes nothing."""
    receiver.fails = [TargetUnavailable("down", code="503")] * 3
    async with running() as hub:
        await _send(hub, change("1", NAME), change("2", {"voornamen": "Piet"}), change("3", {"achternaam": "Duinroos"}))
        assert receiver.got == []
        await hub.let_pass(120)

        assert [each["naam"] for each in receiver.got] == ["Zeewier", "Duinroos"]
        ends = [each.what for each in sorted(await _life(hub), key=_place) if each.rank == 6]
        assert ends == ["afgeleverd", "niet-verstrekt", "afgeleverd"]


async def test_everybody_whose_data_goes_out_is_written_down_once(running: Running, receiver: Receiver) -> None:
    """Encrypted, for the activity of the receiver, as part of the trace of the sender; retries are the same."""
    receiver.fails = [TargetUnavailable("down", code="503")] * 4
    parent = f"00-{'a' * 32}-{'b' * 16}-01"
    async with running(velden={"personen": ("burgerservicenummer", "naam", "partners")}) as hub:
        await _send(hub, change("1", {**NAME, "partners": [{"bsn": PARTNER}]}), traceparent=parent)
        assert receiver.got == []
        await hub.let_pass(120)
        assert len(receiver.got) == 1

        lines = await _logged(hub)
        who = {
            hub.app.keys.unsealed(each["attributes"]["dpl.core.data_subject_id"]).reveal(): each["operation_id"]
            for each in lines
        }
        assert {*who} == {PERSOON, PARTNER}
        assert len(lines) == 2
        for each in lines:
            assert each["attributes"]["dpl.core.processing_activity_id"] == ACTIVITEIT
            assert each["name"] == f"{OUT} nl.personen.persoon-bijgewerkt.v1"
            assert each["trace_id"] == "a" * 32
        assert "b" * 16 in {each["parent_operation_id"] for each in lines}
        assert all(secret not in orjson.dumps(lines).decode() for secret in SECRETS)


async def test_what_can_not_be_written_down_does_not_go_out(
    running: Running, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It waits, and goes when the logbook takes it again."""
    async with running() as hub:
        publish = hub.app.bus.publish

        async def down(records: list[Record]) -> None:
            if any(each.topic == hub.app.topics.verwerkingen() for each in records):
                raise HubUnavailable("the bus is down", code="bus")
            await publish(records)

        monkeypatch.setattr(hub.app.bus, "publish", down)
        await _send(hub, change("1", NAME))
        assert receiver.got == []
        monkeypatch.setattr(hub.app.bus, "publish", publish)
        await hub.let_pass(120)

        assert len(receiver.got) == 1
        assert len(await _logged(hub)) == 1


async def test_who_comes_in_between_two_tries_is_written_down_too(running: Running, receiver: Receiver) -> None:
    """Corrected after it failed: the partner that a person wrote into it has a record, and nobody has two."""
    receiver.fails = [TargetRefused("not like this", code="400")]
    async with running(velden={"personen": ("burgerservicenummer", "naam", "partners")}) as hub:
        await _send(hub, change("1", NAME))
        await _edit(hub, EditPart.EVENT, {"persoon.partners": [{"burgerservicenummer": PARTNER}]})

        assert [each["partner"] for each in receiver.got] == [PARTNER]
        lines = await _logged(hub)
        assert _who(hub, lines) == [PERSOON, PARTNER]
        assert len({each["operation_id"] for each in lines}) == 2
        assert lines[1]["parent_operation_id"] == lines[0]["operation_id"]


async def test_who_is_in_a_corrected_request_is_written_down(running: Running, receiver: Receiver) -> None:
    """What goes out is not what the event says."""
    receiver.fails = [TargetRefused("not like this", code="400")]
    async with running() as hub:
        await _send(hub, change("1", NAME))
        await _edit(hub, EditPart.REQUEST, {"bsn": ANDER})

        assert [each["bsn"] for each in receiver.got] == [ANDER]
        assert _who(hub, await _logged(hub)) == [PERSOON, ANDER]


async def test_what_the_receiver_may_have_does_not_end_as_if_it_had_nothing(
    running: Running, receiver: Receiver
) -> None:
    """Sent, and not known whether it was taken; then it is followed no more: a person must see that."""
    receiver.fails = [TargetUncertain("cut off", code="verbinding")] * 9
    async with running(distribution=Distribution(followed=True)) as hub:
        await hub.app.indicaties().place(OUT, {Bsn(PERSOON)}, by="jan", reason="client 12")
        await _send(hub, change("1", NAME))
        await hub.app.indicaties().remove(OUT, [hub.app.keys.subject(Bsn(PERSOON))], by="jan", reason="no client")
        await hub.let_pass(4000)

        [failure] = await hub.failures()
        assert (failure.code, failure.fault) == ("deels-verstrekt", "koppelbeheer")
        assert "does not follow this person" in failure.reason
        assert hub.app.metrics.value(Count.UNDISTRIBUTED, OUT, "niet-gevolgd") == 0
        assert [each["status_code"] for each in await _logged(hub)] == ["OK"]
    assert receiver.got == []


async def test_what_was_told_half_does_not_end_as_if_it_had_nothing(
    running: Running, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One step is done, the next one failed."""

    def two(outgoing: Outgoing) -> list[Step]:
        assert isinstance(outgoing.body, dict)
        return [Step("een", "een", outgoing.body), Step("twee", "twee", outgoing.body)]

    async def half(step: Step, exchange: Exchange) -> Receipt:
        del exchange
        if step.key == "twee":
            raise TargetUnavailable("down", code="503")
        return Receipt(note="gezet")

    monkeypatch.setattr(receiver, "steps", two)
    monkeypatch.setattr(receiver, "send", half)
    async with running(distribution=Distribution(followed=True)) as hub:
        await hub.app.indicaties().place(OUT, {Bsn(PERSOON)}, by="jan", reason="client 12")
        await _send(hub, change("1", NAME))
        await hub.app.indicaties().remove(OUT, [hub.app.keys.subject(Bsn(PERSOON))], by="jan", reason="no client")
        await hub.let_pass(4000)

        assert [each.code for each in await hub.failures()] == ["deels-verstrekt"]


async def test_what_was_written_down_and_never_went_is_said_so(running: Running, receiver: Receiver) -> None:
    """The target was left alone all the time: under the same operation stands that it came to nothing."""
    receiver.fails = [TargetUnavailable("left alone", code="rust", asked=False)] * 9
    async with running(distribution=Distribution(followed=True)) as hub:
        await hub.app.indicaties().place(OUT, {Bsn(PERSOON)}, by="jan", reason="client 12")
        await _send(hub, change("1", NAME))
        await hub.app.indicaties().remove(OUT, [hub.app.keys.subject(Bsn(PERSOON))], by="jan", reason="no client")
        await hub.let_pass(4000)

        lines = await _logged(hub)
        assert [each["status_code"] for each in lines] == ["OK", "ERROR"]
        assert len({each["operation_id"] for each in lines}) == 1
        assert await _said(hub) == ["not for this receiver: it does not follow this person"]


async def test_what_has_nothing_to_send_is_not_written_down(
    running: Running, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The adapter has no step for it: nobody's data goes out."""
    monkeypatch.setattr(receiver, "steps", lambda _outgoing: [])
    async with running() as hub:
        await _send(hub, change("1", NAME))

        assert hub.app.metrics.value(Count.DELIVERED, OUT) == 1
        assert await _logged(hub) == []


@pytest.mark.parametrize("corrected", [False, True])
async def test_the_same_request_does_not_hold_what_may_not_be_seen_any_more(
    tmp_path: Path, receiver: Receiver, *, corrected: bool
) -> None:
    """Its fields were narrowed since it failed. What is seen alike goes."""
    receiver.fails = [TargetRefused("not like this", code="400")]
    configuration = persons_configuration(
        tmp_path, receiver, velden={"personen": ("burgerservicenummer", "naam", "partners")}
    )
    async with memory_hub(configuration, no_client) as hub:
        await _send(hub, change("1", NAME))
        may_see = ("burgerservicenummer", "naam.geslachtsnaam") if corrected else ("burgerservicenummer", "naam")
        configuration.connections[OUT].velden["personen"] = may_see
        plan = await hub.app.plans().freeze(_same_request(), by="jan")
        await hub.app.plans().command(plan.id, Command.START, by="jan", reason="a good reason")
        await hub.let_pass(60)

        [item] = await hub.app.plans().items(plan.id)
        assert OTHER_FIELDS in item.note if corrected else not item.note
    assert len(receiver.got) == (0 if corrected else 1)


async def test_the_same_request_goes_to_no_other_receiver(tmp_path: Path, receiver: Receiver) -> None:
    """It was made of what the first may see."""
    receiver.fails = [TargetRefused("not like this", code="400")]
    plain, trial = persons_configuration(tmp_path, receiver), Receiver()
    other = plain.connections[OUT].model_copy(update={"connection": "proef", "takes": "replays"})
    configuration = plain._replace(
        connections={**plain.connections, "proef": other},
        outbound={**plain.outbound, "proef": trial},
        mappings={**plain.mappings, "proef": plain.mappings[OUT]},
    )
    async with memory_hub(configuration, no_client) as hub:
        await _send(hub, change("1", NAME))
        with pytest.raises(ActRefused, match="has its own velden"):
            await hub.app.plans().freeze(_same_request()._replace(redirect="proef"), by="jan")
        await hub.app.plans().freeze(_same_request()._replace(redirect="proef", mode=PlanMode.EVENT), by="jan")


@pytest.mark.parametrize(
    ("said", "missing"), [({"verwerking": None}, "verwerking"), ({"velden": {}}, "velden")], ids=["activity", "fields"]
)
async def test_nothing_personal_passes_of_itself(
    running: Running, receiver: Receiver, said: dict[str, Any], missing: str
) -> None:
    """Without a processing activity, or without saying which fields: it waits for who must write it."""
    async with running(**said) as hub:
        await _send(hub, change("1", NAME))

        [failure] = await hub.failures()
        assert (failure.code, failure.fault) == ("geen-verwerking", "koppelbeheer")
        assert f"it has no {missing}" in failure.reason
        assert f"write {missing}:" in failure.advice
        assert await _logged(hub) == []
    assert receiver.got == []


async def test_no_event_is_made_for_nothing(tmp_path: Path, receiver: Receiver) -> None:
    """A sender whose connection says no processing activity gets no personal data onto the events."""
    configuration = persons_configuration(tmp_path, receiver)
    sender = configuration.connections[IN].model_copy(update={"verwerking": None})
    connections = {**configuration.connections, IN: sender}
    async with memory_hub(configuration._replace(connections=connections), no_client) as hub:
        await _send(hub, change("1", NAME))

        [failure] = await hub.failures()
        assert (failure.stage, failure.code) == (IN, "geen-verwerking")
        assert await records_on(hub.app, hub.app.topics.events("personen")) == []


async def test_nothing_personal_stands_anywhere_but_in_the_messages(running: Running, receiver: Receiver) -> None:
    """Not in keys and headers on the bus, nor in logs, metrics, failures, timelines and the audit."""
    receiver.fails = [TargetMisconfigured("no right", code="403")]
    wordt = {**NAME, "adres": {"straat": "Kustweg"}, "partners": [{"bsn": PARTNER}]}
    with structlog.testing.capture_logs() as logs:
        async with running(distribution=Distribution(followed=True)) as hub:
            await hub.app.indicaties().place(OUT, {Bsn(PERSOON)}, by="jan", reason="client 999990019")
            await _send(
                hub, change("1", wordt), change("2", {"voornamen": "Duinroos"}), change("3", NAME, person=ANDER)
            )
            failures = await hub.failures()
            said = [
                logs,
                failures,
                hub.app.metrics.render().decode(),
                await _life(hub),
                await _life(hub, ANDER),
                await hub.app.ledger.audit_lines(),
                await hub.app.ledger.indicaties(OUT, limit=10),
            ]
            for topic in (hub.app.topics.inbound(IN), hub.app.topics.events("personen"), hub.app.topics.failures(OUT)):
                said += [(each.key, each.headers) for each in await records_on(hub.app, topic)]

    assert [each.code for each in failures] == ["403"]
    for secret in SECRETS:
        assert secret not in repr(said)


def _same_request() -> Wanted:
    chosen = Selection(state=Selected.FAILED, stages=(OUT,))
    return Wanted(
        chosen,
        "a good reason",
        mode=PlanMode.REQUEST,
        superseded=Superseded.REPLAY,
        per_minute=60_000,
        everything=True,
    )


async def _edit(hub: MemoryHub, part: EditPart, changes: dict[str, Any]) -> None:
    """Correct the only failure, and replay it."""
    [failure] = await hub.failures()
    shapes = await hub.app.contents().of(failure.id)
    said = orjson.loads((shapes.event if part is EditPart.EVENT else shapes.request).content or b"")
    for path, value in changes.items():
        *above, last = path.split(".")
        at = said
        for name in above:
            at = at[name]
        at[last] = value
    why = "a wrong number"
    proposal = await hub.app.editor().propose(failure.id, part, text=orjson.dumps(said), by="jan", reason=why)
    await hub.app.editor().apply(proposal.edit.id, by="jan", reason=why)
    await hub.app.operator().replay(failure.id, by="jan", reason=why)
    await hub.let_pass(60)


def _who(hub: MemoryHub, lines: list[dict[str, Any]]) -> list[str]:
    return [hub.app.keys.unsealed(each["attributes"]["dpl.core.data_subject_id"]).reveal() for each in lines]


def _place(entry: TimelineEntry) -> int:
    return entry.place.offset if entry.place is not None else -1


def _numbers(count: int) -> list[str]:
    found: list[str] = []
    digits = 999990019
    while len(found) < count:
        with suppress(ValueError):
            found.append(Bsn(str(digits)).reveal())
        digits += 1
    return found
