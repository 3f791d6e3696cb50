"""Sorting and cutting: the BRP gives all that it found, in an order of its own, and has no pages.

Dates that are partly unknown sort as far as they are known, before those of which more is known.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from adapters.brp.velden import NUMMER
from hub.net.criteria import after, ordered

Row = dict[str, Any]


def paden(volgorde: Sequence[str]) -> list[str]:
    """Give the fields that are sorted by."""
    return [each.removeprefix("-") for each in volgorde]


def gesorteerd(rijen: Sequence[Row], volgorde: Sequence[str]) -> list[Row]:
    """Give rows in order; those that are equal by number, where it is known."""
    return ordered(sorted(rijen, key=lambda rij: str(rij.get(NUMMER) or "")), volgorde, _waarde)


def gesneden(rijen: Sequence[Row], *, na: str | None, hoogstens: int) -> tuple[list[Row], bool]:
    """Give those after the last person of the answer before, no more than asked for, and whether there are more."""
    over = after(list(rijen), na, lambda rij: rij.get(NUMMER), thing="person")
    return over[:hoogstens], len(over) > hoogstens


def _waarde(rij: Row, pad: str) -> object:
    """Give what is sorted by: of a code its meaning, of a date what is known of it."""
    waarde: Any = rij
    for naam in pad.split("."):
        waarde = waarde.get(naam) if isinstance(waarde, dict) else None
    if isinstance(waarde, dict):
        return waarde.get("omschrijving") or waarde.get("code") or _datum(waarde)
    return waarde


def _datum(waarde: Row) -> str:
    """Give a date as text that sorts: an unknown one is empty."""
    if waarde.get("datum"):
        return str(waarde["datum"])
    return "-".join(f"{int(waarde[deel]):0{breed}d}" for deel, breed in (("jaar", 4), ("maand", 2)) if deel in waarde)
