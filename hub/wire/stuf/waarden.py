"""Values of StUF: empty with a reason, incomplete dates, tijdstippen, verwerkingssoort, extraElementen.

It knows how a value is spelled (StUF 03.01 chapter 3). It refuses to know what an empty value means for a target: that
is for the mapping.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from enum import StrEnum
from typing import NamedTuple

from lxml import etree

from hub.clock import AMSTERDAM
from hub.wire.stuf.namespaces import STUF
from hub.wire.xml import XSI, escape


class NoValue(StrEnum):
    """Why an element is empty (§3.4)."""

    NIET_ONDERSTEUND = "nietOndersteund"
    NIET_GEAUTORISEERD = "nietGeautoriseerd"
    GEEN_WAARDE = "geenWaarde"
    WAARDE_ONBEKEND = "waardeOnbekend"
    VASTGESTELD_ONBEKEND = "vastgesteldOnbekend"


class Verwerkingssoort(StrEnum):
    """What is to be done with an entity in a kennisgeving (§5.2.2)."""

    TOEVOEGING = "T"
    WIJZIGING = "W"
    VERWIJDERING = "V"
    BEEINDIGING = "E"
    IDENTIFICATIE = "I"
    VERVANGING = "R"
    SLEUTELWIJZIGING = "S"
    ONTDUBBELING = "O"


class Waarde(NamedTuple):
    """The value of an element; without text, `reden` says why when the sender did."""

    tekst: str
    reden: NoValue | None = None


class OnvolledigeDatum(NamedTuple):
    """A date of which a part may be unknown; unknown parts are None (§3.3 indOnvolledigeDatum)."""

    jaar: int | None
    maand: int | None = None
    dag: int | None = None


class ExtraElement(NamedTuple):
    """One value under a name of the sender's own (§3.5)."""

    naam: str
    waarde: Waarde


def read_waarde(element: etree._Element | None) -> Waarde:
    """Read a leaf. A value beside a noValue wins: senders leave the attribute behind when they fill the element."""
    if element is None:
        return Waarde("")
    text = (element.text or "").strip()
    return Waarde(text, None if text else _NO_VALUES.get(element.get(_NO_VALUE, "")))


def read_verwerkingssoort(element: etree._Element) -> Verwerkingssoort | None:
    """Read what is to be done with an entity; None when it is not said, or not in a word of the standard."""
    return _VERWERKINGSSOORTEN.get(element.get(_VERWERKINGSSOORT, ""))


def read_datum(text: str, indicatie: str = "V") -> OnvolledigeDatum:
    """Read eight digits; what `indicatie` calls unknown is never looked at, it is arbitrary (§3.3).

    Raises ValueError when it is no date.
    """
    if len(text) != len("19650701") or not (text.isascii() and text.isdigit()):
        raise ValueError("not a date of eight digits")
    jaar, maand, dag = int(text[:4]), int(text[4:6]), int(text[6:])
    match indicatie:
        case "J":
            return OnvolledigeDatum(None)
        case "M":
            return OnvolledigeDatum(jaar)
        case "D":
            datetime(jaar, maand, 1, tzinfo=AMSTERDAM)
            return OnvolledigeDatum(jaar, maand)
        case _:
            datetime(jaar, maand, dag, tzinfo=AMSTERDAM)
            return OnvolledigeDatum(jaar, maand, dag)


def write_datum(datum: OnvolledigeDatum) -> tuple[str, str]:
    """Give eight digits and the indicatie; unknown parts become the first of their kind."""
    text = f"{datum.jaar or 1900:04}{datum.maand or 1:02}{datum.dag or 1:02}"
    known = (datum.jaar is not None, datum.maand is not None, datum.dag is not None)
    return text, {(True, True, True): "V", (True, True, False): "D", (True, False, False): "M"}.get(known, "J")


def write_tijdstip(at: datetime) -> str:
    """Give the seventeen digits of a tijdstip, in Dutch local time, as it has no zone (§4.2.4)."""
    local = at.astimezone(AMSTERDAM)
    return f"{local:%Y%m%d%H%M%S}{local.microsecond // 1000:03}"


def read_extra_elementen(element: etree._Element | None) -> list[ExtraElement]:
    """Read what is in `extraElementen`, in order; names may occur more than once."""
    found = () if element is None else element.iterchildren(f"{{{STUF}}}extraElement")
    return [ExtraElement(each.get("naam", ""), read_waarde(each)) for each in found]


def write_extra_elementen(elementen: Iterable[ExtraElement]) -> str:
    """Write `extraElementen` with the prefixes StUF and xsi; nothing when there are none."""
    written = "".join(_write_extra_element(each) for each in elementen)
    return f"<StUF:extraElementen>{written}</StUF:extraElementen>" if written else ""


_NO_VALUE = f"{{{STUF}}}noValue"
_NO_VALUES = {each.value: each for each in NoValue}
_VERWERKINGSSOORT = f"{{{STUF}}}verwerkingssoort"
_VERWERKINGSSOORTEN = {each.value: each for each in Verwerkingssoort}


def _write_extra_element(each: ExtraElement) -> str:
    start = f'<StUF:extraElement naam="{escape(each.naam)}"'
    if each.waarde.reden:
        return f'{start} xmlns:xsi="{XSI}" xsi:nil="true" StUF:noValue="{each.waarde.reden}"/>'
    return f"{start}>{escape(each.waarde.tekst)}</StUF:extraElement>"
