"""Canonical data of the events of domain `zaken`. The public contract: Dutch nouns as ZGW spells them."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, Literal

from hub.event.canonical import Canonical, OnvolledigeDatum

Mutatie = Literal["toevoegen", "wijzigen", "verwijderen", "beeindigen", "vervangen", "identificeren"]


class Adres(Canonical):
    """An address in the Netherlands; every part is optional, because senders know parts.

    `postadresType` and `postadresNummer` make a postbus or antwoordnummer of it.
    """

    identificatie: str | None = None
    woonplaatsNaam: str | None = None
    woonplaatsIdentificatie: str | None = None
    openbareRuimteNaam: str | None = None
    openbareRuimteIdentificatie: str | None = None
    straatnaam: str | None = None
    huisnummer: int | None = None
    huisletter: str | None = None
    huisnummertoevoeging: str | None = None
    postcode: str | None = None
    locatieomschrijving: str | None = None
    typering: str | None = None
    postadresType: str | None = None
    postadresNummer: str | None = None


class VerblijfBuitenland(Canonical):
    """An address abroad."""

    landcode: str | None = None
    landnaam: str | None = None
    adresregel1: str | None = None
    adresregel2: str | None = None
    adresregel3: str | None = None


class NatuurlijkPersoon(Canonical):
    """A person, by the kerngegevens of StUF-BG NPS."""

    bsn: str | None = None
    anpIdentificatie: str | None = None
    aNummer: str | None = None
    geslachtsnaam: str | None = None
    voorvoegselGeslachtsnaam: str | None = None
    voorletters: str | None = None
    voornamen: str | None = None
    geslachtsaanduiding: Literal["m", "v", "o"] | None = None
    geboortedatum: OnvolledigeDatum | None = None
    verblijfsadres: Adres | None = None
    verblijfBuitenland: VerblijfBuitenland | None = None


class NietNatuurlijkPersoon(Canonical):
    """An organisation with legal personality. `kvkNummer` 8 digits, `rsin` 9 digits that pass the 11-test."""

    rsin: str | None = None
    kvkNummer: str | None = None
    annIdentificatie: str | None = None
    statutaireNaam: str | None = None
    rechtsvorm: str | None = None
    bezoekadres: Adres | None = None
    verblijfBuitenland: VerblijfBuitenland | None = None


class Vestiging(Canonical):
    """A branch of a company. `vestigingsNummer` 12 digits; senders that give 8 digits mean the `kvkNummer`."""

    vestigingsNummer: str | None = None
    kvkNummer: str | None = None
    handelsnamen: list[str] | None = None
    verblijfsadres: Adres | None = None
    verblijfBuitenland: VerblijfBuitenland | None = None


class Medewerker(Canonical):
    """An employee of the municipality."""

    identificatie: str | None = None
    achternaam: str | None = None
    voorletters: str | None = None
    voorvoegselAchternaam: str | None = None


class OrganisatorischeEenheid(Canonical):
    """A department; `isGehuisvestIn` is the vestiging it works in."""

    identificatie: str | None = None
    naam: str | None = None
    isGehuisvestIn: Vestiging | None = None


class Betrokkene(Canonical):
    """Exactly one of the five kinds is filled; `betrokkeneType` names it."""

    betrokkeneType: (
        Literal["natuurlijk_persoon", "niet_natuurlijk_persoon", "vestiging", "medewerker", "organisatorische_eenheid"]
        | None
    ) = None
    natuurlijkPersoon: NatuurlijkPersoon | None = None
    nietNatuurlijkPersoon: NietNatuurlijkPersoon | None = None
    vestiging: Vestiging | None = None
    medewerker: Medewerker | None = None
    organisatorischeEenheid: OrganisatorischeEenheid | None = None


class Eigenschap(Canonical):
    """A named value that the zaaktype defines (from StUF extraElementen)."""

    naam: str
    waarde: str | None = None


class Contactpersoon(Canonical):
    """Whom to call about this rol (StUF heeftAlsAanspreekpunt), and for whom that person speaks."""

    identificatie: str | None = None
    naam: str | None = None
    functie: str | None = None
    telefoonnummer: str | None = None
    emailadres: str | None = None
    namens: Betrokkene | None = None
    begin: OnvolledigeDatum | None = None
    eind: OnvolledigeDatum | None = None
    eigenschappen: list[Eigenschap] | None = None


class VorigeRol(Betrokkene):
    """What a rol was before the message: enough to find the rol that must change or go."""

    code: str | None = None
    omschrijving: str | None = None
    toelichting: str | None = None
    begin: OnvolledigeDatum | None = None
    eind: OnvolledigeDatum | None = None


class Rol(VorigeRol):
    """A betrokkene in a zaak. `omschrijvingGeneriek` is the ZGW value; `code`/`omschrijving` are the sender's own.

    `relatie` is the StUF relation it came from. With `mutatie` verwijderen or beeindigen the rol itself may be empty:
    then `vorige` says which one it was (StUF 03.01 §8).
    """

    mutatie: Mutatie | None = None
    omschrijvingGeneriek: (
        Literal["initiator", "belanghebbende", "gemachtigde", "behandelaar", "zaakcoordinator", "overig", "betrekking"]
        | None
    ) = None
    relatie: str | None = None
    contactpersoon: Contactpersoon | None = None
    afwijkendCorrespondentieAdres: Adres | None = None
    afwijkendBuitenlandsCorrespondentieAdres: VerblijfBuitenland | None = None
    eigenschappen: list[Eigenschap] | None = None
    vorige: VorigeRol | None = None


class Status(Canonical):
    """A status of a zaak; the statustype is told by volgnummer, code or omschrijving, whatever the sender has.

    `datumStatusGezet` without a time of day in the message is midnight local time.
    """

    mutatie: Mutatie | None = None
    volgnummer: int | None = None
    code: str | None = None
    omschrijving: str | None = None
    toelichting: str | None = None
    datumStatusGezet: datetime | None = None
    indicatieLaatsteStatus: bool | None = None
    gezetDoor: Betrokkene | None = None
    gezetDoorRol: str | None = None
    gezetDoorRolGeneriek: str | None = None
    eigenschappen: list[Eigenschap] | None = None


class Resultaat(Canonical):
    """The result of a zaak."""

    omschrijving: str | None = None
    toelichting: str | None = None


class VorigZaakobject(Canonical):
    """Which object it was; `objectType` is the ZGW value.

    An address stands in `adres`, a person, organisation, medewerker or afdeling in `betrokkene`, every other kind in
    `gegevens` under the names of the ZGW objectIdentificatie.
    """

    objectType: str | None = None
    relatieomschrijving: str | None = None
    adres: Adres | None = None
    betrokkene: Betrokkene | None = None
    identificatie: str | None = None
    omschrijving: str | None = None
    aanduiding: str | None = None
    registratie: str | None = None
    geometrie: dict[str, Any] | None = None
    gegevens: dict[str, Any] | None = None


class Zaakobject(VorigZaakobject):
    """Something the zaak is about: an address, a person, a plot, a document, or something else with a name.

    `omschrijving`, `aanduiding`, `registratie` and `geometrie` (GeoJSON, WGS84) describe what StUF calls
    anderZaakObject. `begin` and `eind` say how long the zaak was about it.
    """

    mutatie: Mutatie | None = None
    begin: OnvolledigeDatum | None = None
    eind: OnvolledigeDatum | None = None
    vorige: VorigZaakobject | None = None


class ZaakVerwijzing(Canonical):
    """Enough to find another zaak."""

    identificatie: str | None = None
    omschrijving: str | None = None
    zaaktype: str | None = None


class GerelateerdeZaak(ZaakVerwijzing):
    """Another zaak, and how this one relates to it."""

    mutatie: Mutatie | None = None
    aard: Literal["onderwerp", "deelzaak", "hoofdzaak"] | None = None
    begin: OnvolledigeDatum | None = None
    eind: OnvolledigeDatum | None = None
    vorige: ZaakVerwijzing | None = None


class BesluitVerwijzing(Canonical):
    """Enough to find a besluit."""

    identificatie: str | None = None
    besluittype: str | None = None
    datum: date | None = None


class Besluit(BesluitVerwijzing):
    """A decision the zaak leads to."""

    mutatie: Mutatie | None = None
    vorige: BesluitVerwijzing | None = None


class DocumentVerwijzing(Canonical):
    """Enough to find a document."""

    identificatie: str | None = None
    informatieobjecttype: str | None = None
    titel: str | None = None


class VastgelegdDocument(DocumentVerwijzing):
    """A document in which a besluit is laid down, and which one it was before (StUF 03.01 §8)."""

    mutatie: Mutatie | None = None
    vorige: DocumentVerwijzing | None = None


class GenomenBesluit(BesluitVerwijzing):
    """A decision with all that is known of it; `documenten` are those in which it is laid down.

    `besluittype` is the omschrijving of the type, the only name that StUF has for it; `vervalreden` is the ZGW value.
    """

    organisatie: str | None = None
    bestuursorgaan: str | None = None
    toelichting: str | None = None
    ingangsdatum: date | None = None
    vervaldatum: date | None = None
    vervalreden: Literal["tijdelijk", "ingetrokken_overheid", "ingetrokken_belanghebbende"] | None = None
    publicatiedatum: date | None = None
    verzenddatum: date | None = None
    uiterlijkeReactiedatum: date | None = None
    eigenschappen: list[Eigenschap] | None = None
    documenten: list[VastgelegdDocument] | None = None


class Kenmerk(Canonical):
    """A reference under which another system knows the zaak."""

    kenmerk: str
    bron: str


class Opschorting(Canonical):
    """Suspension."""

    indicatie: bool | None = None
    reden: str | None = None


class Verlenging(Canonical):
    """Extension; `duur` is an ISO 8601 duration such as `P14D`."""

    reden: str | None = None
    duur: str | None = None


class Bestand(Canonical):
    """Where the content of a document lies: a reference to the payload store, never the content.

    `verwijzing`, `omvang` (bytes) and `sha256` come together; they are absent when the sender named a file and sent
    it empty.
    """

    verwijzing: str | None = None
    omvang: int | None = None
    sha256: str | None = None
    bestandsnaam: str | None = None
    contentType: str | None = None


class Document(Canonical):
    """An enkelvoudig informatieobject."""

    identificatie: str | None = None
    organisatie: str | None = None
    informatieobjecttype: str | None = None
    creatiedatum: date | None = None
    ontvangstdatum: date | None = None
    verzenddatum: date | None = None
    titel: str | None = None
    beschrijving: str | None = None
    auteur: str | None = None
    formaat: str | None = None
    taal: str | None = None
    versie: str | None = None
    status: str | None = None
    vertrouwelijkheidaanduiding: (
        Literal[
            "openbaar",
            "beperkt_openbaar",
            "intern",
            "zaakvertrouwelijk",
            "vertrouwelijk",
            "confidentieel",
            "geheim",
            "zeer_geheim",
        ]
        | None
    ) = None
    link: str | None = None
    bestand: Bestand | None = None
    eigenschappen: list[Eigenschap] | None = None
    zaaktitel: str | None = None
    zaakbeschrijving: str | None = None
    registratiedatum: date | None = None


class Zaak(Canonical):
    """A zaak, or the part of it that the message speaks of."""

    identificatie: str
    organisatie: str | None = None
    omschrijving: str | None = None
    toelichting: str | None = None
    zaaktype: str | None = None
    zaaktypeOmschrijving: str | None = None
    startdatum: date | None = None
    registratiedatum: date | None = None
    publicatiedatum: date | None = None
    einddatumGepland: date | None = None
    uiterlijkeEinddatumAfdoening: date | None = None
    einddatum: date | None = None
    archiefnominatie: Literal["blijvend_bewaren", "vernietigen"] | None = None
    archiefactiedatum: date | None = None
    betalingsindicatie: Literal["nvt", "nog_niet", "gedeeltelijk", "geheel"] | None = None
    laatsteBetaaldatum: datetime | None = None
    opschorting: Opschorting | None = None
    verlenging: Verlenging | None = None
    kenmerken: list[Kenmerk] | None = None
    zaakniveau: int | None = None
    deelzakenIndicatie: bool | None = None
    zaakgeometrie: dict[str, Any] | None = None
    eigenschappen: list[Eigenschap] | None = None
    rollen: list[Rol] | None = None
    statussen: list[Status] | None = None
    resultaat: Resultaat | None = None
    zaakobjecten: list[Zaakobject] | None = None
    gerelateerdeZaken: list[GerelateerdeZaak] | None = None
    besluiten: list[Besluit] | None = None
    documenten: list[Document] | None = None


class ZaakGegevens(Canonical):
    """Data of zaak-aangemaakt, zaak-bijgewerkt, zaakstatus-gezet and zaak-verwijderd."""

    zaak: Zaak


class ZaakdocumentGegevens(Canonical):
    """Data of zaakdocument-toegevoegd: the document and the zaak it belongs to.

    `zaak` holds only what finds the zaak, and in `statussen` the status the document belongs to, if any.
    """

    zaak: Zaak
    document: Document


class DocumentGegevens(Canonical):
    """Data of zaakdocument-bijgewerkt, -vrijgegeven and -ontkoppeld; the zaak is absent where the sender names none.

    `lock` is what the document was locked with, where the sender had it locked: it stops to be.
    """

    zaak: Zaak | None = None
    document: Document
    lock: str | None = None


class BesluitGegevens(Canonical):
    """Data of besluit-genomen and besluit-bijgewerkt; of the zaak only what finds it."""

    zaak: Zaak | None = None
    besluit: GenomenBesluit


class Overdracht(Canonical):
    """Data of zaak-overdracht-gevraagd: the zaak, and why another system is asked to take it over."""

    zaak: Zaak
    meldingen: list[str] | None = None
