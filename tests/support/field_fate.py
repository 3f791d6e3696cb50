"""What becomes of every field of a message, found by experiment: take the field out and see whether the result changes.

It trusts no statement of a mapping about itself. A field that changes nothing must be named under `ignore`, with a
reason; one that is not, ended nowhere.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any, Literal, NamedTuple

from lxml import etree

from hub.errors import MappingFailed
from hub.mapping.read import Files, Folder
from hub.mapping.rules import Group, Rule, Sheet, Use
from hub.mapping.run import Mapping

MAPPINGS = Path(__file__).parents[2] / "mappings"

Pattern = tuple[str, ...]
Undo = Callable[[], None]
What = Literal["mapped", "ignored", "unread", "empty", "said twice", "nowhere"]
"""`empty`: the field says that there is no value, which changes nothing. `said twice`: another field says the same."""

_XSI = "{http://www.w3.org/2001/XMLSchema-instance}"
_NO_FIELDS = frozenset({"entiteittype", "noValue"})
"""Attributes that are part of how a field is written."""


class Fate(NamedTuple):
    """One field of one message; `path` has no indices, `reason` is that of the `ignore` that covers it."""

    path: str
    what: What
    reason: str = ""


class Reasons:
    """The `ignore` of one mapping and of all parts it uses, as a person finds them."""

    def __init__(self, connection: str, kind: str) -> None:
        self._found: list[tuple[Pattern, str]] = []
        folder = Folder(MAPPINGS / connection, root=MAPPINGS)
        sheet, files = folder.mapping(MAPPINGS / connection / f"{kind}.map.yaml")
        self._collect(sheet, files, ())

    def reason(self, path: str) -> str:
        """Give why a path is ignored: the reason of the pattern that says most; nothing when none covers it."""
        steps = tuple(path.split("/"))
        covering = [(len(pattern), reason) for pattern, reason in self._found if _covers(pattern, steps)]
        return max(covering)[1] if covering else ""

    def _collect(self, sheet: Sheet, files: Files, at: Pattern) -> None:
        self._found.extend(((*at, *each.steps), each.reason) for each in sheet.ignore)
        self._rules(sheet.rules, files, at)

    def _rules(self, rules: tuple[Rule, ...], files: Files, at: Pattern) -> None:
        for rule in rules:
            if isinstance(rule, Use):
                self._collect(files.part(rule.name, rule.place), files, at)
            elif isinstance(rule, Group):
                below = tuple(step.name for step in rule.source.steps) if rule.source else ()
                start = () if rule.source and rule.source.root else at
                self._rules(rule.rules, files, (*start, *below))


def fates_of_xml(mapping: Mapping, reasons: Reasons, body: etree._Element) -> list[Fate]:
    """Give the fate of every element with a value, and of every attribute."""
    return list(_fates(mapping, reasons, body, _xml_fields(body)))


def fates_of_json(mapping: Mapping, reasons: Reasons, data: dict[str, Any]) -> list[Fate]:
    """Give the fate of every value."""
    return list(_fates(mapping, reasons, data, _json_fields(data)))


class _Field(NamedTuple):
    """`take_out` takes the field out, `change` gives it another value; both give what undoes it."""

    path: str
    value: object
    take_out: Callable[[], Undo]
    change: Callable[[], Undo]


def _fates(
    mapping: Mapping, reasons: Reasons, source: etree._Element | dict[str, Any], fields: list[_Field]
) -> Iterator[Fate]:
    whole = mapping.run(source)

    def matters(*acts: Callable[[], Undo]) -> bool:
        undo = [act() for act in acts]
        try:
            return mapping.run(source).data != whole.data
        except MappingFailed:
            return True
        finally:
            for each in reversed(undo):
                each()

    idle: list[_Field] = []
    for field in fields:
        # What says the default changes nothing when it is left out, but does when it says something else.
        if matters(field.take_out) or (field.value is not None and matters(field.change)):
            yield Fate(field.path, "mapped")
        elif field.path in whole.unread:
            yield Fate(field.path, "unread")
        elif reason := reasons.reason(field.path):
            yield Fate(field.path, "ignored", reason)
        elif field.value is None:
            yield Fate(field.path, "empty")
        else:
            idle.append(field)
    for field in idle:
        same = [each.take_out for each in fields if each.value == field.value and _beside(each.path, field.path)]
        yield Fate(field.path, "said twice" if matters(*same) else "nowhere")


def _xml_fields(body: etree._Element) -> list[_Field]:
    fields: list[_Field] = []
    waiting = [(body, "")]
    while waiting:
        element, path = waiting.pop()
        no_value = next((value for name, value in element.items() if str(name).endswith("noValue")), "")
        text = (element.text or "").strip()
        if text or (not len(element) and no_value == "geenWaarde"):
            fields.append(_Field(path, text or None, partial(_write, element, None), partial(_write, element, "~")))
        for name in map(str, element.attrib):
            local = name.rpartition("}")[2]
            if local not in _NO_FIELDS and not name.startswith(_XSI):
                below = f"{path}/@{local}".lstrip("/")
                change = partial(_set, element.attrib, name)
                # What is said of an empty relation says nothing, unless it takes something away.
                value = element.get(name) if text or len(element) else None
                fields.append(_Field(below, value, partial(change, None), partial(change, "~")))
        waiting.extend(
            (each, f"{path}/{etree.QName(each).localname}".lstrip("/")) for each in element.iterchildren("{*}*")
        )
    return fields


def _json_fields(data: dict[str, Any]) -> list[_Field]:
    fields: list[_Field] = []
    waiting: list[tuple[Any, str]] = [(data, "")]
    while waiting:
        parent, path = waiting.pop()
        members = parent.items() if isinstance(parent, dict) else enumerate(parent)
        for name, value in members:
            below = f"{path}/{name}".lstrip("/") if isinstance(parent, dict) else path
            if isinstance(value, dict | list):
                waiting.append((value, below))
                continue
            replace = partial(_set, parent, name)
            fields.append(_Field(below, value, partial(replace, None), partial(replace, _other(value))))
    return fields


def _write(element: etree._Element, value: str | None) -> Undo:
    text, attributes = element.text, dict(element.attrib.items())
    element.text = value
    for name in [name for name in attributes if str(name).endswith("noValue")]:
        del element.attrib[name]

    def undo() -> None:
        element.text = text
        element.attrib.update(attributes)

    return undo


def _set(parent: Any, name: Any, value: object) -> Undo:  # noqa: ANN401 - an object, a list or attributes
    """Set a member; None takes it out of an object, and leaves nothing in its place in a list."""
    before: Any = parent.copy() if isinstance(parent, list) else dict(parent.items())
    if value is None and not isinstance(parent, list):
        del parent[name]
    else:
        parent[name] = value

    def undo() -> None:
        if isinstance(parent, list):
            parent[:] = before
        else:
            parent.clear()
            parent.update(before)

    return undo


def _other(value: object) -> object:
    if isinstance(value, bool):
        return not value
    return value + 1 if isinstance(value, int) else f"{value}~"


def _beside(one: str, other: str) -> bool:
    """Say whether one field stands beside the other, or below what stands beside it."""
    mine, theirs = (f"{path.rpartition('/')[0]}/" for path in (one, other))
    return mine.startswith(theirs) or theirs.startswith(mine)


def _covers(pattern: Pattern, steps: Pattern) -> bool:
    """Say whether a pattern covers this path or something above it."""
    if not pattern:
        return True
    if not steps:
        return False
    first, rest = pattern[0], pattern[1:]
    if first == "**":
        return _covers(rest, steps) or _covers(pattern, steps[1:])
    return first in {"*", steps[0]} and _covers(rest, steps[1:])
