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
from hub.config.policy import ConnectionPolicy
from hub.errors import MappingFailed, TargetRefused
from hub.event.catalogue import EVENT_TYPES
from hub.event.envelope import Event
from hub.flow.document import Instead
from hub.flow.explain import explained
from hub.flow.outcome import Delivered, Failing, Outcome, RetryAt, Unknown, outcome_of
from hub.flow.park import Item, place_of
from hub.flow.records import lane_of
from hub.flow.source import Source
from hub.flow.token import Replays
from hub.mapping.run import Mapping
from hub.mapping.trace import Explanation
from hub.ports.contracts import Client, Contents, Exchange, Outbound, Outgoing, Receipt, Step

log = structlog.get_logger()


class Deliverer:
    """Delivers the events of one outbound connection."""

    def __init__(
        self,
        *,
        connection: str,
        outbound: Outbound,
        mappings: Table[str, Mapping],
        client: Client,
        contents: Contents,
        clock: Clock,
        limits: ConnectionPolicy,
    ) -> None:
        """Take the mappings by event type, and the limits of the connection."""
        self._connection = connection
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
        return explained(mapping, Source.of_event(event)) if mapping else None

    def request(self, value: bytes, headers: Headers) -> Instead | None:
        """Give what goes out for this event: what somebody put in its place, else what the mapping makes of it.

        None when there is no mapping. Raises MappingFailed.
        """
        event = Event.read(headers, value)
        mapping = self._mappings.get(event.type)
        if (instead := Instead.read(headers)) is not None or mapping is None:
            return instead
        source = Source.of_event(event)
        return Instead(mapping.gives, mapping.make(source.body, context=source.context).body)

    async def deliver(self, value: bytes, headers: Headers, *, receipts: Table[str, Receipt], resumed: bool) -> Outcome:
        """Deliver one event. `receipts`: steps done before; `resumed`: it may have been tried before."""
        done = dict(receipts)
        try:
            event = Event.read(headers, value)
            steps = self._plan(event, Instead.read(headers))
        except Exception as error:  # noqa: BLE001 - an unforeseen error parks this zaak, never the worker
            return outcome_of(error, where="plan", receipts=done, attempts=1)
        attempt = 0
        while True:
            attempt += 1
            failing = await self._attempt(steps, done, resumed=resumed or attempt > 1, attempts=attempt)
            if failing is None:
                return Delivered(done, attempt)
            wait_s = self._inline_wait_s(failing, attempt)
            if wait_s is None:
                return failing
            await self._clock.sleep(wait_s)

    def _plan(self, event: Event, instead: Instead | None) -> list[Step]:
        if event.type not in EVENT_TYPES:
            raise TargetRefused(f"unknown event type {event.type}", code="onbekend-event")
        if instead is not None:
            return list(self._outbound.steps(Outgoing(event.type, *instead, event.id, event.time, event.subject)))
        mapping = self._mappings.get(event.type)
        if mapping is None:
            raise MappingFailed(f"no mapping for {event.type}", rule=f"mappings/{self._connection}")
        source = Source.of_event(event)
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
        return await self._deliverer.deliver(item.value, item.headers, receipts=item.receipts, resumed=resumed)

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
