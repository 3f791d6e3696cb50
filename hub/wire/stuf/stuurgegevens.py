"""Stuurgegevens: who sends what to whom, under which number (StUF 03.01 §4.2).

It reads what is there, however broken, and writes only what the schema allows. Whether a sender is known, or a number
used before, is for others.
"""

from __future__ import annotations

import hashlib
from datetime import datetime
from typing import NamedTuple

from lxml import etree

from hub.wire.stuf.waarden import write_tijdstip
from hub.wire.xml import escape, local_name

REFERENTIENUMMER_MAX = 40


class Systeem(NamedTuple):
    """A system that sends or receives. `gebruiker` is no part of its identity (§4.3)."""

    organisatie: str = ""
    applicatie: str = ""
    administratie: str = ""
    gebruiker: str = ""

    @property
    def naam(self) -> str:
        """Its identity in one word: organisatie/applicatie/administratie."""
        return f"{self.organisatie}/{self.applicatie}/{self.administratie}".rstrip("/")


ONBEKEND = Systeem(applicatie="ONBEKEND")
"""To whom a fault is addressed when the message does not say who sent it: the schema wants an applicatie."""


class Stuurgegevens(NamedTuple):
    """The stuurgegevens of a message; an empty text is what was not said."""

    berichtcode: str
    zender: Systeem = Systeem()
    ontvanger: Systeem = Systeem()
    referentienummer: str = ""
    tijdstip_bericht: str = ""
    cross_refnummer: str = ""
    entiteittype: str = ""
    functie: str = ""


def read(element: etree._Element | None) -> Stuurgegevens:
    """Read by local name, whatever order or namespace a sender chose."""
    if element is None:
        return Stuurgegevens("")
    said = {local_name(child): child for child in element}

    def text(name: str) -> str:
        return _text(said[name]) if name in said else ""

    return Stuurgegevens(
        text("berichtcode"),
        _read_systeem(said.get("zender")),
        _read_systeem(said.get("ontvanger")),
        text("referentienummer"),
        text("tijdstipBericht"),
        text("crossRefnummer"),
        text("entiteittype"),
        text("functie"),
    )


def write(stuurgegevens: Stuurgegevens, prefix: str = "StUF") -> str:
    """Write in the order of the schema; the element itself gets `prefix`, its children the prefix StUF."""
    fields = (
        _leaf("berichtcode", stuurgegevens.berichtcode),
        _write_systeem("zender", stuurgegevens.zender),
        _write_systeem("ontvanger", stuurgegevens.ontvanger),
        _leaf("referentienummer", stuurgegevens.referentienummer),
        _leaf("tijdstipBericht", stuurgegevens.tijdstip_bericht),
        _leaf("crossRefnummer", stuurgegevens.cross_refnummer),
        _leaf("entiteittype", stuurgegevens.entiteittype),
        _leaf("functie", stuurgegevens.functie),
    )
    return f"<{prefix}:stuurgegevens>{''.join(fields)}</{prefix}:stuurgegevens>"


def answer(
    request: Stuurgegevens, berichtcode: str, *, own: Systeem, referentienummer: str, at: datetime
) -> Stuurgegevens:
    """Answer: zender and ontvanger change places, the request's number becomes the crossRefnummer (§4.3).

    Who the request does not name is `own` as sender and ONBEKEND as receiver. Numbers longer than the schema's 40 are
    cut, as senders that make them cut them too.
    """
    return Stuurgegevens(
        berichtcode,
        zender=_fitting(request.ontvanger, own),
        ontvanger=_fitting(request.zender, ONBEKEND),
        referentienummer=referentienummer[:REFERENTIENUMMER_MAX],
        tijdstip_bericht=write_tijdstip(at),
        cross_refnummer=request.referentienummer[:REFERENTIENUMMER_MAX],
    )


def referentienummer_of(name: str) -> str:
    """Give the referentienummer for what we name: the same name, or what stands for one that is too long (§4.2)."""
    if len(name) <= REFERENTIENUMMER_MAX:
        return name
    return hashlib.sha256(name.encode()).hexdigest()[:REFERENTIENUMMER_MAX]


_LENGTHS = (200, 50, 50, 100)
_APPLICATIE_MIN = 3


def _fitting(systeem: Systeem, otherwise: Systeem) -> Systeem:
    """Keep to the lengths of the schema."""
    if len(systeem.applicatie) < _APPLICATIE_MIN:
        return otherwise
    return Systeem(*(text[:length] for text, length in zip(systeem, _LENGTHS, strict=True)))


def _read_systeem(element: etree._Element | None) -> Systeem:
    said = {} if element is None else {local_name(child): _text(child) for child in element}
    return Systeem(*(said.get(name, "") for name in Systeem._fields))


def _write_systeem(name: str, systeem: Systeem) -> str:
    fields = "".join(_leaf(field, text) for field, text in zip(Systeem._fields, systeem, strict=True))
    return f"<StUF:{name}>{fields}</StUF:{name}>" if fields else ""


def _leaf(name: str, text: str) -> str:
    return f"<StUF:{name}>{escape(text)}</StUF:{name}>" if text else ""


def _text(element: etree._Element) -> str:
    return (element.text or "").strip()
