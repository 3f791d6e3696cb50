"""What a source allows one key, as one process keeps to it: a few requests are taken from a store that all share.

It takes as many as it needs for a part of a second, waits a moment for its turn, and refuses what would take longer.
While the store is down or slow it keeps to its own part of the limit, as if the hub had ALLOWANCE_PARTS processes. It
refuses to know how the store counts (`hub.ledger.allowances`).
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import NamedTuple, Protocol

import structlog

from hub.clock import AMSTERDAM, Clock
from hub.config.policy import (
    ALLOWANCE_AGAIN_S,
    ALLOWANCE_LEASE_MAX,
    ALLOWANCE_LEDGER_S,
    ALLOWANCE_PARTS,
    ALLOWANCE_SHUT_S,
    ALLOWANCE_SLOTS_PER_S,
    ALLOWANCE_WAIT_S,
    RETRY_AFTER_S_MAX,
)
from hub.config.target import Limits
from hub.errors import HubUnavailable, TargetUnavailable

log = structlog.get_logger()

CODE = "limiet"


class Lease(NamedTuple):
    """Requests that may go, until then. With no `tokens` there are none before `until`. `day_left` is after these."""

    tokens: int
    until: datetime
    day_left: int | None = None


class Leasing(Protocol):
    """What all processes share (the ledger). Raises HubUnavailable."""

    async def lease_tokens(self, name: str, limits: Limits, *, wanted: int, owed: int = 0) -> Lease:
        """Take at most `wanted` tokens, and count what is `owed` of this day beside: below zero it is given back."""
        ...

    async def shut_allowance(self, name: str, until: datetime) -> None:
        """Give out no tokens until then, to nobody."""
        ...


class Allowance:
    """See the module. One for each client; those of the same `name` share the limits of one key."""

    def __init__(self, leasing: Leasing, *, name: Callable[[], str], limits: Limits, clock: Clock) -> None:
        """Take what gives the `name`: it is made with a key of the hub, which a command that asks nothing needs not."""
        self._leasing = leasing
        self._name = name
        self._limits = limits
        self._clock = clock
        self._lock = asyncio.Lock()
        self._waiting = 0
        self._tokens = 0
        self._used = 0
        self._until = self._closed_until = clock.now()
        self._day = self._today()
        self._day_left = limits.per_day
        self._owed = 0
        self._alone_until = clock.monotonic()
        self._alone_left: int | None = None
        self._alone_sent: deque[float] = deque()

    async def take(self) -> None:
        """Take leave for one request; raises TargetUnavailable when it would have to wait long for its turn."""
        give_up_at = self._clock.monotonic() + ALLOWANCE_WAIT_S
        self._waiting += 1
        try:
            while not self._ready():
                async with self._lock:
                    wait_s = 0.0 if self._ready() else await self._refill()
                if wait_s > 0 or not self._ready():
                    if self._clock.monotonic() + wait_s > give_up_at:
                        raise _used_up(wait_s)
                    await self._clock.sleep(wait_s)
            self._tokens -= 1
            self._used += 1
        finally:
            self._waiting -= 1

    async def refused(self, wait_s: float | None) -> None:
        """Say that the source refused a request as one too many: nobody asks it anything for so long."""
        asked = ALLOWANCE_SHUT_S if wait_s is None else wait_s
        shut_s = min(max(asked, ALLOWANCE_SHUT_S), RETRY_AFTER_S_MAX)
        until = self._clock.now() + timedelta(seconds=shut_s)
        self._closed_until = max(self._closed_until, until)
        try:
            async with asyncio.timeout(ALLOWANCE_LEDGER_S):
                await self._leasing.shut_allowance(self._name(), until)
        except (HubUnavailable, TimeoutError):
            self._go_alone()  # the others find out by a 429 of their own

    def _ready(self) -> bool:
        now = self._clock.now()
        return self._tokens > 0 and now < self._until and now >= self._closed_until

    async def _refill(self) -> float:
        """See that there are tokens; give how long to wait when there are none, in seconds."""
        now = self._clock.now()
        if now < self._closed_until:
            return (self._closed_until - now).total_seconds()
        wanted, owed = self._wanted(now), self._settled()
        if self._clock.monotonic() < self._alone_until:
            self._owed = owed
            return self._by_itself(now)
        # Until the store answers it may have counted this or not, also when the asker goes away meanwhile: what was
        # used is counted twice sooner than not at all.
        self._owed = max(owed, 0)
        try:
            async with asyncio.timeout(ALLOWANCE_LEDGER_S):
                lease = await self._leasing.lease_tokens(self._name(), self._limits, wanted=wanted, owed=owed)
        except (HubUnavailable, TimeoutError):
            self._go_alone()
            return self._by_itself(now)
        self._owed, self._alone_left, self._day_left = 0, None, lease.day_left
        if lease.tokens and (now := self._clock.now()) >= lease.until:
            # A store that is slower than a slot gives what can't be used: each time anew, for nothing.
            self._owed = -lease.tokens
            self._go_alone()
            return self._by_itself(now)
        self._tokens, self._used, self._until = lease.tokens, 0, lease.until
        if lease.tokens == 0:
            self._closed_until = max(self._closed_until, lease.until)
        return max(0.0, (self._closed_until - self._clock.now()).total_seconds())

    def _wanted(self, now: datetime) -> int:
        """Say how many to take: for who waits, and as many as the last ones that were taken a moment ago."""
        lately = self._used if now - self._until < timedelta(seconds=1) else 0
        most = self._limits.per_second
        return min(self._waiting + lately, ALLOWANCE_LEASE_MAX if most is None else max(1, most // 2))

    def _settled(self) -> int:
        """Give what the store is to count of this day beside what it gave: what is left is given back."""
        if (today := self._today()) != self._day:
            self._day, self._day_left, self._alone_left = today, self._limits.per_day, None
            owed = 0
        else:
            owed = self._owed - self._tokens
        self._owed = self._tokens = 0
        return owed

    def _go_alone(self) -> None:
        self._alone_until = self._clock.monotonic() + ALLOWANCE_AGAIN_S
        log.warning("limits_kept_alone", bucket=self._name(), for_s=ALLOWANCE_AGAIN_S)

    def _by_itself(self, now: datetime) -> float:
        """Take one token of the part of this process; give how long to wait when it is used up."""
        if self._day_left is not None:
            if self._alone_left is None:
                self._alone_left = self._day_left // ALLOWANCE_PARTS
            if self._alone_left == 0:
                return (next_day(now) - now).total_seconds()
        at = self._clock.monotonic()
        if self._limits.per_second is not None:
            at_once = max(1, self._limits.per_second // ALLOWANCE_PARTS)
            within_s = max(1.0, ALLOWANCE_PARTS * at_once / self._limits.per_second)
            while self._alone_sent and at - self._alone_sent[0] >= within_s:
                self._alone_sent.popleft()
            if len(self._alone_sent) >= at_once:
                return self._alone_sent[0] + within_s - at
            self._alone_sent.append(at)
        if self._alone_left is not None:
            self._alone_left -= 1
        self._owed += 1
        self._tokens, self._used, self._until = 1, 0, now + timedelta(seconds=1 / ALLOWANCE_SLOTS_PER_S)
        return 0.0

    def _today(self) -> date:
        return self._clock.now().astimezone(AMSTERDAM).date()


def next_day(now: datetime) -> datetime:
    """Give the next midnight in the Netherlands, where the sources count their days."""
    today = now.astimezone(AMSTERDAM).replace(hour=0, minute=0, second=0, microsecond=0, fold=0)
    return (today + timedelta(days=1)).astimezone(now.tzinfo)


def _used_up(wait_s: float) -> TargetUnavailable:
    return TargetUnavailable(
        "the hub has asked as much of the source as that allows for now",
        code=CODE,
        retry_after_s=wait_s,
        asked=False,
        advice="nothing: ask again later; target.limits of the connection says how much the source allows",
    )
