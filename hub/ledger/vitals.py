"""How the stages are doing, as their workers say it every few seconds, and what waits at each of them.

What a worker said is forgotten soon after it stops saying it. It refuses to know what is done with it.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple, Protocol


class Vital(NamedTuple):
    """What one worker says of one stage at one moment.

    `lag` counts the records on its partitions that are not finished, `backlog` those of them in its memory, and
    `oldest_at` is when the oldest of them came on the bus. `went_on` and `failed` are of the last `window_s` seconds.
    `breaker` is of the target (hub/net/breaker.py), and so is `certificate_ends_at`: that of the certificate which
    proves there, or to senders, who the hub is.
    """

    worker: str
    stage: str
    at: datetime
    lag: int
    backlog: int
    oldest_at: datetime | None
    went_on: int
    failed: int
    window_s: float
    breaker: str
    certificate_ends_at: datetime | None


class Waiting(NamedTuple):
    """What waits at a stage in the ledger: failures by state, and the queues of its zaken since when."""

    failures_open: int = 0
    failures_retrying: int = 0
    parked: int = 0
    zaken: int = 0
    oldest_at: datetime | None = None


class Vitality(Protocol):
    """The part of the ledger that is about how stages are doing."""

    async def put_vitals(self, vitals: Sequence[Vital], *, stale_before: datetime) -> None:
        """Keep the last word of a worker on each of its stages; forget those said before `stale_before`."""
        ...

    async def drop_vitals(self, worker: str) -> None:
        """Forget a worker that stops."""
        ...

    async def vitals(self, since: datetime) -> list[Vital]:
        """Give what was said since then, by stage and worker."""
        ...

    async def waiting(self) -> dict[str, Waiting]:
        """Count what waits, by stage; one where nothing waits is not in it."""
        ...
