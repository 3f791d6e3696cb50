"""Replay plans at work: whoever holds the lease of a plan lets items go, and writes down what came of each.

One turn is one `Move`, written whole or not at all, and only under the lease: a worker that was thought to be dead
changes nothing any more.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import NamedTuple, Protocol

from hub.ledger.entries import DeliveryState, WaitState
from hub.ledger.plans import Plan, PlanItem, PlanItemState, PlanState


class Picked(NamedTuple):
    """An item whose turn it is, and how it stands now; `waits` is None when it is in no queue (any more).

    `last_number` is that of the last item of its zaak. `overtaken`: it is a copy, and something newer of its zaak went
    on that the plan does not have; never where the plan sends such things all the same (Superseded.REPLAY).
    """

    item: PlanItem
    waits: WaitState | None
    attempts: int
    ended: DeliveryState | None
    last_number: int
    overtaken: bool = False


class Landed(NamedTuple):
    """A released item that has an outcome. `last_number` is that of the last item of its zaak."""

    item: PlanItem
    waits: WaitState | None
    ended: DeliveryState | None
    failure_id: str
    code: str
    last_number: int


class Settled(NamedTuple):
    """What became of an item. It was `before`: waiting or released."""

    number: int
    before: PlanItemState
    state: PlanItemState
    note: str = ""
    failure_id: str = ""


class Release(NamedTuple):
    """An item that may go. It is the `first` of those of its zaak that go now; `content` replaces value and headers.

    `base` is `base_of` the parked item that the content was made of: where that was corrected since, it stays so.
    """

    item: PlanItem
    attempts: int
    first: bool
    content: tuple[bytes, bytes] | None = None
    base: str = ""


class LaneMove(NamedTuple):
    """A zaak of which items go now (`flying`), or of which there was nothing to let go."""

    stage: str
    lane: str
    next_number: int
    flying_from: int
    flying: int


class LaneStop(NamedTuple):
    """A zaak that goes no further: its items `from_number` to `last_number` are not done."""

    stage: str
    lane: str
    from_number: int
    last_number: int
    note: str


class Step(NamedTuple):
    """What is counted of a step of the ramp; `on` is 1 when the next step begins."""

    released: int
    delivered: int
    failed: int
    on: int = 0


class Move(NamedTuple):
    """All that changes in one turn of who runs a plan. `landed` counts settled items that were released, per zaak."""

    settled: Sequence[Settled] = ()
    landed: Mapping[tuple[str, str], int] = {}
    releases: Sequence[Release] = ()
    lanes: Sequence[LaneMove] = ()
    stops: Sequence[LaneStop] = ()
    gone: Sequence[PlanItem] = ()
    """Copies that leave their queue because they can't be sent."""
    running: bool = False
    """Whether it is only for a plan that still runs: something of it is let go."""
    step: Step | None = None
    before: Step = Step(0, 0, 0)
    """The step as the plan had it when the turn began: somebody may have let it count anew meanwhile."""
    paced_at: datetime | None = None
    ends: tuple[PlanState, str] | None = None
    """The state that the plan comes to, and why; not when its step counts anew meanwhile."""


class Turning(Protocol):
    """The part of the ledger that runs plans."""

    async def plans_at_work(self, limit: int) -> list[Plan]:
        """Give the plans that run, or of which something is still under way."""
        ...

    async def hold_plan(self, plan_id: str, holder: str, *, until: datetime) -> Plan | None:
        """Take or renew the lease of a plan that is at work; None when another has it, or there is nothing to do."""
        ...

    async def landed(self, plan_id: str, limit: int) -> list[Landed]:
        """Give released items that have an outcome."""
        ...

    async def pick(self, plan_id: str, *, lanes: int, each: int) -> list[Picked]:
        """Give the next items of that many zaken whose turn it is, `each` at most of a zaak, in order."""
        ...

    async def overtaken(self, plan_id: str, stage: str, entry_id: str) -> bool:
        """Say whether a copy that a plan made would undo something newer that went on meanwhile (see `Picked`)."""
        ...

    async def move_plan(self, plan_id: str, holder: str, move: Move, *, until: datetime) -> bool:
        """Write a turn down and renew the lease; False, and nothing is changed, when the lease is not ours (any more).

        Items go only while the plan runs; without any a turn is written down also when it is paused or cancelled.
        A released item may be tried at once when it is the `first`, else it waits for the one before; where that left
        the queue at this very moment it is the first itself. Of a zaak that
        stops, what was not done is what it was before. When nothing is left to do the plan is done.
        """
        ...
