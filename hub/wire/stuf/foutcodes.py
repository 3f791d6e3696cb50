"""The error codes of StUF 03.01 (table 8.1): whose fault, in which fault message, and the prescribed words.

When several apply only the first in the order of the table is given (chapter 8).
"""

from __future__ import annotations

from typing import Literal, NamedTuple

Plek = Literal["client", "server"]


class Foutcode(NamedTuple):
    """One code. `plek` says which side must mend it: `client` sent something wrong, `server` cannot handle it."""

    code: str
    plek: Plek
    foutberichten: tuple[str, ...]
    omschrijving: str


_ONTVANGST = ("Fo02", "Fo03")
_INHOUD = ("Fo01", "Fo02")
_SYNCHROON = ("Fo02",)
_ASYNCHROON = ("Fo03",)
_ACHTERAF = ("Fo01",)

FOUTCODES: dict[str, Foutcode] = {
    each.code: each
    for each in (
        Foutcode("StUF001", "server", _ONTVANGST, "Versie StUF niet ondersteund"),
        Foutcode("StUF004", "server", _ONTVANGST, "Sectormodel niet ondersteund"),
        Foutcode("StUF007", "server", _ONTVANGST, "Versie sectormodel niet ondersteund"),
        Foutcode(
            "StUF010",
            "client",
            _ONTVANGST,
            "Combinatie van ontvangende organisatie, applicatie en administratie onbekend",
        ),
        Foutcode(
            "StUF013", "client", _ONTVANGST, "Combinatie van zendende organisatie, applicatie en administratie onbekend"
        ),
        Foutcode("StUF016", "client", _ONTVANGST, "Combinatie zender en referentienummer niet uniek"),
        Foutcode(
            "StUF019", "client", _ONTVANGST, "TijdstipBericht niet groter dan voorgaand TijdstipBericht van zender"
        ),
        Foutcode("StUF022", "client", _ONTVANGST, "Berichtcode onbekend"),
        Foutcode("StUF025", "server", _ONTVANGST, "Berichtcode niet ondersteund"),
        Foutcode("StUF028", "client", _ONTVANGST, "Entiteittype onbekend binnen sectormodel"),
        Foutcode("StUF031", "server", _ONTVANGST, "Entiteittype niet ondersteund"),
        Foutcode("StUF034", "client", _ONTVANGST, "Functie onbekend binnen sectormodel"),
        Foutcode("StUF037", "server", _ONTVANGST, "Functie niet ondersteund"),
        Foutcode(
            "StUF040", "server", _ONTVANGST, "Combinatie van berichtcode, entiteittype en functie niet ondersteund"
        ),
        Foutcode("StUF043", "client", _ONTVANGST, "Crossreferentienummer niet bekend"),
        Foutcode("StUF046", "server", _ASYNCHROON, "Opslaan bericht niet mogelijk"),
        Foutcode("StUF049", "server", _SYNCHROON, "Proces voor afhandelen synchroon bericht niet beschikbaar"),
        Foutcode(
            "StUF052",
            "client",
            _INHOUD,
            "Het zendende systeem is niet geautoriseerd voor de gevraagde combinatie van berichtcode, entiteittype en "
            "functie",
        ),
        Foutcode("StUF055", "client", _INHOUD, "Berichtbody is niet conform schema in sectormodel"),
        Foutcode("StUF058", "server", _INHOUD, "Proces voor afhandelen bericht geeft fout"),
        Foutcode("StUF061", "server", _SYNCHROON, "Starten berichtverzending niet mogelijk binnen 5 minuten"),
        Foutcode("StUF062", "client", _INHOUD, "<StUF:tijdvakGeldigheid> niet gevuld zoals de standaard voorschrijft"),
        Foutcode(
            "StUF063",
            "server",
            _INHOUD,
            "Een te wijzigen waarde heeft in de registratie een beginGeldigheid groter dan tbo",
        ),
        Foutcode("StUF064", "server", _INHOUD, "Object niet gevonden"),
        Foutcode(
            "StUF065", "server", _INHOUD, "tr <= de grootste tijdstipRegistratie voor het object in de registratie"
        ),
        Foutcode("StUF066", "client", _INHOUD, "Een te corrigeren entiteit bevat geen te corrigeren element"),
        Foutcode("StUF067", "server", _INHOUD, "Dubbelen voor object gevonden"),
        Foutcode("StUF068", "client", _INHOUD, "Toekomstmutatie in Lk01/Lk02-bericht"),
        Foutcode(
            "StUF069",
            "client",
            _INHOUD,
            "Niet alle elementen in historische correctie komen in de registratie voor met waarde en het "
            "tijdvakGeldigheid in 'oud'",
        ),
        Foutcode("StUF070", "client", _INHOUD, "Synchronisatiebericht historisch niet consistent"),
        Foutcode("StUF076", "client", _INHOUD, "<vanaf> en <totEnMet> bevatten niet dezelfde elementen"),
        Foutcode("StUF079", "client", _INHOUD, "Een element komt voor in zowel <gelijk> als <vanaf> en <totEnMet>"),
        Foutcode(
            "StUF082",
            "client",
            _INHOUD,
            "Het attribute StUF:exact is gebruikt op een element binnen <vanaf> of <totEnMet>",
        ),
        Foutcode("StUF085", "client", _INHOUD, "Onvolledige datum binnen <vanaf> of <totEnMet>"),
        Foutcode("StUF088", "client", _INHOUD, "Meer dan één sleutel gespecificeerd als selectiecriterium"),
        Foutcode("StUF091", "client", _INHOUD, "Een sleutel en andere elementen gespecificeerd als selectiecriterium"),
        Foutcode(
            "StUF094", "server", _INHOUD, "Ontvangend systeem registreert sleutel in het verzendende systeem niet"
        ),
        Foutcode(
            "StUF097",
            "client",
            _INHOUD,
            "Zowel het attribute scope als een inhoud gespecificeerd voor het element <scope>",
        ),
        Foutcode("StUF103", "client", _INHOUD, "indicatorVervolgvraag is true, maar het element <start> ontbreekt"),
        Foutcode(
            "StUF106",
            "client",
            _INHOUD,
            "Het element <start> bevat niet alle elementen gespecificeerd in <vanaf> en <totEnMet>",
        ),
        Foutcode("StUF118", "client", _INHOUD, "peiltijdstipMaterieel ontbreekt"),
        Foutcode("StUF119", "client", _INHOUD, "peiltijdstipFormeel ontbreekt"),
        Foutcode("StUF124", "server", _ACHTERAF, "Antwoordend systeem ondersteunt afhandelen asynchrone vragen niet"),
        Foutcode(
            "StUF127",
            "server",
            _INHOUD,
            "Gebruiker binnen zendend systeem onbekend in antwoordend systeem en nodig voor autorisatie",
        ),
        Foutcode("StUF130", "server", _ACHTERAF, "Beantwoording asynchrone vraag vergt teveel systeemresources"),
        Foutcode("StUF133", "server", _INHOUD, "Antwoordend systeem ondersteunt gevraagde sortering niet"),
        Foutcode(
            "StUF960",
            "server",
            _SYNCHROON,
            "Het antwoordende systeem is niet in staat het verzoek af te handelen binnen de connection time out",
        ),
    )
}

PROCESFOUT = FOUTCODES["StUF058"]
"""What is said of an error that StUF has no code for."""
