"""What a changed mapping would do: recorded messages through what runs and through the candidate, held side by side.

Nothing is sent and nothing is kept. An outbound connection plans its steps, which is pure. What it gives holds values
of messages; whoever shows it masks them.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple, Protocol

from lxml import etree

from hub.config import policy
from hub.desk.recall import Configured, Recalled, source_of
from hub.errors import MappingFailed, MessageRefused
from hub.event.envelope import Event
from hub.event.models import MODELS
from hub.flow.bundle import Mappings
from hub.flow.fields import fields_of_json, fields_of_xml, general
from hub.flow.fit import check_event
from hub.flow.outcome import reason_of
from hub.flow.source import Source
from hub.mapping.run import Mapping as FieldMapping
from hub.mapping.trace import NOTHING
from hub.ports.contracts import Outbound, Outgoing

_MISSING = object()


class Adapters(Configured, Protocol):
    """What must be known of the connections: `hub.configuration.Configuration` is one."""

    @property
    def outbound(self) -> Mapping[str, Outbound]:
        """The adapters of the outbound ones."""
        ...


class Example(NamedTuple):
    """One message whose field differs; NOTHING where the field is not there."""

    message: str
    before: Any
    after: Any


@dataclass(slots=True)
class FieldChange:
    """A field of the result, and in how many messages it changes. `[]` stands for the items of a list."""

    path: str
    changes: int = 0
    appears: int = 0
    disappears: int = 0
    examples: list[Example] = field(default_factory=list)


@dataclass(slots=True)
class Verdict:
    """A reason why messages fail, and the ids of those messages."""

    reason: str
    messages: list[str] = field(default_factory=list)


@dataclass(slots=True)
class Preview:
    """The comparison of two revisions over `messages` recorded messages; `changed` of them give another result.

    `newly_failing` go through what runs and not through the candidate, `newly_working` the other way round;
    `still_failing` through neither. `unread` counts, by path, the messages in which the candidate leaves a field unread
    that is read now. `unreadable` messages could not be read at all, by neither.
    """

    connection: str
    running: str
    candidate: str
    messages: int = 0
    changed: int = 0
    still_failing: int = 0
    unreadable: int = 0
    fields: list[FieldChange] = field(default_factory=list)
    newly_failing: list[Verdict] = field(default_factory=list)
    newly_working: list[Verdict] = field(default_factory=list)
    unread: dict[str, int] = field(default_factory=dict)


class Side(NamedTuple):
    """One of the two revisions."""

    revision: str
    mappings: Mappings


def compare(
    connection: str, recorded: Iterable[Recalled], running: Side, candidate: Side, adapters: Adapters
) -> Preview:
    """Run every recorded message through both."""
    preview = Preview(connection, running.revision, candidate.revision)
    fields: dict[str, FieldChange] = {}
    failing: dict[str, Verdict] = {}
    working: dict[str, Verdict] = {}
    unread: Counter[str] = Counter()
    for each in recorded:
        preview.messages += 1
        try:
            source = source_of(each, adapters)
        except (MessageRefused, KeyError, ValueError):
            preview.unreadable += 1
            continue
        before = _made(each, source, running.mappings, adapters)
        after = _made(each, source, candidate.mappings, adapters)
        unread.update(set(after.unread) - set(before.unread))
        if before.failure and after.failure:
            preview.still_failing += 1
        elif after.failure:
            failing.setdefault(after.failure, Verdict(after.failure)).messages.append(each.id)
        elif before.failure:
            working.setdefault(before.failure, Verdict(before.failure)).messages.append(each.id)
        elif _note(each.id, before.fields, after.fields, fields):
            preview.changed += 1
    preview.fields = sorted(fields.values(), key=lambda change: change.path)
    preview.newly_failing = _by_number(failing)
    preview.newly_working = _by_number(working)
    preview.unread = dict(sorted(unread.items()))
    return preview


class _Made(NamedTuple):
    """What became of one message: its fields by path, or why it failed."""

    fields: Mapping[str, Any] = {}
    unread: Sequence[str] = ()
    failure: str = ""


def _made(recalled: Recalled, source: Source, mappings: Mappings, adapters: Adapters) -> _Made:
    connection = recalled.connection
    mapping = mappings.get(recalled.kind)
    if mapping is None:
        # An event without a mapping is not for this connection; a message without one stops.
        return _Made() if connection not in adapters.inbound else _Made(failure=f"no mapping for {recalled.kind}")
    try:
        made = mapping.make(source.body, context=source.context)
        _accept(recalled, mapping, made.body, adapters)
    except MappingFailed as failure:
        return _Made(failure=f"{failure.rule}: {failure.sentence}")
    except Exception as error:  # noqa: BLE001 - as in a worker: it parks the message, and its words may hold a value
        return _Made(failure=reason_of(error).text)
    fields = fields_of_xml(etree.fromstring(made.body)) if isinstance(made.body, bytes) else fields_of_json(made.body)
    return _Made(dict(fields), made.unread)


def _accept(recalled: Recalled, mapping: FieldMapping, body: dict[str, Any] | bytes, adapters: Adapters) -> None:
    """Do with the result what a worker would do before anything leaves it."""
    outbound = adapters.outbound.get(recalled.connection)
    if outbound is not None:
        event = Event.read(recalled.headers, recalled.value)
        outbound.steps(Outgoing(event.type, mapping.gives, body, event.id, event.time, event.subject))
    elif mapping.gives in MODELS and isinstance(body, dict):
        check_event(body, mapping)


def _note(message: str, before: Mapping[str, Any], after: Mapping[str, Any], fields: dict[str, FieldChange]) -> bool:
    """Count every path that differs, once per message; give whether there is one."""
    counted: set[tuple[str, str]] = set()
    for exact in dict.fromkeys((*before, *after)):
        was, becomes = before.get(exact, _MISSING), after.get(exact, _MISSING)
        if was == becomes and type(was) is type(becomes):
            continue
        path = general(exact)
        change = fields.setdefault(path, FieldChange(path))
        how = "appears" if was is _MISSING else "disappears" if becomes is _MISSING else "changes"
        if (path, how) not in counted:
            counted.add((path, how))
            setattr(change, how, getattr(change, how) + 1)
            if len(change.examples) < policy.PREVIEW_EXAMPLES_MAX:
                change.examples.append(Example(message, *(NOTHING if v is _MISSING else v for v in (was, becomes))))
    return bool(counted)


def _by_number(verdicts: dict[str, Verdict]) -> list[Verdict]:
    return sorted(verdicts.values(), key=lambda verdict: (-len(verdict.messages), verdict.reason))
