"""A legacy zaaksysteem in memory, as an ASGI app: every service of Zaak- en Documentservices 1.1 and 1.2 over SOAP.

It does what the standard says of a receiver: checks, recognises a resend by its referentienummer (StUF 03.01 §4.4),
acknowledges, answers, and speaks up later with Bv01 and Fo01. It can also misbehave: see `Gedrag`. Persists nothing.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Awaitable, Callable, Iterable, Mapping
from datetime import datetime
from itertools import count
from typing import Any, Literal, NamedTuple
from uuid import NAMESPACE_URL, uuid5

from lxml import etree

from adapters.stuf_zds import antwoord
from adapters.stuf_zds.checks import check_rules, check_schema, check_stuurgegevens
from adapters.stuf_zds.forms import forms
from adapters.stuf_zds.recognition import kennisgeving_of, service_of
from adapters.stuf_zds.register import Shelf, clean, fits, identified
from adapters.stuf_zds.services import (
    BESLUIT,
    BESLUITDETAILS,
    BESLUITEN,
    BEWERKEN,
    DOCUMENT,
    INCHECKEN,
    LEZEN,
    MAAK_DOCUMENT,
    ONTKOPPELEN,
    OVERDRAGEN,
    UPDATE_BESLUIT,
    UPDATE_DOCUMENT,
    VRIJGEVEN,
    ZAAKDOCUMENTEN,
    ZOEK_DOCUMENTEN,
    Service,
)
from adapters.stuf_zds.versie import PREFIXES
from hub.clock import AMSTERDAM
from hub.errors import MessageRefused
from hub.ports.contracts import Expects
from hub.wire import xml
from hub.wire.claim import ContentChunk, ContentEnded, ContentStarted, Cutter, Kept, restore
from hub.wire.soap import envelope, http
from hub.wire.soap.envelope import Version
from hub.wire.soap.fault import fault
from hub.wire.stuf import stuurgegevens
from hub.wire.stuf.berichten import bv02, bv03, fo02, fo03
from hub.wire.stuf.foutcodes import FOUTCODES, PROCESFOUT
from hub.wire.stuf.kennisgeving import objects
from hub.wire.stuf.namespaces import STUF, ZKN
from hub.wire.stuf.stuurgegevens import Stuurgegevens, Systeem
from hub.wire.xml import find, local_name

Answered = tuple[int, Iterable[tuple[str, str]], bytes]

SELF = Systeem("1900", "ZAAKSYSTEEM")
_AT = datetime(2026, 3, 2, 9, 0, tzinfo=AMSTERDAM)


class Gedrag(NamedTuple):
    """One order: what goes wrong at the next `times` messages of a service (any, when it names none).

    kind         what happens
    cut-before   the connection is cut, nothing is done
    cut-after    it is done, then the connection is cut
    html         a page of an application server, with `status`; nothing is done
    empty        `status` and nothing else; it is done
    fout         a Fo02 or Fo03 with `code` and the plek of the standard; nothing is done
    bv04         an intermediary answers: it is done
    no-cross     the acknowledgement names no message
    other-cross  the acknowledgement names another message
    latin-1      it is done, and the answer comes in ISO-8859-1
    """

    kind: Literal["cut-before", "cut-after", "html", "empty", "fout", "bv04", "no-cross", "other-cross", "latin-1"]
    service: str = ""
    times: int = 1
    status: int = 500
    code: str = "StUF058"


class Exchange(NamedTuple):
    """One message as it came, and what it was answered with."""

    service: str
    referentienummer: str
    status: int


class Zaaksysteem:
    """The whole of it. `log` has every message in order.

    `recognises`: the standard asks a receiver to know `resends` and to answer them as the first time; some only know
    `numbers` and refuse every second one, some know `nothing` and do it again.
    """

    def __init__(self, *, recognises: Literal["resends", "numbers", "nothing"] = "resends") -> None:
        self.zaken = Shelf("zaak")
        self.documenten = Shelf("document")
        self.besluiten = Shelf("besluit")
        self.locks: dict[str, str] = {}
        self.overgedragen: list[str] = []
        self.contents: dict[str, bytes] = {}
        self.log: list[Exchange] = []
        self._recognises = recognises
        self._orders: list[Gedrag] = []
        self._known: dict[tuple[str, str], tuple[str, bytes]] = {}
        self._numbers = count(1)

    def misbehave(self, *orders: Gedrag) -> None:
        """Order misbehaviour, on top of what is ordered already."""
        self._orders.extend(orders)

    def of_zaak(self, zaak: str) -> list[str]:
        """Give the documents that belong to a zaak."""
        return [name for name in self.documenten if zaak in _zaken_of(self.documenten.get(name))]

    def content(self, document: str) -> bytes:
        """Give the content of a document."""
        inhoud = find(self.documenten.get(document), "inhoud")
        return b"" if inhoud is None or not inhoud.text else self.contents[inhoud.text.split(":")[1]]

    async def handle(
        self, method: str, path: str, query: Mapping[str, str], headers: Mapping[str, str], body: bytes
    ) -> Answered:
        """Answer one request; ConnectionError where it cuts the connection."""
        del path, query  # every port type does the same: the message says which service it is for
        if method != "POST":
            return 405, [("content-type", "text/plain")], b"POST a message"
        message = envelope.read(xml.parse(self._kept(body), charset=xml.http_charset(headers.get("content-type", ""))))
        version = message.version or Version.SOAP11
        said = stuurgegevens.read(find(message.body, "stuurgegevens"))
        try:
            service = service_of(message.body, http.operation(headers))
        except MessageRefused as refusal:
            return self._refused(refusal, None, said, version)
        order = self._order(service.kind)
        if order is not None and order.kind == "cut-before":
            self.log.append(Exchange(service.kind, said.referentienummer, 0))
            raise ConnectionError("cut before")
        if order is not None and order.kind == "html":
            self.log.append(Exchange(service.kind, said.referentienummer, order.status))
            return order.status, [("content-type", "text/html")], b"<html><body><h1>Error</h1></body></html>"
        status, names, answer = self._answered(service, message.body, said, version, order)
        self.log.append(Exchange(service.kind, said.referentienummer, status))
        if order is not None and order.kind == "cut-after":
            raise ConnectionError("cut after")
        if order is not None and order.kind == "empty":
            return order.status, [], b""
        if order is not None and order.kind == "latin-1":
            text = answer.decode().replace("UTF-8", "ISO-8859-1").encode("iso-8859-1")
            return status, [("content-type", f"{version.media_type}; charset=ISO-8859-1")], text
        return status, names, answer

    def later(
        self, code: Literal["Bv01", "Fo01"], about: str, *, fout: str = "StUF058"
    ) -> tuple[bytes, dict[str, str]]:
        """Write what comes later about an asynchronous message: the envelope and its HTTP headers."""
        own = str(uuid5(NAMESPACE_URL, f"{code}/{about}"))
        said = Stuurgegevens(code, SELF, Systeem("1900", "ZAAKHUB"), own, f"{_AT:%Y%m%d%H%M%S}000", about)
        found = FOUTCODES.get(fout, PROCESFOUT)
        body = (
            f"<StUF:body><StUF:code>{fout}</StUF:code><StUF:plek>{found.plek}</StUF:plek>"
            f"<StUF:omschrijving>{xml.escape(found.omschrijving)}</StUF:omschrijving></StUF:body>"
        )
        content = (
            f'<StUF:{code}Bericht xmlns:StUF="{STUF}">{stuurgegevens.write(said)}'
            f"{body if code == 'Fo01' else ''}</StUF:{code}Bericht>"
        )
        headers = http.request_headers(Version.SOAP11, f"{STUF}/{code}")
        return envelope.write(Version.SOAP11, content), headers

    async def __call__(
        self,
        scope: dict[str, Any],
        receive: Callable[[], Awaitable[dict[str, Any]]],
        send: Callable[[dict[str, Any]], Awaitable[None]],
    ) -> None:
        """Serve as an ASGI app."""
        if scope["type"] != "http":
            return
        body = b""
        more = True
        while more:
            event = await receive()
            body += event.get("body", b"")
            more = event.get("more_body", False)
        headers = {name.decode().lower(): value.decode() for name, value in scope["headers"]}
        status, names, answer = await self.handle(scope["method"], scope["path"], {}, headers, body)
        raw = [(name.encode(), value.encode()) for name, value in names]
        await send({"type": "http.response.start", "status": status, "headers": raw})
        await send({"type": "http.response.body", "body": answer})

    def _order(self, kind: str) -> Gedrag | None:
        for place, each in enumerate(self._orders):
            if each.service in ("", kind):
                left = each.times - 1
                self._orders[place : place + 1] = [each._replace(times=left)] if left else []
                return each
        return None

    def _kept(self, body: bytes) -> bytes:
        """Keep the contents of documents apart: a claim stands in their place."""
        cutter = Cutter(("inhoud",), new_reference=lambda: f"inhoud-{len(self.contents) + 1}-{next(self._numbers)}")
        message: list[bytes] = []
        chunks: list[bytes] = []
        for event in (*cutter.feed(body), *cutter.close()):
            match event:
                case Kept(data):
                    message.append(data)
                case ContentStarted():
                    chunks = []
                case ContentChunk(data):
                    chunks.append(data)
                case ContentEnded(claim):
                    self.contents[claim.reference] = b"".join(chunks)
        return b"".join(message)

    def _answered(
        self, service: Service, message: etree._Element, said: Stuurgegevens, version: Version, order: Gedrag | None
    ) -> Answered:
        key, content = (said.zender.naam, said.referentienummer), _hash(message)
        known = self._known.get(key) if said.referentienummer else None
        try:
            check_stuurgegevens(message, said)
            self._check_number(known, content, order)
            if known is not None and self._recognises == "resends":
                return 200, _headers(version), known[1]
            check_schema(message)
            check_rules(message, service)
            given = self._done(service, message, said)
        except MessageRefused as refusal:
            return self._refused(refusal, service, said, version)
        answer = envelope.write(version, given or self._acknowledgement(service, said, order))
        if service.expects is not Expects.ANSWER:
            self._known[key] = (content, envelope.write(version, self._acknowledgement(service, said, None)))
        return 200, _headers(version), restore(answer, lambda claim: self.contents[claim.reference])

    def _check_number(self, known: tuple[str, bytes] | None, content: str, order: Gedrag | None) -> None:
        """Raise MessageRefused for a number that was used (StUF016), and for what was ordered."""
        used = known is not None and (known[0] != content or self._recognises == "numbers")
        if used and self._recognises != "nothing":
            raise MessageRefused("this number was used", code="StUF016")
        if order is not None and order.kind == "fout":
            raise MessageRefused("as ordered", code=order.code)

    def _acknowledgement(self, service: Service, said: Stuurgegevens, order: Gedrag | None) -> str:
        if service.expects is Expects.OUTCOME:
            return bv02()
        own = str(uuid5(NAMESPACE_URL, f"Bv03/{said.referentienummer}"))
        answer = stuurgegevens.answer(said, "Bv03", own=SELF, referentienummer=own, at=_AT)
        kind = order.kind if order else ""
        if kind == "no-cross":
            return bv03(answer._replace(cross_refnummer=""))
        if kind == "other-cross":
            return bv03(answer._replace(cross_refnummer="another"))
        return bv03(answer).replace("Bv03", "Bv04") if kind == "bv04" else bv03(answer)

    def _refused(
        self, refusal: MessageRefused, service: Service | None, said: Stuurgegevens, version: Version
    ) -> Answered:
        found = FOUTCODES.get(refusal.code, PROCESFOUT._replace(code=refusal.code))
        if service is not None and service.expects is not Expects.RECEIPT:
            detail = fo02(found, refusal.reason)
        else:
            own = str(uuid5(NAMESPACE_URL, f"Fo03/{said.referentienummer}"))
            answer = stuurgegevens.answer(said, "Fo03", own=SELF, referentienummer=own, at=_AT)
            detail = fo03(answer, found, refusal.reason)
        return 500, _headers(version), fault(version, found.plek, found.omschrijving, detail)

    def _done(self, service: Service, message: etree._Element, said: Stuurgegevens) -> str:
        """Do what a message asks; gives the answer to a question."""
        if service.is_vraag or service is BEWERKEN:
            return self._found(service, message, said)
        if service.expects is Expects.ANSWER:
            return self._number(service, message, said)
        if service is OVERDRAGEN:
            self.overgedragen.append(identified(objects(message)[0]))
        elif service is BESLUIT:
            self._keep_besluit(objects(message)[0])
        elif service is VRIJGEVEN:
            document = find(message, "document")
            assert document is not None
            self._unlock(identified(document), message)
        elif service in (DOCUMENT, MAAK_DOCUMENT):
            for zaak in _zaken_of(objects(message)[-1]):
                self.zaken.get(zaak)
            self.documenten.add(objects(message)[-1])
        else:
            self._change(service, message)
        return ""

    def _change(self, service: Service, message: etree._Element) -> None:
        found = objects(kennisgeving_of(message, service))
        huidig, oud = found[-1], found[0] if len(found) > 1 else None
        if service in (INCHECKEN, ONTKOPPELEN, UPDATE_DOCUMENT):
            self._unlock(identified(huidig), message)
            self.documenten.change(huidig, oud)
        elif service is UPDATE_BESLUIT:
            self.besluiten.change(huidig, oud)
        elif "T" in service.mutatiesoorten:
            self.zaken.add(huidig)
        else:
            self.zaken.change(huidig, oud)

    def _keep_besluit(self, content: etree._Element) -> None:
        besluit, zaak = find(content, "besluit"), find(content, "zaak")
        assert besluit is not None
        assert zaak is not None
        self.zaken.get(identified(zaak))
        self.besluiten.add(besluit)
        link = etree.SubElement(self.besluiten.get(identified(besluit)), f"{{{ZKN}}}isUitkomstVan")
        link.set(f"{{{STUF}}}entiteittype", "BSLZAK")
        named = clean(zaak)
        named.tag = f"{{{ZKN}}}gerelateerde"
        link.append(named)

    def _unlock(self, document: str, message: etree._Element) -> None:
        """End a check-out; raises MessageRefused when somebody else has the document."""
        given = find(message, "parameters/checkedOutId")
        lock = self.locks.get(document)
        self.documenten.get(document)
        if lock is not None and (given is None or given.text != lock):
            raise MessageRefused("the document is checked out by somebody else", code="StUF058")
        self.locks.pop(document, None)

    def _number(self, service: Service, message: etree._Element, said: Stuurgegevens) -> str:
        name = re.sub(r"genereer(\w+)Identificatie_Di02", r"\1", service.kind).lower()
        number = f"{said.zender.organisatie or '1900'}{next(self._numbers):010}"
        content = f"<ZKN:{name}><ZKN:identificatie>{number}</ZKN:identificatie></ZKN:{name}>"
        return self._answer(service, message, said, content)

    def _found(self, service: Service, message: etree._Element, said: Stuurgegevens) -> str:
        asked = message if service.is_vraag else next(message.iterchildren("{*}edcLv01"))
        entities = self._entities(service)
        hits = [each for each in entities if _asked_for(each, asked)]
        last = find(asked, "start/object/identificatie")
        if last is not None:
            hits = [each for each in hits if identified(each) > (last.text or "")]
        limit = int(getattr(find(asked, "parameters/maximumAantal"), "text", None) or len(hits) or 1)
        more = "true" if len(hits) > limit else "false"
        written = "".join(self._written(service, each) for each in hits[:limit])
        found = f"<ZKN:antwoord>{written}</ZKN:antwoord>" if written else ""
        if service is not BEWERKEN:
            parameters = f"<StUF:indicatorVervolgvraag>{more}</StUF:indicatorVervolgvraag>"
            return self._answer(service, message, said, f"<ZKN:parameters>{parameters}</ZKN:parameters>{found}")
        if not hits:
            raise MessageRefused("there is no such document", code="StUF064")
        document = identified(hits[0])
        if document in self.locks:
            raise MessageRefused("the document is checked out", code="StUF058")
        lock = self.locks[document] = f"checkout-{next(self._numbers)}"
        content = (
            f"<ZKN:parameters><ZKN:checkedOutId>{lock}</ZKN:checkedOutId></ZKN:parameters>"
            f"<ZKN:edcLa01><ZKN:parameters/>{found}</ZKN:edcLa01>"
        )
        return self._answer(service, message, said, content)

    def _entities(self, service: Service) -> list[etree._Element]:
        if service in (LEZEN, ZOEK_DOCUMENTEN, BEWERKEN):
            return [self.documenten.get(name) for name in self.documenten]
        if service is BESLUITDETAILS:
            return [self.besluiten.get(name) for name in self.besluiten]
        return [self.zaken.get(name) for name in self.zaken]

    def _written(self, service: Service, entity: etree._Element) -> str:
        """Write one object of an answer, in the order of the definition."""
        parts = [clean(each) for each in entity]
        if service is ZAAKDOCUMENTEN:
            parts += [
                self._relation("heeftRelevant", "ZAKEDC", self.documenten.get(name), identified(entity))
                for name in self.of_zaak(identified(entity))
            ]
        if service is BESLUITEN:
            parts += [
                self._relation("leidtTot", "ZAKBSL", self.besluiten.get(name), identified(entity))
                for name in self.besluiten
                if identified(entity) in _uitkomst_van(self.besluiten.get(name))
            ]
        order = list(_object_form(service))
        parts = [each for each in parts if local_name(each) in order]
        parts.sort(key=lambda each: order.index(local_name(each)))
        written = "".join(etree.tostring(each, encoding="unicode", with_tail=False) for each in parts)
        soort = {"BSL": "BSL"}.get(
            service.entiteittype, "EDC" if service in (LEZEN, ZOEK_DOCUMENTEN, BEWERKEN) else "ZAK"
        )
        return f'<ZKN:object StUF:entiteittype="{soort}">{written}</ZKN:object>'

    def _relation(self, name: str, entiteittype: str, entity: etree._Element, zaak: str) -> etree._Element:
        """Give a relation of a zaak to a document or besluit, with what it says of how they belong together."""
        relation = etree.Element(f"{{{ZKN}}}{name}", {f"{{{STUF}}}entiteittype": entiteittype}, nsmap=PREFIXES)
        related = etree.SubElement(relation, f"{{{ZKN}}}gerelateerde", {f"{{{STUF}}}entiteittype": entiteittype[3:]})
        related.extend(
            [
                clean(each)
                for each in entity
                if local_name(each) not in ("inhoud", "isRelevantVoor", "isUitkomstVan", "isVastgelegdIn")
            ]
        )
        for link in entity.iterchildren("{*}isRelevantVoor"):
            own = find(link, "gerelateerde/identificatie")
            if own is not None and own.text == zaak:
                relation.extend(
                    [clean(each) for each in link if local_name(each) in ("titel", "beschrijving", "registratiedatum")]
                )
        return relation

    def _answer(self, service: Service, message: etree._Element, said: Stuurgegevens, content: str) -> str:
        spaces = " ".join(f'xmlns:{prefix}="{space}"' for prefix, space in PREFIXES.items())
        own = str(uuid5(NAMESPACE_URL, f"{service.antwoord}/{said.referentienummer}"))
        code = "La01" if service.is_vraag else "Du02"
        answer = stuurgegevens.answer(said, code, own=SELF, referentienummer=own, at=_AT)
        answer = answer._replace(entiteittype=service.entiteittype, functie=service.functie)
        written = antwoord.written(message, service, f"<ZKN:x {spaces}>{content}</ZKN:x>".encode(), answer)
        return etree.tostring(written, encoding="unicode")


def _hash(message: etree._Element) -> str:
    """Hash what a message says: not its stuurgegevens, nor where the simulator keeps a content."""
    digest = hashlib.sha256()
    for part in message:
        if local_name(part) != "stuurgegevens":
            digest.update(re.sub(rb"zaakhub-inhoud:[^:]+:", b"", etree.tostring(part, with_tail=False)))
    return digest.hexdigest()


def _headers(version: Version) -> list[tuple[str, str]]:
    return [("content-type", f"{version.media_type}; charset=utf-8")]


def _asked_for(entity: etree._Element, asked: etree._Element) -> bool:
    gelijk = find(asked, "gelijk")
    if gelijk is not None and not fits(entity, gelijk):
        return False
    for name, sign in (("vanaf", 1), ("totEnMet", -1)):
        limits = find(asked, name)
        for limit in () if limits is None else limits:
            own = find(entity, local_name(limit))
            text = (limit.text or "").strip()
            if text and (own is None or (int(own.text or 0) - int(text)) * sign < 0):
                return False
    return True


def _zaken_of(document: etree._Element) -> list[str]:
    found = (find(each, "gerelateerde/identificatie") for each in document.iterchildren("{*}isRelevantVoor"))
    return [each.text or "" for each in found if each is not None]


def _uitkomst_van(besluit: etree._Element) -> list[str]:
    found = (find(each, "gerelateerde/identificatie") for each in besluit.iterchildren("{*}isUitkomstVan"))
    return [each.text or "" for each in found if each is not None]


def _object_form(service: Service) -> Iterable[str]:
    form = forms()[service.antwoord]
    if service is BEWERKEN:
        form = form.children["edcLa01"]
    return form.children["antwoord"].children["object"].children
