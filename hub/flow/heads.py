"""Which zaken are parked, as far as this worker knows, and where the first of each queue lay on the bus.

The ledger is the truth, and others change it too: operators and replay plans put records into queues and take them
out. What is wrong here is never harmful: a record of a zaak that is thought to be parked goes to the end of its queue,
and the ledger lets it go when there is none. What must not be missed is told with every batch that is taken up.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from hub.ledger.entries import Place


class _Known(NamedTuple):
    place: Place
    told: int


class Heads:
    """Heads of queues, by lane."""

    def __init__(self) -> None:
        self._known: dict[str, _Known] = {}
        self._told = 0

    def begin(self, parked: Mapping[str, Place]) -> None:
        """Know these and no others."""
        self._known.clear()
        self.learn(parked)

    def learn(self, parked: Mapping[str, Place]) -> None:
        """Know these too."""
        self._told += 1
        for lane, place in parked.items():
            self._known[lane] = _Known(place, self._told)

    def of(self, lane: str) -> Place | None:
        """Give the place of the head of a lane; None when nothing of it is parked."""
        known = self._known.get(lane)
        return known.place if known is not None else None

    def mark(self, lane: str) -> int:
        """Give what tells later whether something was learned of this lane meanwhile."""
        known = self._known.get(lane)
        return known.told if known is not None else 0

    def forget(self, lane: str, mark: int) -> bool:
        """Forget a lane that was found empty after `mark`; not when something was learned of it meanwhile."""
        if self.mark(lane) != mark:
            return False
        self._known.pop(lane, None)
        return True
