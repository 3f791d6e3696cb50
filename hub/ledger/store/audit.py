"""The audit: written by whoever acts, read and followed here."""

from __future__ import annotations

from hub.config.policy import AUDIT_PAGE, LIST_MAX
from hub.ledger import rows
from hub.ledger.audit import EVERY_LINE, AuditFilter, AuditLine, Chain, Verification
from hub.ledger.entries import OperatorAct
from hub.ledger.store.acts import record
from hub.ledger.store.base import SqlStore

_BEHIND_ALL = 2**62
"""More lines than there will ever be."""


class AuditStore(SqlStore):
    """The audit."""

    async def acted(self, acts: list[OperatorAct]) -> None:
        """Write acts down."""
        await self.run(lambda tx: record(tx, acts), write=True)

    async def audit_lines(
        self,
        wanted: AuditFilter = EVERY_LINE,
        *,
        after: int | None = None,
        limit: int = LIST_MAX,
        oldest: bool = False,
    ) -> list[AuditLine]:
        """List lines."""
        name, first = ("audit_after", 0) if oldest else ("audit_before", _BEHIND_ALL)
        begin, end = rows.EVER
        criteria = (wanted.by, wanted.act, wanted.since or begin, wanted.until or end)
        found = await self._rows(name, first if after is None else after, *criteria, limit)
        return [rows.audit_line(row, self._moment) for row in found]

    async def verify_audit(self, *, head: str = "") -> Verification:
        """Follow the chain."""
        chain = Chain(head=head)
        while page := await self.audit_lines(after=chain.number, limit=AUDIT_PAGE, oldest=True):
            if not all(map(chain.follow, page)):
                break
        return chain.verification()

    async def unmirrored(self, limit: int) -> list[AuditLine]:
        """Give what is not on the bus."""
        return [rows.audit_line(row, self._moment) for row in await self._rows("audit_unmirrored", limit)]

    async def mirrored(self, number: int) -> None:
        """Remember what is on the bus."""
        await self.run(lambda tx: tx.change("audit_mirrored", number), write=True)
