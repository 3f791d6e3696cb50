"""The types of a catalogus, as far as a delivery needs them, and how one is told apart by what a sender calls it.

Pure. It knows names, numbers and dates of validity. It refuses to know where a type comes from.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from difflib import get_close_matches
from typing import Any, NamedTuple, TypeVar

from hub.errors import TargetMisconfigured

_SHOWN_MAX = 80
"""What an error shows of a name: the longest omschrijving of a type."""


class Zaaktype(NamedTuple):
    """One version of a zaaktype."""

    url: str
    identificatie: str
    omschrijving: str
    catalogus: str
    begin: date
    einde: date | None
    informatieobjecttypen: frozenset[str]

    @classmethod
    def of(cls, row: Mapping[str, Any]) -> Zaaktype:
        """Read a ZaakType of the Catalogi API."""
        return cls(
            url=row["url"],
            identificatie=str(row.get("identificatie", "")),
            omschrijving=row.get("omschrijving", ""),
            catalogus=row.get("catalogus", ""),
            begin=_begin(row),
            einde=_einde(row),
            informatieobjecttypen=frozenset(row.get("informatieobjecttypen", ())),
        )

    def valid_on(self, day: date) -> bool:
        """Say whether this version is the one of a day."""
        return self.begin <= day and (self.einde is None or day <= self.einde)


class Roltype(NamedTuple):
    """A roltype of one zaaktype."""

    url: str
    omschrijving: str
    generiek: str

    @classmethod
    def of(cls, row: Mapping[str, Any]) -> Roltype:
        """Read a RolType of the Catalogi API."""
        return cls(row["url"], row.get("omschrijving", ""), row.get("omschrijvingGeneriek", ""))


class Statustype(NamedTuple):
    """A statustype of one zaaktype."""

    url: str
    omschrijving: str
    generiek: str
    volgnummer: int
    eindstatus: bool

    @classmethod
    def of(cls, row: Mapping[str, Any]) -> Statustype:
        """Read a StatusType of the Catalogi API."""
        return cls(
            url=row["url"],
            omschrijving=row.get("omschrijving", ""),
            generiek=row.get("omschrijvingGeneriek", ""),
            volgnummer=int(row.get("volgnummer", 0)),
            eindstatus=bool(row.get("isEindstatus", False)),
        )


class Named(NamedTuple):
    """A resultaattype or eigenschap of one zaaktype: all that matters is its name."""

    url: str
    naam: str


class Besluittype(NamedTuple):
    """One version of a besluittype."""

    url: str
    omschrijving: str
    zaaktypen: frozenset[str]
    begin: date
    einde: date | None

    @classmethod
    def of(cls, row: Mapping[str, Any]) -> Besluittype:
        """Read a BesluitType of the Catalogi API."""
        return cls(
            url=row["url"],
            omschrijving=row.get("omschrijving", ""),
            zaaktypen=frozenset(row.get("zaaktypen", ())),
            begin=_begin(row),
            einde=_einde(row),
        )

    def valid_on(self, day: date) -> bool:
        """Say whether this version is the one of a day."""
        return self.begin <= day and (self.einde is None or day <= self.einde)


class Informatieobjecttype(NamedTuple):
    """One version of an informatieobjecttype."""

    url: str
    omschrijving: str
    begin: date
    einde: date | None

    @classmethod
    def of(cls, row: Mapping[str, Any]) -> Informatieobjecttype:
        """Read an InformatieObjectType of the Catalogi API."""
        return cls(row["url"], row.get("omschrijving", ""), _begin(row), _einde(row))

    def valid_on(self, day: date) -> bool:
        """Say whether this version is the one of a day."""
        return self.begin <= day and (self.einde is None or day <= self.einde)


def same(one: object, other: object) -> bool:
    """Compare names as people do: neither case nor spaces count; nothing is not the same as nothing."""
    mine, theirs = _plain(one), _plain(other)
    return bool(mine) and mine == theirs


def pick_roltype(asked: Mapping[str, Any], roltypen: Sequence[Roltype], *, anders: str) -> Roltype | None:
    """Find a roltype: by omschrijving, code, generic omschrijving when only one has it, or else `anders`.

    Raises TargetMisconfigured when the generic omschrijving fits several and nothing tells them apart.
    """
    for name in (asked.get("omschrijving"), asked.get("code")):
        for each in roltypen:
            if same(each.omschrijving, name):
                return each
    generiek = asked.get("omschrijvingGeneriek")
    fitting = [each for each in roltypen if same(each.generiek, generiek)]
    if len(fitting) > 1:
        fitting = [each for each in fitting if same(each.omschrijving, generiek)] or fitting
    if len(fitting) == 1:
        return fitting[0]
    by_default = [each for each in roltypen if same(each.omschrijving, anders)]
    if by_default:
        return by_default[0]
    if fitting:
        several = ", ".join(each.omschrijving for each in fitting)
        raise TargetMisconfigured(
            f'roltype "{shown(generiek)}" fits several of the zaaktype: {several}',
            code="roltype-onduidelijk",
            advice="let the mapping give the omschrijving of the roltype",
        )
    return None


def pick_statustype(asked: Mapping[str, Any], statustypen: Sequence[Statustype]) -> Statustype | None:
    """Find a statustype: by omschrijving, volgnummer, or code (which senders fill with either)."""
    for name in (asked.get("omschrijving"), asked.get("code")):
        for each in statustypen:
            if same(each.omschrijving, name):
                return each
    for number in (asked.get("volgnummer"), asked.get("code")):
        for each in statustypen:
            if str(number if number is not None else "").strip().lstrip("0") == str(each.volgnummer):
                return each
    code = asked.get("code") or asked.get("omschrijving")
    return next((each for each in statustypen if same(each.generiek, code)), None)


def pick_besluittype(
    asked: Mapping[str, Any], rows: Sequence[Besluittype], zaaktype: str, *, on: date
) -> Besluittype | None:
    """Find a besluittype by omschrijving, its only name, that is valid on a day; that of the zaaktype goes first."""
    fitting = [row for row in rows if row.valid_on(on) and same(row.omschrijving, asked.get("omschrijving"))]
    return next((row for row in fitting if zaaktype in row.zaaktypen), fitting[0] if fitting else None)


def pick_informatieobjecttype(
    omschrijving: object, rows: Sequence[Informatieobjecttype], of_zaaktype: frozenset[str] | None, *, on: date
) -> Informatieobjecttype | None:
    """Find an informatieobjecttype by omschrijving among those of a zaaktype, or of the whole catalogus (None).

    A catalogus relates the two by name, so a newer version of a type that the zaaktype names by an older URL will do.
    """
    fitting = [row for row in rows if same(row.omschrijving, omschrijving) and row.valid_on(on)]
    first = fitting[0] if fitting else None
    if of_zaaktype is None:
        return first
    if not any(same(row.omschrijving, omschrijving) and row.url in of_zaaktype for row in rows):
        return None
    return next((row for row in fitting if row.url in of_zaaktype), first)


def unknown(soort: str, asked: object, names: Iterable[str], *, where: str) -> TargetMisconfigured:
    """Say that a type is not there, and which one comes nearest."""
    known = {_plain(name): name for name in names}
    near = get_close_matches(_plain(asked), known, n=1, cutoff=0.5)
    hint = f'; nearest: "{known[near[0]]}"' if near else ""
    return TargetMisconfigured(
        f'{soort} "{shown(asked)}" is not in {where}{hint}',
        code=f"onbekend-{soort}",
        advice="add it to the catalogus or correct it in the mapping, then replay",
    )


def shown(name: object) -> str:
    """Give a name as an error may show it."""
    return str(name or "")[:_SHOWN_MAX]


def _plain(name: object) -> str:
    return " ".join(str(name if name is not None else "").split()).casefold()


_Row = TypeVar("_Row", bound=Mapping[str, Any])


def published(rows: Iterable[_Row]) -> list[_Row]:
    """Leave concepts out, for a target that does not filter on status."""
    return [row for row in rows if not row.get("concept", False)]


def _begin(row: Mapping[str, Any]) -> date:
    return date.fromisoformat(row["beginGeldigheid"]) if row.get("beginGeldigheid") else date.min


def _einde(row: Mapping[str, Any]) -> date | None:
    return date.fromisoformat(row["eindeGeldigheid"]) if row.get("eindeGeldigheid") else None
