"""What a mapping fills, checked before any message comes: no field twice, and no field that the event does not have.

It knows targets and the models of events; it refuses to know sources and messages.
"""

from __future__ import annotations

import types
import typing
from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel

from hub.config.likely import did_you_mean
from hub.config.yaml import Place
from hub.mapping.paths import Target
from hub.mapping.rules import wrong

Type = Any
"""A type as pydantic keeps it: a class, a generic, or Any where everything goes."""

_VALUE, _OBJECT, _LIST = "a value", "an object", "a list"


@dataclass(slots=True)
class _Field:
    kind: str
    place: Place
    optional: bool
    inner: Outline


class Outline:
    """The fields of one object that rules fill. `model` is its type: a model, a scalar type, or Any where all goes."""

    def __init__(self, model: Type, path: str = "") -> None:
        """Begin empty; `path` is how people see the object."""
        self.model = model
        self.path = path
        self._fields: dict[str, _Field] = {}

    def where(self, target: Target | None) -> str:
        """Give the whole path of a target, as people see it."""
        return ".".join(part for part in (self.path, target.text if target else "") if part)

    def value(self, target: Target, place: Place, *, optional: bool, composite: bool) -> None:
        """Fill `target` by a rule; `optional`: perhaps not; `composite`: with an object, which others may add to."""
        kind = _LIST if target.many else _OBJECT if composite else _VALUE
        field = self._reach(target, kind, place, optional=optional)
        clash = field.place != place and not (field.optional and optional) and not target.many
        if clash and not (composite and field.kind == _OBJECT):
            advice = "use `first-of`, or give every one of them a `when`"
            wrong(place, f"the target `{target.text}` is already filled at {field.place}", advice)

    def object(self, target: Target, place: Place, *, optional: bool) -> Outline:
        """Make the object `target` by a group; several may add to it."""
        return self._reach(target, _OBJECT, place, optional=optional).inner

    def item(self, target: Target, place: Place) -> Outline:
        """Append items to the list `target` by a rule; each item is an object of its own."""
        inner = self._reach(target, _LIST, place, optional=True).inner
        return Outline(inner.model, inner.path)  # of its own kind

    def _reach(self, target: Target, kind: str, place: Place, *, optional: bool) -> _Field:
        outline = self
        for name in target.names[:-1]:
            outline = outline.field(name, _OBJECT, place, optional=True).inner  # of its own kind
        return outline.field(target.names[-1], kind, place, optional=optional)  # of its own kind

    def field(self, name: str, kind: str, place: Place, *, optional: bool) -> _Field:
        """Give the field `name`, which is of this kind; raises ConfigurationWrong when it is not."""
        known = self._fields.get(name)
        if known is None:
            path = f"{self.path}.{name}" if self.path else name
            inner = Outline(self._type_of(name, kind, place), f"{path}[]" if kind == _LIST else path)
            known = self._fields[name] = _Field(kind, place, optional, inner)
        elif known.kind != kind:
            wrong(place, f"the target `{name}` is {kind} here and {known.kind} at {known.place}")
        return known

    def _type_of(self, name: str, kind: str, place: Place) -> Type:
        if self.model is Any:
            return Any
        where = f"`{self.path}`" if self.path else "the event"
        if not (isinstance(self.model, type) and issubclass(self.model, BaseModel)):
            wrong(place, f"{where} is a single value and has no field `{name}`")
        fields = self.model.model_fields
        if name not in fields:
            wrong(place, f"{where} has no field `{name}`", did_you_mean(name, fields))
        bare = _bare(fields[name].annotation)
        is_list = _origin(bare) is list
        if is_list and kind != _LIST:
            wrong(place, f"`{name}` is a list", f"write `{name}[]` to append to it")
        if kind == _LIST and not is_list and bare is not Any:
            wrong(place, f"`{name}` is not a list", "leave out `[]`")
        found = _bare(typing.get_args(bare)[0]) if is_list else bare
        return Any if _origin(found) is dict or found is dict else found


def _bare(annotation: Type) -> Type:
    """Give a type without `| None` and without what Annotated adds."""
    origin = _origin(annotation)
    if origin is typing.Annotated:
        return _bare(typing.get_args(annotation)[0])
    if origin in (typing.Union, types.UnionType):
        rest = [each for each in typing.get_args(annotation) if each is not type(None)]
        return _bare(rest[0]) if len(rest) == 1 else Any
    return annotation


def _origin(annotation: Type) -> Type:
    """Give what a generic type is made of; the stubs know only some of what comes out."""
    return typing.get_origin(annotation)
