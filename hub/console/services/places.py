"""What a whole id names, for somebody who may know of it: a message at a connection, or at several."""

from __future__ import annotations

from typing import NamedTuple

from hub.console.services.rights import seen_of, unknown
from hub.desk.recall import Recall
from hub.errors import ActRefused
from hub.ledger.contract import Ledger
from hub.ledger.entries import Known
from hub.security.roles import Actor


class Stands(NamedTuple):
    """A message at a connection; `failure` is empty when the id was not that of its failure."""

    stage: str
    item_id: str
    failure: str


class Places:
    """Finds what ids name."""

    def __init__(self, ledger: Ledger, recall: Recall) -> None:
        self._ledger = ledger
        self._recall = recall

    async def of(self, actor: Actor, given: str) -> list[Stands]:
        """Give all that the person may see, one at least; raises ActRefused."""
        known = [each for each in await self._ledger.whereabouts(given) if each.id == given]
        seen = seen_of(actor, {each.stage for each in known})
        found = {
            (each.stage, each.item_id): given if each.known is Known.FAILURE else ""
            for each in known
            if each.stage in seen and each.known is not Known.REFUSAL
        }
        if found:
            return [Stands(stage, item_id, failure) for (stage, item_id), failure in found.items()]
        if seen:
            raise ActRefused(
                "this message was refused at the door: its content was not kept",
                code="geweigerd",
                advice="the sender has the message and our reason",
            )
        return [await self._recent(actor, given)]

    async def _recent(self, actor: Actor, given: str) -> Stands:
        """Look for what the ledger does not know yet."""
        try:
            recalled = await self._recall.message(given)
        except ActRefused:
            raise unknown("message") from None
        if recalled.id != given or not seen_of(actor, [recalled.connection]):
            raise unknown("message")
        return Stands(recalled.connection, recalled.id, "")
