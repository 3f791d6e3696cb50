"""Where a list goes on, as JSON: a time and an id."""

from __future__ import annotations

from datetime import datetime
from typing import Any


def written(at: datetime, key: str) -> list[str]:
    """Give it as JSON."""
    return [at.isoformat(), key]


def read(after: Any) -> tuple[datetime, str] | None:  # noqa: ANN401 - what `written` gave
    """Undo `written`; None for the beginning of the list."""
    return (datetime.fromisoformat(after[0]), after[1]) if after is not None else None
