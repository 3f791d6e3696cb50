"""When a source is asked that may be later than who tells of a change."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from hub.config.recheck import Recheck
from hub.flow.park import Item
from hub.flow.patience import again, asked, too_early
from hub.ledger.entries import Place
from hub.ports.contracts import Receipt

MONDAY = datetime(2026, 11, 2, 8, 0, tzinfo=UTC)
DAY = timedelta(days=1)


def item(*, times: int = 0) -> Item:
    receipts = {f"gevraagd-{at + 1}": Receipt(note=(MONDAY + at * DAY).isoformat()) for at in range(times)}
    headers = (("zh_at", MONDAY.isoformat().encode()),)
    return Item("stage", "lane", "id", "kind", Place("t", 0, 1), b"", headers, receipts={**receipts, "x": Receipt()})


def test_the_first_time_is_so_long_after_the_message() -> None:
    """Not after it was taken up."""
    recheck = Recheck(first_s=3600)
    early = too_early(item(), recheck, MONDAY + timedelta(minutes=20))

    assert early is not None
    assert (early.wait_s, early.asked) == (2400, False)
    assert too_early(item(), recheck, MONDAY + timedelta(hours=1)) is None


def test_what_is_taken_up_before_its_next_time_waits_on() -> None:
    """Something came behind it: that is no time that counts."""
    asked_once = item(times=1)
    early = too_early(asked_once, Recheck(), MONDAY + DAY / 4)

    assert early is not None
    assert (early.wait_s, early.asked, early.receipts) == (DAY.total_seconds() * 3 / 4, False, asked_once.receipts)
    assert too_early(asked_once, Recheck(), MONDAY + DAY) is None


@pytest.mark.parametrize(
    ("now", "weekdays", "days"),
    [
        (MONDAY, True, 1),
        (MONDAY + 3 * DAY, True, 1),
        (MONDAY + 4 * DAY, True, 3),
        (MONDAY + 5 * DAY, True, 2),
        (MONDAY + 4 * DAY, False, 1),
        # Friday night here is Saturday in the Netherlands from 23:00 UTC on.
        (datetime(2026, 11, 5, 23, 30, tzinfo=UTC), True, 3),
    ],
)
def test_the_next_time_is_on_a_day_on_which_people_work(now: datetime, weekdays: bool, days: int) -> None:  # noqa: FBT001 - a parameter
    """By the calendar of the Netherlands."""
    later = again(item(), Recheck(weekdays=weekdays), now)

    assert later is not None
    assert later.wait_s == days * DAY.total_seconds()


def test_every_time_is_remembered_until_the_last() -> None:
    """What else is remembered of the record stays."""
    recheck = Recheck(times=2)
    first = again(item(), recheck, MONDAY)
    assert first is not None
    assert set(first.receipts) == {"gevraagd-1", "x"}
    second = again(item(times=1), recheck, MONDAY)
    assert second is not None
    assert set(second.receipts) == {"gevraagd-1", "gevraagd-2", "x"}

    assert asked(item(times=2)) == 2
    assert again(item(times=2), recheck, MONDAY) is None
    assert again(item(), Recheck(times=0), MONDAY) is None
