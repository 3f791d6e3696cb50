"""What a mapping reads to fill each of its targets: its rules tell, before there is any message.

With it a question is made for what was asked and no more. It knows rules; it refuses to know who may see what.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from hub.mapping.paths import Source, Step
from hub.mapping.places import Full, source_steps, target
from hub.mapping.rules import Combined, Condition, Fill, Group, Rule, Use

Steps = tuple[str, ...]
"""Names from the message down."""


class Reading(NamedTuple):
    """What one rule reads. `target`: the names from the result down, an attribute with its `@`.

    It needs all of `needs`, its conditions and choices, and one of `sources`; without any it is a constant.
    """

    target: Full
    needs: frozenset[Steps]
    sources: frozenset[Steps]


def readings(rules: Iterable[Rule]) -> tuple[Reading, ...]:
    """Give what the rules of a resolved mapping read, in their order."""
    return tuple(_readings(rules, (), (), frozenset()))


def wanted(all_: Iterable[Reading], asked: Iterable[Full]) -> tuple[Reading, ...]:
    """Give the readings that fill what was asked, a part of it, or the whole that it is a part of."""
    names = set(asked)
    above = {name[:end] for name in names for end in range(1, len(name) + 1)}
    return tuple(each for each in all_ if each.target in above or _begins_with(each.target, names))


def _begins_with(target: Full, names: set[Full]) -> bool:
    return any(target[:end] in names for end in range(1, len(target) + 1))


def _readings(rules: Iterable[Rule], to: Full, at: Steps, above: frozenset[Steps]) -> Iterator[Reading]:
    for rule in rules:
        assert not isinstance(rule, Use), "a resolved mapping has its parts in their places"
        # What a rule with `each` or `at` looks at stands in its item.
        needs = above | _tested(rule.when, source_steps(rule, at) if isinstance(rule, Group) else at)
        filled = tuple(name for name in target(rule, to) if name != "[]")
        if isinstance(rule, Group):
            chosen = frozenset() if rule.source is None else _chosen(rule.source, at)
            yield from _readings(rule.rules, filled, source_steps(rule, at), needs | chosen)
            continue
        yield _reading(rule, filled, at, needs)


def _reading(rule: Fill, filled: Full, at: Steps, needs: frozenset[Steps]) -> Reading:
    paths = [each for each in rule.sources if not each.context]
    chosen = frozenset(step for each in paths for step in _chosen(each, at))
    return Reading(filled, needs | chosen, frozenset(_steps(each, at) for each in paths))


def _steps(path: Source, at: Steps) -> Steps:
    return (*(() if path.root else at), *(step.name for step in path.steps))


def _chosen(path: Source, at: Steps) -> frozenset[Steps]:
    """Give what a choice among siblings looks at: `partners[soort=H]` reads `soort`."""
    begin = () if path.root else at
    return frozenset(
        (*begin, *_names(path.steps[: place + 1]), step.predicate.child)
        for place, step in enumerate(path.steps)
        if step.predicate is not None and step.predicate.child
    )


def _names(steps: Iterable[Step]) -> Steps:
    return tuple(step.name for step in steps)


def _tested(condition: Condition | None, at: Steps) -> frozenset[Steps]:
    if condition is None:
        return frozenset()
    if isinstance(condition, Combined):
        return frozenset(path for part in condition.parts for path in _tested(part, at))
    if condition.path.context:
        return frozenset()
    return frozenset({_steps(condition.path, at)}) | _chosen(condition.path, at)
