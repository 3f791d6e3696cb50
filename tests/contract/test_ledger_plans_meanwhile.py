"""Replay plans while something else happens to their queues: nothing is stuck, nothing goes twice or out of order."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any

import pytest

from hub.errors import ActRefused
from hub.ledger.contract import Ledger
from hub.ledger.entries import DeliveryState, FailureState, ParkedItem, Place, WaitState
from hub.ledger.plan_turns import LaneMove, LaneStop, Move, Settled, Step
from hub.ledger.plans import OVERTAKEN, PlanItemState, PlanMode, PlanState, Selected, Selection, Superseded
from hub.ledger.statements import Database, read_migrations
from hub.ledger.store import plan_turns, plans, queues
from hub.ledger.store.base import SqlStore
from tests.support.ledger_contract import LedgerContract, OnPostgres, OnSqlite
from tests.support.ledger_entries import (
    STAGE,
    TOPIC,
    a_delivery,
    a_failure,
    a_parked_item,
    an_arrival,
    an_edit,
    later,
)
from tests.support.ledger_entries import an_act as an_act_on_a_failure
from tests.support.ledger_plans import (
    IN,
    LIMITS,
    SOON,
    a_plan,
    an_act,
    deliver,
    failed,
    fill,
    first_of,
    frozen,
    release,
    started,
    the,
    waits,
)

DELIVERED = Selection(state=Selected.DELIVERED, stages=(STAGE,))
TEST = "proef"
BLOCKED_S = 0.3
"""How long a transaction is watched that must wait for another."""


async def due(ledger: Ledger, stage: str = STAGE) -> list[str]:
    """Give what a worker would take up, ever."""
    places = [(TOPIC, 0), ("t", 0), ("test.0000.in.formulieren", 0)]
    return [each.item_id for each in await ledger.due(stage, places, SOON, 100)]


async def start(ledger: Ledger, name: str = "plan-1") -> None:
    """Start a plan that is frozen, and take its lease."""
    await ledger.start_plan(name, an_act(name, "plan-start"))
    assert await ledger.hold_plan(name, "me", until=SOON)


async def cancel(ledger: Ledger, name: str = "plan-1") -> None:
    """Cancel a plan."""
    await ledger.cancel_plan(name, an_act(name, "plan-cancel"))


def delivered(*events: tuple[str, int], zaak: str = "A", stage: str = STAGE) -> list[Any]:
    """Make deliveries, each with the offset of its record."""
    return [
        a_delivery(name, stage=stage, zaak=zaak)._replace(place=Place("t", 0, offset), ended_at=later(offset))
        for name, offset in events
    ]


async def drop(ledger: Ledger, item: ParkedItem) -> None:
    """Give an item up as an operator does it who saw it like this."""
    failure = await ledger.failure(item.failure_id)
    assert failure is not None
    dropped = a_delivery(item.item_id, zaak=item.lane)._replace(state=DeliveryState.DROPPED)
    await ledger.end(
        deliveries=[dropped],
        failures=[failure._replace(state=FailureState.RESOLVED)],
        released=[item],
        acts=[an_act_on_a_failure(failure.id, "drop")],
        expected={failure.id: failure.version},
    )


class MeanwhileContract(LedgerContract):
    """What both backends must do."""

    database: Database

    # Cancelled

    async def test_what_was_behind_a_message_that_has_just_gone_goes_on_when_a_plan_is_cancelled(
        self, ledger: Ledger
    ) -> None:
        """It was held at that moment, and nobody looks again: the cancelling lets it go."""
        await fill(ledger, "A", 3)
        await started(ledger)
        await release(ledger, await ledger.pick("plan-1", lanes=9, each=1))
        await deliver(ledger, await first_of(ledger))

        await cancel(ledger)

        assert await waits(ledger) == [(f"{STAGE}-A-2", WaitState.RETRY), (f"{STAGE}-A-3", WaitState.BEHIND)]
        assert await due(ledger) == [f"{STAGE}-A-2"]

    async def test_what_is_under_way_stays_so_when_a_plan_is_cancelled(self, ledger: Ledger) -> None:
        """What waits behind it still does."""
        await fill(ledger, "A", 3)
        await started(ledger)
        await release(ledger, await ledger.pick("plan-1", lanes=9, each=1))

        await cancel(ledger)

        assert [state for _, state in await waits(ledger)] == [WaitState.RETRY, WaitState.BEHIND, WaitState.BEHIND]

    async def test_a_plan_that_was_not_started_gives_nothing_back(self, ledger: Ledger) -> None:
        """What is held is of another plan: it stays held, and what that one let go stays under way."""
        await fill(ledger, "AB", 2)
        second, failure = failed("B", 3)
        await ledger.end(parked=[second], failures=[failure])
        await frozen(ledger, "plan-1")
        await frozen(ledger, "plan-2")
        await start(ledger, "plan-2")
        picked = await ledger.pick("plan-2", lanes=9, each=3)
        await release(ledger, [each for each in picked if each.item.lane == "B"], "plan-2")
        before = await waits(ledger), await waits(ledger, "B")

        await cancel(ledger, "plan-1")

        assert (await waits(ledger), await waits(ledger, "B")) == before
        plan = await the(ledger)
        assert (plan.state, plan.not_done) == (PlanState.CANCELLED, 5)
        with pytest.raises(ActRefused):
            await ledger.start_plan("plan-1", an_act(act="plan-start"))

    # Let go

    async def test_the_first_that_left_between_picking_and_letting_go_leaves_nothing_stuck(
        self, ledger: Ledger
    ) -> None:
        """The next of them is the first then, and what left has landed."""
        await fill(ledger, "A", 3)
        await started(ledger)
        picked = await ledger.pick("plan-1", lanes=9, each=3)
        await deliver(ledger, await first_of(ledger))

        await release(ledger, picked)

        assert await waits(ledger) == [(f"{STAGE}-A-2", WaitState.RETRY), (f"{STAGE}-A-3", WaitState.BEHIND)]
        assert await due(ledger) == [f"{STAGE}-A-2"]
        assert [each.item.entry_id for each in await ledger.landed("plan-1", 9)] == [f"{STAGE}-A-1"]

    # Dropped

    @pytest.mark.parametrize("state", [WaitState.PERSON, WaitState.HELD])
    async def test_what_a_plan_let_go_meanwhile_is_not_dropped(self, ledger: Ledger, state: WaitState) -> None:
        """A person saw it wait for somebody, or held; its failure did not change since."""
        await fill(ledger, "A", 2)
        await started(ledger)
        seen = (await first_of(ledger))._replace(state=state)
        await release(ledger, await ledger.pick("plan-1", lanes=9, each=1))

        with pytest.raises(ActRefused) as refused:
            await drop(ledger, seen)

        assert refused.value.code == "gewijzigd"
        assert (await first_of(ledger)).item_id == seen.item_id
        assert await ledger.delivered(seen.item_id) == []

    async def test_what_a_plan_holds_is_dropped(self, ledger: Ledger) -> None:
        """The plan finds it gone when it comes to it."""
        await fill(ledger, "A", 2)
        await started(ledger)

        await drop(ledger, await first_of(ledger))

        [first, second] = await ledger.pick("plan-1", lanes=9, each=9)
        assert (first.waits, first.ended, second.waits) == (None, DeliveryState.DROPPED, WaitState.HELD)

    async def test_a_try_that_fails_puts_nothing_back_that_left_its_queue(self, ledger: Ledger) -> None:
        """It went on elsewhere meanwhile: neither the record nor its failure comes to life again."""
        await fill(ledger, "AB")
        tried, other = await first_of(ledger), await first_of(ledger, "B")
        failure = await ledger.failure(tried.failure_id)
        assert failure is not None
        await drop(ledger, tried)

        await ledger.end(
            retried=[each._replace(attempts=9, next_at=later(5)) for each in (tried, other)],
            failures=[failure._replace(code="500"), a_failure(other.failure_id, zaak="B")._replace(code="500")],
        )

        assert await ledger.queue(STAGE, "A") == []
        dropped, still = await ledger.failure(tried.failure_id), await ledger.failure(other.failure_id)
        assert dropped is not None
        assert still is not None
        assert (dropped.state, dropped.code, still.code) == (FailureState.RESOLVED, "mapping", "500")
        assert await first_of(ledger, "B") == other._replace(attempts=9, next_at=later(5))

    async def test_a_try_that_fails_undoes_neither_an_edit_nor_a_plan(self, ledger: Ledger) -> None:
        """It had the item in hand as it was."""
        await fill(ledger, "AB")
        tried, held = await first_of(ledger), await first_of(ledger, "B")
        better = tried._replace(value=b"better")
        await ledger.edit(an_edit("c-1", tried), better, an_act_on_a_failure(tried.failure_id, "edit"))
        await started(ledger, chosen=Selection(zaak="B"))

        retried = [each._replace(state=WaitState.RETRY, attempts=9) for each in (tried, held)]
        await ledger.end(retried=retried)

        assert await first_of(ledger) == better._replace(state=WaitState.RETRY, attempts=9)
        assert (await first_of(ledger, "B")).state is WaitState.HELD

    # Overtaken

    @pytest.mark.parametrize("newer", [("e9", 9), None])
    async def test_what_is_overtaken_before_the_start_is_skipped(
        self, ledger: Ledger, newer: tuple[str, int] | None
    ) -> None:
        """A plan may wait for days for a second person; what it does is counted as it is then."""
        await ledger.end(deliveries=[*delivered(("e1", 1), ("e2", 2)), *delivered(("f1", 1), zaak="B")])
        await frozen(ledger, chosen=DELIVERED)
        await ledger.end(deliveries=delivered(newer) if newer else ())

        await start(ledger)

        plan = await the(ledger)
        skipped = 2 if newer else 0
        assert (plan.waiting, plan.skipped, plan.superseded_count) == (3 - skipped, skipped, skipped)
        notes = [(each.lane, each.superseded, each.note) for each in await ledger.plan_items("plan-1")]
        said = (bool(newer), OVERTAKEN if newer else "")
        assert notes == [("A", *said), ("A", *said), ("B", False, "")]
        assert [item for item, _ in await waits(ledger)] == ([] if newer else ["e1~plan-1", "e2~plan-1"])
        assert [item for item, _ in await waits(ledger, "B")] == ["f1~plan-1"]

    async def test_a_message_that_is_overtaken_before_the_start_is_skipped(self, ledger: Ledger) -> None:
        """Also as it came in."""
        await ledger.admit([an_arrival("a", place=1, effect="a")])
        chosen = Selection(state=Selected.DELIVERED, stages=(IN,), zaak="z1")
        await frozen(ledger, chosen=chosen, mode=PlanMode.RAW)
        await ledger.admit([an_arrival("b", place=2, effect="b")])

        await start(ledger)

        assert (await the(ledger)).skipped == 1
        assert await waits(ledger, "z1", IN) == []

    async def test_what_failed_and_is_parked_is_never_overtaken(self, ledger: Ledger) -> None:
        """It holds its zaak: what was delivered came before it, whatever its place."""
        await fill(ledger, "A", 2)
        await frozen(ledger)
        await ledger.end(deliveries=delivered(("e9", 9)))

        await start(ledger)

        picked = await ledger.pick("plan-1", lanes=9, each=9)
        assert [(each.waits, each.overtaken) for each in picked] == [(WaitState.HELD, False)] * 2

    async def test_what_is_to_be_applied_again_after_it_must_be_in_the_plan(self, ledger: Ledger) -> None:
        """Else the newer one would be undone: the plan is to be frozen anew."""
        await ledger.end(deliveries=[*delivered(("e1", 1), ("e2", 2)), *delivered(("f1", 1), zaak="B")])
        await frozen(ledger, chosen=DELIVERED._replace(until=later(2)), superseded=Superseded.REAPPLY)
        await ledger.end(deliveries=delivered(("e9", 9)))

        with pytest.raises(ActRefused) as refused:
            await ledger.start_plan("plan-1", an_act(act="plan-start"))

        assert refused.value.code == "ingehaald"
        assert (await the(ledger)).state is PlanState.FROZEN
        assert await waits(ledger) == []
        await frozen(ledger, "plan-2", DELIVERED._replace(until=later(2)), superseded=Superseded.REAPPLY)
        await start(ledger, "plan-2")
        assert [item for item, _ in await waits(ledger)] == ["e1~plan-2", "e2~plan-2", "e9~plan-2"]

    async def test_the_rest_of_a_plan_lacks_what_that_plan_sent(self, ledger: Ledger) -> None:
        """So what went on before it was frozen did not overtake it; what goes on since does."""
        await ledger.end(deliveries=delivered(("e1", 1), ("e2", 2), ("e3", 3)))
        await started(ledger, chosen=DELIVERED, superseded=Superseded.REAPPLY)
        await cancel(ledger)
        rest = a_plan("plan-2", again_of="plan-1", made_at=later(10), superseded=Superseded.REAPPLY)
        assert await ledger.freeze_again(rest, LIMITS, an_act("plan-2")) is not None
        await ledger.plan_ready("plan-2", expected_s=1, needs_approval=False)
        await ledger.end(deliveries=[each._replace(ended_at=later(9)) for each in delivered(("e4", 4))])
        await start(ledger, "plan-2")

        assert len(await waits(ledger)) == 3
        await cancel(ledger, "plan-2")
        third = a_plan("plan-3", again_of="plan-2", made_at=later(20), superseded=Superseded.REAPPLY)
        assert await ledger.freeze_again(third, LIMITS, an_act("plan-3")) is not None
        await ledger.plan_ready("plan-3", expected_s=1, needs_approval=False)
        await ledger.end(deliveries=[each._replace(ended_at=later(21)) for each in delivered(("e5", 5))])
        with pytest.raises(ActRefused) as refused:
            await ledger.start_plan("plan-3", an_act("plan-3", "plan-start"))
        assert refused.value.code == "ingehaald"

    @pytest.mark.parametrize(
        ("way", "overtaken"), [(Superseded.SKIP, True), (Superseded.REAPPLY, True), (Superseded.REPLAY, False)]
    )
    async def test_what_is_overtaken_while_a_plan_runs_is_told(
        self, ledger: Ledger, way: Superseded, *, overtaken: bool
    ) -> None:
        """A worker had the newer one in hand when the plan took its zaak: when it is picked, and when it is tried."""
        await ledger.end(deliveries=[*delivered(("e1", 1)), *delivered(("f1", 1), zaak="B")])
        await started(ledger, chosen=DELIVERED, superseded=way)
        assert not await ledger.overtaken("plan-1", STAGE, "e1~plan-1")
        await ledger.end(deliveries=delivered(("e9", 9)))

        picked = await ledger.pick("plan-1", lanes=9, each=9)

        assert [(each.item.lane, each.overtaken) for each in picked] == [("A", overtaken), ("B", False)]
        assert await ledger.overtaken("plan-1", STAGE, "e1~plan-1") is overtaken
        assert not await ledger.overtaken("plan-1", STAGE, "f1~plan-1")
        assert not await ledger.overtaken("plan-2", STAGE, "e1~plan-2")

    async def test_a_message_that_is_overtaken_while_a_plan_runs_is_told(self, ledger: Ledger) -> None:
        """Also as it came in; what was given up did nothing."""
        arrivals = [an_arrival(name, place=place, effect=name) for place, name in enumerate("abc", 1)]
        await ledger.admit(arrivals[:1])
        chosen = Selection(state=Selected.DELIVERED, stages=(IN,), zaak="z1")
        await started(ledger, chosen=chosen, mode=PlanMode.RAW)
        found = []
        for arrival, state in zip(arrivals[1:], (DeliveryState.DROPPED, DeliveryState.DELIVERED), strict=True):
            await ledger.admit([arrival])
            await ledger.end(deliveries=[a_delivery(arrival.event_id)._replace(state=state)])
            [picked] = await ledger.pick("plan-1", lanes=9, each=9)
            found.append((picked.overtaken, await ledger.overtaken("plan-1", IN, "m-a~plan-1")))

        assert found == [(False, False), (True, True)]

    async def test_at_another_target_nothing_is_overtaken_while_a_plan_runs(self, ledger: Ledger) -> None:
        """That one gets what the plan sends, and not what went on elsewhere."""
        await ledger.end(deliveries=delivered(("e1", 1)))
        await started(ledger, chosen=DELIVERED, redirect=TEST)
        await ledger.end(deliveries=delivered(("e9", 9)))

        [picked] = await ledger.pick("plan-1", lanes=9, each=9)

        assert not picked.overtaken
        assert not await ledger.overtaken("plan-1", TEST, "e1~plan-1")

    # The step

    async def test_what_lands_after_a_plan_was_let_go_on_is_counted_from_there(self, ledger: Ledger) -> None:
        """The turn began before: what failed earlier does not come back into the step, and does not pause it again."""
        await fill(ledger, "A", 2)
        await started(ledger)
        await release(ledger, await ledger.pick("plan-1", lanes=9, each=1))
        failing = Move(step=Step(1, 2, 3), before=Step(1, 0, 0), ends=(PlanState.PAUSED, "3 of 5 failed"))
        assert await ledger.move_plan("plan-1", "me", failing, until=SOON)
        before = Step(1, 2, 3)
        await ledger.resume_plan("plan-1", an_act(act="plan-resume"))

        stale = Move(step=Step(1, 3, 4), before=before, ends=(PlanState.PAUSED, "4 of 7 failed"))
        assert await ledger.move_plan("plan-1", "me", stale, until=SOON)

        plan = await the(ledger)
        assert (plan.state, plan.step_released, plan.step_delivered, plan.step_failed) == (PlanState.RUNNING, 1, 1, 1)
        step = Move(step=Step(4, 0, 1, on=1), before=Step(1, 1, 1))
        assert await ledger.move_plan("plan-1", "me", step, until=SOON)
        plan = await the(ledger)
        assert (plan.step, plan.step_released, plan.step_delivered, plan.step_failed) == (1, 4, 0, 1)

    # Whose messages they are

    async def test_a_plan_says_whose_messages_it_sends(self, ledger: Ledger) -> None:
        """Redirected they go elsewhere than they came from; so does what failed there and is sent again."""
        await fill(ledger, "A", 2)
        await started(ledger, redirect=TEST)
        await release(ledger, await ledger.pick("plan-1", lanes=9, each=1))
        copy = await first_of(ledger, stage=TEST)
        await ledger.end(
            retried=[copy._replace(state=WaitState.PERSON, attempts=1, failure_id="f-copy")],
            failures=[a_failure("f-copy", zaak="A")._replace(stage=TEST, item_id=copy.item_id)],
        )
        move = Move(
            [Settled(1, PlanItemState.RELEASED, PlanItemState.FAILED, "400", "f-copy")],
            {(TEST, "A"): 1},
            stops=[LaneStop(TEST, "A", 2, 2, "an earlier one failed")],
        )
        assert await ledger.move_plan("plan-1", "me", move, until=SOON)
        for number in (2, 3):
            again = a_plan(f"plan-{number}", again_of=f"plan-{number - 1}", redirect=TEST)
            assert await ledger.freeze_again(again, LIMITS, an_act(again.id)) is not None
            await ledger.plan_ready(again.id, expected_s=1, needs_approval=False)
            await start(ledger, again.id)
            await cancel(ledger, again.id)

        kept = {each.id: sorted(each.sources) for each in await ledger.plans()}
        assert isinstance(ledger, SqlStore)
        [migration] = [each for each in read_migrations(self.database) if each.name == "plan_sources"]
        filled = migration.statements[-1]
        await ledger.run(lambda tx: tx.script(["update plans set sources = '[]'", filled]), write=True)
        assert {each.id: sorted(each.sources) for each in await ledger.plans()} == kept, "also of what was there before"
        found = {each.id: (dict(each.targets), set(each.sources)) for each in await ledger.plans()}
        assert found["plan-1"] == ({TEST: 2}, {STAGE})
        assert found["plan-2"] == ({TEST: 2}, {STAGE, TEST})
        assert found["plan-3"] == ({TEST: 2}, {STAGE, TEST})


class TestPlansMeanwhileOnSqlite(OnSqlite, MeanwhileContract):
    """The file backend."""

    database = "sqlite"


@pytest.mark.postgres
class TestPlansMeanwhileOnPostgres(OnPostgres, MeanwhileContract):
    """The server backend: two transactions may be half-way at the same time, whichever began first."""

    database = "postgres"

    @pytest.mark.parametrize("first", ["end", "cancel"])
    @pytest.mark.parametrize("copies", [False, True])
    async def test_ending_a_message_and_cancelling_its_plan_do_not_miss_each_other(
        self, ledger: Ledger, other: Ledger, monkeypatch: pytest.MonkeyPatch, first: str, *, copies: bool
    ) -> None:
        """What is given back waits behind what ends at that very moment: one of the two lets it go."""
        if copies:
            # A worker has the live message in hand; copies were put in front of it.
            await ledger.end(deliveries=delivered(("e1", 1)))
            live, failure = failed("A", 5, state=FailureState.RETRYING)
            behind = a_parked_item("live", lane="A", state=WaitState.BEHIND, offset=9)
            await ledger.end(parked=[live._replace(state=WaitState.RETRY), behind], failures=[failure])
            await started(ledger, chosen=DELIVERED)
            [_, tried, _] = await ledger.queue(STAGE, "A")
        else:
            await fill(ledger, "A", 2)
            await started(ledger)
            await release(ledger, await ledger.pick("plan-1", lanes=9, each=1))
            tried = await first_of(ledger)

        works = {"end": lambda: deliver(ledger, tried), "cancel": lambda: cancel(other)}
        async with _half_way(monkeypatch, first, works[first]):
            second = asyncio.create_task(works["cancel" if first == "end" else "end"]())
            await _is_blocked(second)
        await second

        left = await ledger.queue(STAGE, "A")
        assert [each.state for each in left] == [WaitState.RETRY]

    @pytest.mark.parametrize("first", ["end", "move"])
    async def test_ending_a_message_and_letting_its_zaak_go_do_not_miss_each_other(
        self, ledger: Ledger, other: Ledger, monkeypatch: pytest.MonkeyPatch, first: str
    ) -> None:
        """A try that had begun before the plan ends while the plan lets the zaak go."""
        await fill(ledger, "A", 3)
        await started(ledger)
        picked = await ledger.pick("plan-1", lanes=9, each=3)
        tried = await first_of(ledger)

        works = {"end": lambda: deliver(other, tried), "move": lambda: release(ledger, picked)}
        async with _half_way(monkeypatch, first, works[first]):
            second = asyncio.create_task(works["move" if first == "end" else "end"]())
            await _is_blocked(second)
        await second

        assert [state for _, state in await waits(ledger)] == [WaitState.RETRY, WaitState.BEHIND]

    @pytest.mark.parametrize("first", ["end", "move"])
    async def test_dropping_a_message_and_letting_it_go_exclude_each_other(
        self, ledger: Ledger, other: Ledger, monkeypatch: pytest.MonkeyPatch, first: str
    ) -> None:
        """Either it is dropped and does not go, or it goes and is not dropped."""
        await fill(ledger, "A", 2)
        await started(ledger)
        picked = await ledger.pick("plan-1", lanes=9, each=1)
        held = await first_of(ledger)

        works = {"end": lambda: drop(other, held), "move": lambda: release(ledger, picked)}
        async with _half_way(monkeypatch, first, works[first]):
            second = asyncio.create_task(works["move" if first == "end" else "end"]())
            await _is_blocked(second)
        [said] = await asyncio.gather(second, return_exceptions=True)

        if first == "end":
            assert said is None
            assert await waits(ledger) == [(f"{STAGE}-A-2", WaitState.HELD)]
            assert [each.item.entry_id for each in await ledger.landed("plan-1", 9)] == [held.item_id]
        else:
            assert isinstance(said, ActRefused)
            assert await waits(ledger) == [(held.item_id, WaitState.RETRY), (f"{STAGE}-A-2", WaitState.HELD)]
            assert await ledger.delivered(held.item_id) == []

    async def test_a_copy_that_can_not_go_and_what_ends_behind_it_do_not_miss_each_other(
        self, ledger: Ledger, other: Ledger, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """The copy leaves from before a live message that ends at that moment."""
        await ledger.end(deliveries=delivered(("e1", 1)))
        live, failure = failed("A", 5, state=FailureState.RETRYING)
        behind = a_parked_item("live", lane="A", state=WaitState.BEHIND, offset=9)
        await ledger.end(parked=[live._replace(state=WaitState.RETRY), behind], failures=[failure])
        await started(ledger, chosen=DELIVERED)
        [picked] = await ledger.pick("plan-1", lanes=9, each=9)
        [_, tried, _] = await ledger.queue(STAGE, "A")
        gone = Move(
            [Settled(1, PlanItemState.WAITING, PlanItemState.GONE, "gone")],
            lanes=[LaneMove(STAGE, "A", 2, 1, 0)],
            gone=[picked.item],
            running=True,
        )

        async with _half_way(monkeypatch, "end", lambda: deliver(other, tried)):
            moved = asyncio.create_task(ledger.move_plan("plan-1", "me", gone, until=SOON))
            await _is_blocked(moved)
        assert await moved

        assert await waits(ledger) == [("live", WaitState.RETRY)]


_LAST = {"end": (queues, "record"), "cancel": (plans, "record"), "move": (plan_turns, "_count")}
"""What each of them does last, before its transaction is whole."""


@asynccontextmanager
async def _half_way(
    monkeypatch: pytest.MonkeyPatch, what: str, work: Callable[[], Awaitable[None]]
) -> AsyncIterator[None]:
    """Do something up to its last statement; then go on, and see that it ends."""
    module, name = _LAST[what]
    real, there, go_on = getattr(module, name), asyncio.Event(), asyncio.Event()

    async def wait(*said: object) -> None:
        monkeypatch.setattr(module, name, real)
        there.set()
        await go_on.wait()
        await real(*said)

    monkeypatch.setattr(module, name, wait)
    doing = asyncio.ensure_future(work())
    await asyncio.wait({doing, asyncio.ensure_future(there.wait())}, return_when=asyncio.FIRST_COMPLETED)
    assert not doing.done(), "it has not come so far"
    try:
        yield
    finally:
        go_on.set()
        await doing


async def _is_blocked(task: asyncio.Task[Any]) -> None:
    await asyncio.wait({task}, timeout=BLOCKED_S)
    assert not task.done(), "it waits for the other"
