"""The ignored paths as one automaton: one step per element, however many patterns and however hostile the names.

It knows names and patterns. It refuses to know why a path is ignored; the reason is for people.
"""

from __future__ import annotations

from collections.abc import Iterable


class Ignored:
    """A state: what is ignored below the path that leads here. `covers`: everything from here down."""

    __slots__ = ("covers", "named", "other")

    def __init__(self, *, covers: bool) -> None:
        """Make a state without ways out: `named` ones, and an `other` for the rest."""
        self.covers = covers
        self.named: dict[str, Ignored] = {}
        self.other = self

    def step(self, name: str) -> Ignored:
        """Go down one element (`naam`) or to an attribute (`@naam`)."""
        return self.named.get(name, self.other)


def ignoring(patterns: Iterable[tuple[str, ...]]) -> Ignored:
    """Build the automaton of these patterns (each the steps of a path, with `*` and `**`) and give its first state.

    All steps stand behind one another, each pattern with an end; a set of places among them is the bits of a number.
    """
    steps: list[str] = []
    starts: list[int] = []
    for pattern in dict.fromkeys(patterns):
        starts.append(len(steps))
        steps += (*pattern, _END)
    waits = _waits(steps)
    ends = sum(1 << at for at, step in enumerate(steps) if step == _END)
    everything = Ignored(covers=True)
    states: dict[int, Ignored] = {}

    def state(places: int) -> Ignored:
        if places & ends:
            return everything
        known = states.get(places)
        if known is None:
            known = states[places] = Ignored(covers=False)
            other, named = _after(steps, waits, places)
            known.other = state(other)
            # A name that no pattern waits for here goes where any other name goes.
            known.named = {name: state(other | then) for name, then in named.items()}
        return known

    first = 0
    for start in starts:
        first |= waits[start]
    return state(first)


_END = ""


def _waits(steps: list[str]) -> list[int]:
    """Give for each place where a pattern that comes there waits: also one further, as `**` may be no step at all."""
    waits = [0] * len(steps)
    for at in range(len(steps) - 1, -1, -1):
        waits[at] = 1 << at | (waits[at + 1] if steps[at] == "**" else 0)
    return waits


def _after(steps: list[str], waits: list[int], places: int) -> tuple[int, dict[str, int]]:
    """Give the places after one step from `places`: by any name, and what each name that is waited for adds."""
    other, named = 0, dict[str, int]()
    while places:
        lowest = places & -places
        places ^= lowest
        at = lowest.bit_length() - 1
        step = steps[at]
        if step == "**":
            other |= waits[at]
        elif step == "*":
            other |= waits[at + 1]
        else:
            named[step] = named.get(step, 0) | waits[at + 1]
    return other, named
