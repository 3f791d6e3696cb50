"""How the messages of Zaak- en Documentservices are built, by kind: what a mapping may read of them, and write.

It knows what `fold` makes of a kennisgeving; it refuses to know mappings.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache, partial

from adapters.stuf_zds.definition import ENTRY, documents
from adapters.stuf_zds.services import SERVICES
from hub.wire.form import AttributeForm, Children, Form, forms_of
from hub.wire.stuf.namespaces import STUF, ZKN

_LOOSE = tuple(
    AttributeForm(name, STUF, required=False)
    for name in ("noValue", "indOnvolledigeDatum", "entiteittype", "verwerkingssoort")
)
"""What an element of StUF-BG or StUF-ZKN may have that our definition leaves open."""


@cache
def forms() -> Mapping[str, Form]:
    """Give the form of each kind: one `object`, with `oud` where the adapter puts what was there before."""
    found = forms_of(documents(), ENTRY, loose_attributes=_LOOSE)
    return {each.kind: _folded(found[f"{{{ZKN}}}{each.element_11}"]) for each in SERVICES}


def _folded(message: Form) -> Form:
    return message.but(children=partial(_of_message, message))


def _of_message(message: Form) -> Children:
    entity = message.children["object"]
    identificatie = {"identificatie": entity.children["identificatie"]}
    folded = entity.but(many=False, children=partial(_of_object, entity))
    return {**message.children, "object": folded, "oud": _oud(lambda: identificatie)}


def _of_object(entity: Form) -> Children:
    return {
        name: _relation(each) if "entiteittype" in each.attributes else each for name, each in entity.children.items()
    }


def _relation(relation: Form) -> Form:
    return relation.but(children=lambda: {**relation.children, "oud": _oud(lambda: relation.children)})


def _oud(children: Callable[[], Children]) -> Form:
    """Give the element that `fold` makes, which no sender writes."""
    return Form("oud", "", children=children, read_only=True)
