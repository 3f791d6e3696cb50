"""Which rules of a mapping its cases try, and which of the fields that it names a case has.

A rule is tried when a case made it give a value, null included. What counts is the rule as it is written: a part that
thirty places use has each of its rules once, and `uses` says at how many of those places one was tried. `idle` are the
groups that no case ever has, such as a relation that no example message speaks of.

Measured with the engine itself: every rule is given a target of its own, and what a case fills tells which rules it
tried. It knows rules and cases; it refuses to know what is right.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, NamedTuple

from lxml import etree

from hub.config.yaml import Place
from hub.errors import HubError
from hub.mapping import rules as rules_
from hub.mapping.cases import Case, Given, Tools, outcome_of, read_case
from hub.mapping.compile import based, mapping_of
from hub.mapping.demand import by_of
from hub.mapping.overlay import Overlay, Which
from hub.mapping.paths import Source, Target
from hub.mapping.places import Full, source_steps, target
from hub.mapping.read import Files, Folder
from hub.mapping.resolve import resolve
from hub.mapping.rules import Action, Combined, Condition, Fill, Group, Lookup, Reason, Rule, Sheet
from hub.mapping.run import Mapping
from hub.wire import xml

Steps = tuple[str, ...]


class Written(NamedTuple):
    """A rule or a group at one of the places where it stands: what it fills, from what."""

    place: Place
    target: str
    source: str


class Use(NamedTuple):
    """A rule, and the groups around it, from the message down."""

    rule: Written
    within: tuple[Written, ...]


class Coverage(NamedTuple):
    """One mapping.

    `rules` and `uses` count those there are, `tried_uses` those that a case tries; `never` are the rules that none
    tries, each once. `fields` counts the source fields that the mapping names, `unseen` are those that no case has.
    """

    message: str
    rules: int
    never: tuple[Written, ...]
    uses: int
    tried_uses: int
    idle: tuple[Written, ...]
    fields: int
    unseen: tuple[str, ...]

    @property
    def tried(self) -> int:
        """How many rules a case tries."""
        return self.rules - len(self.never)

    @property
    def percent(self) -> float:
        """How much of the rules is tried."""
        return 100.0 * self.tried / self.rules if self.rules else 100.0


def coverage_of(
    folder: Path, root: Path, cases: Iterable[Case], tools: Tools, *, dialects: Sequence[str] | None = None
) -> list[Coverage]:
    """Measure every mapping of a connection with its cases; a case that can't be read tries nothing.

    `dialects` take the place of those that the connection uses.
    """
    shelf = Folder(folder, root=root, only=dialects)
    read = [shelf.mapping(path) for path in shelf.mappings()]
    overlay, laid = shelf.overlay([sheet.message for sheet, _ in read])
    measures = {
        sheet.message: _Measure(sheet, own, shelf.over(sheet, own, overlay, laid), shelf=shelf, tools=tools)
        for sheet, own in read
    }
    for case in cases:
        try:
            given = read_case(case, tools)
        except HubError:
            continue
        measures[given.kind].take(given)
    return [measure.result() for measure in measures.values()]


class _Measure:
    """One mapping while its cases are tried; each combination of layers is a variant of its own."""

    def __init__(self, sheet: Sheet, files: Files, overlay: Overlay, *, shelf: Folder, tools: Tools) -> None:
        self.message = sheet.message
        self._tools = tools
        base, first = based(sheet, files, shelf=shelf, forms=tools.forms)
        self._variants = {
            which: _Variant(resolve(base, files, (*first, *over), form=tools.forms.get(sheet.gives)), files)
            for which, over in overlay.variants()
        }
        self._overlay = overlay
        self._zaaktype = _zaaktype_of(sheet, files) if sheet.zaaktype else None
        self._tried: set[Use] = set()
        self._seen: set[str] = set()
        self._uses = list(dict.fromkeys(use for each in self._variants.values() for use in each.uses))
        self._fields = sorted({path for each in self._variants.values() for path in each.fields})

    def take(self, given: Given) -> None:
        """Try a case: a message that the mapping stops at tries nothing, whatever came before."""
        self._seen |= set(_paths(given.source))
        # With a target for each rule, two that fill the same one do not meet: only the mapping itself stops at that.
        if not outcome_of(given, self._tools).failure:
            self._tried |= self._variants[self._over(given)].tried(given)

    def _over(self, given: Given) -> Which:
        """Say which layers are laid over for a case: those of its sender and those of its zaaktype."""
        zaaktype = self._zaaktype.run(given.source).data.get(_MARK) if self._zaaktype else None
        return self._overlay.which(str(given.context.get("zender", "")), zaaktype)

    def result(self) -> Coverage:
        """Give what was found."""
        rules = {use.rule.place: use.rule for use in reversed(self._uses)}
        places = {use.rule.place for use in self._tried}
        entered = {(), *(use.within[:depth] for use in self._tried for depth in range(len(use.within) + 1))}
        idle = dict.fromkeys(
            next(use.within[: depth + 1] for depth in range(len(use.within)) if use.within[: depth + 1] not in entered)
            for use in self._uses
            if use.within not in entered
        )
        return Coverage(
            message=self.message,
            rules=len(rules),
            never=tuple(sorted(rule for place, rule in rules.items() if place not in places)),
            uses=len(self._uses),
            tried_uses=len(self._tried),
            idle=tuple(within[-1] for within in idle),
            fields=len(self._fields),
            unseen=tuple(each for each in self._fields if each not in self._seen),
        )


_MARK = "~"


class _Variant:
    """A resolved mapping in which each rule fills a target of its own: `~` and its number among `uses`."""

    def __init__(self, sheet: Sheet, files: Files) -> None:
        self.uses: list[Use] = []
        self.fields: list[str] = []
        rules = self._rules(sheet.rules, (), (), ())
        self._mapping = mapping_of(replace(sheet, rules=rules, gives=_MARK), files)

    def tried(self, given: Given) -> set[Use]:
        """Give the rules that a case makes give a value; the case is one that the mapping takes."""
        data = self._mapping.run(given.source, context=given.context).data
        return {self.uses[number] for number in _numbers(data)}

    def _rules(
        self, rules: Iterable[Rule], at: Steps, full: Full, within: tuple[Written, ...]
    ) -> tuple[Fill | Group, ...]:
        made: list[Fill | Group] = []
        for rule in rules:
            assert not isinstance(rule, rules_.Use)
            inside = source_steps(rule, at) if isinstance(rule, Group) else at
            if isinstance(rule, Group) and rule.lookup is not None:
                made.append(self._found(rule, rule.lookup, inside, full, within))
                continue
            if rule.when is not None:
                self.fields += [_path(each, inside) for each in _compared(rule.when) if not each.context]
            if isinstance(rule, Group):
                below = target(rule, full)
                group = Written(rule.place, _shown(below), "/".join(inside))
                made.append(replace(rule, rules=self._rules(rule.rules, inside, below, (*within, group))))
            else:
                made.append(self._fill(rule, at, full, within))
        return tuple(made)

    def _found(self, rule: Group, lookup: Lookup, at: Steps, full: Full, within: tuple[Written, ...]) -> Group:
        """Measure rules that read what is found elsewhere: of the message they read what it is looked up by."""
        self.fields += ["/".join(steps) for steps in by_of(lookup, at)]
        self.fields += [_path(each, at) for each in _compared(rule.when) if not each.context] if rule.when else []
        below, named = target(rule, full), len(self.fields)
        group = Written(rule.place, _shown(below), lookup.asks)
        made = replace(rule, rules=self._rules(rule.rules, (), below, (*within, group)))
        del self.fields[named:]
        return made

    def _fill(self, rule: Fill, at: Steps, full: Full, within: tuple[Written, ...]) -> Fill:
        name = f"{_MARK}{len(self.uses)}"
        paths = [_path(each, at) for each in rule.sources if not each.context]
        self.fields += paths
        self.uses.append(Use(Written(rule.place, _shown(target(rule, full)), " | ".join(paths)), within))
        return replace(rule, to=Target(name, (name,), rule.to.many))


def _zaaktype_of(sheet: Sheet, files: Files) -> Mapping:
    """Give the mapping that finds the zaaktype in a message."""
    assert sheet.zaaktype is not None
    actions = dict.fromkeys(Reason, Action.OMIT)
    to = Target(_MARK, (_MARK,), many=False)
    rule = Fill(sheet.place, to, (sheet.zaaktype,), None, (), None, None, actions, required=False)
    return mapping_of(Sheet(sheet.place, (rule,), (), sheet.message, _MARK), files)


def _shown(full: Full) -> str:
    return ".".join(full).replace(".[]", "[]")


def _compared(condition: Condition) -> Iterator[Source]:
    if isinstance(condition, Combined):
        for each in condition.parts:
            yield from _compared(each)
    else:
        yield condition.path


def _path(path: Source, at: Steps) -> str:
    steps = (*(() if path.root else at), *(step.name for step in path.steps))
    return "/".join((*steps, *([f"@{path.attribute}"] if path.attribute else [])))


def _paths(source: etree._Element | dict[str, Any]) -> Iterator[str]:
    """Give the path of everything that a message has."""
    if isinstance(source, dict):
        values: list[tuple[Any, str]] = [(source, "")]
        while values:
            value, path = values.pop()
            yield path
            if isinstance(value, dict):
                values += [(each, f"{path}/{name}".lstrip("/")) for name, each in value.items()]
            elif isinstance(value, list):
                values += [(each, path) for each in value]
        return
    elements = [(source, "")]
    while elements:
        element, path = elements.pop()
        yield path
        for name in map(str, element.attrib):
            yield f"{path}/@{etree.QName(name).localname}".lstrip("/")
        elements += [(each, f"{path}/{xml.local_name(each)}".lstrip("/")) for each in element.iterchildren("*")]


def _numbers(data: dict[str, Any]) -> Iterator[int]:
    """Give the numbers of the rules that filled something; what they filled it with is not looked into."""
    for name, value in data.items():
        if name.startswith(_MARK):
            yield int(name[len(_MARK) :])
        else:
            for each in value if isinstance(value, list) else [value]:
                # null is what a group gives that has no value.
                yield from _numbers(each or {})
