"""Zaken that others put into queues, hold and let go while messages keep coming: order holds, all is done once.

Replay plans do that from another process. Here it is done to the ledger directly, at every moment that there is.
"""

from __future__ import annotations

import asyncio
import tempfile
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from datetime import timedelta
from pathlib import Path
from typing import NamedTuple

import orjson
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hub.bus.contract import Received
from hub.config.policy import ConnectionPolicy
from hub.errors import TargetRefused, TargetUnavailable
from hub.flow.deliver import Delivery
from hub.ledger.entries import ParkedItem, WaitState
from hub.ledger.store.base import SqlStore
from hub.ports.contracts import Exchange
from hub.testkit.memory import Memory, MemoryHub, memory_hub
from tests.support.toy import IN, OUT, ToyTarget, message, no_client, toy_configuration

LIMITS = ConnectionPolicy(inline_attempts=1, retry_wait_s=5, retry_wait_max_s=20, pause_after=1_000)


@pytest.fixture
def target() -> ToyTarget:
    return ToyTarget()


@pytest.fixture
async def hub(tmp_path: Path, target: ToyTarget) -> AsyncIterator[MemoryHub]:
    async with memory_hub(toy_configuration(tmp_path, target, limits=LIMITS), no_client) as hub:
        yield hub


async def test_new_messages_of_a_zaak_that_a_plan_takes_wait_until_it_lets_go(
    hub: MemoryHub, target: ToyTarget
) -> None:
    """The worker did not park it, and knows all the same."""
    await hub.accept(message("A", "0", reference="0"), connection=IN)
    await hub.settle()
    copy = await put_copy(hub, "A", "0", "0~1")
    for number in (1, 2):
        await hub.accept(message("A", str(number), reference=str(number)), connection=IN)
        await hub.accept(message("B", str(number), reference=f"B{number}"), connection=IN)
    await hub.pause(30)
    assert target.of("A") == ["0"]
    assert target.of("B") == ["1", "2"]

    await let_go(hub, copy)
    await hub.pause(3)
    await hub.accept(message("A", "3", reference="3"), connection=IN)
    await hub.settle()

    assert target.of("A") == ["0", "0~1", "1", "2", "3"]
    assert await hub.app.ledger.parked_lanes(OUT) == {}


async def test_a_queue_that_a_plan_takes_stops_where_the_plan_has_it(hub: MemoryHub, target: ToyTarget) -> None:
    """The worker is going through the queue: it does the one it has in hand and no other, until they are let go."""
    going = asyncio.Event()

    async def slowly(_zaak: str, what: str, _exchange: Exchange) -> None:
        if not going.is_set():
            raise TargetUnavailable("down", code="503")
        if what == "0":
            await hub.clock.sleep(10)

    target.before = slowly
    for number in range(4):
        await hub.accept(message("A", str(number), reference=str(number)), connection=IN)
    await hub.settle()
    going.set()
    await hub.pause(10)
    assert [what for _, what, _ in target.tries] == ["0", "0"]
    held = await hold(hub, "A")
    await hub.pause(60)
    assert target.of("A") == ["0"]

    for item, expected in zip(held[1:], (["0", "1"], ["0", "1", "2"], ["0", "1", "2", "3"]), strict=True):
        await let_go(hub, item)
        await hub.pause(2)
        assert target.of("A") == expected


async def test_a_message_that_fails_while_a_plan_takes_it_is_the_plans(hub: MemoryHub, target: ToyTarget) -> None:
    """The worker parks it again and does not try it again by itself."""

    async def slowly(_zaak: str, _what: str, _exchange: Exchange) -> None:
        await hub.clock.sleep(3)
        raise TargetUnavailable("down", code="503")

    target.before = slowly
    await hub.accept(message("A", "0", reference="0"), connection=IN)
    await hub.pause(12)
    tries = len(target.tries)
    await hold(hub, "A")
    await hub.pause(120)

    head = await head_of(hub, "A")
    assert head is not None
    assert head.state is WaitState.HELD
    assert len(target.tries) == tries
    assert head.attempts == tries


