"""What goes out for an item of a plan, where that is not simply what stands in its queue.

A copy gets the content of the message it is a copy of, and its mark; a message that is read again gets the event of
the mapping of now; the same request gets the document that was sent, or what the mapping of that time made of it. What
a person corrected since goes out as it was corrected, however it was to be made. It changes nothing: what it finds is
written down with the release.
"""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Sequence
from collections.abc import Mapping as Table
from datetime import datetime
from typing import NamedTuple, TypeVar

import structlog

from hub.bus.contract import Bus, Headers, Partition, Received, Spot
from hub.config import policy
from hub.config.connection import Connection
from hub.errors import HubError, HubUnavailable
from hub.event.envelope import Event
from hub.event.wijzigingen import ONDERWERPEN
from hub.flow.bundle import Mappings
from hub.flow.document import Instead, without_document
from hub.flow.group import Group
from hub.flow.outcome import reason_of
from hub.flow.park import failure_id_of
from hub.flow.records import pack_headers, unpack_headers
from hub.flow.source import Source
from hub.flow.token import Replays, original_of
from hub.flow.translate import Translator
from hub.ledger.contract import Ledger
from hub.ledger.edits import base_of
from hub.ledger.entries import Failure, Place
from hub.ledger.groups import FailureFilter
from hub.ledger.plans import Origin, Plan, PlanItem, PlanMode
from hub.mapping.run import Mapping

log = structlog.get_logger()
K = TypeVar("K")
V = TypeVar("V")

NOT_ON_BUS = "the bus has let go of it"
NO_MESSAGE = "the bus has let go of the message that it was made of, or there was none"
FETCHED = "what its message pointed at was fetched then, and is not kept"
NO_MAPPING = "the mapping of that time is not kept"
LOOKED_UP = "its mapping looks something up, and what was found then is not kept"
NO_REQUEST = "it is a message as it came in: no request was made of it"
OTHER_EVENT = "the mapping of now makes another event of it"
OTHER_FIELDS = "it holds what was looked up, or other fields than its receiver may see now: replay it from the event"
CORRECTED = "it was corrected before it went, and only what it was before that is kept"


class Content(NamedTuple):
    """What goes out: value and headers for the queue; None where what stands there is right.

    `base` is `base_of` what stood there when it was made of that.
    """

    stored: tuple[bytes, bytes] | None
    base: str = ""


class Absent(NamedTuple):
    """It can't go: its content is gone, or (`failed`) nothing can be made of it by the mapping of now."""

    note: str
    failed: bool = False


