"""Canonical data of land, as the BRK API 2 names it: what may be asked, and what is said.

`velden` is as in `hub.event.personen`. Documents (stukken) are named by their number only. Source: Haal Centraal BRK
bevragen 2.0.0.
"""

from __future__ import annotations

from datetime import date
from typing import Any

from pydantic import Field

from hub.event.canonical import Canonical, Waarde
from hub.event.vastgoed import VastgoedAdres, VastgoedVraag


class KadasterPersoon(Canonical):
    """Who has or claims something, by what it is known; `omschrijving` names it for people.

    The number is the burgerservicenummer of who is in the BRP, the rsin of what is in the Handelsregister, and else the
    identificatie that the Kadaster gave. What follows `omschrijving` is of organisations that only the Kadaster knows.
    """

    type: str | None = None
    burgerservicenummer: str | None = None
    rsin: str | None = None
    identificatie: str | None = None
    omschrijving: str | None = None
    statutaireNaam: str | None = None
    statutaireZetel: str | None = None
    rechtsvorm: Waarde | None = None
    kvkNummer: str | None = None


class KadasterBreuk(Canonical):
    """A part of a whole."""

    teller: int | None = None
    noemer: int | None = None


class KadasterBedrag(Canonical):
    """Money."""

    som: float | None = None
    valuta: Waarde | None = None


class BeslagAantekening(Canonical):
    """What is noted of a claim."""

    aard: Waarde | None = None
    omschrijving: str | None = None


class HypotheekAantekening(BeslagAantekening):
    """What is noted of a mortgage."""

    betreftGedeelteVanPerceel: bool | None = None


class KadasterAantekening(BeslagAantekening):
    """What is noted of a right, and of land itself: mostly what limits it."""

    identificatie: str | None = None
    einddatum: date | None = None
    einddatumRecht: date | None = None
    stukIdentificaties: list[str] | None = None


class Tenaamstelling(Canonical):
    """For which part a right is somebody's, and how he got it."""

    aandeel: KadasterBreuk | None = None
    gezamenlijkAandeel: KadasterBreuk | None = None
    burgerlijkeStaatTenTijdeVanVerkrijging: Waarde | None = None
    verkregenNamensSamenwerkingsverband: Waarde | None = None
    betrokkenPartner: KadasterPersoon | None = None
    betrokkenSamenwerkingsverband: KadasterPersoon | None = None
    betrokkenGorzenEnAanwassen: KadasterPersoon | None = None
    aantekeningen: list[KadasterAantekening] | None = None
    stukIdentificaties: list[str] | None = None


class ErfpachtCanon(Canonical):
    """What is paid for a long lease."""

    soortErfpachtCanon: Waarde | None = None
    jaarlijksBedrag: KadasterBedrag | None = None
    betrefMeerOnroerendeZaken: bool | None = None
    einddatumAfkoop: date | None = None
    indicatieOudeOnroerendeZaakBetrokken: bool | None = None
    stukIdentificaties: list[str] | None = None


class ZakelijkGerechtigde(Canonical):
    """Who has a right on it; `type` says which right."""

    identificatie: str | None = None
    type: str | None = None
    aanvangsdatum: date | None = None
    persoon: KadasterPersoon | None = None
    tenaamstelling: Tenaamstelling | None = None
    erfpachtCanon: ErfpachtCanon | None = None


class KadasterRecht(Canonical):
    """What a hypotheek and a beslag have in common: which right they burden, and for which part."""

    identificatie: str | None = None
    omschrijvingBetrokkenRecht: Waarde | None = None
    aandeelInBetrokkenRecht: KadasterBreuk | None = None
    gedeeltelijkeBezwaringOudObject: bool | None = None
    toelichtingBewaarder: str | None = None
    stukIdentificaties: list[str] | None = None


class Hypotheek(KadasterRecht):
    """A loan for which it stands as security."""

    bedragZekerheidsstelling: KadasterBedrag | None = None
    hypotheekhouders: list[KadasterPersoon] | None = None
    aantekeningen: list[HypotheekAantekening] | None = None
    betreftGedeelteVanPerceel: bool | None = None
    omschrijvingGekozenWoonplaats: str | None = None


