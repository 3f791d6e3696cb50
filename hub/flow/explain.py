"""How an explanation is kept with a failure and given to a person: bounded, and masked unless they ask for values.

Pure. It refuses to know the ledger's database and any screen; what it packs holds values of the message, so it goes to
the ledger and nowhere else: no log, no topic.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable
from datetime import datetime
from typing import Any, NamedTuple

import orjson

from hub.config.policy import TRACE_BYTES_MAX, TRACE_VALUE_CHARS_MAX
from hub.errors import MappingFailed
from hub.event.models import MODELS
from hub.flow.fit import check_event
from hub.flow.source import Source
from hub.mapping.run import Mapping
from hub.mapping.trace import NOTHING, Converted, Explained, Explanation
from hub.security.personal import HIDDEN

_INDEX = re.compile(r"\[\d*\]")
_INT_BITS_MAX = 63
_DEPTH_MAX = 100

Show = Callable[[Any], Any]


def explained(mapping: Mapping, source: Source) -> Explanation:
    """Explain one run. A result that is no event of the type it should be stops at the field that does not fit."""
    explanation = mapping.explain(source.body, context=source.context)
    if explanation.failure or mapping.gives not in MODELS:
        return explanation
    try:
        check_event(mapping.run(source.body, context=source.context).data, mapping)
    except MappingFailed as failure:
        return _stopped(explanation, failure)
    return explanation


class Kept(NamedTuple):
    """An explanation as it was kept with a failure: of the attempt at `at`, with this `revision` of the mapping.

    `left_out` fields are not in it, because it would have been too large.
    """

    at: datetime
    revision: str
    explanation: Explanation
    left_out: int

    def plain(self) -> dict[str, Any]:
        """Give it as JSON data."""
        own = {"at": self.at.isoformat(), "revision": self.revision, "left_out": self.left_out}
        return {**own, **self.explanation.plain()}


def pack(explanation: Explanation, *, bytes_max: int = TRACE_BYTES_MAX) -> bytes:
    """Write an explanation, folded, as JSON of at most `bytes_max`.

    What is too large loses the ends of its values, then the fields that are filled, then whatever else is needed; the
    rule that failed stays.
    """
    whole = _each(folded(explanation), _plain)
    packed = _packed(whole, left_out=0)
    if len(packed) <= bytes_max:
        return packed
    short = _each(whole, _cut)._replace(unread=tuple(_cut(path) for path in whole.unread))
    packed = _packed(short, left_out=0)
    if len(packed) <= bytes_max:
        return packed
    failed = short.fields[-1:] if short.failure else ()
    fields = tuple(each for each in short.fields[: len(short.fields) - len(failed)] if is_empty(each))
    unread = short.unread
    while True:
        kept = short._replace(fields=(*fields, *failed), unread=unread)
        packed = _packed(kept, left_out=len(short.fields) - len(kept.fields))
        if len(packed) <= bytes_max or not (fields or unread):
            return packed
        fields, unread = fields[: len(fields) // 2], unread[: len(unread) // 2]


def unpack(content: bytes, *, at: datetime, revision: str) -> Kept:
    """Read what `pack` wrote."""
    plain = orjson.loads(content)
    return Kept(at, revision, Explanation.read(plain), plain["left_out"])


def masked(explanation: Explanation) -> Explanation:
    """Hide every value; what has none still says so, and why."""
    return _each(explanation, _hidden)


def folded(explanation: Explanation) -> Explanation:
    """Put the fields of an object that nothing was there for together: one for each reason, with their number.

    A mapping has rules for hundreds of fields of persons that a message does not speak of.
    """
    failed = explanation.fields[-1] if explanation.failure else None
    objects = _objects(explanation)
    targets: dict[str, set[str]] = {}
    reached: set[str] = set()
    for field, above in objects:
        for each in above:
            targets.setdefault(each, set()).add(_INDEX.sub("", field.target))
        if field is failed or not _untouched(field):
            reached.update(above)
    kept: dict[tuple[str, str] | int, Explained] = {}
    counts: Counter[tuple[str, str] | int] = Counter()
    for at, (field, above) in enumerate(objects):
        outermost = next((each for each in above if each not in reached and len(targets[each]) > 1), None)
        key = at if outermost is None else (outermost, field.reason)
        kept.setdefault(key, field if outermost is None else field._replace(target=outermost))
        counts[key] += 1
    fields = (
        field._replace(source="", reason=f"{field.reason} ({counts[key]} fields)") if counts[key] > 1 else field
        for key, field in kept.items()
    )
    return explanation._replace(fields=tuple(fields))


def is_empty(field: Explained) -> bool:
    """Say whether a field got no value: nothing was written, or null."""
    return field.value is NOTHING or field.value is None


def _objects(explanation: Explanation) -> list[tuple[Explained, list[str]]]:
    """Give each field with the objects that it stands in, the outermost first; not those around all of them."""
    names = [field.target.split(".") for field in explanation.fields]
    common = 0
    for parts in zip(*([_INDEX.sub("", part) for part in each] for each in names), strict=False):
        if len(set(parts)) > 1:
            break
        common += 1
    return [
        (field, [".".join(parts[:end]) for end in range(max(common, 1), len(parts))])
        for field, parts in zip(explanation.fields, names, strict=True)
    ]


def _untouched(field: Explained) -> bool:
    return field.value is NOTHING and not field.steps and field.raw is None


def _stopped(explanation: Explanation, failure: MappingFailed) -> Explanation:
    """Give the explanation of a run whose result was refused: the field that it was refused for comes last."""
    whole = Explained(failure.target, failure.rule, "", "", 0, None, (), NOTHING)
    at_fault = next((each for each in explanation.fields if each.target == failure.target), whole)
    others = tuple(each for each in explanation.fields if each is not at_fault)
    fields = (*others, at_fault._replace(reason=failure.reason))
    return explanation._replace(fields=fields, failure=failure.reason)


def _packed(explanation: Explanation, *, left_out: int) -> bytes:
    return orjson.dumps({**explanation.plain(), "left_out": left_out})


def _each(explanation: Explanation, show: Show) -> Explanation:
    """Give it with every value shown differently."""
    fields = tuple(
        field._replace(
            raw=show(field.raw),
            steps=tuple(_step(step, show) for step in field.steps),
            value=show(field.value),
        )
        for field in explanation.fields
    )
    return explanation._replace(fields=fields)


def _step(step: Converted, show: Show) -> Converted:
    return step._replace(given=show(step.given), gives=show(step.gives))


def _hidden(value: Any) -> Any:  # noqa: ANN401 - a value of a message
    return value if value is NOTHING or value is None else HIDDEN


def _plain(value: Any, depth: int = _DEPTH_MAX) -> Any:  # noqa: ANN401 - a value of a message, to what JSON can hold
    match value:
        case None | bool() | float():
            return value
        case str():
            # A lone surrogate, which JSON of a sender can hold, is no UTF-8.
            return str(value).encode(errors="replace").decode()
        case int():
            return value if value.bit_length() <= _INT_BITS_MAX else str(value)
        case dict() if depth:
            return {str(name): _plain(each, depth - 1) for name, each in value.items()}
        case list() | tuple() if depth:
            return [_plain(each, depth - 1) for each in value]
        case _:
            return value if value is NOTHING else f"<{type(value).__name__}>"


def _cut(value: Any) -> Any:  # noqa: ANN401 - JSON data
    if isinstance(value, dict | list):
        text = orjson.dumps(value).decode()
        return value if len(text) <= TRACE_VALUE_CHARS_MAX else f"{text[:TRACE_VALUE_CHARS_MAX]}…"
    if isinstance(value, str) and len(value) > TRACE_VALUE_CHARS_MAX:
        return f"{value[:TRACE_VALUE_CHARS_MAX]}…"
    return value
