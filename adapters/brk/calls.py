"""The calls to the BRK API: land out, and the parts that are asked for apart.

It knows paths, the coordinate system and which question goes in a body. It refuses to know which call is needed.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import datetime

from adapters.brk.vraag import BSN, NUMBER
from hub.net.problems import broken
from hub.ports.contracts import Client
from hub.ports.hal import Hal, Row

_ZAKEN = "kadastraalonroerendezaken"
_CRS = {"Accept-Crs": "epsg:28992"}
_NOBODYS = "000000000000000"
_NUMBER = re.compile(r"[0-9A-Za-z]{1,60}")
_PUBLIC = "publiekrechtelijkeBeperkingen"


class Calls(Hal):
    """See the module. Without `fields` all is asked for."""

    def __init__(self, client: Client, now: datetime | None) -> None:
        """Take the client and the time of the question."""
        super().__init__(client, "brk", now)

    async def zaak(self, number: str, fields: Sequence[str]) -> Row | None:
        """Read land by its number; None when there is none."""
        what = "onroerende zaak lezen"
        found = await self.one(f"{_ZAKEN}/{number}", what=what, query=_asked(fields), headers=_CRS)
        if found is not None and _numbered(found, what)[NUMBER] != number:
            raise broken(what, "land in the answer was not asked for")
        return found

    async def zaken(self, query: Mapping[str, str], fields: Sequence[str]) -> list[Row]:
        """Find land."""
        what = "onroerende zaken zoeken"
        asked = {**query, **_asked(fields)}
        rows = await self.listed(_ZAKEN, "kadastraalOnroerendeZaken", what=what, query=asked, headers=_CRS)
        return [_numbered(row, what) for row in rows]

    async def zaken_of(self, bsn: str, fields: Sequence[str]) -> list[Row]:
        """Find the land of a person: his number is in the body."""
        what = "onroerende zaken van een persoon zoeken"
        question = {BSN: bsn, **_asked(fields)}
        rows = await self.posted(_ZAKEN, "kadastraalOnroerendeZaken", question, what=what, headers=_CRS)
        return [_numbered(row, what) for row in rows]

    async def deel(self, deel: str, number: str, fields: Sequence[str]) -> list[Row]:
        """Read the rights, mortgages and so on of land; none when that is gone since it was found."""
        what = f"{deel} lezen"
        if deel == _PUBLIC:
            query = {"kadastraalOnroerendeZaakIdentificatie": number, **_asked(fields)}
            return await self.listed(_PUBLIC.lower(), deel, what=what, query=query)
        return await self.listed(f"{_ZAKEN}/{number}/{deel.lower()}", deel, what=what, query=_asked(fields))

    async def organisatie(self, number: str, fields: Sequence[str]) -> Row:
        """Read an organisation that only the Kadaster knows; nothing when it is not there."""
        what = "kadasternietnatuurlijkpersoon lezen"
        if not _NUMBER.fullmatch(number):
            raise broken(what, "an organisation has an identificatie that is none")
        return await self.one(f"kadasternietnatuurlijkpersonen/{number}", what=what, query=_asked(fields)) or {}

    async def probe(self) -> None:
        """Ask whether the API answers and takes our key: by a number that no land has."""
        await self.zaak(_NOBODYS, (NUMBER,))


def _asked(fields: Sequence[str]) -> dict[str, str]:
    return {"fields": ",".join(fields)} if fields else {}


def _numbered(row: Row, what: str) -> Row:
    number = row.get(NUMBER)
    if not isinstance(number, str) or not _NUMBER.fullmatch(number):
        raise broken(what, f"land has no {NUMBER}")
    return row
