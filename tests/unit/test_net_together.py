"""Calls beside each other: in their order, a few at a time, and the first failure ends the rest."""

from __future__ import annotations

import asyncio
from functools import partial

import pytest

from hub.net.together import together


async def test_what_comes_of_each_stands_in_order_and_no_more_are_out_than_allowed() -> None:
    """The slowest first makes no difference to the order."""
    out: list[int] = []
    most: list[int] = []

    async def work(number: int) -> int:
        out.append(number)
        most.append(len(out))
        await asyncio.sleep(0.001 * (10 - number))
        out.remove(number)
        return number

    assert await together([partial(work, number) for number in range(10)], at_once=3) == list(range(10))
    assert max(most) == 3


async def test_the_first_failure_ends_the_rest() -> None:
    """Nothing goes on behind the back of who asked."""
    ended: list[str] = []

    async def fails() -> None:
        await asyncio.sleep(0)
        raise ValueError("the first")

    async def waits() -> None:
        try:
            await asyncio.sleep(60)
        finally:
            ended.append("cancelled")

    with pytest.raises(ValueError, match="the first"):
        await together([waits, fails, waits], at_once=3)

    assert ended == ["cancelled", "cancelled"]