async def test_what_waits_for_a_person_behind_what_goes_on_is_not_tried(hub: MemoryHub, target: ToyTarget) -> None:
    """Nor is what must wait for a later moment, also when it is the first of its zaak by then."""
    target.before = _refusing({"0"})
    for number in range(3):
        await hub.accept(message("A", str(number), reference=str(number)), connection=IN)
    await hub.settle()
    queue = await hub.app.ledger.queue(OUT, "A")
    await set_states(hub, [(queue[1], WaitState.PERSON, 0), (queue[2], WaitState.RETRY, 600)])
    target.before = None
    [failure] = await hub.failures()
    await hub.app.operator().replay(failure.id, by="jan", reason="published")
    await hub.pause(30)
    assert target.of("A") == ["0"]

    await set_states(hub, [(queue[1], WaitState.RETRY, 0)])
    await hub.pause(3)
    assert target.of("A") == ["0", "1"]
    hub.clock.advance(600)
    await hub.pause(2)

    assert target.of("A") == ["0", "1", "2"]


async def test_what_was_taken_up_before_a_pause_waits_for_a_plan_that_came_in_the_pause(
    hub: MemoryHub, target: ToyTarget
) -> None:
    """Days may lie between."""
    await hub.accept(message("A", "0", reference="0"), connection=IN)
    await hub.settle()
    await hub.app.pauser().pause(OUT, by="jan", reason="the night")
    await hub.pause(2)
    for number in (1, 2):
        await hub.accept(message("A", str(number), reference=str(number)), connection=IN)
    await hub.pause(2)
    copy = await put_copy(hub, "A", "0", "0~1")
    await hub.app.pauser().resume(OUT, by="jan", reason="the morning")
    await hub.pause(5)
    assert target.of("A") == ["0"]
    await let_go(hub, copy)
    await hub.pause(3)

    assert target.of("A") == ["0", "0~1", "1", "2"]


async def test_a_queue_that_others_empty_lets_the_zaak_go_on(hub: MemoryHub, target: ToyTarget) -> None:
    """A plan that is cancelled takes its copies away; the worker finds out with the next message."""
    await hub.accept(message("A", "0", reference="0"), connection=IN)
    await hub.settle()
    copy = await put_copy(hub, "A", "0", "0~1")
    await hub.accept(message("A", "1", reference="1"), connection=IN)
    await hub.pause(2)
    await hub.app.ledger.end(released=[copy._replace(next_at=hub.clock.now())])
    await hub.pause(2)
    await hub.accept(message("A", "2", reference="2"), connection=IN)
    await hub.pause(3)

    assert target.of("A") == ["0", "1", "2"]


# Every order of things


class Step(NamedTuple):
    """One thing that happens: to a zaak, or to all."""

    what: str
    zaak: str


ZAKEN = "ABC"
OFTEN = ("accept", "accept", "accept", "let_go")
SOMETIMES = ("fail", "refuse", "well", "copy", "hold", "let_go", "replay", "edit", "drop", "pause", "resume")
TIME = ("second", "half", "minute")
STEPS = st.builds(Step, st.sampled_from((*OFTEN, *SOMETIMES, *TIME)), st.sampled_from(ZAKEN))
KILLS = st.builds(Step, st.sampled_from(["kill", "stop"]), st.just("A"))


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.lists(STEPS, min_size=10, max_size=60))
def test_whatever_happens_order_holds_and_nothing_is_lost_or_doubled(steps: Sequence[Step]) -> None:
    """Messages, failures, edits, drops, pauses and plans in any order, in one worker."""
    with tempfile.TemporaryDirectory() as folder:
        asyncio.run(_Story(Path(folder), Memory()).told(steps))


@pytest.mark.slow
@settings(max_examples=6, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.lists(st.one_of(STEPS, STEPS, STEPS, KILLS), min_size=10, max_size=30))
def test_whatever_happens_to_the_worker_too_order_holds_and_nothing_is_lost_or_doubled(steps: Sequence[Step]) -> None:
    """The same with workers that stop and that are killed in the middle of what they do."""
    with tempfile.TemporaryDirectory() as folder:
        asyncio.run(_Story(Path(folder), Memory(Path(folder))).told(steps))


_SECONDS = {"second": 1, "half": 30, "minute": 60}


class _Killed(BaseException):
    """Stands for kill -9: nothing of ours may catch it."""


