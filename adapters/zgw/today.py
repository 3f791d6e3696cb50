"""The catalogus as it stands today, concepts and ended versions included, to tell why a type can't be used.

It chooses as deliveries do (`adapters.zgw.typen`), and says in words what is the matter. Every list is read once.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from difflib import get_close_matches
from typing import NamedTuple, TypeVar

from adapters.zgw.calls import Calls, Row
from adapters.zgw.catalogue import no_catalogus
from adapters.zgw.typen import (
    Besluittype,
    Informatieobjecttype,
    Roltype,
    Statustype,
    Zaaktype,
    pick_besluittype,
    pick_informatieobjecttype,
    pick_roltype,
    pick_statustype,
    published,
    same,
)
from hub.errors import TargetMisconfigured

_NEAR = 0.5
"""How much two names must have in common, of 1, for one to be told as meant by the other."""


class Verdict(NamedTuple):
    """What is the matter with a type, and the name that comes closest."""

    problem: str
    nearest: str = ""
    blocks: bool = True


_Version = TypeVar("_Version", Zaaktype, Informatieobjecttype, Besluittype)


class Today:
    """See the module; `on` is the day of today."""

    def __init__(self, calls: Calls, *, domein: str, on: date) -> None:
        self._calls = calls
        self._domein = domein
        self._on = on
        self._read: dict[tuple[str, ...], list[Row]] = {}

    async def zaaktype(self, asked: Mapping[str, str], *, rsin: str) -> tuple[Zaaktype | None, Verdict | None]:
        """Find the one version that is published and valid today, or say why there is none."""
        code, name = asked.get("identificatie"), asked.get("omschrijving")
        try:
            rows = await self._of_catalogussen("zaaktypen", rsin)
        except TargetMisconfigured as wrong:
            if wrong.code != "onbekend-catalogus":
                raise
            return None, Verdict(wrong.reason)

        def fits(row: Row) -> bool:
            return str(row.get("identificatie", "")) == code if code else same(row.get("omschrijving"), name)

        mine = [row for row in rows if fits(row)]
        valid = [each for each in map(Zaaktype.of, published(mine)) if each.valid_on(self._on)]
        # One version often ends on the day on which the next begins: that day is of the next.
        valid = [each for each in valid if each.einde != self._on] or valid
        if len(valid) == 1:
            return valid[0], None
        if valid:
            return None, Verdict(f"is ambiguous: {len(valid)} published versions are valid today")
        names = [row.get("identificatie" if code else "omschrijving", "") for row in rows]
        return None, self._missing(code or name or "", mine, names, Zaaktype.of)

    async def roltype(self, asked: Mapping[str, str], zaaktype: Zaaktype, *, anders: str) -> Verdict | None:
        """Say what is the matter with a roltype; None when it is there."""
        rows = [Roltype.of(row) for row in await self._of_zaaktype("roltypen", zaaktype)]
        try:
            found = pick_roltype(asked, rows, anders=anders)
        except TargetMisconfigured as unclear:
            return Verdict(f"is ambiguous: {unclear.reason.partition(': ')[2]}")
        return None if found else _absent(asked, [row.omschrijving for row in rows])

    async def statustype(self, asked: Mapping[str, str], zaaktype: Zaaktype) -> Verdict | None:
        """Say what is the matter with a statustype; None when it is there."""
        rows = [Statustype.of(row) for row in await self._of_zaaktype("statustypen", zaaktype)]
        return None if pick_statustype(asked, rows) else _absent(asked, [row.omschrijving for row in rows])

    async def named(self, path: str, field: str, names: Sequence[str], zaaktype: Zaaktype) -> Verdict | None:
        """Say what is the matter with a resultaattype or eigenschap, of which one of the names will do."""
        rows = await self._of_zaaktype(path, zaaktype)
        there = [row.get(field, "") for row in rows]
        if any(same(one, other) for one in names for other in there):
            return None
        return _absent({"naam": names[0]}, there)

    async def informatieobjecttype(self, asked: Mapping[str, str], zaaktype: Zaaktype, *, rsin: str) -> Verdict | None:
        """Say what is the matter with an informatieobjecttype of a zaaktype; None when it is there."""
        name = asked.get("omschrijving", "")
        rows = await self._of_catalogussen("informatieobjecttypen", rsin)
        typed = [Informatieobjecttype.of(row) for row in published(rows)]
        if pick_informatieobjecttype(name, typed, zaaktype.informatieobjecttypen, on=self._on):
            return None
        mine = [row for row in rows if same(row.get("omschrijving"), name)]
        of_zaaktype = [row.get("omschrijving", "") for row in rows if row.get("url") in zaaktype.informatieobjecttypen]
        if pick_informatieobjecttype(name, typed, None, on=self._on):
            return Verdict("does not belong to the zaaktype", _nearest(name, of_zaaktype))
        return self._missing(name, mine, of_zaaktype, Informatieobjecttype.of)

    async def besluittype(self, asked: Mapping[str, str], *, rsin: str) -> Verdict | None:
        """Say what is the matter with a besluittype; None when it is there."""
        rows = await self._of_catalogussen("besluittypen", rsin)
        if pick_besluittype(asked, [Besluittype.of(row) for row in published(rows)], "", on=self._on):
            return None
        name = asked.get("omschrijving", "")
        mine = [row for row in rows if same(row.get("omschrijving"), name)]
        return self._missing(name, mine, [row.get("omschrijving", "") for row in rows], Besluittype.of)

    def _missing(self, name: str, mine: list[Row], names: Iterable[str], of: Callable[[Row], _Version]) -> Verdict:
        """Say why no version can be used: there is none, it is a concept, or it is of another time."""
        if not mine:
            return Verdict("is not in the catalogus", _nearest(name, names))
        done = published(mine)
        if not done:
            return Verdict("is a concept: publish it")
        begins = min((each.begin for each in map(of, done) if each.begin > self._on), default=None)
        when = f"begins {begins}" if begins else f"has ended ({max(each.einde or self._on for each in map(of, done))})"
        return Verdict(f"is not valid today: it {when}")

    async def _of_zaaktype(self, path: str, zaaktype: Zaaktype) -> list[Row]:
        return await self._rows(path, {"zaaktype": zaaktype.url})

    async def _of_catalogussen(self, path: str, rsin: str) -> list[Row]:
        query = {"rsin": rsin, **({"domein": self._domein} if self._domein else {})}
        catalogussen = await self._rows("catalogussen", query)
        if not catalogussen:
            raise no_catalogus(rsin)
        # Without `status` a server leaves concepts out (Catalogi API 1.3), and these are to be told apart from nothing.
        return [row for each in catalogussen for row in await self._rows(path, {"catalogus": each["url"], **_ALL})]

    async def _rows(self, path: str, query: dict[str, str]) -> list[Row]:
        key = (path, *query.values())
        if key not in self._read:
            self._read[key] = await self._calls.rows("catalogi", path, query, what=f"{path} lezen")
        return self._read[key]


_ALL = {"status": "alles"}


def _absent(asked: Mapping[str, str], names: Iterable[str]) -> Verdict:
    order = ("omschrijving", "naam", "code", "omschrijvingGeneriek", "volgnummer")
    name = next((asked[each] for each in order if each in asked), "")
    return Verdict("is not in the zaaktype", _nearest(name, names))


def _nearest(name: str, names: Iterable[str]) -> str:
    known = {each.casefold(): each for each in names}
    near = get_close_matches(name.casefold(), known, n=1, cutoff=_NEAR)
    return known[near[0]] if near else ""
