"""An initial load: of every number in a file a message is brought to the door of a connection, as its sender would.

What is under way is limited, so that what happens today does not wait behind a hundred thousand. How far it is, is
counted from the ledger: whoever runs it again with the same file goes on where it stopped, and what was offered twice
is recognised. It refuses to know what a number is (`hub.ports.contracts.Loading`), and keeps none.
"""

from __future__ import annotations

import asyncio
import csv
import hmac
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

import orjson
import structlog

from hub.clock import Clock
from hub.config import policy
from hub.errors import ActRefused, HubUnavailable, MessageRefused
from hub.flow.accept import Door
from hub.flow.entrance import Entrance
from hub.ledger.contract import Ledger
from hub.ledger.entries import OperatorAct
from hub.ledger.loads import Load, LoadCounts
from hub.ports.contracts import Loading

log = structlog.get_logger()

_ID_CHARS = 12


class Line(NamedTuple):
    """One number, and which line of the file it is."""

    line: int
    number: str


class Progress(NamedTuple):
    """How far a load is. `wrong` are lines that hold no such number, as far as they were seen now."""

    load: Load
    counts: LoadCounts
    per_s: float
    wrong: Sequence[int] = ()

    @property
    def under_way(self) -> int:
        """How many are offered and have not ended."""
        return self.load.offered - self.load.wrong - self.counts.ended

    @property
    def ended(self) -> bool:
        """Say whether nothing more comes of it by itself."""
        return self.load.offered >= self.load.lines and self.under_way <= 0

    @property
    def expected_s(self) -> float | None:
        """How long the rest takes, as it goes now; None while nothing goes on."""
        left = self.load.lines - self.load.wrong - self.counts.ended
        return 0.0 if left <= 0 else left / self.per_s if self.per_s else None


class Loader:
    """Loads one connection."""

    def __init__(
        self,
        entrance: Entrance,
        *,
        loading: Loading,
        key: Callable[[], bytes],
        door: Door,
        ledger: Ledger,
        clock: Clock,
    ) -> None:
        """Take what gives the key: nobody finds the numbers of a file by the id of its load."""
        self._entrance = entrance
        self._name = entrance.connection.connection
        self._loading = loading
        self._key = key
        self._door = door
        self._ledger = ledger
        self._clock = clock

    async def begin(self, content: bytes, *, by: str, reason: str, name: str = "") -> tuple[Load, list[Line]]:
        """Begin a load, or give the one of this file (and `name`) that was begun before; raises ActRefused."""
        lines = list(lines_of(content, self._loading.columns))
        if not lines:
            raise ActRefused("there are no numbers in the file", code="leeg", advice="one on each line, as text")
        said = b"\x1f".join([self._name.encode(), name.encode(), *(each.number.encode() for each in lines)])
        load_id = hmac.digest(self._key(), said, "sha256").hex()[:_ID_CHARS]
        now = self._clock.now()
        load = Load(load_id, self._name, len(lines), 0, 0, now, by, reason)
        detail = orjson.dumps({"load": load_id, "lines": len(lines)}).decode()
        act = OperatorAct("", "load", by, reason, now, on=f"koppeling:{self._name}", detail=detail)
        return await self._ledger.begin_load(load._replace(reason=act.reason), [act]), lines

    async def run(self, load: Load, lines: Sequence[Line]) -> AsyncIterator[Progress]:
        """Offer what is left of a load and follow it until everything ended; tell now and then how far it is."""
        wrong: list[int] = []
        watched_since = self._clock.now()
        while True:
            began_s = self._clock.monotonic()
            progress = await progress_of(self._ledger, load, self._clock, since=watched_since, wrong=wrong)
            yield progress
            if progress.ended:
                return
            room = policy.LOAD_UNDER_WAY_MAX - progress.under_way
            if room >= policy.LOAD_GROUP_MAX and load.offered < load.lines:
                load = await self._offer(load, lines[load.offered : load.offered + room], wrong)
            # Counting takes longer the more there is: it is not to be what the ledger does.
            took_s = self._clock.monotonic() - began_s
            await self._clock.sleep(max(policy.LOAD_LOOK_S, took_s))

    async def _offer(self, load: Load, lines: Sequence[Line], wrong: list[int]) -> Load:
        for begin in range(0, len(lines), policy.LOAD_GROUP_MAX):
            group = lines[begin : begin + policy.LOAD_GROUP_MAX]
            taken = await self._insist(load, group)
            refused = [each.line for each, ok in zip(group, taken, strict=True) if not ok]
            wrong += refused
            load = load._replace(offered=load.offered + len(group), wrong=load.wrong + len(refused))
            await self._ledger.load_offered(load.id, offered=load.offered, wrong=load.wrong)
        return load

    async def _insist(self, load: Load, group: Sequence[Line]) -> list[bool]:
        """Bring numbers to the door together, until they are taken."""
        while True:
            try:
                return list(await asyncio.gather(*(self._accept(load, each) for each in group)))
            except HubUnavailable as down:
                log.warning("load_waits", connection=self._name, code=down.code)
                await self._clock.sleep(policy.BUS_WAIT_S)

    async def _accept(self, load: Load, line: Line) -> bool:
        try:
            notice = self._loading.notice(line.number, f"{load.prefix}{line.line}")
        except MessageRefused:
            return False
        await self._door.accept(
            self._entrance.inbound.read(notice.body, notice.headers, validate=False),
            notice.body,
            connection=self._name,
            topic=self._entrance.topic,
            http=notice.headers,
            references=(),
        )
        return True


