"""How many messages went on and how many failed lately. It knows a clock and counts; it keeps no more than it needs."""

from __future__ import annotations

from collections import deque
from typing import NamedTuple

from hub.clock import Clock
from hub.config.policy import VITALS_EVERY_S, VITALS_WINDOW_S


class Counted(NamedTuple):
    """What happened in the last `window_s` seconds: fewer than were asked for when the worker is younger than that."""

    went_on: int
    failed: int
    window_s: float


class _Slice:
    """Some seconds."""

    def __init__(self, at_s: float) -> None:
        self.at_s = at_s
        self.went_on = self.failed = 0


class Pulse:
    """Counts in slices of VITALS_EVERY_S, over VITALS_WINDOW_S."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._began_s = clock.monotonic()
        self._slices: deque[_Slice] = deque()

    def went_on(self) -> None:
        """Count a message that went on."""
        self._now().went_on += 1

    def failed(self) -> None:
        """Count one that failed."""
        self._now().failed += 1

    def counted(self) -> Counted:
        """Add up."""
        now_s = self._clock.monotonic()
        while self._slices and now_s - self._slices[0].at_s >= VITALS_WINDOW_S:
            self._slices.popleft()
        return Counted(
            sum(each.went_on for each in self._slices),
            sum(each.failed for each in self._slices),
            min(VITALS_WINDOW_S, now_s - self._began_s),
        )

    def _now(self) -> _Slice:
        now_s = self._clock.monotonic()
        if not self._slices or now_s - self._slices[-1].at_s >= VITALS_EVERY_S:
            self._slices.append(_Slice(now_s))
            if len(self._slices) > VITALS_WINDOW_S / VITALS_EVERY_S + 1:
                self._slices.popleft()
        return self._slices[-1]
