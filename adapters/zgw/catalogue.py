"""The Catalogi API: from what a message calls a type to the URL of that type at this target.

It knows which list a type is in and how long a list is good. It refuses to know zaken. A type that is not there is a
matter for the koppelbeheerder (`TargetMisconfigured`), told with the nearest name that is there.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from adapters.zgw.calls import Calls, Row
from adapters.zgw.lists import Lists
from adapters.zgw.options import Options
from adapters.zgw.typen import (
    Besluittype,
    Informatieobjecttype,
    Named,
    Roltype,
    Statustype,
    Zaaktype,
    pick_besluittype,
    pick_informatieobjecttype,
    pick_roltype,
    pick_statustype,
    published,
    same,
    shown,
    unknown,
)
from hub.errors import TargetMisconfigured

_OF_ZAAK = "the zaaktype of this zaak"


class Catalogue:
    """See the module. One per connection; the calls and the time are those of each attempt."""

    def __init__(self, options: Options) -> None:
        self._options = options
        self._lists = Lists(ttl_s=options.catalogue_ttl_s)

    async def zaaktype(self, calls: Calls, asked: Mapping[str, Any], *, rsin: str, on: date, now: datetime) -> Zaaktype:
        """Find the one published version of a zaaktype that is valid on a day, by identificatie or omschrijving."""
        code, name = str(asked.get("identificatie") or ""), asked.get("omschrijving")

        async def versions() -> list[Zaaktype]:
            return await self._zaaktypen(calls, rsin, code, now=now)

        def valid(rows: list[Zaaktype]) -> list[Zaaktype] | None:
            wanted = rows if code else [row for row in rows if same(row.omschrijving, name)]
            fitting = [row for row in wanted if row.valid_on(on)]
            # One version often ends on the day on which the next begins: that day is of the next.
            return [row for row in fitting if row.einde != on] or fitting or None

        found, rows = await self._lists.find(("zaaktypen", rsin, code), versions, valid, now=now)
        if found is None and code and rows:
            raise TargetMisconfigured(
                f'zaaktype "{shown(code)}" has no published version that is valid on the startdatum of the zaak',
                code="zaaktype-niet-geldig",
                advice="see beginGeldigheid and eindeGeldigheid in the catalogus, then replay",
            )
        if found is None:
            every = await self._lists.read(
                ("zaaktypen", rsin, ""), lambda: self._zaaktypen(calls, rsin, "", now=now), now=now
            )
            names = [row.identificatie if code else row.omschrijving for row in every]
            raise unknown("zaaktype", code or name, names, where=_of_rsin(rsin))
        if len(found) > 1:
            raise TargetMisconfigured(
                f'zaaktype "{shown(code or name)}" has {len(found)} published versions valid on the startdatum',
                code="zaaktype-onduidelijk",
                advice="end all but one in the catalogus, or set options.catalogus_domein",
            )
        return found[0]

    async def versions(self, calls: Calls, code: str, *, rsin: str, now: datetime) -> list[str]:
        """Give the URLs of all published versions of a zaaktype, also those of before; empty when there is none."""

        async def read() -> list[Zaaktype]:
            return await self._zaaktypen(calls, rsin, code, now=now)

        found, _ = await self._lists.find(("zaaktypen", rsin, code), read, lambda rows: rows or None, now=now)
        return [row.url for row in found or ()]

    async def zaaktype_at(self, calls: Calls, url: str, *, now: datetime, fresh: bool = False) -> Zaaktype:
        """Read the zaaktype of a zaak."""

        async def read() -> list[Zaaktype]:
            return [Zaaktype.of(await calls.get("catalogi", url, what="zaaktype lezen"))]

        return (await self._lists.read(("zaaktype", url), read, now=now, fresh=fresh))[0]

    async def roltype(self, calls: Calls, zaaktype: str, asked: Mapping[str, Any], *, now: datetime) -> Roltype:
        """Find a roltype of a zaaktype (given by URL)."""

        async def read() -> list[Roltype]:
            return [Roltype.of(row) for row in await self._of_zaaktype(calls, "roltypen", zaaktype)]

        def match(rows: list[Roltype]) -> Roltype | None:
            return pick_roltype(asked, rows, anders=self._options.roltype_anders)

        found, rows = await self._lists.find(("roltypen", zaaktype), read, match, now=now)
        if found is None:
            name = asked.get("omschrijving") or asked.get("code") or asked.get("omschrijvingGeneriek")
            raise unknown("roltype", name, [row.omschrijving for row in rows], where=_OF_ZAAK)
        return found

    async def statustype(self, calls: Calls, zaaktype: str, asked: Mapping[str, Any], *, now: datetime) -> Statustype:
        """Find a statustype of a zaaktype."""

        def match(rows: list[Statustype]) -> Statustype | None:
            return pick_statustype(asked, rows)

        found, rows = await self._lists.find(
            ("statustypen", zaaktype), lambda: self._statustypen(calls, zaaktype), match, now=now
        )
        if found is None:
            name = asked.get("omschrijving") or asked.get("volgnummer") or asked.get("code")
            raise unknown("statustype", name, [row.omschrijving for row in rows], where=_OF_ZAAK)
        return found

    async def eindstatus(self, calls: Calls, zaaktype: str, *, now: datetime) -> Statustype:
        """Find the statustype that closes a zaak."""

        def match(rows: list[Statustype]) -> Statustype | None:
            return next((row for row in rows if row.eindstatus), None)

        found, _ = await self._lists.find(
            ("statustypen", zaaktype), lambda: self._statustypen(calls, zaaktype), match, now=now
        )
        if found is None:
            raise unknown("statustype", "eindstatus", (), where=_OF_ZAAK)
        return found

    async def resultaattype(self, calls: Calls, zaaktype: str, asked: Sequence[str], *, now: datetime) -> Named:
        """Find the first resultaattype of a zaaktype that has one of the names."""

        def match(rows: list[Named]) -> Named | None:
            return next((row for name in asked for row in rows if same(row.naam, name)), None)

        found, rows = await self._lists.find(
            ("resultaattypen", zaaktype),
            lambda: self._named(calls, "resultaattypen", zaaktype, "omschrijving"),
            match,
            now=now,
        )
        if found is None:
            raise unknown("resultaattype", ", ".join(asked), [row.naam for row in rows], where=_OF_ZAAK)
        return found

    async def eigenschap(self, calls: Calls, zaaktype: str, naam: str, *, now: datetime) -> Named:
        """Find an eigenschap of a zaaktype."""

        def match(rows: list[Named]) -> Named | None:
            return next((row for row in rows if same(row.naam, naam)), None)

        found, rows = await self._lists.find(
            ("eigenschappen", zaaktype), lambda: self._named(calls, "eigenschappen", zaaktype, "naam"), match, now=now
        )
        if found is None:
            raise unknown("eigenschap", naam, [row.naam for row in rows], where=_OF_ZAAK)
        return found

    async def informatieobjecttype(
        self, calls: Calls, zaaktype: str, omschrijving: object, *, on: date, now: datetime
    ) -> Informatieobjecttype:
        """Find the informatieobjecttype of a name that is valid on a day and belongs to the zaaktype."""
        of_zaak = await self.zaaktype_at(calls, zaaktype, now=now)
        key = ("informatieobjecttypen", of_zaak.catalogus)

        async def read() -> list[Informatieobjecttype]:
            query = {"catalogus": of_zaak.catalogus, "status": "definitief"}
            rows = await calls.rows("catalogi", "informatieobjecttypen", query, what="informatieobjecttypen lezen")
            return [Informatieobjecttype.of(row) for row in published(rows)]

        rows = await self._lists.read(key, read, now=now)
        found = pick_informatieobjecttype(omschrijving, rows, of_zaak.informatieobjecttypen, on=on)
        if found is None:
            of_zaak = await self.zaaktype_at(calls, zaaktype, now=now, fresh=True)
            rows = await self._lists.read(key, read, now=now, fresh=True)
            found = pick_informatieobjecttype(omschrijving, rows, of_zaak.informatieobjecttypen, on=on)
        if found is None:
            names = [row.omschrijving for row in rows if row.url in of_zaak.informatieobjecttypen]
            raise unknown("informatieobjecttype", omschrijving, names, where=_OF_ZAAK)
        return found

    async def informatieobjecttype_of(
        self, calls: Calls, rsin: str, omschrijving: object, *, on: date, now: datetime
    ) -> Informatieobjecttype:
        """Find the informatieobjecttype of a name that is valid on a day, whatever zaaktypen have it."""

        async def read() -> list[Informatieobjecttype]:
            rows = await self._of_catalogussen(calls, "informatieobjecttypen", rsin, now=now)
            return [Informatieobjecttype.of(row) for row in rows]

        def match(rows: list[Informatieobjecttype]) -> Informatieobjecttype | None:
            return pick_informatieobjecttype(omschrijving, rows, None, on=on)

        found, rows = await self._lists.find(("informatieobjecttypen van", rsin), read, match, now=now)
        if found is None:
            names = [row.omschrijving for row in rows]
            raise unknown("informatieobjecttype", omschrijving, names, where=_of_rsin(rsin))
        return found

    async def besluittype(
        self, calls: Calls, asked: Mapping[str, Any], *, rsin: str, zaaktype: str, on: date, now: datetime
    ) -> Besluittype:
        """Find the published besluittype that is valid on a day; where several zaaktypen have one, that of the zaak."""

        async def read() -> list[Besluittype]:
            return [Besluittype.of(row) for row in await self._of_catalogussen(calls, "besluittypen", rsin, now=now)]

        def match(rows: list[Besluittype]) -> Besluittype | None:
            return pick_besluittype(asked, rows, zaaktype, on=on)

        found, rows = await self._lists.find(("besluittypen", rsin), read, match, now=now)
        if found is None:
            names = [row.omschrijving for row in rows]
            raise unknown("besluittype", asked.get("omschrijving"), names, where=_of_rsin(rsin))
        return found

    async def _of_catalogussen(self, calls: Calls, path: str, rsin: str, *, now: datetime) -> list[Row]:
        """Read what is published in every catalogus of a RSIN."""
        rows: list[Row] = []
        for catalogus in await self._lists.read(
            ("catalogussen", rsin), lambda: self._catalogussen(calls, rsin), now=now
        ):
            query = {"catalogus": catalogus, "status": "definitief"}
            rows += await calls.rows("catalogi", path, query, what=f"{path} lezen")
        return published(rows)

    async def _zaaktypen(self, calls: Calls, rsin: str, identificatie: str, *, now: datetime) -> list[Zaaktype]:
        rows: list[Row] = []
        for catalogus in await self._lists.read(
            ("catalogussen", rsin), lambda: self._catalogussen(calls, rsin), now=now
        ):
            query = {"catalogus": catalogus, "status": "definitief"}
            if identificatie:
                query["identificatie"] = identificatie
            rows += await calls.rows("catalogi", "zaaktypen", query, what="zaaktypen lezen")
        return [Zaaktype.of(row) for row in published(rows)]

    async def _catalogussen(self, calls: Calls, rsin: str) -> list[str]:
        query = {"rsin": rsin}
        if self._options.catalogus_domein:
            query["domein"] = self._options.catalogus_domein
        rows = await calls.rows("catalogi", "catalogussen", query, what="catalogus lezen")
        if not rows:
            raise no_catalogus(rsin)
        return [row["url"] for row in rows]

    async def _statustypen(self, calls: Calls, zaaktype: str) -> list[Statustype]:
        return [Statustype.of(row) for row in await self._of_zaaktype(calls, "statustypen", zaaktype)]

    async def _named(self, calls: Calls, path: str, zaaktype: str, name: str) -> list[Named]:
        return [Named(row["url"], row.get(name, "")) for row in await self._of_zaaktype(calls, path, zaaktype)]

    async def _of_zaaktype(self, calls: Calls, path: str, zaaktype: str) -> list[Row]:
        return await calls.rows("catalogi", path, {"zaaktype": zaaktype}, what=f"{path} lezen")


def _of_rsin(rsin: str) -> str:
    return f"the catalogus of RSIN {rsin}"


def no_catalogus(rsin: str) -> TargetMisconfigured:
    """Say that a RSIN has no catalogus here."""
    return TargetMisconfigured(
        f"the target has no catalogus for RSIN {rsin}",
        code="onbekend-catalogus",
        advice="see options.rsin, options.organisaties and options.catalogus_domein, and the catalogus at the target",
    )
