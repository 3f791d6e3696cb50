"""Which fields of a message no rule has read, after the rules have run.

It knows rows and what was used of them. It refuses to know what is ignored: the walk has left that out.
"""

from __future__ import annotations

from collections.abc import Iterator

from hub.config.policy import UNREAD_PATHS_MAX
from hub.mapping.rules import Reason
from hub.mapping.shape import ORIGIN, RULES, USED, Row, Shape, Spot
from hub.mapping.walk import TELLING, Read

_Key = tuple[str, int]


def unread_paths(read: Read, shape: Shape) -> tuple[str, ...]:
    """Give the paths, sorted; at most UNREAD_PATHS_MAX, and then an ellipsis."""
    found = read.unread
    for path, places in read.doubtful:
        for row, slot in places:
            if row is not None and row[slot + USED]:
                break
        else:
            found.add(path)
    for _, row in read.rows:
        if row[RULES] is not None:
            found |= _passed_over(read.rows, shape)
            break
    if len(found) > UNREAD_PATHS_MAX:
        return (*sorted(found)[:UNREAD_PATHS_MAX], "…")
    return tuple(sorted(found))


def _passed_over(rows: list[tuple[int, Row]], shape: Shape) -> set[str]:
    """Give the paths of values that stand only in items whose rules were not run: a `when` that did not hold."""
    used: set[_Key] = set()
    left: set[_Key] = set()
    for frame, row in rows:
        for spot, path in shape.values[frame]:
            if row[spot.slot] is None:
                continue
            if row[spot.slot + USED] or (spot.sure and row[RULES] is None):
                used.update(_values(row, spot, path))
            elif spot.sure:
                left.update(_values(row, spot, path))
    return {path for path, _ in left - used}


def _values(row: Row, spot: Spot, path: str) -> Iterator[_Key]:
    """Give the values of a slot that say something, each known by its path and the element it came from."""
    found = row[spot.slot] if spot.many else [(row[spot.slot], row[spot.slot + ORIGIN])]
    for value, origin in found:
        if value.__class__ is not Reason or value in TELLING:
            yield path, id(origin)
