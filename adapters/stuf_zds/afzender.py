"""A system that sends zaken over Zaak- en Documentservices: a form engine.

Pure: it builds requests, valid against the official schemas, and leaves sending to others.
"""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Iterator, Mapping
from datetime import timedelta
from typing import Literal, NamedTuple
from uuid import NAMESPACE_URL, uuid5

from lxml import etree

from adapters.stuf_zds.fragments import (
    EIGENSCHAPPEN,
    INFORMATIEOBJECTTYPE,
    RESULTAATTYPE,
    STATUSTYPEN,
    ZAAKTYPE,
    Betrokkene,
    contents,
    day,
    documentidentificatie,
    entity,
    extra_elementen,
    heeft,
    heeft_als_initiator,
    is_van,
    kennisgeving,
    leaf,
    moment,
    zaakidentificatie,
)
from adapters.stuf_zds.services import CREEER, DOCUMENT, STATUS, UPDATE, Service
from adapters.stuf_zds.versie import spelled
from hub.wire.soap import http
from hub.wire.soap.envelope import Version, write
from hub.wire.stuf.namespaces import BG, STUF, XMIME, ZDS, ZKN
from hub.wire.stuf.stuurgegevens import Stuurgegevens, Systeem
from hub.wire.stuf.stuurgegevens import write as write_stuurgegevens
from hub.wire.stuf.waarden import write_tijdstip
from hub.wire.xml import XSI

_CONTENT = b"{inhoud}"
_GEEN_WAARDE = 'xsi:nil="true" StUF:noValue="geenWaarde"'


class Verzoek(NamedTuple):
    """One request, ready to be sent. Sending the same one again is the resend of StUF 03.01 §4.4."""

    operation: str
    action: str
    referentienummer: str
    version: Version
    body: bytes

    def headers(self) -> dict[str, str]:
        """Give the HTTP headers."""
        return http.request_headers(self.version, self.action)


