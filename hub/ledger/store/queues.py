"""What goes on and what waits: fences, deliveries, the queues of parked zaken."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from types import MappingProxyType

from hub.errors import ActRefused
from hub.ledger import rows
from hub.ledger.edits import Made
from hub.ledger.entries import (
    Begun,
    Confirmation,
    Delivery,
    Failure,
    OperatorAct,
    ParkedItem,
    Place,
    Report,
    Trace,
    WaitState,
    Withdrawal,
)
from hub.ledger.rows import Cells, Moment, Row
from hub.ledger.store.acts import record
from hub.ledger.store.base import SqlStore, Transaction
from hub.ledger.store.edits import overtake


class QueueStore(SqlStore):
    """Deliveries and queues."""

    async def begin(
        self,
        stage: str,
        fetched: Mapping[tuple[str, int], int],
        event_ids: Sequence[str],
        lanes: Collection[str] = (),
    ) -> Begun:
        """Raise fences; give the old ones, what has ended and what is parked."""

        async def work(tx: Transaction) -> Begun:
            old = await _raise_fences(tx, stage, fetched) if fetched else {}
            asked = [(stage, event_id) for event_id in event_ids]
            ended = await tx.match("deliveries_of", asked) if asked else ()
            parked = await tx.match("heads", [(lane,) for lane in lanes], stage) if lanes else ()
            return Begun(old, frozenset(row[0] for row in ended), _places(parked))

        return await self.run(work, write=True)

    async def end(
        self,
        deliveries: Sequence[Delivery] = (),
        parked: Sequence[ParkedItem] = (),
        failures: Sequence[Failure] = (),
        released: Sequence[ParkedItem] = (),
        acts: Sequence[OperatorAct] = (),
        *,
        retried: Sequence[ParkedItem] = (),
        traces: Sequence[Trace] = (),
        made: Sequence[Made] = (),
        withdrawn: Sequence[Withdrawal] = (),
        reports: Sequence[Report] = (),
        expected: Mapping[str, str] = MappingProxyType({}),
    ) -> None:
        """Write outcomes in one transaction."""
        items, latest = _last_words(parked), _last_failures(failures)
        tried = {(item.stage, item.item_id): item for item in released}
        lanes = {(item.stage, item.lane) for item in (*parked, *retried, *released)}
        # An item that comes BEHIND a head that another worker has just released is the head itself.
        freed = {(item.stage, item.lane): item.next_at for item in parked if item.state is WaitState.BEHIND}
        freed |= {(item.stage, item.lane): item.next_at for item in released}
        # What waits to be asked again lets go first what came behind it,
        aside = sorted((each.stage, each.lane, each.item_id) for each in retried if each.waits_quietly)
        # and is taken up no later than when something comes behind it: that may ask for the same.
        asked = {(each.stage, each.lane) for each in (*parked, *retried) if each.waits_quietly}
        asked |= {(each.stage, each.lane) for each in parked if each.state is WaitState.BEHIND}
        asked |= {(each.stage, each.lane) for each in released}
        explained = {trace.failure_id: trace for trace in traces}
        sent = {each.failure_id: each for each in made}

        async def work(tx: Transaction) -> None:
            await tx.alone({("lane", *lane) for lane in lanes})
            for failure_id, version in expected.items():
                await expect(tx, failure_id, version, self._moment)
            if expected:
                await self._expect_waits(tx, released)
            # Sorted, so that two workers that write the same rows take their locks in one order.
            await tx.write("delivery_add", sorted(map(rows.delivery_cells, deliveries)))
            parked_at = self._clock.now()
            await tx.write("park", [rows.parked_cells(item, parked_at) for item in items])
            away = await _park_again(tx, retried)
            stand = [failure for failure in latest if failure.id not in away]
            groups = {rows.group_of(failure): rows.group_cells(failure) for failure in _first_last(stand)}
            await tx.write("group_add", [groups[group] for group in sorted(groups)])
            await tx.write("failure_put", sorted(map(rows.failure_cells, stand)))
            await tx.write("trace_put", sorted(rows.trace_cells(explained[each]) for each in explained.keys() - away))
            await tx.write("request_put", sorted(rows.made_cells(sent[each]) for each in sent.keys() - away))
            await overtake(tx, tried, parked_at)
            await tx.write("release", sorted(tried))
            await tx.write("step_aside", aside)
            freed_at = {(stage, lane): parked_at for stage, lane, _ in aside} | freed
            await tx.write("promote", sorted((*lane, next_at) for lane, next_at in freed_at.items()))
            await tx.write("hasten", sorted((*lane, parked_at) for lane in asked))
            await record(tx, acts)
            for each in sorted(withdrawn):
                await tx.change("effect_withdraw", each.effect_key, each.event_id)
                await tx.change("inbox_withdraw", each.message_id)
            for report in sorted(reports):
                await tx.change("report_add", *rows.report_cells(report))

        if any((deliveries, parked, retried, failures, released, acts, traces, made, withdrawn, reports)):
            await self.run(work, write=True)

    async def _expect_waits(self, tx: Transaction, released: Sequence[ParkedItem]) -> None:
        """See that what a person takes out of its queue still waits as they saw it; raises ActRefused."""
        for item in released:
            found = await tx.rows("parked_item", item.stage, item.item_id)
            if not found or rows.parked_item(found[0], self._moment).state is not item.state:
                raise _changed()

    async def delivered(self, event_id: str) -> list[Delivery]:
        """Give how an event ended."""
        return [rows.delivery(row, self._moment) for row in await self._rows("delivered", event_id)]

    async def known_at(self, stage: str, zaken: Collection[str], *, until: str) -> frozenset[str]:
        """Give of which zaken it was told."""

        async def work(tx: Transaction) -> frozenset[str]:
            found = await tx.match("known_at", [(stage, each) for each in zaken], f'%"{until}":%')
            return frozenset(row[0] for row in found)

        return await self.run(work, write=False) if zaken else frozenset()

    async def confirm(self, confirmation: Confirmation) -> None:
        """Remember what a target said later."""

        async def work(tx: Transaction) -> None:
            await tx.change("confirmation_add", *confirmation)

        await self.run(work, write=True)

    async def parked_lanes(self, stage: str) -> dict[str, Place]:
        """Give lanes that have a queue."""
        return _places(await self._rows("parked_lanes", stage))

    async def heads(self, stage: str, lanes: Collection[str]) -> dict[str, Place]:
        """Give which of these lanes have a queue."""

        async def work(tx: Transaction) -> dict[str, Place]:
            return _places(await tx.match("heads", [(lane,) for lane in lanes], stage))

        return await self.run(work, write=False) if lanes else {}

    async def firsts(self, stage: str, lanes: Collection[str]) -> dict[str, ParkedItem]:
        """Give the first items of lanes."""

        async def work(tx: Transaction) -> dict[str, ParkedItem]:
            found = [rows.parked_item(row, self._moment) for row in await tx.match("firsts", _keys(lanes), stage)]
            return {each.lane: each for each in found}

        return await self.run(work, write=False) if lanes else {}

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

    async def parked(self, stage: str, item_id: str) -> ParkedItem | None:
        """Give a parked item."""
        found = await self._rows("parked_item", stage, item_id)
        return rows.parked_item(found[0], self._moment) if found else None

    async def replay(self, item: ParkedItem, act: OperatorAct, *, expected: str | None = None) -> None:
        """Let a head be tried at once."""

        async def work(tx: Transaction) -> None:
            await tx.alone([("lane", item.stage, item.lane)])
            if expected is not None:
                await expect(tx, act.failure_id, expected, self._moment)
            if not await tx.change("parked_replay", item.stage, item.lane, item.item_id, act.at):
                raise await _replay_refused(tx, item)
            await tx.change("failure_retrying", act.failure_id, act.at)
            await record(tx, [act])

        await self.run(work, write=True)

    async def counts(self) -> dict[str, int]:
        """Count for metrics."""
        names = ("failures_open", "failures_retrying", "parked_items", "parked_lanes", "refusals")
        return dict(zip(names, (await self._rows("counts"))[0], strict=True))


def _keys(lanes: Collection[str]) -> list[Cells]:
    return [(lane,) for lane in lanes]


def _places(found: Sequence[Row]) -> dict[str, Place]:
    return {row[0]: Place(*row[1:]) for row in found}


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


async def _park_again(tx: Transaction, retried: Sequence[ParkedItem]) -> frozenset[str]:
    """Put what was tried back as it waits now; give the failures of what has left its queue meanwhile."""
    items = {(item.stage, item.item_id): item for item in retried}
    if await tx.write("park_again", [rows.parked_again_cells(items[key]) for key in sorted(items)]) == len(items):
        return frozenset()
    there = {tuple(row) for row in await tx.match("parked_of", sorted(items))}
    return frozenset(item.failure_id for key, item in items.items() if key not in there)


def _first_last(failures: Collection[Failure]) -> list[Failure]:
    """Put the first last: a group begins with it."""
    return sorted(failures, key=lambda failure: (failure.first_at, failure.id), reverse=True)


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


async def expect(tx: Transaction, failure_id: str, version: str, moment: Moment) -> None:
    """See that a failure is still as somebody saw it; raises ActRefused."""
    found = await tx.rows("failure", failure_id)
    if not found or rows.failure(found[0], moment).version != version:
        raise _changed()


def _changed() -> ActRefused:
    return ActRefused(
        "this failure changed since you looked at it: it was tried again, or somebody else acted on it",
        code="gewijzigd",
        advice="look at it again, then decide",
    )


async def _replay_refused(tx: Transaction, item: ParkedItem) -> ActRefused:
    if not await tx.rows("parked_item", item.stage, item.item_id):
        return not_parked(item)
    [(head, failure_id)] = await tx.rows("parked_head", item.stage, item.lane)
    if head == item.item_id:
        return ActRefused(
            f"{item.stage}: a replay plan has the zaak of item {head}",
            code="in-plan",
            advice="look at the plan, or cancel it: zaakhub replay list",
        )
    first = f"failure {failure_id}, item {head}" if failure_id else f"item {head}"
    return ActRefused(
        f"{item.stage}: item {item.item_id} waits behind another of its zaak",
        code="not-first",
        advice=f"replay the first of the queue: {first}",
    )


def not_parked(item: ParkedItem) -> ActRefused:
    """Say that an item is not there to be changed."""
    return ActRefused(
        f"{item.stage}: item {item.item_id} is not parked",
        code="not-parked",
        advice="look at the timeline of its zaak: it was delivered or dropped meanwhile",
    )
