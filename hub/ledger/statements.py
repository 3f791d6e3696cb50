"""SQL as it stands in `sql/`: named statements and numbered migrations. It opens no database.

A statement begins at a line `-- name: <name>`. `<noun>.sql` holds what both databases understand as it stands,
`<noun>.postgres.sql` and `<noun>.sqlite.sql` the same names for each. A migration is a file
`sql/migrations/<number>_<name>.sql`.
"""

from __future__ import annotations

from importlib.resources import files
from typing import Literal, NamedTuple

Database = Literal["postgres", "sqlite"]

_MARK = "-- name: "
_NO_STATEMENTS = "schema.sql"


class Migration(NamedTuple):
    """One step from an older schema to a newer; its statements end with a semicolon at the end of a line."""

    number: int
    name: str
    statements: tuple[str, ...]


def statements_for(database: Database) -> dict[str, str]:
    """Read all statements of a database by name."""
    there_are = sorted(entry.name for entry in (files(__package__) / "sql").iterdir() if entry.name.endswith(".sql"))
    own = f"{database}.sql"
    return read_statements(
        *(name for name in there_are if name != _NO_STATEMENTS and (name.count(".") == 1 or name.endswith(f".{own}")))
    )


def read_statements(*names: str) -> dict[str, str]:
    """Read the statements of files in `sql/` by name; a name may stand in one file only."""
    found: dict[str, str] = {}
    for file in names:
        for part in ("\n" + read_sql(file)).split("\n" + _MARK)[1:]:
            name, _, text = part.partition("\n")
            assert name not in found, f"{file}: {name} is there twice"
            found[name] = _bare(text).removesuffix(";")
    return found


def read_migrations() -> tuple[Migration, ...]:
    """Read all migrations, in order."""
    found = []
    for file in sorted(entry.name for entry in (files(__package__) / "sql" / "migrations").iterdir()):
        number, _, name = file.removesuffix(".sql").partition("_")
        found.append(Migration(int(number), name, split_script(read_sql(f"migrations/{file}"))))
    return tuple(found)


def split_script(text: str) -> tuple[str, ...]:
    """Split a script into its statements, without their semicolons and comment lines."""
    return tuple(statement.strip() for statement in (_bare(text) + "\n").split(";\n") if statement.strip())


def read_sql(name: str) -> str:
    """Give the text of a file in `sql/`."""
    return (files(__package__) / "sql" / name).read_text(encoding="utf-8")


def _bare(text: str) -> str:
    return "\n".join(line for line in text.splitlines() if not line.startswith("--")).strip()
