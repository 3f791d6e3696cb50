"""One message in its three shapes, with how it came from each to the next: what a person needs to understand a failure.

What was kept with a failure comes first; what was not is made anew by the mappings of now, and then it says so. It
changes nothing. All of it is content: whoever shows it masks it (`Shape.shown`) or asks for a right. It knows at which
connection each shape lies, and looks at no other than those it is given (`may`). It refuses to know who looks.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import NamedTuple

import orjson

from hub.bus.contract import Headers
from hub.desk.display import JSON, TEXT, Media, Shown, media_of, shown
from hub.desk.recall import GONE, Configured, Recall, Recalled, source_of
from hub.errors import ActRefused, HubError, MappingFailed
from hub.flow.bundle import Mappings
from hub.flow.document import Instead
from hub.flow.explain import explained, unpack
from hub.flow.park import failure_id_of
from hub.flow.source import Source
from hub.ledger.contract import Ledger
from hub.ledger.edits import EditPart, EditState
from hub.ledger.entries import Asked, Failure, Known
from hub.mapping.run import Mapping
from hub.mapping.trace import Explanation

ANEW = "made anew by the mapping of now"
"""The note on what was not kept."""


def anywhere(_connection: str) -> bool:
    """Look at every connection: for who has all rights."""
    return True


class Shape(NamedTuple):
    """One shape; `content` is None when there is none, and then `note` says why.

    `lacks` is the connection where it lies and where who looks may not: then it is not here, or made anew.
    """

    media: Media
    content: bytes | None
    note: str = ""
    lacks: str = ""

    def shown(self, *, masked: bool) -> Shown | None:
        """Give it as text for a screen."""
        return None if self.content is None else shown(self.content, self.media, masked=masked)

    @classmethod
    def of(cls, content: bytes, note: str = "") -> Shape:
        """Take bytes as what they look like."""
        return cls(media_of(content), content, note)


class Traced(NamedTuple):
    """What one mapping did, or what became of its attempt: see `Explanation`. `kept`: it was kept with the failure."""

    gives: str
    revision: str
    explanation: Explanation
    kept: bool


class Shapes(NamedTuple):
    """A message at a connection. `failure` is that of it there, resolved or not."""

    message: str
    connection: str
    kind: str
    failure: Failure | None
    raw: Shape
    event: Shape
    request: Shape
    to_event: Traced | None = None
    to_request: Traced | None = None


class Contents:
    """Puts the shapes of a message together."""

    def __init__(
        self, *, recall: Recall, ledger: Ledger, configuration: Configured, mappings: Callable[[str], Mappings]
    ) -> None:
        """Take `mappings`, which gives those that run at a connection now."""
        self._recall = recall
        self._ledger = ledger
        self._configuration = configuration
        self._mappings = mappings

    async def of(self, given: str, *, connection: str | None = None, may: Callable[[str], bool] = anywhere) -> Shapes:
        """Give the shapes of a message, event or failure, by its id or the beginning of it.

        Of what lies at another connection than the message itself only where `may` says so (ADR 0022). Raises
        ActRefused as `Recall.message` does; what is gone of a failure is only left out.
        """
        failure = await self._ledger.failure(given)
        try:
            recalled = await self._recall.message(given, connection=connection)
        except ActRefused as gone:
            if gone.code != GONE or failure is None:
                raise
            note = gone.reason
            recalled = Recalled(failure.stage, failure.item_id, failure.kind, b"", (), None)
        else:
            note = ""
            failure = await self._ledger.failure(failure_id_of(recalled.connection, recalled.id))
            recalled = await self._as_corrected(recalled, failure)
        if recalled.connection in self._configuration.inbound:
            return await self._of_message(recalled, failure, note, may)
        return await self._of_event(recalled, failure, note, may)

    async def origin(self, item_id: str, *, connection: str) -> str:
        """Name the connection that a message at `connection` came in on; empty when nobody can say it any more."""
        if connection in self._configuration.inbound:
            return connection
        try:
            recalled = await self._recall.message(item_id, connection=connection)
        except ActRefused:
            return ""
        return _came_on(recalled.headers)

    async def raw_of(self, headers: Headers) -> Recalled:
        """Give the message that an event came from, by the headers of the event; raises ActRefused when it is gone."""
        said = {name: value.decode() for name, value in headers if name in {"ce_oorzaak", "ce_koppeling"}}
        if len(said) < len(("ce_oorzaak", "ce_koppeling")):
            raise ActRefused("this event does not say what it came from", code=GONE, advice="look at the event itself")
        return await self._recall.message(said["ce_oorzaak"], connection=said["ce_koppeling"])

    async def _as_corrected(self, recalled: Recalled, failure: Failure | None) -> Recalled:
        """Give what went on as it was when it did: the bus has it as it came."""
        if recalled.parked or failure is None or failure.edited_at is None:
            return recalled
        own = EditPart.RAW if recalled.connection in self._configuration.inbound else EditPart.EVENT
        for edit in await self._ledger.proposals(failure.id):
            newest = Instead.read(recalled.headers) is None
            if newest and edit.state is EditState.APPLIED and edit.part is EditPart.REQUEST:
                is_json = media_of(edit.after) == JSON
                instead = Instead.of("", edit.after, is_json=is_json)
                recalled = recalled._replace(headers=instead.put(recalled.headers))
            elif edit.state is EditState.APPLIED and edit.part is own:
                return recalled._replace(value=edit.after)
        return recalled

    async def _of_message(
        self, recalled: Recalled, failure: Failure | None, note: str, may: Callable[[str], bool]
    ) -> Shapes:
        raw = Shape(TEXT, None, note) if note else Shape.of(recalled.value)
        event = await self._event_of(recalled.id, recalled.connection, may)
        made, traced = await self._mapped(recalled) if not note else (raw, None)
        if event is not None and event.content is None:
            # What its own mapping makes of it is no secret of the connection where the event went.
            event = made._replace(lacks=event.lacks)
        return Shapes(
            message=recalled.id,
            connection=recalled.connection,
            kind=recalled.kind,
            failure=failure,
            raw=raw,
            event=event or made,
            request=Shape(JSON, None, "what goes out is made where its event is delivered"),
            to_event=await self._kept(failure, traced.gives if traced else "") or traced,
        )

    async def _of_event(
        self, recalled: Recalled, failure: Failure | None, note: str, may: Callable[[str], bool]
    ) -> Shapes:
        event = Shape(TEXT, None, note) if note else Shape.of(recalled.value)
        raw, to_event = Shape(TEXT, None, note), None
        came_on = _came_on(recalled.headers)
        if came_on and not may(came_on):
            raw = _not_for_them(came_on)
        elif not note:
            try:
                message = await self.raw_of(recalled.headers)
                raw = Shape.of(message.value)
                _, to_event = await self._mapped(message)
            except ActRefused as gone:
                raw = Shape(TEXT, None, gone.reason)
        made, traced = await self._mapped(recalled) if not note else (event, None)
        return Shapes(
            message=recalled.id,
            connection=recalled.connection,
            kind=recalled.kind,
            failure=failure,
            raw=raw,
            event=event,
            request=await self._request(recalled, failure) or made,
            to_event=to_event,
            to_request=await self._kept(failure, traced.gives if traced else "") or traced,
        )

    async def _event_of(self, message_id: str, connection: str, may: Callable[[str], bool]) -> Shape | None:
        """Give the event that a message became, as it lies on the bus or waits, if it became one.

        It is taken at a connection that has it, with what people corrected there: so at one where that may be seen.
        """
        fate = (await self._ledger.fates([Asked(message_id, connection, "")])).get(message_id)
        if fate is None or not fate.event_id:
            return None
        known = await self._ledger.whereabouts(fate.event_id)
        stages = dict.fromkeys(each.stage for each in known if each.known in (Known.EVENT, Known.PARKED))
        for stage in filter(may, stages):
            try:
                return Shape.of((await self._recall.message(fate.event_id, connection=stage)).value)
            except ActRefused:
                continue
        return next((_not_for_them(each) for each in stages if not may(each)), None)

    async def _request(self, recalled: Recalled, failure: Failure | None) -> Shape | None:
        """Give what goes out, as somebody put it there or as it was kept; None when neither is so."""
        instead = Instead.read(recalled.headers)
        if instead is not None:
            return _shape_of(instead.body, "corrected by hand")
        made = await self._ledger.request(failure.id) if failure is not None else None
        if made is None or (failure is not None and failure.edited_at is not None and failure.edited_at >= made.at):
            return None
        return Shape.of(made.content)

    async def _kept(self, failure: Failure | None, gives: str) -> Traced | None:
        trace = await self._ledger.trace(failure.id) if failure is not None else None
        if trace is None or (failure is not None and failure.edited_at is not None and failure.edited_at >= trace.at):
            return None
        kept = unpack(trace.content, at=trace.at, revision=trace.revision)
        return Traced(gives, kept.revision, kept.explanation, kept=True)

    async def _mapped(self, recalled: Recalled) -> tuple[Shape, Traced | None]:
        """Give what the mapping of now makes of a message or event, and how.

        Beside the loop: of a large message that takes seconds, in which others ask too and messages go on.
        """
        return await asyncio.to_thread(self._mapped_now, recalled)

    def _mapped_now(self, recalled: Recalled) -> tuple[Shape, Traced | None]:
        mapping = self._mappings(recalled.connection).get(recalled.kind)
        if mapping is None:
            return Shape(JSON, None, f"no mapping for {recalled.kind} is known here"), None
        try:
            source = source_of(recalled, self._configuration)
        except HubError as wrong:
            return Shape(JSON, None, wrong.reason), None
        except (KeyError, ValueError):
            return Shape(JSON, None, "it cannot be read"), None
        return _made(mapping, source), Traced(mapping.gives, mapping.revision, explained(mapping, source), kept=False)


def _came_on(headers: Headers) -> str:
    """Name the connection that an event says it came in on."""
    return next((value.decode() for name, value in headers if name == "ce_koppeling"), "")


def _not_for_them(connection: str) -> Shape:
    return Shape(TEXT, None, f"it lies at {connection}: that needs rights there", lacks=connection)


def _made(mapping: Mapping, source: Source) -> Shape:
    try:
        return _shape_of(mapping.make(source.body, context=source.context).body, ANEW)
    except MappingFailed as failed:
        return Shape(JSON, None, f"the mapping stops: {failed.sentence}")


def _shape_of(body: object, note: str) -> Shape:
    return Shape.of(body, note) if isinstance(body, bytes) else Shape(JSON, orjson.dumps(body), note)
