"""Whether a condition can hold at all: as far as the definition says which values there are.

It knows conditions and fields. It refuses to know messages.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from itertools import combinations

from hub.mapping.lint.definition import Field
from hub.mapping.lint.findings import Finding, near
from hub.mapping.lint.sources import Looked
from hub.mapping.lint.written import File
from hub.mapping.paths import Source
from hub.mapping.rules import Combined, Condition, Test

Look = Callable[[Source], Looked]


def holds(condition: Condition, look: Look) -> bool | None:
    """Tell whether a condition always or never holds; None when it depends on the message."""
    if isinstance(condition, Test):
        return _test(condition, look)
    parts = [holds(each, look) for each in condition.parts]
    if condition.kind == "not":
        return None if parts[0] is None else not parts[0]
    if condition.kind == "all":
        if False in parts or _exclude(condition.parts):
            return False
        return True if parts and None not in parts else None
    if True in parts or any(_opposite(one, other) for one, other in combinations(condition.parts, 2)):
        return True
    return False if parts and None not in parts else None


def unknown_values(condition: Condition, look: Look, file: File) -> Iterator[Finding]:
    """Tell of every value that a field never has."""
    if isinstance(condition, Combined):
        for each in condition.parts:
            yield from unknown_values(each, look, file)
        return
    field = look(condition.path).item.field
    written = file.value(condition.place, condition.kind)
    places = written.value if written and isinstance(written.value, tuple) else (written,)
    for value, node in zip(condition.values, places, strict=False):
        if field is not None and not _possible(field, _text(value)):
            guess = near(_text(value), field.words or (("true", "false") if field.kind == "boolean" else ()))
            reason = f"`{condition.path.text}` is never `{_text(value)}`"
            yield Finding("never-holds", node.place if node else condition.place, reason, guess.advice)


def _test(test: Test, look: Look) -> bool | None:
    looked = look(test.path)
    field = looked.item.field
    if looked.miss or field is None:
        return None
    if test.kind == "exists":
        return test.expected if looked.sure else None
    if test.kind == "matches":
        return None
    given = {_text(each) for each in test.values}
    if not any(_possible(field, each) for each in given):
        return False
    return True if looked.sure and field.words and set(field.words) <= given else None


def _possible(field: Field, value: str) -> bool:
    if field.words:
        return value in field.words
    if field.kind == "boolean":
        return value in {"true", "false"}
    return field.kind != "number" or value.lstrip("-").replace(".", "", 1).isdigit()


def _text(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _exclude(parts: Iterable[Condition]) -> bool:
    """Tell whether two conditions never hold together: one field with two values, or one the opposite of the other."""
    return any(
        _opposite(one, other) or (_same_field(one, other) and not _values(one) & _values(other))
        for one, other in combinations(tuple(parts), 2)
    )


def _same_field(one: Condition, other: Condition) -> bool:
    """Tell whether both compare the value of one field that stands there once."""
    return (
        isinstance(one, Test)
        and isinstance(other, Test)
        and {one.kind, other.kind} <= {"equals", "in"}
        and one.path == other.path
    )


def _values(condition: Condition) -> set[str]:
    return {_text(each) for each in condition.values} if isinstance(condition, Test) else set()


def _opposite(one: Condition, other: Condition) -> bool:
    for this, that in ((one, other), (other, one)):
        if isinstance(this, Combined) and this.kind == "not" and meaning(this.parts[0]) == meaning(that):
            return True
    return (
        isinstance(one, Test)
        and isinstance(other, Test)
        and one.kind == other.kind == "exists"
        and one.path == other.path
        and one.expected is not other.expected
    )


def meaning(condition: Condition | None) -> object:
    """Give what a condition says, without where it stands."""
    if condition is None:
        return None
    if isinstance(condition, Combined):
        return condition.kind, tuple(meaning(each) for each in condition.parts)
    matches = condition.matches
    called = (
        (matches.name, matches.bare and matches.bare[0], tuple(each[:2] for each in matches.settings))
        if matches
        else ()
    )
    return condition.path.text, condition.kind, condition.values, condition.expected, called
