"""One event to one target: plan, steps in order, a few tries at once, and how it ended as a value.

The first try assumes that nothing was done; every later one asks the target by natural key before it creates anything
(promise 2). Steps known to be done are never sent again.
"""

from __future__ import annotations

import random
from collections.abc import Mapping as Table

import structlog

from hub.bus.contract import Headers, Received
from hub.clock import Clock
from hub.config.policy import LOOKED_UP_RECENT_MAX, ConnectionPolicy
from hub.errors import MappingFailed, TargetRefused
from hub.event.catalogue import EVENT_TYPES
from hub.event.envelope import Event
from hub.flow.document import Instead
from hub.flow.enrich import Enricher
from hub.flow.explain import explained
from hub.flow.logboek import Processing
from hub.flow.outcome import Delivered, Failing, Outcome, RetryAt, Undistributed, Unknown, outcome_of, told_in_part
from hub.flow.park import Item, place_of
from hub.flow.records import lane_of
from hub.flow.source import Source
from hub.flow.token import Replays
from hub.flow.verstrekking import Verstrekking
from hub.mapping.lookups import ANSWERS, Answers
from hub.mapping.run import Mapping
from hub.mapping.trace import Explanation
from hub.observe.trace import Trace, within
from hub.ports.contracts import Client, Contents, Exchange, Outbound, Outgoing, Receipt, Step

log = structlog.get_logger()

_PLAN, _LOOKUP = "plan", "lookup"
_LOGGED, _TRIED, _UNSURE = "logboek", "geprobeerd", "onzeker"
_OURS = frozenset({_LOGGED, _TRIED, _UNSURE})
"""Receipts that wait with an event, and are no steps at the target: of whom was written down before it was tried, that
something of it was sent, and that nobody knows whether the target has that."""


