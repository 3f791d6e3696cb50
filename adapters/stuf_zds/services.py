"""Which service of Zaak- en Documentservices a message calls.

ZDS 1.2 gives every service its own message element. ZDS 1.1 does not: there the SOAPAction says which service a zakLk01
is for, and where it says nothing usable, the content does. It knows the four services that this adapter receives.
"""

from __future__ import annotations

import re
from functools import cache
from typing import NamedTuple

from lxml import etree

from hub.errors import MessageRefused
from hub.wire.stuf.kennisgeving import objects
from hub.wire.stuf.namespaces import ZDS, ZKN
from hub.wire.stuf.waarden import read_waarde
from hub.wire.xml import find, line_of, local_name, namespace

NOT_SUPPORTED = "StUF040"


class Service(NamedTuple):
    """One service. `kind` is its ZDS 1.1 operation, and the name under which mappings know it."""

    kind: str
    element_11: str
    element_12: str
    entiteittype: str
    mutatiesoorten: frozenset[str]


_WIJZIGING = frozenset("WCF")

CREEER = Service("creeerZaak_Lk01", "zakLk01", "creeerZaak_ZakLk01", "ZAK", frozenset("T"))
UPDATE = Service("updateZaak_Lk01", "zakLk01", "updateZaak_ZakLk01", "ZAK", _WIJZIGING)
STATUS = Service("actualiseerZaakstatus_Lk01", "zakLk01", "actualiseerZaakstatus_ZakLk01", "ZAK", _WIJZIGING)
DOCUMENT = Service("voegZaakdocumentToe_Lk01", "edcLk01", "voegZaakdocumentToe_EdcLk01", "EDC", frozenset("T"))
SERVICES = (CREEER, UPDATE, STATUS, DOCUMENT)


@cache
def known_elements() -> dict[str, str]:
    """Give the message elements we know, as Clark names, each with its entiteittype."""
    general = {f"{{{ZKN}}}{service.element_11}": service.entiteittype for service in SERVICES}
    return general | {f"{{{ZDS}}}{service.element_12}": service.entiteittype for service in SERVICES}


def service_of(message: etree._Element, operation: str) -> Service:
    """Tell the service from the message element and the operation of the SOAPAction (its last part, lower case).

    Raises MessageRefused (StUF040) when there is none, or when the two contradict each other.
    """
    name = local_name(message)
    if namespace(message) == ZDS:
        candidates = [service for service in SERVICES if service.element_12 == name]
    else:
        candidates = [service for service in SERVICES if service.element_11 == name]
    if not candidates:
        raise MessageRefused("this message is not received here", code=NOT_SUPPORTED, path=name, line=line_of(message))
    named = [service for service in candidates if operation in (service.kind.lower(), service.element_12.lower())]
    if named:
        return named[0]
    if _OPERATION(operation) and operation != name.lower():
        raise MessageRefused("the SOAPAction asks for another service than the message is for", code=NOT_SUPPORTED)
    return candidates[0] if namespace(message) == ZDS else _by_content(message)


_OPERATION = re.compile(r"\w*(?:lk|lv|la|sa|sh|di|du|bv|fo|tr)\d\d").fullmatch
_KERNGEGEVENS = {"identificatie", "omschrijving", "isVan", "tijdvakGeldigheid", "tijdstipRegistratie"}


def _by_content(message: etree._Element) -> Service:
    """Tell the services of ZDS 1.1 apart without a SOAPAction."""
    found = objects(message)
    huidig = found[-1] if found else message
    if local_name(message) == DOCUMENT.element_11:
        if find(huidig, "inhoud") is None:
            raise MessageRefused("maakZaakdocument is not received here", code=NOT_SUPPORTED, path="edcLk01/object")
        return DOCUMENT
    mutatiesoort = read_waarde(find(message, "parameters/mutatiesoort")).tekst
    if mutatiesoort in CREEER.mutatiesoorten:
        return CREEER
    if mutatiesoort not in UPDATE.mutatiesoorten:
        path = "zakLk01/parameters/mutatiesoort"
        raise MessageRefused("a zaak cannot be mutated this way here", code=NOT_SUPPORTED, path=path)
    changed = _changed(huidig, found[0] if len(found) > 1 else None) - _KERNGEGEVENS
    return STATUS if changed == {"heeft"} else UPDATE


def _changed(huidig: etree._Element, oud: etree._Element | None) -> set[str]:
    """Name the children of *huidig* that are not in *oud* with the same content."""
    before = set() if oud is None else {_content(child) for child in oud}
    return {local_name(child) for child in huidig if _content(child) not in before}


def _content(element: etree._Element) -> bytes:
    return etree.tostring(element, method="c14n", exclusive=True, with_tail=False).strip()
