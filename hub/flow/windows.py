"""Whether a maintenance window is open. Pure; times are those of a clock in Amsterdam, also on the days it is set."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import NamedTuple

from hub.clock import AMSTERDAM
from hub.config.windows import Window

_DAYS = ("ma", "di", "wo", "do", "vr", "za", "zo")


class Opened(NamedTuple):
    """A window that is open: from when until when, and why."""

    since: datetime
    until: datetime
    reason: str


def open_window(windows: Sequence[Window], now: datetime) -> Opened | None:
    """Give the window that is open `now`; of several the one that closes last."""
    found = [each for window in windows for each in _around(window, now) if each.since <= now < each.until]
    return max(found, key=lambda each: each.until, default=None)


def _around(window: Window, now: datetime) -> Iterator[Opened]:
    """Give the times at which a window opens that may matter now: a weekly one may have begun yesterday."""
    if window.days is None:
        begins, ends = (datetime.fromisoformat(text) for text in (window.begins, window.until))
        yield Opened(_first(begins), _last(ends), window.reason)
        return
    begins_at, ends_at = (time.fromisoformat(text) for text in (window.begins, window.until))
    today = now.astimezone(AMSTERDAM).date()
    for day in (today - timedelta(days=1), today):
        if _DAYS[day.weekday()] in window.days:
            last_day = day + timedelta(days=1) if ends_at <= begins_at else day
            yield Opened(_first(_on(day, begins_at)), _last(_on(last_day, ends_at)), window.reason)


def _on(day: date, at: time) -> datetime:
    return datetime.combine(day, at)


def _first(wall: datetime) -> datetime:
    """Give the first moment at which the clock shows this; where it skips it, the moment of the skip."""
    return _moment(wall, fold=0)


def _last(wall: datetime) -> datetime:
    """Give the last moment at which the clock shows this: in autumn it shows some hour twice."""
    return _moment(wall, fold=1)


def _moment(wall: datetime, *, fold: int) -> datetime:
    at = wall.replace(tzinfo=AMSTERDAM, fold=fold).astimezone(UTC)
    if at.astimezone(AMSTERDAM).replace(tzinfo=None, fold=0) == wall:
        return at
    # In spring the clock goes from 2:00 to 3:00, at 1:00 UTC.
    return wall.replace(tzinfo=AMSTERDAM, fold=0).astimezone(UTC).replace(minute=0, second=0)
