"""Questions and synchronous changes on a whole hub in memory: the answer comes in the call in which was asked."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from pathlib import Path
from typing import Any

import orjson
import pytest
from structlog.testing import capture_logs

from hub.bus.contract import Record
from hub.config.connection import Connection, Direction
from hub.config.numbers import NumberForm, Numbers
from hub.config.target import Target
from hub.configuration import Configuration
from hub.errors import HubUnavailable, TargetRefused, TargetUnavailable, TargetUncertain
from hub.event.vragen import NUMMER, answer_kind
from hub.flow.entrance import Answered, Fulfilled, Received, TurnedAway, Welcome
from hub.flow.stage import Stage
from hub.ledger.entries import FailureState
from hub.ports.contracts import Exchange, Inquiry
from hub.testkit.memory import Memory, MemoryHub, memory_hub
from tests.support.toy import IN, OUT, ToyTarget, asking_configuration, message, no_client


@pytest.fixture
def target() -> ToyTarget:
    return ToyTarget()


@pytest.fixture
async def hub(tmp_path: Path, target: ToyTarget) -> AsyncIterator[MemoryHub]:
    async with memory_hub(asking_configuration(tmp_path, target), no_client) as hub:
        yield hub


async def _ask(hub: MemoryHub, kind: str = "vraag", zaak: str = "A", reference: str = "v1") -> Received:
    return await hub.converse(message(zaak, "", reference=reference, kind=kind, expects="antwoord"), connection=IN)


async def _change(hub: MemoryHub, what: str, reference: str = "s1", zaak: str = "A") -> Received:
    return await hub.converse(message(zaak, what, reference=reference, expects="uitkomst"), connection=IN)


def _answer(received: Received) -> Any:  # noqa: ANN401 - plain JSON data
    assert isinstance(received, Answered), received
    return received.answer.body


def _refusal(received: Received) -> str:
    assert isinstance(received, TurnedAway), received
    return received.refusal.code


# Questions


async def test_a_question_is_answered_through_three_mappings(hub: MemoryHub, target: ToyTarget) -> None:
    """Asker to canonical, target to canonical, canonical to asker."""
    target.effects += [("A", "een"), ("B", "twee")]

    assert _answer(await _ask(hub)) == {"zaken": [{"naam": "een"}]}
    assert target.asked == [("nl.zaken.zaken-opvragen.v1", {"identificatie": "A"})]


async def test_what_the_mapping_of_a_target_does_not_read_is_told_under_its_own_name(
    hub: MemoryHub, target: ToyTarget, monkeypatch: pytest.MonkeyPatch
) -> None:
    """That is the folder to look in, and not the one of who asks."""

    async def more(*_: object) -> dict[str, Any]:
        return {"gevonden": [], "bericht": "onderhoud"}

    monkeypatch.setattr(target, "ask", more)
    with capture_logs() as logs:
        assert _answer(await _ask(hub)) == {}

    told = [each for each in logs if each["event"] == "fields_unread"]
    assert [(each["connection"], each["fields"]) for each in told] == [(OUT, ("bericht",))]


async def test_a_question_goes_to_the_connection_that_has_a_mapping_for_its_answer(tmp_path: Path) -> None:
    """A sender may ask several systems; one that only answers questions reads no events."""
    zaken, nummers = ToyTarget(), ToyTarget()
    zaken.effects.append(("A", "een"))
    configuration = asking_configuration(tmp_path, zaken, asks=(OUT, "nummers"), numbers=Numbers(source="target"))
    nummer = answer_kind(NUMMER)
    configuration = configuration._replace(
        connections=configuration.connections
        | {
            "nummers": Connection(
                connection="nummers",
                direction=Direction.ASK,
                adapter="speelgoed",
                target=Target(services={"doel": "http://nummers/"}),
            )
        },
        mappings=configuration.mappings
        | {
            OUT: {kind: each for kind, each in configuration.mappings[OUT].items() if kind != nummer},
            "nummers": {nummer: configuration.mappings[OUT][nummer]},
        },
        lookups={**configuration.lookups, "nummers": nummers},
        asking={"nummers": nummers},
    )
    async with memory_hub(configuration, no_client) as hub:
        assert _answer(await _ask(hub)) == {"zaken": [{"naam": "een"}]}
        assert _answer(await _ask(hub, kind="nummer", reference="n1"))["nummer"]

        assert "nummers" not in hub.app.running
    assert [kind for kind, _ in zaken.asked] == ["nl.zaken.zaken-opvragen.v1"]
    assert [kind for kind, _ in nummers.asked] == [NUMMER]


async def test_a_question_never_reaches_the_bus_but_its_account_does(hub: MemoryHub) -> None:
    """Who asked what of which zaak; nothing of the answer."""
    await _ask(hub)
    await hub.settle()

    topics = hub.app.topics
    [record] = await hub.app.bus.tail(topics.audit(), 10)
    said = orjson.loads(record.value)
    assert (said["afzender"], said["vraag"], said["zaak"], said["uitkomst"]) == ("S", "vraag", "A", "beantwoord")
    assert await hub.app.bus.tail(topics.inbound(IN), 10) == []


async def test_nothing_found_is_an_empty_answer(hub: MemoryHub) -> None:
    """And no error (StUF 03.01 §5)."""
    assert _answer(await _ask(hub, zaak="niemand")) == {}


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (TargetUnavailable("down", code="verbinding"), "verbinding"),
        (TargetRefused("locked", code="vergrendeld"), "vergrendeld"),
        (ValueError("999990019"), "onverwacht"),
    ],
)
async def test_a_target_that_fails_is_told(hub: MemoryHub, target: ToyTarget, error: Exception, code: str) -> None:
    """With a reason that holds nothing of an unforeseen exception's text."""

    async def fail(_: Inquiry) -> None:
        raise error

    target.before_answer = fail
    received = await _ask(hub)

    assert _refusal(received) == code
    assert "999990019" not in repr(received)


