"""A kennisgeving with two objects, made readable: *huidig*, with what it was before.

Where only the relations tell something (`fold`) that stands in each of them; where all of it does (`beside`) as a whole
beside the object. Source: StUF 03.01 §5.2.3 and §5.2.4: W, C and F come with *oud* first and *huidig* second, relations
in the same order in both; what ends, or never was, is filled in *oud* and empty in *huidig*. It knows the form, not the
entities.
"""

from __future__ import annotations

from collections.abc import Iterator

from lxml import etree

from hub.wire.stuf.namespaces import STUF
from hub.wire.stuf.waarden import NoValue, Verwerkingssoort, read_verwerkingssoort
from hub.wire.xml import XSI

_PAIR = 2
_REMOVALS = frozenset({Verwerkingssoort.VERWIJDERING, Verwerkingssoort.BEEINDIGING})


def objects(message: etree._Element) -> list[etree._Element]:
    """Give the objects of a kennisgeving, in order."""
    return list(message.iterchildren("{*}object"))


def beside(message: etree._Element) -> None:
    """Put *oud* beside *huidig*, in place: the child `oud`, without namespace, holds all of it.

    `object` is then *huidig* as it came, with an empty place for a relation that *oud* removes or ends and it leaves
    out altogether (see `fold`); a message with one object stays as it is.
    """
    pair = objects(message)
    if len(pair) != _PAIR:
        return
    oud, huidig = pair
    for each in _left_out(oud, huidig):
        place = _emptied(each, huidig)
        place.set(f"{{{XSI}}}nil", "true")
        place.set(f"{{{STUF}}}noValue", NoValue.GEEN_WAARDE.value)
    kept = etree.Element("oud")
    kept.extend(list(oud))
    message.replace(oud, kept)


def fold(message: etree._Element) -> None:
    """Fold *oud* into *huidig*, in place; a message with one object stays as it is.

    `object` becomes *huidig*. Each of its relations that has a counterpart with content in *oud* gets a last child
    `oud`, without namespace, with that content. Relations that *oud* removes or ends, of a kind that *huidig* lacks
    altogether instead of having them empty as §5.2.4 asks, get their empty places at the end: no removal is lost. Of
    *oud* itself only the identificatie stays, in `oud`.
    """
    pair = objects(message)
    if len(pair) != _PAIR:
        return
    oud, huidig = pair
    paired = list(_counterparts(oud, huidig))
    paired += [(each, _emptied(each, huidig)) for each in _left_out(oud, huidig)]
    for before, now in paired:
        if len(before):
            etree.SubElement(now, "oud").extend(list(before))
    kept = etree.Element("oud")
    kept.extend(list(oud.iterchildren("{*}identificatie")))
    message.replace(oud, kept)


def _left_out(oud: etree._Element, huidig: etree._Element) -> list[etree._Element]:
    """Give the relations that *oud* removes or ends, of a kind that *huidig* does not have."""
    kinds = _relations(huidig)
    return [
        each
        for kind, relations in _relations(oud).items()
        for each in relations
        if kind not in kinds and read_verwerkingssoort(each) in _REMOVALS
    ]


def _emptied(relation: etree._Element, huidig: etree._Element) -> etree._Element:
    place = etree.SubElement(huidig, relation.tag)
    for name, value in relation.attrib.items():
        place.set(name, value)
    return place


def _counterparts(oud: etree._Element, huidig: etree._Element) -> Iterator[tuple[etree._Element, etree._Element]]:
    """Pair relations by name and order.

    Where the numbers differ the sender left out the empty places that §5.2.4 asks for: then additions have no
    counterpart, and what remains must agree in number to be paired at all.
    """
    before, now = _relations(oud), _relations(huidig)
    for name, all_of_now in now.items():
        former, current = before.get(name, []), all_of_now
        if len(former) != len(current):
            current = [each for each in all_of_now if read_verwerkingssoort(each) is not Verwerkingssoort.TOEVOEGING]
            former = [each for each in former if len(each)]
        if len(former) == len(current):
            yield from zip(former, current, strict=True)


def _relations(entity: etree._Element) -> dict[str, list[etree._Element]]:
    found: dict[str, list[etree._Element]] = {}
    for child in entity.iterchildren():
        if f"{{{STUF}}}entiteittype" in child.attrib:
            found.setdefault(str(child.tag), []).append(child)
    return found
