"""A connection that is paused, by a person, by a maintenance window or by itself: nothing goes, nothing is lost."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack
from datetime import timedelta
from itertools import pairwise
from pathlib import Path

import pytest

from hub.config import policy
from hub.config.connection import Connection
from hub.config.policy import ConnectionPolicy
from hub.config.windows import Window
from hub.configuration import Configuration
from hub.errors import ActRefused, TargetRefused, TargetUnavailable
from hub.flow.entrance import Fulfilled, TurnedAway
from hub.flow.standing import Flow
from hub.ledger.entries import FailureState
from hub.ledger.valves import PauseKind
from hub.observe.metrics import Count
from hub.ports.contracts import Exchange, Expects
from hub.testkit.memory import Memory, MemoryHub, memory_hub
from tests.support.toy import IN, OUT, ToyTarget, asking_configuration, message, no_client, toy_configuration

FEW = ConnectionPolicy(pause_after=4, pause_ratio=0.5, inline_attempts=1)
"""Four failing zaken are too many: so that a test needs few."""


@pytest.fixture
def target() -> ToyTarget:
    return ToyTarget()


@pytest.fixture
async def hub(tmp_path: Path, target: ToyTarget) -> AsyncIterator[MemoryHub]:
    async with memory_hub(toy_configuration(tmp_path, target, limits=FEW), no_client) as hub:
        yield hub


# By a person


async def test_what_is_paused_does_not_go_and_goes_in_order_when_it_is_resumed(
    hub: MemoryHub, target: ToyTarget
) -> None:
    """Senders are acknowledged as ever; nothing is tried, so nothing fails either."""
    paused = await hub.app.pauser().pause(OUT, by="jan", reason="the supplier asks for it")
    await hub.pause(1)
    for number in range(3):
        for zaak in "AB":
            await hub.accept(message(zaak, str(number), reference=f"{zaak}{number}"), connection=IN)
    await hub.pause(60)
    assert (paused.flow, paused.by, paused.reason) == (Flow.PAUSED, "jan", "the supplier asks for it")
    assert target.tries == []
    assert await hub.failures() == []

    resumed = await hub.app.pauser().resume(OUT, by="els", reason="they are done")
    await hub.pause(1)
    await hub.settle()

    assert resumed.flow is Flow.RUNNING
    assert (target.of("A"), target.of("B")) == (["0", "1", "2"], ["0", "1", "2"])


async def test_a_connection_that_receives_takes_messages_while_it_is_paused(hub: MemoryHub, target: ToyTarget) -> None:
    """The door is not behind the valve."""
    await hub.app.pauser().pause(IN, by="jan", reason="the mapping is being changed")
    await hub.pause(1)
    seen = await hub.accept(message("A", "x", reference="1"), connection=IN)
    again = await hub.accept(message("A", "x", reference="1"), connection=IN)
    await hub.pause(60)
    assert target.tries == []

    await hub.app.pauser().resume(IN, by="jan", reason="done")
    await hub.pause(1)
    await hub.settle()

    assert seen == again
    assert target.of("A") == ["x"]


async def test_a_parked_zaak_is_not_tried_while_its_connection_is_paused(hub: MemoryHub, target: ToyTarget) -> None:
    """Its time comes and goes; when the pause is over it is its turn."""
    target.before = _failing_for("A", TargetUnavailable("down", code="503"))
    await hub.accept(message("A", "x", reference="1"), connection=IN)
    await hub.settle()
    await hub.app.pauser().pause(OUT, by="jan", reason="it is down")
    await hub.pause(1)
    tries = len(target.tries)
    await _jump(hub, 3600)
    assert len(target.tries) == tries

    target.before = None
    await hub.app.pauser().resume(OUT, by="jan", reason="it is up")
    await hub.pause(3)

    assert target.of("A") == ["x"]
    assert [failure.state for failure in await hub.failures()] == [FailureState.RESOLVED]


async def test_what_is_in_hand_when_a_pause_begins_is_finished_and_what_waits_behind_it_waits(
    hub: MemoryHub, target: ToyTarget
) -> None:
    """Nothing is cut off halfway."""
    began = False

    async def slowly(_zaak: str, _what: str, _exchange: Exchange) -> None:
        nonlocal began
        began = True
        await hub.clock.sleep(10)

    target.before = slowly
    for what in ("een", "twee"):
        await hub.accept(message("A", what, reference=what), connection=IN)
    await hub.pause(1)
    await hub.app.pauser().pause(OUT, by="jan", reason="stop it")
    await hub.pause(60)
    assert began
    assert target.of("A") == ["een"]

    await hub.app.pauser().resume(OUT, by="jan", reason="go on")
    await hub.pause(60)

    assert target.of("A") == ["een", "twee"]


async def test_while_it_is_paused_no_more_is_taken_up_than_fits(
    hub: MemoryHub, target: ToyTarget, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The rest stays on the bus, where it is safe and takes no memory."""
    monkeypatch.setattr(policy, "LANE_BACKLOG_MAX", 20)
    monkeypatch.setattr(policy, "POLL_RECORDS_MAX", 10)
    await hub.app.pauser().pause(OUT, by="jan", reason="the night")
    await hub.pause(2)
    for number in range(100):
        await hub.accept(message(f"Z{number % 30}", str(number), reference=str(number)), connection=IN)
    stage = hub.app.running[OUT]
    while stage.backlog <= 20:
        await hub.pause(1)
    await hub.pause(30)
    assert stage.backlog <= 30
    assert await stage.lag() == 100

    await hub.app.pauser().resume(OUT, by="jan", reason="the morning")
    async with asyncio.timeout(60):
        while await stage.lag():  # a consumer that was held back looks up by real time
            await asyncio.sleep(0.01)
            await hub.pause(1)

    assert [target.of(f"Z{zaak}") for zaak in range(30)] == [
        [str(number) for number in range(100) if number % 30 == zaak] for zaak in range(30)
    ]


