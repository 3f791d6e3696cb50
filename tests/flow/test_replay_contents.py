"""What a replay plan sends, and how it finds it: what was corrected stays so, slow reading ends, nothing starves."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Collection
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from hub.bus.contract import Received, Spot
from hub.config import policy
from hub.config.policy import ConnectionPolicy
from hub.configuration import Configuration
from hub.desk.plan.plans import Command, Wanted
from hub.desk.plan.refill import CORRECTED, Content, Refill
from hub.desk.plan.runner import Runner
from hub.errors import HubUnavailable, TargetRefused
from hub.ledger.edits import EditPart
from hub.ledger.entries import Revision, RevisionState
from hub.ledger.plans import Plan, PlanItem, PlanItemState, PlanMode, PlanState, Selected, Selection, Superseded
from hub.ports.contracts import Exchange
from hub.testkit.memory import MemoryHub, memory_hub
from tests.support.toy import IN, OUT, ToyTarget, message, no_client, toy_configuration

WHY = "as agreed with the target"


@pytest.fixture
def target() -> ToyTarget:
    return ToyTarget()


@pytest.fixture
def configuration(tmp_path: Path, target: ToyTarget) -> Configuration:
    plain = toy_configuration(tmp_path, target, limits=ConnectionPolicy(pause_after=1000))
    return plain._replace(settings=plain.settings.model_copy(update={"home": tmp_path}))


@pytest.fixture
async def hub(configuration: Configuration) -> AsyncIterator[MemoryHub]:
    async with memory_hub(configuration, no_client) as hub:
        yield hub


async def _bring(hub: MemoryHub, *zaken: str, what: str = "0") -> None:
    for zaak in zaken:
        await hub.accept(message(zaak, what, reference=f"{zaak}{what}"), connection=IN)
    await hub.settle()


async def _refused(hub: MemoryHub, target: ToyTarget, *zaken: str) -> None:
    target.before = _refuse
    await _bring(hub, *zaken)
    target.before = None


async def _refuse(_zaak: str, _what: str, _exchange: Exchange) -> None:
    raise TargetRefused("not like this", code="400")


async def _corrected(hub: MemoryHub, part: EditPart = EditPart.EVENT) -> None:
    """Correct what the only failure says: `0` should have been `goed`."""
    [failure] = await hub.failures()
    edit = {EditPart.RAW: "omschrijving", EditPart.EVENT: "zaak.omschrijving", EditPart.REQUEST: "omschrijving"}
    await hub.app.editor().correct(failure.id, part, by="piet", reason="typing error", changes={edit[part]: "goed"})


async def _freeze(hub: MemoryHub, mode: PlanMode = PlanMode.EVENT, *, ended: bool = False, **said: Any) -> Plan:  # noqa: ANN401 - any part
    chosen = Selection(state=Selected.DELIVERED if ended else Selected.FAILED, stages=(OUT,))
    wanted = Wanted(chosen, WHY, mode=mode, superseded=Superseded.REPLAY, per_minute=60_000, everything=True)
    return await hub.app.plans().freeze(wanted._replace(**said), by="jan")


async def _start(hub: MemoryHub, plan: Plan) -> None:
    await hub.app.plans().command(plan.id, Command.START, by="jan", reason=WHY)


async def _run(hub: MemoryHub, plan: Plan, *, within_s: int = 60) -> Plan:
    await _start(hub, plan)
    for _ in range(within_s):
        await hub.let_pass(1)
        plan = await hub.app.plans().plan(plan.id)
        if plan.state is not PlanState.RUNNING and not plan.released:
            return plan
    raise AssertionError(f"the plan does not come to an end: {plan}")


# What was corrected


@pytest.mark.parametrize("part", list(EditPart))
@pytest.mark.parametrize("mode", list(PlanMode))
async def test_what_was_corrected_goes_out_as_it_was_corrected(
    hub: MemoryHub, target: ToyTarget, part: EditPart, mode: PlanMode
) -> None:
    """Whatever the plan begins from: what came in, and what was sent, still have the mistake in them."""
    await _refused(hub, target, "A")
    await _corrected(hub, part)

    plan = await _run(hub, await _freeze(hub, mode))

    assert (plan.state, plan.delivered) == (PlanState.DONE, 1)
    assert target.of("A") == ["goed"]


async def test_the_same_request_is_the_corrected_one_when_that_failed_too(hub: MemoryHub, target: ToyTarget) -> None:
    """Tried since it was corrected: the last request was made of that."""
    await _refused(hub, target, "A")
    await _corrected(hub)
    [failure] = await hub.failures()
    target.before = _refuse
    await hub.app.operator().replay(failure.id, by="piet", reason="the target is mended")
    await hub.let_pass(2)
    target.before = None
    made = await hub.app.ledger.request(failure.id)
    assert made is not None
    assert b"goed" in made.content

    await _run(hub, await _freeze(hub, PlanMode.REQUEST))

    assert target.of("A") == ["goed"]


@pytest.mark.parametrize("mode", list(PlanMode))
async def test_what_was_corrected_before_it_went_is_not_sent_as_it_was(
    hub: MemoryHub, target: ToyTarget, mode: PlanMode
) -> None:
    """The bus has it with its mistake: a copy of that would undo the correction at the target."""
    await _refused(hub, target, "A")
    await _corrected(hub)
    [failure] = await hub.failures()
    await hub.app.operator().replay(failure.id, by="piet", reason="corrected")
    await hub.let_pass(2)
    assert target.of("A") == ["goed"]

    plan = await _run(hub, await _freeze(hub, mode, ended=True))
    [item] = await hub.app.plans().items(plan.id)

    assert (item.state, item.note) == (PlanItemState.GONE, CORRECTED)
    assert target.of("A") == ["goed"]


async def test_what_a_plan_read_again_is_no_correction(
    hub: MemoryHub, target: ToyTarget, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It failed again; the mapping is mended, and the next plan reads the message once more."""
    await _refused(hub, target, "A")
    before, target.before = target.before, _refuse
    await _run(hub, await _freeze(hub, PlanMode.RAW))
    target.before = before
    slow = SlowBus(hub, 0)
    monkeypatch.setattr(hub.app.bus, "many", slow.many)

    plan = await _run(hub, await _freeze(hub, PlanMode.RAW))

    assert (plan.delivered, slow.asked) == (1, [1])


