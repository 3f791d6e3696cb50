"""A message as text on a screen: every value hidden where that is asked for, and nothing in it that deceives the eye.

Names of elements, attributes and fields stay, and so does the structure; of XML also its lines, which an explanation
speaks of. Pure. It refuses to trust the message: what is not plainly a name is a value.
"""

from __future__ import annotations

import re
from typing import Any, Literal, NamedTuple

import orjson
from lxml import etree

from hub.config import policy
from hub.security.masking import mask
from hub.security.personal import HIDDEN

Media = Literal["application/xml", "application/json", "text/plain"]

XML: Media = "application/xml"
JSON: Media = "application/json"
TEXT: Media = "text/plain"


class Shown(NamedTuple):
    """What is put on the screen. `cut`: the message is longer than is shown."""

    text: str
    cut: bool


def media_of(content: bytes) -> Media:
    """Tell by its first character what a message is."""
    begin = content.removeprefix(b"\xef\xbb\xbf").lstrip()[:1]
    return XML if begin == b"<" else JSON if begin in (b"{", b"[") else TEXT


def shown(content: bytes, media: Media, *, masked: bool) -> Shown:
    """Give a message as text of a bounded size; `masked` hides every value."""
    text = _decoded(content)
    match media:
        case "application/json":
            text = _json(content, text, masked=masked)
        case "application/xml":
            text = _laid_out(text)
            text = masked_xml(text) if masked else text
        case _:
            text = _hidden_text(text) if masked else text
    return _bounded(visible(text))


def masked_xml(text: str) -> str:
    """Hide every value of an XML text, well-formed or not: texts, attributes, comments, CDATA, instructions, DTDs.

    Each value becomes `***`; white space between elements and the ends of lines stay where they are. Declarations of
    namespaces go: their names are values too.
    """
    return "".join(_piece(each) for each in _PIECES.finditer(text))


def masked_json(value: Any, depth: int = policy.SHOWN_DEPTH_MAX) -> Any:  # noqa: ANN401 - JSON data
    """Hide every value of JSON data; names, null and structure stay, as deep as any message nests."""
    match value:
        case dict() if depth:
            return {_name(str(name)): masked_json(each, depth - 1) for name, each in value.items()}
        case list() if depth:
            return [masked_json(each, depth - 1) for each in value]
        case None:
            return None
        case _:
            return HIDDEN


def visible(text: str) -> str:
    """Write out what a screen would obey or not show: control characters, changes of direction, invisible ones."""
    if text.isprintable():
        return text
    return "".join(each if each.isprintable() or each in "\n\t" else f"\\u{{{ord(each):x}}}" for each in text)


_NAME_PATTERN = r"[^\W\d][\w.\-]*(?::[^\W\d][\w.\-]*)?"
_GIVEN = rf"\s+{_NAME_PATTERN}\s*=\s*(?:\"[^\"<]*\"|'[^'<]*')"
_ATTRIBUTE = re.compile(rf"(\s+)({_NAME_PATTERN})\s*=\s*(\"[^\"<]*\"|'[^'<]*')")
# A piece of anything ends where the next begins, or with the text: no piece is looked at twice.
_PIECES = re.compile(
    rf"""
      (?P<comment><!--.*?(?:-->|\Z))
    | (?P<cdata><!\[CDATA\[.*?(?:\]\]>|\Z))
    | (?P<instruction><\?.*?(?:\?>|\Z))
    | (?P<declaration><!.*?(?:>|\Z))
    | (?P<tag><(?P<close>/?)(?P<name>{_NAME_PATTERN})(?P<rest>(?:{_GIVEN})*+)\s*(?P<end>/?)>)
    | (?P<text>[^<]+)
    | (?P<broken><[^<]*)
    """,
    re.DOTALL | re.VERBOSE,
)
_DECLARES = re.compile(r"xmlns(?::|\Z)")


def _piece(found: re.Match[str]) -> str:
    if found["tag"] is not None:
        attributes = "".join(
            f'{_ends(each[1]) or " "}{_name(each[2])}="{HIDDEN}"{_ends(each[3])}'
            for each in _ATTRIBUTE.finditer(found["rest"])
            if not _DECLARES.match(each[2])
        )
        lost = found[0].count("\n") - attributes.count("\n")
        return f"<{found['close']}{_name(found['name'])}{attributes}{chr(10) * lost}{found['end']}>"
    whole = found[0]
    if found["comment"] is not None or found["instruction"] is not None:
        return f"<!--{HIDDEN}-->{_ends(whole)}"
    if found["text"] is not None and not whole.strip():
        return whole
    if found["text"] is not None:
        before = whole[: len(whole) - len(whole.lstrip())]
        after = whole[len(whole.rstrip()) :]
        return f"{before}{HIDDEN}{_ends(whole.strip())}{after}"
    return f"{HIDDEN}{_ends(whole)}"


def _ends(text: str) -> str:
    """Give the ends of lines in a text that is hidden, so that what follows stays on its line."""
    return "\n" * text.count("\n")


def _name(name: str) -> str:
    """Give a name as it is, unless somebody put a value there."""
    return mask(name) if len(name) <= policy.SHOWN_NAME_CHARS_MAX else HIDDEN


def _hidden_text(text: str) -> str:
    return "\n".join(HIDDEN if line.strip() else "" for line in text.split("\n"))


def _json(content: bytes, text: str, *, masked: bool) -> str:
    try:
        data = orjson.loads(content)
        return orjson.dumps(masked_json(data) if masked else data, option=orjson.OPT_INDENT_2).decode()
    except (orjson.JSONDecodeError, orjson.JSONEncodeError):
        # No JSON, or nested so deep that nobody writes it back.
        return _hidden_text(text) if masked else text


def _laid_out(text: str) -> str:
    """Give a message that came in one long line as one that a person can read; the lines of any other stay."""
    if text.count("\n") > 1 or len(text) <= policy.SHOWN_LINE_CHARS:
        return text
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, remove_blank_text=True)
    try:
        root = etree.fromstring(_DECLARATION.sub("", text, count=1), parser)
    except (etree.XMLSyntaxError, ValueError):
        return text
    etree.indent(root)
    return etree.tostring(root, encoding="unicode")


_DECLARATION = re.compile(r"\s*<\?xml[^>]*\?>")


def _decoded(content: bytes) -> str:
    """Read the bytes as what they can be: a message in Latin-1 that is valid UTF-8 does not occur (`hub.wire.xml`)."""
    try:
        return content.decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError:
        return content.decode("iso-8859-1").replace("\r\n", "\n")


def _bounded(text: str) -> Shown:
    """Cut lines that no screen can hold, and whatever is beyond what anybody reads."""
    lines = text[: policy.SHOWN_CHARS_MAX].split("\n")
    cut = len(text) > policy.SHOWN_CHARS_MAX
    for at, line in enumerate(lines):
        if len(line) > policy.SHOWN_LINE_CHARS_MAX:
            lines[at] = f"{line[: policy.SHOWN_LINE_CHARS_MAX]}… ({len(line)} characters)"
            cut = True
    return Shown("\n".join(lines), cut)
