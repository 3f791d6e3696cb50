"""What is wrong with connections, and who is still to be told."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from hub.config.policy import LIST_MAX
from hub.ledger.alerts import Alert, AlertKind, Notice
from hub.ledger.rows import EVER, Moment, Row
from hub.ledger.store.base import SqlStore, Transaction


class AlertStore(SqlStore):
    """Alerts and notices."""

    async def alerts(
        self, *, only_open: bool, before: tuple[datetime, str] | None = None, limit: int = LIST_MAX
    ) -> list[Alert]:
        """List alerts."""
        at, alert_id = before or (EVER[1], "")
        found = await self._rows("alerts_open" if only_open else "alerts", at, alert_id, limit)
        return [_alert(row, self._moment) for row in found]

    async def told(self, alerts: Sequence[str]) -> dict[str, list[str]]:
        """Give who was told."""

        async def work(tx: Transaction) -> dict[str, list[str]]:
            return {each: [row[0] for row in await tx.rows("notices_told", each)] for each in alerts}

        return await self.run(work, write=False)

    async def raise_alerts(self, alerts: Sequence[Alert], channels: Sequence[str]) -> list[Alert]:
        """Open alerts."""

        async def work(tx: Transaction) -> list[Alert]:
            opened = []
            for alert in alerts:
                if await tx.change("alert_open", *alert[:6]):
                    opened.append(alert)
                    for channel in channels:
                        await tx.change("notice_add", alert.id, channel, 0, alert.opened_at)
            return opened

        return await self.run(work, write=True) if alerts else []

    async def close_alerts(self, ids: Sequence[str], now: datetime, channels: Sequence[str]) -> None:
        """Close alerts."""

        async def work(tx: Transaction) -> None:
            for each in ids:
                if await tx.change("alert_close", each, now):
                    for channel in channels:
                        await tx.change("notice_add", each, channel, 1, now)

        if ids:
            await self.run(work, write=True)

    async def due_notices(self, now: datetime, limit: int) -> list[Notice]:
        """Give what is to be told."""
        found = await self._rows("notices_due", now, limit)
        return [Notice(_alert(row[:7], self._moment), row[7], bool(row[8]), row[9]) for row in found]

    async def notice_told(self, notice: Notice, at: datetime) -> None:
        """Remember that it was told."""
        await self.run(lambda tx: tx.change("notice_told", *_key(notice), at), write=True)

    async def notice_later(self, notice: Notice, next_at: datetime) -> None:
        """Tell it later."""
        await self.run(lambda tx: tx.change("notice_later", *_key(notice), next_at), write=True)

    async def last_arrivals(self, connections: Sequence[str]) -> dict[str, datetime]:
        """Give when the last message came."""

        async def work(tx: Transaction) -> dict[str, datetime]:
            found = {name: await tx.rows("last_arrival", name) for name in connections}
            return {name: self._moment(given[0][0]) for name, given in found.items() if given}

        return await self.run(work, write=False)


def _alert(row: Row, moment: Moment) -> Alert:
    key, kind, connection, degree, opened_at, detail, closed_at = row
    closed = None if closed_at is None else moment(closed_at)
    return Alert(key, AlertKind(kind), connection, degree, moment(opened_at), detail, closed)


def _key(notice: Notice) -> tuple[str, str, int]:
    return notice.alert.id, notice.channel, int(notice.over)
