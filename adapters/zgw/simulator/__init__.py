"""The far side of this adapter: a small Open Zaak in memory, as an ASGI app (Zaken, Documenten, Catalogi).

Knows what Open Zaak 1.30 answers to what this adapter sends: fields, rules, codes, paging, authentication. Refuses to
know the adapter itself. Persists nothing.
"""

from __future__ import annotations

from adapters.zgw.simulator.access import Access
from adapters.zgw.simulator.app import Simulator
from adapters.zgw.simulator.catalogue import RSIN, Catalogue, Roltype, Zaaktype, catalogue_for, standard
from adapters.zgw.simulator.exchange import Answer, ConnectionCut
from adapters.zgw.simulator.gedrag import Gedrag
from adapters.zgw.simulator.state import Effect, State, ZaakRecord
from hub.clock import Clock, SystemClock

CLIENT_ID = "zaakhub"
SECRET = "simulator-secret-that-guards-nothing"  # noqa: S105 - of a simulator

__all__ = [
    "CLIENT_ID",
    "RSIN",
    "SECRET",
    "Answer",
    "Catalogue",
    "ConnectionCut",
    "Effect",
    "Gedrag",
    "Roltype",
    "Simulator",
    "State",
    "ZaakRecord",
    "Zaaktype",
    "catalogue_for",
    "create",
    "standard",
]


def create(
    *,
    catalogue: Catalogue | None = None,
    client_id: str = CLIENT_ID,
    secret: str = SECRET,
    page_size: int = 100,
    may_force: bool = False,
    clock: Clock | None = None,
) -> Simulator:
    """Make a simulator.

    `page_size` is Open Zaak's 100; a test makes it small. `may_force` gives the client the scopes
    zaken.geforceerd-bijwerken and zaken.heropenen: without them a closed zaak is shut (403).
    """
    return Simulator(
        catalogue=catalogue or standard(),
        access=Access(client_id, secret),
        clock=clock or SystemClock(),
        page_size=page_size,
        may_force=may_force,
    )
