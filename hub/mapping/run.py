"""A compiled mapping, and what it makes of a message.

Pure: no clock, no disk, no network; the same message and context give the same result. It refuses to know protocols,
connections and events.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, NamedTuple

from lxml import etree

from hub.mapping.shape import RULES, Row, Shape
from hub.mapping.unread import unread_paths
from hub.mapping.walk import walk

Context = dict[str, Any]


class Run(NamedTuple):
    """What every rule of one run may see: the row of the message, and the values given with it."""

    row: Row
    context: Context


Step = Callable[[Row, dict[str, Any], Run], None]
"""One compiled rule: reads the row of the current item (or the run), writes into the object."""


def run_rules(steps: tuple[Step, ...], row: Row, out: dict[str, Any], run: Run) -> None:
    """Run the rules that the values of this row ask for, each once, in the order of the file."""
    numbers = row[RULES]
    row[RULES] = None
    numbers.sort()
    last = -1
    for number in numbers:
        if number != last:
            last = number
            steps[number](row, out, run)


class Mapped(NamedTuple):
    """The result. `unread`: source paths with a value that no rule read and nobody chose to ignore, sorted."""

    data: dict[str, Any]
    unread: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Mapping:
    """One mapping file, compiled.

    `message` is the kind of document it reads, `gives` the event type or target document, `revision` changes with every
    file it came from, `file` is where a person finds it.
    """

    message: str
    gives: str
    revision: str
    file: str
    shape: Shape
    steps: tuple[Step, ...]

    def run(self, source: etree._Element | dict[str, Any], *, context: Context | None = None) -> Mapped:
        """Map one message; raises MappingFailed at the first rule that cannot be applied."""
        read = walk(source, self.shape)
        data: dict[str, Any] = {}
        run = Run(read.row, context or {})
        run_rules(self.steps, read.row, data, run)
        return Mapped(data, unread_paths(read, self.shape))
