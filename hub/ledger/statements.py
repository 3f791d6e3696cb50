"""SQL as it stands in `sql/`: named statements and numbered migrations. It opens no database.

A statement begins at a line `-- name: <name>`. What several statements have in common begins at a line
`-- part: <name>` and stands in them as `{<name>}`. `<noun>.sql` holds what both databases understand as it stands,
`<noun>.postgres.sql` and `<noun>.sqlite.sql` the same names for each. A migration is a file
`sql/migrations/<number>_<name>.sql`, and what of it only one database understands `<number>_<name>.<database>.sql`.
"""

from __future__ import annotations

import re
from importlib.resources import files
from typing import Literal, NamedTuple

Database = Literal["postgres", "sqlite"]

_MARK = re.compile(r"^-- (name|part): (.+)\n", re.MULTILINE)
_USE = re.compile(r"\{(\w+)\}")
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
    found: dict[str, dict[str, str]] = {"name": {}, "part": {}}
    for file in names:
        _, *marked = _MARK.split(read_sql(file))
        for kind, name, text in zip(marked[::3], marked[1::3], marked[2::3], strict=True):
            assert name not in found[kind], f"{file}: {name} is there twice"
            found[kind][name] = _bare(text).removesuffix(";")

    def whole(text: str) -> str:
        return _USE.sub(lambda used: whole(found["part"][used[1]]), text)

    return {name: whole(text) for name, text in found["name"].items()}


def read_migrations(database: Database) -> tuple[Migration, ...]:
    """Read all migrations of a database, in order."""
    found = []
    there_are = sorted(entry.name for entry in (files(__package__) / "sql" / "migrations").iterdir())
    for file in (name for name in there_are if name.count(".") == 1):
        number, _, name = file.removesuffix(".sql").partition("_")
        own = f"{number}_{name}.{database}.sql"
        scripts = [file, own] if own in there_are else [file]
        statements = [each for script in scripts for each in split_script(read_sql(f"migrations/{script}"))]
        found.append(Migration(int(number), name, tuple(statements)))
    return tuple(found)


def split_script(text: str) -> tuple[str, ...]:
    """Split a script into its statements, without their semicolons and comment lines."""
    return tuple(statement.strip() for statement in (_bare(text) + "\n").split(";\n") if statement.strip())


def read_sql(name: str) -> str:
    """Give the text of a file in `sql/`."""
    return (files(__package__) / "sql" / name).read_text(encoding="utf-8")


def _bare(text: str) -> str:
    return "\n".join(line for line in text.splitlines() if not line.startswith("--")).strip()