async def test_contents_that_were_downloaded_are_there_until_the_answer_is_sent(
    hub: MemoryHub, target: ToyTarget
) -> None:
    """And forgotten then, and when the question fails."""
    claims: list[str] = []

    async def chunks() -> AsyncIterator[bytes]:
        yield b"een "
        yield b"document"

    async def keep(inquiry: Inquiry) -> None:
        claims.append(await inquiry.keep(chunks()))

    target.before_answer = keep
    received = await _ask(hub)
    assert isinstance(received, Answered)
    reference = claims[0].split(":")[1]

    assert await hub.app.payloads.exists(reference)
    await received.answer.forget()
    assert not await hub.app.payloads.exists(reference)

    async def fail(inquiry: Inquiry) -> None:
        await keep(inquiry)
        raise TargetUnavailable("down", code="verbinding")

    target.before_answer = fail
    await _ask(hub)
    assert not await hub.app.payloads.exists(claims[-1].split(":")[1])


async def test_a_kind_without_mapping_is_told(tmp_path: Path, target: ToyTarget) -> None:
    """It is the fault of who manages the mappings."""
    configuration = asking_configuration(tmp_path, target)
    del configuration.mappings[IN]["vraag"]
    async with memory_hub(configuration, no_client) as hub:
        assert _refusal(await _ask(hub)) == "mapping"


# Numbers


async def test_numbers_of_the_hub_are_the_gemeentecode_and_a_counter(hub: MemoryHub) -> None:
    """The time of the testkit is in 2026; asking again under the same reference gives the same number."""
    first, second, again = [_answer(await _ask(hub, "nummer", reference=each)) for each in ("n1", "n2", "n1")]

    assert [first["nummer"], second["nummer"]] == ["9999Z20260000001", "9999Z20260000002"]
    assert again == first


async def test_numbers_go_on_after_a_crash(tmp_path: Path, target: ToyTarget) -> None:
    """What was given out is on disk before it is told."""
    memory = Memory(tmp_path / "m")
    (tmp_path / "m").mkdir()
    numbers: list[str] = []
    for reference in ("n1", "n2", "n1"):
        async with memory_hub(asking_configuration(tmp_path, target), no_client, memory=memory) as hub:
            numbers.append(_answer(await _ask(hub, "nummer", reference=reference))["nummer"])

    assert numbers == ["9999Z20260000001", "9999Z20260000002", "9999Z20260000001"]


async def test_a_template_of_the_connection(tmp_path: Path, target: ToyTarget) -> None:
    """Beginning above what the old system gave out."""
    numbers = Numbers(zaak=NumberForm(template="ZAAK-{jaar}{maand}-{volgnummer:4}", begin=800))
    async with memory_hub(asking_configuration(tmp_path, target, numbers=numbers), no_client) as hub:
        given = _answer(await _ask(hub, "nummer"))["nummer"]

    assert given.startswith("ZAAK-2026")
    assert given.endswith("-0800")


async def test_numbers_of_the_target_are_reserved_once(tmp_path: Path, target: ToyTarget) -> None:
    """A retry does not reserve another."""
    async with memory_hub(asking_configuration(tmp_path, target, numbers=Numbers(source="target")), no_client) as hub:
        first, again = _answer(await _ask(hub, "nummer")), _answer(await _ask(hub, "nummer"))

    assert first == again == {"nummer": "DOEL-1"}
    assert len(target.asked) == 1


