"""Which mappings each connection runs, and the workers that follow."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

import orjson

from hub.config.policy import LIST_MAX
from hub.errors import ActRefused
from hub.ledger import rows
from hub.ledger.entries import Acknowledgement, Answer, OperatorAct, Revision, RevisionState, Worker
from hub.ledger.store.acts import record
from hub.ledger.store.base import SqlStore, Transaction


class RevisionStore(SqlStore):
    """Revisions and workers."""

    async def found_in_folder(self, revision: Revision, files: bytes) -> int:
        """Remember what a worker runs from its folder."""

        async def work(tx: Transaction) -> int:
            await tx.alone([("revision", revision.connection)])
            known = await self._revisions(tx, revision.connection)
            latest = next((each for each in known if each.state is RevisionState.FOLDER), None)
            if latest is not None and latest.revision == revision.revision:
                return latest.number
            if any(each.state is RevisionState.ACTIVE for each in known):
                return await _add_revision(tx, revision._replace(state=RevisionState.SUPERSEDED), files)
            number = await _add_revision(tx, revision._replace(state=RevisionState.FOLDER), files)
            await tx.change("revisions_superseded", revision.connection, number, self._clock.now())
            return number

        return await self.run(work, write=True)

    async def prepare(self, revision: Revision, files: bytes, *, over: int, stale_before: datetime) -> int:
        """Store a revision as prepared."""
        connection = revision.connection

        async def work(tx: Transaction) -> int:
            await tx.alone([("revision", connection)])
            await tx.change("revisions_expired", connection, stale_before, self._clock.now())
            await tx.change("workers_forgotten", stale_before)
            await tx.change("acknowledgements_forgotten")
            known = {each.state: each for each in reversed(await self._revisions(tx, connection))}
            prepared, active = known.get(RevisionState.PREPARED), known.get(RevisionState.ACTIVE)
            if prepared is not None:
                raise ActRefused(
                    f"{prepared.made_by} is activating revision {prepared.revision} of {connection} at this moment",
                    code="wordt-geactiveerd",
                    advice=f"see what came of it: zaakhub map revisions {connection}",
                )
            if (active.number if active else 0) != over:
                raise ActRefused(
                    f"another revision of {connection} was activated meanwhile",
                    code="ingehaald",
                    advice=f"look at it and begin anew: zaakhub map revisions {connection}",
                )
            return await _add_revision(tx, revision._replace(state=RevisionState.PREPARED), files)

        return await self.run(work, write=True)

    async def activate(self, connection: str, number: int, *, live_since: datetime) -> bool:
        """Make a prepared revision the active one, if all who live are ready."""
        prepared, active = RevisionState.PREPARED.value, RevisionState.ACTIVE.value

        async def work(tx: Transaction) -> bool:
            await tx.alone([("revision", connection)])
            workers = [
                rows.worker(row, self._moment) for row in await tx.rows("workers", connection, number, live_since)
            ]
            if any(each.answer is not Answer.READY for each in workers):
                return False
            now = self._clock.now()
            await tx.change("revisions_superseded", connection, number, now)
            if not await tx.change("revision_change", connection, number, prepared, active, now, ""):
                raise ActRefused(
                    "this revision is not prepared any more",
                    code="niet-voorbereid",
                    advice=f"see why: zaakhub map revisions {connection}",
                )
            await record(tx, [_act(await self._revisions(tx, connection), number, now)])
            return True

        return await self.run(work, write=True)

    async def withdraw(self, connection: str, number: int, reason: str) -> None:
        """Refuse a revision that is prepared."""
        prepared, refused = RevisionState.PREPARED.value, RevisionState.REFUSED.value

        async def work(tx: Transaction) -> None:
            await tx.change("revision_change", connection, number, prepared, refused, self._clock.now(), reason)

        await self.run(work, write=True)

    async def revisions(self, connection: str, limit: int = LIST_MAX) -> list[Revision]:
        """List the revisions of a connection."""
        return [rows.revision(row, self._moment) for row in await self._rows("revisions", connection, limit)]

    async def current_revisions(self) -> list[Revision]:
        """Give the prepared and the active revisions."""
        return [rows.revision(row, self._moment) for row in await self._rows("revisions_current")]

    async def revision_files(self, connection: str, number: int) -> bytes | None:
        """Give what a revision is compiled from."""
        found = await self._rows("revision_files", connection, number)
        return found[0][0] if found else None

    async def beat(self, worker: str, running: Mapping[str, int]) -> None:
        """Say that a worker lives."""

        async def work(tx: Transaction) -> None:
            now = self._clock.now()
            await tx.write("beat", [(worker, connection, running[connection], now) for connection in sorted(running)])

        if running:
            await self.run(work, write=True)

    async def acknowledge(self, acknowledgement: Acknowledgement) -> None:
        """Say what a worker makes of a prepared revision."""

        async def work(tx: Transaction) -> None:
            await tx.change("acknowledge", *rows.acknowledgement_cells(acknowledgement))

        await self.run(work, write=True)

    async def leave(self, worker: str) -> None:
        """Say that a worker stops."""

        async def work(tx: Transaction) -> None:
            await tx.change("worker_gone", worker)

        await self.run(work, write=True)

    async def workers(self, connection: str, *, number: int, since: datetime) -> list[Worker]:
        """Give the workers that live."""
        return [rows.worker(row, self._moment) for row in await self._rows("workers", connection, number, since)]

    async def _revisions(self, tx: Transaction, connection: str) -> list[Revision]:
        return [rows.revision(row, self._moment) for row in await tx.rows("revisions", connection, LIST_MAX)]


def _act(revisions: Sequence[Revision], number: int, at: datetime) -> OperatorAct:
    """Give what is kept of who activated a revision."""
    activated = next(each for each in revisions if each.number == number)
    detail = orjson.dumps({"number": number, "revision": activated.revision, "restores": activated.restores}).decode()
    on = f"koppeling:{activated.connection}"
    return OperatorAct("", "activate", activated.made_by, activated.reason, at, on=on, detail=detail)


async def _add_revision(tx: Transaction, revision: Revision, files: bytes) -> int:
    [(number,)] = await tx.rows("revision_next", revision.connection)
    await tx.change("revision_add", *rows.revision_cells(revision._replace(number=number), files))
    return int(number)
