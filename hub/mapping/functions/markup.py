"""Pieces of a message kept as XML text, for what no field of the event can hold.

It knows elements; it refuses to know what they mean.
"""

from __future__ import annotations

import copy

from lxml import etree

from hub.errors import MessageRefused
from hub.mapping.functions.contract import FAILS, Example, Function, Unfit, always, is_element, text_of
from hub.wire.xml import parse


def _xml_tekst(value: object) -> str | None:
    if not is_element(value):
        raise Unfit("this is not an element")
    return "".join(_alone(each) for each in value.iterchildren("{*}*")) or None


def _xml_van_tekst(value: object) -> etree._Element:
    try:
        return parse(text_of(value).encode())
    except (MessageRefused, UnicodeEncodeError):
        raise Unfit("this is not one element of XML") from None


def _alone(element: etree._Element) -> str:
    """Give the element with the namespaces it uses and no others, so that the same content is the same text."""
    single = copy.deepcopy(element)
    single.tail = None
    for each in single.iter():
        # What only lays elements out is no content.
        if len(each) and not (each.text or "").strip():
            each.text = None
        if not (each.tail or "").strip():
            each.tail = None
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
        inverse="xml-van-tekst",
    ),
    Function(
        "xml-van-tekst",
        "A text that holds one element of XML as that element.",
        "text",
        "element",
        always(_xml_van_tekst),
        (
            Example("<punt>1 2</punt>", "<punt>1 2</punt>"),
            Example("<punt>1 2", FAILS),
            Example("<!DOCTYPE punt><punt/>", FAILS),
        ),
        inverse="xml-tekst",
    ),
)
