"""Zaak- en Documentservices 1.1 and 1.2, receiving: four messages in, Bv03 or Fo03 back.

It knows envelope, stuurgegevens, services, faults and the form of a kennisgeving with two objects. It refuses to know
what a field means (the mapping), whether a message came before (flow) and where documents are kept (the ingress).
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from lxml import etree

from adapters.stuf_zds import wsdl
from adapters.stuf_zds.checks import check_body, check_stuurgegevens, required_text
from adapters.stuf_zds.definition import definition
from adapters.stuf_zds.options import Options
from adapters.stuf_zds.services import DOCUMENT, service_of
from hub.errors import MessageRefused
from hub.ports.contracts import Document, MessageRefusal, Reply
from hub.wire import xml
from hub.wire.soap import envelope, http
from hub.wire.soap.envelope import VERSION_MISMATCH, Version
from hub.wire.soap.fault import fault, version_mismatch
from hub.wire.stuf import stuurgegevens
from hub.wire.stuf.berichten import bv03, fo03
from hub.wire.stuf.foutcodes import FOUTCODES, PROCESFOUT
from hub.wire.stuf.kennisgeving import fold, objects
from hub.wire.stuf.stuurgegevens import Stuurgegevens

CONTENT_ELEMENTS = ("inhoud",)


def create(options: Options) -> ZdsInbound:
    """Make the adapter for one connection; the definition is compiled now, not at the first message."""
    definition()
    return ZdsInbound(options)


class ZdsInbound:
    """See `hub.ports.contracts.Inbound`."""

    content_elements = CONTENT_ELEMENTS

    def __init__(self, options: Options) -> None:
        self._options = options

    def read(self, body: bytes, headers: Mapping[str, str], *, validate: bool) -> Document:
        """Read one message; `body` of the document is the message element with *oud* folded into `object`.

        What came over HTTP (it has a content-type) must be in an envelope when it is validated; a message from a file
        or a case may be bare. Without `validate` only what is needed to read it is refused.
        """
        soap = envelope.read(xml.parse(body, charset=xml.http_charset(headers.get("content-type", ""))))
        message = soap.body
        said = stuurgegevens.read(xml.find(message, "stuurgegevens"))
        if validate:
            if soap.version is None and "content-type" in headers:
                raise MessageRefused("the message is not in a SOAP envelope", code=xml.NOT_XML)
            check_stuurgegevens(message, said)
        service = service_of(message, http.operation(headers))
        if validate and self._options.validation == "reject":
            check_body(message, service)
        fold(message)
        subject, zaak = _identified(message, is_document=service is DOCUMENT)
        return Document(service.kind, message, said.zender.naam, said.referentienummer, zaak, subject)

    def accepted(self, document: Document, *, message_id: str, at: datetime, headers: Mapping[str, str]) -> Reply:
        """Give the Bv03, in the SOAP version of the request."""
        said = Stuurgegevens("")
        version = None
        if isinstance(document.body, etree._Element):  # noqa: SLF001 - lxml has no other name for it
            said = stuurgegevens.read(xml.find(document.body, "stuurgegevens"))
            version = envelope.version_of(document.body.getroottree().getroot())
        answer = self._answer(said, "Bv03", message_id, at)
        version = version or http.version(headers) or Version.SOAP11
        return _reply(version, 200, envelope.write(version, bv03(answer)))

    def refused(
        self, refusal: MessageRefusal, body: bytes, *, message_id: str, at: datetime, headers: Mapping[str, str]
    ) -> Reply:
        """Give the Fo03 in a SOAP fault, addressed as far as the message can be read."""
        if refusal.code == VERSION_MISMATCH:
            return _reply(Version.SOAP11, refusal.status, version_mismatch())
        root = xml.glean(body, charset=xml.http_charset(headers.get("content-type", "")))
        said = Stuurgegevens("") if root is None else stuurgegevens.read(_first_stuurgegevens(root))
        version = (None if root is None else envelope.version_of(root)) or http.version(headers) or Version.SOAP11
        fout = FOUTCODES.get(refusal.code, PROCESFOUT)
        details = refusal.reason
        if refusal.path:
            details += f"; element: {refusal.path}"
        if refusal.line:
            details += f"; line: {refusal.line}"
        detail = fo03(self._answer(said, "Fo03", message_id, at), fout, details)
        return _reply(version, refusal.status, fault(version, fout.plek, fout.omschrijving, detail))

    def description(self, path: str, query: str, *, url: str) -> Reply | None:
        """Give the WSDL for `?wsdl` and its schemas for `?xsd=<name>`, on the path of any port type."""
        del path  # senders try the WSDL on BeantwoordVraag too: the description is the same everywhere
        return wsdl.describe(query, url=url)

    def _answer(self, said: Stuurgegevens, berichtcode: str, message_id: str, at: datetime) -> Stuurgegevens:
        return stuurgegevens.answer(said, berichtcode, own=self._options.eigen, referentienummer=message_id, at=at)


def _identified(message: etree._Element, *, is_document: bool) -> tuple[str, str]:
    """Give what the message creates or changes, and the zaak it belongs to."""
    found = objects(message)
    if not found:
        raise MessageRefused("the message has no object", code=xml.NOT_XML, path=xml.local_name(message))
    own = required_text(found[-1], "identificatie", message)
    if not is_document:
        return own, own
    return own, required_text(found[-1], "isRelevantVoor/gerelateerde/identificatie", message)


def _first_stuurgegevens(root: etree._Element) -> etree._Element | None:
    return next((each for each in root.iter("{*}stuurgegevens")), None)


def _reply(version: Version, status: int, body: bytes) -> Reply:
    return Reply(status, f"{version.media_type}; charset=utf-8", body)
