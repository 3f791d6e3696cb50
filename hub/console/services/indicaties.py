"""Whom receivers follow, for who may see the connection; who they are, for who may look for persons."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from hub.console.models.indicaties import (
    IndicatieRemoval,
    IndicatieRequest,
    IndicatieUnmasking,
    IndicatieView,
    RemovedIndicatie,
    UnmaskedIndicatie,
)
from hub.console.services.part import Part
from hub.console.services.rights import check_may, check_seen, unknown
from hub.desk.indicaties import Indicaties as Desk
from hub.errors import ActRefused
from hub.ledger.indicaties import Indicatie
from hub.security.personal import Bsn
from hub.security.roles import Actor, Right


class Indicaties:
    """Places, removes and lists."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    async def list(self, actor: Actor, connection: str, *, after: Any, limit: int) -> Part[IndicatieView]:  # noqa: ANN401 - what `_mark` gave
        """List whom a connection follows, the oldest first."""
        check_may(actor, Right.FOLLOW, connection, "connection")
        found, behind = await self._page(connection, after, limit)
        return Part([IndicatieView(**_shown(each)) for each in found], behind)

    async def unmask(
        self,
        actor: Actor,
        connection: str,
        asked: IndicatieUnmasking,
        *,
        after: Any,  # noqa: ANN401 - what `_mark` gave
    ) -> Part[UnmaskedIndicatie]:
        """Tell who they are, to who may look for persons; it is in the audit before it is told."""
        check_seen(actor, connection, "connection")
        found, behind = await self._page(connection, after, asked.limit)
        told = await self._desk.reveal(connection, found, by=actor.name, reason=asked.reason)
        shown = [UnmaskedIndicatie(**_shown(each), bsn=bsn.reveal() if bsn is not None else None) for each, bsn in told]
        return Part(shown, behind)

    async def place(self, actor: Actor, connection: str, asked: IndicatieRequest) -> IndicatieView:
        """Follow a person."""
        check_may(actor, Right.FOLLOW, connection, "connection")
        bsn = _bsn(asked.bsn)
        await self._desk.place(connection, {bsn}, by=actor.name, reason=asked.reason, ends_at=asked.until)
        placed = await self._desk.one(connection, self._desk.hashed(bsn))
        if placed is None:
            raise unknown("indicatie")  # somebody else removed it at this very moment
        return IndicatieView(**_shown(placed))

    async def remove(self, actor: Actor, connection: str, asked: IndicatieRemoval) -> RemovedIndicatie:
        """Follow a person no longer."""
        check_may(actor, Right.FOLLOW, connection, "connection")
        person = asked.person or self._desk.hashed(_bsn(asked.bsn or ""))
        if await self._desk.one(connection, person) is None:
            raise unknown("indicatie")
        await self._desk.remove(connection, [person], by=actor.name, reason=asked.reason)
        return RemovedIndicatie(person=person)

    async def _page(self, connection: str, after: Any, limit: int) -> tuple[Sequence[Indicatie], Any]:  # noqa: ANN401
        mark = None if after is None else (datetime.fromisoformat(after[0]), str(after[1]))
        found = await self._desk.listed(connection, after=mark, limit=limit + 1)
        page = found[:limit]
        return page, [page[-1].placed_at.isoformat(), page[-1].person] if len(found) > limit else None


def _shown(each: Indicatie) -> dict[str, Any]:
    return {
        "person": each.person,
        "placed_at": each.placed_at,
        "placed_by": each.placed_by,
        "reason": each.reason,
        "ends_at": each.ends_at,
    }


def _bsn(digits: str) -> Bsn:
    try:
        return Bsn(digits)
    except ValueError as wrong:
        raise ActRefused(str(wrong), code="schema", advice="look whether a digit is wrong") from None
