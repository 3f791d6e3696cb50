"""A mapping as it will run: parts in their places, and the rules of a sender or zaaktype over those of the connection.

It knows rules and where they stand; it refuses to know functions, messages and events. What comes out has no `use` or
`undo` left, and its ignored paths begin at the message.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Protocol

from hub.config.yaml import Place
from hub.mapping.invert import Inversions
from hub.mapping.places import Full, source_steps, target, targets, whole_names
from hub.mapping.rules import CONNECTION, Fill, Group, Ignore, Layer, Lookup, Rule, Sheet, Use, wrong
from hub.wire.form import Form

Steps = tuple[str, ...]


class Parts(Protocol):
    """Where parts come from."""

    def part(self, name: str, asked: Place) -> Sheet:
        """Give a part by its name; raises ConfigurationWrong at the place that asked for it."""
        ...


def resolve(
    sheet: Sheet,
    files: Parts,
    layers: Iterable[Sheet] = (),
    *,
    form: Form | None = None,
    inversions: Inversions | None = None,
) -> Sheet:
    """Put the parts in and lay the layers over it, the last on top; raises ConfigurationWrong.

    A rule of a layer replaces every rule below it that fills the same target or a part of it; one over a part does so
    wherever that is used. `form` is that of the message the mapping writes: it tells which dots of a target belong to
    the name of an element (`inp.bsn`). `inversions` are kept by who resolves more than one.
    """
    inversions = inversions or Inversions()
    laid = tuple(layers)
    over_parts = tuple(each for each in laid if each.part)
    ignore: list[Ignore] = []
    rules = _named(_Expansion(files, CONNECTION, ignore, over_parts, inversions).rules(sheet.rules, form=form), form)
    ignore += sheet.ignore
    allow = {*sheet.allow, *(name for each in laid for name in each.allow)}
    for each in laid:
        if each.part:
            continue
        above = _Expansion(files, each.layer, ignore, over_parts, inversions)
        over = _named(above.rules(each.rules, form=form), form)
        rules = (*_without(rules, frozenset(targets(over)), ()), *over)
        ignore += each.ignore
    return replace(sheet, rules=rules, ignore=tuple(ignore), allow=tuple(sorted(allow)))


class _Expansion:
    """The rules of one layer with their parts put in; `ignore` grows by what the parts ignore."""

    def __init__(
        self,
        files: Parts,
        layer: Layer,
        ignore: list[Ignore],
        over_parts: tuple[Sheet, ...],
        inversions: Inversions,
    ) -> None:
        self._files = files
        self._layer = layer
        self._ignore = ignore
        self._over_parts = over_parts
        self._inversions = inversions

    def rules(
        self, rules: Iterable[Rule], at: Steps = (), parts: tuple[str, ...] = (), form: Form | None = None
    ) -> tuple[Fill | Group, ...]:
        """Expand rules whose paths begin `at` names from the message, inside `parts`; `form`: of what they fill."""
        made: list[Fill | Group] = []
        for rule in rules:
            if isinstance(rule, Use):
                made.extend((self._undone if rule.backwards else self._part)(rule, at, parts, form))
            elif isinstance(rule, Group):
                below = whole_names(rule.to, form)[1] if rule.to and form else form
                if rule.lookup is not None:
                    made.append(self._found(rule, rule.lookup, parts, below))
                    continue
                inner = self.rules(rule.rules, source_steps(rule, at), parts, below)
                made.append(replace(rule, rules=inner, layer=self._layer))
            else:
                made.append(rule if rule.layer == self._layer else replace(rule, layer=self._layer))
        return tuple(made)

    def _found(self, rule: Group, lookup: Lookup, parts: tuple[str, ...], form: Form | None) -> Group:
        """Expand rules that read what is found elsewhere: what their parts ignore is no part of the message."""
        apart = _Expansion(self._files, self._layer, [], self._over_parts, self._inversions)
        by = tuple(replace(each, layer=self._layer) for each in lookup.by)
        inner = apart.rules(rule.rules, (), parts, form)
        return replace(rule, rules=inner, layer=self._layer, lookup=replace(lookup, by=by))

    def _part(self, rule: Use, at: Steps, parts: tuple[str, ...], form: Form | None) -> tuple[Fill | Group, ...]:
        if rule.name in parts:
            wrong(rule.place, f"the part `{rule.name}` uses itself: {' > '.join((*parts, rule.name))}")
        part = self._files.part(rule.name, rule.place)
        self._ignore.extend(replace(each, steps=(*at, *each.steps)) for each in part.ignore)
        within = (*parts, rule.name)
        rules = self.rules(part.rules, at, within, form)
        for each in self._over_parts:
            if each.part == rule.name:
                above = _Expansion(self._files, each.layer, self._ignore, self._over_parts, self._inversions)
                over = _named(above.rules(each.rules, at, within, form), form)
                rules = (*_without(_named(rules, form), frozenset(targets(over)), ()), *over)
                self._ignore.extend(replace(ignored, steps=(*at, *ignored.steps)) for ignored in each.ignore)
        return rules

    def _undone(self, rule: Use, at: Steps, parts: tuple[str, ...], form: Form | None) -> tuple[Fill | Group, ...]:
        """Put a part in backwards: what it ignores, and what it reads elsewhere in the message, has no meaning here."""
        forwards = _Expansion(self._files, self._layer, [], self._over_parts, self._inversions)
        rules = _within(forwards._part(rule, (), parts, None))
        undone = self._inversions.of(rule.name, rules, rule.place, form)
        self._ignore.extend(replace(each, steps=(*at, *each.steps)) for each in undone.ignore)
        return tuple(each for each in undone.rules if not isinstance(each, Use))


def _within(rules: Iterable[Rule]) -> tuple[Fill | Group, ...]:
    """Give the rules that read nothing from the root of the message."""
    kept: list[Fill | Group] = []
    for rule in rules:
        assert not isinstance(rule, Use)
        sources = rule.sources if isinstance(rule, Fill) else (rule.source,)
        if any(each and each.root for each in sources):
            continue
        kept.append(replace(rule, rules=_within(rule.rules)) if isinstance(rule, Group) else rule)
    return tuple(kept)


def _named(rules: tuple[Fill | Group, ...], form: Form | None) -> tuple[Fill | Group, ...]:
    """Give the rules with the names in their targets as the form has them."""
    if form is None:
        return rules
    made: list[Fill | Group] = []
    for rule in rules:
        to, below = (None, form) if rule.to is None else whole_names(rule.to, form)
        if isinstance(rule, Group):
            inner = _named(tuple(each for each in rule.rules if not isinstance(each, Use)), below)
            made.append(replace(rule, to=to, rules=inner))
        else:
            made.append(rule if to is None or to == rule.to else replace(rule, to=to))
    return tuple(made)


def _without(rules: Iterable[Rule], taken: frozenset[Full], at: Full) -> tuple[Fill | Group, ...]:
    """Give the rules that fill nothing of `taken`."""
    kept: list[Fill | Group] = []
    for rule in rules:
        assert not isinstance(rule, Use)
        full = target(rule, at)
        if any(full[:end] in taken for end in range(1, len(full) + 1)):
            continue
        if isinstance(rule, Group) and not (rule.to and rule.to.many):
            inner = _without(rule.rules, taken, full)
            if inner:
                kept.append(replace(rule, rules=inner))
        else:
            kept.append(rule)
    return tuple(kept)
