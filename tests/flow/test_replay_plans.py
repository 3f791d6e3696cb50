"""Replay plans on a whole hub in memory: order per zaak, once, nothing silently lost, whatever is asked and by whom."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from pathlib import Path

import orjson
import pytest

from hub.config import policy
from hub.config.policy import ConnectionPolicy
from hub.configuration import Configuration
from hub.desk.plan.judge import EARLIER_FAILED, GIVEN_UP
from hub.desk.plan.plans import Command, Wanted
from hub.desk.plan.refill import LOOKED_UP
from hub.errors import ActRefused, TargetRefused, TargetUnavailable
from hub.ledger.entries import FailureState, WaitState
from hub.ledger.plan_turns import Landed
from hub.ledger.plans import Plan, PlanItemState, PlanMode, PlanState, Selected, Selection, Superseded
from hub.mapping.compile import load_mappings
from hub.ports.contracts import Exchange
from hub.testkit.memory import Memory, MemoryHub, memory_hub
from tests.support.toy import IN, OUT, ToyTarget, message, no_client, toy_configuration

Behaviour = Callable[[str, str, Exchange], Awaitable[None]]

TEST = "speelgoed-proef"
NEVER_SHUT = ConnectionPolicy(pause_after=1000)
"""The connection does not pause itself: these tests are about plans."""


@pytest.fixture
def target() -> ToyTarget:
    return ToyTarget()


@pytest.fixture
def proef() -> ToyTarget:
    return ToyTarget()


@pytest.fixture
def configuration(tmp_path: Path, target: ToyTarget, proef: ToyTarget) -> Configuration:
    """Give the toy, with a second target that only takes replays."""
    plain = toy_configuration(tmp_path, target, limits=NEVER_SHUT)
    for file in sorted((tmp_path / OUT).iterdir()):
        (tmp_path / TEST).mkdir(exist_ok=True)
        (tmp_path / TEST / file.name).write_text(file.read_text())
    return plain._replace(
        settings=plain.settings.model_copy(update={"home": tmp_path}),
        connections=plain.connections
        | {TEST: plain.connections[OUT].model_copy(update={"connection": TEST, "takes": "replays"})},
        outbound={**plain.outbound, TEST: proef},
        mappings={**plain.mappings, TEST: load_mappings(tmp_path / TEST, root=tmp_path)},
    )


@pytest.fixture
async def hub(configuration: Configuration) -> AsyncIterator[MemoryHub]:
    async with memory_hub(configuration, no_client) as hub:
        yield hub


async def _bring(hub: MemoryHub, zaken: Sequence[str], count: int = 1, *, begin: int = 0) -> None:
    for number in range(begin, begin + count):
        for zaak in zaken:
            await hub.accept(message(zaak, str(number), reference=f"{zaak}{number}"), connection=IN)
    await hub.settle()


async def _broken(hub: MemoryHub, target: ToyTarget, zaken: Sequence[str], count: int = 1) -> None:
    """Bring messages of which the first of each zaak is refused; then mend the target."""
    target.before = _refusing(zaken)
    await _bring(hub, zaken, count)
    target.before = None


async def _freeze(hub: MemoryHub, wanted: Wanted | None = None) -> Plan:
    return await hub.app.plans().freeze(wanted or _wanted(), by="jan")


def _wanted(**said: object) -> Wanted:
    chosen = said.pop("selection", Selection(stages=(OUT,)))
    assert isinstance(chosen, Selection)
    return Wanted(chosen, "the catalogus was mended", per_minute=60_000, everything=True)._replace(**said)  # type: ignore[arg-type]


async def _do(hub: MemoryHub, plan: Plan, command: Command, *, by: str = "jan") -> Plan:
    return await hub.app.plans().command(plan.id, command, by=by, reason="as agreed with the target")


async def _run(hub: MemoryHub, plan: Plan) -> Plan:
    """Start a plan and let time pass until it stands still."""
    await _do(hub, plan, Command.START)
    return await _passes(hub, plan)


async def _passes(hub: MemoryHub, plan: Plan, *, slowly: bool = False) -> Plan:
    """Let time pass until it stands still; `slowly` where the target takes its time."""
    for _ in range(60):
        await (hub.pause(1) if slowly else hub.let_pass(1))
        plan = await hub.app.plans().plan(plan.id)
        if plan.state is not PlanState.RUNNING and not plan.released:
            return plan
    raise AssertionError(f"the plan does not come to an end: {plan}")


async def _states(hub: MemoryHub, plan: Plan) -> list[tuple[str, PlanItemState]]:
    return [(each.lane, each.state) for each in await hub.app.plans().items(plan.id)]


def _refusing(zaken: Sequence[str]) -> Behaviour:
    async def before(zaak: str, _what: str, _exchange: Exchange) -> None:
        if zaak in zaken:
            raise TargetRefused("not like this", code="400")

    return before


async def test_a_plan_says_what_it_would_do_and_sends_nothing(hub: MemoryHub, target: ToyTarget) -> None:
    """Frozen: counted, with what waits behind; nothing goes before it is started."""
    await _broken(hub, target, "ABC", 3)

    plan = await _freeze(hub)
    await hub.let_pass(5)

    assert (plan.state, plan.total, plan.zaken, plan.waiting) == (PlanState.FROZEN, 9, 3, 9)
    assert (dict(plan.targets), dict(plan.kinds)) == ({OUT: 9}, {"nl.zaken.zaak-bijgewerkt.v1": 9})
    assert plan.oldest_at is not None
    assert target.effects == []


async def test_a_plan_sends_everything_in_order(hub: MemoryHub, target: ToyTarget) -> None:
    """What failed and what waits behind it, zaak by zaak; then the zaken flow on."""
    await _broken(hub, target, "ABC", 3)

    plan = await _run(hub, await _freeze(hub))
    await _bring(hub, "ABC", 1, begin=3)

    assert (plan.state, plan.delivered) == (PlanState.DONE, 9)
    assert {zaak: target.of(zaak) for zaak in "ABC"} == {zaak: ["0", "1", "2", "3"] for zaak in "ABC"}
    assert {each.state for each in await hub.failures()} == {FailureState.RESOLVED}
    assert await hub.app.ledger.parked_lanes(OUT) == {}


async def test_live_messages_of_its_zaken_wait_for_a_plan(hub: MemoryHub, target: ToyTarget) -> None:
    """They go behind what the plan has, whenever that goes."""
    await _broken(hub, target, "A", 2)
    plan = await _freeze(hub)
    await _do(hub, plan, Command.START)
    await _do(hub, plan, Command.PAUSE)

    await _bring(hub, "A", 1, begin=2)
    assert target.of("A") == [] or target.of("A") == ["0"]
    await _do(hub, plan, Command.RESUME)
    await _passes(hub, plan)

    assert target.of("A") == ["0", "1", "2"]


async def test_the_first_step_is_one_message(hub: MemoryHub, target: ToyTarget) -> None:
    """What fails there stops everything: one zaak was bothered, the rest stands as it stood."""
    await _broken(hub, target, "ABCD", 2)
    target.before = _refusing("ABCD")
    tried = len(target.tries)

    plan = await _run(hub, await _freeze(hub))

    assert plan.state is PlanState.PAUSED
    assert plan.state_reason == "1 of 1 failed, more than 5%"
    assert (plan.failed, plan.not_done, plan.waiting) == (1, 1, 6)
    assert len(target.tries) == tried + 1
    [failed] = await hub.app.plans().items(plan.id, state=PlanItemState.FAILED)
    [behind] = await hub.app.plans().items(plan.id, state=PlanItemState.NOT_DONE)
    assert (failed.note, behind.note) == ("400", EARLIER_FAILED)


async def test_a_failing_zaak_stops_alone(hub: MemoryHub, target: ToyTarget) -> None:
    """With room for failures the others are sent whole; its later messages are not sent before it."""
    await _broken(hub, target, "ABC", 3)
    target.before = _refusing("B")

    plan = await _run(hub, await _freeze(hub, _wanted(stop_at=1.0)))

    assert plan.state is PlanState.DONE
    assert (plan.delivered, plan.failed, plan.not_done) == (6, 1, 2)
    assert target.of("B") == []
    queue = await hub.app.ledger.queue(OUT, "B")
    assert [each.state for each in queue] == [WaitState.PERSON, WaitState.BEHIND, WaitState.BEHIND]


async def test_zaken_that_take_long_hold_up_no_other(hub: MemoryHub, target: ToyTarget) -> None:
    """More of them than one look for parked zaken takes up: the others are taken up beside them."""
    slow = [chr(0x1000 + number) for number in range(policy.DUE_GROUP_MAX)]
    await _broken(hub, target, [*slow, "A", "B"])

    async def wait(zaak: str, _what: str, _exchange: Exchange) -> None:
        if zaak in slow:
            await hub.clock.sleep(300)

    target.before = wait
    plan = await _freeze(hub, _wanted(ramp=()))
    await _do(hub, plan, Command.START)
    async with asyncio.timeout(60):
        while len(target.effects) < 2:
            hub.clock.advance(min(hub.clock.next_wait_s() or 0.1, 1))
            await asyncio.sleep(0)

    assert sorted(target.effects) == [("A", "0"), ("B", "0")]
    target.before = None
    hub.clock.advance(300)
    assert (await _passes(hub, plan)).delivered == len(slow) + 2


async def test_what_failed_is_offered_again(hub: MemoryHub, target: ToyTarget) -> None:
    """A new plan of the rest: what failed, and what was not done because of it."""
    await _broken(hub, target, "ABC", 3)
    target.before = _refusing("B")
    plan = await _run(hub, await _freeze(hub, _wanted(stop_at=1.0)))
    target.before = None

    again = await _do(hub, plan, Command.AGAIN)
    done = await _run(hub, again)

    assert (again.again_of, again.total, again.zaken) == (plan.id, 3, 1)
    assert (done.state, done.delivered) == (PlanState.DONE, 3)
    assert target.of("B") == ["0", "1", "2"]


async def test_a_cancelled_plan_gives_everything_back(hub: MemoryHub, target: ToyTarget) -> None:
    """What it did not come to waits as it did before; the plan of the rest is the rest."""
    await _broken(hub, target, "ABCD", 2)
    before = {lane: [each.state for each in await hub.app.ledger.queue(OUT, lane)] for lane in "ABCD"}
    plan = await _freeze(hub)
    await _do(hub, plan, Command.START)
    held = [each.state for each in await hub.app.ledger.queue(OUT, "A")]
    cancelled = await _do(hub, plan, Command.CANCEL)
    await hub.let_pass(5)

    assert held == [WaitState.HELD, WaitState.HELD]
    assert cancelled.state is PlanState.CANCELLED
    assert {lane: [each.state for each in await hub.app.ledger.queue(OUT, lane)] for lane in "ABCD"} == before
    again = await _run(hub, await _do(hub, plan, Command.AGAIN))
    assert (again.delivered, sorted(target.effects)) == (8, sorted((z, n) for z in "ABCD" for n in "01"))


async def test_a_plan_that_is_cancelled_half_way_loses_nothing(hub: MemoryHub, target: ToyTarget) -> None:
    """What was under way ends; what waits behind a message that went on follows it, as it would without a plan."""
    await _broken(hub, target, "ABCD", 3)
    plan = await _freeze(hub, _wanted(ramp=(2, 100), per_minute=120))
    await _do(hub, plan, Command.START)
    await hub.let_pass(1.5)
    await _do(hub, plan, Command.CANCEL)
    plan = await _passes(hub, plan)
    await hub.let_pass(5)

    sent = {zaak: target.of(zaak) for zaak in "ABCD"}
    assert plan.delivered + plan.not_done == 12
    assert 0 < plan.delivered < 12
    assert all(what == ["0", "1", "2"] or not what for what in sent.values())
    assert sum(map(len, sent.values())) >= plan.delivered


async def test_two_plans_never_have_the_same_zaak(hub: MemoryHub, target: ToyTarget) -> None:
    """The second hears which plan has it, when it is frozen and when it is started."""
    await _broken(hub, target, "AB")
    first, second = await _freeze(hub), await _freeze(hub)
    await _do(hub, first, Command.START)
    await _do(hub, first, Command.PAUSE)

    for attempt in (_freeze(hub), _do(hub, second, Command.START)):
        with pytest.raises(ActRefused) as refused:
            await attempt
        assert refused.value.code == "in-ander-plan"
        assert first.id in str(refused.value)


async def test_an_operator_hears_that_a_plan_has_the_message(hub: MemoryHub, target: ToyTarget) -> None:
    """One wins: the plan. The other hears why."""
    await _broken(hub, target, "A")
    plan = await _freeze(hub, _wanted(per_minute=1))
    [failure] = await hub.failures()
    await _do(hub, plan, Command.START)

    with pytest.raises(ActRefused) as refused:
        await hub.app.operator().replay(failure.id, by="piet", reason="it is mended")

    assert plan.id in str(refused.value)


async def test_a_message_that_a_person_gave_up_is_not_sent(hub: MemoryHub, target: ToyTarget) -> None:
    """Between freezing and sending: the plan says so and goes on with the next of the zaak."""
    await _broken(hub, target, "A", 2)
    [failure] = await hub.failures()
    plan = await _freeze(hub)
    await hub.app.operator().drop(failure.id, by="piet", reason="made by hand")

    plan = await _run(hub, plan)

    items = await hub.app.plans().items(plan.id)
    assert items[0].note == GIVEN_UP
    assert (plan.state, plan.skipped, target.of("A")) == (PlanState.DONE, 1, ["1"])


@pytest.mark.parametrize("fails", [True, False])
async def test_a_message_that_a_plan_let_go_is_not_given_up(hub: MemoryHub, target: ToyTarget, *, fails: bool) -> None:
    """It is at the target: a person hears so, and what comes of it is all that comes of it."""
    await _broken(hub, target, "A", 2)
    [failure] = await hub.failures()
    said: list[str] = []

    async def give_up(_zaak: str, what: str, _exchange: Exchange) -> None:
        if what == "0" and not said:
            with pytest.raises(ActRefused) as refused:
                await hub.app.operator().drop(failure.id, by="piet", reason="made by hand")
            said.append(refused.value.code)
            if fails:
                raise TargetUnavailable("slow", code="503", retry_after_s=120)

    target.before = give_up
    plan = await _run(hub, await _freeze(hub))
    await hub.let_pass(3600)

    assert said == ["wordt-geprobeerd"]
    assert (plan.failed, plan.delivered) == ((1, 0) if fails else (0, 2))
    assert target.of("A") == ["0", "1"]


async def test_what_lands_while_somebody_lets_a_plan_go_on_does_not_pause_it(
    hub: MemoryHub, target: ToyTarget, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its step counts anew from that moment; the turn that was under way knew what had failed before."""
    await _broken(hub, target, "ABCD")

    async def refuse(zaak: str, _what: str, _exchange: Exchange) -> None:
        if zaak == "B":
            await hub.clock.sleep(30)
        if zaak in "AB":
            raise TargetRefused("not like this", code="400")

    target.before = refuse
    plan = await _freeze(hub, _wanted(ramp=(2, 100), stop_at=0.6))
    await _do(hub, plan, Command.START)
    await hub.pause(5)
    await _do(hub, plan, Command.PAUSE)
    landed = hub.app.ledger.landed
    resumed: list[Plan] = []

    async def resume(plan_id: str, limit: int) -> list[Landed]:
        found = await landed(plan_id, limit)
        if found and not resumed:
            resumed.append(await _do(hub, plan, Command.RESUME))
        return found

    monkeypatch.setattr(hub.app.ledger, "landed", resume)
    await hub.pause(40)
    plan = await _passes(hub, plan)

    assert [each.failed for each in resumed] == [1]
    assert (plan.state, plan.failed, plan.delivered) == (PlanState.DONE, 2, 2)


