"""The description of the services: WSDL 1.1, document/literal, one per port type (protocolbindingen 03.02).

It is generated from the table of services, so it cannot promise what is not received. Its schemas are our own.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import NamedTuple
from urllib.parse import parse_qs

from adapters.stuf_zds.definition import documents
from adapters.stuf_zds.services import SERVICES, Service
from hub.ports.contracts import Expects, Reply
from hub.wire.stuf.namespaces import STUF, ZDS, ZKN
from hub.wire.xml import escape

PORT_TYPE = "OntvangAsynchroon"
SYNCHROON = "VerwerkSynchroneKennisgeving"


class Operation(NamedTuple):
    """One operation: its name, the namespace of its action, and its messages as qualified names."""

    name: str
    namespace: str
    input: str
    output: str
    fault: str


def describe(path: str, query: str, *, url: str) -> Reply | None:
    """Answer `wsdl` and `xsd=<name>`; None for any other query.

    `path` ends with the port type; `url` is the address it was asked at. Of a path that names none of our port types
    the description is that of OntvangAsynchroon: some senders only check that there is one.
    """
    asked = {key.lower(): values[0] for key, values in parse_qs(query, keep_blank_values=True).items()}
    base = url.partition("?")[0].rpartition("/")[0]
    if "wsdl" in asked:
        named = path.rstrip("/").rpartition("/")[2]
        port_type = next((each for each in operations() if each.lower() == named.lower()), PORT_TYPE)
        return Reply(200, "text/xml; charset=utf-8", _wsdl(port_type, f"{base}/{port_type}").encode())
    document = documents().get(asked.get("xsd", ""))
    if document is None:
        return None
    return Reply(200, "text/xml; charset=utf-8", _LOCATION(rf'\g<1>{base}/{PORT_TYPE}?xsd=\g<2>"'.encode(), document))


def operations() -> dict[str, list[Operation]]:
    """Give the operations of each port type; a free message is in that of ZDS 1.1 and of 1.2, under both names."""
    found: dict[str, list[Operation]] = {}
    for service in SERVICES:
        if "server" not in service.zijden:
            continue
        for port_type in dict.fromkeys((service.port_type, service.port_type_12)):
            found.setdefault(port_type, []).extend(_operations(service))
        if "Lk02" in service.berichtcodes:
            found.setdefault(SYNCHROON, []).append(_synchronous(service))
    return {name: list(dict.fromkeys(each)) for name, each in found.items()}


_LOCATION = re.compile(rb'(schemaLocation=")([^"]+)"').sub


def _operations(service: Service) -> Iterable[Operation]:
    fault = "StUF:Fo03Bericht" if service.expects is Expects.RECEIPT else "StUF:Fo02Bericht"
    done = "StUF:Bv03Bericht" if service.expects is Expects.RECEIPT else "StUF:Bv02Bericht"
    if service.element_stuf:
        yield Operation(service.kind, STUF, f"StUF:{service.element_stuf}", done, fault)
    if service.element_11:
        answer = f"ZKN:{service.antwoord_11}" if service.antwoord else done
        yield Operation(service.operations[0], ZKN, f"ZKN:{service.element_11}", answer, fault)
        if not service.functie:
            yield Operation(service.element_11, ZKN, f"ZKN:{service.element_11}", answer, fault)
    if service.element_12:
        answer = f"ZDS:{service.antwoord_12}" if service.antwoord else done
        yield Operation(service.operations[-1], ZDS, f"ZDS:{service.element_12}", answer, fault)


def _synchronous(service: Service) -> Operation:
    name = service.element_11.replace("Lk01", "Lk02")
    return Operation(name, ZKN, f"ZKN:{name}", "StUF:Bv02Bericht", "StUF:Fo02Bericht")


def _wsdl(port_type: str, address: str) -> str:
    address = escape(address)
    found = _unique(operations()[port_type])
    imports = "".join(
        f'<xs:import namespace="{namespace}" schemaLocation="{address}?xsd={name}"/>'
        for namespace, name in ((STUF, "stuf0301.xsd"), (ZKN, "zkn0310.xsd"), (ZDS, "zds0120.xsd"))
    )
    used = dict.fromkeys(name for each in found for name in (each.input, each.output, each.fault))
    messages = "".join(
        f'<message name="{_message(name)}"><part name="body" element="{name}"/></message>' for name in used
    )
    listed = "".join(
        f'<operation name="{each.name}"><input message="tns:{_message(each.input)}"/>'
        f'<output message="tns:{_message(each.output)}"/>'
        f'<fault name="fout" message="tns:{_message(each.fault)}"/></operation>'
        for each in found
    )
    bound = "".join(
        f'<operation name="{each.name}"><soap:operation soapAction="{each.namespace}/{_action(each.name)}"/>'
        '<input><soap:body use="literal"/></input><output><soap:body use="literal"/></output>'
        '<fault name="fout"><soap:fault name="fout" use="literal"/></fault></operation>'
        for each in found
    )
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        '<definitions xmlns="http://schemas.xmlsoap.org/wsdl/" xmlns:soap="http://schemas.xmlsoap.org/wsdl/soap/" '
        f'xmlns:xs="http://www.w3.org/2001/XMLSchema" xmlns:tns="{ZKN}" xmlns:StUF="{STUF}" xmlns:ZKN="{ZKN}" '
        f'xmlns:ZDS="{ZDS}" name="Zaakhub-ZDS" targetNamespace="{ZKN}">'
        f"<types><xs:schema>{imports}</xs:schema></types>{messages}"
        f'<portType name="{port_type}">{listed}</portType>'
        f'<binding name="SOAP{port_type}" type="tns:{port_type}">'
        f'<soap:binding style="document" transport="http://schemas.xmlsoap.org/soap/http"/>{bound}</binding>'
        f'<service name="{port_type}"><port name="{port_type}" binding="tns:SOAP{port_type}">'
        f'<soap:address location="{address}"/></port></service></definitions>\n'
    )


_VERSION_12 = "_zds0120"


def _unique(found: list[Operation]) -> list[Operation]:
    """Give operations with one name each: free messages are called the same in both versions."""
    seen: set[str] = set()
    made = []
    for each in found:
        name = each.name + _VERSION_12 if each.name in seen else each.name
        if name not in seen:
            seen.add(name)
            made.append(each._replace(name=name))
    return made


def _action(name: str) -> str:
    return name.removesuffix(_VERSION_12)


def _message(name: str) -> str:
    """Name a WSDL message: those of ZDS 1.2 may have the name of one of 1.1."""
    prefix, _, local = name.partition(":")
    return local + _VERSION_12 if prefix == "ZDS" and not _only_in_12(local) else local


def _only_in_12(local: str) -> bool:
    return local not in {each for service in SERVICES for each in (service.element_11, service.antwoord_11)}
