"""What a mapping reads to fill each of its targets: its rules tell, before there is any message.

With it a question is made for what was asked and no more. It knows rules; it refuses to know who may see what.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from hub.mapping.paths import Source, Step
from hub.mapping.places import Full, source_steps, target
from hub.mapping.rules import Combined, Condition, Fill, Group, Lookup, Rule, Use

Steps = tuple[str, ...]
"""Names from the message down."""


class LookedUp(NamedTuple):
    """What a rule reads of what is found by a question: as a `Reading`, from the item that was found down."""

    question: str
    needs: frozenset[Steps]
    sources: frozenset[Steps]


class Reading(NamedTuple):
    """What one rule reads. `target`: the names from the result down, an attribute with its `@`.

    It needs all of `needs`, its conditions and choices, and one of `sources`; without any it is a constant, or it is
    filled by what is `looked_up`.
    """

    target: Full
    needs: frozenset[Steps]
    sources: frozenset[Steps]
    looked_up: tuple[LookedUp, ...] = ()


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
        filled = tuple(name for name in target(rule, to) if name not in _IN_PLACE)
        if isinstance(rule, Group) and rule.lookup is not None:
            # What is found is no part of the message; what it is looked up by is, whatever is read of what is found.
            needs |= by_of(rule.lookup, at)
            found = _readings(rule.rules, filled, (), frozenset())
            asked = rule.lookup.question
            for each in found:
                by = LookedUp(asked, each.needs, each.sources)
                yield Reading(each.target, needs, frozenset(), (by, *each.looked_up))
            continue
        if isinstance(rule, Group):
            chosen = frozenset() if rule.source is None else _chosen(rule.source, at)
            yield from _readings(rule.rules, filled, source_steps(rule, at), needs | chosen)
            continue
        yield _reading(rule, filled, at, needs)


_IN_PLACE = ("[]", ".")
"""Steps of a target that lead no further down."""


def _reading(rule: Fill, filled: Full, at: Steps, needs: frozenset[Steps]) -> Reading:
    paths = [each for each in rule.sources if not each.context]
    chosen = frozenset(step for each in paths for step in _chosen(each, at))
    return Reading(filled, needs | chosen, frozenset(_steps(each, at) for each in paths))


def by_of(lookup: Lookup, at: Steps) -> frozenset[Steps]:
    """Give what is read of the message to look something up, by a rule whose item is at `at`."""
    read = [_reading(each, (), at, _tested(each.when, at)) for each in lookup.by]
    return frozenset(steps for each in read for steps in (*each.needs, *each.sources))


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
