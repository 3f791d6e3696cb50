"""Canonical data of persons, as the BRP API Personen 2.7 names them: what may be asked about persons, and what is said.

The names are those of the `fields` of the BRP (`verblijfplaats.verblijfadres.postcode`), so that one path says what is
asked at the source, what an asking application may see, and where it stands in the answer. Of a group that is under
investigation `inOnderzoek` names the fields. Everything is optional: nobody gets more than was asked.
"""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

from pydantic import Field

from hub.event.canonical import Canonical, OnvolledigeDatum, Waarde


class Onderzoek(Canonical):
    """Which fields of a group are under investigation, and since when."""

    velden: list[str] | None = None
    datumIngang: OnvolledigeDatum | None = None


class OnderzoekPersoon(Onderzoek):
    """Which fields of a person himself are under investigation: since when stands apart for each LO3 category.

    `datumIngang` is of burgerservicenummer, geslacht and leeftijd, `datumIngangGemeente` of the municipality,
    `datumIngangGezag` of gezag and curatele.
    """

    datumIngangGemeente: OnvolledigeDatum | None = None
    datumIngangGezag: OnvolledigeDatum | None = None


class OnderzoekAdressering(Onderzoek):
    """Which fields of how somebody is written to are under investigation, through what they are made of.

    `datumIngang` is of the person himself.
    """

    datumIngangPartner: OnvolledigeDatum | None = None
    datumIngangVerblijfplaats: OnvolledigeDatum | None = None


class AdellijkeTitelPredicaat(Waarde):
    """A title or a predicate (LO3 table 38)."""

    soort: Literal["titel", "predicaat"] | None = None


class NaamGerelateerde(Canonical):
    """The name of a partner, parent or child."""

    voornamen: str | None = None
    voorletters: str | None = None
    voorvoegsel: str | None = None
    geslachtsnaam: str | None = None
    adellijkeTitelPredicaat: AdellijkeTitelPredicaat | None = None
    inOnderzoek: Onderzoek | None = None


class Naam(NaamGerelateerde):
    """The name of a person. `aanduidingNaamgebruik` E, P, V or N (LO3 61.10)."""

    volledigeNaam: str | None = None
    aanduidingNaamgebruik: Waarde | None = None


class Gebeurtenis(Canonical):
    """When and where: a birth, a death, a marriage. Abroad a place has no code."""

    datum: OnvolledigeDatum | None = None
    plaats: Waarde | None = None
    land: Waarde | None = None
    inOnderzoek: Onderzoek | None = None


class Nationaliteit(Canonical):
    """One nationality, or what stands in its place (LO3 category 04)."""

    type: Literal[
        "Nationaliteit", "NationaliteitOnbekend", "Staatloos", "BehandeldAlsNederlander", "VastgesteldNietNederlander"
    ]
    nationaliteit: Waarde | None = None
    redenOpname: Waarde | None = None
    datumIngangGeldigheid: OnvolledigeDatum | None = None
    inOnderzoek: Onderzoek | None = None


class Verblijfadres(Canonical):
    """Where somebody lives: an address, a location that is described, or three lines and a country abroad."""

    officieleStraatnaam: str | None = None
    korteStraatnaam: str | None = None
    huisnummer: int | None = None
    huisletter: str | None = None
    huisnummertoevoeging: str | None = None
    aanduidingBijHuisnummer: Waarde | None = None
    postcode: str | None = None
    woonplaats: str | None = None
    locatiebeschrijving: str | None = None
    regel1: str | None = None
    regel2: str | None = None
    regel3: str | None = None
    land: Waarde | None = None
    inOnderzoek: Onderzoek | None = None


class Verblijfplaats(Canonical):
    """Where somebody lives, and since when."""

    type: Literal["Adres", "Locatie", "VerblijfplaatsBuitenland", "VerblijfplaatsOnbekend"]
    verblijfadres: Verblijfadres | None = None
    functieAdres: Waarde | None = None
    adresseerbaarObjectIdentificatie: str | None = None
    nummeraanduidingIdentificatie: str | None = None
    datumVan: OnvolledigeDatum | None = None
    datumIngangGeldigheid: OnvolledigeDatum | None = None
    indicatieVastgesteldVerblijftNietOpAdres: bool | None = None
    inOnderzoek: Onderzoek | None = None


class Aanschrijfwijze(Canonical):
    """How somebody is named on an envelope."""

    naam: str | None = None
    aanspreekvorm: str | None = None


class Adressering(Canonical):
    """How somebody is written to."""

    aanhef: str | None = None
    aanschrijfwijze: Aanschrijfwijze | None = None
    gebruikInLopendeTekst: str | None = None
    adresregel1: str | None = None
    adresregel2: str | None = None
    adresregel3: str | None = None
    land: Waarde | None = None
    indicatieVastgesteldVerblijftNietOpAdres: bool | None = None
    inOnderzoek: OnderzoekAdressering | None = None


class Gerelateerde(Canonical):
    """What partners, parents and children have in common."""

    burgerservicenummer: str | None = None
    naam: NaamGerelateerde | None = None
    geboorte: Gebeurtenis | None = None
    inOnderzoek: Onderzoek | None = None


class Kind(Gerelateerde):
    """A child."""


class Ouder(Gerelateerde):
    """A parent; `ouderAanduiding` 1 or 2 (LO3 categories 02 and 03)."""

    ouderAanduiding: Literal["1", "2"] | None = None
    geslacht: Waarde | None = None
    datumIngangFamilierechtelijkeBetrekking: OnvolledigeDatum | None = None


