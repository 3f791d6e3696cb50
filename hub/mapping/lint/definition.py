"""What a message or a result can hold, told the same way for XML (a Form) and for JSON (a model of the catalogue).

It knows fields, their kinds and their values. It refuses to know rules and paths.
"""

from __future__ import annotations

import types
import typing
from collections.abc import Callable, Mapping
from datetime import date, datetime
from functools import cached_property
from typing import Any, Literal

from pydantic import BaseModel

from hub.wire.form import Form

Kind = Literal["text", "number", "boolean", "date", "moment", "object", "element", "any"]
"""What a field holds: `element` is XML with elements in it and no value of its own, `object` its like in JSON."""

# Not fields of a sender: they say something about the element itself (StUF 03.01 §6, §7).
SILENT = frozenset({"entiteittype", "noValue", "nil", "type", "schemaLocation"})


class Field:
    """One place in a message or result.

    `many`: it may stand there more than once. `required`: it must stand there. `sure`: it does, with a value.
    `loose`: below it anything goes. `words`: the only values. `type`: the name of its simple type, of XML only.
    """

    def __init__(
        self,
        name: str,
        kind: Kind,
        *,
        inner: Callable[[], Mapping[str, Field]] = dict,
        attributes: Mapping[str, bool] | None = None,
        many: bool = False,
        required: bool = False,
        sure: bool = False,
        loose: bool = False,
        words: tuple[str, ...] = (),
        type: str = "",  # noqa: A002 - what XSD calls it
        xml: bool = False,
    ) -> None:
        self.name = name
        self.kind: Kind = kind
        self._inner = inner
        self.attributes = attributes or {}
        self.many = many
        self.required = required
        self.sure = sure
        self.loose = loose
        self.words = words
        self.type = type
        self.xml = xml

    @cached_property
    def children(self) -> Mapping[str, Field]:
        """The fields below it, by name, in the order of the definition."""
        return self._inner()


def of_form(form: Form) -> Field:
    """Tell of an element of a message definition; `attributes` says which must be written."""
    return Field(
        form.name,
        "any" if form.loose else "text" if form.value else "element",
        inner=lambda: {name: of_form(each) for name, each in form.children.items()},
        attributes={name: each.required and not each.fixed for name, each in form.attributes.items()},
        many=form.many,
        required=form.required and not form.fixed and not form.read_only and not form.bare,
        loose=form.loose,
        type=form.value,
        xml=True,
    )


def of_model(model: type[BaseModel], name: str = "", *, many: bool = False, required: bool = True) -> Field:
    """Tell of an object of an event."""
    return Field(
        name,
        "object",
        inner=lambda: {
            each: _of_annotation(each, field.annotation, required=field.is_required())
            for each, field in model.model_fields.items()
        },
        many=many,
        required=required,
        sure=required,
    )


_KINDS: dict[type, Kind] = {
    str: "text",
    bool: "boolean",
    int: "number",
    float: "number",
    datetime: "moment",
    date: "date",
}


def _of_annotation(name: str, annotation: Any, *, required: bool, many: bool = False) -> Field:  # noqa: ANN401
    bare, nullable = _bare(annotation)
    sure = required and not nullable
    origin: Any = typing.get_origin(bare)
    if origin is list:
        return _of_annotation(name, typing.get_args(bare)[0], required=required, many=True)
    if origin is Literal:
        words = tuple(str(each) for each in typing.get_args(bare))
        return Field(name, "text", many=many, required=required, sure=sure, words=words)
    if isinstance(bare, type) and issubclass(bare, BaseModel):
        return of_model(bare, name, many=many, required=required)
    if bare in _KINDS:
        return Field(name, _KINDS[bare], many=many, required=required, sure=sure)
    if origin is dict or bare is dict:
        return Field(name, "object", many=many, required=required, sure=sure, loose=True)
    return Field(name, "any", many=many, required=required, loose=True)


def _bare(annotation: Any) -> tuple[Any, bool]:  # noqa: ANN401 - any type expression
    """Give a type without `| None` and what Annotated adds, and whether null is allowed."""
    origin: Any = typing.get_origin(annotation)
    if origin is typing.Annotated:
        return _bare(typing.get_args(annotation)[0])
    if origin in (typing.Union, types.UnionType):
        rest = [each for each in typing.get_args(annotation) if each is not type(None)]
        nullable = len(rest) < len(typing.get_args(annotation))
        return (_bare(rest[0])[0] if len(rest) == 1 else Any), nullable
    return annotation, False
