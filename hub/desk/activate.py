"""From one revision of a connection's mappings to the next, in two phases; and back.

First every worker that lives compiles the new one and says that it is ready; only then it is made active, and each
worker switches between two messages. If one refuses or does not answer, nothing changes. It refuses to know what a
mapping says: whether a revision is any good is for lint, test and preview.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

from hub.bus.contract import Bus
from hub.clock import Clock
from hub.config import policy
from hub.errors import ActRefused
from hub.ledger.contract import Ledger
from hub.ledger.entries import Answer, Revision, RevisionState, Worker

HINT = "revision"
"""The key of the announcement that makes workers look; its value is the connection."""

_RAN = (RevisionState.SUPERSEDED, RevisionState.FOLDER)


class Activated(NamedTuple):
    """What is active now; `workers` run it, `behind` do not yet (or could not: see their reason)."""

    number: int
    revision: str
    workers: tuple[Worker, ...]
    behind: tuple[Worker, ...]


class Activation:
    """Activates and rolls back, on behalf of a person (`by`) who gives a reason."""

    def __init__(self, *, ledger: Ledger, bus: Bus, control_topic: str, clock: Clock) -> None:
        self._ledger = ledger
        self._bus = bus
        self._control_topic = control_topic
        self._clock = clock

    async def running(self, connection: str) -> Revision | None:
        """Give what runs: the active revision, else the last that a worker took from its folder; None: nothing yet."""
        known = await self._ledger.revisions(connection)
        return _in_state(known, RevisionState.ACTIVE) or _in_state(known, RevisionState.FOLDER)

    async def files(self, revision: Revision) -> bytes:
        """Give what a stored revision is compiled from."""
        files = await self._ledger.revision_files(revision.connection, revision.number)
        assert files is not None, "a revision is never deleted"
        return files

    async def activate(
        self, connection: str, revision: str, files: bytes, *, over: Revision | None, by: str, reason: str
    ) -> Activated:
        """Activate a pack. `over` is what ran when it was looked at: when that changed, somebody else was first.

        Raises ActRefused, and nothing has changed, when another activation is at work or was first, when a worker
        refuses, and when one does not answer in time.
        """
        number_over = over.number if over is not None and over.state is RevisionState.ACTIVE else 0
        return await self._two_phases(connection, revision, files, over=number_over, restores=0, by=by, reason=reason)

    async def rollback(self, connection: str, *, by: str, reason: str) -> Activated:
        """Activate what ran before the active revision; raises ActRefused as `activate` does, or when there is none."""
        known = await self._ledger.revisions(connection)
        active = _in_state(known, RevisionState.ACTIVE)
        before = _before(active, known) if active is not None else None
        if active is None or before is None:
            raise ActRefused(
                f"nothing ran before what {connection} runs now",
                code="niets-ervoor",
                advice=f"zaakhub map activate {connection} activates what lies in the folder",
            )
        files = await self.files(before)
        return await self._two_phases(
            connection, before.revision, files, over=active.number, restores=before.number, by=by, reason=reason
        )

    async def _two_phases(
        self, connection: str, revision: str, files: bytes, *, over: int, restores: int, by: str, reason: str
    ) -> Activated:
        now = self._clock.now()
        made = Revision(connection, 0, revision, RevisionState.PREPARED, restores, now, by, reason, now)
        stale_before = now - timedelta(seconds=policy.REVISION_STALE_S)
        number = await self._ledger.prepare(made, files, over=over, stale_before=stale_before)
        try:
            await self._tell(connection)
            await self._agree(connection, number)
        except BaseException as error:  # also when the person at the terminal gives up
            why = error.reason if isinstance(error, ActRefused) else type(error).__name__
            await self._ledger.withdraw(connection, number, why)
            raise
        await self._tell(connection)
        workers, behind = await self._followed(connection, number)
        return Activated(number, revision, tuple(workers), tuple(behind))

    async def _agree(self, connection: str, number: int) -> None:
        """Wait until every live worker is ready, and make it active in the same breath."""
        until = self._clock.monotonic() + policy.REVISION_AGREE_S
        while True:
            workers = await self._ledger.workers(connection, number=number, since=self._live_since())
            refusing = [each for each in workers if each.answer is Answer.REFUSED]
            if refusing:
                raise ActRefused(
                    f"worker {refusing[0].worker} refuses: {refusing[0].reason}",
                    code="geweigerd",
                    advice="nothing changed; mend it, or bring that worker to the version of the others",
                )
            silent = [each.worker for each in workers if each.answer is None]
            if not silent and await self._ledger.activate(connection, number, live_since=self._live_since()):
                return
            if self._clock.monotonic() >= until:
                raise ActRefused(
                    f"{', '.join(silent) or 'a worker'} did not answer within {policy.REVISION_AGREE_S:.0f} s",
                    code="geen-antwoord",
                    advice="nothing changed; look at that worker, or stop it, and try again",
                )
            await self._clock.sleep(policy.REVISION_LOOK_S)

    async def _followed(self, connection: str, number: int) -> tuple[list[Worker], list[Worker]]:
        """Wait a while for the workers to switch; give those that run it and those that do not."""
        until = self._clock.monotonic() + policy.REVISION_SWITCH_S
        while True:
            workers = await self._ledger.workers(connection, number=number, since=self._live_since())
            behind = [each for each in workers if each.running != number]
            waiting = [each for each in behind if each.answer is not Answer.REFUSED]
            if not waiting or self._clock.monotonic() >= until:
                return [each for each in workers if each.running == number], behind
            await self._clock.sleep(policy.REVISION_LOOK_S)

    async def _tell(self, connection: str) -> None:
        await self._bus.announce(self._control_topic, HINT, connection.encode())

    def _live_since(self) -> datetime:
        return self._clock.now() - timedelta(seconds=policy.WORKER_LIVES_S)


def _in_state(known: Sequence[Revision], state: RevisionState) -> Revision | None:
    return next((each for each in known if each.state is state), None)


def _before(active: Revision, known: Sequence[Revision]) -> Revision | None:
    """Find what ran before: a rollback undoes one activation, a second one undoes the activation before that."""
    numbered = {each.number: each for each in known}
    origin = active
    while origin.restores in numbered:
        origin = numbered[origin.restores]
    return next((each for each in known if each.number < origin.number and each.state in _RAN), None)
