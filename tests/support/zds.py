"""What tests of Zaak- en Documentservices share: messages taken in as the ingress does, and the official schemas."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from functools import cache
from itertools import count
from typing import Literal

from lxml import etree

from adapters.stuf_zds.inbound import CONTENT_ELEMENTS, ZdsInbound, create
from adapters.stuf_zds.options import Options
from adapters.stuf_zds.simulator import Afzender, Behandelsysteem, Verzoek
from hub.errors import MessageRefused
from hub.ports.contracts import Document, MessageRefusal, Reply
from hub.wire import xml
from hub.wire.claim import Cutter, Kept
from hub.wire.soap import envelope
from hub.wire.soap.envelope import Version
from hub.wire.stuf.namespaces import BG, STUF, XMIME, ZDS, ZKN
from hub.wire.xml import XSI
from tests.support.shared import SHARED

Zds = Literal["1.1", "1.2"]
AT = datetime(2026, 3, 2, 8, 0, 0, 5000, tzinfo=UTC)
MESSAGE_ID = "0b0e7cc8-4a0a-5f7b-9d9e-3a1c4f7f0a11"

inbound = create(Options(organisatie="1900"))
lenient = create(Options.model_validate({"validate": "accept"}))
people = Behandelsysteem()
people_12 = Behandelsysteem(Afzender(applicatie="BEHANDELING", zds="1.2", soap=Version.SOAP12))


def cut(body: bytes) -> bytes:
    """Take contents out, as the intake does."""
    numbers = count(1)
    cutter = Cutter(CONTENT_ELEMENTS, new_reference=lambda: f"ref-{next(numbers)}")
    events = cutter.feed(body) + cutter.close()
    return b"".join(event.data for event in events if isinstance(event, Kept))


def read(verzoek: Verzoek, *, adapter: ZdsInbound = inbound, validate: bool = True) -> Document:
    """Read a request."""
    return adapter.read(cut(verzoek.body), verzoek.headers(), validate=validate)


def refusal_of(verzoek: Verzoek, *, adapter: ZdsInbound = inbound) -> MessageRefused:
    """Give why a request is refused."""
    try:
        kind = read(verzoek, adapter=adapter).kind
    except MessageRefused as refused:
        return refused
    raise AssertionError(f"{kind} is accepted")


def fault_for(verzoek: Verzoek, code: str, *, status: int = 500) -> Reply:
    """Give the fault with which a request is answered."""
    refusal = MessageRefusal(code, "a sentence", "", 0, status)
    return inbound.refused(refusal, cut(verzoek.body), message_id=MESSAGE_ID, at=AT, headers=verzoek.headers())


def answer_to(verzoek: Verzoek, answer: str, *, adapter: ZdsInbound = inbound) -> Reply:
    """Answer a question with what a mapping wrote; `answer` uses the usual prefixes."""
    spaces = f'xmlns:ZKN="{ZKN}" xmlns:ZDS="{ZDS}" xmlns:BG="{BG}" xmlns:StUF="{STUF}" xmlns:xmime="{XMIME}"'
    name, close, rest = answer.partition(">")
    written = f'{name} {spaces} xmlns:xsi="{XSI}"{close}{rest}'.encode()
    document = read(verzoek, adapter=adapter)
    return adapter.answered(document, written, message_id=MESSAGE_ID, at=AT, headers=verzoek.headers())


def body_of(document: Document) -> etree._Element:
    """Give the message of a document."""
    assert isinstance(document.body, etree._Element)
    return document.body


def message_in(source: Verzoek | Reply) -> etree._Element:
    """Give the message in an envelope: the detail of a fault, else what is in the body."""
    content = envelope.read(xml.parse(source.body)).body
    if xml.local_name(content) != "Fault":
        return content
    detail = next(each for each in content if xml.local_name(each).lower() == "detail")
    return detail[0]


def texts(element: etree._Element, path: str) -> list[str]:
    """Give the texts at a path of local names."""
    return [each.text or "" for each in element.iterfind("/".join(f"{{*}}{step}" for step in path.split("/")))]


def names(element: etree._Element, path: str = "") -> list[str]:
    """Give the local names of the children at a path."""
    found = xml.find(element, path) if path else element
    return [] if found is None else [xml.local_name(child) for child in found]


@cache
def official() -> Mapping[Zds, etree.XMLSchema]:
    """Load the official schemas; needs the reference data."""
    folder = SHARED / "standards/stuf/zds"
    return {
        "1.1": etree.XMLSchema(etree.parse(str(folder / "1.1.02/_lxml/zds11_totaal.xsd"))),
        "1.2": etree.XMLSchema(etree.parse(str(folder / "1.2/_lxml/zds0120.xsd"))),
    }


def official_errors(message: etree._Element) -> list[str]:
    """Say what the official schemas have against a message: that of its version."""
    schema = official()["1.2" if xml.namespace(message) == ZDS else "1.1"]
    # As a document of its own: an identity constraint must not see the envelope.
    alone = etree.fromstring(etree.tostring(message))
    return [] if schema.validate(alone) else str(schema.error_log).splitlines()
