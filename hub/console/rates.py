"""How often something may be done by one person or from one address: a bucket of tokens for each.

It knows time and names that are given to it. It refuses to know what is done, and remembers in this process only: a
restart is no way around a limit that takes minutes to fill.
"""

from __future__ import annotations

import math
from collections import OrderedDict
from typing import NamedTuple

from hub.clock import Clock
from hub.config.policy import RATES_MAX


class Budget(NamedTuple):
    """How much may be done at once, how much of that is left, and after how many seconds all of it is again."""

    limit: int
    remaining: int
    reset_s: int


class Rate:
    """`burst` at once, and `per_s` after that, of each name."""

    def __init__(self, clock: Clock, *, burst: int, per_s: float) -> None:
        """Begin with full buckets."""
        self._clock = clock
        self._burst = burst
        self._per_s = per_s
        self._left: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def take(self, name: str) -> bool:
        """Take one token; False when there is none."""
        now = self._clock.monotonic()
        left, at = self._left.pop(name, (float(self._burst), now))
        left = min(self._burst, left + (now - at) * self._per_s)
        taken = left >= 1
        self._left[name] = (left - taken, now)
        while len(self._left) > RATES_MAX:
            self._left.popitem(last=False)
        return taken

    def left(self, name: str) -> Budget:
        """Say what is left."""
        now = self._clock.monotonic()
        left, at = self._left.get(name, (float(self._burst), now))
        left = min(self._burst, left + (now - at) * self._per_s)
        return Budget(self._burst, int(left), math.ceil((self._burst - left) / self._per_s))

    def forgive(self, name: str) -> None:
        """Fill the bucket: what was done turned out well."""
        self._left.pop(name, None)
