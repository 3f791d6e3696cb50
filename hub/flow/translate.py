"""An inbound record becomes a canonical event on the bus.

`Translator` is pure. `Translation` is the work of a stage: fetch what the message only points at, translate, let the
inbox judge, publish what is new. Doing it again after a crash is harmless: fetching only reads, the inbox knows the
place of the record, and the event keeps its id.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Sequence
from collections.abc import Mapping as Table
from typing import NamedTuple

import structlog

from hub.bus.contract import Bus, Headers, Received, Record
from hub.bus.topics import Topics
from hub.clock import Clock
from hub.config import policy
from hub.errors import HubUnavailable, MappingFailed, MessageRefused
from hub.event.catalogue import EVENT_TYPES
from hub.event.envelope import Event
from hub.flow.dedupe import effect_hash, effect_key, event_id
from hub.flow.document import Instead
from hub.flow.explain import explained
from hub.flow.fit import check_event
from hub.flow.group import Group
from hub.flow.keep import Keeper
from hub.flow.keepable import check_keys
from hub.flow.late import Late
from hub.flow.outcome import Delivered, Outcome, outcome_of
from hub.flow.park import Item, place_of
from hub.flow.persons import persons_of_document, persons_of_event
from hub.flow.records import Origin, awaited, lane_of, shortened
from hub.flow.source import Source
from hub.flow.token import Replays, event_again, is_copy
from hub.ledger.contract import Ledger
from hub.ledger.entries import Arrival, MessageKey, Place, Verdict
from hub.ledger.finding import Untranslated
from hub.mapping.run import Mapping
from hub.mapping.trace import Explanation
from hub.observe.metrics import Count, Metrics
from hub.payloads.contract import Payloads
from hub.ports.contracts import Client, Document, Fetching, Heard, Hearing, Inbound, Inquiry
from hub.security.personal import Bsn

log = structlog.get_logger()


class Translated(NamedTuple):
    """The event, what the inbox must judge, and the source fields that no rule read (promise 4)."""

    event: Event
    value: bytes
    arrival: Arrival
    unread: tuple[str, ...]


class Translator:
    """Translates the records of one inbound connection."""

    def __init__(
        self,
        *,
        connection: str,
        source: str,
        inbound: Inbound,
        mappings: Table[str, Mapping],
        subject: Callable[[Bsn], str],
    ) -> None:
        """Take `source`, the CloudEvents source: an URN with the OIN of the municipality; `subject` hashes a person."""
        self._subject = subject
        self._connection = connection
        self._source = source
        self._inbound = inbound
        self._mappings = mappings

    def read(self, body: bytes, headers: Headers) -> Document:
        """Read one record; raises MessageRefused."""
        return self._inbound.read(body, Origin.read(headers).http, validate=False)

    def translate(self, document: Document, headers: Headers, *, place: Place) -> Translated:
        """Translate the document of one record; raises MappingFailed, or MessageRefused for one without usable keys."""
        # Judged at the door; but what was fetched since says its zaak and subject anew.
        check_keys(document)
        origin = Origin.read(headers)
        mapping = self._mapping(document.kind)
        source = Source.of_message(document, sender=origin.sender)
        mapped = mapping.run(source.body, context=source.context)
        event_type = EVENT_TYPES[mapping.gives]
        check_event(mapped.data, mapping)
        hashed = effect_hash(self._connection, origin.sender, mapped.data)
        key = effect_key(event_type, document.subject)
        event = Event(
            id=event_id(event_type, key, hashed, origin.message_id, awaited=origin.until is not None),
            type=event_type.name,
            source=self._source,
            subject=document.zaak,
            time=origin.accepted_at,
            data=mapped.data,
            connection=self._connection,
            cause=origin.message_id,
            revision=mapping.revision,
        )
        value = event.value()
        if len(value) > policy.EVENT_BYTES_MAX:
            raise MappingFailed(
                f"the event is {len(value)} bytes, more than {policy.EVENT_BYTES_MAX}", rule=mapping.file
            )
        arrival = Arrival(
            key=MessageKey(self._connection, origin.sender, origin.reference),
            message_id=origin.message_id,
            content_hash=origin.content_hash,
            effect_key=key,
            effect_hash=hashed,
            event_id=event.id,
            kind=document.kind,
            zaak=document.zaak,
            place=place,
            accepted_at=origin.accepted_at,
            subject=document.subject,
            event_type=event_type.name,
            revision=mapping.revision,
            remarks=origin.remarks,
            unread=shortened(mapped.unread),
            persons=tuple(map(self._subject, persons_of_event(value, mapped.data))),
        )
        return Translated(event, value, arrival, mapped.unread)

    def aside(self, item: Item) -> Untranslated:
        """Give what can be said of a record that does not become an event now, so that it is found all the same."""
        origin = Origin.read(item.headers)
        try:
            persons = persons_of_document(self.read(item.value, item.headers).body)
        except Exception:  # noqa: BLE001 - it may be what can't be read that made it fail
            persons = set()
        return Untranslated(
            self._connection,
            origin.sender,
            origin.reference,
            origin.message_id,
            origin.kind,
            origin.zaak,
            origin.subject,
            origin.remarks,
            item.place,
            origin.accepted_at,
            tuple(map(self._subject, persons)),
        )

    def heard(self, document: Document) -> Heard | None:
        """Give what a document says of a message of ours, where it is about one."""
        return self._inbound.heard(document) if isinstance(self._inbound, Hearing) else None

    def explain(self, document: Document, headers: Headers) -> Explanation | None:
        """Tell how the mapping comes to each field; None when there is none."""
        mapping = self._mappings.get(document.kind)
        return explained(mapping, Source.of_message(document, sender=Origin.read(headers).sender)) if mapping else None

    def use(self, mappings: Table[str, Mapping]) -> None:
        """Translate by these from the next message on."""
        self._mappings = mappings

    def revision(self, kind: str) -> str:
        """Give the revision of the mapping of a kind, or nothing when there is none."""
        mapping = self._mappings.get(kind)
        return mapping.revision if mapping else ""

    def _mapping(self, kind: str) -> Mapping:
        mapping = self._mappings.get(kind)
        if mapping is None:
            raise MappingFailed(f"no mapping for message {kind}", rule=f"mappings/{self._connection}")
        return mapping


class Origination(NamedTuple):
    """How a connection fetches what its messages point at: by which adapter, over which client."""

    fetching: Fetching
    client: Client


class Translation:
    """The work of an inbound connection's stage."""

    leaves_delivery = False

    def __init__(
        self,
        translator: Translator,
        *,
        topics: Topics,
        bus: Bus,
        ledger: Ledger,
        payloads: Payloads,
        clock: Clock,
        metrics: Metrics,
        replays: Replays,
        source: Origination | None = None,
        late: Late | None = None,
    ) -> None:
        """Take `source` where messages only point at what happened, `late` where targets speak up later."""
        self._late = late
        self._translator = translator
        self._replays = replays
        self._source = source
        self._payloads = payloads
        self._clock = clock
        self._unexplained: OrderedDict[str, Document] = OrderedDict()
        self._topics = topics
        self._metrics = metrics
        self._ledger = ledger
        self._judge = Group[Arrival, Verdict](ledger.admit, size_max=policy.SCRIBE_GROUP_MAX)
        self._bus = bus
        self._publish = Group[Record, None](self._publish_all, size_max=policy.SCRIBE_GROUP_MAX)

    def item(self, record: Received, stage: str) -> Item | None:
        """Give the record as an item: named by its message."""
        headers = dict(record.headers)
        return Item(
            stage=stage,
            lane=lane_of(record),
            item_id=headers["zh_id"].decode(),
            kind=headers["zh_kind"].decode(),
            place=place_of(record),
            value=record.value,
            headers=record.headers,
        )

    async def handle(self, item: Item, *, resumed: bool) -> Outcome:
        """Fetch, translate, judge, publish."""
        stopped = await self._replays.stopped(item)
        return stopped if stopped is not None else await self._translate(item, resumed=resumed)

    async def _translate(self, item: Item, *, resumed: bool) -> Outcome:
        keeper = Keeper(self._payloads)
        try:
            document = await self._document(item, keeper)
            if document is None:
                await keeper.forget()
                self._metrics.count(Count.IGNORED, item.stage)
                return Delivered({}, 1)
            heard = self._translator.heard(document)
            if heard is not None and self._late is not None:
                await self._late.hear(heard)
                return Delivered({}, 1)
            translated = self._translator.translate(document, item.headers, place=item.place)
            if resumed and item.until is not None and await self._ledger.delivered(translated.event.id):
                return Delivered({}, 1)  # it ended; given up, its message was forgotten and must stay so
            event, verdict = await self._judged(translated, item)
            if verdict in (Verdict.NEW, Verdict.AGAIN):
                topic = self._topics.events(EVENT_TYPES[event.type].domain)
                headers = (*event.headers(), *awaited(item.headers, translated.arrival.effect_key))
                await self._publish(Record(topic, event.subject.encode(), translated.value, headers))
            else:
                await keeper.forget()
        except Exception as error:  # noqa: BLE001 - an unforeseen error parks this zaak, never the worker
            if not isinstance(error, HubUnavailable):
                await keeper.forget()  # else the bus may have the event although it did not say so
            await self._set_aside(item)
            return outcome_of(error, where="translate", receipts={}, attempts=1)
        self._unexplained.pop(item.item_id, None)
        fresh = verdict in (Verdict.NEW, Verdict.AGAIN)
        self._metrics.count(Count.TRANSLATED if fresh else Count.DUPLICATES, item.stage)
        if translated.unread:
            log.warning(
                "fields_unread", stage=item.stage, message=item.item_id, kind=item.kind, fields=translated.unread
            )
        if verdict is Verdict.CONFLICT:
            # The door's own look missed it: two gateways, or a ledger that was down. The first stands.
            log.warning("reference_reused", stage=item.stage, message=item.item_id, code="StUF016")
        return Delivered({}, 1)

    async def _judged(self, translated: Translated, item: Item) -> tuple[Event, Verdict]:
        """Let the inbox judge; what a replay plan sends again is no resend, and becomes another event."""
        event = translated.event
        if is_copy(item):
            return event._replace(id=event_again(event.id, item)), Verdict.NEW
        return event, await self._judge(translated.arrival)

    def revision(self, kind: str) -> str:
        """Give the revision of the mapping of a kind."""
        return self._translator.revision(kind)

    def explain(self, item: Item) -> Explanation | None:
        """Tell how the mapping comes to each field of the event; None where there was nothing that it could read."""
        document = self._unexplained.pop(item.item_id, None)
        if document is None and self._source is None:
            try:
                document = self._translator.read(item.value, item.headers)
            except MessageRefused:
                return None
        return self._translator.explain(document, item.headers) if document is not None else None

    def request(self, item: Item) -> Instead | None:  # noqa: ARG002 - an event is no request
        """Give nothing: what goes out is for another stage."""
        return None

    async def waits(self, item: Item) -> None:
        """Let it be found while it waits."""
        await self._set_aside(item)

    async def _set_aside(self, item: Item) -> None:
        if item.attempts:
            return  # its first failure did
        try:
            await self._ledger.set_aside(self._translator.aside(item))
        except Exception as error:  # noqa: BLE001 - parking goes on whatever happens here
            log.warning("not_findable", stage=item.stage, message=item.item_id, error=type(error).__name__)

    async def _document(self, item: Item, keeper: Keeper) -> Document | None:
        document = self._translator.read(item.value, item.headers)
        if self._source is None:
            return document
        inquiry = Inquiry(self._source.client, keeper.keep, self._clock.now())
        fetched = await self._source.fetching.fetch(document, inquiry)
        if fetched is not None:
            # What is explained is what was fetched now: it may be other when it is fetched again.
            self._unexplained[item.item_id] = fetched
            if len(self._unexplained) > policy.FETCHED_RECENT_MAX:
                self._unexplained.popitem(last=False)
        return fetched

    async def _publish_all(self, records: Sequence[Record]) -> list[None]:
        await self._bus.publish(records)
        return [None] * len(records)
