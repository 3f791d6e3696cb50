"""The ways in which one thing can be asked, from best to plainest: each target takes one of them.

It knows how a search is written and what not every server has. What a target turned out to lack it leaves alone for a
while (`adapters.zgw.vermogens`).
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime
from typing import NamedTuple, TypeVar

from adapters.zgw.vermogens import Vermogens, is_missing
from hub.errors import TargetMisconfigured, TargetRefused

T = TypeVar("T")


class Way(NamedTuple):
    """How a search is written: with related resources inside, and lists as JSON or as one text with commas.

    The standard writes `expand` and `ordering` of `_zoek` as a text (Zaken API 1.5.1), Open Zaak as a list.
    """

    expand: bool
    as_text: bool


IN_A_BODY: Sequence[Way] = tuple(Way(expand, as_text) for expand in (True, False) for as_text in (False, True))
IN_A_URL: Sequence[Way] = tuple(Way(expand, as_text=True) for expand in (True, False))


class Manieren:
    """See the module. One per connection."""

    def __init__(self) -> None:
        self._vermogens = Vermogens()

    async def best(self, what: str, ways: Sequence[Way], ask: Callable[[Way], Awaitable[T]], *, now: datetime) -> T:
        """Ask in the best way that the target takes; raises what it says of the best one when it takes none."""
        left = [way for way in ways if self._vermogens.may(f"{what} {way}", now=now)] or ways[-1:]
        refusals: list[TargetRefused] = []
        for way in left:
            try:
                answer = await ask(way)
            except TargetRefused as refused:
                refusals.append(refused)
                continue
            for other in left[: len(refusals)]:
                self._vermogens.lacks(f"{what} {other}", now=now)
            return answer
        raise refusals[0]

    async def unless_lacking(self, what: str, ask: Callable[[], Awaitable[T]], *, now: datetime) -> T | None:
        """Ask what not every server has; None when this one turns out to lack it."""
        if not self._vermogens.may(what, now=now):
            return None
        try:
            return await ask()
        except TargetMisconfigured as failure:
            if not is_missing(failure):
                raise
            self._vermogens.lacks(what, now=now)
            return None
