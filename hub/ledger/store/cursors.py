"""How far sources were looked through."""

from __future__ import annotations

from datetime import datetime

from hub.ledger.store.base import SqlStore, Transaction


class CursorStore(SqlStore):
    """Cursors."""

    async def looked_until(self, connection: str) -> datetime | None:
        """Give a cursor."""
        found = await self._rows("cursor", connection)
        return self._moment(found[0][0]) if found else None

    async def move_cursor(self, connection: str, *, since: datetime | None, until: datetime) -> bool:
        """Move a cursor on from where it was."""

        async def work(tx: Transaction) -> int:
            if since is None:
                return await tx.change("cursor_begin", connection, until)
            return await tx.change("cursor_move", connection, since, until)

        if since is not None and until <= since:
            return False
        return await self.run(work, write=True) == 1
