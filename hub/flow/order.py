"""Order per zaak, and which offsets may be committed.

`Lanes` runs the jobs of one key one after the other and the keys side by side, so that a slow or broken zaak delays no
other. `Offsets` knows per partition up to where everything is done: only that low-water mark may be committed,
because a commit says "all before this".
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Iterable, Mapping

from hub.bus.contract import Partition

Job = Callable[[], Awaitable[None]]


class Lanes:
    """Jobs by key: FIFO within a key, at most `in_flight_max` keys at work, nothing dropped.

    A job handles its own failures; what escapes from one is a bug, stops the lanes and is raised by `submit`.
    """

    def __init__(self, *, in_flight_max: int) -> None:
        self._waiting: dict[str, deque[Job]] = {}
        self._ready: deque[str] = deque()
        self._running: set[asyncio.Task[None]] = set()
        self._in_flight_max = in_flight_max
        self._idle = asyncio.Event()
        self._idle.set()
        self._broken: BaseException | None = None
        self.backlog = 0

    def submit(self, key: str, job: Job) -> None:
        """Queue a job behind the other jobs of its key."""
        if self._broken is not None:
            raise self._broken
        self.backlog += 1
        self._idle.clear()
        lane = self._waiting.get(key)
        if lane is not None:
            lane.append(job)
            return
        self._waiting[key] = deque((job,))
        self._ready.append(key)
        self._fill()

    async def drained(self) -> None:
        """Wait until every job submitted so far is done."""
        await self._idle.wait()
        if self._broken is not None:
            raise self._broken

    async def cancel(self) -> None:
        """Drop what waits and cancel what runs; cancelled work is not done work, so nothing of it is committed."""
        self._waiting.clear()
        self._ready.clear()
        running = list(self._running)
        for task in running:
            task.cancel()
        await asyncio.gather(*running, return_exceptions=True)
        self.backlog = 0
        self._idle.set()

    def _fill(self) -> None:
        while self._ready and len(self._running) < self._in_flight_max:
            key = self._ready.popleft()
            task = asyncio.get_running_loop().create_task(self._run(key))
            self._running.add(task)
            task.add_done_callback(self._ended)

    async def _run(self, key: str) -> None:
        while True:
            lane = self._waiting[key]
            while lane:
                await lane[0]()
                lane.popleft()
                self.backlog -= 1
            del self._waiting[key]
            if not self._ready or self._broken is not None:
                return
            key = self._ready.popleft()  # cheaper than a task for every key

    def _ended(self, task: asyncio.Task[None]) -> None:
        self._running.discard(task)
        if not task.cancelled() and (error := task.exception()) is not None:
            self._broken = error
            self._idle.set()
            return
        self._fill()
        if not self._waiting:
            self._idle.set()


class _Progress:
    """One partition: the offsets at work in order, those of them that are done, the next offset, what is committed.

    Each offset at work stands beside the time of its record, in epoch milliseconds.
    """

    def __init__(self, first: int) -> None:
        self.at_work: deque[tuple[int, int]] = deque()
        self.done: set[int] = set()
        self.next = first
        self.committed = first

    def low_water(self) -> int:
        while self.at_work and self.at_work[0][0] in self.done:
            self.done.discard(self.at_work.popleft()[0])
        return self.at_work[0][0] if self.at_work else self.next


class Offsets:
    """Per partition: what was taken, what is done, and the low-water mark."""

    def __init__(self) -> None:
        self._progress: dict[Partition, _Progress] = {}

    def take(self, partition: Partition, offset: int, at_ms: int = 0) -> None:
        """Note that work on this record of `at_ms` begins. Offsets of a partition come in increasing order."""
        progress = self._progress.setdefault(partition, _Progress(offset))
        progress.at_work.append((offset, at_ms))
        progress.next = offset + 1

    def done(self, partition: Partition, offset: int) -> None:
        """Note that this record needs nothing more: delivered, parked in the ledger, or known already."""
        if (progress := self._progress.get(partition)) is not None:
            progress.done.add(offset)

    def to_commit(self) -> dict[Partition, int]:
        """Give the next offset to read per partition, for partitions whose low-water mark moved."""
        marks = {partition: progress.low_water() for partition, progress in self._progress.items()}
        return {partition: mark for partition, mark in marks.items() if mark != self._progress[partition].committed}

    def finished(self) -> int:
        """Count the offsets below the low-water marks that are not committed yet."""
        return sum(progress.low_water() - progress.committed for progress in self._progress.values())

    def oldest_ms(self) -> int | None:
        """Give the time of the oldest record that is at work; None when none is."""
        for progress in self._progress.values():
            progress.low_water()
        return min((each.at_work[0][1] for each in self._progress.values() if each.at_work), default=None)

    def committed(self, marks: Mapping[Partition, int]) -> dict[Partition, int]:
        """Note what was committed; give the marks as they were before, which undo it."""
        known = {partition: self._progress[partition] for partition in marks if partition in self._progress}
        before = {partition: progress.committed for partition, progress in known.items()}
        for partition, progress in known.items():
            progress.committed = marks[partition]
        return before

    def forget(self, partitions: Iterable[Partition]) -> None:
        """Drop partitions that are no longer ours."""
        for partition in partitions:
            self._progress.pop(partition, None)
