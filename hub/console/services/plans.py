"""Replay plans, as the API shows them and people command them.

It knows which connections a person may replay at, and from which to which. It refuses to decide what is sent when:
`hub.desk.plan` does.
"""

from __future__ import annotations

import builtins
import hashlib
from collections.abc import Iterable
from typing import Any

from hub.console.models.plans import PlanCommand, PlanItemView, PlanRequest, PlanView
from hub.console.models.plans import Selection as Chosen
from hub.console.services import moments
from hub.console.services.part import Part, Versioned
from hub.console.services.rights import check_may, unknown
from hub.desk.plan.plans import Command, Wanted
from hub.desk.plan.plans import Plans as Planner
from hub.errors import ActRefused, NotAllowed
from hub.ledger.contract import Ledger
from hub.ledger.plans import Plan, PlanItem, PlanItemState, Selection
from hub.security.roles import Actor, Right

_MILLION, _MINUTE_S = 1_000_000, 60


class Plans:
    """What people do with plans."""

    def __init__(self, planner: Planner, ledger: Ledger, stages: Iterable[str]) -> None:
        self._planner = planner
        self._ledger = ledger
        self._stages = frozenset(stages)

    async def freeze(self, actor: Actor, request: PlanRequest) -> Versioned[PlanView]:
        """Write down what would be sent again, of the connections where the person may replay."""
        if request.redirect is not None:
            if request.redirect not in self._stages:
                raise unknown("connection")
            check_may(actor, Right.REDIRECT, request.redirect, "connection")
        wanted = Wanted(
            selection=self._selection(actor, request),
            reason=request.reason,
            mode=request.mode,
            superseded=request.superseded,
            ramp=tuple(request.ramp),
            per_minute=request.per_minute,
            stop_at=request.stop_at,
            redirect=request.redirect or "",
            everything=request.everything,
        )
        return _versioned(await self._planner.freeze(wanted, by=actor.name, by_id=actor.id))

    async def list(self, actor: Actor, *, after: Any, limit: int) -> Part[PlanView]:  # noqa: ANN401 - see `moments`
        """List plans whose connections the person sees, newest first."""
        found = await self._ledger.plans(before=moments.read(after), limit=limit + 1)
        page = found[:limit]
        shown = [_view(each) for each in page if _is_seen(actor, each)]
        return Part(shown, moments.written(page[-1].made_at, page[-1].id) if len(found) > limit else None)

    async def get(self, actor: Actor, plan_id: str) -> Versioned[PlanView]:
        """Give one."""
        return _versioned(await self._seen(actor, plan_id))

    async def look(self, actor: Actor, plan_id: str) -> tuple[str, PlanView]:
        """Give one, and what changes when it does."""
        found = await self.get(actor, plan_id)
        return found.version, found.shown

    async def items(
        self,
        actor: Actor,
        plan_id: str,
        *,
        state: PlanItemState | None,
        after: Any,  # noqa: ANN401 - the number of an item
        limit: int,
    ) -> Part[PlanItemView]:
        """List its messages, in order."""
        plan = await self._seen(actor, plan_id)
        found = await self._ledger.plan_items(plan.id, state=state, after=after or 0, limit=limit + 1)
        page = found[:limit]
        return Part([_item(each) for each in page], page[-1].number if len(found) > limit else None)

    async def command(self, actor: Actor, plan_id: str, command: PlanCommand) -> Versioned[PlanView]:
        """Start, pause, resume, cancel or approve it, or make a new one of its rest."""
        plan = await self._seen(actor, plan_id)
        said = command.command
        right = Right.APPROVE if said is Command.APPROVE else Right.REPLAY
        for stage in sorted(_connections(plan)):
            check_may(actor, right, stage, "plan")
        if plan.redirect and said in (Command.START, Command.AGAIN):
            check_may(actor, Right.REDIRECT, plan.redirect, "plan")
        done = await self._planner.command(plan.id, said, by=actor.name, reason=command.reason, by_id=actor.id)
        return _versioned(done)

    def _selection(self, actor: Actor, request: PlanRequest) -> Selection:
        chosen = request.selection
        if chosen == Chosen(state=chosen.state) and not request.everything:
            raise ActRefused(
                "no criterion is given: that is everything",
                code="alles",
                advice="choose a connection, a group or a time; or say that you mean everything",
            )
        return Selection(
            state=chosen.state,
            failures=tuple(chosen.failures),
            groups=tuple(chosen.groups),
            stages=self._replayed(actor, chosen.stage),
            zaak=chosen.zaak or "",
            kind=chosen.kind or "",
            code=chosen.code or "",
            since=chosen.since,
            until=chosen.until,
            text=chosen.text or "",
        )

    def _replayed(self, actor: Actor, stage: str | None) -> tuple[str, ...]:
        """Give the connections that a plan of this person is about; none for who may replay at every one."""
        if stage is not None:
            if stage not in self._stages:
                raise unknown("connection")
            check_may(actor, Right.REPLAY, stage, "connection")
            return (stage,)
        mine = tuple(sorted(each for each in self._stages if actor.may(Right.REPLAY, each)))
        if not mine:
            raise NotAllowed(
                f"this needs the right {Right.REPLAY.value} at a connection of this hub",
                code="geen-recht",
                advice="ask who gives roles in your municipality",
            )
        return () if len(mine) == len(self._stages) else mine

    async def _seen(self, actor: Actor, plan_id: str) -> Plan:
        plan = await self._ledger.plan(plan_id)
        if plan is None or plan.id != plan_id or not _is_seen(actor, plan):
            raise unknown("plan")
        return plan


def _is_seen(actor: Actor, plan: Plan) -> bool:
    about = _connections(plan)
    return all(actor.may(Right.SEE, stage) for stage in about) and (bool(about) or actor.everywhere)


def _connections(plan: Plan) -> set[str]:
    """Give the connections that a plan is about: those it sends to, and those whose messages it sends."""
    return {*plan.targets, *plan.sources}


def _versioned(plan: Plan) -> Versioned[PlanView]:
    shown = _view(plan)
    return Versioned(shown, hashlib.sha256(shown.model_dump_json().encode()).hexdigest()[:16])


def _view(plan: Plan) -> PlanView:
    return PlanView(
        id=plan.id,
        state=plan.state,
        state_reason=plan.state_reason,
        made_by=plan.made_by,
        made_at=plan.made_at,
        reason=plan.reason,
        approved_by=plan.approved_by,
        needs_approval=plan.needs_approval,
        mode=plan.mode,
        superseded=plan.superseded,
        redirect=plan.redirect or None,
        ramp=builtins.list(plan.ramp),
        step=plan.step,
        per_minute=plan.per_minute,
        stop_at=plan.stop_at / _MILLION,
        count=plan.total,
        zaken=plan.zaken,
        targets=dict(plan.targets),
        kinds=dict(plan.kinds),
        oldest_at=plan.oldest_at,
        newest_at=plan.newest_at,
        superseded_count=plan.superseded_count,
        gone_count=plan.gone,
        taken_along=plan.taken_along,
        minutes_expected=round(plan.expected_s / _MINUTE_S, 1),
        states=dict(plan.states),
        again_of=plan.again_of or None,
        changed_at=plan.changed_at or plan.made_at,
    )


def _item(item: PlanItem) -> PlanItemView:
    return PlanItemView(
        number=item.number,
        stage=item.stage,
        zaak=item.lane,
        message=item.item_id,
        kind=item.kind,
        failure=item.failure_id,
        state=item.state,
        superseded=item.superseded,
        taken_along=item.taken_along,
        note=item.note,
        released_at=item.released_at,
        ended_at=item.ended_at,
    )
