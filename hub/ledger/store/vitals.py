"""How stages are doing, and what waits at them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from hub.ledger.entries import FailureState
from hub.ledger.rows import Cells, Moment, Row
from hub.ledger.store.base import SqlStore, Transaction
from hub.ledger.vitals import Vital, Waiting


class VitalStore(SqlStore):
    """Vitals."""

    async def put_vitals(self, vitals: Sequence[Vital], *, stale_before: datetime) -> None:
        """Keep the last words of a worker."""

        async def work(tx: Transaction) -> None:
            for each in sorted(vitals, key=lambda vital: vital.stage):
                await tx.change("vital_put", *_cells(each))
            await tx.change("vitals_forgotten", stale_before)

        await self.run(work, write=True)

    async def drop_vitals(self, worker: str) -> None:
        """Forget a worker."""
        await self.run(lambda tx: tx.change("vitals_dropped", worker), write=True)

    async def vitals(self, since: datetime) -> list[Vital]:
        """Give what was said lately."""
        return [_vital(row, self._moment) for row in await self._rows("vitals", since)]

    async def waiting(self) -> dict[str, Waiting]:
        """Count what waits."""
        found: dict[str, Waiting] = {}
        for stage, state, count in await self._rows("waiting_failures"):
            name = "failures_open" if state == FailureState.OPEN.value else "failures_retrying"
            found[stage] = found.get(stage, Waiting())._replace(**{name: count})
        for stage, items, zaken, oldest in await self._rows("waiting_parked", self._clock.now()):
            of_stage = found.get(stage, Waiting())
            found[stage] = of_stage._replace(parked=items, zaken=zaken, oldest_at=self._moment(oldest))
        return found


def _cells(vital: Vital) -> Cells:
    return (*vital[:8], round(vital.window_s * 1000), *vital[9:])


def _vital(row: Row, moment: Moment) -> Vital:
    oldest_at, ends_at = (None if at is None else moment(at) for at in (row[5], row[10]))
    return Vital(
        worker=row[0],
        stage=row[1],
        at=moment(row[2]),
        lag=row[3],
        backlog=row[4],
        oldest_at=oldest_at,
        went_on=row[6],
        failed=row[7],
        window_s=row[8] / 1000,
        breaker=row[9],
        certificate_ends_at=ends_at,
    )
