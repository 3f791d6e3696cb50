"""An answer (La01): its parameters and meldingen, and what of the question the answerer itself could not search on.

Source: StUF 03.01 §6.3. It knows how many came back, whether there are more, and how a value is compared with a
criterion; it refuses to know what a field means and who answered.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

from lxml import etree

from hub.wire import xml
from hub.wire.stuf import vraag
from hub.wire.stuf.namespaces import STUF
from hub.wire.stuf.sector import Sector
from hub.wire.stuf.waarden import read_waarde
from hub.wire.xml import find, local_name

MELDING_MAX = 250
"""Characters of a melding (StUF 03.01 §6.3)."""

MEER = "StUF0002: Meer objecten gevraagd dan teruggegeven"
GENEGEERD = "StUF0001: "


def composed(
    question: etree._Element,
    found: Sequence[etree._Element],
    sector: Sector,
    *,
    meer: bool,
    genegeerd: Collection[str] = (),
) -> list[etree._Element]:
    """Give parameters, meldingen and antwoord; nothing found is no antwoord at all.

    `meer` says that there are more than came back; `genegeerd` names the criteria that nobody looked at.
    """
    meldingen = [GENEGEERD + ", ".join(sorted(genegeerd))] if genegeerd else []
    meldingen += [MEER] if meer else []
    made = [_parameters(question, len(found), sector, meer=meer)]
    made += [sector.made("melding", text[:MELDING_MAX]) for text in meldingen]
    if found:
        antwoord = sector.made("antwoord")
        antwoord.extend(list(found))
        made.append(antwoord)
    return made


def limited(
    question: etree._Element, found: Sequence[etree._Element], *, meer: bool
) -> tuple[Sequence[etree._Element], bool]:
    """Give no more than was asked, and whether there are more than that."""
    maximum = vraag.maximum(question)
    return found[:maximum], meer or len(found) > maximum


def ordered(found: Sequence[etree._Element], paths: Sequence[str]) -> list[etree._Element]:
    """Put objects in order by their values at these paths: numbers by size, then texts, then what says nothing."""
    return sorted(found, key=lambda each: [_rank(read_waarde(find(each, path)).tekst) for path in paths])


def withhold(answer: bytes, paths: Iterable[str]) -> bytes:
    """Say in an answer, as a mapping wrote it, which paths below its objects the asker may not see."""
    message = xml.parse(answer)
    for path in paths:
        etree.SubElement(message, _WITHHELD).text = path
    return xml.serialise(message)


def withheld(message: etree._Element) -> frozenset[str]:
    """Take out of an answer what `withhold` said in it."""
    found = list(message.iterchildren(_WITHHELD))
    for each in found:
        message.remove(each)
    return frozenset(each.text or "" for each in found)


def fits(
    found: etree._Element,
    criteria: Iterable[etree._Element],
    *,
    supported: Collection[str],
    searched_by: Mapping[str, str],
) -> bool:
    """Compare what no target can search on with what it gave: an element that must be empty, a part of a text.

    `supported` are the elements that the target searched on, `searched_by` the relations among them with the path of
    the value; their other values are compared. Relations that are not in it are not looked at: see `ignored`.
    """
    return all(_fits(found, each, supported, searched_by) for each in criteria)


def ignored(criteria: Iterable[etree._Element], supported: Collection[str]) -> set[str]:
    """Name the criteria that nobody looked at: relations that cannot be searched on."""
    return {local_name(each) for each in criteria if len(each)} - set(supported)


_WITHHELD = "niet-geautoriseerd"


def _rank(text: str) -> tuple[int, int, str]:
    if text.isascii() and text.isdigit():
        return 0, int(text), ""
    return (1, 0, text.casefold()) if text else (2, 0, "")


def _fits(
    found: etree._Element, criterion: etree._Element, supported: Collection[str], searched_by: Mapping[str, str]
) -> bool:
    name, side = local_name(criterion), local_name(_parent(criterion))
    if len(criterion):
        related = found.iterchildren(f"{{*}}{name}") if name in searched_by else ()
        return name not in searched_by or any(_alike(each, criterion) for each in related)
    given, asked = read_waarde(find(found, name)).tekst, read_waarde(criterion).tekst
    if side != "gelijk":
        return not asked or _on_side(given, asked, side)
    if not asked:
        return not given
    if criterion.get(vraag.EXACT) == "false":
        return asked.lower() in given.lower()
    return name in supported or given == asked


def _alike(related: etree._Element, criterion: etree._Element) -> bool:
    """Whether every value in a criterion is in the relation, at the same place."""
    for each in criterion:
        there = find(related, local_name(each))
        if len(each):
            same = there is not None and _alike(there, each)
        else:
            given, asked = read_waarde(there).tekst.lower(), read_waarde(each).tekst.lower()
            same = asked in given if each.get(vraag.EXACT) == "false" else asked in ("", given)
        if not same:
            return False
    return True


def _on_side(given: str, asked: str, side: str) -> bool:
    """Compare dates and texts; a tijdstip is compared as far as both go."""
    length = min(len(given), len(asked))
    given, asked = given[:length], asked[:length]
    return bool(given) and (given >= asked if side == "vanaf" else given <= asked)


def _parameters(question: etree._Element, count: int, sector: Sector, *, meer: bool) -> etree._Element:
    """Write them in the order of the schema; how many there are is only known when all of them are here."""
    made = sector.made("parameters")
    for name, text in _said(question, count, meer=meer):
        etree.SubElement(made, f"{{{STUF}}}{name}").text = text
    return made


def _said(question: etree._Element, count: int, *, meer: bool) -> Iterator[tuple[str, str]]:
    yield "indicatorVervolgvraag", "true" if meer else "false"
    if find(question, "parameters/indicatorAfnemerIndicatie") is not None:
        yield "indicatorAfnemerIndicatie", "false"
    if vraag.says_true(question, "parameters/indicatorAantal") and not meer:
        yield "aantalVoorkomens", str(count)


def _parent(element: etree._Element) -> etree._Element:
    parent = element.getparent()
    assert parent is not None
    return parent
