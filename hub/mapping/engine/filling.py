"""What becomes of a value: its functions, what to write when there is none, and where it goes in the result.

The generated code calls this for all that is not a plain text; what it does inline is the short way of the same. It
knows values, empty fields and failures. It refuses to know YAML, paths and messages as a whole. No failure ever holds
a value of the message.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple, NoReturn, Protocol

from hub.config.policy import OUTPUT_ITEMS_MAX
from hub.config.yaml import Place
from hub.mapping.engine.cells import Report
from hub.mapping.engine.shape import NOTES, Frame, Row, Spot
from hub.mapping.engine.values import NESTED, Repeated, Value, as_text, attributes_of, copied, tells
from hub.mapping.functions.contract import Unfit
from hub.mapping.lookups import ANSWERS, Question
from hub.mapping.rules import Action, Lookup, Reason

Context = dict[str, Any]
Out = dict[str, Any]


class _Nothing:
    """What is written where a rule writes nothing."""


NOTHING: Any = _Nothing()
NO_ATTRIBUTES: dict[str, str] = {}
TOO_MUCH = f"the result has more than {OUTPUT_ITEMS_MAX} items"


class Applied(NamedTuple):
    """A function with its settings.

    `attributes`: it asks for those of the element; `nested`: it may give objects; `bare`: it takes one without fields.
    """

    name: str
    apply: Callable[..., Any]
    attributes: bool
    nested: bool
    bare: bool
    place: Place


_SILENT = (Action.OMIT, Action.KEEP)
"""What leaves out a list of which there is nothing."""


class Filling:
    """One rule as it runs: all that a failure and an explanation may tell, and what to do with a value."""

    __slots__ = (
        "actions", "bare", "calls", "default", "keeps", "layer", "many", "names", "path", "paths", "place", "quiet",
        "required", "target", "text",
    )  # fmt: skip

    def __init__(
        self,
        *,
        place: Place,
        layer: str,
        target: str,
        text: str,
        names: tuple[str, ...],
        many: bool,
        paths: tuple[str, ...],
        calls: tuple[Applied, ...],
        actions: dict[Reason, Action],
        default: Value,
        required: bool,
    ) -> None:
        """Take what the rule says; `target` and `paths` are whole, `text` and `names` begin at the object at hand."""
        self.place = place
        self.layer = layer
        self.target = target
        self.text = text
        self.names = names
        self.many = many
        self.paths = paths
        self.path = " | ".join(paths)
        self.calls = calls
        self.actions = actions
        self.default = default
        self.required = required
        self.quiet = actions.get(Reason.AFWEZIG) in _SILENT and not required
        self.keeps = actions.get(Reason.LEEG) is Action.KEEP
        self.bare = calls[0].bare if calls else self.keeps

    def silent(self, reason: Reason) -> bool:
        """Tell whether nothing happens when the field has no value for this reason."""
        return self.actions[reason] is Action.OMIT and not self.required


class Stopped(Exception):
    """A rule can't be applied to this message."""


class Asks(Protocol):
    """A question to be made: see `hub.mapping.engine.plan.Asks`."""

    @property
    def rule(self) -> Filling:
        """What a failure may tell."""
        ...

    @property
    def lookup(self) -> Lookup:
        """What the rule says."""
        ...

    @property
    def needed(self) -> tuple[str, ...]:
        """The fields that it can't do without."""
        ...

    def question(self, made: Out) -> Question:
        """Give the question."""
        ...


