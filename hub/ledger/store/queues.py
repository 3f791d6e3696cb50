"""What goes on and what waits: fences, deliveries, the queues of parked zaken and their failures."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime

from hub.config.policy import LIST_MAX
from hub.errors import ActRefused
from hub.ledger import rows
from hub.ledger.entries import (
    Begun,
    Confirmation,
    Delivery,
    Failure,
    FailureState,
    OperatorAct,
    ParkedItem,
    Place,
    Report,
    Trace,
    WaitState,
    Withdrawal,
)
from hub.ledger.rows import Cell
from hub.ledger.store.acts import record
from hub.ledger.store.base import SqlStore, Transaction

ID_BEGINNING_MIN = 4
"""The contract: fewer characters of an id name nothing."""


class QueueStore(SqlStore):
    """Deliveries, queues and failures."""

    async def begin(self, stage: str, fetched: Mapping[tuple[str, int], int], event_ids: Sequence[str]) -> Begun:
        """Raise fences; give the old ones and what has ended."""

        async def work(tx: Transaction) -> Begun:
            old = await _raise_fences(tx, stage, fetched) if fetched else {}
            asked = [(stage, event_id) for event_id in event_ids]
            ended = await tx.match("deliveries_of", asked) if asked else ()
            return Begun(old, frozenset(row[0] for row in ended))

        return await self.run(work, write=True)

    async def end(
        self,
        deliveries: Sequence[Delivery] = (),
        parked: Sequence[ParkedItem] = (),
        failures: Sequence[Failure] = (),
        released: Sequence[ParkedItem] = (),
        acts: Sequence[OperatorAct] = (),
        *,
        traces: Sequence[Trace] = (),
        withdrawn: Sequence[Withdrawal] = (),
        reports: Sequence[Report] = (),
    ) -> None:
        """Write outcomes in one transaction."""
        items, latest = _last_words(parked), _last_failures(failures)
        gone = sorted({(item.stage, item.item_id) for item in released})
        lanes = {(item.stage, item.lane) for item in (*parked, *released)}
        # An item that comes BEHIND a head that another worker has just released is the head itself.
        freed = {(item.stage, item.lane): item.next_at for item in parked if item.state is WaitState.BEHIND}
        freed |= {(item.stage, item.lane): item.next_at for item in released}
        explained = {trace.failure_id: trace for trace in traces}

        async def work(tx: Transaction) -> None:
            await tx.alone({("lane", *lane) for lane in lanes})
            # Sorted, so that two workers that write the same rows take their locks in one order.
            await tx.write("delivery_add", sorted(map(rows.delivery_cells, deliveries)))
            parked_at = self._clock.now()
            await tx.write("park", [rows.parked_cells(item, parked_at) for item in items])
            await tx.write("failure_put", sorted(map(rows.failure_cells, latest)))
            await tx.write("trace_put", sorted(map(rows.trace_cells, explained.values())))
            await tx.write("release", gone)
            await tx.write("promote", sorted((*lane, next_at) for lane, next_at in freed.items()))
            await record(tx, acts)
            for each in sorted(withdrawn):
                await tx.change("effect_withdraw", each.effect_key, each.event_id)
                await tx.change("inbox_withdraw", each.message_id)
            for report in sorted(reports):
                await tx.change("report_add", *rows.report_cells(report))

        if deliveries or parked or failures or released or acts or traces or withdrawn or reports:
            await self.run(work, write=True)

    async def delivered(self, event_id: str) -> list[Delivery]:
        """Give how an event ended."""
        return [rows.delivery(row, self._moment) for row in await self._rows("delivered", event_id)]

    async def confirm(self, confirmation: Confirmation) -> None:
        """Remember what a target said later."""

        async def work(tx: Transaction) -> None:
            await tx.change("confirmation_add", *confirmation)

        await self.run(work, write=True)

    async def parked_lanes(self, stage: str) -> dict[str, Place]:
        """Give lanes that have a queue."""
        return {row[0]: Place(*row[1:]) for row in await self._rows("parked_lanes", stage)}

    async def due(
        self, stage: str, partitions: Sequence[tuple[str, int]], now: datetime, limit: int
    ) -> list[ParkedItem]:
        """Give heads that may be tried."""

        async def work(tx: Transaction) -> list[ParkedItem]:
            found = await tx.match("due", partitions, stage, now, limit)
            return [rows.parked_item(row, self._moment) for row in found]

        return await self.run(work, write=False) if partitions else []

    async def queue(self, stage: str, lane: str) -> list[ParkedItem]:
        """Give a lane."""
        return [rows.parked_item(row, self._moment) for row in await self._rows("queue", stage, lane)]

    async def failures(
        self, *, stage: str | None = None, state: FailureState | None = None, limit: int = LIST_MAX
    ) -> list[Failure]:
        """List failures."""
        name = "failures" + ("_of_stage" if stage is not None else "") + ("_in_state" if state is not None else "")
        given: list[Cell] = [value for value in (stage, state) if value is not None]
        return [rows.failure(row, self._moment) for row in await self._rows(name, *given, limit)]

    async def failure(self, failure_id: str) -> Failure | None:
        """Give a failure by its id or the beginning of it."""
        found = await self._rows("failure", failure_id)
        if not found and len(failure_id) >= ID_BEGINNING_MIN:
            found = await self._rows("failures_by_beginning", failure_id)
        return rows.failure(found[0], self._moment) if len(found) == 1 else None

    async def trace(self, failure_id: str) -> Trace | None:
        """Give the trace of a failure."""
        found = await self._rows("trace", failure_id)
        return rows.trace(found[0], self._moment) if found else None

    async def parked(self, stage: str, item_id: str) -> ParkedItem | None:
        """Give a parked item."""
        found = await self._rows("parked_item", stage, item_id)
        return rows.parked_item(found[0], self._moment) if found else None

    async def edit(self, item: ParkedItem, act: OperatorAct) -> None:
        """Replace value and headers of a parked item."""

        async def work(tx: Transaction) -> None:
            await tx.change("original_keep", item.stage, item.item_id, act.at)
            if not await tx.change("parked_edit", item.stage, item.item_id, item.value, item.headers, act.at):
                raise _not_parked(item)
            await tx.change("failure_edited", act.failure_id, act.at)
            await record(tx, [act])

        await self.run(work, write=True)

    async def original(self, stage: str, item_id: str) -> bytes | None:
        """Give the value as it was before the first edit."""
        found = await self._rows("original", stage, item_id)
        return found[0][0] if found else None

    async def replay(self, item: ParkedItem, act: OperatorAct) -> None:
        """Let a head be tried at once."""

        async def work(tx: Transaction) -> None:
            if not await tx.change("parked_replay", item.stage, item.lane, item.item_id, act.at):
                raise await _replay_refused(tx, item)
            await tx.change("failure_retrying", act.failure_id, act.at)
            await record(tx, [act])

        await self.run(work, write=True)

    async def counts(self) -> dict[str, int]:
        """Count for metrics."""
        names = ("failures_open", "failures_retrying", "parked_items", "parked_lanes", "refusals")
        return dict(zip(names, (await self._rows("counts"))[0], strict=True))


def _last_words(parked: Sequence[ParkedItem]) -> Collection[ParkedItem]:
    """Keep one of each item, the last in the place of the first; BEHIND never replaces."""
    items: dict[tuple[str, str], ParkedItem] = {}
    for item in parked:
        key = (item.stage, item.item_id)
        if key not in items or item.state is not WaitState.BEHIND:
            items[key] = item
    return items.values()


def _last_failures(failures: Sequence[Failure]) -> Collection[Failure]:
    """Keep one of each failure, the last with the beginning of the first."""
    latest: dict[str, Failure] = {}
    for failure in failures:
        first = latest.get(failure.id, failure)
        latest[failure.id] = failure._replace(first_at=first.first_at, edited_at=first.edited_at)
    return latest.values()


async def _raise_fences(
    tx: Transaction, stage: str, fetched: Mapping[tuple[str, int], int]
) -> dict[tuple[str, int], int]:
    places = sorted((stage, topic, partition) for topic, partition in fetched)
    found = await tx.match("fences_of", places)
    if len(found) < len(places):
        # A fence that is not there can't be locked: put it there, then look again at what we have locked.
        await tx.write("fence_open", places)
        found = await tx.match("fences_of", places)
    old = {(topic, partition): offset for topic, partition, offset in found}
    higher = [(stage, *place, fetched[place]) for place in sorted(old) if fetched[place] > old[place]]
    await tx.write("fence_raise", higher)
    return {place: offset for place, offset in old.items() if offset >= 0}


async def _replay_refused(tx: Transaction, item: ParkedItem) -> ActRefused:
    if not await tx.rows("parked_item", item.stage, item.item_id):
        return _not_parked(item)
    [(head, failure_id)] = await tx.rows("parked_head", item.stage, item.lane)
    first = f"failure {failure_id}, item {head}" if failure_id else f"item {head}"
    return ActRefused(
        f"{item.stage}: item {item.item_id} waits behind another of its zaak",
        code="not-first",
        advice=f"replay the first of the queue: {first}",
    )


def _not_parked(item: ParkedItem) -> ActRefused:
    return ActRefused(
        f"{item.stage}: item {item.item_id} is not parked",
        code="not-parked",
        advice="look at the timeline of its zaak: it was delivered or dropped meanwhile",
    )
