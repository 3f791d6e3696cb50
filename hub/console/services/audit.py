"""The audit, as the API shows it. Who reads it is not written in it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import orjson

from hub.console.models.audit import AuditLine, AuditVerification
from hub.console.services.part import Part
from hub.ledger.audit import AuditFilter
from hub.ledger.audit import AuditLine as Line
from hub.ledger.contract import Ledger
from hub.security.roles import Actor


class Audit:
    """Lines, and whether their chain is whole. The right to read it is for all connections at once."""

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger

    async def lines(
        self,
        _: Actor,
        *,
        by: str | None,
        act: str | None,
        since: datetime | None,
        until: datetime | None,
        after: Any,  # noqa: ANN401 - the number of a line
        limit: int,
    ) -> Part[AuditLine]:
        """List lines, newest first."""
        wanted = AuditFilter(by or "", act or "", since, until)
        found = await self._ledger.audit_lines(wanted, after=after, limit=limit + 1)
        shown = found[:limit]
        return Part([_line(each) for each in shown], shown[-1].number if len(found) > limit else None)

    async def verify(self, _: Actor) -> AuditVerification:
        """Follow the chain."""
        found = await self._ledger.verify_audit()
        return AuditVerification(
            whole=found.whole, lines=found.lines, last_hash=found.last_hash, broken_at=found.broken_at
        )


def _line(line: Line) -> AuditLine:
    return AuditLine(
        number=line.number,
        at=line.at,
        by=line.by,
        act=line.act,
        on=line.about,
        reason=line.reason,
        detail=orjson.loads(line.detail),
        hash=line.hash,
    )
