"""What an operator does to a failure: look at it, try it again, or give it up. Order holds.

To correct it is for `hub.desk.edit`. A replay names the head of its zaak's queue; the rest of it follows by itself.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

import orjson

from hub.bus.contract import Bus
from hub.clock import Clock
from hub.errors import ActRefused
from hub.flow.explain import Kept, masked, unpack
from hub.flow.outcome import Refused
from hub.flow.park import Item, resolved
from hub.flow.report import DROPPED, Duties
from hub.ledger.contract import Ledger
from hub.ledger.entries import Delivery, DeliveryState, Failure, FailureState, OperatorAct, ParkedItem, WaitState


class Case(NamedTuple):
    """A failure with the record it is about and the queue of its zaak."""

    failure: Failure
    parked: ParkedItem | None
    queue: list[ParkedItem]
    original: bytes | None

    def expect(self, version: str) -> None:
        """See that the failure is still as somebody saw it; raises ActRefused."""
        if self.failure.version != version:
            raise ActRefused(
                "this failure changed since you looked at it: it was tried again, or somebody else acted on it",
                code="gewijzigd",
                advice="look at it again, then decide",
            )


class Operator:
    """Acts on failures on behalf of a person (`by`), who gives a reason."""

    def __init__(self, *, ledger: Ledger, bus: Bus, control_topic: str, clock: Clock, duties: Duties) -> None:
        self._duties = duties
        self._ledger = ledger
        self._bus = bus
        self._control_topic = control_topic
        self._clock = clock

    async def case(self, failure_id: str) -> Case:
        """Find a failure by (the beginning of) its id; raises ActRefused when there is none."""
        failure = await self._ledger.failure(failure_id)
        if failure is None:
            raise ActRefused(f"no failure {failure_id}", code="onbekend", advice="zaakhub failures list")
        return Case(
            failure,
            await self._ledger.parked(failure.stage, failure.item_id),
            await self._ledger.queue(failure.stage, failure.zaak),
            await self._ledger.original(failure.stage, failure.item_id),
        )

    async def trace(self, failure_id: str, *, content: bool = False) -> Kept | None:
        """Give how the mapping came to each field in the attempt that failed; values are masked without `content`.

        None when it was not kept: the mapping had nothing to do with it. Raises ActRefused when there is no failure.
        """
        failure = (await self.case(failure_id)).failure
        trace = await self._ledger.trace(failure.id)
        if trace is None:
            return None
        kept = unpack(trace.content, at=trace.at, revision=trace.revision)
        return kept if content else kept._replace(explanation=masked(kept.explanation))

    async def replay(self, failure_id: str, *, by: str, reason: str, expected: str | None = None) -> Case:
        """Try it again now; raises ActRefused when an earlier message of the zaak must go first.

        With `expected` also when the version of the failure is another by now (`version_of`).
        """
        case = await self.case(failure_id)
        parked = self.still_parked(case)
        head = case.queue[0]
        if head.item_id != parked.item_id:
            raise ActRefused(
                "an earlier message of this zaak waits in front of it",
                code="niet-aan-de-beurt",
                advice=f"replay {head.failure_id[:8]} first; this one follows by itself",
            )
        if head.state is WaitState.HELD:
            plan = await self._ledger.plan_of_lane(parked.stage, parked.lane)
            raise ActRefused(
                f"plan {plan} has this zaak: it is tried when the plan comes to it",
                code="in-plan",
                advice=f"look at the plan, or cancel it: zaakhub replay show {plan}",
            )
        await self._ledger.replay(parked, self._act(case.failure, "replay", by, reason), expected=expected)
        await self._bus.announce(self._control_topic, "wake", case.failure.stage.encode())
        return case

    async def drop(self, failure_id: str, *, by: str, reason: str, expected: str | None = None) -> Case:
        """Give a message up: it is never delivered, and what waits behind it goes on without it.

        Raises ActRefused unless the message waits for a person, or for a plan that has not come to it; with `expected`
        also as for `replay`.
        """
        case = await self.case(failure_id)
        # What was looked at here is what must be so when it is written.
        seen = {case.failure.id: expected or case.failure.version}
        if _was_delivered(case):
            return await self._settle(case, self._act(case.failure, "drop", by, reason), seen)
        parked = self.still_parked(case)
        if case.failure.state is not FailureState.OPEN:
            raise ActRefused(
                "this message is tried again by itself",
                code="wordt-geprobeerd",
                advice=f"wait until it is open, or zaakhub failures replay {case.failure.id[:8]}",
            )
        if parked.state not in (WaitState.PERSON, WaitState.HELD):
            raise ActRefused(
                "this message is under way: a replay plan let it go",
                code="wordt-geprobeerd",
                advice="wait until it was tried, then look at it again",
            )
        act = self._act(case.failure, "drop", by, reason)
        dropped = Delivery(
            stage=parked.stage,
            event_id=parked.item_id,
            kind=parked.kind,
            zaak=parked.lane,
            state=DeliveryState.DROPPED,
            place=parked.place,
            attempts=parked.attempts,
            started_at=case.failure.first_at,
            ended_at=act.at,
            receipts=parked.receipts,
        )
        await self._ledger.end(
            deliveries=[dropped],
            failures=[resolved(case.failure, now=act.at)],
            released=[parked._replace(next_at=act.at)],
            acts=[act],
            reports=self._duties.of(Item.from_parked(parked), Refused(DROPPED, {}, 0)),
            expected=seen,
        )
        await self._bus.announce(self._control_topic, "wake", parked.stage.encode())
        return case

    async def _settle(self, case: Case, act: OperatorAct, seen: Mapping[str, str]) -> Case:
        """End a failure that came after the delivery: nothing waits for it."""
        await self._ledger.end(failures=[resolved(case.failure, now=act.at)], acts=[act], expected=seen)
        return case

    def _act(self, failure: Failure, act: str, by: str, reason: str) -> OperatorAct:
        return OperatorAct(failure.id, act, by, reason, self._clock.now())

    def still_parked(self, case: Case) -> ParkedItem:
        """Give the record that a failure is about; raises ActRefused when it does not wait any more."""
        if _was_delivered(case):
            raise ActRefused(
                "the target acknowledged it and spoke up later: it is not here any more to be sent again",
                code="was-afgeleverd",
                advice=case.failure.advice,
            )
        if case.parked is None or case.failure.state is FailureState.RESOLVED:
            raise ActRefused(
                "this failure is resolved already", code="opgelost", advice=f"zaakhub trace {case.failure.zaak}"
            )
        return case.parked


def _was_delivered(case: Case) -> bool:
    """Tell whether the failure is one that a target reported after it had acknowledged (`hub.flow.late`)."""
    return case.parked is None and case.failure.state is FailureState.OPEN


def version_of(failure: Failure) -> str:
    """Give what changes with every attempt and act: who acts on a failure gives the version that they saw."""
    return failure.version


def event_of(parked: ParkedItem) -> dict[str, Any]:
    """Give the event data of a parked event, for showing and editing."""
    data: dict[str, Any] = orjson.loads(Item.from_parked(parked).value)
    return data
