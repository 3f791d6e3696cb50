"""A mapping ready to be written as code: every rule with the cells it reads and the place it fills.

Values only: `compile` makes a plan after every check, `generate` writes it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, NamedTuple

from hub.mapping.engine.filling import Filling
from hub.mapping.engine.shape import Opening, Presence, Shape, Spot
from hub.mapping.engine.targets import Outline
from hub.mapping.lookups import Question
from hub.mapping.paths import Target
from hub.mapping.rules import Lookup


class Look(NamedTuple):
    """A reading: of a cell (`cell`) of the row of the item, or of the message when `root`; else what was `given`.

    `spot`: the value is in; then `mark` says that the reading itself has to be noted.
    """

    cell: int = 0
    root: bool = False
    given: str = ""
    spot: Spot | None = None

    @property
    def mark(self) -> bool:
        """Whether a value is read here that may be left unread otherwise."""
        spot = self.spot
        return spot is not None and not spot.sure and not spot.leaf.settled


@dataclass(frozen=True, slots=True)
class Exists:
    """Whether there is something at a path."""

    presence: Presence | None
    root: bool
    given: str
    expected: bool


@dataclass(frozen=True, slots=True)
class Among:
    """Whether a value is one of these."""

    rule: Filling
    look: Look
    values: frozenset[str]


@dataclass(frozen=True, slots=True)
class Fits:
    """Whether a function accepts a value."""

    rule: Filling
    look: Look


@dataclass(frozen=True, slots=True)
class Joined:
    """Conditions together: all, any or not."""

    kind: str
    parts: tuple[Check, ...]


Check = Exists | Among | Fits | Joined


@dataclass(frozen=True, slots=True)
class When:
    """A condition, and where it stands."""

    check: Check
    place: str


@dataclass(frozen=True, slots=True)
class Put:
    """One target filled, by the first of `looks` that has a value; without any by the constant of the rule.

    `every`: all that the one look finds, as a list.
    """

    rule: Filling
    to: Target
    looks: tuple[Look, ...]
    every: bool
    when: When | None
    outline: Outline


@dataclass(frozen=True, slots=True)
class Item:
    """Rules with a source of their own: for `every` row of the opening, or for one (the `first`, or the only one)."""

    rule: Filling
    to: Target | None
    opening: Opening
    root: bool
    every: bool
    first: bool
    when: When | None
    body: Body
    outline: Outline


@dataclass(frozen=True, slots=True)
class Bundle:
    """Rules that share a target or a condition, and read from the current item."""

    rule: Filling
    to: Target | None
    when: When | None
    body: Body
    outline: Outline


@dataclass(frozen=True, slots=True)
class Asks:
    """How a question is made of what the rules of `by` give, and what then. `needed`: fields that it can't do without.

    `velden` are wanted of what is found, `most` is how many are asked for; None where the question can't say that.
    """

    rule: Filling
    lookup: Lookup
    needed: tuple[str, ...]
    velden: tuple[str, ...]
    most: int | None

    def question(self, made: dict[str, Any]) -> Question:
        """Give the question."""
        data = made if self.most is None else {"maximum": self.most, **made}
        retry = self.lookup.unavailable == "retry"
        return Question(self.lookup.asks, self.lookup.question, data, self.velden, retry, str(self.rule.place))


@dataclass(frozen=True, slots=True)
class Found:
    """Rules that read what is found elsewhere: `by` fills the question, `inner` is a mapping of what is found."""

    rule: Filling
    to: Target | None
    when: When | None
    by: Body
    by_rule: Filling
    asks: Asks
    inner: Plan
    outline: Outline

    @property
    def body(self) -> Body:
        """The rules."""
        return self.inner.body


Node = Put | Item | Bundle | Found


@dataclass(frozen=True, slots=True)
class Body:
    """The rules of one object: `frame` is the row they read, `outline` the object they fill."""

    nodes: tuple[Node, ...]
    frame: int
    outline: Outline


@dataclass(frozen=True, slots=True)
class Plan:
    """A whole mapping."""

    shape: Shape
    body: Body
