"""Corrections that nobody needs to think about, written into the text.

It knows places and words. It refuses a correction that does not leave fewer mistakes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import NamedTuple

from hub.mapping.lint.findings import Edit, Finding
from hub.mapping.lint.lint import Texts

_ROUNDS_MAX = 10
"""A corrected word may show the next mistake in its line; ten in one line are no typing errors."""

Lint = Callable[[Texts], list[Finding]]


class Fixed(NamedTuple):
    """The texts after the corrections, those that were made, and what is still found."""

    texts: Texts
    edits: list[Edit]
    findings: list[Finding]


def fix(texts: Texts, lint: Lint) -> Fixed:
    """Make every correction that leaves fewer findings than before, file by file, as long as there are any."""
    current, findings = dict(texts), lint(texts)
    made: list[Edit] = []
    refused: set[Edit] = set()
    for _ in range(_ROUNDS_MAX):
        waiting = [each for finding in findings for each in finding.fix if each not in refused]
        if not waiting:
            break
        file = waiting[0].place.file
        edits = _apart(each for each in waiting if each.place.file == file)
        text = current[file]
        assert isinstance(text, str)
        changed = {**current, file: edited(text, edits)}
        after = lint(changed)
        if len(after) < len(findings):
            current, findings = changed, after
            made += edits
        else:
            refused |= set(edits)
    return Fixed(current, made, findings)


def edited(text: str, edits: Iterable[Edit]) -> str:
    """Write edits of one file into its text, the last first; an edit whose old words are not there changes nothing.

    A line of which nothing is left goes.
    """
    lines = text.splitlines(keepends=True)
    for edit in sorted(edits, key=lambda each: each.place, reverse=True):
        line, at = edit.place.line - 1, edit.place.column - 1
        if lines[line][at:].startswith(edit.old):
            left = lines[line][:at] + edit.new + lines[line][at + len(edit.old) :]
            lines[line] = left if left.strip() or edit.new else ""
    return "".join(lines)


def _apart(edits: Iterable[Edit]) -> list[Edit]:
    """Leave out an edit of words that another one changes."""
    kept: list[Edit] = []
    for each in sorted(set(edits), key=lambda one: one.place):
        last = kept[-1] if kept else None
        same_line = last is not None and last.place.line == each.place.line
        if last is None or not same_line or last.place.column + len(last.old) <= each.place.column:
            kept.append(each)
    return kept
