"""Lanes keep order per key; offsets are committed only up to the low-water mark."""

from __future__ import annotations

import asyncio

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.bus.contract import Partition
from hub.flow.group import Group
from hub.flow.order import Lanes, Offsets

P = Partition("t", 0)


async def test_jobs_of_one_key_run_in_order_and_never_together() -> None:
    """A lane is sequential, however many lanes run."""
    lanes = Lanes(in_flight_max=3)
    seen: list[tuple[str, int]] = []
    busy: set[str] = set()

    def job(key: str, number: int) -> None:
        async def run() -> None:
            assert key not in busy
            busy.add(key)
            await asyncio.sleep(0)
            seen.append((key, number))
            busy.discard(key)

        lanes.submit(key, run)

    for number in range(20):
        for key in "abcde":
            job(key, number)
    await lanes.drained()

    for key in "abcde":
        assert [n for k, n in seen if k == key] == list(range(20))
    assert lanes.backlog == 0


async def test_a_stuck_key_delays_no_other() -> None:
    """One broken zaak never delays another (promise 3)."""
    lanes = Lanes(in_flight_max=2)
    stuck, done = asyncio.Event(), asyncio.Event()

    async def finish() -> None:
        done.set()

    lanes.submit("stuck", lambda: _wait(stuck))
    lanes.submit("free", finish)
    await asyncio.wait_for(done.wait(), 5)
    stuck.set()
    await lanes.drained()


async def test_at_most_so_many_keys_are_at_work() -> None:
    """The bound holds for keys, not for jobs that wait."""
    lanes = Lanes(in_flight_max=2)
    gate = asyncio.Event()
    running = most = 0

    async def run() -> None:
        nonlocal running, most
        running += 1
        most = max(most, running)
        await gate.wait()
        running -= 1

    for key in range(10):
        lanes.submit(str(key), run)
    await asyncio.sleep(0)
    gate.set()
    await lanes.drained()

    assert most == 2


async def test_what_escapes_from_a_job_stops_the_lanes() -> None:
    """A job handles its own failures; anything else is a bug that must be seen."""
    lanes = Lanes(in_flight_max=1)

    async def broken() -> None:
        raise RuntimeError("bug")

    lanes.submit("a", broken)
    with pytest.raises(RuntimeError, match="bug"):
        await lanes.drained()
    with pytest.raises(RuntimeError, match="bug"):
        lanes.submit("b", broken)


async def test_cancelled_work_is_not_done_work() -> None:
    """After cancel nothing runs and nothing waits."""
    lanes = Lanes(in_flight_max=1)
    finished: list[str] = []

    async def slow() -> None:
        await asyncio.Event().wait()
        finished.append("slow")

    lanes.submit("a", slow)
    lanes.submit("a", slow)
    await asyncio.sleep(0)
    await lanes.cancel()

    await lanes.drained()
    assert finished == []


@given(st.permutations(list(range(12))))
def test_only_the_contiguous_part_is_committed(order: list[int]) -> None:
    """Whatever the order of finishing, a commit never passes a record that is still at work."""
    offsets = Offsets()
    for offset in range(12):
        offsets.take(P, 100 + offset)
    done: set[int] = set()
    mark = 100
    for offset in order:
        offsets.done(P, 100 + offset)
        done.add(offset)
        expected = next((n for n in range(12) if n not in done), 12)
        marks = offsets.to_commit()
        mark = marks.get(P, mark)
        assert mark == 100 + expected
        offsets.committed(marks)
    assert offsets.to_commit() == {}


def test_a_forgotten_partition_is_not_committed() -> None:
    """What was revoked is another member's to commit."""
    offsets = Offsets()
    offsets.take(P, 5)
    offsets.forget([P])
    offsets.done(P, 5)

    assert offsets.to_commit() == {}


async def test_a_group_gathers_what_waits_and_answers_each() -> None:
    """While one call is on its way the next group gathers; every caller gets the answer to its own item."""
    calls: list[list[int]] = []

    async def double(items: object) -> list[int]:
        assert isinstance(items, list)
        calls.append(items)
        await asyncio.sleep(0)
        return [2 * item for item in items]

    group = Group[int, int](double, size_max=10)
    answers = await asyncio.gather(*(group(n) for n in range(25)))

    assert answers == [2 * n for n in range(25)]
    assert max(map(len, calls)) <= 10
    assert len(calls) <= 4


async def test_a_group_that_fails_tells_every_caller() -> None:
    """Nobody waits for ever."""

    async def fail(_items: object) -> list[int]:
        raise OSError("down")

    group = Group[int, int](fail, size_max=10)
    answers = await asyncio.gather(*(group(n) for n in range(3)), return_exceptions=True)

    assert [type(answer) for answer in answers] == [OSError] * 3


async def _wait(event: asyncio.Event) -> None:
    await event.wait()
