"""Of the zaken that a stage tried lately, how many failed. Pure, and bounded.

Zaken are counted and not messages, each by its last try, so that one broken zaak with a hundred messages is one.
"""

from __future__ import annotations

import math
from collections import OrderedDict

from hub.config.policy import ConnectionPolicy


class Tally:
    """Remembers the last zaken: as many as it takes for `pause_after` of them to be the `pause_ratio`."""

    def __init__(self, limits: ConnectionPolicy) -> None:
        self._after = limits.pause_after
        self._window_s = limits.pause_window_s
        self._zaken_max = math.ceil(limits.pause_after / limits.pause_ratio)
        self._zaken: OrderedDict[str, tuple[float, bool]] = OrderedDict()

    def add(self, zaak: str, *, failed: bool, now_s: float) -> None:
        """Note how a try of a zaak ended."""
        self._zaken.pop(zaak, None)
        self._zaken[zaak] = (now_s, failed)
        if len(self._zaken) > self._zaken_max:
            self._zaken.popitem(last=False)

    def too_many(self, now_s: float) -> tuple[int, int] | None:
        """Say how many of how many failed, when that is too many; else None."""
        recent = [failed for at, failed in self._zaken.values() if now_s - at <= self._window_s]
        return (sum(recent), len(recent)) if sum(recent) >= self._after else None

    def clear(self) -> None:
        """Begin anew."""
        self._zaken.clear()
