"""What a mapping fills, checked before any message comes: no field twice, and no field that the result does not have.

It knows targets, the models of events and the forms of messages; it refuses to know sources and messages.
"""

from __future__ import annotations

import types
import typing
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel

from hub.config.likely import did_you_mean
from hub.config.yaml import Place
from hub.mapping.engine.filling import Order
from hub.mapping.paths import OWN, Target
from hub.mapping.rules import wrong
from hub.wire.form import Form

Type = Any
"""A type as pydantic keeps it (a class, a generic, or Any where everything goes), or the Form of an element."""

_VALUE, _OBJECT, _LIST = "a value", "an object", "a list"


@dataclass(slots=True)
class _Field:
    kind: str
    place: Place
    optional: bool
    inner: Outline
    fillers: int = 1
    composite: bool = False
    items: tuple[Outline, ...] = ()


class Outline:
    """The fields of one object that rules fill. `model` is its type: a model, a form, a scalar type, or Any."""

    def __init__(self, model: Type, path: str = "") -> None:
        """Begin empty; `path` is how people see the object."""
        self.model = model
        self.path = path
        self._fields: dict[str, _Field] = {}
        self._ranks = {name: rank for rank, name in enumerate(_names(model))}

    def where(self, target: Target | None) -> str:
        """Give the whole path of a target, as people see it."""
        return ".".join(part for part in (self.path, target.text if target else "") if part)

    def value(self, target: Target, place: Place, *, optional: bool, composite: bool) -> None:
        """Fill `target` by a rule; `optional`: perhaps not; `composite`: with an object, which others may add to."""
        kind = _LIST if target.many else _OBJECT if composite else _VALUE
        field = self._reach(target, kind, place, optional=optional)
        field.composite = field.composite or composite
        if kind == _VALUE and field.kind == _OBJECT:  # the text of an element of which a rule fills an attribute
            field.kind, field.place, field.optional = kind, place, optional
        clash = field.place != place and not (field.optional and optional) and not target.many
        if clash and not (composite and field.kind == _OBJECT):
            advice = "use `first-of`, or give every one of them a `when`"
            wrong(place, f"the target `{target.text}` is already filled at {field.place}", advice)
        form = field.inner.model
        if isinstance(form, Form) and not form.value and not form.loose and kind != _OBJECT:
            wrong(place, f"`{form.name}` holds elements, not a text", "fill the elements below it")

    def object(self, target: Target, place: Place, *, optional: bool) -> Outline:
        """Make the object `target` by a group; several may add to it."""
        return self._reach(target, _OBJECT, place, optional=optional).inner

    def item(self, target: Target, place: Place) -> Outline:
        """Append items to the list `target` by a rule; each item is an object of its own."""
        field = self._reach(target, _LIST, place, optional=True)
        made = Outline(field.inner.model, field.inner.path)
        field.items = (*field.items, made)
        return made

    def keys(self, target: Target) -> tuple[str, ...]:
        """Give the names under which a value is kept: an attribute of an element with a text stands beside it."""
        keys: list[str] = []
        outline = self
        for name in target.names:
            if name.startswith("@") and isinstance(outline.model, Form) and outline.model.value and keys:
                keys[-1] += name
            else:
                keys.append(name)
            field = outline._fields.get(name)
            outline = field.inner if field else Outline(Any)
        return tuple(keys)

    def alone(self, target: Target) -> bool:
        """Tell whether one rule only fills `target`, a field of this very object."""
        return len(target.names) == 1 and self._fields[target.names[0]].fillers == 1

    def rank(self, target: Target) -> tuple[int, ...]:
        """Give the place of `target` among all fields that this object may have, as in its definition."""
        ranks: list[int] = []
        outline = self
        for name in target.names:
            if not outline._ranks:
                break  # no definition: as the rules stand in the file
            ranks.append(outline._ranks.get(name, 0))
            outline = outline._fields[name].inner
        return tuple(ranks)

    def order(self) -> Order:
        """Give the fields that rules fill, in the order of the definition; empty where it has none."""
        made = Order()
        for name in sorted(self._fields, key=lambda name: self._ranks.get(name, 0)) if self._ranks else ():
            field = self._fields[name]
            made[name] = field.inner.order() if field.kind == _OBJECT else Order()
        if made and any(field.composite for field in self._fields.values()):
            for name, field in self._fields.items():
                if field.composite:
                    made[name] = Order(dict.fromkeys(_names(field.inner.model), Order()))
        return made

    def filled(self) -> Iterator[tuple[str, str, tuple[Outline, ...]]]:
        """Give every field that rules fill: its name, its kind, and the outlines of what it may hold."""
        for name, field in self._fields.items():
            yield name, field.kind, (field.inner, *field.items)

    @property
    def mixed(self) -> bool:
        """Whether an object that a function gives gets more fields from other rules."""
        return any(
            (field.composite and field.fillers > 1) or (field.kind == _OBJECT and field.inner.mixed)
            for field in self._fields.values()
        )

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
            return known
        known.fillers += 1
        if known.kind != kind and not self._beside(known, kind):
            wrong(place, f"the target `{name}` is {kind} here and {known.kind} at {known.place}")
        return known

    def _beside(self, known: _Field, kind: str) -> bool:
        """Tell whether a text and its attributes fill an element together."""
        form = known.inner.model
        return isinstance(form, Form) and bool(form.value) and _LIST not in (known.kind, kind)

    def _type_of(self, name: str, kind: str, place: Place) -> Type:
        if isinstance(self.model, Form):
            return self._element(self.model, name, kind, place)
        if name.startswith("@"):
            wrong(place, f"`{name}` is an attribute, and this result has none", "only a message that is written does")
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

    def _element(self, form: Form, name: str, kind: str, place: Place) -> Type:
        where = f"`{self.path}`" if self.path else f"`{form.name}`"
        if name.startswith("@"):
            if name[1:] not in form.attributes and not form.loose:
                likely = did_you_mean(name, [f"@{each}" for each in form.attributes])
                wrong(place, f"{where} has no attribute `{name}`", likely)
            return str
        if name == OWN and form.value:
            return str
        below = form.below(name)
        if below is None and form.value:
            wrong(place, f"{where} holds a text and has no element `{name}`")
        if below is None:
            wrong(place, f"{where} has no element `{name}`", did_you_mean(name, form.children))
        if below.read_only:
            wrong(place, f"`{name}` is in messages that are read, never in one that is written")
        if kind == _LIST and not below.many:
            wrong(place, f"`{name}` occurs once", "leave out `[]`")
        return below


def _names(model: Type) -> tuple[str, ...]:
    """Give the fields of a type in their order; nothing where that is unknown."""
    if isinstance(model, Form):
        return (*(f"@{name}" for name in model.attributes), *model.children)
    if isinstance(model, type) and issubclass(model, BaseModel):
        return tuple(model.model_fields)
    return ()


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
