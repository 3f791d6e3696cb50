"""How the messages of Zaak- en Documentservices are built, by kind: what a mapping may read of them, and write.

It knows what `fold` makes of a kennisgeving, and that the adapter writes stuurgegevens; it refuses to know mappings.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache, partial
from types import MappingProxyType

from adapters.stuf_zds.definition import ENTRY, documents
from adapters.stuf_zds.services import SERVICES
from adapters.stuf_zds.vraag import help_form
from hub.wire.form import Children, Form, forms_of
from hub.wire.stuf.vormen import LOOSE, asked, folded, unmarked, without_stuurgegevens

_INSIDE = "edcLk02"
"""The kennisgeving inside a free message."""


@cache
def elements() -> Mapping[str, Form]:
    """Give the form of every message element, by its Clark name, as it goes over the wire."""
    return forms_of(documents(), ENTRY, loose_attributes=LOOSE)


@cache
def forms() -> Mapping[str, Form]:
    """Give the form of each kind of message and of answer, as a mapping reads and writes it.

    In the element of ZDS 1.1 where it has one; a kennisgeving has one `object`, with `oud` where the adapter puts what
    was there before; in a question everything stands once, with `vraag` where the adapter puts what it made of it.
    """
    made: dict[str, Form] = {}
    for service in SERVICES:
        versions = [elements()[name] for name in service.elements]
        made[service.kind] = unmarked(_form(versions[0], *versions[1:]))
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
    children = dict(without_stuurgegevens(children))
    if _INSIDE in children:
        inside = children[_INSIDE]
        return {**children, _INSIDE: inside.but(children=partial(folded, inside.children))}
    if "object" in children and children["object"].many:
        return folded(children)
    return asked(children, help_form()) if "gelijk" in children else children
