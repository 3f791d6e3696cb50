"""Which fields the Zaken and Documenten APIs take, with their limits.

Source: Zaken API 1.5.1 and Documenten API 1.4.2 as Open Zaak 1.30 serves them (schemas ...Request).
Only what a field may hold; rules between fields and resources are in `zaken.py`, `onderdelen.py` and `documenten.py`.
"""

from __future__ import annotations

from adapters.zgw.simulator.fields import (
    Field,
    Shape,
    anything,
    birthday,
    boolean,
    choice,
    day,
    duration,
    eleven,
    email,
    geometry,
    many,
    moment,
    number,
    part,
    reference,
    text,
    url,
)

ZAKEN = "/zaken/api/v1/zaken"
ROLLEN = "/zaken/api/v1/rollen"
STATUSSEN = "/zaken/api/v1/statussen"
RESULTATEN = "/zaken/api/v1/resultaten"
ZAAKOBJECTEN = "/zaken/api/v1/zaakobjecten"
ZAAKINFORMATIEOBJECTEN = "/zaken/api/v1/zaakinformatieobjecten"
EIGENSCHAPPEN = "zaakeigenschappen"
DOCUMENTEN = "/documenten/api/v1/enkelvoudiginformatieobjecten"
OBJECTINFORMATIEOBJECTEN = "/documenten/api/v1/objectinformatieobjecten"
_CATALOGI = "/catalogi/api/v1"

_RSIN = eleven(blank=False)
_NUMBER_OR_NOTHING = eleven(blank=True)
_KVK = text(8, pattern=r"[0-9]{8}")
VERTROUWELIJKHEID = (
    "openbaar", "beperkt_openbaar", "intern", "zaakvertrouwelijk", "vertrouwelijk", "confidentieel", "geheim",
    "zeer_geheim",
)  # fmt: skip
RECHTSVORMEN = (
    "besloten_vennootschap", "cooperatie_europees_economische_samenwerking", "europese_cooperatieve_venootschap",
    "europese_naamloze_vennootschap", "kerkelijke_organisatie", "naamloze_vennootschap",
    "onderlinge_waarborg_maatschappij", "overig_privaatrechtelijke_rechtspersoon", "stichting", "vereniging",
    "vereniging_van_eigenaars", "publiekrechtelijke_rechtspersoon", "vennootschap_onder_firma", "maatschap", "rederij",
    "commanditaire_vennootschap", "kapitaalvennootschap_binnen_eer",
    "overige_buitenlandse_rechtspersoon_vennootschap", "kapitaalvennootschap_buiten_eer",
)  # fmt: skip
OBJECT_TYPES = (
    "adres", "besluit", "buurt", "enkelvoudig_document", "gemeente", "gemeentelijke_openbare_ruimte", "huishouden",
    "inrichtingselement", "kadastrale_onroerende_zaak", "kunstwerkdeel", "maatschappelijke_activiteit", "medewerker",
    "natuurlijk_persoon", "niet_natuurlijk_persoon", "openbare_ruimte", "organisatorische_eenheid", "pand",
    "spoorbaandeel", "status", "terreindeel", "terrein_gebouwd_object", "vestiging", "waterdeel", "wegdeel", "wijk",
    "woonplaats", "woz_deelobject", "woz_object", "woz_waarde", "zakelijk_recht", "overige",
)  # fmt: skip