async def test_a_pause_outlives_the_worker(tmp_path: Path, target: ToyTarget) -> None:
    """What was taken up and left undone is there for whoever starts next, once and in order."""
    memory = Memory(tmp_path)
    configuration = toy_configuration(tmp_path, target)
    async with memory_hub(configuration, no_client, memory=memory) as hub:
        await hub.accept(message("A", "0", reference="0"), connection=IN)
        await hub.settle()
        await hub.app.pauser().pause(OUT, by="jan", reason="the night")
        await _jump(hub, 2)
        for number in (1, 2):
            await hub.accept(message("A", str(number), reference=str(number)), connection=IN)
        await _jump(hub, 2)
        assert hub.app.running[OUT].backlog == 2
    async with memory_hub(configuration, no_client, memory=memory) as hub:
        await hub.accept(message("A", "3", reference="3"), connection=IN)
        await _jump(hub, 3600)
        assert target.of("A") == ["0"]
        await hub.app.pauser().resume(OUT, by="jan", reason="the morning")
        await _jump(hub, 2)
        await hub.settle()

    assert target.of("A") == ["0", "1", "2", "3"]


async def test_a_pause_with_a_time_ends_by_itself_and_that_is_in_the_audit(hub: MemoryHub, target: ToyTarget) -> None:
    """Nobody has to think of it."""
    until = hub.clock.now() + timedelta(seconds=60)
    paused = await hub.app.pauser().pause(OUT, by="jan", reason="one minute", until=until)
    await hub.pause(1)
    await hub.accept(message("A", "x", reference="1"), connection=IN)
    await hub.pause(58)
    assert (paused.until, target.tries) == (until, [])
    await hub.pause(2)

    assert target.of("A") == ["x"]
    assert await hub.app.ledger.pauses() == []
    assert await _acts(hub) == [
        ("pause", "jan", "one minute", f"koppeling:{OUT}"),
        ("resume", "zaakhub", "its time is over; was paused: one minute", f"koppeling:{OUT}"),
    ]


