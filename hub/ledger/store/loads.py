"""Initial loads, and what became of their messages."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from hub.ledger.entries import DeliveryState, FailureState, OperatorAct, Verdict, WaitState
from hub.ledger.loads import Load, LoadCounts
from hub.ledger.rows import Moment, Row
from hub.ledger.store.acts import record
from hub.ledger.store.base import SqlStore, Transaction


class LoadStore(SqlStore):
    """Loads."""

    async def begin_load(self, load: Load, acts: Sequence[OperatorAct] = ()) -> Load:
        """Keep a load, or give the one that is there."""

        async def work(tx: Transaction) -> Load:
            if await tx.change("load_add", *load):
                await record(tx, acts)
            return _load((await tx.rows("load", load.id))[0], self._moment)

        return await self.run(work, write=True)

    async def load_offered(self, load_id: str, *, offered: int, wrong: int) -> None:
        """Say how far it is at the door."""
        await self.run(lambda tx: tx.change("load_offered", load_id, offered, wrong), write=True)

    async def loads(self, limit: int) -> list[Load]:
        """Give loads."""
        return [_load(row, self._moment) for row in await self._rows("loads", limit)]

    async def load_counts(self, load: Load, *, since: datetime) -> LoadCounts:
        """Count."""
        of_load = (load.connection, load.prefix, len(load.prefix))

        async def work(tx: Transaction) -> LoadCounts:
            translated = await tx.rows("load_translated", *of_load, since)
            stopped = {row[0]: row[1] for row in await tx.rows("load_stopped", *of_load)}
            verdicts = {row[0]: row[1] for row in translated}
            return LoadCounts(
                done=verdicts.get(Verdict.NEW.value, 0),
                unchanged=verdicts.get(Verdict.DUPLICATE.value, 0),
                failed=stopped.get(FailureState.OPEN.value, 0),
                retrying=stopped.get(FailureState.RETRYING.value, 0),
                dropped=stopped.get(DeliveryState.DROPPED.value, 0),
                waiting=sum(stopped.get(state.value, 0) for state in (WaitState.PERSON, WaitState.HELD)),
                lately=sum(int(row[2]) for row in translated),
            )

        return await self.run(work, write=False)


def _load(row: Row, moment: Moment) -> Load:
    return Load(row[0], row[1], row[2], row[3], row[4], moment(row[5]), row[6], row[7])