ZAAK: Shape = {
    "identificatie": Field(text(40)),
    "bronorganisatie": Field(_RSIN, required=True),
    "omschrijving": Field(text(80)),
    "toelichting": Field(text(1000)),
    "zaaktype": Field(reference(f"{_CATALOGI}/zaaktypen"), required=True),
    "registratiedatum": Field(day, default=None),
    "verantwoordelijkeOrganisatie": Field(_RSIN, required=True),
    "startdatum": Field(day, required=True),
    "einddatumGepland": Field(day, null=True, default=None),
    "uiterlijkeEinddatumAfdoening": Field(day, null=True, default=None),
    "publicatiedatum": Field(day, null=True, default=None),
    "laatstGeopend": Field(moment, null=True, default=None),
    "communicatiekanaal": Field(url()),
    "communicatiekanaalNaam": Field(text(250)),
    "productenOfDiensten": Field(many(url()), default=list),
    "vertrouwelijkheidaanduiding": Field(choice(*VERTROUWELIJKHEID)),
    "betalingsindicatie": Field(
        choice("nvt", "gefactureerd", "gecrediteerd", "betaald", "nog_niet", "gedeeltelijk", "geheel")
    ),
    "laatsteBetaaldatum": Field(moment, null=True, default=None),
    "zaakgeometrie": Field(geometry, null=True, default=None),
    "verlenging": Field(
        part({"reden": Field(text(200), required=True), "duur": Field(duration, required=True)}),
        null=True,
        default=None,
    ),
    "opschorting": Field(
        part({"indicatie": Field(boolean, required=True), "reden": Field(text(200), required=True)}),
        null=True,
        default=None,
    ),
    "selectielijstklasse": Field(url()),
    "hoofdzaak": Field(reference(ZAKEN), null=True, default=None),
    "relevanteAndereZaken": Field(
        many(
            part(
                {
                    "url": Field(reference(ZAKEN), required=True),
                    "aardRelatie": Field(
                        choice("vervolg", "onderwerp", "bijdrage", "overig", blank=False), required=True
                    ),
                    "overigeRelatie": Field(text(100)),
                    "toelichting": Field(text(255)),
                }
            )
        ),
        default=list,
    ),
    "gerelateerdeZaken": Field(many(part({"url": Field(reference(ZAKEN), required=True)})), default=list),
    "kenmerken": Field(
        many(
            part(
                {
                    "kenmerk": Field(text(40, shortest=1), required=True),
                    "bron": Field(text(40, shortest=1), required=True),
                }
            )
        ),
        default=list,
    ),
    "archiefnominatie": Field(choice("blijvend_bewaren", "vernietigen"), null=True, default=None),
    "archiefstatus": Field(
        choice("nog_te_archiveren", "gearchiveerd", "gearchiveerd_procestermijn_onbekend", "overgedragen", blank=False),
        default="nog_te_archiveren",
    ),
    "archiefactiedatum": Field(day, null=True, default=None),
    "opdrachtgevendeOrganisatie": Field(_NUMBER_OR_NOTHING),
    "processobjectaard": Field(text(200)),
    "startdatumBewaartermijn": Field(day, null=True, default=None),
    "processobject": Field(anything, null=True, default=None),
}

