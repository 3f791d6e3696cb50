"""What is wrong with a message: first its stuurgegevens (`hub.wire.stuf.checks`), then its body.

The schema cannot say all of it (StUF leaves nearly everything optional); what ZDS makes mandatory is said here. A check
needs the message alone: whether a zender or a referentienummer is known is for others. No refusal repeats a value.
"""

from __future__ import annotations

from lxml import etree

from adapters.stuf_zds.definition import findings
from adapters.stuf_zds.recognition import candidates_for, kennisgeving_of
from adapters.stuf_zds.services import (
    BERICHTEN,
    BESLUIT,
    BEWERKEN,
    CREEER,
    DOCUMENT,
    INCHECKEN,
    MAAK_DOCUMENT,
    ONTKOPPELEN,
    OVERDRAGEN,
    SERVICES,
    STATUS,
    VRIJGEVEN,
    Service,
)
from hub.errors import MessageRefused
from hub.wire.stuf import checks
from hub.wire.stuf.checks import SCHEMA, Kandidaat, Ontvangst, refuse
from hub.wire.stuf.kennisgeving import objects
from hub.wire.stuf.namespaces import STUF, ZDS, ZKN
from hub.wire.stuf.stuurgegevens import Stuurgegevens
from hub.wire.stuf.waarden import read_waarde
from hub.wire.xml import find, line_of, local_name, path_of


def check_stuurgegevens(message: etree._Element, stuurgegevens: Stuurgegevens, *, lenient: bool = False) -> None:
    """Check the stuurgegevens against all services; raises MessageRefused with the first code of table 8.1.

    `lenient` takes a free message that is in no namespace at all.
    """
    candidates = [
        Kandidaat(_code_of(message, each), each.entiteittype, each.functie, each in BERICHTEN)
        for each in candidates_for(message)
    ]
    checks.check_stuurgegevens(message, stuurgegevens, candidates, _ONTVANGST, lenient=lenient)


def remarks_on(message: etree._Element, service: Service, *, official: str = "") -> tuple[str, ...]:
    """Say what `check_schema` and `check_rules` have against a message, for who takes it all the same."""
    found = findings(message, imported_as=official)
    if found:
        return tuple(f"{each.path}: {each.sentence}" for each in found)
    try:
        check_rules(message, service)
    except MessageRefused as wrong:
        return (f"{wrong.path}: {wrong.reason}",)
    return ()


def check_schema(message: etree._Element, *, official: str = "") -> None:
    """Check the message against its definition, and against one that was imported; raises MessageRefused (StUF055)."""
    refuse(findings(message, imported_as=official))


def check_rules(message: etree._Element, service: Service) -> None:
    """Check what ZDS and StUF ask beyond the schema; raises MessageRefused (StUF055)."""
    if service.mutatiesoorten:
        kennisgeving = kennisgeving_of(message, service)
        _check_mutatie(kennisgeving, message, service)
        for entity in objects(kennisgeving):
            _check_mandatory(entity, message, _IDENTIFYING)
        _check_mandatory(objects(kennisgeving)[-1], message, _MANDATORY.get(service.kind, ()))
    elif service.is_vraag:
        return
    else:
        _check_mandatory(message, message, _MANDATORY.get(service.kind, ()))
    if service is ONTKOPPELEN:
        _check_ontkoppeling(kennisgeving_of(message, service), message)


def required_text(parent: etree._Element, path: str, message: etree._Element) -> str:
    """Give the text at `path` (local names); raises MessageRefused when it is absent or empty."""
    text = read_waarde(find(parent, path)).tekst
    if not text:
        raise _missing(parent, path, message)
    return text


_IDENTIFYING = ("identificatie",)
_FILLED = ("identificatie", "isVan/gerelateerde/code")
"""How the paths end of what must have a value: an empty one identifies nothing. The rest may be empty with a reason."""

_DOCUMENT = (
    "dct.omschrijving",
    "creatiedatum",
    "formaat",
    "taal",
    "vertrouwelijkAanduiding",
    "auteur",
)
_ZAAK_OF_DOCUMENT = "isRelevantVoor/gerelateerde/identificatie"

