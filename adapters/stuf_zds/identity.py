"""What a message is about: the zaak it belongs to, what it creates or changes, and its zaaktype.

It knows where each service names them. It refuses to know what else a message says.
"""

from __future__ import annotations

from typing import NamedTuple

from lxml import etree

from adapters.stuf_zds.checks import required_text
from adapters.stuf_zds.recognition import kennisgeving_of
from adapters.stuf_zds.services import BERICHTEN, BESLUIT, BEWERKEN, OVERDRAGEN, VRIJGEVEN, Service
from hub.errors import MessageRefused
from hub.ports.contracts import Expects
from hub.wire.stuf.kennisgeving import objects
from hub.wire.stuf.stuurgegevens import Stuurgegevens
from hub.wire.stuf.waarden import read_waarde
from hub.wire.xml import NOT_XML, find, local_name


class Identity(NamedTuple):
    """`zaak` is the ordering key: of a document without a zaak its own identificatie. None of it is personal data."""

    zaak: str
    subject: str
    zaaktype: str = ""


def identity_of(message: etree._Element, service: Service, said: Stuurgegevens) -> Identity:
    """Read it from a message in which *oud* is folded; raises MessageRefused when a change does not name its object."""
    if service in BERICHTEN:
        return Identity(_text(message, "object/identificatie") or said.cross_refnummer, said.cross_refnummer)
    if service.mutatiesoorten:
        return _of_kennisgeving(message, service)
    if service is BESLUIT:
        zaak = required_text(message, "object/zaak/identificatie", message)
        return Identity(zaak, required_text(message, "object/besluit/identificatie", message))
    path = _PATHS.get(service.kind, "gelijk/identificatie")
    named = _text(message, path) if service.expects is Expects.ANSWER else required_text(message, path, message)
    return Identity(named, named, _text(message, "object/isVan/gerelateerde/code"))


_PATHS = {
    BEWERKEN.kind: "edcLv01/gelijk/identificatie",
    OVERDRAGEN.kind: "object/identificatie",
    VRIJGEVEN.kind: "document/identificatie",
}
_ZAAKTYPE = ("isVan/gerelateerde/code", "heeft/gerelateerde/zkt.code")
_ZAAK = "isRelevantVoor/gerelateerde/"
_ZAAK_BEFORE = "isRelevantVoor/oud/gerelateerde/identificatie"


def _of_kennisgeving(message: etree._Element, service: Service) -> Identity:
    kennisgeving = kennisgeving_of(message, service)
    found = objects(kennisgeving)
    if not found:
        raise MessageRefused("the message has no object", code=NOT_XML, path=local_name(message))
    huidig = found[-1]
    own = required_text(huidig, "identificatie", message)
    if service.entiteittype == "ZAK":
        return Identity(own, own, next(filter(None, (_text(huidig, path) for path in _ZAAKTYPE)), ""))
    if "T" in service.mutatiesoorten:
        zaak = required_text(huidig, f"{_ZAAK}identificatie", message)
    else:
        zaak = _text(huidig, f"{_ZAAK}identificatie") or _text(huidig, _ZAAK_BEFORE)
    return Identity(zaak or own, own, _text(huidig, f"{_ZAAK}isVan/gerelateerde/code"))


def _text(parent: etree._Element, path: str) -> str:
    return read_waarde(find(parent, path)).tekst
