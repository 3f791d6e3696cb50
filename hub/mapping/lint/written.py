"""Mapping files as they are written: what every rule says, where each word of it stands, and all that cannot be read.

A file with mistakes is read without them, so that the rest is checked too. It knows text, lines and columns. It refuses
to know messages, targets and functions.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace

from hub.config.yaml import Node, Place, parse_yaml
from hub.errors import ConfigurationWrong
from hub.mapping.lint.findings import Edit, Finding, near
from hub.mapping.rules import Sheet

_UNKNOWN_KEY = re.compile(r"has no key `(.+)`$")
_NEEDED = re.compile(r"^a (?:mapping|layer|part) needs `(\w+)`$")
_MEANT = re.compile(r"^did you mean (.+)\?$")
_SEVERAL = frozenset({"rules", "ignore"})
_EMPTY_REASON = re.compile(r"^[\W_]*$|^(?:todo|tbd|fixme|x+|reden|reason|n/?a|nvt)\W*$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class File:
    """One file. `root` is what it holds, with places; None where it is no YAML."""

    name: str
    text: str
    root: Node | None = None
    _sets: dict[tuple[int, int], Node] = field(default_factory=dict)

    @property
    def lines(self) -> list[str]:
        """The lines, without their ends."""
        return self.text.splitlines()

    def sets(self) -> Iterable[Node]:
        """Give every set of `key: value`."""
        return self._sets.values()

    def node(self, place: Place) -> Node | None:
        """Give the set of `key: value` that stands at a place: a rule, a condition, an ignored path."""
        return self._sets.get((place.line, place.column))

    def value(self, place: Place, key: str) -> Node | None:
        """Give what stands under a key of the set at a place."""
        found = self.node(place)
        return found.get(key) if found else None

    def within(self, node: Node, start: int, text: str) -> Place:
        """Give the place of a piece of a text, `start` characters into it; the text itself where it is not there."""
        line, column, lines = node.place.line, node.place.column, self.lines
        if not 0 < line <= len(lines):
            return node.place
        shown = lines[line - 1]
        begin = column - 1 + start + (1 if shown[column - 1 : column] in {"'", '"'} else 0)
        return Place(node.place.file, line, begin + 1) if shown[begin : begin + len(text)] == text else node.place


def open_file(name: str, text: str, found: list[Finding]) -> File:
    """Read a file as YAML; what is wrong with it goes to `found`."""
    try:
        root = parse_yaml(text, name=name)
    except ConfigurationWrong as problem:
        found.append(_finding("yaml", problem))
        return File(name, text)
    return File(name, text, root, {(each.place.line, each.place.column): each for each in _sets(root)})


def _sets(node: Node) -> Iterator[Node]:
    if isinstance(node.value, dict):
        yield node
        for each in node.value.values():
            yield from _sets(each)
    elif isinstance(node.value, tuple):
        for each in node.value:
            yield from _sets(each)


def read_sheet(file: File, read: Callable[[Node], Sheet], found: list[Finding]) -> tuple[Sheet | None, bool]:
    """Give what the file says, without what cannot be read, and whether all could be read."""
    if file.root is None:
        return None, False
    before = len(found)
    root = _with_reasons(file.root, found)
    if not isinstance(root.value, dict):
        found.append(Finding("grammar", root.place, "the file must be a set of `key: value`"))
        return None, False
    dropped: set[str] = set()
    reported: set[Place] = set()
    while True:
        try:
            return read(root), len(found) == before
        except ConfigurationWrong as problem:
            place = Place(problem.file, problem.line, problem.column)
            needed = _NEEDED.match(problem.reason)
            name = needed[1] if needed else ""
            if name not in dropped and place not in reported:
                found.append(_grammar(file, problem))
            if name == "layer" or (name and name in root.mapping()):
                return None, False
            cut = _cut(root, place)
            if name:
                absent = Node(() if name in _SEVERAL else "", root.place)
                root = replace(root, value={**root.mapping(), name: absent})
            elif cut.removed:
                reported |= cut.around
                root = cut.node
            else:
                key = _entry_at(root.mapping(), root.keys, place)
                if key is None or key in dropped:
                    return None, False
                dropped.add(key)
                root = replace(root, value={each: node for each, node in root.mapping().items() if each != key})


def _with_reasons(root: Node, found: list[Finding]) -> Node:
    """Take out what is ignored without a reason, and say so."""
    ignored = root.get("ignore")
    if ignored is None or not isinstance(ignored.value, tuple) or not isinstance(root.value, dict):
        return root
    kept = []
    for each in ignored.value:
        reason, path = each.get("reason"), each.get("path")
        said = reason.value if reason else None
        if path and (not isinstance(said, str) or _EMPTY_REASON.match(said) or said == path.value):
            if said is not None and not isinstance(said, str):
                kept.append(each)  # a number is no text: the language itself refuses it
                continue
            place = reason.place if reason and said else each.place
            found.append(
                Finding("missing-reason", place, f"nobody says why `{path.value}` is ignored", "say it in a sentence")
            )
            kept.append(_reasoned(each))
        else:
            kept.append(each)
    return replace(root, value={**root.value, "ignore": replace(ignored, value=tuple(kept))})


def _reasoned(ignored: Node) -> Node:
    assert isinstance(ignored.value, dict)
    return replace(ignored, value={**ignored.value, "reason": Node("not told", ignored.place)})


@dataclass(frozen=True, slots=True)
class _Cut:
    """What is left of a node; `around` are the places of what it stood in, which may now be wrong for that reason."""

    node: Node
    removed: bool
    around: frozenset[Place] = frozenset()


def _cut(node: Node, place: Place) -> _Cut:
    """Take the innermost rule or ignored path that holds `place` out of a tree."""
    if isinstance(node.value, dict):
        key = _entry_at(node.value, node.keys, place)
        if key is None:
            return _Cut(node, removed=False)
        cut = _cut_item(node.value[key], place) if key in _SEVERAL else _cut(node.value[key], place)
        if not cut.removed:
            return cut
        return _Cut(replace(node, value={**node.value, key: cut.node}), removed=True, around=cut.around | {node.place})
    return _Cut(node, removed=False)


def _cut_item(several: Node, place: Place) -> _Cut:
    if not isinstance(several.value, tuple):
        return _Cut(several, removed=False)
    at = max((at for at, each in enumerate(several.value) if _before(each.place, place)), default=-1)
    if at < 0:
        return _Cut(several, removed=False)
    inner = _cut(several.value[at], place)
    kept = (inner.node,) if inner.removed else ()
    return _Cut(replace(several, value=(*several.value[:at], *kept, *several.value[at + 1 :])), True, inner.around)


def _entry_at(entries: Mapping[str, Node], keys: Mapping[str, Place], place: Place) -> str | None:
    """Give the key whose entry holds a place."""
    held = [key for key in entries if key in keys and _before(keys[key], place)]
    return max(held, key=lambda key: keys[key]) if held else None


def _before(one: Place, other: Place) -> bool:
    return (one.line, one.column) <= (other.line, other.column)


def _grammar(file: File, problem: ConfigurationWrong) -> Finding:
    unknown = _UNKNOWN_KEY.search(problem.reason)
    meant = _MEANT.match(problem.advice)
    place = Place(problem.file, problem.line, problem.column)
    if unknown is None:
        return _finding("grammar", problem)
    sure = meant and near(unknown[1], (meant[1],)).only and stands(file, place, unknown[1])
    fix = (Edit(place, unknown[1], meant[1]),) if meant and sure else ()
    return Finding("unknown-key", place, problem.reason, problem.advice, fix, len(unknown[1]))


def stands(file: File, place: Place, text: str) -> bool:
    """Tell whether a text stands at a place."""
    lines = file.lines
    return 0 < place.line <= len(lines) and lines[place.line - 1][place.column - 1 :].startswith(text)


def replaced(file: File, place: Place, old: str, new: str) -> tuple[Edit, ...]:
    """Give the edit that writes one word for another, if there is another and the one stands there, quoted or not."""
    for at in (place, place._replace(column=place.column + 1)):
        if new and stands(file, at, old):
            return (Edit(at, old, new),)
    return ()


def _finding(rule_id: str, problem: ConfigurationWrong) -> Finding:
    return Finding(rule_id, Place(problem.file, problem.line, problem.column), problem.reason, problem.advice)


def findings_of(rule_id: str, problem: ConfigurationWrong) -> list[Finding]:
    """Give each problem of an error as a finding of a rule."""
    return [_finding(rule_id, each) for each in problem.problems]
