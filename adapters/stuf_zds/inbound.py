"""Zaak- en Documentservices 1.1 and 1.2 and plain StUF-ZKN, as server: all services in, and their answers out.

It knows envelope, stuurgegevens, services, faults and the form of messages. It refuses to know what a field means (the
mapping), whether a message came before (flow) and where documents are kept (the ingress).
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from lxml import etree

from adapters.stuf_zds import antwoord, vraag, wsdl
from adapters.stuf_zds.afterwards import heard
from adapters.stuf_zds.checks import check_rules, check_schema, check_stuurgegevens, remarks_on
from adapters.stuf_zds.definition import definition, imported
from adapters.stuf_zds.forms import forms
from adapters.stuf_zds.identity import identity_of
from adapters.stuf_zds.options import Options
from adapters.stuf_zds.recognition import kennisgeving_of, service_of
from adapters.stuf_zds.refusals import fout_of
from adapters.stuf_zds.services import by_kind
from hub.errors import MessageRefused
from hub.ports.contracts import Document, Expects, Heard, MessageRefusal, Reply
from hub.wire import xml
from hub.wire.soap import envelope, http
from hub.wire.stuf import stuurgegevens
from hub.wire.stuf.gesprek import Vrager, details
from hub.wire.stuf.kennisgeving import fold
from hub.wire.stuf.stuurgegevens import Stuurgegevens, Systeem

CONTENT_ELEMENTS = ("inhoud",)


def create(options: Options) -> ZdsInbound:
    """Make the adapter for one connection; the definition is compiled now, not at the first message."""
    definition()
    if options.official:
        imported(options.official)
    forms()
    return ZdsInbound(options)


class ZdsInbound:
    """See `hub.ports.contracts.Conversing`."""

    content_elements = CONTENT_ELEMENTS

    def __init__(self, options: Options) -> None:
        self._options = options

    def read(self, body: bytes, headers: Mapping[str, str], *, validate: bool) -> Document:
        """Read one message; `body` of the document is the message element, made readable (see the README).

        What came over HTTP (it has a content-type) must be in an envelope when it is validated; a message from a file
        or a case may be bare. Without `validate` only what is needed to read it is refused.
        """
        soap = envelope.read(xml.parse(body, charset=xml.http_charset(headers.get("content-type", ""))))
        message = soap.body
        said = stuurgegevens.read(xml.find(message, "stuurgegevens"))
        if validate:
            if soap.version is None and "content-type" in headers:
                raise MessageRefused("the message is not in a SOAP envelope", code=xml.NOT_XML)
            check_stuurgegevens(message, said, lenient=self._options.validation != "reject")
        service = service_of(message, http.operation(headers))
        if service.is_vraag:
            vraag.mend_scope(message)
        remarks: tuple[str, ...] = ()
        if validate and self._options.validation == "reject":
            check_schema(message, official=self._options.official)
            check_rules(message, service)
        elif validate and self._options.validation == "warn":
            remarks = remarks_on(message, service, official=self._options.official)
        if service.is_vraag:
            if validate:
                vraag.check_vraag(message, service)
            vraag.add_help(message, service)
        if service.mutatiesoorten:
            fold(kennisgeving_of(message, service))
        zaak, subject, zaaktype = identity_of(message, service, said)
        expects = Expects.OUTCOME if said.berichtcode == "Lk02" else service.expects
        return Document(
            service.kind, message, said.zender.naam, said.referentienummer, zaak, subject, expects, zaaktype, remarks
        )

    def accepted(self, document: Document, *, message_id: str, at: datetime, headers: Mapping[str, str]) -> Reply:
        """Give the Bv03, in the SOAP version of the request."""
        to = _vrager(document, headers)
        return Reply(*to.received(self._answering(to, "Bv03", message_id, at)))

    def delivered(self, document: Document, *, message_id: str, at: datetime, headers: Mapping[str, str]) -> Reply:
        """Give the Bv02 to a synchronous change; to an asynchronous one the Bv03, for want of anything better."""
        if document.expects is Expects.RECEIPT:
            return self.accepted(document, message_id=message_id, at=at, headers=headers)
        return Reply(*_vrager(document, headers).done())

    def answered(
        self,
        document: Document,
        answer: dict[str, Any] | bytes,
        *,
        message_id: str,
        at: datetime,
        headers: Mapping[str, str],
    ) -> Reply:
        """Give the La01 or Du02, in the version of ZDS and SOAP of the question; content stays a claim.

        What cannot be given is an Fo02: a document to edit that is not there (StUF064).
        """
        to = _vrager(document, headers)
        assert isinstance(answer, bytes)
        assert isinstance(document.body, etree._Element)  # noqa: SLF001 - lxml has no other name for it
        service = by_kind()[document.kind]
        said = self._answering(to, service.antwoord[-4:], message_id, at)
        said = said._replace(
            entiteittype=service.entiteittype,
            functie=service.functie,
            ontvanger=said.ontvanger if to.said.zender.applicatie else Systeem(),
        )
        try:
            message = antwoord.written(document.body, service, answer, said)
        except MessageRefused as refused:
            fout = fout_of(refused.code, synchroon=True)
            return Reply(*to.failed(fout, details(refused.reason, refused.path), refused.status, said))
        return Reply(*to.told(etree.tostring(message, encoding="unicode")))

    def refused(
        self, refusal: MessageRefusal, body: bytes, *, message_id: str, at: datetime, headers: Mapping[str, str]
    ) -> Reply:
        """Give the Fo02 or Fo03 in a SOAP fault, addressed as far as the message can be read."""
        to = Vrager.gleaned(body, headers)
        misunderstood = to.misunderstood(refusal.code, refusal.status)
        if misunderstood is not None:
            return Reply(*misunderstood)
        fout = fout_of(refusal.code, synchroon=to.synchroon, http_status=refusal.http_status)
        said = self._answering(to, "Fo03", message_id, at)
        return Reply(*to.failed(fout, details(refusal.reason, refusal.path, refusal.line), refusal.status, said))

    def heard(self, document: Document) -> Heard | None:
        """Tell what a message says of one of ours: see `afterwards`."""
        return heard(document)

    def description(self, path: str, query: str, *, url: str) -> Reply | None:
        """Give the WSDL for `?wsdl` and its schemas for `?xsd=<name>`, on the path of any port type."""
        return wsdl.describe(path, query, url=url)

    def _answering(self, to: Vrager, berichtcode: str, message_id: str, at: datetime) -> Stuurgegevens:
        return to.answering(berichtcode, own=self._options.eigen, referentienummer=message_id, at=at)


def _vrager(document: Document, headers: Mapping[str, str]) -> Vrager:
    return Vrager.of(document.body, headers, synchroon=document.expects is not Expects.RECEIPT)
