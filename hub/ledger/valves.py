"""Pauses in the ledger: which stages are shut, by whom and why, so that every worker knows and a restart forgets none.

A stage has at most one pause of each kind. It refuses to know maintenance windows: those stand in a connection.yaml.
"""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import NamedTuple, Protocol

from hub.ledger.entries import OperatorAct


class PauseKind(StrEnum):
    """Who shut it."""

    PERSON = "mens"
    HUB = "zaakhub"  # too much failed; it opens by a probe


class Pause(NamedTuple):
    """A stage is shut. Nothing personal in `reason`.

    `until` is when a person's pause ends by itself. Of a pause of the hub `probe_at` is when the next probe may go, and
    `probes` counts those that went; `since` names the pause, so that nobody ends another one than they mean.
    """

    stage: str
    kind: PauseKind
    by: str
    reason: str
    since: datetime
    until: datetime | None = None
    probe_at: datetime | None = None
    probes: int = 0


class Valving(Protocol):
    """The part of the ledger that is about pauses."""

    async def pauses(self) -> list[Pause]:
        """Give the pauses of all stages; one whose `until` has passed stays in it until somebody ends it."""
        ...

    async def pause(self, pause: Pause, act: OperatorAct) -> bool:
        """Shut a stage, and remember who and why; give whether that is so by this pause.

        A person's pause takes the place of an earlier one of a person. A pause of the hub does not: of several workers
        that see the same failures the first shuts the stage.
        """
        ...

    async def end_pause(self, pause: Pause, act: OperatorAct) -> bool:
        """End a pause and remember who and why; give whether it was there still, with the same `since`."""
        ...

    async def claim_probe(self, pause: Pause, now: datetime, probe_at: datetime) -> bool:
        """Take the right to send the one probe that is due `now`; the next is due at `probe_at`.

        Give whether it is ours: not when another worker was first, when it is not due, and when the pause is over.
        """
        ...

    async def probe_failed(self, pause: Pause, probe_at: datetime) -> None:
        """Say when the next probe may go, after one that did not; nothing happens when the pause is over."""
        ...
