"""A question of ours (Lv01): the message around its criteria and its scope, without stuurgegevens.

Source: StUF 03.01 chapter 6. It knows the order of a question; what is asked, and what it is written with, it is told.
"""

from __future__ import annotations

from lxml import etree

from hub.wire.stuf.sector import Sector


def lv01(
    element: str,
    sector: Sector,
    entiteittype: str,
    *,
    gelijk: str = "",
    between: tuple[str, str] = ("", ""),
    scope: str = "",
    start: str = "",
    sortering: str = "0",
    maximum: int | None = None,
) -> etree._Element:
    """Ask for the objects of an entiteittype that fit; without a `scope` for all that the other system has of them.

    `element` is the local name of the message. `gelijk`, `scope`, `start` and both of `between` (the lowest and the
    highest value) are serialised elements of the entity, in its order. `start` is the last object of the answer before:
    the question goes on after it.
    """
    prefix = sector.prefix
    soort = f'StUF:entiteittype="{entiteittype}"'
    sides = (("gelijk", gelijk), *(zip(("vanaf", "totEnMet"), between, strict=True) if between[0] else ()))
    criteria = "".join(f"<{prefix}:{name} {soort}>{said}</{prefix}:{name}>" for name, said in sides if said)
    all_ = f'<{prefix}:object {soort} StUF:scope="alles"/>'
    wanted = f"<{prefix}:object {soort}>{scope}</{prefix}:object>" if scope else all_
    last = f"<{prefix}:start><{prefix}:object {soort}>{start}</{prefix}:object></{prefix}:start>" if start else ""
    most = "" if maximum is None else f"<StUF:maximumAantal>{maximum}</StUF:maximumAantal>"
    spaces = " ".join(f'xmlns:{name}="{space}"' for name, space in sector.prefixes.items())
    return etree.fromstring(
        f"<{prefix}:{element} {spaces}><{prefix}:parameters><StUF:sortering>{sortering}</StUF:sortering>"
        f"<StUF:indicatorVervolgvraag>{'true' if start else 'false'}</StUF:indicatorVervolgvraag>{most}"
        f"</{prefix}:parameters>{criteria}<{prefix}:scope>{wanted}</{prefix}:scope>{last}</{prefix}:{element}>"
    )
