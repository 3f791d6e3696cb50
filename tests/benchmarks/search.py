"""`python -m tests.benchmarks.search`: how long it takes to find a message among five million rows, in PostgreSQL.

Every criterion is timed by itself, cold (the first time it is asked after the server was started again) and warm (the
median of the times after that), through the ledger as the hub uses it. The aim is under a second.
"""

from __future__ import annotations

import argparse
import asyncio
import statistics
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable
from functools import partial
from pathlib import Path
from typing import NamedTuple

import asyncpg

from hub.clock import SystemClock
from hub.config import policy
from hub.ledger.finding import Criteria
from hub.ledger.postgres import PostgresLedger
from tests.benchmarks.measure import machine
from tests.support.filled_ledger import asked, fill
from tests.support.postgres_server import Server

ROWS_PER_MESSAGE = 2.408
"""Of all tables together: one in the inbox, nearly one delivery, and a share of failures, persons and refusals."""


class Timed(NamedTuple):
    """One look-up: how many came, and how long it took."""

    name: str
    found: int
    cold_ms: float
    warm_ms: float


def main() -> None:
    """Read the command line and measure."""
    choices = argparse.ArgumentParser(prog="python -m tests.benchmarks.search", description=__doc__)
    choices.add_argument("--rows", type=int, default=5_000_000, help="in the ledger (default: %(default)s)")
    choices.add_argument("--rounds", type=int, default=5, help="warm times of each (default: %(default)s)")
    chosen = choices.parse_args()
    with tempfile.TemporaryDirectory(prefix="zaakhub-search-") as folder:
        Path(folder).chmod(0o711)
        for fact in machine(folder):
            _say(fact)
        server = Server(Path(folder) / "server")
        server.create()
        server.start()
        try:
            asyncio.run(_measure(server, int(chosen.rows / ROWS_PER_MESSAGE), chosen.rounds))
        finally:
            server.stop()


async def _measure(server: Server, messages: int, rounds: int) -> None:
    ledger = PostgresLedger(server.dsn, SystemClock())
    await ledger.start()
    begin = time.perf_counter()
    connection = await asyncpg.connect(server.dsn)
    rows = await fill(connection, messages)
    await connection.close()
    await ledger.stop()
    _say(f"{rows:,} rows, {messages:,} of them messages; filled in {time.perf_counter() - begin:.0f} s\n")
    # What is in the memory of the server is forgotten; what the machine keeps of its files is not.
    server.stop()
    server.start()
    ledger = PostgresLedger(server.dsn, SystemClock())
    await ledger.start()
    _say(f"{'criterion':<36}{'found':>7}{'first ms':>11}{'then ms':>9}")
    every: list[Timed] = []
    for name, criteria in asked(messages):
        every.append(await _timed(name, partial(_find, ledger, criteria), rounds))
    every.append(await _timed("timeline of a zaak", partial(_timeline, ledger, f"zaak-{messages // 16}"), rounds))
    every.append(await _timed("timeline of the busiest zaak", partial(_timeline, ledger, "zaak-druk"), rounds))
    every.append(await _timed("beginning of an id", partial(_whereabouts, ledger), rounds))
    _say(
        f"\nslowest: {max(each.cold_ms for each in every):.0f} ms the first time, "
        f"{max(each.warm_ms for each in every):.0f} ms then"
    )
    await ledger.stop()


async def _timed(name: str, look: Callable[[], Awaitable[int]], rounds: int) -> Timed:
    times, found = [], 0
    for _ in range(rounds + 1):
        begin = time.perf_counter()
        found = await look()
        times.append((time.perf_counter() - begin) * 1000)
    timed = Timed(name, found, times[0], statistics.median(times[1:]))
    _say(f"{timed.name:<36}{timed.found:>7}{timed.cold_ms:>11.1f}{timed.warm_ms:>9.1f}")
    return timed


async def _find(ledger: PostgresLedger, criteria: Criteria) -> int:
    return len((await ledger.find(criteria, limit=policy.FIND_PAGE)).found)


async def _timeline(ledger: PostgresLedger, zaak: str) -> int:
    return len(await ledger.timeline(zaak, limit=policy.TIMELINE_PAGE))


async def _whereabouts(ledger: PostgresLedger) -> int:
    return len(await ledger.whereabouts("3f2a1"))


def _say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
