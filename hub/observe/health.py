"""Health: whether this process is alive, and whether it may be given work.

It knows how to ask parts by name and to stop waiting. It refuses to know what a part is: `hub.app` registers checks.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from enum import StrEnum
from typing import NamedTuple

Check = Callable[[], Awaitable[bool]]


class Condition(StrEnum):
    """What a check found."""

    OK = "ok"
    DOWN = "down"
    SLOW = "slow"


class Report(NamedTuple):
    """All checks together; `ok` when every one is."""

    ok: bool
    checks: dict[str, Condition]


class Health:
    """Checks by name. `timeout_s` bounds each: a part that does not answer is not well."""

    def __init__(self, *, timeout_s: float) -> None:
        self._timeout_s = timeout_s
        self._live: dict[str, Check] = {}
        self._ready: dict[str, Check] = {}

    def add_ready(self, name: str, check: Check) -> None:
        """Add a part without which no work is to be given (bus, ledger). Name it once."""
        assert name not in self._ready
        self._ready[name] = check

    def add_live(self, name: str, check: Check) -> None:
        """Add a part whose failure only a restart mends (a worker loop that ended). Name it once."""
        assert name not in self._live
        self._live[name] = check

    async def live(self) -> Report:
        """Say whether the process should be left running."""
        return await self._report(self._live)

    async def ready(self) -> Report:
        """Say whether the process may be given work: everything of `live` too."""
        return await self._report({**self._live, **self._ready})

    async def _report(self, checks: dict[str, Check]) -> Report:
        found = await asyncio.gather(*(self._ask(check) for check in checks.values()))
        return Report(all(one is Condition.OK for one in found), dict(zip(checks, found, strict=True)))

    async def _ask(self, check: Check) -> Condition:
        try:
            async with asyncio.timeout(self._timeout_s):
                return Condition.OK if await check() else Condition.DOWN
        except TimeoutError:
            return Condition.SLOW
        except Exception:  # noqa: BLE001 - a check that breaks has found its part unwell, whatever it raised
            return Condition.DOWN
