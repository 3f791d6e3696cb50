"""How the messages of Zaak- en Documentservices are built, by kind: what a mapping may read of them, and write.

It knows what `fold` makes of a kennisgeving, and that the adapter writes stuurgegevens; it refuses to know mappings.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import cache, partial
from types import MappingProxyType

from adapters.stuf_zds.definition import ENTRY, documents
from adapters.stuf_zds.services import SERVICES
from adapters.stuf_zds.vraag import help_form
from hub.wire.form import AttributeForm, Children, Form, forms_of
from hub.wire.stuf.namespaces import STUF

_LOOSE = tuple(
    AttributeForm(name, STUF, required=False)
    for name in ("noValue", "indOnvolledigeDatum", "metagegeven", "entiteittype", "verwerkingssoort")
)
"""What an element of StUF-BG or StUF-ZKN may have that our definition leaves open."""

_INSIDE = "edcLk02"
"""The kennisgeving inside a free message."""

_VRAAG = ("gelijk", "vanaf", "totEnMet", "scope", "start")


@cache
def elements() -> Mapping[str, Form]:
    """Give the form of every message element, by its Clark name, as it goes over the wire."""
    return forms_of(documents(), ENTRY, loose_attributes=_LOOSE)


@cache
def forms() -> Mapping[str, Form]:
    """Give the form of each kind of message and of answer, as a mapping reads and writes it.

    In the element of ZDS 1.1 where it has one; a kennisgeving has one `object`, with `oud` where the adapter puts what
    was there before; in a question everything stands once, with `vraag` where the adapter puts what it made of it.
    """
    made: dict[str, Form] = {}
    for service in SERVICES:
        versions = [elements()[name] for name in service.elements]
        made[service.kind] = _unmarked(_form(versions[0], *versions[1:]))
        if service.antwoord:
            made[service.antwoord] = _form(elements()[service.antwoord_elements[0]])
    return MappingProxyType(made)


def _form(message: Form, *others: Form) -> Form:
    """Give the form of a message that may come under the names of `others` too, with what only they have."""
    return message.but(children=partial(_of_message, message, others))


def _of_message(message: Form, others: tuple[Form, ...]) -> Children:
    children = dict(message.children)
    for other in others:
        children |= {name: each for name, each in other.children.items() if name not in children}
    # Not for a mapping to write: the adapter knows sender, receiver, number and time.
    children["stuurgegevens"] = children["stuurgegevens"].but(read_only=True)
    if _INSIDE in children:
        inside = children[_INSIDE]
        return {**children, _INSIDE: inside.but(children=partial(_folded, inside.children))}
    if "object" in children and children["object"].many:
        return _folded(children)
    if "gelijk" in children:
        asked = {name: _once(each) if name in _VRAAG else each for name, each in children.items()}
        return {**asked, "vraag": help_form()}
    return children


def _folded(children: Children) -> Children:
    entity = children["object"]
    identificatie = {"identificatie": entity.children["identificatie"]}
    folded = entity.but(many=False, children=partial(_of_object, entity))
    # The adapter knows the mutatiesoort of each service.
    parameters = children["parameters"].but(required=False)
    return {**children, "parameters": parameters, "object": folded, "oud": _oud(lambda: identificatie)}


def _unmarked(form: Form) -> Form:
    """Ask no verwerkingssoort of a mapping: where it writes none, the adapter knows which one it must be."""
    attributes = {
        name: replace(each, required=False) if name == "verwerkingssoort" else each
        for name, each in form.attributes.items()
    }
    return form.but(
        attributes=attributes, children=lambda: {name: _unmarked(each) for name, each in form.children.items()}
    )


def _of_object(entity: Form) -> Children:
    return {
        name: _relation(each) if "entiteittype" in each.attributes else each for name, each in entity.children.items()
    }


def _relation(relation: Form) -> Form:
    """Give a relation with what it was before: of a message that is sent the adapter makes two objects again."""
    return relation.but(
        children=lambda: {**relation.children, "oud": Form("oud", "", children=lambda: relation.children)}
    )


def _oud(children: Callable[[], Children]) -> Form:
    """Give the element that `fold` makes of the zaak itself, which no sender writes."""
    return Form("oud", "", children=children, read_only=True)


def _once(form: Form) -> Form:
    """Give a form in which nothing occurs twice: a question names every criterion and wish once."""
    return form.but(many=False, children=lambda: {name: _once(each) for name, each in form.children.items()})
