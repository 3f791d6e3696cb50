"""A moment as somebody types it: a day, or a day and a time, in Amsterdam unless an offset says otherwise."""

from __future__ import annotations

from datetime import UTC, datetime

import typer

from hub.clock import AMSTERDAM


def moment(typed: str | None) -> datetime | None:
    """Read `2026-11-23`, `2026-11-23T09:30` or the same with an offset."""
    if typed is None:
        return None
    try:
        read = datetime.fromisoformat(typed)
    except ValueError:
        raise typer.BadParameter(f"{typed!r} is no moment: write 2026-11-23 or 2026-11-23T09:30") from None
    return (read if read.tzinfo is not None else read.replace(tzinfo=AMSTERDAM)).astimezone(UTC)
