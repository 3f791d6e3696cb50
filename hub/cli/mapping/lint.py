"""`zaakhub map lint`: every mistake in the mappings, before anything runs."""

from __future__ import annotations

import os
import re
from collections import Counter
from collections.abc import Sequence
from enum import StrEnum
from importlib.metadata import version
from pathlib import Path
from typing import Annotated

import typer
from rich.text import Text

from hub.cli.mapping.tools import StandIn, folders
from hub.cli.screen import err, out
from hub.config import dialects
from hub.config.connection import Connection, Direction
from hub.config.likely import did_you_mean
from hub.config.load import load_connection
from hub.config.yaml import read_yaml
from hub.errors import ConfigurationWrong
from hub.event.catalogue import EVENT_TYPES
from hub.event.vragen import answer_kind
from hub.mapping.compile import changed_by, load_mappings
from hub.mapping.lint.findings import Finding, Severity
from hub.mapping.lint.fix import Fixed, fix
from hub.mapping.lint.lint import Subject, Texts, lint
from hub.mapping.lint.reports import as_json, as_junit, as_sarif
from hub.ports.registry import Registry

_FILES = ("*.map.yaml", "*.layer.yaml", "connection.yaml", "_parts/*.yaml", "_codes/*.csv")
_OF_DIALECTS = (dialects.FILE, "*.layer.yaml")
_COLOURS = {Severity.ERROR: "bold red", Severity.WARNING: "yellow", Severity.NOTE: "cyan"}
_VARIABLE = re.compile(r"\$\{([^}]*)\}")
_WORD = re.compile(r"[\w.$@\-/\[\]=*]+")


class Format(StrEnum):
    """How to print what was found."""

    TEXT = "text"
    JSON = "json"
    JUNIT = "junit"
    SARIF = "sarif"


def lint_files(
    connections: Annotated[
        list[str] | None, typer.Argument(metavar="[CONNECTION]...", help="Which connections; all without a name.")
    ] = None,
    *,
    correct: Annotated[
        bool, typer.Option("--fix", help="Correct the mistakes that have one likely correction.")
    ] = False,
    format_: Annotated[
        Format, typer.Option("--format", help="Text for people; JSON, JUnit or SARIF for programs.")
    ] = Format.TEXT,
) -> None:
    """Find every mistake in the mappings: what will not work, what does nothing, what nobody reads.

    [dim]Example: zaakhub map lint formulieren-naar-zaken[/]
    """
    root, chosen = folders(connections)
    only = [folder.name for folder in chosen] if connections else []
    book = _Book(root)
    if correct:
        _write(book, book.fixed(only))
        book = _Book(root)
    findings = book.findings(only)
    match format_:
        case Format.JSON:
            typer.echo(as_json(findings))
        case Format.JUNIT:
            typer.echo(as_junit(findings, sorted(book.texts)))
        case Format.SARIF:
            typer.echo(as_sarif(findings, version=version("zaakhub")))
        case Format.TEXT:
            _show(findings, book.texts)
    if any(each.severity is Severity.ERROR for each in findings):
        raise typer.Exit(1)


def findings_of(root: Path, connections: Sequence[str]) -> list[Finding]:
    """Give what lint has against some connections, or against all."""
    return _Book(root).findings(connections)


class _Book:
    """The files of all connections, and what the hub itself has against them."""

    def __init__(self, root: Path) -> None:
        self._root = root
        self.name = _shown(root)
        paths = {path for folder in (root, *_folders(root)) for each in _FILES for path in folder.glob(each)}
        paths |= {path for each in _OF_DIALECTS for path in root.glob(f"{dialects.FOLDER}/*/{each}")}
        self.paths = {f"{self.name}/{path.relative_to(root).as_posix()}": path for path in sorted(paths)}
        self.texts: Texts = {name: _text(path) for name, path in self.paths.items()}
        self._refused: list[ConfigurationWrong] = []
        registry = Registry()
        self._subjects = {folder.name: self._subject(folder, registry) for folder in _folders(root)}
        for name in dialects.dialects_below(root):
            self._dialect(root / dialects.FOLDER / name / dialects.FILE)

    def findings(self, only: Sequence[str]) -> list[Finding]:
        """Give what is wrong."""
        return lint(self.texts, self._subjects, root=self.name, only=only, refused=self._refused)

    def fixed(self, only: Sequence[str]) -> Fixed:
        """Give the files as they are better."""
        return fix(self.texts, lambda texts: lint(texts, self._subjects, root=self.name, only=only))

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
            (registry.inbound if connection.direction is Direction.INBOUND else registry.outbound)(connection)
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


