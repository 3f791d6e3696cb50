"""What a catalogus holds, as plain data: the zaaktypen a simulator is filled with.

Knows the names and limits of the Catalogi API (ImZTC 2.2). Refuses to know URLs and HTTP: `state.py` turns this into
resources.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import NamedTuple

RSIN = "002220647"
"""Of a municipality that does not exist; passes the 11-test."""
EIGENSCHAP_NAAM_MAX = 20
"""Catalogi API 1.3: Eigenschap.naam."""
ZAAKTYPE_IDENTIFICATIE_MAX = 50
"""Catalogi API 1.3: ZaakType.identificatie."""
_FILLERS = 105
"""More zaaktypen than one page of 100 holds."""


class Roltype(NamedTuple):
    """A roltype; `omschrijving_generiek` is one of the eight values of the ZGW enumeration."""

    omschrijving: str
    omschrijving_generiek: str


STATUSTYPEN = ("Ontvangen", "In behandeling", "Afgehandeld")
RESULTAATTYPEN = ("Toegekend", "Afgewezen")
EIGENSCHAPPEN = ("kanaal", "language_code")
INFORMATIEOBJECTTYPEN = ("Aanvraagformulier", "Bijlage", "Besluitbrief")
BESLUITTYPEN = ("Besluit op aanvraag", "Besluit op bezwaar")
ROLTYPEN = (
    Roltype("Initiator", "initiator"),
    Roltype("Belanghebbende", "belanghebbende"),
    Roltype("Gemachtigde", "belanghebbende"),
    Roltype("Overig betrokkene", "belanghebbende"),
    Roltype("Betrokkene", "belanghebbende"),
    Roltype("Mede-initiator", "mede_initiator"),
    Roltype("Behandelaar", "behandelaar"),
    Roltype("Zaakcoördinator", "zaakcoordinator"),
    Roltype("Adviseur", "adviseur"),
    Roltype("Beslisser", "beslisser"),
    Roltype("Klantcontacter", "klantcontacter"),
)
"""One for each omschrijvingGeneriek, and the three roles of StUF-ZKN that ZGW tells apart by omschrijving only."""


class Zaaktype(NamedTuple):
    """One version of a zaaktype. The last of `statustypen` is the eindstatus: ZGW takes the highest volgnummer."""

    identificatie: str
    omschrijving: str
    begin: date = date(2020, 1, 1)
    einde: date | None = None
    concept: bool = False
    statustypen: tuple[str, ...] = STATUSTYPEN
    roltypen: tuple[Roltype, ...] = ROLTYPEN
    resultaattypen: tuple[str, ...] = RESULTAATTYPEN
    informatieobjecttypen: tuple[str, ...] = INFORMATIEOBJECTTYPEN
    eigenschappen: tuple[str, ...] = EIGENSCHAPPEN
    besluittypen: tuple[str, ...] = BESLUITTYPEN
    deelzaaktypen: tuple[str, ...] = ()


class Catalogue(NamedTuple):
    """A catalogus of one organisation."""

    zaaktypen: tuple[Zaaktype, ...]
    rsin: str = RSIN
    domein: str = "ZAAKH"
    naam: str = "Catalogus van de gemeente Voorbeeldstad"


def standard() -> Catalogue:
    """Give the catalogue a simulator has by itself: more than one page, B1026 in three versions."""
    name = "Aanvraag minimaregelingen"
    return Catalogue(
        zaaktypen=(
            Zaaktype("B1026", name, begin=date(2019, 1, 1), einde=date(2022, 12, 31)),
            Zaaktype("B1026", name, begin=date(2023, 1, 1), deelzaaktypen=("B1026",)),
            Zaaktype("B1026", name, begin=date(2026, 1, 1), concept=True),
            *(
                Zaaktype(f"V{number:04d}", f"Voorbeeldzaak {number}", roltypen=ROLTYPEN[:2], eigenschappen=())
                for number in range(1, _FILLERS + 1)
            ),
        )
    )


def catalogue_for(
    codes: Iterable[str],
    *,
    statustypen: Iterable[str] = (),
    resultaattypen: Iterable[str] = (),
    roltypen: Iterable[str] = (),
    informatieobjecttypen: Iterable[str] = (),
    eigenschappen: Iterable[str] = (),
    besluittypen: Iterable[str] = (),
    rsin: str = RSIN,
) -> Catalogue:
    """Give a catalogue with a zaaktype for every code; each has all the named types beside the standard ones.

    Statustypen keep the given order; the eindstatus is 'Afgehandeld'. Raises ValueError for a name that no catalogus
    can hold.
    """
    wanted = tuple(dict.fromkeys(codes))
    names = tuple(dict.fromkeys((*EIGENSCHAPPEN, *eigenschappen)))
    for text, limit in (*((c, ZAAKTYPE_IDENTIFICATIE_MAX) for c in wanted), *((n, EIGENSCHAP_NAAM_MAX) for n in names)):
        if not 0 < len(text) <= limit:
            raise ValueError(f"a catalogus holds names of 1 to {limit} characters here, not {len(text)}")
    *before, end = STATUSTYPEN
    known = {each.omschrijving for each in ROLTYPEN}
    return Catalogue(
        rsin=rsin,
        zaaktypen=tuple(
            Zaaktype(
                code,
                f"Zaaktype {code}",
                statustypen=(*dict.fromkeys(each for each in (*before, *statustypen) if each != end), end),
                roltypen=(
                    *ROLTYPEN,
                    *(Roltype(each, "belanghebbende") for each in dict.fromkeys(roltypen) if each not in known),
                ),
                resultaattypen=tuple(dict.fromkeys((*RESULTAATTYPEN, *resultaattypen))),
                informatieobjecttypen=tuple(dict.fromkeys((*INFORMATIEOBJECTTYPEN, *informatieobjecttypen))),
                eigenschappen=names,
                besluittypen=tuple(dict.fromkeys((*BESLUITTYPEN, *besluittypen))),
                deelzaaktypen=wanted,
            )
            for code in wanted
        ),
    )
