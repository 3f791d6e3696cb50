"""The backstop: a source is asked what happened, and what no message told goes through the same door after all.

It remembers nothing: each time it looks some days back, and the door knows what came. So a restart loses nothing, and
what was found twice is a resend. It refuses to know what a source is asked: that is the adapter's.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from datetime import timedelta

import structlog

from hub.clock import Clock
from hub.config import policy
from hub.errors import HubUnavailable, MessageRefused, TargetFailed
from hub.flow.accept import Door
from hub.flow.entrance import Entrance
from hub.observe.metrics import Count, Metrics
from hub.ports.contracts import Client, Notice, Polling

log = structlog.get_logger()


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
            async for notice in self._polling.find(
                self._client, since=now - timedelta(days=self._limits.backstop_days), now=now
            ):
                group.append(notice)
                if len(group) >= policy.BACKSTOP_GROUP_MAX:
                    found += await self._offer(group)
                    group = []
            found += await self._offer(group)
        except (TargetFailed, HubUnavailable) as failed:
            log.warning("backstop_failed", connection=self._name, code=failed.code, reason=failed.reason)
        except Exception as error:  # noqa: BLE001 - a bug in an adapter must not stop the worker
            log.warning("backstop_failed", connection=self._name, error=type(error).__name__)
        if found:
            log.warning("messages_found", connection=self._name, count=found)
            self._metrics.count(Count.FOUND, self._name, by=found)
        return found

    async def _offer(self, notices: Sequence[Notice]) -> int:
        """Bring notices to the door together; count those that are new to it."""
        accepted = await asyncio.gather(*(self._accept(notice) for notice in notices), return_exceptions=True)
        for each in accepted:
            if isinstance(each, BaseException) and not isinstance(each, MessageRefused):
                raise each
            if isinstance(each, MessageRefused):
                log.warning("notice_refused", connection=self._name, code=each.code)
        return sum(each is True for each in accepted)

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
