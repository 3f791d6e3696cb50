"""Reads mapping files, parts, lookup tables and the layers over them from disk, once, at the start.

A connection's own `_parts/` and `_codes/` win over those of all connections. Which packs of `_dialects` it uses stands
in its connection.yaml; nothing else of that file counts here. Every byte read counts for the revision.
Nothing in this room opens a file but this and `cases`.
"""

from __future__ import annotations

import csv
import hashlib
import io
from collections.abc import Collection, Iterable, Sequence
from pathlib import Path

import orjson

from hub.config import dialects
from hub.config.dialects import Dialects, dialects_of, read_dialect
from hub.config.likely import did_you_mean
from hub.config.yaml import Node, Place, read_yaml
from hub.mapping.overlay import Over, Overlay, overlay_of, used_parts
from hub.mapping.rules import Sheet, read_layer, read_mapping, read_part, wrong

_SUFFIX = ".map.yaml"
_LAYER_SUFFIX = ".layer.yaml"
_HEADER = ["van", "naar"]
CONNECTION = "connection.yaml"
_DIALECTS = "which dialects"
"""The name under which it counts which packs are used, and for whom."""


class _Shared:
    """What the mappings of one connection share: each part is parsed once, and each folder of them listed once."""

    def __init__(self) -> None:
        """Begin with nothing read."""
        self.parts: dict[tuple[str, str], Sheet] = {}
        self._listed: dict[tuple[Path, str], dict[str, Path]] = {}

    def listed(self, shelf: Path, suffix: str) -> dict[str, Path]:
        """Give the files of a folder by their names."""
        if (shelf, suffix) not in self._listed:
            files = shelf.glob(f"*{suffix}")
            self._listed[shelf, suffix] = {path.name.removesuffix(suffix): path for path in files}
        return self._listed[shelf, suffix]