_VERBLIJFSADRES: Shape = {
    "aoaIdentificatie": Field(text(100), required=True),
    "wplWoonplaatsNaam": Field(text(80, shortest=1), required=True),
    "gorOpenbareRuimteNaam": Field(text(80, shortest=1), required=True),
    "aoaPostcode": Field(text(7)),
    "aoaHuisnummer": Field(number(0, 99999), required=True),
    "aoaHuisletter": Field(text(1)),
    "aoaHuisnummertoevoeging": Field(text(4)),
    "inpLocatiebeschrijving": Field(text(1000)),
}
"""aoaIdentificatie must be spoken of and may be empty: no minLength in the API, unlike its neighbours."""
_BUITENLAND: Shape = {
    "lndLandcode": Field(text(4, shortest=1), required=True),
    "lndLandnaam": Field(text(40, shortest=1), required=True),
    "subAdresBuitenland_1": Field(text(35)),
    "subAdresBuitenland_2": Field(text(35)),
    "subAdresBuitenland_3": Field(text(35)),
}
_WHERE: Shape = {
    "verblijfsadres": Field(part(_VERBLIJFSADRES), null=True, default=None),
    "subVerblijfBuitenland": Field(part(_BUITENLAND), null=True, default=None),
}
_NATUURLIJK_PERSOON: Shape = {
    "inpBsn": Field(_NUMBER_OR_NOTHING),
    "anpIdentificatie": Field(text(17)),
    "inpA_nummer": Field(text(10, pattern=r"[1-9][0-9]{9}")),
    "geslachtsnaam": Field(text(200)),
    "voorvoegselGeslachtsnaam": Field(text(80)),
    "voorletters": Field(text(20)),
    "voornamen": Field(text(200)),
    "geslachtsaanduiding": Field(choice("m", "v", "o")),
    "geboortedatum": Field(birthday),
    **_WHERE,
}
_NIET_NATUURLIJK_PERSOON: Shape = {
    "innNnpId": Field(_NUMBER_OR_NOTHING),
    "annIdentificatie": Field(text(17)),
    "kvkNummer": Field(_KVK),
    "vestigingsNummer": Field(text(24)),
    "statutaireNaam": Field(text(500)),
    "innRechtsvorm": Field(choice(*RECHTSVORMEN)),
    "bezoekadres": Field(text(1000)),
    **_WHERE,
}
_VESTIGING: Shape = {
    "vestigingsNummer": Field(text(24)),
    "handelsnaam": Field(many(text(625)), default=list),
    "kvkNummer": Field(_KVK),
    **_WHERE,
}
_MEDEWERKER: Shape = {
    "identificatie": Field(text(128)),
    "achternaam": Field(text(200)),
    "voorletters": Field(text(20)),
    "voorvoegselAchternaam": Field(text(10)),
}
_ORGANISATORISCHE_EENHEID: Shape = {
    "identificatie": Field(text(255)),
    "naam": Field(text(255)),
    "isGehuisvestIn": Field(text(255)),
}
BETROKKENEN: dict[str, Shape] = {
    "natuurlijk_persoon": _NATUURLIJK_PERSOON,
    "niet_natuurlijk_persoon": _NIET_NATUURLIJK_PERSOON,
    "vestiging": _VESTIGING,
    "organisatorische_eenheid": _ORGANISATORISCHE_EENHEID,
    "medewerker": _MEDEWERKER,
}

ROL: Shape = {
    "zaak": Field(reference(ZAKEN), required=True),
    "betrokkene": Field(url()),
    "betrokkeneType": Field(choice(*BETROKKENEN, blank=False), required=True),
    "afwijkendeNaamBetrokkene": Field(text(625)),
    "roltype": Field(reference(f"{_CATALOGI}/roltypen"), required=True),
    "roltoelichting": Field(text(1000)),
    "indicatieMachtiging": Field(choice("gemachtigde", "machtiginggever")),
    "contactpersoonRol": Field(
        part(
            {
                "emailadres": Field(email),
                "functie": Field(text(50)),
                "telefoonnummer": Field(text(20)),
                "naam": Field(text(200), required=True),
            }
        ),
        null=True,
        default=None,
    ),
    "beginGeldigheid": Field(day, null=True, default=None),
    "eindeGeldigheid": Field(day, null=True, default=None),
}
"""`betrokkeneIdentificatie` follows the betrokkeneType: see BETROKKENEN."""

STATUS: Shape = {
    "zaak": Field(reference(ZAKEN), required=True),
    "statustype": Field(reference(f"{_CATALOGI}/statustypen"), required=True),
    "datumStatusGezet": Field(moment, required=True),
    "statustoelichting": Field(text(1000)),
    "gezetdoor": Field(reference(ROLLEN), null=True, default=None),
}
RESULTAAT: Shape = {
    "zaak": Field(reference(ZAKEN), required=True),
    "resultaattype": Field(reference(f"{_CATALOGI}/resultaattypen"), required=True),
    "toelichting": Field(text(1000)),
}
EIGENSCHAP: Shape = {
    "zaak": Field(reference(ZAKEN), required=True),
    "eigenschap": Field(reference(f"{_CATALOGI}/eigenschappen"), required=True),
    "waarde": Field(text(shortest=1), required=True),
}
ZAAKINFORMATIEOBJECT: Shape = {
    "informatieobject": Field(reference(DOCUMENTEN), required=True),
    "zaak": Field(reference(ZAKEN), required=True),
    "titel": Field(text(200)),
    "beschrijving": Field(text()),
    "vernietigingsdatum": Field(moment, null=True, default=None),
    "status": Field(reference(STATUSSEN), null=True, default=None),
}
ZAAKOBJECT: Shape = {
    "zaak": Field(reference(ZAKEN), required=True),
    "object": Field(url()),
    "zaakobjecttype": Field(url(), null=True, default=None),
    "objectType": Field(choice(*OBJECT_TYPES, blank=False), required=True),
    "objectTypeOverige": Field(text(100, pattern=r"[a-z_]+")),
    "objectTypeOverigeDefinitie": Field(anything, null=True, default=None),
    "relatieomschrijving": Field(text(80)),
}
"""`objectIdentificatie` follows the objectType: see OBJECTEN."""


