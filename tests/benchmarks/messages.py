"""The messages that are measured, as form engines indent them. All persons are made up.

`creeer_zaak` has every field of the zaak itself, 6 kB, and no rollen, statussen or eigenschappen, so that its delivery
is exactly one HTTP call once the catalogue is known. `ingediende_zaak` is what a form engine sends of a form: with the
people concerned, what they filled in and the first status, as large as asked for. `document` carries a file.
"""

from __future__ import annotations

import uuid
from base64 import b64encode
from typing import Final

PATH: Final = "/in/formulieren-naar-zaken/OntvangAsynchroon"
HEADERS: Final = {
    "content-type": "text/xml; charset=utf-8",
    "soapaction": '"http://www.egem.nl/StUF/sector/zkn/0310/creeerZaak_Lk01"',
}
ZAAKTYPE: Final = "B1000"
KENMERKEN: Final = 14

_REFERENCES = uuid.UUID("0d2b7c9a-52c5-4f0e-8f0e-6c2f3a7f9b10")

_ALINEA = (
    "Bij de oversteek voor de school ligt een tegel los en de goot is verzakt. "
    "Bij regen blijft er een plas staan waar kinderen doorheen moeten. "
)
_TOELICHTING = _ALINEA * 6

_KENMERK = """
          <ZKN:kenmerk>
            <ZKN:kenmerk>F-2026-%03d</ZKN:kenmerk>
            <ZKN:bron>Formulieren van de gemeente %d</ZKN:bron>
          </ZKN:kenmerk>"""

_ENVELOPE = """<?xml version="1.0" encoding="UTF-8"?>
<soap:Envelope xmlns:soap="http://schemas.xmlsoap.org/soap/envelope/">
  <soap:Body>
    <ZKN:@element
      xmlns:ZKN="http://www.egem.nl/StUF/sector/zkn/0310"
      xmlns:BG="http://www.egem.nl/StUF/sector/bg/0310"
      xmlns:StUF="http://www.egem.nl/StUF/StUF0301"
      xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"
      xmlns:xmime="http://www.w3.org/2005/05/xmlmime">
      <ZKN:stuurgegevens>
        <StUF:berichtcode>Lk01</StUF:berichtcode>
        <StUF:zender>
          <StUF:organisatie>002220647</StUF:organisatie>
          <StUF:applicatie>FORMULIEREN</StUF:applicatie>
        </StUF:zender>
        <StUF:ontvanger>
          <StUF:organisatie>002220647</StUF:organisatie>
          <StUF:applicatie>ZAAKHUB</StUF:applicatie>
        </StUF:ontvanger>
        <StUF:referentienummer>@reference</StUF:referentienummer>
        <StUF:tijdstipBericht>20260312101500</StUF:tijdstipBericht>
        <StUF:entiteittype>@entiteittype</StUF:entiteittype>
      </ZKN:stuurgegevens>
      <ZKN:parameters>
        <StUF:mutatiesoort>T</StUF:mutatiesoort>
        <StUF:indicatorOvername>V</StUF:indicatorOvername>
      </ZKN:parameters>
      <ZKN:object StUF:entiteittype="@entiteittype" StUF:verwerkingssoort="T">
@object
      </ZKN:object>
    </ZKN:@element>
  </soap:Body>
</soap:Envelope>
"""

