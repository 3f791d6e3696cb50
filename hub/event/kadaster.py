"""Canonical data of land, as the BRK API 2 names it: what may be asked, and what is said."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from hub.event.canonical import Canonical, Waarde


class KadastraleAanduiding(Canonical):
    """The name of a piece of land."""

    kadastraleGemeente: Waarde | None = None
    sectie: str | None = None
    perceelnummer: int | None = None
    appartementsrechtVolgnummer: int | None = None


class ZakelijkGerechtigde(Canonical):
    """Who has a right on it, and for which part."""

    identificatie: str | None = None
    burgerservicenummer: str | None = None
    rsin: str | None = None
    kvkNummer: str | None = None
    omschrijving: str | None = None
    aard: Waarde | None = None
    teller: int | None = None
    noemer: int | None = None


class KadastraalAdres(Canonical):
    """An address that belongs to it."""

    nummeraanduidingIdentificatie: str | None = None
    adresseerbaarObjectIdentificatie: str | None = None
    adresregel1: str | None = None
    adresregel2: str | None = None


class OnroerendeZaak(Canonical):
    """A kadastraal onroerende zaak, as far as was asked. Areas in m2, prices in whole euros."""

    identificatie: str | None = None
    type: str | None = None
    aanduiding: KadastraleAanduiding | None = None
    omschrijving: str | None = None
    grootte: int | None = None
    koopsom: int | None = None
    koopjaar: int | None = None
    aardCultuurBebouwd: Waarde | None = None
    aardCultuurOnbebouwd: Waarde | None = None
    adressen: list[KadastraalAdres] | None = None
    zakelijkGerechtigden: list[ZakelijkGerechtigde] | None = None


class OnroerendeZakenVraag(Canonical):
    """Which land. Criteria are AND-ed; none at all is no question."""

    velden: list[str] | None = None
    identificatie: str | None = None
    kadastraleAanduiding: str | None = None
    burgerservicenummer: str | None = None
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


class OnroerendeZakenAntwoord(Canonical):
    """What was found; `meer` says that there is more than `maximum`."""

    onroerendeZaken: list[OnroerendeZaak] = Field(default_factory=list)
    meer: bool = False
