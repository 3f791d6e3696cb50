"""Of whom two connections told."""

from __future__ import annotations

from datetime import datetime

from hub.ledger.shadow import Beside, Unlike
from hub.ledger.store.base import SqlStore, Transaction


class ShadowStore(SqlStore):
    """Comparisons of two connections."""

    async def beside(self, here: str, there: str, *, since: datetime, until: datetime, limit: int) -> Beside:
        """Compare."""

        async def work(tx: Transaction) -> Beside:
            [counts] = await tx.rows("shadow_counts", here, there, since, until)
            unlike = await tx.rows("shadow_unlike", here, there, since, until, limit)
            told = (Unlike(row[0], bool(row[1]), self._moment(row[2])) for row in unlike)
            both, only_here, only_there = map(int, counts)
            return Beside(both, only_here, only_there, tuple(told))

        return await self.run(work, write=False)
