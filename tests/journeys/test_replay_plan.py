"""A hundred thousand failures in five hundred zaken: seen as one, planned, sent again step by step, whatever is killed.

The target writes down what is done to it, in a file: that is the truth which the plan's own result is held against.
"""

from __future__ import annotations

import asyncio
import os
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import asyncpg
import pytest

from hub.app import App
from hub.desk.plan.plans import Command, Wanted
from hub.ledger.entries import FailureState
from hub.ledger.plans import Plan, PlanItemState, PlanState, Selection
from tests.support import plan_worker
from tests.support.toy import OUT

ZAKEN, EACH = 500, 200
TOTAL = ZAKEN * EACH
PATIENCE_S = 600.0
"""How long anything may take on a machine that has other things to do."""

_PARKED = """
insert into parked (stage, lane, item_id, kind, topic, partition, log_offset, value, headers, state, attempts, next_at,
    receipts, failure_id, parked_at)
select $1, 'zaak-' || z, 'item-' || z || '-' || n, 'nl.zaken.zaak-bijgewerkt.v1', $2, z % 12, n * 1000 + z,
    convert_to('{"zaak":{"identificatie":"zaak-' || z || '","omschrijving":"' || n || '"}}', 'UTF8'),
    convert_to('[["ce_id","item-' || z || '-' || n || '"],["ce_type","nl.zaken.zaak-bijgewerkt.v1"],'
        || '["ce_source","urn:nld:oin:00000009999999990000:systeem:zaakhub"],["ce_subject","zaak-' || z || '"],'
        || '["ce_time","2026-11-22T12:00:00+00:00"],["ce_koppeling","speelgoed-in"],["ce_oorzaak","bericht-' || z
        || '-' || n || '"],["ce_revisie","r1"]]', 'UTF8'),
    'wacht-op-mens', 1, now(), '{}', 'fout-' || z || '-' || n, now()
from generate_series(1, $4::int) n, generate_series(1, $3::int) z
"""
_GROUP = """
insert into failure_groups (id, stage, code, reason, fault, location, target, revision, advice, first_at, note, owner,
    link, merged_into, changed_at)
values ('groep', $1, '400', 'the statustype is not in the catalogus', 'koppelbeheer', 'zet', '', 'r1', 'add it', now(),
    '', '', '', '', now())
"""
_FAILURES = """
insert into failures (id, stage, item_id, kind, zaak, state, code, reason, fault, advice, location, revision, attempts,
    first_at, last_at, fingerprint, group_id)
select 'fout-' || z || '-' || n, $1, 'item-' || z || '-' || n, 'nl.zaken.zaak-bijgewerkt.v1', 'zaak-' || z, 'open',
    '400', 'the statustype is not in the catalogus', 'koppelbeheer', 'add it', 'zet', 'r1', 1, now(),
    now() + n * interval '1 ms', 'groep', 'groep'
from generate_series(1, $3::int) n, generate_series(1, $2::int) z
"""


class Stand(NamedTuple):
    """What the target has: per zaak what was done, in order."""

    effects: dict[str, list[int]]

    @classmethod
    def read(cls, folder: Path) -> Stand:
        """Read its file."""
        effects: dict[str, list[int]] = {}
        for line in (folder / plan_worker.EFFECTS).read_text().splitlines():
            zaak, what = line.split()
            effects.setdefault(zaak, []).append(int(what))
        return cls(effects)

    @property
    def total(self) -> int:
        """Count everything."""
        return sum(map(len, self.effects.values()))

    @property
    def in_order(self) -> bool:
        """Say whether every zaak got 1, 2, 3, ... and nothing twice or left out."""
        return all(done == list(range(1, len(done) + 1)) for done in self.effects.values())


class Workers:
    """The worker process, that can be killed."""

    def __init__(self, folder: Path, bus: str, ledger: str) -> None:
        self._words = [str(folder), bus, ledger]
        self._log = folder / "work.log"
        self._process: asyncio.subprocess.Process | None = None

    async def start(self) -> None:
        """Start one."""
        with self._log.open("ab") as log:
            self._process = await asyncio.create_subprocess_exec(
                *(sys.executable, "-m", "tests.support.plan_worker", *self._words),
                cwd=Path(__file__).parents[2],
                env=dict(os.environ),
                stdout=log,
                stderr=log,
            )

    async def kill(self) -> None:
        """Kill it: no time for anything."""
        assert self._process is not None
        assert self._process.returncode is None, self._log.read_text()[-3000:]
        self._process.kill()
        await self._process.wait()

    async def stop(self) -> None:
        """Stop it."""
        if self._process is not None and self._process.returncode is None:
            self._process.terminate()
            await self._process.wait()


