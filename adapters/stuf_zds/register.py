"""What a legacy zaaksysteem keeps of zaken, documents and besluiten: elements of StUF-ZKN, as they came in.

A part of the simulator in `zaaksysteem`. It knows how a kennisgeving changes what is kept (StUF 03.01 §5.2) and how a
question finds it (§6). It refuses to know envelopes, numbers and answers.
"""

from __future__ import annotations

from collections.abc import Iterator

from lxml import etree

from hub.errors import MessageRefused
from hub.wire.stuf.namespaces import STUF
from hub.wire.xml import XSI, find, local_name

_ENTITEITTYPE, _VERWERKINGSSOORT = f"{{{STUF}}}entiteittype", f"{{{STUF}}}verwerkingssoort"
_NIL, _NO_VALUE = f"{{{XSI}}}nil", f"{{{STUF}}}noValue"
_MANY = frozenset({"kenmerk", "anderZaakObject"})
_TIMES = frozenset({"tijdvakGeldigheid", "tijdstipRegistratie"})
_NAMED = frozenset({"identificatie", "isVan"})


class Shelf:
    """Entities of one kind by identificatie; `wat` names them in a refusal."""

    def __init__(self, wat: str) -> None:
        self._wat = wat
        self._kept: dict[str, etree._Element] = {}

    def __iter__(self) -> Iterator[str]:
        return iter(sorted(self._kept))

    def __len__(self) -> int:
        return len(self._kept)

    def __contains__(self, identificatie: object) -> bool:
        return identificatie in self._kept

    def get(self, identificatie: str) -> etree._Element:
        """Give what is kept; raises MessageRefused (StUF064)."""
        if identificatie not in self._kept:
            raise MessageRefused(f"there is no such {self._wat}", code="StUF064")
        return self._kept[identificatie]

    def add(self, entity: etree._Element) -> None:
        """Keep what is new; raises MessageRefused (StUF067) when it is there already."""
        identificatie = identified(entity)
        if identificatie in self._kept:
            raise MessageRefused(f"there is such a {self._wat} already", code="StUF067")
        made = etree.Element(entity.tag, nsmap=_spaces(entity))
        self._kept[identificatie] = made
        change(made, entity, None)

    def change(self, huidig: etree._Element, oud: etree._Element | None) -> None:
        """Change what is kept as a kennisgeving says."""
        change(self.get(identified(huidig)), huidig, oud)


def identified(entity: etree._Element) -> str:
    """Give the identificatie of an entity."""
    found = find(entity, "identificatie")
    return "" if found is None else (found.text or "").strip()


def change(kept: etree._Element, huidig: etree._Element, oud: etree._Element | None) -> None:
    """Do to `kept` what *huidig* says: what it does not speak of stays."""
    former = {} if oud is None else _relations(oud)
    places: dict[str, int] = {}
    for name in {local_name(each) for each in huidig} & _MANY:
        _remove(kept, name)
    for each in huidig:
        name = local_name(each)
        if name in _TIMES:
            continue
        if _ENTITEITTYPE in each.attrib:
            place = places[name] = places.get(name, -1) + 1
            before = former.get(name, [])
            _change_relation(kept, each, before[place] if place < len(before) else None)
        elif name == "extraElementen":
            _change_extra(kept, each)
        elif name in _MANY:
            kept.append(clean(each))
        elif each.get(_NO_VALUE) == "geenWaarde" or len(each) or (each.text or "").strip():
            _remove(kept, name)
            if each.get(_NO_VALUE) != "geenWaarde":
                kept.append(clean(each))


def clean(element: etree._Element) -> etree._Element:
    """Give a copy without what only a kennisgeving says."""
    copied = etree.fromstring(etree.tostring(element, with_tail=False))
    for each in copied.iter("*"):
        if _VERWERKINGSSOORT in each.attrib:
            del each.attrib[_VERWERKINGSSOORT]
    return copied


def fits(kept: etree._Element, criteria: etree._Element) -> bool:
    """Tell whether every criterion is met: an element of that name with that value, or with such elements in it."""
    return all(_fits_one(kept, each) for each in criteria)


def _fits_one(kept: etree._Element, criterion: etree._Element) -> bool:
    name = local_name(criterion)
    if name == "indicatieLaatsteStatus":
        return True
    found = [each for each in kept.iter("*") if local_name(each) == name and each.getparent() is kept]
    if len(criterion):
        return any(fits(each, criterion) for each in found)
    text = (criterion.text or "").strip()
    return not text or any((each.text or "").strip() == text for each in found)


def _change_relation(kept: etree._Element, relation: etree._Element, former: etree._Element | None) -> None:
    soort, name = relation.get(_VERWERKINGSSOORT, ""), local_name(relation)
    if soort == "I" and name not in _NAMED:
        return
    if name == "isVan":
        _remove(kept, name)
    elif soort in "WRVE":
        gone = former if former is not None and len(former) else relation
        known = [each for each in kept.iterchildren(f"{{*}}{name}") if _same(each, gone)]
        if not known and soort in "VE":
            raise MessageRefused("there is no such relation", code="StUF064")
        for each in known[:1]:
            kept.remove(each)
    if soort not in ("V", "E") and len(relation):
        kept.append(clean(relation))


def _same(kept: etree._Element, sought: etree._Element) -> bool:
    """Tell whether a relation leads to the same: all that is said of who or what it leads to is known of it."""
    theirs, ours = find(kept, "gerelateerde"), find(sought, "gerelateerde")
    return theirs is not None and ours is not None and _leaves(ours) <= _leaves(theirs)


def _leaves(element: etree._Element) -> set[tuple[str, str]]:
    return {(local_name(each), each.text.strip()) for each in element.iter("*") if each.text and each.text.strip()}


def _change_extra(kept: etree._Element, extra: etree._Element) -> None:
    known = next(kept.iterchildren(f"{{{STUF}}}extraElementen"), None)
    if known is None:
        kept.append(clean(extra))
        return
    names = {each.get("naam") for each in extra}
    for each in [each for each in known if each.get("naam") in names]:
        known.remove(each)
    known.extend([clean(each) for each in extra if each.get(_NO_VALUE) != "geenWaarde"])


def _remove(kept: etree._Element, name: str) -> None:
    for each in list(kept.iterchildren(f"{{*}}{name}")):
        kept.remove(each)


def _relations(entity: etree._Element) -> dict[str, list[etree._Element]]:
    found: dict[str, list[etree._Element]] = {}
    for each in entity:
        if _ENTITEITTYPE in each.attrib:
            found.setdefault(local_name(each), []).append(each)
    return found


def _spaces(element: etree._Element) -> dict[str, str]:
    return {prefix: space for prefix, space in element.nsmap.items() if prefix}
