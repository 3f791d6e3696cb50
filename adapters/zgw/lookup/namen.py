"""What a type is called: from the URL in a resource to the name that people know. Read once, and kept for a while.

It knows how few calls that takes: statustypen of a zaaktype come in one list. It refuses to know zaken.
"""

from __future__ import annotations

from datetime import datetime

from adapters.zgw.calls import Calls, Row
from adapters.zgw.lists import Lists

_KEPT = ("url", "identificatie", "omschrijving", "omschrijvingGeneriek", "volgnummer", "isEindstatus")
"""What of a type an answer tells."""


class Namen:
    """See the module. One per connection."""

    def __init__(self, *, ttl_s: float) -> None:
        self._lists = Lists(ttl_s=ttl_s)

    async def of(self, calls: Calls, kind: str, url: str, *, now: datetime) -> Row:
        """Give the type at a URL; `kind` says in an error what it is."""

        async def read() -> list[Row]:
            return [_told(await calls.get("catalogi", url, what=f"{kind} lezen"))]

        return (await self._lists.read((kind, url), read, now=now))[0]

    async def statustype(self, calls: Calls, zaaktype: str, url: str, *, now: datetime) -> Row:
        """Give the statustype at a URL, from the list of its zaaktype."""

        async def read() -> list[Row]:
            rows = await calls.rows("catalogi", "statustypen", {"zaaktype": zaaktype}, what="statustypen lezen")
            return [_told(each) for each in rows]

        rows = await self._lists.read(("statustypen", zaaktype), read, now=now)
        found = next((each for each in rows if each["url"] == url), None)
        return found or await self.of(calls, "statustype", url, now=now)


def _told(row: Row) -> Row:
    return {name: row[name] for name in _KEPT if row.get(name) not in (None, "")}
