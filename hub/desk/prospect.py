"""What a corrected content would come to: whether it fits, and what the mapping and the adapter make of it.

Nothing is sent and nothing is kept. What it says holds no value of a message.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import Any, NamedTuple

import orjson
from pydantic import ValidationError

from hub.desk.change import read_json
from hub.desk.preview import Adapters
from hub.desk.recall import Recalled
from hub.errors import HubError, MappingFailed, MessageRefused, TargetRefused
from hub.event.catalogue import EVENT_TYPES
from hub.event.envelope import Event
from hub.flow.bundle import Mappings
from hub.flow.document import Instead
from hub.flow.fit import check_event
from hub.flow.outcome import reason_of
from hub.flow.park import Item
from hub.flow.persons import Pseudonym, keyed
from hub.flow.records import Origin
from hub.flow.source import Source
from hub.mapping.run import Mapping
from hub.ports.contracts import Document, Outgoing

_STEPS_SHOWN_MAX = 5


class Prospect(NamedTuple):
    """Why it does not fit (empty when it does), and in one sentence what would come of it."""

    problems: tuple[str, ...]
    outcome: str


def prospect_of_message(
    record: Item, content: bytes, mappings: Mappings, adapters: Adapters, pseudonym: Pseudonym
) -> Prospect:
    """Try a raw message at the inbound connection where it waits."""
    document, problems = _read(record.stage, content, Origin.read(record.headers), adapters, pseudonym)
    if document is None or problems:
        return Prospect(problems, "it cannot take the place of the message that came in")
    if record.stage in adapters.fetching:
        return Prospect((), "what it points at is fetched when it is tried again")
    mapping = mappings.get(document.kind)
    if mapping is None:
        return Prospect((), _no_mapping(document.kind))
    try:
        _mapped(mapping, document, record.sender)
    except MappingFailed as failed:
        return Prospect((), _stops(failed))
    return Prospect((), _becomes(mapping))


def event_from(
    message: Recalled, record: Item, mappings: Mappings, adapters: Adapters, pseudonym: Pseudonym
) -> tuple[bytes | None, Prospect]:
    """Make the event anew from the message that it came from, as corrected; it must be the same event with other data.

    `mappings` are those of the connection that the message came in on.
    """
    document, problems = _read(message.connection, message.value, Origin.read(message.headers), adapters, pseudonym)
    if document is None or problems:
        return None, Prospect(problems, "it cannot take the place of the message that came in")
    mapping = mappings.get(document.kind)
    if message.connection in adapters.fetching or mapping is None:
        return None, Prospect((_no_mapping(document.kind),), "correct the event instead")
    if mapping.gives != record.kind:
        return None, Prospect((f"it becomes {mapping.gives}, and {record.kind} waits",), "correct the event instead")
    try:
        data = _mapped(mapping, document, Origin.read(message.headers).sender)
    except MappingFailed as failed:
        return None, Prospect((_stops(failed),), "no event comes of it")
    return orjson.dumps(data), Prospect((), _becomes(mapping))


def prospect_of_event(record: Item, content: bytes, mappings: Mappings, adapters: Adapters) -> Prospect:
    """Try the data of an event at the outbound connection where it waits."""
    data = read_json(content)
    problems = tuple(_misfits(record.kind, data))
    if problems:
        return Prospect(problems, f"it is no {record.kind}")
    event = Event.read(record.headers, content)
    mapping = mappings.get(record.kind)
    if mapping is None:
        return Prospect((), _no_mapping(record.kind))
    source = Source.of_event(event, adapters.connections[record.stage].velden)
    try:
        body = mapping.make(source.body, context=source.context).body
    except MappingFailed as failed:
        return Prospect((), _stops(failed))
    return _planned(record, event, Instead(mapping.gives, body), adapters, wrong_is_problem=False)


def prospect_of_request(record: Item, request: Instead, adapters: Adapters) -> Prospect:
    """Try a request at the outbound connection that sends it."""
    event = Event.read(record.headers, record.value)
    return _planned(record, event, request, adapters, wrong_is_problem=True)


def _read(
    connection: str, content: bytes, origin: Origin, adapters: Adapters, pseudonym: Pseudonym
) -> tuple[Document | None, tuple[str, ...]]:
    """Read a message, and see that it is one of the same kind about the same zaak: its place in the queue stays."""
    try:
        document = keyed(adapters.inbound[connection].read(content, origin.http, validate=True), pseudonym)
    except MessageRefused as refused:
        place = " ".join(each for each in (refused.path, f"(line {refused.line})" if refused.line else "") if each)
        return None, (f"{refused.reason}{f' at {place}' if place else ''} ({refused.code})",)
    except Exception as error:  # noqa: BLE001 - as in a worker: its words may hold a value
        return None, (reason_of(error).text,)
    wrong = []
    if document.kind != origin.kind:
        wrong.append(f"it is another kind of message: {document.kind} instead of {origin.kind}")
    if document.zaak != origin.zaak:
        wrong.append("it is about another zaak: order per zaak would be lost")
    return document, tuple(wrong)


def _mapped(mapping: Mapping, document: Document, sender: str) -> dict[str, Any]:
    source = Source.of_message(document, sender=sender)
    data = mapping.run(source.body, context=source.context).data
    check_event(data, mapping)
    return data


def _misfits(kind: str, data: object) -> Iterator[str]:
    try:
        EVENT_TYPES[kind].model.model_validate(data)
    except ValidationError as error:
        for each in error.errors(include_input=False, include_url=False, include_context=False):
            place = ".".join(str(part) for part in each["loc"])
            yield f"{place or 'the whole'} does not fit {kind}: {each['type']}"


def _planned(record: Item, event: Event, request: Instead, adapters: Adapters, *, wrong_is_problem: bool) -> Prospect:
    outbound = adapters.outbound.get(record.stage)
    if outbound is None:
        return Prospect((), "the connection is not there any more")
    try:
        steps = outbound.steps(Outgoing(event.type, *request, event.id, event.time, event.subject))
    except (TargetRefused, MessageRefused) as refused:
        why = _refusal(refused)
    except Exception as error:  # noqa: BLE001 - as in a worker: its words may hold a value
        why = reason_of(error).text
    else:
        return Prospect((), _goes_out([step.name for step in steps]))
    return Prospect((why,) if wrong_is_problem else (), f"the connection cannot express it: {why}")


def _goes_out(names: Collection[str]) -> str:
    shown = list(dict.fromkeys(names))[:_STEPS_SHOWN_MAX]
    more = ", …" if len(set(names)) > _STEPS_SHOWN_MAX else ""
    return f"it goes out in {len(names)} step{'s' if len(names) != 1 else ''}: {', '.join(shown)}{more}"


def _refusal(error: HubError) -> str:
    return f"{error.reason} ({error.code})"


def _becomes(mapping: Mapping) -> str:
    return f"it becomes {mapping.gives}, by mapping {mapping.revision}"


def _stops(failed: MappingFailed) -> str:
    return f"the mapping stops at {failed.sentence} ({failed.rule})"


def _no_mapping(kind: str) -> str:
    return f"no mapping for {kind} is known here: it is tried when it is replayed"
