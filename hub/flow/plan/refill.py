"""What goes out for an item of a plan, where that is not simply what stands in its queue.

A copy gets the content of the message it is a copy of, and its mark; a message that is read again gets the event of
the mapping of now; the same request gets the document that was sent, or what the mapping of that time made of it. It
changes nothing: what it finds is written down with the release.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from collections.abc import Mapping as Table
from typing import NamedTuple

import structlog

from hub.bus.contract import Bus, Headers, Partition
from hub.config import policy
from hub.errors import HubError, HubUnavailable
from hub.event.envelope import Event
from hub.flow.bundle import Mappings
from hub.flow.document import Instead, without_document
from hub.flow.outcome import reason_of
from hub.flow.plan.token import Replays, original_of
from hub.flow.records import pack_headers, unpack_headers
from hub.flow.source import Source
from hub.flow.translate import Translator
from hub.ledger.contract import Ledger
from hub.ledger.plans import Origin, Plan, PlanItem, PlanMode
from hub.mapping.run import Mapping

log = structlog.get_logger()

NOT_ON_BUS = "the bus has let go of it"
NO_MESSAGE = "the bus has let go of the message that it was made of, or there was none"
FETCHED = "what its message pointed at was fetched then, and is not kept"
NO_MAPPING = "the mapping of that time is not kept"
NO_REQUEST = "it is a message as it came in: no request was made of it"
OTHER_EVENT = "the mapping of now makes another event of it"


class Content(NamedTuple):
    """What goes out: value and headers for the queue; None where what stands there is right."""

    stored: tuple[bytes, bytes] | None


class Absent(NamedTuple):
    """It can't go: its content is gone, or (`failed`) nothing can be made of it by the mapping of now."""

    note: str
    failed: bool = False


class _Found(NamedTuple):
    value: bytes
    headers: Headers


class Refill:
    """Finds what goes out."""

    def __init__(
        self,
        *,
        ledger: Ledger,
        bus: Bus,
        replays: Replays,
        translators: Table[str, Translator],
        fetching: frozenset[str],
        mappings: Callable[[str], Mappings],
        compiled: Callable[[str, bytes], Awaitable[Mappings]],
    ) -> None:
        """Take `translators` by inbound connection, `fetching` those whose messages only point at what happened."""
        self._ledger = ledger
        self._bus = bus
        self._replays = replays
        self._translators = translators
        self._fetching = fetching
        self._mappings = mappings
        self._compiled = compiled
        self._earlier: dict[tuple[str, str, str], Mapping | None] = {}

    async def of(self, plan: Plan, item: PlanItem) -> Content | Absent:
        """Find what goes out for an item; raises HubUnavailable."""
        message = item.source in self._translators
        if item.origin is Origin.PARKED and (message or plan.mode is PlanMode.EVENT):
            return Content(None)
        try:
            found = await self._stands(item)
            if isinstance(found, _Found) and not message:
                if plan.mode is PlanMode.RAW:
                    found = await self._read_again(found)
                elif plan.mode is PlanMode.REQUEST:
                    found = await self._same(item, found)
        except HubUnavailable:
            raise
        except Exception as error:  # noqa: BLE001 - an unforeseen error stops this zaak, never the plan
            if not isinstance(error, HubError):
                error_name = type(error).__name__
                log.warning("replay_not_made", plan=plan.id, stage=item.stage, item=item.item_id, error=error_name)
            return Absent(reason_of(error).code, failed=True)
        if isinstance(found, Absent):
            return found
        headers = found.headers
        if item.origin is Origin.COPY:
            headers = self._replays.signed(headers, item.stage, item.entry_id)
        return Content((found.value, pack_headers(headers)))

    async def _stands(self, item: PlanItem) -> _Found | Absent:
        """Find the message: in its queue, else on the bus."""
        parked = await self._ledger.parked(item.source, item.item_id)
        if parked is not None:
            return _Found(parked.value, unpack_headers(parked.headers))
        record = await self._bus.at(Partition(item.place.topic, item.place.partition), item.place.offset)
        if record is None:
            return Absent(NOT_ON_BUS)
        known = dict(record.headers)
        name = known.get("zh_id" if item.source in self._translators else "ce_id", b"").decode("utf-8", "replace")
        return _Found(record.value, record.headers) if name == original_of(item.item_id) else Absent(NOT_ON_BUS)

    async def _read_again(self, found: _Found) -> _Found | Absent:
        """Make the event anew from the message that it came from; it stays the same event."""
        event = Event.read(found.headers, found.value)
        message = await self._ledger.message_of(event.cause)
        if message is None or (translator := self._translators.get(message.connection)) is None:
            return Absent(NO_MESSAGE)
        if message.connection in self._fetching:
            return Absent(FETCHED)
        record = await self._bus.at(Partition(message.place.topic, message.place.partition), message.place.offset)
        if record is None:
            return Absent(NO_MESSAGE)
        document = translator.read(record.value, record.headers)
        translated = translator.translate(document, record.headers, place=message.place)
        if translated.event.type != event.type:
            return Absent(OTHER_EVENT, failed=True)
        headers = translated.event._replace(id=event.id).headers()
        names = {name for name, _ in headers}
        others = tuple(each for each in without_document(found.headers) if each[0] not in names)
        return _Found(translated.value, (*headers, *others))

    async def _same(self, item: PlanItem, found: _Found) -> _Found | Absent:
        """Put the request of the last attempt beside it; what was never tried is made by the mapping of now."""
        if item.origin is Origin.PARKED and not item.failure_id:
            return found
        if Instead.read(found.headers) is not None:
            return found  # a person corrected it: that is what was sent
        made = await self._ledger.request(item.failure_id) if item.failure_id else None
        if made is not None:
            said = Instead.of(made.gives, made.content, is_json=made.is_json)
            return _Found(found.value, said.put(found.headers))
        revision = await self._revision_of(item)
        mapping = await self._mapping_of(item.source, item.kind, revision)
        if mapping is None:
            return Absent(NO_MAPPING)
        source = Source.of_event(Event.read(found.headers, found.value))
        instead = Instead(mapping.gives, mapping.make(source.body, context=source.context).body)
        return _Found(found.value, instead.put(found.headers))

    async def _revision_of(self, item: PlanItem) -> str:
        """Say by which revision of its mapping it was sent."""
        if item.failure_id:
            failure = await self._ledger.failure(item.failure_id)
            return failure.revision if failure is not None else ""
        deliveries = await self._ledger.delivered(item.item_id)
        return next((each.revision for each in deliveries if each.stage == item.source), "")

    async def _mapping_of(self, connection: str, kind: str, revision: str) -> Mapping | None:
        """Find a mapping by its revision: it runs now, or one of the last revisions of the connection has it."""
        running = self._mappings(connection).get(kind)
        if running is not None and running.revision == revision:
            return running
        key = (connection, kind, revision)
        if key not in self._earlier:
            self._earlier[key] = await self._search(*key) if revision else None
        return self._earlier[key]

    async def _search(self, connection: str, kind: str, revision: str) -> Mapping | None:
        for each in await self._ledger.revisions(connection, policy.PLAN_REVISIONS_MAX):
            files = await self._ledger.revision_files(connection, each.number)
            mapping = (await self._compiled(connection, files)).get(kind) if files is not None else None
            if mapping is not None and mapping.revision == revision:
                return mapping
        return None
