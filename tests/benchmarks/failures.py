"""`python -m tests.benchmarks.failures`: what an operator waits for with 100,000 open failures, on PostgreSQL.

500 zaken, 20 large groups and 2,000 of one failure each, and as many failures that are resolved.
"""

from __future__ import annotations

import argparse
import asyncio
import statistics
import sys
import time
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta

from hub.clock import SystemClock
from hub.ledger.contract import Ledger
from hub.ledger.entries import Failure, FailureState
from hub.ledger.groups import After, FailureFilter
from hub.ledger.open import open_ledger
from tests.support.postgres_server import running_postgres

BATCH, ZAKEN, GROUPS = 1_000, 500, 20
_BEGAN = datetime(2026, 11, 1, tzinfo=UTC)


def main() -> None:
    """Read the command line and measure."""
    choices = argparse.ArgumentParser(prog="python -m tests.benchmarks.failures", description=__doc__)
    choices.add_argument("--failures", type=int, default=100_000, help="open failures (default: %(default)s)")
    choices.add_argument("--rounds", type=int, default=20, help="times each is asked (default: %(default)s)")
    chosen = choices.parse_args()
    with running_postgres() as dsn:
        asyncio.run(_measure(dsn, chosen.failures, chosen.rounds))


async def _measure(dsn: str, failures: int, rounds: int) -> None:
    ledger = open_ledger(dsn, clock=SystemClock())
    await ledger.start()
    try:
        began = time.perf_counter()
        for base in range(0, 2 * failures, BATCH):
            state = FailureState.OPEN if base < failures else FailureState.RESOLVED
            await ledger.end(failures=[_failure(number, state) for number in range(base, base + BATCH)])
        _say(f"{2 * failures} failures written in {time.perf_counter() - began:.1f} s")
        for name, ask in _questions(ledger, failures).items():
            taken = [await _taken(ask) for _ in range(rounds)]
            _say(f"{name:<34}{statistics.median(taken) * 1000:8.0f} ms{max(taken) * 1000:8.0f} ms at most")
    finally:
        await ledger.stop()


def _questions(ledger: Ledger, failures: int) -> dict[str, Callable[[], Awaitable[object]]]:
    middle = After(_at(failures // 2), f"f-{failures // 2:08}")
    waiting = FailureFilter(unresolved=True)
    return {
        "groups": ledger.groups,
        "groups of one connection": lambda: ledger.groups(stages=["koppeling"]),
        "groups by text": lambda: ledger.groups(text="catalogus"),
        "groups that are resolved": lambda: ledger.groups(state=FailureState.RESOLVED),
        "one group": lambda: ledger.group("group-3"),
        "failures": lambda: ledger.find_failures(waiting),
        "failures, half-way": lambda: ledger.find_failures(waiting, after=middle),
        "failures of a group": lambda: ledger.find_failures(waiting._replace(group="group-3")),
        "failures of a zaak": lambda: ledger.find_failures(FailureFilter(zaak="zaak-7")),
        "failures by a text that none has": lambda: ledger.find_failures(FailureFilter(text="nothing")),
        "how many": lambda: ledger.count_failures(waiting),
    }


async def _taken(ask: Callable[[], Awaitable[object]]) -> float:
    began = time.perf_counter()
    await ask()
    return time.perf_counter() - began


def _failure(number: int, state: FailureState) -> Failure:
    group = f"group-{number % GROUPS if number % 50 else number}"
    return Failure(
        id=f"f-{number:08}",
        stage="koppeling",
        item_id=f"item-{number}",
        kind="nl.zaken.zaak-aangemaakt.v1",
        zaak=f"zaak-{number % ZAKEN}",
        state=state,
        code="onbekend-zaaktype",
        reason='zaaktype "B1062" is not in the catalogus of RSIN 002220647; nearest: "B1026"',
        fault="koppelbeheer",
        advice="add it to the catalogus or correct it in the mapping, then replay",
        where="zaak aanmaken",
        revision="fdb7a0e47528",
        attempts=1,
        first_at=_at(number),
        last_at=_at(number),
        next_at=None,
        target="zaken.example.nl",
        fingerprint=group,
    )


def _at(number: int) -> datetime:
    return _BEGAN + timedelta(seconds=number)


def _say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
