"""An inbound record becomes a canonical event on the bus.

`Translator` is pure. `Translation` is the work of a stage: fetch what the message only points at, translate, let the
inbox judge, publish what is new. Doing it again after a crash is harmless: fetching only reads, the inbox knows the
place of the record, and the event keeps its id.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Mapping as Table
from collections.abc import Sequence
from typing import NamedTuple

import structlog

from hub.bus.contract import Bus, Headers, Received, Record
from hub.bus.topics import Topics
from hub.clock import Clock
from hub.config import policy
from hub.config.connection import Connection
from hub.config.recheck import Recheck
from hub.errors import HubUnavailable, MappingFailed, MessageRefused, TargetNotFound
from hub.event.catalogue import EVENT_TYPES
from hub.event.envelope import Event
from hub.flow.dedupe import effect_hash, effect_key, event_id
from hub.flow.document import Instead
from hub.flow.explain import explained
from hub.flow.fetch import Fetcher
from hub.flow.fit import check_event
from hub.flow.group import Group
from hub.flow.keep import Keeper
from hub.flow.keepable import check_keys
from hub.flow.late import Late
from hub.flow.outcome import Delivered, Outcome, outcome_of
from hub.flow.park import Item, place_of
from hub.flow.patience import again, asked, too_early
from hub.flow.persons import Pseudonym, keyed, persons_of_document, persons_of_event
from hub.flow.records import Origin, awaited, lane_of, shortened, traced
from hub.flow.source import Source
from hub.flow.token import Replays, event_again, is_copy
from hub.flow.verstrekking import check_verwerking
from hub.ledger.contract import Ledger
from hub.ledger.entries import Arrival, MessageKey, Place, Verdict
from hub.ledger.finding import Untranslated
from hub.mapping.run import Mapping
from hub.mapping.trace import Explanation
from hub.observe.metrics import Count, Metrics
from hub.payloads.contract import Payloads
from hub.ports.contracts import Document, Heard, Hearing, Inbound

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
        connection: Connection,
        source: str,
        inbound: Inbound,
        mappings: Table[str, Mapping],
        subject: Pseudonym,
    ) -> None:
        """Take `source`, the CloudEvents source: an URN with the OIN of the municipality; `subject` hashes a person."""
        self._subject = subject
        self._inward = connection
        self._connection = connection.connection
        self._source = source
        self._inbound = inbound
        self._mappings = mappings

    def read(self, body: bytes, headers: Headers) -> Document:
        """Read one record; raises MessageRefused."""
        return self._inbound.read(body, Origin.read(headers).http, validate=False)

    def translate(self, document: Document, headers: Headers, *, place: Place, asked_again: bool = False) -> Translated:
        """Translate the document of one record; raises MappingFailed.

        Raises MessageRefused for one without usable keys, TargetMisconfigured where nothing personal may pass.
        """
        document = keyed(document, self._subject)
        # Judged at the door; but what was fetched since says its zaak and subject anew.
        check_keys(document)
        origin = Origin.read(headers)
        mapping = self._mapping(document.kind)
        check_verwerking(self._inward, mapping.gives)
        source = Source.of_message(document, sender=origin.sender)
        mapped = mapping.run(source.body, context=source.context)
        event_type = EVENT_TYPES[mapping.gives]
        check_event(mapped.data, mapping)
        hashed = effect_hash(self._connection, origin.sender, mapped.data, event_type)
        key = effect_key(event_type, document.subject, connection=self._connection)
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
            asked_again=asked_again,
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

    def reads(self, document: Document) -> Sequence[tuple[str, ...]]:
        """Give what the mapping of a document reads: names from the document down. Raises MappingFailed."""
        mapping = self._mapping(document.kind)
        context = Source.of_message(document, sender=document.sender).context
        return sorted({path for each in mapping.readings(context=context) for path in each.needs | each.sources})

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
        source: Fetcher | None = None,
        recheck: Recheck | None = None,
        shadow: bool = False,
        late: Late | None = None,
    ) -> None:
        """Take `source` where messages only point at what happened, `recheck` where it may be later than they are.

        In `shadow` nothing is published. `late` is for where targets speak up later.
        """
        self._late = late
        self._recheck = recheck
        self._shadow = shadow
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
        patience: Recheck | None = None
        try:
            document = self._translator.read(item.value, item.headers)
            patience = self._recheck if document.announces and item.until is None and not is_copy(item) else None
            early = too_early(item, patience, self._clock.now()) if patience is not None else None
            if early is not None and not (asked(item) and await self._is_overtaken(item)):
                await self._set_aside(item)
                return early
            return await self._told(document, item, keeper, patience, resumed=resumed)
        except Exception as error:  # noqa: BLE001 - an unforeseen error parks this zaak, never the worker
            return await self._failed(error, item, keeper, patience)

    async def _told(
        self, pointer: Document, item: Item, keeper: Keeper, patience: Recheck | None, *, resumed: bool
    ) -> Outcome:
        """Fetch what a message points at, and tell it where it is new."""
        document = await self._document(pointer, item, keeper)
        if document is None:
            await keeper.forget()
            self._metrics.count(Count.IGNORED, item.stage)
            return Delivered({}, 1)
        heard = self._translator.heard(document)
        if heard is not None and self._late is not None:
            await self._late.hear(heard)
            return Delivered({}, 1)
        translated = self._translator.translate(document, item.headers, place=item.place, asked_again=asked(item) > 0)
        if resumed and item.until is not None and await self._ledger.delivered(translated.event.id):
            return Delivered({}, 1)  # it ended; given up, its message was forgotten and must stay so
        event, verdict = await self._judged(translated, item)
        if verdict in (Verdict.NEW, Verdict.AGAIN) and self._shadow:
            await keeper.forget()
            self._metrics.count(Count.SHADOWED, item.stage)
            log.info("not_told", stage=item.stage, message=item.item_id, type=event.type, subject=event.subject)
        elif verdict in (Verdict.NEW, Verdict.AGAIN):
            topic = self._topics.events(EVENT_TYPES[event.type].domain)
            carried = (*traced(item.headers), *awaited(item.headers, translated.arrival.effect_key))
            await self._publish(Record(topic, event.subject.encode(), translated.value, (*event.headers(), *carried)))
        else:
            await keeper.forget()
        self._unexplained.pop(item.item_id, None)
        if patience is not None and verdict is Verdict.DUPLICATE:
            return await self._not_yet(item, patience) or self._unchanged(item)
        self._account(item, translated, verdict)
        return Delivered({}, 1)

    async def _failed(self, error: Exception, item: Item, keeper: Keeper, patience: Recheck | None) -> Outcome:
        if not isinstance(error, HubUnavailable):
            await keeper.forget()  # else the bus may have the event although it did not say so
        await self._set_aside(item)
        # Who is new may be too new for the source.
        if patience is not None and isinstance(error, TargetNotFound):
            later = await self._not_yet(item, patience)
            if later is not None:
                return later
        return outcome_of(error, where="translate", receipts={}, attempts=1)

    def _account(self, item: Item, translated: Translated, verdict: Verdict) -> None:
        fresh = verdict in (Verdict.NEW, Verdict.AGAIN)
        self._metrics.count(Count.TRANSLATED if fresh else Count.DUPLICATES, item.stage)
        if translated.unread:
            log.warning(
                "fields_unread", stage=item.stage, message=item.item_id, kind=item.kind, fields=translated.unread
            )
        if verdict is Verdict.CONFLICT:
            # The door's own look missed it: two gateways, or a ledger that was down. The first stands.
            log.warning("reference_reused", stage=item.stage, message=item.item_id, code="StUF016")

    async def _not_yet(self, item: Item, patience: Recheck) -> Outcome | None:
        """Say what becomes of a record of which the source shows nothing (yet); None after the last time."""
        if await self._is_overtaken(item):
            # What came behind it asks for the same, and longer than this one would.
            log.info("overtaken", stage=item.stage, message=item.item_id, kind=item.kind)
            return Delivered(item.receipts, 1)
        return again(item, patience, self._clock.now())

    async def _is_overtaken(self, item: Item) -> bool:
        if item.parked is None:
            return False
        try:
            queue = map(Item.from_parked, await self._ledger.queue(item.stage, item.lane))
            return any(self._is_patient(each) and item.at <= each.at for each in queue if each.item_id != item.item_id)
        except HubUnavailable:
            return False

    def _is_patient(self, item: Item) -> bool:
        """Say whether it will be asked about again: not what announces nothing, as a load, nor what is sent again."""
        if item.until is not None or is_copy(item):
            return False
        try:
            return self._translator.read(item.value, item.headers).announces
        except MessageRefused:
            return False

    def _unchanged(self, item: Item) -> Outcome:
        self._metrics.count(Count.UNCHANGED, item.stage)
        log.info("unchanged", stage=item.stage, message=item.item_id, kind=item.kind)
        return Delivered(item.receipts, 1)

    async def _judged(self, translated: Translated, item: Item) -> tuple[Event, Verdict]:
        """Let the inbox judge; what a replay plan sends again is no resend, and becomes another event."""
        event = translated.event
        if is_copy(item):
            event = event._replace(id=event_again(event.id, item))
            if self._source is None:
                return event, Verdict.NEW
            # It says what the source says now: what comes next is compared with that.
            return event, await self._judge(translated.arrival._replace(event_id=event.id, sent_again=True))
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

    async def _document(self, document: Document, item: Item, keeper: Keeper) -> Document | None:
        if self._source is None:
            return document
        fetched = await self._source.fetch(document, keeper)
        if fetched is not None:
            # What is explained is what was fetched now: it may be other when it is fetched again.
            self._unexplained[item.item_id] = fetched
            if len(self._unexplained) > policy.FETCHED_RECENT_MAX:
                self._unexplained.popitem(last=False)
        return fetched

    async def _publish_all(self, records: Sequence[Record]) -> list[None]:
        await self._bus.publish(records)
        return [None] * len(records)
