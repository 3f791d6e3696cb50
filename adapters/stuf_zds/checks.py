"""What is wrong with a message: first its stuurgegevens, in the order of StUF's table 8.1, then its body.

The schema cannot say all of it (StUF leaves nearly everything optional); what ZDS makes mandatory is said here. A check
needs the message alone: whether a zender or a referentienummer is known is for others. No refusal repeats a value.
"""

from __future__ import annotations

from collections.abc import Iterator

from lxml import etree

from adapters.stuf_zds.definition import definition
from adapters.stuf_zds.services import CREEER, DOCUMENT, NOT_SUPPORTED, STATUS, Service, known_elements
from hub.errors import MessageRefused
from hub.wire.stuf.berichtcodes import BERICHTCODES
from hub.wire.stuf.kennisgeving import objects
from hub.wire.stuf.namespaces import STUF, STUF_ANY_VERSION, ZDS, ZKN
from hub.wire.stuf.stuurgegevens import Stuurgegevens
from hub.wire.stuf.waarden import read_waarde
from hub.wire.xml import find, line_of, local_name, namespace, path_of

SCHEMA = "StUF055"


def check_stuurgegevens(message: etree._Element, stuurgegevens: Stuurgegevens) -> None:
    """Check what must be right before a Bv03 may be given (StUF 03.01 chapter 8, errors of kind 3).

    Raises MessageRefused with the first code of table 8.1 that applies.
    """
    for code, reason, path in _faults(message, stuurgegevens):
        at = find(message, path) if path else message
        place = f"{local_name(message)}/{path}".rstrip("/")
        raise MessageRefused(reason, code=code, path=place, line=line_of(message if at is None else at))


def check_body(message: etree._Element, service: Service) -> None:
    """Check the message against its definition and against what ZDS adds to it; raises MessageRefused (StUF055)."""
    found = definition().check(message)
    if found:
        more = f" (and {len(found) - 1} more)" if len(found) > 1 else ""
        first = found[0]
        raise MessageRefused(first.sentence + more, code=SCHEMA, path=first.path, line=first.line)
    _check_mutatie(message, service)
    for entity in objects(message):
        _check_mandatory(entity, message, _IDENTIFYING)
    _check_mandatory(objects(message)[-1], message, _MANDATORY.get(service.kind, ()))


def required_text(parent: etree._Element, path: str, message: etree._Element) -> str:
    """Give the text at `path` (local names); raises MessageRefused when it is absent or empty."""
    text = read_waarde(find(parent, path)).tekst
    if not text:
        raise _missing(parent, path, message)
    return text


_IDENTIFYING = ("identificatie",)
_FILLED = {"identificatie", "isVan/gerelateerde/code", "isRelevantVoor/gerelateerde/identificatie"}
"""What must have a value: an empty one identifies nothing. The rest may be empty with a reason."""

_MANDATORY = {
    # ZDS 1.2 §4.3: the rest of its list (zaakniveau, deelzakenIndicatie, initiator) is left out by senders of 1.1.
    CREEER.kind: ("startdatum", "isVan/gerelateerde/code"),
    STATUS.kind: ("heeft",),
    DOCUMENT.kind: (
        "dct.omschrijving",
        "creatiedatum",
        "formaat",
        "taal",
        "vertrouwelijkAanduiding",
        "auteur",
        "inhoud",
        "isRelevantVoor/gerelateerde/identificatie",
    ),
}

_ENTITEITTYPEN = frozenset(
    ("ZAK", "EDC", "SDC", "BSL", "BST", "CTP", "DCT", "DTG", "MDW", "OEH", "STT", "VZO", "ZKT", "ZTG")
)
"""The entities of StUF-ZKN 03.10 that have messages of their own."""

_OTHER_VERSIONS = (
    "http://www.egem.nl/StUF/sector/zkn/",
    "http://www.stufstandaarden.nl/koppelvlak/zds",
    "http://www.stufstandaarden.nl/koppelvlak/ZaakEnDocumentServices/",
)


def _faults(message: etree._Element, said: Stuurgegevens) -> Iterator[tuple[str, str, str]]:
    """Give code, reason and path of every fault, in the order of the table."""
    yield from _faults_of_version(message)
    if not said.ontvanger.applicatie:
        yield "StUF010", "the message does not say who is to receive it", "stuurgegevens/ontvanger"
    if not said.zender.applicatie:
        yield "StUF013", "the message does not say who sends it", "stuurgegevens/zender"
    if said.berichtcode not in BERICHTCODES:
        yield "StUF022", "there is no such berichtcode", "stuurgegevens/berichtcode"
    if said.berichtcode != "Lk01":
        yield "StUF025", "supported: Lk01", "stuurgegevens/berichtcode"
    if said.entiteittype:
        yield from _faults_of_entiteittype(message, said.entiteittype)
    if not said.referentienummer:
        yield SCHEMA, "the message has no referentienummer", "stuurgegevens/referentienummer"


def _faults_of_version(message: etree._Element) -> Iterator[tuple[str, str, str]]:
    berichtcode = find(message, "stuurgegevens/berichtcode")
    version = STUF if berichtcode is None else namespace(berichtcode)
    if version != STUF and version.startswith(STUF_ANY_VERSION):
        yield "StUF001", "nearest supported version of StUF: 0301", "stuurgegevens"
    sector = namespace(message)
    if sector not in (ZKN, ZDS):
        if sector.startswith(_OTHER_VERSIONS):
            yield "StUF007", "nearest supported versions: zkn 0310, zds 0120", ""
        yield "StUF004", "supported: StUF-ZKN 0310 and Zaak- en Documentservices 0120", ""


def _faults_of_entiteittype(message: etree._Element, entiteittype: str) -> Iterator[tuple[str, str, str]]:
    path = "stuurgegevens/entiteittype"
    if entiteittype not in _ENTITEITTYPEN:
        yield "StUF028", "StUF-ZKN has no such entiteittype", path
    if entiteittype not in known_elements().values():
        yield "StUF031", "supported: ZAK and EDC", path
    if entiteittype != known_elements().get(str(message.tag), entiteittype):
        yield NOT_SUPPORTED, "the entiteittype is not that of the message", path


def _check_mutatie(message: etree._Element, service: Service) -> None:
    """Check that mutatiesoort and number of objects fit the service (StUF 03.01 §5.2.3)."""
    found = find(message, "parameters/mutatiesoort")
    soort = read_waarde(found).tekst
    path = f"{local_name(message)}/parameters/mutatiesoort"
    line = line_of(message if found is None else found)
    if soort not in service.mutatiesoorten:
        raise MessageRefused(f"the mutatiesoort does not fit {service.kind}", code=SCHEMA, path=path, line=line)
    if soort == "T" and len(objects(message)) > 1:
        raise MessageRefused("an addition has one object", code=SCHEMA, path=path, line=line)


def _check_mandatory(entity: etree._Element, message: etree._Element, paths: tuple[str, ...]) -> None:
    for path in paths:
        if path in _FILLED:
            required_text(entity, path, message)
        elif find(entity, path) is None:
            raise _missing(entity, path, message)


def _missing(parent: etree._Element, path: str, message: etree._Element) -> MessageRefused:
    return MessageRefused(
        "an element that Zaak- en Documentservices makes mandatory is missing or empty",
        code=SCHEMA,
        path=f"{path_of(parent, below=message)}/{path}",
        line=line_of(parent),
    )
