"""What of an event goes to the receiver of an outbound connection, and that it is written down before it goes.

Without a processing activity nothing personal goes, without its fields nothing of a person or company. Everybody whose
data goes out stands in the Logboek Dataverwerkingen: once for each event and receiver, however often it is tried, and
who came into it between two tries too. After a crash between writing and trying it stands there twice, under the same
operation. Source: Logboek Dataverwerkingen 1.0
§3.3, Wet BRP art. 3.11.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from lxml import etree

from hub.bus.contract import Bus, Headers, Record
from hub.clock import Clock
from hub.config import policy
from hub.config.connection import Connection
from hub.errors import TargetMisconfigured
from hub.event.catalogue import EVENT_TYPES
from hub.event.envelope import Event
from hub.event.wijzigingen import ONDERWERPEN
from hub.flow.distribute import ELDERS, Distributor
from hub.flow.document import Instead
from hub.flow.group import Group
from hub.flow.logboek import Processing, Seal, records
from hub.flow.outcome import Undistributed
from hub.flow.persons import Pseudonym, persons_of_document, persons_of_event
from hub.flow.records import TRACEPARENT
from hub.flow.source import Source
from hub.ledger.contract import Ledger
from hub.observe.trace import Trace, joined, operation_of
from hub.ports.contracts import Receipt
from hub.security.personal import Bsn
from hub.wire.xml import glean

NO_VERWERKING = "geen-verwerking"
"""Code of what does not pass because nobody says for what."""

_SHORT_CHARS = 16
"""Of a pseudonym: enough to tell the persons of one event from each other."""


class Verstrekking:
    """Looks at every event of one connection before it goes out."""

    def __init__(
        self,
        connection: Connection,
        *,
        topic: str,
        bus: Bus,
        ledger: Ledger,
        clock: Clock,
        subject: Pseudonym,
        seal: Seal,
    ) -> None:
        """Take the topic of the logbook; `subject` hashes a person, `seal` encrypts one."""
        self._connection = connection
        self._topic = topic
        self._bus = bus
        self._clock = clock
        self._subject = subject
        self._seal = seal
        self._distributor = None
        if connection.domain in ONDERWERPEN:
            self._distributor = Distributor(connection, ledger=ledger, clock=clock, subject=subject)
        self._publish = Group[list[Record], None](self._publish_all, size_max=policy.SCRIBE_GROUP_MAX)

    def source(self, event: Event) -> Source:
        """Give what the mapping may see of an event; raises TargetMisconfigured where nothing personal may pass."""
        check_verwerking(self._connection, event.type)
        return Source.of_event(event, self._connection.velden)

    async def withheld(self, event: Event, lane: str) -> Undistributed | None:
        """Say why an event is not for this receiver; None when it is. Raises HubUnavailable."""
        if self._distributor is None or event.type not in EVENT_TYPES:
            return None
        return await self._distributor.withheld(event, lane)

    def marks(self, event: Event) -> dict[str, Receipt]:
        """Give what is kept with the delivery of an event for those that come after it."""
        leaves = self._distributor is not None and event.type in EVENT_TYPES and self._distributor.leaves(event)
        return {ELDERS: Receipt(note="the person is elsewhere from now on")} if leaves else {}

    async def write_down(
        self, event: Event, value: bytes, source: Source, trace: Trace, *, instead: Instead | None, earlier: str | None
    ) -> str:
        """Write down whose data goes out: of what the mapping may see, and of what goes `instead` of what it makes.

        `value` are the bytes of the event. Gives of whom that is, in pseudonyms; `earlier` is what it gave at an
        earlier try: of these nothing more is written. Raises HubUnavailable: then it does not go.
        """
        persons = self._persons(event, value, source)
        if persons is None:
            return earlier or ""
        if instead is not None:
            persons |= _persons_in(instead)
        known = {*(earlier or "").split()}
        fresh = {each for each in persons if self._short(each) not in known}
        if earlier is not None:
            if not fresh:
                return earlier
            # Who came in later has an operation of his own, below that of the first try.
            doing = " ".join(sorted(map(self._short, fresh)))
            trace = Trace(trace.trace_id, operation_of(trace, doing), trace.operation_id)
        await self._log(event, fresh, trace, ok=True)
        return " ".join(sorted(known | {*map(self._short, fresh)}))

    async def write_back(self, event: Event, value: bytes, trace: Trace) -> None:
        """Write down that nothing went out of what was written down before; raises HubUnavailable."""
        persons = self._persons(event, value, self.source(event))
        if persons is not None:
            await self._log(event, persons, trace, ok=False)

    def _persons(self, event: Event, value: bytes, source: Source) -> set[Bsn] | None:
        """Give whose data the mapping sees; None where nothing is written down."""
        known = EVENT_TYPES.get(event.type)
        if known is None or not known.personal or not isinstance(source.body, dict):
            return None
        return persons_of_event(value, source.body)

    async def _log(self, event: Event, persons: Collection[Bsn], trace: Trace, *, ok: bool) -> None:
        if not persons and not EVENT_TYPES[event.type].about:
            return
        now = self._clock.now()
        lines = records(
            Processing(self._connection.verwerking, {*persons}),
            trace,
            name=f"{self._connection.connection} {event.type}",
            begun=now,
            ended=now,
            ok=ok,
            seal=self._seal,
        )
        await self._publish([Record(self._topic, b"", line) for line in lines])

    def _short(self, person: Bsn) -> str:
        return self._subject(person)[:_SHORT_CHARS]

    async def consulted(self, event: Event, processing: Processing, trace: Trace, *, begun: datetime, ok: bool) -> None:
        """Write down whose data was looked up for an event; raises HubUnavailable: then it does not go."""
        lines = records(
            processing,
            trace,
            name=f"{self._connection.connection} {event.type} lookup",
            begun=begun,
            ended=self._clock.now(),
            ok=ok,
            seal=self._seal,
        )
        if logged := [Record(self._topic, b"", line) for line in lines]:
            await self._publish(logged)

    def trace(self, item_id: str, headers: Headers) -> Trace:
        """Give the trace that delivering this is part of: the same one at every try."""
        said = dict(headers)
        cause = said.get("ce_oorzaak", item_id.encode()).decode()
        return joined(
            said.get(TRACEPARENT, b"").decode(), cause=cause, doing=f"{self._connection.connection}\x1f{item_id}"
        )

    async def _publish_all(self, groups: Sequence[list[Record]]) -> list[None]:
        await self._bus.publish([each for group in groups for each in group])
        return [None] * len(groups)


def check_verwerking(connection: Connection, event_type: str) -> None:
    """See that personal data may pass; raises TargetMisconfigured where nobody says for what, or who may see what."""
    known = EVENT_TYPES.get(event_type)
    if known is None or not known.personal:
        return
    missing = "verwerking" if connection.verwerking is None else ""
    if not missing and known.about and connection.domain is not None and known.about not in connection.velden:
        missing = "velden"
    if missing:
        raise TargetMisconfigured(
            f"no personal data passes this connection: it has no {missing}",
            code=NO_VERWERKING,
            advice=f"write {missing}: in {connection.file}, then replay",
        )


def _persons_in(instead: Instead) -> set[Bsn]:
    """Give the persons in what somebody put in the place of what the mapping makes, as far as it can be read."""
    body: etree._Element | dict[str, Any] | None = (
        instead.body if isinstance(instead.body, dict) else glean(instead.body)
    )
    return persons_of_document(body) if body is not None else set()