async def test_a_target_that_is_down_pauses_a_plan(hub: MemoryHub, target: ToyTarget) -> None:
    """Tried and failed for the time being is failed for the plan; the message itself is tried again as ever."""
    await _broken(hub, target, "ABC")

    async def down(*_: object) -> None:
        raise TargetUnavailable("down", code="503")

    target.before = down
    plan = await _run(hub, await _freeze(hub))
    target.before = None
    await hub.let_pass(120)

    assert (plan.state, plan.failed, plan.waiting) == (PlanState.PAUSED, 1, 2)
    assert len(target.effects) == 1


async def test_another_worker_goes_on_with_a_plan(configuration: Configuration, target: ToyTarget) -> None:
    """All that a plan knows is in the ledger."""
    memory = Memory()
    memory._bus, memory._ledger = "embedded::memory:", "sqlite::memory:"
    async with memory_hub(configuration, no_client, memory=memory) as hub:
        await _broken(hub, target, "ABC", 2)
        plan = await _freeze(hub, _wanted(per_minute=60))
        await _do(hub, plan, Command.START)
        await hub.let_pass(1.2)
        other = hub.app._plan_runner()
        assert not await other.turn(plan)
        assert not target.of("C")
        await hub.app.ledger.hold_plan(plan.id, "nobody", until=hub.clock.now())
        plan = await _passes(hub, plan)

    assert (plan.state, plan.delivered) == (PlanState.DONE, 6)
    assert [target.of(zaak) for zaak in "ABC"] == [["0", "1"]] * 3


