"""The far side of this adapter: the BRP APIs in memory, as an ASGI app.

It behaves as the "informatie API" of the BRP: from persons as the GBA keeps them it makes the answers of the API, by
the published rules. Refuses to know the adapter itself. Persists nothing.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any

from adapters.brp.simulator.app import BEWONINGEN_PAD, HISTORIE_PAD, PERSONEN_PAD, REISDOCUMENTEN_PAD, TOKEN_PAD, Brp
from adapters.brp.simulator.gezag import OUDE_VERSIE, VERSIE
from adapters.brp.simulator.records import PERSONEN, REISDOCUMENTEN, VERBLIJVEN
from hub.clock import Clock

KEY = "simulator-key-that-guards-nothing"

__all__ = [
    "BEWONINGEN_PAD",
    "HISTORIE_PAD",
    "KEY",
    "OUDE_VERSIE",
    "PERSONEN",
    "PERSONEN_PAD",
    "REISDOCUMENTEN",
    "REISDOCUMENTEN_PAD",
    "TOKEN_PAD",
    "VERBLIJVEN",
    "VERSIE",
    "Brp",
    "create",
]


def create(
    *,
    data: Sequence[dict[str, Any]] = PERSONEN,
    verblijven: Sequence[dict[str, Any]] = VERBLIJVEN,
    reisdocumenten: Sequence[dict[str, Any]] = REISDOCUMENTEN,
    key: str = KEY,
    clock: Clock | None = None,
    niet_toegestaan: Collection[str] = (),
    gezag_versie: int = VERSIE,
) -> Brp:
    """Make a simulator.

    `data` are persons of the GBA source, `verblijven` and `reisdocumenten` what else it keeps; the published test sets
    fit, and without them it has a dozen persons of its own.
    `niet_toegestaan` are the groups that the asker may not ask for (`verblijfplaats`, where he may ask only for
    `verblijfplaatsBinnenland`). `gezag_versie` 1 tells gezag as it was told before Personen 2.7.
    """
    return Brp(
        data,
        verblijven=verblijven,
        reisdocumenten=reisdocumenten,
        key=key,
        clock=clock,
        niet_toegestaan=niet_toegestaan,
        gezag_versie=gezag_versie,
    )
