"""A mapping done backwards: what it makes of a message becomes, field by field, that message again.

What the mapping gives, put through the inversion and through the mapping again, is the same. It knows rules and which
function undoes which; a rule that cannot be done backwards is named, with the reason. It refuses to know messages.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import NamedTuple

from hub.config.yaml import Place, Scalar
from hub.mapping.engine.values import as_text
from hub.mapping.functions import FUNCTIONS
from hub.mapping.paths import OWN, Predicate, Source, Step, Target
from hub.mapping.places import Full, target
from hub.mapping.rules import Action, Call, Combined, Condition, Fill, Group, Ignore, Reason, Rule, Sheet, Test, Use
from hub.wire.form import Form

_Fillers = Mapping[Full, list[Fill | Group]]

Names = tuple[str, ...]
"""Names from an item down, as they stand in a target; an attribute has its `@`."""

_Looked = tuple[Names, bool]
"""What a condition looks at: the value at these names, or (False) whether there is anything at or below them."""


class OneWay(NamedTuple):
    """A rule that is not done backwards: where it stands, what it fills, and why not."""

    place: Place
    target: str
    reason: str


class Inverted(NamedTuple):
    """The mapping backwards, and the rules that it leaves out."""

    sheet: Sheet
    one_way: tuple[OneWay, ...]


def invert(resolved: Sheet, form: Form | None = None) -> Inverted:
    """Do a resolved mapping backwards; `form` is that of the message it reads, which is written then.

    What the mapping ignores has no meaning backwards; its constants are ignored there. A rule whose condition looks at
    what another rule cannot write back is left out too, so this is done until nothing more falls out.
    """
    written: frozenset[Names] | None = None
    said: frozenset[_Looked] | None = None
    rules, looked_up = _apart_from_lookups(resolved.rules)
    resolved = replace(resolved, rules=rules)
    while True:
        inversion = _Inversion(resolved, form, said)
        done = inversion.done()
        back = frozenset(inversion.back)
        written = back if written is None else written & back  # never more than before, so there is an end
        said = frozenset(_looked(written))
        if inversion.relied <= said:
            return done._replace(one_way=(*done.one_way, *looked_up))  # once more would be the same


def _apart_from_lookups(rules: tuple[Rule, ...], at: Full = ()) -> tuple[tuple[Rule, ...], list[OneWay]]:
    """Give the rules without those that look something up, and those: what is found was never in the message."""
    kept: list[Rule] = []
    lost: list[OneWay] = []
    for rule in rules:
        if not isinstance(rule, Group):
            kept.append(rule)
        elif rule.lookup is not None:
            reason = f"it is looked up ({rule.lookup.asks}), and the message never had it"
            lost += [
                OneWay(each.place, _shown(full), reason) for full, each in _all((rule,), at) if isinstance(each, Fill)
            ]
        else:
            inner, below = _apart_from_lookups(rule.rules, target(rule, at))
            lost += below
            # A group with nothing else in it writes nothing back.
            kept += [replace(rule, rules=inner)] if inner or not below else []
    return tuple(kept), lost


class Inversions:
    """Inversions of parts, kept while mappings are compiled: many of them do the same part backwards.

    It knows a part by its name, and sees that the rules are the same: layers may lie over them.
    """

    def __init__(self) -> None:
        """Begin without any."""
        self._kept: dict[tuple[str, int], tuple[Form | None, list[tuple[tuple[Rule, ...], Sheet]]]] = {}

    def of(self, name: str, rules: tuple[Rule, ...], place: Place, form: Form | None) -> Sheet:
        """Give the rules of the part `name` backwards, as it is used at `place`."""
        _, kept = self._kept.setdefault((name, id(form)), (form, []))
        found = next((sheet for known, sheet in kept if known == rules), None)
        if found is None:
            found = invert(Sheet(place, rules, ()), form).sheet
            kept.append((rules, found))
        return found


class _Taken:
    """What the rules backwards write, so that no two write the same."""

    def __init__(self) -> None:
        self._fields: dict[str, tuple[str, Place, bool, _Taken]] = {}
        self._earlier: dict[Names, list[tuple[Full, Source]]] = defaultdict(list)

    def take(self, names: Names, kind: str, place: Place, *, optional: bool, marked: bool = False) -> str:
        """Write a `value`, an `object` or a `list`; gives the reason why not, or nothing.

        `marked`: a value may have attributes beside it, as in XML.
        """
        inner = self
        for at, name in enumerate(names):
            wanted = kind if at == len(names) - 1 else "object"
            known = inner._fields.setdefault(name, (wanted, place, optional, _Taken()))
            same = known[1] == place or wanted != "value" or (optional and known[2])
            attribute = marked and wanted == "object" and known[0] == "value" and names[at + 1].startswith("@")
            if not attribute and (known[0] != wanted or not same):
                return f"`{'/'.join(names[: at + 1])}` is written back by the rule at {known[1]}"
            inner = known[3]
        return ""

    def before(self, names: Names, full: Full, gives: Source) -> list[Source]:
        """Give what else of the object at `full` is written in the same place, the first first; remember `gives`."""
        earlier = [each for at, each in self._earlier[names] if at == full]
        self._earlier[names].append((full, gives))
        return earlier

    def below(self, names: Names) -> _Taken:
        """Give what is written in an object that was taken."""
        inner = self
        for name in names:
            inner = inner._fields[name][3]
        return inner


class _Here(NamedTuple):
    """Where a rule stands.

    `full` and `path` lead to the current object and the current item; `names` to the object without a list on the way,
    None when there is one. `refusal`: why nothing here is done backwards. `fillers`: the rules that fill each target of
    this item, or of the part of it that a constant says was there.
    """

    taken: _Taken
    form: Form | None
    full: Full = ()
    path: Names = ()
    names: Names | None = ()
    refusal: str = ""
    fillers: _Fillers = MappingProxyType({})


class _Back(NamedTuple):
    """How something is written backwards: names below an item, and the choice among sisters that is made so."""

    names: Names
    choice: Predicate | None = None
    rest: Names = ()


@dataclass
class _Inversion:
    sheet: Sheet
    form: Form | None
    written: frozenset[_Looked] | None
    one_way: dict[OneWay, None] = field(default_factory=dict)
    back: dict[Names, Names | None] = field(default_factory=dict)
    relied: set[_Looked] = field(default_factory=set)
    top: list[Rule] = field(default_factory=list)
    ignore: list[Ignore] = field(default_factory=list)

    def done(self) -> Inverted:
        self.sources = Counter(_path(path, rule.sources[0]) for path, rule in _read(self.sheet.rules))
        self.root = _Here(_Taken(), self.form, fillers=_of_item(self.sheet.rules))
        rules = self.rules(self.sheet.rules, self.root)
        sheet = replace(
            self.sheet,
            message=self.sheet.gives,
            gives=self.sheet.message,
            rules=(*rules, *self.top),
            ignore=tuple(self.ignore),
            zaaktype=self._zaaktype(),
        )
        return Inverted(sheet, tuple(self.one_way))

    def _zaaktype(self) -> Source | None:
        path = self.sheet.zaaktype
        names = self.back.get(_path((), path)) if path else None
        return _source(names) if names else None

    def rules(self, rules: tuple[Rule, ...], here: _Here) -> tuple[Rule, ...]:
        made: list[Rule] = []
        tells = _tells(rules)
        for rule in rules:
            assert not isinstance(rule, Use)
            if isinstance(rule, Fill):
                back = self.fill(rule, here)
            elif rule.source and rule.source.text in tells and not (rule.to and rule.to.many):
                told = self.group(rule, here._replace(fillers=_of_item((rule,), here.full)))
                back = (_told(rule, tells[rule.source.text], told),) if told else ()
            else:
                back = self.group(rule, here)
            for each in back:
                self._join(made, each)
        return tuple(made)

    @staticmethod
    def _join(made: list[Rule], rule: Rule) -> None:
        """Add a rule; what is chosen by the same value is written in one element."""
        for at, each in enumerate(made):
            if isinstance(each, Group) and isinstance(rule, Group) and _chosen(each) and _chosen(each) == _chosen(rule):
                assert each.when
                assert rule.when
                when = Combined("any", (each.when, rule.when))
                made[at] = replace(each, when=when, rules=(*each.rules, *rule.rules[1:]))
                return
        made.append(rule)

    def refuse(self, rule: Rule, full: Full, reason: str) -> tuple[Rule, ...]:
        self.one_way[OneWay(rule.place, _shown(full), reason)] = None
        return ()

    def fill(self, rule: Fill, here: _Here) -> tuple[Rule, ...]:
        full = target(rule, here.full)
        if not rule.sources:
            return self._constant(rule, full, here)
        source = rule.sources[0]
        if source.root and here.path:
            if here.names is None:
                return self.refuse(rule, full, f"`{source.text}` is there once, and this rule fills a list")
            at = self.root._replace(refusal=here.refusal, fillers=here.fillers)
            self.top += self._filled(rule, source, (*here.names, *rule.to.names), full, at)
            return ()
        return self._filled(rule, source, rule.to.names, full, here)

    def _constant(self, rule: Fill, full: Full, here: _Here) -> tuple[Rule, ...]:
        """Leave out a constant: the mapping says it again, as long as its condition holds again."""
        reason = here.refusal or (self._lost(rule.when, here.path) if rule.when else "")
        if reason:
            return self.refuse(rule, full, reason)
        steps = tuple(name for name in full if name != "[]")
        self.ignore.append(Ignore(rule.place, steps, "a constant, that the mapping backwards says again by itself"))
        return ()

    def _filled(self, rule: Fill, source: Source, names: Names, full: Full, here: _Here) -> tuple[Rule, ...]:
        """Do a rule backwards that writes in `here` what it reads at `names`."""
        path = _path(here.path, source)
        gives = _source(names)
        calls, reason = _undone(rule.via)
        back, no_place = _written(source)
        when, no_choice = self._when(rule, path, gives, full, here)
        reason = here.refusal or reason or no_place or no_choice or _unclear(rule, calls, nested=bool(here.path))
        if full[-1] == "[]" and len(here.fillers[full]) > 1:
            reason = reason or f"several rules append to `{_shown(full)}`, and nothing in a value says which"
        reason = reason or self._fits(here.form, (*back.names, *back.rest), value=True)
        once = _once(here.form, back.names)
        if once and back.choice:
            reason = reason or f"`{back.names[-1]}` occurs once in the message: there is nothing to choose"
        many = rule.to.many and not once
        kind = "list" if many or back.choice else "value"
        marked = here.form is not None
        reason = reason or here.taken.take(back.names, kind, rule.place, optional=when is not None, marked=marked)
        if reason:
            return self.refuse(rule, full, reason)
        if not many and back.choice is None:
            # Of several things with one place in the message, the first that is there is written.
            absent = [
                Test(rule.place, each, "exists", expected=False)
                for each in here.taken.before(back.names, here.full, gives)
            ]
            when = Combined("all", (*([when] if when else []), *absent)) if absent else when
        self.back[path] = None if here.names is None or calls or rule.to.many else (*here.names, *names)
        if rule.default is not None and calls:
            default = Combined("not", (Test(rule.place, gives, "equals", (rule.default,)),))
            when = Combined("all", (when, default)) if when else default
        made = replace(
            rule,
            to=_target(back.names, many=many),
            sources=(_source(names, first=rule.to.many and once),),
            via=calls,
            when=when,
            default=None,
            empty=_mirrored(rule.empty, _reach(here.form, back.names)),
            required=rule.required and rule.when is None,
        )
        if back.choice is None:
            return (made,)
        exists = Test(rule.place, gives, "exists")
        inner = replace(made, to=_target(back.rest or (OWN,)), required=False)
        return (_choosing(Source("."), back, (inner,), exists, rule),)

    def _when(self, rule: Fill, path: Names, gives: Source, full: Full, here: _Here) -> tuple[Condition | None, str]:
        """Give the condition backwards, or the reason why there is none that will do."""
        when: Condition | None = None
        if rule.when is not None:
            when = _own(rule.when, rule, gives)
            reason = self._lost(rule.when, here.path)
            if reason:
                return None, reason
        if when is None and full[-1] != "[]" and len(here.fillers[full]) > 1:
            return None, f"several rules fill `{_shown(full)}`, and its value does not say which"
        if when is None and self.sources[path] > 1 and rule.when is not None:
            when = Test(rule.place, gives, "exists")
        return when, ""

    def group(self, rule: Group, here: _Here) -> tuple[Rule, ...]:
        if rule.source is None:
            return self._bundle(rule, here)
        full = target(rule, here.full)
        at = here
        names = rule.to.names if rule.to else ()
        if rule.source.root and here.path:
            if here.names is None:
                return self._all_refused(rule, here, f"`{rule.source.text}` is there once, and this rule fills a list")
            at, names = self.root._replace(refusal=here.refusal, fillers=here.fillers), (*here.names, *names)
        back, reason = _written(rule.source)
        path = _path(at.path, rule.source)
        many = rule.to is not None and rule.to.many
        when: Condition | None = None
        if many:
            when, ambiguous = _apart(rule, full, here.fillers[full])
            reason = reason or ambiguous
        reason = at.refusal or reason or (self._lost(rule.when, path) if rule.when else "")
        itself = back.names == (OWN,)
        once = not itself and _once(at.form, back.names)
        if back.rest:
            reason = reason or "a choice among sisters can only be written for the last of them"
        if once and back.choice:
            reason = reason or f"`{back.names[-1]}` occurs once in the message: there is nothing to choose"
        if not itself:
            listed = (many and not once) or back.choice is not None
            reason = reason or self._fits(at.form, back.names)
            reason = reason or at.taken.take(back.names, "list" if listed else "object", rule.place, optional=True)
        if reason:
            return self._all_refused(rule, here, reason)
        inner = _Here(
            _Taken() if (many and not once) or back.choice else at.taken if itself else at.taken.below(back.names),
            at.form if itself else _reach(at.form, back.names),
            full,
            path,
            None if many or at.names is None else (*at.names, *names),
            fillers=_of_item(rule.rules, full) if many else here.fillers,
        )
        inside = self.rules(rule.rules, inner)
        form = _reach(at.form, back.names)
        made = self._written_group(rule, back, names, when, inside, form=form, many=many, once=once)
        if at is not here:
            self.top += made
            return ()
        return made

    def _written_group(
        self,
        rule: Group,
        back: _Back,
        names: Names,
        when: Condition | None,
        inner: tuple[Rule, ...],
        *,
        form: Form | None,
        many: bool,
        once: bool,
    ) -> tuple[Rule, ...]:
        if not inner:
            return ()
        itself = back.names == (OWN,)
        empty = _mirrored(rule.empty, form)
        made = replace(rule, to=_target(back.names), every=False, when=when, empty=empty, rules=inner)
        own = inner[0] if many and when is None and len(inner) == 1 else None
        if back.choice is not None:
            exists = when if names else _any(rule.place, [*_sources(inner)])
            made = _choosing(_source(names), back, inner, exists, rule)
        elif itself or (many and once):
            # The item itself is the one item of the list; or the element occurs once, whatever the list holds: what it
            # holds more stays unread, and is reported.
            made = replace(made, to=None if itself else made.to, source=_source(names, first=many))
        elif isinstance(own, Fill) and own.to.names == (OWN,) and own.when is None:
            source = _source((*names, *_names(own.sources[0])))
            return (replace(own, to=_target(back.names, many=True), sources=(source,), required=False),)
        elif names:
            if many and any(each.required for _, each in _all(inner, lists=False)):
                # A list that is null has no item to ask anything of.
                there = Test(rule.place, Source("."), "exists")
                when = Combined("all", (when, there)) if when else there
                made = replace(made, when=when, empty={**empty, Reason.GEEN_WAARDE: Action.OMIT})
            made = replace(made, to=_target(back.names, many=many), source=_source(names), every=many)
        else:
            made = replace(made, source=None, when=None)
        return (made,)

    def _bundle(self, rule: Group, here: _Here) -> tuple[Rule, ...]:
        """Do rules backwards that share a target or a condition."""
        refusal = here.refusal or (self._lost(rule.when, here.path) if rule.when else "")
        names = rule.to.names if rule.to else ()
        inner = here._replace(
            full=target(rule, here.full),
            names=None if here.names is None else (*here.names, *names),
            refusal=refusal,
        )
        made = self.rules(rule.rules, inner)
        if not names or not made:
            return made
        empty = dict.fromkeys(Reason, Action.OMIT)
        return (replace(rule, to=None, source=_source(names), every=False, when=None, empty=empty, rules=made),)

    def _all_refused(self, rule: Group, here: _Here, reason: str) -> tuple[Rule, ...]:
        for full, each in _all((rule,), here.full):
            if isinstance(each, Fill):
                self.refuse(each, full, reason)
        return ()

    def _lost(self, when: Condition, path: Names) -> str:
        """Give the place that a condition looks at and nothing writes back; nothing when it will hold again."""
        lost = self._unwritten(when, path, holds=True)
        return f"its `when` looks at `{lost}`, which nothing writes back" if lost else ""

    def _unwritten(self, when: Condition, path: Names, *, holds: bool) -> str:
        if isinstance(when, Combined):
            if when.kind == "not":
                return self._unwritten(when.parts[0], path, holds=not holds)
            found = [self._unwritten(each, path, holds=holds) for each in when.parts]
            # One that will hold again is enough for `any`, and one that will not again for the opposite of `all`.
            enough = (when.kind == "any") is holds
            return "" if enough and "" in found else next(filter(None, found), "")
        if when.path.context:
            return when.path.text
        if holds is not when.expected:
            return ""  # what is not written is not there
        looked = (_path(path, when.path), when.kind != "exists")
        if self.written is not None and looked not in self.written:
            return when.path.text
        self.relied.add(looked)
        return ""

    @staticmethod
    def _fits(form: Form | None, names: Names, *, value: bool = False) -> str:
        """Give the reason why a message of this form cannot hold something at `names`; nothing when it can."""
        if form is None:
            return ""
        *inner, last = names
        above = _reach(form, tuple(inner))
        if last == OWN or above is None:
            found = above
        elif last.startswith("@"):
            return "" if above.loose or last[1:] in above.attributes else "the message has no such attribute"
        else:
            found = _reach(above, (last,))
        if found is None:
            return "the definition of the message has no place for it"
        return "" if found.value or found.loose or not value else "the definition has elements there, no value"


def _looked(written: Iterable[Names]) -> Iterator[_Looked]:
    """Give what a condition may look at where these are written."""
    for names in written:
        yield names, True
        for end in range(len(names) + 1):
            yield names[:end], False


def _all(rules: Iterable[Rule], at: Full = (), *, lists: bool = True) -> Iterator[tuple[Full, Fill | Group]]:
    """Give every rule with its whole target, with or without those in the items of lists."""
    for rule in rules:
        assert not isinstance(rule, Use)
        full = target(rule, at)
        yield full, rule
        if isinstance(rule, Group) and (lists or not (rule.to and rule.to.many)):
            yield from _all(rule.rules, full, lists=lists)


def _of_item(rules: Iterable[Rule], at: Full = ()) -> _Fillers:
    """Give what the rules of one item fill, without those of the lists in it."""
    fillers: dict[Full, list[Fill | Group]] = {}
    for full, rule in _all(rules, at, lists=False):
        if isinstance(rule, Fill) or (rule.to and rule.to.many):
            fillers.setdefault(full, []).append(rule)
    return fillers


def _read(rules: Iterable[Rule], path: Names = ()) -> Iterator[tuple[Names, Fill]]:
    """Give every rule that reads, with the path of its item."""
    for rule in rules:
        if isinstance(rule, Fill) and rule.sources:
            yield path, rule
        elif isinstance(rule, Group):
            yield from _read(rule.rules, _path(path, rule.source) if rule.source else path)


def _tells(rules: tuple[Rule, ...]) -> dict[str, Fill]:
    """Give the constants that say which of the places read here exists, by that place."""
    tells: dict[str, Fill] = {}
    for rule in rules:
        if isinstance(rule, Fill) and not rule.sources and isinstance(rule.when, Test):
            when = rule.when
            others = [each for each in rules if isinstance(each, Fill) and each.to == rule.to and each is not rule]
            apart = all(not each.sources and as_text(each.value) != as_text(rule.value) for each in others)
            if when.kind == "exists" and when.expected and not when.path.context and apart:
                tells[when.path.text] = rule
    return tells


def _told(rule: Group, tell: Fill, made: tuple[Rule, ...]) -> Group:
    """Do what a group became only where the constant says that it was there."""
    when = Test(tell.place, _source(tell.to.names), "equals", (tell.value,))
    empty = dict.fromkeys(Reason, Action.OMIT)
    return Group(rule.place, None, None, False, when, empty, False, made, rule.layer)


def _apart(rule: Group, full: Full, appenders: list[Fill | Group]) -> tuple[Condition | None, str]:
    """Give what tells the items of this rule from those that other rules append to the same list, or why nothing."""
    mine = _constants(rule)
    tests: dict[tuple[Names, bool], set[Scalar]] = defaultdict(set)
    for other in appenders:
        if other is rule:
            continue
        theirs = _constants(other) if isinstance(other, Group) else {}
        found = next((name for name in mine if name in theirs and _disjoint(mine[name], theirs[name])), None)
        if found is None:
            return None, f"several rules append to `{_shown(full)}`, and nothing in an item says which"
        if mine[found].always:
            tests[found, True] = mine[found].values
        else:
            tests[found, False] |= theirs[found].values
    conditions = [_among(rule.place, name, values, holds=holds) for (name, holds), values in tests.items()]
    if not conditions:
        return None, ""
    return (conditions[0] if len(conditions) == 1 else Combined("all", tuple(conditions))), ""


class _Said(NamedTuple):
    """The constants that an item may have in one place; `always`: it has one of them."""

    values: set[Scalar]
    always: bool


def _disjoint(mine: _Said, theirs: _Said) -> bool:
    values = [{as_text(each) for each in one.values} for one in (mine, theirs)]
    return not (values[0] & values[1]) and (mine.always or theirs.always)


def _among(place: Place, name: Names, values: set[Scalar], *, holds: bool) -> Condition:
    listed = tuple(sorted(values, key=as_text))
    test = Test(place, _source(name), "in" if listed[1:] else "equals", listed)
    return test if holds else Combined("not", (test,))


def _constants(rule: Group) -> dict[Names, _Said]:
    """Give what the items of a list say by constants only."""
    said: dict[Names, _Said] = {}
    read: set[Names] = set()
    for names, each, always in _said_by(rule.rules):
        if each.sources:
            read.add(names)
        else:
            before = said.get(names, _Said(set(), always=False))
            said[names] = _Said(before.values | {each.value}, before.always or always)
    return {names: each for names, each in said.items() if names not in read}


def _said_by(rules: Iterable[Rule], at: Names = (), *, always: bool = True) -> Iterator[tuple[Names, Fill, bool]]:
    """Give what fills the fields of one object, and whether it does so whatever the message says."""
    for rule in rules:
        assert not isinstance(rule, Use)
        sure = always and rule.when is None
        if isinstance(rule, Fill):
            yield (*at, *rule.to.names), rule, sure
        elif not (rule.to and rule.to.many):
            names = rule.to.names if rule.to else ()
            yield from _said_by(rule.rules, (*at, *names), always=sure and rule.source is None)


def _undone(via: tuple[Call, ...]) -> tuple[tuple[Call, ...], str]:
    """Give the functions that undo these, last first; or the reason why there are none."""
    calls: list[Call] = []
    for call in reversed(via):
        function = FUNCTIONS.get(call.name)
        inverse = FUNCTIONS.get(function.inverse) if function else None
        if function is None or inverse is None:
            return (), f"no function undoes `{call.name}`"
        bare = ((function.settings[0].name, *call.bare),) if call.bare and function.settings else ()
        known = {each.name for each in inverse.settings}
        settings = tuple(each for each in (*bare, *call.settings) if each[0] in known)
        calls.append(Call(call.place, inverse.name, settings))
    return tuple(calls), ""


def _unclear(rule: Fill, calls: tuple[Call, ...], *, nested: bool) -> str:
    """Give the reason why an empty field would come back as another one.

    What is absent comes back by itself in the message, which is always there; an object in it might not be.
    """
    absent, cleared = rule.empty[Reason.AFWEZIG], rule.empty[Reason.GEEN_WAARDE]
    if Action.NULL in rule.empty.values() and cleared is not Action.NULL and (nested or absent is not Action.NULL):
        return "it gives null for a field that is not cleared, and there is no way to write that back"
    if rule.default is not None and calls and (nested or absent is not Action.DEFAULT):
        return "its `default` is not a value that can be written back"
    return ""


def _mirrored(empty: dict[Reason, Action], form: Form | None = None) -> dict[Reason, Action]:
    """Give what to do with null and with nothing: the opposite of what made them, where the message can say so."""
    if Action.KEEP in empty.values():
        return empty
    actions = dict.fromkeys(Reason, Action.OMIT)
    if empty[Reason.GEEN_WAARDE] is not Action.OMIT:
        cleared = empty[Reason.GEEN_WAARDE]
        actions[Reason.GEEN_WAARDE] = Action.NULL if cleared is Action.DEFAULT else cleared
    if form is not None and not form.nillable and actions[Reason.GEEN_WAARDE] is Action.NULL:
        actions[Reason.GEEN_WAARDE] = Action.OMIT
    if empty[Reason.AFWEZIG] is Action.FAIL:
        actions[Reason.AFWEZIG] = Action.FAIL
    return actions


def _own(when: Condition, rule: Fill, gives: Source) -> Condition | None:
    """Give a condition on the source of a rule as one on what it gives; None when it looks elsewhere, or can't."""
    if isinstance(when, Combined):
        parts = [_own(each, rule, gives) for each in when.parts]
        found = tuple(each for each in parts if each is not None)
        return Combined(when.kind, found) if len(found) == len(parts) else None
    if when.path != rule.sources[0]:
        return None
    same = len(rule.via) == 1 and when.matches is not None and _same(when.matches, rule.via[0])
    return replace(when, path=gives) if when.kind == "exists" or not rule.via or same else None


