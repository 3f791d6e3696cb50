"""The meaning of the ledger's contract, once, for every SQL database.

What differs between databases (connections, locks, how many rows travel in one statement) is behind `Transaction`; the
statements themselves are in `sql/`. It knows no driver.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence
from datetime import datetime
from typing import Protocol, TypeVar

from hub.clock import Clock
from hub.config.policy import LIST_MAX
from hub.errors import ActRefused, HubUnavailable
from hub.ledger import rows
from hub.ledger.entries import (
    Acknowledgement,
    Answer,
    Arrival,
    Asked,
    Begun,
    Comparison,
    Confirmation,
    Delivery,
    DueReport,
    Failure,
    FailureState,
    Fate,
    Likeness,
    MessageKey,
    OperatorAct,
    ParkedItem,
    Place,
    Refusal,
    Report,
    Revision,
    RevisionState,
    Seen,
    TimelineEntry,
    Trace,
    Verdict,
    WaitState,
    Whereabouts,
    Withdrawal,
    Worker,
)
from hub.ledger.inbox import Effect, Inbox, Known
from hub.ledger.rows import Cell, Cells, Moment, Row

T = TypeVar("T")

ID_BEGINNING_MIN = 4
"""The contract: fewer characters of an id name nothing."""


class Transaction(Protocol):
    """One transaction. Statements go by their name in `sql/`."""

    async def rows(self, name: str, *values: Cell) -> Sequence[Row]:
        """Run a query."""
        ...

    async def match(self, name: str, keys: Collection[Cells], *values: Cell) -> Sequence[Row]:
        """Run a query that looks many keys up at once; there is at least one."""
        ...

    async def change(self, name: str, *values: Cell) -> int:
        """Run a statement that changes rows; say how many."""
        ...

    async def write(self, name: str, cells: Collection[Cells]) -> int:
        """Run a statement that writes many rows at once; say how many were changed. No rows: nothing happens."""
        ...

    async def alone(self, names: Collection[Cells]) -> None:
        """Wait until no other transaction is at work under these names, and keep others off until this one ends."""
        ...

    async def script(self, statements: Sequence[str]) -> None:
        """Run statements of a migration."""
        ...


class Raced(Exception):
    """Another transaction wrote what this one judged to be absent: judge again."""


class SqlLedger(ABC):
    """Every method of the contract, over `run`."""

    def __init__(self, clock: Clock, moment: Moment) -> None:
        """Take the clock that dates what the ledger itself does, and how the database gives a time."""
        self._clock = clock
        self._moment = moment

    @abstractmethod
    async def start(self) -> None:
        """Connect and migrate."""

    @abstractmethod
    async def stop(self) -> None:
        """Disconnect."""

    @abstractmethod
    async def run(self, work: Callable[[Transaction], Awaitable[T]], *, write: bool) -> T:
        """Run `work` in one transaction, again when it lost a race; raises HubUnavailable."""

    async def healthy(self) -> bool:
        """Say whether the database answers."""
        try:
            await self._rows("answers")
        except HubUnavailable:
            return False
        return True

    async def seen(self, keys: Sequence[MessageKey]) -> dict[MessageKey, Seen]:
        """Look message keys up."""
        if not keys:
            return {}

        async def work(tx: Transaction) -> dict[MessageKey, Seen]:
            return dict(rows.seen(row, self._moment) for row in await tx.match("inbox_known", keys))

        return await self.run(work, write=False)

    async def refused(self, refusals: Sequence[Refusal]) -> None:
        """Remember refusals."""

        async def work(tx: Transaction) -> None:
            await tx.write("refusal_add", [rows.refusal_cells(refusal) for refusal in refusals])

        if refusals:
            await self.run(work, write=True)

    async def admit(self, arrivals: Sequence[Arrival]) -> list[Verdict]:
        """Judge arrivals and remember the new ones."""

        async def work(tx: Transaction) -> list[Verdict]:
            inbox = await _open_inbox(tx, arrivals)
            verdicts = [inbox.judge(arrival) for arrival in arrivals]
            await _close_inbox(tx, inbox)
            return verdicts

        return await self.run(work, write=True) if arrivals else []

    async def fates(self, asked: Collection[Asked]) -> dict[str, Fate]:
        """Tell what became of messages."""

        async def work(tx: Transaction) -> dict[str, Fate]:
            return dict(map(rows.fate, await tx.match("fates", asked)))

        return await self.run(work, write=False) if asked else {}

    async def reserve(
        self, key: MessageKey, soort: str, *, counter: str, begin: int, written: Callable[[int], str]
    ) -> str:
        """Give the next number of a counter."""

        async def work(tx: Transaction) -> str:
            await tx.alone([("number", counter)])
            known = await tx.rows("reservation", *key, soort) if key.reference else ()
            if known:
                return str(known[0][0])
            number = written(int((await tx.rows("number_next", counter, begin))[0][0]))
            if key.reference:
                await tx.change("reservation_add", *key, soort, number, self._clock.now())
            return number

        return await self.run(work, write=True)

    async def reserved(self, key: MessageKey, soort: str) -> str | None:
        """Give a number that was reserved."""
        known = await self._rows("reservation", *key, soort) if key.reference else ()
        return str(known[0][0]) if known else None

    async def keep_reservation(self, key: MessageKey, soort: str, number: str) -> None:
        """Remember a number that another gave out."""
        if key.reference:
            await self.run(lambda tx: tx.change("reservation_add", *key, soort, number, self._clock.now()), write=True)

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
            for act in acts:
                await tx.change("act_add", *rows.act_cells(act))
            for each in sorted(withdrawn):
                await tx.change("effect_withdraw", each.effect_key, each.event_id)
                await tx.change("inbox_withdraw", each.message_id)
            for report in sorted(reports):
                await tx.change("report_add", *rows.report_cells(report))

        if deliveries or parked or failures or released or acts or traces or withdrawn or reports:
            await self.run(work, write=True)

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

    async def whereabouts(self, beginning: str, limit: int = LIST_MAX) -> list[Whereabouts]:
        """Give what an id or its beginning names."""
        if len(beginning) < ID_BEGINNING_MIN:
            return []
        return [rows.whereabouts(row) for row in await self._rows("whereabouts", beginning, limit)]

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
            await tx.change("act_add", *rows.act_cells(act))

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
            await tx.change("act_add", *rows.act_cells(act))

        await self.run(work, write=True)

    async def timeline(self, zaak: str) -> list[TimelineEntry]:
        """Give the life of a zaak."""
        return [rows.timeline_entry(row, self._moment) for row in await self._rows("timeline", zaak)]

    async def counts(self) -> dict[str, int]:
        """Count for metrics."""
        names = ("failures_open", "failures_retrying", "parked_items", "parked_lanes", "refusals")
        return dict(zip(names, (await self._rows("counts"))[0], strict=True))

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

    async def _rows(self, name: str, *values: Cell) -> Sequence[Row]:
        async def work(tx: Transaction) -> Sequence[Row]:
            return await tx.rows(name, *values)

        return await self.run(work, write=False)


async def _add_revision(tx: Transaction, revision: Revision, files: bytes) -> int:
    [(number,)] = await tx.rows("revision_next", revision.connection)
    await tx.change("revision_add", *rows.revision_cells(revision._replace(number=number), files))
    return int(number)


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


async def _open_inbox(tx: Transaction, arrivals: Sequence[Arrival]) -> Inbox:
    # Effects first: their rows stay locked until the end, so that what is read next is judged against them.
    effects = await tx.match("effects_of", sorted({(arrival.effect_key,) for arrival in arrivals}))
    asked = {arrival.key for arrival in arrivals if arrival.key.reference}
    keys = await tx.match("inbox_known", asked) if asked else ()
    nameless = {arrival.place for arrival in arrivals if not arrival.key.reference}
    places = await tx.match("inbox_at", nameless) if nameless else ()
    known = (rows.known_key(row) for row in keys)
    return Inbox(
        keys={key: Known(content_hash, place, verdict) for key, content_hash, place, verdict in known},
        places={Place(*row[:3]): Known("", Place(*row[:3]), Verdict(row[3])) for row in places},
        effects={row[0]: Effect(row[1], row[2], Place(*row[3:6])) for row in effects},
    )


async def _close_inbox(tx: Transaction, inbox: Inbox) -> None:
    kept = sorted(rows.arrival_cells(arrival, verdict) for arrival, verdict in inbox.kept)
    first = sorted(rows.effect_cells(key, effect) for key, effect in inbox.effects_first.items())
    moved = sorted(rows.effect_cells(key, effect) for key, effect in inbox.effects_moved.items())
    if await tx.write("inbox_add", kept) != len(kept) or await tx.write("effect_add", first) != len(first):
        raise Raced
    await tx.write("effect_move", moved)


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
