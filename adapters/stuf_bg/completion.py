"""What the protocol asks of a kennisgeving beside its fields: who is touched how, and what was there before.

StUF 03.01 §5.2: every entity says its verwerkingssoort; a change has two objects that hold the same elements, relations
in the same order, and of what did not change only the kerngegevens. It fills in what a mapping left open. It refuses to
know what a field means.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from copy import deepcopy
from typing import Any

from lxml import etree

from adapters.stuf_bg.sector import SECTOR
from adapters.stuf_bg.services import Service
from hub.wire.form import Form
from hub.wire.stuf.kennisgeving import objects
from hub.wire.stuf.namespaces import BG, STUF
from hub.wire.stuf.waarden import NoValue, read_waarde
from hub.wire.xml import XSI, find, local_name


def complete(kennisgeving: etree._Element, service: Service, form: Form, *, volledig: bool = False) -> None:
    """Complete a kennisgeving without stuurgegevens, in place: what the mapping wrote stays; `form` is of its object.

    `volledig`: it holds all that is known, so that what is only in *oud* is not there any more.
    """
    soort = _mutatiesoort(kennisgeving, service)
    huidig = objects(kennisgeving)[-1]
    for each in kennisgeving.iter("{*}nietNatuurlijkPersoon"):
        _complete_address(each)
    oud = kennisgeving.find(_OUD)
    if oud is not None:
        kennisgeving.remove(oud)
    _complete_tijdvak(huidig)
    if soort == "V":
        kern = SECTOR.kerngegevens[service.entiteittype]
        huidig[:] = [each for each in huidig if local_name(each) in kern]
    elif soort != "T":
        former = _made(huidig)
        former.extend([] if oud is None else list(oud))
        _pair(former, huidig, form, service, known=oud is not None, volledig=volledig)
        _say_until_when(former, huidig, soort)
        huidig.addprevious(former)
    for each in objects(kennisgeving):
        _mark(each, soort if soort in ("T", "V") else "W")


def leads_to(relation: etree._Element) -> str:
    """Say whom or what a relation leads to; without a number, how the sender writes it."""
    gerelateerde = find(relation, "gerelateerde")
    if gerelateerde is None:
        return ""
    for each in (gerelateerde, *gerelateerde):
        for name in _NAMED_BY:
            if number := read_waarde(find(each, name)).tekst:
                return number
    return str(_content(gerelateerde))


_OUD = "oud"
_ENTITEITTYPE, _VERWERKINGSSOORT = f"{{{STUF}}}entiteittype", f"{{{STUF}}}verwerkingssoort"
_NIL, _NO_VALUE = f"{{{XSI}}}nil", f"{{{STUF}}}noValue"
_TIJDVAK = f"{{{STUF}}}tijdvakGeldigheid"
_BEGIN, _EIND = f"{{{STUF}}}beginGeldigheid", f"{{{STUF}}}eindGeldigheid"
_TIJDEN = frozenset(("tijdvakGeldigheid", "tijdstipRegistratie", "extraElementen"))
"""What says something of the kennisgeving rather than of the object: it is no field that changes."""

_BEHIND_ADDRESS = frozenset(
    ("sub.telefoonnummer", "sub.faxnummer", "sub.emailadres", "sub.rekeningnummerBankGiro", *_TIJDEN)
)
_NAMED_BY = (
    "inp.bsn", "anp.identificatie", "inn.nnpId", "ann.identificatie", "identificatie", "code", "kvkNummer",
    "vestigingsNummer",
)  # fmt: skip
"""What says whom or what a relation leads to, the first that there is."""

_Side = list[etree._Element]  # noqa: SLF001 - lxml has no other name for it
_Content = tuple[Any, ...]
"""Tag, text, attributes and what is below: the same of elements that say the same."""


def _mutatiesoort(kennisgeving: etree._Element, service: Service) -> str:
    """Give what the mapping says, or the usual one of the service; write the parameters (§5.2.1)."""
    found = read_waarde(find(kennisgeving, "parameters/mutatiesoort")).tekst
    soort = found if found and found in service.mutatiesoorten else service.mutatiesoorten[:1]
    former = find(kennisgeving, "parameters")
    if former is not None:
        kennisgeving.remove(former)
    parameters = etree.Element(f"{{{BG}}}parameters")
    for name, text in (("mutatiesoort", soort), ("indicatorOvername", "V")):
        etree.SubElement(parameters, f"{{{STUF}}}{name}").text = text
    kennisgeving.insert(0, parameters)
    return soort


def _pair(
    oud: etree._Element, huidig: etree._Element, form: Form, service: Service, *, known: bool, volledig: bool
) -> None:
    """Give both objects the same elements; `known`: the mapping said what it was.

    What is not known of before is said to be so (§3.4 waardeOnbekend). What is only in *oud* has no value any more
    where the message holds all there is; else nothing is said of it, and it takes no part in the change.
    """
    kern = SECTOR.kerngegevens[service.entiteittype]
    befores, nows = _by_name(oud), _by_name(huidig)
    made: tuple[_Side, _Side] = ([], [])
    for name, element in form.children.items():
        before, now = befores.get(name, []), nows.get(name, [])
        if name in _TIJDEN:
            pair = before, now
        elif _is_relation(element):
            pair = _relations(before, now, element, volledig=volledig) if known else _added(now)
        elif not before and (name in service.sleutels or name == "authentiek"):
            pair = [deepcopy(each) for each in now], now
        elif _said(before) == _said(now) or not (now or volledig or _chosen(name, nows)):
            pair = (before, now) if name in kern and now else ([], [])
        else:
            pair = (
                before if before or _chosen(name, befores) else _empty(now, element, NoValue.WAARDE_ONBEKEND),
                now if now or _chosen(name, nows) else _empty(before, element, NoValue.GEEN_WAARDE),
            )
            _pair_groups(*pair, element)
        made[0].extend(pair[0])
        made[1].extend(pair[1])
    oud[:], huidig[:] = made


def _pair_groups(before: _Side, now: _Side, form: Form) -> None:
    """Give both the same members: of a group that is sent, all that either has (§3.4)."""
    if not form.children or form.many or not before or not now:
        return
    befores, nows = _by_name(before[0]), _by_name(now[0])
    made: tuple[_Side, _Side] = ([], [])
    for name, member in form.children.items():
        was, iss = befores.get(name, []), nows.get(name, [])
        if was or iss:
            was = was or ([] if _chosen(name, befores) else _empty(iss, member, NoValue.WAARDE_ONBEKEND))
            iss = iss or ([] if _chosen(name, nows) else _empty(was, member, NoValue.GEEN_WAARDE))
            _pair_groups(was, iss, member)
        made[0].extend(was)
        made[1].extend(iss)
    before[0][:], now[0][:] = made


def _relations(before: _Side, now: _Side, form: Form, *, volledig: bool) -> tuple[_Side, _Side]:
    """Pair relations (§5.2.4): what stayed as it was is left out, the rest was changed, replaced, added or ended.

    Of relations that are not spoken of nothing is said: an ended one stands empty in *huidig*, or others of its kind do
    in its place.
    """
    if not (now or volledig):
        return [], []
    same = {_content(each) for each in before} & {_content(each) for each in now}
    former = [each for each in before if len(each) and _content(each) not in same]
    current = [each for each in now if len(each) and _content(each) not in same]
    pairs: list[tuple[etree._Element | None, etree._Element | None, str]] = []
    for each in former:
        found = next((one for one in current if leads_to(one) == leads_to(each)), None)
        if found is not None:
            current.remove(found)
        pairs.append((each, found, "V" if found is None else "W"))
    if not form.many and current and pairs:
        pairs = [(pairs[0][0], current.pop(), "R")]
    pairs += [(None, each, "T") for each in current]
    made: tuple[_Side, _Side] = ([], [])
    for was, iss, soort in pairs:
        for side, relation, other in ((made[0], was, iss), (made[1], iss, was)):
            entity = _ended(other) if relation is None else relation
            entity.set(_VERWERKINGSSOORT, soort)
            side.append(entity)
    return made


def _added(now: _Side) -> tuple[_Side, _Side]:
    """Add relations of which nobody knows whether they are new: who has them takes them as known (§5.2.2)."""
    former = []
    now = [each for each in now if len(each)]  # that there is none any more, of which one nobody knows
    for each in now:
        each.set(_VERWERKINGSSOORT, "T")
        former.append(_ended(each))
        former[-1].set(_VERWERKINGSSOORT, "T")
    return former, now


def _ended(relation: etree._Element | None) -> etree._Element:
    """Give the place of a relation that is not there."""
    assert relation is not None
    made = _made(relation)
    made.set(_NIL, "true")
    made.set(_NO_VALUE, NoValue.GEEN_WAARDE.value)
    return made


def _empty(like: Sequence[etree._Element], form: Form, why: NoValue) -> _Side:
    """Give an element without a value, or a group of such elements; nothing where the standard has no way to say it."""
    if not like or form.name in SECTOR.nooit_leeg:
        return []
    made = etree.Element(like[0].tag)
    if form.children and not form.value:
        for child in like[0]:
            below = form.children.get(local_name(child))
            made.extend(_empty([child], below, why) if below is not None else ())
        return [made] if len(made) else []
    if not form.nillable:
        return []
    made.set(_NIL, "true")
    made.set(_NO_VALUE, why.value)
    return [made]


def _complete_tijdvak(entity: etree._Element) -> None:
    """Say that what holds now has no end yet (§5.2.3)."""
    tijdvak = entity.find(_TIJDVAK)
    if tijdvak is not None and tijdvak.find(_EIND) is None:
        _put(tijdvak, _EIND, None, NoValue.GEEN_WAARDE)


def _complete_address(organisatie: etree._Element) -> None:
    """Leave room for an address: StUF-BG 03.10 wants one of an organisation that is related, be it without content."""
    if any(find(organisatie, name) is not None for name in ("bezoekadres", "sub.verblijfBuitenland")):
        return
    before = [each for each in organisatie if local_name(each) not in _BEHIND_ADDRESS]
    organisatie.insert(len(before), etree.Element(f"{{{BG}}}bezoekadres"))


def _say_until_when(oud: etree._Element, huidig: etree._Element, soort: str) -> None:
    """Let what was end when begins what is (§5.2.3); what is corrected never held, and has no end."""
    tijdvak = huidig.find(_TIJDVAK)
    if tijdvak is None or oud.find(_TIJDVAK) is not None:
        return
    former = etree.Element(_TIJDVAK)
    _put(former, _BEGIN, None, NoValue.WAARDE_ONBEKEND)
    _put(former, _EIND, tijdvak.find(_BEGIN) if soort == "W" else None, NoValue.GEEN_WAARDE)
    oud.insert(_before_times(oud), former)


def _before_times(entity: etree._Element) -> int:
    """Give the place behind the fields of an object, where its times begin; one relation stands among its fields."""
    fields = [place for place, each in enumerate(entity) if _is_field(each)]
    return fields[-1] + 1 if fields else 0


def _is_field(element: etree._Element) -> bool:
    return local_name(element) == "inp.verblijftIn" or (
        _ENTITEITTYPE not in element.attrib and local_name(element) not in _TIJDEN
    )


def _put(parent: etree._Element, name: str, value: etree._Element | None, otherwise: NoValue) -> None:
    made = etree.SubElement(parent, name)
    if value is not None and (value.text or "").strip():
        made.text = value.text
        for attribute, said in value.attrib.items():
            made.set(str(attribute), str(said))
    else:
        made.set(_NIL, "true")
        made.set(_NO_VALUE, otherwise.value)


def _mark(entity: etree._Element, soort: str) -> None:
    """Give a verwerkingssoort to an object, its relations and who they lead to, where there is none yet."""
    entity.set(_VERWERKINGSSOORT, soort)
    for child in entity:
        if _ENTITEITTYPE in child.attrib and _VERWERKINGSSOORT not in child.attrib:
            child.set(_VERWERKINGSSOORT, "T" if soort == "T" else "I")
        if _ENTITEITTYPE in child.attrib:
            new = child.get(_VERWERKINGSSOORT) in ("T", "R")
            for each in child.iterdescendants("*"):
                if _ENTITEITTYPE in each.attrib and _VERWERKINGSSOORT not in each.attrib:
                    each.set(_VERWERKINGSSOORT, "T" if new else "I")


def _by_name(entity: etree._Element) -> dict[str, _Side]:
    found: dict[str, _Side] = {}
    for child in entity:
        found.setdefault(local_name(child), []).append(child)
    return found


def _chosen(name: str, present: Iterable[str]) -> bool:
    """Whether another element of the choice is there, so that this one has no place."""
    return any(name in keuze and any(each in present for each in keuze if each != name) for keuze in SECTOR.keuzes)


def _is_relation(form: Form) -> bool:
    return "entiteittype" in form.attributes


def _said(elements: Sequence[etree._Element]) -> list[_Content]:
    return [_content(each) for each in elements]


def _content(element: etree._Element) -> _Content:
    """Give all that an element says, whatever prefixes it says it with."""
    attributes = tuple(sorted((str(name), str(value)) for name, value in element.attrib.items()))
    return str(element.tag), (element.text or "").strip(), attributes, tuple(_content(each) for each in element)


def _made(like: etree._Element) -> etree._Element:
    """Give an empty element of the same entity."""
    made = etree.Element(like.tag)
    made.set(_ENTITEITTYPE, like.get(_ENTITEITTYPE, ""))
    return made
