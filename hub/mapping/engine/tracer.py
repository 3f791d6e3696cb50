"""A run that tells everything: why each field is what it is, where each value came from, and what went wrong.

The code of a traced run is written by the same generator; here is what it calls. It knows rules and rows. It refuses to
know how an explanation is shown or kept.
"""

from __future__ import annotations

from typing import Any, NoReturn

from lxml import etree

from hub.errors import MappingFailed
from hub.mapping.engine.filling import (
    NOTHING,
    TOO_MUCH,
    Applied,
    Asks,
    Context,
    Filling,
    Out,
    Run,
    list_at,
    list_of,
    noted,
)
from hub.mapping.engine.shape import NOTES, Frame, Row, Spot
from hub.mapping.engine.values import Repeated, Value
from hub.mapping.functions.contract import Unfit
from hub.mapping.lookups import ANSWERS
from hub.mapping.rules import Action, Reason
from hub.mapping.trace import NOTHING as NONE
from hub.mapping.trace import Converted, Explained

_REASONS = {
    Reason.AFWEZIG: "not in the message",
    Reason.LEEG: "empty in the message",
}
_ACTIONS = {
    Action.OMIT: "left out",
    Action.NULL: "written as null",
    Action.DEFAULT: "the default is used",
    Action.FAIL: "the rule fails",
    Action.KEEP: "there are no items",
}


