"""What came in: the inbox, refusals, and numbers given out."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from datetime import datetime

from hub.ledger import rows
from hub.ledger.entries import (
    Arrival,
    Asked,
    Fate,
    MessageKey,
    Place,
    Refusal,
    Seen,
    Verdict,
)
from hub.ledger.inbox import Effect, Inbox, Known
from hub.ledger.store.base import Raced, SqlStore, Transaction


class MessageStore(SqlStore):
    """Messages."""

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
            await _close_inbox(tx, inbox, self._clock.now())
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


async def _close_inbox(tx: Transaction, inbox: Inbox, now: datetime) -> None:
    kept = sorted(rows.arrival_cells(arrival, verdict, now) for arrival, verdict in inbox.kept)
    arrivals = [*(arrival for arrival, _ in inbox.kept), *inbox.changed]
    persons = sorted({(each, arrival.message_id) for arrival in arrivals for each in arrival.persons})
    first = sorted(rows.effect_cells(key, effect) for key, effect in inbox.effects_first.items())
    moved = sorted(rows.effect_cells(key, effect) for key, effect in inbox.effects_moved.items())
    if await tx.write("inbox_add", kept) != len(kept) or await tx.write("effect_add", first) != len(first):
        raise Raced
    await tx.write("effect_move", moved)
    for each in sorted(inbox.changed, key=lambda arrival: arrival.message_id):
        await tx.change("inbox_changed", each.message_id, *each.place, each.event_id, each.revision, each.unread, now)
    await tx.write("subject_add", persons)
