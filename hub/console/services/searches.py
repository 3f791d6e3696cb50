"""Finding messages, and the life of a zaak, for who may see them.

A BSN is compared as a keyed hash; that somebody was looked for is written in the audit, and who was not.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from hub.console.models.search import Found as FoundView
from hub.console.models.search import SearchRequest, TimelineView
from hub.console.services import moments
from hub.console.services.part import Part
from hub.desk.find import Finder
from hub.errors import ActRefused, NotAllowed
from hub.ledger.contract import Ledger
from hub.ledger.entries import Place, TimelineEntry
from hub.ledger.finding import BEGIN, Criteria, Found, Mark
from hub.security.personal import Bsn
from hub.security.roles import Actor, Right


class Searches:
    """Finds."""

    def __init__(self, finder: Finder, ledger: Ledger) -> None:
        self._finder = finder
        self._ledger = ledger

    async def find(
        self,
        actor: Actor,
        search: SearchRequest,
        *,
        after: Any,  # noqa: ANN401 - where `moments` says
    ) -> Part[FoundView]:
        """Find messages of connections that the person sees, newest first."""
        if search.bsn is not None and not actor.may(Right.SUBJECT):
            raise NotAllowed(
                f"this needs the right {Right.SUBJECT.value}",
                code="geen-recht",
                advice="search by zaak, or ask the privacy officer",
            )
        begin = moments.read(after)
        page = await self._finder.find(
            _criteria(search),
            by=actor.name,
            bsn=_bsn(search.bsn) if search.bsn is not None else None,
            reason=search.reason or "",
            after=Mark(*begin) if begin else None,
            limit=search.limit,
        )
        shown = [_found(each) for each in page.found if actor.may(Right.SEE, each.connection)]
        return Part(shown, moments.written(*page.next) if page.next is not None else None)

    async def timeline(
        self,
        actor: Actor,
        zaak: str,
        *,
        after: Any,  # noqa: ANN401 - what `_mark` gave
        limit: int,
    ) -> Part[TimelineView]:
        """Tell what happened to a zaak at the connections that the person sees, in order of time."""
        entries = await self._ledger.timeline(zaak, after=_entry(after), limit=limit + 1)
        page = entries[:limit]
        shown = [_line(each) for each in page if actor.may(Right.SEE, each.stage)]
        return Part(shown, _mark(page[-1]) if len(entries) > limit else None)


def _criteria(search: SearchRequest) -> Criteria:
    return Criteria(
        zaak=search.zaak or "",
        document=search.document or "",
        reference=search.reference or "",
        sender=search.sender or "",
        connection=search.connection or "",
        kind=search.kind or "",
        state=search.state,
        since=search.since,
        until=search.until,
        text=search.text or "",
    )


def _bsn(digits: str) -> Bsn:
    try:
        return Bsn(digits)
    except ValueError as wrong:
        raise ActRefused(str(wrong), code="schema", advice="look whether a digit is wrong") from None


def _found(found: Found) -> FoundView:
    return FoundView(
        message=found.message_id,
        connection=found.connection,
        sender=found.sender,
        reference=found.reference,
        kind=found.kind,
        zaak=found.zaak,
        subject=found.subject,
        at=found.at,
        state=found.state.value,
        failure=found.failure_id,
    )


def _line(entry: TimelineEntry) -> TimelineView:
    return TimelineView(
        at=entry.at,
        what=entry.what,
        stage=entry.stage,
        message=entry.item_id,
        detail=entry.detail,
        place=_place(entry.place) if entry.place is not None else "",
        revision=entry.revision,
        by=entry.by,
    )


def _place(place: Place) -> str:
    return f"{place.topic}/{place.partition}/{place.offset}"


def _mark(entry: TimelineEntry) -> list[Any]:
    return [entry.at.isoformat(), entry.rank, entry.stage, entry.item_id, entry.what]


def _entry(after: Any) -> TimelineEntry:  # noqa: ANN401 - what `_mark` gave
    if after is None:
        return BEGIN
    at, rank, stage, item_id, what = after
    return TimelineEntry(datetime.fromisoformat(at), what, stage, item_id, "", rank=rank)
