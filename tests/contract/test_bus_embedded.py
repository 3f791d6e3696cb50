"""What only the embedded bus has: a file of this machine, and other processes on it that may be killed."""

from __future__ import annotations

import asyncio
import random
import signal
import sqlite3
import stat
import subprocess
import sys
from collections.abc import AsyncIterator, Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import IO

import pytest

from hub.bus.contract import Partition, Received, Record
from hub.bus.embedded import EmbeddedBus
from hub.bus.embedded_log import pack_headers, unpack_headers
from hub.clock import SystemClock
from hub.config import policy
from hub.errors import HubUnavailable
from tests.support.bus import Owner, Place, commit, numbers, take

Child = Callable[..., subprocess.Popen[str]]


class SetClock:
    """A clock that a test sets; waiting lets the others run."""

    def __init__(self) -> None:
        self.at = datetime(2026, 11, 22, tzinfo=UTC)

    def now(self) -> datetime:
        return self.at

    def monotonic(self) -> float:
        return self.at.timestamp()

    async def sleep(self, seconds: float) -> None:
        await asyncio.sleep(seconds)


@pytest.fixture
async def place(tmp_path: Path) -> AsyncIterator[Place]:
    place = Place(f"embedded:{tmp_path}/bus.db")
    yield place
    await place.close()


@pytest.fixture
def child(tmp_path: Path) -> Iterator[Child]:
    """Start a process on the same file; it is killed in the end."""
    started: list[subprocess.Popen[str]] = []

    def start(work: str, *arguments: str) -> subprocess.Popen[str]:
        command = [sys.executable, "-m", "tests.support.bus_child", work, f"{tmp_path}/bus.db", *arguments]
        started.append(subprocess.Popen(command, stdout=subprocess.PIPE, text=True))
        return started[-1]

    yield start
    for process in started:
        process.kill()
        process.wait()
        _output(process).close()


def _output(process: subprocess.Popen[str]) -> IO[str]:
    assert process.stdout is not None
    return process.stdout


async def _everything(place: Place) -> list[Received]:
    """Read the whole log as a group of its own, and see that no offset is missing or out of turn."""
    owner = Owner()
    consumer = await (await place.open()).consumer("alles", [place.topic], owner)
    received = await take(consumer, owner, await consumer.lag())
    for partition in place.partitions:
        offsets = [record.offset for record in received if record.partition == partition]
        assert offsets == list(range(len(offsets)))
    await consumer.close()
    return received


# Being killed


@pytest.mark.parametrize("seed", range(4))
async def test_kill_9_of_a_publisher_loses_nothing_it_was_told_is_kept(
    place: Place, child: Child, tmp_path: Path, seed: int
) -> None:
    """Whatever the moment: every acknowledged record is there once, and the file is whole."""
    await place.open()
    publisher = child("publish", place.topic, f"kind{seed}")
    told = [_output(publisher).readline() for _ in range(random.Random(seed).randrange(1, 120))]

    publisher.send_signal(signal.SIGKILL)

    rest, _ = publisher.communicate()
    complete = rest[: rest.rfind("\n") + 1]
    acknowledged = "".join([*told, complete]).split()
    kept = [record.value.rstrip(b"\0").decode() for record in await _everything(place)]
    assert set(acknowledged) <= set(kept)
    assert len(kept) == len(set(kept))
    with sqlite3.connect(tmp_path / "bus.db") as file:
        assert file.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    file.close()


async def test_two_processes_publish_at_once(place: Place, child: Child) -> None:
    """Both get their turn, offsets stay without gaps, and a third process that reads along skips nothing."""
    bus = await place.open()
    owner = Owner()
    reader = await bus.consumer("meelezer", [place.topic], owner)
    publishers = [child("publish", place.topic, name) for name in ("een", "twee")]

    along = await take(reader, owner, 300)
    for process in publishers:
        for _ in range(50):
            assert _output(process).readline()
        process.send_signal(signal.SIGKILL)
    acknowledged = {word for process in publishers for word in process.communicate()[0].rpartition("\n")[0].split()}

    everything = await _everything(place)
    along += await take(reader, owner, len(everything) - len(along))
    assert sorted(along) == sorted(everything)
    values = {record.value.rstrip(b"\0").decode() for record in everything}
    assert acknowledged <= values
    assert {value.split("-")[0] for value in values} == {"een", "twee"}


async def test_the_stand_by_takes_over_when_the_active_process_is_killed(place: Place, child: Child) -> None:
    """What that one had read and not committed comes again."""
    bus = await place.open()
    await bus.publish([place.record(1)])
    active = child("hold", place.topic, "g")
    assert _output(active).readline() == "holds 4\n"
    owner = Owner()
    stand_by = await bus.consumer("g", [place.topic], owner)
    assert _output(active).readline() == "read 1\n"
    assert await stand_by.poll(records_max=10, timeout_s=0.05) == []
    assert (owner.holds, await stand_by.lag()) == (set(), 0)

    active.send_signal(signal.SIGKILL)

    assert numbers(await take(stand_by, owner, 1)) == [1]
    assert owner.holds == set(place.partitions)


async def test_another_process_is_woken_by_what_this_one_publishes(place: Place, child: Child) -> None:
    """Its poll waits ten seconds; the record ends the waiting long before."""
    bus = await place.open()
    active = child("hold", place.topic, "g")
    assert _output(active).readline() == "holds 4\n"

    await bus.publish([place.record(7)])

    assert _output(active).readline() == "read 7\n"


# Retention


