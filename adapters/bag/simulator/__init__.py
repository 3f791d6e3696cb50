"""The far side of this adapter: a small LVBAG in memory, as an ASGI app, with addresses that do not exist.

Knows what the BAG API Individuele Bevragingen 2 answers to what this adapter asks. Refuses to know the adapter itself.
"""

from __future__ import annotations

from collections.abc import Sequence

from adapters.bag.simulator.app import KEY_HEADER, Limits, Simulator
from adapters.bag.simulator.records import ADRESSEN
from hub.clock import Clock
from hub.ports.simulator import ConnectionCut, Gedrag, Json

KEY = "simulator-key-that-guards-nothing"
BASE = "/lvbag/individuelebevragingen/v2"

__all__ = ["ADRESSEN", "BASE", "KEY", "KEY_HEADER", "ConnectionCut", "Gedrag", "Limits", "Simulator", "create"]


def create(
    *,
    data: Sequence[Json] = ADRESSEN,
    key: str = KEY,
    limits: Limits | None = None,
    page_size_max: int = 100,
    clock: Clock | None = None,
) -> Simulator:
    """Make a simulator.

    `data` are addresses in the form of /adressenuitgebreid. `limits` are how many requests it takes in a second and in
    a day. `page_size_max` is 100 in the BAG; a test makes it small.
    """
    return Simulator(data=data, key=key, limits=limits or Limits(), page_size_max=page_size_max, clock=clock)
