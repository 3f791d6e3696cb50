"""One message to the other system and its answer back: the one place of this adapter that calls a client.

It knows how a message travels: envelope, SOAPAction, contents that stream. It refuses to know what is said.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import datetime
from itertools import count
from uuid import uuid4

from lxml import etree

from adapters.stuf_zds.options import Options
from adapters.stuf_zds.outgoing import address_of, written
from adapters.stuf_zds.services import Service
from adapters.stuf_zds.verdict import answer
from hub.errors import MessageRefused, TargetUncertain
from hub.ports.contracts import Client, Contents, Response
from hub.wire.claim import Claim, ContentChunk, ContentEnded, ContentStarted, Cutter, Kept
from hub.wire.outflow import filled, size_of
from hub.wire.soap.envelope import Version, with_header
from hub.wire.stuf.stuurgegevens import Stuurgegevens
from hub.wire.stuf.waarden import write_tijdstip
from hub.wire.xml import ENVELOPE_BYTES_MAX

SERVICE = "zds"
"""The one service of a target: the base URL of its port types."""

CONTENT_ELEMENTS = ("inhoud",)

Keep = Callable[[AsyncIterator[bytes]], Awaitable[str]]


def said_by_us(service: Service, options: Options, *, reference: str, at: datetime | None) -> Stuurgegevens:
    """Give the stuurgegevens of a message of ours; a question needs no time (StUF 03.01 §4.2)."""
    return Stuurgegevens(
        service.berichtcodes[0],
        zender=options.eigen,
        ontvanger=options.ander,
        referentienummer=reference,
        tijdstip_bericht=write_tijdstip(at) if at else "",
    )


async def post(
    client: Client, service: Service, message: bytes, options: Options, contents: Contents | None = None
) -> Response:
    """Send one envelope; claims in it become their content on the way, in constant memory."""
    address = address_of(service, options)
    version = Version.SOAP12 if options.soap == "1.2" else Version.SOAP11
    headers = dict(address.headers(version))
    # Here and not in the step: a nonce is used once.
    message = with_header(message, client.soap_security())
    size = size_of(message)
    if contents is None or size == len(message):
        return await client.request("POST", SERVICE, address.path, body=message, headers=headers)
    # Chunked transfer is more than many a SOAP server takes.
    headers["Content-Length"] = str(size)
    return await client.request("POST", SERVICE, address.path, body=filled(message, contents.open), headers=headers)


async def asked(
    client: Client,
    service: Service,
    question: etree._Element,
    options: Options,
    *,
    now: datetime | None,
    keep: Keep | None,
) -> etree._Element:
    """Ask one question; gives the answer with claims for contents that `keep` took, or without contents.

    Raises TargetFailed in one of its kinds.
    """
    said = said_by_us(service, options, reference=str(uuid4()), at=now)
    response = await post(client, service, written(service, question, said, options), options)
    cut = response._replace(body=await _cut(response.body, keep, what=service.kind))
    return answer(cut, what=service.kind, kind=service.antwoord[-4:])


async def _cut(body: bytes, keep: Keep | None, *, what: str) -> bytes:
    """Take the contents of documents out of an answer: no parser holds them."""
    numbers = count(1)
    # The client bounds the answer; a claim may be longer than the content it stands for.
    limit = ENVELOPE_BYTES_MAX + len(body)
    cutter = Cutter(CONTENT_ELEMENTS, new_reference=lambda: f"antwoord-{next(numbers)}", envelope_bytes_max=limit)
    kept: list[bytes] = []
    contents: list[tuple[Claim, list[bytes]]] = []
    chunks: list[bytes] = []
    try:
        for event in (*cutter.feed(body), *cutter.close()):
            match event:
                case Kept(data):
                    kept.append(data)
                case ContentStarted():
                    chunks = []
                case ContentChunk(data):
                    chunks.append(data)
                case ContentEnded(claim):
                    contents.append((claim, chunks))
    except MessageRefused as refusal:
        raise TargetUncertain(
            f"{what}: {refusal.reason}",
            code="antwoord-onleesbaar",
            advice="see what the target sends: the content of a document must be base64",
        ) from None
    message = b"".join(kept)
    for claim, pieces in contents:
        text = await keep(_one_by_one(pieces)) if keep else ""
        message = message.replace(claim.text().encode(), text.encode())
    return message


async def _one_by_one(pieces: list[bytes]) -> AsyncIterator[bytes]:
    for piece in pieces:
        yield piece
