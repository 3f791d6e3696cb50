"""One SQL database behind the ledger: what differs between databases is behind `Transaction`.

The statements themselves are in `sql/`. It knows no driver, and no noun of the ledger.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Awaitable, Callable, Collection, Sequence
from typing import Protocol, TypeVar

from hub.clock import Clock
from hub.errors import HubUnavailable
from hub.ledger.rows import Cell, Cells, Moment, Row

T = TypeVar("T")


class Transaction(Protocol):
    """One transaction. Statements go by their name in `sql/`."""

    @property
    def moment(self) -> Moment:
        """How the database gives a time."""
        ...

    async def rows(self, name: str, *values: Cell) -> Sequence[Row]:
        """Run a query."""
        ...

    async def match(self, name: str, keys: Collection[Cells], *values: Cell) -> Sequence[Row]:
        """Run a query that looks many keys up at once; there is at least one."""
        ...

    async def change(self, name: str, *values: Cell) -> int:
        """Run a statement that changes rows; say how many."""
        ...

    async def write(self, name: str, cells: Collection[Cells]) -> int:
        """Run a statement that writes many rows at once; say how many were changed. No rows: nothing happens."""
        ...

    async def alone(self, names: Collection[Cells]) -> None:
        """Wait until no other transaction is at work under these names, and keep others off until this one ends."""
        ...

    async def script(self, statements: Sequence[str]) -> None:
        """Run statements of a migration."""
        ...


class Raced(Exception):
    """Another transaction wrote what this one judged to be absent: judge again."""


class SqlStore(ABC):
    """What the parts of the ledger stand on: one transaction at a time, over `run`."""

    def __init__(self, clock: Clock, moment: Moment) -> None:
        """Take the clock that dates what the ledger itself does, and how the database gives a time."""
        self._clock = clock
        self._moment = moment

    @abstractmethod
    async def start(self) -> None:
        """Connect and migrate."""

    @abstractmethod
    async def stop(self) -> None:
        """Disconnect."""

    @abstractmethod
    async def run(self, work: Callable[[Transaction], Awaitable[T]], *, write: bool) -> T:
        """Run `work` in one transaction, again when it lost a race; raises HubUnavailable."""

    async def healthy(self) -> bool:
        """Say whether the database answers."""
        try:
            await self._rows("answers")
        except HubUnavailable:
            return False
        return True

    async def _rows(self, name: str, *values: Cell) -> Sequence[Row]:
        async def work(tx: Transaction) -> Sequence[Row]:
            return await tx.rows(name, *values)

        return await self.run(work, write=False)