class Folder:
    """The files of one connection. `root` is the folder of all connections; files are named from there in errors."""

    def __init__(self, folder: Path, *, root: Path, only: Sequence[str] | None = None) -> None:
        """Look in `folder` first, then in `root`; `only` these dialects, whatever the connection says."""
        self._folder = folder
        self._root = root
        self._only = only
        self._shared = _Shared()

    def mappings(self) -> list[Path]:
        """Give the mapping files, by name."""
        return sorted(self._folder.glob(f"*{_SUFFIX}"))

    def mapping(self, path: Path) -> tuple[Sheet, Files]:
        """Read one mapping file, and give where its parts and tables come from."""
        files = Files(self._folder, self._root, self._shared)
        name, text = files.read(path)
        sheet = read_mapping(name, text)
        expected = path.name.removesuffix(_SUFFIX)
        if sheet.message != expected:
            # A person who looks for a mapping looks for its file name.
            wrong(sheet.place, f"the file is named {path.name}, but its message is `{sheet.message}`")
        return sheet, files

    def overlay(self, messages: Collection[str]) -> tuple[Overlay, Files]:
        """Read what is laid over the mappings of these messages, and give the files it came from.

        A layer of a dialect over another message is for another connection, and left out.
        """
        files = Files(self._folder, self._root, self._shared)
        own = [self._own(path, files, messages) for path in sorted(self._folder.glob(f"*{_LAYER_SUFFIX}"))]
        used = self.dialects()
        read = {name.text(): self._pack(name, files, messages) for name in used.named()}
        files.said(_DIALECTS, orjson.dumps(used.plain()))

        def of(names: Iterable[Node]) -> tuple[Over, ...]:
            return tuple(read[each.text()] for each in names)

        overlay = overlay_of(own, of(used.everyone), {name: of(each) for name, each in used.senders.items()})
        return overlay, files

    def dialects(self) -> Dialects:
        """Give the names of the packs that the connection uses."""
        path = self._folder / CONNECTION
        if self._only is not None:
            return Dialects(tuple(Node(name, Place(name, 0, 0)) for name in self._only))
        return dialects_of(read_yaml(path, name=_named(path, self._root))) if path.is_file() else Dialects()

    def over(self, sheet: Sheet, files: Files, overlay: Overlay, laid: Files) -> Overlay:
        """Give what of an overlay lies over one mapping; those files of `laid` become files of the mapping."""
        layers = tuple(overlay.all())
        bases = [sheet, *(each for each in layers if each.message == sheet.message)]
        if sheet.inverts:
            bases.append(self.inverted(sheet.inverts, sheet.place, files)[0])
        mine = overlay.of(sheet.message, used_parts(bases, files.part, layers) if layers else ())
        if names := [each.place.file for each in mine.all()]:
            files.include(laid, [*names, _DIALECTS])
        return mine

    def _own(self, path: Path, files: Files, messages: Collection[str]) -> Sheet:
        sheet = read_layer(*files.read(path))
        if sheet.layer.kind == "dialect":
            wrong(sheet.place, "a layer of a dialect stands in its pack", f"move it to {dialects.FOLDER}/<dialect>")
        if sheet.message and sheet.message not in messages:
            likely = did_you_mean(sheet.message, messages)
            wrong(sheet.place, f"there is no mapping of `{sheet.message}` to lay this over", likely)
        return self._placed(sheet, path, files)

    def _pack(self, name: Node, files: Files, messages: Collection[str]) -> Over:
        dialect, _ = read_dialect(self._root, name)
        layers = []
        for path in sorted((self._root / dialects.FOLDER / dialect.dialect).glob(f"*{_LAYER_SUFFIX}")):
            sheet = read_layer(*files.read(path))
            if sheet.layer.kind != "dialect" or sheet.layer.names != (dialect.dialect,):
                advice = f"write `layer: {{dialect: {dialect.dialect}}}`"
                wrong(sheet.place, "a pack has layers of its own dialect only", advice)
            layers.append(self._placed(sheet, path, files))
        return tuple(each for each in layers if each.part or each.message in messages)

    @staticmethod
    def _placed(sheet: Sheet, path: Path, files: Files) -> Sheet:
        """See that the file is named after what it lies over: there a person looks for it."""
        if sheet.part:
            files.part(sheet.part, sheet.place)
        subject = sheet.part or sheet.message
        if not path.name.startswith(f"{subject}."):
            what = "part" if sheet.part else "message"
            wrong(sheet.place, f"the file is named {path.name}, but its {what} is `{subject}`")
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

    def __init__(self, folder: Path, root: Path, shared: _Shared | None = None) -> None:
        """Begin with nothing read, but for what is `shared` with other mappings."""
        self._folders: tuple[Path, ...] = (folder,)
        self._root = root
        self._shared = _Shared() if shared is None else shared
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

    def said(self, name: str, content: bytes) -> None:
        """Let something count for the revision that is no whole file."""
        self._texts[name] = content

    def include(self, other: Files, names: Collection[str]) -> None:
        """Let files of another count here."""
        self._texts |= {name: other._texts[name] for name in names}

    def beside(self, folder: Path) -> Files:
        """Give the files of a mapping in another folder: what it reads counts here too, its tables are found here."""
        other = Files(folder, self._root, self._shared)
        other._texts = self._texts
        self._folders = (*self._folders, folder)
        return other

    def read(self, path: Path) -> tuple[str, str]:
        """Give the name and the text of a file."""
        name = _named(path, self._root)
        content = self._texts[name] = path.read_bytes()
        try:
            return name, content.decode("utf-8-sig")
        except UnicodeDecodeError:
            wrong(Place(name, 0, 0), "the file is not UTF-8")

    def part(self, name: str, asked: Place) -> Sheet:
        """Give a part by its name."""
        if name not in self._parts:
            read = self.read(self._find("_parts", ".yaml", name, asked, "part"))
            if read not in self._shared.parts:
                self._shared.parts[read] = read_part(*read)
            self._parts[name] = self._shared.parts[read]
        return self._parts[name]

    def table(self, name: str, asked: Place) -> dict[str, str]:
        """Give a lookup table by its name."""
        if name not in self._tables:
            self._tables[name] = _read_table(*self.read(self._find("_codes", ".csv", name, asked, "lookup table")))
        return self._tables[name]

    def _find(self, kind: str, suffix: str, name: str, asked: Place, what: str) -> Path:
        shelves = (self._folders[0] / kind, self._root / kind, *(each / kind for each in self._folders[1:]))
        known: dict[str, Path] = {}
        for shelf in reversed(shelves):
            known |= self._shared.listed(shelf, suffix)
        if name not in known:
            wrong(asked, f"there is no {what} `{name}`", did_you_mean(name, known))
        return known[name]


def _named(path: Path, root: Path) -> str:
    """Name a file as errors do: from the folder of all connections."""
    return f"{root.name}/{path.relative_to(root)}" if path.is_relative_to(root) else path.name


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
