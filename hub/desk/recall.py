"""Finding recorded messages back: by an id that somebody read in a list or a log, or the last ones of a connection.

The ledger knows where a record lies and keeps whole what is parked; the bus has the rest, as long as retention lets it.
It joins no group, changes nothing, and refuses to know what a message says.
"""

from __future__ import annotations

from collections.abc import Collection
from collections.abc import Mapping as Table
from typing import NamedTuple, Protocol

from hub.bus.contract import Bus, Headers, Partition, Received
from hub.bus.topics import Topics
from hub.config import policy
from hub.config.connection import Connection, Direction
from hub.errors import ActRefused, MessageRefused
from hub.event.envelope import Event
from hub.flow.park import Item, place_of
from hub.flow.records import Origin
from hub.flow.source import Source
from hub.flow.token import original_of
from hub.ledger.contract import Ledger
from hub.ledger.entries import Known, Place, Whereabouts
from hub.mapping.run import Mapping
from hub.ports.contracts import Fetching, Inbound

GONE = "verlopen"
"""Code of what is known and whose content is not there any more."""

_ID_CHARS_MIN = 4


class Configured(Protocol):
    """What must be known of the connections: `hub.configuration.Configuration` is one."""

    @property
    def connections(self) -> Table[str, Connection]:
        """Connections by name."""
        ...

    @property
    def inbound(self) -> Table[str, Inbound]:
        """The adapters of the inbound ones."""
        ...

    @property
    def mappings(self) -> Table[str, Table[str, Mapping]]:
        """Their mappings, by the kind of message."""
        ...

    @property
    def fetching(self) -> Table[str, Fetching]:
        """What fetches, of the inbound ones whose messages only point at what happened."""
        ...


class Recalled(NamedTuple):
    """A recorded message at a connection: what came in on an inbound one, the event for an outbound one.

    `id` is that of the message or event. `parked`: value and headers are those that wait in the ledger, with the
    corrections of operators; otherwise they are as they lie on the bus at `place`.
    """

    connection: str
    id: str
    kind: str
    value: bytes
    headers: Headers
    place: Place | None
    parked: bool = False


