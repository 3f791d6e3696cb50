"""Bytes to an element tree and back: the one place where XML is parsed.

It knows what an attacker and a careless sender can do to a parser: entities, DTDs, depth, size, charsets that disagree.
It refuses to know what the elements mean. No input makes it open a file or a connection.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Any, cast

from lxml import etree

from hub.config.policy import XML_DEPTH_MAX, XML_ELEMENTS_MAX, ConnectionPolicy
from hub.errors import MessageRefused

XSI = "http://www.w3.org/2001/XMLSchema-instance"
NOT_XML = "StUF055"
"""The code of every refusal here: StUF 03.01 table 8.1 has none for what is not XML; this one blames the sender."""

ENVELOPE_BYTES_MAX: int = ConnectionPolicy.model_fields["envelope_bytes_max"].default


def parse(
    body: bytes,
    *,
    charset: str = "",
    bytes_max: int = ENVELOPE_BYTES_MAX,
    depth_max: int = XML_DEPTH_MAX,
    elements_max: int = XML_ELEMENTS_MAX,
) -> etree._Element:
    """Give the root element; comments and processing instructions are gone.

    `charset` is what HTTP said, or nothing. Raises MessageRefused for what is not well-formed, has a DOCTYPE, or is
    larger or deeper than the limits; the refusal says the line, never the text.
    """
    root = _tree(body, charset, bytes_max=bytes_max, recover=False)
    # Most messages are too small to hold so many, and too flat to be asked more than once: that spares a tenth of it.
    if len(body) > elements_max * _ELEMENT_BYTES_MIN and cast("float", _count(root)) > elements_max:
        raise MessageRefused(f"the message has more than {elements_max} elements", code=NOT_XML)
    if _too_deep(min(depth_max, _DEPTH_COMMON))(root) and _too_deep(depth_max)(root):
        raise MessageRefused(f"the message nests elements more than {depth_max} deep", code=NOT_XML)
    return root


def glean(body: bytes, *, charset: str = "", bytes_max: int = ENVELOPE_BYTES_MAX) -> etree._Element | None:
    """Give what can be read of a broken message, to address an answer to its sender; None when nothing can."""
    try:
        return _tree(body, charset, bytes_max=bytes_max, recover=True)
    except MessageRefused:
        return None


def serialise(root: etree._Element) -> bytes:
    """Give the bytes: UTF-8, with an XML declaration."""
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8")


def escape(text: str) -> str:
    """Make a text safe as element content or attribute value; characters that XML 1.0 forbids are left out."""
    if _PLAIN(text):
        return text
    text = _FORBIDDEN.sub("", text).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return text.replace('"', "&quot;").replace("\r", "&#13;").replace("\n", "&#10;").replace("\t", "&#9;")


def local_name(element: etree._Element) -> str:
    """Give the name without its namespace."""
    tag: str = element.tag
    return tag[tag.find("}") + 1 :]


def namespace(element: etree._Element) -> str:
    """Give the namespace of the element, or nothing."""
    tag: str = element.tag
    return tag[1 : tag.find("}")] if tag[0] == "{" else ""


def path_of(element: etree._Element, *, below: etree._Element | None = None) -> str:
    """Give the path in local names, from `below` (itself included) or the root: `zakLk01/object[2]/startdatum`."""
    steps = []
    current: etree._Element | None = element
    while current is not None:
        place = sum(1 for _ in current.itersiblings(current.tag, preceding=True))
        steps.append(local_name(current) + (f"[{place + 1}]" if place else ""))
        current = None if current is below else current.getparent()
    return "/".join(reversed(steps))


def line_of(element: etree._Element) -> int:
    """Give the line of the message on which the element begins; 0 for one that was made here."""
    return cast("int | None", element.sourceline) or 0


def find(element: etree._Element, path: str) -> etree._Element | None:
    """Follow a path of local names, whatever their namespaces; of several with a name the first."""
    found: etree._Element | None = element
    for step in path.split("/"):
        if found is None:
            return None
        found = next(found.iterchildren(f"{{*}}{step}"), None)
    return found


def http_charset(content_type: str) -> str:
    """Give the charset parameter of a Content-Type, or nothing."""
    found = _CHARSET_PARAMETER(content_type)
    return found[1].lower() if found else ""


_CHARSETS = {
    "utf-8": "utf-8",
    "utf8": "utf-8",
    "us-ascii": "utf-8",
    "ascii": "utf-8",
    "iso-8859-1": "iso-8859-1",
    "latin1": "iso-8859-1",
    "latin-1": "iso-8859-1",
    "iso-8859-15": "iso-8859-15",
    "windows-1252": "windows-1252",
    "cp1252": "windows-1252",
}
"""Charsets in which every ASCII byte is that character: elsewhere the cutter and the parser could read differently."""

_CHARSET_PARAMETER = re.compile(r""";\s*charset\s*=\s*["']?([\w.:-]+)""", re.IGNORECASE).search
_DECLARATION = re.compile(rb"""\s*<\?xml\s[^>]*?encoding\s*=\s*["']([\w.:-]+)["']""").match
_DOCTYPE_IN_PROLOG = re.compile(rb"(?:\s++|<\?.*?\?>|<!--.*?-->)*+<!DOCTYPE", re.DOTALL).match
_WIDE = (b"\xfe\xff", b"\xff\xfe", b"\x00")
_FORBIDDEN = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_PLAIN = re.compile("[\x20!#-%'-;=?-\ud7ff]*").fullmatch
_count = etree.XPath("count(//*)")
_ELEMENT_BYTES_MIN = len("<a/>")
_DEPTH_COMMON = 12


