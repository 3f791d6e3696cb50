"""Who sees the content of which message, until when: with a reason, for one session, written in the audit."""

from __future__ import annotations

from datetime import datetime, timedelta

from hub.clock import Clock
from hub.config import policy
from hub.console.models.sessions import Unmasking, UnmaskRequest
from hub.console.services.places import Places
from hub.console.services.rights import check_may
from hub.ledger.contract import Ledger
from hub.ledger.entries import OperatorAct
from hub.security.roles import Actor, Right


class Unmaskings:
    """Gives content to sessions, for a while."""

    def __init__(self, ledger: Ledger, places: Places, clock: Clock) -> None:
        self._ledger = ledger
        self._places = places
        self._clock = clock

    async def unmask(self, actor: Actor, session: str, request: UnmaskRequest) -> Unmasking:
        """Show a message to a session, at every connection where the person may see the content of messages."""
        places = await self._places.of(actor, request.message)
        allowed = [each for each in places if actor.may(Right.CONTENT, each.stage)]
        if not allowed:
            check_may(actor, Right.CONTENT, places[0].stage, "message")
        now = self._clock.now()
        until = now + timedelta(seconds=policy.UNMASK_S)
        for each in allowed:
            on = f"bericht:{each.item_id}"
            act = OperatorAct(each.failure, "unmask", actor.name, request.reason, now, on=on)
            await self._ledger.unmask(session, _key(each.stage, each.item_id), until, act)
        return Unmasking(message=request.message, until=until)

    async def until(self, actor: Actor, session: str, stage: str, item_id: str) -> datetime | None:
        """Say until when this session sees the content of a message at a connection; None when it does not now."""
        if not actor.may(Right.CONTENT, stage):
            return None
        until = await self._ledger.unmasked_until(session, _key(stage, item_id))
        return until if until is not None and self._clock.now() < until else None


def _key(stage: str, item_id: str) -> str:
    return f"{stage}/{item_id}"