class _Story:
    """What happened, and what must be true of it."""

    def __init__(self, folder: Path, memory: Memory) -> None:
        self.target = ToyTarget()
        self.target.before = self._before
        self.accepted: dict[str, list[str]] = {zaak: [] for zaak in ZAKEN}
        self.dropped: set[str] = set()
        self.copies: dict[str, list[str]] = {}  # copy → what was accepted of its zaak when it was put there
        self.held: set[str] = set()
        self.mood = dict.fromkeys(ZAKEN, "well")
        self.killing = False
        self._memory = memory
        self._configuration = toy_configuration(folder / "mappings", self.target, limits=LIMITS)
        self._number = 0

    async def told(self, steps: Sequence[Step]) -> None:
        """Do all steps; then let everything go, and see."""
        left = list(steps)
        ended = False
        while not ended:
            try:
                async with memory_hub(self._configuration, no_client, memory=self._memory) as hub:
                    while left and (step := left.pop(0)).what != "stop":
                        await self._do(hub, step)
                    if not left:
                        await self._let_everything_go(hub)
                        ended = True
            except* _Killed:
                pass
            self.killing = False
        self._see()

    async def _do(self, hub: MemoryHub, step: Step) -> None:
        zaak = step.zaak
        match step.what:
            case "accept":
                what = self._next_number()
                self.accepted[zaak].append(what)
                await hub.accept(message(zaak, what, reference=what), connection=IN)
            case "fail" | "refuse" | "well":
                self.mood[zaak] = step.what
            case "copy" | "hold" | "let_go":
                await self._plan(hub, zaak, step.what)
            case "replay" | "edit" | "drop":
                await self._act(hub, zaak, step.what)
            case "pause" | "resume":
                await self._pause(hub, step.what)
            case _:
                self.killing = step.what == "kill"
                await self._turn(hub, seconds=_SECONDS.get(step.what, 0))

    async def _plan(self, hub: MemoryHub, zaak: str, act: str) -> None:
        if act == "hold":
            self.held |= {item.item_id for item in await hold(hub, zaak)}
        elif act == "let_go":
            head = await head_of(hub, zaak)
            if head is not None and head.item_id in self.held:
                self.held.discard(head.item_id)
                await let_go(hub, head)
        elif done := [what for what in self.target.of(zaak) if "~" not in what]:
            name = f"{done[-1]}~{self._next_number()}"
            copy = await put_copy(hub, zaak, done[-1], name)
            self.copies[name] = list(self.accepted[zaak])
            self.held.add(copy.item_id)

    async def _pause(self, hub: MemoryHub, act: str) -> None:
        pauser, paused = hub.app.pauser(), bool(await hub.app.ledger.pauses())
        if act == "pause" and not paused:
            await pauser.pause(OUT, by="jan", reason="because")
        elif act == "resume" and paused:
            await pauser.resume(OUT, by="jan", reason="because")

    def _next_number(self) -> str:
        self._number += 1
        return str(self._number)

    async def _turn(self, hub: MemoryHub, *, seconds: float = 0) -> None:
        hub.clock.advance(seconds)
        await hub.pause(0)

    async def _act(self, hub: MemoryHub, zaak: str, act: str) -> None:
        head = await head_of(hub, zaak)
        if head is None or head.state is not WaitState.PERSON:
            return
        operator = hub.app.operator()
        if act == "replay":
            await operator.replay(head.failure_id, by="jan", reason="because")
        elif act == "drop":
            self.dropped.add(what_of(head))
            await operator.drop(head.failure_id, by="jan", reason="because")
        elif "+" not in (what := what_of(head)):
            changes = {"zaak.omschrijving": f"{what}+"}
            await hub.app.editor().correct(head.failure_id, changes=changes, by="jan", reason="because")

    async def _before(self, zaak: str, what: str, _exchange: Exchange) -> None:
        if self.killing:
            raise _Killed
        if self.mood[zaak] == "fail":
            raise TargetUnavailable("down", code="503")
        if self.mood[zaak] == "refuse" and "+" not in what:
            raise TargetRefused("wrong", code="invalid")

    async def _let_everything_go(self, hub: MemoryHub) -> None:
        self.mood = dict.fromkeys(ZAKEN, "well")
        if await hub.app.ledger.pauses():
            await hub.app.pauser().resume(OUT, by="jan", reason="because")
        for _ in range(200):
            await self._turn(hub, seconds=30)
            for zaak in ZAKEN:
                head = await head_of(hub, zaak)
                if head is not None and head.state is WaitState.HELD:
                    await let_go(hub, head)
                elif head is not None and head.state is WaitState.PERSON:
                    await hub.app.operator().replay(head.failure_id, by="jan", reason="because")
            stages = hub.app.running.values()
            if not any([await stage.lag() + stage.backlog for stage in stages]) and not (
                await hub.app.ledger.parked_lanes(OUT)
            ):
                return
        raise AssertionError("something waits for ever")

    def _see(self) -> None:
        for zaak, accepted in self.accepted.items():
            effects = [what.rstrip("+") for what in self.target.of(zaak)]
            assert max(Counter(effects).values(), default=1) == 1, "nothing is done twice"
            gone = {what.rstrip("+") for what in self.dropped}
            live = [what for what in effects if "~" not in what]
            assert live == [what for what in accepted if what not in gone], "order holds and nothing is lost"
            for copy, before in self.copies.items():
                if copy in effects:
                    behind = effects[effects.index(copy) :]
                    assert copy.partition("~")[0] not in behind, "a copy comes behind what it is a copy of"
                    later = [what for what in accepted if what not in before and what not in gone]
                    assert all(what in behind for what in later), "what came after it was held waits for it"


