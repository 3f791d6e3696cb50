"""Which variant of a mapping a message gets: by who sent it, and the zaaktype it is about.

It knows layers and programs; it refuses to know files.
"""

from __future__ import annotations

from collections.abc import Iterable

from hub.mapping.engine.filling import Context
from hub.mapping.engine.program import Program
from hub.mapping.engine.values import Value, as_text
from hub.mapping.overlay import Overlay, Which


class Layers:
    """The variants of one mapping. `asked` finds the zaaktype in a message; None when no layer is about one."""

    def __init__(self, overlay: Overlay, programs: dict[Which, Program], asked: Program | None) -> None:
        """Take what is laid over, and a program for each combination of a sender's and a zaaktype's."""
        self._overlay = overlay
        self._programs = programs
        self._asked = asked

    @property
    def programs(self) -> Iterable[Program]:
        """All variants."""
        return self._programs.values()

    def chosen(self, source: Value, context: Context) -> Program:
        """Give the variant for a message; raises MappingFailed when it names its zaaktype twice."""
        zaaktype = None
        if self._asked:
            found = self._asked.run(source, context).data.get("zaaktype")
            zaaktype = None if found is None else as_text(found)
        return self._programs[self._overlay.which(str(context.get("zender", "")), zaaktype)]
