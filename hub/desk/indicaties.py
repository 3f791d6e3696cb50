"""Following persons on behalf of the receiver of a connection: placing afnemersindicaties, removing and listing them.

Every one that is placed or removed is a line in the audit, with a reason; so is every look at who they are. A BSN goes
no further than here: in the ledger it is hashed, and sealed. Source: Wet BRP art. 3.2, Logisch Ontwerp BRP §1.3.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import datetime
from typing import NamedTuple, TypeVar

import orjson

from hub.clock import Clock
from hub.config.connection import Connection
from hub.config.likely import did_you_mean
from hub.config.policy import INDICATIES_GROUP_MAX
from hub.errors import ActRefused
from hub.ledger.contract import Ledger
from hub.ledger.entries import OperatorAct
from hub.ledger.indicaties import Indicatie
from hub.security.personal import Bsn

T = TypeVar("T")

_PERSONS = "personen"


class Placed(NamedTuple):
    """How many are followed from now on, and how many were already."""

    fresh: int
    known: int


class Indicaties:
    """Places, removes and lists."""

    def __init__(
        self,
        connections: Mapping[str, Connection],
        *,
        ledger: Ledger,
        clock: Clock,
        subject: Callable[[Bsn], str],
        seal: Callable[[Bsn], str],
        unseal: Callable[[str], Bsn],
    ) -> None:
        """Take `subject`, which hashes a person, and what encrypts and decrypts one (`hub.security.keys`)."""
        self._connections = connections
        self._ledger = ledger
        self._clock = clock
        self._subject = subject
        self._seal = seal
        self._unseal = unseal

    async def place(
        self, connection: str, persons: Collection[Bsn], *, by: str, reason: str, ends_at: datetime | None = None
    ) -> Placed:
        """Follow persons; who is followed has the new reason and end. Raises ActRefused."""
        self.check(connection)
        if not self._connections[connection].distribution.followed:
            raise ActRefused(
                f"{connection} is told of everybody, whomever it follows: nothing would change",
                code="volgt-niemand",
                advice="write distribution: {followed: true} in its connection.yaml, then place them",
            )
        now = self._clock.now()
        if ends_at is not None and ends_at <= now:
            raise ActRefused("it would have ended before it began", code="einde", advice="give a moment to come")
        if not persons:
            raise ActRefused("nobody was named", code="niemand", advice="give one BSN at least")
        by_hash = {self._subject(each): each for each in persons}
        fresh = 0
        for group in _groups(sorted(by_hash.items(), key=lambda each: each[0])):
            placed = [Indicatie(connection, person, self._seal(bsn), now, by, reason, ends_at) for person, bsn in group]
            acts = [self._act("follow-place", connection, person, by=by, reason=reason) for person, _ in group]
            fresh += await self._ledger.place_indicaties(placed, acts)
        return Placed(fresh, len(by_hash) - fresh)

    async def remove(self, connection: str, persons: Collection[str], *, by: str, reason: str) -> int:
        """Follow persons, by their hashes, no longer; say how many were followed. Raises ActRefused."""
        self.check(connection)
        gone = 0
        for group in _groups(sorted(set(persons))):
            acts = {each: self._act("follow-remove", connection, each, by=by, reason=reason) for each in group}
            gone += await self._ledger.remove_indicaties(connection, acts)
        return gone

    async def listed(
        self, connection: str, *, after: tuple[datetime, str] | None = None, limit: int
    ) -> Sequence[Indicatie]:
        """List whom a connection follows, hashed, the oldest first; ended ones too. Raises ActRefused."""
        self.check(connection)
        return await self._ledger.indicaties(connection, after=after, limit=limit)

    async def one(self, connection: str, person: str) -> Indicatie | None:
        """Give the indicatie of a person, by his hash; raises ActRefused."""
        self.check(connection)
        return await self._ledger.indicatie(connection, person)

    async def reveal(
        self, connection: str, indicaties: Sequence[Indicatie], *, by: str, reason: str
    ) -> Sequence[tuple[Indicatie, Bsn | None]]:
        """Tell who these are; that is in the audit before it is told. None for one sealed with another key."""
        on = f"koppeling:{connection}"
        detail = orjson.dumps({"aantal": len(indicaties)}).decode()
        act = OperatorAct("", "unmask-indicaties", by, reason, self._clock.now(), on, detail)
        await self._ledger.acted([act])
        return [(each, self._opened(each.sealed)) for each in indicaties]

    def hashed(self, bsn: Bsn) -> str:
        """Give what stands in the ledger for a person."""
        return self._subject(bsn)

    def check(self, connection: str) -> None:
        """See that a connection can follow persons; raises ActRefused."""
        following = [name for name, each in self._connections.items() if each.domain == _PERSONS]
        if connection not in following:
            raise ActRefused(
                f"there is no connection {connection} that delivers changes of persons",
                code="koppeling",
                advice=did_you_mean(connection, following),
            )

    def _act(self, act: str, connection: str, person: str, *, by: str, reason: str) -> OperatorAct:
        detail = orjson.dumps({"koppeling": connection}).decode()
        return OperatorAct("", act, by, reason, self._clock.now(), f"persoon:{person}", detail)

    def _opened(self, sealed: str) -> Bsn | None:
        try:
            return self._unseal(sealed)
        except ValueError:
            return None


def _groups(items: Sequence[T]) -> list[Sequence[T]]:
    return [items[at : at + INDICATIES_GROUP_MAX] for at in range(0, len(items), INDICATIES_GROUP_MAX)]
