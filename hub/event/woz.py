"""Canonical data of WOZ objects, as the WOZ API names them: what may be asked, and what is said.

`velden` is as in `hub.event.personen`. Source: Haal Centraal WOZ bevragen 1.0.0.
"""

from __future__ import annotations

from datetime import date

from pydantic import Field

from hub.event.canonical import Canonical, Waarde
from hub.event.vastgoed import VastgoedAdres, VastgoedVraag


class WozAanduiding(VastgoedAdres):
    """Where a WOZ object is, as on its beschikking."""

    locatieomschrijving: str | None = None


class WozBelanghebbende(Canonical):
    """Who has an interest: the owner or the user. Of a person with geheimhouding nothing goes to third parties."""

    type: str | None = None
    burgerservicenummer: str | None = None
    rsin: str | None = None
    kvkNummer: str | None = None
    vestigingsnummer: str | None = None
    naam: str | None = None
    geheimhoudingPersoonsgegevens: bool | None = None


class WozWaarde(Canonical):
    """What it is worth at a date, in whole euros, and how sure that is."""

    vastgesteldeWaarde: int | None = None
    waardepeildatum: date | None = None
    ingangsdatum: date | None = None
    beschikkingsStatussen: list[str] | None = None
    indicatieBezwaarBeroep: bool | None = None


class WozKadastraleAanduiding(Canonical):
    """The name of a piece of land, by the code of its kadastrale gemeente."""

    gemeentecode: str | None = None
    sectie: str | None = None
    perceelnummer: int | None = None
    deelperceelnummer: str | None = None
    appartementsindex: int | None = None


class WozKadastraalOnroerendeZaak(Canonical):
    """Land that a WOZ object lies on."""

    identificatie: str | None = None
    aanduiding: WozKadastraleAanduiding | None = None
    aanduidingMetGemeentenaam: str | None = None


class WozObject(Canonical):
    """A WOZ object, as far as was asked. `identificatie` is its WOZ-objectnummer, `grondoppervlakte` in m2."""

    identificatie: str | None = None
    aanduiding: WozAanduiding | None = None
    adresseerbaarObjectIdentificaties: list[str] | None = None
    pandIdentificaties: list[str] | None = None
    kadastraalOnroerendeZaken: list[WozKadastraalOnroerendeZaak] | None = None
    verantwoordelijkeGemeente: Waarde | None = None
    grondoppervlakte: int | None = None
    waarden: list[WozWaarde] | None = None
    belanghebbendeEigenaar: WozBelanghebbende | None = None
    belanghebbendeGebruiker: WozBelanghebbende | None = None


class WozObjectenVraag(VastgoedVraag):
    """Which WOZ objects; rsin and kvkNummer are of the owner. The rest is as `hub.event.vastgoed` says."""

    kvkNummer: str | None = None


class WozObjectenAntwoord(Canonical):
    """The objects that were found; `meer` says that there are more than `maximum`."""

    wozObjecten: list[WozObject] = Field(default_factory=list)
    meer: bool = False
