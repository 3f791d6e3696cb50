"""One question as it is being answered: what the modules of the nouns work with, and calls beside each other.

It knows how many calls go out at once. It refuses to know what they ask.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable, Sequence
from typing import Any, NamedTuple, TypeVar

from adapters.zgw.calls import Calls, Row
from adapters.zgw.catalogue import Catalogue
from adapters.zgw.lookup.manieren import Manieren, Way
from adapters.zgw.lookup.namen import Namen
from adapters.zgw.options import Options
from hub.config.policy import ANSWER_ITEMS_MAX, LOOKUP_CALLS_MAX
from hub.errors import TargetMisconfigured, TargetRefused
from hub.net.together import together
from hub.ports.contracts import Inquiry

T = TypeVar("T")

_GONE = frozenset({"niet-gevonden", "vreemde-url"})


class Asking(NamedTuple):
    """See the module."""

    calls: Calls
    catalogue: Catalogue
    namen: Namen
    options: Options
    manieren: Manieren
    inquiry: Inquiry

    async def named(self, row: Row, name: str, kind: str) -> None:
        """Put what a type is called in the place of its URL."""
        if isinstance(row.get(name), str) and row[name]:
            row[name] = await self.namen.of(self.calls, kind, row[name], now=self.inquiry.now)

    async def best(self, what: str, ways: Sequence[Way], ask: Callable[[Way], Awaitable[T]]) -> T:
        """Ask in the best way that the target takes."""
        return await self.manieren.best(what, ways, ask, now=self.inquiry.now)

    async def unless_lacking(self, what: str, ask: Callable[[], Awaitable[T]]) -> T | None:
        """Ask what not every server has; None when this one lacks it."""
        return await self.manieren.unless_lacking(what, ask, now=self.inquiry.now)

    @staticmethod
    async def unless_gone(read: Callable[[], Awaitable[Row]]) -> Row | None:
        """Read something that another resource refers to; None when it was removed, or is of another target."""
        try:
            return await read()
        except (TargetRefused, TargetMisconfigured) as failure:
            if failure.code not in _GONE:
                raise
            return None


async def beside(works: Iterable[Callable[[], Awaitable[T]]]) -> list[T]:
    """Do works beside each other, as many at a time as one question may have out."""
    return await together(works, at_once=LOOKUP_CALLS_MAX)


def wanted(question: dict[str, Any]) -> int:
    """Give how many may be in the answer."""
    return min(int(question.get("maximum") or ANSWER_ITEMS_MAX), ANSWER_ITEMS_MAX)
