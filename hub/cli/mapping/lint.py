"""`zaakhub map lint`: every mistake in the mappings, before anything runs."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from enum import StrEnum
from importlib.metadata import version
from pathlib import Path
from typing import Annotated

import typer
from rich.text import Text

from hub.cli.mapping.tools import folders
from hub.cli.screen import err, out
from hub.desk.lint import Shelf
from hub.mapping.lint.findings import Finding, Severity
from hub.mapping.lint.fix import Fixed
from hub.mapping.lint.lint import Texts
from hub.mapping.lint.reports import as_json, as_junit, as_sarif

_COLOURS = {Severity.ERROR: "bold red", Severity.WARNING: "yellow", Severity.NOTE: "cyan"}
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
    book = Shelf(root, name=_shown(root))
    if correct:
        _write(book, book.fixed(only))
        book = Shelf(root, name=_shown(root))
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
    return Shelf(root, name=_shown(root)).findings(connections)


def _shown(root: Path) -> str:
    """Name the folder from where the reader is, as a code host wants it, when it is below there."""
    here = Path.cwd()
    whole = root if root.is_absolute() else here / root
    return whole.relative_to(here).as_posix() if whole.is_relative_to(here) else str(whole)


def _write(book: Shelf, fixed: Fixed) -> None:
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
