"""The circuit breaker, by a clock that stands still until it is told to go on."""

from __future__ import annotations

import pytest

from hub.errors import TargetUnavailable
from hub.net.breaker import Breaker
from hub.testkit.clock import FakeClock


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture
def breaker(clock: FakeClock) -> Breaker:
    return Breaker(failures_max=3, open_s=15, clock=clock)


def fail(breaker: Breaker, times: int) -> None:
    for _ in range(times):
        breaker.failed(breaker.admit())


def test_failures_that_are_not_in_a_row_change_nothing(breaker: Breaker) -> None:
    """An answer in between starts the count anew."""
    fail(breaker, 2)
    breaker.answered(breaker.admit())
    fail(breaker, 2)

    assert not breaker.is_open


def test_enough_failures_in_a_row_hold_requests_back(breaker: Breaker, clock: FakeClock) -> None:
    """The refusal says how long it takes."""
    fail(breaker, 3)
    clock.advance(5)

    with pytest.raises(TargetUnavailable) as caught:
        breaker.admit()
    assert caught.value.retry_after_s == 10


def test_one_probe_goes_out_when_the_time_is_over(breaker: Breaker, clock: FakeClock) -> None:
    """The others keep waiting until the probe has its answer."""
    fail(breaker, 3)
    clock.advance(15)
    probe = breaker.admit()

    with pytest.raises(TargetUnavailable):
        breaker.admit()
    breaker.answered(probe)
    breaker.admit()
    assert not breaker.is_open


def test_a_probe_that_fails_opens_the_breaker_for_another_while(breaker: Breaker, clock: FakeClock) -> None:
    """Half open is no state to stay in."""
    fail(breaker, 3)
    clock.advance(15)
    fail(breaker, 1)
    clock.advance(14)

    with pytest.raises(TargetUnavailable):
        breaker.admit()
    clock.advance(1)
    assert breaker.admit().probe


def test_a_probe_that_is_given_up_makes_place_for_another(breaker: Breaker, clock: FakeClock) -> None:
    """A worker that stops in the middle of the probe must not close the target off for ever."""
    fail(breaker, 3)
    clock.advance(15)
    breaker.abandoned(breaker.admit())

    assert breaker.admit().probe


def test_a_late_failure_does_not_keep_the_breaker_open_longer(breaker: Breaker, clock: FakeClock) -> None:
    """It left before the breaker opened and tells nothing new."""
    late = breaker.admit()
    fail(breaker, 3)
    clock.advance(10)
    breaker.failed(late)
    clock.advance(5)

    assert breaker.admit().probe


def test_a_late_answer_closes_the_breaker(breaker: Breaker) -> None:
    """Whoever asked: the target answers."""
    late = breaker.admit()
    fail(breaker, 3)
    breaker.answered(late)

    assert not breaker.is_open