# What is chosen


async def test_everything_must_be_meant(hub: MemoryHub, target: ToyTarget) -> None:
    """Without a criterion, and with one that all that failed meets."""
    zaken = "".join(chr(ord("A") + number) for number in range(policy.PLAN_EVERYTHING_FROM))
    await _broken(hub, target, zaken)

    for chosen in (Selection(), Selection(stages=(OUT,)), Selection(text="like this")):
        with pytest.raises(ActRefused) as refused:
            await _freeze(hub, _wanted(selection=chosen, everything=False))
        assert refused.value.code == "alles"
    assert await hub.app.plans().plans() == []
    assert (await _freeze(hub, _wanted(selection=Selection(zaak="A"), everything=False))).total == 1


async def test_failures_are_chosen_by_their_whole_ids(
    hub: MemoryHub, target: ToyTarget, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Ten thousand of them are no ten thousand searches; a person at a terminal has beginnings filled in first."""
    await _broken(hub, target, "AB")
    [failure, _] = await hub.failures()
    beginning = Selection(failures=(failure.id[:8],))

    with pytest.raises(ActRefused, match="not the id of a failure"):
        await _freeze(hub, _wanted(selection=beginning))
    whole = await hub.app.plans().whole(beginning)
    searched: list[str] = []
    monkeypatch.setattr(hub.app.ledger, "failure", searched.append)
    plan = await _freeze(hub, _wanted(selection=whole))

    assert whole.failures == (failure.id,)
    assert (plan.total, searched) == (1, [])


@pytest.mark.parametrize(
    ("chosen", "code"),
    [
        (Selection(zaak="nobody's"), "niets"),
        (Selection(zaak="'; drop table plans; --"), "niets"),
        (Selection(text="%"), "niets"),
        (Selection(failures=("../../etc/passwd",)), "onbekend"),
        (Selection(failures=("f" * 36,)), "niets"),
        (Selection(stages=("speelgoed-uti",)), "koppeling"),
        (Selection(state=Selected.DELIVERED, stages=(OUT,)), "niets"),
        (Selection(state=Selected.DELIVERED, zaak="A"), "keuze"),
        (Selection(state=Selected.DELIVERED, stages=(OUT,), code="400"), "keuze"),
        (Selection(state=Selected.DELIVERED, stages=(IN,)), "vorm"),
    ],
)
async def test_what_matches_nothing_or_makes_no_sense_is_told(
    hub: MemoryHub, target: ToyTarget, chosen: Selection, code: str
) -> None:
    """Nothing is kept of it."""
    await _broken(hub, target, "A")

    with pytest.raises(ActRefused) as refused:
        await _freeze(hub, _wanted(selection=chosen, everything=False))

    assert (refused.value.code, refused.value.advice != "") == (code, True)
    assert await hub.app.plans().plans() == []


@pytest.mark.parametrize("said", [{"per_minute": 0}, {"stop_at": 1.5}, {"ramp": (0,)}, {"ramp": (1,) * 11}])
async def test_limits_are_told(hub: MemoryHub, target: ToyTarget, said: dict[str, object]) -> None:
    """Before anything is written."""
    await _broken(hub, target, "A")
    with pytest.raises(ActRefused) as refused:
        await _freeze(hub, _wanted(**said))
    assert refused.value.code == "grens"


async def test_too_many_messages_are_refused(
    hub: MemoryHub, target: ToyTarget, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With what waits behind them; nothing is kept."""
    await _broken(hub, target, "A", 5)
    monkeypatch.setattr(policy, "PLAN_ITEMS_MAX", 4)

    with pytest.raises(ActRefused) as refused:
        await _freeze(hub)

    assert refused.value.code == "te-veel"
    assert await hub.app.plans().plans() == []


async def test_a_reason_is_needed(hub: MemoryHub, target: ToyTarget) -> None:
    """It stands in the audit for ever."""
    await _broken(hub, target, "A")
    with pytest.raises(ActRefused) as refused:
        await _freeze(hub, _wanted(reason=""))
    assert refused.value.code == "reden"
    assert await hub.app.plans().plans() == []


async def test_what_is_in_front_of_a_chosen_message_comes_along(hub: MemoryHub, target: ToyTarget) -> None:
    """Order holds: the one in front is of another failure, and goes first."""
    target.before = _refusing("A")
    await _bring(hub, "A", 1)
    await hub.accept(message("A", "later", reference="x", kind="maak"), connection=IN)
    await hub.settle()
    target.before = None
    [failure] = await hub.failures()
    item = (await hub.app.ledger.queue(OUT, "A"))[1]
    await hub.app.ledger.end(
        parked=[item._replace(state=WaitState.PERSON, failure_id="f" * 36, attempts=1)],
        failures=[failure._replace(id="f" * 36, item_id=item.item_id, kind=item.kind, code="500")],
    )

    plan = await _freeze(hub, _wanted(selection=Selection(code="500")))
    assert (plan.total, plan.taken_along) == (2, 1)
    done = await _run(hub, plan)

    assert (done.delivered, target.of("A")) == (2, ["0", "later"])


# Messages that ended


def _ended(zaak: str = "", **said: object) -> Wanted:
    return _wanted(selection=Selection(state=Selected.DELIVERED, stages=(OUT,), zaak=zaak), **said)


async def test_what_was_delivered_is_sent_again(hub: MemoryHub, target: ToyTarget) -> None:
    """In order, under its own name at the target; both deliveries stand in the ledger."""
    await _bring(hub, "AB", 2)
    plan = await _run(hub, await _freeze(hub, _ended(superseded=Superseded.REPLAY)))

    assert (plan.state, plan.delivered) == (PlanState.DONE, 4)
    assert target.of("A") == ["0", "1", "0", "1"]
    [item, *_] = await hub.app.plans().items(plan.id)
    assert [each.stage for each in await hub.app.ledger.delivered(item.item_id)] == [OUT]
    assert [each.stage for each in await hub.app.ledger.delivered(item.entry_id)] == [OUT]
    assert await hub.app.ledger.parked_lanes(OUT) == {}


def _first(hub: MemoryHub, zaak: str, **said: object) -> Awaitable[Wanted]:
    """Choose the first message of a zaak only: by the time at which it was delivered."""

    async def choose() -> Wanted:
        [first, second, *_] = [each for each in await hub.app.ledger.timeline(zaak) if each.what == "afgeleverd"]
        chosen = Selection(state=Selected.DELIVERED, stages=(OUT,), zaak=zaak, since=first.at, until=second.at)
        return _wanted(selection=chosen, **said)

    return choose()


async def _bring_apart(hub: MemoryHub, zaak: str, count: int) -> None:
    for number in range(count):
        await _bring(hub, zaak, 1, begin=number)
        await hub.let_pass(10)


async def test_what_is_superseded_is_skipped(hub: MemoryHub, target: ToyTarget) -> None:
    """A newer one of its zaak was delivered: sent again it would put the clock back."""
    await _bring_apart(hub, "A", 3)

    plan = await _run(hub, await _freeze(hub, await _first(hub, "A")))

    assert (plan.total, plan.superseded_count, plan.skipped, plan.state) == (1, 1, 1, PlanState.DONE)
    assert target.of("A") == ["0", "1", "2"]


async def test_what_is_superseded_since_it_was_frozen_is_skipped(hub: MemoryHub, target: ToyTarget) -> None:
    """A plan may wait for days before it is started."""
    await _bring(hub, "A", 1)
    plan = await _freeze(hub, _ended("A"))
    await _bring(hub, "A", 1, begin=1)

    plan = await _run(hub, plan)

    assert (plan.superseded_count, plan.skipped, plan.state) == (1, 1, PlanState.DONE)
    assert target.of("A") == ["0", "1"]


async def test_what_must_be_applied_again_since_it_was_frozen_asks_for_another_plan(
    hub: MemoryHub, target: ToyTarget
) -> None:
    """The newer message is not in this one, and would be undone."""
    await _bring(hub, "A", 1)
    plan = await _freeze(hub, _ended("A", superseded=Superseded.REAPPLY))
    await _bring(hub, "A", 1, begin=1)

    with pytest.raises(ActRefused) as refused:
        await _do(hub, plan, Command.START)
    await _run(hub, await _freeze(hub, _ended("A", superseded=Superseded.REAPPLY)))

    assert (refused.value.code, "anew" in refused.value.advice) == ("ingehaald", True)
    assert target.of("A") == ["0", "1", "0", "1"]


@pytest.mark.parametrize(
    ("way", "state", "sent"),
    [
        (Superseded.SKIP, PlanItemState.SKIPPED, ["0", "1"]),
        (Superseded.REAPPLY, PlanItemState.NOT_DONE, ["0", "1"]),
        (Superseded.REPLAY, PlanItemState.DELIVERED, ["0", "1", "0"]),
    ],
)
async def test_what_is_superseded_by_what_a_worker_had_in_hand_is_not_sent(
    hub: MemoryHub, target: ToyTarget, way: Superseded, state: PlanItemState, sent: list[str]
) -> None:
    """A plan that takes the zaak while the newer one is on its way to the target comes after it."""
    await _bring(hub, "AB", 1)
    plan = await _freeze(hub, _ended("A", superseded=way, ramp=()))
    await _slow(hub, target, "A", "1", 2)

    await _do(hub, plan, Command.START)
    await _do(hub, plan, Command.PAUSE)
    await hub.pause(5)
    await _do(hub, plan, Command.RESUME)
    plan = await _passes(hub, plan)

    assert [each.state for each in await hub.app.plans().items(plan.id)] == [state]
    assert (plan.state, target.of("A")) == (PlanState.DONE, sent)
    assert await hub.app.ledger.parked_lanes(OUT) == {}


async def test_a_copy_that_is_superseded_when_it_is_tried_waits_for_a_person(hub: MemoryHub, target: ToyTarget) -> None:
    """The newer one was at the target still when the plan let the copy go; what comes later waits behind the copy."""
    await _bring(hub, "A", 1)
    plan = await _freeze(hub, _ended("A"))
    await _slow(hub, target, "A", "1", 20)

    await _do(hub, plan, Command.START)
    plan = await _passes(hub, plan, slowly=True)
    await _bring(hub, "A", 1, begin=2)

    [failure] = await hub.failures()
    assert (plan.failed, failure.code, failure.state) == (1, "ingehaald", FailureState.OPEN)
    assert target.of("A") == ["0", "1"]
    await hub.app.operator().drop(failure.id, by="piet", reason="it is not needed any more")
    await hub.let_pass(1)
    assert target.of("A") == ["0", "1", "2"]


async def _slow(hub: MemoryHub, target: ToyTarget, zaak: str, what: str, takes_s: float) -> None:
    """Bring a message that the target takes so long for; give when it is there."""

    async def wait(each: str, said: str, _exchange: Exchange) -> None:
        if (each, said) == (zaak, what):
            await hub.clock.sleep(takes_s)

    target.before = wait
    await hub.accept(message(zaak, what, reference=f"{zaak}{what}"), connection=IN)
    async with asyncio.timeout(10):
        while (zaak, what) not in [(each, said) for each, said, _ in target.tries]:
            await hub.pause(0.1)


async def test_what_is_superseded_may_be_sent_all_the_same(hub: MemoryHub, target: ToyTarget) -> None:
    """When that is what the operator wants."""
    await _bring_apart(hub, "A", 3)

    plan = await _run(hub, await _freeze(hub, await _first(hub, "A", superseded=Superseded.REPLAY)))

    assert (plan.superseded_count, plan.delivered, target.of("A")) == (1, 1, ["0", "1", "2", "0"])


async def test_the_later_ones_may_be_applied_again(hub: MemoryHub, target: ToyTarget) -> None:
    """So that the zaak ends as it was."""
    await _bring_apart(hub, "A", 3)

    plan = await _run(hub, await _freeze(hub, await _first(hub, "A", superseded=Superseded.REAPPLY)))

    assert (plan.total, plan.superseded_count, plan.taken_along, plan.delivered) == (3, 1, 2, 3)
    assert target.of("A") == ["0", "1", "2", "0", "1", "2"]


async def test_a_copy_goes_before_what_waits_of_its_zaak(hub: MemoryHub, target: ToyTarget) -> None:
    """It came before that; and the failure of its zaak is still there afterwards."""
    await _bring(hub, "A", 1)
    target.before = _refusing("A")
    await _bring(hub, "A", 2, begin=1)
    target.before = None

    plan = await _run(hub, await _freeze(hub, _ended("A")))
    [failure] = await hub.failures()
    await hub.app.operator().replay(failure.id, by="piet", reason="it is mended")
    await hub.let_pass(2)

    assert plan.delivered == 1
    assert [what for _, what, _ in target.tries] == ["0", "1", "0", "1", "2"]


async def test_what_the_bus_has_let_go_of_is_not_sent(hub: MemoryHub, target: ToyTarget) -> None:
    """Its content is gone: the plan says so before it is started."""
    await _bring(hub, "A", 1)
    hub.clock.advance(policy.BUS_RETENTION_S + 60)
    await hub.settle()

    plan = await _run(hub, await _freeze(hub, _ended("A")))

    assert (plan.total, plan.gone, plan.state, target.of("A")) == (1, 1, PlanState.DONE, ["0"])
    assert await hub.app.ledger.parked_lanes(OUT) == {}


async def test_a_message_whose_document_is_gone_is_not_sent(hub: MemoryHub, target: ToyTarget) -> None:
    """The payload store has let go of it: the plan says so, and nothing behind it goes."""
    claim = f"zaakhub-inhoud:weg:1:{'0' * 64}"
    target.before = _refusing("AB")
    await hub.accept(message("A", claim, reference="1"), connection=IN)
    await _bring(hub, "A", 1)
    await _bring(hub, "B", 1)
    target.before = None

    plan = await _run(hub, await _freeze(hub))

    assert (plan.gone, plan.not_done, plan.delivered) == (1, 1, 1)
    assert (target.of("A"), target.of("B")) == ([], ["0"])


async def test_a_copy_that_fails_waits_like_any_message(hub: MemoryHub, target: ToyTarget) -> None:
    """With its own failure; the plan of the rest sends it and the later ones, in order."""
    await _bring(hub, "A", 3)
    target.before = _refusing("A")
    plan = await _run(hub, await _freeze(hub, _ended("A", superseded=Superseded.REPLAY, stop_at=1.0)))
    await _bring(hub, "A", 1, begin=3)
    target.before = None

    assert [each for _, each in await _states(hub, plan)] == [
        PlanItemState.FAILED,
        PlanItemState.NOT_DONE,
        PlanItemState.NOT_DONE,
    ]
    again = await _run(hub, await _do(hub, plan, Command.AGAIN))
    assert (again.total, again.delivered) == (3, 3)
    assert target.of("A") == ["0", "1", "2", "0", "1", "2", "3"]


async def test_a_message_is_sent_again_so_many_times_and_no_more(
    hub: MemoryHub, target: ToyTarget, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Against going round for ever."""
    monkeypatch.setattr(policy, "PLAN_REPLAYS_MAX", 2)
    await _bring(hub, "A", 1)
    plans = [await _run(hub, await _freeze(hub, _ended("A", superseded=Superseded.REPLAY))) for _ in range(3)]

    assert [(each.delivered, each.skipped) for each in plans] == [(1, 0), (1, 0), (0, 1)]
    assert len(target.tries) == 3


# From which shape


async def test_a_message_is_read_again_by_the_mapping_of_now(hub: MemoryHub, target: ToyTarget, tmp_path: Path) -> None:
    """An event that a wrong rule made is made anew, and stays the same event; the original is kept."""
    target.before = _refusing("A")
    await hub.accept(message("A", "x", reference="1"), connection=IN)
    await hub.settle()
    target.before = None
    _use(
        hub, IN, tmp_path, "zaak.omschrijving, from: omschrijving, required: true", "zaak.omschrijving, value: hersteld"
    )
    [failure] = await hub.failures()

    plan = await _run(hub, await _freeze(hub, _wanted(mode=PlanMode.RAW)))

    assert (plan.delivered, target.of("A")) == (1, ["hersteld"])
    original = await hub.app.ledger.original(OUT, failure.item_id)
    assert original is not None
    assert orjson.loads(original)["zaak"]["omschrijving"] == "x"


async def test_a_message_that_the_mapping_of_now_can_not_read_stops_its_zaak(
    hub: MemoryHub, target: ToyTarget, tmp_path: Path
) -> None:
    """It fails before it is sent; what was parked stays parked as it was."""
    await _broken(hub, target, "A", 2)
    _use(
        hub, IN, tmp_path, "{to: zaak.startdatum, from: startdatum,", "{to: zaak.startdatum, required: true, from: nix,"
    )

    plan = await _run(hub, await _freeze(hub, _wanted(mode=PlanMode.RAW, stop_at=1.0)))

    assert (plan.state, plan.failed, plan.not_done, target.effects) == (PlanState.DONE, 1, 1, [])
    assert [each.note for each in await hub.app.plans().items(plan.id, state=PlanItemState.FAILED)] == ["mapping"]
    queue = await hub.app.ledger.queue(OUT, "A")
    assert [each.state for each in queue] == [WaitState.PERSON, WaitState.BEHIND]


async def test_a_message_that_came_in_is_read_again_and_becomes_another_event(
    hub: MemoryHub, target: ToyTarget, tmp_path: Path
) -> None:
    """It was judged once and is not a resend of itself: the target gets what the mapping of now makes of it."""
    await _bring(hub, "A", 1)
    _use(
        hub, IN, tmp_path, "zaak.omschrijving, from: omschrijving, required: true", "zaak.omschrijving, value: hersteld"
    )
    chosen = Selection(state=Selected.DELIVERED, stages=(IN,), zaak="A")

    plan = await _run(hub, await _freeze(hub, _wanted(selection=chosen, mode=PlanMode.RAW)))
    await hub.settle()

    assert (plan.delivered, target.of("A")) == (1, ["0", "hersteld"])
    again = await hub.accept(message("A", "0", reference="A0"), connection=IN)
    await hub.settle()
    assert again.message_id == (await hub.app.plans().items(plan.id))[0].item_id
    assert target.of("A") == ["0", "hersteld"]


@pytest.mark.parametrize("kept", [True, False])
async def test_the_same_request_goes_again(
    hub: MemoryHub, target: ToyTarget, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *, kept: bool
) -> None:
    """Whatever the mapping is now: as it was kept with the failure, or made by the mapping of that time."""
    await _broken(hub, target, "A", 2)
    if not kept:
        monkeypatch.setattr(hub.app.ledger, "request", _nothing)
    _use(hub, OUT, tmp_path, "omschrijving, from: zaak/omschrijving, required: true", "omschrijving, value: anders")

    plan = await _run(hub, await _freeze(hub, _wanted(mode=PlanMode.REQUEST)))

    assert (plan.state, target.of("A")) == (PlanState.DONE, ["0", "anders"])


async def test_a_request_with_what_was_looked_up_is_not_made_anew(
    hub: MemoryHub, target: ToyTarget, tmp_path: Path
) -> None:
    """What was found then is kept nowhere, and what is found now is not what was sent."""
    looked_up = (
        "omschrijving, lookup: {asks: bag, question: nl.adressen.adressen-opvragen.v1, by: {zoekterm: "
        "zaak/omschrijving}, take: korteNaam, unavailable: retry, nothing: omit, several: omit}"
    )
    _use(hub, OUT, tmp_path, "omschrijving, from: zaak/omschrijving, required: true", looked_up)
    await _bring(hub, "A")  # there is no `bag` here: that fails before anything was made

    plan = await _run(hub, await _freeze(hub, _wanted(mode=PlanMode.REQUEST)))

    assert [each.note for each in await hub.app.plans().items(plan.id)] == [LOOKED_UP]
    assert target.effects == []


async def _nothing(_failure_id: str) -> None:
    """Keep nothing of what was sent."""


def _use(hub: MemoryHub, connection: str, folder: Path, before: str, after: str) -> None:
    """Run another mapping from now on."""
    for file in sorted((folder / connection).glob("*.map.yaml")):
        file.write_text(file.read_text().replace(before, after))
    hub.app._use(connection, load_mappings(folder / connection, root=folder))


# To another target


async def test_messages_may_be_redirected_to_a_test_target(hub: MemoryHub, target: ToyTarget, proef: ToyTarget) -> None:
    """What is parked stays as it is: the test target gets copies, and nothing else."""
    await _bring(hub, "C", 1)
    await _broken(hub, target, "AB", 2)
    before = [await hub.app.ledger.queue(OUT, lane) for lane in "AB"]

    plan = await _run(hub, await _freeze(hub, _wanted(redirect=TEST)))

    assert (plan.state, plan.delivered, dict(plan.targets)) == (PlanState.DONE, 4, {TEST: 4})
    assert {zaak: proef.of(zaak) for zaak in "ABC"} == {"A": ["0", "1"], "B": ["0", "1"], "C": []}
    assert target.effects == [("C", "0")]
    assert [await hub.app.ledger.queue(OUT, lane) for lane in "AB"] == before


@pytest.mark.parametrize(("to", "stages"), [(OUT, (OUT,)), ("nergens", (OUT,)), (TEST, (IN,)), (TEST, ())])
async def test_a_redirect_that_makes_no_sense_is_refused(
    hub: MemoryHub, target: ToyTarget, to: str, stages: tuple[str, ...]
) -> None:
    """Only to a connection that takes replays, of the same kind."""
    await _broken(hub, target, "A")
    with pytest.raises(ActRefused) as refused:
        await _freeze(hub, _wanted(selection=Selection(stages=stages), redirect=to))
    assert refused.value.code == "omleiden"


# The mark


async def test_a_forged_copy_is_not_sent(hub: MemoryHub, target: ToyTarget) -> None:
    """Whoever puts a copy in a queue without the key of the hub gets a failure for it; nothing goes out."""
    await _broken(hub, target, "A")
    [parked] = await hub.app.ledger.queue(OUT, "A")
    headers = orjson.dumps([*orjson.loads(parked.headers), ["zh_replay", "0123456789ab." + "0" * 64]])
    forged = parked._replace(
        item_id=f"{parked.item_id}~0123456789ab", lane="Z", headers=headers, failure_id="", attempts=0
    )
    await hub.app.ledger.end(parked=[forged._replace(state=WaitState.RETRY)])
    await hub.let_pass(5)

    assert target.effects == []
    assert [each.code for each in await hub.failures() if each.zaak == "Z"] == ["kenmerk"]


async def test_a_mark_is_good_for_once(hub: MemoryHub, target: ToyTarget) -> None:
    """A copy that went is not sent again when somebody puts it back; a mark on the bus means nothing."""
    await _bring(hub, "A", 1)
    seen: list[object] = []
    end = hub.app.ledger.end

    async def keep(**said: object) -> None:
        seen.extend(each for each in said["released"] if "~" in each.item_id)  # type: ignore[attr-defined]
        await end(**said)  # type: ignore[arg-type]

    hub.app.ledger.end = keep  # type: ignore[method-assign, assignment]
    await _run(hub, await _freeze(hub, _ended("A", superseded=Superseded.REPLAY)))
    hub.app.ledger.end = end  # type: ignore[method-assign]
    [copy] = seen
    await hub.app.ledger.end(parked=[copy])  # type: ignore[list-item]
    await hub.let_pass(5)

    assert [(what, resumed) for _, what, resumed in target.tries] == [("0", False), ("0", True)]
    assert await hub.app.ledger.parked_lanes(OUT) == {}


# Approval


@pytest.fixture
def judged(configuration: Configuration) -> Configuration:
    """Say that plans of the toy need a second person."""
    own = configuration.connections[OUT]
    careful = own.model_copy(update={"policy": own.policy.model_copy(update={"second_person": True})})
    return configuration._replace(connections=configuration.connections | {OUT: careful})


async def test_a_second_person_approves_where_the_policy_says_so(judged: Configuration, target: ToyTarget) -> None:
    """Not the one who made it; before that it does not start."""
    async with memory_hub(judged, no_client) as hub:
        await _broken(hub, target, "A")
        plan = await _freeze(hub)
        assert plan.needs_approval
        for command, by in ((Command.START, "jan"), (Command.APPROVE, "jan")):
            with pytest.raises(ActRefused) as refused:
                await _do(hub, plan, command, by=by)
            assert refused.value.code in {"goedkeuring", "zelfde-persoon"}
        approved = await _do(hub, plan, Command.APPROVE, by="piet")
        done = await _run(hub, plan)

    assert (approved.approved_by, done.state, target.of("A")) == ("piet", PlanState.DONE, ["0"])


async def test_another_name_is_no_second_person_of_a_plan(judged: Configuration, target: ToyTarget) -> None:
    """Who it is counts, also for the plan of what another one left."""
    async with memory_hub(judged, no_client) as hub:
        await _broken(hub, target, "A")
        plans = hub.app.plans()
        first = await plans.freeze(_wanted(), by="jan", by_id="oidc:idp|1")
        await _do(hub, first, Command.CANCEL)
        again = await plans.command(first.id, Command.AGAIN, by="jan", by_id="oidc:idp|1", reason="once more")
        refused = []
        for by_id in ("oidc:idp|1", "os:1000"):
            with pytest.raises(ActRefused) as error:
                await plans.command(again.id, Command.APPROVE, by="piet", by_id=by_id, reason="I see it")
            refused.append(error.value.code)
        approved = await plans.command(again.id, Command.APPROVE, by="jan", by_id="oidc:idp|2", reason="I see it")

    assert refused == ["zelfde-persoon", "andere-ingang"]
    assert approved.approved_by == "jan"


@pytest.mark.parametrize("command", [Command.PAUSE, Command.RESUME, Command.AGAIN])
async def test_a_command_that_does_not_fit_is_refused(hub: MemoryHub, target: ToyTarget, command: Command) -> None:
    """It says how the plan stands."""
    await _broken(hub, target, "A")
    plan = await _freeze(hub)
    with pytest.raises(ActRefused) as refused:
        await _do(hub, plan, command)
    assert "bevroren" in str(refused.value)


async def test_what_people_do_with_plans_is_in_the_audit(hub: MemoryHub, target: ToyTarget) -> None:
    """Who, what, why; and the life of the zaak says who had its messages sent again."""
    await _broken(hub, target, "A")
    plan = await _run(hub, await _freeze(hub))

    lines = await hub.app.ledger.audit_lines()
    assert [(each.by, each.act, each.on) for each in lines] == [
        ("jan", "plan-start", f"plan:{plan.id}"),
        ("jan", "plan", f"plan:{plan.id}"),
    ]
    life = await hub.app.ledger.timeline("A")
    assert [(each.what, each.by) for each in life if each.what in {"herhaald", "afgeleverd"}] == [
        ("herhaald", "jan"),
        ("afgeleverd", ""),
    ]
