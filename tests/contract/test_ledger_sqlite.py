"""What only the SQLite ledger has: a file of this machine, and other processes on it."""

from __future__ import annotations

import signal
import sqlite3
import stat
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from hub.clock import SystemClock
from hub.config.policy import LEDGER_BUSY_S
from hub.errors import ConfigurationWrong, HubUnavailable
from hub.ledger.entries import Verdict
from hub.ledger.sqlite import MEMORY, SqliteLedger
from tests.support.ledger_entries import STAGE, TOPIC, a_parked_item, a_refusal, an_arrival

_WRITER = """
import asyncio, itertools, sys
from hub.clock import SystemClock
from hub.ledger.sqlite import SqliteLedger
from tests.support.ledger_entries import an_arrival

async def main(path, name):
    ledger = SqliteLedger(path, SystemClock())
    await ledger.start()
    for group in itertools.count():
        references = [f"{name}-{group}-{n}" for n in range(20)]
        await ledger.admit([an_arrival(r, place=n, subject=r) for n, r in enumerate(references)])
        print(*references, flush=True)

asyncio.run(main(*sys.argv[1:]))
"""


class StepClock:
    """A clock that goes on only when somebody sleeps, and counts how often that is."""

    def __init__(self) -> None:
        self.seconds = 0.0
        self.slept = 0

    def now(self) -> datetime:
        return datetime(2026, 11, 22, tzinfo=UTC)

    def monotonic(self) -> float:
        return self.seconds

    async def sleep(self, seconds: float) -> None:
        self.seconds += seconds
        self.slept += 1


@pytest.fixture
def path(tmp_path: Path) -> str:
    return str(tmp_path / "ledger.db")


@pytest.fixture
async def ledger(path: str) -> AsyncIterator[SqliteLedger]:
    ledger = SqliteLedger(path, SystemClock())
    await ledger.start()
    yield ledger
    await ledger.stop()


def _a_writer(path: str, name: str) -> subprocess.Popen[str]:
    return subprocess.Popen([sys.executable, "-c", _WRITER, path, name], stdout=subprocess.PIPE, text=True)


def _written(writer: subprocess.Popen[str], groups: int) -> list[str]:
    assert writer.stdout is not None
    return [reference for _ in range(groups) for reference in writer.stdout.readline().split()]


def _kill(writer: subprocess.Popen[str]) -> list[str]:
    """Kill without warning; give what it had still said."""
    writer.send_signal(signal.SIGKILL)
    rest, _ = writer.communicate()
    return rest.split()


async def test_what_a_killed_writer_reported_is_there(path: str) -> None:
    """A kill -9 in the middle of writing loses nothing that was answered, and the file is sound."""
    writer = _a_writer(path, "w")
    reported = _written(writer, 5)
    reported += _kill(writer)
    ledger = SqliteLedger(path, SystemClock())
    await ledger.start()

    whole = [reference for reference in reported if reference.count("-") == 2]
    seen = await ledger.seen([an_arrival(reference).key for reference in whole[:-1]])

    assert len(seen) == len(whole) - 1 >= 99
    with sqlite3.connect(path) as connection:
        assert connection.execute("pragma integrity_check").fetchall() == [("ok",)]
    connection.close()
    await ledger.stop()


async def test_processes_write_and_read_at_the_same_time(path: str) -> None:
    """Two start at once on no file at all and write, a third reads and writes meanwhile: nobody fails."""
    writers = [_a_writer(path, name) for name in ("a", "b")]
    ledger = SqliteLedger(path, SystemClock())
    await ledger.start()

    for _ in range(10):
        for writer in writers:
            references = _written(writer, 1)
            assert len(await ledger.seen([an_arrival(reference).key for reference in references])) == 20
        await ledger.refused([a_refusal()])

    for writer in writers:
        _kill(writer)
    assert (await ledger.counts())["refusals"] == 10
    await ledger.stop()


async def test_a_ledger_in_memory_works_and_is_gone_after_it() -> None:
    """For tests and demonstrations: two of them know nothing of each other."""
    one, two = SqliteLedger(MEMORY, SystemClock()), SqliteLedger(MEMORY, SystemClock())
    await one.start()
    await two.start()

    assert await one.admit([an_arrival("r1")]) == [Verdict.NEW]
    assert await two.admit([an_arrival("r1")]) == [Verdict.NEW]
    await one.stop()
    await two.stop()


