"""Corrections: proposed, judged, carried out; and what stood there before the first of them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from hub.config.policy import EDITS_OPEN_MAX
from hub.errors import ActRefused
from hub.ledger import rows
from hub.ledger.edits import Edit, EditLine, EditState, base_of
from hub.ledger.entries import OperatorAct, ParkedItem
from hub.ledger.store.acts import record
from hub.ledger.store.base import SqlStore, Transaction
from hub.ledger.store.failures import ID_BEGINNING_MIN


class EditStore(SqlStore):
    """Edits and originals."""

    async def propose(self, edit: Edit, act: OperatorAct) -> None:
        """Keep a proposed edit."""

        async def work(tx: Transaction) -> None:
            if not await self._is_base(tx, edit):
                raise _overtaken()
            [(waiting,)] = await tx.rows("edits_open_of_failure", edit.failure_id)
            if waiting >= EDITS_OPEN_MAX:
                raise ActRefused(
                    f"{waiting} corrections of this failure wait already",
                    code="te-veel-correcties",
                    advice="apply one of them, or reject those that nobody needs",
                )
            await tx.change("edit_add", *rows.edit_cells(edit))
            await record(tx, [act])

        await self.run(work, write=True)

    async def proposal(self, edit_id: str) -> Edit | None:
        """Give an edit."""
        found = await self._rows("edit_by_id", edit_id)
        if not found and len(edit_id) >= ID_BEGINNING_MIN:
            found = await self._rows("edits_by_beginning", edit_id)
        return rows.edit(found[0], self._moment) if len(found) == 1 else None

    async def proposals(self, failure_id: str) -> list[Edit]:
        """Give the edits of a failure."""
        return [rows.edit(row, self._moment) for row in await self._rows("edits_of_failure", failure_id)]

    async def edit_lines(self, failure_id: str, *, limit: int) -> list[EditLine]:
        """Give the newest edits of a failure, without content."""
        found = await self._rows("edit_lines_of_failure", failure_id, limit)
        return [rows.edit_line(row, self._moment) for row in found]

    async def judge(self, edit_id: str, state: EditState, act: OperatorAct) -> None:
        """Approve or reject."""

        async def work(tx: Transaction) -> None:
            if state is EditState.APPROVED:
                changed = await tx.change("edit_approved", edit_id, act.by, act.reason)
            else:
                changed = await tx.change("edit_ended", edit_id, state.value, act.reason, act.at)
            if not changed:
                raise ActRefused(
                    "this edit is not waiting for that any more", code="beoordeeld", advice="look at it again"
                )
            await record(tx, [act])

        await self.run(work, write=True)

    async def edit(self, edit: Edit, item: ParkedItem, act: OperatorAct) -> None:
        """Carry an edit out."""

        async def work(tx: Transaction) -> bool:
            await tx.alone([("lane", item.stage, item.lane)])
            if not await self._is_base(tx, edit):
                await tx.change("edit_ended", edit.id, EditState.OVERTAKEN.value, "", act.at)
                return False
            await tx.change("edit_add", *rows.edit_cells(edit))
            if not await tx.change("edit_ended", edit.id, EditState.APPLIED.value, act.reason, act.at):
                return False
            await self._replace(tx, item, act.at)
            await tx.write("edit_overtaken", [(item.stage, item.item_id, act.at)])
            await tx.change("failure_edited", act.failure_id, act.at)
            await record(tx, [act])
            return True

        if not await self.run(work, write=True):
            raise _overtaken()

    async def original(self, stage: str, item_id: str) -> bytes | None:
        """Give the value as it was before the first edit."""
        found = await self._rows("original", stage, item_id)
        return found[0][0] if found else None

    async def _is_base(self, tx: Transaction, edit: Edit) -> bool:
        found = await tx.rows("parked_item", edit.stage, edit.item_id)
        return bool(found) and base_of(rows.parked_item(found[0], self._moment)) == edit.base

    async def _replace(self, tx: Transaction, item: ParkedItem, at: datetime) -> None:
        await tx.change("original_keep", item.stage, item.item_id, at)
        await tx.change("parked_edit", item.stage, item.item_id, item.value, item.headers, at)


async def overtake(tx: Transaction, tried: Mapping[tuple[str, str], ParkedItem], at: datetime) -> None:
    """Note of items that go on (by stage and id, as they were tried) which edits they go on without."""
    for stage, item_id, value, headers in await tx.match("parked_edited", sorted(tried)) if tried else ():
        item = tried[stage, item_id]
        if (value, headers) == (item.value, item.headers):
            continue
        # Applied while the message was under way: from the newest back to the one that was made for what was tried.
        lost = []
        for edit_id, base in await tx.rows("edits_applied", item.failure_id):
            lost.append(edit_id)
            if base == base_of(item):
                break
        else:
            lost = []
        for edit_id in lost:
            await tx.change("edit_lost", edit_id, at)
    await tx.write("edit_overtaken", [(*key, at) for key in sorted(tried)])


def _overtaken() -> ActRefused:
    return ActRefused(
        "the message is not as it was when this edit was made: it went on, or another edit was applied",
        code="ingehaald",
        advice="look at the failure again, then make the edit anew",
    )
