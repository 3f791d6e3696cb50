"""A question (Lv01): what is wrong with it, and what of it a mapping cannot read from the message itself.

Source: StUF 03.01 chapter 6 and table 8.1. A number for an order, the shape of a scope and the last object of the
answer before become plain elements in a child `vraag`, as `fold` does with *oud*. It refuses to know who answers.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from lxml import etree

from adapters.stuf_zds.services import LEZEN, ZOEK_DOCUMENTEN, ZOEK_ZAKEN, Service
from hub.config.policy import VRAAG_AANTAL, VRAAG_AANTAL_MAX
from hub.errors import MessageRefused
from hub.wire.form import Form
from hub.wire.stuf.namespaces import STUF, ZDS
from hub.wire.stuf.waarden import NoValue, read_waarde
from hub.wire.xml import find, line_of, local_name, namespace, path_of

ALLES = ("alles", "allesZonderMetagegevens", "allesMaarKerngegevensGerelateerden")
"""How a scope that asks for everything begins."""

ONDERDELEN = {
    "resultaat": "resultaat",
    "extraElementen": "eigenschappen",
    "heeftBetrekkingOp": "zaakobjecten",
    "heeftAlsBelanghebbende": "rollen",
    "heeftAlsGemachtigde": "rollen",
    "heeftAlsInitiator": "rollen",
    "heeftAlsUitvoerende": "rollen",
    "heeftAlsVerantwoordelijke": "rollen",
    "heeftAlsOverigBetrokkene": "rollen",
    "heeftAlsDeelzaak": "gerelateerdeZaken",
    "heeftAlsHoofdzaak": "gerelateerdeZaken",
    "heeftBetrekkingOpAndere": "gerelateerdeZaken",
    "heeft": "statussen",
    "heeftRelevant": "documenten",
    "leidtTot": "besluiten",
}
"""Which elements of a zaak need more work of who answers, by the part they belong to."""

CRITERIA = {
    ZOEK_ZAKEN.kind: frozenset(
        (
            "identificatie", "omschrijving", "startdatum", "registratiedatum", "einddatum", "isVan",
            "heeftAlsBelanghebbende", "heeftAlsGemachtigde", "heeftAlsInitiator", "heeftAlsUitvoerende",
            "heeftAlsVerantwoordelijke", "heeftAlsOverigBetrokkene",
        )
    ),
    ZOEK_DOCUMENTEN.kind: frozenset(("identificatie", "titel", "isRelevantVoor")),
}  # fmt: skip
"""What a search can be put on; other values are compared with what is found (`antwoord`)."""

SEARCHED_BY = {"isVan": "gerelateerde/code", "isRelevantVoor": "gerelateerde/identificatie"}
"""By what of a relation a target searches; other values in it are compared too."""

_BETROKKENEN = frozenset(name for name, part in ONDERDELEN.items() if part == "rollen")

_VOLGORDEN: dict[str, dict[str, tuple[str, ...]]] = {
    "ZAK": {
        "0": (),
        "1": ("identificatie",),
        "3": ("zaaktype",),
        "4": ("omschrijving",),
        "5": ("-startdatum", "omschrijving"),
    },
    "EDC": {"0": ()},
    "BSL": {"0": ()},
}
"""The orders of StUF-ZKN 03.10 (`ZAK-sortering`) that can be asked of a target; `-` is descending."""

_NUMBER = re.compile("[0-9]{1,9}").fullmatch
_SLEUTELS = tuple(f"{{{STUF}}}sleutel{name}" for name in ("Verzendend", "Ontvangend", "Gegevensbeheer"))
_SCOPE, _EXACT, _ONVOLLEDIG = (f"{{{STUF}}}{name}" for name in ("scope", "exact", "indOnvolledigeDatum"))
_VRAAG = ("maximum", "volgorde", "onderdeel", "na", "inhoud")


def help_form() -> Form:
    """Give the form of the child `vraag`: see the README."""
    leaves = {
        name: Form(name, "", value="string", many=name in ("volgorde", "onderdeel"), read_only=True) for name in _VRAAG
    }
    return Form("vraag", "", children=lambda: leaves, read_only=True)


def check_vraag(message: etree._Element, service: Service) -> None:
    """Check a question; raises MessageRefused with the code of table 8.1, in its order."""
    for code, reason, at in _faults(message, service):
        path = path_of(at, below=message)
        raise MessageRefused(reason, code=code, path=path, line=line_of(at))


def add_help(message: etree._Element, service: Service) -> None:
    """Put the child `vraag` at the end of a question: see `help_form`."""
    vraag = etree.SubElement(message, "vraag")
    _add(vraag, "maximum", [str(maximum(message))])
    _add(vraag, "volgorde", _VOLGORDEN[service.entiteittype].get(_sortering(message), ()))
    scope = find(message, "scope/object")
    if service.entiteittype == "ZAK":
        _add(vraag, "onderdeel", sorted(_onderdelen(scope)))
    elif service in (LEZEN, ZOEK_DOCUMENTEN):
        # The answer of ZDS 1.2 has its inhoud whatever was asked.
        asked = scope is None or _asks_all(scope) or find(scope, "inhoud") is not None or namespace(message) == ZDS
        _add(vraag, "inhoud", ["true"] if asked and service is LEZEN else [])
    if is_vervolg(message):
        _add(vraag, "na", [read_waarde(find(message, "start/object/identificatie")).tekst])


def mend_scope(message: etree._Element) -> None:
    """Put `dct.omschrijving` where the schema wants it: the text of ZDS 1.2 and its validator have it in other places.

    Beside `gerelateerde` or below it, in any order, it asks for the same.
    """
    scope = find(message, "scope/object")
    for relation in () if scope is None else scope.iterchildren("{*}heeftRelevant"):
        gerelateerde = find(relation, "gerelateerde")
        found = list(relation.iter("{*}dct.omschrijving", "{*}dctOmschrijving"))
        if gerelateerde is None or not found:
            continue
        first = found[0]
        for each in found:
            _parent(each).remove(each)
        first.tag = f"{{{namespace(gerelateerde)}}}dct.omschrijving"
        first.tail = None
        gerelateerde.insert(1 if find(gerelateerde, "identificatie") is not None else 0, first)


def maximum(message: etree._Element) -> int:
    """Give how many objects may come back: what is asked, within what can be answered in time."""
    asked = read_waarde(find(message, "parameters/maximumAantal")).tekst
    number = int(asked) if _NUMBER(asked) else 0
    return min(number, VRAAG_AANTAL_MAX) if number else VRAAG_AANTAL


def is_vervolg(message: etree._Element) -> bool:
    """Whether the question goes on after the answer before (indicatorVervolgvraag)."""
    return says_true(message, "parameters/indicatorVervolgvraag")


def says_true(message: etree._Element, path: str) -> bool:
    """Read an xs:boolean."""
    return read_waarde(find(message, path)).tekst in ("true", "1")


def criteria(message: etree._Element) -> list[etree._Element]:
    """Give what the question selects on.

    StUF 03.01 §6.2: waardeOnbekend, nietGeautoriseerd and nietOndersteund say nothing; what is empty without a reason
    says nothing either.
    """
    said = (child for name in ("gelijk", "vanaf", "totEnMet") for child in _children(find(message, name)))
    return [each for each in said if len(each) or _selects(each)]


def _selects(element: etree._Element) -> bool:
    waarde = read_waarde(element)
    return bool(waarde.tekst) or waarde.reden in (NoValue.GEEN_WAARDE, NoValue.VASTGESTELD_ONBEKEND)


def _faults(message: etree._Element, service: Service) -> Iterator[tuple[str, str, etree._Element]]:
    """Give code, reason and place of every fault, in the order of the table."""
    gelijk, vanaf, tot = (find(message, name) for name in ("gelijk", "vanaf", "totEnMet"))
    by_key = service not in (ZOEK_ZAKEN, ZOEK_DOCUMENTEN)
    if by_key and not _sleutels(gelijk) and not read_waarde(find(message, "gelijk/identificatie")).tekst:
        yield "StUF055", "the question does not name what it is about: gelijk/identificatie", _first(gelijk, message)
    if not by_key and not _sleutels(gelijk) and not any(_can_be_put(each, service) for each in criteria(message)):
        supported = ", ".join(sorted(CRITERIA[service.kind]))
        reason = f"the question has no criterion that can be searched on: {supported}"
        yield "StUF058", reason, _first(gelijk, message)
    if not by_key and sum(1 for name in _names(gelijk) if name in _BETROKKENEN) > 1:
        yield "StUF058", "zaken can be searched by one betrokkene at a time", _first(gelijk, message)
    yield from _faults_of_range(gelijk, vanaf, tot, message)
    yield from _faults_of_keys(gelijk)
    for entity in _entities(find(message, "scope")):
        if _SCOPE in entity.attrib and len(entity):
            yield "StUF097", "the scope has both the attribute scope and elements", entity
    start = find(message, "start/object")
    if is_vervolg(message):
        if start is None:
            yield "StUF103", "a vervolgvraag needs the last object of the answer before, in start", message
        elif not {"identificatie", *_names(vanaf), *_names(tot)} <= _names(start):
            yield "StUF106", "start lacks an element of vanaf and totEnMet, or the identificatie", start
    if not by_key and _sortering(message) not in _VOLGORDEN[service.entiteittype]:
        at = find(message, "parameters/sortering")
        orders = ", ".join(_VOLGORDEN[service.entiteittype])
        yield "StUF133", f"supported orders: {orders}", _first(at, message)


def _faults_of_range(
    gelijk: etree._Element | None, vanaf: etree._Element | None, tot: etree._Element | None, message: etree._Element
) -> Iterator[tuple[str, str, etree._Element]]:
    if _names(vanaf) != _names(tot):
        yield "StUF076", "vanaf and totEnMet do not hold the same elements", _first(vanaf, tot, message)
    if double := _names(gelijk) & (_names(vanaf) | _names(tot)):
        at = next(each for each in _children(gelijk) if local_name(each) in double)
        yield "StUF079", "an element is both in gelijk and in vanaf and totEnMet", at
    for each in (*_leaves(vanaf), *_leaves(tot)):
        if _EXACT in each.attrib:
            yield "StUF082", "the attribute exact has no place in vanaf or totEnMet", each
        if each.get(_ONVOLLEDIG, "V") != "V":
            yield "StUF085", "a date in vanaf or totEnMet is incomplete", each


def _faults_of_keys(gelijk: etree._Element | None) -> Iterator[tuple[str, str, etree._Element]]:
    found = _sleutels(gelijk)
    if gelijk is None or not found:
        return
    if len(found) > 1:
        yield "StUF088", "the question has more than one key", gelijk
    if len(gelijk):
        yield "StUF091", "the question has a key and other criteria", gelijk
    yield "StUF094", "keys of other systems are not kept here; ask by identificatie", gelijk


def _can_be_put(criterion: etree._Element, service: Service) -> bool:
    """Whether a target can search on it: a value of a supported element, in whole."""
    name = local_name(criterion)
    if name not in CRITERIA[service.kind]:
        return False
    by = find(criterion, SEARCHED_BY[name]) if name in SEARCHED_BY else criterion
    return any(read_waarde(leaf).tekst and leaf.get(_EXACT) != "false" for leaf in _leaves(by))


def _onderdelen(scope: etree._Element | None) -> set[str]:
    if scope is None or _asks_all(scope):
        return set(ONDERDELEN.values())
    return {ONDERDELEN[name] for name in _names(scope) if name in ONDERDELEN}


def _asks_all(scope: etree._Element) -> bool:
    return scope.get(_SCOPE, "").startswith(ALLES) or (_SCOPE not in scope.attrib and not len(scope))


def _sortering(message: etree._Element) -> str:
    return read_waarde(find(message, "parameters/sortering")).tekst.lstrip("0") or "0"


def _sleutels(gelijk: etree._Element | None) -> list[str]:
    return [] if gelijk is None else [name for name in _SLEUTELS if name in gelijk.attrib]


def _entities(element: etree._Element | None) -> Iterable[etree._Element]:
    return () if element is None else element.iter("*")


def _children(element: etree._Element | None) -> list[etree._Element]:
    return [] if element is None else list(element)


def _leaves(element: etree._Element | None) -> list[etree._Element]:
    return [] if element is None else [each for each in element.iter("*") if not len(each)]


def _names(element: etree._Element | None) -> set[str]:
    return {local_name(child) for child in _children(element)}


def _parent(element: etree._Element) -> etree._Element:
    parent = element.getparent()
    assert parent is not None
    return parent


def _first(*elements: etree._Element | None) -> etree._Element:
    return next(each for each in elements if each is not None)


def _add(parent: etree._Element, name: str, texts: Iterable[str]) -> None:
    for text in texts:
        etree.SubElement(parent, name).text = text
