"""Calls beside each other, a few at a time.

It knows how many are out at once. It refuses to know what they ask.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterable
from typing import TypeVar

T = TypeVar("T")


async def together(works: Iterable[Callable[[], Awaitable[T]]], *, at_once: int) -> list[T]:
    """Do works and give what comes of each, in their order; the first failure ends the rest, and is raised."""
    permits = asyncio.Semaphore(at_once)

    async def one(work: Callable[[], Awaitable[T]]) -> T:
        async with permits:
            return await work()

    tasks = [asyncio.create_task(one(each)) for each in works]
    try:
        return list(await asyncio.gather(*tasks))
    except BaseException:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        raise
