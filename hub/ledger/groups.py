"""Failures in the ledger: found by criteria, and in groups of those that look alike.

A group is what one fingerprint has in common (`hub.flow.fingerprint`); people merge groups and split failures off.
Counts are of this moment: nothing is added up beforehand.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection
from datetime import UTC, datetime
from typing import NamedTuple, Protocol

from hub.ledger.entries import Failure, FailureState, OperatorAct

LONG_AGO, FAR_AHEAD = datetime(1970, 1, 1, tzinfo=UTC), datetime(9999, 1, 1, tzinfo=UTC)


class FailureFilter(NamedTuple):
    """Criteria that must all hold; what is empty or None is no criterion.

    `stages`: of these connections only. `unresolved`: open or retrying. `since` and `until` (not itself) are about the
    last attempt. `text` is part of the reason, whatever its case. `ids`: whole ids of failures.
    """

    state: FailureState | None = None
    unresolved: bool = False
    stages: Collection[str] | None = None
    group: str = ""
    code: str = ""
    kind: str = ""
    zaak: str = ""
    since: datetime | None = None
    until: datetime | None = None
    text: str = ""
    ids: Collection[str] | None = None


class After(NamedTuple):
    """Where a list goes on: behind the entry with this time and id."""

    at: datetime
    id: str


class Notes(NamedTuple):
    """What people know of a group."""

    note: str = ""
    owner: str = ""
    link: str = ""


class Group(NamedTuple):
    """Failures that look alike. `reason` and `advice` are those of the first, as an example.

    `open`, `retrying` and `zaken` (with one of these) are counted now. `first_at` is when the first of all failed,
    `last_at` when one failed last.
    """

    id: str
    stage: str
    code: str
    reason: str
    fault: str
    where: str
    target: str
    revision: str
    advice: str
    notes: Notes
    changed_at: datetime
    open: int
    retrying: int
    zaken: int
    first_at: datetime
    last_at: datetime

    @property
    def version(self) -> str:
        """What must still be so when somebody changes what is known of it."""
        return hashlib.sha256(repr((self.id, self.notes, self.changed_at)).encode()).hexdigest()[:16]


class Grouping(Protocol):
    """The part of the ledger that finds and groups failures."""

    async def find_failures(
        self, wanted: FailureFilter, *, after: After | None = None, limit: int = 100
    ) -> list[Failure]:
        """List failures, newest last_at first; `after` goes on behind an entry of an earlier list."""
        ...

    async def count_failures(self, wanted: FailureFilter) -> int:
        """Count failures."""
        ...

    async def groups(
        self,
        *,
        stages: Collection[str] | None = None,
        state: FailureState | None = None,
        text: str = "",
        after: After | None = None,
        limit: int = 100,
    ) -> list[Group]:
        """List groups with a failure that is not resolved, newest last_at first.

        `state` OPEN or RETRYING: those with such a failure; RESOLVED: those of which every failure is resolved, newest
        first_at first. `text` is part of the reason, the code or the note. `after` is the (last_at, id) of the last
        group of an earlier list, (first_at, id) with RESOLVED. Counts are of failures of `stages`.
        """
        ...

    async def group(self, group_id: str) -> Group | None:
        """Give a group by its id; the id of one that was merged gives the group that it is in now."""
        ...

    async def change_group(self, group_id: str, notes: Notes, act: OperatorAct, *, expected: str | None = None) -> None:
        """Keep what people know of a group.

        Raises ActRefused when there is no such group, or its version is not the expected one (any more).
        """
        ...

    async def merge_groups(self, into: str, others: Collection[str], act: OperatorAct) -> None:
        """Put other groups in this one: their failures, and future ones that look like theirs.

        Raises ActRefused when one is not there, or is of another connection.
        """
        ...

    async def split_group(self, group_id: str, failures: Collection[str], act: OperatorAct, *, new_id: str) -> None:
        """Make a group `new_id` of these failures of a group; they stay in it while they look the same.

        Raises ActRefused when one is not in the group, or nothing would be left in it.
        """
        ...