async def test_nobody_else_may_read_the_file(ledger: SqliteLedger, path: str) -> None:
    """It holds messages of citizens; its side files too."""
    await ledger.admit([an_arrival("r1")])

    for file in Path(path).parent.iterdir():
        assert stat.S_IMODE(file.stat().st_mode) == 0o600


async def test_a_commit_is_flushed_to_disk(ledger: SqliteLedger) -> None:
    """WAL with synchronous=FULL: what was answered survives a power cut."""
    assert ledger._connection is not None

    assert ledger._connection.execute("pragma journal_mode").fetchone() == ("wal",)
    assert ledger._connection.execute("pragma synchronous").fetchone() == (2,)


async def test_a_writer_that_does_not_finish_is_waited_for_and_then_reported(path: str) -> None:
    """The event loop goes on meanwhile (the wait is the clock's), and reading goes on all the time."""
    clock = StepClock()
    ledger = SqliteLedger(path, clock)
    await ledger.start()
    holder = sqlite3.connect(path, isolation_level=None)
    holder.execute("begin immediate")

    with pytest.raises(HubUnavailable, match="locked"):
        await ledger.admit([an_arrival("r1")])
    assert clock.seconds >= LEDGER_BUSY_S
    assert await ledger.seen([an_arrival("r1").key]) == {}

    holder.execute("rollback")
    assert await ledger.admit([an_arrival("r1")]) == [Verdict.NEW]
    holder.close()
    await ledger.stop()


async def test_a_folder_that_is_not_there_is_unavailable(tmp_path: Path) -> None:
    """It says what is the matter."""
    ledger = SqliteLedger(str(tmp_path / "nowhere" / "ledger.db"), SystemClock())

    with pytest.raises(HubUnavailable, match="No such file"):
        await ledger.start()
    assert not await ledger.healthy()


@pytest.fixture
def no_database(path: str) -> Iterator[str]:
    """Give a file that is something else, and see that it is left as it is."""
    text = "no database at all, but long enough to be looked at\n" * 20
    Path(path).write_text(text)
    yield path
    assert Path(path).read_text() == text


async def test_a_file_that_is_no_database_is_unavailable(no_database: str) -> None:
    """Somebody gave the wrong file: it says so."""
    with pytest.raises(HubUnavailable, match="not a database"):
        await SqliteLedger(no_database, SystemClock()).start()


async def test_an_older_program_does_not_start_on_a_newer_ledger(ledger: SqliteLedger, path: str) -> None:
    """It would write what the newer one can't read: the start stops and says which migration it does not know."""
    assert ledger._connection is not None
    ledger._connection.execute("insert into migrations values (9999, 'from_the_future', 0)")

    with pytest.raises(ConfigurationWrong, match="9999"):
        await SqliteLedger(path, SystemClock()).start()


async def test_a_failing_transaction_leaves_nothing(ledger: SqliteLedger) -> None:
    """A mistake half-way takes back what went before it in the same call."""
    broken = a_parked_item("e2")._replace(kind=None)  # type: ignore[arg-type] # that is the mistake

    with pytest.raises(sqlite3.IntegrityError):
        await ledger.end(parked=[a_parked_item("e1"), broken])

    assert await ledger.queue(STAGE, "z1") == []


async def test_every_look_up_uses_an_index(ledger: SqliteLedger) -> None:
    """With five million rows a scan of a table would stop the hub; only the small table of parked items is scanned."""
    connection = ledger._connection
    assert connection is not None
    asked: list[str] = []
    connection.set_trace_callback(asked.append)
    await ledger.admit([an_arrival("r1"), an_arrival("")])
    await ledger.begin(STAGE, {(TOPIC, 0): 1}, ["e1"])
    await ledger.end(released=[a_parked_item("e1")])
    await ledger.due(STAGE, [(TOPIC, 0)], SystemClock().now(), 10)
    await ledger.timeline("z1")
    await ledger.failures(stage=STAGE)
    connection.set_trace_callback(None)

    planned = [text for text in asked if text.split()[0] in {"select", "update", "delete"}]
    plans = [row[3] for text in planned for row in connection.execute(f"explain query plan {text}")]

    # Tables go by their name or by the letter that a statement gives them; `k` is the list of keys that was asked for.
    tables = {"inbox", "effects", "fences", "deliveries", "parked", "failures", "audit", *"iefdpqa"}
    assert sum(plan.startswith("SEARCH") for plan in plans) > 10
    assert [plan for plan in plans if plan.startswith("SCAN") and plan.split()[1] in tables] == []
