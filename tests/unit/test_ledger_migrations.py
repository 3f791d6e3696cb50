"""The migrations, from zero, come to what schema.sql says: in both databases."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import asyncpg
import pytest

from hub.clock import SystemClock
from hub.ledger.postgres import PostgresLedger
from hub.ledger.sqlite import SqliteLedger
from hub.ledger.statements import read_migrations, read_sql, split_script

_POSTGRES_SCHEMA = """
select c.relname, 'column', a.attname, concat_ws(' ', format_type(a.atttypid, a.atttypmod),
    case when a.attnotnull then 'not null' end, pg_get_expr(d.adbin, d.adrelid))
from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
    left join pg_attrdef d on d.adrelid = c.oid and d.adnum = a.attnum
where c.relnamespace = 'public'::regnamespace and c.relkind = 'r'
union all
select tablename, 'index', indexname, indexdef from pg_indexes where schemaname = 'public'
union all
select conrelid::regclass::text, 'constraint', conname, pg_get_constraintdef(oid)
from pg_constraint where connamespace = 'public'::regnamespace
order by 1, 2, 3
"""


def _sqlite_schema(path: Path) -> dict[str, object]:
    connection = sqlite3.connect(path)
    tables = [row[0] for row in connection.execute("select name from sqlite_master where type = 'table'")]
    found: dict[str, object] = {}
    for table in tables:
        # Without their numbers: a column that a migration adds is the last one, wherever schema.sql shows it.
        found[table] = sorted(row[1:] for row in connection.execute(f"pragma table_xinfo({table})"))
        for _, index, unique, origin, partial in connection.execute(f"pragma index_list({table})").fetchall():
            columns = [row[2:5] for row in connection.execute(f"pragma index_xinfo({index})") if row[2]]
            condition = connection.execute("select sql from sqlite_master where name = ?", [index]).fetchone()[0]
            where = (condition or "").lower().partition(" where ")[2]
            found[f"{table}.{index}"] = (columns, unique, origin, partial, where)
    connection.close()
    return found


async def test_in_sqlite_the_migrations_come_to_the_schema(tmp_path: Path) -> None:
    """Tables, columns, keys and indexes are the same."""
    ledger = SqliteLedger(str(tmp_path / "migrated.db"), SystemClock())
    await ledger.start()
    await ledger.stop()
    connection = sqlite3.connect(tmp_path / "schema.db")
    connection.executescript(read_sql("schema.sql"))
    connection.close()

    assert _sqlite_schema(tmp_path / "migrated.db") == _sqlite_schema(tmp_path / "schema.db")


@pytest.mark.postgres
async def test_in_postgres_the_migrations_come_to_the_schema(postgres_database: str) -> None:
    """Tables, columns with type and default, constraints and indexes are the same."""
    ledger = PostgresLedger(postgres_database, SystemClock())
    await ledger.start()
    await ledger.stop()
    connection = await asyncpg.connect(postgres_database)
    migrated = await connection.fetch(_POSTGRES_SCHEMA)
    await connection.execute("drop schema public cascade; create schema public")
    await connection.execute(read_sql("schema.sql"))
    by_hand = await connection.fetch(_POSTGRES_SCHEMA)
    await connection.close()

    assert migrated
    assert migrated == by_hand


def test_migrations_are_numbered_without_gaps() -> None:
    """From 1 on, each once: the number says what a ledger has had."""
    numbers = [migration.number for migration in read_migrations("sqlite")]

    assert numbers == list(range(1, len(numbers) + 1))
    assert numbers == [migration.number for migration in read_migrations("postgres")]


def test_a_script_is_split_at_the_ends_of_its_statements() -> None:
    """Comment lines and empty statements fall out; a semicolon inside a line is text."""
    script = "-- why;\ncreate table a (\n    b text default ';' not null\n);\n\ncreate index c on a (b);\n"

    assert split_script(script) == (
        "create table a (\n    b text default ';' not null\n)",
        "create index c on a (b)",
    )


def test_failures_of_before_get_the_groups_that_they_would_have_had() -> None:
    """Those of one connection, code, place and revision are one group; each is in a group."""
    connection = sqlite3.connect(":memory:")
    _run(connection, 1, 8)
    row = "insert into failures values (?, ?, 'e', 'k', 'z', 'open', ?, ?, 'mapping', 'a', ?, ?, 1, 5, 9, null, null)"
    for failure in (
        ("f-2", "in", "mapping", "no rule for 1", "a.map.yaml:7", "r1"),
        ("f-1", "in", "mapping", "no rule for 2", "a.map.yaml:7", "r1"),
        ("f-3", "in", "mapping", "no rule for 2", "a.map.yaml:7", "r2"),
        ("f-4", "uit", "mapping", "no rule for 2", "a.map.yaml:7", "r1"),
    ):
        connection.execute(row, failure)

    _run(connection, 9, 9)

    assert dict(connection.execute("select id, group_id from failures")) == {
        "f-1": "f-1",
        "f-2": "f-1",
        "f-3": "f-3",
        "f-4": "f-4",
    }
    groups = "select id, stage, code, location, revision, first_at, merged_into from failure_groups where id = 'f-1'"
    assert connection.execute(groups).fetchall() == [("f-1", "in", "mapping", "a.map.yaml:7", "r1", 5, "")]
    connection.close()


def _run(connection: sqlite3.Connection, first: int, last: int) -> None:
    for migration in read_migrations("sqlite"):
        if first <= migration.number <= last:
            for statement in migration.statements:
                connection.execute(statement)
