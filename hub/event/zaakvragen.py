"""What may be asked about zaken, documenten and besluiten, and what is said. Canonical, as the events are."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

from pydantic import Field

from hub.event.canonical import Canonical
from hub.event.zaken import Betrokkene, Document, GenomenBesluit, Zaak, ZaakVerwijzing

Onderdeel = Literal[
    "rollen", "statussen", "resultaat", "zaakobjecten", "eigenschappen", "gerelateerdeZaken", "besluiten", "documenten"
]
"""A part of a zaak that costs a target more work; what is not asked for may be left out."""


class ZoekBetrokkene(Betrokkene):
    """Who must be in the zaak, and in which rol (ZGW omschrijvingGeneriek); without a rol in any."""

    rol: str | None = None


class ZakenVraag(Canonical):
    """Which zaken, and which parts of them. Criteria are AND-ed; none at all is no question.

    `volgorde` names fields, `-` before one for descending. `na` is the identificatie of the last zaak of the answer
    before (StUF 03.01 vervolgvraag); `maximum` how many may come back.
    """

    identificatie: str | None = None
    organisatie: str | None = None
    omschrijving: str | None = None
    zaaktype: str | None = None
    startdatum: date | None = None
    registratiedatum: date | None = None
    einddatum: date | None = None
    startdatumVanaf: date | None = None
    startdatumTotEnMet: date | None = None
    betrokkene: ZoekBetrokkene | None = None
    alleenLaatsteStatus: bool | None = None
    onderdelen: list[Onderdeel] | None = None
    volgorde: list[str] | None = None
    maximum: Annotated[int, Field(ge=1)] | None = None
    na: str | None = None


class ZakenAntwoord(Canonical):
    """The zaken that were found; `meer` says that there are more than `maximum`."""

    zaken: list[Zaak] = Field(default_factory=list)
    meer: bool = False


class DocumentenVraag(Canonical):
    """Which documents. `inhoud`: with their content."""

    identificatie: str | None = None
    organisatie: str | None = None
    titel: str | None = None
    zaak: str | None = None
    inhoud: bool | None = None
    maximum: Annotated[int, Field(ge=1)] | None = None
    na: str | None = None


class GevondenDocument(Document):
    """A document, the zaken it belongs to, and the lock that was put on it."""

    zaken: list[ZaakVerwijzing] | None = None
    lock: str | None = None


class DocumentenAntwoord(Canonical):
    """The documents that were found."""

    documenten: list[GevondenDocument] = Field(default_factory=list)
    meer: bool = False


class BesluitenVraag(Canonical):
    """Which besluiten: one by its identificatie, or all of a zaak."""

    identificatie: str | None = None
    organisatie: str | None = None
    zaak: str | None = None
    maximum: Annotated[int, Field(ge=1)] | None = None


class GevondenBesluit(GenomenBesluit):
    """A besluit, and the zaak it came from."""

    zaak: ZaakVerwijzing | None = None


class BesluitenAntwoord(Canonical):
    """The besluiten that were found."""

    besluiten: list[GevondenBesluit] = Field(default_factory=list)
    meer: bool = False


class NummerVraag(Canonical):
    """A number for something that is to be made."""

    soort: Literal["zaak", "document", "besluit"]
    organisatie: str | None = None


class NummerAntwoord(Canonical):
    """The number: nobody else gets it."""

    identificatie: str
