"""Which service a message calls: its element says it, of a kennisgeving its mutatiesoort too.

A SOAPAction may not say another one.
"""

from __future__ import annotations

import re

from lxml import etree

from adapters.stuf_bg.services import Service, by_element
from hub.errors import MessageRefused
from hub.wire.stuf.checks import NOT_SUPPORTED, SCHEMA
from hub.wire.stuf.waarden import read_waarde
from hub.wire.xml import find, line_of, local_name


def service_of(message: etree._Element, operation: str) -> Service:
    """Tell the service from the message and the operation of the SOAPAction (its last part, lower case).

    Raises MessageRefused: StUF040 when there is none, or when the two contradict each other, and StUF055 for a
    kennisgeving that does not say what happened.
    """
    name = local_name(message)
    services = by_element().get(str(message.tag), ())
    if not services:
        raise MessageRefused("this message is not received here", code=NOT_SUPPORTED, path=name, line=line_of(message))
    if _OPERATION(operation) and operation not in (name.lower(), name.lower().removesuffix("bericht")):
        raise MessageRefused("the SOAPAction asks for another service than the message is for", code=NOT_SUPPORTED)
    return services[0] if len(services) == 1 else _by_mutatiesoort(message, services)


def berichtcode_of(message: etree._Element, service: Service) -> str:
    """Give the berichtcode that this message element of the service has: npsLk02 is the second of its two."""
    return service.berichtcodes[service.elements.index(str(message.tag))]


_OPERATION = re.compile(r"\w*(?:lk|lv|la|sa|sh|di|du|bv|fo|tr)\d\d(?:-prs-\w+)?").fullmatch
"""What the last part of an action looks like; something else in its place says nothing."""


def _by_mutatiesoort(message: etree._Element, services: tuple[Service, ...]) -> Service:
    found = find(message, "parameters/mutatiesoort")
    soort = read_waarde(found).tekst
    for each in services:
        if soort and soort in each.mutatiesoorten:
            return each
    raise MessageRefused(
        "the message does not say what happened: a mutatiesoort is T, W, V, C or F",
        code=SCHEMA,
        path=f"{local_name(message)}/parameters/mutatiesoort",
        line=line_of(message if found is None else found),
    )
