"""A mapping as it will run: parts in their places, and the rules of a sender or zaaktype over those of the connection.

It knows rules and where they stand; it refuses to know functions, messages and events. What comes out has no `use` left
and its ignored paths begin at the message.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Protocol

from hub.config.yaml import Place
from hub.mapping.paths import Target
from hub.mapping.rules import CONNECTION, Fill, Group, Ignore, Layer, Rule, Sheet, Use, wrong
from hub.wire.form import Form

Full = tuple[str, ...]
"""A whole target, from the result down; `[]` is a step of its own: `("zaak", "rollen", "[]")`."""


class Parts(Protocol):
    """Where parts come from."""

    def part(self, name: str, asked: Place) -> Sheet:
        """Give a part by its name; raises ConfigurationWrong at the place that asked for it."""
        ...


def resolve(sheet: Sheet, files: Parts, layers: Iterable[Sheet] = (), *, form: Form | None = None) -> Sheet:
    """Put the parts in and lay the layers over it, the last on top; raises ConfigurationWrong.

    A rule of a layer replaces every rule below it that fills the same target or a part of it. `form` is that of the
    message the mapping writes: it tells which dots of a target belong to the name of an element (`inp.bsn`).
    """
    ignore: list[Ignore] = []
    rules = _named(_Expansion(files, CONNECTION, ignore).rules(sheet.rules), form)
    ignore += sheet.ignore
    allow = set(sheet.allow)
    for each in layers:
        over = _named(_Expansion(files, each.layer, ignore).rules(each.rules), form)
        rules = (*_without(rules, frozenset(targets(over)), ()), *over)
        ignore += each.ignore
        allow |= set(each.allow)
    return replace(sheet, rules=rules, ignore=tuple(ignore), allow=tuple(sorted(allow)))


def targets(rules: Iterable[Rule], at: Full = ()) -> Iterator[Full]:
    """Give the whole target of every rule that fills one; a list is filled as a whole."""
    for rule in rules:
        if isinstance(rule, Group) and not (rule.to and rule.to.many):
            yield from targets(rule.rules, target(rule, at))
        elif not isinstance(rule, Use):
            yield target(rule, at)


def target(rule: Fill | Group, at: Full) -> Full:
    """Give the whole target of a rule that stands in one that fills `at`."""
    if rule.to is None:
        return at
    return (*at, *rule.to.names, *(("[]",) if rule.to.many else ()))


def source_steps(rule: Group, at: tuple[str, ...]) -> tuple[str, ...]:
    """Give the names from the message down to the items of a group that stands in one at `at`."""
    if rule.source is None:
        return at
    return (*(() if rule.source.root else at), *(step.name for step in rule.source.steps))


class _Expansion:
    """The rules of one layer with their parts put in; `ignore` grows by what the parts ignore."""

    def __init__(self, files: Parts, layer: Layer, ignore: list[Ignore]) -> None:
        self._files = files
        self._layer = layer
        self._ignore = ignore

    def rules(
        self, rules: Iterable[Rule], at: tuple[str, ...] = (), parts: tuple[str, ...] = ()
    ) -> tuple[Fill | Group, ...]:
        """Expand rules whose paths begin `at` names from the message, inside `parts`."""
        made: list[Fill | Group] = []
        for rule in rules:
            if isinstance(rule, Use):
                made.extend(self._part(rule, at, parts))
            elif isinstance(rule, Group):
                inner = self.rules(rule.rules, source_steps(rule, at), parts)
                made.append(replace(rule, rules=inner, layer=self._layer))
            else:
                made.append(replace(rule, layer=self._layer))
        return tuple(made)

    def _part(self, rule: Use, at: tuple[str, ...], parts: tuple[str, ...]) -> tuple[Fill | Group, ...]:
        if rule.name in parts:
            wrong(rule.place, f"the part `{rule.name}` uses itself: {' > '.join((*parts, rule.name))}")
        part = self._files.part(rule.name, rule.place)
        self._ignore.extend(replace(each, steps=(*at, *each.steps)) for each in part.ignore)
        return self.rules(part.rules, at, (*parts, rule.name))


def _named(rules: tuple[Fill | Group, ...], form: Form | None) -> tuple[Fill | Group, ...]:
    """Give the rules with the names in their targets as the form has them."""
    if form is None:
        return rules
    made: list[Fill | Group] = []
    for rule in rules:
        to, below = (None, form) if rule.to is None else _whole_names(rule.to, form)
        if isinstance(rule, Group):
            inner = _named(tuple(each for each in rule.rules if not isinstance(each, Use)), below)
            made.append(replace(rule, to=to, rules=inner))
        else:
            made.append(replace(rule, to=to or rule.to))
    return tuple(made)


def _whole_names(target: Target, form: Form) -> tuple[Target, Form | None]:
    """Join what is one name in the form, and give the form of the place it leads to, if there is one."""
    names: list[str] = []
    here: Form | None = form
    waiting = target.names
    while waiting:
        # An attribute is no part of a name, also where anything goes.
        ends = (end for end in range(len(waiting), 1, -1) if not waiting[end - 1].startswith("@"))
        end = next((end for end in ends if here is not None and here.below(".".join(waiting[:end])) is not None), 1)
        names.append(".".join(waiting[:end]))
        here = here.below(names[-1]) if here is not None else None
        waiting = waiting[end:]
    return target._replace(names=tuple(names)), here


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
