"""Canonical data of WOZ objects, as the WOZ API names them: what may be asked, and what is said."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

from pydantic import Field

from hub.event.canonical import Canonical, Waarde


class WozAanduiding(Canonical):
    """Where a WOZ object is."""

    openbareRuimteNaam: str | None = None
    huisnummer: int | None = None
    huisletter: str | None = None
    huisnummertoevoeging: str | None = None
    postcode: str | None = None
    woonplaatsNaam: str | None = None
    locatieomschrijving: str | None = None
    nummeraanduidingIdentificatie: str | None = None
    adresseerbaarObjectIdentificatie: str | None = None


class WozWaarde(Canonical):
    """What it is worth, in whole euros, at a date."""

    waardepeildatum: date | None = None
    vastgesteldeWaarde: int | None = None
    status: Waarde | None = None


class WozBelang(Canonical):
    """Who has an interest: owner or user. By what it is known."""

    soort: Literal["eigenaar", "gebruiker"] | None = None
    burgerservicenummer: str | None = None
    rsin: str | None = None
    kvkNummer: str | None = None


class WozObject(Canonical):
    """A WOZ object, as far as was asked."""

    identificatie: str | None = None
    soortObject: Waarde | None = None
    status: Waarde | None = None
    verantwoordelijkeGemeente: Waarde | None = None
    aanduiding: WozAanduiding | None = None
    grondoppervlakte: int | None = None
    gebruiksoppervlakte: int | None = None
    waarden: list[WozWaarde] | None = None
    belangen: list[WozBelang] | None = None


class WozObjectenVraag(Canonical):
    """Which WOZ objects. Criteria are AND-ed; none at all is no question."""

    velden: list[str] | None = None
    identificatie: str | None = None
    rsin: str | None = None
    kvkNummer: str | None = None
    nummeraanduidingIdentificatie: str | None = None
    adresseerbaarObjectIdentificatie: str | None = None
    postcode: str | None = None
    huisnummer: int | None = None
    huisletter: str | None = None
    huisnummertoevoeging: str | None = None
    maximum: Annotated[int, Field(ge=1)] | None = None
    na: str | None = None


class WozObjectenAntwoord(Canonical):
    """The objects that were found; `meer` says that there are more than `maximum`."""

    objecten: list[WozObject] = Field(default_factory=list)
    meer: bool = False
