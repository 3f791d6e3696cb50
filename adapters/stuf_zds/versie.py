"""The same message in the words of ZDS 1.1 (StUF-ZKN) or 1.2: another root, and for free messages another namespace.

ZDS 1.2 §3.4: only the message elements are in its own namespace. Of a free message (Di02, Du02) that includes what its
schema declares itself: its children, and those of its parameters. What they hold is StUF-ZKN in both versions.
"""

from __future__ import annotations

from lxml import etree

from hub.wire.stuf.namespaces import BG, STUF, XMIME, ZDS, ZKN
from hub.wire.xml import XSI, local_name, namespace

PREFIXES = {"ZKN": ZKN, "BG": BG, "StUF": STUF, "xmime": XMIME, "xsi": XSI}

_SYNCHROON_VRIJ = ("_Di02", "_Du02")


def spelled(message: etree._Element, element: str) -> etree._Element:
    """Give a message as `element` (a Clark name); its content moves along."""
    space = element[1 : element.find("}")]
    prefixes = {"ZDS": ZDS, **PREFIXES} if space == ZDS else PREFIXES
    made = etree.Element(element, {str(name): str(value) for name, value in message.attrib.items()}, nsmap=prefixes)
    made.extend(list(message))
    own = space if element.endswith(_SYNCHROON_VRIJ) else ZKN
    for child in made:
        _move(child, own)
        if local_name(child) == "parameters":
            for each in child:
                _move(each, own)
    etree.cleanup_namespaces(made, keep_ns_prefixes=list(prefixes))
    return made


def _move(element: etree._Element, space: str) -> None:
    if namespace(element) in (ZDS, ZKN):
        element.tag = f"{{{space}}}{local_name(element)}"
