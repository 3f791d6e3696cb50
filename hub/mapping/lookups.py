"""What a mapping looks up at other connections: the questions that a message leads to, and what was answered.

Values only: a mapping tells its questions, whoever runs it asks them, and gives the answers back in the context of the
run. It refuses to know who asks, how, and what is remembered.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any, NamedTuple

from hub.config.likely import did_you_mean
from hub.config.yaml import Place
from hub.event.velden import veld, velden_of
from hub.event.vragen import QUESTION_TYPES, QuestionType
from hub.mapping.demand import Steps, readings
from hub.mapping.rules import Group, Lookup, Rule, wrong

ANSWERS = "?"
"""Under which the context of a run has the answers; no path of a mapping can name it.

Without it nobody was asked, as where a message is mapped only to show it: what would be looked up is left out.
"""

Key = tuple[str, str, str]
"""What tells one question from another: whom, what kind, and what it says, but not which fields are wanted."""


class Question(NamedTuple):
    """A question to the connection `asks`: `data` without its `velden`, which stand beside it.

    `retry`: the message can't do without an answer. `rule` is `file:line` of the first rule that asks.
    """

    asks: str
    kind: str
    data: dict[str, Any]
    velden: tuple[str, ...]
    retry: bool
    rule: str

    @property
    def key(self) -> Key:
        """What tells it from other questions."""
        return key_of(self.asks, self.kind, self.data)


class Answered(NamedTuple):
    """What was found, each as the canonical answer has it, and `how` it was answered, for whoever asks why."""

    found: tuple[dict[str, Any], ...]
    how: str = "answered now"


Answers = Mapping[Key, Answered | None]
"""The answer to each question; None where it could not be asked."""


def key_of(asks: str, kind: str, data: Mapping[str, Any]) -> Key:
    """Give what tells a question from others."""
    # Not orjson: it stops at half a character, which JSON of a sender can hold.
    return asks, kind, json.dumps(data, sort_keys=True)


def merged(questions: Iterable[Question]) -> list[Question]:
    """Give every question once, for all fields that are wanted of it."""
    known: dict[Key, Question] = {}
    for each in questions:
        earlier = known.get(each.key, each)
        velden = tuple(sorted({*earlier.velden, *each.velden}))
        known[each.key] = earlier._replace(velden=velden, retry=earlier.retry or each.retry)
    return list(known.values())


def lookups_in(rules: Iterable[Rule]) -> Iterator[Group]:
    """Give the rules of a resolved mapping that look something up."""
    for rule in rules:
        if isinstance(rule, Group):
            if rule.lookup is not None:
                yield rule
            yield from lookups_in(rule.rules)


def only_lookups(rules: Iterable[Rule]) -> tuple[Rule, ...]:
    """Give the rules that look something up, in the groups in which they stand: these ask for nothing themselves."""
    kept: list[Rule] = []
    for rule in rules:
        if not isinstance(rule, Group):
            continue
        if rule.lookup is not None:
            kept.append(replace(rule, required=False))
        elif inner := only_lookups(rule.rules):
            kept.append(replace(rule, rules=inner, required=False))
    return tuple(kept)


def question_type(lookup: Lookup) -> QuestionType:
    """Give the type of the question; raises ConfigurationWrong when nothing can be looked up by it."""
    asked = QUESTION_TYPES.get(lookup.question)
    can = [name for name, each in QUESTION_TYPES.items() if not each.locks]
    if asked is None:
        wrong(lookup.place, f"there is no question `{lookup.question}`", did_you_mean(lookup.question, can))
    if asked.locks:
        wrong(lookup.place, f"`{lookup.question}` changes something: it is no way to look something up")
    return asked


def wanted_of(rule: Group, asked: QuestionType) -> tuple[str, ...]:
    """Give the fields that rules read of what is found; raises ConfigurationWrong for one that there is not."""
    _, model = asked.found
    known = set(velden_of(model))
    wanted: set[str] = set()
    for place, steps in _read(rule.rules):
        if not steps:
            wanted |= {*model.model_fields}
            continue
        name = veld(model, steps)
        if name and name not in known:
            wrong(place, f"what `{asked.name}` finds has no `{name}`", did_you_mean(name, known))
        wanted.add(name)
    wanted.discard("")
    if not wanted:
        wrong(rule.place, "these rules read nothing of what is looked up", "then it need not be looked up")
    return tuple(sorted(each for each in wanted if not any(each.startswith(f"{other}.") for other in wanted)))


def _read(rules: Iterable[Rule]) -> Iterator[tuple[Place, Steps]]:
    """Give what rules read, each with the place of a rule that does."""
    for rule in rules:
        for each in readings((rule,)):
            yield from ((rule.place, steps) for steps in (*each.needs, *each.sources))
