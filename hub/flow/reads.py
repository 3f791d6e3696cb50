"""What the mapping of an answer reads to give the fields of a question: how a source is asked that has no such fields.

The other way round as `hub.flow.minimise`: fields are targets here. Pure.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator

from hub.event.velden import ONDERZOEK
from hub.flow.minimise import ALWAYS
from hub.mapping.demand import Reading, Steps, wanted

_TYPE = "type"
"""Says which of several shapes a group has: it comes with any part of the group."""


def reads_of(readings: Iterable[Reading], found: str, velden: Collection[str]) -> tuple[Steps, ...]:
    """Name the paths of an answer that are read for these fields of what is `found`, and what always goes with them."""
    asked = {(found, *field.split(".")) for veld in (*velden, *ALWAYS) for field in (veld, *_with(veld))}
    paths = {path for each in wanted(readings, asked) for path in (*each.needs, *each.sources)}
    return tuple(sorted(paths))


def _with(veld: str) -> Iterator[str]:
    """Give what is said of each group that a field is in."""
    group = veld.rpartition(".")[0]
    while group:
        yield from (f"{group}.{said}" for said in (ONDERZOEK, _TYPE))
        group = group.rpartition(".")[0]