def _shown(root: Path) -> str:
    """Name the folder from where the reader is, as a code host wants it, when it is below there."""
    here = Path.cwd()
    whole = root if root.is_absolute() else here / root
    return whole.relative_to(here).as_posix() if whole.is_relative_to(here) else str(whole)


def _text(path: Path) -> str | bytes:
    content = path.read_bytes()
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content


def _write(book: _Book, fixed: Fixed) -> None:
    """Write the files that are better now, and say what was changed."""
    for name, text in fixed.texts.items():
        if text != book.texts[name] and isinstance(text, str):
            book.paths[name].write_bytes(text.encode())
    for each in sorted(fixed.edits):
        place = f"{each.place.file}:{each.place.line}:{each.place.column}"
        err.print(
            Text.assemble(("fixed ", "bold green"), place, "  ", each.old, (" → ", "cyan"), each.new), soft_wrap=True
        )


def _show(findings: Sequence[Finding], texts: Texts) -> None:
    for each in findings:
        place = f"{each.place.file}:{each.place.line}:{each.place.column}"
        colour = _COLOURS[each.severity]
        out.print(
            Text.assemble((place, "bold"), "  ", (each.severity.value, colour), "  ", (each.rule_id, "dim")),
            soft_wrap=True,
        )
        for line in _excerpt(each, texts, colour):
            out.print(line, soft_wrap=True)
        out.print(Text(f"  {each.message}"), soft_wrap=True)
        if each.advice:
            out.print(Text.assemble(("  → ", "cyan"), each.advice), soft_wrap=True)
        out.print()
    out.print(_summary(findings, texts), soft_wrap=True)


def _excerpt(finding: Finding, texts: Texts, colour: str) -> list[Text]:
    """Give the line of the file, cut to the screen, and a mark below the words it is about."""
    text = texts.get(finding.place.file, "")
    lines = text.splitlines() if isinstance(text, str) else []
    if finding.secret or not 0 < finding.place.line <= len(lines) or not finding.place.column:
        return []
    line, at = lines[finding.place.line - 1].replace("\t", " "), finding.place.column - 1
    word = _WORD.match(line, at)
    width = finding.width or (len(word[0]) if word else 1)
    number = f"{finding.place.line:>5} │ "
    room = max(out.width - len(number) - 1, width + 10)
    begin = max(0, min(at - room // 3, len(line) - room)) if len(line) > room else 0
    shown = line[begin : begin + room]
    mark = " " * (at - begin) + "^" * min(width, room - (at - begin))
    return [
        Text.assemble((number, "dim"), shown),
        Text.assemble((" " * 5 + " │ ", "dim"), (mark, colour)),
    ]


def _summary(findings: Sequence[Finding], texts: Texts) -> Text:
    counts = Counter(each.severity for each in findings)
    if not findings:
        return Text.assemble(("✓", "green"), f" {len(texts)} files, nothing found")
    said = [f"{counts[each]} {each.value}{'' if counts[each] == 1 else 's'}" for each in Severity if counts[each]]
    fixable = sum(1 for each in findings if each.fix)
    hint = f"; --fix corrects {fixable}" if fixable else ""
    sign = ("✗", "bold red") if counts[Severity.ERROR] else ("!", "yellow")
    return Text.assemble(sign, f" {len(texts)} files: {', '.join(said)}{hint}")