_MANDATORY = {
    # ZDS 1.2 §4.3: the rest of its list (zaakniveau, deelzakenIndicatie, initiator) is left out by senders of 1.1.
    CREEER.kind: ("startdatum", "isVan/gerelateerde/code"),
    STATUS.kind: ("heeft",),
    DOCUMENT.kind: (*_DOCUMENT, "inhoud", _ZAAK_OF_DOCUMENT),
    MAAK_DOCUMENT.kind: (*_DOCUMENT, _ZAAK_OF_DOCUMENT),
    BESLUIT.kind: (
        "object/besluit/identificatie",
        "object/besluit/datumBeslissing",
        "object/besluit/ingangsdatumWerking",
        "object/zaak/identificatie",
    ),
    OVERDRAGEN.kind: ("object/identificatie",),
    VRIJGEVEN.kind: ("document/identificatie",),
    BEWERKEN.kind: ("edcLv01/gelijk/identificatie",),
}

_ONTVANGST = Ontvangst(
    berichtcodes=frozenset(code for each in SERVICES for code in each.berichtcodes),
    entiteittypen=frozenset(each.entiteittype for each in SERVICES),
    # The entities of StUF-ZKN 03.10 that have messages of their own.
    bestaande_entiteittypen=frozenset(
        ("ZAK", "EDC", "SDC", "BSL", "BST", "CTP", "DCT", "DTG", "MDW", "OEH", "STT", "VZO", "ZKT", "ZTG")
    ),
    functies=frozenset(each.functie.lower() for each in SERVICES if each.functie),
    # Of free messages with zaken that no service of ours has (regiezaakservices).
    bestaande_functies=frozenset(("notificeeroverzaak", "initieernotificeeroverzaak")),
    namespaces=frozenset((ZKN, ZDS, STUF)),
    andere_versies=(
        "http://www.egem.nl/StUF/sector/zkn/",
        "http://www.stufstandaarden.nl/koppelvlak/zds",
        "http://www.stufstandaarden.nl/koppelvlak/ZaakEnDocumentServices/",
    ),
    sector="StUF-ZKN",
    dichtstbij="zkn 0310, zds 0120",
    ondersteund="StUF-ZKN 0310 and Zaak- en Documentservices 0120",
)
_PAIR = 2


def _code_of(message: etree._Element, service: Service) -> str:
    """Give the berichtcode that this message element of the service has: zakLk02 is the second of its two."""
    return next(
        (code for code in service.berichtcodes[1:] if local_name(message).endswith(code)), service.berichtcodes[0]
    )


def _check_mutatie(kennisgeving: etree._Element, message: etree._Element, service: Service) -> None:
    """Check that mutatiesoort and number of objects fit the service (StUF 03.01 §5.2.3)."""
    found = find(kennisgeving, "parameters/mutatiesoort")
    soort = read_waarde(found).tekst
    path = f"{path_of(kennisgeving, below=message)}/parameters/mutatiesoort"
    line = line_of(message if found is None else found)
    if soort not in service.mutatiesoorten:
        raise MessageRefused(f"the mutatiesoort does not fit {service.kind}", code=SCHEMA, path=path, line=line)
    if soort == "T" and len(objects(kennisgeving)) > 1:
        raise MessageRefused("an addition has one object", code=SCHEMA, path=path, line=line)
    if service in (INCHECKEN, ONTKOPPELEN) and len(objects(kennisgeving)) != _PAIR:
        raise MessageRefused("this change has two objects: oud and huidig", code=SCHEMA, path=path, line=line)


def _check_ontkoppeling(kennisgeving: etree._Element, message: etree._Element) -> None:
    """ZDS 1.2 §5.2.10: what ends is filled in *oud*, with verwerkingssoort V."""
    oud = objects(kennisgeving)[0]
    required_text(oud, _ZAAK_OF_DOCUMENT, message)


def _check_mandatory(entity: etree._Element, message: etree._Element, paths: tuple[str, ...]) -> None:
    for path in paths:
        if path.endswith(_FILLED):
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