class Deliverer:
    """Delivers the events of one outbound connection."""

    def __init__(
        self,
        *,
        connection: str,
        outbound: Outbound,
        verstrekking: Verstrekking,
        enricher: Enricher,
        mappings: Table[str, Mapping],
        client: Client,
        contents: Contents,
        clock: Clock,
        limits: ConnectionPolicy,
    ) -> None:
        """Take the mappings by event type, what of an event may go out, and the limits of the connection."""
        self._connection = connection
        self._verstrekking = verstrekking
        self._enricher = enricher
        self._looked_up: dict[str, Answers] = {}
        self._outbound = outbound
        self._mappings = mappings
        self._client = client
        self._contents = contents
        self._clock = clock
        self._limits = limits

    def takes(self, event_type: str) -> bool:
        """Say whether this connection has a mapping for the type; without one the event is not for it."""
        return event_type in self._mappings

    def use(self, mappings: Table[str, Mapping]) -> None:
        """Deliver by these from the next event on."""
        self._mappings = mappings

    def revision(self, event_type: str) -> str:
        """Give the revision of the mapping of an event type, or nothing when there is none."""
        mapping = self._mappings.get(event_type)
        return mapping.revision if mapping else ""

    def explain(self, value: bytes, headers: Headers) -> Explanation | None:
        """Tell how the mapping comes to each field of the document; None when there is no mapping."""
        event = Event.read(headers, value)
        mapping = self._mappings.get(event.type)
        return explained(mapping, self._again(event)) if mapping else None

    def request(self, value: bytes, headers: Headers) -> Instead | None:
        """Give what goes out for this event: what somebody put in its place, else what the mapping makes of it.

        None when there is no mapping, or when what it looked up is not known any more. Raises MappingFailed, or
        TargetMisconfigured where nothing may go out.
        """
        event = Event.read(headers, value)
        mapping = self._mappings.get(event.type)
        if (instead := Instead.read(headers)) is not None or mapping is None:
            return instead
        source = self._again(event)
        if mapping.looks_up and ANSWERS not in source.context:
            return None  # what went out, or would, can't be told without asking again
        return Instead(mapping.gives, mapping.make(source.body, context=source.context).body)

    async def deliver(self, item: Item, *, resumed: bool) -> Outcome:
        """Deliver one event, whose receipts are of steps done before; `resumed`: it may have been tried before."""
        done, where = dict(item.receipts), _PLAN
        try:
            event = Event.read(item.headers, item.value)
            if (withheld := await self._verstrekking.withheld(event, item.lane)) is not None:
                return await self._not_for_it(item, event, withheld, done)
            source = self._verstrekking.source(event)
            traced = self._verstrekking.trace(item.item_id, item.headers)
            instead = Instead.read(item.headers)
            if instead is None:
                where = _LOOKUP
                source = await self._enriched(event, source, traced)
                where = _PLAN
            steps = self._plan(event, source, instead)
            if steps:
                earlier = done[_LOGGED].note if _LOGGED in done else None
                written = await self._verstrekking.write_down(
                    event, item.value, source, traced, instead=instead, earlier=earlier
                )
                done[_LOGGED] = Receipt(note=written)
        except Exception as error:  # noqa: BLE001 - an unforeseen error parks this zaak, never the worker
            return outcome_of(error, where=where, receipts=done, attempts=1)
        with within(traced):
            outcome = await self._deliver(event, steps, done, resumed=resumed)
        if isinstance(outcome, Delivered):
            return outcome._replace(receipts={**outcome.receipts, **self._verstrekking.marks(event)})
        return outcome

    async def _not_for_it(
        self, item: Item, event: Event, withheld: Undistributed, done: Table[str, Receipt]
    ) -> Outcome:
        """End what is not for the receiver, unless an earlier try told it something: that is for a person to see."""
        if done.keys() - {_LOGGED, _TRIED}:
            return told_in_part(withheld, done)
        if _LOGGED in done and _TRIED not in done:
            await self._verstrekking.write_back(event, item.value, self._verstrekking.trace(item.item_id, item.headers))
        return withheld

    async def _deliver(self, event: Event, steps: list[Step], done: dict[str, Receipt], *, resumed: bool) -> Outcome:
        attempt = 0
        while True:
            attempt += 1
            failing = await self._attempt(steps, done, resumed=resumed or attempt > 1, attempts=attempt)
            if failing is None:
                self._looked_up.pop(event.id, None)
                return Delivered({key: each for key, each in done.items() if key not in _OURS}, attempt)
            if failing.attempts == attempt:  # one less where the target was not asked
                done[_TRIED] = Receipt()
            if isinstance(failing, Unknown):
                done[_UNSURE] = Receipt()
            wait_s = self._inline_wait_s(failing, attempt)
            if wait_s is None:
                return failing
            await self._clock.sleep(wait_s)

    async def _enriched(self, event: Event, source: Source, traced: Trace) -> Source:
        """Ask what the mapping looks up, and write down whose data that was, whatever came of it."""
        mapping = self._mappings.get(event.type)
        if mapping is None or not mapping.looks_up:
            return source
        processing, begun, asked = Processing(), self._clock.now(), False
        try:
            source = await self._enricher.enriched(mapping, source, processing)
            asked = True
        finally:
            await self._verstrekking.consulted(event, processing, traced, begun=begun, ok=asked)
        self._looked_up[event.id] = source.context[ANSWERS]
        if len(self._looked_up) > LOOKED_UP_RECENT_MAX:
            del self._looked_up[next(iter(self._looked_up))]
        return source

    def _again(self, event: Event) -> Source:
        """Give what the mapping was given at the last try, as far as it is known still what was looked up."""
        source = self._verstrekking.source(event)
        answers = self._looked_up.get(event.id)
        return source if answers is None else source._replace(context={**source.context, ANSWERS: answers})

    def _plan(self, event: Event, source: Source, instead: Instead | None) -> list[Step]:
        if event.type not in EVENT_TYPES:
            raise TargetRefused(f"unknown event type {event.type}", code="onbekend-event")
        if instead is not None:
            return list(self._outbound.steps(Outgoing(event.type, *instead, event.id, event.time, event.subject)))
        mapping = self._mappings.get(event.type)
        if mapping is None:
            raise MappingFailed(f"no mapping for {event.type}", rule=f"mappings/{self._connection}")
        mapped = mapping.make(source.body, context=source.context)
        if mapped.unread:
            log.warning(
                "fields_unread", stage=self._connection, message=event.id, kind=event.type, fields=mapped.unread
            )
        outgoing = Outgoing(event.type, mapping.gives, mapped.body, event.id, event.time, event.subject)
        return list(self._outbound.steps(outgoing))

    async def _attempt(
        self, steps: list[Step], done: dict[str, Receipt], *, resumed: bool, attempts: int
    ) -> Failing | None:
        for step in steps:
            if step.key in done:
                continue
            exchange = Exchange(self._client, self._contents, done, resumed, self._clock.now())
            try:
                done[step.key] = await self._outbound.send(step, exchange)
            except Exception as error:  # noqa: BLE001 - an unforeseen error parks this zaak, never the worker
                return outcome_of(error, where=step.name, receipts=done, attempts=attempts)
        return None

    def _inline_wait_s(self, failing: Failing, attempt: int) -> float | None:
        if attempt >= self._limits.inline_attempts or not isinstance(failing, RetryAt | Unknown):
            return None
        wait_s = self._limits.inline_wait_s * 2.0 ** (attempt - 1) * random.uniform(0.8, 1.2)  # noqa: S311 - jitter
        asked_s = failing.wait_s if isinstance(failing, RetryAt) and failing.wait_s is not None else 0.0
        return max(wait_s, asked_s) if asked_s <= self._limits.inline_wait_max_s else None