async def test_what_makes_no_sense_is_refused_and_changes_nothing(hub: MemoryHub) -> None:
    """The advice says what to do."""
    pauser = hub.app.pauser()
    with pytest.raises(ActRefused, match="not paused"):
        await pauser.resume(OUT, by="jan", reason="go")
    with pytest.raises(ActRefused, match="needs a reason"):
        await pauser.pause(OUT, by="jan", reason="  ")
    with pytest.raises(ActRefused, match="has passed"):
        await pauser.pause(OUT, by="jan", reason="late", until=hub.clock.now())
    with pytest.raises(ActRefused, match="no connection") as unknown:
        await pauser.pause("speelgoed-uti", by="jan", reason="typing error")

    assert unknown.value.advice == f"did you mean {OUT}?"
    assert await hub.app.ledger.pauses() == []


async def test_a_sender_that_waits_is_told_at_once_that_it_is_not_done(tmp_path: Path, target: ToyTarget) -> None:
    """It does not wait for nothing, and the change is not done later; offered again it is new."""
    async with memory_hub(asking_configuration(tmp_path, target), no_client) as hub:
        await hub.app.pauser().pause(OUT, by="jan", reason="the night")
        await hub.pause(1)
        before_s = hub.clock.monotonic()
        change = message("A", "x", reference="1", expects=Expects.OUTCOME)
        told = await hub.converse(change, connection=IN)
        assert isinstance(told, TurnedAway)
        assert told.refusal.code == "gepauzeerd"
        assert hub.clock.monotonic() - before_s < 1

        await hub.app.pauser().resume(OUT, by="jan", reason="the morning")
        await hub.pause(1)
        await hub.settle()
        assert target.tries == []
        assert isinstance(await hub.converse(change, connection=IN), Fulfilled)

    assert target.of("A") == ["x"]


async def test_a_sender_whose_change_waits_for_another_is_told_when_the_pause_begins(
    tmp_path: Path, target: ToyTarget
) -> None:
    """It was taken up before, but its turn had not come."""

    async def slowly(_zaak: str, what: str, _exchange: Exchange) -> None:
        if what == "langzaam":
            await memory.clock.sleep(5)

    memory = Memory()
    target.before = slowly
    async with memory_hub(asking_configuration(tmp_path, target), no_client, memory=memory) as hub:
        await hub.accept(message("A", "langzaam", reference="1"), connection=IN)
        await hub.pause(1)
        pausing = hub.app.pauser().pause(OUT, by="jan", reason="stop it")
        before_s = hub.clock.monotonic()

        async def soon() -> None:
            await hub.clock.sleep(1)
            await pausing

        pause = asyncio.create_task(soon())
        told = await hub.converse(message("A", "x", reference="2", expects=Expects.OUTCOME), connection=IN)
        await pause
        assert isinstance(told, TurnedAway)
        assert told.refusal.code == "gepauzeerd"
        assert hub.clock.monotonic() - before_s < 3
        await hub.app.pauser().resume(OUT, by="jan", reason="go on")
        await hub.pause(10)

    assert target.of("A") == ["langzaam"]


# By a maintenance window


async def test_in_a_maintenance_window_nothing_is_tried_and_after_it_everything_goes(
    tmp_path: Path, target: ToyTarget
) -> None:
    """The clock of the testkit begins at nine in the morning in Amsterdam, on a Monday."""
    window = Window.model_validate({"days": ["ma"], "from": "08:00", "until": "10:00", "reason": "backup"})
    configuration = _with(toy_configuration(tmp_path, target), OUT, windows=(window,))
    async with memory_hub(configuration, no_client) as hub:
        await hub.accept(message("A", "x", reference="1"), connection=IN)
        await _jump(hub, 3590)
        assert target.tries == []
        stands = await hub.app.pauser().standing(OUT)
        assert (stands.flow, stands.reason) == (Flow.WINDOW, "backup")
        with pytest.raises(ActRefused, match="maintenance window"):
            await hub.app.pauser().resume(OUT, by="jan", reason="now")
        await hub.pause(15)

    assert target.of("A") == ["x"]


# By itself


