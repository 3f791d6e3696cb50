"""What of the limits of a source was taken lately, so that all processes together keep to them.

A second is counted in slots. A token is taken in a slot and used in that slot or not at all; a second touches
SLOTS slots at most, so no more than `per_second` tokens of SLOTS slots in a row means no more in any second. What a
process that was killed had taken is free again when its slot is over a second past; of the day it stays taken. It
refuses to know what a token is used for.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from typing import NamedTuple, Protocol

from hub.clock import AMSTERDAM
from hub.config.policy import ALLOWANCE_SLOTS_PER_S
from hub.config.target import Limits
from hub.net.allowance import Lease, Leasing, next_day

SLOTS = ALLOWANCE_SLOTS_PER_S + 1
"""A second that does not begin with a slot touches one more."""

_SLOT = timedelta(seconds=1) / ALLOWANCE_SLOTS_PER_S
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class Bucket(NamedTuple):
    """One key at one source: tokens taken of a day, by slot those taken lately, and until when there are none."""

    day: date
    taken: int = 0
    slots: Mapping[int, int] = {}
    shut_until: datetime | None = None


class Allowing(Leasing, Protocol):
    """The part of the ledger that is about the limits of sources: what a client needs of it, and no more."""


def new(now: datetime) -> Bucket:
    """Give the bucket of a key of which nothing is known."""
    return Bucket(_day_of(now))


def leased(bucket: Bucket, limits: Limits, *, wanted: int, owed: int, now: datetime) -> tuple[Bucket, Lease]:
    """Take tokens out of a bucket; give how it is then, and what was taken."""
    slot = (now - _EPOCH) // _SLOT
    bucket = _as_of(bucket, slot, _day_of(now))
    bucket = bucket._replace(taken=max(0, bucket.taken + owed))
    day_left = None if limits.per_day is None else max(0, limits.per_day - bucket.taken)
    if bucket.shut_until is not None and bucket.shut_until > now:
        return bucket, Lease(0, bucket.shut_until, day_left)
    if day_left == 0:
        return bucket, Lease(0, next_day(now), day_left)
    given = wanted if day_left is None else min(wanted, day_left)
    if limits.per_second is not None:
        given = min(given, limits.per_second - sum(bucket.slots.values()))
        if given <= 0:
            return bucket, Lease(0, _begin(min(bucket.slots) + SLOTS), day_left)
    slots = {**bucket.slots, slot: bucket.slots.get(slot, 0) + given}
    left = None if day_left is None else day_left - given
    return bucket._replace(taken=bucket.taken + given, slots=slots), Lease(given, _begin(slot + 1), left)


def shut(bucket: Bucket, until: datetime) -> Bucket:
    """Let nothing out of a bucket until then, or for longer where that was said before."""
    return bucket._replace(shut_until=until if bucket.shut_until is None else max(bucket.shut_until, until))


def _as_of(bucket: Bucket, slot: int, day: date) -> Bucket:
    """Forget what is past.

    Clocks of machines differ: what another one took a moment ahead of ours counts, but one that is far ahead must not
    keep all others waiting until its time has come.
    """
    lately = {each: taken for each, taken in bucket.slots.items() if abs(slot - each) < SLOTS}
    if bucket.day not in {day, day + timedelta(days=1)}:
        return bucket._replace(day=day, taken=0, slots=lately)
    return bucket._replace(slots=lately)


def _day_of(now: datetime) -> date:
    return now.astimezone(AMSTERDAM).date()


def _begin(slot: int) -> datetime:
    return _EPOCH + slot * _SLOT
