"""What only the PostgreSQL ledger has: a server that goes away and comes back, and rights."""

from __future__ import annotations

import os
import re
import traceback
from collections.abc import AsyncIterator, Iterator
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory

import asyncpg
import pytest

from hub.clock import SystemClock
from hub.errors import ConfigurationWrong, HubUnavailable
from hub.ledger.entries import Verdict
from hub.ledger.postgres import _STATEMENTS, PostgresLedger
from tests.support.ledger_entries import STAGE, a_parked_item, an_arrival
from tests.support.postgres_server import Server

pytestmark = pytest.mark.postgres

_SECRET = "geheim-wachtwoord"


@pytest.fixture
async def ledger(postgres_database: str) -> AsyncIterator[PostgresLedger]:
    ledger = PostgresLedger(postgres_database, SystemClock())
    await ledger.start()
    yield ledger
    await ledger.stop()


@pytest.fixture
async def admin(postgres_database: str) -> AsyncIterator[asyncpg.Connection]:
    connection = await asyncpg.connect(postgres_database)
    yield connection
    await connection.close()


@pytest.fixture
def own_server(postgres_server: str) -> Iterator[Server]:
    """Give a server of this test's own: it may be stopped. Only where the shared one could be started."""
    assert postgres_server
    with TemporaryDirectory(prefix="zaakhub-pg-") as folder:
        Path(folder).chmod(0o711)
        server = Server(Path(folder) / "server")
        server.create()
        server.start()
        try:
            yield server
        finally:
            if server.running:
                server.stop()


async def test_a_server_that_stops_is_unavailable_until_it_is_back(own_server: Server) -> None:
    """Every call says HubUnavailable meanwhile; afterwards the same ledger works, and what it answered is there."""
    ledger = PostgresLedger(own_server.dsn, SystemClock())
    await ledger.start()
    await ledger.admit([an_arrival("r1")])

    own_server.stop()
    for _ in range(3):
        with pytest.raises(HubUnavailable):
            await ledger.admit([an_arrival("r2", subject="z2")])
    assert not await ledger.healthy()

    own_server.start()
    assert await _until_it_answers(ledger, an_arrival("r1").key.reference) == [Verdict.AGAIN]
    assert await ledger.healthy()
    await ledger.stop()


async def test_connections_that_are_cut_are_replaced(ledger: PostgresLedger, admin: asyncpg.Connection) -> None:
    """As a fail-over or an administrator does; each may cost one call, never more."""
    await ledger.admit([an_arrival("r1")])
    await admin.execute(
        "select pg_terminate_backend(pid) from pg_stat_activity"
        " where datname = current_database() and pid <> pg_backend_pid()"
    )

    assert await _until_it_answers(ledger, "r1") == [Verdict.AGAIN]


async def test_a_server_that_is_not_there_is_unavailable(tmp_path: Path) -> None:
    """At the start too; it can be started again later."""
    ledger = PostgresLedger(f"postgresql://zaakhub:{_SECRET}@/zaakhub?host={tmp_path}", SystemClock())

    with pytest.raises(HubUnavailable) as failed:
        await ledger.start()
    assert _SECRET not in "".join(traceback.format_exception(failed.value))
    assert not await ledger.healthy()


async def test_a_database_that_is_not_there_is_unavailable(postgres_database: str) -> None:
    """The advice names what to look at; the password is nowhere."""
    url = postgres_database.replace("zaakhub@", f"zaakhub:{_SECRET}@").replace("/test_", "/absent_")

    with pytest.raises(HubUnavailable, match="InvalidCatalogName") as failed:
        await PostgresLedger(url, SystemClock()).start()
    assert "database" in failed.value.advice
    assert _SECRET not in "".join(traceback.format_exception(failed.value))


async def test_a_url_that_postgres_does_not_know_is_a_configuration_mistake() -> None:
    """And its words, which may repeat the URL, are not passed on."""
    ledger = PostgresLedger(f"postgresql://zaakhub:{_SECRET}@localhost/zaakhub?sslmode=unheard-of", SystemClock())

    with pytest.raises(ConfigurationWrong) as failed:
        await ledger.start()
    assert _SECRET not in "".join(traceback.format_exception(failed.value))


