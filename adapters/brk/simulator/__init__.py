"""The far side of this adapter: a small BRK in memory, as an ASGI app, with land and people that do not exist.

Knows what the API BRK bevragen 2 answers to what this adapter asks. Refuses to know the adapter itself.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from adapters.brk.simulator.app import FIELDS, KEY_HEADER, Simulator
from adapters.brk.simulator.records import ORGANISATIES, ZAKEN, Zaak
from hub.clock import Clock
from hub.ports.simulator import ConnectionCut, Gedrag, Json

KEY = "simulator-key-that-guards-nothing"
BASE = "/esd/bevragen/v2"

__all__ = [
    "BASE",
    "FIELDS",
    "KEY",
    "KEY_HEADER",
    "ORGANISATIES",
    "ZAKEN",
    "ConnectionCut",
    "Gedrag",
    "Simulator",
    "Zaak",
    "create",
]


def create(
    *,
    data: Sequence[Zaak] = ZAKEN,
    organisaties: Mapping[str, Json] = ORGANISATIES,
    key: str = KEY,
    results_max: int = 50,
    clock: Clock | None = None,
) -> Simulator:
    """Make a simulator.

    `organisaties` are those that only the Kadaster knows, by number. `results_max` is how much land it gives in one
    answer: what finds more is refused, as there are no pages.
    """
    return Simulator(data=data, organisaties=organisaties, key=key, results_max=results_max, clock=clock)
