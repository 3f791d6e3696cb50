"""Replay plans."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from pydantic import Field

from hub.config import policy
from hub.console.models.wire import Id, Instant, Name, Reason, Told, Wire
from hub.desk.plan.plans import Command
from hub.ledger.plans import PlanItemState, PlanMode, PlanState, Selected, Superseded


class Selection(Told):
    """Which messages. All given criteria must hold; one at least must be given."""

    failures: Annotated[list[Id], Field(max_length=10_000)] = []
    groups: Annotated[list[Id], Field(max_length=1_000)] = []
    stage: Name | None = None
    zaak: Name | None = None
    kind: Name | None = None
    code: Name | None = None
    state: Selected = Selected.FAILED
    since: Instant | None = None
    until: Instant | None = None
    text: Annotated[str, Field(max_length=200)] | None = None
    """Part of the reason of the failure."""


class PlanRequest(Told):
    """Freeze a plan. Nothing is sent before it is started."""

    selection: Selection
    mode: PlanMode = PlanMode.EVENT
    superseded: Superseded = Superseded.SKIP
    ramp: Annotated[list[Annotated[int, Field(ge=1)]], Field(max_length=10)] = [1, 10, 100]
    """Messages per step; after the last step come all."""
    per_minute: Annotated[int, Field(ge=1, le=policy.PLAN_PER_MINUTE_MAX)] = 600
    stop_at: Annotated[float, Field(ge=0.0, le=1.0)] = 0.05
    """Ratio of failures in a step at which the plan pauses itself."""
    redirect: Name | None = None
    """Another outbound connection that gets them instead."""
    everything: bool = False
    """Who asks knows that it is all that failed, or a great part of it."""
    reason: Reason


class PlanView(Wire):
    """A plan, what it would do, and how far it is."""

    id: str
    state: PlanState
    state_reason: str
    """Why it is paused or cancelled: a person's reason, or that too much failed."""
    made_by: str
    made_at: datetime
    reason: str
    approved_by: str
    needs_approval: bool
    mode: PlanMode
    superseded: Superseded
    redirect: str | None
    ramp: list[int]
    step: int
    """The step it is in, from 0; `len(ramp)` is the last: all."""
    per_minute: int
    stop_at: float
    count: int
    zaken: int
    targets: dict[str, int]
    kinds: dict[str, int]
    oldest_at: datetime | None
    newest_at: datetime | None
    superseded_count: int
    gone_count: int
    """Messages whose content is not there any more: they are not replayed."""
    taken_along: int
    """Messages that were not selected but wait in front of one that was: order holds."""
    minutes_expected: float
    states: dict[PlanItemState, int]
    again_of: str | None
    """The plan whose failed messages this one has."""
    changed_at: datetime


class PlanItemView(Wire):
    """One message of a plan, and what came of it."""

    number: int
    stage: str
    zaak: str
    message: str
    kind: str
    failure: str
    state: PlanItemState
    superseded: bool
    taken_along: bool
    note: str
    released_at: datetime | None
    ended_at: datetime | None


class PlanCommand(Told):
    """Start, pause, resume, cancel or approve a plan, or make a new one of what failed in it."""

    command: Command
    reason: Reason