@lru_cache(maxsize=8)
def _too_deep(depth_max: int) -> etree.XPath:
    return etree.XPath("boolean(" + "/*" * (depth_max + 1) + ")")


@lru_cache(maxsize=16)
def _parser(encoding: str, *, recover: bool) -> etree.XMLParser:
    return etree.XMLParser(
        encoding=encoding,
        resolve_entities=False,
        load_dtd=False,
        dtd_validation=False,
        attribute_defaults=False,
        no_network=True,
        huge_tree=False,
        remove_blank_text=True,
        remove_comments=True,
        remove_pis=True,
        recover=recover,
    )


def _tree(body: bytes, charset: str, *, bytes_max: int, recover: bool) -> etree._Element:
    if len(body) > bytes_max:
        raise MessageRefused(f"the message without its documents is larger than {bytes_max} bytes", code=NOT_XML)
    encoding = _encoding(body, charset)
    body = body.removeprefix(b"\xef\xbb\xbf")
    if _DOCTYPE_IN_PROLOG(body):
        raise MessageRefused("the message has a DOCTYPE", code=NOT_XML, line=1)
    try:
        root = etree.fromstring(body, _parser(encoding, recover=recover))
    except etree.XMLSyntaxError as error:
        raise MessageRefused(_sentence(error), code=NOT_XML, line=error.lineno or 0) from None
    if root is None or root.getroottree().docinfo.internalDTD is not None:
        raise MessageRefused("the message is not XML", code=NOT_XML)
    return root


def _encoding(body: bytes, charset: str) -> str:
    """Choose between what HTTP says, what the XML declaration says, and what the bytes are.

    RFC 7303 §3: a byte order mark wins, then HTTP. But senders let their HTTP stack write `charset=ISO-8859-1` over a
    body in UTF-8, and the other way round. Text in Latin-1 that happens to be valid UTF-8 does not occur in practice,
    so where the two disagree about UTF-8 the bytes decide.
    """
    if body.startswith(_WIDE) or b"\x00" in body[:4]:
        raise MessageRefused("the message is in UTF-16 or UTF-32; send UTF-8", code=NOT_XML)
    if body.startswith(b"\xef\xbb\xbf"):
        return "utf-8"
    found = _DECLARATION(body)
    declared = found[1].decode("ascii").lower() if found else "utf-8"
    names = [name for name in (charset.lower(), declared) if name]
    for name in names:
        if name not in _CHARSETS:
            raise MessageRefused("the message is in a charset that is not supported; send UTF-8", code=NOT_XML)
    candidates = [_CHARSETS[name] for name in names]
    if "utf-8" not in candidates:
        return candidates[0]
    other = next((name for name in candidates if name != "utf-8"), "utf-8")
    if other == "utf-8" or body.isascii():
        return "utf-8"
    try:
        body.decode("utf-8")
    except UnicodeDecodeError:
        return other
    return "utf-8"


_SENTENCES = {
    etree.ErrorTypes.ERR_DOCUMENT_EMPTY: "the message is empty or does not begin with an element",
    etree.ErrorTypes.ERR_DOCUMENT_END: "the message ends before its root element does, or goes on after it",
    etree.ErrorTypes.ERR_TAG_NAME_MISMATCH: "an end tag does not match its start tag",
    etree.ErrorTypes.ERR_TAG_NOT_FINISHED: "the message ends inside an element",
    etree.ErrorTypes.ERR_INVALID_CHAR: "the message holds a character that XML 1.0 forbids",
    etree.ErrorTypes.ERR_INVALID_CHARREF: "the message holds a reference to a character that XML 1.0 forbids",
    etree.ErrorTypes.ERR_INVALID_ENCODING: "the message holds bytes that do not fit its charset",
    etree.ErrorTypes.ERR_UNDECLARED_ENTITY: "the message uses an entity that XML does not define",
    etree.ErrorTypes.WAR_UNDECLARED_ENTITY: "the message uses an entity that XML does not define",
    etree.ErrorTypes.ERR_RESOURCE_LIMIT: "the message nests too deep or holds too long a text",
    etree.ErrorTypes.NS_ERR_UNDEFINED_NAMESPACE: "a namespace prefix is not declared",
}


def _sentence(error: etree.XMLSyntaxError) -> str:
    """Say in our own words what is wrong: the parser's words repeat the message."""
    return _SENTENCES.get(cast("Any", error).code, "the message is not well-formed XML")
