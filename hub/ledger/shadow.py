"""Of whom two connections told in the same time: one that is in shadow, and one that hears what is told today.

It knows subjects, which say nothing of a person. It refuses to know what was told of them: that is not kept here.
"""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple, Protocol


class Unlike(NamedTuple):
    """Somebody or something of which one of the two told, and when it last did; `here` is the one in shadow."""

    subject: str
    here: bool
    at: datetime


class Beside(NamedTuple):
    """How many both told of, how many only one; `unlike` are the newest of those."""

    both: int
    only_here: int
    only_there: int
    unlike: tuple[Unlike, ...] = ()


class Shadowing(Protocol):
    """The part of the ledger that compares what two connections tell."""

    async def beside(self, here: str, there: str, *, since: datetime, until: datetime, limit: int) -> Beside:
        """Compare of whom two connections told, of messages that came in this time."""
        ...
