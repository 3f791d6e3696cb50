"""Answers that one source gave, kept in memory for a while, so that it is not asked the same thing again.

It knows the question as the hub asks it (the fields that this asker may see are part of it) and the revision of the
mapping that made the answer. Kept are a hash of that and the canonical answer. It refuses to keep failures, answers to
questions that change something, those with contents that go when they are sent, and, unless the connection says so,
those that can hold data of persons.
"""

from __future__ import annotations

import asyncio
import hashlib
from collections import OrderedDict
from collections.abc import Awaitable, Callable
from typing import Any, NamedTuple

import orjson

from hub.clock import Clock
from hub.config.cache import Cache
from hub.config.policy import REMEMBERED_ANSWER_BYTES_MAX, REMEMBERED_BYTES_MAX, REMEMBERED_SWEEP_S
from hub.event.vragen import QuestionType
from hub.observe.metrics import Count, Metrics

HIT, MISS = "hit", "miss"

_ENTRY_BYTES = 512
"""What an answer takes beside its own bytes: the key, the entry and its place in the table."""


class Given(NamedTuple):
    """A canonical answer. `passing`: it names what is gone when it has been sent."""

    answer: dict[str, Any]
    passing: bool = False


class _Entry(NamedTuple):
    answer: bytes
    ends_at: float


class _Flight:
    """A question that is out. `answer` is for all who wait for it; `alone` when it is of use to nobody else."""

    def __init__(self) -> None:
        self.landed = asyncio.Event()
        self.answer: bytes | None = None
        self.alone = False


class Remembered:
    """The answers of one connection in this process; the one asked for longest ago goes first."""

    def __init__(
        self,
        connection: str,
        cache: Cache,
        *,
        clock: Clock,
        metrics: Metrics,
        bytes_max: int = REMEMBERED_BYTES_MAX,
    ) -> None:
        """Keep what `cache` says; `connection` is for metrics."""
        self._connection = connection
        self._cache = cache
        self._clock = clock
        self._metrics = metrics
        self._bytes_max = bytes_max
        self._entries: OrderedDict[bytes, _Entry] = OrderedDict()
        self._bytes = 0
        self._swept_at = clock.monotonic()
        self._out: dict[bytes, _Flight] = {}

    def __repr__(self) -> str:
        return f"<Remembered {self._connection}: {len(self._entries)} answers, {self._bytes} bytes>"

    def __len__(self) -> int:
        return len(self._entries)

    async def answer(
        self, asked: QuestionType, question: dict[str, Any], revision: str, ask: Callable[[], Awaitable[Given]]
    ) -> dict[str, Any]:
        """Give the answer that is remembered, else what `ask` gives: raises what that raises.

        Of several that ask the same at once one asks the source, and the others have its answer; when it fails the next
        one asks.
        """
        key = _key(asked, question, revision) if self._may_keep(asked) else None
        if key is None:
            return (await ask()).answer
        while (known := self._known(key)) is None:
            flight = self._out.get(key)
            if flight is None:
                self._metrics.count(Count.REMEMBERED, self._connection, MISS)
                return await self._made(key, ask)
            await flight.landed.wait()
            if (known := flight.answer) is not None:
                break
            if flight.alone:
                self._metrics.count(Count.REMEMBERED, self._connection, MISS)
                return (await ask()).answer
        self._metrics.count(Count.REMEMBERED, self._connection, HIT)
        answer: dict[str, Any] = orjson.loads(known)
        return answer

    def _may_keep(self, asked: QuestionType) -> bool:
        # Who cannot say which fields it wants gets all there is: of a zaak that is its betrokkenen too.
        personal = asked.personal or not asked.has_velden
        return not asked.locks and (self._cache.personal or not personal)

    async def _made(self, key: bytes, ask: Callable[[], Awaitable[Given]]) -> dict[str, Any]:
        flight = self._out[key] = _Flight()
        try:
            given = await ask()
            flight.answer = None if given.passing else _written(given.answer)
            flight.alone = flight.answer is None
            if flight.answer is not None:
                self._keep(key, flight.answer)
        finally:
            del self._out[key]
            flight.landed.set()
        return given.answer

    def _known(self, key: bytes) -> bytes | None:
        entry = self._entries.get(key)
        if entry is None:
            return None
        if entry.ends_at <= self._clock.monotonic():
            self._drop(key)
            return None
        self._entries.move_to_end(key)
        return entry.answer

    def _keep(self, key: bytes, written: bytes) -> None:
        if len(written) > min(REMEMBERED_ANSWER_BYTES_MAX, self._bytes_max - _ENTRY_BYTES):
            return
        now = self._clock.monotonic()
        if now - self._swept_at >= REMEMBERED_SWEEP_S:
            self._swept_at = now
            for old in [each for each, entry in self._entries.items() if entry.ends_at <= now]:
                self._drop(old)
        # A copy: what orjson gives holds on to the room in which it wrote, some 6 kB for an answer of 300 bytes.
        self._entries[key] = _Entry(bytes(memoryview(written)), now + self._cache.ttl_s)
        self._bytes += len(written) + _ENTRY_BYTES
        while len(self._entries) > self._cache.answers_max or self._bytes > self._bytes_max:
            self._drop(next(iter(self._entries)))

    def _drop(self, key: bytes) -> None:
        self._bytes -= len(self._entries.pop(key).answer) + _ENTRY_BYTES


def _key(asked: QuestionType, question: dict[str, Any], revision: str) -> bytes | None:
    written = _written([asked.name, revision, question])
    return None if written is None else hashlib.sha256(written).digest()


def _written(value: object) -> bytes | None:
    """Write as JSON, the same for what is the same; None for what is no JSON (half a character), which is not kept."""
    try:
        return orjson.dumps(value, option=orjson.OPT_SORT_KEYS)
    except orjson.JSONEncodeError:
        return None
