"""Lookup tables as they are written, and which of their rows can be found.

It knows rows and lines. It refuses to know who looks them up.
"""

from __future__ import annotations

import csv
import io

from hub.config.yaml import Place
from hub.mapping.lint.findings import Finding

_HEADER = ["van", "naar"]


class Table:
    """One lookup table: `rows` by code, `lines` where each stands."""

    def __init__(self, file: str, text: str, found: list[Finding]) -> None:
        self.file = file
        self.rows: dict[str, str] = {}
        self.lines: dict[str, int] = {}
        self.uses = 0
        self._findable: set[str] = set()
        reader = csv.reader(io.StringIO(text))
        if next(reader, None) != _HEADER:
            advice = "write commas" if ";" in text.partition("\n")[0] else ""
            found.append(
                Finding("lookup-table", Place(file, 1, 1), "a lookup table begins with the line `van,naar`", advice)
            )
            return
        for row in reader:
            place = Place(file, reader.line_num, 1)
            if not row:
                continue
            if len(row) != len(_HEADER):
                reason = "a line of a lookup table has two fields"
                advice = 'put a field with a comma in it in "quotes"' if len(row) > len(_HEADER) else ""
                found.append(Finding("lookup-table", place, reason, advice))
            elif row[0] in self.rows:
                reason = f"`{row[0]}` stands in this table twice"
                found.append(Finding("lookup-table", place, reason, f"the first is on line {self.lines[row[0]]}"))
            else:
                self.rows[row[0]] = row[1]
                self.lines[row[0]] = reader.line_num

    def place_of(self, value: str) -> Place:
        """Give where a value first comes out."""
        code = next(code for code, each in self.rows.items() if each == value)
        return Place(self.file, self.lines[code], len(code) + 2)

    def looked_up(self, words: tuple[str, ...], *, lower: bool) -> None:
        """Remember that something is looked up: one of `words`, or anything (in lower case)."""
        self.uses += 1
        self._findable |= {
            code for code in self.rows if (code in words if words else not lower or code == code.lower())
        }

    def never_found(self) -> list[Finding]:
        """Tell of the rows that nothing finds; of a table that is not used nothing."""
        return [
            Finding("unused-code", Place(self.file, line, 1), f"`{code}` is never looked up here", _why(code))
            for code, line in self.lines.items()
            if self.uses and code not in self._findable
        ]


def _why(code: str) -> str:
    return f"what is looked up is in lower case: write {code.lower()}" if code != code.lower() else "remove the row"
