"""The description of the service: WSDL 1.1, document/literal, port type OntvangAsynchroon (protocolbindingen 03.02).

It is generated from the table of services, so it cannot promise what is not received. Its schemas are our own.
"""

from __future__ import annotations

import re
from urllib.parse import parse_qs

from adapters.stuf_zds.definition import documents
from adapters.stuf_zds.services import SERVICES
from hub.ports.contracts import Reply
from hub.wire.stuf.namespaces import STUF, ZDS, ZKN
from hub.wire.xml import escape

PORT_TYPE = "OntvangAsynchroon"

_OPERATIONS = [
    *((service.kind, "ZKN", ZKN, service.element_11) for service in SERVICES),
    *((service.element_12, "ZDS", ZDS, service.element_12) for service in SERVICES),
]
"""Name, prefix, namespace of the action, and message element of each operation: ZDS 1.1, then 1.2."""


def describe(query: str, *, url: str) -> Reply | None:
    """Answer `wsdl` and `xsd=<name>`; None for any other query. `url` is the address of any of our port types."""
    asked = {key.lower(): values[0] for key, values in parse_qs(query, keep_blank_values=True).items()}
    base = url.partition("?")[0].rpartition("/")[0]
    if "wsdl" in asked:
        return Reply(200, "text/xml; charset=utf-8", _wsdl(f"{base}/{PORT_TYPE}").encode())
    document = documents().get(asked.get("xsd", ""))
    if document is None:
        return None
    return Reply(200, "text/xml; charset=utf-8", _LOCATION(rf'\g<1>{base}/{PORT_TYPE}?xsd=\g<2>"'.encode(), document))


_LOCATION = re.compile(rb'(schemaLocation=")([^"]+)"').sub


def _wsdl(address: str) -> str:
    address = escape(address)
    elements = dict.fromkeys((prefix, element) for _, prefix, _, element in _OPERATIONS)
    imports = "".join(
        f'<xs:import namespace="{namespace}" schemaLocation="{address}?xsd={name}"/>'
        for namespace, name in ((STUF, "stuf0301.xsd"), (ZKN, "zkn0310.xsd"), (ZDS, "zds0120.xsd"))
    )
    messages = "".join(
        f'<message name="{element}"><part name="body" element="{prefix}:{element}"/></message>'
        for prefix, element in (*elements, ("StUF", "Bv03Bericht"), ("StUF", "Fo03Bericht"))
    )
    operations = "".join(
        f'<operation name="{name}"><input message="tns:{element}"/><output message="tns:Bv03Bericht"/>'
        f'<fault name="fout" message="tns:Fo03Bericht"/></operation>'
        for name, _, _, element in _OPERATIONS
    )
    bound = "".join(
        f'<operation name="{name}"><soap:operation soapAction="{namespace}/{name}"/>'
        '<input><soap:body use="literal"/></input><output><soap:body use="literal"/></output>'
        '<fault name="fout"><soap:fault name="fout" use="literal"/></fault></operation>'
        for name, _, namespace, _ in _OPERATIONS
    )
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        '<definitions xmlns="http://schemas.xmlsoap.org/wsdl/" xmlns:soap="http://schemas.xmlsoap.org/wsdl/soap/" '
        f'xmlns:xs="http://www.w3.org/2001/XMLSchema" xmlns:tns="{ZKN}" xmlns:StUF="{STUF}" xmlns:ZKN="{ZKN}" '
        f'xmlns:ZDS="{ZDS}" name="Zaakhub-ZDS" targetNamespace="{ZKN}">'
        f"<types><xs:schema>{imports}</xs:schema></types>{messages}"
        f'<portType name="{PORT_TYPE}">{operations}</portType>'
        f'<binding name="SOAP{PORT_TYPE}" type="tns:{PORT_TYPE}">'
        f'<soap:binding style="document" transport="http://schemas.xmlsoap.org/soap/http"/>{bound}</binding>'
        f'<service name="{PORT_TYPE}"><port name="{PORT_TYPE}" binding="tns:SOAP{PORT_TYPE}">'
        f'<soap:address location="{address}"/></port></service></definitions>\n'
    )
