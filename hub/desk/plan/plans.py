"""What people do with replay plans: freeze one, look at it, approve it, start, pause and end it, make one of its rest.

Nothing is sent from here: a started plan is run by the workers (`hub.desk.plan.runner`).
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from datetime import datetime, timedelta
from enum import StrEnum
from typing import NamedTuple

import orjson

from hub.bus.contract import Bus
from hub.clock import Clock
from hub.config import policy
from hub.config.connection import Connection, Direction
from hub.config.likely import did_you_mean
from hub.desk.plan.judge import expected_s
from hub.desk.plan.redirect import check_redirect
from hub.desk.second_person import check_second_person
from hub.errors import ActRefused
from hub.ledger.contract import Ledger
from hub.ledger.entries import OperatorAct
from hub.ledger.plans import (
    Frozen,
    Plan,
    PlanItem,
    PlanItemState,
    PlanLimits,
    PlanMode,
    PlanState,
    Selected,
    Selection,
    Superseded,
)
from hub.payloads.contract import Payloads
from hub.wire.claim import Claim, restore

NO_DOCUMENT = "a document of it is not in the payload store any more"
_MILLION = 1_000_000
_ID_CHARS = 12
_FAILURE_CHARS = 36


class Command(StrEnum):
    """What somebody says to a plan."""

    START = "start"
    PAUSE = "pause"
    RESUME = "resume"
    CANCEL = "cancel"
    APPROVE = "approve"
    AGAIN = "again"


class Wanted(NamedTuple):
    """A plan as somebody asks for it. `everything`: they know that it is all that failed."""

    selection: Selection
    reason: str
    mode: PlanMode = PlanMode.EVENT
    superseded: Superseded = Superseded.SKIP
    ramp: tuple[int, ...] = (1, 10, 100)
    per_minute: int = 600
    stop_at: float = 0.05
    redirect: str = ""
    everything: bool = False


class Plans:
    """Acts on plans on behalf of a person (`by`, and `by_id`: see `second_person`), who gives a reason."""

    def __init__(
        self,
        connections: Mapping[str, Connection],
        *,
        ledger: Ledger,
        bus: Bus,
        payloads: Payloads,
        control_topic: str,
        clock: Clock,
    ) -> None:
        self._connections = connections
        self._ledger = ledger
        self._bus = bus
        self._payloads = payloads
        self._control_topic = control_topic
        self._clock = clock

    async def freeze(self, wanted: Wanted, *, by: str, by_id: str = "") -> Plan:
        """Write down what would be sent again; raises ActRefused when that is nothing, too much, or not possible.

        Failures are given by their whole ids: see `whole`.
        """
        self._check(wanted)
        plan = self._plan(wanted, by, by_id)
        detail = {"selection": _said(wanted.selection), "mode": plan.mode.value, "redirect": plan.redirect}
        act = self._act(plan.id, "plan", by, wanted.reason, detail)
        everything = wanted.everything or wanted.selection.state is not Selected.FAILED
        limits = self._limits(plan.made_at, everything=everything)
        frozen = await self._ledger.freeze(plan, wanted.selection, limits, act, raw=self._inbound())
        if frozen is None:
            raise _nothing(wanted.selection)
        return await self._ready(plan, frozen)

    async def command(self, plan_id: str, command: Command, *, by: str, reason: str, by_id: str = "") -> Plan:
        """Do it; give the plan as it is then (of `again` the new one). Raises ActRefused."""
        plan = await self.plan(plan_id)
        act = self._act(plan.id, f"plan-{command.value}", by, reason, {})
        match command:
            case Command.AGAIN:
                return await self._again(plan, by, reason, by_id)
            case Command.APPROVE:
                check_second_person("plan", plan.made_by, plan.made_by_id, by=by, by_id=by_id)
                await self._ledger.approve_plan(plan.id, act)
            case Command.START:
                await self._ledger.start_plan(plan.id, act)
            case Command.PAUSE:
                await self._ledger.pause_plan(plan.id, act)
            case Command.RESUME:
                await self._ledger.resume_plan(plan.id, act)
            case Command.CANCEL:
                await self._ledger.cancel_plan(plan.id, act)
                # What it gave back may be due: the workers need not wait for their next look.
                for stage in sorted(plan.targets):
                    await self._bus.announce(self._control_topic, "wake", stage.encode())
        return await self.plan(plan.id)

    async def plan(self, plan_id: str) -> Plan:
        """Find a plan by (the beginning of) its id; raises ActRefused when there is none."""
        plan = await self._ledger.plan(plan_id)
        if plan is None:
            raise ActRefused(f"no plan {plan_id}", code="onbekend", advice="zaakhub replay list")
        return plan

    async def plans(self, *, before: Plan | None = None, limit: int = policy.LIST_MAX) -> list[Plan]:
        """List plans, newest first; `before` goes on behind one."""
        return await self._ledger.plans(before=(before.made_at, before.id) if before else None, limit=limit)

    async def items(
        self, plan_id: str, *, state: PlanItemState | None = None, after: int = 0, limit: int = policy.LIST_MAX
    ) -> list[PlanItem]:
        """List what a plan has, and what became of it, by number."""
        plan = await self.plan(plan_id)
        return await self._ledger.plan_items(plan.id, state=state, after=after, limit=limit)

    async def whole(self, chosen: Selection) -> Selection:
        """Find the whole ids of failures that a person typed the beginning of: each is searched for."""
        whole = []
        for given in chosen.failures:
            failure = await self._ledger.failure(given) if len(given) < _FAILURE_CHARS else None
            whole.append(failure.id if failure is not None else given)
        return chosen._replace(failures=tuple(whole))

    async def _again(self, plan: Plan, by: str, reason: str, by_id: str) -> Plan:
        if plan.state not in (PlanState.DONE, PlanState.CANCELLED):
            raise ActRefused(
                f"plan {plan.id} has not ended: it is {plan.state.value}",
                code="stand",
                advice=f"wait until it is done, or cancel it: zaakhub replay cancel {plan.id}",
            )
        now = self._clock.now()
        again = Plan(
            id=_new_id(),
            state=PlanState.FROZEN,
            state_reason="",
            made_by=by,
            made_at=now,
            reason=reason,
            approved_by="",
            needs_approval=True,
            mode=plan.mode,
            superseded=plan.superseded,
            redirect=plan.redirect,
            ramp=plan.ramp,
            per_minute=plan.per_minute,
            stop_at=plan.stop_at,
            again_of=plan.id,
            made_by_id=by_id,
        )
        act = self._act(again.id, "plan", by, reason, {"again": plan.id})
        limits = self._limits(now, everything=True)
        frozen = await self._ledger.freeze_again(again, limits, act, raw=self._inbound())
        if frozen is None:
            raise ActRefused(
                f"nothing of plan {plan.id} is left to be sent again", code="niets", advice="all of it went on"
            )
        return await self._ready(again, frozen)

    async def _ready(self, plan: Plan, frozen: Frozen) -> Plan:
        frozen = await self._without_documents(plan, frozen)
        waiting = sum(each.items for each in frozen.counts if each.state is PlanItemState.WAITING)
        names = {name for each in frozen.counts for name in (each.stage, each.source)}
        judged = any(self._connections[name].policy.second_person for name in names if name in self._connections)
        await self._ledger.plan_ready(
            plan.id, expected_s=expected_s(plan, waiting, frozen.longest), needs_approval=judged
        )
        return await self.plan(plan.id)

    async def _without_documents(self, plan: Plan, frozen: Frozen) -> Frozen:
        """Look whether the documents are there that messages name; of very many only the first are looked at."""
        after, looked = 0, 0
        gone: list[int] = []
        while looked < policy.PLAN_DOCUMENTS_MAX:
            found = await self._ledger.plan_claims(plan.id, after, policy.PLAN_READ_MAX)
            for number, value in found:
                if not all([await self._payloads.exists(each.reference) for each in _claims(value)]):
                    gone.append(number)
            if len(found) < policy.PLAN_READ_MAX:
                break
            after, looked = found[-1][0], looked + len(found)
        return await self._ledger.plan_gone(plan.id, gone, NO_DOCUMENT) if gone else frozen

    def _plan(self, wanted: Wanted, by: str, by_id: str) -> Plan:
        return Plan(
            id=_new_id(),
            state=PlanState.FROZEN,
            state_reason="",
            made_by=by,
            made_at=self._clock.now(),
            reason=wanted.reason,
            approved_by="",
            needs_approval=True,
            mode=wanted.mode,
            superseded=wanted.superseded,
            redirect=wanted.redirect,
            ramp=wanted.ramp,
            per_minute=wanted.per_minute,
            stop_at=round(wanted.stop_at * _MILLION),
            again_of="",
            made_by_id=by_id,
        )

    def _check(self, wanted: Wanted) -> None:
        chosen = wanted.selection
        for name in chosen.stages:
            if name not in self._connections:
                advice = did_you_mean(name, self._connections) or "see: zaakhub check"
                raise ActRefused(f"there is no connection {name}", code="koppeling", advice=advice)
        if not wanted.everything and chosen == Selection(state=chosen.state):
            raise ActRefused(
                "no criterion is given: that is everything",
                code="alles",
                advice="choose a connection, a group or a time; or say that you mean everything",
            )
        if any(len(each) != _FAILURE_CHARS for each in chosen.failures):
            raise ActRefused(
                "this is not the id of a failure: no failure has it, or more than one begins so",
                code="onbekend",
                advice="give whole ids: zaakhub failures list --json",
            )
        if chosen.state is not Selected.FAILED:
            self._check_ended(wanted)
        if wanted.redirect:
            check_redirect(wanted.redirect, chosen, wanted.mode, self._connections)
        if wanted.per_minute < 1 or wanted.per_minute > policy.PLAN_PER_MINUTE_MAX:
            raise _limit(f"a plan sends 1 to {policy.PLAN_PER_MINUTE_MAX} messages per minute")
        if not 0 <= wanted.stop_at <= 1:
            raise _limit("the ratio of failures at which a plan pauses is from 0 to 1")
        if len(wanted.ramp) > policy.PLAN_RAMP_MAX or any(size < 1 for size in wanted.ramp):
            raise _limit(f"a ramp has at most {policy.PLAN_RAMP_MAX} steps, of at least one message each")

    def _check_ended(self, wanted: Wanted) -> None:
        chosen = wanted.selection
        if chosen.failures or chosen.groups or chosen.code or chosen.text:
            raise ActRefused(
                "what ended did not fail: it has no failure, group, code or reason to be chosen by",
                code="keuze",
                advice="choose by connection, zaak, kind and time",
            )
        inbound = self._inbound() & set(chosen.stages)
        if len(chosen.stages) != 1:
            raise ActRefused(
                "say which connection ended them", code="keuze", advice="choose one connection (--connection)"
            )
        if inbound and wanted.mode is not PlanMode.RAW:
            raise ActRefused(
                "at this connection messages come in: they can only be read again",
                code="vorm",
                advice="replay from the message (--from bericht), or choose the connection that delivers",
            )

    def _inbound(self) -> set[str]:
        return {name for name, each in self._connections.items() if each.direction is Direction.INBOUND}

    def _limits(self, now: datetime, *, everything: bool) -> PlanLimits:
        return PlanLimits(
            items_max=policy.PLAN_ITEMS_MAX,
            replays_max=policy.PLAN_REPLAYS_MAX,
            bus_since=now - timedelta(seconds=policy.BUS_RETENTION_S),
            all_from=None if everything else policy.PLAN_EVERYTHING_FROM,
        )

    def _act(self, plan_id: str, act: str, by: str, reason: str, detail: Mapping[str, object]) -> OperatorAct:
        said = orjson.dumps(detail).decode()
        return OperatorAct("", act, by, reason, self._clock.now(), on=f"plan:{plan_id}", detail=said)


def _said(chosen: Selection) -> dict[str, object]:
    """Tell for the audit what was chosen: of long lists of ids only how many."""
    said = {name: value for name, value in chosen._asdict().items() if value}
    return {
        name: len(value) if isinstance(value, tuple) and len(value) > policy.LIST_MAX else value
        for name, value in said.items()
    }


def _claims(value: bytes) -> list[Claim]:
    found: list[Claim] = []

    def note(claim: Claim) -> bytes:
        found.append(claim)
        return b""

    restore(value, note)
    return found


def _new_id() -> str:
    return uuid.uuid4().hex[:_ID_CHARS]


def _limit(reason: str) -> ActRefused:
    return ActRefused(reason, code="grens", advice="ask for less")


def _nothing(chosen: Selection) -> ActRefused:
    if chosen.state is Selected.FAILED:
        advice = (
            "see what failed: zaakhub failures list; what the target took and refused later is chosen as afgeleverd"
        )
    else:
        advice = "see what went on: zaakhub search; a plan is of messages that the hub still knows"
    return ActRefused("nothing that can be sent again is like that", code="niets", advice=advice)
