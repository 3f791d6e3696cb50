"""Where a source path leads in the definition of a message, and what of the message no rule comes to.

It knows paths and fields. It refuses to know targets and functions.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

from hub.mapping.lint.definition import SILENT, Field
from hub.mapping.lint.findings import near
from hub.mapping.paths import Predicate, Source

Names = tuple[str, ...]
"""From the message down; an attribute is a last `@name`."""

CONTEXT_OF_MESSAGES = ("kind", "zender")
CONTEXT_OF_EVENTS = ("time", "type", "zender")
_DEPTH_MAX = 24
"""StUF-ZKN nests 16 levels; a definition that refers to itself ends here."""


class Item(NamedTuple):
    """A place that rules read from; `field` is None where nobody knows what it holds."""

    field: Field | None
    names: Names


class Miss(NamedTuple):
    """Why a path never matches: the word, where it begins in the path, and what may have been meant."""

    word: str
    start: int
    reason: str
    advice: str
    only: str


class Looked(NamedTuple):
    """Where a path leads. `miss`: nowhere. `repeats`: the step that may stand there more than once."""

    item: Item
    miss: Miss | None = None
    repeats: str = ""
    sure: bool = False


def look(path: Source, here: Item, message: Item, context: Iterable[str]) -> Looked:
    """Follow a path from the current item, or from the message."""
    if path.context:
        names = tuple(context)
        if path.context in names:
            return Looked(Item(Field(path.context, "text"), ()), sure=True)
        guess = near(path.context, names)
        return Looked(here, Miss(path.context, 1, f"there is no `${path.context}` beside this message", *guess))
    item, repeats, start, sure = (message if path.root else here), "", 1 if path.root else 0, True
    for step in path.steps:
        known = item.field
        child = known.children.get(step.name) if known else None
        if known is not None and child is None and not known.loose and known.kind != "any":
            return Looked(item, _miss(step.name, start, item, here, message))
        if child is not None and step.predicate is not None:
            miss = _missed_choice(step.predicate, child, start + len(step.name) + 1)
            if miss:
                return Looked(item, miss)
        if child is not None and child.many and step.predicate is None:
            repeats = repeats or step.name
        sure = sure and child is not None and child.sure and step.predicate is None
        item = Item(child, (*item.names, step.name))
        start += len(_written(step.name, step.predicate, path.text[start:])) + 1
    if path.attribute:
        return _attribute(path, item, repeats)
    return Looked(item, repeats=repeats, sure=sure and bool(path.steps))


def _attribute(path: Source, item: Item, repeats: str) -> Looked:
    field, name = item.field, path.attribute
    found = Looked(Item(Field(f"@{name}", "text"), (*item.names, f"@{name}")), repeats=repeats)
    if field is None or field.loose or field.kind == "any" or (field.xml and name in SILENT):
        return found
    if name in field.attributes:
        return found
    guess = near(name, field.attributes)
    reason = f"{_called(field)} has no attribute `{name}`"
    return Looked(item, Miss(name, len(path.text) - len(name), reason, *guess))


def _written(name: str, predicate: Predicate | None, rest: str) -> str:
    """Give a step as it stands at the beginning of a path, with its choice."""
    return name if predicate is None else rest[: rest.index("]") + 1]


def _miss(word: str, start: int, item: Item, here: Item, message: Item) -> Miss:
    assert item.field is not None
    reason = f"{_called(item.field)} has no {'element' if item.field.xml else 'field'} `{word}`"
    guess = near(word, item.field.children)
    if guess.only or guess.advice.startswith("did"):
        return Miss(word, start, reason, guess.advice, guess.only)
    below = next(_deeper(item.field, word), "")
    if below:
        return Miss(word, start, reason, f"did you mean {below}?", "")
    if item.names != message.names and message.field and word in message.field.children and item == here:
        return Miss(word, start, reason, f"did you mean /{word}?", "")
    return Miss(word, start, reason, guess.advice, "")


def _deeper(field: Field, word: str) -> Iterator[str]:
    """Give the ways to a name one or two levels further down."""
    for name, child in field.children.items():
        if word in child.children:
            yield f"{name}/{word}"
    for name, child in field.children.items():
        for inner, grandchild in child.children.items():
            if word in grandchild.children:
                yield f"{name}/{inner}/{word}"


def _missed_choice(choice: Predicate, field: Field, start: int) -> Miss | None:
    if field.loose or field.kind == "any":
        return None
    if choice.attribute and choice.attribute not in field.attributes and choice.attribute not in SILENT:
        reason = f"{_called(field)} has no attribute `{choice.attribute}`"
        return Miss(choice.attribute, start + 1, reason, *near(choice.attribute, field.attributes))
    if choice.child and choice.child not in field.children:
        reason = f"{_called(field)} has no {'element' if field.xml else 'field'} `{choice.child}`"
        return Miss(choice.child, start, reason, *near(choice.child, field.children))
    words = field.children[choice.child].words if choice.child else ()
    if words and choice.value not in words:
        reason = f"`{choice.child}` is never `{choice.value}`"
        return Miss(choice.value, start + len(choice.child) + 1, reason, *near(choice.value, words))
    return None


def _called(field: Field) -> str:
    return f"`{field.name}`" if field.name else "the event"


class Reads(NamedTuple):
    """What the rules of a mapping read: values, and places of which all is read."""

    values: set[Names]
    wholes: set[Names]


class Ignores:
    """Ignored paths as one test."""

    def __init__(self, patterns: Iterable[Names]) -> None:
        rows = tuple(dict.fromkeys(patterns))
        self._test = re.compile("|".join(map(_pattern, rows)) or r"(?!)").match
        self.literal = {row[:at] for row in rows for at in range(1, len(_literal(row)) + 1)}

    def covers(self, names: Names) -> bool:
        """Tell whether a place, or something above it, is ignored."""
        return self._test("".join(f"{name}/" for name in names)) is not None


def _literal(row: Names) -> Names:
    wild = [at for at, step in enumerate(row) if step in {"*", "**"}]
    return row[: wild[0]] if wild else row


def _pattern(row: Names) -> str:
    steps = {"*": "[^/]+/", "**": "(?:[^/]+/)*"}
    return "".join(steps.get(step, re.escape(step) + "/") for step in row)


def unread(message: Field, reads: Reads, ignores: Ignores) -> list[Names]:
    """Give the places of the definition that nothing comes to, each where it begins."""
    touched = {each[:at] for each in (*reads.values, *reads.wholes) for at in range(1, len(each) + 1)}
    return _Coverage(reads, ignores, touched | ignores.literal).of(message, ())[1]


class _Coverage:
    def __init__(self, reads: Reads, ignores: Ignores, touched: set[Names]) -> None:
        self._reads = reads
        self._ignores = ignores
        self._touched = touched

    def of(self, field: Field, names: Names) -> tuple[bool, list[Names]]:
        """Tell whether anything below a place is read or ignored, and give what is not, as few places as can be."""
        if names in self._reads.wholes or self._ignores.covers(names):
            return True, []
        if names and names not in self._touched:
            return (False, [names]) if self._says_something(field, names, 0) else (True, [])
        parts = [self._value(names)] if _has_value(field) else []
        parts += [self._value((*names, f"@{each}")) for each in field.attributes if each not in SILENT]
        parts += [self.of(child, (*names, name)) for name, child in field.children.items()]
        if field.loose:
            return names in self._touched, [] if names in self._touched else [names]
        missed = [each for _, below in parts for each in below]
        if names and missed and not any(come for come, _ in parts):
            return False, [names]
        return any(come for come, _ in parts) or not parts, missed

    def _value(self, names: Names) -> tuple[bool, list[Names]]:
        come = names in self._reads.values or self._ignores.covers(names)
        return come, [] if come else [names]

    def _says_something(self, field: Field, names: Names, depth: int) -> bool:
        if self._ignores.covers(names) or depth > _DEPTH_MAX:
            return False
        if _has_value(field) or field.loose:
            return True
        if any(each not in SILENT and not self._ignores.covers((*names, f"@{each}")) for each in field.attributes):
            return True
        return any(self._says_something(child, (*names, name), depth + 1) for name, child in field.children.items())


def _has_value(field: Field) -> bool:
    return field.kind not in {"element", "object", "any"}


def reachable(pattern: Names, field: Field, depth: int = 0) -> bool:
    """Tell whether an ignored path can match anything of a definition."""
    if not pattern or depth > _DEPTH_MAX:
        return True
    if field.loose or field.kind == "any":
        return True
    step, rest = pattern[0], pattern[1:]
    if step == "**" and reachable(rest, field, depth):
        return True
    if step.startswith("@"):
        return not rest and (step[1:] in field.attributes or (field.xml and step[1:] in SILENT))
    deeper = pattern if step == "**" else rest
    children: Mapping[str, Field] = field.children
    if step not in {"*", "**"}:
        return step in children and reachable(rest, children[step], depth + 1)
    return any(reachable(deeper, child, depth + 1) for child in children.values()) or (
        step == "*" and not rest and bool(field.attributes)
    )
