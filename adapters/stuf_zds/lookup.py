"""Questions to a zaaksystem that speaks Zaak- en Documentservices: one or two messages, one answer in its own terms.

It knows which service answers which question, and brings answers of different services into one shape: what is found
stands in `antwoord/object`, whichever relation it came in. It refuses to know what a field means.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from lxml import etree

from adapters.stuf_zds.criteria import document_criteria, zaak_criteria, zaak_range
from adapters.stuf_zds.exchange import asked
from adapters.stuf_zds.options import Options
from adapters.stuf_zds.questions import bewerken, empty, leaf, nummer, vraag
from adapters.stuf_zds.services import (
    BESLUITDETAILS,
    BESLUITEN,
    BESLUITNUMMER,
    BEWERKEN,
    DOCUMENTNUMMER,
    LEZEN,
    ZAAKDETAILS,
    ZAAKDOCUMENTEN,
    ZAAKNUMMER,
    ZAAKSTATUS,
    ZOEK_DOCUMENTEN,
    ZOEK_ZAKEN,
    Service,
)
from hub.errors import TargetRefused
from hub.ports.contracts import Inquiry, Lookup
from hub.wire import xml
from hub.wire.stuf.namespaces import STUF, ZKN

Question = Mapping[str, Any]

_NUMMERS = {"zaak": ZAAKNUMMER, "document": DOCUMENTNUMMER, "besluit": BESLUITNUMMER}
_DOCUMENT = (
    "identificatie", "dct.omschrijving", "creatiedatum", "ontvangstdatum", "titel", "beschrijving", "formaat", "taal",
    "versie", "status", "verzenddatum", "vertrouwelijkAanduiding", "auteur", "link",
)  # fmt: skip
_ENTITEITTYPE = f"{{{STUF}}}entiteittype"


def create(options: Options) -> Lookup:
    """Make the questions of one connection."""
    return ZdsLookup(options)


class ZdsLookup:
    """Implements hub.ports.contracts.Lookup."""

    def __init__(self, options: Options) -> None:
        self._options = options
        self._by_kind: Mapping[str, Callable[[Question, Inquiry], Awaitable[etree._Element]]] = {
            "nl.zaken.zaken-opvragen.v1": self._zaken,
            "nl.zaken.documenten-opvragen.v1": self._documenten,
            "nl.zaken.document-vergrendelen.v1": self._vergrendelen,
            "nl.zaken.besluiten-opvragen.v1": self._besluiten,
            "nl.zaken.nummer-reserveren.v1": self._nummer,
        }

    async def ask(self, kind: str, question: dict[str, Any], inquiry: Inquiry) -> etree._Element:
        """Ask; gives a message of StUF-ZKN with the contents of documents as claims."""
        return await self._by_kind[kind](question, inquiry)

    async def _zaken(self, question: Question, inquiry: Inquiry) -> etree._Element:
        """Ask for zaken; the documents of one zaak are another service, and come beside the rest."""
        wanted = set(question.get("onderdelen") or ())
        identificatie = question.get("identificatie")
        if identificatie and wanted == {"documenten"}:
            return await self._asked(ZAAKDOCUMENTEN, vraag(ZAAKDOCUMENTEN, zaak_criteria(question)), inquiry)
        criteria, between = zaak_criteria(question), zaak_range(question)
        if not criteria and not between[0]:
            raise _no_question()
        service = ZAAKDETAILS if identificatie else ZOEK_ZAKEN
        if identificatie and wanted == {"statussen"}:
            service = ZAAKSTATUS
            if question.get("alleenLaatsteStatus"):
                criteria += '<ZKN:heeft StUF:entiteittype="ZAKSTT"><ZKN:indicatieLaatsteStatus>J'
                criteria += "</ZKN:indicatieLaatsteStatus></ZKN:heeft>"
        asking = vraag(service, criteria, between=between, maximum=question.get("maximum"), na=question.get("na") or "")
        found = await self._asked(service, asking, inquiry)
        zaken = list(_objects(found))
        if "documenten" in wanted and identificatie and zaken:
            listed = await self._asked(
                ZAAKDOCUMENTEN, vraag(ZAAKDOCUMENTEN, leaf("identificatie", identificatie)), inquiry
            )
            for relation in [each for zaak in _objects(listed) for each in zaak.iterchildren("{*}heeftRelevant")]:
                zaken[0].append(relation)
        return found

    async def _documenten(self, question: Question, inquiry: Inquiry) -> etree._Element:
        """Ask for one document, with its content if that is wanted, for those of a zaak, or by title."""
        if question.get("identificatie"):
            scope = _document_scope(inhoud=bool(question.get("inhoud")))
            return await self._asked(
                LEZEN, vraag(LEZEN, leaf("identificatie", question["identificatie"]), scope=scope), inquiry
            )
        if question.get("zaak") and not question.get("titel"):
            listed = await self._asked(
                ZAAKDOCUMENTEN, vraag(ZAAKDOCUMENTEN, leaf("identificatie", question["zaak"])), inquiry
            )
            return _related(listed, "heeftRelevant", "isRelevantVoor", "EDCZAK")
        criteria = document_criteria(question)
        if not criteria:
            raise _no_question()
        asking = vraag(
            ZOEK_DOCUMENTEN,
            criteria,
            scope=_document_scope(inhoud=False),
            maximum=question.get("maximum"),
            na=question.get("na") or "",
        )
        return await self._asked(ZOEK_DOCUMENTEN, asking, inquiry)

    async def _vergrendelen(self, question: Question, inquiry: Inquiry) -> etree._Element:
        if not question.get("identificatie"):
            raise _no_question()
        return await self._asked(BEWERKEN, bewerken(leaf("identificatie", question["identificatie"])), inquiry)

    async def _besluiten(self, question: Question, inquiry: Inquiry) -> etree._Element:
        if question.get("identificatie"):
            asking = vraag(BESLUITDETAILS, leaf("identificatie", question["identificatie"]))
            return await self._asked(BESLUITDETAILS, asking, inquiry)
        if not question.get("zaak"):
            raise _no_question()
        listed = await self._asked(BESLUITEN, vraag(BESLUITEN, leaf("identificatie", question["zaak"])), inquiry)
        return _related(listed, "leidtTot", "isUitkomstVan", "BSLZAK")

    async def _nummer(self, question: Question, inquiry: Inquiry) -> etree._Element:
        service = _NUMMERS[question["soort"]]
        return await self._asked(service, nummer(service), inquiry)

    async def _asked(self, service: Service, question: etree._Element, inquiry: Inquiry) -> etree._Element:
        return await asked(inquiry.client, service, question, self._options, now=inquiry.now, keep=inquiry.keep)


def _objects(answer: etree._Element) -> list[etree._Element]:
    found = xml.find(answer, "antwoord")
    return [] if found is None else list(found.iterchildren("{*}object"))


def _document_scope(*, inhoud: bool) -> str:
    """Ask for every field, and for the content only where it is wanted: it may be large."""
    return (
        empty(_DOCUMENT)
        + ("<ZKN:inhoud/>" if inhoud else "")
        + '<ZKN:isRelevantVoor StUF:entiteittype="EDCZAK"><ZKN:gerelateerde StUF:entiteittype="ZAK">'
        + empty(["identificatie", "omschrijving"])
        + "</ZKN:gerelateerde></ZKN:isRelevantVoor>"
    )


def _related(listed: etree._Element, relation: str, back: str, entiteittype: str) -> etree._Element:
    """Turn a zaak with relations round: what it leads to is what was found, and leads back to the zaak."""
    made = etree.Element(listed.tag, nsmap={prefix or "ns": space for prefix, space in listed.nsmap.items()})
    made.extend([each for each in listed if xml.local_name(each) in ("stuurgegevens", "parameters", "melding")])
    antwoord = etree.SubElement(made, f"{{{ZKN}}}antwoord")
    for zaak in _objects(listed):
        for each in list(zaak.iterchildren(f"{{*}}{relation}")):
            gerelateerde = xml.find(each, "gerelateerde")
            if gerelateerde is None:
                continue
            own = [child for child in each if child is not gerelateerde]
            found = etree.SubElement(antwoord, f"{{{ZKN}}}object")
            found.extend(list(gerelateerde))
            link = etree.SubElement(found, f"{{{ZKN}}}{back}", {_ENTITEITTYPE: entiteittype})
            link.append(_named(zaak))
            link.extend(own)
    return made


def _named(zaak: etree._Element) -> etree._Element:
    named = etree.Element(f"{{{ZKN}}}gerelateerde", {_ENTITEITTYPE: "ZAK"})
    for each in zaak:
        if xml.local_name(each) in ("identificatie", "omschrijving", "isVan"):
            named.append(etree.fromstring(etree.tostring(each, with_tail=False)))
    return named


def _no_question() -> TargetRefused:
    return TargetRefused(
        "the question has no criterion that the target knows",
        code="vraag-niet-mogelijk",
        advice="ask for an identificatie, or by the criteria of options in the README of stuf_zds",
    )
