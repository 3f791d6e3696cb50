"""The far side of this adapter: a small Open Zaak in memory, as an ASGI app (Zaken, Documenten, Catalogi, Besluiten).

Knows what Open Zaak 1.30 answers to what this adapter sends: fields, rules, codes, paging, authentication. Refuses to
know the adapter itself. Persists nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from adapters.zgw.simulator.access import Access
from adapters.zgw.simulator.app import Simulator
from adapters.zgw.simulator.autorisaties import Applicatie, Autorisatie
from adapters.zgw.simulator.catalogue import RSIN, Catalogue, Roltype, Zaaktype, catalogue_for, standard
from adapters.zgw.simulator.exchange import Answer, ConnectionCut
from adapters.zgw.simulator.gedrag import Gedrag
from adapters.zgw.simulator.state import Effect, State, ZaakRecord
from adapters.zgw.simulator.vermogens import VERMOGENS
from hub.clock import Clock, SystemClock

CLIENT_ID = "zaakhub"
SECRET = "simulator-secret-that-guards-nothing"  # noqa: S105 - of a simulator
PART_SIZE = 1024 * 1024
"""Open Zaak's bestandsdelen are of 4 GB: small ones show what happens between two."""

__all__ = [
    "CLIENT_ID",
    "RSIN",
    "SECRET",
    "VERMOGENS",
    "Answer",
    "Autorisatie",
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
    part_size: int = PART_SIZE,
    may_force: bool = False,
    autorisaties: Sequence[Autorisatie] | None = None,
    without: Iterable[str] = (),
    clock: Clock | None = None,
) -> Simulator:
    """Make a simulator.

    `page_size` is Open Zaak's 100; a test makes it small. `part_size` is that of a bestandsdeel. `may_force` gives the
    client the scopes zaken.geforceerd-bijwerken, zaken.heropenen and documenten.geforceerd-unlock: without them a
    closed zaak is shut (403). `autorisaties` are what the Autorisaties API says that the client may do, which by itself
    is everything; nothing else keeps to them. `without` names operations that this server lacks: see `VERMOGENS`.
    """
    return Simulator(
        catalogue=catalogue or standard(),
        access=Access(client_id, secret),
        applicatie=Applicatie(client_id, autorisaties),
        clock=clock or SystemClock(),
        page_size=page_size,
        part_size=part_size,
        without=frozenset(without),
        may_force=may_force,
    )