# Synchronous changes


async def test_a_synchronous_change_is_answered_when_it_is_done(hub: MemoryHub, target: ToyTarget) -> None:
    """Not before."""
    assert isinstance(await _change(hub, "x"), Fulfilled)
    assert target.of("A") == ["x"]


async def test_a_refused_change_blocks_nothing_and_may_come_again(hub: MemoryHub, target: ToyTarget) -> None:
    """The sender was told: the zaak goes on, and the same message under the same number is tried anew."""

    async def refuse(*_: object) -> None:
        raise TargetRefused("locked by another", code="vergrendeld")

    target.before = refuse
    assert _refusal(await _change(hub, "x")) == "vergrendeld"
    target.before = None
    await hub.accept(message("A", "y", reference="2"), connection=IN)
    await hub.settle()
    assert target.of("A") == ["y"]

    assert isinstance(await _change(hub, "x"), Fulfilled)
    assert target.of("A") == ["y", "x"]
    assert [each.state for each in await hub.failures()] == [FailureState.RESOLVED]


async def test_a_change_that_nobody_waits_for_any_more_is_not_done(hub: MemoryHub, target: ToyTarget) -> None:
    """The target is down: the sender hears it, and nothing happens behind its back when the target is up again."""

    async def down(_zaak: str, _what: str, _exchange: Exchange) -> None:
        raise TargetUnavailable("down", code="verbinding")

    target.before = down
    assert _refusal(await _change(hub, "x")) == "verbinding"
    target.before = None
    await hub.let_pass(3600)

    assert target.of("A") == []


async def test_a_change_behind_a_parked_zaak_is_told_at_once(hub: MemoryHub, target: ToyTarget) -> None:
    """It would overtake what waits."""

    async def refuse(*_: object) -> None:
        raise TargetRefused("no", code="nee")

    target.before = refuse
    await hub.accept(message("A", "eerst", reference="1"), connection=IN)
    await hub.settle()
    target.before = None

    assert _refusal(await _change(hub, "x")) == "wacht-op-voorganger"
    assert target.of("A") == []


async def test_a_change_that_cannot_be_mapped_is_told(hub: MemoryHub, target: ToyTarget) -> None:
    """It never becomes an event, and parks nothing."""
    body = message("A", "x", reference="s1", expects="uitkomst", startdatum="morgen")
    assert _refusal(await hub.converse(body, connection=IN)) == "mapping"
    await hub.accept(message("A", "y", reference="2"), connection=IN)
    await hub.settle()

    assert target.of("A") == ["y"]


async def test_a_resend_while_the_first_is_done_is_answered_like_the_first(hub: MemoryHub, target: ToyTarget) -> None:
    """One effect."""
    assert isinstance(await _change(hub, "x"), Fulfilled)
    assert isinstance(await _change(hub, "x"), Fulfilled)

    assert target.of("A") == ["x"]


async def test_what_can_happen_once_and_was_refused_may_come_again(hub: MemoryHub, target: ToyTarget) -> None:
    """Its event is another than the one that was given up."""

    async def refuse(*_: object) -> None:
        raise TargetRefused("no", code="nee")

    body = message("A", "x", reference="s1", kind="maak", expects="uitkomst")
    target.before = refuse
    assert _refusal(await hub.converse(body, connection=IN)) == "nee"
    target.before = None

    assert isinstance(await hub.converse(body, connection=IN), Fulfilled)
    assert target.of("A") == ["x"]


async def test_a_change_that_may_have_been_done_is_not_done_twice(hub: MemoryHub, target: ToyTarget) -> None:
    """The answer of the target was lost: when the sender comes again the target is asked first."""
    down = TargetUnavailable("down", code="verbinding")

    async def fail_before(*_: object) -> None:
        if target.of("A"):
            raise down

    async def fail_after(*_: object) -> None:
        raise TargetUncertain("no answer", code="geen-antwoord")

    target.before, target.after = fail_before, fail_after
    assert _refusal(await _change(hub, "x")) == "verbinding"
    target.before = target.after = None

    assert isinstance(await _change(hub, "x"), Fulfilled)
    assert target.of("A") == ["x"]


