"""Many callers, one call; where it may, several calls beside each other."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

import pytest

from hub.flow.group import Group


class Source:
    """Keeps what it is called with, and answers when it is told to."""

    def __init__(self) -> None:
        self.calls: list[list[int]] = []
        self.goes = asyncio.Event()

    async def __call__(self, items: Sequence[int]) -> Sequence[int]:
        self.calls.append(list(items))
        await self.goes.wait()
        return [each * 10 for each in items]


async def _turns() -> None:
    for _ in range(10):
        await asyncio.sleep(0)


async def test_what_waits_while_a_call_is_out_goes_together_in_the_next() -> None:
    """Each gets its own answer."""
    source = Source()
    group = Group(source, size_max=20)
    first = asyncio.create_task(group(1))
    await _turns()
    others = [asyncio.create_task(group(number)) for number in (2, 3, 4)]
    await _turns()
    assert source.calls == [[1]]
    source.goes.set()

    assert [await each for each in (first, *others)] == [10, 20, 30, 40]
    assert source.calls == [[1], [2, 3, 4]]


async def test_whole_groups_go_beside_each_other_as_far_as_they_may() -> None:
    """A second call begins when more wait than go in one; never more than so many are out."""
    source = Source()
    group = Group(source, size_max=2, at_once=3)
    tasks = [asyncio.create_task(group(number)) for number in range(9)]
    await _turns()
    assert source.calls == [[0, 1], [2, 3], [4, 5]]
    source.goes.set()

    assert [await each for each in tasks] == [number * 10 for number in range(9)]
    assert source.calls[3:] == [[6, 7], [8]]


async def test_who_comes_when_the_last_call_has_just_ended_is_not_forgotten() -> None:
    """Nobody waits for a worker that is gone."""
    source = Source()
    source.goes.set()
    group = Group(source, size_max=2, at_once=2)
    for number in range(50):
        assert await asyncio.wait_for(group(number), 1) == number * 10


async def test_a_call_that_fails_fails_for_who_was_in_it() -> None:
    """And for nobody else."""

    async def call(items: Sequence[int]) -> Sequence[int]:
        await asyncio.sleep(0)
        if 1 in items:
            raise ValueError("one")
        return items

    group = Group(call, size_max=1, at_once=2)
    one, two = asyncio.create_task(group(1)), asyncio.create_task(group(2))

    assert await two == 2
    with pytest.raises(ValueError, match="one"):
        await one
