"""An answer (La01): its parameters and meldingen, and what of the question the answerer itself could not search on.

Source: StUF 03.01 §6.3. It knows how many came back, whether there are more, and how a value is compared with a
criterion; it refuses to know what a field means and who answered.
"""

from __future__ import annotations

import re
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
    gezegd: Sequence[str] = (),
    gevolgd: bool = False,
) -> list[etree._Element]:
    """Give parameters, meldingen and antwoord; nothing found is no antwoord at all.

    `meer` says that there are more than came back; `genegeerd` names the criteria that nobody looked at; `gezegd` is
    what else there is to say; `gevolgd`: its asker is told of changes of who was found, as it asked.
    """
    meldingen = [GENEGEERD + ", ".join(sorted(genegeerd))] if genegeerd else []
    meldingen += [*([MEER] if meer else []), *gezegd]
    made = [_parameters(question, len(found), sector, meer=meer, gevolgd=gevolgd)]
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


def withhold(answer: bytes, paths: Iterable[str], partly: Iterable[str] = ()) -> bytes:
    """Say in an answer, as a mapping wrote it, which paths below its objects the asker may not see.

    Of those that are `partly` withheld what has a value may be seen.
    """
    message = xml.parse(answer)
    for name, said in ((_WITHHELD, paths), (_PARTLY, partly)):
        for path in said:
            etree.SubElement(message, name).text = path
    return xml.serialise(message)


def withheld(message: etree._Element) -> frozenset[str]:
    """Take out of an answer what `withhold` said in it."""
    return _taken(message, _WITHHELD)


def partly_withheld(message: etree._Element) -> frozenset[str]:
    """Take out of an answer what `withhold` said in it of what is partly withheld."""
    return _taken(message, _PARTLY)


def follow(answer: bytes) -> bytes:
    """Say in an answer, as a mapping wrote it, that its asker is told of changes from now on."""
    message = xml.parse(answer)
    etree.SubElement(message, _FOLLOWED)
    return xml.serialise(message)


def followed(message: etree._Element) -> bool:
    """Take out of an answer what `follow` said in it."""
    found = list(message.iterchildren(_FOLLOWED))
    for each in found:
        message.remove(each)
    return bool(found)


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


def meets(found: etree._Element, criterium: vraag.Criterium) -> bool:
    """Say whether one of the values of an object at the path of a criterion is what it asks; or none is, as it asks."""
    asked = read_waarde(criterium.element).tekst.casefold()
    given = [text.casefold() for each in _all(found, criterium.path.split("/")) if (text := read_waarde(each).tekst)]
    if criterium.side != "gelijk":
        return not asked or any(_on_side(each, asked, criterium) for each in given)
    if not asked:
        return not given
    if criterium.element.get(vraag.EXACT) == "false":
        return any(asked in each for each in given)
    return asked in given


def ignored(criteria: Iterable[etree._Element], supported: Collection[str]) -> set[str]:
    """Name the criteria that nobody looked at: relations that cannot be searched on."""
    return {local_name(each) for each in criteria if len(each)} - set(supported)


_MOMENT = re.compile("datum|tijdstip|begin|eind", re.IGNORECASE).search
"""In the name of every date and time of the sector models."""

_WITHHELD, _PARTLY, _FOLLOWED = "niet-geautoriseerd", "deels-geautoriseerd", "gevolgd"


def _taken(message: etree._Element, name: str) -> frozenset[str]:
    found = list(message.iterchildren(name))
    for each in found:
        message.remove(each)
    return frozenset(each.text or "" for each in found)


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
        return not asked or _on_side(given, asked, vraag.Criterium(name, side, criterion))
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


def _on_side(given: str, asked: str, criterium: vraag.Criterium) -> bool:
    """Compare numbers by size, dates and texts as far as both go: a date may be incomplete, a tijdstip is longer."""
    if not given:
        return False
    below, above = (asked, given) if criterium.side == "vanaf" else (given, asked)
    if not _MOMENT(criterium.path) and all(each.isascii() and each.isdigit() for each in (given, asked)):
        return int(below) <= int(above)
    length = min(len(given), len(asked))
    return below[:length] <= above[:length]


def _all(found: etree._Element, steps: Sequence[str]) -> Iterator[etree._Element]:
    if not steps:
        yield found
        return
    for each in found.iterchildren(f"{{*}}{steps[0]}"):
        yield from _all(each, steps[1:])


def _parameters(question: etree._Element, count: int, sector: Sector, *, meer: bool, gevolgd: bool) -> etree._Element:
    """Write them in the order of the schema; how many there are is only known when all of them are here."""
    made = sector.made("parameters")
    for name, text in _said(question, count, meer=meer, gevolgd=gevolgd):
        etree.SubElement(made, f"{{{STUF}}}{name}").text = text
    return made


def _said(question: etree._Element, count: int, *, meer: bool, gevolgd: bool) -> Iterator[tuple[str, str]]:
    yield "indicatorVervolgvraag", "true" if meer else "false"
    if find(question, "parameters/indicatorAfnemerIndicatie") is not None:
        yield "indicatorAfnemerIndicatie", "true" if gevolgd else "false"
    if vraag.says_true(question, "parameters/indicatorAantal") and not meer:
        yield "aantalVoorkomens", str(count)


def _parent(element: etree._Element) -> etree._Element:
    parent = element.getparent()
    assert parent is not None
    return parent