async def test_a_connection_of_which_too_many_zaken_fail_pauses_itself(hub: MemoryHub, target: ToyTarget) -> None:
    """A hundred zaken for a target that is down: a handful is parked, the rest waits and keeps its place."""
    target.before = _failing(TargetUnavailable("down", code="503"))
    for number in range(100):
        await hub.accept(message(f"Z{number}", "x", reference=str(number)), connection=IN)
    await hub.pause(10)

    stands = await hub.app.pauser().standing(OUT)
    assert stands.flow is Flow.HELD
    assert stands.by == "zaakhub"
    assert "503: down" in stands.reason
    failures = len(await hub.failures())
    # Those that were under way when the fourth failed.
    assert 4 <= failures <= 68
    assert hub.app.metrics.value(Count.PARKED, OUT, "503") == failures

    target.before = None
    await hub.pause(120)
    await hub.settle()

    assert sorted(zaak for zaak, _ in target.effects) == sorted(f"Z{number}" for number in range(100))
    assert [failure.state for failure in await hub.failures()] == [FailureState.RESOLVED] * failures
    assert [(act, by) for act, by, _, _ in await _acts(hub)] == [("pause", "zaakhub"), ("resume", "zaakhub")]


async def test_one_broken_zaak_does_not_pause_its_connection(hub: MemoryHub, target: ToyTarget) -> None:
    """However many messages of it fail, it is one zaak of the two."""
    target.before = _failing_for("A", TargetRefused("no", code="invalid"))
    for number in range(30):
        await hub.accept(message("A", str(number), reference=f"A{number}"), connection=IN)
        await hub.accept(message("B", str(number), reference=f"B{number}"), connection=IN)
        await hub.settle()
        for failure in await hub.failures():
            if failure.state is FailureState.OPEN:
                await hub.app.operator().drop(failure.id, by="jan", reason="made by hand")
                await hub.settle()

    assert (await hub.app.pauser().standing(OUT)).flow is Flow.RUNNING
    assert len(target.of("B")) == 30


async def test_failures_among_many_that_go_well_pause_nothing(hub: MemoryHub, target: ToyTarget) -> None:
    """Four failed, of which no more than one in three."""

    async def now_and_then(zaak: str, _what: str, _exchange: Exchange) -> None:
        if int(zaak) % 3 == 0:
            raise TargetRefused("no", code="invalid")

    target.before = now_and_then
    for number in range(60):
        await hub.accept(message(str(number), "x", reference=str(number)), connection=IN)
        await hub.settle()

    assert (await hub.app.pauser().standing(OUT)).flow is Flow.RUNNING
    assert len(await hub.failures()) == 20


async def test_exactly_one_try_is_the_probe_and_each_that_fails_makes_the_next_wait_longer(
    hub: MemoryHub, target: ToyTarget
) -> None:
    """After 30 seconds, then 60, 120 and so on: the target is not flooded while it is down."""
    target.before = _failing(TargetUnavailable("down", code="503"))
    for number in range(100):
        await hub.accept(message(f"Z{number}", "x", reference=str(number)), connection=IN)
    await hub.pause(5)
    begun = len(target.tries)
    tried: list[float] = []
    before_s = hub.clock.monotonic()
    for _ in range(300):
        await _jump(hub, 2)
        tried += [hub.clock.monotonic() - before_s] * (len(target.tries) - begun - len(tried))

    waits = [round(later - earlier) for earlier, later in pairwise(tried)]
    assert waits == pytest.approx([60, 120, 240], abs=4)


async def test_when_no_new_message_comes_a_parked_zaak_is_the_probe(hub: MemoryHub, target: ToyTarget) -> None:
    """Else a connection without traffic would stay shut for ever."""
    target.before = _failing(TargetUnavailable("down", code="503"))
    for number in range(4):
        await hub.accept(message(f"Z{number}", "x", reference=str(number)), connection=IN)
    await hub.settle()
    await hub.pause(1)
    assert (await hub.app.pauser().standing(OUT)).flow is Flow.HELD
    tries = len(target.tries)
    await hub.pause(25)
    assert len(target.tries) == tries

    target.before = None
    await hub.pause(60)

    assert len(target.effects) == 4
    assert (await hub.app.pauser().standing(OUT)).flow is Flow.RUNNING


