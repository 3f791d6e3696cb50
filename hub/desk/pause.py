"""A person pauses a connection, with a reason and perhaps a time, and lets it go on again.

It refuses to know how workers come to hear of it (`hub.flow.valves`) and what they then do (`hub.flow.valve`).
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from hub.bus.contract import Bus
from hub.clock import Clock
from hub.config.connection import Connection
from hub.config.likely import did_you_mean
from hub.config.policy import PAUSE_REASON_CHARS_MAX
from hub.errors import ActRefused
from hub.flow.standing import Flow, Standing, is_over, standing
from hub.flow.valves import tell
from hub.ledger.contract import Ledger
from hub.ledger.entries import OperatorAct
from hub.ledger.valves import Pause, PauseKind
from hub.security.masking import mask


class Pauser:
    """Pauses and resumes, on behalf of a person (`by`) who gives a reason."""

    def __init__(
        self, connections: Mapping[str, Connection], *, ledger: Ledger, bus: Bus, control_topic: str, clock: Clock
    ) -> None:
        self._connections = connections
        self._ledger = ledger
        self._bus = bus
        self._control_topic = control_topic
        self._clock = clock

    async def standing(self, connection: str) -> Standing:
        """Say how a connection stands; raises ActRefused when there is none of that name."""
        known = self._known(connection)
        return standing(await self._pauses(connection), known.windows, self._clock.now())

    async def pause(self, connection: str, *, by: str, reason: str, until: datetime | None = None) -> Standing:
        """Pause; a second time changes reason and time. Raises ActRefused, and nothing has changed then."""
        self._known(connection)
        now = self._clock.now()
        if until is not None and until <= now:
            raise ActRefused("that moment has passed", code="voorbij", advice="name a later one, or none")
        pause = Pause(connection, PauseKind.PERSON, by, _reasoned(reason), now, until)
        await self._ledger.pause(pause, _act(connection, "pause", by, pause.reason, now))
        await tell(self._bus, self._control_topic, connection)
        return await self.standing(connection)

    async def resume(self, connection: str, *, by: str, reason: str) -> Standing:
        """Let it go on, whoever had paused it: a person, or the hub itself. Raises ActRefused when nobody had."""
        before = await self.standing(connection)
        ended = [
            await self._ledger.end_pause(each, _act(connection, "resume", by, _reasoned(reason), self._clock.now()))
            for each in await self._pauses(connection)
        ]
        if not any(ended):
            raise _nothing_to_resume(connection, before)
        await tell(self._bus, self._control_topic, connection)
        return await self.standing(connection)

    async def _pauses(self, connection: str) -> list[Pause]:
        now = self._clock.now()
        return [each for each in await self._ledger.pauses() if each.stage == connection and not is_over(each, now)]

    def _known(self, connection: str) -> Connection:
        if connection not in self._connections:
            advice = did_you_mean(connection, self._connections)
            raise ActRefused(f"there is no connection {connection}", code="onbekend", advice=advice)
        return self._connections[connection]


def _reasoned(reason: str) -> str:
    """Give the reason as everybody sees it: what looks like a BSN in it is not shown."""
    if len(reason) > PAUSE_REASON_CHARS_MAX:
        raise ActRefused("the reason is too long", code="reden", advice=f"at most {PAUSE_REASON_CHARS_MAX} characters")
    return mask(reason.strip())


def _nothing_to_resume(connection: str, standing_: Standing) -> ActRefused:
    if standing_.flow is Flow.WINDOW:
        return ActRefused(
            f"{connection} is in a maintenance window",
            code="onderhoud",
            advice="it goes on when the window closes; windows stand in its connection.yaml",
        )
    return ActRefused(f"{connection} is not paused", code="niet-gepauzeerd", advice="see: zaakhub status")


def _act(connection: str, act: str, by: str, reason: str, at: datetime) -> OperatorAct:
    return OperatorAct("", act, by, reason, at, on=f"koppeling:{connection}")
