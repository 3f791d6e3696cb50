"""Alerts in the ledger: what is wrong with a connection, and who is still to be told of it.

One alert of a kind, connection and degree is open at a time, whoever finds it; each channel is told once that it opened
and once that it is over.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum
from typing import NamedTuple, Protocol


class AlertKind(StrEnum):
    """What is wrong."""

    FAILING = "faalt"
    SILENT = "stil"
    BACKLOG = "achterstand"
    CERTIFICATE = "certificaat"


class Alert(NamedTuple):
    """Something that is, or was, wrong. `degree` tells alerts of a kind apart (days before a certificate ends).

    `detail` is one sentence with nothing personal in it.
    """

    id: str
    kind: AlertKind
    connection: str
    degree: str
    opened_at: datetime
    detail: str
    closed_at: datetime | None = None


class Notice(NamedTuple):
    """That an alert opened, or is over, for one channel; `attempts` were made to tell it."""

    alert: Alert
    channel: str
    over: bool
    attempts: int


class Alerting(Protocol):
    """The part of the ledger that is about alerts."""

    async def alerts(
        self, *, only_open: bool, before: tuple[datetime, str] | None = None, limit: int = 100
    ) -> list[Alert]:
        """List alerts, newest opened first; `before` goes on behind the (opened_at, id) of an earlier list."""
        ...

    async def told(self, alerts: Sequence[str]) -> dict[str, list[str]]:
        """Give the channels that were told of these alerts, by id of the alert."""
        ...

    async def raise_alerts(self, alerts: Sequence[Alert], channels: Sequence[str]) -> list[Alert]:
        """Open alerts, each with a notice for every channel; give those that were not open yet."""
        ...

    async def close_alerts(self, ids: Sequence[str], now: datetime, channels: Sequence[str]) -> None:
        """Close alerts, each with a notice for every channel; one that is closed already stays as it is."""
        ...

    async def due_notices(self, now: datetime, limit: int) -> list[Notice]:
        """Give the notices that are to be told by now, oldest alert first, the opening before the end."""
        ...

    async def notice_told(self, notice: Notice, at: datetime) -> None:
        """Remember that a channel was told."""
        ...

    async def notice_later(self, notice: Notice, next_at: datetime) -> None:
        """Tell it later: the channel could not be reached."""
        ...

    async def last_arrivals(self, connections: Sequence[str]) -> dict[str, datetime]:
        """Give when the last message of each connection was accepted; one that never had any is not in it."""
        ...
