"""Gherkin in Dutch, as the published rules of a standard are written: a feature file to its scenarios.

It knows features, rules, backgrounds, outlines with their examples, tables and tags. It knows nothing of what a step
means: who runs the scenarios, reads the steps.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

_FEATURE = re.compile(r"(Functionaliteit|Feature):\s*(.*)")
_RULE = re.compile(r"(Regel|Rule):\s*(.*)")
_BACKGROUND = re.compile(r"(Achtergrond|Background):")
_SCENARIO = re.compile(r"(Scenario|Abstract Scenario|Voorbeeld|Example|Scenario Outline):\s*(.*)")
_EXAMPLES = re.compile(r"(Voorbeelden|Examples|Scenarios):")
_STEP = re.compile(r"(Gegeven|Stel|Als|Wanneer|Dan|En|Maar|\*)\s+(.*)")
_CELL = re.compile(r"(?<!\\)\|")
_ASKED = {"Gegeven": "Gegeven", "Stel": "Gegeven", "Als": "Als", "Wanneer": "Als", "Dan": "Dan"}


class Step(NamedTuple):
    """One step: `kind` is Gegeven, Als or Dan (an `En` is of the kind before it), `rows` its table with the head."""

    kind: str
    text: str
    rows: tuple[tuple[str, ...], ...] = ()


@dataclass
class Scenario:
    """One scenario to run: an outline is one for each row of its examples (`example`, counted from 1)."""

    file: str
    line: int
    name: str
    tags: frozenset[str]
    steps: list[Step]
    example: int = 0

    @property
    def id(self) -> str:
        """Where it stands: file, line and the example."""
        return f"{self.file}:{self.line}" + (f"#{self.example}" if self.example else "")


@dataclass
class _Outline:
    """A scenario as it is read: its steps and the tables of its examples, not yet filled in."""

    line: int
    name: str
    tags: frozenset[str]
    background: list[Step]
    steps: list[Step] = field(default_factory=list)
    examples: list[list[tuple[str, ...]]] = field(default_factory=list)

    def scenarios(self, file: str) -> list[Scenario]:
        steps = [*self.background, *self.steps]
        if not self.examples:
            return [Scenario(file, self.line, self.name, self.tags, steps)]
        rows = [dict(zip(table[0], row, strict=False)) for table in self.examples for row in table[1:]]
        return [
            Scenario(file, self.line, _filled(self.name, row), self.tags, [_of_row(s, row) for s in steps], count)
            for count, row in enumerate(rows, 1)
        ]


def scenarios_of(path: Path, root: Path) -> list[Scenario]:
    """Read one feature file; `root` is what its name is relative to."""
    return _Reader().read(path.read_text("utf-8").splitlines(), str(path.relative_to(root)))


class _Reader:
    """One pass over the lines: what was opened last takes the steps and tables that follow."""

    def __init__(self) -> None:
        self.outlines: list[_Outline] = []
        self.of_feature: list[Step] = []
        self.of_rule: list[Step] = []
        self.feature_tags: frozenset[str] = frozenset()
        self.rule_tags: frozenset[str] = frozenset()
        self.tags: set[str] = set()
        self.steps: list[Step] | None = None
        self.rows: list[tuple[str, ...]] | None = None
        self.in_rule = False

    def read(self, lines: list[str], file: str) -> list[Scenario]:
        for number, raw in enumerate(lines, 1):
            line = raw.strip()
            if line and not line.startswith("#"):
                self._line(line, number)
        return [scenario for outline in self.outlines for scenario in outline.scenarios(file)]

    def _line(self, line: str, number: int) -> None:
        if line.startswith("@"):
            self.tags |= {word.removeprefix("@") for word in line.split() if word.startswith("@")}
        elif line.startswith("|"):
            self._row(tuple(_unescaped(cell) for cell in _CELL.split(line)[1:-1]))
        elif not self._opened(line, number) and self.steps is not None and (found := _STEP.match(line)):
            word, text = found.groups()
            kind = _ASKED.get(word) or (self.steps[-1].kind if self.steps else "Gegeven")
            self.steps.append(Step(kind, text.strip()))
            self.rows = None

    def _opened(self, line: str, number: int) -> bool:
        if _FEATURE.match(line):
            self.feature_tags = self._taken()
            self.steps = None
        elif _RULE.match(line):
            self.rule_tags, self.of_rule, self.in_rule = self._taken(), [], True
            self.steps = self.rows = None
        elif _BACKGROUND.match(line):
            self.tags.clear()
            self.steps = self.of_rule if self.in_rule else self.of_feature
        elif _EXAMPLES.match(line):
            self.tags.clear()
            self.outlines[-1].examples.append([])
            self.rows, self.steps = self.outlines[-1].examples[-1], None
        elif found := _SCENARIO.match(line):
            tags = self._taken() | self.rule_tags | self.feature_tags
            self.outlines.append(_Outline(number, found[2], tags, [*self.of_feature, *self.of_rule]))
            self.steps, self.rows = self.outlines[-1].steps, None
        else:
            return False
        return True

    def _row(self, cells: tuple[str, ...]) -> None:
        if self.rows is not None and self.steps is None:
            self.rows.append(cells)
        elif self.steps:
            self.steps[-1] = self.steps[-1]._replace(rows=(*self.steps[-1].rows, cells))

    def _taken(self) -> frozenset[str]:
        taken = frozenset(self.tags)
        self.tags.clear()
        return taken


def _unescaped(cell: str) -> str:
    return cell.strip().replace("\\|", "|").replace("\\n", "\n")


def _filled(text: str, row: dict[str, str]) -> str:
    for name, value in row.items():
        text = text.replace(f"<{name}>", value)
    return text


def _of_row(step: Step, row: dict[str, str]) -> Step:
    return Step(step.kind, _filled(step.text, row), tuple(tuple(_filled(c, row) for c in cells) for cells in step.rows))
