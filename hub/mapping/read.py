"""Reads mapping files, parts and lookup tables from disk, once, at the start.

A connection's own `_parts/` and `_codes/` win over those of all connections. Every byte read counts for the revision.
Nothing in this room opens a file but this and `cases`.
"""

from __future__ import annotations

import csv
import hashlib
import io
from pathlib import Path

from hub.config.likely import did_you_mean
from hub.config.yaml import Place
from hub.mapping.rules import Sheet, read_layer, read_mapping, read_part, wrong

_SUFFIX = ".map.yaml"
_LAYER_SUFFIX = ".layer.yaml"
_HEADER = ["van", "naar"]


class Folder:
    """The files of one connection. `root` is the folder of all connections; files are named from there in errors."""

    def __init__(self, folder: Path, *, root: Path) -> None:
        """Look in `folder` first, then in `root`."""
        self._folder = folder
        self._root = root

    def mappings(self) -> list[Path]:
        """Give the mapping files, by name."""
        return sorted(self._folder.glob(f"*{_SUFFIX}"))

    def layers(self) -> list[Path]:
        """Give the files of layers, by name."""
        return sorted(self._folder.glob(f"*{_LAYER_SUFFIX}"))

    def mapping(self, path: Path) -> tuple[Sheet, Files]:
        """Read one mapping file, and give where its parts and tables come from."""
        files = Files(self._folder, self._root)
        name, text = files.read(path)
        sheet = read_mapping(name, text)
        expected = path.name.removesuffix(_SUFFIX)
        if sheet.message != expected:
            # A person who looks for a mapping looks for its file name.
            wrong(sheet.place, f"the file is named {path.name}, but its message is `{sheet.message}`")
        return sheet, files

    def layer(self, path: Path, mappings: dict[str, Files]) -> Sheet:
        """Read one layer, as a file of the mapping of its message; `mappings` has the files of each by its message."""
        begun = [name for name in mappings if path.name.startswith(f"{name}.")]
        files = mappings[max(begun, key=len)] if begun else Files(self._folder, self._root)
        sheet = read_layer(*files.read(path))
        if sheet.message not in mappings:
            likely = did_you_mean(sheet.message, mappings)
            wrong(sheet.place, f"there is no mapping of `{sheet.message}` to lay this over", likely)
        if not begun or mappings[sheet.message] is not files:
            wrong(sheet.place, f"the file is named {path.name}, but its message is `{sheet.message}`")
        return sheet

    def inverted(self, name: str, asked: Place, files: Files) -> tuple[Sheet, Files]:
        """Read the mapping `<connection>/<message>` as one of the `files` of another."""
        connection, _, message = name.partition("/")
        path = self._root / connection / f"{message}{_SUFFIX}"
        known = [f"{each.parent.name}/{each.name.removesuffix(_SUFFIX)}" for each in self._root.glob(f"*/*{_SUFFIX}")]
        if name not in known:
            wrong(asked, f"there is no mapping `{name}` to do backwards", did_you_mean(name, known))
        beside = files.beside(path.parent)
        return read_mapping(*beside.read(path)), beside


class Files:
    """What one mapping is made of: its own file, and the parts and tables it asks for."""

    def __init__(self, folder: Path, root: Path) -> None:
        """Begin with nothing read."""
        self._folders: tuple[Path, ...] = (folder,)
        self._root = root
        self._texts: dict[str, bytes] = {}
        self._parts: dict[str, Sheet] = {}
        self._tables: dict[str, dict[str, str]] = {}

    @property
    def revision(self) -> str:
        """Twelve hexadecimal digits that change when any of the files changes."""
        digest = hashlib.sha256()
        for name in sorted(self._texts):
            content = self._texts[name]
            digest.update(f"{name}\0{len(content)}\0".encode() + content)
        return digest.hexdigest()[:12]

    def beside(self, folder: Path) -> Files:
        """Give the files of a mapping in another folder: what it reads counts here too, its tables are found here."""
        other = Files(folder, self._root)
        other._texts = self._texts
        self._folders = (*self._folders, folder)
        return other

    def read(self, path: Path) -> tuple[str, str]:
        """Give the name and the text of a file."""
        name = f"{self._root.name}/{path.relative_to(self._root)}" if path.is_relative_to(self._root) else path.name
        content = self._texts[name] = path.read_bytes()
        try:
            return name, content.decode("utf-8-sig")
        except UnicodeDecodeError:
            wrong(Place(name, 0, 0), "the file is not UTF-8")

    def part(self, name: str, asked: Place) -> Sheet:
        """Give a part by its name."""
        if name not in self._parts:
            self._parts[name] = read_part(*self.read(self._find("_parts", ".yaml", name, asked, "part")))
        return self._parts[name]

    def table(self, name: str, asked: Place) -> dict[str, str]:
        """Give a lookup table by its name."""
        if name not in self._tables:
            self._tables[name] = _read_table(*self.read(self._find("_codes", ".csv", name, asked, "lookup table")))
        return self._tables[name]

    def _find(self, kind: str, suffix: str, name: str, asked: Place, what: str) -> Path:
        shelves = (self._folders[0] / kind, self._root / kind, *(each / kind for each in self._folders[1:]))
        known = {
            path.name.removesuffix(suffix): path for shelf in reversed(shelves) for path in shelf.glob(f"*{suffix}")
        }
        if name not in known:
            wrong(asked, f"there is no {what} `{name}`", did_you_mean(name, known))
        return known[name]


def _read_table(file: str, text: str) -> dict[str, str]:
    rows = csv.reader(io.StringIO(text))
    if next(rows, None) != _HEADER:
        wrong(Place(file, 1, 1), "a lookup table begins with the line `van,naar`")
    table: dict[str, str] = {}
    for row in rows:
        place = Place(file, rows.line_num, 1)
        if not row:
            continue
        if len(row) != len(_HEADER):
            wrong(place, "a line of a lookup table has two fields")
        if not row[0]:
            wrong(place, "the first field is empty: no value of a message is", "use `default` or `empty` in the rule")
        if row[0] in table:
            wrong(place, f"`{row[0]}` stands in this table twice")
        table[row[0]] = row[1]
    return table
