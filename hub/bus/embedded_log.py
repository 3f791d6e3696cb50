"""The embedded log in one SQLite file: partitions, records, groups, announcements. Synchronous, no threads of its own.

It knows SQL and what must be in one transaction. It refuses to know who waits, who owns a group, and what a record
means.
"""

from __future__ import annotations

import fcntl
import sqlite3
import struct
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

from hub.bus.contract import Headers, Partition, Received
from hub.config import policy
from hub.errors import HubUnavailable

MEMORY = ":memory:"

_SCHEMA = """
CREATE TABLE IF NOT EXISTS partition (
    id INTEGER PRIMARY KEY, topic TEXT NOT NULL, number INTEGER NOT NULL, next INTEGER NOT NULL DEFAULT 0,
    UNIQUE (topic, number)
) STRICT;
CREATE TABLE IF NOT EXISTS record (
    partition INTEGER NOT NULL, place INTEGER NOT NULL, at_ms INTEGER NOT NULL,
    key BLOB NOT NULL, headers BLOB NOT NULL, value BLOB NOT NULL, PRIMARY KEY (partition, place)
) STRICT;
CREATE TABLE IF NOT EXISTS progress (
    partition INTEGER NOT NULL, consumers TEXT NOT NULL, next INTEGER NOT NULL, PRIMARY KEY (partition, consumers)
) STRICT, WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS announcement (
    id INTEGER PRIMARY KEY AUTOINCREMENT, topic TEXT NOT NULL, key TEXT NOT NULL, value BLOB NOT NULL
) STRICT;
"""

_JOIN = """
INSERT OR IGNORE INTO progress (partition, consumers, next)
SELECT id, ?1, coalesce((SELECT min(place) FROM record WHERE partition = id), next) FROM partition WHERE id = ?2
"""

_COMMIT = "UPDATE progress SET next = ? WHERE consumers = ? AND partition = ?"

_OLDEST = """
SELECT id, (SELECT min(next) FROM progress WHERE partition = id) AS finished,
    (SELECT at_ms FROM record WHERE partition = id ORDER BY place LIMIT 1) AS oldest
FROM partition WHERE finished IS NOT NULL AND oldest < ?
"""

_EXPIRE = """
DELETE FROM record WHERE rowid IN (
    SELECT rowid FROM (
        SELECT rowid, at_ms FROM record WHERE partition = ? AND place < ? ORDER BY place LIMIT ?
    ) WHERE at_ms < ?
)
"""

_HEADER = struct.Struct("<HI")


class Row(NamedTuple):
    """A record on its way in: `partition` is the id of its partition here."""

    partition: int
    key: bytes
    value: bytes
    headers: bytes


class Change(NamedTuple):
    """What one caller wants written. Many changes go into one transaction.

    `topics` are partitions to be made; `joins` are (group, partition id) to be remembered; `offsets` are
    (next, group, partition id); `announcements` are (topic, key, value).
    """

    records: Sequence[Row] = ()
    offsets: Sequence[tuple[int, str, int]] = ()
    joins: Sequence[tuple[str, int]] = ()
    announcements: Sequence[tuple[str, str, bytes]] = ()
    topics: Sequence[Partition] = ()


