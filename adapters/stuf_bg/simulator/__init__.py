"""The far side of this adapter: a legacy makelaar in memory, as an ASGI app that answers questions of StUF-BG.

It keeps objects as StUF-BG has them, and gives of them what a question asks. Refuses to know the adapter that asks it.
Persists nothing.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from adapters.stuf_bg.simulator.gegevens import OBJECTEN, Inhoud, object_of
from adapters.stuf_bg.simulator.makelaar import Makelaar
from hub.clock import Clock

KEY = "simulator-key-that-guards-nothing"

__all__ = ["KEY", "OBJECTEN", "Inhoud", "Makelaar", "create", "object_of"]


def create(
    *,
    data: Mapping[str, Sequence[Inhoud]] = OBJECTEN,
    key: str = KEY,
    per_keer: int = 100,
    clock: Clock | None = None,
) -> Makelaar:
    """Make a simulator.

    `data` are objects by their entiteittype, each an element or a record (see `gegevens`); without it there are a few
    persons, companies and addresses of its own. `per_keer` is how many it gives in one answer.
    """
    kept = {soort: [object_of(soort, each) for each in found] for soort, found in data.items()}
    return Makelaar(kept, key=key, per_keer=per_keer, clock=clock)
