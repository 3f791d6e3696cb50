"""The far side of this adapter: a small LV WOZ in memory, as an ASGI app, with objects that do not exist.

Knows what the API WOZ bevragen 1 answers to what this adapter asks. Refuses to know the adapter itself.
"""

from __future__ import annotations

from collections.abc import Sequence

from adapters.woz.simulator.app import FIELDS, KEY_HEADER, Simulator
from adapters.woz.simulator.records import OBJECTEN
from hub.clock import Clock
from hub.ports.simulator import ConnectionCut, Gedrag, Json

KEY = "simulator-key-that-guards-nothing"
BASE = "/lvwoz/huidigebevragingen/v1"

__all__ = ["BASE", "FIELDS", "KEY", "KEY_HEADER", "OBJECTEN", "ConnectionCut", "Gedrag", "Simulator", "create"]


def create(
    *, data: Sequence[Json] = OBJECTEN, key: str = KEY, page_size_max: int = 100, clock: Clock | None = None
) -> Simulator:
    """Make a simulator.

    `data` are WOZ objects as the API gives them. `page_size_max` is 100 in the WOZ; a test makes it small.
    """
    return Simulator(data=data, key=key, page_size_max=page_size_max, clock=clock)
