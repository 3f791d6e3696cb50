"""Maintenance windows: days of the week, over midnight, once, and the two days on which the clock is set."""

from __future__ import annotations

from datetime import datetime

import pytest

from hub.clock import AMSTERDAM
from hub.config.validate import validated
from hub.config.windows import Window
from hub.config.yaml import parse_yaml
from hub.errors import ConfigurationWrong
from hub.flow.windows import open_window


def window(text: str) -> Window:
    return validated(Window, parse_yaml(text, name="connection.yaml"))


def at(text: str) -> datetime:
    """Read a moment as a clock in Amsterdam shows it; with its offset where that clock shows it twice."""
    read = datetime.fromisoformat(text)
    return read if read.tzinfo else read.replace(tzinfo=AMSTERDAM)


NIGHTLY = window("{days: [ma, vr], from: '22:00', until: '02:00', reason: backup}")
LUNCH = window("{days: [wo], from: '12:00', until: '13:30'}")
CHRISTMAS = window("{from: 2026-12-24T18:00, until: 2026-12-27T08:00, reason: upgrade}")
SUNDAY = window("{days: [zo], from: '01:30', until: '02:30'}")


@pytest.mark.parametrize(
    ("given", "moment", "is_open"),
    [
        (LUNCH, "2026-11-25T11:59", False),
        (LUNCH, "2026-11-25T12:00", True),
        (LUNCH, "2026-11-25T13:29:59", True),
        (LUNCH, "2026-11-25T13:30", False),
        (LUNCH, "2026-11-26T12:30", False),
        (NIGHTLY, "2026-11-23T21:59", False),
        (NIGHTLY, "2026-11-23T22:00", True),
        (NIGHTLY, "2026-11-24T01:59", True),
        (NIGHTLY, "2026-11-24T02:00", False),
        (NIGHTLY, "2026-11-24T22:30", False),
        (NIGHTLY, "2026-11-28T00:30", True),
        (CHRISTMAS, "2026-12-24T17:59", False),
        (CHRISTMAS, "2026-12-25T12:00", True),
        (CHRISTMAS, "2026-12-27T08:00", False),
    ],
)
def test_a_window_is_open_between_its_times(given: Window, moment: str, *, is_open: bool) -> None:
    """From the first moment up to, and not at, the last; the part after midnight belongs to the day it began."""
    assert (open_window([given], at(moment)) is not None) is is_open


@pytest.mark.parametrize(
    ("moment", "is_open"),
    [
        ("2026-03-29T01:29+01:00", False),
        ("2026-03-29T01:30+01:00", True),
        ("2026-03-29T01:59+01:00", True),
        ("2026-03-29T03:00+02:00", False),
        ("2026-10-25T01:30+02:00", True),
        ("2026-10-25T02:29+02:00", True),
        ("2026-10-25T02:45+02:00", True),
        ("2026-10-25T02:29+01:00", True),
        ("2026-10-25T02:30+01:00", False),
    ],
)
def test_a_window_holds_on_the_days_on_which_the_clock_is_set(moment: str, *, is_open: bool) -> None:
    """In spring 2:30 is skipped: it closes at the skip. In autumn 2:30 comes twice: it closes the second time."""
    assert (open_window([SUNDAY], at(moment)) is not None) is is_open


def test_a_window_that_would_open_in_the_hour_that_is_skipped_opens_at_the_skip() -> None:
    """2:15 does not come on the last Sunday of March."""
    late = window("{days: [zo], from: '02:15', until: '04:00'}")

    assert open_window([late], at("2026-03-29T01:59+01:00")) is None
    assert open_window([late], at("2026-03-29T03:00+02:00")) is not None


def test_of_several_windows_the_one_that_closes_last_counts() -> None:
    """Operators are told until when, and why."""
    opened = open_window([NIGHTLY, CHRISTMAS], at("2026-12-25T22:30"))

    assert opened is not None
    assert (opened.reason, opened.until) == ("upgrade", at("2026-12-27T08:00"))
    assert open_window([], at("2026-12-25T22:30")) is None


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("{days: [maandag], from: '22:00', until: '23:00'}", "days"),
        ("{days: [], from: '22:00', until: '23:00'}", "days"),
        ("{days: [ma], from: '24:00', until: '23:00'}", "from"),
        ("{days: [ma], from: 2026-12-24T18:00, until: '23:00'}", "has days"),
        ("{from: '22:00', until: '23:00'}", "has no days"),
        ("{from: 2026-12-24T18:00, until: 2026-12-24T18:00}", "must end after"),
        ("{from: 2026-02-30T18:00, until: 2026-12-24T18:00}", "not a day of the calendar"),
        ("{from: 2026-12-24T18:00}", "until is missing"),
        ("{day: [ma], from: '22:00', until: '23:00'}", "unknown key day"),
    ],
)
def test_a_window_that_cannot_be_is_told_at_the_start(text: str, reason: str) -> None:
    """With the line of the file, as every mistake in a connection.yaml."""
    with pytest.raises(ConfigurationWrong, match=reason):
        window(text)