def _same(one: Call, other: Call) -> bool:
    """Tell whether two calls accept the same, and what the function gives is accepted by it again."""
    settings = [sorted((name, as_text(value)) for name, value, _ in each.settings) for each in (one, other)]
    bare = [each.bare[0] if each.bare else None for each in (one, other)]
    known = FUNCTIONS.get(one.name)
    same = one.name == other.name and settings[0] == settings[1] and bare[0] == bare[1]
    return same and known is not None and known.inverse == one.name


def _written(source: Source) -> tuple[_Back, str]:
    """Give how a place is written, or the reason why it cannot be."""
    if source.context:
        return _Back(()), f"`{source.text}` comes with the message and is not in it"
    names: list[str] = []
    choice: Predicate | None = None
    before: Names = ()
    for step in source.steps:
        names.append(step.name)
        predicate = step.predicate
        if predicate is None or predicate.position in {1, -1}:
            continue
        if predicate.position or choice:
            return _Back(()), f"`{source.text}` cannot be written: its place among its sisters is not known"
        choice, before, names = predicate, tuple(names), []
    if source.attribute:
        names.append(f"@{source.attribute}")
    if choice:
        return _Back(before, choice, tuple(names)), ""
    return _Back(tuple(names) or (OWN,)), ""


def _choosing(
    source: Source, back: _Back, inner: tuple[Rule, ...], when: Condition | None, rule: Fill | Group
) -> Group:
    """Write an element of its own, with the value by which it is chosen."""
    assert back.choice
    name = f"@{back.choice.attribute}" if back.choice.attribute else back.choice.child
    silent = dict.fromkeys(Reason, Action.OMIT)
    chosen = Fill(rule.place, _target((name,)), (), back.choice.value, (), None, None, silent, False, rule.layer)
    empty = _mirrored(rule.empty) if isinstance(rule, Group) else silent
    to = _target(back.names, many=True)
    return Group(rule.place, to, source, True, when, empty, False, (chosen, *inner), rule.layer)


