"""Groups of failures that look alike: counted now, and what people know of them."""

from __future__ import annotations

from collections.abc import Collection

from hub.config.policy import LIST_MAX
from hub.errors import ActRefused
from hub.ledger import rows
from hub.ledger.entries import FailureState, OperatorAct
from hub.ledger.groups import FAR_AHEAD, After, Group, Notes
from hub.ledger.rows import Cells
from hub.ledger.store.acts import record
from hub.ledger.store.base import SqlStore, Transaction
from hub.ledger.store.failures import EVERY_STAGE, pattern


class GroupStore(SqlStore):
    """Groups."""

    async def groups(
        self,
        *,
        stages: Collection[str] | None = None,
        state: FailureState | None = None,
        text: str = "",
        after: After | None = None,
        limit: int = LIST_MAX,
    ) -> list[Group]:
        """List groups."""
        seen: list[Cells] = EVERY_STAGE if stages is None else [(each,) for each in sorted(stages)]
        at, key = after or After(FAR_AHEAD, "")

        async def work(tx: Transaction) -> list[Group]:
            if state is FailureState.RESOLVED:
                found = await tx.match("groups_resolved", seen, pattern(text), at, key, limit)
            else:
                found = await tx.match("groups", seen, pattern(text), state.value if state else "", at, key, limit)
            return [rows.group(row, self._moment) for row in found]

        return await self.run(work, write=False) if seen else []

    async def group(self, group_id: str) -> Group | None:
        """Give a group."""
        found = await self._rows("group_by_id", group_id)
        return rows.group(found[0], self._moment) if found else None

    async def change_group(self, group_id: str, notes: Notes, act: OperatorAct, *, expected: str | None = None) -> None:
        """Keep what people know of it."""

        async def work(tx: Transaction) -> None:
            await tx.alone([_LOCK])
            group = await self._group(tx, group_id)
            if expected is not None and group.version != expected:
                raise ActRefused(
                    "this group changed since you looked at it",
                    code="gewijzigd",
                    advice="look at it again: somebody else wrote something down, or merged it",
                )
            await tx.change("group_changed", group.id, *rows.notes_cells(notes), act.at)
            await record(tx, [act])

        await self.run(work, write=True)

    async def merge_groups(self, into: str, others: Collection[str], act: OperatorAct) -> None:
        """Put groups together."""

        async def work(tx: Transaction) -> None:
            await tx.alone([_LOCK])
            target = await self._group(tx, into)
            merged = {(await self._group(tx, other)).id for other in sorted(others)} - {target.id}
            for other in sorted(merged):
                if (await self._group(tx, other)).stage != target.stage:
                    raise ActRefused(
                        "these groups are of different connections",
                        code="andere-koppeling",
                        advice="give them the same note or link instead",
                    )
                await tx.change("group_merged", other, target.id, act.at)
            if not merged:
                raise ActRefused("there is nothing to merge", code="niets", advice="name at least one other group")
            await record(tx, [act])

        await self.run(work, write=True)

    async def split_group(self, group_id: str, failures: Collection[str], act: OperatorAct, *, new_id: str) -> None:
        """Make a group of some of its failures."""
        moved = sorted(set(failures))

        async def work(tx: Transaction) -> None:
            await tx.alone([_LOCK])
            group = await self._group(tx, group_id)
            if not moved:
                raise ActRefused("there is nothing to split off", code="niets", advice="name at least one failure")
            await tx.change("group_split", new_id, moved[0], act.at)
            for failure_id in moved:
                if not await tx.change("failure_moved", failure_id, new_id, group.id):
                    raise ActRefused(
                        f"failure {failure_id[:8]} is not in this group",
                        code="niet-in-groep",
                        advice="look at the group again: it may look different since its last attempt",
                    )
            await record(tx, [act])

        await self.run(work, write=True)

    async def _group(self, tx: Transaction, group_id: str) -> Group:
        found = await tx.rows("group_by_id", group_id)
        if not found:
            raise ActRefused("there is no such group", code="onbekend", advice="see zaakhub failures groups")
        return rows.group(found[0], self._moment)


_LOCK = ("failure groups",)
"""People change groups one at a time; failures go on being written meanwhile."""
