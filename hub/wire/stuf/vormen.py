"""The forms of messages as a mapping reads and writes them, made of those that go over the wire.

A mapping reads a kennisgeving in which *oud* is folded into *huidig* (`kennisgeving.fold`) or stands beside it
(`kennisgeving.beside`), a question in which everything stands once, and never the stuurgegevens: those are the
adapter's. It knows no sector model.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial

from hub.wire.form import AttributeForm, Children, Form
from hub.wire.stuf.namespaces import STUF

LOOSE = tuple(
    AttributeForm(name, STUF, required=False)
    for name in ("noValue", "indOnvolledigeDatum", "metagegeven", "entiteittype", "verwerkingssoort")
)
"""What an element may have where our definition leaves open what it holds."""

VRAAG = ("gelijk", "vanaf", "totEnMet", "scope", "start")


def without_stuurgegevens(children: Children) -> Children:
    """Give a message whose stuurgegevens are not to be written: the adapter knows sender, receiver, number and time."""
    return {**children, "stuurgegevens": children["stuurgegevens"].but(read_only=True)}


def folded(children: Children) -> Children:
    """Give a kennisgeving with one object, and `oud` where `fold` puts what was there before."""
    entity = children["object"]
    identity = {name: entity.children[name] for name in ("identificatie",) if name in entity.children}
    one = entity.but(many=False, children=partial(_of_object, entity))
    return {**children, "parameters": _known(children), "object": one, "oud": _oud(lambda: identity)}


def beside(children: Children) -> Children:
    """Give a kennisgeving with one object, and `oud` where `beside` puts what was there before: all of it."""
    made = alone(children)
    entity = made["object"]
    return {**made, "oud": Form("oud", "", children=lambda: entity.children)}


def alone(children: Children) -> Children:
    """Give a kennisgeving of something that was not there before, or is not there any more: it has one object."""
    entity = children["object"]
    one = entity.but(many=False, children=partial(_open_ended, entity))
    return {**children, "parameters": _known(children), "object": one}


def asked(children: Children, vraag: Form) -> Children:
    """Give a question in which everything stands once: it names every criterion and wish once. `vraag` comes beside."""
    return {**{name: once(each) if name in VRAAG else each for name, each in children.items()}, "vraag": vraag}


def unmarked(form: Form) -> Form:
    """Ask no verwerkingssoort of a mapping: where it writes none, the adapter knows which one it must be."""
    attributes = {
        name: replace(each, required=False) if name == "verwerkingssoort" else each
        for name, each in form.attributes.items()
    }
    return form.but(
        attributes=attributes, children=lambda: {name: unmarked(each) for name, each in form.children.items()}
    )


def once(form: Form) -> Form:
    """Give a form in which nothing occurs twice."""
    return form.but(many=False, children=lambda: {name: once(each) for name, each in form.children.items()})


def _known(children: Children) -> Form:
    """Give parameters that need not be written: the adapter knows the mutatiesoort of each service."""
    parameters = children["parameters"]
    return parameters.but(required=False, children=partial(_optional, parameters))


def _optional(form: Form) -> Children:
    return {name: each.but(required=False) for name, each in form.children.items()}


def _open_ended(entity: Form) -> Children:
    """Ask no end of what holds now of a mapping: the adapter writes that there is none (StUF 03.01 §5.2.3)."""
    name = "tijdvakGeldigheid"
    tijdvak = entity.children.get(name)
    if tijdvak is None:
        return entity.children
    return {**entity.children, name: tijdvak.but(children=partial(_optional, tijdvak))}


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
    """Give the element that `fold` makes of the object itself, which no sender writes."""
    return Form("oud", "", children=children, read_only=True)