async def test_a_bus_that_is_away_for_a_moment_loses_no_change(
    hub: MemoryHub, target: ToyTarget, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The inbox knows the event already: it must reach the target, or the same change would never be new again."""
    publish, events, failures = hub.app.bus.publish, hub.app.topics.events("zaken"), iter([True, True])

    async def unsteady(records: Sequence[Record]) -> None:
        if records[0].topic == events and next(failures, False):
            raise HubUnavailable("away", code="bus")
        await publish(records)

    monkeypatch.setattr(hub.app.bus, "publish", unsteady)

    assert isinstance(await _change(hub, "x"), Fulfilled)
    assert target.of("A") == ["x"]


async def _without_commit(*_: object) -> None:
    """Commit nothing, as a process that is killed first."""


async def test_a_refused_change_stays_forgotten_when_the_bus_hands_it_out_again(
    tmp_path: Path, target: ToyTarget, monkeypatch: pytest.MonkeyPatch
) -> None:
    """After a crash it is known to have ended, and its sender may still offer it again."""

    async def refuse(*_: object) -> None:
        raise TargetRefused("no", code="nee")

    memory = Memory(tmp_path / "m")
    (tmp_path / "m").mkdir()
    configuration = asking_configuration(tmp_path, target)
    target.before = refuse
    with monkeypatch.context() as crash:
        crash.setattr(Stage, "_commit", _without_commit)
        async with memory_hub(configuration, no_client, memory=memory) as hub:
            assert _refusal(await _change(hub, "x")) == "nee"
    target.before = None
    async with memory_hub(configuration, no_client, memory=memory) as hub:
        await hub.settle()
        assert target.of("A") == []

        assert isinstance(await _change(hub, "x"), Fulfilled)
        assert target.of("A") == ["x"]


async def test_a_change_that_was_done_is_known_when_the_bus_hands_it_out_again_too_late(
    tmp_path: Path, target: ToyTarget, monkeypatch: pytest.MonkeyPatch
) -> None:
    """After a crash nobody waits for it any more; a resend is a resend all the same."""
    memory = Memory(tmp_path / "m")
    (tmp_path / "m").mkdir()
    configuration = asking_configuration(tmp_path, target)
    with monkeypatch.context() as crash:
        crash.setattr(Stage, "_commit", _without_commit)
        async with memory_hub(configuration, no_client, memory=memory) as hub:
            assert isinstance(await _change(hub, "x"), Fulfilled)
            assert isinstance(await _change(hub, "y", reference="s2"), Fulfilled)
    memory.clock.advance(60)
    async with memory_hub(configuration, no_client, memory=memory) as hub:
        await hub.settle()

        assert isinstance(await _change(hub, "x"), Fulfilled)
        assert target.of("A") == ["x", "y"]
        assert await hub.failures() == []


@pytest.mark.parametrize("asking", ["fates", "failure"])
async def test_nobody_waits_for_ever(
    hub: MemoryHub, target: ToyTarget, monkeypatch: pytest.MonkeyPatch, asking: str
) -> None:
    """A ledger that fails as nobody foresaw is one that does not know."""

    async def refuse(*_: object) -> None:
        raise TargetRefused("no", code="nee")

    async def fail(*_: object) -> None:
        raise ValueError("999990019")

    target.before = refuse
    monkeypatch.setattr(hub.app.ledger, asking, fail)

    assert _refusal(await asyncio.wait_for(_change(hub, "x"), 30)) == "te-laat"


async def test_a_change_that_nobody_can_do_is_refused_at_the_door(tmp_path: Path, target: ToyTarget) -> None:
    """There is no mapping of it at the target."""
    configuration = asking_configuration(tmp_path, target)
    del configuration.mappings[OUT]["nl.zaken.zaak-bijgewerkt.v1"]
    async with memory_hub(configuration, no_client) as hub:
        assert _refusal(await _change(hub, "x")) == "StUF040"


# The mode delivered


async def _delivered(folder: Path, target: ToyTarget) -> Configuration:
    return asking_configuration(folder, target, acknowledge="delivered")


async def test_delivered_waits_until_the_target_has_it(tmp_path: Path, target: ToyTarget) -> None:
    """So that a sender that reads back at once finds it."""
    async with memory_hub(await _delivered(tmp_path, target), no_client) as hub:
        received = await hub.converse(message("A", "x", reference="1", kind="maak"), connection=IN)

        assert isinstance(received, Fulfilled)
        assert target.of("A") == ["x"]


async def test_delivered_acknowledges_what_is_kept_all_the_same(tmp_path: Path, target: ToyTarget) -> None:
    """Accepted means kept: a target that is down does not make the sender send again."""

    async def down(*_: object) -> None:
        raise TargetUnavailable("down", code="verbinding")

    target.before = down
    async with memory_hub(await _delivered(tmp_path, target), no_client) as hub:
        received = await hub.converse(message("A", "x", reference="1", kind="maak"), connection=IN)
        target.before = None
        await hub.let_pass(3600)

        assert isinstance(received, Welcome)
        assert target.of("A") == ["x"]
