"""The description of services: WSDL 1.1, document/literal, one per port type (protocolbindingen 03.02).

It writes what it is given: which operations a port type has is told by the table of services of an adapter.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple
from urllib.parse import parse_qs

from hub.wire.xml import escape

CONTENT_TYPE = "text/xml; charset=utf-8"


class Operation(NamedTuple):
    """One operation: its name, the namespace of its action, and its messages as qualified names."""

    name: str
    namespace: str
    input: str
    output: str
    fault: str


class Beschrijving(NamedTuple):
    """What there is to describe.

    `name` and `target` are name and target namespace of the WSDL, `prefixes` those of the messages, by prefix;
    `schemas` the documents of the definition to begin with, by namespace. `operations` are given by port type, the
    first port type is described where none is named. `message` names a WSDL message by the qualified name of its
    element, `action` the last part of a SOAPAction by the name of its operation.
    """

    name: str
    target: str
    prefixes: Mapping[str, str]
    schemas: Mapping[str, str]
    operations: Mapping[str, Sequence[Operation]]
    message: Callable[[str], str] = lambda name: name.partition(":")[2]
    action: Callable[[str], str] = lambda name: name


def describe(
    beschrijving: Beschrijving, documents: Mapping[str, bytes], path: str, query: str, *, url: str, default: str
) -> bytes | None:
    """Answer `wsdl` and `xsd=<name>`; None for any other query.

    `path` ends with the port type; `url` is the address it was asked at. Of a path that names none of the port types
    the description is that of `default`: some senders only check that there is one.
    """
    asked = {key.lower(): values[0] for key, values in parse_qs(query, keep_blank_values=True).items()}
    base = url.partition("?")[0].rpartition("/")[0]
    if "wsdl" in asked:
        named = path.rstrip("/").rpartition("/")[2]
        port_type = next((each for each in beschrijving.operations if each.lower() == named.lower()), default)
        return wsdl(beschrijving, port_type, f"{base}/{port_type}").encode()
    document = documents.get(asked.get("xsd", ""))
    return None if document is None else _LOCATION(rf'\g<1>{base}/{default}?xsd=\g<2>"'.encode(), document)


def wsdl(beschrijving: Beschrijving, port_type: str, address: str) -> str:
    """Write the description of one port type at one address."""
    address = escape(address)
    found = beschrijving.operations[port_type]
    spaces = "".join(f' xmlns:{prefix}="{space}"' for prefix, space in beschrijving.prefixes.items())
    imports = "".join(
        f'<xs:import namespace="{namespace}" schemaLocation="{address}?xsd={name}"/>'
        for namespace, name in beschrijving.schemas.items()
    )
    used = dict.fromkeys(name for each in found for name in (each.input, each.output, each.fault))
    message = beschrijving.message
    messages = "".join(
        f'<message name="{message(name)}"><part name="body" element="{name}"/></message>' for name in used
    )
    listed = "".join(
        f'<operation name="{each.name}"><input message="tns:{message(each.input)}"/>'
        f'<output message="tns:{message(each.output)}"/>'
        f'<fault name="fout" message="tns:{message(each.fault)}"/></operation>'
        for each in found
    )
    bound = "".join(
        f'<operation name="{each.name}">'
        f'<soap:operation soapAction="{each.namespace}/{beschrijving.action(each.name)}"/>'
        '<input><soap:body use="literal"/></input><output><soap:body use="literal"/></output>'
        '<fault name="fout"><soap:fault name="fout" use="literal"/></fault></operation>'
        for each in found
    )
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        '<definitions xmlns="http://schemas.xmlsoap.org/wsdl/" xmlns:soap="http://schemas.xmlsoap.org/wsdl/soap/" '
        f'xmlns:xs="http://www.w3.org/2001/XMLSchema" xmlns:tns="{beschrijving.target}"{spaces} '
        f'name="{beschrijving.name}" targetNamespace="{beschrijving.target}">'
        f"<types><xs:schema>{imports}</xs:schema></types>{messages}"
        f'<portType name="{port_type}">{listed}</portType>'
        f'<binding name="SOAP{port_type}" type="tns:{port_type}">'
        f'<soap:binding style="document" transport="http://schemas.xmlsoap.org/soap/http"/>{bound}</binding>'
        f'<service name="{port_type}"><port name="{port_type}" binding="tns:SOAP{port_type}">'
        f'<soap:address location="{address}"/></port></service></definitions>\n'
    )


_LOCATION = re.compile(rb'(schemaLocation=")([^"]+)"').sub