class Beslag(KadasterRecht):
    """A claim for which its owner may do nothing with it."""

    aard: Waarde | None = None
    bedragVordering: KadasterBedrag | None = None
    beslagleggers: list[KadasterPersoon] | None = None
    aantekeningen: list[BeslagAantekening] | None = None


class PubliekrechtelijkeBeperking(Canonical):
    """What a government decided that limits its use: a monument, polluted soil."""

    identificatie: str | None = None
    grondslag: Waarde | None = None
    datumInWerking: date | None = None
    datumBeeindiging: date | None = None
    bevoegdGezag: KadasterPersoon | None = None
    stukIdentificaties: list[str] | None = None


class KadastraalAdres(VastgoedAdres):
    """An address that belongs to it."""

    adresseerbaarObjectIdentificatie: str | None = None
    adresregel1: str | None = None
    adresregel2: str | None = None
    koppelingswijze: Waarde | None = None


class KadastraleGrootte(Canonical):
    """How large it is, in m2, and how that is known."""

    waarde: int | None = None
    soortGrootte: Waarde | None = None


class Koopsom(Canonical):
    """What was last paid, in whole euros; perhaps for more than this alone."""

    koopsom: int | None = None
    koopjaar: int | None = None
    indicatieMetMeerObjectenVerkregen: bool | None = None


class Grondperceel(Canonical):
    """The ground below an apartment."""

    identificatie: str | None = None


class Appartementsrecht(Canonical):
    """An apartment on a ground."""

    identificatie: str | None = None
    volgnummer: int | None = None
    indicatieSluimerend: bool | None = None


class KadastraleVerwant(Canonical):
    """Other land: what it was made of, or what became of it."""

    identificatie: str | None = None
    type: str | None = None


class Filiatie(Canonical):
    """How land comes from other land."""

    aard: Waarde | None = None
    kadastraalOnroerendeZaken: list[KadastraleVerwant] | None = None


class KadastraalOnroerendeZaak(Canonical):
    """A perceel or an appartementsrecht, as far as was asked. Geometry is GeoJSON in EPSG:28992."""

    identificatie: str | None = None
    type: str | None = None
    kadastraleAanduiding: str | None = None
    kadastraleGrootte: KadastraleGrootte | None = None
    koopsom: Koopsom | None = None
    aardCultuurBebouwd: Waarde | None = None
    aardCultuurOnbebouwd: Waarde | None = None
    adressen: list[KadastraalAdres] | None = None
    plaatscoordinaten: dict[str, Any] | None = None
    begrenzingPerceel: dict[str, Any] | None = None
    toelichtingBewaarder: str | None = None
    indicatieVervallen: bool | None = None
    indicatieSluimerend: bool | None = None
    gesplitstZakelijkRecht: str | None = None
    isOntstaanUit: Filiatie | None = None
    isOvergegaanIn: Filiatie | None = None
    bijbehorendeGrondpercelen: list[Grondperceel] | None = None
    bijbehorendeAppartementsrechten: list[Appartementsrecht] | None = None
    stukIdentificaties: list[str] | None = None
    zakelijkGerechtigden: list[ZakelijkGerechtigde] | None = None
    hypotheken: list[Hypotheek] | None = None
    beslagen: list[Beslag] | None = None
    privaatrechtelijkeBeperkingen: list[KadasterAantekening] | None = None
    publiekrechtelijkeBeperkingen: list[PubliekrechtelijkeBeperking] | None = None


class OnroerendeZakenVraag(VastgoedVraag):
    """Which land; burgerservicenummer and rsin are of who has a right on it.

    `kadastraleAanduiding` begins with the name of the kadastrale gemeente or with its code (`ABC00 K 12 A3`). The rest
    is as `hub.event.vastgoed` says.
    """

    kadastraleAanduiding: str | None = None
    inclusiefKadastraalOnroerendeZakenUitSplitsing: bool | None = None
    burgerservicenummer: str | None = None


class OnroerendeZakenAntwoord(Canonical):
    """What was found; `meer` says that there is more than `maximum`."""

    kadastraalOnroerendeZaken: list[KadastraalOnroerendeZaak] = Field(default_factory=list)
    meer: bool = False
