"""Questions to another system: Lv01 with criteria and scope, and the free messages that ask (StUF 03.01 §6).

It writes messages without stuurgegevens. It refuses to know who asks and what becomes of the answer.
"""

from __future__ import annotations

from collections.abc import Iterable

from lxml import etree

from adapters.stuf_zds.sector import SECTOR
from adapters.stuf_zds.services import BEWERKEN, Service
from adapters.stuf_zds.versie import PREFIXES
from hub.wire.stuf.stellen import lv01
from hub.wire.xml import escape

_SPACES = " ".join(f'xmlns:{prefix}="{space}"' for prefix, space in PREFIXES.items())
_EDC = 'StUF:entiteittype="EDC"'


def vraag(
    service: Service,
    criteria: str,
    *,
    scope: str = "",
    between: tuple[str, str] = ("", ""),
    maximum: int | None = None,
    na: str = "",
) -> etree._Element:
    """Ask for what fits `criteria`, elements of the entity; without `scope` for all the other system has of it.

    `between` are criteria for the lowest and the highest value. `na` is the identificatie of the last object of the
    answer before: the question goes on from there.
    """
    return lv01(
        service.element_11 or service.element_12,
        SECTOR,
        service.entiteittype,
        gelijk=criteria,
        between=between,
        scope=scope,
        start=leaf("identificatie", na) if na else "",
        maximum=maximum,
    )


def bewerken(criteria: str) -> etree._Element:
    """Ask for a document to edit, with all there is of it: nobody else gets it until it is given back."""
    return _message(
        BEWERKEN.element_11,
        f'<ZKN:edcLv01 StUF:functie="selectie" {_EDC}><ZKN:parameters>'
        "<StUF:indicatorAfnemerIndicatie>false</StUF:indicatorAfnemerIndicatie></ZKN:parameters>"
        f"<ZKN:gelijk {_EDC}>{criteria}</ZKN:gelijk></ZKN:edcLv01>",
    )


def nummer(service: Service) -> etree._Element:
    """Ask for a number."""
    return _message(service.element_11 or service.element_12, "")


def leaf(name: str, text: object, prefix: str = "ZKN") -> str:
    """Write one element with a value."""
    return f"<{prefix}:{name}>{escape(str(text))}</{prefix}:{name}>"


def empty(names: Iterable[str]) -> str:
    """Write elements that are asked for: each empty (StUF 03.01 §6.3)."""
    return "".join(f'<ZKN:{name} xsi:nil="true"/>' for name in names)


def _message(element: str, content: str) -> etree._Element:
    return etree.fromstring(f"<ZKN:{element} {_SPACES}>{content}</ZKN:{element}>")
