"""What an operator does to a failure: look at it, correct its content, try it again, or give it up. Order holds.

A replay names the head of its zaak's queue; the rest of the queue follows by itself.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import orjson
from pydantic import ValidationError

from hub.bus.contract import Bus
from hub.clock import Clock
from hub.errors import Fault, HubError
from hub.event.catalogue import EVENT_TYPES
from hub.flow.explain import Kept, masked, unpack
from hub.flow.outcome import Refused
from hub.flow.park import Item, resolved
from hub.flow.report import DROPPED, Duties
from hub.ledger.contract import Ledger
from hub.ledger.entries import Delivery, DeliveryState, Failure, FailureState, OperatorAct, ParkedItem


class ReplayRefused(HubError):
    """The operator asks for something that would break a promise; `advice` says what to do instead."""

    fault = Fault.HUB


class Case(NamedTuple):
    """A failure with the record it is about and the queue of its zaak."""

    failure: Failure
    parked: ParkedItem | None
    queue: list[ParkedItem]
    original: bytes | None


class Operator:
    """Acts on failures on behalf of a person (`by`), who gives a reason."""

    def __init__(self, *, ledger: Ledger, bus: Bus, control_topic: str, clock: Clock, duties: Duties) -> None:
        self._duties = duties
        self._ledger = ledger
        self._bus = bus
        self._control_topic = control_topic
        self._clock = clock

    async def case(self, failure_id: str) -> Case:
        """Find a failure by (the beginning of) its id; raises ReplayRefused when there is none."""
        failure = await self._ledger.failure(failure_id)
        if failure is None:
            raise ReplayRefused(f"no failure {failure_id}", code="onbekend", advice="zaakhub failures list")
        return Case(
            failure,
            await self._ledger.parked(failure.stage, failure.item_id),
            await self._ledger.queue(failure.stage, failure.zaak),
            await self._ledger.original(failure.stage, failure.item_id),
        )

    async def trace(self, failure_id: str, *, content: bool = False) -> Kept | None:
        """Give how the mapping came to each field in the attempt that failed; values are masked without `content`.

        None when it was not kept: the mapping had nothing to do with it. Raises ReplayRefused when there is no failure.
        """
        failure = (await self.case(failure_id)).failure
        trace = await self._ledger.trace(failure.id)
        if trace is None:
            return None
        kept = unpack(trace.content, at=trace.at, revision=trace.revision)
        return kept if content else kept._replace(explanation=masked(kept.explanation))

    async def edit(self, failure_id: str, changes: dict[str, Any], *, by: str, reason: str) -> Case:
        """Change fields of the event (`zaak.zaaktype` → value; None clears), check it, keep the original."""
        case = await self.case(failure_id)
        parked = self._still_parked(case)
        if parked.kind not in EVENT_TYPES:
            raise ReplayRefused(
                "this message failed before it was an event",
                code="geen-event",
                advice="replace it as a whole: zaakhub failures edit ID --file message.xml",
            )
        data = orjson.loads(parked.value)
        for path, value in changes.items():
            _put(data, path, value)
        return await self._replace(case, parked, _checked(parked.kind, data), by=by, reason=reason)

    async def replace(self, failure_id: str, value: bytes, *, by: str, reason: str) -> Case:
        """Replace the whole content: an event is checked against its model, a raw message when it is replayed."""
        case = await self.case(failure_id)
        parked = self._still_parked(case)
        if parked.kind in EVENT_TYPES:
            try:
                value = _checked(parked.kind, orjson.loads(value))
            except orjson.JSONDecodeError as error:
                raise ReplayRefused(
                    f"not JSON at line {error.lineno}, column {error.colno}",
                    code="geen-json",
                    advice="correct the file",
                ) from None
        return await self._replace(case, parked, value, by=by, reason=reason)

    async def replay(self, failure_id: str, *, by: str, reason: str) -> Case:
        """Try it again now; raises ReplayRefused when an earlier message of the zaak must go first."""
        case = await self.case(failure_id)
        parked = self._still_parked(case)
        head = case.queue[0]
        if head.item_id != parked.item_id:
            raise ReplayRefused(
                "an earlier message of this zaak waits in front of it",
                code="niet-aan-de-beurt",
                advice=f"replay {head.failure_id[:8]} first; this one follows by itself",
            )
        await self._ledger.replay(parked, self._act(case.failure, "replay", by, reason))
        await self._bus.announce(self._control_topic, "wake", case.failure.stage.encode())
        return case

    async def drop(self, failure_id: str, *, by: str, reason: str) -> Case:
        """Give a message up: it is never delivered, and what waits behind it goes on without it.

        Raises ReplayRefused unless the failure waits for a person.
        """
        case = await self.case(failure_id)
        if _was_delivered(case):
            return await self._settle(case, self._act(case.failure, "drop", by, reason))
        parked = self._still_parked(case)
        if case.failure.state is not FailureState.OPEN:
            raise ReplayRefused(
                "this message is tried again by itself",
                code="wordt-geprobeerd",
                advice=f"wait until it is open, or zaakhub failures replay {case.failure.id[:8]}",
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
        )
        await self._bus.announce(self._control_topic, "wake", parked.stage.encode())
        return case

    async def _settle(self, case: Case, act: OperatorAct) -> Case:
        """End a failure that came after the delivery: nothing waits for it."""
        await self._ledger.end(failures=[resolved(case.failure, now=act.at)], acts=[act])
        return case

    async def _replace(self, case: Case, parked: ParkedItem, value: bytes, *, by: str, reason: str) -> Case:
        await self._ledger.edit(parked._replace(value=value), self._act(case.failure, "edit", by, reason))
        return await self.case(case.failure.id)

    def _act(self, failure: Failure, act: str, by: str, reason: str) -> OperatorAct:
        return OperatorAct(failure.id, act, by, reason, self._clock.now())

    def _still_parked(self, case: Case) -> ParkedItem:
        if _was_delivered(case):
            raise ReplayRefused(
                "the target acknowledged it and spoke up later: it is not here any more to be sent again",
                code="was-afgeleverd",
                advice=case.failure.advice,
            )
        if case.parked is None or case.failure.state is FailureState.RESOLVED:
            raise ReplayRefused(
                "this failure is resolved already", code="opgelost", advice=f"zaakhub trace {case.failure.zaak}"
            )
        return case.parked


def _was_delivered(case: Case) -> bool:
    """Tell whether the failure is one that a target reported after it had acknowledged (`hub.flow.late`)."""
    return case.parked is None and case.failure.state is FailureState.OPEN


def event_of(parked: ParkedItem) -> dict[str, Any]:
    """Give the event data of a parked event, for showing and editing."""
    data: dict[str, Any] = orjson.loads(Item.from_parked(parked).value)
    return data


def _checked(kind: str, data: Any) -> bytes:  # noqa: ANN401 - JSON data
    try:
        EVENT_TYPES[kind].model.model_validate(data)
    except ValidationError as error:
        first = error.errors(include_input=False, include_url=False, include_context=False)[0]
        place = ".".join(str(part) for part in first["loc"])
        raise ReplayRefused(
            f"{place} does not fit {kind}: {first['type']}",
            code="schema",
            advice="correct the field; nothing was saved",
        ) from None
    return orjson.dumps(data)


def _put(data: dict[str, Any], path: str, value: Any) -> None:  # noqa: ANN401 - JSON data
    *parents, last = path.split(".")
    here: Any = data
    for part in parents:
        here = _child(here, part)
        if not isinstance(here, dict | list):
            raise _no_such(path)
    if isinstance(here, dict):
        here[last] = value
    elif _child(here, last) is not None:
        here[int(last)] = value
    else:
        raise _no_such(path)


def _child(here: Any, part: str) -> Any:  # noqa: ANN401 - JSON data
    if isinstance(here, dict):
        return here.get(part)
    return here[int(part)] if part.isdigit() and int(part) < len(here) else None


def _no_such(path: str) -> ReplayRefused:
    return ReplayRefused(
        f"there is no {path} in this event", code="pad", advice="see the fields: zaakhub failures show ID --content"
    )
