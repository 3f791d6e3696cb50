"""Writes the code of the rules: straight down, in the order of the result, with the short way of each rule inline.

It knows plans; it refuses to know how a message is read. In a traced run every rule takes the long way, which tells
what it does.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from hub.mapping.engine.code import Code
from hub.mapping.engine.filling import NO_ATTRIBUTES, Filling, list_of, noted, ordered
from hub.mapping.engine.plan import (
    Among,
    Body,
    Bundle,
    Check,
    Exists,
    Fits,
    Found,
    Item,
    Joined,
    Look,
    Node,
    Plan,
    Put,
    When,
)
from hub.mapping.engine.shape import Frame
from hub.mapping.engine.targets import Outline
from hub.mapping.engine.values import NESTED, copied
from hub.mapping.paths import Target
from hub.mapping.rules import Reason

NAMES: dict[str, Any] = {
    "len": len, "str": str, "bool": bool, "Reason": Reason, "AFWEZIG": Reason.AFWEZIG, "LEEG": Reason.LEEG,
    "NESTED": NESTED, "NO_ATTRIBUTES": NO_ATTRIBUTES, "NONE": frozenset(), "copied": copied, "list_of": list_of,
    "noted": noted, "ordered": ordered,
}  # fmt: skip
"""What the code of the rules calls."""


Within = Callable[[Plan], Callable[..., Any]]
"""Gives the function that makes an object of what was found, by a plan of its own."""


class Maker:
    """The functions that make the objects of a result: `make_0(row, run)` makes the whole."""

    def __init__(self, code: Code, plan: Plan, *, traced: bool, within: Within) -> None:
        """Write them all; `within` makes the functions of a plan in this one."""
        self._code = code
        self._within = within
        self._frames = plan.shape.frames
        self._traced = traced
        self._all = code.bind(self._frames, "frames")
        self._openings = {each.opened: each for frame in self._frames for each in frame.openings}
        self._later(plan.body, whole=True)

    def _later(self, body: Body, *, whole: bool) -> None:
        """Write the function of one kind of item when it is first called."""
        self._code.later(f"make_{body.frame}", lambda: self._function(body, whole=whole))

    def _function(self, body: Body, *, whole: bool) -> None:
        """Write the function of one kind of item: it gives an object, or adds to one when it is not `whole`."""
        code, frame = self._code, self._frames[body.frame]
        with code.block(f"def make_{body.frame}(row, m{'' if whole else ', out'}):", body.outline.path):
            if whole:
                code.line("out = {}")
            opening = self._openings.get(body.frame)
            if opening and opening.ran:
                code.line(f"row[{opening.ran}] = True")
            if self._traced:
                code.line("m.ran(row)")
            self._body(body, "out")
            self._account(frame, "row")
            if body.frame == 0:
                self._account_items(frame)
            if whole:
                code.line(f"return {self._ordered(body, 'out')}")
            else:
                code.line("return None")

    def _body(self, body: Body, out: str) -> None:
        for node in sorted(body.nodes, key=_rank):
            if isinstance(node, Put):
                self._put(node, out)
            elif isinstance(node, Item):
                self._item(node, out)
            elif isinstance(node, Found):
                self._found(node, out)
            else:
                self._bundle(node, out)

    def _ordered(self, body: Body, out: str) -> str:
        """Give the object, its fields put in order where the order of the rules does not see to it."""
        order = body.outline.order()
        if not order or not _disorderly(body):
            return out
        return f"ordered({out}, {self._code.bind(order, 'order')})"

    # Accounting for what is left unread.

    def _account(self, frame: Frame, row: str) -> None:
        """Write what becomes of values that only some rules read, now that all have been."""
        code = self._code
        for spot in frame.spots:
            if spot.leaf.settled or spot.sure:
                continue
            unused = f" and {row}[{spot.used}] is None" if spot.used else ""
            with code.block(f"if {row}[{spot.cell}] is not None{unused}:", spot.leaf.path):
                code.line(f"m.doubt({code.bind(spot, 'spot')}, {row})")

    def _account_items(self, frame: Frame) -> None:
        """Write what becomes of items of the message that no rule has taken up."""
        code = self._code
        for opening in frame.openings:
            if opening.ran:
                with code.block(f"for item in row[{opening.cell}] or ():"):
                    test = f"if item[{opening.ran}] is None: "
                    code.line(f"{test}m.pass_over({self._all}, {opening.opened}, item, NONE)")

    def _accountable(self, frame: int) -> bool:
        """Tell whether an item of this frame may hold something that is unread when its rules are not run."""
        here = self._frames[frame]
        return (
            self._traced
            or any(not spot.leaf.settled for spot in here.spots)
            or any(self._accountable(each.opened) for each in here.openings)
        )

    def _passed_over(self, nodes: tuple[Node, ...]) -> None:
        """Write what becomes of the items of rules that are not run."""
        for node in nodes:
            if isinstance(node, Bundle):
                self._passed_over(node.body.nodes)
            elif isinstance(node, Item) and not node.opening.ran and self._accountable(node.opening.opened):
                with self._code.block(f"for item in {self._row(node.root)}[{node.opening.cell}] or ():"):
                    self._code.line(f"m.pass_over({self._all}, {node.opening.opened}, item, NONE)")

    def _skipped(self, nodes: tuple[Node, ...], reason: str, *, else_: bool = True) -> None:
        """Write that these rules are not run, and why, for whoever asks."""
        if self._traced:
            told = self._code.bind(tuple(_fillings(nodes)), "rules")
            line = f"m.skipped({told}, {self._code.bind(reason, 'reason')})"
            self._code.line(f"else: {line}" if else_ else line)

    # Conditions.

    def _row(self, root: bool, row: str = "row") -> str:  # noqa: FBT001 - of every reading
        return "m.row" if root else row

    def _asked(self, when: When, row: str) -> str:
        """Note that what the condition compares is read, and give the test."""
        for look in _looks(when.check):
            self._mark(look, row)
        return self._test(when.check, row)

    def _mark(self, look: Look, row: str) -> None:
        if look.mark and look.spot:
            self._code.line(f"{self._row(look.root, row)}[{look.spot.used}] = True")

    def _test(self, check: Check, row: str) -> str:
        if isinstance(check, Joined):
            parts = [f"({self._test(each, row)})" for each in check.parts]
            if check.kind == "not":
                return f"not {parts[0]}"
            joint = " and " if check.kind == "all" else " or "
            return joint.join(parts) or ("True" if check.kind == "all" else "False")
        if isinstance(check, Exists):
            if check.presence is None:
                test = f"bool(m.context.get({self._code.bind(check.given, 'given')}))"
            else:
                here = self._row(check.root, row)
                test = f"{here}[{check.presence.cell}] is not None"
                if check.presence.text:
                    test = f"{here}[{check.presence.text.cell}].__class__ is str or {test}"
            return f"({test})" if check.expected else f"not ({test})"
        held = self._held(check.look, row)
        rule = self._code.bind(check.rule, "rule")
        if isinstance(check, Fits):
            value = self._value(check.look, row)
            return f"({value} is not None and m.fits({rule}, {value}, {held}))"
        values = self._code.bind(check.values, "values")
        text = f"t in {values} if (t := {self._value(check.look, row)}).__class__ is str"
        return f"({text} else t is not None and m.among({rule}, t, {values}, {held}))"

    def _value(self, look: Look, row: str = "row") -> str:
        if look.given:
            return f"m.context.get({self._code.bind(look.given, 'given')})"
        return f"{self._row(look.root, row)}[{look.cell}]"

    def _held(self, look: Look, row: str = "row") -> str:
        """Give the row and cell that a value is in."""
        return "None, 0" if look.given else f"{self._row(look.root, row)}, {look.cell}"

    # Rules that fill one target.

    def _put(self, node: Put, out: str) -> None:
        code = self._code
        remark = f"{node.rule.target} <- {node.rule.path or 'always the same'}   {node.rule.place}"
        if node.when is None:
            code.line("pass", remark)
            self._filled(node, out)
            return
        test = self._asked(node.when, "row")
        with code.block(f"if {test}:", remark):
            self._filled(node, out)
        self._skipped((node,), f"the `when` at {node.when.place} did not hold")

    def _filled(self, node: Put, out: str) -> None:
        code, rule = self._code, node.rule
        bound = code.bind(rule, "rule")
        for look in node.looks:
            self._mark(look, "row")
        if not node.looks:
            if self._traced or rule.many or not self._alone(node.outline, node.to):
                code.line(f"m.constant({out}, {bound})")
            else:
                code.line(f"{self._key(out, rule)} = {code.bind(rule.default, 'value')}")
        elif node.every:
            value = self._value(node.looks[0])
            quiet = f"if {value} is not None: " if rule.quiet and not self._traced else ""
            code.line(f"{quiet}m.fill_every({out}, {bound}, {value})")
        elif len(node.looks) == 1:
            code.line(f"v = {self._value(node.looks[0])}")
            if self._traced:
                code.line(f"m.source({code.bind(rule.paths[0], 'path')})")
            self._written(node, out, self._held(node.looks[0]))
        else:
            self._first(node)
            self._written(node, out, "held, cell")

    def _first(self, node: Put) -> None:
        """Write the choice of the first place that has a value; without any, the first that says why."""
        code = self._code
        for number, look in enumerate(node.looks):
            seen = f"; m.source({code.bind(node.rule.paths[number], 'path')})" if self._traced else ""
            if number == 0:
                code.line(f"v = {self._value(look)}; held, cell = {self._held(look)}")
                if self._traced:
                    code.line(f"m.source({code.bind(node.rule.path, 'path')})")
                    with code.block("if v is not None and v.__class__ is not Reason:"):
                        code.line(seen.removeprefix("; "))
                continue
            with code.block("if v is None or v.__class__ is Reason:"):
                code.line(f"w = {self._value(look)}")
                with code.block("if w is not None and (v is None or w.__class__ is not Reason):"):
                    code.line(f"v = w; held, cell = {self._held(look)}{seen}")

    def _written(self, node: Put, out: str, held: str) -> None:
        """Write what becomes of `v`."""
        code, rule = self._code, node.rule
        bound = code.bind(rule, "rule")
        long = f"m.fill({out}, {bound}, v, {held})"
        if self._traced or rule.many:
            code.line(long if self._traced or not rule.quiet else f"if v is not None: {long}")
            return
        if rule.quiet:
            # Most fields are not in the message.
            with code.block("if v is not None:"):
                self._short(node, out, held)
                code.line(f"else: {long}")
        else:
            self._short(node, out, held)
            code.line(f"else: {long}")

    def _short(self, node: Put, out: str, held: str) -> None:
        """Write what becomes of `v` when it is a text; an `else` may follow."""
        code, rule = self._code, node.rule
        bound, key = code.bind(rule, "rule"), self._key(out, rule)
        alone = self._alone(node.outline, node.to)
        with code.block("if v.__class__ is str:"):
            for number, each in enumerate(rule.calls):
                asked = f", {self._attributes(held)}" if each.attributes else ""
                call = f"v = {code.bind(each.apply, 'function')}(v{asked})"
                code.line(f"if v is not None: {call}" if number else call)
            if rule.calls and rule.calls[-1].nested:
                code.line("if v.__class__ in NESTED: v = copied(v, m.spend)")
            write = f"{key} = v" if alone else f"m.put({out}, {bound}, v)"
            code.line(f"if v is not None: {write}" if rule.calls else write)
            if rule.calls and not rule.silent(Reason.LEEG):
                code.line(f"else: m.fill({out}, {bound}, LEEG, {held})")

    def _attributes(self, held: str) -> str:
        row = held.split(",", maxsplit=1)[0]
        if row == "None":
            return "NO_ATTRIBUTES"
        absent = f"{row} is None or " if row == "held" else ""
        return f"NO_ATTRIBUTES if {absent}{row}[1] is None else noted({held})"

    def _alone(self, outline: Outline, to: Target | None) -> bool:
        return to is not None and outline.alone(to)

    def _key(self, out: str, rule: Filling) -> str:
        return f"{out}[{self._code.bind(rule.names[-1], 'name')}]"

    # Rules with rules of their own.

    def _item(self, node: Item, out: str) -> None:
        code, rule = self._code, node.rule
        row, bound = self._row(node.root), code.bind(rule, "rule")
        code.line(f"items = {row}[{node.opening.cell}]", f"{rule.target}: {rule.path}   {rule.place}")
        with code.block("if items is not None:"):
            if node.every:
                self._every(node, out, bound)
            else:
                self._single(node, out, bound)
        if not rule.quiet or self._traced:
            with code.block("else:"):
                if node.every:
                    code.line(f"m.nothing_made({out}, {bound}, None, row)")
                else:
                    code.line(f"m.said({out}, {bound}, AFWEZIG, row)")
                self._skipped((node,), f"its item `{rule.path}` is not in the message", else_=False)
        self._later(node.body, whole=bool(rule.names))

    def _every(self, node: Item, out: str, bound: str) -> None:
        code, rule, opened = self._code, node.rule, node.opening.opened
        code.line("made = []")
        with code.block("for item in items:"):
            if self._traced:
                code.line(f"m.enter_item({out}, {bound}, made)")
            with code.block(f"if {self._asked(node.when, 'item') if node.when else 'True'}:"):
                code.line(f"inner = make_{opened}(item, m)")
                code.line("made.append(inner)" if rule.keeps else "if inner: made.append(inner)")
            self._else(node)
            if self._traced:
                code.line("m.leave()")
        with code.block("if made:"):
            code.line("m.spend(len(made))")
            if self._alone(node.outline, node.to):
                code.line(f"{self._key(out, rule)} = made")
            else:
                code.line(f"list_of({out}, {code.bind(rule.names, 'names')}).extend(made)")
        code.line(f"else: m.nothing_made({out}, {bound}, items, row)")

    def _single(self, node: Item, out: str, bound: str) -> None:
        code = self._code
        if not node.first:
            code.line(f"if len(items) > 1: m.several({bound}, items)")
        if node.first and node.when is not None:
            self._choose(node, node.when)
            with code.block("if item is not None:"):
                self._chosen(node, out, bound)
            return
        if node.first and self._accountable(node.opening.opened) and not node.opening.ran:
            code.line(f"for item in items[1:]: {self._over(node, 'item')}")
        code.line("item = items[0]")
        with code.block(f"if {self._asked(node.when, 'item') if node.when else 'True'}:"):
            self._chosen(node, out, bound)
        self._else(node)

    def _choose(self, node: Item, when: When) -> None:
        """Write the choice of the first item for which the condition holds."""
        code = self._code
        code.line("item = None")
        with code.block("for each in items:"):
            with code.block("if item is not None:"):
                accountable = self._accountable(node.opening.opened) and not node.opening.ran
                code.line(self._over(node, "each") if accountable else "pass")
                code.line("continue")
            with code.block(f"if {self._asked(when, 'each')}:"):
                code.line("item = each")
            self._else(node, "each")

    def _over(self, node: Item, item: str) -> str:
        """Account for an item that is not looked at."""
        return f"m.pass_over({self._all}, {node.opening.opened}, {item}, NONE)"

    def _chosen(self, node: Item, out: str, bound: str) -> None:
        """Write what becomes of the one item."""
        code, opened = self._code, node.opening.opened
        with code.block("if item[0] is None:"):
            self._made(node, out, bound)
        with code.block("else:"):
            if self._traced:
                code.line("m.ran(item)")
                self._skipped((node,), f"its item `{node.rule.path}` says that it has no value", else_=False)
            if node.opening.ran:
                code.line(f"item[{node.opening.ran}] = True")
            code.line(f"m.said({out}, {bound}, item[0], item)")
            self._account(self._frames[opened], "item")

    def _made(self, node: Item, out: str, bound: str) -> None:
        code, rule, opened = self._code, node.rule, node.opening.opened
        if not rule.names:
            code.line(f"before = len({out})" if rule.required else "pass")
            code.line(f"make_{opened}(item, m, {out})")
            if rule.required:
                code.line(f"if len({out}) == before: m.fail({bound}, 'nothing came out', item, 0)")
            return
        if self._traced:
            code.line(f"m.enter({bound})")
        code.line(f"made = make_{opened}(item, m)")
        if self._traced:
            code.line("m.leave()")
        alone = self._alone(node.outline, node.to)
        code.line(f"if made: {f'{self._key(out, rule)} = made' if alone else f'm.put({out}, {bound}, made)'}")
        if rule.required:
            code.line(f"else: m.fail({bound}, 'nothing came out', item, 0)")

    def _else(self, node: Item, item: str = "item") -> None:
        """Write what becomes of an item that its condition passes over."""
        if node.when is None:
            return
        code, opened = self._code, node.opening.opened
        if self._accountable(opened) or self._traced:
            read = frozenset(look.cell for look in _looks(node.when.check) if look.spot and not look.root)
            with code.block("else:"):
                if not node.opening.ran:
                    code.line(f"m.pass_over({self._all}, {opened}, {item}, {code.bind(read, 'compared')})")
                code.line("pass")
                told = node.body.nodes if node.every else (node,)
                self._skipped(told, f"the `when` at {node.when.place} did not hold", else_=False)

    def _bundle(self, node: Bundle, out: str) -> None:
        code, rule = self._code, node.rule
        test = self._asked(node.when, "row") if node.when else "True"
        inner = f"{out}_{len(out)}" if rule.names else out
        bound = code.bind(rule, "rule")
        with code.block(f"if {test}:", f"{rule.target}   {rule.place}"):
            if rule.names:
                code.line(f"{inner} = {{}}")
                if self._traced:
                    code.line(f"m.enter({bound})")
            elif rule.required:
                code.line(f"before_{len(out)} = len({out})")
            self._body(node.body, inner)
            if rule.names:
                if self._traced:
                    code.line("m.leave()")
                write = f"{self._key(out, rule)} = {self._ordered(node.body, inner)}"
                alone = self._alone(node.outline, node.to)
                code.line(f"if {inner}: {write if alone else f'm.put({out}, {bound}, {inner})'}")
                if rule.required:
                    code.line(f"else: m.fail({bound}, 'nothing came out', row, 0)")
            elif rule.required:
                code.line(f"if len({out}) == before_{len(out)}: m.fail({bound}, 'nothing came out', row, 0)")
            code.line("pass")
        if node.when:
            with code.block("else:"):
                self._passed_over(node.body.nodes)
                self._skipped((node,), f"the `when` at {node.when.place} did not hold", else_=False)
                code.line("pass")

    # Rules that read what is found elsewhere.

    def _found(self, node: Found, out: str) -> None:
        code, rule = self._code, node.rule
        test = self._asked(node.when, "row") if node.when else "True"
        bound, asks = code.bind(rule, "rule"), code.bind(node.asks, "asks")
        within = code.bind(self._within(node.inner), "within")
        with code.block(f"if {test}:", f"{rule.target} <- {rule.path}   {rule.place}"):
            code.line("asked = {}")
            if self._traced:
                code.line(f"m.enter({code.bind(node.by_rule, 'rule')})")
            self._body(node.by, "asked")
            if self._traced:
                code.line("m.leave()")
            code.line(f"found = m.found({asks}, asked)")
            with code.block(f"if found{' is not None' if node.asks.lookup.one else ''}:"):
                if self._traced and rule.names:
                    code.line(f"m.enter({bound})")
                code.line(f"made = m.within({within}, found)")
                if self._traced and rule.names:
                    code.line("m.leave()")
                code.line(f"if made: m.{'put' if rule.names else 'add'}({out}, {bound}, made)")
                if rule.required:
                    code.line(f"else: m.fail({bound}, 'nothing came out')")
            if rule.required:
                code.line(f"elif found is not None: m.fail({bound}, 'nothing is found')")
            self._skipped((node,), "nothing is found")
        if node.when:
            self._skipped((node,), f"the `when` at {node.when.place} did not hold")


def _looks(check: Check) -> Iterator[Look]:
    """Give what a condition compares."""
    if isinstance(check, Joined):
        for each in check.parts:
            yield from _looks(each)
    elif isinstance(check, Among | Fits):
        yield check.look


def _fillings(nodes: tuple[Node, ...], below: tuple[str, ...] = ()) -> Iterator[tuple[Filling, tuple[str, ...]]]:
    """Give the rules that fill a target, with the names between the object at hand and theirs."""
    for node in nodes:
        if isinstance(node, Put):
            yield node.rule, below
        else:
            many = "[]" if isinstance(node, Item) and node.every else ""
            yield from _fillings(node.body.nodes, (*below, node.rule.text + many) if node.rule.names else below)


def _rank(node: Node) -> tuple[int, ...]:
    """Give the place of what a node fills among the fields of its object; of a node without target the first."""
    if node.to is not None:
        return node.outline.rank(node.to)
    return min((_rank(each) for each in node.body.nodes), default=())


def _flat(body: Body) -> Iterator[Node]:
    """Give the nodes that fill one object, in the order in which they are written."""
    for node in sorted(body.nodes, key=_rank):
        if node.to is None:
            yield from _flat(node.body)
        else:
            yield node


def _disorderly(body: Body) -> bool:
    """Tell whether rules may fill the object in another order than that of its definition."""
    nodes = list(_flat(body))
    ranks = [_rank(each) for each in nodes]
    if ranks != sorted(ranks) or body.outline.mixed:
        return True
    makers = [
        each.rule.names for each in nodes if not isinstance(each, Put) and not (isinstance(each, Item) and each.every)
    ]
    return any(
        each.rule.names[: len(names)] == names and each.rule.names is not names for names in makers for each in nodes
    )