class Run(Report):
    """One run: what every rule may see, and what the long ways of a rule do.

    `row` is that of the message. `exact`: something can be accounted for by the traced run only.
    """

    __slots__ = ("context", "exact", "left", "row")

    def __init__(self, context: Context) -> None:
        """Begin with nothing read."""
        super().__init__()
        self.context = context
        self.row: Row = []
        self.exact = False
        self.left = OUTPUT_ITEMS_MAX

    def fail(self, rule: Filling, reason: str, row: Row | None = None, cell: int = 0) -> NoReturn:
        """Stop: the traced run says where and why."""
        raise Stopped(rule.target, reason, row is None, cell)

    def spend(self, count: int) -> None:
        """Count the items of the result."""
        self.left -= count
        if self.left < 0:
            raise Stopped(TOO_MUCH)

    def fill(self, out: Out, rule: Filling, value: Value, row: Row | None, cell: int) -> None:
        """Write what a value becomes."""
        self.write(out, rule, self.settle(rule, value, row, cell))

    def write(self, out: Out, rule: Filling, settled: Value) -> None:
        """Write what came out of a rule, or nothing for NOTHING."""
        if settled is NOTHING:
            return
        if rule.many:
            self.spend(1)
            list_of(out, rule.names).append(settled)
        else:
            self.put(out, rule, settled)

    def fill_every(self, out: Out, rule: Filling, found: list[tuple[Value, Value]] | None) -> None:
        """Append every occurrence to a list."""
        given = found or [(None, None)]
        self.spend(len(given))
        values = [self.settle(rule, value, _held(item), 0) for value, item in given]
        kept = [each for each in values if each is not NOTHING]
        if kept:
            list_of(out, rule.names).extend(kept)

    def constant(self, out: Out, rule: Filling) -> None:
        """Write the value that the rule has."""
        if rule.many:
            list_of(out, rule.names).append(rule.default)
        else:
            self.put(out, rule, rule.default)

    def settle(self, rule: Filling, value: Value, row: Row | None, cell: int) -> Value:
        """Give what to write, or NOTHING."""
        if value is None:
            return self.without(rule, Reason.AFWEZIG, row, cell)
        if value.__class__ is Reason:
            if value is not Reason.LEEG or not rule.bare:
                return self.without(rule, value, row, cell)
            value = {}
        if value.__class__ is Repeated:
            self.fail(rule, f"occurs {value.times} times where one is expected", row, cell)
        for each in rule.calls:
            value = self.call(rule, each, value, row, cell)
            if value is None:
                return self.without(rule, Reason.LEEG, row, cell)
        return copied(value, self.spend) if value.__class__ in NESTED else value

    def call(self, rule: Filling, function: Applied, value: Value, row: Row | None, cell: int) -> Value:  # noqa: ARG002 - the traced run tells the rule
        """Apply one function."""
        return function.apply(value, noted(row, cell)) if function.attributes else function.apply(value)

    def without(self, rule: Filling, reason: Reason, row: Row | None = None, cell: int = 0) -> Value:
        """Give what to write for a field without value, or NOTHING."""
        action = rule.actions[reason]
        if action is Action.DEFAULT:
            return rule.default
        if action is Action.FAIL or rule.required:
            self.fail(rule, f"has no value: {reason.value}", row, cell)
        return None if action is Action.NULL else NOTHING

    def put(self, out: Out, rule: Filling, value: Value) -> None:
        """Write a value where another rule may have written one."""
        for name in rule.names[:-1]:
            inner = out.get(name)
            if inner is None:
                inner = out[name] = {}
            out = inner
        name = rule.names[-1]
        if out.get(name) is None:
            out[name] = value
        else:
            self._place(out, name, value, rule)

    def add(self, out: Out, rule: Filling, made: Out) -> None:
        """Put all fields of an object in another, where other rules may have written some."""
        for name, value in made.items():
            before = out.get(name)
            if before.__class__ is list and value.__class__ is list:
                before.extend(value)
            else:
                self._place(out, name, value, rule)

    def found(self, asks: Asks, made: Out) -> Out | None:
        """Give what was found by a question: empty when nothing was, None when nobody was to be asked."""
        said = self.context.get(ANSWERS)
        if said is None:
            return None
        if any(name not in made for name in asks.needed):
            return self.missed(asks, "has nothing to be looked up by")
        key = asks.question(made).key
        if key not in said:
            self.fail(asks.rule, "has no answer to what it looks up")
        answered = said[key]
        if answered is None:
            if asks.lookup.unavailable == "omit":
                return {}
            self.fail(asks.rule, "could not be asked at this moment")
        found: tuple[Out, ...] = answered.found
        if not found:
            return self.missed(asks, "is not found")
        if len(found) > 1 and asks.lookup.several != "first":
            if asks.lookup.several == "omit":
                return {}
            self.fail(asks.rule, "is found more than once")
        return found[0]

    def missed(self, asks: Asks, why: str) -> Out:
        """Say what is found where nothing is."""
        if asks.lookup.nothing == "fail":
            self.fail(asks.rule, why)
        return {}

    def within(self, make: Callable[..., Out], found: Out) -> Out:
        """Make an object of what was found: that is the message for as long as it takes."""
        row = self.row
        try:
            return make(found, self)
        finally:
            self.row = row

    def _place(self, out: Out, name: str, value: Value, rule: Filling) -> None:
        before = out.get(name)
        if before is None:
            out[name] = value
        elif value is None:
            pass  # one rule knows that there is no value, another has one: the value wins
        elif before.__class__ is dict and value.__class__ is dict:
            for inner, each in value.items():
                if before.get(inner).__class__ is list and each.__class__ is list:
                    before[inner].extend(each)
                else:
                    self._place(before, inner, each, rule)
        else:
            self.fail(rule, "another rule has filled this target already: their conditions must exclude one another")

    def several(self, rule: Filling, items: list[Row]) -> NoReturn:
        """Stop: of one item there are several."""
        self.fail(rule, f"occurs {len(items)} times where one is expected", items[1], 0)

    def nothing_made(self, out: Out, rule: Filling, items: list[Row] | None, row: Row) -> None:
        """Say of a list without items, or an item without fields, what its rule says about that."""
        said = next((item[0] for item in items if item[0] is not None), None) if items else Reason.AFWEZIG
        if said or rule.required:
            self.said(out, rule, said or Reason.AFWEZIG, row)

    def said(self, out: Out, rule: Filling, reason: Reason, row: Row) -> None:
        """Write what an item becomes of which the sender says that it has no value, or which is not there."""
        value = self.without(rule, reason, row)
        if value is not NOTHING and rule.names:
            self.put(out, rule, value)

    def among(self, rule: Filling, value: Value, values: frozenset[str], row: Row | None, cell: int) -> bool:
        """Tell whether a value is one of these, as text."""
        if value.__class__ is Repeated:
            self.fail(rule, f"occurs {value.times} times where one is expected", row, cell)
        return value is not None and value.__class__ is not Reason and as_text(value) in values

    def fits(self, rule: Filling, value: Value, row: Row | None, cell: int) -> bool:
        """Tell whether the functions accept a value."""
        if value.__class__ is Repeated:
            self.fail(rule, f"occurs {value.times} times where one is expected", row, cell)
        if value is None or value.__class__ is Reason:
            return False
        try:
            for each in rule.calls:
                value = each.apply(value, noted(row, cell)) if each.attributes else each.apply(value)
                if value is None:
                    return False
        except Unfit:
            return False
        return True

    def pass_over(self, frames: list[Frame], frame: int, row: Row, read: frozenset[int]) -> None:
        """Account for an item whose rules are not run; its cells in `read` were read by the condition."""
        for spot in frames[frame].spots:
            if spot.cell not in read:
                self.doubt(spot, row)
        for opening in frames[frame].openings:
            for inner in row[opening.cell] or ():
                self.pass_over(frames, opening.opened, inner, _NONE)

    def doubt(self, spot: Spot, row: Row) -> None:
        """Account for a value that no rule of its own row has read."""
        value = row[spot.cell]
        if value is None or spot.leaf.settled or (spot.used and row[spot.used]):
            return
        if spot.many:
            if not any(tells(each) for each, _ in value):
                return
        elif not tells(value):
            return
        several = len(spot.leaf.spots) > 1 or value.__class__ is Repeated
        if several or (row[NOTES] is not None and spot.leaf.noted):
            self.exact = True
        else:
            self.unread.add(spot.leaf.path)