class Tracer(Run):
    """A run in which every rule takes the long way."""

    __slots__ = ("_at", "_calls", "_places", "_ran", "_read", "_source", "_why", "fields")
    traced = True

    def __init__(self, context: Context) -> None:
        """Begin with nothing told."""
        super().__init__(context)
        self.fields: list[Explained] = []
        self._at: list[str] = []
        self._source = ""
        self._calls: list[Converted] = []
        self._why = ""
        self._places: list[tuple[str, int, Spot, Row, Value]] = []
        self._ran: set[int] = set()
        self._read: set[tuple[int, int]] = set()

    # Where values came from, and which were read.

    def place(self, spot: Spot, path: str, row: Row, item: Value) -> None:
        """Take where a value came from."""
        self._places.append((path, id(item), spot, row, item))

    def ran(self, row: Row) -> None:
        """Take it that the rules of a row are run."""
        self._ran.add(id(row))

    def pass_over(self, frames: list[Frame], frame: int, row: Row, read: frozenset[int]) -> None:  # noqa: ARG002 - as of any run
        """Take it that of an item only these cells were read."""
        self._read |= {(id(row), cell) for cell in read}

    def doubt(self, spot: Spot, row: Row) -> None:
        """Leave it to the count at the end."""

    def count(self) -> None:
        """Add the values that no rule has read, each known by its path and the element it came from."""
        read = {(path, item) for path, item, spot, row, _ in self._places if self._was_read(spot, row)}
        self.unread |= {path for path, item, _, _, _ in self._places if (path, item) not in read}

    def _was_read(self, spot: Spot, row: Row) -> bool:
        if spot.leaf.settled or (id(row), spot.cell) in self._read or (spot.used and row[spot.used]):
            return True
        return spot.sure and id(row) in self._ran

    # Where in the result we are.

    def enter(self, rule: Filling) -> None:
        """Go into an object."""
        self._at.append(rule.text)

    def enter_item(self, out: Out, rule: Filling, made: list[Any]) -> None:
        """Go into the next item of a list."""
        self._at.append(f"{rule.text}[{len(list_at(out, rule.names)) + len(made)}]")

    def leave(self) -> None:
        """Go back."""
        self._at.pop()

    # What is found elsewhere.

    def found(self, asks: Asks, made: Out) -> Out | None:
        """Give what was found, and tell who answered what question."""
        said = self.context.get(ANSWERS)
        question = asks.question(made)
        if said is None:
            self._tell_lookup(asks, (), NONE, "nobody is asked to show a message")
        elif question.key in said:
            answered = said[question.key]
            count = len(answered.found) if answered is not None else None
            given = {**question.data, "velden": list(question.velden)} if question.velden else question.data
            step = Converted(f"ask {asks.lookup.asks}", given, count)
            how = answered.how if answered is not None else "it could not be asked"
            self._tell_lookup(asks, (step,), NONE if count is None else count, how)
        return super().found(asks, made)

    def missed(self, asks: Asks, why: str) -> Out:
        """Say what is found where nothing is, and tell why."""
        if asks.lookup.nothing != "fail":
            self._tell_lookup(asks, (), NONE, why)
        return super().missed(asks, why)

    def _tell_lookup(self, asks: Asks, steps: tuple[Converted, ...], value: Value, reason: str) -> None:
        target = ".".join((*self._at, f"?{asks.lookup.asks}"))
        place = (target, _place(asks.rule), asks.rule.layer, asks.lookup.asks)
        self.fields.append(Explained(*place, 0, None, steps, value, reason))

    # Rules.

    def source(self, path: str) -> None:
        """Take the path of the value that comes next."""
        self._source = path

    def fill(self, out: Out, rule: Filling, value: Value, row: Row | None, cell: int) -> None:
        """Write what a value becomes, and tell it."""
        text = rule.text
        if rule.many:
            text = f"{text}[{len(list_at(out, rule.names))}]"
        self.write(out, rule, self._told(rule, text, value, row, cell))

    def fill_every(self, out: Out, rule: Filling, found: list[tuple[Value, Value]] | None) -> None:
        """Append every occurrence to a list, and tell each."""
        given = found or [(None, None)]
        self.spend(len(given))
        before = len(list_at(out, rule.names))
        kept: list[Value] = []
        for value, item in given:
            self._source = rule.path
            settled = self._told(rule, f"{rule.text}[{before + len(kept)}]", value, [None, {0: item}], 0)
            if settled is not NOTHING:
                kept.append(settled)
        if kept:
            list_of(out, rule.names).extend(kept)

    def constant(self, out: Out, rule: Filling) -> None:
        """Write the value that the rule has, and tell it."""
        text = rule.text
        if rule.many:
            text = f"{text}[{len(list_at(out, rule.names))}]"
        super().constant(out, rule)
        self._tell(rule, text, "", 0, None, rule.default, "always this value")

    def skipped(self, rules: tuple[tuple[Filling, tuple[str, ...]], ...], reason: str) -> None:
        """Tell that rules are not run."""
        for rule, below in rules:
            target = ".".join((*self._at, *below, rule.text + ("[]" if rule.many else "")))
            self.fields.append(Explained(target, _place(rule), rule.layer, rule.path, 0, None, (), NONE, reason))

    def said(self, out: Out, rule: Filling, reason: Reason, row: Row) -> None:
        """Write what an item becomes of which the sender says that it has no value, and tell it."""
        self._source, self._why = rule.path, ""
        before = len(self.fields)
        super().said(out, rule, reason, row)
        if rule.names and rule.actions[reason] is Action.NULL and len(self.fields) == before:
            self._tell(rule, rule.text, rule.path, _line(row, 0), None, None, self._why)

    def _told(self, rule: Filling, text: str, value: Value, row: Row | None, cell: int) -> Value:
        self._calls, self._why = [], ""
        raw = None if value.__class__ in (Reason, Repeated) else value
        settled = self.settle(rule, value, row, cell)
        line = 0 if value is None else _line(row, cell)
        self._tell(rule, text, self._source, line, _shown(raw), NONE if settled is NOTHING else settled, self._why)
        return settled

    def _tell(  # noqa: PLR0917 - the columns of one line
        self, rule: Filling, text: str, source: str, line: int, raw: Value, value: Value, reason: str
    ) -> None:
        target = ".".join((*self._at, text))
        steps = tuple(self._calls)
        self.fields.append(Explained(target, _place(rule), rule.layer, source, line, raw, steps, value, reason))

    def without(self, rule: Filling, reason: Reason, row: Row | None = None, cell: int = 0) -> Value:
        """Give what to write for a field without value, and remember why."""
        action = rule.actions[reason]
        said = _REASONS.get(reason, f"noValue {reason.value}")
        if reason is Reason.LEEG and self._calls:
            said = f"the function `{self._calls[-1].function}` gave nothing"
        self._why = f"{said}: {_ACTIONS[action]}"
        return super().without(rule, reason, row, cell)

    def call(self, rule: Filling, function: Applied, value: Value, row: Row | None, cell: int) -> Value:
        """Apply one function, and tell what it was given and gave."""
        try:
            gives = function.apply(value, noted(row, cell)) if function.attributes else function.apply(value)
        except Unfit as problem:
            self._calls.append(Converted(function.name, _shown(value), None, str(problem)))
            self._stop(rule, str(problem), row, cell, value)
        except Exception:  # noqa: BLE001 - a defect of a function never stops a worker
            self._calls.append(Converted(function.name, _shown(value), None, "the function broke down"))
            self._stop(rule, f"the function `{function.name}` broke down: a defect of the function", row, cell, value)
        self._calls.append(Converted(function.name, _shown(value), gives))
        return gives

    def fits(self, rule: Filling, value: Value, row: Row | None, cell: int) -> bool:
        """Tell whether the functions accept a value."""
        try:
            return super().fits(rule, value, row, cell)
        except MappingFailed:
            raise
        except Exception:  # noqa: BLE001 - as above
            names = ", ".join(f"`{each.name}`" for each in rule.calls)
            self._stop(rule, f"the function {names} broke down: a defect of the function", row, cell, value)

    def spend(self, count: int) -> None:
        """Count the items of the result."""
        self.left -= count
        if self.left < 0:
            last = self.fields[-1] if self.fields else Explained("", "", "", "", 0, None, (), NONE)
            self.fields.append(last._replace(raw=None, steps=(), value=NONE, reason=TOO_MUCH))
            raise MappingFailed(TOO_MUCH, rule=last.rule, target=last.target, path=last.source) from None

    def fail(self, rule: Filling, reason: str, row: Row | None = None, cell: int = 0) -> NoReturn:
        """Tell where and why, and stop."""
        self._calls = []
        self._stop(rule, reason, row, cell, None)

    def _stop(self, rule: Filling, reason: str, row: Row | None, cell: int, value: Value) -> NoReturn:
        line = _line(row, cell)
        self._tell(rule, rule.text or rule.target, rule.path, line, _shown(value), NONE, reason)
        raise MappingFailed(reason, rule=_place(rule), target=rule.target, path=rule.path, line=line) from None


def _place(rule: Filling) -> str:
    return str(rule.place)


def _line(row: Row | None, cell: int) -> int:
    """Give the line of the message that a value came from; of an absent one that of the item it is not in."""
    notes = None if row is None else row[NOTES]
    if notes is None:
        return 0
    item = notes.get(cell)
    return getattr(item, "sourceline", 0) or 0


def _shown(value: Value) -> Value:
    """Give a value as it can be told: an element by its XML."""
    return etree.tostring(value, encoding="unicode", with_tail=False) if etree.iselement(value) else value
