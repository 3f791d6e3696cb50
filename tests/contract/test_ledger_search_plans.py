"""No criterion reads a whole large table: what a database does for each, told by the database itself."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Iterator, Sequence
from typing import Any

import asyncpg
import orjson
import pytest

from hub.clock import SystemClock
from hub.config.policy import FIND_EXAMINED_MAX
from hub.ledger.postgres import _STATEMENTS, PostgresLedger
from hub.ledger.rows import Cell, Row
from hub.ledger.sqlite import _STATEMENTS as SQLITE
from hub.ledger.sqlite import SqliteLedger
from tests.support.filled_ledger import asked, fill

MESSAGES = 40_000
LARGE = {"inbox", "deliveries", "failures", "subjects", "refusals", "untranslated", "parked", "audit"}


class Watched(PostgresLedger):
    """A ledger that keeps what it asks."""

    asked: list[tuple[str, tuple[Cell, ...]]]

    async def _rows(self, name: str, *values: Cell) -> Sequence[Row]:
        self.asked.append((name, values))
        return await super()._rows(name, *values)

    async def explained(self) -> list[dict[str, Any]]:
        """Tell what the server did for what was asked since, by its own account."""
        assert self._pool is not None
        told = [
            await self._pool.fetchval(f"explain (analyze, format json) {_STATEMENTS[name]}", *values)
            for name, values in self.asked
        ]
        self.asked = []
        return [orjson.loads(each)[0]["Plan"] for each in told]


@pytest.fixture
async def ledger(postgres_database: str) -> AsyncIterator[Watched]:
    """Give a ledger with some hundred thousand rows."""
    ledger = Watched(postgres_database, SystemClock())
    ledger.asked = []
    await ledger.start()
    connection = await asyncpg.connect(postgres_database)
    assert await fill(connection, MESSAGES) > 2 * MESSAGES
    await connection.close()
    yield ledger
    await ledger.stop()


def _nodes(plan: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield plan
    for each in plan.get("Plans", []):
        yield from _nodes(each)


def _rows_read(node: dict[str, Any]) -> float:
    removed = node.get("Rows Removed by Filter", 0) + node.get("Rows Removed by Index Recheck", 0)
    return float((node["Actual Rows"] + removed) * node["Actual Loops"])


@pytest.mark.postgres
@pytest.mark.slow
async def test_no_criterion_reads_a_whole_large_table(ledger: Watched) -> None:
    """Each is an index scan, of no more rows than the policy lets it look at; so are a timeline and part of an id."""
    looked = 0
    for name, criteria in asked(MESSAGES):
        await ledger.find(criteria)
        for plan in await ledger.explained():
            for node in _nodes(plan):
                if node.get("Relation Name") in LARGE:
                    looked += 1
                    assert node["Node Type"] != "Seq Scan", f"{name}: {node}"
                    assert _rows_read(node) <= 2 * FIND_EXAMINED_MAX, f"{name}: {node}"
    await ledger.timeline(f"zaak-{MESSAGES // 16}")
    await ledger.whereabouts("3f2a1")
    few = [node for plan in await ledger.explained() for node in _nodes(plan) if node.get("Relation Name") in LARGE]
    assert [node for node in few if node["Node Type"] == "Seq Scan" or _rows_read(node) > 200] == []
    assert looked > 100


@pytest.mark.postgres
@pytest.mark.slow
@pytest.mark.parametrize("name", ["load_translated", "load_stopped"])
async def test_how_far_a_load_is_costs_nothing_for_what_came_since(ledger: Watched, name: str) -> None:
    """A load of a year ago is looked up by what its references begin with; also when the plan was made for any load."""
    assert ledger._pool is not None
    values: list[Cell] = ["koppeling-2", "load-0123456789ab/", len("load-0123456789ab/")]
    if name == "load_translated":
        values.append(SystemClock().now())
    for mode in ("force_custom_plan", "force_generic_plan"):
        async with ledger._pool.acquire() as connection, connection.transaction():
            await connection.execute(f"set local plan_cache_mode = {mode}")
            told = await connection.fetchval(f"explain (analyze, format json) {_STATEMENTS[name]}", *values)
        looked = [each for each in _nodes(orjson.loads(told)[0]["Plan"]) if each.get("Relation Name") in LARGE]
        assert [each for each in looked if _rows_read(each) > 200] == []
        assert {each["Relation Name"] for each in looked} & {"inbox", "untranslated"}


@pytest.mark.parametrize("name", ["load_translated", "load_stopped"])
async def test_sqlite_finds_a_load_by_its_references(name: str) -> None:
    """Not by its connection, which would be all that came since."""
    ledger = SqliteLedger(":memory:", SystemClock())
    await ledger.start()
    assert ledger._connection is not None
    values = [None] * len(set(re.findall(r"\?\d+", SQLITE[name])))

    plan = [row[3] for row in ledger._connection.execute(f"explain query plan {SQLITE[name]}", values)]

    [first, *_] = [step for step in plan if "_reference" in step]
    assert first.startswith("SEARCH")
    assert "(reference>? AND reference<?)" in first
    assert [step for step in plan if step.startswith("SCAN")] == []
    await ledger.stop()


@pytest.mark.parametrize("name", ["find_messages", "find_outcomes", "find_refusals", "whereabouts", "timeline"])
async def test_sqlite_looks_everything_up_by_an_index_too(name: str) -> None:
    """For a small municipality, whose ledger grows as well. An index that is scanned gives its first row only."""
    ledger = SqliteLedger(":memory:", SystemClock())
    await ledger.start()
    assert ledger._connection is not None
    values = [None] * len(set(re.findall(r"\?\d+", SQLITE[name])))

    plan = [row[3] for row in ledger._connection.execute(f"explain query plan {SQLITE[name]}", values)]

    tables = LARGE | {"messages", "i", "d", "f", "p", "s", "u", "n", "a"}
    scanned = [step for step in plan if step.startswith("SCAN") and step.split()[1] in tables]
    assert [step for step in scanned if step != "SCAN failures USING INDEX failures_reason"] == []
    assert sum(step.startswith("SEARCH") for step in plan) > 1
    await ledger.stop()