_ZAAK = f"""\
          <ZKN:identificatie>@zaak</ZKN:identificatie>
          <ZKN:omschrijving>Melding openbare ruimte</ZKN:omschrijving>
          <ZKN:toelichting>{_TOELICHTING.strip()}</ZKN:toelichting>\
{"".join(_KENMERK % (number, number) for number in range(KENMERKEN))}
          <ZKN:startdatum>20260312</ZKN:startdatum>
          <ZKN:registratiedatum>20260312</ZKN:registratiedatum>
          <ZKN:publicatiedatum>20260313</ZKN:publicatiedatum>
          <ZKN:einddatumGepland>20260401</ZKN:einddatumGepland>
          <ZKN:uiterlijkeEinddatum>20260507</ZKN:uiterlijkeEinddatum>
          <ZKN:opschorting>
            <ZKN:indicatie>N</ZKN:indicatie>
            <ZKN:reden>Niet opgeschort</ZKN:reden>
          </ZKN:opschorting>
          <ZKN:verlenging>
            <ZKN:duur>14</ZKN:duur>
            <ZKN:reden>Wacht op de aannemer</ZKN:reden>
          </ZKN:verlenging>
          <ZKN:betalingsIndicatie>N.v.t.</ZKN:betalingsIndicatie>
          <ZKN:archiefnominatie>J</ZKN:archiefnominatie>
          <ZKN:datumVernietigingDossier>20310401</ZKN:datumVernietigingDossier>
          <ZKN:zaakniveau>1</ZKN:zaakniveau>
          <ZKN:deelzakenIndicatie>N</ZKN:deelzakenIndicatie>
          <ZKN:isVan StUF:entiteittype="ZAKZKT" StUF:verwerkingssoort="T">
            <ZKN:gerelateerde StUF:entiteittype="ZKT" StUF:verwerkingssoort="I">
              <ZKN:omschrijving>Melding openbare ruimte</ZKN:omschrijving>
              <ZKN:code>{ZAAKTYPE}</ZKN:code>
            </ZKN:gerelateerde>
          </ZKN:isVan>"""


def zaak(batch: str, number: int) -> str:
    """Name a zaak; `batch` keeps rounds apart."""
    return f"9999-{batch}-{number:06}"


def creeer_zaak(batch: str, number: int) -> bytes:
    """Give the message that creates it."""
    name = zaak(batch, number)
    return _filled("zakLk01", "ZAK", _ZAAK.replace("@zaak", name), reference=name)


def ingediende_zaak(size_bytes: int) -> bytes:
    """Give a creeerZaak_Lk01 of about this size, 5,000 to 10,000 bytes: the larger, the more people and answers."""
    rollen = [_INITIATOR, _MEDEWERKER]
    if size_bytes > 6_000:
        rollen = [_BELANGHEBBENDE, *rollen]
    if size_bytes > 8_000:
        rollen = [_BELANGHEBBENDE, _GEMACHTIGDE, _INITIATOR, _MEDEWERKER, _AFDELING, _ONDERTEKENAAR]
    statussen = [_STATUS % (number, _STATUSSEN[number - 1], 9 + number) for number in range(1, 4 if rollen[2:] else 2)]
    message, answers = b"", ""
    while len(message) < size_bytes:
        number = answers.count("</")
        answers += _ANSWER % (number + 1, _ANSWERS[number % len(_ANSWERS)])
        message = _ingediend(rollen, statussen, answers)
    return message


def document(content: bytes) -> bytes:
    """Give a voegZaakdocumentToe_Lk01 that carries this file."""
    text = b64encode(content).decode()
    inside = f"""        <ZKN:identificatie>9999-D-000201</ZKN:identificatie>
        <ZKN:dct.omschrijving>Aanvraagformulier</ZKN:dct.omschrijving>
        <ZKN:creatiedatum>20260312</ZKN:creatiedatum>
        <ZKN:ontvangstdatum>20260312</ZKN:ontvangstdatum>
        <ZKN:titel>Ingezonden formulier</ZKN:titel>
        <ZKN:beschrijving>{_TOELICHTING.strip()}</ZKN:beschrijving>
        <ZKN:formaat>application/pdf</ZKN:formaat>
        <ZKN:taal>nld</ZKN:taal>
        <ZKN:versie>1.0</ZKN:versie>
        <ZKN:status>definitief</ZKN:status>
        <ZKN:vertrouwelijkAanduiding>ZAAKVERTROUWELIJK</ZKN:vertrouwelijkAanduiding>
        <ZKN:auteur>Formulieren</ZKN:auteur>
        <ZKN:inhoud xmime:contentType="application/pdf" StUF:bestandsnaam="formulier.pdf">{text}</ZKN:inhoud>
        <ZKN:isRelevantVoor StUF:entiteittype="EDCZAK" StUF:verwerkingssoort="T">
          <ZKN:gerelateerde StUF:entiteittype="ZAK" StUF:verwerkingssoort="I">
            <ZKN:identificatie>9999-2026-000101</ZKN:identificatie>
            <ZKN:omschrijving>Melding openbare ruimte</ZKN:omschrijving>
          </ZKN:gerelateerde>
          <ZKN:titel>Formulier</ZKN:titel>
          <ZKN:registratiedatum>20260312</ZKN:registratiedatum>
        </ZKN:isRelevantVoor>"""
    return _filled("edcLk01", "EDC", inside)


