"""When a source is asked that may be later with a change than who tells of it, and when that is given up. Pure.

How often it was asked stands with the record where it waits, so it survives a restart, and what fails in between does
not count.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from hub.clock import AMSTERDAM
from hub.config.recheck import Recheck
from hub.flow.outcome import Later
from hub.flow.park import Item
from hub.ports.contracts import Receipt

_ASKED = "gevraagd-"
_SATURDAY = 5


def too_early(item: Item, recheck: Recheck, now: datetime) -> Later | None:
    """Say until when a record waits before its source is asked (again); None when that time has come.

    It may be taken up before: something came behind it.
    """
    last = _last(item)
    due = _next(last, recheck) if last is not None else item.at + timedelta(seconds=recheck.first_s)
    wait_s = (due - now).total_seconds()
    return Later(wait_s, item.receipts, asked=False) if wait_s > 0 else None


def again(item: Item, recheck: Recheck, now: datetime) -> Later | None:
    """Say until when it waits after an answer that shows nothing new; None after the last time."""
    times = asked(item)
    if times >= recheck.times:
        return None
    receipts = {**item.receipts, f"{_ASKED}{times + 1}": Receipt(note=now.isoformat())}
    return Later((_next(now, recheck) - now).total_seconds(), receipts)


def asked(item: Item) -> int:
    """Count how often its source was asked and showed nothing new."""
    return sum(key.startswith(_ASKED) for key in item.receipts)


def _last(item: Item) -> datetime | None:
    said = item.receipts.get(f"{_ASKED}{asked(item)}")
    return datetime.fromisoformat(said.note) if said is not None else None


def _next(now: datetime, recheck: Recheck) -> datetime:
    at = now + timedelta(seconds=recheck.every_s)
    while recheck.weekdays and at.astimezone(AMSTERDAM).weekday() >= _SATURDAY:
        at += timedelta(days=1)
    return at
