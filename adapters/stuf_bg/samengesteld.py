"""A composite kennisgeving (Lk03): several kennisgevingen in one message, in their order (StUF 03.01 §5.3).

The BAG sends what happens to a building this way: one message with what that means for addresses, buildings and
streets. It takes the message apart into kennisgevingen as if each had come alone; what is not received here it names.
It refuses to know what a kennisgeving says.
"""

from __future__ import annotations

from collections import Counter
from copy import deepcopy
from typing import NamedTuple

from lxml import etree

from adapters.stuf_bg.sector import PREFIXES, SECTOR
from adapters.stuf_bg.services import by_element
from hub.errors import MessageRefused
from hub.wire.stuf import stuurgegevens
from hub.wire.stuf.namespaces import BG
from hub.wire.stuf.stuurgegevens import Stuurgegevens, referentienummer_of
from hub.wire.xml import find, line_of, local_name, namespace

CODE = "Lk03"


class Inhoud(NamedTuple):
    """What is in a composite message: kennisgevingen that are received here, and remarks on those that are not."""

    kennisgevingen: tuple[etree._Element, ...]
    remarks: tuple[str, ...]


def may_be_samengesteld(body: bytes) -> bool:
    """Say whether the bytes could hold one, without reading them: most messages do not."""
    return _MARK in body


def is_samengesteld(message: etree._Element) -> bool:
    """Say whether the message is one: `bagAGO_Lk03`, whatever happened."""
    return namespace(message) == BG and local_name(message).endswith(f"_{CODE}")


def functie_of(message: etree._Element) -> str:
    """Give what happened, as the name of the message says it: `bagAGO`."""
    return local_name(message).removesuffix(f"_{CODE}")


def inhoud_of(message: etree._Element, said: Stuurgegevens) -> Inhoud:
    """Take it apart; raises MessageRefused (StUF031) when nothing in it is received here."""
    inside = [each for each in message.iterchildren("*") if local_name(each) != "stuurgegevens"]
    received = [each for each in inside if _element_of(each) in by_element()]
    others = Counter(local_name(each) for each in inside if _element_of(each) not in by_element())
    named = ", ".join(f"{name} ({count})" if count > 1 else name for name, count in sorted(others.items()))
    if not received:
        reason = "nothing in the message is received here" + (f": {named}" if named else "")
        raise MessageRefused(reason, code="StUF031", path=local_name(message), line=line_of(message))
    own = [stuurgegevens.read(find(each, "stuurgegevens")).referentienummer for each in received]
    usable = len({*own, said.referentienummer}) == len(own) + 1 and all(own)
    numbers = (
        own if usable else [referentienummer_of(f"{said.referentienummer}-{place}") for place, _ in enumerate(own, 1)]
    )
    return Inhoud(
        tuple(_alone(each, said, number) for each, number in zip(received, numbers, strict=True)),
        (f"{local_name(message)}: of its kennisgevingen these are not received here: {named}",) if named else (),
    )


_MARK = f"_{CODE}".encode()
"""How the name of such a message ends: no message comes in an encoding that spells it otherwise."""


def _element_of(kennisgeving: etree._Element) -> str:
    """Give its message element when it comes alone: `aoaLk01-toevoegen` is an aoaLk01 that says so twice."""
    return str(kennisgeving.tag).partition("-")[0]


def _alone(kennisgeving: etree._Element, whole: Stuurgegevens, referentienummer: str) -> etree._Element:
    """Give a kennisgeving as a message of its own, with what its stuurgegevens leave to those of the whole.

    One number for all is none for any of them: `referentienummer` is that by which it is known.
    """
    made = etree.Element(_element_of(kennisgeving), nsmap=PREFIXES)
    made.extend([deepcopy(each) for each in kennisgeving.iterchildren("*")])
    found = find(made, "stuurgegevens")
    if found is None:
        return made
    said = stuurgegevens.read(found)
    completed = said._replace(
        zender=said.zender if said.zender.applicatie else whole.zender,
        ontvanger=said.ontvanger if said.ontvanger.applicatie else whole.ontvanger,
        referentienummer=referentienummer,
        tijdstip_bericht=said.tijdstip_bericht or whole.tijdstip_bericht,
    )
    made.replace(found, SECTOR.stuurgegevens(completed))
    return made
