"""A compiled mapping, and what it makes of a message.

Pure: no clock, no disk, no network; the same message and context give the same result. It refuses to know protocols,
connections and events.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, NamedTuple

from lxml import etree

from hub.errors import MappingFailed
from hub.mapping.demand import Reading
from hub.mapping.engine.filling import Context
from hub.mapping.engine.ignore import Ignored
from hub.mapping.engine.layers import Layers
from hub.mapping.engine.program import Program, stopped
from hub.mapping.lookups import Question
from hub.mapping.rules import Group
from hub.mapping.trace import Explanation


class Mapped(NamedTuple):
    """The result. `unread`: source paths with a value that no rule read and nobody chose to ignore, sorted."""

    data: dict[str, Any]
    unread: tuple[str, ...]


class Written(NamedTuple):
    """The message that was written: its bytes, and what nobody read, as of `Mapped`."""

    body: bytes
    unread: tuple[str, ...]


class Made(NamedTuple):
    """Either of the two: data, or the bytes of a message."""

    body: dict[str, Any] | bytes
    unread: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Mapping:
    """One mapping file, compiled.

    `message` is the kind of document it reads, `gives` the event type or target document, `revision` changes with every
    file it came from, `file` is where a person finds it. `looks_up`: it may have questions.
    """

    message: str
    gives: str
    revision: str
    file: str
    program: Program
    layers: Layers | None = None
    looks_up: bool = False

    def run(self, source: etree._Element | dict[str, Any], *, context: Context | None = None) -> Mapped:
        """Map one message; raises MappingFailed at the first rule that cannot be applied."""
        return Mapped(*self._program(source, context).run(source, context or {}))

    def write(self, source: etree._Element | dict[str, Any], *, context: Context | None = None) -> Written:
        """Map one message to the bytes of the message that this mapping gives; raises MappingFailed."""
        return Written(*self._program(source, context).write(source, context or {}))

    def make(self, source: etree._Element | dict[str, Any], *, context: Context | None = None) -> Made:
        """Map one message to whatever this mapping gives; raises MappingFailed."""
        if self.program.writes:
            return Made(*self.write(source, context=context))
        return Made(*self.run(source, context=context))

    @property
    def lookups(self) -> tuple[Group, ...]:
        """The rules that look something up, each with its `lookup`, of whatever message; of each layer again."""
        programs = (self.program, *(self.layers.programs if self.layers is not None else ()))
        return tuple(each for program in programs for each in program.lookups)

    def questions(self, source: etree._Element | dict[str, Any], *, context: Context | None = None) -> list[Question]:
        """Tell what must be asked for one message; the answers go with the context, under ANSWERS.

        Raises MappingFailed.
        """
        return self._program(source, context).questions(source, context or {})

    def explain(self, source: etree._Element | dict[str, Any], *, context: Context | None = None) -> Explanation:
        """Tell why every field of the result is what it is; never raises MappingFailed."""
        try:
            program = self._program(source, context)
        except MappingFailed as failure:
            return stopped((), failure)
        return program.explain(source, context or {})

    def readings(self, *, context: Context | None = None) -> tuple[Reading, ...]:
        """Tell what is read for each target, whatever the message; `context` chooses the layers of a sender."""
        return self._program({}, context).readings

    @property
    def ignored(self) -> Ignored:
        """What is ignored of a message, whoever sends it: the state at its root."""
        return self.program.ignored

    def _program(self, source: etree._Element | dict[str, Any], context: Context | None) -> Program:
        return self.program if self.layers is None else self.layers.chosen(source, context or {})
