"""The description of the services of Zaak- en Documentservices, as a WSDL.

It is generated from the table of services, so it cannot promise what is not received. Its schemas are our own.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache

from adapters.stuf_zds.definition import documents
from adapters.stuf_zds.services import SERVICES, Service
from hub.ports.contracts import Expects, Reply
from hub.wire.stuf import wsdl
from hub.wire.stuf.namespaces import STUF, ZDS, ZKN
from hub.wire.stuf.wsdl import Beschrijving, Operation

PORT_TYPE = "OntvangAsynchroon"
SYNCHROON = "VerwerkSynchroneKennisgeving"


def describe(path: str, query: str, *, url: str) -> Reply | None:
    """Answer `wsdl` and `xsd=<name>`; None for any other query. See `hub.wire.stuf.wsdl`."""
    body = wsdl.describe(_beschrijving(), documents(), path, query, url=url, default=PORT_TYPE)
    return None if body is None else Reply(200, wsdl.CONTENT_TYPE, body)


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


@cache
def _beschrijving() -> Beschrijving:
    return Beschrijving(
        "Zaakhub-ZDS",
        ZKN,
        {"StUF": STUF, "ZKN": ZKN, "ZDS": ZDS},
        {STUF: "stuf0301.xsd", ZKN: "zkn0310.xsd", ZDS: "zds0120.xsd"},
        {port_type: _unique(found) for port_type, found in operations().items()},
        message=_message,
        action=_action,
    )


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
