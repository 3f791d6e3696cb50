"""Criteria of a question: written as a source takes them, and compared with what it gives where it takes only some.

It knows paths into rows and texts without regard to case. It refuses to know any source, and repeats no value. Pure.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial
from typing import Any, NamedTuple, TypeVar

from hub.event.canonical import Canonical
from hub.event.velden import fits as exists
from hub.net.problems import refused

Row = dict[str, Any]
T = TypeVar("T")


class Way(NamedTuple):
    """How it is asked: `by` names the way, `query` is what the source looks at, `compared` what is looked at here."""

    by: str
    query: dict[str, str]
    compared: dict[str, object]


class Takes(NamedTuple):
    """One combination of criteria that a source takes: all of `needed`, and what it may have besides."""

    needed: tuple[str, ...]
    besides: tuple[str, ...] = ()


def way_of(question: Mapping[str, Any], takes: Iterable[Takes], places: Mapping[str, str]) -> Way | None:
    """Give the first way for which a question has what is needed, or None.

    `places` says where the value of a criterion stands in what is found; empty where it does not stand there. Raises
    TargetRefused when what is left of the question can't be looked at here: leaving it out would find others.
    """
    given = {name: written(name, question[name]) for name in places if question.get(name) not in (None, "")}
    for each in takes:
        if not given.keys() >= set(each.needed):
            continue
        query = {name: given[name] for name in (*each.needed, *each.besides) if name in given}
        rest = [name for name in places if name in question and name not in query]
        for name in rest:
            if not places[name]:
                raise refused(
                    f"{name} can not be asked together with {each.needed[0]}", advice="ask by one of them, not both"
                )
        return Way(each.needed[0], query, {places[name]: given.get(name) for name in rest})
    return None


def existing(velden: Iterable[str], model: type[Canonical], *, source: str) -> None:
    """See that these are fields of what is found; raises TargetRefused, naming the one that is not."""
    for veld in velden:
        if not exists(model, veld):
            raise refused(
                f"the {source} has no field {veld}",
                advice="correct the field in the mapping of the answer of the asker, or in the list of what it may see",
            )


def written(name: str, value: object) -> str:
    """Write a criterion: a postcode without the space that people write in it."""
    text = str(value).strip()
    return text.replace(" ", "").upper() if name == "postcode" else text


def same(wanted: object, found: object) -> bool:
    """Say whether what is found is what is wanted, or has it among others; null: there is no value."""
    if isinstance(found, list) and found:
        return any(same(wanted, each) for each in found)
    return _folded(wanted) == _folded(None if isinstance(found, list) else found)


def fits(row: Mapping[str, Any], wanted: Mapping[str, object]) -> bool:
    """Say whether a row has these values, by their paths; of a list of objects one has all that are wanted of it."""
    below: dict[str, dict[str, object]] = {}
    for path, value in wanted.items():
        name, _, rest = path.partition(".")
        if rest:
            below.setdefault(name, {})[rest] = value
        elif not same(value, row.get(name)):
            return False
    return all(any(fits(each, inner) for each in _objects(row.get(name))) for name, inner in below.items())


def ordered(rows: Iterable[T], order: Sequence[str], value: Callable[[T, str], object]) -> list[T]:
    """Put rows in order by these paths, a `-` before one is downwards; those that are equal stay as they are.

    Numbers as numbers, texts without regard to case, and what has no value last in either direction.
    """
    found = list(rows)
    for each in reversed(order):
        down, path = each.startswith("-"), each.removeprefix("-")
        found.sort(key=partial(_rank, path=path, value=value, down=down), reverse=down)
    return found


def after(rows: list[T], last: object, key: Callable[[T], object], *, thing: str) -> list[T]:
    """Give what comes after the last one of the answer before, where the question names it.

    Raises TargetRefused when that is gone: where to go on is not guessed.
    """
    if not last:
        return rows
    keys = [key(row) for row in rows]
    if last not in keys:
        raise refused(f"the {thing} after which to go on is not among those found", advice="ask from the start")
    return rows[keys.index(last) + 1 :]


def _rank(row: T, *, path: str, value: Callable[[T, str], object], down: bool) -> tuple[bool, float, str]:
    found = value(row, path)
    last = (found is None) is not down
    return (last, float(found), "") if isinstance(found, int | float) else (last, 0.0, _folded(found))


def _folded(value: object) -> str:
    return "" if value is None else str(value).casefold()


def _objects(found: object) -> Iterable[Mapping[str, Any]]:
    return [each for each in (found if isinstance(found, list) else [found]) if isinstance(each, dict)] or [{}]
