"""What is wrong with the stuurgegevens of a message, in the order of StUF's table 8.1.

What there is to receive it is told by the sector model. A check needs the message alone: whether a zender or a
referentienummer is known is for others. No refusal repeats a value.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from lxml import etree

from hub.errors import MessageRefused
from hub.wire.stuf.berichtcodes import BERICHTCODES
from hub.wire.stuf.namespaces import STUF, STUF_ANY_VERSION
from hub.wire.stuf.stuurgegevens import Stuurgegevens
from hub.wire.xml import find, line_of, local_name, namespace
from hub.wire.xsd import Finding

SCHEMA = "StUF055"
NOT_SUPPORTED = "StUF040"


class Kandidaat(NamedTuple):
    """What the stuurgegevens say of a service that a message element can be for.

    `antwoordt`: it comes back about a message of ours, and must name that.
    """

    berichtcode: str
    entiteittype: str = ""
    functie: str = ""
    antwoordt: bool = False


class Ontvangst(NamedTuple):
    """What is received here, and what else there is in the sector model.

    `namespaces` are those of message elements, `andere_versies` what those of other versions begin with. `bestaande`
    entiteittypen and functies are known to the sector model, functies in lower case. `sector` is its name for people,
    `dichtstbij` the versions that are nearest to another one, `ondersteund` all that is supported.
    """

    berichtcodes: frozenset[str]
    entiteittypen: frozenset[str]
    bestaande_entiteittypen: frozenset[str]
    functies: frozenset[str]
    bestaande_functies: frozenset[str]
    namespaces: frozenset[str]
    andere_versies: tuple[str, ...]
    sector: str
    dichtstbij: str
    ondersteund: str


def check_stuurgegevens(
    message: etree._Element,
    said: Stuurgegevens,
    candidates: Sequence[Kandidaat],
    ontvangst: Ontvangst,
    *,
    lenient: bool = False,
) -> None:
    """Check what must be right before a Bv03 may be given (StUF 03.01 chapter 8, errors of kind 3).

    Raises MessageRefused with the first code of table 8.1 that applies. `lenient` takes a message of a candidate that
    is in no namespace at all.
    """
    for code, reason, path in _faults(message, said, candidates, ontvangst, lenient=lenient):
        at = find(message, path) if path else message
        place = f"{local_name(message)}/{path}".rstrip("/")
        raise MessageRefused(reason, code=code, path=place, line=line_of(message if at is None else at))


def refuse(found: Sequence[Finding]) -> None:
    """Raise MessageRefused (StUF055) for what a definition has against a message; nothing when that is nothing."""
    if found:
        more = f" (and {len(found) - 1} more)" if len(found) > 1 else ""
        raise MessageRefused(found[0].sentence + more, code=SCHEMA, path=found[0].path, line=found[0].line)


def _faults(
    message: etree._Element,
    said: Stuurgegevens,
    candidates: Sequence[Kandidaat],
    ontvangst: Ontvangst,
    *,
    lenient: bool,
) -> Iterator[tuple[str, str, str]]:
    """Give code, reason and path of every fault, in the order of the table."""
    if namespace(message) or not lenient or not candidates:
        yield from _faults_of_version(message, ontvangst)
    code = BERICHTCODES.get(said.berichtcode)
    synchroon = code is not None and code.synchroon
    if not synchroon:  # StUF 03.01 §4.2: a synchronous message need not say who sends it to whom
        if not said.ontvanger.applicatie:
            yield "StUF010", "the message does not say who is to receive it", "stuurgegevens/ontvanger"
        if not said.zender.applicatie:
            yield "StUF013", "the message does not say who sends it", "stuurgegevens/zender"
    if code is None:
        yield "StUF022", "there is no such berichtcode", "stuurgegevens/berichtcode"
    if said.berichtcode not in ontvangst.berichtcodes:
        yield "StUF025", f"supported: {', '.join(sorted(ontvangst.berichtcodes))}", "stuurgegevens/berichtcode"
    yield from _faults_of_entiteittype(said.entiteittype, candidates, ontvangst)
    yield from _faults_of_functie(said.functie.lower(), candidates, ontvangst)
    if candidates and not any(said.berichtcode == each.berichtcode for each in candidates):
        yield NOT_SUPPORTED, "the berichtcode is not that of the message", "stuurgegevens/berichtcode"
    if any(each.antwoordt for each in candidates) and not said.cross_refnummer:
        yield "StUF043", "the message does not say which of our messages it answers", "stuurgegevens/crossRefnummer"
    if not synchroon and not said.referentienummer:
        yield SCHEMA, "the message has no referentienummer", "stuurgegevens/referentienummer"


def _faults_of_version(message: etree._Element, ontvangst: Ontvangst) -> Iterator[tuple[str, str, str]]:
    berichtcode = find(message, "stuurgegevens/berichtcode")
    version = STUF if berichtcode is None else namespace(berichtcode)
    if version != STUF and version.startswith(STUF_ANY_VERSION):
        yield "StUF001", "nearest supported version of StUF: 0301", "stuurgegevens"
    space = namespace(message)
    if space not in ontvangst.namespaces:
        if space.startswith(ontvangst.andere_versies):
            yield "StUF007", f"nearest supported versions: {ontvangst.dichtstbij}", ""
        yield "StUF004", f"supported: {ontvangst.ondersteund}", ""


def _faults_of_entiteittype(
    said: str, candidates: Sequence[Kandidaat], ontvangst: Ontvangst
) -> Iterator[tuple[str, str, str]]:
    path = "stuurgegevens/entiteittype"
    if not said:
        return
    if said not in ontvangst.bestaande_entiteittypen:
        yield "StUF028", f"{ontvangst.sector} has no such entiteittype", path
    if said not in ontvangst.entiteittypen:
        yield "StUF031", f"supported: {_listed(ontvangst.entiteittypen)}", path
    if candidates and said not in {each.entiteittype for each in candidates}:
        yield NOT_SUPPORTED, "the entiteittype is not that of the message", path


def _faults_of_functie(
    said: str, candidates: Sequence[Kandidaat], ontvangst: Ontvangst
) -> Iterator[tuple[str, str, str]]:
    path = "stuurgegevens/functie"
    if said and said not in ontvangst.functies | ontvangst.bestaande_functies:
        yield "StUF034", "there is no such functie", path
    if said and said not in ontvangst.functies:
        yield "StUF037", "the functie is of no service that is received here", path
    if candidates and said not in {each.functie.lower() for each in candidates}:
        yield NOT_SUPPORTED, "the functie is not that of the message", path


def _listed(names: frozenset[str]) -> str:
    *others, last = sorted(name for name in names if name)
    return f"{', '.join(others)} and {last}" if others else last
