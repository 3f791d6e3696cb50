"""The SOAP envelope: read one, write one, in version 1.1 or 1.2.

Sources: SOAP 1.1 (W3C note of 8 May 2000) §4; SOAP 1.2 part 1 §5. It refuses to know the body. A header block that must
be understood and is not refuses the message; WS-Security is for the gate of the connection (`hub.flow.gate`), and of
WS-Addressing all is understood but an answer to elsewhere.
"""

from __future__ import annotations

import re
from enum import Enum
from typing import NamedTuple

from lxml import etree

from hub.errors import MessageRefused
from hub.security.wsse import WSSE
from hub.wire.xml import NOT_XML, local_name, namespace

VERSION_MISMATCH = "VersionMismatch"
"""The code of a refusal for an envelope of an unknown SOAP version: SOAP 1.1 §4.4.1, SOAP 1.2 part 1 §5.4.6."""

MUST_UNDERSTAND = "MustUnderstand"
"""The code of a refusal for a header block that nobody here knows: SOAP 1.1 §4.2.3, SOAP 1.2 part 1 §5.4.8."""

_ADDRESSING = {"http://www.w3.org/2005/08/addressing", "http://schemas.xmlsoap.org/ws/2004/08/addressing"}
_ANONYMOUS = ("/anonymous", "/none")
_US = {
    "http://schemas.xmlsoap.org/soap/actor/next",
    "http://www.w3.org/2003/05/soap-envelope/role/next",
    "http://www.w3.org/2003/05/soap-envelope/role/ultimateReceiver",
}


class Version(Enum):
    """A version of SOAP, by its namespace."""

    SOAP11 = "http://schemas.xmlsoap.org/soap/envelope/"
    SOAP12 = "http://www.w3.org/2003/05/soap-envelope"

    @property
    def media_type(self) -> str:
        """The media type of messages of this version."""
        return "text/xml" if self is Version.SOAP11 else "application/soap+xml"


_HEADER = "Envelope/Header"
_FIRST = re.compile(rb"<(?P<prefix>[^\s:>/]+:)?(?P<name>Header|Body)\b[^>]*?(?P<empty>/?)>")
_VERSIONS: dict[object, Version] = {f"{{{version.value}}}Envelope": version for version in Version}


class Envelope(NamedTuple):
    """A message taken apart. `version` is None when it came without an envelope; `body` is the one child of Body."""

    version: Version | None
    header: etree._Element | None
    body: etree._Element


def read(root: etree._Element) -> Envelope:
    """Take an envelope apart, or give a bare message as it is; raises MessageRefused for any other Envelope."""
    if local_name(root) != "Envelope":
        return Envelope(None, None, root)
    version = version_of(root)
    if version is None:
        raise MessageRefused("the envelope is of no known SOAP version", code=VERSION_MISMATCH, path="Envelope")
    header, body = (next(root.iterchildren(f"{{{version.value}}}{name}"), None) for name in ("Header", "Body"))
    if header is not None and any(_is_not_understood(block, version) for block in header):
        raise MessageRefused("a header that must be understood is not known here", code=MUST_UNDERSTAND, path=_HEADER)
    content = [] if body is None else list(body)
    if len(content) != 1:
        raise MessageRefused("the SOAP body must hold one message", code=NOT_XML, path="Envelope/Body")
    return Envelope(version, header, content[0])


def is_for_us(block: etree._Element, version: Version) -> bool:
    """Say whether a header block is for whoever receives the message (SOAP 1.1 §4.2.2, SOAP 1.2 part 1 §2.2)."""
    role = block.get(f"{{{version.value}}}{'actor' if version is Version.SOAP11 else 'role'}", "").strip()
    return not role or role in _US


def _is_not_understood(block: etree._Element, version: Version) -> bool:
    must = block.get(f"{{{version.value}}}mustUnderstand", "").strip() in {"1", "true"}
    if not must or not is_for_us(block, version) or namespace(block) == WSSE:
        return False
    if namespace(block) not in _ADDRESSING:
        return True
    address = "".join(str(text) for text in block.itertext()).strip()
    return local_name(block) in {"ReplyTo", "FaultTo"} and not address.endswith(_ANONYMOUS)


def version_of(root: etree._Element) -> Version | None:
    """Give the SOAP version of an Envelope; None for anything else."""
    return _VERSIONS.get(root.tag)


def write(version: Version, content: str, header: str = "") -> bytes:
    """Put one serialised element in an envelope, with serialised header blocks if there are any."""
    blocks = f"<soap:Header>{header}</soap:Header>" if header else ""
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        f'<soap:Envelope xmlns:soap="{version.value}">{blocks}<soap:Body>{content}</soap:Body></soap:Envelope>'
    ).encode()


def with_header(message: bytes, header: str) -> bytes:
    """Put serialised header blocks in an envelope that was written before, as the first of its Header.

    `message` is one of ours or of zeep: its first Header or Body is the envelope's own.
    """
    first = _FIRST.search(message) if header else None
    if first is None:
        return message
    begin, end = first.span()
    blocks, prefix = header.encode(), first["prefix"] or b""
    if first["name"] == b"Header" and not first["empty"]:
        return message[:end] + blocks + message[end:]
    rest = message[end:] if first["name"] == b"Header" else message[begin:]
    return message[:begin] + b"<%bHeader>%b</%bHeader>" % (prefix, blocks, prefix) + rest
