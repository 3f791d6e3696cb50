"""What a question about zaken asks of the Zaken API, and what must be looked at here. Pure.

What says something of a person goes in the body of `_zoek` and never in a URL, which ends up in the logs of every proxy
on the way (Zaken API 1.5.1 has all its filters there too). What the API has no filter for is compared here.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from adapters.zgw.calls import Row
from adapters.zgw.options import Options
from hub.errors import TargetRefused

_DATES = {
    "startdatum": "startdatum",
    "registratiedatum": "registratiedatum",
    "einddatum": "einddatum",
    "startdatumVanaf": "startdatum__gte",
    "startdatumTotEnMet": "startdatum__lte",
}
_ORDERED_BY = frozenset({
    "identificatie", "startdatum", "registratiedatum", "einddatum", "publicatiedatum", "archiefactiedatum",
})  # fmt: skip
"""By what the Zaken API can order; the rest is ordered here."""
_GENERIEK = frozenset({
    "adviseur", "behandelaar", "belanghebbende", "beslisser", "initiator", "klantcontacter", "mede_initiator",
    "zaakcoordinator",
})  # fmt: skip


class Kind(NamedTuple):
    """A kind of betrokkene: its name in a filter, and by which numbers it can be asked for (ours, that of ZGW)."""

    betrokkene_type: str
    filter: str
    numbers: tuple[tuple[str, str], ...]


_KINDS: dict[str, Kind] = {
    "natuurlijkPersoon": Kind(
        "natuurlijk_persoon",
        "natuurlijkPersoon",
        (("bsn", "inpBsn"), ("anpIdentificatie", "anpIdentificatie"), ("aNummer", "inpA_nummer")),
    ),
    "nietNatuurlijkPersoon": Kind(
        "niet_natuurlijk_persoon",
        "nietNatuurlijkPersoon",
        (("rsin", "innNnpId"), ("kvkNummer", "kvkNummer"), ("annIdentificatie", "annIdentificatie")),
    ),
    "vestiging": Kind("vestiging", "vestiging", (("vestigingsNummer", "vestigingsNummer"), ("kvkNummer", "kvkNummer"))),
    "medewerker": Kind("medewerker", "medewerker", (("identificatie", "identificatie"),)),
    "organisatorischeEenheid": Kind(
        "organisatorische_eenheid", "organisatorischeEenheid", (("identificatie", "identificatie"),)
    ),
}


class Somebody(NamedTuple):
    """Who must be in the zaak: by a number of a kind, and perhaps in a rol."""

    kind: Kind
    field: str
    number: str
    rol: str

    @classmethod
    def of(cls, asked: Mapping[str, Any], options: Options) -> Somebody:
        """Read the betrokkene of a question; raises TargetRefused when nothing in it can be asked for."""
        for name, kind in _KINDS.items():
            known: Mapping[str, Any] = asked.get(name) or {}
            for ours, theirs in kind.numbers:
                if known.get(ours):
                    field = options.kvk_nummer_in if (name, ours) == ("nietNatuurlijkPersoon", "kvkNummer") else theirs
                    return cls(kind, field, str(known[ours]), str(asked.get("rol") or ""))
        raise TargetRefused(
            "ZGW finds zaken of a betrokkene by a number only (BSN, RSIN, KvK, vestiging, medewerker, afdeling)",
            code="zoekcriterium",
            advice="let the question have one of these numbers",
        )

    def filters(self) -> dict[str, str]:
        """Give what is asked of the target."""
        identification = f"rol__betrokkeneIdentificatie__{self.kind.filter}__{self.field}"
        generiek = {"rol__omschrijvingGeneriek": self.rol} if self.rol in _GENERIEK else {}
        return {identification: self.number, **generiek}

    def is_in(self, rol: Row) -> bool:
        """Say whether this is who has a rol, whatever the rol."""
        identification = rol.get("betrokkeneIdentificatie") or {}
        same_kind = rol.get("betrokkeneType") == self.kind.betrokkene_type
        return same_kind and str(identification.get(self.field) or "") == self.number

    def has(self, rol: Row) -> bool:
        """Say whether this betrokkene has this rol."""
        names = {str(rol.get(name) or "").casefold() for name in ("omschrijvingGeneriek", "omschrijving")}
        return self.is_in(rol) and (not self.rol or self.rol.casefold() in names)


class Criteria(NamedTuple):
    """What is asked: `filters` of the target, and what is looked at here."""

    filters: dict[str, Any]
    ordering: tuple[str, ...]
    ordered_here: tuple[str, ...]
    somebody: Somebody | None
    omschrijving: str
    in_url: bool

    def fits(self, row: Row) -> bool:
        """Say whether a zaak is one that is meant, by what the target need not have looked at."""
        return not self.omschrijving or str(row.get("omschrijving") or "").casefold() == self.omschrijving.casefold()


def criteria(question: Mapping[str, Any], zaaktypen: Sequence[str], options: Options) -> Criteria:
    """Write a question in the terms of the Zaken API; `zaaktypen` are the URLs of the zaaktype that is asked for."""
    filters: dict[str, Any] = {
        theirs: str(question[ours]) for ours, theirs in _DATES.items() if question.get(ours) is not None
    }
    if question.get("identificatie"):
        filters["identificatie"] = question["identificatie"]
    several = len({options.rsin, *options.organisaties.values()}) > 1
    # A number is unique within its organisation; and a hub of several municipalities never answers with another's.
    if filters.get("identificatie") or question.get("organisatie") or several:
        filters["bronorganisatie"] = options.rsin_of(question.get("organisatie"))
    if zaaktypen:
        filters |= {"zaaktype": zaaktypen[0]} if len(zaaktypen) == 1 else {"zaaktype__in": list(zaaktypen)}
    asked = question.get("betrokkene")
    somebody = Somebody.of(asked, options) if asked else None
    omschrijving = str(question.get("omschrijving") or "")
    if somebody:
        filters |= somebody.filters()
    if not (filters.keys() - {"bronorganisatie"} or omschrijving):
        raise TargetRefused("the question has no criterion", code="zoekcriterium", advice="ask for something")
    order = tuple(_ordered(question.get("volgorde") or ()))
    ordered_here = order if any(_bare(each) not in _ORDERED_BY for each in order) else ()
    return Criteria(
        filters,
        () if ordered_here else order,
        ordered_here,
        somebody,
        omschrijving,
        in_url=not (somebody or omschrijving or len(zaaktypen) > 1),
    )


def in_order(rows: list[Row], order: Sequence[str]) -> list[Row]:
    """Order zaken by fields that the target does not order by; what has no value goes last, as in Open Zaak."""
    ordered = rows
    for each in reversed(order):
        name, down = _bare(each), each.startswith("-")
        has = [row for row in ordered if row.get(name) not in (None, "")]
        ordered = [
            *sorted(has, key=lambda row: str(row[name]), reverse=down),
            *(row for row in ordered if row.get(name) in (None, "")),
        ]
    return ordered


def _ordered(asked: Sequence[str]) -> Iterator[str]:
    """Give the order, always ending with what no two zaken share: pages and follow-up questions need one order."""
    yield from asked
    if "identificatie" not in map(_bare, asked):
        yield "identificatie"


def _bare(name: str) -> str:
    return name.removeprefix("-")
