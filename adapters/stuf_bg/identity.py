"""What a message is about: the key that keeps what happens to one person, company or address in order.

It knows where each message names its object. Of a person the key is for the flow to make (`Document.person`): a BSN is
no key, and neither is a number of a sender that could be one. It refuses to know what else a message says.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from lxml import etree

from adapters.stuf_bg.services import SYNCHRONISATIES, Service
from hub.security.personal import BSN_DIGITS, NOBODYS, Bsn, is_bsn
from hub.wire.stuf.kennisgeving import objects
from hub.wire.stuf.namespaces import STUF
from hub.wire.stuf.stuurgegevens import Stuurgegevens
from hub.wire.stuf.waarden import read_waarde
from hub.wire.xml import find


class Identity(NamedTuple):
    """`key` is no personal data; `person` is whom it is about, where that is somebody with a BSN."""

    key: str
    person: Bsn | None = None


def identity_of(message: etree._Element, service: Service, said: Stuurgegevens) -> Identity:
    """Read it from a message as it came: of an object that nothing identifies, the number of the message."""
    about = said.cross_refnummer or said.referentienummer
    found = list(_entities(message, service))
    if not found:
        return Identity(about)
    sleutels = [read_waarde(find(each, name)).tekst for name in service.sleutels for each in found]
    verzendend = [each.get(name, "").strip() for name in _SLEUTELS for each in found]
    if service.entiteittype == "NPS":
        # Of the two elements that identify a person the first is the BSN, of each of the objects.
        bsn = next(filter(None, map(_bsn, sleutels[: len(found)])), None)
        number = next(filter(None, (*verzendend, *sleutels[len(found) :])), "")
        return Identity(about, bsn or _bsn_in(number)) if bsn or _bsn_in(number) else _named("nps", number, about)
    number = next(filter(None, sleutels), "")
    return (
        Identity(number) if number else _named(service.entiteittype.lower(), next(filter(None, verzendend), ""), about)
    )


_SLEUTELS = (f"{{{STUF}}}sleutelVerzendend", f"{{{STUF}}}sleutelSynchronisatie")
_DIGITS = re.compile(r"(?<!\d)\d{8,9}(?!\d)").findall


def _entities(message: etree._Element, service: Service) -> Iterator[etree._Element]:
    """Give *huidig*, and *oud* where there is one."""
    if service.mutatiesoorten:
        yield from reversed(objects(message))
    elif service in SYNCHRONISATIES:
        found = find(message, "actueel/object")
        found = find(message, "actueel/actueel/object") if found is None else found
        if found is not None:
            yield found


def _named(prefix: str, number: str, otherwise: str) -> Identity:
    return Identity(f"{prefix}-{number}" if number else otherwise)


def _bsn_in(number: str) -> Bsn | None:
    """Give the BSN that a number of the sender's own may hold: such a number is no key as it is."""
    return next(filter(None, map(_bsn, _DIGITS(number))), None)


def _bsn(digits: str) -> Bsn | None:
    digits = digits.zfill(BSN_DIGITS)
    return Bsn(digits) if is_bsn(digits) and digits not in NOBODYS else None
