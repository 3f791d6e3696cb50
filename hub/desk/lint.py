"""The files of all connections, and all that lint and the hub itself have against them.

It reads files and makes adapters. It refuses to know who looks at it: a command line, or the console.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Sequence
from pathlib import Path

from hub.config import dialects
from hub.config.connection import Connection, Direction
from hub.config.likely import did_you_mean
from hub.config.load import load_connection
from hub.config.yaml import read_yaml
from hub.desk.tools import StandIn
from hub.errors import ConfigurationWrong
from hub.event.catalogue import EVENT_TYPES
from hub.event.vragen import answer_kind
from hub.mapping.compile import changed_by, load_mappings
from hub.mapping.lint.findings import Finding
from hub.mapping.lint.fix import Fixed, fix
from hub.mapping.lint.lint import Subject, Texts, lint
from hub.ports.registry import Registry

_FILES = ("*.map.yaml", "*.layer.yaml", "connection.yaml", "_parts/*.yaml", "_codes/*.csv")
_OF_DIALECTS = (dialects.FILE, "*.layer.yaml")
_EXAMPLES = "_voorbeelden"
_VARIABLE = re.compile(r"\$\{([^}]*)\}")


_MADE: dict[Direction, Callable[[Registry, Connection], object]] = {
    Direction.INBOUND: Registry.inbound,
    Direction.OUTBOUND: Registry.outbound,
    Direction.ASK: Registry.asking,
}


class Shelf:
    """The files of all connections, and what the hub itself has against them."""

    def __init__(self, root: Path, *, name: str = "") -> None:
        """Read them; `name` is what findings call the folder, when it is not its own."""
        self._root = root
        self.name = name or root.name
        paths = {path for folder in (root, *_folders(root)) for each in _FILES for path in folder.glob(each)}
        paths |= {path for each in _OF_DIALECTS for path in root.glob(f"{dialects.FOLDER}/*/{each}")}
        self.paths = {f"{self.name}/{path.relative_to(root).as_posix()}": path for path in sorted(paths)}
        self.texts: Texts = {name: _text(path) for name, path in self.paths.items()}
        # What an example shares with connections is not unused: whoever copies the example finds it there.
        self._examples = [str(_text(path)) for path in root.glob(f"{_EXAMPLES}/**/*.yaml")]
        self._refused: list[ConfigurationWrong] = []
        registry = Registry()
        self._subjects = {folder.name: self._subject(folder, registry) for folder in _folders(root)}
        for pack in dialects.dialects_below(root):
            self._dialect(root / dialects.FOLDER / pack / dialects.FILE)

    def findings(self, only: Sequence[str]) -> list[Finding]:
        """Give what is wrong."""
        return lint(
            self.texts, self._subjects, root=self.name, only=only, refused=self._refused, examples=self._examples
        )

    def fixed(self, only: Sequence[str]) -> Fixed:
        """Give the files as they are better."""
        return fix(
            self.texts,
            lambda texts: lint(texts, self._subjects, root=self.name, only=only, examples=self._examples),
        )

    def _subject(self, folder: Path, registry: Registry) -> Subject:
        connection = self._connection(folder, registry)
        if connection is None:
            return self._guessed(folder, registry)
        if connection.adapter not in registry.names():
            return Subject({})
        manifest, forms = registry.manifest(connection.adapter), registry.forms(connection.adapter)
        inbound = connection.direction is Direction.INBOUND
        try:
            load_mappings(folder, root=self._root, forms=forms)
        except ConfigurationWrong as problem:
            self._refuse(problem)
        events = [name for name in manifest.events or EVENT_TYPES if EVENT_TYPES[name].domain == connection.domain]
        answers = [answer_kind(each) for each in manifest.questions]
        return Subject(forms, manifest.messages if inbound else (*events, *answers), inbound)

    def _guessed(self, folder: Path, registry: Registry) -> Subject:
        """Give what a connection that is wrong can do, as far as it says so: its mappings may well be right."""
        try:
            said = read_yaml(folder / "connection.yaml")
        except ConfigurationWrong:
            return Subject({})
        adapter, direction = (each and each.value for each in (said.get("adapter"), said.get("direction")))
        if adapter not in registry.names():
            return Subject({})
        return Subject(registry.forms(str(adapter)), inbound=direction == Direction.INBOUND)

    def _dialect(self, path: Path) -> None:
        """Read what a pack says of itself, and compile it over its connection."""
        try:
            dialect, source = dialects.read_dialect_file(path)
            if dialect.over not in self._subjects:
                known = did_you_mean(dialect.over, self._subjects)
                raise source.mapping()["over"].wrong(f"there is no connection {dialect.over}", advice=known)
            forms = self._subjects[dialect.over].forms
            changed_by(dialect.dialect, self._root / dialect.over, root=self._root, forms=forms)
        except ConfigurationWrong as problem:
            self._refuse(problem)

    def _connection(self, folder: Path, registry: Registry) -> Connection | None:
        try:
            connection = load_connection(folder, StandIn())
        except ConfigurationWrong as problem:
            self._refuse(problem)
            return None
        try:
            _MADE[connection.direction](registry, connection)
        except ConfigurationWrong as problem:
            self._refuse(problem)
        return connection

    def _refuse(self, problem: ConfigurationWrong) -> None:
        """Keep what is wrong, but not with what only the environment of the hub can say."""
        for each in problem.problems:
            name = self._named(each.file)
            text = self.texts.get(name, "")
            lines = text.splitlines() if isinstance(text, str) else []
            line = lines[each.line - 1] if 0 < each.line <= len(lines) else ""
            if all(os.environ.get(variable) for variable in _VARIABLE.findall(line)):
                self._refused.append(
                    ConfigurationWrong(each.reason, file=name, line=each.line, column=each.column, advice=each.advice)
                )

    def _named(self, file: str) -> str:
        path = Path(file)
        if path.is_relative_to(self._root):
            return f"{self.name}/{path.relative_to(self._root).as_posix()}"
        return file.replace(f"{self._root.name}/", f"{self.name}/", 1)


def _folders(root: Path) -> list[Path]:
    if not root.is_dir():
        raise ConfigurationWrong("there is no such folder of connections", file=root, advice="set ZAAKHUB_MAPPINGS")
    return [each for each in sorted(root.iterdir()) if each.is_dir() and not each.name.startswith(("_", "."))]


def _text(path: Path) -> str | bytes:
    content = path.read_bytes()
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content
