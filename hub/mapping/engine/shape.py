"""What a mapping reads of a message, as a tree of names, and the cells in which the values wait for their rules.

A *row* is a list of cells for one item (the message itself, or one element of an `each` or `at`): cell SAID is why the
whole item has no value, cell NOTES the elements that functions ask the attributes of, then one cell per value, per
question whether something is there, and per list of inner rows. A *frame* is the row that is open during the reading.
A path with a predicate has a frame of its own, which is the row of its item or nothing.

It knows paths and cells; it refuses to know rules, values and targets.
"""

from __future__ import annotations

from typing import Any

from hub.mapping.engine.ignore import Ignored, ignoring
from hub.mapping.paths import Predicate, Source

Row = list[Any]

SAID, NOTES = 0, 1
_FIRST = 2


class Spot:
    """Where a value of the leaf goes: a cell of the row in a frame. `many`: every occurrence, as (value, element).

    `sure`: read whenever the rules of its row are run. `used`: the cell in which a rule that may not be run tells that
    it was; 0 without one. `shown`: the cell that tells whether there is something else than a text; 0 when nobody asks.
    """

    __slots__ = ("cell", "frame", "leaf", "many", "shown", "sure", "used")

    def __init__(self, leaf: Leaf, frame: int, cell: int, *, many: bool) -> None:
        """Begin as a spot that no rule is sure to read."""
        self.leaf = leaf
        self.frame = frame
        self.cell = cell
        self.many = many
        self.sure = False
        self.used = 0
        self.shown = 0


class Presence:
    """Whether there is anything at a path: a cell, and the spot whose text says so too."""

    __slots__ = ("cell", "frame", "text")

    def __init__(self, frame: int, cell: int) -> None:
        """Begin without a spot."""
        self.frame = frame
        self.cell = cell
        self.text: Spot | None = None


class Whole:
    """Where the element itself goes, for a function that reads elements."""

    __slots__ = ("cell", "frame")

    def __init__(self, frame: int, cell: int) -> None:
        """Take its cell."""
        self.frame = frame
        self.cell = cell


class Opening:
    """An item begins here: a new row for `opened`, listed in a cell of the row in `frame`.

    `ran`: the cell of the new row that tells that its rules were run, where that can't be told otherwise; else 0.
    """

    __slots__ = ("cell", "frame", "opened", "ran")

    def __init__(self, frame: int, cell: int, opened: int) -> None:
        """Take its cell."""
        self.frame = frame
        self.cell = cell
        self.opened = opened
        self.ran = 0


class Guard:
    """`frame` is the row of `parent` for an element that the predicate chooses, else nothing."""

    __slots__ = ("frame", "parent", "predicate")

    def __init__(self, frame: int, parent: int, predicate: Predicate) -> None:
        """Take its frames."""
        self.frame = frame
        self.parent = parent
        self.predicate = predicate


class Leaf:
    """A value that rules read. `noted`: attributes beside it that functions read.

    `settled`: read whatever happens, or ignored: nothing to account for.
    """

    __slots__ = ("noted", "path", "settled", "spots")

    def __init__(self, path: str) -> None:
        """Begin without readers; `path` is how people see it."""
        self.path = path
        self.spots: list[Spot] = []
        self.noted: set[str] = set()
        self.settled = False


