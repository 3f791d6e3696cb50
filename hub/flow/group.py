"""Many callers, one call: what waits while a group is on its way goes together in the next one.

One transaction, one flush and one commit per group, never per message, is what the throughput of the hub rests on;
a caller that finds nobody waiting pays no delay for it.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import Generic, TypeVar

T = TypeVar("T")
R = TypeVar("R")


class Group(Generic[T, R]):
    """Gathers single items for `call`, which answers one result per item, in order, or raises for all of them."""

    def __init__(
        self, call: Callable[[Sequence[T]], Awaitable[Sequence[R]]], *, size_max: int, at_once: int = 1
    ) -> None:
        """Take how many go in one call, and how many calls may be out: a second one begins when a whole group waits."""
        self._call = call
        self._size_max = size_max
        self._waiting: list[tuple[T, asyncio.Future[R]]] = []
        self._at_once = at_once
        self._working: set[asyncio.Task[None] | None] = set()

    async def __call__(self, item: T) -> R:
        """Give the result for this item.

        A caller that is cancelled does not take its item back: the call may be on its way.
        """
        answer: asyncio.Future[R] = asyncio.get_running_loop().create_future()
        self._waiting.append((item, answer))
        if not self._working or (len(self._waiting) > self._size_max and len(self._working) < self._at_once):
            self._working.add(asyncio.create_task(self._work()))
        return await answer

    def __len__(self) -> int:
        """Count the items that wait for the next group."""
        return len(self._waiting)

    async def _work(self) -> None:
        try:
            while self._waiting:
                group = self._waiting[: self._size_max]
                del self._waiting[: self._size_max]
                await self._settle(group)
        finally:
            # At once, and not when the task is found to have ended: who comes in between would wait for nobody.
            self._working.discard(asyncio.current_task())

    async def _settle(self, group: list[tuple[T, asyncio.Future[R]]]) -> None:
        try:
            answers = await self._call([item for item, _ in group])
        except Exception as error:  # noqa: BLE001 - whatever it is, every caller must hear it
            for _, answer in group:
                if not answer.done():
                    answer.set_exception(error)
            return
        for (_, answer), result in zip(group, answers, strict=True):
            if not answer.done():
                answer.set_result(result)
