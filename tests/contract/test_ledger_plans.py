"""Replay plans in the ledger: frozen whole or not at all, one plan per zaak, written down by who holds the lease."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from hub.errors import ActRefused
from hub.ledger.contract import Ledger
from hub.ledger.entries import (
    Arrival,
    DeliveryState,
    FailureState,
    Place,
    WaitState,
)
from hub.ledger.plan_turns import LaneMove, LaneStop, Move, Release, Settled, Step
from hub.ledger.plans import (
    Origin,
    PlanItemState,
    PlanMode,
    PlanState,
    Selected,
    Selection,
    Superseded,
)
from tests.support.ledger_contract import LedgerContract, OnPostgres, OnSqlite
from tests.support.ledger_entries import NOON, STAGE, a_delivery, a_failure, a_parked_item, an_arrival, later
from tests.support.ledger_plans import (
    ALL,
    IN,
    LIMITS,
    LONG_AGO,
    SOON,
    a_plan,
    an_act,
    failed,
    fill,
    frozen,
    release,
    started,
    the,
    waits,
)

TEST = "proef"
CONTENT = b'{"a": "zaakhub-inhoud:ref:1:' + b"0" * 64 + b'"}'


class PlansContract(LedgerContract):
    """What both backends must do."""

    async def test_a_plan_of_failures_has_their_whole_queues(self, ledger: Ledger) -> None:
        """Numbered zaak by zaak, in the order of the queue; counted; found again by the beginning of its id."""
        await fill(ledger, "BA", 3)

        found = await frozen(ledger)

        items = await ledger.plan_items("plan-1")
        assert [(each.number, each.lane, each.item_id) for each in items] == [
            (1 + 3 * zaak + number, lane, f"{STAGE}-{lane}-{number + 1}")
            for zaak, lane in enumerate("AB")
            for number in range(3)
        ]
        assert {(each.origin, each.state, each.source, each.stage) for each in items} == {
            (Origin.PARKED, PlanItemState.WAITING, STAGE, STAGE)
        }
        plan = await ledger.plan("plan")
        assert plan is not None
        assert (plan.total, plan.zaken, plan.waiting, plan.targets) == (6, 2, 6, {STAGE: 6})
        assert plan.states == dict.fromkeys(PlanItemState, 0) | {PlanItemState.WAITING: 6}
        assert (found.zaken, found.longest, found.chosen) == (2, 3, 2)
        assert (plan.ramp, plan.stop_at, plan.mode, plan.made_at) == ((1, 10), 50_000, PlanMode.EVENT, NOON)
        assert await waits(ledger) == [
            (f"{STAGE}-A-1", WaitState.PERSON),
            (f"{STAGE}-A-2", WaitState.BEHIND),
            (f"{STAGE}-A-3", WaitState.BEHIND),
        ]

    @pytest.mark.parametrize(
        ("chosen", "lanes"),
        [
            (Selection(stages=(STAGE,)), "AB"),
            (Selection(stages=("other",)), "C"),
            (Selection(stages=(STAGE, "other")), "ABC"),
            (Selection(failures=(f"f-{STAGE}-A-1", "f-nothing")), "A"),
            (Selection(groups=("g-1",)), "B"),
            (Selection(zaak="A"), "A"),
            (Selection(kind="nl.zaken.other"), "B"),
            (Selection(code="500"), "B"),
            (Selection(text="STATUS"), "B"),
            (Selection(text="sta%us"), ""),
            (Selection(since=later(60)), "B"),
            (Selection(until=later(60)), "AC"),
            (Selection(stages=(STAGE,), code="mapping"), "A"),
            (Selection(zaak="A' or '1'='1"), ""),
        ],
    )
    async def test_failures_are_chosen_by_any_criteria(self, ledger: Ledger, chosen: Selection, lanes: str) -> None:
        """All that are given must hold."""
        other: dict[str, Any] = {"kind": "nl.zaken.other", "code": "500", "reason": "no Status", "last_at": later(60)}
        for item, failure in (
            failed("A", 1),
            failed("B", 1, **other, fingerprint="g-1"),
            failed("C", 1, stage="other"),
        ):
            await ledger.end(parked=[item], failures=[failure])

        found = await ledger.freeze(a_plan(), chosen, LIMITS, an_act())

        assert "".join(each.lane for each in await ledger.plan_items("plan-1")) == lanes
        assert (found is None) == (not lanes)
        assert len(await ledger.plans()) == bool(lanes)

    async def test_what_is_resolved_or_was_delivered_is_not_chosen(self, ledger: Ledger) -> None:
        """A failure that was told after the delivery has nothing that waits."""
        await ledger.end(
            failures=[a_failure("f-1"), a_failure("f-2", zaak="z2", state=FailureState.RESOLVED)],
            deliveries=[a_delivery("e1")],
        )

        assert await ledger.freeze(a_plan(), ALL, LIMITS, an_act()) is None
        assert await ledger.plans() == []
        assert await ledger.audit_lines() == []

    async def test_what_waits_in_front_of_what_is_chosen_comes_along(self, ledger: Ledger) -> None:
        """It is counted apart; what waits behind it is part of the plan like any."""
        for number, code in ((1, "400"), (2, "500"), (3, "400")):
            item, failure = failed("A", number, code=code)
            await ledger.end(parked=[item], failures=[failure])

        await frozen(ledger, chosen=Selection(code="500"))

        assert [each.taken_along for each in await ledger.plan_items("plan-1")] == [True, False, False]
        assert (await the(ledger)).taken_along == 1

    async def test_a_plan_is_not_too_large_and_not_of_everything_by_accident(self, ledger: Ledger) -> None:
        """Nothing is kept of one that is refused."""
        await fill(ledger, "ABC", 2)

        for limits, code in ((LIMITS._replace(items_max=5), "te-veel"), (LIMITS._replace(all_from=3), "alles")):
            with pytest.raises(ActRefused) as refused:
                await ledger.freeze(a_plan(), ALL, limits, an_act())
            assert refused.value.code == code
        assert await ledger.plans() == []
        assert await ledger.plan_items("plan-1") == []
        assert await ledger.freeze(a_plan(), Selection(zaak="A"), LIMITS._replace(all_from=3), an_act()) is not None

    async def test_plans_are_listed_in_pages(self, ledger: Ledger) -> None:
        """Newest first, and so are they gone on with; items by number."""
        await fill(ledger, "A", 3)
        for number in range(3):
            name = f"plan-{number}"
            await ledger.freeze(a_plan(name, made_at=later(number // 2)), ALL, LIMITS, an_act(name))

        page = await ledger.plans(limit=2)
        rest = await ledger.plans(before=(page[-1].made_at, page[-1].id), limit=2)

        assert [each.id for each in (*page, *rest)] == ["plan-2", "plan-1", "plan-0"]
        assert [each.number for each in await ledger.plan_items("plan-0", after=1, limit=1)] == [2]
        assert await ledger.plan_items("plan-0", state=PlanItemState.FAILED) == []
        assert await ledger.plan("plan") is None  # ambiguous
        assert await ledger.plan("pla") is None

    async def test_a_started_plan_holds_what_it_has(self, ledger: Ledger) -> None:
        """And no more: what comes later waits behind it as ever. Nothing of it is due."""
        await fill(ledger, "A", 2)
        await started(ledger)
        await ledger.end(parked=[a_parked_item("new", lane="A", state=WaitState.BEHIND, offset=9)])

        assert await waits(ledger) == [
            (f"{STAGE}-A-1", WaitState.HELD),
            (f"{STAGE}-A-2", WaitState.HELD),
            ("new", WaitState.BEHIND),
        ]
        assert (await the(ledger)).state is PlanState.RUNNING
        assert await ledger.plan_of_lane(STAGE, "A") == "plan-1"
        assert await ledger.plan_of_lane(STAGE, "B") is None
        assert await ledger.due(STAGE, [("test.0000.ev.zaken", 0)], SOON, 10) == []

    async def test_two_plans_never_have_the_same_zaak(self, ledger: Ledger, other: Ledger) -> None:
        """However close together they start: one wins, the other hears which has it."""
        await fill(ledger, "AB")
        names = ("plan-1", "plan-2")
        for name in names:
            await frozen(ledger, name)

        ends = await asyncio.gather(
            ledger.start_plan("plan-1", an_act("plan-1", "plan-start")),
            other.start_plan("plan-2", an_act("plan-2", "plan-start")),
            return_exceptions=True,
        )

        [refused] = [each for each in ends if each is not None]
        winner = names[ends.index(None)]
        assert isinstance(refused, ActRefused)
        assert (refused.code, winner in str(refused)) == ("in-ander-plan", True)
        assert [(each.id, each.state) for each in await ledger.plans_at_work(10)] == [(winner, PlanState.RUNNING)]
        with pytest.raises(ActRefused) as late:
            await ledger.freeze(a_plan("plan-3"), Selection(zaak="A"), LIMITS, an_act("plan-3"))
        assert late.value.code == "in-ander-plan"

    async def test_an_operator_cannot_let_go_of_what_a_plan_holds(self, ledger: Ledger) -> None:
        """The ledger itself refuses: two people at once."""
        await fill(ledger, "A")
        await started(ledger)
        [item] = await ledger.queue(STAGE, "A")

        with pytest.raises(ActRefused) as refused:
            await ledger.replay(item, an_act(act="replay")._replace(failure_id=item.failure_id))

        assert refused.value.code == "in-plan"
        assert (await ledger.queue(STAGE, "A"))[0].state is WaitState.HELD

    async def test_a_plan_that_waits_for_approval_does_not_start(self, ledger: Ledger) -> None:
        """Until it has it, once."""
        await fill(ledger, "A")
        await frozen(ledger)
        await ledger.plan_ready("plan-1", expected_s=9, needs_approval=True)
        with pytest.raises(ActRefused) as refused:
            await ledger.start_plan("plan-1", an_act(act="plan-start"))
        assert refused.value.code == "goedkeuring"

        await ledger.approve_plan("plan-1", an_act(act="plan-approve", by="piet"))
        with pytest.raises(ActRefused):
            await ledger.approve_plan("plan-1", an_act(act="plan-approve", by="kees"))
        await ledger.start_plan("plan-1", an_act(act="plan-start", at=later(1)))

        plan = await the(ledger)
        assert (plan.approved_by, plan.state, plan.expected_s) == ("piet", PlanState.RUNNING, 9)

    async def test_a_plan_that_is_not_ready_does_not_start(self, ledger: Ledger) -> None:
        """Whoever froze it was killed before it said who must approve it."""
        await fill(ledger, "A")
        await ledger.freeze(a_plan(needs_approval=True), ALL, LIMITS, an_act())

        with pytest.raises(ActRefused):
            await ledger.start_plan("plan-1", an_act(act="plan-start"))

    async def test_commands_that_do_not_fit_are_refused(self, ledger: Ledger) -> None:
        """And change nothing."""
        await fill(ledger, "A")
        await frozen(ledger)
        for command in (ledger.pause_plan, ledger.resume_plan):
            with pytest.raises(ActRefused) as refused:
                await command("plan-1", an_act(act="plan-x"))
            assert refused.value.code == "stand"
        await ledger.cancel_plan("plan-1", an_act(act="plan-cancel"))
        with pytest.raises(ActRefused):
            await ledger.start_plan("plan-1", an_act(act="plan-start", at=later(1)))
        with pytest.raises(ActRefused):
            await ledger.cancel_plan("plan-1", an_act(act="plan-cancel", at=later(2)))
        with pytest.raises(ActRefused):
            await ledger.pause_plan("nowhere", an_act(act="plan-pause"))

        assert [each.act for each in await ledger.audit_lines()] == ["plan-cancel", "plan"]
        assert (await the(ledger)).states[PlanItemState.NOT_DONE] == 1

    async def test_one_runs_a_plan_at_a_time(self, ledger: Ledger, other: Ledger) -> None:
        """Who holds the lease; when it has run out another takes it, and the first can write no more."""
        await fill(ledger, "AB")
        await started(ledger)

        assert await other.hold_plan("plan-1", "you", until=SOON) is None
        assert await ledger.hold_plan("plan-1", "me", until=LONG_AGO) is not None
        assert not await ledger.move_plan("plan-1", "me", Move(), until=SOON)
        assert await other.hold_plan("plan-1", "you", until=SOON) is not None
        assert not await ledger.move_plan("plan-1", "me", Move(), until=SOON)
        assert await other.move_plan("plan-1", "you", Move(), until=SOON)

    async def test_items_go_zaak_by_zaak_in_order(self, ledger: Ledger) -> None:
        """Of each zaak the next ones; what goes first may be tried, the others wait behind it, held ones stay held."""
        await fill(ledger, "AB", 3)
        await started(ledger)

        picked = await ledger.pick("plan-1", lanes=1, each=2)
        await release(ledger, picked)

        assert [each.item.number for each in picked] == [1, 2]
        assert await waits(ledger) == [
            (f"{STAGE}-A-1", WaitState.RETRY),
            (f"{STAGE}-A-2", WaitState.BEHIND),
            (f"{STAGE}-A-3", WaitState.HELD),
        ]
        plan = await the(ledger)
        assert (plan.waiting, plan.released, plan.step_released, plan.paced_at) == (4, 2, 2, later(1))
        assert [each.item.lane for each in await ledger.pick("plan-1", lanes=9, each=1)] == ["B"]
        assert await ledger.landed("plan-1", 10) == []

    async def test_nothing_goes_of_a_plan_that_was_paused(self, ledger: Ledger) -> None:
        """At that very moment; what landed is still written down."""
        await fill(ledger, "AB")
        await started(ledger)
        await release(ledger, await ledger.pick("plan-1", lanes=1, each=1))
        await ledger.pause_plan("plan-1", an_act(act="plan-pause"))

        assert not await ledger.move_plan("plan-1", "me", Move(running=True), until=SOON)
        assert await ledger.move_plan("plan-1", "me", Move(), until=SOON)
        assert [each.id for each in await ledger.plans_at_work(10)] == ["plan-1"]

    async def test_what_landed_is_told_and_settled(self, ledger: Ledger) -> None:
        """Delivered, given up, or tried and still there; then the next of the zaak may go."""
        await fill(ledger, "ABC", 2)
        await started(ledger)
        await release(ledger, await ledger.pick("plan-1", lanes=3, each=1))
        first, second, third = [(await ledger.queue(STAGE, lane))[0] for lane in "ABC"]
        dropped = a_delivery(second.item_id, zaak="B")._replace(state=DeliveryState.DROPPED)
        await ledger.end(deliveries=[a_delivery(first.item_id, zaak="A")], released=[first])
        await ledger.end(deliveries=[dropped], released=[second])
        await ledger.end(
            parked=[third._replace(state=WaitState.PERSON, attempts=third.attempts + 1)],
            failures=[a_failure(third.failure_id, zaak="C")._replace(item_id=third.item_id, code="500")],
        )

        landed = await ledger.landed("plan-1", 10)

        assert [(each.item.lane, each.waits, each.ended, each.code) for each in landed] == [
            ("A", None, DeliveryState.DELIVERED, ""),
            ("B", None, DeliveryState.DROPPED, ""),
            ("C", WaitState.PERSON, None, "500"),
        ]
        assert [each.last_number for each in landed] == [2, 4, 6]
        ends = (PlanItemState.DELIVERED, PlanItemState.SKIPPED, PlanItemState.FAILED)
        move = Move(
            settled=[
                Settled(each.item.number, PlanItemState.RELEASED, end, "note", each.failure_id)
                for each, end in zip(landed, ends, strict=True)
            ],
            landed={(STAGE, lane): 1 for lane in "ABC"},
            stops=[LaneStop(STAGE, "C", 6, 6, "an earlier one failed")],
            step=Step(3, 1, 1),
        )
        assert await ledger.move_plan("plan-1", "me", move, until=SOON)

        plan = await the(ledger)
        assert [plan.states[state] for state in (*ends, PlanItemState.NOT_DONE)] == [1, 1, 1, 1]
        assert (plan.waiting, plan.released, plan.step_delivered, plan.step_failed) == (2, 0, 1, 1)
        assert [each.item.number for each in await ledger.pick("plan-1", lanes=9, each=9)] == [2, 4]
        assert await waits(ledger, "C") == [(third.item_id, WaitState.PERSON), (f"{STAGE}-C-2", WaitState.BEHIND)]
        [failed_item] = await ledger.plan_items("plan-1", state=PlanItemState.FAILED)
        assert (failed_item.note, failed_item.failure_id) == ("note", third.failure_id)
        assert failed_item.released_at is not None
        assert failed_item.ended_at is not None

    async def test_a_plan_with_nothing_left_is_done(self, ledger: Ledger) -> None:
        """And lets its zaken go to other plans."""
        await fill(ledger, "A")
        await started(ledger)
        picked = await ledger.pick("plan-1", lanes=9, each=9)
        await release(ledger, picked)
        [item] = await ledger.queue(STAGE, "A")
        await ledger.end(deliveries=[a_delivery(item.item_id, zaak="A")], released=[item])
        settled = [Settled(1, PlanItemState.RELEASED, PlanItemState.DELIVERED)]

        assert await ledger.move_plan("plan-1", "me", Move(settled, {(STAGE, "A"): 1}), until=SOON)

        assert (await the(ledger)).state is PlanState.DONE
        assert await ledger.plans_at_work(10) == []
        assert await ledger.hold_plan("plan-1", "me", until=SOON) is None
        assert await ledger.plan_of_lane(STAGE, "A") is None

    async def test_a_plan_pauses_itself_with_a_reason(self, ledger: Ledger) -> None:
        """And counts its step anew when somebody lets it go on."""
        await fill(ledger, "A")
        await started(ledger)
        move = Move(step=Step(5, 2, 3), ends=(PlanState.PAUSED, "3 of 5 failed"))
        assert await ledger.move_plan("plan-1", "me", move, until=SOON)
        paused = await the(ledger)
        await ledger.resume_plan("plan-1", an_act(act="plan-resume"))
        plan = await the(ledger)

        assert (paused.state, paused.state_reason, paused.step_failed) == (PlanState.PAUSED, "3 of 5 failed", 3)
        assert (plan.state, plan.step_released, plan.step_delivered, plan.step_failed) == (PlanState.RUNNING, 5, 0, 0)

    async def test_a_cancelled_plan_gives_back_what_it_held(self, ledger: Ledger) -> None:
        """As it was: what failed waits for a person or a moment, the rest for the one before it."""
        await fill(ledger, "AB", 3)
        retrying, failure = failed("C", 1)
        await ledger.end(
            parked=[retrying._replace(state=WaitState.RETRY, next_at=later(500))],
            failures=[failure._replace(state=FailureState.RETRYING)],
        )
        before = {lane: await waits(ledger, lane) for lane in "ABC"}
        await started(ledger)
        await ledger.cancel_plan("plan-1", an_act(act="plan-cancel"))

        assert {lane: await waits(ledger, lane) for lane in "ABC"} == before
        [item] = await ledger.queue(STAGE, "C")
        assert item.next_at == later(500)
        plan = await the(ledger)
        assert (plan.state, plan.not_done, plan.waiting, plan.state_reason) == (
            PlanState.CANCELLED,
            7,
            0,
            "because it must",
        )
        assert await ledger.plan_of_lane(STAGE, "A") is None

    async def test_a_cancelled_plan_is_settled_to_the_end(self, ledger: Ledger) -> None:
        """What was let go ends as it ends; what waits behind a message that went on is the first of its queue."""
        await fill(ledger, "AB", 3)
        await started(ledger)
        await release(ledger, await ledger.pick("plan-1", lanes=2, each=1))
        [first, *_] = await ledger.queue(STAGE, "A")
        await ledger.end(deliveries=[a_delivery(first.item_id, zaak="A")], released=[first])
        await ledger.move_plan(
            "plan-1",
            "me",
            Move([Settled(1, PlanItemState.RELEASED, PlanItemState.DELIVERED)], {(STAGE, "A"): 1}),
            until=SOON,
        )
        await ledger.cancel_plan("plan-1", an_act(act="plan-cancel"))

        assert (await waits(ledger, "A"))[0] == (f"{STAGE}-A-2", WaitState.RETRY)
        assert await waits(ledger, "B") == [
            (f"{STAGE}-B-1", WaitState.RETRY),
            (f"{STAGE}-B-2", WaitState.BEHIND),
            (f"{STAGE}-B-3", WaitState.BEHIND),
        ]
        [second, *_] = await ledger.queue(STAGE, "B")
        await ledger.end(deliveries=[a_delivery(second.item_id, zaak="B")], released=[second])
        assert await ledger.hold_plan("plan-1", "me", until=SOON) is not None
        [landed] = await ledger.landed("plan-1", 10)
        settled = [Settled(landed.item.number, PlanItemState.RELEASED, PlanItemState.DELIVERED)]
        assert await ledger.move_plan("plan-1", "me", Move(settled, {(STAGE, "B"): 1}), until=SOON)

        plan = await the(ledger)
        assert (plan.state, plan.delivered, plan.not_done, plan.released) == (PlanState.CANCELLED, 2, 4, 0)
        assert await ledger.plans_at_work(10) == []

    async def test_the_rest_of_a_plan_is_a_plan(self, ledger: Ledger) -> None:
        """What failed, what was not done, and what came to wait behind it; nothing that went on."""
        await fill(ledger, "AB", 2)
        await started(ledger)
        await release(ledger, await ledger.pick("plan-1", lanes=1, each=2))
        for item in await ledger.queue(STAGE, "A"):
            await ledger.end(deliveries=[a_delivery(item.item_id, zaak="A")], released=[item])
        done = [Settled(number, PlanItemState.RELEASED, PlanItemState.DELIVERED) for number in (1, 2)]
        await ledger.move_plan("plan-1", "me", Move(done, {(STAGE, "A"): 2}), until=SOON)
        await ledger.cancel_plan("plan-1", an_act(act="plan-cancel"))
        await ledger.end(parked=[a_parked_item("new", lane="B", state=WaitState.BEHIND, offset=9)])

        found = await ledger.freeze_again(a_plan("plan-2", again_of="plan-1"), LIMITS, an_act("plan-2"))

        assert found is not None
        assert [each.item_id for each in await ledger.plan_items("plan-2")] == [
            f"{STAGE}-B-1",
            f"{STAGE}-B-2",
            "new",
        ]
        await ledger.plan_ready("plan-2", expected_s=1, needs_approval=False)
        await ledger.start_plan("plan-2", an_act("plan-2", "plan-start"))
        assert await ledger.freeze_again(a_plan("plan-3", again_of="plan-9"), LIMITS, an_act("plan-3")) is None

    async def test_what_was_delivered_is_taken_as_copies(self, ledger: Ledger) -> None:
        """By the time at which it ended; in front of what waits of its zaak, in the order of the bus."""
        await ledger.end(
            deliveries=[
                a_delivery(f"e{number}", zaak="A")._replace(place=Place("t", 0, number), ended_at=later(number))
                for number in (1, 2, 3)
            ]
        )
        await fill(ledger, "A")
        chosen = Selection(state=Selected.DELIVERED, stages=(STAGE,), since=later(2), until=later(4))

        await started(ledger, chosen=chosen)

        assert await waits(ledger) == [
            ("e2~plan-1", WaitState.HELD),
            ("e3~plan-1", WaitState.HELD),
            (f"{STAGE}-A-1", WaitState.PERSON),
        ]
        items = await ledger.plan_items("plan-1")
        assert [(each.item_id, each.origin, each.place) for each in items] == [
            ("e2", Origin.COPY, Place("t", 0, 2)),
            ("e3", Origin.COPY, Place("t", 0, 3)),
        ]
        picked = await ledger.pick("plan-1", lanes=9, each=9)
        content = (b"value", b'[["ce_id","e2"]]')
        move = Move(
            releases=[Release(picked[0].item, 0, first=True, content=content)],
            lanes=[LaneMove(STAGE, "A", 2, 1, 1)],
            running=True,
        )
        assert await ledger.move_plan("plan-1", "me", move, until=SOON)
        [first, *_] = await ledger.queue(STAGE, "A")
        assert (first.value, first.headers, first.state) == (*content, WaitState.RETRY)
        await ledger.cancel_plan("plan-1", an_act(act="plan-cancel"))
        assert [item for item, _ in await waits(ledger)] == ["e2~plan-1", f"{STAGE}-A-1"]

    @pytest.mark.parametrize(
        ("way", "items"),
        [
            (Superseded.SKIP, [("e1", PlanItemState.SKIPPED, True, False)]),
            (Superseded.REPLAY, [("e1", PlanItemState.WAITING, True, False)]),
            (
                Superseded.REAPPLY,
                [("e1", PlanItemState.WAITING, True, False), ("e2", PlanItemState.WAITING, False, True)],
            ),
        ],
    )
    async def test_what_is_superseded_is_known(
        self, ledger: Ledger, way: Superseded, items: list[tuple[str, PlanItemState, bool, bool]]
    ) -> None:
        """A newer one of its zaak was delivered at the same connection; another zaak or connection says nothing."""
        deliveries = [a_delivery("e1", zaak="A"), a_delivery("e2", zaak="A"), a_delivery("e3", zaak="B")]
        elsewhere = a_delivery("e4", zaak="B", stage="other")
        await ledger.end(
            deliveries=[
                each._replace(place=Place("t", 0, number), ended_at=later(number))
                for number, each in enumerate((*deliveries, elsewhere))
            ]
        )

        for zaak in "AB":
            until = later(1 if zaak == "A" else 9)
            chosen = Selection(state=Selected.DELIVERED, stages=(STAGE,), zaak=zaak, until=until)
            await frozen(ledger, f"plan-{zaak}", chosen, superseded=way)

        found = await ledger.plan_items("plan-A")
        assert [(each.item_id, each.state, each.superseded, each.taken_along) for each in found] == items
        assert [each.superseded for each in await ledger.plan_items("plan-B")] == [False]

    async def test_messages_are_taken_as_they_came_in(self, ledger: Ledger) -> None:
        """At an inbound connection; not what is a resend, nor what was given up."""
        arrivals = [an_arrival(name, place=place, effect=name) for place, name in enumerate("abc", 1)]
        await ledger.admit([*arrivals, an_arrival("d", place=4, effect="c")])
        await ledger.end(deliveries=[a_delivery("e-b")._replace(state=DeliveryState.DROPPED)])
        chosen = Selection(state=Selected.DELIVERED, stages=(IN,), zaak="z1")

        await started(ledger, chosen=chosen, mode=PlanMode.RAW, superseded=Superseded.REPLAY)

        items = await ledger.plan_items("plan-1")
        assert [(each.item_id, each.stage, each.origin) for each in items] == [
            ("m-a", IN, Origin.COPY),
            ("m-c", IN, Origin.COPY),
        ]
        assert [item for item, _ in await waits(ledger, "z1", IN)] == ["m-a~plan-1", "m-c~plan-1"]
        message = await ledger.message_of("m-a")
        assert message is not None
        assert (message.connection, message.place) == (IN, Place("test.0000.in.formulieren", 0, 1))
        assert await ledger.message_of("m-x") is None

    async def test_what_the_bus_has_let_go_of_is_gone(self, ledger: Ledger) -> None:
        """Copies by when they were on the bus; of what is read again, the message that it came from."""
        old = a_delivery("e1", zaak="A")._replace(started_at=later(-9999))
        await ledger.end(deliveries=[old, a_delivery("e2", zaak="B")])
        await frozen(ledger, chosen=Selection(state=Selected.DELIVERED, stages=(STAGE,)))
        assert [each.state for each in await ledger.plan_items("plan-1")] == [PlanItemState.GONE, PlanItemState.WAITING]

        kept, lost = an_arrival("kept", subject="C"), an_arrival("lost", subject="D")._replace(accepted_at=later(-9999))
        await ledger.admit([kept, lost])
        for arrival in (kept, lost):
            await _park_event(ledger, arrival)
        await frozen(ledger, "plan-2", mode=PlanMode.RAW)

        assert [(each.lane, each.state) for each in await ledger.plan_items("plan-2")] == [
            ("C", PlanItemState.WAITING),
            ("D", PlanItemState.GONE),
        ]

    async def test_nothing_goes_behind_what_can_not_go(self, ledger: Ledger) -> None:
        """A message in a queue whose document is gone: those behind it are not sent, and are not held either."""
        await fill(ledger, "AB", 3)
        first, *_ = await ledger.queue(STAGE, "A")
        await ledger.end(parked=[first._replace(value=CONTENT)])
        await frozen(ledger)

        claims = await ledger.plan_claims("plan-1", 0, 10)
        found = await ledger.plan_gone("plan-1", [number for number, _ in claims], "it is gone")

        assert claims == [(1, CONTENT)]
        assert await ledger.plan_claims("plan-1", 1, 10) == []
        plan = await the(ledger)
        assert (plan.gone, plan.not_done, plan.waiting) == (1, 2, 3)
        assert sum(each.items for each in found.counts) == 6
        await ledger.start_plan("plan-1", an_act(act="plan-start"))
        assert [state for _, state in await waits(ledger, "A")] == [
            WaitState.PERSON,
            WaitState.BEHIND,
            WaitState.BEHIND,
        ]
        assert await ledger.plan_of_lane(STAGE, "A") is None

    async def test_a_message_is_not_sent_again_for_ever(self, ledger: Ledger) -> None:
        """Not more often than the limit, by whatever plans."""
        await ledger.end(deliveries=[a_delivery("e1", zaak="A")])
        chosen = Selection(state=Selected.DELIVERED, stages=(STAGE,))
        for number in range(LIMITS.replays_max):
            name = f"plan-{number}"
            await started(ledger, name, chosen)
            await release(ledger, await ledger.pick(name, lanes=9, each=9), name)
            [copy] = await ledger.queue(STAGE, "A")
            await ledger.end(released=[copy])
            settled = [Settled(1, PlanItemState.RELEASED, PlanItemState.DELIVERED)]
            await ledger.move_plan(name, "me", Move(settled, {(STAGE, "A"): 1}), until=SOON)

        await frozen(ledger, "plan-9", chosen)

        assert (await the(ledger, "plan-9")).states[PlanItemState.SKIPPED] == 1

    async def test_copies_for_another_target_leave_what_is_parked_alone(self, ledger: Ledger) -> None:
        """They stand in queues of their own; a copy that cannot go leaves, and those behind it go on."""
        await fill(ledger, "A", 2)
        before = await ledger.queue(STAGE, "A")
        await started(ledger, redirect=TEST)

        assert await ledger.queue(STAGE, "A") == before
        assert [item for item, _ in await waits(ledger, stage=TEST)] == [
            f"{STAGE}-A-1~plan-1",
            f"{STAGE}-A-2~plan-1",
        ]
        await ledger.end(parked=[a_parked_item("live", stage=TEST, lane="A", state=WaitState.BEHIND, offset=9)])
        items = [each.item for each in await ledger.pick("plan-1", lanes=9, each=9)]
        move = Move(
            settled=[Settled(each.number, PlanItemState.WAITING, PlanItemState.GONE, "gone") for each in items],
            gone=items,
            lanes=[LaneMove(TEST, "A", 3, 1, 0)],
            running=True,
        )
        assert await ledger.move_plan("plan-1", "me", move, until=SOON)
        assert await waits(ledger, stage=TEST) == [("live", WaitState.RETRY)]
        assert (await the(ledger)).state is PlanState.DONE

    async def test_what_failed_of_copies_goes_before_the_later_ones(self, ledger: Ledger) -> None:
        """In the plan of the rest: the one that failed, those that the plan did not come to, the live ones."""
        await ledger.end(
            deliveries=[
                a_delivery(f"e{number}", zaak="A")._replace(place=Place("t", 0, number)) for number in (1, 2, 3)
            ]
        )
        await started(ledger, chosen=Selection(state=Selected.DELIVERED, stages=(STAGE,)), superseded=Superseded.REPLAY)
        await release(ledger, await ledger.pick("plan-1", lanes=1, each=1))
        [first, *_] = await ledger.queue(STAGE, "A")
        await ledger.end(
            parked=[first._replace(state=WaitState.PERSON, attempts=1, failure_id="f-copy")],
            failures=[a_failure("f-copy", zaak="A")._replace(item_id=first.item_id)],
        )
        move = Move(
            [Settled(1, PlanItemState.RELEASED, PlanItemState.FAILED, "400", "f-copy")],
            {(STAGE, "A"): 1},
            stops=[LaneStop(STAGE, "A", 2, 3, "an earlier one failed")],
        )
        assert await ledger.move_plan("plan-1", "me", move, until=SOON)
        await ledger.end(parked=[a_parked_item("live", lane="A", state=WaitState.BEHIND, offset=9)])
        assert [item for item, _ in await waits(ledger)] == ["e1~plan-1", "live"]

        again = await ledger.freeze_again(a_plan("plan-2", again_of="plan-1"), LIMITS, an_act("plan-2"))
        assert again is not None
        await ledger.plan_ready("plan-2", expected_s=1, needs_approval=False)
        await ledger.start_plan("plan-2", an_act("plan-2", "plan-start"))

        assert await waits(ledger) == [
            ("e1~plan-1", WaitState.HELD),
            ("e2~plan-2", WaitState.HELD),
            ("e3~plan-2", WaitState.HELD),
            ("live", WaitState.BEHIND),
        ]


async def _park_event(ledger: Ledger, arrival: Arrival) -> None:
    item, failure = failed(arrival.zaak, 1)
    item = item._replace(item_id=arrival.event_id)
    await ledger.end(parked=[item], failures=[failure._replace(item_id=arrival.event_id)])


class TestPlansOnSqlite(OnSqlite, PlansContract):
    """The file backend."""


@pytest.mark.postgres
class TestPlansOnPostgres(OnPostgres, PlansContract):
    """The server backend."""
