"""Lists of the Catalogi API in memory: for a while, and read once however many ask at the same time.

It knows keys, ages and who waits for what. It refuses to know what is in a list, and reads no clock: each attempt
brings its own time.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Hashable
from datetime import datetime, timedelta
from typing import Any, NamedTuple, TypeVar

from adapters.zgw.recent import Recent
from hub.config.policy import CATALOGUE_LISTS_MAX, CATALOGUE_MISS_S

T = TypeVar("T")
Found = TypeVar("Found")


class _Entry(NamedTuple):
    reading: asyncio.Task[Any]
    asked_at: datetime


class Lists:
    """See the module."""

    def __init__(self, *, ttl_s: float) -> None:
        self._ttl_s = ttl_s
        self._entries: Recent[Hashable, _Entry] = Recent(CATALOGUE_LISTS_MAX)

    async def find(
        self,
        key: Hashable,
        read: Callable[[], Awaitable[list[T]]],
        match: Callable[[list[T]], Found | None],
        *,
        now: datetime,
    ) -> tuple[Found | None, list[T]]:
        """Look for something in a list: what is not in a list of some age is looked for once more in a fresh one."""
        rows = await self.read(key, read, now=now)
        found = match(rows)
        if found is None:
            rows = await self.read(key, read, now=now, fresh=True)
            found = match(rows)
        return found, rows

    async def read(
        self, key: Hashable, read: Callable[[], Awaitable[list[T]]], *, now: datetime, fresh: bool = False
    ) -> list[T]:
        """Give a list, from memory when it is young enough; `fresh` asks for one of a few seconds at most."""
        age_max_s = CATALOGUE_MISS_S if fresh else self._ttl_s
        entry = self._entries.get(key)
        if entry is None or (entry.reading.done() and now - entry.asked_at >= timedelta(seconds=age_max_s)):
            entry = _Entry(asyncio.ensure_future(_coroutine(read)), now)
            entry.reading.add_done_callback(lambda task: self._forget_failure(key, task))
            self._entries.put(key, entry)
        # Shielded: one who gives up must not take the list away from the others who wait for it.
        rows: list[T] = await asyncio.shield(entry.reading)
        return rows

    def _forget_failure(self, key: Hashable, task: asyncio.Task[Any]) -> None:
        entry = self._entries.get(key)
        failed = task.cancelled() or task.exception() is not None
        if failed and entry is not None and entry.reading is task:
            self._entries.drop(key)


async def _coroutine(read: Callable[[], Awaitable[list[T]]]) -> list[T]:
    return await read()
