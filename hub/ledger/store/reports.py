"""What senders are told later, and how an old system and the hub compare."""

from __future__ import annotations

from datetime import datetime

from hub.ledger import rows
from hub.ledger.entries import Comparison, DueReport, Likeness, Report
from hub.ledger.store.base import SqlStore


class ReportStore(SqlStore):
    """Reports and comparisons."""

    async def due_reports(self, connection: str, now: datetime, limit: int) -> list[DueReport]:
        """Give what senders are to be told."""
        return [rows.due_report(row, self._moment) for row in await self._rows("reports_due", connection, now, limit)]

    async def report_later(self, report: Report, next_at: datetime) -> None:
        """Tell it later."""
        await self.run(lambda tx: tx.change("report_later", *rows.report_key(report), next_at), write=True)

    async def report_ended(self, report: Report) -> None:
        """Remember that it ended."""
        now = self._clock.now()
        await self.run(lambda tx: tx.change("report_ended", *rows.report_key(report), now), write=True)

    async def compared(self, comparison: Comparison) -> None:
        """Keep a comparison."""
        await self.run(lambda tx: tx.change("comparison_add", *rows.comparison_cells(comparison)), write=True)

    async def comparisons(self, connection: str, limit: int) -> list[Comparison]:
        """Give comparisons."""
        return [rows.comparison(row, self._moment) for row in await self._rows("comparisons", connection, limit)]

    async def likenesses(self, connection: str) -> list[tuple[str, str, Likeness, int]]:
        """Count comparisons."""
        found = await self._rows("likenesses", connection)
        return [(kind, zaaktype, Likeness(verdict), int(count)) for kind, zaaktype, verdict, count in found]
