"""All files of all connections, read as far as they can be: mappings, layers, parts and tables by name.

It knows names and shelves. It refuses to know what the rules mean.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import NamedTuple

from hub.config.policy import PART_USES_MAX
from hub.config.yaml import Node, Place
from hub.event.vragen import answer_kind
from hub.mapping.lint.findings import Finding, near
from hub.mapping.lint.tables import Table
from hub.mapping.lint.written import File, open_file, read_sheet, replaced
from hub.mapping.rules import Group, Rule, Sheet, Use, layer_of, mapping_of, part_of, wrong

_MAPPING, _LAYER, _PART, _TABLE = ".map.yaml", ".layer.yaml", ".yaml", ".csv"


class Named(NamedTuple):
    """What a file says; `whole`: nothing of it had to be left out."""

    file: File
    sheet: Sheet
    whole: bool


@dataclass
class Book:
    """The files, by where they stand: `<root>/<connection>/<file>`. `used`: by each connection."""

    root: str
    files: dict[str, File]
    mappings: dict[str, list[Named]]
    layers: dict[str, list[Named]]
    parts: dict[str, Named]
    tables: dict[str, Table]
    broken: set[str]
    used: dict[str, set[str]]

    def answering(self, question: str) -> list[str]:
        """Name the connections that answer a question."""
        return [
            name
            for name, several in self.mappings.items()
            if any(each.sheet.message == answer_kind(question) for each in several) and not self._is_inbound(name)
        ]

    def _is_inbound(self, connection: str) -> bool:
        file = self.files.get(f"{self.root}/{connection}/connection.yaml")
        direction = file.root.get("direction") if file is not None and file.root is not None else None
        return direction is not None and direction.value == "inbound"

    def shelf(self, connection: str, found: list[Finding]) -> Shelves:
        """Give what the mappings of a connection see."""
        return Shelves(self, connection, found)


def open_book(root: str, texts: Mapping[str, str], found: list[Finding]) -> Book:
    """Read every file; `texts` by name, which begins with `root`. What is wrong with one goes to `found`."""
    book = Book(root, {}, {}, {}, {}, {}, set(), {})
    for name in sorted(texts):
        folder, _, last = name.removeprefix(f"{root}/").rpartition("/")
        if last.endswith(_TABLE):
            book.files[name] = File(name, texts[name])
            before = len(found)
            book.tables[name] = Table(name, texts[name], found)
            if len(found) > before:
                book.broken.add(name)
            continue
        file = book.files[name] = open_file(name, texts[name], found)
        reader: Callable[[Node], Sheet] | None = (
            mapping_of if last.endswith(_MAPPING) else layer_of if last.endswith(_LAYER) else None
        )
        if reader is None and folder.rpartition("/")[2] == "_parts":
            reader = part_of
        if reader is None:
            continue
        sheet, whole = read_sheet(file, reader, found)
        if not whole:
            book.broken.add(name)
        if sheet is None:
            continue
        if reader is part_of:
            book.parts[name] = Named(file, sheet, whole)
        else:
            (book.mappings if reader is mapping_of else book.layers).setdefault(folder, []).append(
                Named(file, sheet, whole)
            )
    _without_cycles(book, found)
    return book


class Shelves:
    """What a connection sees: its own shelf before that of all. `parts` are those used since it was made."""

    def __init__(self, book: Book, connection: str, found: list[Finding]) -> None:
        self._book = book
        self._connection = connection
        self._found = found
        self._uses = 0
        self.complete = True

    def part(self, name: str, asked: Place) -> Sheet:
        """Give a part; an empty one when there is none, which is found here."""
        self._uses += 1
        if self._uses > PART_USES_MAX:
            wrong(asked, f"the parts of this mapping are used more than {PART_USES_MAX} times")
        named = self._find("_parts", _PART, name)
        if named is None:
            self.complete = False
            known = self._names("_parts", _PART)
            self._unknown("unknown-part", f"there is no part `{name}`", name, known, asked)
            return Sheet(asked, (), ())
        self._book.used.setdefault(self._connection, set()).add(named)
        if named in self._book.broken:
            self.complete = False
        return self._book.parts[named].sheet if named in self._book.parts else Sheet(asked, (), ())

    def table(self, name: str, asked: Place) -> Table | None:
        """Give a lookup table; None when there is none, which is found here."""
        named = self._find("_codes", _TABLE, name)
        if named is None:
            known = self._names("_codes", _TABLE)
            self._unknown("unknown-table", f"there is no lookup table `{name}`", name, known, asked)
            return None
        self._book.used.setdefault(self._connection, set()).add(named)
        return None if named in self._book.broken else self._book.tables[named]

    def _find(self, kind: str, suffix: str, name: str) -> str | None:
        names = (f"{shelf}{name}{suffix}" for shelf in self._shelves(kind))
        return next((each for each in names if each in self._book.files), None)

    def _shelves(self, kind: str) -> tuple[str, str]:
        return f"{self._book.root}/{self._connection}/{kind}/", f"{self._book.root}/{kind}/"

    def _names(self, kind: str, suffix: str) -> list[str]:
        return [
            each.removeprefix(shelf).removesuffix(suffix)
            for shelf in self._shelves(kind)
            for each in self._book.files
            if each.startswith(shelf)
        ]

    def _unknown(self, rule_id: str, reason: str, name: str, known: Iterable[str], asked: Place) -> None:
        guess = near(name, known)
        fix = replaced(self._book.files[asked.file], asked, name, guess.only)
        self._found.append(Finding(rule_id, asked, reason, guess.advice, fix))


def _without_cycles(book: Book, found: list[Finding]) -> None:
    """Take out every use of a part that leads back to it, and say so."""
    by_name = {_part_name(name): name for name in sorted(book.parts, key=len)}
    for name, named in list(book.parts.items()):
        sheet = replace(named.sheet, rules=_cut(named.sheet.rules, name, by_name, book, found))
        book.parts[name] = named._replace(sheet=sheet)


def _part_name(file: str) -> str:
    return file.rpartition("/")[2].removesuffix(_PART)


def _cut(
    rules: tuple[Rule, ...], part: str, by_name: Mapping[str, str], book: Book, found: list[Finding]
) -> tuple[Rule, ...]:
    kept: list[Rule] = []
    for rule in rules:
        if isinstance(rule, Group):
            kept.append(replace(rule, rules=_cut(rule.rules, part, by_name, book, found)))
        elif isinstance(rule, Use) and (way := _way(by_name.get(rule.name), part, by_name, book)):
            names = " > ".join(_part_name(each) for each in (part, *way))
            book.broken.add(part)
            found.append(Finding("part-cycle", rule.place, f"the part `{_part_name(part)}` uses itself: {names}"))
        else:
            kept.append(rule)
    return tuple(kept)


def _way(first: str | None, to: str, by_name: Mapping[str, str], book: Book) -> tuple[str, ...]:
    """Give the parts on the way from one to another; none when there is no way."""
    waiting = [(first, first)] if first else []
    ways: dict[str, tuple[str, ...]] = {}
    while waiting:
        file, before = waiting.pop()
        if file in ways:
            continue
        ways[file] = (*ways.get(before, ()), file)
        if file == to:
            return ways[file]
        waiting += [(by_name[name], file) for name in _uses(book.parts[file].sheet.rules) if name in by_name]
    return ()


def _uses(rules: Iterable[Rule]) -> Iterable[str]:
    for rule in rules:
        if isinstance(rule, Use):
            yield rule.name
        elif isinstance(rule, Group):
            yield from _uses(rule.rules)
