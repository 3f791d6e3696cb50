"""Whom receivers follow."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime

from hub.ledger.entries import OperatorAct
from hub.ledger.indicaties import Indicatie
from hub.ledger.rows import EVER, Moment, Row
from hub.ledger.store import acts as audit
from hub.ledger.store.base import SqlStore, Transaction
from hub.security.masking import mask


class IndicatieStore(SqlStore):
    """Afnemersindicaties."""

    async def place_indicaties(self, indicaties: Sequence[Indicatie], acts: Sequence[OperatorAct]) -> int:
        """Follow persons."""

        async def work(tx: Transaction) -> int:
            await tx.alone({("indicaties", each.connection) for each in indicaties})
            fresh = 0
            for each in indicaties:
                there = await tx.rows("indicatie", each.connection, each.person)
                fresh += not there or _indicatie(there[0], self._moment).has_ended(each.placed_at)
                await tx.change("indicatie_put", *each._replace(reason=mask(each.reason)))
            await audit.record(tx, acts)
            return fresh

        return await self.run(work, write=True)

    async def remove_indicaties(self, connection: str, persons: Mapping[str, OperatorAct]) -> int:
        """Follow persons no longer."""

        async def work(tx: Transaction) -> int:
            await tx.alone([("indicaties", connection)])
            gone = [each for each in sorted(persons) if await tx.change("indicatie_remove", connection, each)]
            await audit.record(tx, [persons[each] for each in gone])
            return len(gone)

        return await self.run(work, write=True)

    async def followed(self, connection: str, persons: Collection[str], now: datetime) -> frozenset[str]:
        """Give who is followed."""

        async def work(tx: Transaction) -> frozenset[str]:
            found = await tx.match("followed", [(connection, each) for each in persons], now)
            return frozenset(row[0] for row in found)

        return await self.run(work, write=False) if persons else frozenset()

    async def indicatie(self, connection: str, person: str) -> Indicatie | None:
        """Give one."""
        found = await self._rows("indicatie", connection, person)
        return _indicatie(found[0], self._moment) if found else None

    async def indicaties(
        self, connection: str, *, after: tuple[datetime, str] | None = None, limit: int
    ) -> list[Indicatie]:
        """List whom a connection follows."""
        found = await self._rows("indicaties", connection, *(after or (EVER[0], "")), limit)
        return [_indicatie(row, self._moment) for row in found]

    async def count_followed(self, now: datetime) -> Mapping[str, int]:
        """Count who is followed."""
        return {row[0]: int(row[1]) for row in await self._rows("indicaties_count", now)}


def _indicatie(row: Row, moment: Moment) -> Indicatie:
    connection, person, sealed, placed_at, placed_by, reason, ends_at = row
    ends = None if ends_at is None else moment(ends_at)
    return Indicatie(connection, person, sealed, moment(placed_at), placed_by, reason, ends)
