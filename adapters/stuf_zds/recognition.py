"""Which service a message calls.

ZDS 1.2 gives every service its own message element. ZDS 1.1 does not: there the SOAPAction says which service a zakLk01
or zakLv01 is for, and where it says nothing usable, the content does.
"""

from __future__ import annotations

import re

from lxml import etree

from adapters.stuf_zds.services import (
    CREEER,
    DOCUMENT,
    LEZEN,
    MAAK_DOCUMENT,
    STATUS,
    UPDATE,
    UPDATE_DOCUMENT,
    ZAAKDETAILS,
    ZAAKDOCUMENTEN,
    ZAAKSTATUS,
    ZOEK_DOCUMENTEN,
    ZOEK_ZAKEN,
    Service,
    by_element,
)
from hub.errors import MessageRefused
from hub.wire.stuf.checks import NOT_SUPPORTED
from hub.wire.stuf.kennisgeving import objects
from hub.wire.stuf.namespaces import ZKN
from hub.wire.stuf.waarden import read_waarde
from hub.wire.xml import find, line_of, local_name, namespace


def service_of(message: etree._Element, operation: str) -> Service:
    """Tell the service from the message element and the operation of the SOAPAction (its last part, lower case).

    Raises MessageRefused (StUF040) when there is none, or when the two contradict each other.
    """
    name = local_name(message)
    candidates = candidates_for(message)
    if not candidates:
        raise MessageRefused("this message is not received here", code=NOT_SUPPORTED, path=name, line=line_of(message))
    for each in candidates:
        if operation in {known.lower() for known in each.operations} and operation != name.lower():
            return ZOEK_ZAKEN if each is ZAAKDETAILS and namespace(message) == ZKN and _searches(message) else each
    if _OPERATION(operation) and operation not in _general(name, candidates):
        raise MessageRefused("the SOAPAction asks for another service than the message is for", code=NOT_SUPPORTED)
    return candidates[0] if len(candidates) == 1 else _by_content(message)


def candidates_for(message: etree._Element) -> tuple[Service, ...]:
    """Give the services that the message element can be for; none when it is not received here."""
    return by_element().get(str(message.tag), ()) or _without_namespace(message)


def kennisgeving_of(message: etree._Element, service: Service) -> etree._Element:
    """Give what holds the objects: the message, or in a free message the kennisgeving it carries."""
    inside = find(message, "edcLk02") if service.functie else None
    return message if inside is None else inside


_OPERATION = re.compile(r"\w*(?:lk|lv|la|sa|sh|di|du|bv|fo|tr)\d\d").fullmatch
_KERNGEGEVENS = {"identificatie", "omschrijving", "isVan", "tijdvakGeldigheid", "tijdstipRegistratie"}


def _general(name: str, candidates: tuple[Service, ...]) -> set[str]:
    """Name the operations that say no more than the element does."""
    single = candidates[0].operations if len(candidates) == 1 else ()
    return {name.lower(), name.lower().removesuffix("bericht"), *(each.lower() for each in single)}


def _without_namespace(message: etree._Element) -> tuple[Service, ...]:
    """Free messages were seen in no namespace at all: their name says enough."""
    if namespace(message):
        return ()
    found = by_element().get(f"{{{ZKN}}}{local_name(message)}", ())
    return found if len(found) == 1 and found[0].functie else ()


def _by_content(message: etree._Element) -> Service:
    """Tell the services of ZDS 1.1 apart without a SOAPAction."""
    name = local_name(message)
    if name.endswith("Lv01"):
        return _vraag(message) if name == ZAAKDETAILS.element_11 else _documentvraag(message)
    found = objects(message)
    huidig = found[-1] if found else message
    path = f"{name}/parameters/mutatiesoort"
    mutatiesoort = read_waarde(find(message, "parameters/mutatiesoort")).tekst
    if name[:3] == "edc":
        if mutatiesoort in UPDATE_DOCUMENT.mutatiesoorten:
            return UPDATE_DOCUMENT
        if mutatiesoort not in DOCUMENT.mutatiesoorten:
            raise MessageRefused("a document cannot be mutated this way here", code=NOT_SUPPORTED, path=path)
        return MAAK_DOCUMENT if find(huidig, "inhoud") is None else DOCUMENT
    if mutatiesoort in CREEER.mutatiesoorten:
        return CREEER
    if mutatiesoort not in UPDATE.mutatiesoorten:
        raise MessageRefused("a zaak cannot be mutated this way here", code=NOT_SUPPORTED, path=path)
    changed = _changed(huidig, found[0] if len(found) > 1 else None) - _KERNGEGEVENS
    return STATUS if changed == {"heeft"} else UPDATE


def _vraag(message: etree._Element) -> Service:
    """Tell the question about one zaak, by its identificatie, from a search of plain StUF-ZKN."""
    if not _by_key(message):
        return ZOEK_ZAKEN
    scope = find(message, "scope/object")
    asked = set() if scope is None else {local_name(child) for child in scope} - _KERNGEGEVENS
    if asked == {"heeftRelevant"}:
        return ZAAKDOCUMENTEN
    if asked == {"heeft"}:
        return ZAAKSTATUS
    return ZAAKDETAILS


def _documentvraag(message: etree._Element) -> Service:
    return LEZEN if _by_key(message) else ZOEK_DOCUMENTEN


def _by_key(message: etree._Element) -> bool:
    """Whether the question names its one object."""
    return bool(read_waarde(find(message, "gelijk/identificatie")).tekst)


def _searches(message: etree._Element) -> bool:
    """Whether it names no zaak: some senders ask for all of a citizen under the action of geefZaakdetails."""
    gelijk = find(message, "gelijk")
    return gelijk is not None and len(gelijk) > 0 and find(gelijk, "identificatie") is None


def _changed(huidig: etree._Element, oud: etree._Element | None) -> set[str]:
    """Name the children of *huidig* that are not in *oud* with the same content."""
    before = set() if oud is None else {_content(child) for child in oud}
    return {local_name(child) for child in huidig if _content(child) not in before}


def _content(element: etree._Element) -> bytes:
    return etree.tostring(element, method="c14n", exclusive=True, with_tail=False).strip()