def _chosen(group: Group) -> tuple[object, ...]:
    """Give what makes the element that this group writes the same as another; nothing when it is no such group."""
    first = group.rules[0] if group.rules else None
    if group.source != Source(".") or not group.every or not isinstance(first, Fill) or first.sources:
        return ()
    return (group.to, first.to, first.value)


def _sources(rules: Iterable[Rule]) -> Iterator[Source]:
    """Give what the rules of an item read of it."""
    for rule in rules:
        if isinstance(rule, Fill):
            yield from rule.sources
        elif isinstance(rule, Group) and rule.source is not None:
            yield rule.source
        elif isinstance(rule, Group):
            yield from _sources(rule.rules)


def _any(place: Place, paths: list[Source]) -> Condition:
    tests = tuple(Test(place, each, "exists") for each in dict.fromkeys(paths))
    return tests[0] if len(tests) == 1 else Combined("any", tests)


def _path(before: Names, source: Source) -> Names:
    """Give the names from the message down to a place."""
    return (*(() if source.root else before), *_names(source))


def _names(source: Source) -> Names:
    names = tuple(step.name for step in source.steps)
    return (*names, f"@{source.attribute}") if source.attribute else names


def _source(names: Names, *, first: bool = False) -> Source:
    """Give what was a target as a place to read: all of it, or the `first` of a list."""
    if names in {(), (OWN,)}:
        return Source(".")
    steps = tuple(Step(name, None) for name in names if not name.startswith("@"))
    if first:
        return Source(f"{'/'.join(names)}[1]", (*steps[:-1], steps[-1]._replace(predicate=Predicate(position=1))))
    return Source("/".join(names), steps, names[-1][1:] if names[-1].startswith("@") else "")


def _once(form: Form | None, names: Names) -> bool:
    """Tell whether the definition has the element at `names` once."""
    found = _reach(form, names)
    return found is not None and not found.many


def _target(names: Names, *, many: bool = False) -> Target:
    return Target(".".join(names) + ("[]" if many else ""), names, many)


def _reach(form: Form | None, names: Names) -> Form | None:
    for name in names:
        below = form.below(name) if form else None
        form = None if below is None or below.read_only else below
    return form


def _shown(full: Full) -> str:
    return ".".join(full).replace(".[]", "[]")