class _Found(NamedTuple):
    """What stands there. `corrected_at` is when a person changed it to that; `base` as in `Content`."""

    value: bytes
    headers: Headers
    corrected_at: datetime | None = None
    base: str = ""


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
        connections: Table[str, Connection],
        mappings: Callable[[str], Mappings],
        compiled: Callable[[str, bytes], Awaitable[Mappings]],
    ) -> None:
        """Take `translators` by inbound connection, `fetching` those whose messages only point at what happened."""
        self._ledger = ledger
        self._bus = bus
        self._replays = replays
        self._translators = translators
        self._fetching = fetching
        self._connections = connections
        self._mappings = mappings
        self._compiled = compiled
        self._earlier = _Kept[tuple[str, str, str], Mapping | None](policy.PLAN_COMPILED_MAX)
        self._revisions = _Kept[tuple[str, int], Mappings](policy.PLAN_COMPILED_MAX)
        self._searching = asyncio.Lock()
        # Items are looked for side by side: what they need is read together.
        self._failure = Group[str, Failure | None](self._failures, size_max=policy.PLAN_READ_MAX)
        self._record = Group[Spot, Received | None](self._records, size_max=policy.PLAN_READ_MAX)

    async def of(self, plan: Plan, item: PlanItem) -> Content | Absent:
        """Find what goes out for an item; raises HubUnavailable."""
        message = item.source in self._translators
        if item.origin is Origin.PARKED and (message or plan.mode is PlanMode.EVENT):
            return Content(None)
        base = ""
        try:
            found = await self._stands(item)
            base = found.base if isinstance(found, _Found) and item.origin is Origin.PARKED else ""
            if isinstance(found, _Found) and not message:
                if plan.mode is PlanMode.RAW and found.corrected_at is None:
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
        return Content((found.value, pack_headers(headers)), base)

    async def _stands(self, item: PlanItem) -> _Found | Absent:
        """Find the message: in its queue, else on the bus."""
        parked = await self._ledger.parked(item.source, item.item_id)
        failure = await self._failure(failure_id_of(item.source, original_of(item.item_id)))
        corrected_at = failure.edited_at if failure is not None else None
        if parked is not None:
            return _Found(parked.value, unpack_headers(parked.headers), corrected_at, base_of(parked))
        if corrected_at is not None:
            return Absent(CORRECTED)
        record = await self._record(_spot(item.place))
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
        record = await self._record(_spot(message.place))
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
        if (said := Instead.read(found.headers)) is not None:
            # A person corrected it, or a plan put it there: that is what was sent.
            may_go = found.corrected_at is not None or await self._may_go(item, found, said)
            return found if may_go else Absent(OTHER_FIELDS)
        made = await self._ledger.request(item.failure_id) if item.failure_id else None
        if made is not None and found.corrected_at is not None and found.corrected_at >= made.at:
            return found  # corrected since that attempt: what was sent then is not what is meant now
        if made is not None:
            said = Instead.of(made.gives, made.content, is_json=made.is_json)
            may_go = await self._may_go(item, found, said, revision=made.revision)
            return _Found(found.value, said.put(found.headers)) if may_go else Absent(OTHER_FIELDS)
        revision = await self._revision_of(item)
        mapping = await self._mapping_of(item.source, item.kind, revision)
        if mapping is None or mapping.looks_up:
            return Absent(NO_MAPPING if mapping is None else LOOKED_UP)
        return _Found(found.value, self._remade(item, found, mapping).put(found.headers))

    async def _may_go(self, item: PlanItem, found: _Found, said: Instead, *, revision: str = "") -> bool:
        """Say whether a request holds no more than its receiver may see now.

        It does where its mapping makes the very same of what may be seen: what was seen then is not kept.
        """
        if self._connections[item.source].domain not in ONDERWERPEN:
            return True
        revision = revision or await self._revision_of(item)
        mapping = await self._mapping_of(item.source, item.kind, revision)
        if item.stage != item.source or mapping is None or mapping.looks_up:
            return False
        return _packed(self._remade(item, found, mapping)) == _packed(said)

    def _remade(self, item: PlanItem, found: _Found, mapping: Mapping) -> Instead:
        """Give what a mapping makes of an event, of what the receiver may see."""
        event = Event.read(found.headers, found.value)
        source = Source.of_event(event, self._connections[item.source].velden)
        return Instead(mapping.gives, mapping.make(source.body, context=source.context).body)

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
        # One at a time: a hundred items look for the same one at the same moment.
        async with self._searching:
            if key not in self._earlier:
                self._earlier.keep(key, await self._search(*key) if revision else None)
            return self._earlier[key]

    async def _search(self, connection: str, kind: str, revision: str) -> Mapping | None:
        for each in await self._ledger.revisions(connection, policy.PLAN_REVISIONS_MAX):
            mapping = (await self._revision(connection, each.number)).get(kind)
            if mapping is not None and mapping.revision == revision:
                return mapping
        return None

    async def _revision(self, connection: str, number: int) -> Mappings:
        """Give the mappings of a revision, compiled once."""
        key = (connection, number)
        if key not in self._revisions:
            files = await self._ledger.revision_files(connection, number)
            self._revisions.keep(key, await self._compiled(connection, files) if files is not None else {})
        return self._revisions[key]

    async def _failures(self, ids: Sequence[str]) -> list[Failure | None]:
        found = await self._ledger.find_failures(FailureFilter(ids=ids), limit=len(ids))
        by_id = {each.id: each for each in found}
        return [by_id.get(each) for each in ids]

    async def _records(self, spots: Sequence[Spot]) -> list[Received | None]:
        found = await self._bus.many(spots)
        return [found.get(spot) for spot in spots]


class _Kept(OrderedDict[K, V]):
    """The last so many that were found."""

    def __init__(self, count_max: int) -> None:
        super().__init__()
        self._count_max = count_max

    def keep(self, key: K, value: V) -> None:
        self[key] = value
        if len(self) > self._count_max:
            self.popitem(last=False)


def _spot(place: Place) -> Spot:
    return Spot(Partition(place.topic, place.partition), place.offset)


def _packed(said: Instead) -> Headers:
    """Give a document as it travels, to be compared."""
    return said.put(())