# What a plan does to the ledger


async def head_of(hub: MemoryHub, zaak: str) -> ParkedItem | None:
    """Give the first item of a queue."""
    return (await hub.app.ledger.firsts(OUT, [zaak])).get(zaak)


async def put_copy(hub: MemoryHub, zaak: str, what: str, name: str) -> ParkedItem:
    """Put a delivered event into the queue of its zaak again, in front, held; its omschrijving becomes `name`."""
    record = await _record(hub, zaak, what)
    while OUT not in hub.app.running:  # noqa: ASYNC110 - a worker that was just started tells nobody
        await asyncio.sleep(0)
    work = hub.app.running[OUT]._work
    assert isinstance(work, Delivery)
    item = work.item(record, OUT)
    assert item is not None
    event = orjson.loads(item.value)
    event["zaak"]["omschrijving"] = name
    copy = item._replace(item_id=f"{item.item_id}-{name.replace('~', '-')}", value=orjson.dumps(event)).waiting(
        WaitState.HELD, at=hub.clock.now(), attempts=0, receipts="{}", failure_id=""
    )
    queue = await hub.app.ledger.queue(OUT, zaak)
    await hub.app.ledger.end(parked=[copy])
    if queue:
        await _write(hub, "plan_front", [(OUT, copy.item_id, queue[0].seq - 1)])
    return copy


async def hold(hub: MemoryHub, zaak: str) -> list[ParkedItem]:
    """Hold the whole queue of a zaak; give what is held."""
    queue = [each for each in await hub.app.ledger.queue(OUT, zaak) if each.state is not WaitState.HELD]
    await set_states(hub, [(each, WaitState.HELD, 0) for each in queue])
    return queue


async def let_go(hub: MemoryHub, item: ParkedItem) -> None:
    """Let one item be tried now."""
    await set_states(hub, [(item, WaitState.RETRY, 0)])


async def set_states(hub: MemoryHub, states: Sequence[tuple[ParkedItem, WaitState, float]]) -> None:
    """Change what items wait for, and until when."""
    now = hub.clock.now()
    rows = [(item.stage, item.item_id, state.value, now + timedelta(seconds=wait)) for item, state, wait in states]
    await _write(hub, "plan_let_go", rows)


async def _write(hub: MemoryHub, statement: str, rows: Sequence[tuple[object, ...]]) -> None:
    ledger = hub.app.ledger
    assert isinstance(ledger, SqlStore)
    await ledger.run(lambda tx: tx.write(statement, rows), write=True)  # type: ignore[arg-type]


async def _record(hub: MemoryHub, zaak: str, what: str) -> Received:
    for record in await hub.app.bus.tail(hub.app.topics.events("zaken"), 2_000):
        if (
            orjson.loads(record.value)["zaak"]["omschrijving"] in {what, what.rstrip("+")}
            and record.key == zaak.encode()
        ):
            return record
    raise AssertionError("it was delivered, so it is on the bus")


def what_of(item: ParkedItem) -> str:
    """Give the omschrijving of a parked event."""
    what: str = orjson.loads(item.value)["zaak"]["omschrijving"]
    return what


def _refusing(wrong: set[str]) -> Callable[[str, str, Exchange], Awaitable[None]]:
    async def refuse(_zaak: str, what: str, _exchange: Exchange) -> None:
        if what in wrong:
            raise TargetRefused("wrong", code="invalid")

    return refuse
