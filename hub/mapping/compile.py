"""Mapping files to mappings: every name is looked up, every path gets its slot, every mistake is told with its place.

It knows how rules, parts, tables, functions, sources and targets fit together. It refuses to know messages.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any, NamedTuple

from hub.event.catalogue import EVENT_TYPES
from hub.mapping import steps
from hub.mapping.calls import attributes_read, composite, element_wanted, pipeline
from hub.mapping.conditions import Reader, Readers, condition, needed, together
from hub.mapping.paths import Source, beside
from hub.mapping.read import Files, Folder
from hub.mapping.rules import Fill, Group, Ignore, Rule, Sheet, Use, wrong
from hub.mapping.run import Mapping, Step
from hub.mapping.shape import Scope, Shape, Spot
from hub.mapping.steps import Fetch, Origin, Outcome
from hub.mapping.targets import Outline


def load_mappings(folder: Path, *, root: Path) -> dict[str, Mapping]:
    """Read and compile every mapping of a connection; the kind of message it reads gives the mapping.

    `folder` holds `<kind>.map.yaml`; `root` is the folder of all connections, with `_codes/` and `_parts/`. Raises
    ConfigurationWrong with file, line and column at the first mistake.
    """
    shelf = Folder(folder, root=root)
    return {mapping.message: mapping for mapping in (_compile(*shelf.mapping(path)) for path in shelf.mappings())}


class _Here(NamedTuple):
    """Where a rule stands: its source, its target, and whether it is sure to be reached.

    `sure`: run whenever the rules of its item are. `optional`: its object may well not be made.
    """

    scope: Scope
    outline: Outline
    sure: bool
    optional: bool
    parts: tuple[str, ...]


class _Made(NamedTuple):
    """A compiled rule, and the spots without which it does nothing; None when it may do something without any."""

    step: Step
    triggers: list[Spot] | None


def _compile(sheet: Sheet, files: Files) -> Mapping:
    event = EVENT_TYPES.get(sheet.gives)
    shape = Shape()
    compiler = _Compiler(shape, files)
    here = _Here(
        Scope(shape, shape.root, 0), Outline(event.model if event else Any), sure=True, optional=False, parts=()
    )
    steps_ = compiler.scope(sheet.rules, here)
    compiler.ignore(sheet.ignore, here.scope)
    shape.finish(compiler.ignored)
    return Mapping(sheet.message, sheet.gives, files.revision, sheet.place.file, shape, steps_)


class _Compiler:
    def __init__(self, shape: Shape, files: Files) -> None:
        self.shape = shape
        self.files = files
        self.ignored: list[tuple[str, ...]] = []

    def ignore(self, paths: tuple[Ignore, ...], scope: Scope) -> None:
        self.ignored.extend((*scope.names(), *each.steps) for each in paths)

    def scope(self, rules: tuple[Rule, ...], here: _Here) -> tuple[Step, ...]:
        """Compile the rules of an item, each to run when the item has what it reads."""
        made = self.rules(rules, here)
        for number, each in enumerate(made):
            here.scope.begin(number, each.triggers)
        return tuple(each.step for each in made)

    def rules(self, rules: tuple[Rule, ...], here: _Here) -> list[_Made]:
        made: list[_Made] = []
        for rule in rules:
            if isinstance(rule, Use):
                made.extend(self.use(rule, here))
            elif isinstance(rule, Fill):
                made.append(self.fill(rule, here))
            else:
                made.append(self.group(rule, here) if rule.source else self.bundle(rule, here))
        return made

    def use(self, rule: Use, here: _Here) -> list[_Made]:
        if rule.name in here.parts:
            wrong(rule.place, f"the part `{rule.name}` uses itself: {' > '.join((*here.parts, rule.name))}")
        part = self.files.part(rule.name, rule.place)
        self.ignore(part.ignore, here.scope)
        return self.rules(part.rules, here._replace(parts=(*here.parts, rule.name)))

    def fill(self, rule: Fill, here: _Here) -> _Made:
        sure = here.sure and rule.when is None
        optional = here.optional or rule.when is not None
        here.outline.value(rule.to, rule.place, optional=optional, composite=composite(rule.via))
        paths = " | ".join(here.scope.where(each) for each in rule.sources)
        origin = Origin(rule.place, here.outline.where(rule.to), paths)
        readers = self.readers(here.scope, sure=here.sure)
        if rule.sources:
            made = self.filled(rule, here, origin, sure=sure)
        else:
            triggers = needed(rule.when, readers) if rule.when else None
            made = _Made(steps.constant(rule.to.names, rule.value, origin, many=rule.to.many), triggers)
        if rule.when is None:
            return made
        return made._replace(step=steps.guarded(condition(rule.when, readers), made.step))

    def filled(self, rule: Fill, here: _Here, origin: Origin, *, sure: bool) -> _Made:
        convert = pipeline(rule.via, self.files) if rule.via else None
        outcome = Outcome(origin, convert, rule.empty, rule.default, rule.required)
        readers = self.readers(here.scope, sure=sure)
        read = readers.element if element_wanted(rule.via) else readers.value
        for name in attributes_read(rule.via):
            for each in rule.sources:
                if not (each.attribute or each.context):
                    here.scope.value(beside(each, name), sure=True)
        path, names = rule.sources[0], rule.to.names
        if rule.to.many and len(rule.sources) == 1 and not path.context:
            certain = _certain(path, here.scope, sure=sure)
            spot = here.scope.value(path, many=True, sure=certain)
            step = steps.fill_every(names, _fetch(path, spot, mark=not certain), outcome)
            spots: list[Spot] | None = None if path.root else [spot]
        else:
            found = [read(each) for each in rule.sources]
            fetch = steps.first_of(tuple(each.fetch for each in found)) if len(found) > 1 else found[0].fetch
            spots = together(each.spots for each in found)
            if len(found) == 1 and spots and not rule.to.many:
                step = steps.fill_plainly(names, spots[0].slot, fetch, outcome, mark=not sure)
            else:
                step = steps.fill(names, fetch, outcome, many=rule.to.many)
        return _Made(step, spots if outcome.quiet else None)

    def group(self, rule: Group, here: _Here) -> _Made:
        """Compile rules with a source of their own: a scope of their own."""
        assert rule.source is not None
        many = rule.to is not None and rule.to.many
        opening, scope = here.scope.open(rule.source)
        # What the condition compares is read, also of an item that it passes over.
        check = condition(rule.when, self.readers(scope, sure=False)) if rule.when else None
        outline = here.outline
        if rule.to:
            outline = outline.item(rule.to, rule.place) if many else outline.object(rule.to, rule.place, optional=True)
        inner = here._replace(scope=scope, outline=outline, sure=True, optional=not many)
        made = self.scope(rule.rules, inner)
        origin = Origin(rule.place, here.outline.where(rule.to), here.scope.where(rule.source))
        outcome = Outcome(origin, None, rule.empty, None, rule.required)
        names = rule.to.names if rule.to else ()
        if many:
            step = steps.every(opening.slot, check, made, outcome, names)
        else:
            step = steps.single(opening.slot, check, made, outcome, names, first=rule.every)
        if rule.source.root:
            return _Made(steps.at_root(step), None)
        return _Made(step, [opening] if outcome.quiet else None)

    def bundle(self, rule: Group, here: _Here) -> _Made:
        """Compile rules that share a target or a condition, and read from the current item."""
        optional = here.optional or rule.when is not None
        outline = here.outline.object(rule.to, rule.place, optional=optional) if rule.to else here.outline
        inner = here._replace(outline=outline, sure=here.sure and rule.when is None, optional=optional)
        made = self.rules(rule.rules, inner)
        origin = Origin(rule.place, here.outline.where(rule.to), here.scope.where(Source(".")))
        names = rule.to.names if rule.to else ()
        step = steps.together(tuple(each.step for each in made), names, origin, required=rule.required)
        triggers = None if rule.required else together(each.triggers for each in made)
        if rule.when is None:
            return _Made(step, triggers)
        return _Made(steps.guarded(condition(rule.when, self.readers(here.scope, sure=here.sure)), step), triggers)

    def readers(self, scope: Scope, *, sure: bool) -> Readers:
        """Give the ways to read from `scope` for a rule that is, or is not, sure to be reached."""

        def value(path: Source) -> Reader:
            if path.context:
                return _given(path)
            certain = _certain(path, scope, sure=sure)
            return _reader(path, scope.value(path, sure=certain), mark=not certain)

        def presence(path: Source) -> Reader:
            return _reader(path, scope.presence(path), mark=False) if not path.context else _given(path)

        def element(path: Source) -> Reader:
            return _reader(path, scope.element(path), mark=False) if not path.context else _given(path)

        return Readers(value, presence, element, self.files)


def _certain(path: Source, scope: Scope, *, sure: bool) -> bool:
    """Tell whether a rule reads `path` whenever the rules of the row that holds its value are run."""
    return sure and not (path.root and scope is not scope.root)


def _given(path: Source) -> Reader:
    return Reader(steps.given(path.context), None)


def _reader(path: Source, spot: Spot, *, mark: bool) -> Reader:
    # A value of the message triggers nothing in the row of an item.
    return Reader(_fetch(path, spot, mark=mark), None if path.root else [spot])


def _fetch(path: Source, spot: Spot, *, mark: bool) -> Fetch:
    return steps.absolute(spot.slot, mark=mark) if path.root else steps.own(spot.slot, mark=mark)