class Branch:
    """One name in the tree."""

    __slots__ = (
        "attributes", "branches", "guards", "ignored", "number", "opens", "path", "present", "text", "whole",
    )  # fmt: skip

    def __init__(self, path: str) -> None:
        """Begin without readers; `path` is how people see it."""
        self.path = path
        self.number = 0
        self.branches: dict[str, Branch] = {}
        self.attributes: dict[str, Leaf] = {}
        self.text: Leaf | None = None
        self.present: list[Presence] = []
        self.whole: list[Whole] = []
        self.opens: list[Opening] = []
        self.guards: list[Guard] = []
        self.ignored: Ignored = _NOTHING

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

    @property
    def plain(self) -> Spot | None:
        """The one spot of a branch that is nothing but a text that goes to one place, else None."""
        leaf = self.text
        if leaf is None or len(leaf.spots) != 1 or leaf.spots[0].many:
            return None
        if self.guards or self.opens or self.whole or self.attributes or self.branches:
            return None
        return leaf.spots[0] if all(each.text for each in self.present) else None

    def frames(self) -> set[int]:
        """Give the frames that must be open before this branch, for itself and all below it."""
        needed = {presence.frame for presence in self.present} | {whole.frame for whole in self.whole}
        leaves = [*self.attributes.values(), *([self.text] if self.text else [])]
        needed |= {spot.frame for leaf in leaves for spot in leaf.spots}
        for branch in self.branches.values():
            needed |= branch.frames()
        for opening in reversed(self.opens):
            needed.discard(opening.opened)
            needed.add(opening.frame)
        for guard in reversed(self.guards):
            needed.discard(guard.frame)
            needed.add(guard.parent)
        return needed


class Frame:
    """One kind of row. `always`: its rules are run for every such row, whatever the message says.

    `guarded`: whether a predicate may leave it without a row. `spots`, `openings`: what its cells hold.
    """

    __slots__ = ("always", "guarded", "openings", "size", "spots")

    def __init__(self, *, guarded: bool = False) -> None:
        """Begin with the cells that every row has."""
        self.size = _FIRST
        self.always = False
        self.guarded = guarded
        self.spots: list[Spot] = []
        self.openings: list[Opening] = []

    def cell(self) -> int:
        """Add a cell to the row."""
        self.size += 1
        return self.size - 1


class Shape:
    """The whole tree, and the rows of each frame."""

    def __init__(self, path: str = "") -> None:
        """Begin with the row of the message itself, in frame 0; `path` is how people see it."""
        self.root = Branch(path)
        self.frames = [Frame()]
        self._guarded: dict[tuple[int, int, Predicate], int] = {}

    def finish(self, ignored: list[tuple[str, ...]]) -> None:
        """Settle what is ignored where, and which values are read whatever the message says."""
        waiting = [(self.root, ignoring(ignored))]
        number = 0
        while waiting:
            branch, state = waiting.pop()
            branch.ignored = state
            branch.number = number
            number += 1
            for name, leaf in branch.attributes.items():
                self._settle(leaf, covered=state.step("@" + name).covers)
            if branch.text:
                self._settle(branch.text, covered=state.covers)
                for presence in branch.present:
                    self._tell(presence, branch.text)
            waiting.extend((child, state.step(name)) for name, child in branch.branches.items())

    def guard(self, branch: Branch, parent: int, predicate: Predicate) -> int:
        """Give the frame of elements at `branch` that `predicate` chooses."""
        key = (id(branch), parent, predicate)
        if key not in self._guarded:
            self._guarded[key] = self.frame(guarded=True)
            branch.guards.append(Guard(self._guarded[key], parent, predicate))
        return self._guarded[key]

    def frame(self, *, guarded: bool) -> int:
        """Add a frame."""
        self.frames.append(Frame(guarded=guarded))
        return len(self.frames) - 1

    def _settle(self, leaf: Leaf, *, covered: bool) -> None:
        leaf.settled = covered or any(
            spot.sure and self.frames[spot.frame].always and not self.frames[spot.frame].guarded for spot in leaf.spots
        )

    def _tell(self, presence: Presence, leaf: Leaf) -> None:
        for spot in leaf.spots:
            if spot.frame == presence.frame and not spot.many:
                presence.text = spot
                spot.shown = presence.cell


