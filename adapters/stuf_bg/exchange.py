"""One message to the other system and its answer back: the one place of this adapter that calls a client.

It knows how a message travels: envelope, SOAPAction, path, who sends it to whom. It refuses to know what is said.
"""

from __future__ import annotations

from datetime import datetime
from uuid import uuid4

from lxml import etree

from adapters.stuf_bg.definition import findings
from adapters.stuf_bg.options import Options
from adapters.stuf_bg.sector import SECTOR
from adapters.stuf_bg.services import Service
from adapters.stuf_bg.verdict import NIET_GEVONDEN, answer, of_question
from hub.errors import TargetFailed, TargetUncertain
from hub.net.failures import unanswered
from hub.net.problems import broken, refused
from hub.ports.contracts import Client, Response
from hub.wire.soap import envelope
from hub.wire.soap.envelope import Version
from hub.wire.stuf.adres import Address
from hub.wire.stuf.stuurgegevens import Stuurgegevens
from hub.wire.stuf.waarden import write_tijdstip

SERVICE = "bg"
"""The one service of a target: the base URL of its port types."""

_VERSIONS = {"1.1": Version.SOAP11, "1.2": Version.SOAP12}


def said_by_us(service: Service, options: Options, *, reference: str, at: datetime | None) -> Stuurgegevens:
    """Give the stuurgegevens of a message of ours; a question needs no time (StUF 03.01 §4.2)."""
    return Stuurgegevens(
        service.berichtcodes[0],
        zender=options.eigen,
        ontvanger=options.ander,
        referentienummer=reference,
        tijdstip_bericht=write_tijdstip(at) if at else "",
        entiteittype=service.entiteittype,
    )


async def post(client: Client, service: Service, message: etree._Element, options: Options) -> Response:
    """Send one message, with its stuurgegevens in it, and give what comes back."""
    version = _VERSIONS[options.soap]
    path = options.paden.get(service.port_type, service.port_type)
    address = Address.of(SECTOR.namespace, service.bericht, service.bericht, path)
    text = etree.tostring(message, encoding="unicode")
    body = envelope.write(version, text, header=client.soap_security())
    return await client.request("POST", SERVICE, address.path, body=body, headers=address.headers(version))


async def asked(
    client: Client, service: Service, question: etree._Element, options: Options, *, now: datetime | None
) -> etree._Element:
    """Ask one question, without stuurgegevens; gives the answer, which is empty where nobody is found.

    Raises TargetFailed in the kinds and codes of all sources of answers.
    """
    said = said_by_us(service, options, reference=str(uuid4()), at=now)
    question.insert(0, SECTOR.stuurgegevens(said))
    wrong = findings(question)
    if wrong:
        raise refused(
            f"{service.kind}: a value does not fit the element that it is asked by: {wrong[0].path}",
            advice="correct what is asked, in the message or in the mapping of the question",
        )
    try:
        response = await post(client, service, question, options)
    except TargetUncertain as lost:
        raise unanswered(lost, what=service.kind) from None
    try:
        found = answer(response, what=service.kind)
    except TargetFailed as failure:
        if failure.code == NIET_GEVONDEN:
            return SECTOR.made(service.antwoord)
        raise of_question(failure) from None
    if str(found.tag) != service.antwoord_element:
        raise broken(service.kind, "the answer is another message than the question asks for")
    if options.validation == "reject" and (wrong := findings(found, imported_as=options.official)):
        raise broken(service.kind, f"the answer does not fit the definition: {wrong[0].path}: {wrong[0].sentence}")
    return found
