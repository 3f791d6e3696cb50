"""One pass over a message, an lxml tree or JSON data: fills the rows of a shape and notes what nobody reads.

It knows how a field is empty in StUF and in JSON. It refuses to know rules and targets; it changes nothing in the
message and does not recurse into what no rule names, however deep a sender nests it.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

from lxml import etree

from hub.mapping.ignore import Ignored
from hub.mapping.paths import Predicate
from hub.mapping.rules import Reason
from hub.mapping.shape import ITEM, ORIGIN, RULES, Branch, Leaf, Row, Shape, Value

_XSI = "{http://www.w3.org/2001/XMLSchema-instance}"
# Attributes that carry no value of the sender: the kind of entity follows from the path (StUF 03.01 §7), noValue is the
# reason of the element itself (§6). Matched by local name: senders put them in the sector namespace too.
_SILENT = frozenset({"", "entiteittype", "noValue"})
# The reasons that say something about the value: §6 has them "always written".
TELLING = frozenset({Reason.GEEN_WAARDE, Reason.VASTGESTELD_ONBEKEND})
_REASONS: dict[str, Reason] = {each.value: each for each in Reason if each is not Reason.AFWEZIG}
_NAMES_MAX = 4096  # names of StUF-BG and StUF-ZKN together; more comes only from a sender who makes names up


Attributes = Sequence[tuple[str | bytes, str | bytes]]
"""As lxml gives them; they are texts, its stubs allow for the bytes one may set."""

Doubt = tuple[str, tuple[tuple[Row | None, int], ...]]
"""A path, and the places of its value that a rule may yet use."""


class Repeated:
    """A value that stands where one is expected, more than once."""

    __slots__ = ("times",)

    def __init__(self) -> None:
        """Begin at the second occurrence."""
        self.times = 2


class Read(NamedTuple):
    """What the walk found.

    `row` is that of the message; `rows` all rows, each with its frame; `unread` the paths that no rule names;
    `doubtful` the values that only conditional rules may read.
    """

    row: Row
    rows: list[tuple[int, Row]]
    unread: set[str]
    doubtful: list[Doubt]


class _Names(dict[Any, str]):
    """Local names by tag; comments and processing instructions have the empty name, as have attributes of xsi."""

    def __missing__(self, tag: Value) -> str:
        local = "" if not isinstance(tag, str) or tag.startswith(_XSI) else tag.rpartition("}")[2]
        if len(self) < _NAMES_MAX:
            self[tag] = local
        return local


NAMES = _Names()


def walk(source: etree._Element | dict[str, Any], shape: Shape) -> Read:
    """Read a message; never fails on its content."""
    if isinstance(source, dict):
        pass_ = _JsonWalk(shape, source)
        pass_.enter(source, shape.root)
        return pass_.read
    tree = _XmlWalk(shape, source)
    tree.enter(source, shape.root)
    return tree.read


def reason_of(attributes: Attributes) -> Reason:
    """Give why an element without text, with these attributes, has no value."""
    for name, value in attributes:
        if NAMES[name] == "noValue":
            return _REASONS.get(str(value), Reason.LEEG)
    return Reason.LEEG


class _Walk:
    """The frames, and writing into them."""

    def __init__(self, shape: Shape, source: Value) -> None:
        row = shape.blanks[0].copy()
        row[ITEM] = source
        row[RULES] = shape.always[0].copy()
        self.blanks = shape.blanks
        self.always = shape.always
        self.frames: list[Row | None] = [None] * shape.frames
        self.frames[0] = row
        self.doubtful: list[Doubt] = []
        self.rows = [(0, row)]
        self.read = Read(row, self.rows, set(), self.doubtful)

    def write(self, leaf: Leaf, value: Value, origin: Value) -> bool:
        """Give the value to all who read it; False when nobody does."""
        frames = self.frames
        written = sure = False
        for spot in leaf.spots:
            row = frames[spot.frame]
            if row is None:
                continue
            written = True
            sure = sure or spot.sure
            slot = spot.slot
            before = row[slot]
            if before is None:
                row[slot] = [(value, origin)] if spot.many else value
                row[slot + ORIGIN] = origin
                row[RULES] += spot.triggers
            elif spot.many:
                before.append((value, origin))
            elif before.__class__ is Repeated:
                before.times += 1
            else:
                row[slot] = Repeated()
        if written and not sure and (value.__class__ is not Reason or value in TELLING):
            self.doubtful.append((leaf.path, tuple((frames[spot.frame], spot.slot) for spot in leaf.spots)))
        return written

    def open(self, item: Value, branch: Branch) -> None:
        """Begin a row in every frame that begins at this branch."""
        frames = self.frames
        for spot in branch.opens:
            above = frames[spot.frame]
            if above is None:
                frames[spot.opened] = None
                continue
            row = frames[spot.opened] = self.blanks[spot.opened].copy()
            row[ITEM] = item
            row[RULES] = self.always[spot.opened].copy()
            self.rows.append((spot.opened, row))
            before = above[spot.slot]
            if before is None:
                above[spot.slot] = [row]
                above[RULES] += spot.triggers
            else:
                before.append(row)

    def show(self, branch: Branch) -> None:
        """Tell those who ask that there is something here."""
        for spot in branch.present:
            row = self.frames[spot.frame]
            if row is not None and row[spot.slot] is None:
                row[spot.slot] = True
                row[RULES] += spot.triggers

    def hand(self, branch: Branch, item: Value) -> bool:
        """Give the item itself to those who ask; False when nobody does."""
        taken = False
        for spot in branch.whole:
            row = self.frames[spot.frame]
            if row is None:
                continue
            taken = True
            if row[spot.slot] is None:
                row[spot.slot] = row[spot.slot + ORIGIN] = item
                row[RULES] += spot.triggers
            else:
                row[spot.slot] = Repeated()
        return taken

    def stray(self, path: str, state: Ignored) -> None:
        """Note a value nobody reads."""
        if not state.covers:
            self.read.unread.add(path)


class _XmlWalk(_Walk):
    def enter(self, element: etree._Element, branch: Branch) -> None:
        """Read one element that rules name, and all below it."""
        if branch.guards or branch.opens:
            for frame, parent, predicate in branch.guards:
                self.frames[frame] = self.frames[parent] if _chosen(element, predicate) else None
            self.open(element, branch)
        deep = len(element) > 0
        leaf = branch.text
        text = ((_whole_text(element) if deep and leaf is not None else element.text) or "").strip()
        if branch.present and (deep or text):
            self.show(branch)
        if branch.whole and self.hand(branch, element):
            return
        named = element.items()
        if named:
            self.attributes(element, branch, named)
        if leaf is not None or text or (not deep and named):
            value: Any = text or reason_of(named)
            # That a whole item has no value is read by the rule that opens it.
            telling = value in TELLING and not deep and not branch.opens
            if (leaf is None or not self.write(leaf, value, element)) and (text or telling):
                self.stray(branch.path, branch.ignored)
        if deep:
            self.descend(element, branch)

    def attributes(self, element: etree._Element, branch: Branch, named: Attributes) -> None:
        leaves = branch.attributes
        for name, value in named:
            local = NAMES[name]
            if local in leaves:
                if self.write(leaves[local], value or Reason.LEEG, element):
                    continue
            elif local in _SILENT:
                continue
            if value and local not in _SILENT:
                self.stray(branch.below("@" + local), branch.ignored.step("@" + local))

    def descend(self, parent: etree._Element, branch: Branch) -> None:
        branches, frames, names = branch.branches, self.frames, NAMES
        for element in parent:
            name = names[element.tag]
            below = branches.get(name)
            if below is None:
                state = branch.ignored.step(name)
                if name and not state.covers:
                    self.unknown(element, branch.below(name), state)
                continue
            # By far the most elements are a text that one path names, without attributes that anybody reads: spare
            # them the rest. This loop is where a worker spends its time.
            spot = below.plain
            row = frames[spot.frame] if spot is not None and not len(element) else None
            if spot is None or row is None or row[spot.slot] is not None:
                self.enter(element, below)
                continue
            text = element.text
            value: Any = text.strip() if text is not None else ""
            for key, said in element.items():
                local = names[key]
                if local == "noValue":
                    value = value or _REASONS.get(str(said))
                elif local not in _SILENT and said:
                    self.stray(below.below("@" + local), below.ignored.step("@" + local))
            row[spot.slot] = value = value or Reason.LEEG
            row[spot.slot + ORIGIN] = element
            row[RULES] += spot.triggers
            if below.doubtful and (value.__class__ is str or value in TELLING):
                self.doubtful.append((below.path, ((row, spot.slot),)))

    def unknown(self, element: etree._Element, path: str, state: Ignored) -> None:
        """Note every value in an element that no rule names."""
        waiting = [(element, path, state)]
        while waiting:
            current, here, ignored = waiting.pop()
            if ignored.covers:
                continue
            named = current.items()
            for name, value in named:
                local = NAMES[name]
                if local not in _SILENT and value:
                    self.stray(f"{here}/@{local}", ignored.step("@" + local))
            text = current.text
            if (text and not text.isspace()) or (not len(current) and reason_of(named) in TELLING):
                self.stray(here, ignored)
            for child in current:
                name = NAMES[child.tag]
                if name:
                    waiting.append((child, f"{here}/{name}", ignored.step(name)))


class _JsonWalk(_Walk):
    def enter(self, value: Value, branch: Branch, at: int = 0, of: int = 1) -> None:
        """Read one value that rules name (the `at`th of `of` in its list), and all below it."""
        frames = self.frames
        for frame, parent, predicate in branch.guards:
            frames[frame] = frames[parent] if _json_chosen(value, predicate, at, of) else None
        if branch.opens:
            self.open(value, branch)
        nested = isinstance(value, dict | list)
        there = bool(value) if nested or isinstance(value, str) else value is not None
        if branch.present and there:
            self.show(branch)
        if branch.whole and self.hand(branch, value):
            return
        leaf = branch.text
        found = value if there else Reason.GEEN_WAARDE if value is None else Reason.LEEG
        if leaf is not None and self.write(leaf, found, object()):
            # An object or list that a rule reads is read whole, unless other rules name parts of it.
            if not branch.branches:
                return
        elif not nested and (there or (value is None and not branch.opens)):
            self.stray(branch.path, branch.ignored)
        if isinstance(value, dict):
            self.descend(value, branch)
        elif nested and leaf is None:
            self.unknown(value, branch.path, branch.ignored)

    def descend(self, parent: dict[str, Any], branch: Branch) -> None:
        for name, value in parent.items():
            below = branch.branches.get(name)
            if below is None:
                self.unknown(value, branch.below(name), branch.ignored.step(name))
            elif isinstance(value, list):
                for at, each in enumerate(value):
                    self.enter(each, below, at, len(value))
            else:
                self.enter(value, below)

    def unknown(self, value: Value, path: str, state: Ignored) -> None:
        """Note every value in a part that no rule names."""
        waiting = [(value, path, state)]
        while waiting:
            current, here, ignored = waiting.pop()
            if ignored.covers:
                continue
            if isinstance(current, dict):
                waiting.extend((each, f"{here}/{name}", ignored.step(name)) for name, each in current.items())
            elif isinstance(current, list):
                waiting.extend((each, here, ignored) for each in current)
            elif current != "":
                self.stray(here, ignored)


def _whole_text(element: etree._Element) -> str:
    """Give the text of an element that comments or entities cut in pieces."""
    return (element.text or "") + "".join(each.tail or "" for each in element if not NAMES[each.tag])


def _chosen(element: etree._Element, predicate: Predicate) -> bool:
    if predicate.attribute:
        return any(NAMES[name] == predicate.attribute and value == predicate.value for name, value in element.items())
    if predicate.child:
        return any(
            NAMES[child.tag] == predicate.child and (child.text or "").strip() == predicate.value for child in element
        )
    own = NAMES[element.tag]
    before = predicate.position > 0
    found = 1
    # Stops at the next sibling of this name, so a list of n costs n steps in all and not n².
    for sibling in element.itersiblings(preceding=before):
        if NAMES[sibling.tag] == own:
            found += 1
            if not before or found > predicate.position:
                return False
    return found == predicate.position if before else True


def _json_chosen(value: Value, predicate: Predicate, at: int, of: int) -> bool:
    if predicate.position:
        return at == (predicate.position - 1 if predicate.position > 0 else of - 1)
    name = predicate.attribute or predicate.child
    return isinstance(value, dict) and name in value and as_text(value[name]) == predicate.value


def as_text(value: Value) -> str:
    """Give a value as it is written in XML and in YAML, to compare it with what a rule says."""
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value)
