"""Which field probably becomes which, by equal names: the beginning of a mapping that a person goes on with.

It knows forms of messages and models of events as lists of fields. It guesses; it refuses to decide.
"""

from __future__ import annotations

import types
import typing
from collections.abc import Iterator, Sequence
from datetime import date, datetime
from typing import Annotated, Any, Literal, NamedTuple, Union

from pydantic import BaseModel

from hub.event.canonical import OnvolledigeDatum
from hub.wire.form import Form

Kind = Literal["text", "number", "boolean", "date", "moment", "part of a date", "choice", "list", "object"]

_DEEP = 4
"""Names below the message that are looked at: below that come relations of relations, the same everywhere."""


class Field(NamedTuple):
    """A field by its names from the message or the event down; a list is not looked into."""

    names: tuple[str, ...]
    kind: Kind = "text"
    required: bool = False


class Suggestions(NamedTuple):
    """`pairs` of source and target with the same name, targets that have no source, sources that have no target."""

    pairs: list[tuple[Field, Field]]
    unfilled: list[Field]
    unread: list[Field]


def suggested(sources: Sequence[Field], targets: Sequence[Field], about: str) -> Suggestions:
    """Pair fields by name, each once; `about` is the kind of message, which says what it is mostly about."""
    left = list(sources)
    pairs: list[tuple[Field, Field]] = []
    # voegZaakdocumentToe is about a document: its own fields are those of the document, not of the zaak.
    for target in sorted(targets, key=lambda each: -about.lower().rfind(each.names[0].lower())):
        source = _source(left, target)
        if source is not None:
            left.remove(source)
            pairs.append((source, target))
    order = {target.names: at for at, target in enumerate(targets)}
    paired = {target.names for _, target in pairs}
    return Suggestions(
        sorted(pairs, key=lambda pair: order[pair[1].names]),
        [each for each in targets if each.names not in paired],
        left,
    )


def of_model(model: type[BaseModel], at: tuple[str, ...] = (), *, sure: bool = True) -> Iterator[Field]:
    """Give the fields of an event; an object is looked into, a list is one field. `sure`: it is always there."""
    for name, field in model.model_fields.items():
        kind, inner = _kind(field.annotation)
        names = (*at, name)
        if kind == "object" and inner is not None and len(names) <= _DEEP:
            yield from of_model(inner, names, sure=sure and field.is_required())
        else:
            yield Field(names, kind, sure and field.is_required())


def of_form(form: Form, at: tuple[str, ...] = ()) -> Iterator[Field]:
    """Give the fields of a message; what may repeat is one field, and so is what lies deep."""
    for name, child in form.children.items():
        names = (*at, name)
        if child.read_only:
            continue
        if child.many and child.children:
            yield Field(names, "list")
        elif child.children and len(names) <= _DEEP:
            yield from of_form(child, names)
        else:
            yield Field(names, "list" if child.many else "text", child.required)


def _source(left: Sequence[Field], target: Field) -> Field | None:
    if target.kind in {"list", "object"}:
        return None
    single = [each for each in left if each.kind != "list"]
    same = [each for each in single if each.names == target.names]
    same = same or [each for each in single if each.names[1:] == target.names[1:]]
    return next(iter(same), None)


_KINDS: dict[object, Kind] = {
    int: "number",
    float: "number",
    bool: "boolean",
    date: "date",
    datetime: "moment",
    dict: "object",
    list: "list",
    tuple: "list",
    Literal: "choice",
}


def _kind(annotation: Any) -> tuple[Kind, type[BaseModel] | None]:  # noqa: ANN401 - any type expression
    """Tell what a value of this type is, whether or not it may be null."""
    origin = typing.get_origin(annotation)
    if origin is Annotated:
        return _kind(typing.get_args(annotation)[0])
    if origin in (Union, types.UnionType):
        return _kind(next(each for each in typing.get_args(annotation) if each is not type(None)))
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        # A date of which a part may be unknown is one value of a message.
        return ("part of a date", None) if annotation is OnvolledigeDatum else ("object", annotation)
    return _KINDS.get(origin or annotation, "text"), None