class Partner(Gerelateerde):
    """Somebody married to or in partnership with, also when that ended; `soortVerbintenis` H or P."""

    geslacht: Waarde | None = None
    soortVerbintenis: Waarde | None = None
    aangaanHuwelijkPartnerschap: Gebeurtenis | None = None
    ontbindingHuwelijkPartnerschap: Gebeurtenis | None = None


class Immigratie(Canonical):
    """Coming to the Netherlands."""

    datumVestigingInNederland: OnvolledigeDatum | None = None
    landVanwaarIngeschreven: Waarde | None = None
    vanuitVerblijfplaatsOnbekend: bool | None = None
    indicatieVestigingVanuitBuitenland: bool | None = None
    inOnderzoek: Onderzoek | None = None


class Verblijfstitel(Canonical):
    """By what right a foreigner stays (LO3 category 10)."""

    aanduiding: Waarde | None = None
    datumIngang: OnvolledigeDatum | None = None
    datumEinde: OnvolledigeDatum | None = None
    inOnderzoek: Onderzoek | None = None


class UitsluitingKiesrecht(Canonical):
    """That somebody may not vote."""

    uitgeslotenVanKiesrecht: bool | None = None
    einddatum: OnvolledigeDatum | None = None


class EuropeesKiesrecht(Canonical):
    """Voting for the European Parliament."""

    aanduiding: Waarde | None = None
    einddatumUitsluiting: OnvolledigeDatum | None = None


class OpschortingBijhouding(Canonical):
    """That a person's list is no longer kept: `reden` O died, E emigrated, M minister's order, R, F (LO3 07.67.20)."""

    reden: Waarde | None = None
    datum: OnvolledigeDatum | None = None


class Gezaghouder(Canonical):
    """Who has authority over a minor, or the minor. `type` is of a third party only, `leeftijd` of a minor."""

    type: Literal["BekendeDerde", "OnbekendeDerde"] | None = None
    burgerservicenummer: str | None = None
    volledigeNaam: str | None = None
    leeftijd: int | None = None


class Gezag(Canonical):
    """An authority relation, derived by the BRP. One of its `ouders` and `derden` where the BRP names one."""

    type: str
    minderjarige: Gezaghouder | None = None
    ouders: list[Gezaghouder] | None = None
    derden: list[Gezaghouder] | None = None
    toelichting: str | None = None
    inOnderzoek: bool | None = None


class RniDeelnemer(Canonical):
    """Which organisation gave the data of a non-resident."""

    deelnemer: Waarde | None = None
    omschrijvingVerdrag: str | None = None
    categorie: str | None = None


class Verificatie(Canonical):
    """When and how data of a non-resident were checked."""

    datum: OnvolledigeDatum | None = None
    omschrijving: str | None = None


class Persoon(Canonical):
    """A person, as far as was asked."""

    burgerservicenummer: str | None = None
    aNummer: str | None = None
    geslacht: Waarde | None = None
    leeftijd: int | None = None
    naam: Naam | None = None
    geboorte: Gebeurtenis | None = None
    overlijden: Gebeurtenis | None = None
    nationaliteiten: list[Nationaliteit] | None = None
    verblijfplaats: Verblijfplaats | None = None
    adressering: Adressering | None = None
    immigratie: Immigratie | None = None
    verblijfstitel: Verblijfstitel | None = None
    gemeenteVanInschrijving: Waarde | None = None
    datumInschrijvingInGemeente: OnvolledigeDatum | None = None
    datumEersteInschrijvingGBA: OnvolledigeDatum | None = None
    geheimhoudingPersoonsgegevens: bool | None = None
    opschortingBijhouding: OpschortingBijhouding | None = None
    uitsluitingKiesrecht: UitsluitingKiesrecht | None = None
    europeesKiesrecht: EuropeesKiesrecht | None = None
    indicatieCurateleRegister: bool | None = None
    indicatieGezagMinderjarige: Waarde | None = None
    gezag: list[Gezag] | None = None
    partners: list[Partner] | None = None
    ouders: list[Ouder] | None = None
    kinderen: list[Kind] | None = None
    rni: list[RniDeelnemer] | None = None
    verificatie: Verificatie | None = None
    inOnderzoek: OnderzoekPersoon | None = None


class PersonenVraag(Canonical):
    """Which persons, and what of them. Criteria are AND-ed; none at all is no question.

    `velden` are paths of `Persoon`, groups allowed: the hub fills them with what the asker wants and may see. A `*` at
    the end of a name or street stands for anything. What the source cannot search on together is refused.
    """

    velden: Annotated[list[str], Field(max_length=130)] | None = None
    burgerservicenummers: Annotated[list[str], Field(min_length=1, max_length=200)] | None = None
    geslachtsnaam: str | None = None
    voorvoegsel: str | None = None
    voornamen: str | None = None
    geslacht: str | None = None
    geboortedatum: date | None = None
    postcode: str | None = None
    straat: str | None = None
    huisnummer: int | None = None
    huisletter: str | None = None
    huisnummertoevoeging: str | None = None
    gemeenteVanInschrijving: str | None = None
    nummeraanduidingIdentificatie: str | None = None
    adresseerbaarObjectIdentificatie: str | None = None
    inclusiefOverledenPersonen: bool | None = None
    volgorde: list[str] | None = None
    maximum: Annotated[int, Field(ge=1)] | None = None
    na: str | None = None


class PersonenAntwoord(Canonical):
    """The persons that were found; `meer` says that there are more than `maximum`."""

    personen: list[Persoon] = Field(default_factory=list)
    meer: bool = False
