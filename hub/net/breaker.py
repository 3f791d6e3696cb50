"""Circuit breaker of one target: stop asking what does not answer, and find out cheaply when it does again.

    closed ── N failures in a row ──▶ open ── time passed ──▶ half open ── one request answers ──▶ closed
                                       ▲                          └────── it does not ────┐
                                       └──────────────────────────────────────────────────┘

It knows counts and time, by the clock it is given. It refuses to know what a failure is: the client tells it.
"""

from __future__ import annotations

from enum import StrEnum
from typing import NamedTuple

from hub.clock import Clock
from hub.errors import TargetUnavailable


class BreakerState(StrEnum):
    """Where a breaker stands; an open one lets nothing through, as with electricity."""

    CLOSED = "dicht"
    OPEN = "open"
    HALF_OPEN = "proef"  # one request may go, or is under way


class Permit(NamedTuple):
    """Leave to send one request; it is handed back with how that went. `probe`: the one request of half open."""

    probe: bool


class Breaker:
    """See the module. Every permit is handed back exactly once: `answered`, `failed` or `abandoned`."""

    def __init__(self, *, failures_max: int, open_s: float, clock: Clock) -> None:
        """Open after `failures_max` failures in a row, for `open_s` seconds."""
        self._failures_max = failures_max
        self._open_s = open_s
        self._clock = clock
        self._failures = 0
        self._opened_at: float | None = None
        self._probing = False

    @property
    def is_open(self) -> bool:
        """Say whether requests are held back (half open counts as open until the probe has answered)."""
        return self._opened_at is not None

    @property
    def state(self) -> BreakerState:
        """Say where it stands."""
        if self._opened_at is None:
            return BreakerState.CLOSED
        return BreakerState.HALF_OPEN if self._probing or self._wait_s() <= 0 else BreakerState.OPEN

    @property
    def room(self) -> int | None:
        """Say how many requests would get leave now: None is as many as come."""
        return None if self._opened_at is None else int(self._wait_s() <= 0 and not self._probing)

    def admit(self) -> Permit:
        """Give leave for one request; raises TargetUnavailable with the time to wait when the breaker is open."""
        if self._opened_at is None:
            return Permit(probe=False)
        wait_s = self._wait_s()
        if wait_s > 0 or self._probing:
            # While the probe is under way nobody knows: come back after another full period at the latest.
            raise TargetUnavailable(
                "the target did not answer several times in a row; it is left alone for a while",
                code="zekering",
                retry_after_s=wait_s if wait_s > 0 else self._open_s,
                asked=False,
                advice="nothing: the hub tries again by itself; see whether the target is up",
            )
        self._probing = True
        return Permit(probe=True)

    def answered(self, permit: Permit) -> None:
        """Record an answer: the target is there, whoever asked."""
        self._probing = self._probing and not permit.probe
        self._failures = 0
        self._opened_at = None

    def failed(self, permit: Permit) -> None:
        """Record that no answer came, or one that says that the target is down."""
        if permit.probe:
            self._probing = False
            self._opened_at = self._clock.monotonic()
            return
        self._failures += 1
        # A request that left before the breaker opened and fails late says nothing new.
        if self._opened_at is None and self._failures >= self._failures_max:
            self._opened_at = self._clock.monotonic()

    def abandoned(self, permit: Permit) -> None:
        """Record that the request was given up by our own doing: it says nothing of the target."""
        self._probing = self._probing and not permit.probe

    def _wait_s(self) -> float:
        assert self._opened_at is not None, "only an open breaker waits"
        return self._opened_at + self._open_s - self._clock.monotonic()
