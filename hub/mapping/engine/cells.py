"""What the generated reading code calls for all that is not a plain text in one place.

It knows rows and how a field of a message is said; it refuses to know rules.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from lxml import etree

from hub.mapping.engine.ignore import Ignored
from hub.mapping.engine.shape import NOTES, Branch, Row, Spot
from hub.mapping.engine.values import (
    NAMES,
    SILENT,
    TELLING,
    Attributes,
    Repeated,
    Value,
    reason_of,
    tells,
    text_in,
    there,
    unnamed,
    unnamed_in_json,
)
from hub.mapping.rules import Reason

_LEARNED_MAX = 1_024  # tags of one level: its names, in every namespace that senders use


class Report:
    """What a reading tells beside the values: what no rule names, and in a traced run where values came from."""

    __slots__ = ("unread",)
    traced = False

    def __init__(self) -> None:
        """Begin with nothing."""
        self.unread: set[str] = set()

    def place(self, spot: Spot, path: str, row: Row, item: Value) -> None:
        """Take where a value came from; only the traced run keeps it."""


Reader = Callable[..., None]
Known = int | Reader | None
"""What to do with a child: keep its text in this cell, read it by this function, or pass it by."""


class Level:
    """One branch as its reader sees it: what to do with each child and attribute, learned by tag as tags come."""

    __slots__ = ("attributes", "children", "ignored", "path", "plain", "quiet", "said", "tags")

    def __init__(self, branch: Branch) -> None:
        """Begin without children: their readers are made first."""
        self.path = branch.path
        self.ignored: Ignored = branch.ignored
        self.children: dict[str, int | Reader] = {}
        self.plain: dict[int, tuple[Spot, Level]] = {}
        self.tags: dict[Any, Known] = {}
        self.attributes = {name: number for number, name in enumerate(branch.attributes)}
        self.said: dict[Any, int | str | None] = {}
        self.quiet: set[Any] = set()  # those of `said` that say nothing

    def below(self, name: str) -> str:
        """Give the path of a child or `@attribute`."""
        return f"{self.path}/{name}" if self.path else name

    def child(self, tag: Value) -> Known:
        """Give what to do with a child of this tag, and remember it."""
        name = NAMES[tag]
        known: Known = self.children.get(name)
        state = self.ignored.step(name)
        if known is None and name and not state.covers:
            path = self.below(name)

            def known(element: etree._Element, report: Report, *_rows: Row) -> None:
                unnamed(element, path, state, report.unread.add)

        if len(self.tags) < _LEARNED_MAX:
            self.tags[tag] = known
        return known

    def settle(self, name: str, reader: Reader) -> None:
        """Take the reader of a child, now that it is made."""
        before = self.children[name]
        self.children[name] = reader
        for tag, known in self.tags.items():
            if known is before:
                self.tags[tag] = reader

    def pass_by(self, element: etree._Element, report: Report) -> None:
        """Note what an element says that a predicate passes over."""
        name = NAMES[element.tag]
        unnamed(element, self.below(name), self.ignored.step(name), report.unread.add)

    def attribute(self, name: Value) -> int | str | None:
        """Give the number of an attribute that rules read, or the path of one that none does; None: it says nothing."""
        local = NAMES[name]
        known: int | str | None = self.attributes.get(local)
        if known is None and local not in SILENT and not self.ignored.step("@" + local).covers:
            known = self.below("@" + local)
        if len(self.said) < _LEARNED_MAX:
            self.said[name] = known
            if known is None:
                self.quiet.add(name)
        return known


def leaf(element: etree._Element, report: Report, row: Row, known: tuple[Spot, Level]) -> None:
    """Read a text that goes to one place, whatever the element holds beside it."""
    spot, level = known
    named, deep = element.items(), len(element)
    text = text_in(element) if deep else (element.text or "").strip()
    if spot.shown and (text or deep):
        row[spot.shown] = True
    for name, _ in named:
        if name not in level.quiet:
            strays(named, level, report, spot.leaf.noted)
            break
    once(report, row, spot, text or reason_of(named), element, noted=bool(named))
    if deep:
        below(element, level, report)


def once(report: Report, row: Row, spot: Spot, value: Value, item: Value, *, noted: bool = False) -> None:
    """Keep a value that one is expected of."""
    cell = spot.cell
    before = row[cell]
    if before is None:
        row[cell] = value
        # An element is asked for its attributes by functions that read some.
        if report.traced or (noted and spot.leaf.noted):
            note(row, cell, item)
    elif before.__class__ is Repeated:
        before.times += 1
    else:
        if spot.shown and before.__class__ is str:
            row[spot.shown] = True
        row[cell] = Repeated()
    if report.traced and tells(value):
        report.place(spot, spot.leaf.path, row, item)
        if noted and spot.leaf.noted:
            for name in item.keys():  # noqa: SIM118 - of an element, whose items are its children
                if NAMES[name] in spot.leaf.noted:
                    report.place(spot, f"{spot.leaf.path}/@{NAMES[name]}", row, item)


def every(report: Report, row: Row, spot: Spot, value: Value, item: Value) -> None:
    """Keep one of many values."""
    if row[spot.cell] is None:
        row[spot.cell] = [(value, item)]
    else:
        row[spot.cell].append((value, item))
    if report.traced and tells(value):
        report.place(spot, spot.leaf.path, row, item)


def whole(row: Row, cell: int, item: Value) -> None:
    """Keep an element itself."""
    if row[cell] is None:
        row[cell] = item
        note(row, cell, item)
    elif row[cell].__class__ is Repeated:
        row[cell].times += 1
    else:
        row[cell] = Repeated()


def note(row: Row, cell: int, item: Value) -> None:
    """Remember the element that a value came from."""
    if row[NOTES] is None:
        row[NOTES] = {cell: item}
    else:
        row[NOTES][cell] = item


def strays(named: Attributes, level: Level, report: Report, noted: set[str]) -> None:
    """Note the attributes that nobody reads, but for those that a function has `noted`."""
    for name, value in named:
        known = level.said[name] if name in level.said else level.attribute(name)
        if value and known.__class__ is str and NAMES[name] not in noted:
            report.unread.add(str(known))


def below(element: etree._Element, level: Level, report: Report) -> None:
    """Note what nobody reads below an element of which the text is read."""
    for child in element:
        name = NAMES[child.tag]
        if name:
            unnamed(child, level.below(name), level.ignored.step(name), report.unread.add)


def empty_telling(named: Attributes) -> bool:
    """Tell whether an element without content says that it is known to have no value."""
    return reason_of(named) in TELLING


def leaf_in_json(value: Value, report: Report, row: Row, known: tuple[Spot, Level]) -> None:
    """Read what goes to one place, each of a list."""
    spot, _ = known
    for each in value if value.__class__ is list else (value,):
        said = there(each)
        if spot.shown and said:
            row[spot.shown] = True
        found = each if said else Reason.GEEN_WAARDE if each is None else Reason.LEEG
        once(report, row, spot, found, object())


def strange_in_json(name: str, value: Value, level: Level, report: Report) -> None:
    """Note what nobody reads in a part that no rule names."""
    unnamed_in_json(value, level.below(name), level.ignored.step(name), report.unread.add)
