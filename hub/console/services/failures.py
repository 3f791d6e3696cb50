"""Failures, as the API shows them and acts on them.

It knows what of a failure a person may see and do. It refuses to decide about a queue: the operator of `hub.desk` does.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any, Literal, NamedTuple

from hub.config import policy
from hub.console.models.failures import FailureDetail, FailureView, QueueItem
from hub.console.models.wire import Reasoned
from hub.console.services import moments
from hub.console.services.edits import Edits
from hub.console.services.part import Part, Versioned
from hub.console.services.rights import check_may, check_seen, seen_of, unknown
from hub.desk.replay import Case, Operator
from hub.ledger.contract import Ledger
from hub.ledger.entries import Failure, FailureState, ParkedItem, WaitState
from hub.ledger.groups import After, FailureFilter
from hub.security.roles import Actor, Right

Can = Literal["herhalen", "bewerken", "vervallen"]


class FailureCriteria(NamedTuple):
    """Which failures; all that is given must hold."""

    group: str | None = None
    stage: str | None = None
    state: FailureState | None = None
    kind: str | None = None
    code: str | None = None
    zaak: str | None = None
    text: str | None = None
    since: datetime | None = None
    until: datetime | None = None


class Failures:
    """What operators do with failures."""

    def __init__(self, ledger: Ledger, operator: Operator, edits: Edits, stages: Iterable[str]) -> None:
        self._ledger = ledger
        self._operator = operator
        self._edits = edits
        self._stages = frozenset(stages)

    async def list(
        self,
        actor: Actor,
        criteria: FailureCriteria,
        *,
        after: Any,  # noqa: ANN401 - where `moments` says
        limit: int,
    ) -> Part[FailureView]:
        """List failures of connections that the person sees, newest last_at first."""
        seen = None if actor.everywhere else seen_of(actor, self._stages)
        if criteria.stage is not None:
            seen = seen_of(actor, [criteria.stage])
        wanted = FailureFilter(
            state=criteria.state,
            stages=seen,
            group=criteria.group or "",
            code=criteria.code or "",
            kind=criteria.kind or "",
            zaak=criteria.zaak or "",
            since=criteria.since,
            until=criteria.until,
            text=criteria.text or "",
        )
        begin = moments.read(after)
        found = await self._ledger.find_failures(wanted, after=After(*begin) if begin else None, limit=limit + 1)
        shown = found[:limit]
        behind = moments.written(shown[-1].last_at, shown[-1].id) if len(found) > limit else None
        return Part([view_of(each) for each in shown], behind)

    async def get(self, actor: Actor, failure: str) -> Versioned[FailureDetail]:
        """Give one, with its queue and its edits."""
        found = await self.seen(actor, failure)
        return await self._detail(actor, await self._operator.case(found.id))

    async def replay(self, actor: Actor, failure: str, act: Reasoned, *, expected: str) -> Versioned[FailureDetail]:
        """Try it again now."""
        found = await self._mine(actor, failure)
        await self._operator.replay(found.id, by=actor.name, reason=act.reason, expected=expected)
        return await self._detail(actor, await self._operator.case(found.id))

    async def drop(self, actor: Actor, failure: str, act: Reasoned, *, expected: str) -> Versioned[FailureDetail]:
        """Give it up."""
        found = await self._mine(actor, failure)
        await self._operator.drop(found.id, by=actor.name, reason=act.reason, expected=expected)
        return await self._detail(actor, await self._operator.case(found.id))

    async def seen(self, actor: Actor, failure_id: str) -> Failure:
        """Give a failure by its whole id; raises ActRefused when there is none, or it is not for this person."""
        found = await self._ledger.failure(failure_id)
        if found is None or found.id != failure_id:
            raise unknown("failure")
        check_seen(actor, found.stage, "failure")
        return found

    async def _mine(self, actor: Actor, failure_id: str) -> Failure:
        found = await self.seen(actor, failure_id)
        check_may(actor, Right.REPLAY, found.stage, "failure")
        return found

    async def _detail(self, actor: Actor, case: Case) -> Versioned[FailureDetail]:
        failure = case.failure
        at = next((n for n, each in enumerate(case.queue) if each.item_id == failure.item_id), None)
        behind = len(case.queue) - at - 1 if at is not None else 0
        shown = FailureDetail(
            failure=view_of(failure, behind=behind),
            queue=[_queued(each) for each in case.queue[: policy.QUEUE_SHOWN_MAX]],
            target=failure.target,
            can=_can(actor, case),
            edits=await self._edits.of_failure(failure),
        )
        return Versioned(shown, failure.version)


def view_of(failure: Failure, *, behind: int = 0) -> FailureView:
    """Give a failure as a list shows it."""
    return FailureView(
        id=failure.id,
        group=failure.group,
        stage=failure.stage,
        message=failure.item_id,
        kind=failure.kind,
        zaak=failure.zaak,
        state=failure.state,
        code=failure.code,
        reason=failure.reason,
        fault=failure.fault,
        advice=failure.advice,
        where=failure.where,
        revision=failure.revision,
        attempts=failure.attempts,
        first_at=failure.first_at,
        last_at=failure.last_at,
        next_at=failure.next_at,
        edited_at=failure.edited_at,
        behind=behind,
    )


def _queued(item: ParkedItem) -> QueueItem:
    return QueueItem(
        message=item.item_id,
        kind=item.kind,
        state=item.state,
        failure=item.failure_id,
        attempts=item.attempts,
        next_at=item.next_at,
    )


def _can(actor: Actor, case: Case) -> list[Can]:
    """Say what may be done with it now; whoever does it hears more precisely why not."""
    failure, parked = case.failure, case.parked
    if failure.state is FailureState.RESOLVED:
        return []
    can: list[Can] = []
    if parked is not None and parked.state is not WaitState.HELD:
        if actor.may(Right.REPLAY, failure.stage) and case.queue and case.queue[0].item_id == parked.item_id:
            can.append("herhalen")
        if actor.may(Right.EDIT, failure.stage):
            can.append("bewerken")
    waits_for_person = failure.state is FailureState.OPEN and (parked is None or parked.state is not WaitState.HELD)
    if waits_for_person and actor.may(Right.REPLAY, failure.stage):
        can.append("vervallen")
    return can
