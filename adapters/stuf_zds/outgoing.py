"""A message ready to be sent: what a mapping wrote, in one version of ZDS, with all that the protocol asks around it.

It knows message elements, stuurgegevens, parameters, verwerkingssoorten and the two objects of a change (StUF 03.01
§5.2). It refuses to know what a field means (the mapping) and what an answer says (`verdict`).
"""

from __future__ import annotations

from lxml import etree

from adapters.stuf_zds.completion import complete
from adapters.stuf_zds.definition import definition
from adapters.stuf_zds.options import Options
from adapters.stuf_zds.sector import SECTOR
from adapters.stuf_zds.services import VRIJ_12, Service
from adapters.stuf_zds.versie import spelled
from hub.errors import TargetMisconfigured, TargetRefused
from hub.wire import xml
from hub.wire.soap import envelope
from hub.wire.soap.envelope import Version
from hub.wire.stuf.adres import Address
from hub.wire.stuf.namespaces import ZDS, ZKN
from hub.wire.stuf.stuurgegevens import Stuurgegevens


def address_of(service: Service, options: Options) -> Address:
    """Give where a service is, in the version of the connection; raises TargetMisconfigured when it is not in that."""
    if options.zds == "1.1" and not service.element_11 and service.element_12:
        raise TargetMisconfigured(
            f"{service.kind} is not in Zaak- en Documentservices 1.1",
            code="onbekende-dienst",
            advice='set options.zds to "1.2" if the target has it, or take the mapping out of this connection',
        )
    if options.zds == "1.2" and service.element_12:
        space, element, operation = ZDS, service.element_12, service.operations[-1]
    else:
        space, element, operation = ZKN, service.element_11, service.operations[0]
    in_12 = options.zds == "1.2" and service.port_type == "VrijeBerichten"
    path = options.paden.get(service.port_type, VRIJ_12 if in_12 else service.port_type)
    return Address.of(space, operation, element, path)


def written(service: Service, body: bytes | etree._Element, said: Stuurgegevens, options: Options) -> bytes:
    """Give the envelope; `body` is the message without stuurgegevens, in whatever version's element.

    Raises TargetRefused when it does not fit the definition: what is wrong is never sent.
    """
    read = xml.parse(body) if isinstance(body, bytes) else body
    read.insert(0, SECTOR.stuurgegevens(said._replace(entiteittype=service.entiteittype, functie=service.functie)))
    message = spelled(read, address_of(service, options).element)
    complete(message, service)
    found = definition().check(message)
    if found:
        raise TargetRefused(
            f"{service.kind}: the message would not fit the definition: {found[0].path}: {found[0].sentence}",
            code="StUF055",
            advice="correct the rule or the event that this element comes from, then replay",
        )
    return envelope.write(_VERSIONS[options.soap], etree.tostring(message, encoding="unicode"))


_VERSIONS = {"1.1": Version.SOAP11, "1.2": Version.SOAP12}
