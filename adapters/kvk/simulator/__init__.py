"""The far side of this adapter: a small Handelsregister in memory, as an ASGI app, with companies that do not exist.

Knows what the APIs of the KVK answer to what this adapter asks. Refuses to know the adapter itself.
"""

from __future__ import annotations

from collections.abc import Sequence

from adapters.kvk.simulator.app import KEY_HEADER, Simulator
from adapters.kvk.simulator.mutaties import ABONNEMENT, RUSTEND
from adapters.kvk.simulator.records import INSCHRIJVINGEN, Inschrijving, keten
from hub.clock import Clock
from hub.ports.simulator import ConnectionCut, Gedrag

KEY = "simulator-key-that-guards-nothing"
BASE = "/api"

__all__ = [
    "ABONNEMENT",
    "BASE",
    "INSCHRIJVINGEN",
    "KEY",
    "KEY_HEADER",
    "RUSTEND",
    "ConnectionCut",
    "Gedrag",
    "Inschrijving",
    "Simulator",
    "create",
    "keten",
]


def create(
    *,
    data: Sequence[Inschrijving] = INSCHRIJVINGEN,
    key: str = KEY,
    page_size_max: int = 100,
    signalen_per_page_max: int = 500,
    clock: Clock | None = None,
) -> Simulator:
    """Make a simulator. `page_size_max` is 100 at the KVK, for signals 500; a test makes them small."""
    return Simulator(
        data=data, key=key, page_size_max=page_size_max, signalen_per_page_max=signalen_per_page_max, clock=clock
    )
