"""The message that is measured: a creeerZaak_Lk01 with every field of the zaak itself, 6 kB, as form engines indent it.

No rollen, statussen or eigenschappen, so that its delivery is exactly one HTTP call once the catalogue is known.
"""

from __future__ import annotations

import uuid
from typing import Final

PATH: Final = "/in/formulieren-naar-zaken/OntvangAsynchroon"
HEADERS: Final = {
    "content-type": "text/xml; charset=utf-8",
    "soapaction": '"http://www.egem.nl/StUF/sector/zkn/0310/creeerZaak_Lk01"',
}
ZAAKTYPE: Final = "B1000"
KENMERKEN: Final = 14

_REFERENCES = uuid.UUID("0d2b7c9a-52c5-4f0e-8f0e-6c2f3a7f9b10")

_TOELICHTING = (
    "Bij de oversteek voor de school ligt een tegel los en de goot is verzakt. "
    "Bij regen blijft er een plas staan waar kinderen doorheen moeten. "
) * 6

_KENMERK = """
          <ZKN:kenmerk>
            <ZKN:kenmerk>F-2026-%03d</ZKN:kenmerk>
            <ZKN:bron>Formulieren van de gemeente %d</ZKN:bron>
          </ZKN:kenmerk>"""

_MESSAGE = f"""<?xml version="1.0" encoding="UTF-8"?>
<soap:Envelope xmlns:soap="http://schemas.xmlsoap.org/soap/envelope/">
  <soap:Body>
    <ZKN:zakLk01
      xmlns:ZKN="http://www.egem.nl/StUF/sector/zkn/0310"
      xmlns:BG="http://www.egem.nl/StUF/sector/bg/0310"
      xmlns:StUF="http://www.egem.nl/StUF/StUF0301"
      xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">
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
        <StUF:entiteittype>ZAK</StUF:entiteittype>
      </ZKN:stuurgegevens>
      <ZKN:parameters>
        <StUF:mutatiesoort>T</StUF:mutatiesoort>
        <StUF:indicatorOvername>V</StUF:indicatorOvername>
      </ZKN:parameters>
      <ZKN:object StUF:entiteittype="ZAK" StUF:verwerkingssoort="T">
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
          </ZKN:isVan>
      </ZKN:object>
    </ZKN:zakLk01>
  </soap:Body>
</soap:Envelope>
"""


def zaak(batch: str, number: int) -> str:
    """Name a zaak; `batch` keeps rounds apart."""
    return f"9999-{batch}-{number:06}"


def creeer_zaak(batch: str, number: int) -> bytes:
    """Give the message that creates it."""
    name = zaak(batch, number)
    return _MESSAGE.replace("@reference", str(uuid.uuid5(_REFERENCES, name))).replace("@zaak", name).encode()
