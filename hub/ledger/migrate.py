"""From whatever schema the database has to the newest, inside the caller's transaction. It knows no database."""

from __future__ import annotations

from datetime import datetime

from hub.errors import ConfigurationWrong
from hub.ledger.statements import Database, read_migrations
from hub.ledger.store.base import Transaction


async def migrate(tx: Transaction, kind: Database, *, now: datetime, database: str) -> None:
    """Run the migrations that are missing; raises ConfigurationWrong when a newer program was here before.

    `database` is what it is called.
    """
    # Processes that start at the same time wait here for the first, and then find it done.
    await tx.alone([("migrations",)])
    await tx.change("migrations_table")
    applied = {int(number): str(name) for number, name in await tx.rows("migrations_applied")}
    migrations = read_migrations(kind)
    unknown = sorted(set(applied) - {migration.number for migration in migrations})
    if unknown:
        raise ConfigurationWrong(
            f"the ledger is newer than this program: it has migration {unknown[-1]:04} ({applied[unknown[-1]]})",
            file=database,
            advice="start the newest version of zaakhub, or put back a copy of the ledger from before the upgrade",
        )
    for migration in migrations:
        if migration.number not in applied:
            await tx.script(migration.statements)
            await tx.change("migration_done", migration.number, migration.name, now)
