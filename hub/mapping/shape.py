"""What a mapping reads of a message, as a tree of names: the walk follows it, the rules find their values by slot.

A *row* is a list of cells for one item (the message itself, or one element of an `each` or `at`): cell 0 is the item,
cell 1 the numbers of the rules to run (None when they have run), then three cells per slot: value, the element it came
from, and whether a conditional rule used it. A *frame* is the row that is open during the walk. A path with a predicate
has a frame of its own, which is the row of its item or nothing.

The first value in a slot adds the rules it *triggers* to cell 1, so that a rule costs nothing when the message does not
speak of its source: a mapping may name all of StUF-ZKN, a message has a tenth of it.

It knows paths and slots; it refuses to know rules, values and targets.
"""

from __future__ import annotations

from typing import Any, NamedTuple

from hub.mapping.ignore import Ignored, ignoring
from hub.mapping.paths import Predicate, Source

Row = list[Any]
Value = Any
"""What a message holds: a text, JSON, a Reason when empty, Repeated; or the element or JSON it comes from."""

ITEM, RULES = 0, 1
VALUE, ORIGIN, USED = 0, 1, 2
_CELLS = 3


class Spot:
    """Where a value goes: a slot of the row in a frame, and the rules it triggers there.

    `many`: every occurrence, as a list of (value, element). `sure`: read whenever the rules of its row
    are run.
    """

    __slots__ = ("frame", "many", "slot", "sure", "triggers")

    def __init__(self, frame: int, slot: int, *, many: bool) -> None:
        """Begin without triggers."""
        self.frame = frame
        self.slot = slot
        self.many = many
        self.sure = False
        self.triggers: tuple[int, ...] = ()


class Opening(Spot):
    """An item begins here: a new row for `opened`, listed in `slot` of the row in `frame`."""

    __slots__ = ("opened",)

    def __init__(self, frame: int, slot: int, opened: int) -> None:
        """Begin without triggers."""
        super().__init__(frame, slot, many=True)
        self.opened = opened


class Guard(NamedTuple):
    """`frame` is the row of `parent` for an element that the predicate chooses, else nothing."""

    frame: int
    parent: int
    predicate: Predicate


class Leaf:
    """A value that rules read."""

    __slots__ = ("path", "spots")

    def __init__(self, path: str) -> None:
        """Begin without readers; `path` is how people see it."""
        self.path = path
        self.spots: list[Spot] = []

    def settle(self) -> None:
        """Count it as read, by whichever rule."""
        for spot in self.spots:
            spot.sure = True


class Branch:
    """One name in the tree."""

    __slots__ = (
        "attributes", "branches", "doubtful", "guards", "ignored", "opens", "path", "plain", "present", "text", "whole",
    )  # fmt: skip

    def __init__(self, path: str) -> None:
        """Begin without readers; `path` is how people see it."""
        self.path = path
        self.branches: dict[str, Branch] = {}
        self.attributes: dict[str, Leaf] = {}
        self.text: Leaf | None = None
        self.present: list[Spot] = []
        self.whole: list[Spot] = []
        self.opens: list[Opening] = []
        self.guards: list[Guard] = []
        self.ignored: Ignored = _NOTHING
        self.plain: Spot | None = None
        self.doubtful = False

    def child(self, name: str) -> Branch:
        """Give the branch of a child."""
        if name not in self.branches:
            self.branches[name] = Branch(self.below(name))
        return self.branches[name]

    def leaf(self, attribute: str = "") -> Leaf:
        """Give the leaf of an attribute, or of the text."""
        if attribute:
            return self.attributes.setdefault(attribute, Leaf(self.below("@" + attribute)))
        self.text = self.text or Leaf(self.path)
        return self.text

    def below(self, name: str) -> str:
        """Give the path of a child or `@attribute`."""
        return f"{self.path}/{name}" if self.path else name


class Shape:
    """The whole tree, and the size of the row of each frame that opens one."""

    def __init__(self) -> None:
        """Begin with the row of the message itself, in frame 0."""
        self.root = Branch("")
        self.frames = 1
        self.blanks: list[Row] = [[None, None]]
        self.always: list[list[int]] = [[]]
        self.values: list[list[tuple[Spot, str]]] = [[]]
        self._guarded: dict[tuple[int, int, Predicate], int] = {}

    def finish(self, ignored: list[tuple[str, ...]]) -> None:
        """Settle what is ignored where, and which leaves can be read without further thought."""
        settled: set[Spot] = set()
        waiting = [(self.root, ignoring(ignored))]
        while waiting:
            branch, state = waiting.pop()
            branch.ignored = state
            leaf = branch.text
            # What is ignored needs no reader: as good as read, whatever a condition says.
            covered = [each for name, each in branch.attributes.items() if state.step("@" + name).covers]
            for each in [*covered, leaf] if leaf and state.covers else covered:
                each.settle()
                settled.update(each.spots)
            lone = not (branch.guards or branch.opens or branch.present or branch.whole or branch.attributes)
            if lone and leaf and len(leaf.spots) == 1 and not leaf.spots[0].many:
                branch.plain = leaf.spots[0]
                branch.doubtful = not leaf.spots[0].sure
            waiting.extend((child, state.step(name)) for name, child in branch.branches.items())
        self.values = [[each for each in values if each[0] not in settled] for values in self.values]

    def guard(self, branch: Branch, parent: int, predicate: Predicate) -> int:
        """Give the frame of elements at `branch` that `predicate` chooses."""
        key = (id(branch), parent, predicate)
        if key not in self._guarded:
            self._guarded[key] = self.frame()
            branch.guards.append(Guard(self._guarded[key], parent, predicate))
        return self._guarded[key]

    def frame(self) -> int:
        """Add a frame."""
        self.frames += 1
        self.blanks.append([None, None])
        self.always.append([])
        self.values.append([])
        return self.frames - 1


