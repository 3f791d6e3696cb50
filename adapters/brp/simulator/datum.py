"""Dates as the GBA keeps them (`19750707`, a part that is unknown is zeros) and as the BRP API tells them.

Knows the four kinds of a date, and how a date that is partly unknown compares to today. Reads no clock.
"""

from __future__ import annotations

from datetime import date
from typing import Any

Json = dict[str, Any]

ONBEKEND = "00000000"
MAANDEN = (
    "januari",
    "februari",
    "maart",
    "april",
    "mei",
    "juni",
    "juli",
    "augustus",
    "september",
    "oktober",
    "november",
    "december",
)


def datum(gba: str | None) -> Json | None:
    """Give the date of the API; None where there is none."""
    if not gba:
        return None
    jaar, maand, dag = int(gba[:4]), int(gba[4:6]), int(gba[6:8])
    if not jaar:
        return {"type": "DatumOnbekend", "onbekend": True, "langFormaat": "onbekend"}
    if not maand:
        return {"type": "JaarDatum", "jaar": jaar, "langFormaat": f"{jaar:04d}"}
    if not dag:
        return {"type": "JaarMaandDatum", "jaar": jaar, "maand": maand, "langFormaat": f"{MAANDEN[maand - 1]} {jaar}"}
    lang = f"{dag} {MAANDEN[maand - 1]} {jaar}"
    return {"type": "Datum", "datum": f"{gba[:4]}-{gba[4:6]}-{gba[6:8]}", "langFormaat": lang}


def voorbij(gba: str | None, vandaag: date) -> bool:
    """Say whether an end date is today or before; of a date that is partly unknown only when that is certain."""
    if not gba or gba[:4] == "0000":
        return False
    nu = f"{vandaag:%Y%m%d}"
    if gba[4:6] == "00":
        return gba[:4] < nu[:4]
    if gba[6:8] == "00":
        return gba[:6] < nu[:6]
    return gba <= nu


def leeftijd(gba: str | None, vandaag: date) -> int | None:
    """Give the age in years; None where it is not certain: an unknown day in the month of the birthday, or less."""
    if not gba or gba[4:6] == "00":
        return None
    jaar, maand, dag = int(gba[:4]), int(gba[4:6]), int(gba[6:8])
    if not dag:
        if maand == vandaag.month:
            return None
        dag = 1
    return vandaag.year - jaar - ((vandaag.month, vandaag.day) < (maand, dag))