_STATUSSEN = ("Ontvangen", "In behandeling genomen", "Ter beoordeling")
_ANSWERS = (
    "Ja, ik heb de toelichting gelezen",
    "Schoolstraat, tussen de bakker &amp; het plein",
    "Sinds vorige week, vooral na regen",
    "Nee",
)

_STATUS = """
        <ZKN:heeft StUF:entiteittype="ZAKSTT" StUF:verwerkingssoort="T">
          <ZKN:gerelateerde StUF:entiteittype="STT" StUF:verwerkingssoort="I">
            <ZKN:volgnummer>%d</ZKN:volgnummer>
            <ZKN:omschrijving>%s</ZKN:omschrijving>
          </ZKN:gerelateerde>
          <ZKN:toelichting>Automatisch gezet na indiening</ZKN:toelichting>
          <ZKN:datumStatusGezet>20260312%02d1500</ZKN:datumStatusGezet>
        </ZKN:heeft>"""

_ANSWER = """
          <StUF:extraElement naam="vraag%d">%s</StUF:extraElement>"""


def _rol(name: str, kind: str, inside: str, omschrijving: str) -> str:
    return f"""
        <ZKN:{name} StUF:entiteittype="ZAKBTR{kind}" StUF:verwerkingssoort="T">
          <ZKN:gerelateerde>{inside}
          </ZKN:gerelateerde>
          <ZKN:omschrijving>{omschrijving}</ZKN:omschrijving>
        </ZKN:{name}>"""


def _persoon(bsn: str, geslachtsnaam: str, voorletters: str, geslacht: str, *, geboren: str, huisnummer: int) -> str:
    return f"""
            <ZKN:natuurlijkPersoon StUF:entiteittype="NPS" StUF:verwerkingssoort="T">
              <BG:inp.bsn>{bsn}</BG:inp.bsn>
              <BG:geslachtsnaam>{geslachtsnaam}</BG:geslachtsnaam>
              <BG:voorvoegselGeslachtsnaam>van</BG:voorvoegselGeslachtsnaam>
              <BG:voorletters>{voorletters}</BG:voorletters>
              <BG:geslachtsaanduiding>{geslacht}</BG:geslachtsaanduiding>
              <BG:geboortedatum>{geboren}</BG:geboortedatum>
              <BG:verblijfsadres>
                <BG:wpl.woonplaatsNaam>Proefdorp</BG:wpl.woonplaatsNaam>
                <BG:gor.openbareRuimteNaam>Schoolstraat</BG:gor.openbareRuimteNaam>
                <BG:aoa.postcode>9999ZY</BG:aoa.postcode>
                <BG:aoa.huisnummer>{huisnummer}</BG:aoa.huisnummer>
              </BG:verblijfsadres>
            </ZKN:natuurlijkPersoon>"""


