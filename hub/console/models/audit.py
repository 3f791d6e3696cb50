"""What people did."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from hub.console.models.wire import Wire


class AuditLine(Wire):
    """One act of a person, chained to the one before it."""

    number: int
    at: datetime
    by: str
    act: str
    on: str
    reason: str
    detail: dict[str, Any]
    hash: str


class AuditVerification(Wire):
    """Whether the chain is whole."""

    whole: bool
    lines: int
    last_hash: str
    broken_at: int | None
