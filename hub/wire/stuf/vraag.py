"""A question (Lv01): what it may hold, what it selects on, and how much of the answer it wants.

Source: StUF 03.01 chapter 6 and table 8.1. It knows the form of a question, whatever the sector model; it refuses to
know what can be searched on and who answers.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from typing import NamedTuple

from lxml import etree

from hub.config.policy import VRAAG_AANTAL, VRAAG_AANTAL_MAX
from hub.errors import MessageRefused
from hub.wire.form import Form
from hub.wire.stuf.namespaces import STUF
from hub.wire.stuf.waarden import NoValue, read_waarde
from hub.wire.xml import find, line_of, local_name, path_of

ALLES = ("alles", "allesZonderMetagegevens", "allesMaarKerngegevensGerelateerden")
"""How a scope that asks for everything begins."""

SCOPE, EXACT = (f"{{{STUF}}}{name}" for name in ("scope", "exact"))


class Fault(NamedTuple):
    """One thing wrong with a question: the code of table 8.1, a sentence without values, and where."""

    code: str
    reason: str
    at: etree._Element


class Criterium(NamedTuple):
    """One value that a question selects on: where it stands in an object, and whether in gelijk, vanaf or totEnMet."""

    path: str
    side: str
    element: etree._Element


def check(message: etree._Element, faults: Iterable[Fault]) -> None:
    """Raise MessageRefused for the first fault: StUF gives one, in the order of the table."""
    for code, reason, at in faults:
        raise MessageRefused(reason, code=code, path=path_of(at, below=message), line=line_of(at))


def faults_of_criteria(message: etree._Element, *, advice: str) -> Iterator[Fault]:
    """Give what is wrong with ranges and keys; `advice` says by what to ask instead of a key of another system."""
    gelijk, vanaf, tot = (find(message, name) for name in ("gelijk", "vanaf", "totEnMet"))
    if names(vanaf) != names(tot):
        yield Fault("StUF076", "vanaf and totEnMet do not hold the same elements", first(vanaf, tot, message))
    if double := names(gelijk) & (names(vanaf) | names(tot)):
        at = next(each for each in children(gelijk) if local_name(each) in double)
        yield Fault("StUF079", "an element is both in gelijk and in vanaf and totEnMet", at)
    for each in (*leaves(vanaf), *leaves(tot)):
        if EXACT in each.attrib:
            yield Fault("StUF082", "the attribute exact has no place in vanaf or totEnMet", each)
        if each.get(_ONVOLLEDIG, "V") != "V":
            yield Fault("StUF085", "a date in vanaf or totEnMet is incomplete", each)
    found = sleutels(gelijk)
    if gelijk is not None and found:
        if len(found) > 1:
            yield Fault("StUF088", "the question has more than one key", gelijk)
        if len(gelijk):
            yield Fault("StUF091", "the question has a key and other criteria", gelijk)
        yield Fault("StUF094", f"keys of other systems are not kept here; {advice}", gelijk)


def faults_of_scope(message: etree._Element) -> Iterator[Fault]:
    """Give what is wrong with the scope."""
    scope = find(message, "scope")
    for entity in () if scope is None else scope.iter("*"):
        if SCOPE in entity.attrib and len(entity):
            yield Fault("StUF097", "the scope has both the attribute scope and elements", entity)


def faults_of_vervolg(message: etree._Element, sleutel: Sequence[str]) -> Iterator[Fault]:
    """Give what is wrong with a vervolgvraag; of `sleutel`, elements that identify an object, start must hold one."""
    if not is_vervolg(message):
        return
    start = find(message, "start/object")
    if start is None:
        yield Fault("StUF103", "a vervolgvraag needs the last object of the answer before, in start", message)
        return
    there, wanted = names(start), names(find(message, "vanaf")) | names(find(message, "totEnMet"))
    known = any(read_waarde(find(start, name)).tekst for name in sleutel)
    if not known or not wanted <= there:
        what = " or ".join(sleutel)
        yield Fault("StUF106", f"start lacks an element of vanaf and totEnMet, or the {what}", start)


def faults_of_volgorde(message: etree._Element, supported: Collection[str]) -> Iterator[Fault]:
    """Give what is wrong with the order that is asked."""
    if sortering(message) not in supported:
        at = first(find(message, "parameters/sortering"), message)
        yield Fault("StUF133", f"supported orders: {', '.join(supported)}", at)


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


def sortering(message: etree._Element) -> str:
    """Give the number of the order that is asked, without leading zeros."""
    return read_waarde(find(message, "parameters/sortering")).tekst.lstrip("0") or "0"


def criteria(message: etree._Element) -> list[etree._Element]:
    """Give what the question selects on.

    StUF 03.01 §6.2: waardeOnbekend, nietGeautoriseerd and nietOndersteund say nothing; what is empty without a reason
    says nothing either.
    """
    said = (child for name in ("gelijk", "vanaf", "totEnMet") for child in children(find(message, name)))
    return [each for each in said if len(each) or _selects(each)]


def values(message: etree._Element) -> list[Criterium]:
    """Give every value that the question selects on, also those in groups and relations."""
    found = (leaf for each in criteria(message) for leaf in leaves(each) if _selects(leaf))
    steps = ((path_of(leaf, below=message).split("/", 2), leaf) for leaf in found)
    return [Criterium(_PLACE("", path), side, leaf) for (_, side, path), leaf in steps]


def puts(criterion: etree._Element) -> bool:
    """Whether a criterion, or what it holds, has a value to search on in whole."""
    return any(read_waarde(leaf).tekst and leaf.get(EXACT) != "false" for leaf in leaves(criterion))


def sleutels(gelijk: etree._Element | None) -> list[str]:
    """Give the keys by which an object is asked for."""
    return [] if gelijk is None else [name for name in _SLEUTELS if name in gelijk.attrib]


def asks_all(scope: etree._Element) -> bool:
    """Whether the scope asks for all there is: in a word, or by saying nothing."""
    return scope.get(SCOPE, "").startswith(ALLES) or (SCOPE not in scope.attrib and not len(scope))


def asked_paths(scope: etree._Element | None) -> frozenset[str] | None:
    """Give the paths of what a scope asks, from its object down; None when it names no elements but a word, or all.

    An entity asked for by a word (`StUF:scope`) or without its elements is given by its own path.
    """
    if scope is None or SCOPE in scope.attrib or not len(scope):
        return None
    return frozenset(path_of(each, below=scope).partition("/")[2] for each in leaves(scope))


def help_form(leaves: Iterable[str], many: Collection[str]) -> Form:
    """Give the form of the child `vraag`, where an adapter puts what a mapping cannot read from the question itself."""
    made = {name: Form(name, "", value="string", many=name in many, read_only=True) for name in leaves}
    return Form("vraag", "", children=lambda: made, read_only=True)


def add(parent: etree._Element, name: str, texts: Iterable[str]) -> None:
    """Put an element without namespace in `vraag`, once for each text."""
    for text in texts:
        etree.SubElement(parent, name).text = text


def names(element: etree._Element | None) -> set[str]:
    """Give the local names of what is in an element."""
    return {local_name(child) for child in children(element)}


def children(element: etree._Element | None) -> list[etree._Element]:
    """Give what is in an element, or nothing."""
    return [] if element is None else list(element)


def leaves(element: etree._Element | None) -> list[etree._Element]:
    """Give what holds no elements, at any depth, the element itself included."""
    return [] if element is None else [each for each in element.iter("*") if not len(each)]


def first(*elements: etree._Element | None) -> etree._Element:
    """Give the first that is there."""
    return next(each for each in elements if each is not None)


_NUMBER = re.compile("[0-9]{1,9}").fullmatch
_PLACE = re.compile(r"\[[0-9]+\]").sub
_SLEUTELS = tuple(f"{{{STUF}}}sleutel{name}" for name in ("Verzendend", "Ontvangend", "Gegevensbeheer"))
_ONVOLLEDIG = f"{{{STUF}}}indOnvolledigeDatum"


def _selects(element: etree._Element) -> bool:
    waarde = read_waarde(element)
    return bool(waarde.tekst) or waarde.reden in (NoValue.GEEN_WAARDE, NoValue.VASTGESTELD_ONBEKEND)
