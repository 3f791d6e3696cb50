"""Which status of HTTP an error is, to an asker who is told by statuses."""

from __future__ import annotations

import pytest

from hub.config.policy import RETRY_AFTER_S_MAX
from hub.errors import (
    HubError,
    HubUnavailable,
    MappingFailed,
    MessageRefused,
    TargetMisconfigured,
    TargetRefused,
    TargetUnavailable,
    TargetUncertain,
)
from hub.flow.outcome import RetryAt, outcome_of
from hub.flow.status import retry_after_of, status_of


@pytest.mark.parametrize(
    ("error", "status"),
    [
        (MessageRefused("wrong", code="StUF055"), 400),
        (MessageRefused("too large", code="StUF055", status=413), 413),
        (MessageRefused("not yours", code="niet-geautoriseerd"), 403),
        (TargetRefused("wrong", code="ongeldige-vraag"), 400),
        (TargetUnavailable("busy", code="te-veel-vragen"), 429),
        (TargetUnavailable("busy", code="http-429"), 429),
        (TargetUnavailable("down", code="verbinding"), 503),
        (TargetUnavailable("slow", code="te-laat"), 504),
        (TargetUnavailable("slow", code="geen-antwoord"), 504),
        (TargetUncertain("slow", code="geen-antwoord"), 504),
        (TargetUncertain("cut", code="verbroken"), 502),
        (TargetMisconfigured("no rights", code="niet-gemachtigd"), 502),
        (HubUnavailable("no bus", code="bus"), 503),
        (MappingFailed("no rule", rule="a:1"), 500),
    ],
)
def test_an_error_has_a_status(error: HubError, status: int) -> None:
    """4xx is for the asker, 5xx for others."""
    assert status_of(error) == status


def test_what_nobody_foresaw_is_a_mistake_of_ours() -> None:
    """Whatever it is."""
    assert status_of(ValueError("x")) == 500


def test_only_a_source_says_when_to_come_back() -> None:
    """As it said it."""
    assert retry_after_of(TargetUnavailable("busy", code="429", retry_after_s=1.5)) == 1.5
    assert retry_after_of(TargetUnavailable("down", code="503")) is None
    assert retry_after_of(HubUnavailable("no bus", code="bus")) is None


@pytest.mark.parametrize("said_s", [1e15, float("9" * 400)])
def test_for_ever_is_not_when_to_come_back(said_s: float) -> None:
    """A source may write as many digits as it likes: neither an answer nor a time to wait until can be made of it."""
    error = TargetUnavailable("busy", code="429", retry_after_s=said_s)
    outcome = outcome_of(error, where="", receipts={}, attempts=1)

    assert isinstance(outcome, RetryAt)
    assert outcome.wait_s == retry_after_of(error) == RETRY_AFTER_S_MAX
