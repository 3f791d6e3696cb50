"""One mapping, rule by rule: where it reads, what it fills, and what a value is on its way.

It knows a resolved mapping, the definition of its message and that of its result. It refuses to know files it does not
name, and how a finding is shown.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from itertools import count
from typing import NamedTuple

from hub.config.yaml import Node, Place
from hub.event.vragen import QUESTION_TYPES, QuestionType
from hub.mapping.engine.planner import NOT_ASKING, may_ask
from hub.mapping.functions import FUNCTIONS
from hub.mapping.grammar import HATCHES
from hub.mapping.lint.book import Book, Shelves
from hub.mapping.lint.definition import Field, of_model
from hub.mapping.lint.findings import Finding, near
from hub.mapping.lint.holds import holds, meaning, unknown_values
from hub.mapping.lint.kinds import Shelf, along, constant, into, of_field
from hub.mapping.lint.sources import Item, Looked, Names, Reads, look
from hub.mapping.lint.written import File, replaced
from hub.mapping.paths import OWN, Source, Target
from hub.mapping.places import Full
from hub.mapping.rules import Action, Call, Combined, Condition, Fill, Group, Lookup, Rule, Sheet


class Tally:
    """Findings of all uses of a rule together: what is right in one use of a part is not wrong."""

    def __init__(self) -> None:
        self._asked: Counter[tuple[str, Place]] = Counter()
        self._failed: Counter[tuple[str, Place]] = Counter()
        self._first: dict[tuple[str, Place], list[Finding]] = {}

    def ask(self, rule_id: str, at: Place, failed: Iterable[Finding]) -> None:
        """Say that a rule was checked at a place, and what was wrong with it in this use."""
        self._asked[rule_id, at] += 1
        found = list(failed)
        if found:
            self._failed[rule_id, at] += 1
            self._first.setdefault((rule_id, at), found)

    def found(self) -> list[Finding]:
        """Give what was wrong wherever it was checked, as it is in the first use."""
        return [each for key, found in self._first.items() if self._failed[key] == self._asked[key] for each in found]


class Definitions(NamedTuple):
    """What a mapping reads and gives; None where nobody knows. `context` are the names beside the message."""

    message: Field | None
    gives: Field | None
    context: tuple[str, ...]


class _Here(NamedTuple):
    """Where a rule stands. `full` is the whole target of the object it fills; `optional`: it may well not be made."""

    item: Item
    target: Field | None
    full: Full
    optional: bool


class _Filled(NamedTuple):
    kind: str
    place: Place
    optional: bool
    when: object


class _Object(NamedTuple):
    field: Field
    place: Place


class Check:
    """The check of one mapping. `reads` is what its rules read, when it is done."""

    def __init__(self, book: Book, shelves: Shelves, definitions: Definitions, tally: Tally) -> None:
        self.reads = Reads(set(), set())
        self.found: list[Finding] = []
        self._book = book
        self._shelves = shelves
        self._definitions = definitions
        self._message = Item(definitions.message, ())
        self._tally = tally
        self._filled: dict[Full, _Filled] = {}
        self._objects: dict[Full, _Object] = {}
        self._opaque: set[Full] = set()
        self._groups = count()
        self._allow: tuple[str, ...] = ()
        self._may_ask = False

    def run(self, sheet: Sheet) -> None:
        """Check every rule."""
        self._allow = sheet.allow
        self._may_ask = may_ask(sheet)
        here = _Here(self._message, self._definitions.gives, (), optional=False)
        if self._definitions.gives:
            self._objects[()] = _Object(self._definitions.gives, self._head(sheet, "gives"))
        if sheet.zaaktype:
            self._path(sheet.zaaktype, here, self._value(sheet.place, "zaaktype"), sheet.place, repeats=True)
        self._rules(sheet.rules, here)

    def missing(self, head: Place | None) -> list[Finding]:
        """Tell which fields an object must have that no rule fills; once for all objects that a rule makes.

        `head` is where to say it of rules in another file, for a mapping that inverts one.
        """
        told: dict[tuple[Place, str], list[Full]] = {}
        for full, (field, place) in self._objects.items():
            if full in self._opaque or field.loose:
                continue
            names = [name for name, each in field.children.items() if each.required]
            names += [f"@{name}" for name, must in field.attributes.items() if must and name != "entiteittype"]
            here = head if head and place.file != head.file else place
            filled = self._below_of(full)
            for name in names:
                if name not in filled:
                    told.setdefault((here, name), []).append(full)
        return [
            Finding(
                "unmapped-required", place, f"{_all_called(objects)} must have `{name}`, and no rule fills it",
                f"add a rule with `to: {name}`",
            )
            for (place, name), objects in told.items()
        ]  # fmt: skip

    def _below_of(self, full: Full) -> set[str]:
        deep = len(full)
        return {each[deep] for each in (*self._filled, *self._objects) if len(each) > deep and each[:deep] == full}

    def _rules(self, rules: Iterable[Rule], here: _Here) -> None:
        for rule in rules:
            if isinstance(rule, Fill):
                self._fill(rule, here)
            elif isinstance(rule, Group) and rule.lookup is not None:
                self._looked_up(rule, rule.lookup, here)
            elif isinstance(rule, Group):
                self._group(rule, here)

    def _looked_up(self, rule: Group, lookup: Lookup, here: _Here) -> None:
        """Check the question by its model, and the rules that read what is found as a mapping of that."""
        asked = self._asks(lookup)
        self._when(rule.when, rule.place, here)
        question = of_model(asked.question) if asked else None
        apart = Check(self._book, self._shelves, self._definitions, self._tally)
        apart._allow, apart._message, apart.reads = self._allow, self._message, self.reads
        apart._rules(lookup.by, here._replace(target=question, full=(), optional=False))
        self.found += apart.found
        found = Item(of_model(asked.found[1]) if asked else None, ())
        inner = here._replace(item=found, optional=True)
        if rule.to is not None:
            target, full = self._reach(rule.to, here, rule.place, "an object")
            self._take(full, _Filled("an object", rule.place, optional=True, when=None), composite=True)
            if target:
                self._objects.setdefault(full, _Object(target, self._at(rule.place, "to")))
            inner = inner._replace(target=target, full=full)
        message, reads = self._message, self.reads
        # What is found is a message of its own; what of it is read says nothing of this one.
        self._message, self.reads = found, Reads(set(), set())
        self._rules(rule.rules, inner)
        self._message, self.reads = message, reads

    def _asks(self, lookup: Lookup) -> QuestionType | None:
        """See that this mapping may ask, and that the connection answers; give the question, if there is one."""
        file, place = self._file(lookup.place), lookup.place
        if not self._may_ask:
            self.found.append(Finding("lookup", place, *NOT_ASKING))
            return None
        can = {name: each for name, each in QUESTION_TYPES.items() if not each.locks}
        said = self._value(place, "question")
        at = said.place if said else place
        if lookup.question not in can:
            guess = near(lookup.question, can)
            what = "changes something" if lookup.question in QUESTION_TYPES else "is no question"
            fix = replaced(file, at, lookup.question, guess.only)
            self.found.append(Finding("lookup", at, f"`{lookup.question}` {what}", guess.advice, fix))
            return None
        answering = self._book.answering(lookup.question)
        if lookup.asks in answering:
            return can[lookup.question]
        said = self._value(place, "asks")
        at = said.place if said else place
        guess = near(lookup.asks, answering)
        reason = f"`{lookup.asks}` does not answer `{lookup.question}`"
        advice = guess.advice or "no connection here does: add one that is `ask`"
        fix = replaced(file, at, lookup.asks, guess.only)
        self.found.append(Finding("lookup", at, reason, advice, fix))
        return can[lookup.question]

    def _fill(self, rule: Fill, here: _Here) -> None:
        file = self._file(rule.place)
        self._when(rule.when, rule.place, here)
        looked = [
            self._path(path, here, self._source(rule, at), rule.place, repeats=not rule.to.many)
            for at, path in enumerate(rule.sources)
        ]
        self._read(rule, looked)
        self._first_of(rule, looked)
        self._default(rule, file)
        composite = bool(rule.via) and rule.via[-1].name in FUNCTIONS and FUNCTIONS[rule.via[-1].name].gives == "object"
        optional = here.optional or rule.when is not None
        target, full = self._reach(rule.to, here, rule.place, "a list" if rule.to.many else "a value")
        kind = "a list" if rule.to.many else "an object" if composite else "a value"
        self._take(full, _Filled(kind, rule.place, optional, meaning(rule.when)), composite=composite)
        self._opaque.add(full)
        self._kinds(rule, looked, target, file)

    def _kinds(self, rule: Fill, looked: list[Looked], target: Field | None, file: File) -> None:
        shelf = Shelf(file, self._shelves.table, self.found)
        self._hatch(rule.via)
        to = self._value(rule.place, "to")
        place = to.place if to else rule.place
        if not rule.sources:
            written = self._value(rule.place, "value")
            if target:
                self.found += constant(rule.value, target, written.place if written else place, file, "value")
            return
        for each in looked:
            value = along(rule.via, of_field(each.item.field if not each.miss else None), shelf)
            if target:
                self.found += into(value, rule.via, target, place)
        if rule.default is not None and target:
            written = self._value(rule.place, "default")
            self.found += constant(rule.default, target, written.place if written else place, file, "default")

    def _hatch(self, calls: Iterable[Call]) -> None:
        for call in calls:
            if call.name not in HATCHES:
                continue
            if call.name in self._allow:
                self.found.append(Finding("jsonata-used", call.place, f"`{call.name}` cannot be checked or inverted"))
            else:
                advice = f"add `allow: [{call.name}]` to the head of the mapping, or use functions"
                reason = f"this mapping does not allow `{call.name}`"
                self.found.append(Finding("jsonata-not-allowed", call.place, reason, advice))

    def _read(self, rule: Fill, looked: list[Looked]) -> None:
        """Remember what a rule reads: with an element or object all below it, with a function its attributes."""
        first = FUNCTIONS.get(rule.via[0].name) if rule.via else None
        for each in looked:
            field, names = each.item
            if each.miss or not names:
                if not names and not each.miss and not rule.sources[0].context:
                    self.reads.wholes.add(names)
                continue
            whole = first is not None and (first.takes == "element" or first.whole)
            json_object = field is not None and field.kind == "object"
            (self.reads.wholes if whole or json_object else self.reads.values).add(names)
            for call in rule.via:
                function = FUNCTIONS.get(call.name)
                self.reads.values.update((*names, f"@{name}") for name in (function.attributes if function else ()))

    def _first_of(self, rule: Fill, looked: list[Looked]) -> None:
        for at, path in enumerate(rule.sources[1:], start=1):
            node = self._source(rule, at)
            place = node.place if node else rule.place
            earlier = [each.text for each in rule.sources[:at]]
            sure = next((path for path, each in zip(rule.sources[:at], looked, strict=False) if each.sure), None)
            found = []
            if path.text in earlier:
                found.append(Finding("unreachable-branch", place, f"`{path.text}` stands here twice", "remove it"))
            elif sure:
                reason = f"`{sure.text}` always has a value, so this is never looked at"
                found.append(Finding("unreachable-branch", place, reason, "remove it, or put it first"))
            self._tally.ask("unreachable-branch", place, found)

    def _default(self, rule: Fill, file: File) -> None:
        if rule.default is None:
            return
        node = file.node(rule.place)
        if rule.required:
            place = node.place_of("required") if node else rule.place
            reason = "the `default` comes in the place of what is missing, so `required` changes nothing"
            self.found.append(Finding("required-with-default", place, reason, "leave out one of the two"))
        if Action.DEFAULT not in rule.empty.values():
            place = node.place_of("default") if node else rule.place
            reason = "`empty` never asks for this `default`"
            self.found.append(Finding("default-unused", place, reason, "write `empty: default`, or leave it out"))

    def _group(self, rule: Group, here: _Here) -> None:
        item = here.item
        if rule.source:
            key = "each" if rule.every else "at"
            item = self._path(rule.source, here, self._value(rule.place, key), rule.place, repeats=not rule.every).item
            if item.field is None or self._missed(rule.source, here):
                item = Item(None, item.names)
        inner = here._replace(item=item)
        self._when(rule.when, rule.place, inner)
        many = rule.to is not None and rule.to.many
        optional = bool(rule.source) or here.optional or rule.when is not None
        inner = inner._replace(optional=optional and not many)
        if rule.to is not None:
            target, full = self._reach(rule.to, here, rule.place, "a list" if many else "an object")
            kind = "a list" if many else "an object"
            self._take(full, _Filled(kind, rule.place, optional=True, when=None), composite=True)
            if many:
                full = (*full, f"[]{next(self._groups)}")
            single = target and target.kind not in {"object", "element", "any"} and not target.loose
            if target and single and not (target.xml and target.attributes):
                node = self._value(rule.place, "to")
                place = node.place if node else rule.place
                reason = f"`{target.name}` is a single value, and this rule makes an object of it"
                self.found.append(Finding("type-mismatch", place, reason, "write `from` in place of `rules`"))
                target = None
            if target:
                self._objects.setdefault(full, _Object(target, self._at(rule.place, "to")))
            inner = inner._replace(target=target, full=full)
        self._rules(rule.rules, inner)

    def _missed(self, path: Source, here: _Here) -> bool:
        return look(path, here.item, self._message, self._definitions.context).miss is not None

    def _path(self, path: Source, here: _Here, node: Node | None, place: Place, *, repeats: bool) -> Looked:
        """Follow a path; where it leads nowhere, or to several where one is taken, that is found."""
        looked = look(path, here.item, self._message, self._definitions.context)
        at = node.place if node else place
        file = self._file(place)
        found = []
        if looked.miss:
            miss = looked.miss
            where = file.within(node, miss.start, miss.word) if node else place
            fix = replaced(file, where, miss.word, miss.only)
            found.append(Finding("dead-source", where, miss.reason, miss.advice, fix, len(miss.word)))
        self._tally.ask("dead-source", at, found)
        if looked.repeats and repeats and not looked.miss:
            reason = f"there may be more than one `{looked.repeats}`; such a message fails"
            advice = "choose one with [1] or [-1], or go through them with `each`"
            start = path.text.find(looked.repeats)
            where = file.within(node, start, looked.repeats) if node else place
            self.found.append(Finding("may-repeat", where, reason, advice, (), len(looked.repeats)))
        for at_step, step in enumerate(path.steps):
            if step.predicate and (step.predicate.child or step.predicate.attribute) and not looked.miss:
                base = () if path.root else here.item.names
                names: Names = (*base, *(each.name for each in path.steps[: at_step + 1]))
                self.reads.values.add((*names, step.predicate.child or f"@{step.predicate.attribute}"))
        return looked

    def _when(self, condition: Condition | None, place: Place, here: _Here) -> None:
        if condition is None:
            return
        self._conditions(condition, here)

        def follow(path: Source) -> Looked:
            return look(path, here.item, self._message, self._definitions.context)

        node = self._value(place, "when")
        at = node.place if node else place
        result = holds(condition, follow)
        values = list(unknown_values(condition, follow, self._file(place)))
        never = values
        if result is False and not values:
            never = [Finding("never-holds", at, "no message meets this condition", "correct it, or remove the rule")]
        self._tally.ask("never-holds", at, never)
        always = [Finding("always-holds", at, "every message meets this condition", "remove it")]
        self._tally.ask("always-holds", at, always if result is True else [])

    def _conditions(self, condition: Condition, here: _Here) -> None:
        """Check the paths and functions of a condition; what it compares it reads."""
        if isinstance(condition, Combined):
            for each in condition.parts:
                self._conditions(each, here)
            return
        compares = condition.kind != "exists"
        path = self._value(condition.place, "path")
        looked = self._path(condition.path, here, path, condition.place, repeats=compares)
        if compares and not looked.miss:
            function = FUNCTIONS.get(condition.matches.name) if condition.matches else None
            whole = function is not None and (function.takes == "element" or function.whole)
            (self.reads.wholes if whole else self.reads.values).add(looked.item.names)
        if condition.matches:
            self._hatch((condition.matches,))
            shelf = Shelf(self._file(condition.place), self._shelves.table, self.found)
            along((condition.matches,), of_field(None if looked.miss else looked.item.field), shelf)

    def _reach(self, target: Target, here: _Here, place: Place, kind: str) -> tuple[Field | None, Full]:
        """Follow a target; give its field, or None where nobody knows it or it was found wrong, and its whole name."""
        field, full, node = here.target, here.full, self._value(place, "to")
        names, start = list(target.names), 0
        while names:
            name, whole = _first(names, field)
            del names[:whole]
            if field is not None and name != OWN:
                field = self._below(field, name, node, start, place)
            full = (*full, name)
            if names and not names[0].startswith("@"):
                self._take(full, _Filled("an object", place, optional=True, when=None), composite=True)
                if field is not None:
                    self._objects.setdefault(full, _Object(field, self._at(place, "to")))
            many = not names and kind == "a list"
            # What an inversion makes of a rule is not what stands there: its lists follow from the message.
            own = node is None or node.value == target.text
            if (
                own
                and field is not None
                and field.many != many
                and not field.loose
                and field.kind != "any"
                and name != OWN
            ):
                field = self._as_list(field, name, node, start, place, last=not names)
            start += len(name) + 1
        return field, full

    def _as_list(
        self, field: Field, name: str, node: Node | None, start: int, place: Place, *, last: bool
    ) -> Field | None:
        if field.xml and field.many:
            return field
        file = self._file(place)
        where = file.within(node, start, name) if node else place
        if not field.many:
            fix = replaced(file, where, f"{name}[]", name)
            reason, advice = f"`{name}` is not a list", "leave out `[]`"
            self.found.append(Finding("type-mismatch", where, reason, advice, fix, len(name)))
        elif last:
            self.found.append(
                Finding(
                    "type-mismatch", where, f"`{name}` is a list", f"write `{name}[]` to append to it", (), len(name)
                )
            )
        else:
            advice = f"fill its items: `to: {name}[]`, with `each` and `rules`"
            self.found.append(Finding("type-mismatch", where, f"`{name}` is a list", advice, (), len(name)))
        return None

    def _below(self, field: Field, name: str, node: Node | None, start: int, place: Place) -> Field | None:
        if field.loose or field.kind == "any":
            return None
        if name.startswith("@"):
            known = name[1:] in field.attributes
            child = Field(name, "text", xml=True) if known else None
            names: Iterable[str] = (f"@{each}" for each in field.attributes)
        else:
            child, names = field.children.get(name), field.children
        if child is not None:
            return child
        file = self._file(place)
        where = file.within(node, start, name) if node else place
        called = f"`{field.name}`" if field.name else "the result"
        if not field.children and not name.startswith("@"):
            reason = f"{called} is a single value and has no field `{name}`"
            self.found.append(Finding("unknown-target", where, reason, "", (), len(name)))
            return None
        guess = near(name, names)
        fix = replaced(file, where, name, guess.only)
        self.found.append(
            Finding("unknown-target", where, f"{called} has no field `{name}`", guess.advice, fix, len(name))
        )
        return None

    def _take(self, full: Full, filled: _Filled, *, composite: bool) -> None:
        """Fill a target; twice is once too often, unless it is an object that several rules add to."""
        known = self._filled.get(full)
        if known is None:
            self._filled[full] = filled
            return
        place, name = self._at(filled.place, "to"), _called(full)
        if known.kind != filled.kind:
            reason = f"{name} is {filled.kind} here and {known.kind} at {known.place}"
            self.found.append(Finding("duplicate-target", place, reason, "fill it in one way"))
            return
        if composite or filled.kind == "a list" or known.place == filled.place:
            return
        same = filled.when is not None and filled.when == known.when
        if known.optional and filled.optional and not same:
            return
        reason = f"{name} is already filled at {known.place}"
        advice = "give each another `when`" if same else "use `first-of`, or give every one of them a `when`"
        self.found.append(Finding("duplicate-target", place, reason, advice))

    def _source(self, rule: Fill, at: int) -> Node | None:
        written = self._value(rule.place, "from") or self._value(rule.place, "first-of")
        if written is not None and isinstance(written.value, tuple):
            return written.value[at]
        asks = self._value(rule.place, "lookup")
        return written or (asks.get("take") if asks is not None else None)

    def _file(self, place: Place) -> File:
        return self._book.files[place.file]

    def _value(self, place: Place, key: str) -> Node | None:
        return self._file(place).value(place, key)

    def _at(self, place: Place, key: str) -> Place:
        node = self._value(place, key)
        return node.place if node else place

    def _head(self, sheet: Sheet, key: str) -> Place:
        node = self._file(sheet.place).node(sheet.place)
        return node.place_of(key) if node else sheet.place


def _first(names: list[str], field: Field | None) -> tuple[str, int]:
    """Give the first name of a target, and of how many it is made: of an element whose own name has dots, all of it.

    What an inversion writes has the names of elements whole.
    """
    if field is not None and field.xml:
        for end in range(len(names), 1, -1):
            joined = ".".join(names[:end])
            if joined in field.children:
                return joined, end
    return names[0], 1


def _all_called(objects: list[Full]) -> str:
    more = len(objects) - 1
    return _called(objects[0]) + (f" (and {more} like it)" if more else "")


def _called(full: Full) -> str:
    names = ["[]" if each.startswith("[]") else each for each in full]
    return f"`{'.'.join(names).replace('.[]', '[]')}`" if full else "the result"
