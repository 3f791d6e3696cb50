"""Fields of canonical data as dotted paths: `verblijfplaats.verblijfadres.postcode`.

It knows models. A date that may be incomplete is one field, and what is under investigation belongs to what it is said
of: neither is asked for, or withheld, in parts.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache
from types import NoneType, UnionType
from typing import Any, Union, get_args, get_origin

from hub.event.canonical import Canonical, OnvolledigeDatum

ONDERZOEK = "inOnderzoek"
_WHOLE = (OnvolledigeDatum,)


def veld(model: type[Canonical], steps: Sequence[str]) -> str:
    """Name the field that a path of the model is, or is a part of; none for what is said of a group."""
    if ONDERZOEK in steps:
        return ""
    names: list[str] = []
    here: type[Canonical] | None = model
    for step in steps:
        if here is None or here in _WHOLE:
            break
        names.append(step)
        here = _below(here, step)
    return ".".join(names)


def fits(model: type[Canonical], path: str) -> bool:
    """Say whether a path names a field or group of the model."""
    here: type[Canonical] | None = model
    for step in path.split("."):
        if here is None or step not in here.model_fields:
            return False
        here = _below(here, step)
    return True


def velden_of(model: type[Canonical], at: str = "") -> Iterator[str]:
    """Give every field and group that can be asked for."""
    for name in model.model_fields:
        path = f"{at}.{name}" if at else name
        yield path
        here = _below(model, name)
        if here is not None and here not in _WHOLE and name != ONDERZOEK:
            yield from velden_of(here, path)


def groups_of(path: str) -> Iterator[str]:
    """Give the groups that a path lies in, from the inside out."""
    group = path.rpartition(".")[0]
    while group:
        yield group
        group = group.rpartition(".")[0]


class Velden:
    """Fields and groups, a group for all that is in it: whether a path is among them, what of an object they are."""

    def __init__(self, paths: Iterable[str]) -> None:
        """Take the paths, in any order and as often as they come."""
        self._tree: _Tree = {}
        for path in paths:
            _add(self._tree, path.split("."))

    def hold(self, path: str) -> bool:
        """Say whether a field is one of these, or in a group that is."""
        here = self._tree
        for step in path.split("."):
            below: _Tree | None = here.get(step, _NONE)
            if below is None:
                return True
            here = below
        return False

    def part_of(self, path: str) -> set[str]:
        """Give what these hold of a field or group: all of it, or the fields in it that are among these."""
        here = self._tree
        for step in path.split("."):
            below: _Tree | None = here.get(step, _NONE)
            if below is None:
                return {path}
            here = below
        return set(_paths(here, path))

    def of(self, data: Mapping[str, Any]) -> dict[str, Any]:
        """Give of an object only these fields; a group of which nothing is left is left out."""
        return _pruned(data, self._tree, above=_TOP)


def within(path: str, fields: Iterable[str]) -> bool:
    """Say whether a field is one of these, or in a group that is."""
    return Velden(fields).hold(path)


def pruned(data: Mapping[str, Any], fields: Iterable[str]) -> dict[str, Any]:
    """Give of an object only these fields: see `Velden.of`."""
    return Velden(fields).of(data)


_Tree = dict[str, Any]
"""What is known of a group by the names in it: another tree, or None where all of it is meant."""

_NONE: _Tree = {}
_TOP: frozenset[str] = frozenset()
_WITH_ANY = frozenset((ONDERZOEK, "type", "geheimhoudingPersoonsgegevens"))
"""What is said of a group goes where anything of the group goes: a type says which of several shapes it is, and who
asked for geheimhouding (the owner of a WOZ object) must be handled with care by whoever sees anything of him."""


def _add(tree: _Tree, steps: Sequence[str]) -> None:
    for step in steps[:-1]:
        below = tree.setdefault(step, {})
        if below is None:
            return
        tree = below
    tree[steps[-1]] = None


def _paths(tree: _Tree, at: str) -> Iterator[str]:
    for name, below in tree.items():
        if below is None:
            yield f"{at}.{name}"
        else:
            yield from _paths(below, f"{at}.{name}")


def _pruned(data: Mapping[str, Any], tree: _Tree, *, above: frozenset[str]) -> dict[str, Any]:
    kept: dict[str, Any] = {}
    for name, value in data.items():
        below = tree.get(name, _NONE)
        if below is None or name in above:
            kept[name] = value
        elif below and (left := _pruned_below(value, below)) is not None:
            kept[name] = left
    return kept


def _pruned_below(value: Any, tree: _Tree) -> Any:  # noqa: ANN401 - plain JSON data
    if isinstance(value, dict):
        return _pruned(value, tree, above=_WITH_ANY) or None
    if isinstance(value, list):
        return [_pruned(each, tree, above=_WITH_ANY) for each in value]
    return None


@cache
def _below(model: type[Canonical], name: str) -> type[Canonical] | None:
    """Give the model of a field, or of the items of a list; None of a value."""
    field = model.model_fields.get(name)
    return None if field is None else _model_in(field.annotation)


def _model_in(annotation: Any) -> type[Canonical] | None:  # noqa: ANN401 - any annotation
    if isinstance(annotation, type) and issubclass(annotation, Canonical):
        return annotation
    if get_origin(annotation) in (Union, UnionType, list):
        found = (_model_in(each) for each in get_args(annotation) if each is not NoneType)
        return next((each for each in found if each is not None), None)
    return None
