"""The ignored paths as one automaton: one step per element, however many patterns and however hostile the names.

It knows names and patterns. It refuses to know why a path is ignored; the reason is for people.
"""

from __future__ import annotations

from collections.abc import Iterable

_Positions = frozenset[tuple[int, int]]


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
    """Build the automaton of these patterns (each the steps of a path, with `*` and `**`) and give its first state."""
    rows = tuple(dict.fromkeys(patterns))
    everything = Ignored(covers=True)
    states: dict[_Positions, Ignored] = {}

    def state(positions: _Positions) -> Ignored:
        if any(at == len(rows[row]) for row, at in positions):
            return everything
        known = states.get(positions)
        if known is None:
            known = states[positions] = Ignored(covers=False)
            known.other = state(_after(rows, positions, _NO_NAME))
            # A name that no pattern waits for here goes where any other name goes.
            awaited = {rows[row][at] for row, at in positions} - {"*", "**"}
            known.named = {name: state(_after(rows, positions, name)) for name in awaited}
        return known

    return state(_resting(rows, ((row, 0) for row in range(len(rows)))))


_NO_NAME = ""


def _after(rows: tuple[tuple[str, ...], ...], positions: _Positions, name: str) -> _Positions:
    moved = set()
    for row, at in positions:
        step = rows[row][at]
        if step == "**":
            moved.add((row, at))
        elif step in ("*", name):
            moved.add((row, at + 1))
    return _resting(rows, moved)


def _resting(rows: tuple[tuple[str, ...], ...], positions: Iterable[tuple[int, int]]) -> _Positions:
    """Add where `**` may stand for no step at all."""
    found = set(positions)
    waiting = list(found)
    while waiting:
        row, at = waiting.pop()
        if at < len(rows[row]) and rows[row][at] == "**" and (row, at + 1) not in found:
            found.add((row, at + 1))
            waiting.append((row, at + 1))
    return frozenset(found)
