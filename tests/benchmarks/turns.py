"""Works that take turns in one process: CPU time, and how many times that of the first work it is.

Our own loop and not pytest-benchmark or asv: those measure one work after the other, and on a machine that does more
than this the ratio of two works measured a minute apart says as much about the minute. Here each round gives every work
one turn, each begins in another place of the round, a ratio is taken within a round, and the median is over rounds. The
clock is the CPU time of the process, and the garbage collector is set as a hub sets it.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from statistics import median
from typing import NamedTuple

Work = Callable[[], object]

TURN_NS = 4_000_000
"""A turn is as many runs as fit in this: long beside the clock, short beside what else the machine does."""


class Figure(NamedTuple):
    """What a work costs; `times`: beside the first work of the same rounds. Medians over rounds."""

    cpu_us: float
    times: float


def take_turns(works: Mapping[str, Work], *, rounds: int, turn_ns: int = TURN_NS) -> dict[str, Figure]:
    """Measure every work; the first is what the others are compared with."""
    runs = {name: _runs(work, turn_ns) for name, work in works.items()}
    names = list(works)
    taken: dict[str, list[float]] = {name: [] for name in names}
    for number in range(rounds):
        begin = number % len(names)
        for name in names[begin:] + names[:begin]:
            work, times = works[name], runs[name]
            began = time.process_time_ns()
            for _ in range(times):
                work()
            taken[name].append((time.process_time_ns() - began) / times)
    first = taken[names[0]]
    return {
        name: Figure(
            median(taken[name]) / 1000, median(own / base for own, base in zip(taken[name], first, strict=True))
        )
        for name in names
    }


def _runs(work: Work, turn_ns: int) -> int:
    """Find how often a work runs in a turn; the runs that tell it also warm it up."""
    runs = 1
    while True:
        began = time.process_time_ns()
        for _ in range(runs):
            work()
        took = time.process_time_ns() - began
        if took * 2 >= turn_ns:
            return max(1, round(runs * turn_ns / took))
        runs *= 2