class Delivery:
    """The work of an outbound connection's stage."""

    leaves_delivery = True

    def __init__(
        self,
        deliverer: Deliverer,
        *,
        replays: Replays,
        heard_from_target: frozenset[str] = frozenset(),
        only_replays: bool = False,
    ) -> None:
        """Take the inbound connections that hear what happens at this very target: it is not told its own news.

        With `only_replays` it is told nothing but what a replay plan puts in its queues.
        """
        self._deliverer = deliverer
        self._replays = replays
        self._heard_from_target = heard_from_target
        self._only_replays = only_replays

    def item(self, record: Received, stage: str) -> Item | None:
        """Give the record as an item, named by its event; None when it is not for this connection.

        It has no mapping for the type, or the event came from the target itself and would go round for ever.
        """
        if self._only_replays:
            return None
        headers = dict(record.headers)
        kind = headers["ce_type"].decode()
        if not self._deliverer.takes(kind) or headers["ce_koppeling"].decode() in self._heard_from_target:
            return None
        return Item(
            stage=stage,
            lane=lane_of(record),
            item_id=headers["ce_id"].decode(),
            kind=kind,
            place=place_of(record),
            value=record.value,
            headers=record.headers,
        )

    async def handle(self, item: Item, *, resumed: bool) -> Outcome:
        """Deliver; a copy only when a replay plan made it, and once."""
        stopped = await self._replays.stopped(item)
        if stopped is not None:
            return stopped
        return await self._deliverer.deliver(item, resumed=resumed)

    async def waits(self, item: Item) -> None:
        """Do nothing: the message is known already."""

    def revision(self, kind: str) -> str:
        """Give the revision of the mapping of an event type."""
        return self._deliverer.revision(kind)

    def explain(self, item: Item) -> Explanation | None:
        """Tell how the mapping comes to each field of the document."""
        return self._deliverer.explain(item.value, item.headers)

    def request(self, item: Item) -> Instead | None:
        """Give what goes out."""
        return self._deliverer.request(item.value, item.headers)
