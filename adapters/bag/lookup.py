"""Questions about addresses to the BAG: one way of asking, and no more calls than the fields that are wanted need.

It knows which call follows which. Which field of the BAG becomes which is in the mapping of the answer.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping, Sequence
from functools import partial
from operator import itemgetter
from typing import Any

from adapters.bag.calls import Calls
from adapters.bag.options import Options
from adapters.bag.vraag import Row, Way, fits, needs_uitgebreid, way_of
from hub.config.policy import ANSWER_ITEMS_MAX, BAG_ZOEKRESULTATEN_MAX, SOURCE_CALLS_MAX
from hub.net.criteria import after, ordered
from hub.net.problems import complaints, refused
from hub.net.together import together
from hub.ports.contracts import Client, Inquiry

_QUESTION = "nl.adressen.adressen-opvragen.v1"
_NUMBER = "nummeraanduidingIdentificatie"


def create(options: Options) -> BagLookup:
    """Make the lookup for one connection."""
    return BagLookup(options)


class BagLookup:
    """Implements hub.ports.contracts.Asking."""

    def __init__(self, options: Options) -> None:
        self._options = options

    async def ask(self, kind: str, question: dict[str, Any], inquiry: Inquiry) -> dict[str, Any]:
        """Ask: see `hub.ports.contracts.Lookup`."""
        if kind != _QUESTION:
            raise refused(f"the BAG has no answer to {kind}", advice="see the manifest")
        calls = Calls(inquiry.client, inquiry.now)
        way = way_of(question, exact=self._options.exacte_match)
        asking = _Asking(calls, way, question)
        if way.by == "zoekterm":
            rows, more = await asking.by_term()
        elif way.by_number:
            rows, more = await asking.by_number(), False
        elif way.by != "pandIdentificatie" and asking.uitgebreid:
            rows, more = asking.cut(await calls.uitgebreid(way.query))
        else:
            rows, more = await asking.listed()
        return {"adressen": rows, "meer": more}

    async def check(self, client: Client) -> Sequence[str]:
        """Say what is wrong with reach and key: see `hub.ports.contracts.Asking`."""
        return await complaints("bag", Calls(client, None).info())


class _Asking:
    """One question as it is being answered."""

    def __init__(self, calls: Calls, way: Way, question: Mapping[str, Any]) -> None:
        self._calls = calls
        self._way = way
        self._question = question
        self._order: list[str] = question.get("volgorde") or []
        self._most = min(int(question.get("maximum") or ANSWER_ITEMS_MAX), ANSWER_ITEMS_MAX)
        self.uitgebreid = needs_uitgebreid(question.get("velden")) or needs_uitgebreid(self._order)

    async def by_number(self) -> list[Row]:
        row = await self._calls.address(self._way.query[_NUMBER], uitgebreid=self.uitgebreid)
        return self.cut([] if row is None else [row])[0]

    async def listed(self) -> tuple[list[Row], bool]:
        """Find them page by page; what an object has more is read for those that are given only."""
        rows = await self._enough(self._calls.adressen(self._way.query), ANSWER_ITEMS_MAX)
        return await self._chosen(rows)

    async def by_term(self) -> tuple[list[Row], bool]:
        results = [each async for each in _first(self._calls.search(self._way.query), BAG_ZOEKRESULTATEN_MAX + 1)]
        unseen = len(results) > BAG_ZOEKRESULTATEN_MAX
        works = [partial(self._calls.found, each) for each in results[:BAG_ZOEKRESULTATEN_MAX]]
        found = await together(works, at_once=SOURCE_CALLS_MAX)
        rows, more = await self._chosen([row for rows in found for row in rows])
        if unseen and not rows:
            raise refused(
                f"more than {BAG_ZOEKRESULTATEN_MAX} were found, and the hub reads no more of them",
                advice="ask for fewer: let the term say more",
            )
        return rows, more or unseen

    def cut(self, found: list[Row]) -> tuple[list[Row], bool]:
        """Give those that are meant, in order, after the last of the answer before, no more than asked for."""
        rows = [row for row in found if fits(row, self._question, self._way)]
        rows = ordered(rows, self._order, lambda row, name: row.get(name))
        rows = after(rows, self._question.get("na"), itemgetter(_NUMBER), thing="address")
        return rows[: self._most], len(rows) > self._most

    async def _chosen(self, found: list[Row]) -> tuple[list[Row], bool]:
        ordered_by_object = needs_uitgebreid(self._order)
        if ordered_by_object:
            return self.cut(await self._whole(found))
        rows, more = self.cut(found)
        return (await self._whole(rows) if self.uitgebreid else rows), more

    async def _whole(self, rows: list[Row]) -> list[Row]:
        works = [partial(self._calls.address, row[_NUMBER], uitgebreid=True) for row in rows]
        return [row for row in await together(works, at_once=SOURCE_CALLS_MAX) if row is not None]

    async def _enough(self, rows: AsyncIterator[Row], most: int) -> list[Row]:
        """Read until there is one more than is asked for, where the order of the BAG is the order that is asked for."""
        stops_early = not self._order and not self._question.get("na")
        found: list[Row] = []
        fitting = 0
        async for row in rows:
            found.append(row)
            fitting += fits(row, self._question, self._way)
            if stops_early and fitting > self._most:
                break
            if len(found) > most:
                raise refused(
                    f"more than {most} addresses fit",
                    advice="ask for fewer: add a huisnummer, or ask by another number",
                )
        return found


async def _first(items: AsyncIterator[str], most: int) -> AsyncIterator[str]:
    left = most
    async for item in items:
        yield item
        left -= 1
        if not left:
            return
