"""How the messages of StUF-BG are built, by kind: what a mapping may read of them, and write.

It knows what `beside` makes of a kennisgeving, and that the adapter writes stuurgegevens; it refuses to know mappings.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache, partial
from types import MappingProxyType

from adapters.stuf_bg.definition import ENTRY, documents
from adapters.stuf_bg.services import SERVICES, SYNCHRONISATIES, Service
from adapters.stuf_bg.vraag import help_form
from hub.wire.form import Children, Form, forms_of
from hub.wire.stuf.vormen import LOOSE, alone, asked, beside, unmarked, without_stuurgegevens

_KEUZES = ("verblijfsadres", "sub.verblijfBuitenland")
"""Elements of a choice that a prefill question may ask for both: in an answer each stands once."""

VOLLEDIG = "volledig"
"""Where the mapping of a change says that it holds all that is known of the object; it is not in the message either."""

NIET_ONDERSTEUND = "nietOndersteund"
"""Where the mapping of an answer says what its source does not keep; it is not in the message that goes out."""

VERVOLGD = "vervolgd"
"""Where it says that its source went on after the answer before; it is not in the message that goes out either."""


@cache
def elements() -> Mapping[str, Form]:
    """Give the form of every message element, by its Clark name, as it goes over the wire."""
    return forms_of(documents(), ENTRY, loose_attributes=LOOSE)


@cache
def forms() -> Mapping[str, Form]:
    """Give the form of each kind of message and of answer, as a mapping reads and writes it.

    A kennisgeving has one `object`, that of a change with `oud` beside it: what was there before. In a question
    everything stands once, with `vraag` where the adapter puts what it made of it.
    """
    made: dict[str, Form] = {}
    for service in SERVICES:
        message = elements()[service.elements[0]]
        made[service.kind] = unmarked(message.but(children=partial(_of_message, message, service)))
        if service.antwoord:
            answer = elements()[service.antwoord_element]
            made[service.antwoord] = _chosen(answer.but(children=partial(_of_answer, answer)))
    return MappingProxyType(made)


def _of_message(message: Form, service: Service) -> Children:
    children = without_stuurgegevens(message.children)
    if service.mutatiesoorten:
        return _changed(children) if "W" in service.mutatiesoorten else alone(children)
    if service in SYNCHRONISATIES:
        return _synchronised(message.children)
    return asked(children, help_form()) if service.is_vraag else children


def _changed(children: Children) -> Children:
    """Give a change, with what only its sender knows: whether it says all there is."""
    return {**beside(children), VOLLEDIG: Form(VOLLEDIG, "", value="boolean")}


def _synchronised(children: Children) -> Children:
    """Give a synchronisation: messages inside a message, each a kennisgeving of its own at last."""
    made = dict(without_stuurgegevens(children))
    for name in ("actueel", "historie", "oudste", "wijziging"):
        if name in made:
            inside = made[name]
            made[name] = inside.but(children=partial(_inside, inside))
    return made


def _inside(message: Form) -> Children:
    if "object" not in message.children:
        return _synchronised(message.children) if "stuurgegevens" in message.children else _history(message.children)
    children = without_stuurgegevens(message.children)
    return beside(children) if message.name == "wijziging" else alone(children)


def _history(children: Children) -> Children:
    return {name: each.but(children=partial(_inside, each)) for name, each in children.items()}


def _of_answer(answer: Form) -> Children:
    made = Form(NIET_ONDERSTEUND, "", value="string", many=True)
    given = answer.children["antwoord"]
    return {
        **without_stuurgegevens(answer.children),
        # All that is found, also for a form, which is about one: the adapter says so when there are more.
        "antwoord": given.but(children=partial(_several, given)),
        NIET_ONDERSTEUND: made,
        VERVOLGD: Form(VERVOLGD, "", value="boolean"),
    }


def _several(given: Form) -> Children:
    return {name: _asked_or_not(each).but(many=True) for name, each in given.children.items()}


def _asked_or_not(form: Form) -> Form:
    """Give a form in which a mapping need fill nothing, at every depth: the adapter says of what is not there why."""
    return form.but(required=False, children=partial(_asked_or_not_below, form))


def _asked_or_not_below(form: Form) -> Children:
    return {name: _asked_or_not(each) for name, each in form.children.items()}


def _chosen(form: Form) -> Form:
    """Give a form in which the elements of a choice stand once, at every depth."""
    children = partial(_chosen_below, form)
    return form.but(many=False, children=children) if form.name in _KEUZES else form.but(children=children)


def _chosen_below(form: Form) -> Children:
    return {name: _chosen(each) for name, each in form.children.items()}