class Asking(Run):
    """A run that only tells what is to be looked up."""

    __slots__ = ("questions",)

    def __init__(self, context: Context) -> None:
        """Begin without questions."""
        super().__init__(context)
        self.questions: list[Question] = []

    def found(self, asks: Asks, made: Out) -> Out | None:
        """Take a question; its answer is for another run."""
        if all(name in made for name in asks.needed):
            self.questions.append(asks.question(made))
        return None


_NONE: frozenset[int] = frozenset()


def noted(row: Row | None, cell: int) -> dict[str, str]:
    """Give the attributes of the element that a value came from, by local name."""
    notes = None if row is None else row[NOTES]
    return NO_ATTRIBUTES if notes is None else attributes_of(notes.get(cell))


def _held(item: Value) -> Row:
    """Give a row of which all that is known is the element."""
    return [None, {0: item}]


def list_of(out: Out, names: tuple[str, ...]) -> list[Any]:
    """Give the list at a target, made when it is not there."""
    for name in names[:-1]:
        inner = out.get(name)
        if inner is None:
            inner = out[name] = {}
        out = inner
    found: list[Any] | None = out.get(names[-1])
    if found is None:
        found = out[names[-1]] = []
    return found


def list_at(out: Out, names: tuple[str, ...]) -> list[Any]:
    """Give the list at a target, or an empty one that is not in the result."""
    found: Any = out
    for name in names:
        found = found.get(name) if found else None
    return found if found.__class__ is list else []


def ordered(out: Out, order: Order) -> Out:
    """Give an object with its fields in order, those below as well where their order is known."""
    for name, inner in order.items():
        if inner and out.get(name).__class__ is dict:
            out[name] = ordered(out[name], inner)
    made = {name: out[name] for name in order if name in out}
    return made if len(made) == len(out) else made | out


class Order(dict[str, "Order"]):
    """Names in their order, each with that of the object below it; empty where nothing is known."""
