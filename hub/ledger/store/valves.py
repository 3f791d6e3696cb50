"""Which stages are shut."""

from __future__ import annotations

from datetime import datetime

from hub.ledger.entries import OperatorAct
from hub.ledger.rows import Cells, Moment, Row
from hub.ledger.store.acts import record
from hub.ledger.store.base import SqlStore, Transaction
from hub.ledger.valves import Pause, PauseKind


class ValveStore(SqlStore):
    """Pauses."""

    async def pauses(self) -> list[Pause]:
        """Give the pauses of all stages."""
        return [_pause(row, self._moment) for row in await self._rows("pauses")]

    async def pause(self, pause: Pause, act: OperatorAct) -> bool:
        """Shut a stage."""

        async def work(tx: Transaction) -> bool:
            if pause.kind is PauseKind.PERSON:
                shut = await tx.change("pause_by_person", *_cells(pause))
            else:
                shut = await tx.change("pause_by_hub", *_cells(pause))
            if shut:
                await record(tx, [act])
            return bool(shut)

        return await self.run(work, write=True)

    async def end_pause(self, pause: Pause, act: OperatorAct) -> bool:
        """End a pause."""

        async def work(tx: Transaction) -> bool:
            ended = await tx.change("pause_ended", *_key(pause))
            if ended:
                await record(tx, [act])
            return bool(ended)

        return await self.run(work, write=True)

    async def claim_probe(self, pause: Pause, now: datetime, probe_at: datetime) -> bool:
        """Take the right to send a probe."""
        return bool(await self.run(lambda tx: tx.change("probe_claimed", *_key(pause), now, probe_at), write=True))

    async def probe_failed(self, pause: Pause, probe_at: datetime) -> None:
        """Say when the next probe may go."""
        await self.run(lambda tx: tx.change("probe_failed", *_key(pause), probe_at), write=True)


def _key(pause: Pause) -> Cells:
    return pause.stage, pause.kind.value, pause.since


def _cells(pause: Pause) -> Cells:
    return (pause.stage, pause.kind.value, *pause[2:])


def _pause(row: Row, moment: Moment) -> Pause:
    until, probe_at = (None if at is None else moment(at) for at in row[5:7])
    return Pause(row[0], PauseKind(row[1]), row[2], row[3], moment(row[4]), until, probe_at, row[7])