async def _fill(app: App, url: str) -> None:
    """Write down what failed, as it would stand there after a night with a wrong catalogus."""
    connection = await asyncpg.connect(url)
    await connection.execute(_PARKED, OUT, app.topics.events("zaken"), ZAKEN, EACH)
    await connection.execute(_GROUP, OUT)
    await connection.execute(_FAILURES, OUT, ZAKEN, EACH)
    await connection.execute("analyze")
    await connection.close()


async def _until(app: App, plan: Plan, condition: Callable[[Plan], bool]) -> Plan:
    async with asyncio.timeout(PATIENCE_S):
        while not condition(plan):
            assert plan.state in (PlanState.RUNNING, PlanState.CANCELLED), plan
            await asyncio.sleep(0.1)
            plan = await app.plans().plan(plan.id)
    return plan


async def _do(app: App, plan: Plan, command: Command) -> Plan:
    return await app.plans().command(plan.id, command, by="beheerder-1", reason="the catalogus was mended")


@pytest.mark.slow
@pytest.mark.postgres
@pytest.mark.xdist_group("replay-plan")
async def test_a_hundred_thousand_failures_are_sent_again_in_order_and_once(
    tmp_path: Path, postgres_database: str, record_property: Callable[[str, object], None]
) -> None:
    """Cancelled at 40 %, the rest in a new plan, its worker killed half-way: every zaak whole, in order, once."""
    bus = f"embedded:{tmp_path / 'bus.sqlite'}"
    workers = Workers(tmp_path, bus, postgres_database)
    seconds: dict[str, float] = {}

    async with plan_worker.made(tmp_path, bus, postgres_database) as app:
        await _fill(app, postgres_database)

        began = time.perf_counter()
        [group] = await app.ledger.groups()
        seconds["group view"] = time.perf_counter() - began
        began = time.perf_counter()
        wanted = Wanted(Selection(groups=(group.id,)), "the catalogus was mended", per_minute=600_000, everything=True)
        first = await app.plans().freeze(wanted, by="beheerder-1")
        seconds["plan"] = time.perf_counter() - began

        assert (group.open, group.zaken) == (TOTAL, ZAKEN)
        assert (first.total, first.waiting, first.zaken) == (TOTAL, TOTAL, ZAKEN)

        try:
            began = time.perf_counter()
            first = await _do(app, first, Command.START)
            await workers.start()
            await _until(app, first, lambda plan: plan.delivered >= 0.4 * TOTAL)
            first = await _do(app, first, Command.CANCEL)
            first = await _until(app, first, lambda plan: not plan.released)
            seconds["40 %"] = time.perf_counter() - began

            assert first.state is PlanState.CANCELLED
            assert first.delivered + first.not_done == TOTAL
            half = Stand.read(tmp_path)
            assert (half.total, half.in_order) == (first.delivered, True)

            began = time.perf_counter()
            rest = await _do(app, first, Command.AGAIN)
            assert (rest.again_of, rest.total) == (first.id, first.not_done)
            rest = await _do(app, rest, Command.START)
            await _until(app, rest, lambda plan: plan.delivered >= 0.5 * plan.total)
            await workers.kill()
            await workers.start()
            rest = await _until(app, rest, lambda plan: plan.state is PlanState.DONE)
            seconds["the rest"] = time.perf_counter() - began
        finally:
            await workers.stop()

        assert (rest.delivered, rest.failed, rest.not_done) == (rest.total, 0, 0)
        stand = Stand.read(tmp_path)
        assert (stand.total, len(stand.effects), stand.in_order) == (TOTAL, ZAKEN, True)
        assert await _results(app, first, rest) == {
            (zaak, number): "afgeleverd" for zaak in stand.effects for number in stand.effects[zaak]
        }
        assert await app.ledger.failures(state=FailureState.OPEN, limit=1) == []
        assert await app.ledger.parked_lanes(OUT) == {}
    for what, took in seconds.items():
        record_property(what, f"{took:.2f} s")
        sys.stdout.write(f"{what}: {took:.2f} s\n")


async def _results(app: App, first: Plan, rest: Plan) -> dict[tuple[str, int], str]:
    """Read the result lists of both plans: what each says of every message, the last word counts."""
    results: dict[tuple[str, int], str] = {}
    for plan in (first, rest):
        after = 0
        while page := await app.plans().items(plan.id, after=after, limit=10_000):
            after = page[-1].number
            for each in page:
                assert each.state in (PlanItemState.DELIVERED, PlanItemState.NOT_DONE)
                results[each.lane, int(each.item_id.rpartition("-")[2])] = each.state.value
    return results
