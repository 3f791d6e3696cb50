"""Alerts, as the API shows them."""

from __future__ import annotations

from typing import Any

from hub.console.models.alerts import AlertView
from hub.console.services import moments
from hub.console.services.part import Part
from hub.ledger.contract import Ledger
from hub.security.roles import Actor, Right


class Alerts:
    """What somebody was, or is to be, told."""

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger

    async def newest(self, actor: Actor, after: Any, limit: int) -> Part[AlertView]:  # noqa: ANN401 - see `moments`
        """List alerts of connections that the person sees, newest first."""
        found = await self._ledger.alerts(only_open=False, before=moments.read(after), limit=limit + 1)
        page = found[:limit]
        told = await self._ledger.told([each.id for each in page])
        shown = [
            AlertView(
                id=each.id,
                kind=each.kind,
                connection=each.connection,
                opened_at=each.opened_at,
                closed_at=each.closed_at,
                detail=each.detail,
                told=told.get(each.id, []),
            )
            for each in page
            if actor.may(Right.SEE, each.connection)
        ]
        # Of what one page leaves out for this person the next may have more: a full look goes on.
        return Part(shown, moments.written(page[-1].opened_at, page[-1].id) if len(found) > limit else None)
