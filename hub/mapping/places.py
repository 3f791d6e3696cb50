"""Where rules stand: whole targets from the result down, and whole paths from the message down.

It knows rules, and the form that says which dots belong to a name. It refuses to know files and messages.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from hub.mapping.paths import Target
from hub.mapping.rules import Fill, Group, Rule, Use
from hub.wire.form import Form

_ENTITY = re.compile(r"[a-z]{3}").fullmatch
"""What stands before the dot in a name of StUF-BG: an entity."""

Full = tuple[str, ...]
"""A whole target, from the result down; `[]` is a step of its own: `("zaak", "rollen", "[]")`."""


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


def whole_names(target: Target, form: Form) -> tuple[Target, Form | None]:
    """Join what is one name in the form, and give the form of the place it leads to, if there is one."""
    names: list[str] = []
    here: Form | None = form
    waiting = target.names
    while waiting:
        end = _end_of_name(waiting, here)
        names.append(".".join(waiting[:end]))
        here = here.below(names[-1]) if here is not None else None
        waiting = waiting[end:]
    return target._replace(names=tuple(names)), here


def _end_of_name(waiting: tuple[str, ...], here: Form | None) -> int:
    """Say how many of these are the one name that comes first."""
    if here is None:
        return 1
    known = (end for end in range(len(waiting), 1, -1) if ".".join(waiting[:end]) in here.children)
    # Where anything goes, StUF-BG is the guide: `inp.bsn`, `aoa.postcode`. An attribute is no part of a name.
    guessed = here.loose and _ENTITY(waiting[0]) and len(waiting) > 1 and not waiting[1].startswith("@")
    return next(known, 2 if guessed else 1)
