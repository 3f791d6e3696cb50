"""Whether a change goes to the receiver of an outbound connection, by its distribution rules and by whom it follows.

Where a person is, a change often does not say: then it goes to who was told of this person before, until something says
that he is elsewhere. What does not go ends there, and says why: it is counted, and stands in the timeline. Who is
followed is looked up for many changes at once. It refuses to know which fields of a change go: that is
`hub.flow.shown`.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Any

from hub.clock import Clock
from hub.config import policy
from hub.config.connection import Connection
from hub.errors import Fault
from hub.event.envelope import Event
from hub.event.velden import pruned
from hub.event.wijzigingen import ONDERWERPEN
from hub.flow.group import Group
from hub.flow.outcome import Reason, Undistributed
from hub.flow.persons import Pseudonym, persons_of_event
from hub.flow.shown import has_changed, shows_change
from hub.ledger.contract import Ledger
from hub.security.personal import Bsn

_GEMEENTE, _NUMMER = "gemeenteVanInschrijving", "burgerservicenummer"

ELDERS = "elders"
"""Receipt of a change after which the person is in no municipality of the rules: it stands with its delivery."""


def _not_for_it(code: str, text: str) -> Undistributed:
    return Undistributed(Reason(code, f"not for this receiver: {text}", Fault.CONFIGURATION, "", "distribution"))


UNSEEN = _not_for_it("niets-zichtbaar", "nothing changed that it may see")
UNCHANGED = _not_for_it("ander-gegeven", "none of the fields changed that its rules name")
ELSEWHERE = _not_for_it("andere-gemeente", "the person is not in a municipality that its rules name")._replace(
    receipt=ELDERS
)
NOWHERE = _not_for_it("geen-gemeente", "the change does not say in which municipality the person is")
NOT_FOLLOWED = _not_for_it("niet-gevolgd", "it does not follow this person")


class Distributor:
    """Decides for one connection whose events are about persons, companies or addresses."""

    def __init__(self, connection: Connection, *, ledger: Ledger, clock: Clock, subject: Pseudonym) -> None:
        """Take `subject`, which hashes a person as the ledger knows it."""
        self._rules = connection.distribution
        self._velden = connection.velden
        self._about = ONDERWERPEN[connection.domain or ""]
        self._subject = subject
        self._clock = clock
        self._ledger = ledger
        self._connection = connection.connection
        self._told = Group[str, bool](self._look_up_told, size_max=policy.SCRIBE_GROUP_MAX)
        self._followed = Group[str, bool](
            partial(self._look_up, connection.connection), size_max=policy.SCRIBE_GROUP_MAX
        )

    async def withheld(self, event: Event, lane: str) -> Undistributed | None:
        """Say why an event is not for this receiver; None when it is. Raises HubUnavailable."""
        data = event.data
        if not shows_change(data, event.type, self._velden):
            return UNSEEN
        if self._rules.changed and not has_changed(data, event.type, self._rules.changed):
            return UNCHANGED
        if self._rules.gemeenten:
            known = _gemeenten(self._states(data))
            if known and not known & {*self._rules.gemeenten}:
                return ELSEWHERE
            if not known and not await self._told(lane):
                return NOWHERE
        if self._rules.followed and not await self._follows(data):
            return NOT_FOLLOWED
        return None

    def leaves(self, event: Event) -> bool:
        """Say whether an event tells that the person is from now on in no municipality of the rules."""
        now = event.data.get(self._about.noun)
        known = _gemeenten([now]) if isinstance(now, dict) else set()
        return bool(self._rules.gemeenten and known) and not known & {*self._rules.gemeenten}

    async def _follows(self, data: dict[str, Any]) -> bool:
        found = [await self._followed(self._subject(each)) for each in sorted(self._who(data), key=self._subject)]
        return any(found)

    def _who(self, data: dict[str, Any]) -> set[Bsn]:
        """Give whom it is about, also under the number of before: not partners, parents and children."""
        numbers = [pruned(each, (_NUMMER,)) for each in self._states(data)]
        return {bsn for each in numbers for bsn in persons_of_event(_NUMMER.encode(), each)}

    def _states(self, data: dict[str, Any]) -> list[dict[str, Any]]:
        return [each for each in (data.get(self._about.noun), data.get("was")) if isinstance(each, dict)]

    async def _look_up(self, connection: str, persons: Sequence[str]) -> list[bool]:
        followed = await self._ledger.followed(connection, {*persons}, self._clock.now())
        return [each in followed for each in persons]

    async def _look_up_told(self, lanes: Sequence[str]) -> list[bool]:
        told = await self._ledger.known_at(self._connection, {*lanes}, until=ELDERS)
        return [each in told for each in lanes]


def _gemeenten(states: Sequence[dict[str, Any]]) -> set[str]:
    found = (each.get(_GEMEENTE) for each in states)
    return {str(each["code"]) for each in found if isinstance(each, dict) and each.get("code")}
