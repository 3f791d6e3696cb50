"""The description of the services of StUF-BG and prefill, as a WSDL for each port type.

It is generated from the table of services, so it cannot promise what is not received. Its schemas are our own.
"""

from __future__ import annotations

from functools import cache

from adapters.stuf_bg.definition import ENTRY, documents
from adapters.stuf_bg.sector import PREFIXES
from adapters.stuf_bg.services import SERVICES, Service
from hub.ports.contracts import Expects, Reply
from hub.wire.stuf import wsdl
from hub.wire.stuf.namespaces import BG, STUF
from hub.wire.stuf.wsdl import Beschrijving, Operation

PORT_TYPE = "BeantwoordVraag"
SYNCHROON = "VerwerkSynchroneKennisgeving"


def describe(path: str, query: str, *, url: str) -> Reply | None:
    """Answer `wsdl` and `xsd=<name>`; None for any other query. See `hub.wire.stuf.wsdl`."""
    body = wsdl.describe(_beschrijving(), documents(), path, query, url=url, default=PORT_TYPE)
    return None if body is None else Reply(200, wsdl.CONTENT_TYPE, body)


def operations() -> dict[str, list[Operation]]:
    """Give the operations of each port type: one for each message element that is received."""
    found: dict[str, list[Operation]] = {}
    for service in SERVICES:
        if "server" in service.zijden:
            found.setdefault(service.port_type, []).append(_operation(service))
        if "Lk02" in service.berichtcodes:
            found.setdefault(SYNCHROON, []).append(_synchronous(service))
    return {name: list(dict.fromkeys(each)) for name, each in found.items()}


@cache
def _beschrijving() -> Beschrijving:
    prefixes = {name: space for name, space in PREFIXES.items() if space in (BG, STUF)}
    return Beschrijving("Zaakhub-BG", BG, prefixes, {STUF: "stuf0301.xsd", BG: ENTRY}, operations())


def _operation(service: Service) -> Operation:
    if service.namespace == STUF:
        return Operation(service.kind, STUF, f"StUF:{service.kind}Bericht", "StUF:Bv03Bericht", "StUF:Fo03Bericht")
    receipt = service.expects is Expects.RECEIPT
    answer = "StUF:Bv03Bericht" if receipt else f"BG:{service.antwoord}"
    fault = "StUF:Fo03Bericht" if receipt else "StUF:Fo02Bericht"
    return Operation(service.bericht, BG, f"BG:{service.bericht}", answer, fault)


def _synchronous(service: Service) -> Operation:
    name = service.bericht.replace("Lk01", "Lk02")
    return Operation(name, BG, f"BG:{name}", "StUF:Bv02Bericht", "StUF:Fo02Bericht")