class Recall:
    """Finds recorded messages."""

    def __init__(self, *, bus: Bus, ledger: Ledger, topics: Topics, configuration: Configured) -> None:
        self._bus = bus
        self._ledger = ledger
        self._topics = topics
        self._configuration = configuration

    async def message(self, given: str, *, connection: str | None = None) -> Recalled:
        """Give the message of an id, or of an unambiguous beginning of it of at least 4 characters.

        `given` names a message, an event or a failure; `connection` says which is meant when several delivered an
        event. Raises ActRefused, with advice, when there is none (any more) or more than one.
        """
        if len(given) < _ID_CHARS_MIN:
            raise ActRefused("an id has at least 4 characters", code="id", advice="give more of it")
        found = [each for each in await self._ledger.whereabouts(given) if connection in (None, each.stage)]
        if not found:
            return await self._recent(given, connection)
        name = _one([each.id for each in found], given)
        known = [each for each in found if each.id == name]
        _one_connection([each.stage for each in known], name)
        if all(each.known is Known.REFUSAL for each in known):
            raise ActRefused(
                "this message was refused at the door: its content was not kept",
                code="geweigerd",
                advice="the sender has the message and our reason",
            )
        return await self._of(known[0])

    async def last(self, connection: str, count: int, *, kinds: Collection[str] = ()) -> list[Recalled]:
        """Give the last messages of a connection as they lie on the bus, newest last.

        Of an outbound connection these are the events for which it has a mapping, or which are one of `kinds`. Fewer
        when the bus has no more.
        """
        wanted = count = min(count, policy.TAIL_RECORDS_MAX)
        while True:
            records = await self._bus.tail(self._topic(connection), wanted)
            found = [each for record in records if (each := self._read(connection, record, kinds)) is not None]
            if len(found) >= count or len(records) < wanted or wanted == policy.TAIL_RECORDS_MAX:
                return found[-count:]
            # Of all events of a domain some are for this connection: look further back.
            wanted = min(wanted * 4, policy.TAIL_RECORDS_MAX)

    async def _of(self, known: Whereabouts) -> Recalled:
        parked = await self._ledger.parked(known.stage, known.item_id)
        if parked is not None:
            item = Item.from_parked(parked)
            return Recalled(item.stage, item.item_id, item.kind, item.value, item.headers, item.place, parked=True)
        if known.stage not in self._configuration.connections:
            raise self._no_connection(known.stage)
        for each in await self._ledger.whereabouts(known.item_id):
            if each.stage == known.stage and each.place is not None:
                partition = Partition(each.place.topic, each.place.partition)
                record = await self._bus.at(partition, each.place.offset)
                recalled = self._read(known.stage, record) if record is not None else None
                # What a replay plan sent is a copy: its content is that of the message.
                if recalled is not None and recalled.id == original_of(known.item_id):
                    return recalled
        raise _gone(known.item_id)

    async def _recent(self, given: str, connection: str | None) -> Recalled:
        """Look where the ledger does not know it yet: among the newest records that nobody took up."""
        names = self._configuration.connections if connection is None else [connection]
        found = {
            each.id: each
            for name in names
            for each in await self.last(name, policy.RECALL_RECENT_RECORDS)
            if each.id.startswith(given)
        }
        if not found:
            raise ActRefused(
                "no message, event or failure has this id",
                code="onbekend",
                advice=f"see zaakhub failures list; the bus keeps messages {policy.BUS_RETENTION_S // 86_400} days",
            )
        return found[_one(found, given)]

    def _topic(self, connection: str) -> str:
        known = self._configuration.connections.get(connection)
        if known is None:
            raise self._no_connection(connection)
        if known.direction is Direction.INBOUND:
            return self._topics.inbound(connection)
        return self._topics.events(known.domain or "")

    def _no_connection(self, name: str) -> ActRefused:
        there_are = ", ".join(sorted(self._configuration.connections))
        return ActRefused(f"there is no connection {name}", code="koppeling", advice=f"there are: {there_are}")

    def _read(self, connection: str, record: Received, kinds: Collection[str] = ()) -> Recalled | None:
        """Read a record as one of a connection; None for what is another's, or not ours at all."""
        inbound = self._configuration.connections[connection].direction is Direction.INBOUND
        headers = dict(record.headers)
        try:
            name = headers["zh_id" if inbound else "ce_id"].decode()
            kind = headers["zh_kind" if inbound else "ce_type"].decode()
        except (KeyError, UnicodeDecodeError):
            return None
        if not inbound and kind not in kinds and kind not in self._configuration.mappings.get(connection, {}):
            return None
        return Recalled(connection, name, kind, record.value, record.headers, place_of(record))


def source_of(recalled: Recalled, configuration: Configured) -> Source:
    """Give what the mapping of the connection is given; raises MessageRefused when it can't be read."""
    inbound = configuration.inbound.get(recalled.connection)
    if inbound is None:
        return Source.of_event(
            Event.read(recalled.headers, recalled.value), configuration.connections[recalled.connection].velden
        )
    if recalled.connection in configuration.fetching:
        raise MessageRefused(
            "what this message points at was fetched when it was translated, and is not kept",
            code="opgehaald",
            advice="of a failure the explanation is kept with it; of what went well, explain the event",
        )
    origin = Origin.read(recalled.headers)
    return Source.of_message(inbound.read(recalled.value, origin.http, validate=False), sender=origin.sender)


def _one(ids: Table[str, object] | list[str], given: str) -> str:
    different = sorted(set(ids))
    if len(different) > 1 and given not in different:
        raise ActRefused(f"{len(different)} ids begin with {given}", code="dubbelzinnig", advice="give more of it")
    return given if given in different else different[0]


def _one_connection(stages: list[str], name: str) -> None:
    different = sorted(set(stages))
    if len(different) > 1:
        raise ActRefused(
            f"{name[:8]} is known at {len(different)} connections",
            code="dubbelzinnig",
            advice=f"say which: --connection {' or '.join(different)}",
        )


def _gone(item_id: str) -> ActRefused:
    days = policy.BUS_RETENTION_S // 86_400
    return ActRefused(
        f"the content of {item_id[:8]} is gone: the bus keeps it {days} days",
        code=GONE,
        advice="take a newer message: zaakhub failures list",
    )
