"""Initial loads: a file of which every line becomes a message of its own, and how far that is.

The lines themselves are not here. How far a load is, is counted from what stands of its messages: they are known by
what their references begin with.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple, Protocol

from hub.ledger.entries import OperatorAct


class Load(NamedTuple):
    """One load. Of the `lines` of its file `offered` are at the door; of these `wrong` hold no number.

    Nothing personal in `reason`.
    """

    id: str
    connection: str
    lines: int
    offered: int
    wrong: int
    begun_at: datetime
    begun_by: str
    reason: str

    @property
    def prefix(self) -> str:
        """What the references of its messages begin with."""
        return f"load-{self.id}/"


class LoadCounts(NamedTuple):
    """What became of the messages of a load: an event, nothing new, a failure that waits for a person or tries again.

    `waiting` have no failure of their own: they wait behind one of the same subject that does, or that a replay plan
    holds. `dropped` were given up by a person. `lately` became an event, or showed nothing new, since the moment asked
    about.
    """

    done: int = 0
    unchanged: int = 0
    failed: int = 0
    waiting: int = 0
    retrying: int = 0
    dropped: int = 0
    lately: int = 0

    @property
    def ended(self) -> int:
        """How many need nothing more of the hub: what failed, and what waits for that, is for a person."""
        return self.done + self.unchanged + self.failed + self.waiting + self.dropped


class Loading(Protocol):
    """The part of the ledger that is about initial loads."""

    async def begin_load(self, load: Load, acts: Sequence[OperatorAct] = ()) -> Load:
        """Keep a new load, and who began it; give it as it stands: one that was begun before is gone on with."""
        ...

    async def load_offered(self, load_id: str, *, offered: int, wrong: int) -> None:
        """Say how far a load is at the door; it never goes back."""
        ...

    async def loads(self, limit: int) -> list[Load]:
        """List loads, newest first."""
        ...

    async def load_counts(self, load: Load, *, since: datetime) -> LoadCounts:
        """Count what became of the messages of a load."""
        ...
