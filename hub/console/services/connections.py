"""Connections and how they fare, as the overview shows them; pausing and resuming them."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Mapping
from typing import Any, NamedTuple

from hub.app import App
from hub.config import policy
from hub.console.models.connections import ConnectionSummary, FlowChange, Overview
from hub.console.services.part import Part
from hub.console.services.rights import check_may, check_seen, unknown
from hub.flow.bundle import revision_of
from hub.flow.standing import Flow
from hub.flow.vitals import Condition
from hub.ledger.entries import RevisionState
from hub.security.roles import Actor, Right


class _Looked(NamedTuple):
    at_s: float
    conditions: Mapping[str, Condition]
    revisions: Mapping[str, str]


class Connections:
    """What is known of connections at this moment."""

    def __init__(self, app: App) -> None:
        self._app = app
        self._pauser = app.pauser()
        self._looking = asyncio.Lock()
        self._looked: _Looked | None = None

    async def summaries(self, actor: Actor, after: Any, limit: int) -> Part[ConnectionSummary]:  # noqa: ANN401 - a name
        """List the connections that the person sees, by name."""
        names = [name for name in self._seen(actor) if after is None or name > after]
        page = names[:limit]
        found = await self._summaries(page)
        return Part([found[name] for name in page], page[-1] if len(names) > limit else None)

    async def overview(self, actor: Actor) -> tuple[str, Overview]:
        """Give all that the person sees, and what changes when one of them does."""
        # Every window of everybody looks every second: together they ask the ledger once.
        found = await self._summaries(self._seen(actor), age_s=policy.STREAM_LOOK_S)
        shown = Overview(connections=list(found.values()))
        return hashlib.sha256(shown.model_dump_json().encode()).hexdigest(), shown

    async def summary(self, actor: Actor, name: str) -> ConnectionSummary:
        """Give one; raises ActRefused when there is none that the person may see."""
        if name not in self._app.configuration.connections:
            raise unknown("connection")
        check_seen(actor, name, "connection")
        return (await self._summaries([name]))[name]

    async def change_flow(self, actor: Actor, name: str, change: FlowChange) -> ConnectionSummary:
        """Pause or resume it."""
        await self.summary(actor, name)
        check_may(actor, Right.PAUSE, name, "connection")
        if change.flow is Flow.PAUSED:
            await self._pauser.pause(name, by=actor.name, reason=change.reason, until=change.until)
        else:
            await self._pauser.resume(name, by=actor.name, reason=change.reason)
        return await self.summary(actor, name)

    def _seen(self, actor: Actor) -> list[str]:
        return sorted(name for name in self._app.configuration.connections if actor.may(Right.SEE, name))

    async def _summaries(self, names: list[str], *, age_s: float = 0.0) -> dict[str, ConnectionSummary]:
        """Give summaries that are at most `age_s` old."""
        async with self._looking:
            if self._looked is None or self._app.clock.monotonic() - self._looked.at_s >= age_s:
                self._looked = await self._look()
            looked = self._looked
        return {name: self._summary(name, looked.conditions[name], looked.revisions.get(name)) for name in names}

    async def _look(self) -> _Looked:
        at_s = self._app.clock.monotonic()
        conditions = await self._app.overview()
        revisions = {
            each.connection: each.revision
            for each in await self._app.ledger.current_revisions()
            if each.state is RevisionState.ACTIVE
        }
        return _Looked(at_s, conditions, revisions)

    def _summary(self, name: str, condition: Condition, revision: str | None) -> ConnectionSummary:
        connection = self._app.configuration.connections[name]
        stands, waiting = condition.standing, condition.waiting
        return ConnectionSummary(
            name=name,
            description=connection.description,
            direction=connection.direction,
            adapter=connection.adapter,
            flow=stands.flow,
            flow_reason=stands.reason,
            flow_by=stands.by,
            flow_until=stands.until,
            breaker=condition.breaker.value,
            per_minute=round(condition.per_minute, 2),
            failed_per_minute=round(condition.failed_per_minute, 2),
            lag=condition.lag,
            oldest_waiting_at=condition.oldest_at,
            drained_in_s=None if condition.drained_in_s is None else round(condition.drained_in_s),
            failures_open=waiting.failures_open,
            failures_retrying=waiting.failures_retrying,
            parked=waiting.parked,
            zaken_waiting=waiting.zaken,
            certificate_ends_at=condition.certificate_ends_at,
            workers=condition.workers,
            revision=revision or revision_of(self._app.mappings_of(name)),
        )