class Scope:
    """Where relative paths begin: an item and its row."""

    def __init__(self, shape: Shape, branch: Branch, frame: int, root: Scope | None = None) -> None:
        """Begin at `branch`; `root` is the scope of the message, None for itself."""
        self.branch = branch
        self.root = root or self
        self._shape = shape
        self.frame = frame
        self.spots: dict[tuple[str, str], Spot] = {}

    def value(self, path: Source, *, many: bool = False, sure: bool) -> Spot:
        """Give the spot for the value of `path`; `sure`: the rule reads it whenever the rules of the item are run."""
        branch, frame = self._walk(path)
        leaf = branch.leaf(path.attribute)
        spot = self._spot("many" if many else "value", path, frame, leaf.spots, leaf.path)
        spot.sure = spot.sure or sure
        return spot

    def presence(self, path: Source) -> Spot:
        """Give the spot that tells whether there is anything at `path`; that does not count as reading it."""
        branch, frame = self._walk(path)
        return self._spot("present", path, frame, branch.present)

    def element(self, path: Source) -> Spot:
        """Give the spot for the whole element at `path`, for a function that reads elements."""
        branch, frame = self._walk(path)
        return self._spot("whole", path, frame, branch.whole)

    def open(self, path: Source) -> tuple[Opening, Scope]:
        """Give the spot for the rows of the items at `path`, and their scope."""
        branch, frame = self._walk(path)
        opening = Opening(frame, self._home(path).slot(), self._shape.frame())
        branch.opens.append(opening)
        return opening, Scope(self._shape, branch, opening.opened, self.root)

    def begin(self, number: int, triggers: list[Spot] | None) -> None:
        """Run rule `number` of this item when one of `triggers` has a value; always when there are none to wait for."""
        if triggers is None:
            self._shape.always[self.frame].append(number)
        for spot in triggers or ():
            spot.triggers = tuple(sorted({*spot.triggers, number}))

    def names(self) -> tuple[str, ...]:
        """Give the steps from the root to here."""
        return tuple(self.branch.path.split("/")) if self.branch.path else ()

    def where(self, path: Source) -> str:
        """Give the whole path, as people see it."""
        if path.context:
            return path.text
        written = path.text.removeprefix("/")
        written = "" if written == "." else written
        if path.root or not self.branch.path:
            return written
        return f"{self.branch.path}/{written}" if written else self.branch.path

    def _walk(self, path: Source) -> tuple[Branch, int]:
        start = self.root if path.root else self
        branch, frame = start.branch, start.frame
        for step in path.steps:
            branch = branch.child(step.name)
            if step.predicate:
                frame = self._shape.guard(branch, frame, step.predicate)
                self._home(path).choose(branch, frame, step.predicate)
        return branch, frame

    def choose(self, branch: Branch, frame: int, predicate: Predicate) -> None:
        """Count the attribute or child that a predicate compares as read, for the elements that it chooses."""
        if predicate.position:
            return
        leaf = branch.child(predicate.child).leaf() if predicate.child else branch.leaf(predicate.attribute)
        key = ("chosen", f"{leaf.path} {frame}")
        if key not in self.spots:
            spot = self.spots[key] = Spot(frame, self.slot(), many=True)
            spot.sure = True
            leaf.spots.append(spot)
            self._shape.values[self.frame].append((spot, leaf.path))

    def _spot(self, kind: str, path: Source, frame: int, spots: list[Spot], value: str = "") -> Spot:
        home = self._home(path)
        key = (kind, path.text)
        known = home.spots.get(key)
        if known is None:
            known = home.spots[key] = Spot(frame, home.slot(), many=kind == "many")
            spots.append(known)
            if value:
                self._shape.values[home.frame].append((known, value))
        return known

    def _home(self, path: Source) -> Scope:
        """Give the scope whose row holds the value of `path`."""
        return self.root if path.root else self

    def slot(self) -> int:
        """Add a slot to the row."""
        blank = self._shape.blanks[self.frame]
        blank.extend([None] * _CELLS)
        return len(blank) - _CELLS


_NOTHING = ignoring(())
