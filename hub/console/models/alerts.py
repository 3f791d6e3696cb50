"""What people were told."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from hub.console.models.failures import FailureDetail
from hub.console.models.wire import Wire


class AlertView(Wire):
    """Something that somebody was, or is to be, told."""

    id: str
    kind: Literal["faalt", "stil", "achterstand", "certificaat"]
    connection: str
    opened_at: datetime
    closed_at: datetime | None
    detail: str
    told: list[str]
    """To whom, without addresses: `mail`, `webhook`."""


FailureDetail.model_rebuild()
