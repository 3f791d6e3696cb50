"""Questions about WOZ objects: one way of asking, and no field that nobody asked for.

It knows which call is made and when there is enough. Which field becomes which is in the mapping of the answer.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from typing import Any

from adapters.woz.calls import Calls
from adapters.woz.options import Options
from adapters.woz.vraag import NUMBER, asked_by, fields_of
from hub.config.policy import ANSWER_ITEMS_MAX
from hub.event.vragen import WOZ_OBJECTEN
from hub.net.criteria import Way, fits
from hub.net.problems import complaints, refused
from hub.ports.contracts import Client, Inquiry
from hub.ports.hal import Row


def create(options: Options) -> WozLookup:
    """Make the lookup for one connection."""
    del options
    return WozLookup()


class WozLookup:
    """Implements hub.ports.contracts.Asking."""

    async def ask(self, kind: str, question: dict[str, Any], inquiry: Inquiry) -> dict[str, Any]:
        """Ask: see `hub.ports.contracts.Lookup`."""
        if kind != WOZ_OBJECTEN:
            raise refused(f"the WOZ has no answer to {kind}", advice="see the manifest")
        way = asked_by(question)
        calls = Calls(inquiry.client, inquiry.now)
        most = min(int(question.get("maximum") or ANSWER_ITEMS_MAX), ANSWER_ITEMS_MAX)
        rows = await _enough(_found(calls, way, fields_of(question, way)), after=question.get("na"), most=most)
        return {"wozObjecten": rows[:most], "meer": len(rows) > most}

    async def check(self, client: Client) -> Sequence[str]:
        """Say what is wrong with reach and key: see `hub.ports.contracts.Asking`."""
        return await complaints("woz", Calls(client, None).probe())


async def _found(calls: Calls, way: Way, fields: dict[str, str]) -> AsyncIterator[Row]:
    """Find what fits the whole question."""
    if way.by == NUMBER:
        row = await calls.object(way.query[NUMBER], fields)
        if row is not None and fits(row, way.compared):
            yield row
        return
    async for row in calls.objects({**way.query, **fields}):
        if fits(row, way.compared):
            yield row


async def _enough(rows: AsyncIterator[Row], *, after: str | None, most: int) -> list[Row]:
    """Read until there is one more than is asked for, from after the last one of the answer before."""
    found: list[Row] = []
    begun = not after
    async for row in rows:
        if begun:
            found.append(row)
        elif row[NUMBER] == after:
            begun = True
        if len(found) > most:
            break
    if not begun:
        raise refused("the object after which to go on is not among those found", advice="ask from the start")
    return found
