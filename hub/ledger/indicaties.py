"""Whom a receiver follows (afnemersindicaties): of their changes it is told, of those of others not.

A person stands here twice: hashed, to be compared, and sealed, so that who has the key can tell who it is. It knows
neither key.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import NamedTuple, Protocol

from hub.ledger.entries import OperatorAct


class Indicatie(NamedTuple):
    """That a connection follows a person. `person` and `sealed` as in `hub.security.keys`; `ends_at`: until when."""

    connection: str
    person: str
    sealed: str
    placed_at: datetime
    placed_by: str
    reason: str
    ends_at: datetime | None = None

    def has_ended(self, now: datetime) -> bool:
        """Say whether its end has passed; at its very end it is over."""
        return self.ends_at is not None and self.ends_at <= now

    @property
    def mark(self) -> tuple[datetime, str]:
        """Where it stands in the list."""
        return self.placed_at, self.person


class Indicating(Protocol):
    """The part of the ledger that is about whom receivers follow."""

    async def place_indicaties(self, indicaties: Sequence[Indicatie], acts: Sequence[OperatorAct]) -> int:
        """Follow persons; say how many were not followed yet. One that was has the new reason and end from now on.

        One of which the end has passed is followed anew, since the moment at which it is placed again.

        Raises ActRefused when an act lacks its reason: then nothing of it happens.
        """
        ...

    async def remove_indicaties(self, connection: str, persons: Mapping[str, OperatorAct]) -> int:
        """Follow persons no longer, each by an act; say how many were there. Of who was not, no act is kept.

        Raises ActRefused as above.
        """
        ...

    async def followed(self, connection: str, persons: Collection[str], now: datetime) -> frozenset[str]:
        """Give which of these persons are followed at this moment."""
        ...

    async def indicatie(self, connection: str, person: str) -> Indicatie | None:
        """Give the indicatie of one person, also when it has ended."""
        ...

    async def indicaties(
        self, connection: str, *, after: tuple[datetime, str] | None = None, limit: int
    ) -> list[Indicatie]:
        """List whom a connection follows, the oldest first, ended ones too; `after` is the mark of the last before."""
        ...

    async def count_followed(self, now: datetime) -> Mapping[str, int]:
        """Count the persons that each connection follows at this moment; a connection that follows nobody is absent."""
        ...