async def test_a_correction_that_comes_while_a_plan_reads_stands(
    hub: MemoryHub, target: ToyTarget, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What was read before it is not written over it."""
    await _refused(hub, target, "A")
    slow = SlowBus(hub, 3)
    monkeypatch.setattr(hub.app.bus, "many", slow.many)
    plan = await _freeze(hub, PlanMode.RAW)
    await _start(hub, plan)
    await hub.let_pass(2)
    assert slow.asked == [1]

    monkeypatch.undo()  # the editor reads too, and need not wait
    await _corrected(hub)
    plan = await _run_on(hub, plan)

    assert (plan.state, plan.delivered) == (PlanState.DONE, 1)
    assert target.of("A") == ["goed"]


# Slow reading


class SlowBus:
    """Takes its time to read back; counts what is asked of it."""

    def __init__(self, hub: MemoryHub, wait_s: float) -> None:
        self.asked: list[int] = []
        self._many = hub.app.bus.many
        self._clock = hub.clock
        self._wait_s = wait_s

    async def many(self, places: Collection[Spot]) -> dict[Spot, Received]:
        self.asked.append(len(places))
        await self._clock.sleep(self._wait_s)
        return await self._many(places)


async def test_a_plan_whose_contents_are_slow_to_read_goes_on(
    hub: MemoryHub, target: ToyTarget, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Reading one part takes longer than a lease: it is renewed meanwhile, and nobody begins the same anew."""
    zaken = "ABCDEFGHIJ"
    await _bring(hub, *zaken)
    slow = SlowBus(hub, policy.PLAN_LEASE_S * 3)
    monkeypatch.setattr(hub.app.bus, "many", slow.many)
    plan = await _freeze(hub, ended=True, ramp=())
    rival = _runner(hub)

    await _start(hub, plan)
    for _ in range(12):
        await hub.let_pass(1)
        assert not await rival.turn(plan)
    plan = await _run_on(hub, plan)

    assert (plan.state, plan.delivered) == (PlanState.DONE, len(zaken))
    assert sorted(zaak for zaak, _, _ in target.tries) == sorted(zaken * 2)
    assert sum(slow.asked) == len(zaken)
    assert len(slow.asked) <= 2


async def test_a_turn_takes_fewer_messages_where_reading_is_slow(
    hub: MemoryHub, target: ToyTarget, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What was read goes; the rest is for the next turns."""
    zaken = "ABCDEFGHIJ"
    await _bring(hub, *zaken)
    slow = SlowBus(hub, policy.PLAN_READ_S)
    monkeypatch.setattr(hub.app.bus, "many", slow.many)
    monkeypatch.setattr(policy, "PLAN_READ_MAX", 2)
    plan = await _freeze(hub, ended=True, ramp=())

    await _start(hub, plan)
    await hub.let_pass(policy.PLAN_READ_S * 3)
    went = len(target.tries) - len(zaken)
    plan = await _run_on(hub, plan)

    assert 0 < went < len(zaken)
    assert (plan.state, plan.delivered) == (PlanState.DONE, len(zaken))
    assert sum(slow.asked) == len(zaken)


async def test_a_turn_ends_when_another_worker_has_the_plan(
    hub: MemoryHub, target: ToyTarget, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It was thought to be dead: what it read is thrown away, and goes once."""
    await _bring(hub, "A")
    slow = SlowBus(hub, policy.PLAN_LEASE_S * 3)
    monkeypatch.setattr(hub.app.bus, "many", slow.many)
    hold = hub.app.ledger.hold_plan
    lost: list[str] = []

    async def losing(plan_id: str, holder: str, *, until: datetime) -> Plan | None:
        if slow.asked and not lost:
            lost.append(holder)
            return None
        return await hold(plan_id, holder, until=until)

    monkeypatch.setattr(hub.app.ledger, "hold_plan", losing)
    plan = await _run(hub, await _freeze(hub, ended=True, ramp=()))

    assert lost
    assert (plan.state, plan.delivered) == (PlanState.DONE, 1)
    assert len(target.tries) == 2


async def test_one_plan_that_can_not_be_read_for_keeps_no_other(
    hub: MemoryHub, target: ToyTarget, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The first needs the bus, which does not answer; the one behind it has all that it needs."""
    await _bring(hub, "A")
    first = await _freeze(hub, ended=True)
    await hub.let_pass(1)
    await _refused(hub, target, "B")
    second = await _freeze(hub)

    async def down(_places: Collection[Spot]) -> dict[Spot, Received]:
        raise HubUnavailable("the bus is down", code="bus")

    monkeypatch.setattr(hub.app.bus, "many", down)
    await _start(hub, first)
    await hub.let_pass(5)
    second = await _run(hub, second)

    assert (second.state, second.delivered) == (PlanState.DONE, 1)
    assert (await hub.app.plans().plan(first.id)).state is PlanState.RUNNING


async def _run_on(hub: MemoryHub, plan: Plan) -> Plan:
    for _ in range(120):
        await hub.let_pass(1)
        plan = await hub.app.plans().plan(plan.id)
        if plan.state is not PlanState.RUNNING:
            return plan
    raise AssertionError(f"the plan does not come to an end: {plan}")


def _runner(hub: MemoryHub) -> Runner:
    return hub.app._plan_runner()


# Earlier mappings


class Earlier:
    """A ledger with earlier revisions of the mappings; the rest is the hub's."""

    def __init__(self, ledger: object, at: datetime) -> None:
        self._ledger = ledger
        self._at = at

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401 - whatever the ledger has
        return getattr(self._ledger, name)

    async def revisions(self, connection: str, limit: int) -> list[Revision]:
        state = RevisionState.SUPERSEDED
        return [
            Revision(connection, number, f"r{number}", state, 0, self._at, "jan", WHY, self._at)
            for number in range(limit, 0, -1)
        ]

    async def revision_files(self, _connection: str, number: int) -> bytes:
        return b"%d" % number


async def test_a_mapping_of_before_is_searched_and_compiled_once(hub: MemoryHub, configuration: Configuration) -> None:
    """A hundred messages that need it look for it at the same moment; and the next ones find what was compiled."""
    zaken = [f"Z{number}" for number in range(30)]
    await _bring(hub, *zaken)
    plan = await _freeze(hub, PlanMode.REQUEST, ended=True)
    items = await hub.app.ledger.plan_items(plan.id, limit=100)
    compiled: list[bytes] = []

    async def compile_(connection: str, files: bytes) -> Any:  # noqa: ANN401 - mappings by kind
        compiled.append(files)
        await asyncio.sleep(0)
        return configuration.mappings[connection] if files == b"3" else {}

    refill = Refill(
        ledger=Earlier(hub.app.ledger, hub.clock.now()),  # type: ignore[arg-type] # all but two of its methods
        bus=hub.app.bus,
        replays=hub.app._replays,
        translators={},
        fetching=frozenset(),
        connections=configuration.connections,
        mappings=lambda _: {},
        compiled=compile_,
    )
    found = await asyncio.gather(*(refill.of(plan, item) for item in items))
    again = await refill.of(plan, _of_kind(items[0], "nl.zaken.zaak-aangemaakt.v1"))

    assert [type(each) for each in found] == [Content] * len(zaken)
    assert not isinstance(again, Content)
    assert sorted(compiled, key=int) == [b"%d" % number for number in range(1, policy.PLAN_REVISIONS_MAX + 1)]


def _of_kind(item: PlanItem, kind: str) -> PlanItem:
    return item._replace(kind=kind)
