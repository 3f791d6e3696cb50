"""What the generated writing code calls for all that is not a plain text: null, numbers, attributes, escapes.

It knows how a value stands in XML; it refuses to know rules.
"""

from __future__ import annotations

import re
from typing import Any, NamedTuple

from lxml import etree

from hub.mapping.engine.values import as_text
from hub.mapping.functions.contract import Marked, is_element

ABSENT: Any = object()
"""What an object has where no rule gave anything."""

_REASON = "noValue"
_FORBIDDEN = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]").search
_SPECIAL = re.compile('[&<>"\r\n\t]').search

NOT_XML = "holds a character that XML can't hold"
NOT_TEXT = "is an object or a list where the message has a text"
NOT_EMPTY = "is null, and the definition has no way to say so here: leave it out with `empty: omit`"
NOT_ELEMENTS = "is a text where the message has elements"
NO_ATTRIBUTE = "has an attribute that the definition does not have"


class Unwritable(Exception):
    """A value that the message can't hold. `value` and `name` find its rule; nobody sees them."""

    def __init__(self, reason: str, value: Any, name: str = "") -> None:  # noqa: ANN401 - JSON
        """Take the value, and the name of the element when that is known."""
        super().__init__(reason)
        self.reason = reason
        self.value = value
        self.name = name


class Tag(NamedTuple):
    """An element as it is written: its name with prefix, what always stands in it, its attributes by local name.

    `nil`: how it says that it has no value; empty when it can't. `reason`: why it has none, where no rule says that.
    `text`: it may hold one.
    """

    name: str
    fixed: str
    attributes: dict[str, str]
    nil: str
    reason: str
    text: bool


class _Marks(NamedTuple):
    """A value, and the attributes that other rules put beside it."""

    value: Any
    attributes: tuple[tuple[str, Any], ...]


def escaped(texts: list[str]) -> list[str]:
    """Give texts as `text` does, all at once: together they are looked at as quickly as one of them."""
    said = "".join(texts)
    if said.isprintable():
        if "&" not in said and "<" not in said and ">" not in said and '"' not in said:
            return texts
    elif _FORBIDDEN(said):
        return [text(each) for each in texts]
    # XML can't hold what stands between them here, so none of them does.
    return _escaped("\0".join(texts)).split("\0")


def plain(value: Any) -> str:  # noqa: ANN401 - JSON
    """Give a value as a text, not escaped yet; raises Unwritable."""
    if value.__class__ in (dict, list) or value is None or value.__class__ is Marked:
        raise Unwritable(NOT_TEXT, value)
    return str(value) if value.__class__ is str else as_text(value)


def text(said: str) -> str:
    """Give a text as content or attribute; raises Unwritable."""
    if _FORBIDDEN(said):
        raise Unwritable(NOT_XML, said)
    return _escaped(said) if _SPECIAL(said) else said


def _escaped(said: str) -> str:
    said = said.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace('"', "&quot;")
    return said.replace("\r", "&#13;").replace("\n", "&#10;").replace("\t", "&#9;")


def element(value: Any, pieces: list[str], tag: Tag) -> None:  # noqa: ANN401 - JSON
    """Write an element with a text or with an element of another definition, or without a value; raises Unwritable."""
    attributes = tag.fixed
    if value.__class__ is _Marks:
        attributes += "".join(_attribute(tag, name, each) for name, each in value.attributes if each is not None)
        value = value.value
    if value.__class__ is Marked:
        attributes += "".join(_attribute(tag, name, each) for name, each in value.attributes.items())
        value = value.text
    if value is None:
        if not tag.nil:
            raise Unwritable(NOT_EMPTY, None, tag.name)
        reason = "" if f" {tag.attributes.get(_REASON)}=" in attributes else tag.reason
        pieces += (f"<{tag.name}{attributes}{tag.nil}{reason}/>", "", "")
        return
    if value is ABSENT:
        pieces += (f"<{tag.name}{attributes}/>", "", "")
        return
    if is_element(value):
        pieces += (f"<{tag.name}{attributes}>{etree.tostring(value, encoding='unicode')}</{tag.name}>", "", "")
        return
    if not tag.text:
        raise Unwritable(NOT_TEXT if value.__class__ in (dict, list) else NOT_ELEMENTS, value, tag.name)
    pieces += (f"<{tag.name}{attributes}>", plain(value), f"</{tag.name}>")


def marks(value: Any, attributes: tuple[tuple[str, Any], ...]) -> Any:  # noqa: ANN401 - JSON
    """Put attributes beside a value, if there are any."""
    return value if all(each is None for _, each in attributes) else _Marks(value, attributes)


def _attribute(tag: Tag, name: str, value: Any) -> str:  # noqa: ANN401 - JSON
    if name not in tag.attributes:
        raise Unwritable(NO_ATTRIBUTE, value)
    return f' {tag.attributes[name]}="{text(plain(value))}"'