class Log:
    """One process's view of the file. `write` may run in another thread than the reading methods, never beside itself.

    In memory there is one connection, so everything must then run in one thread.
    """

    def __init__(self, path: str) -> None:
        """Open or create; safe when several processes start at once."""
        with _unavailable("open"):
            if path != MEMORY:
                Path(path).touch(mode=0o600)  # messages lie in it; SQLite gives its side files the same rights
            self._reader = _connect(path)
            self._writer = self._reader if path == MEMORY else _connect(path)
            if path == MEMORY:
                self._writer.executescript(_SCHEMA)
            else:
                _prepare(self._writer, Path(f"{path}.lock"))

    def close(self) -> None:
        """Close; the last process to close folds the write-ahead log into the file."""
        self._writer.close()
        self._reader.close()

    def write(self, changes: Sequence[Change], *, at_ms: int, expire_before_ms: int | None = None) -> int:
        """Do all changes in one transaction and one fsync; give how many records past `expire_before_ms` were deleted.

        Offsets are given out inside the write transaction. SQLite has one writer at a time, so a reader that sees an
        offset sees all lower ones as well: nothing commits late behind a consumer's back.
        """
        with _unavailable("write"):
            self._writer.execute("BEGIN IMMEDIATE")
            try:
                deleted = self._apply(changes, at_ms, expire_before_ms)
                self._writer.execute("COMMIT")
            except BaseException:
                # A failed COMMIT may have rolled back already, or leave the transaction open: close it either way.
                if self._writer.in_transaction:
                    self._writer.execute("ROLLBACK")
                raise
        return deleted

    def version(self) -> int:
        """Give a number that differs when another connection has committed since: microseconds, no disk."""
        with _unavailable("read"):
            (version,) = self._reader.execute("PRAGMA data_version").fetchone()
        return int(version)

    def partitions(self, topic: str) -> dict[Partition, int]:
        """Give the partitions of a topic with their ids; empty when there is no such topic."""
        with _unavailable("read"):
            rows = self._reader.execute("SELECT number, id FROM partition WHERE topic = ? ORDER BY number", (topic,))
            return {Partition(topic, number): identity for number, identity in rows}

    def progress(self, group: str, partitions: Sequence[int]) -> dict[int, int]:
        """Give per partition what the group is to read next."""
        with _unavailable("read"):
            rows = self._reader.execute("SELECT partition, next FROM progress WHERE consumers = ?", (group,))
            return {partition: following for partition, following in rows if partition in partitions}

    def heads(self) -> dict[int, int]:
        """Give the next offset to be written, per partition."""
        with _unavailable("read"):
            return dict(self._reader.execute("SELECT id, next FROM partition"))

    def read(self, partition: Partition, identity: int, *, start: int, limit: int) -> list[Received]:
        """Give records from offset `start` on."""
        with _unavailable("read"):
            rows = self._reader.execute(
                "SELECT place, key, value, headers, at_ms FROM record WHERE partition = ? AND place >= ? "
                "ORDER BY place LIMIT ?",
                (identity, start, limit),
            )
            return [
                Received(partition, place, key, value, unpack_headers(headers), at_ms)
                for place, key, value, headers, at_ms in rows
            ]

    def announced(self, topic: str, *, after: int) -> list[tuple[int, str, bytes]]:
        """Give announcements of a topic beyond a number, as (number, key, value)."""
        with _unavailable("read"):
            return self._reader.execute(
                "SELECT id, key, value FROM announcement WHERE topic = ? AND id > ? ORDER BY id", (topic, after)
            ).fetchall()

    def last_announced(self) -> int:
        """Give the number of the newest announcement."""
        with _unavailable("read"):
            (last,) = self._reader.execute("SELECT coalesce(max(id), 0) FROM announcement").fetchone()
        return int(last)

    def _apply(self, changes: Sequence[Change], at_ms: int, expire_before_ms: int | None) -> int:
        many = self._writer.executemany
        many(
            "INSERT OR IGNORE INTO partition (topic, number) VALUES (?, ?)",
            [partition for change in changes for partition in change.topics],
        )
        rows = [row for change in changes for row in change.records]
        if rows:
            many("INSERT INTO record VALUES (?, ?, ?, ?, ?, ?)", self._numbered(rows, at_ms))
        many(_JOIN, [join for change in changes for join in change.joins])
        many(_COMMIT, [offset for change in changes for offset in change.offsets])
        announcements = [announcement for change in changes for announcement in change.announcements]
        if announcements:
            many("INSERT INTO announcement (topic, key, value) VALUES (?, ?, ?)", announcements)
            self._writer.execute(
                "DELETE FROM announcement WHERE id <= (SELECT max(id) FROM announcement) - ?",
                (policy.ANNOUNCEMENTS_MAX,),
            )
        return 0 if expire_before_ms is None else self._expire(expire_before_ms)

    def _expire(self, before_ms: int) -> int:
        """Delete old records that every group has read.

        A topic that no group reads keeps everything: nobody has said that it was dealt with. Only the oldest record of
        each partition is looked at first, so a sweep that finds nothing costs microseconds.
        """
        room = policy.EMBEDDED_SWEEP_RECORDS_MAX
        for partition, finished, _ in self._writer.execute(_OLDEST, (before_ms,)).fetchall():
            room -= self._writer.execute(_EXPIRE, (partition, finished, room, before_ms)).rowcount
        return policy.EMBEDDED_SWEEP_RECORDS_MAX - room

    def _numbered(self, rows: Sequence[Row], at_ms: int) -> Iterator[tuple[int, int, int, bytes, bytes, bytes]]:
        """Give the rows with their offsets, reserved per partition."""
        following: dict[int, int] = {}
        for partition, count in Counter(row.partition for row in rows).items():
            ((end,),) = self._writer.execute(
                "UPDATE partition SET next = next + ? WHERE id = ? RETURNING next", (count, partition)
            ).fetchall()
            following[partition] = end - count
        for row in rows:
            place = following[row.partition]
            following[row.partition] = place + 1
            yield row.partition, place, at_ms, row.key, row.headers, row.value


def pack_headers(headers: Headers) -> bytes:
    """Turn headers into bytes: per header the two lengths, the name, the value."""
    parts: list[bytes] = []
    for name, value in headers:
        encoded = name.encode()
        parts += (_HEADER.pack(len(encoded), len(value)), encoded, value)
    return b"".join(parts)


def unpack_headers(packed: bytes) -> Headers:
    """Undo `pack_headers`."""
    headers: list[tuple[str, bytes]] = []
    at = 0
    while at < len(packed):
        name_bytes, value_bytes = _HEADER.unpack_from(packed, at)
        value_at = at + _HEADER.size + name_bytes
        at = value_at + value_bytes
        headers.append((packed[value_at - name_bytes : value_at].decode(), packed[value_at:at]))
    return tuple(headers)


def _connect(path: str) -> sqlite3.Connection:
    connection = sqlite3.connect(
        path, timeout=policy.BUS_REQUEST_TIMEOUT_S, isolation_level=None, check_same_thread=False
    )
    # FULL: the write-ahead log is fsynced before COMMIT returns, so what is acknowledged survives a power cut.
    connection.execute("PRAGMA synchronous = FULL")
    return connection


def _prepare(connection: sqlite3.Connection, lock: Path) -> None:
    """Make the file a write-ahead log with our tables; the switch to WAL ignores the busy timeout, hence the lock."""
    with lock.open("a") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        connection.execute("PRAGMA journal_mode = WAL")
        connection.executescript(_SCHEMA)


@contextmanager
def _unavailable(doing: str) -> Iterator[None]:
    try:
        yield
    except (sqlite3.Error, OSError) as error:
        # SQLite's own words may quote a value; its error name never does.
        name = getattr(error, "sqlite_errorname", type(error).__name__)
        raise HubUnavailable(
            f"the embedded log cannot {doing}: {name}",
            code="bus-embedded",
            advice="look at the disk: space, rights, errors",
        ) from error
