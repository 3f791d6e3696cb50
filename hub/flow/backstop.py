"""The backstop: a source is asked what happened, and what no message told goes through the same door after all.

The door knows what came, so what is found twice is a resend. Of a source that tells what changed since a moment
(`Following`) is remembered up to when it was looked through wholly: the next look begins there, and a little before for
what appears late. Every other is looked through some days back each time. It refuses to know what a source is asked:
that is the adapter's.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

import structlog

from hub.clock import Clock
from hub.config import policy
from hub.errors import HubUnavailable, MessageRefused, TargetFailed
from hub.flow.accept import Door
from hub.flow.dedupe import refusal_id
from hub.flow.entrance import Entrance
from hub.flow.keepable import worded
from hub.ledger.contract import Ledger
from hub.ledger.entries import Refusal
from hub.observe.metrics import Count, Metrics
from hub.ports.contracts import Client, Following, Notice, Polling

log = structlog.get_logger()

_MISSED = "gemist"


class Backstop:
    """Looks after one inbound connection."""

    def __init__(
        self,
        entrance: Entrance,
        *,
        polling: Polling,
        client: Client,
        mine: Callable[[], bool],
        door: Door,
        ledger: Ledger,
        clock: Clock,
        metrics: Metrics,
    ) -> None:
        """Take `mine`, which says whether this worker is the one that looks: the others leave it."""
        self._entrance = entrance
        self._name = entrance.connection.connection
        self._limits = entrance.connection.policy
        self._polling = polling
        self._client = client
        self._mine = mine
        self._door = door
        self._ledger = ledger
        self._clock = clock
        self._metrics = metrics

    async def run(self) -> None:
        """Look from time to time, until cancelled."""
        await self._clock.sleep(policy.BACKSTOP_FIRST_S)
        while True:
            if self._mine():
                await self.look()
            await self._clock.sleep(self._limits.backstop_every_s)

    async def look(self) -> int:
        """Look once; say how many messages were found that never came. What fails is found the next time."""
        now = self._clock.now()
        found = 0
        group: list[Notice] = []
        try:
            cursor = await self._ledger.looked_until(self._name) if isinstance(self._polling, Following) else None
            async for notice in self._polling.find(self._client, since=self._since(cursor, now), now=now):
                group.append(notice)
                if len(group) >= policy.BACKSTOP_GROUP_MAX:
                    found += await self._offer(group)
                    group = []
            found += await self._offer(group)
            if isinstance(self._polling, Following):
                await self._looked_through(self._polling, cursor, now)
        except (TargetFailed, HubUnavailable) as failed:
            self._failed(code=failed.code, reason=failed.reason)
        except Exception as error:  # noqa: BLE001 - a bug in an adapter must not stop the worker
            self._failed(error=type(error).__name__)
        if found and isinstance(self._polling, Following):
            log.info("changes_found", connection=self._name, count=found)
            self._metrics.count(Count.ACCEPTED, self._name, by=found)
        elif found:
            log.warning("messages_found", connection=self._name, count=found)
            self._metrics.count(Count.FOUND, self._name, by=found)
        return found

    def _since(self, cursor: datetime | None, now: datetime) -> datetime:
        """Say from when on is asked: never further back than what the source keeps."""
        some_days = now - timedelta(days=self._limits.backstop_days)
        if not isinstance(self._polling, Following):
            return some_days
        kept_since = now - self._polling.kept
        if cursor is None:
            return max(some_days, kept_since)
        return max(cursor - self._polling.overlap, kept_since)

    async def _looked_through(self, polling: Following, cursor: datetime | None, now: datetime) -> None:
        """Remember up to when; what the source did not keep so long is never found, and that is said once."""
        kept_since = now - polling.kept
        if cursor is not None and cursor < kept_since:
            since, until = cursor.isoformat(timespec="seconds"), kept_since.isoformat(timespec="seconds")
            log.warning("changes_missed", connection=self._name, since=since, until=until)
            self._metrics.count(Count.MISSED, self._name)
            reason = f"the source no longer keeps what happened from {since} to {until}: zaakhub load {self._name}"
            identity = refusal_id(self._name, b"", now)
            await self._ledger.refused([Refusal(self._name, identity, _MISSED, reason, "", 0, 0, now)])
        if not await self._ledger.move_cursor(self._name, since=cursor, until=now):
            log.info("cursor_was_moved", connection=self._name)

    def _failed(self, **why: str) -> None:
        log.warning("backstop_failed", connection=self._name, **why)
        self._metrics.count(Count.LOOKS_FAILED, self._name)

    async def _offer(self, notices: Sequence[Notice]) -> int:
        """Bring notices to the door together; count those that are new to it."""
        accepted = await asyncio.gather(*(self._accept(notice) for notice in notices), return_exceptions=True)
        for notice, each in zip(notices, accepted, strict=True):
            if isinstance(each, BaseException) and not isinstance(each, MessageRefused):
                raise each
            if isinstance(each, MessageRefused):
                await self._refused(notice, each)
        return sum(each is True for each in accepted)

    async def _refused(self, notice: Notice, refused: MessageRefused) -> None:
        """Have it found among what was refused at the door: a source that follows is not asked for it again."""
        now = self._clock.now()
        identity = refusal_id(self._name, notice.body, now)
        log.warning("notice_refused", connection=self._name, message=identity, code=refused.code)
        if not isinstance(self._polling, Following):
            return  # it is found again by every look
        self._metrics.count(Count.REFUSED, self._name, refused.code)
        reason, path = worded(refused.reason), worded(refused.path)
        size = len(notice.body)
        await self._ledger.refused([Refusal(self._name, identity, refused.code, reason, path, refused.line, size, now)])

    async def _accept(self, notice: Notice) -> bool:
        document = self._entrance.inbound.read(notice.body, notice.headers, validate=False)
        accepted = await self._door.accept(
            document,
            notice.body,
            connection=self._name,
            topic=self._entrance.topic,
            http=notice.headers,
            references=(),
        )
        return not accepted.resent
