"""Up to when a source was looked through wholly: where the next look begins, whoever looks.

It refuses to know how far back a source must be asked to miss nothing: that is the adapter's.
"""

from __future__ import annotations

from datetime import datetime
from typing import Protocol


class Tracking(Protocol):
    """The part of the ledger that is about looking through sources."""

    async def looked_until(self, connection: str) -> datetime | None:
        """Say up to when the source of a connection was looked through; None when it never was."""
        ...

    async def move_cursor(self, connection: str, *, since: datetime | None, until: datetime) -> bool:
        """Say that it was looked through up to `until`, by who found it at `since`.

        False, and nothing changes, when somebody else moved it meanwhile, or `until` is not later.
        """
        ...