async def test_a_person_lets_a_connection_that_stopped_itself_go_on(hub: MemoryHub, target: ToyTarget) -> None:
    """Who has mended the target need not wait for the probe."""
    target.before = _failing(TargetUnavailable("down", code="503"))
    for number in range(4):
        await hub.accept(message(f"Z{number}", "x", reference=str(number)), connection=IN)
    await hub.settle()
    await hub.accept(message("NIEUW", "x", reference="nieuw"), connection=IN)
    await hub.pause(2)
    target.before = None
    await hub.app.pauser().resume(OUT, by="jan", reason="mended")
    await hub.pause(2)

    assert target.of("NIEUW") == ["x"]


async def test_a_probe_does_not_go_while_a_person_keeps_it_shut(hub: MemoryHub, target: ToyTarget) -> None:
    """A person's word goes first; the hub's own pause is still there when it is taken back."""
    target.before = _failing(TargetUnavailable("down", code="503"))
    for number in range(8):
        await hub.accept(message(f"Z{number}", "x", reference=str(number)), connection=IN)
    await hub.pause(2)
    until = hub.clock.now() + timedelta(seconds=300)
    await hub.app.pauser().pause(OUT, by="jan", reason="it is being mended", until=until)
    await hub.pause(1)
    tries = len(target.tries)
    await _jump(hub, 290)
    assert len(target.tries) == tries
    assert {each.kind for each in await hub.app.ledger.pauses()} == {PauseKind.HUB, PauseKind.PERSON}

    target.before = None
    await _jump(hub, 300)
    await hub.pause(60)

    assert len(target.effects) == 8
    assert (await hub.app.pauser().standing(OUT)).flow is Flow.RUNNING


async def test_two_workers_see_the_same_valve_and_send_one_probe_between_them(
    tmp_path: Path, target: ToyTarget
) -> None:
    """The pause is in the ledger: the one that stands by knows it, and takes over what was left undone."""
    memory = Memory(tmp_path)
    configuration = toy_configuration(tmp_path, target, limits=FEW)
    target.before = _failing(TargetUnavailable("down", code="503"))
    async with AsyncExitStack() as both:
        working = AsyncExitStack()
        first = await working.enter_async_context(memory_hub(configuration, no_client, memory=memory))
        other = await both.enter_async_context(memory_hub(configuration, no_client, memory=memory))
        for number in range(20):
            await first.accept(message(f"Z{number}", "x", reference=str(number)), connection=IN)
        await _jump(first, 2)
        await _jump(first, 2)
        flows = [each.app.running[OUT].valve.standing.flow for each in (first, other)]
        assert flows == [Flow.HELD, Flow.HELD]
        await first.accept(message("NIEUW", "x", reference="nieuw"), connection=IN)
        await _jump(first, 2)
        await working.aclose()
        tries = len(target.tries)
        await _jump(other, 15)
        assert len(target.tries) == tries
        await _jump(other, 15)
        assert len(target.tries) == tries + 1
        target.before = None
        for _ in range(5):
            await _jump(other, 60)

    assert sorted(zaak for zaak, _ in target.effects) == sorted(["NIEUW", *(f"Z{number}" for number in range(20))])


async def _jump(hub: MemoryHub, seconds: float) -> None:
    """Let time pass at once, and what waits for it go on."""
    hub.clock.advance(seconds)
    for _ in range(3):
        await hub.pause(0)


def _with(configuration: Configuration, name: str, **said: object) -> Configuration:
    changed: Connection = configuration.connections[name].model_copy(update=said)
    return configuration._replace(connections=configuration.connections | {name: changed})


async def _acts(hub: MemoryHub) -> list[tuple[str, str, str, str]]:
    lines = await hub.app.ledger.audit_lines(oldest=True)
    return [(line.act, line.by, line.reason, line.on) for line in lines]


def _failing(error: Exception) -> Callable[[str, str, Exchange], Awaitable[None]]:
    async def fail(_zaak: str, _what: str, _exchange: Exchange) -> None:
        raise error

    return fail


def _failing_for(zaak: str, error: Exception) -> Callable[[str, str, Exchange], Awaitable[None]]:
    async def fail(each: str, _what: str, _exchange: Exchange) -> None:
        if each == zaak:
            raise error

    return fail
