"""Who answers questions: asked through its own client, mapped by its own mapping, remembered where it says so.

It knows one question and one answer. It refuses to know who asks, and what that asker may see.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from collections.abc import Mapping as Table
from typing import Any, NamedTuple

import structlog

from hub.clock import Clock
from hub.errors import MappingFailed
from hub.event.vragen import QuestionType, answer_kind
from hub.flow.fit import check_event
from hub.flow.keep import Keeper
from hub.flow.reads import reads_of
from hub.flow.remembered import Given, Remembered
from hub.flow.source import Source
from hub.mapping.run import Made, Mapping
from hub.ports.contracts import Client, Inquiry, Lookup

log = structlog.get_logger()

Current = Callable[[], Table[str, Mapping]]
"""Gives the mappings of a connection as they are at this moment."""


class Said(NamedTuple):
    """A canonical answer. `remembered`: the source was not asked for it now."""

    answer: dict[str, Any]
    remembered: bool = False


class Answerer(NamedTuple):
    """A connection that answers questions; its answers are `remembered` where it says so."""

    connection: str
    lookup: Lookup
    client: Client
    mappings: Current
    remembered: Remembered | None = None

    async def answer(self, asked: QuestionType, question: dict[str, Any], *, keeper: Keeper, clock: Clock) -> Said:
        """Give the canonical answer; raises MappingFailed, TargetFailed."""
        now = False
        mapping = mapping_of(self.mappings(), answer_kind(asked.name), self.connection)

        def reads() -> Sequence[tuple[str, ...]]:
            read = mapping.readings(context={"type": asked.name})
            return reads_of(read, asked.found[0], question["velden"])

        async def ask() -> Given:
            nonlocal now
            now = True
            inquiry = Inquiry(self.client, keeper.keep, clock.now(), reads if asked.has_velden else None)
            said = await self.lookup.ask(asked.name, question, inquiry)
            answer = data_of(mapping, made(mapping, Source(said, {"type": asked.name}), self.connection))
            return Given(answer, passing=keeper.keeps)

        if self.remembered is None:
            return Said((await ask()).answer)
        answer = await self.remembered.answer(asked, question, mapping.revision, ask)
        return Said(answer, remembered=not now)


def mapping_of(mappings: Table[str, Mapping], kind: str, connection: str) -> Mapping:
    """Find a mapping; raises MappingFailed."""
    mapping = mappings.get(kind)
    if mapping is None:
        raise MappingFailed(f"no mapping for {kind}", rule=f"mappings/{connection}")
    return mapping


def made(mapping: Mapping, source: Source, connection: str) -> Made:
    """Map a question or an answer, and tell what is unread; raises MappingFailed."""
    result = mapping.make(source.body, context=source.context)
    if result.unread:
        log.warning("fields_unread", connection=connection, kind=mapping.message, fields=result.unread)
    return result


def data_of(mapping: Mapping, result: Made) -> dict[str, Any]:
    """Give a result as the data that it should be; raises MappingFailed."""
    if not isinstance(result.body, dict):
        raise MappingFailed(f"{mapping.gives} is a message, and data was meant", rule=mapping.file)
    check_event(result.body, mapping)
    return result.body
