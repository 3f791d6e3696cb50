"""Table values and other single values: what says "unknown" is not told."""

from __future__ import annotations

from typing import Any

Json = dict[str, Any]

_ONBEKEND = frozenset({"", ".", "00", "000", "0000"})
"""Codes of LO3 tables that say that a value is not known."""


def waarde(tabelwaarde: Json | None) -> Json | None:
    """Give a table value; None where it is unknown or not there."""
    if not tabelwaarde or str(tabelwaarde.get("code") or tabelwaarde.get("omschrijving") or "") in _ONBEKEND:
        return None
    return {naam: tabelwaarde[naam] for naam in ("code", "omschrijving", "soort") if tabelwaarde.get(naam)}


def tekst(gba: Any) -> str | None:  # noqa: ANN401 - a value of the source
    """Give a text; None where it is empty or a dot."""
    return None if gba in {None, "", "."} else str(gba)


def nummer(gba: Any) -> int | None:  # noqa: ANN401 - a value of the source
    """Give a number; None where it is zero, which says that it is not known."""
    return int(gba) if gba and int(gba) else None


def identificatie(gba: str | None) -> str | None:
    """Give an identification; None where it is nothing but zeros."""
    return gba if gba and gba.strip("0") else None


def gevuld(**velden: Any) -> Json:  # noqa: ANN401 - members of a group
    """Make a group of the members that there are; an empty group stays, for something is known of it."""
    return {naam: veld for naam, veld in velden.items() if veld is not None}
