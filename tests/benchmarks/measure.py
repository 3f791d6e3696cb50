"""Figures: of one turn of one side, of a pair of sides over rounds, and of the machine they were taken on."""

from __future__ import annotations

import os
import platform
import tempfile
import time
from collections.abc import Iterable
from importlib.metadata import version
from pathlib import Path
from statistics import median
from typing import NamedTuple

LIBRARIES = ("lxml", "orjson", "pydantic", "aiokafka", "asyncpg", "aiohttp", "uvicorn", "uvloop")


class Turn(NamedTuple):
    """One side, once: what it did per second of wall time, and its own CPU time per message."""

    per_s: float
    cpu_us: float


class Pair(NamedTuple):
    """Both sides, over rounds in which each had its turn."""

    name: str
    hub: list[Turn]
    floor: list[Turn]
    aim: float
    """The least ratio that is wanted."""

    @property
    def ratio_cpu(self) -> float:
        """The CPU time of the floor as a part of that of the hub: 1 is as good as the floor. Median over rounds."""
        return median(floor.cpu_us / hub.cpu_us for hub, floor in zip(self.hub, self.floor, strict=True))

    @property
    def ratio_speed(self) -> float:
        """The throughput of the hub as a part of that of the floor. Median over rounds."""
        return median(hub.per_s / floor.per_s for hub, floor in zip(self.hub, self.floor, strict=True))


def middle(turns: list[Turn]) -> Turn:
    """Give the median of each figure."""
    return Turn(median(turn.per_s for turn in turns), median(turn.cpu_us for turn in turns))


def cpu_us(pid: int) -> float:
    """Give the CPU time that a process has taken so far, all its threads, in steps of a clock tick (10 ms)."""
    # The name of the program stands in parentheses and may hold anything: count from behind it (proc(5)).
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) * 1e6 / os.sysconf("SC_CLK_TCK")


def machine(folder: str) -> list[str]:
    """Say on what this was measured; `folder` is where the stores lie."""
    return [
        processors(),
        versions(LIBRARIES),
        f"fsync of 100 kB: {_fsync_ms(folder):.2f} ms (median); load average before: {os.getloadavg()[0]:.1f}",
    ]


def processors() -> str:
    """Name the processors and the kernel."""
    models = {
        line.partition(":")[2].strip()
        for line in Path("/proc/cpuinfo").read_text().splitlines()
        if line.startswith("model name")
    }
    return f"{os.cpu_count()} CPUs ({', '.join(sorted(models)) or platform.machine()}), Linux {platform.release()}"


def versions(libraries: Iterable[str]) -> str:
    """Name Python and these libraries with their versions."""
    return f"Python {platform.python_version()}; " + ", ".join(f"{name} {version(name)}" for name in libraries)


def _fsync_ms(folder: str) -> float:
    took = []
    with tempfile.TemporaryFile(dir=folder) as file:
        for _ in range(50):
            began = time.perf_counter()
            file.write(bytes(100_000))
            file.flush()
            os.fsync(file.fileno())
            took.append(time.perf_counter() - began)
    return 1000 * median(took)