class Afzender(NamedTuple):
    """A system that sends. `zds` chooses the message elements, `soap` the envelope."""

    organisatie: str = "1900"
    applicatie: str = "FORMULIEREN"
    administratie: str = ""
    zds: Literal["1.1", "1.2"] = "1.1"
    soap: Version = Version.SOAP11

    def creeer_zaak(
        self,
        number: int,
        *,
        initiator: Betrokkene = "natuurlijkPersoon",
        zaaktype: str = ZAAKTYPE,
        omschrijving: str = "",
        extra: Mapping[str, str] = EIGENSCHAPPEN,
    ) -> Verzoek:
        """Ask for a new zaak, with an initiator of one of the five kinds and a first status."""
        today = day(number)
        body = (
            leaf("identificatie", zaakidentificatie(number))
            + leaf("omschrijving", omschrijving or f"Aanvraag {number}")
            + "<ZKN:kenmerk>"
            + leaf("kenmerk", f"OF-{number:08}")
            + leaf("bron", "Formulieren")
            + "</ZKN:kenmerk>"
            + leaf("startdatum", today)
            + leaf("registratiedatum", today)
            + leaf("betalingsIndicatie", "N.v.t.")
            + leaf("zaakniveau", "1")
            + leaf("deelzakenIndicatie", "N")
            + extra_elementen(extra)
            + is_van(zaaktype)
            + heeft_als_initiator(number, initiator)
            + heeft(zaaktype, 1, moment(number))
        )
        return self._verzoek(CREEER, number, "T", entity("object", "ZAK", body, "T"))

    def update_zaak(self, number: int, *, objects: Literal[1, 2] = 2, betaald: bool = True) -> Verzoek:
        """Change the toelichting and the payment of a zaak, with or without saying what they were before."""
        identificatie = leaf("identificatie", zaakidentificatie(number))
        before = identificatie + leaf("toelichting", "Nog niet compleet") + leaf("betalingsIndicatie", "(Nog) niet")
        after = (
            identificatie
            + leaf("toelichting", "Compleet")
            + leaf("betalingsIndicatie", "Geheel" if betaald else "Gedeeltelijk")
            + leaf("laatsteBetaaldatum", day(number))
        )
        old = entity("object", "ZAK", before, "W") if objects > 1 else ""
        return self._verzoek(UPDATE, number, "W", old + entity("object", "ZAK", after, "W"))

    def actualiseer_zaakstatus(self, number: int, volgnummer: int = 2, *, zaaktype: str = ZAAKTYPE) -> Verzoek:
        """Set a status; the last one comes with a resultaat and closes the zaak."""
        identificatie = leaf("identificatie", zaakidentificatie(number))
        resultaat = f"<ZKN:resultaat>{leaf('omschrijving', RESULTAATTYPE)}</ZKN:resultaat>"
        closing = resultaat if volgnummer == max(STATUSTYPEN) and self.zds == "1.1" else ""
        empty = f'<ZKN:heeft StUF:entiteittype="ZAKSTT" StUF:verwerkingssoort="T" {_GEEN_WAARDE}/>'
        at = moment(number) + timedelta(hours=volgnummer)
        old = entity("object", "ZAK", identificatie + empty, "W")
        new = entity("object", "ZAK", identificatie + closing + heeft(zaaktype, volgnummer, at), "W")
        return self._verzoek(STATUS, number, "W", old + new, turn=volgnummer)

    def voeg_zaakdocument_toe(
        self, number: int, content: bytes = b"Een document zonder inhoud van belang.", *, document: int = 1
    ) -> Verzoek:
        """Add a document, `document` being its number within the zaak."""
        verzoek = self._document(number, document)
        return verzoek._replace(body=verzoek.body.replace(_CONTENT, b64encode(content)))

    def voeg_groot_zaakdocument_toe(
        self, number: int, size_bytes: int, *, document: int = 1
    ) -> tuple[Verzoek, Iterator[bytes]]:
        """Add a document of any size: the request without its body, and the body in pieces. Memory stays constant."""
        verzoek = self._document(number, document)
        head, _, tail = verzoek.body.partition(_CONTENT)

        def pieces() -> Iterator[bytes]:
            yield head
            yield from (b64encode(piece) for piece in contents(size_bytes))
            yield tail

        return verzoek._replace(body=b""), pieces()

    def _document(self, number: int, document: int) -> Verzoek:
        today = day(number)
        body = (
            leaf("identificatie", documentidentificatie(number, document))
            + leaf("dct.omschrijving", INFORMATIEOBJECTTYPE)
            + leaf("creatiedatum", today)
            + leaf("ontvangstdatum", today)
            + leaf("titel", f"Aanvraag {number}, bijlage {document}")
            + leaf("formaat", "application/pdf")
            + leaf("taal", "nld")
            + leaf("status", "definitief")
            + leaf("vertrouwelijkAanduiding", "ZAAKVERTROUWELIJK")
            + leaf("auteur", "Formulieren")
            + f'<ZKN:inhoud xmime:contentType="application/pdf" StUF:bestandsnaam="aanvraag-{number}-{document}.pdf">'
            + f"{_CONTENT.decode()}</ZKN:inhoud>"
            + '<ZKN:isRelevantVoor StUF:entiteittype="EDCZAK" StUF:verwerkingssoort="T">'
            + '<ZKN:gerelateerde StUF:entiteittype="ZAK" StUF:verwerkingssoort="I">'
            + leaf("identificatie", zaakidentificatie(number))
            + "</ZKN:gerelateerde></ZKN:isRelevantVoor>"
        )
        return self._verzoek(DOCUMENT, number, "T", entity("object", "EDC", body, "T"), turn=document)

    def bericht(
        self, service: Service, number: int, content: str, *, turn: int = 0, code: str = "", antwoord_op: str = ""
    ) -> Verzoek:
        """Write any message of the table; `content` is what follows the stuurgegevens, in the words of ZDS 1.1.

        `code` is a berichtcode other than the first of the service; `antwoord_op` the number of a message it answers.
        """
        code = code or service.berichtcodes[0]
        namespace, element, operation = self._words(service, code)
        kind = service.kind if code == service.berichtcodes[0] else f"{service.kind}/{code}"
        referentienummer = str(uuid5(NAMESPACE_URL, f"{self.applicatie}/{kind}/{number}/{turn}"))
        said = Stuurgegevens(
            code,
            zender=Systeem(self.organisatie, self.applicatie, self.administratie),
            ontvanger=Systeem(self.organisatie, "ZAAKHUB"),
            referentienummer=referentienummer,
            tijdstip_bericht=write_tijdstip(moment(number) + timedelta(minutes=turn)),
            cross_refnummer=antwoord_op,
            entiteittype=service.entiteittype,
            functie=service.functie,
        )
        prefix = {ZKN: "ZKN", ZDS: "ZDS", STUF: "StUF"}[namespace]
        own = write_stuurgegevens(said, "StUF" if namespace == STUF else "ZKN")
        message = (
            f'<{prefix}:{element} xmlns:ZKN="{ZKN}" xmlns:ZDS="{ZDS}" xmlns:BG="{BG}" xmlns:StUF="{STUF}" '
            f'xmlns:xmime="{XMIME}" xmlns:xsi="{XSI}">{own}{content}</{prefix}:{element}>'
        )
        if namespace == ZDS and service.functie:
            message = etree.tostring(spelled(etree.fromstring(message), f"{{{ZDS}}}{element}"), encoding="unicode")
        return Verzoek(service.kind, f"{namespace}/{operation}", referentienummer, self.soap, write(self.soap, message))

    def _words(self, service: Service, code: str) -> tuple[str, str, str]:
        """Give namespace, element and operation; what one version does not have is sent in the words of the other."""
        if service.element_stuf:
            return STUF, service.element_stuf, service.kind
        if code != service.berichtcodes[0]:
            element = service.element_11.replace(service.berichtcodes[0], code)
            return ZKN, element, element
        if service.element_12 and (self.zds == "1.2" or not service.element_11):
            return ZDS, service.element_12, service.operations[-1]
        return ZKN, service.element_11, service.operations[0]

    def _verzoek(self, service: Service, number: int, mutatiesoort: str, objects: str, *, turn: int = 0) -> Verzoek:
        return self.bericht(service, number, kennisgeving(mutatiesoort, objects), turn=turn)