async def progress_of(
    ledger: Ledger, load: Load, clock: Clock, *, since: datetime | None = None, wrong: Sequence[int] = ()
) -> Progress:
    """Say how far a load is; its speed is that of the last minute, or since it is watched."""
    now = clock.now()
    lately = now - timedelta(seconds=policy.LOAD_SPEED_S)
    lately = max(lately, since) if since is not None else lately
    counts = await ledger.load_counts(load, since=lately)
    seconds = (now - lately).total_seconds()
    return Progress(load, counts, counts.lately / seconds if seconds > 0 else 0.0, wrong)


def lines_of(content: bytes, columns: Sequence[str]) -> Iterator[Line]:
    """Read the numbers of a file: CSV with a heading or without, or a JSON text or object on each line.

    A line that holds no number gives one that is none; an empty line is left out. Raises ActRefused.
    """
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise ActRefused("the file is no text in UTF-8", code="geen-tekst", advice="save it as CSV, UTF-8") from None
    rows = text.splitlines()
    if len(rows) > policy.LOAD_LINES_MAX:
        raise ActRefused(
            f"the file has more than {policy.LOAD_LINES_MAX} lines", code="te-groot", advice="load it in parts"
        )
    first = next((row for row in rows if row.strip()), "")
    if _is_json(first):
        yield from (Line(at, _of_json(row, columns)) for at, row in enumerate(rows, start=1) if row.strip())
        return
    delimiter = max(";,\t", key=first.count)
    place, has_heading = _place(next(csv.reader([first], delimiter=delimiter), []), columns)
    for at, row in enumerate(rows, start=1):
        if not row.strip() or (has_heading and row == first):
            continue
        cells = next(csv.reader([row], delimiter=delimiter))
        yield Line(at, cells[place].strip() if place < len(cells) else "")


def _place(heading: Sequence[str], columns: Sequence[str]) -> tuple[int, bool]:
    named = [cell.strip().casefold() for cell in heading]
    found = next((named.index(each.casefold()) for each in columns if each.casefold() in named), None)
    return (found, True) if found is not None else (0, False)


def _is_json(row: str) -> bool:
    try:
        return isinstance(orjson.loads(row), dict | str)
    except orjson.JSONDecodeError:
        return False


def _of_json(row: str, columns: Sequence[str]) -> str:
    """Give the number in a line: the text itself, or the field of an object that is named after it."""
    try:
        said = orjson.loads(row)
    except orjson.JSONDecodeError:
        return ""
    if isinstance(said, dict):
        said = next((said[each] for each in columns if each in said), "")
    return said if isinstance(said, str) else ""