async def test_old_records_go_when_every_group_has_read_them(tmp_path: Path) -> None:
    """Not before, not for age alone, and a full sweep goes on with the next write."""
    clock = SetClock()
    bus = EmbeddedBus(f"{tmp_path}/bus.db", clock=clock)
    await bus.start()
    await bus.ensure_topics({"t": 1, "u": 1})
    many = policy.EMBEDDED_SWEEP_RECORDS_MAX + 10
    await bus.publish([Record(topic, b"k", b"%d" % n) for n in range(many) for topic in ("t", "u")])
    owners = [Owner(), Owner()]
    first, second = [await bus.consumer(group, ["t"], owners[n]) for n, group in enumerate("ab")]
    await commit(first, await take(first, owners[0], many))
    clock.at += timedelta(seconds=policy.BUS_RETENTION_S + 1)
    await bus.publish([Record("t", b"k", b"new")])
    assert len(await _kept(bus, "t")) == many + 1

    await second.commit({Partition("t", 0): many})
    clock.at += timedelta(seconds=policy.EMBEDDED_SWEEP_S + 1)
    await bus.announce("c", "k", b"")
    assert len(await _kept(bus, "t")) == 11
    await bus.announce("c", "k", b"")

    assert [record.value for record in await _kept(bus, "t")] == [b"new"]
    assert [record.value for record in await bus.tail("t", 10)] == [b"new"]
    assert await bus.at(Partition("t", 0), many - 1) is None
    assert len(await _kept(bus, "u")) == many, "nobody has read this topic"
    await bus.stop()


async def test_few_announcements_are_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Listeners read them within a moment; they are no history."""
    monkeypatch.setattr(policy, "ANNOUNCEMENTS_MAX", 3)
    bus = EmbeddedBus(f"{tmp_path}/bus.db", clock=SystemClock())
    await bus.start()

    for number in range(10):
        await bus.announce("c", str(number), b"")

    assert [key for _, key, _ in bus._log.announced("c", after=0)] == ["7", "8", "9"]
    await bus.stop()


async def _kept(bus: EmbeddedBus, topic: str) -> list[Received]:
    [(partition, identity)] = bus._log.partitions(topic).items()
    return bus._log.read(partition, identity, start=0, limit=10_000)


# The file


async def test_only_its_owner_may_read_the_file(place: Place, tmp_path: Path) -> None:
    """Messages hold personal data; the side files have the same rights."""
    bus = await place.open()
    await bus.publish([place.record(1)])

    modes = _modes(tmp_path)

    assert {modes[name] for name in ("bus.db", "bus.db-wal", "bus.db-shm")} == {0o600}


def _modes(folder: Path) -> dict[str, int]:
    return {file.name: stat.S_IMODE(file.stat().st_mode) for file in folder.iterdir()}


async def test_a_folder_that_is_not_there_is_unavailable(tmp_path: Path) -> None:
    """Said at the start, without a trace."""
    bus = EmbeddedBus(f"{tmp_path}/weg/bus.db", clock=SystemClock())

    with pytest.raises(HubUnavailable, match="cannot open"):
        await bus.start()

    assert not await bus.healthy()


async def test_a_write_that_fails_is_told_to_all_who_wait(place: Place, tmp_path: Path) -> None:
    """None of them is acknowledged, nothing is kept, and when the trouble is over the bus goes on."""
    bus = await place.open()
    with sqlite3.connect(tmp_path / "bus.db") as trouble:
        trouble.execute("CREATE TRIGGER full BEFORE INSERT ON record BEGIN SELECT raise(ABORT, 'full'); END")
    outcomes = await asyncio.gather(*(bus.publish([place.record(n)]) for n in range(5)), return_exceptions=True)
    assert [type(outcome) for outcome in outcomes] == [HubUnavailable] * 5

    with trouble:
        trouble.execute("DROP TRIGGER full")
    trouble.close()
    await bus.publish([place.record(9)])

    assert numbers(await _everything(place)) == [9]


async def test_a_log_that_another_process_keeps_locked_is_not_healthy(
    place: Place, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The question itself does not hang."""
    monkeypatch.setattr(policy, "HEALTH_WAIT_S", 0.05)
    bus = await place.open()
    hog = sqlite3.connect(tmp_path / "bus.db", isolation_level=None)
    hog.execute("BEGIN IMMEDIATE")

    assert not await bus.healthy()

    hog.execute("ROLLBACK")
    hog.close()
    await bus.publish([place.record(1)])
    monkeypatch.undo()
    assert await bus.healthy()


# In memory


async def test_in_memory_the_bus_keeps_the_same_promises_in_one_process() -> None:
    """Groups, commits, stand-by and announcements; nothing on disk, no thread."""
    place = Place("embedded::memory:")
    bus = await place.open()
    heard: asyncio.Queue[str] = asyncio.Queue()

    async def hear(key: str, value: bytes) -> None:
        heard.put_nowait(key + value.decode())

    await bus.listen(place.control, hear)
    owner, waiting = Owner(), Owner()
    consumer = await bus.consumer("g", [place.topic], owner)
    stand_by = await bus.consumer("g", [place.topic], waiting)
    await bus.publish([place.record(number) for number in range(10)])
    received = await take(consumer, owner, 10)
    await commit(consumer, received[:1])
    assert await stand_by.poll(records_max=10, timeout_s=0.05) == []

    await consumer.close()
    await bus.announce(place.control, "a", b"1")

    assert sorted(await take(stand_by, waiting, 9)) == sorted(received[1:])
    assert await heard.get() == "a1"
    assert await bus.healthy()
    await place.close()


def test_headers_survive_packing() -> None:
    """Also none, empty ones and letters outside ASCII."""
    headers = (("a", b""), ("", b"x"), ("geïnd", bytes(range(256))), ("a", b"again"))

    assert unpack_headers(pack_headers(headers)) == headers
    assert unpack_headers(pack_headers(())) == ()
