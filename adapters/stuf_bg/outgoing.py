"""A kennisgeving or synchronisation ready to be sent: what a mapping wrote, with all that the protocol asks around it.

It knows stuurgegevens, and which message says what is known: a change of which nothing is known of before, and all of
what is now, is a synchronisation (StUF 03.01 §5.6). It refuses to know what a field means (the mapping) and what an
answer says (`verdict`).
"""

from __future__ import annotations

import hashlib
from typing import NamedTuple

from lxml import etree

from adapters.stuf_bg.completion import complete, leads_to
from adapters.stuf_bg.definition import findings
from adapters.stuf_bg.forms import VOLLEDIG, elements
from adapters.stuf_bg.sector import PREFIXES, SECTOR
from adapters.stuf_bg.services import KENNISGEVINGEN, SYNCHRONISATIES, Service, by_kind
from hub.errors import TargetRefused
from hub.wire import xml
from hub.wire.stuf.namespaces import STUF
from hub.wire.stuf.stuurgegevens import REFERENTIENUMMER_MAX, Stuurgegevens, referentienummer_of


class Ready(NamedTuple):
    """A message with its stuurgegevens, and the service that it is for."""

    service: Service
    message: etree._Element


SENT = tuple(each for each in (*KENNISGEVINGEN, *SYNCHRONISATIES) if "Sh01" not in each.berichtcodes)
"""What is sent of our own accord: of what was before a change, an event says no more than one step."""


def ready(service: Service, body: bytes, said: Stuurgegevens, *, sleutel: str, official: str = "") -> Ready:
    """Make a message ready; `body` is what the mapping wrote, `said` its stuurgegevens but for the berichtcode.

    `sleutel` is what the object is known by between us and the receiver: a synchronisation must have one (§5.6).
    Raises TargetRefused when the message does not fit the definition: what is wrong is never sent.
    """
    written = xml.parse(body)
    said_whole = written.find(VOLLEDIG)
    volledig = said_whole is not None and said_whole.text == "true"
    if said_whole is not None:
        written.remove(said_whole)
    if service in SYNCHRONISATIES:
        made = Ready(service, _synchronisation(service, xml.find(written, "actueel/object"), said, sleutel))
    elif volledig and written.find("oud") is None:
        whole = by_kind()[f"{service.entiteittype.lower()}Sa01"]
        made = Ready(whole, _synchronisation(whole, xml.find(written, "object"), said, sleutel))
    else:
        made = Ready(service, _kennisgeving(service, written, said, volledig=volledig))
    etree.cleanup_namespaces(made.message, top_nsmap=PREFIXES, keep_ns_prefixes=list(PREFIXES))
    wrong = findings(made.message, imported_as=official)
    if wrong:
        raise TargetRefused(
            f"{service.kind}: the message would not fit the definition: {wrong[0].path}: {wrong[0].sentence}",
            code="StUF055",
            advice="correct the rule or the event that this element comes from, then replay",
        )
    return made


_SLEUTEL, _ENTITEITTYPE = f"{{{STUF}}}sleutelSynchronisatie", f"{{{STUF}}}entiteittype"


def _kennisgeving(
    service: Service, written: etree._Element, said: Stuurgegevens, *, volledig: bool = False
) -> etree._Element:
    made = SECTOR.made(service.bericht)
    made.extend(list(written))
    if xml.find(made, "object") is None:
        made.append(SECTOR.made("object"))
    complete(made, service, elements()[service.elements[0]].children["object"], volledig=volledig)
    made.insert(0, SECTOR.stuurgegevens(said._replace(berichtcode="Lk01", entiteittype=service.entiteittype)))
    return made


def _synchronisation(
    service: Service, entity: etree._Element | None, said: Stuurgegevens, sleutel: str
) -> etree._Element:
    """Put an object in an addition, and that in a synchronisation; each message has a number of its own."""
    inside = SECTOR.made("actueel")
    if entity is not None:
        entity.set(_SLEUTEL, sleutel)
        for relation in entity.iterchildren("*"):
            if _ENTITEITTYPE in relation.attrib:
                named = f"{sleutel} {relation.tag} {leads_to(relation)}"
                relation.set(_SLEUTEL, hashlib.sha256(named.encode()).hexdigest()[:REFERENTIENUMMER_MAX])
        inside.append(entity)
    addition = by_kind()[f"{service.entiteittype.lower()}Lk01-T"]
    own = said._replace(referentienummer=referentienummer_of(f"{said.referentienummer}-1"))
    actueel = _kennisgeving(addition, inside, own)
    actueel.tag = inside.tag
    made = SECTOR.made(service.bericht)
    made.append(SECTOR.stuurgegevens(said._replace(berichtcode="Sa01", entiteittype=service.entiteittype)))
    made.append(actueel)
    return made
