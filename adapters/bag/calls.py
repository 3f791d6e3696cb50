"""The calls to the BAG API Individuele Bevragingen 2.

It knows the coordinate system. It refuses to know what an address is, beyond that it has a number.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from datetime import datetime

from adapters.bag.vraag import ADRESSEN, UITGEBREID, Row
from hub.net.problems import broken, succeeded
from hub.ports.contracts import Client
from hub.ports.hal import Hal

_SERVICE = "bag"
_CRS = {"Accept-Crs": "epsg:28992"}


class Calls(Hal):
    """See the module."""

    def __init__(self, client: Client, now: datetime | None) -> None:
        """Take the client and the time of the question."""
        super().__init__(client, _SERVICE, now)

    async def address(self, nummeraanduiding: str, *, uitgebreid: bool) -> Row | None:
        """Read one address by its number; None when there is none (any more)."""
        path = f"{UITGEBREID if uitgebreid else ADRESSEN}/{nummeraanduiding}"
        what = "adres lezen"
        found = await self.one(path, what=what, headers=_CRS)
        return None if found is None else _row(found, what)

    async def uitgebreid(self, query: Mapping[str, str]) -> list[Row]:
        """Find addresses with the objects they are of; this list has no pages."""
        what = "adressen zoeken"
        rows = await self.listed(UITGEBREID, "adressen", what=what, query=query, headers=_CRS)
        return [_row(row, what) for row in rows]

    async def adressen(self, query: Mapping[str, str]) -> AsyncIterator[Row]:
        """Find addresses, page by page, for one who may have enough before the end."""
        what = "adressen zoeken"
        async for row in self.pages(ADRESSEN, "adressen", what=what, query=query, headers=_CRS):
            yield _row(row, what)

    async def search(self, query: Mapping[str, str]) -> AsyncIterator[str]:
        """Search in free text; gives what each result is fetched by."""
        what = "adressen zoeken op zoekterm"
        async for row in self.pages(f"{ADRESSEN}/zoek", "zoekresultaten", what=what, query=query):
            if not isinstance(row.get("identificatie"), str):
                raise broken(what, "a search result has no identificatie")
            yield row["identificatie"]

    async def found(self, zoekresultaat: str) -> list[Row]:
        """Fetch what a search result stands for; nothing when it is gone."""
        what, query = "zoekresultaat lezen", {"zoekresultaatIdentificatie": zoekresultaat}
        return [_row(row, what) async for row in self.pages(ADRESSEN, "adressen", what=what, query=query, headers=_CRS)]

    async def info(self) -> None:
        """Ask whether the API answers and takes our key."""
        response = await self._client.request("GET", _SERVICE, "info")
        if not succeeded(response):
            raise self.failure(response, "info lezen")


def _row(row: Row, what: str) -> Row:
    if not isinstance(row.get("nummeraanduidingIdentificatie"), str) or not isinstance(row.get("huisnummer"), int):
        raise broken(what, "an address has no nummeraanduidingIdentificatie or huisnummer")
    return row
