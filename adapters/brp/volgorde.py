"""Sorting and cutting: the BRP gives all that it found, in an order of its own, and has no pages.

Dates that are partly unknown sort as far as they are known, before those of which more is known.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Any

from adapters.brp.velden import NUMMER
from hub.net.problems import refused

Row = dict[str, Any]


def paden(volgorde: Sequence[str]) -> list[str]:
    """Give the fields that are sorted by."""
    return [each.removeprefix("-") for each in volgorde]


def gesorteerd(rijen: Sequence[Row], volgorde: Sequence[str]) -> list[Row]:
    """Give rows in order; those that are equal by number, where it is known."""
    uit = sorted(rijen, key=lambda rij: str(rij.get(NUMMER) or ""))
    for each in reversed(volgorde):
        omlaag = each.startswith("-")
        uit.sort(key=partial(_rang, pad=each.removeprefix("-").split("."), omlaag=omlaag), reverse=omlaag)
    return uit


def gesneden(rijen: Sequence[Row], *, na: str | None, hoogstens: int) -> tuple[list[Row], bool]:
    """Give those after the last person of the answer before, no more than asked for, and whether there are more."""
    over = list(rijen)
    if na is not None:
        nummers = [rij.get(NUMMER) for rij in over]
        if na not in nummers:
            raise refused("the person after whom to go on is no longer among those found", advice="ask from the start")
        over = over[nummers.index(na) + 1 :]
    return over[:hoogstens], len(over) > hoogstens


def _rang(rij: Row, *, pad: Sequence[str], omlaag: bool) -> tuple[bool, str, float]:
    """Order texts without regard to case, numbers as numbers; what has no value comes last in either direction."""
    waarde: Any = rij
    for naam in pad:
        waarde = waarde.get(naam) if isinstance(waarde, dict) else None
    if isinstance(waarde, dict):
        waarde = waarde.get("omschrijving") or waarde.get("code") or _datum(waarde)
    if isinstance(waarde, int | float):
        return omlaag, "", float(waarde)
    return (waarde is None) is not omlaag, str(waarde or "").casefold(), 0.0


def _datum(waarde: Row) -> str:
    """Give a date as text that sorts: an unknown one is empty."""
    if waarde.get("datum"):
        return str(waarde["datum"])
    return "-".join(f"{int(waarde[deel]):0{breed}d}" for deel, breed in (("jaar", 4), ("maand", 2)) if deel in waarde)
