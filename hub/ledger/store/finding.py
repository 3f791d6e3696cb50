"""Messages found by what people know of them, and the life of a zaak."""

from __future__ import annotations

import re
from datetime import datetime

from hub.config.policy import FIND_EXAMINED_MAX, LIST_MAX
from hub.ledger import rows
from hub.ledger.entries import TimelineEntry, Whereabouts
from hub.ledger.finding import BEGIN, Criteria, Found, FoundPage, Looked, Mark, MessageState, Untranslated, page_of
from hub.ledger.rows import Cells
from hub.ledger.store.base import SqlStore, Transaction

_ID = re.compile(r"[0-9A-Za-z][0-9A-Za-z-]{3,}").fullmatch
"""The beginning of an id: fewer characters name nothing, and no id of ours has others."""
_HIGHEST = "zzzz"
_FOREVER = 2**62

_BEGIN, _END = rows.EVER


class FindingStore(SqlStore):
    """Finding."""

    async def find(self, criteria: Criteria, *, after: Mark | None = None, limit: int = LIST_MAX) -> FoundPage:
        """Find messages."""
        looks: list[Looked] = []
        for name, way in _ways(criteria):
            if way == "text":
                recent = await self._look(name, "recent", criteria, after, limit + 1)
                if len(recent.found) > limit:
                    # What many failures say is soon found among the last ones: all of them need not be looked at.
                    return page_of([recent], limit)
            # One more than the page says whether there is another.
            looks.append(await self._look(name, way, criteria, after, limit + 1))
        return page_of(looks, limit)

    async def set_aside(self, message: Untranslated) -> None:
        """Remember a message that is not in the inbox."""
        persons = sorted((person, message.message_id) for person in message.persons)

        async def work(tx: Transaction) -> None:
            await tx.change("untranslated_add", *message[:8], *message.place, message.accepted_at)
            await tx.write("subject_add", persons)

        await self.run(work, write=True)

    async def whereabouts(self, beginning: str, limit: int = LIST_MAX) -> list[Whereabouts]:
        """Give what an id or its beginning names."""
        if not _ID(beginning):
            return []
        found = await self._rows("whereabouts", beginning, beginning + _HIGHEST, limit)
        return [rows.whereabouts(row) for row in found]

    async def timeline(
        self, zaak: str, *, after: TimelineEntry = BEGIN, limit: int | None = None
    ) -> list[TimelineEntry]:
        """Give the life of a zaak."""
        behind = (after.at, after.rank, after.stage, after.item_id, after.what)
        found = await self._rows("timeline", zaak, *behind, _FOREVER if limit is None else limit)
        return [rows.timeline_entry(row, self._moment) for row in found]

    async def _look(self, name: str, way: str, criteria: Criteria, after: Mark | None, limit: int) -> Looked:
        """Look by one way; the last row may be the mark of how far was looked."""
        since, until = criteria.since or _BEGIN, criteria.until or _END
        of_outcomes = name == "find_outcomes"
        from_ = after or Mark(_END, "")
        if not of_outcomes and until <= from_.at:
            from_ = Mark(until, "") if after is None or until < after.at else after
        sought = criteria.text if way == "recent" else getattr(criteria, way, "")
        looked: Cells = (way, sought, *from_, since, FIND_EXAMINED_MAX)
        state = criteria.state.value if criteria.state is not None else ""
        if name == "find_refusals":
            given = await self._rows(name, *looked, criteria.text, limit)
        else:
            also = (criteria.zaak, criteria.document, criteria.reference, criteria.sender, criteria.connection)
            # What goes by outcomes and has a text is looked up by that text.
            rest: Cells = (limit, until) if of_outcomes else (criteria.text, limit)
            given = await self._rows(name, *looked, *also, criteria.kind, state, criteria.person, *rest)
        found = sorted(
            ((Mark(self._moment(row[10]), row[11]), _found(row, self._moment(row[7]))) for row in given if row[8]),
            reverse=True,
        )
        marks = [Mark(self._moment(row[10]), row[11]) for row in given if not row[8]]
        full = len(found) == limit
        return Looked(found, found[-1][0] if full else next(iter(marks), None))


def _ways(criteria: Criteria) -> list[tuple[str, str]]:
    """Choose by which criterion to look: the one that the fewest messages meet. Refusals are looked up apart."""
    refusals = ("find_refusals", "connection" if criteria.connection else "time")
    if criteria.state is MessageState.REFUSED:
        return [refusals]
    exact = next((way for way in ("reference", "document", "person", "zaak") if getattr(criteria, way)), None)
    if exact is not None:
        return [("find_messages", exact)]
    if criteria.text:
        return [("find_outcomes", "text")]
    if criteria.state in (MessageState.FAILED, MessageState.DROPPED):
        return [("find_outcomes", criteria.state.value)]
    if criteria.state is MessageState.RESENT:
        return [("find_messages", criteria.state.value)]
    broad = next((way for way in ("sender", "kind", "connection") if getattr(criteria, way)), "time")
    also = [refusals] if criteria.state is None and not criteria.of_message else []
    return [("find_messages", broad), *also]


def _found(row: rows.Row, at: datetime) -> Found:
    return Found._make((*row[:7], at, MessageState(row[8]), row[9]))
