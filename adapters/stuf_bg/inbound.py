"""StUF-BG 03.10 and prefill, as server: questions and kennisgevingen in, and their answers out.

It knows envelope, stuurgegevens, services, faults and the form of messages. It refuses to know what a field means (the
mapping), who may see what (the connection) and whether a message came before (flow).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from lxml import etree

from adapters.stuf_bg import antwoord, samengesteld, vraag
from adapters.stuf_bg.checks import check_rules, check_schema, check_stuurgegevens, remarks_on
from adapters.stuf_bg.definition import definition, imported
from adapters.stuf_bg.description import describe
from adapters.stuf_bg.forms import forms
from adapters.stuf_bg.identity import identity_of
from adapters.stuf_bg.options import Options
from adapters.stuf_bg.recognition import service_of
from adapters.stuf_bg.services import BERICHTEN, by_kind
from adapters.stuf_bg.verdict import failure, fout_in
from hub.errors import MessageRefused
from hub.ports.contracts import Batch, Document, Expects, Heard, MessageRefusal, Part, Reply
from hub.wire import xml
from hub.wire.soap import envelope, http
from hub.wire.soap.envelope import Version
from hub.wire.stuf import stuurgegevens
from hub.wire.stuf.antwoord import follow
from hub.wire.stuf.gesprek import Vrager, details
from hub.wire.stuf.kennisgeving import beside
from hub.wire.stuf.stuurgegevens import Stuurgegevens, Systeem
from hub.wire.stuf.vraag import says_true
from hub.wire.stuf.weigering import fout_of


def create(options: Options) -> BgInbound:
    """Make the adapter for one connection; the definition is compiled now, not at the first message."""
    definition()
    if options.official:
        imported(options.official)
    forms()
    return BgInbound(options)


class BgInbound:
    """See `hub.ports.contracts.Conversing`, `Scoped`, `Batched` and `Hearing`."""

    content_elements = ()

    def __init__(self, options: Options) -> None:
        self._options = options

    def read(self, body: bytes, headers: Mapping[str, str], *, validate: bool) -> Document:
        """Read one message; `body` of the document is the message element, made readable (see the README)."""
        message = _opened(body, headers, validate=validate)
        said = stuurgegevens.read(xml.find(message, "stuurgegevens"))
        if validate:
            check_stuurgegevens(message, said)
        service = service_of(message, http.operation(headers))
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
        about = identity_of(message, service, said)
        for kennisgeving in (message, *message.iterfind("{*}historie/{*}wijziging")):
            beside(kennisgeving)
        return Document(
            service.kind,
            message,
            said.zender.naam,
            said.referentienummer,
            about.key,
            about.key,
            Expects.OUTCOME if said.berichtcode == "Lk02" else service.expects,
            remarks=remarks,
            person=about.person,
        )

    def batch(self, body: bytes, headers: Mapping[str, str]) -> Batch | None:
        """Take a composite kennisgeving (Lk03) apart; None for any other message."""
        if not samengesteld.may_be_samengesteld(body):
            return None
        message = _opened(body, headers, validate=True)
        if not samengesteld.is_samengesteld(message):
            return None
        said = stuurgegevens.read(xml.find(message, "stuurgegevens"))
        check_stuurgegevens(message, said)
        inhoud = samengesteld.inhoud_of(message, said)
        version = envelope.version_of(message.getroottree().getroot()) or Version.SOAP11
        parts = [
            Part(
                envelope.write(version, etree.tostring(each, encoding="unicode")),
                {"content-type": f"{version.media_type}; charset=utf-8"},
            )
            for each in inhoud.kennisgevingen
        ]
        # Said once: it is about the whole, and the first to come is where it is looked for.
        parts[0] = parts[0]._replace(remarks=inhoud.remarks)
        number = said.referentienummer
        return Batch(parts, Document(samengesteld.CODE, message, said.zender.naam, number, number, number))

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
        """Give the La01; to a form that asks for somebody who is not there an Fo02 (StUF064)."""
        to = _vrager(document, headers)
        assert isinstance(answer, bytes)
        assert isinstance(document.body, etree._Element)  # noqa: SLF001 - lxml has no other name for it
        service = by_kind()[document.kind]
        said = self._answering(to, "La01", message_id, at)
        receiver = said.ontvanger if to.said.zender.applicatie else Systeem()
        said = said._replace(entiteittype=service.entiteittype, ontvanger=receiver)
        try:
            message = antwoord.written(document.body, service, answer, said)
        except MessageRefused as refused:
            fout = fout_of(refused.code, synchroon=True)
            return Reply(*to.failed(fout, details(refused.reason, refused.path), refused.status, said))
        return Reply(*to.told(etree.tostring(message, encoding="unicode")))

    def asked(self, document: Document) -> Sequence[tuple[str, ...]] | None:
        """Name what a question asks for, as targets of the mapping of its answer."""
        assert isinstance(document.body, etree._Element)  # noqa: SLF001 - lxml has no other name for it
        return vraag.asked(document.body, by_kind()[document.kind])

    def withhold(
        self,
        document: Document,  # noqa: ARG002
        answer: bytes,
        withheld: Sequence[tuple[str, ...]],
        partly: Sequence[tuple[str, ...]] = (),
    ) -> bytes:
        """Say in an answer, as its mapping wrote it, which of its elements the asker may not see."""
        return antwoord.withhold(answer, withheld, partly)

    def follows(self, document: Document) -> bool:
        """Say whether a question asks to be told of changes of who is found, too (StUF 03.01 §6)."""
        assert isinstance(document.body, etree._Element)  # noqa: SLF001 - lxml has no other name for it
        return says_true(document.body, "parameters/indicatorAfnemerIndicatie")

    def followed(self, answer: bytes) -> bytes:
        """Say in an answer, as its mapping wrote it, that its asker is told of changes from now on."""
        return follow(answer)

    def heard(self, document: Document) -> Heard | None:
        """Tell what a message says of one of ours: what came of it (StUF 03.01 §4.4)."""
        if document.kind not in _LATER or not isinstance(document.body, etree._Element):  # noqa: SLF001 - as above
            return None
        wrong = document.kind.startswith("Fo")
        return Heard(
            document.subject,
            document.kind,
            failure(fout_in(document.body), what="what came of it") if wrong else None,
        )

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

    def description(self, path: str, query: str, *, url: str) -> Reply | None:
        """Describe the services as WSDL and its schemas."""
        return describe(path, query, url=url)

    def _answering(self, to: Vrager, berichtcode: str, message_id: str, at: datetime) -> Stuurgegevens:
        return to.answering(berichtcode, own=self._options.eigen, referentienummer=message_id, at=at)


_LATER = frozenset(each.kind for each in BERICHTEN)


def _opened(body: bytes, headers: Mapping[str, str], *, validate: bool) -> etree._Element:
    """Give the message out of its envelope; what came over HTTP (it has a content-type) must be in one."""
    soap = envelope.read(xml.parse(body, charset=xml.http_charset(headers.get("content-type", ""))))
    if validate and soap.version is None and "content-type" in headers:
        raise MessageRefused("the message is not in a SOAP envelope", code=xml.NOT_XML)
    return soap.body


def _vrager(document: Document, headers: Mapping[str, str]) -> Vrager:
    return Vrager.of(document.body, headers, synchroon=document.expects is not Expects.RECEIPT)
