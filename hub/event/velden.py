"""Fields of canonical data as dotted paths: `verblijfplaats.verblijfadres.postcode`.

It knows models. A date that may be incomplete is one field, and what is under investigation belongs to what it is said
of: neither is asked for, or withheld, in parts.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
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


def within(path: str, fields: Iterable[str]) -> bool:
    """Say whether a field is one of these, or in a group that is."""
    return any(path == each or path.startswith(f"{each}.") for each in fields)


def around(path: str, fields: Iterable[str]) -> bool:
    """Say whether a path is a group that holds one of these."""
    return any(each.startswith(f"{path}.") for each in fields)


def pruned(data: Mapping[str, Any], fields: Collection[str], at: str = "") -> dict[str, Any]:
    """Give of an object only these fields; a group of which nothing is left is left out."""
    kept: dict[str, Any] = {}
    for name, value in data.items():
        path = f"{at}.{name}" if at else name
        # What is said of a group goes where anything of the group goes; a type says which of several shapes it is.
        if within(path, fields) or (at and name in (ONDERZOEK, "type") and around(at, fields)):
            kept[name] = value
        elif around(path, fields) and (left := _pruned_below(value, fields, path)) is not None:
            kept[name] = left
    return kept


def _pruned_below(value: Any, fields: Collection[str], path: str) -> Any:  # noqa: ANN401 - plain JSON data
    if value is None:
        return None
    if isinstance(value, dict):
        return pruned(value, fields, path) or None
    if isinstance(value, list):
        return [pruned(each, fields, path) for each in value]
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