class Scope:
    """Where relative paths begin: an item and its row."""

    def __init__(self, shape: Shape, branch: Branch, frame: int, root: Scope | None = None) -> None:
        """Begin at `branch`; `root` is the scope of the message, None for itself."""
        self.branch = branch
        self.root = root or self
        self._shape = shape
        self.frame = frame
        self._known: dict[tuple[str, str], Any] = {}

    @property
    def row(self) -> Frame:
        """What a row of this scope holds."""
        return self._shape.frames[self.frame]

    def home(self, path: Source) -> Scope:
        """Give the scope whose row holds the value of `path`."""
        return self.root if path.root else self

    def value(self, path: Source, *, many: bool = False, sure: bool) -> Spot:
        """Give the spot for the value of `path`; `sure`: the rule reads it whenever the rules of the item are run."""
        branch, frame = self._walk(path)
        leaf = branch.leaf(path.attribute)
        home, key = self.home(path), ("many" if many else "value", path.text)
        spot: Spot | None = home._known.get(key)  # noqa: SLF001 - of its own kind
        if spot is None:
            spot = home._known[key] = Spot(leaf, frame, home.row.cell(), many=many)  # noqa: SLF001 - of its own kind
            leaf.spots.append(spot)
            home.row.spots.append(spot)
        if sure:
            spot.sure = True
        elif not spot.used:
            spot.used = home.row.cell()
        return spot

    def leaf(self, path: Source) -> Leaf:
        """Give the leaf at `path`."""
        return self._walk(path)[0].leaf(path.attribute)

    def presence(self, path: Source) -> Presence:
        """Give the cell that tells whether there is anything at `path`; that does not count as reading it."""
        branch, frame = self._walk(path)
        home, key = self.home(path), ("present", path.text)
        if path.attribute:
            # An attribute is there when it has a value; to ask for it is not to read it.
            leaf = branch.leaf(path.attribute)
            known: Presence | None = home._known.get(key)  # noqa: SLF001 - of its own kind
            if known is None:
                spot = Spot(leaf, frame, home.row.cell(), many=False)
                known = home._known[key] = Presence(frame, home.row.cell())  # noqa: SLF001 - of its own kind
                known.text = spot
                leaf.spots.append(spot)
                home.row.spots.append(spot)
            return known
        found: Presence | None = home._known.get(key)  # noqa: SLF001 - of its own kind
        if found is None:
            found = home._known[key] = Presence(frame, home.row.cell())  # noqa: SLF001 - of its own kind
            branch.present.append(found)
        return found

    def element(self, path: Source) -> Whole:
        """Give the cell for the whole element at `path`, for a function that reads elements."""
        branch, frame = self._walk(path)
        home, key = self.home(path), ("whole", path.text)
        found: Whole | None = home._known.get(key)  # noqa: SLF001 - of its own kind
        if found is None:
            found = home._known[key] = Whole(frame, home.row.cell())  # noqa: SLF001 - of its own kind
            branch.whole.append(found)
        return found

    def open(self, path: Source) -> tuple[Opening, Scope]:
        """Give the cell for the rows of the items at `path`, and their scope."""
        branch, frame = self._walk(path)
        home = self.home(path).row
        guarded = self._shape.frames[frame].guarded
        opening = Opening(frame, home.cell(), self._shape.frame(guarded=guarded))
        branch.opens.append(opening)
        home.openings.append(opening)
        return opening, Scope(self._shape, branch, opening.opened, self.root)

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
                self.home(path)._choose(branch, frame, step.predicate)  # noqa: SLF001 - of its own kind
        return branch, frame

    def _choose(self, branch: Branch, frame: int, predicate: Predicate) -> None:
        """Count the attribute or child that a predicate compares as read, for the elements that it chooses."""
        if predicate.position:
            return
        leaf = branch.child(predicate.child).leaf() if predicate.child else branch.leaf(predicate.attribute)
        key = ("chosen", f"{leaf.path} {frame}")
        if key not in self._known:
            spot = self._known[key] = Spot(leaf, frame, self.row.cell(), many=True)
            spot.sure = True
            leaf.spots.append(spot)
            self.row.spots.append(spot)


_NOTHING = ignoring(())
