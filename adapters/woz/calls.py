"""The calls to the WOZ API: objects out, each with its number. It refuses to know what else is of an object."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from datetime import datetime

from adapters.woz.vraag import NUMBER
from hub.net.problems import broken
from hub.ports.contracts import Client
from hub.ports.hal import Hal, Row

_OBJECTEN = "wozobjecten"
_NOBODYS = "000000000000"


class Calls(Hal):
    """See the module."""

    def __init__(self, client: Client, now: datetime | None) -> None:
        """Take the client and the time of the question."""
        super().__init__(client, "woz", now)

    async def object(self, number: str, fields: Mapping[str, str]) -> Row | None:
        """Read one object by its number; None when there is none."""
        what = "WOZ-object lezen"
        found = await self.one(f"{_OBJECTEN}/{number}", what=what, query=fields)
        if found is not None and _numbered(found, what)[NUMBER] != number:
            raise broken(what, "an object in the answer was not asked for")
        return found

    async def objects(self, query: Mapping[str, str]) -> AsyncIterator[Row]:
        """Find objects, page by page, for one who may have enough before the end."""
        what = "WOZ-objecten zoeken"
        async for row in self.pages(_OBJECTEN, "wozObjecten", what=what, query=query):
            yield _numbered(row, what)

    async def probe(self) -> None:
        """Ask whether the API answers and takes our key: by a number that no object has."""
        await self.one(f"{_OBJECTEN}/{_NOBODYS}", what="WOZ-object lezen", query={"fields": NUMBER})


def _numbered(row: Row, what: str) -> Row:
    if not isinstance(row.get(NUMBER), str):
        raise broken(what, f"an object has no {NUMBER}")
    return row
