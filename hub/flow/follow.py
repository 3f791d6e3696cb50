"""A worker follows the ledger: it says that it lives, answers for prepared revisions, and runs the active one.

The ledger is the truth; an announcement only makes a worker look sooner. What is compiled is kept until it becomes
active or is given up, so that the switch itself is one assignment between two messages. When the ledger is away the
worker goes on with what it runs.
"""

from __future__ import annotations

import asyncio
import socket
import uuid
from collections.abc import Awaitable, Callable
from collections.abc import Mapping as Table
from contextlib import suppress

import structlog

from hub.clock import Clock
from hub.config import policy
from hub.errors import ConfigurationWrong, HubUnavailable
from hub.flow.bundle import Bundle, Mappings
from hub.ledger.contract import Ledger
from hub.ledger.entries import Acknowledgement, Answer, Revision, RevisionState

log = structlog.get_logger()

Compile = Callable[[str, bytes], Awaitable[Mappings]]
Use = Callable[[Mappings], None]
Key = tuple[str, int]

_BY = "werkproces"


class Follower:
    """What one worker runs, per connection."""

    def __init__(self, *, ledger: Ledger, clock: Clock, compile_: Compile, uses: Table[str, Use]) -> None:
        """Take how a pack is compiled, and per connection how its mappings are replaced."""
        self.worker = f"{socket.gethostname()}-{uuid.uuid4().hex[:6]}"
        self.running: dict[str, int] = {}
        self._ledger = ledger
        self._clock = clock
        self._compile = compile_
        self._uses = uses
        self._ready: dict[Key, Mappings] = {}
        self._answered: set[Key] = set()
        self._refused: set[Key] = set()
        self._beat_at = 0.0
        self._away = False
        self._wake = asyncio.Event()

    async def begin(self, folder: Table[str, Bundle], wrong: Table[str, ConfigurationWrong]) -> None:
        """Run what is active, and where nothing is, what lies in the folder.

        Raises ConfigurationWrong for a connection whose mappings can't be compiled from where they must come from.
        """
        current = await self._ledger.current_revisions()
        active = {each.connection: each for each in current if each.state is RevisionState.ACTIVE}
        problems: list[ConfigurationWrong] = []
        for connection in self._uses:
            try:
                if connection in active:
                    await self._begin_active(active[connection], folder.get(connection))
                elif connection in folder:
                    await self._begin_folder(connection, folder[connection])
                else:
                    problems.append(wrong[connection])
            except ConfigurationWrong as problem:
                problems.append(problem)
        if problems:
            raise ConfigurationWrong.several(problems)
        await self._beat()

    async def run(self, stopping: asyncio.Event) -> None:
        """Follow until `stopping`; never raises for what the ledger or a revision does."""
        try:
            while not stopping.is_set():
                self._wake.clear()
                try:
                    await self.look()
                    self._away = False
                except HubUnavailable as error:
                    if not self._away:
                        log.warning("revisions_unknown", code=error.code)
                    self._away = True
                await self._next_look(stopping)
        finally:
            with suppress(HubUnavailable):
                await self._ledger.leave(self.worker)

    def wake(self) -> None:
        """Look at once: somebody said that something changed."""
        self._wake.set()

    async def look(self) -> None:
        """Answer for what is prepared, switch to what is active, say that this worker lives."""
        if self._clock.monotonic() >= self._beat_at:
            await self._beat()
        current = [each for each in await self._ledger.current_revisions() if each.connection in self._uses]
        for each in current:
            if each.state is RevisionState.ACTIVE and self.running[each.connection] != each.number:
                await self._switch(each)
            elif each.state is RevisionState.PREPARED and _key(each) not in self._answered:
                await self._answer(each)
        known = {_key(each) for each in current}
        self._ready = {key: mappings for key, mappings in self._ready.items() if key in known}
        self._answered &= known
        self._refused &= known

    async def _begin_active(self, active: Revision, folder: Bundle | None) -> None:
        if folder is not None and folder.revision == active.revision:
            self.running[active.connection] = active.number
            return
        self._uses[active.connection](await self._compiled(active))
        self.running[active.connection] = active.number
        log.warning(
            "mapping_folder_differs",
            connection=active.connection,
            active=active.revision,
            folder=folder.revision if folder else "",
        )

    async def _begin_folder(self, connection: str, folder: Bundle) -> None:
        now = self._clock.now()
        found = Revision(connection, 0, folder.revision, RevisionState.FOLDER, 0, now, _BY, "", now)
        self.running[connection] = await self._ledger.found_in_folder(found, folder.files)

    async def _answer(self, prepared: Revision) -> None:
        try:
            self._ready[_key(prepared)] = await self._compiled(prepared)
        except ConfigurationWrong as wrong:
            await self._say(prepared, Answer.REFUSED, str(wrong))
        else:
            await self._say(prepared, Answer.READY, "")
        self._answered.add(_key(prepared))

    async def _switch(self, active: Revision) -> None:
        if _key(active) in self._refused:
            return
        try:
            mappings = await self._compiled(active)
        except ConfigurationWrong as wrong:
            # It was not asked when this was prepared, or it would not be active.
            log.warning(
                "mapping_not_switched", connection=active.connection, revision=active.revision, reason=str(wrong)
            )
            self._refused.add(_key(active))
            await self._say(active, Answer.REFUSED, str(wrong))
            return
        # Between two messages: nothing awaits between a message's choice of a mapping and its use.
        self._uses[active.connection](mappings)
        self.running[active.connection] = active.number
        log.info("mapping_switched", connection=active.connection, revision=active.revision, number=active.number)
        await self._beat()

    async def _compiled(self, revision: Revision) -> Mappings:
        ready = self._ready.get(_key(revision))
        if ready is not None:
            return ready
        files = await self._ledger.revision_files(revision.connection, revision.number)
        assert files is not None, "a revision is never deleted"
        try:
            return await self._compile(revision.connection, files)
        except ConfigurationWrong:
            raise
        except Exception as error:
            log.exception("revision_not_compiled", connection=revision.connection, revision=revision.revision)
            raise ConfigurationWrong(
                f"revision {revision.revision} can't be compiled here: {type(error).__name__}", file=revision.connection
            ) from error

    async def _say(self, revision: Revision, answer: Answer, reason: str) -> None:
        said = Acknowledgement(*_key(revision), self.worker, answer, reason, self._clock.now())
        await self._ledger.acknowledge(said)

    async def _beat(self) -> None:
        await self._ledger.beat(self.worker, self.running)
        self._beat_at = self._clock.monotonic() + policy.WORKER_BEAT_S

    async def _next_look(self, stopping: asyncio.Event) -> None:
        waits = [
            asyncio.create_task(wait)
            for wait in (self._clock.sleep(policy.REVISION_POLL_S), self._wake.wait(), stopping.wait())
        ]
        try:
            await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for wait in waits:
                wait.cancel()


def _key(revision: Revision) -> Key:
    return revision.connection, revision.number
