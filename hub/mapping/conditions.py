"""Conditions of `when`, as closures over slots.

It knows tests; it refuses to know targets. A condition that compares reads its field; one that asks whether a field
exists does not: what it leaves behind is still reported as unread.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import NamedTuple

from hub.mapping.calls import element_wanted, pipeline
from hub.mapping.functions.contract import Unfit
from hub.mapping.paths import Source
from hub.mapping.read import Files
from hub.mapping.rules import Combined, Condition, Reason, Test
from hub.mapping.run import Run
from hub.mapping.shape import Row, Spot
from hub.mapping.steps import Check, Convert, Fetch, Origin
from hub.mapping.walk import Repeated, as_text


class Reader(NamedTuple):
    """How to read a path, and the spots that must have a value for it to have one; None when that can't be told."""

    fetch: Fetch
    spots: list[Spot] | None


class Readers(NamedTuple):
    """The ways to read a path, and the files that functions may need."""

    value: Callable[[Source], Reader]
    presence: Callable[[Source], Reader]
    element: Callable[[Source], Reader]
    files: Files


def condition(written: Condition, readers: Readers) -> Check:
    """Compile a condition."""
    if isinstance(written, Combined):
        parts = tuple(condition(each, readers) for each in written.parts)
        if written.kind == "not":
            inner = parts[0]
            return lambda row, run: not inner(row, run)
        return _all(parts) if written.kind == "all" else _any(parts)
    fetch = _read(written, readers).fetch
    origin = Origin(written.place, "when", written.path.text)
    if written.kind == "exists":
        return _exists(fetch, expected=written.expected)
    if written.matches:
        return _matches(fetch, pipeline((written.matches,), readers.files), origin)
    return _among(fetch, frozenset(as_text(each) for each in written.values), origin)


def needed(written: Condition, readers: Readers) -> list[Spot] | None:
    """Give spots of which at least one must have a value for the condition to hold; None when it may hold without."""
    if isinstance(written, Test):
        return _read(written, readers).spots if written.expected else None
    if written.kind == "not":
        return None
    parts = [needed(each, readers) for each in written.parts]
    if written.kind == "all":
        return next((each for each in parts if each is not None), None)
    return together(parts)


def together(parts: Iterable[list[Spot] | None]) -> list[Spot] | None:
    """Join spots; None when any part has None."""
    joined: list[Spot] = []
    for each in parts:
        if each is None:
            return None
        joined += each
    return joined


def _read(written: Test, readers: Readers) -> Reader:
    if written.kind == "exists":
        return readers.presence(written.path)
    whole = written.matches is not None and element_wanted((written.matches,))
    return (readers.element if whole else readers.value)(written.path)


def _all(parts: tuple[Check, ...]) -> Check:
    def check(row: Row, run: Run) -> bool:
        for part in parts:  # noqa: SIM110 - a generator costs more than the checks
            if not part(row, run):
                return False
        return True

    return check


def _any(parts: tuple[Check, ...]) -> Check:
    def check(row: Row, run: Run) -> bool:
        for part in parts:  # noqa: SIM110 - a generator costs more than the checks
            if part(row, run):
                return True
        return False

    return check


def _exists(fetch: Fetch, *, expected: bool) -> Check:
    return lambda row, run: bool(fetch(row, run)[0]) is expected


def _among(fetch: Fetch, values: frozenset[str], origin: Origin) -> Check:
    def check(row: Row, run: Run) -> bool:
        value, item = fetch(row, run)
        if value.__class__ is Repeated:
            origin.fail(f"occurs {value.times} times where one is expected", item)
        if value is None or value.__class__ is Reason:
            return False
        return (value if value.__class__ is str else as_text(value)) in values

    return check


def _matches(fetch: Fetch, convert: Convert, origin: Origin) -> Check:
    def check(row: Row, run: Run) -> bool:
        value, item = fetch(row, run)
        if value.__class__ is Repeated:
            origin.fail(f"occurs {value.times} times where one is expected", item)
        if value is None or value.__class__ is Reason:
            return False
        try:
            return convert(value, item) is not None
        except Unfit:
            return False

    return check
