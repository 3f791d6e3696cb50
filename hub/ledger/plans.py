"""Replay plans in the ledger: what is to be sent again, and how far that is.

A plan is frozen first: its items are written down, and nothing is sent. How one is run is in `plan_turns`. The ledger
keeps; what goes when is for `hub.desk.plan`.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from enum import StrEnum
from typing import NamedTuple, Protocol

from hub.ledger.entries import OperatorAct, Place

COPY_MARK = "~"
"""Between the id of a message and that of the plan, in the id of the copy that is sent again; no id of ours has it."""

OVERTAKEN = "a newer message of this zaak was delivered"
"""Why a message is not sent again that would undo a later one."""


class PlanState(StrEnum):
    """Where a replay plan stands."""

    FROZEN = "bevroren"
    RUNNING = "loopt"
    PAUSED = "gepauzeerd"
    CANCELLED = "geannuleerd"
    DONE = "klaar"


class PlanMode(StrEnum):
    """From which shape messages are replayed."""

    RAW = "bericht"  # read and mapped again, by the mappings of now
    EVENT = "gebeurtenis"  # the event as it is, by the mapping of now
    REQUEST = "verzoek"  # the same request, byte for byte


class Superseded(StrEnum):
    """What is done with a message when a newer one of its zaak was delivered already."""

    SKIP = "overslaan"
    REPLAY = "herhalen"
    REAPPLY = "opnieuw-toepassen"  # replay, and the later ones after it


class PlanItemState(StrEnum):
    """Where one message of a plan stands."""

    WAITING = "wacht"
    RELEASED = "onderweg"
    DELIVERED = "afgeleverd"
    FAILED = "mislukt"
    SKIPPED = "overgeslagen"
    GONE = "inhoud-weg"
    NOT_DONE = "niet-gedaan"  # the plan did not come to it


class LaneState(StrEnum):
    """Where a zaak of a plan stands."""

    FROZEN = "bevroren"
    FREE = "vrij"  # its next message may go
    FLYING = "onderweg"
    STOPPED = "gestopt"  # one failed: the later ones are not done
    DONE = "klaar"


class Origin(StrEnum):
    """What is sent again: what stands in a queue, or a copy of what ended or goes elsewhere."""

    PARKED = "geparkeerd"
    COPY = "kopie"


class Selected(StrEnum):
    """What is chosen to be sent again."""

    FAILED = "mislukt"  # it waits because it failed
    DELIVERED = "afgeleverd"
    DROPPED = "vervallen"


class Selection(NamedTuple):
    """Which messages. All criteria that are given must hold; what is empty or None is no criterion.

    `failures` and `groups` are whole ids. `since` and `until` (not itself) are about the last attempt, of what ended
    about its end, of messages as they came in about when they were accepted. `text` is part of the reason of a failure.
    """

    state: Selected = Selected.FAILED
    failures: tuple[str, ...] = ()
    groups: tuple[str, ...] = ()
    stages: tuple[str, ...] = ()
    zaak: str = ""
    kind: str = ""
    code: str = ""
    since: datetime | None = None
    until: datetime | None = None
    text: str = ""


class Plan(NamedTuple):
    """A plan: what was asked, what was found, how far it is.

    `stop_at` is per million; `targets` and `kinds` count items. The counts from `waiting` on are of items by state.
    `paced_at` is up to when its rate is used up. `again_of` is the plan whose rest this one is. `made_by` is a name for
    people, `made_by_id` who it is. `sources` are the connections that its messages are of: with `redirect` others than
    its targets.
    """

    id: str
    state: PlanState
    state_reason: str
    made_by: str
    made_at: datetime
    reason: str
    approved_by: str
    needs_approval: bool
    mode: PlanMode
    superseded: Superseded
    redirect: str
    ramp: tuple[int, ...]
    per_minute: int
    stop_at: int
    again_of: str
    step: int = 0
    step_released: int = 0
    step_delivered: int = 0
    step_failed: int = 0
    total: int = 0
    zaken: int = 0
    targets: Mapping[str, int] = {}
    kinds: Mapping[str, int] = {}
    oldest_at: datetime | None = None
    newest_at: datetime | None = None
    superseded_count: int = 0
    taken_along: int = 0
    expected_s: int = 0
    waiting: int = 0
    released: int = 0
    delivered: int = 0
    failed: int = 0
    skipped: int = 0
    gone: int = 0
    not_done: int = 0
    holder: str = ""
    leased_until: datetime | None = None
    paced_at: datetime | None = None
    changed_at: datetime | None = None
    made_by_id: str = ""
    sources: tuple[str, ...] = ()

    @property
    def states(self) -> dict[PlanItemState, int]:
        """Count the items by state."""
        counts = self.waiting, self.released, self.delivered, self.failed, self.skipped, self.gone, self.not_done
        return dict(zip(PlanItemState, counts, strict=True))


class PlanItem(NamedTuple):
    """One message of a plan.

    `item_id` at `source` names the message, `entry_id` at `stage` what stands in the queue for it. `place` is where its
    record lies on the bus. `note` says why it ended as it did, without anything of its content.
    """

    number: int
    stage: str
    lane: str
    item_id: str
    source: str
    entry_id: str
    failure_id: str
    kind: str
    origin: Origin
    state: PlanItemState
    superseded: bool
    taken_along: bool
    note: str
    place: Place
    at: datetime
    released_at: datetime | None
    ended_at: datetime | None


class Found(NamedTuple):
    """What a plan would do, as it is frozen: counts of items with the same state, origin, stage, source and kind."""

    state: PlanItemState
    origin: Origin
    stage: str
    source: str
    kind: str
    items: int
    oldest_at: datetime
    newest_at: datetime
    superseded: int
    taken_along: int


class Frozen(NamedTuple):
    """What was found: `longest` is the number of items of the zaak with the most of them.

    `chosen` counts the failures among the items that were asked for, not what comes along with them.
    """

    counts: Sequence[Found]
    zaken: int
    longest: int
    chosen: int


class PlanLimits(NamedTuple):
    """What a plan is frozen within. Records from before `bus_since` are not on the bus any more."""

    items_max: int
    replays_max: int
    bus_since: datetime
    all_from: int | None = None
    """From how many on a plan may not be of everything that failed; None when it may."""


class Message(NamedTuple):
    """Where a message lies that came in at a connection."""

    connection: str
    kind: str
    place: Place


class Planning(Protocol):
    """The part of the ledger that people make and command plans with."""

    async def freeze(
        self, plan: Plan, chosen: Selection, limits: PlanLimits, act: OperatorAct, *, raw: Collection[str] = ()
    ) -> Frozen | None:
        """Write a plan and its items down; give what was found. None, and nothing is kept, when that is nothing.

        What failed is taken with the whole queue of its zaak. What ended is taken as copies, from the deliveries of
        `chosen.stages`; from the messages that came in where these are inbound (`raw`). With `plan.redirect` everything
        is a copy for that stage, and what is parked stays as it is. With PlanMode.RAW events are those that a message
        can be found for; `raw` names the stages whose items are messages themselves.

        Not sent again is what is superseded (Superseded.SKIP), what was sent again as often as it may be, what is gone,
        and what waits behind something of its zaak that is not sent again.

        Raises ActRefused when there are more items than there may be, it is all that failed and may not be, or another
        plan has one of the zaken.
        """
        ...

    async def freeze_again(
        self, plan: Plan, limits: PlanLimits, act: OperatorAct, *, raw: Collection[str] = ()
    ) -> Frozen | None:
        """Write down a plan of what failed in `plan.again_of`, or was not done, as far as that still waits."""
        ...

    async def plan_claims(self, plan_id: str, after: int, limit: int) -> list[tuple[int, bytes]]:
        """Give number and content of items, in order, whose content names a document in the payload store."""
        ...

    async def plan_gone(self, plan_id: str, numbers: Sequence[int], note: str) -> Frozen:
        """Note that the content of these items of a frozen plan is gone; give what it would do now."""
        ...

    async def plan_ready(self, plan_id: str, *, expected_s: int, needs_approval: bool) -> None:
        """Say how long a frozen plan is expected to take, and whether a second person must approve it.

        A plan of which this was not said yet can't be started.
        """
        ...

    async def plan(self, plan_id: str) -> Plan | None:
        """Give a plan; an unambiguous beginning of its id of at least 4 characters will do."""
        ...

    async def plans(self, *, before: tuple[datetime, str] | None = None, limit: int = 100) -> list[Plan]:
        """List plans, newest first; `before` goes on behind the (made_at, id) of an earlier list."""
        ...

    async def plan_items(
        self, plan_id: str, *, state: PlanItemState | None = None, after: int = 0, limit: int = 100
    ) -> list[PlanItem]:
        """List items of a plan by number; `after` goes on behind a number."""
        ...

    async def approve_plan(self, plan_id: str, act: OperatorAct) -> None:
        """Approve a frozen plan in the name of `act.by`; raises ActRefused when it is not (any more), or approved."""
        ...

    async def start_plan(self, plan_id: str, act: OperatorAct) -> None:
        """Let a frozen plan run: what it has is held in its queues until the plan comes to it, copies go before it.

        What was overtaken since it was frozen is not sent either (Superseded.SKIP). Raises ActRefused when it is not
        frozen (any more), waits for approval, another plan has one of its zaken, or it lacks later messages that are
        to go after its own (Superseded.REAPPLY).
        """
        ...

    async def pause_plan(self, plan_id: str, act: OperatorAct) -> None:
        """Let nothing more go of a running plan; raises ActRefused when it does not run."""
        ...

    async def resume_plan(self, plan_id: str, act: OperatorAct) -> None:
        """Let a paused plan run again; its step counts failures anew. Raises ActRefused when it is not paused."""
        ...

    async def cancel_plan(self, plan_id: str, act: OperatorAct) -> None:
        """End a plan: what was not let go is what it was before; a plan that was not started has nothing to give back.

        Raises ActRefused when it has ended.
        """
        ...

    async def plan_of_lane(self, stage: str, lane: str) -> str | None:
        """Give the plan that has a zaak at a stage."""
        ...

    async def message_of(self, message_id: str) -> Message | None:
        """Give where the message lies that became an event."""
        ...
