"""How the messages of StUF-BG are built, by kind: what a mapping may read of them, and write.

It knows what `fold` makes of a kennisgeving, and that the adapter writes stuurgegevens; it refuses to know mappings.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache, partial
from types import MappingProxyType

from adapters.stuf_bg.definition import ENTRY, documents
from adapters.stuf_bg.services import SERVICES, Service
from adapters.stuf_bg.vraag import help_form
from hub.wire.form import Children, Form, forms_of
from hub.wire.stuf.vormen import LOOSE, asked, folded, unmarked, without_stuurgegevens

_KEUZES = ("verblijfsadres", "sub.verblijfBuitenland")
"""Elements of a choice that a prefill question may ask for both: in an answer each stands once."""

NIET_ONDERSTEUND = "nietOndersteund"
"""Where the mapping of an answer says what its source does not keep; it is not in the message that goes out."""


@cache
def elements() -> Mapping[str, Form]:
    """Give the form of every message element, by its Clark name, as it goes over the wire."""
    return forms_of(documents(), ENTRY, loose_attributes=LOOSE)


@cache
def forms() -> Mapping[str, Form]:
    """Give the form of each kind of message and of answer, as a mapping reads and writes it.

    A kennisgeving has one `object`, with `oud` where the adapter puts what was there before; in a question everything
    stands once, with `vraag` where the adapter puts what it made of it.
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
        return folded(children, service.sleutels)
    return asked(children, help_form()) if service.is_vraag else children


def _of_answer(answer: Form) -> Children:
    made = Form(NIET_ONDERSTEUND, "", value="string", many=True)
    return {**without_stuurgegevens(answer.children), NIET_ONDERSTEUND: made}


def _chosen(form: Form) -> Form:
    """Give a form in which the elements of a choice stand once, at every depth."""
    children = partial(_chosen_below, form)
    return form.but(many=False, children=children) if form.name in _KEUZES else form.but(children=children)


def _chosen_below(form: Form) -> Children:
    return {name: _chosen(each) for name, each in form.children.items()}