def _named(**lengths: int) -> Shape:
    return {name: Field(text(length, shortest=1), required=True) for name, length in lengths.items()}


OBJECTEN: dict[str, Shape] = {
    **BETROKKENEN,
    "adres": {
        "identificatie": Field(text(100)),
        "wplWoonplaatsNaam": Field(text(80, shortest=1), required=True),
        "gorOpenbareRuimteNaam": Field(text(80, shortest=1), required=True),
        "huisnummer": Field(number(0, 99999), required=True),
        "huisletter": Field(text(1)),
        "huisnummertoevoeging": Field(text(4)),
        "postcode": Field(text(7)),
    },
    "openbare_ruimte": _named(identificatie=100, wplWoonplaatsNaam=80, gorOpenbareRuimteNaam=80),
    "gemeente": _named(gemeenteNaam=80, gemeenteCode=4),
    "woonplaats": _named(identificatie=100, woonplaatsNaam=80),
    "pand": _named(identificatie=100),
    "kadastrale_onroerende_zaak": _named(kadastraleIdentificatie=100, kadastraleAanduiding=1000),
    "overige": {"overigeData": Field(anything, required=True)},
}
"""Of the other object types the content is taken as it comes."""

DOCUMENT: Shape = {
    "identificatie": Field(text(40)),
    "bronorganisatie": Field(_RSIN, required=True),
    "creatiedatum": Field(day, required=True),
    "titel": Field(text(200, shortest=1), required=True),
    "vertrouwelijkheidaanduiding": Field(choice(*VERTROUWELIJKHEID)),
    "auteur": Field(text(200, shortest=1), required=True),
    "status": Field(choice("in_bewerking", "ter_vaststelling", "definitief", "gearchiveerd")),
    "formaat": Field(text(255)),
    "taal": Field(text(3, shortest=3), required=True),
    "bestandsnaam": Field(text(255)),
    "bestandsomvang": Field(number(0, 2**63), null=True, default=None),
    "link": Field(url(200)),
    "beschrijving": Field(text(1000)),
    "ontvangstdatum": Field(day, null=True, default=None),
    "verzenddatum": Field(day, null=True, default=None),
    "indicatieGebruiksrecht": Field(boolean, null=True, default=None),
    "verschijningsvorm": Field(text()),
    "ondertekening": Field(
        part({"soort": Field(choice("analoog", "digitaal", "pki"), required=True), "datum": Field(day, required=True)}),
        null=True,
        default=None,
    ),
    "integriteit": Field(
        part(
            {
                "algoritme": Field(
                    choice(
                        "crc_16",
                        "crc_32",
                        "crc_64",
                        "fletcher_4",
                        "fletcher_8",
                        "fletcher_16",
                        "fletcher_32",
                        "hmac",
                        "md5",
                        "sha_1",
                        "sha_256",
                        "sha_512",
                        "sha_3",
                    ),
                    required=True,
                ),
                "waarde": Field(text(128), required=True),
                "datum": Field(day, required=True),
            }
        ),
        null=True,
        default=None,
    ),
    "informatieobjecttype": Field(reference(f"{_CATALOGI}/informatieobjecttypen"), required=True),
    "trefwoorden": Field(many(text(100, shortest=1)), default=list),
}
"""`inhoud` never gets here: `inhoud.py` takes it out of the body as it streams by."""
