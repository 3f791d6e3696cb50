"""Elements of an object by their paths, written as the definition has them: in its order, with entiteittypen.

It serves criteria, scope and start of a question. It refuses to know what an element means.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from itertools import islice
from typing import NamedTuple

from hub.wire.form import Form
from hub.wire.stuf.namespaces import STUF
from hub.wire.xml import escape

Pad = tuple[str, ...]
"""Local names from the object down."""

_ENTITEITTYPE = "entiteittype"
_LEAST = {"NPS": "geslachtsaanduiding", "NAT": "code", "TGO": "identificatie", "MAC": "kvkNummer", "VES": "handelsnaam"}
"""What of somebody or something that a relation leads to says least, where only the relation itself is wanted: the
standard wants it named, and without any element of it all of it would be asked."""


class Waarde(NamedTuple):
    """What an element is written with."""

    tekst: str = ""
    attributen: str = ""


GEVRAAGD = Waarde(attributen=' xsi:nil="true"')
"""An element that is asked for (StUF 03.01 §6.2.3)."""

LEEG = Waarde(attributen=' xsi:nil="true" StUF:noValue="geenWaarde"')
"""A criterion: there must be no value (§6.2.1)."""


def deel(tekst: str) -> Waarde:
    """Give a criterion that is a part of a value (§6.2.1)."""
    return Waarde(tekst, ' StUF:exact="false"')


def bestaand(form: Form, paths: Iterable[Pad]) -> frozenset[Pad]:
    """Give the paths that lead to a value of an object of this form.

    A path to a group asks whether it is there: any value in it tells that, one that is asked already or the first.
    """
    found = {path: below for path in paths if (below := _form_at(form, path)) is not None}
    values = {path for path, below in found.items() if below.value}
    groups = {path: below for path, below in found.items() if not below.value}
    for path, below in groups.items():
        if not any(value[: len(path)] == path for value in values):
            values |= {(*path, name) for name in _first(below)}
    return frozenset(values)


def geschreven(form: Form, waarden: Mapping[Pad, Waarde]) -> str:
    """Write what stands in an object of this form; every path leads to a value."""
    below: dict[str, dict[Pad, Waarde]] = {}
    for path, waarde in waarden.items():
        below.setdefault(path[0], {})[path[1:]] = waarde
    return "".join(_element(child, below[name]) for name, child in form.children.items() if name in below)


def _form_at(form: Form, path: Pad) -> Form | None:
    here: Form | None = form
    for name in path:
        here = None if here is None else here.children.get(name)
    return here


def _first(group: Form) -> list[str]:
    own = (name for name, child in group.children.items() if child.value and child.namespace != STUF)
    return list(islice(own, 1))


def _element(form: Form, below: Mapping[Pad, Waarde]) -> str:
    name = f"{'StUF' if form.namespace == STUF else 'BG'}:{form.name}"
    if () in below:
        waarde = below[()]
        metagegeven = form.attributes.get("metagegeven")
        mark = ' StUF:metagegeven="true"' if metagegeven is not None and metagegeven.required else ""
        return f"<{name}{waarde.attributen}{mark}>{escape(waarde.tekst)}</{name}>"
    if (led := form.children.get("gerelateerde")) and not any(path[0] == "gerelateerde" for path in below):
        below = {**below, **{("gerelateerde", least): GEVRAAGD for least in _least(led)}}
    entiteittype = _entiteittype(form)
    soort = f' StUF:entiteittype="{entiteittype}"' if entiteittype else ""
    return f"<{name}{soort}>{geschreven(form, below)}</{name}>"


def _least(led: Form) -> Iterable[str]:
    return (name for name in (_LEAST.get(_entiteittype(led)),) if name)


def _entiteittype(form: Form) -> str:
    attribute = form.attributes.get(_ENTITEITTYPE)
    return "" if attribute is None else attribute.fixed
