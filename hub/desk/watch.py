"""What is wrong with the connections: it opens an alert when something is, and closes it when that is over.

`wrong_with` is pure. `Watcher` looks from time to time and writes what changed; whoever else looks at the same time
opens nothing twice. It tells nobody: `hub.desk.tell` does.
"""

from __future__ import annotations

import uuid
from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

import structlog

from hub.clock import AMSTERDAM, Clock
from hub.config import policy
from hub.config.connection import Connection, Direction
from hub.config.policy import ConnectionPolicy
from hub.errors import HubUnavailable
from hub.flow.dedupe import NAMESPACE
from hub.flow.standing import Flow
from hub.flow.vitals import overview
from hub.ledger.alerts import Alert, AlertKind
from hub.ledger.contract import Ledger

log = structlog.get_logger()

_DAY_S = 86_400


class Watched(NamedTuple):
    """One connection at this moment. `held` is why the hub itself stopped it; empty when it did not.

    `waiting_since` is of the oldest message that has not gone on; nothing in a maintenance window, where waiting is
    meant. `last_arrival` is only of an inbound connection that has had messages.
    """

    connection: str
    limits: ConnectionPolicy
    failures_open: int
    held: str
    waiting_since: datetime | None
    last_arrival: datetime | None
    certificate_ends_at: datetime | None


class Condition(NamedTuple):
    """Something that is wrong; alerts of a kind and connection are told apart by `degree`."""

    kind: AlertKind
    connection: str
    degree: str
    detail: str


Look = Callable[[], Awaitable[Sequence[Watched]]]


async def watched(ledger: Ledger, connections: Mapping[str, Connection], now: datetime) -> list[Watched]:
    """Give every connection as it is now; raises HubUnavailable."""
    conditions = await overview(ledger, connections, now)
    receiving = [name for name, each in connections.items() if each.direction is Direction.INBOUND]
    arrivals = await ledger.last_arrivals(receiving)
    return [
        Watched(
            connection=name,
            limits=connections[name].policy,
            failures_open=each.waiting.failures_open,
            held=each.standing.reason if each.standing.flow is Flow.HELD else "",
            waiting_since=None if each.standing.flow is Flow.WINDOW else each.oldest_at,
            last_arrival=arrivals.get(name),
            certificate_ends_at=each.certificate_ends_at,
        )
        for name, each in conditions.items()
    ]


def wrong_with(each: Watched, now: datetime) -> Iterator[Condition]:
    """Say what is wrong with a connection."""
    if each.held:
        yield Condition(AlertKind.FAILING, each.connection, "gestopt", f"the hub stopped it: {each.held}")
    if each.failures_open >= each.limits.alert_failures:
        what = "1 failure waits" if each.failures_open == 1 else f"{each.failures_open} failures wait"
        yield Condition(AlertKind.FAILING, each.connection, "mens", f"{what} for a person")
    if each.waiting_since is not None and (now - each.waiting_since).total_seconds() > each.limits.alert_waiting_s:
        yield Condition(
            AlertKind.BACKLOG, each.connection, "", f"the oldest message waits since {_said(each.waiting_since)}"
        )
    silent_s = each.limits.alert_silent_s
    if silent_s is not None and each.last_arrival is not None and (now - each.last_arrival).total_seconds() > silent_s:
        yield Condition(AlertKind.SILENT, each.connection, "", f"no message since {_said(each.last_arrival)}")
    if each.certificate_ends_at is not None:
        yield from _ending(each.connection, each.certificate_ends_at, now)


class Watcher:
    """Looks at all connections."""

    def __init__(
        self, *, look: Look, channels: Sequence[str], mine: Callable[[], bool], ledger: Ledger, clock: Clock
    ) -> None:
        """Take `look`, which gives what is to be judged, and `mine`: whether this worker is the one that looks."""
        self._look = look
        self._channels = channels
        self._mine = mine
        self._ledger = ledger
        self._clock = clock
        self._right_since: dict[str, datetime] = {}

    async def run(self) -> None:
        """Look until cancelled."""
        while True:
            if self._mine():
                try:
                    await self.look()
                except HubUnavailable as error:
                    log.warning("alerts_unknown", code=error.code)
            await self._clock.sleep(policy.ALERT_EVERY_S)

    async def look(self) -> None:
        """Look once."""
        now = self._clock.now()
        found = [condition for each in await self._look() for condition in wrong_with(each, now)]
        there = {_key(each): each for each in found}
        open_now = {_key(each): each for each in await self._ledger.alerts(only_open=True, limit=policy.LIST_MAX)}
        fresh = [_opened(each, now) for key, each in there.items() if key not in open_now]
        for alert in await self._ledger.raise_alerts(fresh, self._channels):
            log.warning("alert", kind=alert.kind, connection=alert.connection, detail=alert.detail)
        over = [alert.id for key, alert in open_now.items() if key not in there and self._calm(alert.id, now)]
        await self._ledger.close_alerts(over, now, self._channels)
        for key, alert in open_now.items():
            if key in there or alert.id in over:
                self._right_since.pop(alert.id, None)

    def _calm(self, alert_id: str, now: datetime) -> bool:
        since = self._right_since.setdefault(alert_id, now)
        return (now - since).total_seconds() >= policy.ALERT_CALM_S


def _ending(connection: str, ends_at: datetime, now: datetime) -> Iterator[Condition]:
    days = (ends_at - now).total_seconds() / _DAY_S
    verb = "ended" if days < 0 else "ends"
    for limit in policy.ALERT_CERTIFICATE_DAYS:
        if days <= limit:
            yield Condition(
                AlertKind.CERTIFICATE, connection, str(limit), f"its certificate {verb} on {_said(ends_at)}"
            )


def _opened(condition: Condition, now: datetime) -> Alert:
    name = "\x1f".join(("alert", *_key(condition), now.isoformat()))
    return Alert(
        str(uuid.uuid5(NAMESPACE, name)),
        condition.kind,
        condition.connection,
        condition.degree,
        now,
        condition.detail,
    )


def _key(each: Condition | Alert) -> tuple[str, str, str]:
    return each.kind, each.connection, each.degree


def _said(at: datetime) -> str:
    return at.astimezone(AMSTERDAM).strftime("%Y-%m-%d %H:%M")
