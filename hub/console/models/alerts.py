"""What people were told."""

from __future__ import annotations

from datetime import datetime

from hub.console.models.wire import Wire
from hub.ledger.alerts import AlertKind


class AlertView(Wire):
    """Something that somebody was, or is to be, told."""

    id: str
    kind: AlertKind
    connection: str
    opened_at: datetime
    closed_at: datetime | None
    detail: str
    told: list[str]
    """To whom, without addresses: `mail`, `webhook`."""
