"""Rules as closures: each reads its slot, converts, and writes its target.

It knows values, empty fields and failures. It refuses to know YAML and paths; `compile` gives it slots and callables.
No failure ever holds a value of the message.
"""

from __future__ import annotations

import copy
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, NoReturn

from hub.config.yaml import Place
from hub.errors import MappingFailed
from hub.mapping.functions.contract import Unfit, is_element
from hub.mapping.rules import Action, Reason
from hub.mapping.run import Run, Step, run_rules
from hub.mapping.shape import ITEM, ORIGIN, RULES, USED, Row, Value
from hub.mapping.walk import Repeated, reason_of

Fetch = Callable[[Row, Run], tuple[Any, Any]]
"""Gives a value (None when absent, a Reason when empty) and the element it came from."""
Convert = Callable[[Any, Any], Any]
"""Applies the functions of `via` to a value and its element; raises Unfit; None means nothing."""
Check = Callable[[Row, Run], bool]

_NOTHING: Any = object()


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a rule stands, what it fills and from what: all that a failure may tell."""

    place: Place
    target: str
    path: str

    def fail(self, reason: str, item: Value = None) -> NoReturn:
        """Raise MappingFailed; `item` is the element it went wrong at."""
        line = getattr(item, "sourceline", 0) or 0  # JSON has no lines
        raise MappingFailed(reason, rule=str(self.place), target=self.target, path=self.path, line=line) from None


@dataclass(frozen=True, slots=True)
class Outcome:
    """What becomes of a value: its conversion, and what to do when there is none."""

    origin: Origin
    convert: Convert | None
    actions: dict[Reason, Action]
    default: Any
    required: bool

    @property
    def blank(self) -> dict[Reason, Any]:
        """What to write for each reason that does not fail."""
        failing = (Action.FAIL, *((Action.OMIT, Action.NULL) if self.required else ()))
        return {reason: self.without(reason, None) for reason, action in self.actions.items() if action not in failing}

    @property
    def quiet(self) -> bool:
        """Whether nothing happens when the source is not in the message."""
        return self.actions[Reason.AFWEZIG] is Action.OMIT and not self.required

    def settle(self, value: Value, item: Value) -> Value:
        """Give what to write, or _NOTHING; raises MappingFailed."""
        if value.__class__ is Repeated:
            self.origin.fail(f"occurs {value.times} times where one is expected", item)
        if value is None:
            return self.without(Reason.AFWEZIG, item)
        if value.__class__ is Reason:
            return self.without(value, item)
        if self.convert is not None:
            try:
                value = self.convert(value, item)
            except Unfit as problem:
                self.origin.fail(str(problem), item)
            if value is None:
                return self.without(Reason.LEEG, item)
        # The result never shares an object with the source: whoever changes one would change the other.
        return copy.deepcopy(value) if value.__class__ in (dict, list) else value

    def without(self, reason: Reason, item: Value) -> Value:
        """Give what to write for an empty field, or _NOTHING."""
        action = self.actions[reason]
        if action is Action.DEFAULT:
            return self.default
        if action is Action.FAIL or self.required:
            self.origin.fail(f"has no value: {reason.value}", item)
        return None if action is Action.NULL else _NOTHING


def own(slot: int, *, mark: bool) -> Fetch:
    """Read a slot of the current item; `mark`: note that it was used."""

    def fetch(row: Row, _run: Run) -> tuple[Any, Any]:
        if mark:
            row[slot + USED] = True
        return row[slot], row[slot + ORIGIN]

    return fetch


def absolute(slot: int, *, mark: bool) -> Fetch:
    """Read a slot of the message."""
    inner = own(slot, mark=mark)
    return lambda _row, run: inner(run.row, run)


def given(name: str) -> Fetch:
    """Read a value that came with the message."""
    return lambda _row, run: (run.context.get(name), None)


def first_of(fetches: tuple[Fetch, ...]) -> Fetch:
    """Read the first place that has a value; without any, the first that says why."""

    def fetch(row: Row, run: Run) -> tuple[Any, Any]:
        empty: tuple[Any, Any] = (None, None)
        found: tuple[Any, Any] | None = None
        for each in fetches:
            value, item = each(row, run)
            if value is None or value.__class__ is Reason:
                empty = empty if empty[0] is not None else (value, item)
            elif found is None:
                found = (value, item)
        return found or empty

    return fetch


def constant(names: tuple[str, ...], value: Value, origin: Origin, *, many: bool) -> Step:
    """Write the same value always."""
    if many:
        return lambda _row, out, _run: _list(out, names).append(value)
    return lambda _row, out, _run: _put(out, names, value, origin)


def fill(names: tuple[str, ...], fetch: Fetch, outcome: Outcome, *, many: bool = False) -> Step:
    """Write one value; `many`: append it to a list."""
    settle, origin = outcome.settle, outcome.origin

    def step(row: Row, out: dict[str, Any], run: Run) -> None:
        value = settle(*fetch(row, run))
        if value is _NOTHING:
            return
        if many:
            _list(out, names).append(value)
        else:
            _put(out, names, value, origin)

    return step


def fill_plainly(names: tuple[str, ...], slot: int, fetch: Fetch, outcome: Outcome, *, mark: bool) -> Step:
    """Write one value from the current item: `fill`, with a short way for a text and a target of one name."""
    general = fill(names, fetch, outcome)
    if len(names) > 1:
        return general
    name, convert, origin, blank = names[0], outcome.convert, outcome.origin, outcome.blank

    def step(row: Row, out: dict[str, Any], run: Run) -> None:
        value = row[slot]
        kind = value.__class__
        if name in out or (kind is not str and (kind is not Reason or value not in blank)):
            general(row, out, run)
            return
        if kind is Reason:
            value = blank[value]
        elif convert is not None:
            try:
                value = convert(value, row[slot + ORIGIN])
            except Unfit as problem:
                origin.fail(str(problem), row[slot + ORIGIN])
            if value is None:
                value = outcome.without(Reason.LEEG, row[slot + ORIGIN])
        if mark:
            row[slot + USED] = True
        if value is not _NOTHING:
            out[name] = value

    return step


def fill_every(names: tuple[str, ...], fetch: Fetch, outcome: Outcome) -> Step:
    """Append every occurrence to a list."""

    def step(row: Row, out: dict[str, Any], run: Run) -> None:
        found, _ = fetch(row, run)
        values = [outcome.settle(*each) for each in found] if found else [outcome.without(Reason.AFWEZIG, None)]
        kept = [each for each in values if each is not _NOTHING]
        if kept:
            _list(out, names).extend(kept)

    return step


def together(steps: tuple[Step, ...], names: tuple[str, ...], origin: Origin, *, required: bool) -> Step:
    """Make one object of the current item; without `names`, write into the same object."""

    def step(row: Row, out: dict[str, Any], run: Run) -> None:
        made: dict[str, Any] = {} if names else out
        before = len(made)
        for each in steps:
            each(row, made, run)
        if names and made:
            _put(out, names, made, origin)
        if required and len(made) == before:
            origin.fail("nothing came out", row[0])

    return step


def single(
    slot: int, check: Check | None, steps: tuple[Step, ...], outcome: Outcome, names: tuple[str, ...], *, first: bool
) -> Step:
    """Make one object of the one item in `slot` (or of the `first` of several); without `names`, add to this object."""
    origin = outcome.origin

    def step(row: Row, out: dict[str, Any], run: Run) -> None:
        items = row[slot]
        if not items:
            empty(Reason.AFWEZIG, row[ITEM], out)
            return
        if len(items) > 1 and not first:
            origin.fail(f"occurs {len(items)} times where one is expected", items[1][ITEM])
        item = items[0]
        if check is not None and not check(item, run):
            return
        reason = _said_empty(item[ITEM])
        if reason is not None:
            item[RULES] = None  # what it says is that there is nothing to read
            empty(reason, item[ITEM], out)
            return
        made: dict[str, Any] = {} if names else out
        before = len(made)
        run_rules(steps, item, made, run)
        if names and made:
            _put(out, names, made, origin)
        elif outcome.required and len(made) == before:
            origin.fail("nothing came out", item[ITEM])

    def empty(reason: Reason, item: Value, out: dict[str, Any]) -> None:
        value = outcome.without(reason, item)
        if value is not _NOTHING and names:
            _put(out, names, value, origin)

    return step


def every(slot: int, check: Check | None, steps: tuple[Step, ...], outcome: Outcome, names: tuple[str, ...]) -> Step:
    """Append an object for every item in `slot`; an item that gives nothing is left out."""

    def step(row: Row, out: dict[str, Any], run: Run) -> None:
        made = []
        for item in row[slot] or ():
            if check is not None and not check(item, run):
                continue
            inner: dict[str, Any] = {}
            run_rules(steps, item, inner, run)
            if inner:
                made.append(inner)
        if made:
            _list(out, names).extend(made)
            return
        # An item that says that it has no value says so of the list: there are none.
        items = row[slot]
        said = next(filter(None, (_said_empty(item[ITEM]) for item in items)), None) if items else Reason.AFWEZIG
        if said or outcome.required:
            value = outcome.without(said or Reason.AFWEZIG, row[ITEM])
            if value is not _NOTHING:
                _put(out, names, value, outcome.origin)

    return step


def guarded(check: Check, inner: Step) -> Step:
    """Do `inner` only when the condition holds."""

    def step(row: Row, out: dict[str, Any], run: Run) -> None:
        if check(row, run):
            inner(row, out, run)

    return step


def at_root(inner: Step) -> Step:
    """Do `inner` with the slots of the message instead of those of the item."""
    return lambda _row, out, run: inner(run.row, out, run)


def _said_empty(item: Value) -> Reason | None:
    """Give the reason when the sender says that the whole item has no value (StUF 03.01 §6), else None."""
    if is_element(item):
        if len(item) or (item.text and not item.text.isspace()):
            return None
        reason = reason_of(item.items())
        return None if reason is Reason.LEEG else reason
    return Reason.GEEN_WAARDE if item is None else None


def _put(out: dict[str, Any], names: tuple[str, ...], value: Value, origin: Origin) -> None:
    for name in names[:-1]:
        inner = out.get(name)
        if inner is None:
            inner = out[name] = {}
        out = inner
    last = names[-1]
    before = out.get(last)
    if before is None:
        out[last] = value
    elif value is None:
        pass  # one rule knows that there is no value, another has one: the value wins
    elif before.__class__ is dict and value.__class__ is dict:
        _merge(before, value, origin)
    else:
        origin.fail("another rule has filled this target already: their conditions must exclude one another")


def _merge(into: dict[str, Any], more: dict[str, Any], origin: Origin) -> None:
    for name, value in more.items():
        if into.get(name).__class__ is list and value.__class__ is list:
            into[name].extend(value)
        else:
            _put(into, (name,), value, origin)


def _list(out: dict[str, Any], names: tuple[str, ...]) -> list[Any]:
    for name in names[:-1]:
        inner = out.get(name)
        if inner is None:
            inner = out[name] = {}
        out = inner
    found = out.get(names[-1])
    if found is None:
        found = out[names[-1]] = []
    made: list[Any] = found
    return made
