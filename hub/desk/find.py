"""Finding messages for a person who asks: by what is known of them, or by the person that they are about.

Who asks by BSN says why, and that they asked is in the audit before they see anything. The BSN itself goes no further
than here: what is compared, and kept, is its keyed hash.
"""

from __future__ import annotations

from collections.abc import Callable

from hub.clock import Clock
from hub.config.policy import FIND_PAGE
from hub.errors import ActRefused
from hub.ledger.contract import Ledger
from hub.ledger.entries import OperatorAct
from hub.ledger.finding import Criteria, FoundPage, Mark
from hub.security.personal import Bsn


class Finder:
    """Finds messages on behalf of a person."""

    def __init__(self, *, ledger: Ledger, clock: Clock, subject: Callable[[Bsn], str]) -> None:
        """Take `subject`, which hashes a person (`Keys.subject`)."""
        self._ledger = ledger
        self._clock = clock
        self._subject = subject

    async def find(
        self,
        criteria: Criteria,
        *,
        by: str,
        bsn: Bsn | None = None,
        reason: str = "",
        after: Mark | None = None,
        limit: int = FIND_PAGE,
    ) -> FoundPage:
        """Find messages, newest first; `after` is where the page before ended.

        Raises ActRefused without any criterion, and for a BSN without a reason.
        """
        if bsn is not None:
            criteria = criteria._replace(person=self._subject(bsn))
            on = f"persoon:{criteria.person}"
            await self._ledger.acted([OperatorAct("", "search-person", by, reason, self._clock.now(), on)])
        if criteria == Criteria():
            raise ActRefused("nothing says which messages", code="geen-criterium", advice="give one criterion at least")
        return await self._ledger.find(criteria, after=after, limit=limit)
