"""Where an edit would have been unnecessary: which mapping, given what, should have made which result.

An event is corrected because the mapping of what came in made it so; a request because that of what goes out did.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any, NamedTuple

from hub.desk.change import Difference, differences, differences_of, fields_of
from hub.desk.content import Contents
from hub.desk.recall import Configured, Recall, Recalled, source_of
from hub.errors import ActRefused, MappingFailed, MessageRefused
from hub.flow.bundle import Mappings
from hub.flow.source import Source
from hub.ledger.contract import Ledger
from hub.ledger.edits import Edit, EditPart


class Wanted(NamedTuple):
    """A message as it came to a mapping (`recalled`, `source`), and what should come of it.

    `changes` are the fields of the result that should be other; None when there was no result, and then `result` holds
    all its fields. `corrected` is what came in as a person corrected it, where that is what was corrected.
    """

    edit: Edit
    connection: str
    kind: str
    recalled: Recalled
    source: Source
    changes: list[Difference] | None
    result: dict[str, Any]
    corrected: Recalled | None = None


class Origins:
    """Finds what an edit goes back to."""

    def __init__(
        self,
        *,
        ledger: Ledger,
        recall: Recall,
        contents: Contents,
        configuration: Configured,
        mappings: Callable[[str], Mappings],
    ) -> None:
        self._ledger = ledger
        self._recall = recall
        self._contents = contents
        self._configuration = configuration
        self._mappings = mappings

    async def of(self, edit_id: str) -> Wanted:
        """Give it; raises ActRefused when there is no such edit, or what it goes back to is gone or cannot be read."""
        edit = await self._ledger.proposal(edit_id)
        if edit is None:
            raise ActRefused(f"no edit {edit_id}", code="onbekend", advice="zaakhub failures show ID")
        here = await self._recall.message(edit.item_id, connection=edit.stage)
        if edit.part is EditPart.REQUEST or edit.stage in self._configuration.inbound:
            message = here
        else:
            message = await self._contents.raw_of(here.headers)
        return await asyncio.to_thread(self._of, edit, message)

    def _of(self, edit: Edit, message: Recalled) -> Wanted:
        if edit.part is EditPart.RAW:
            return self._of_message(edit, message)
        return self._wanted(edit, message, differences(edit.before, edit.after))

    def _of_message(self, edit: Edit, message: Recalled) -> Wanted:
        """Compare what the mapping makes of what came with what it makes of what was put in its place."""
        came, corrected = message._replace(value=edit.before), message._replace(value=edit.after)
        result = self._result(corrected)
        if result is None:
            raise ActRefused(
                "the mapping does not take the corrected message", code="mapping", advice="mend that first"
            )
        before, after = self._result(came), fields_of(result)
        changes = None if before is None else differences_of(fields_of(before), after)
        return self._wanted(edit, came, changes)._replace(result=after, corrected=corrected)

    def _wanted(self, edit: Edit, recalled: Recalled, changes: list[Difference] | None) -> Wanted:
        source = self._source(recalled)
        return Wanted(edit, recalled.connection, recalled.kind, recalled, source, changes, {})

    def _source(self, recalled: Recalled) -> Source:
        try:
            return source_of(recalled, self._configuration)
        except MessageRefused as refused:
            raise ActRefused(refused.reason, code="onleesbaar", advice=refused.advice) from None

    def _result(self, recalled: Recalled) -> dict[str, Any] | bytes | None:
        source = self._source(recalled)
        mapping = self._mappings(recalled.connection).get(recalled.kind)
        try:
            return mapping.make(source.body, context=source.context).body if mapping is not None else None
        except MappingFailed:
            return None
