"""Pieces of a message kept as XML text, for what no field of the event can hold.

It knows elements; it refuses to know what they mean.
"""

from __future__ import annotations

import copy

from lxml import etree

from hub.mapping.functions.contract import FAILS, Example, Function, Unfit, always, is_element


def _xml_tekst(value: object) -> str | None:
    if not is_element(value):
        raise Unfit("this is not an element")
    return "".join(_alone(each) for each in value.iterchildren("{*}*")) or None


def _alone(element: etree._Element) -> str:
    """Give the element with the namespaces it uses and no others, so that the same content is the same text."""
    single = copy.deepcopy(element)
    single.tail = None
    etree.cleanup_namespaces(single)
    return etree.tostring(single, encoding="unicode")


FUNCTIONS = (
    Function(
        "xml-tekst",
        "The elements inside an element as XML text; nothing when there are none.",
        "element",
        "text",
        always(_xml_tekst),
        (
            Example('<plek xmlns:x="urn:x"><punt>1 2</punt></plek>', "<punt>1 2</punt>"),
            Example("<plek/>", None),
            Example("1 2", FAILS),
        ),
    ),
)