_INITIATOR = _rol(
    "heeftAlsInitiator",
    "INI",
    _persoon("999993653", "Toets", "D.", "V", geboren="19650704", huisnummer=12),
    "Melder van de vraag",
)
_GEMACHTIGDE = _rol(
    "heeftAlsGemachtigde",
    "GMC",
    _persoon("999994177", "Proef", "A.B.", "M", geboren="19711231", huisnummer=3),
    "Gemachtigde",
)
_BELANGHEBBENDE = _rol(
    "heeftAlsBelanghebbende",
    "BLH",
    """
            <ZKN:vestiging StUF:entiteittype="VES" StUF:verwerkingssoort="T">
              <BG:vestigingsNummer>000099990001</BG:vestigingsNummer>
              <BG:handelsnaam>Bakkerij Proef</BG:handelsnaam>
            </ZKN:vestiging>""",
    "Omwonende",
)
_MEDEWERKER = _rol(
    "heeftAlsUitvoerende",
    "UTV",
    """
            <ZKN:medewerker StUF:entiteittype="MDW" StUF:verwerkingssoort="I">
              <ZKN:identificatie>9999TOETS</ZKN:identificatie>
              <ZKN:achternaam>Toets</ZKN:achternaam>
              <ZKN:voorletters>E.</ZKN:voorletters>
            </ZKN:medewerker>""",
    "Behandelaar",
)
_AFDELING = _rol(
    "heeftAlsVerantwoordelijke",
    "VRA",
    """
            <ZKN:organisatorischeEenheid StUF:entiteittype="OEH" StUF:verwerkingssoort="I">
              <ZKN:identificatie>AFD-BEHEER</ZKN:identificatie>
              <ZKN:naam>Beheer openbare ruimte</ZKN:naam>
            </ZKN:organisatorischeEenheid>""",
    "Afdeling",
)
_ONDERTEKENAAR = _rol(
    "heeftAlsOverigBetrokkene",
    "OVR",
    _persoon("999990019", "Voorbeeld", "C.", "O", geboren="19800229", huisnummer=5),
    "Medeondertekenaar",
)


def _ingediend(rollen: list[str], statussen: list[str], answers: str) -> bytes:
    inside = f"""        <ZKN:identificatie>9999-2026-000101</ZKN:identificatie>
        <ZKN:omschrijving>Melding openbare ruimte</ZKN:omschrijving>
        <ZKN:toelichting>{(_ALINEA * 2).strip()}</ZKN:toelichting>
        <ZKN:kenmerk>
          <ZKN:kenmerk>F-2026-4711</ZKN:kenmerk>
          <ZKN:bron>Formulieren van de gemeente</ZKN:bron>
        </ZKN:kenmerk>
        <ZKN:startdatum>20260312</ZKN:startdatum>
        <ZKN:registratiedatum>20260312</ZKN:registratiedatum>
        <ZKN:einddatumGepland>20260401</ZKN:einddatumGepland>
        <ZKN:uiterlijkeEinddatum>20260507</ZKN:uiterlijkeEinddatum>
        <ZKN:betalingsIndicatie>N.v.t.</ZKN:betalingsIndicatie>
        <ZKN:archiefnominatie>J</ZKN:archiefnominatie>
        <ZKN:zaakniveau>1</ZKN:zaakniveau>
        <ZKN:deelzakenIndicatie>N</ZKN:deelzakenIndicatie>
        <StUF:extraElementen>{answers}
        </StUF:extraElementen>
        <ZKN:isVan StUF:entiteittype="ZAKZKT" StUF:verwerkingssoort="T">
          <ZKN:gerelateerde StUF:entiteittype="ZKT" StUF:verwerkingssoort="I">
            <ZKN:omschrijving>Melding openbare ruimte</ZKN:omschrijving>
            <ZKN:code>{ZAAKTYPE}</ZKN:code>
          </ZKN:gerelateerde>
        </ZKN:isVan>{"".join(rollen)}{"".join(statussen)}"""
    return _filled("zakLk01", "ZAK", inside)


def _filled(element: str, entiteittype: str, inside: str, *, reference: str = "") -> bytes:
    message = _ENVELOPE.replace("@element", element).replace("@entiteittype", entiteittype)
    message = message.replace("@reference", str(uuid.uuid5(_REFERENCES, reference)))
    return message.replace("@object", inside).encode()
