"""The scope of a question, laid over the objects of its answer: what was asked comes back, and nothing else.

Source: StUF 03.01 §6.2.3 and §6.3. Every element that was asked is there: with its value, or empty with the reason. It
knows trees; what identifies an entity and what may be empty it is told by the sector model. It refuses to know where
an answer comes from.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from fnmatch import translate
from functools import lru_cache
from typing import NamedTuple

from lxml import etree

from hub.wire.form import Form
from hub.wire.stuf.namespaces import STUF
from hub.wire.stuf.sector import Sector
from hub.wire.stuf.vraag import ALLES, SCOPE
from hub.wire.stuf.waarden import NoValue
from hub.wire.xml import XSI, local_name, namespace


class Demand(dict[str, "Demand"]):
    """What an answer must hold whatever was asked: elements by name, each with what it must hold itself."""


class Redenen(NamedTuple):
    """Why elements are empty: paths of local names from the object down, each with all that lies below it.

    What the asker is not `geautoriseerd` for never comes back, whatever a mapping wrote: where it was asked by name it
    is empty for that reason, elsewhere it is not there (§6.3: an asker that asks for all gets what it may have). What
    is `niet_ondersteund` the source does not keep at all (patterns of paths, in which `*` is any part of one); anything
    else has no value. That somebody has one, and nobody knows it, a mapping says itself. What is `deels_geautoriseerd`
    comes back where it has a value; without one there may be one that the asker may not have.
    """

    niet_geautoriseerd: frozenset[str] = frozenset()
    niet_ondersteund: frozenset[str] = frozenset()
    deels_geautoriseerd: frozenset[str] = frozenset()

    def hide(self, path: str) -> bool:
        """Say whether the asker is told nothing at this path, whatever is there."""
        steps = path.split("/")
        above = ["/".join(steps[: length + 1]) for length in range(len(steps))]
        unsupported = _matching(self.niet_ondersteund)
        return not self.niet_geautoriseerd.isdisjoint(above) or any(map(unsupported or _nothing, above))


GEEN_REDENEN = Redenen()
"""What is asked may be given, and what is not there has no value."""


def within(
    answer: etree._Element,
    scope: etree._Element | None,
    form: Form | None,
    sector: Sector,
    *,
    demand: Demand | None = None,
    redenen: Redenen = GEEN_REDENEN,
) -> None:
    """Lay the scope over one object of an answer, in place; without a scope all that may be given stays.

    `form` is that of the answered element: its order is kept. What is demanded is there, whatever was asked.
    """
    demand = Demand() if demand is None else demand
    laying = _Laying(sector, redenen)
    laying.withhold(answer, ())
    laying.keep(answer, scope, form, demand, ())
    laying.complete(answer, form, demand, ())
    for name, members in sector.groepen.items():
        for each in [each for each in answer.iter(f"{{*}}{name}") if len(each)]:
            laying.fill(each, members)
    laying.require(answer, form, ())


_ENTITEITTYPE, _METAGEGEVEN, _NO_VALUE = (f"{{{STUF}}}{name}" for name in ("entiteittype", "metagegeven", "noValue"))
_NIL = f"{{{XSI}}}nil"
_TIJDVAKKEN = {
    "tijdvakGeldigheid": ("beginGeldigheid", "eindGeldigheid"),
    "tijdvakRelatie": ("beginRelatie", "eindRelatie"),
    "tijdvakObject": ("beginObject", "eindObject"),
}
"""What the schema does not let be empty itself: its parts are."""

_MAPPINGS_MAX = 64
"""Sets of patterns that are remembered: the mapping of an answer has one."""

_Path = tuple[str, ...]


class _Laying:
    """One laying of a scope."""

    def __init__(self, sector: Sector, redenen: Redenen) -> None:
        self._sector = sector
        self._withheld = redenen.niet_geautoriseerd
        self._unseen = redenen.niet_geautoriseerd | redenen.deels_geautoriseerd
        self._unsupported = _matching(redenen.niet_ondersteund)

    def withhold(self, element: etree._Element, path: _Path) -> None:
        """Take away what the asker may not have."""
        if not self._withheld:
            return
        for each in list(element):
            below = (*path, local_name(each))
            if "/".join(below) in self._withheld:
                element.remove(each)
            else:
                self.withhold(each, below)

    def keep(
        self, answer: etree._Element, scope: etree._Element | None, form: Form | None, demand: Demand, path: _Path
    ) -> None:
        """Keep what the scope asks, and add what it asks and is not there."""
        said = "" if scope is None else scope.get(SCOPE, "")
        if said.startswith("kerngegevens"):
            self._keep_kerngegevens(answer, demand)
        elif said.startswith(ALLES[0]):
            self._keep_all(answer, said)
        elif scope is not None and len(scope):
            self._keep_asked(answer, scope, form, demand, path)

    def complete(self, answer: etree._Element, form: Form | None, demand: Demand, path: _Path) -> None:
        """Add, empty, what is demanded and nobody filled."""
        children: Mapping[str, Form] = {} if form is None else form.children
        there = _by_name(answer)
        missing = [name for name in demand if name not in there and self._may_be_empty(name, children.get(name))]
        space = namespace(answer)
        made = [
            self._empty(_tag(name, space, children.get(name)), None, children.get(name), (*path, name))
            for name in missing
        ]
        if made:
            answer[:] = _ordered([*answer, *made], children)
        for each in answer:
            name = local_name(each)
            if len(each) and demand.get(name):
                self.complete(each, children.get(name), demand[name], (*path, name))

    def fill(self, group: etree._Element, members: tuple[str, ...]) -> None:
        """Give a group all its members."""
        there = _by_name(group)
        space = namespace(group)
        whole = (there.get(name) or [self._empty(f"{{{space}}}{name}", None, None, (name,))] for name in members)
        group[:] = [each for found in whole for each in found]

    def require(self, answer: etree._Element, form: Form | None, path: _Path) -> None:
        """Add, empty, what the definition demands and nobody filled: somebody of whom the asker may see nothing."""
        children: Mapping[str, Form] = {} if form is None else form.children
        there = _by_name(answer)
        space = namespace(answer)
        made = [
            self._demanded(_tag(name, space, below), below, (*path, name))
            for name, below in children.items()
            if name not in there and below.required and (below.nillable or _is_made(below))
        ]
        for name, found in there.items():
            below = children.get(name)
            for each in found if below is not None and not below.value else ():
                if _NIL not in each.attrib:
                    self.require(each, below, (*path, name))
        if made:
            answer[:] = _ordered([*answer, *made], children)

    def _demanded(self, tag: str, form: Form, path: _Path) -> etree._Element:
        if not _is_made(form):
            return self._empty(tag, None, form, path)
        made = etree.Element(tag, nsmap=self._sector.prefixes)
        if entiteittype := _entiteittype(form):
            made.set(_ENTITEITTYPE, entiteittype)
        self.require(made, form, path)
        return made

    def _keep_all(self, answer: etree._Element, said: str) -> None:
        if said.startswith("allesZonderMetagegevens"):
            for each in [each for each in answer.iter("*") if _METAGEGEVEN in each.attrib]:
                _drop(each)
        if said.endswith("MaarKerngegevensGerelateerden"):
            for relation in answer:
                for each in relation.iterchildren("{*}gerelateerde"):
                    self._keep_kerngegevens(each, Demand())

    def _keep_kerngegevens(self, entity: etree._Element, demand: Demand) -> None:
        """Keep what identifies it; where it is one of several kinds (`gerelateerde/medewerker`), of that."""
        known = self._sector.kerngegevens.get(entity.get(_ENTITEITTYPE, ""))
        if known is None:
            for each in entity:
                if each.get(_ENTITEITTYPE, "") in self._sector.kerngegevens:
                    self._keep_kerngegevens(each, Demand())
            return
        for each in list(entity):
            name = local_name(each)
            if name not in known and name not in demand:
                _drop(each)
                continue
            for gerelateerde in each.iterchildren("{*}gerelateerde"):
                self._keep_kerngegevens(gerelateerde, demand.get(name, Demand()).get("gerelateerde", Demand()))

    def _keep_asked(
        self, answer: etree._Element, scope: etree._Element, form: Form | None, demand: Demand, path: _Path
    ) -> None:
        children: Mapping[str, Form] = {} if form is None else form.children
        given, asked = _by_name(answer), _by_name(scope)
        kept: list[etree._Element] = []
        chosen = {name for name in given if name in asked or name in demand}
        for name in dict.fromkeys((*(each for each in given if each in demand), *asked)):
            wanted, found = asked.get(name, []), given.get(name, [])
            below = children.get(name)
            for each in found:
                if wanted and (len(wanted[0]) or SCOPE in wanted[0].attrib):
                    self.keep(each, wanted[0], below, demand.get(name, Demand()), (*path, name))
            if not found and wanted and not self._chosen_before(name, chosen):
                found = self._without_value(wanted[0], below, (*path, name))
                chosen |= {name} if found else set()
            kept += found
        answer[:] = _ordered(kept, children)

    def _chosen_before(self, name: str, chosen: set[str]) -> bool:
        """Whether another of the same choice is in the answer: it may not have both."""
        return any(name in keuze and chosen & set(keuze) for keuze in self._sector.keuzes)

    def _without_value(self, wanted: etree._Element, form: Form | None, path: _Path) -> list[etree._Element]:
        """Give what was asked and has no value; of a group that may not be nil its members, nothing of a mark."""
        name = local_name(wanted)
        if name in self._sector.nooit_nil:
            if not len(wanted):
                return []
            made = etree.Element(wanted.tag, nsmap=self._sector.prefixes)
            if entiteittype := wanted.get(_ENTITEITTYPE, ""):
                made.set(_ENTITEITTYPE, entiteittype)
            self._keep_asked(made, wanted, form, Demand(), path)
            return [made] if len(made) else []
        return [self._empty(wanted.tag, wanted, form, path)] if self._may_be_empty(name, form) else []

    def _may_be_empty(self, name: str, form: Form | None) -> bool:
        if name in self._sector.nooit_leeg:
            return False
        return name in _TIJDVAKKEN or form is None or form.nillable or form.loose

    def _empty(self, tag: str, asked: etree._Element | None, form: Form | None, path: _Path) -> etree._Element:
        """Give an element without a value, and why."""
        made = etree.Element(tag, nsmap=self._sector.prefixes)
        name = local_name(made)
        if parts := _TIJDVAKKEN.get(name):
            for part in parts:
                _say_empty(etree.SubElement(made, f"{{{STUF}}}{part}"), NoValue.NIET_ONDERSTEUND)
            return made
        fixed = "" if form is None else _entiteittype(form)
        if entiteittype := fixed or ("" if asked is None else asked.get(_ENTITEITTYPE, "")):
            made.set(_ENTITEITTYPE, entiteittype)
        says_why = form is None or "noValue" in form.attributes or form.loose
        _say_empty(made, self._reason_of(asked, name, path) if says_why else None)
        return made

    def _reason_of(self, asked: etree._Element | None, name: str, path: _Path) -> NoValue:
        """Tell why something is empty: of a whole that there is none only when any part of it might have been said."""
        if asked is None or not len(asked):
            return self._reason(name, path)
        parts = [each for each in asked if local_name(each) not in self._sector.nooit_leeg]
        found = [self._reason_of(each, local_name(each), (*path, local_name(each))) for each in parts]
        given = [NoValue.GEEN_WAARDE, NoValue.NIET_GEAUTORISEERD, NoValue.NIET_ONDERSTEUND]
        return next((each for each in given if each in found), self._reason(name, path))

    def _reason(self, name: str, path: _Path) -> NoValue:
        """Tell why, in the order of §6.3."""
        if name in self._sector.niet_ondersteund:
            return NoValue.NIET_ONDERSTEUND
        above = ["/".join(path[: length + 1]) for length in range(len(path))]
        if self._unsupported is not None and any(map(self._unsupported, above)):
            return NoValue.NIET_ONDERSTEUND
        if not self._unseen.isdisjoint(above):
            return NoValue.NIET_GEAUTORISEERD
        return NoValue.GEEN_WAARDE


def _nothing(_: str) -> None:
    """Match nothing: there are no patterns."""


@lru_cache(maxsize=_MAPPINGS_MAX)
def _matching(patterns: frozenset[str]) -> Callable[[str], object] | None:
    """Give what tells whether a path is one of these; None without any."""
    return re.compile("|".join(map(translate, sorted(patterns)))).match if patterns else None


def _is_made(form: Form) -> bool:
    """Whether it is there with its parts empty, and not empty itself: an entity, or a group that has parts for sure."""
    demands = not form.value and any(each.required for each in form.children.values())
    return form.name not in _TIJDVAKKEN and (bool(_entiteittype(form)) or demands)


def _entiteittype(form: Form) -> str:
    """Give what an entity or relation always is; nothing when it is none, or one of several."""
    return form.attributes["entiteittype"].fixed if "entiteittype" in form.attributes else ""


def _tag(name: str, space: str, form: Form | None) -> str:
    return f"{{{form.namespace if form else space}}}{name}"


def _ordered(found: list[etree._Element], children: Mapping[str, Form]) -> list[etree._Element]:
    """Put them in the order of the definition, as far as it is known."""
    order = {name: place for place, name in enumerate(children)}
    if any(local_name(each) not in order for each in found):
        return found
    return sorted(found, key=lambda each: order[local_name(each)])


def _say_empty(element: etree._Element, reason: NoValue | None) -> None:
    element.set(_NIL, "true")
    if reason is not None:
        element.set(_NO_VALUE, reason.value)


def _by_name(element: etree._Element) -> dict[str, list[etree._Element]]:
    found: dict[str, list[etree._Element]] = {}
    for each in element:
        found.setdefault(local_name(each), []).append(each)
    return found


def _drop(element: etree._Element) -> None:
    parent = element.getparent()
    if parent is not None:
        parent.remove(element)