async def test_a_value_that_does_not_fit_is_not_repeated(ledger: PostgresLedger) -> None:
    """The driver would print it, and it may be a message of a citizen. Nothing of the call is kept."""
    broken = a_parked_item("e2")._replace(value="999993653")  # type: ignore[arg-type] # that is the mistake

    with pytest.raises(ValueError, match="park") as failed:
        await ledger.end(parked=[a_parked_item("e1"), broken])

    assert "999993653" not in "".join(traceback.format_exception(failed.value))
    assert await ledger.queue(STAGE, "z1") == []


async def test_a_commit_is_flushed_to_disk_whatever_the_default(
    postgres_database: str, admin: asyncpg.Connection
) -> None:
    """An administrator may have turned it off for other users of the server."""
    name = await admin.fetchval("select current_database()")
    await admin.execute(f"alter database {name} set synchronous_commit = off")
    ledger = PostgresLedger(postgres_database, SystemClock())
    await ledger.start()
    assert ledger._pool is not None

    assert await ledger._pool.fetchval("show synchronous_commit") == "on"
    await ledger.stop()


async def test_an_older_program_does_not_start_on_a_newer_ledger(
    ledger: PostgresLedger, admin: asyncpg.Connection, postgres_database: str
) -> None:
    """The start stops and says which migration it does not know."""
    await admin.execute("insert into migrations values (9999, 'from_the_future', $1)", ledger._clock.now())

    with pytest.raises(ConfigurationWrong, match="9999"):
        await PostgresLedger(postgres_database, SystemClock()).start()


async def test_every_look_up_uses_an_index(ledger: PostgresLedger) -> None:
    """With five million rows a scan of a table would stop the hub. Counting and a search by hand may take longer."""
    may_scan = {
        "counts",
        "failures_by_beginning",
        "plan_by_beginning",
        "plan_all",
        "edits_by_beginning",
        "parked_lanes",
        "migrations_table",
    }
    # Small tables: a row per migration, per worker that lives, and per activation or stage of such a worker.
    may_scan |= {"migrations_applied", "workers_forgotten", "acknowledgements_forgotten", "vitals_forgotten"}
    assert ledger._pool is not None

    async with ledger._pool.acquire() as connection:
        await connection.execute("set plan_cache_mode = force_generic_plan")
        for name in _STATEMENTS.keys() - may_scan:
            values = ", ".join(["null"] * len(set(re.findall(r"\$\d+", _STATEMENTS[name]))))
            await connection.execute(f"prepare {name} as {_STATEMENTS[name]}")
            rows = await connection.fetch(f"explain execute {name}" + (f" ({values})" if values else ""))
            plan = "\n".join(row[0] for row in rows)

            assert "Seq Scan" not in plan, f"{name}: {plan}"


async def test_a_deadlock_is_tried_again(ledger: PostgresLedger) -> None:
    """The database breaks a deadlock by failing one of the two: that one starts anew and nobody hears of it."""
    tries: list[datetime] = []

    async def work(_: object) -> str:
        tries.append(ledger._clock.now())
        if len(tries) < 3:
            raise asyncpg.DeadlockDetectedError
        return "done"

    assert await ledger.run(work, write=True) == "done"
    assert len(tries) == 3


async def _until_it_answers(ledger: PostgresLedger, reference: str) -> list[Verdict]:
    for _ in range(5):
        try:
            return await ledger.admit([an_arrival(reference)])
        except HubUnavailable:
            continue
    pytest.fail("the ledger does not come back")


def test_the_server_of_this_run_is_not_root(postgres_server: str) -> None:
    """PostgreSQL refuses that, and so the socket belongs to somebody else when the tests run as root."""
    socket = Path(postgres_server.partition("host=")[2])

    assert (socket.stat().st_uid == 0) is False
    assert os.geteuid() in {0, socket.stat().st_uid}
