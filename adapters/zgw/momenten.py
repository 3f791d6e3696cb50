"""The moment of a status: what the sender said, made to fit what the standard allows. Pure.

The rules (README, "Statussen"):
1. a moment is kept as it was given; a date without time is midnight, local time;
2. statuses of one message at the same moment each get a second more than the one before;
3. no moment lies in the future (`date-in-future`): a clock that is a few minutes ahead is forgiven, more is not;
4. an eindstatus with a date only is set at the end of that day. A target derives the einddatum from the moment in UTC
   (Open Zaak #959), in which local midnight is still the day before; and a zaak ends after what happened that day.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime, time, timedelta

from hub.clock import AMSTERDAM
from hub.config.policy import STATUS_AHEAD_MAX_S, STATUS_SHIFT_MAX
from hub.errors import TargetRefused

_SECOND = timedelta(seconds=1)
_END_OF_DAY = time(23, 59, 59)


def moment_of(value: str | None, *, eindstatus: bool, now: datetime) -> datetime:
    """Read datumStatusGezet (a date or a time, local when it has no offset); nothing means now."""
    now = now.replace(microsecond=0)
    if not value:
        return now
    moment = datetime.fromisoformat(value)
    moment = moment.replace(tzinfo=AMSTERDAM) if moment.tzinfo is None else moment.astimezone(AMSTERDAM)
    if eindstatus and moment.time() == time():
        return end_of(moment.date(), now=now)
    return _not_ahead(moment, now=now)


def end_of(day: date, *, now: datetime) -> datetime:
    """Give the end of a day, or now when that day is not over."""
    if day > now.astimezone(AMSTERDAM).date():
        raise _in_future()
    return min(datetime.combine(day, _END_OF_DAY, tzinfo=AMSTERDAM), now.replace(microsecond=0))


def apart(moments: Sequence[datetime], *, now: datetime) -> list[datetime]:
    """Move moments that are in order so far that each is later than the one before, and none later than now."""
    spread = list(moments)
    for index in range(1, len(spread)):
        spread[index] = max(spread[index], spread[index - 1] + _SECOND)
    limit = now
    for index in range(len(spread) - 1, -1, -1):
        spread[index] = min(spread[index], limit)
        limit = spread[index] - _SECOND
    return spread


def free(moment: datetime, taken: Iterable[datetime], *, now: datetime) -> datetime:
    """Give the first moment at or after this one at which the zaak has no status; the last before it when it is now."""
    occupied = set(taken)
    shifts = [*range(STATUS_SHIFT_MAX + 1), *range(-1, -STATUS_SHIFT_MAX - 1, -1)]
    for shift in shifts:
        candidate = moment + timedelta(seconds=shift)
        if candidate <= now and candidate not in occupied:
            return candidate
    raise TargetRefused(
        "the zaak has a status at every second around this moment",
        code="status-moment",
        advice="see the statussen at the target: something sets them in a loop",
    )


def near(one: datetime, other: datetime) -> bool:
    """Say whether two moments can be of the same status: no further apart than these rules move one."""
    return abs(one - other) <= timedelta(seconds=STATUS_AHEAD_MAX_S + STATUS_SHIFT_MAX)


def same_day(one: datetime, other: datetime) -> bool:
    """Say whether two moments are on one day, local time."""
    return one.astimezone(AMSTERDAM).date() == other.astimezone(AMSTERDAM).date()


def _not_ahead(moment: datetime, *, now: datetime) -> datetime:
    if moment - now > timedelta(seconds=STATUS_AHEAD_MAX_S):
        raise _in_future()
    return min(moment, now)


def _in_future() -> TargetRefused:
    return TargetRefused(
        "a status lies in the future",
        code="date-in-future",
        advice="correct the date in the message, or replay when that moment has come",
    )
