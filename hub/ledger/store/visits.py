"""Who is at the console, and what was answered to them."""

from __future__ import annotations

from datetime import datetime

import orjson

from hub.errors import ActRefused
from hub.ledger.entries import OperatorAct
from hub.ledger.rows import Cells, Moment, Row
from hub.ledger.store import acts
from hub.ledger.store.base import SqlStore, Transaction
from hub.ledger.visits import GivenAnswer, Visit


class VisitStore(SqlStore):
    """Visits, unmaskings and answers."""

    async def begin_visit(self, visit: Visit, act: OperatorAct, *, instead_of: str = "") -> None:
        """Remember that somebody logged in."""

        async def work(tx: Transaction) -> None:
            await tx.change("visits_forget", visit.began_at)
            await tx.change("unmaskings_forget", visit.began_at)
            await tx.change("visit_end", instead_of)
            await tx.change("unmaskings_end", instead_of)
            await tx.change("visit_add", *_cells(visit))
            await acts.record(tx, [act])

        await self.run(work, write=True)

    async def visit(self, key: str) -> Visit | None:
        """Give a visit."""
        found = await self._rows("visit", key)
        return _visit(found[0], self._moment) if found else None

    async def seen_visit(self, key: str, at: datetime) -> None:
        """Remember that somebody is still there."""
        await self.run(lambda tx: tx.change("visit_seen", key, at), write=True)

    async def end_visit(self, key: str, act: OperatorAct) -> bool:
        """Forget a visit."""

        async def work(tx: Transaction) -> bool:
            if not await tx.change("visit_end", key):
                return False
            await tx.change("unmaskings_end", key)
            await acts.record(tx, [act])
            return True

        return await self.run(work, write=True)

    async def unmask(self, session: str, message: str, until: datetime, act: OperatorAct) -> None:
        """Let a session see the content of a message."""

        async def work(tx: Transaction) -> None:
            await tx.change("unmasking_put", session, message, until)
            await acts.record(tx, [act])

        await self.run(work, write=True)

    async def unmasked_until(self, session: str, message: str) -> datetime | None:
        """Give until when."""
        found = await self._rows("unmasking", session, message)
        return self._moment(found[0][0]) if found else None

    async def begin_answer(
        self, who: str, key: str, asked: str, *, busy_since: datetime, kept_since: datetime
    ) -> GivenAnswer | None:
        """Give what was answered."""
        now = self._clock.now()

        async def work(tx: Transaction) -> GivenAnswer | None:
            await tx.alone([("answer", who, key)])
            await tx.change("answers_forget", kept_since)
            found = await tx.rows("answer", who, key)
            if not found:
                await tx.change("answer_begin", who, key, asked, now)
                return None
            known, status, headers, body, began_at = found[0]
            if known != asked:
                raise ActRefused(
                    "something else was asked under this Idempotency-Key",
                    code="idempotency-key",
                    advice="make a new key for every act",
                )
            if status is not None:
                return GivenAnswer(int(status), str(headers), bytes(body))
            if self._moment(began_at) >= busy_since:
                raise ActRefused(
                    "the same request is still being answered", code="bezig", advice="wait a moment, then ask again"
                )
            await tx.change("answer_again", who, key, now)
            return None

        return await self.run(work, write=True)

    async def end_answer(self, who: str, key: str, given: GivenAnswer | None) -> None:
        """Keep an answer."""
        if given is None:
            await self.run(lambda tx: tx.change("answer_drop", who, key), write=True)
        else:
            await self.run(lambda tx: tx.change("answer_end", who, key, *given), write=True)


def _cells(visit: Visit) -> Cells:
    return (
        visit.key,
        visit.name,
        visit.way,
        visit.gemeente,
        orjson.dumps(visit.groups).decode(),
        visit.sealed,
        visit.began_at,
        visit.seen_at,
        visit.ends_at,
        visit.person_id,
    )


def _visit(row: Row, moment: Moment) -> Visit:
    key, name, way, gemeente, groups, sealed, began_at, seen_at, ends_at, person_id = row
    return Visit(
        key=key,
        name=name,
        way=way,
        gemeente=gemeente,
        groups=tuple(orjson.loads(groups)),
        sealed=bytes(sealed),
        began_at=moment(began_at),
        seen_at=moment(seen_at),
        ends_at=moment(ends_at),
        person_id=person_id,
    )
