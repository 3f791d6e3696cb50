"""How connections are doing: what a worker says of its stages, and what everybody sees of it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from hub.config import policy
from hub.errors import TargetRefused
from hub.flow.pulse import Counted, Pulse
from hub.flow.standing import Flow
from hub.ledger.vitals import Vital, Waiting
from hub.net.breaker import BreakerState
from hub.observe.metrics import Level
from hub.ports.contracts import Exchange
from hub.testkit.clock import FakeClock
from hub.testkit.memory import MemoryHub, memory_hub
from tests.support.toy import IN, OUT, ToyTarget, message, no_client, toy_configuration


@pytest.fixture
def target() -> ToyTarget:
    return ToyTarget()


@pytest.fixture
async def hub(tmp_path: Path, target: ToyTarget) -> AsyncIterator[MemoryHub]:
    async with memory_hub(toy_configuration(tmp_path, target), no_client) as hub:
        yield hub


async def test_a_connection_that_works_says_how_fast(hub: MemoryHub) -> None:
    """On average over the last minutes; nothing waits, so nothing needs to drain."""
    for number in range(30):
        await hub.accept(message(f"Z{number}", "x", reference=str(number)), connection=IN)
    await hub.settle()
    await hub.pause(60)

    found = await hub.app.overview()

    out = found[OUT]
    assert set(found) == {IN, OUT}
    assert (out.workers, out.lag, out.drained_in_s, out.oldest_at) == (1, 0, 0.0, None)
    assert out.per_minute == pytest.approx(30, rel=0.15)
    assert (out.failed_per_minute, out.waiting, out.breaker) == (0, Waiting(), BreakerState.CLOSED)
    assert out.standing.flow is Flow.RUNNING
    await hub.pause(policy.VITALS_WINDOW_S)
    assert (await hub.app.overview())[OUT].per_minute == 0


async def test_a_connection_that_is_paused_says_what_waits_and_since_when(hub: MemoryHub) -> None:
    """When it is through nobody knows: nothing moves."""
    await hub.app.pauser().pause(OUT, by="jan", reason="the night")
    await hub.pause(2)
    began = hub.clock.now()
    for number in range(5):
        await hub.accept(message(f"Z{number}", "x", reference=str(number)), connection=IN)
        await hub.pause(1)
    await hub.pause(policy.VITALS_EVERY_S)

    out = (await hub.app.overview())[OUT]

    assert (out.lag, out.backlog, out.per_minute, out.drained_in_s) == (5, 5, 0, None)
    assert out.oldest_at is not None
    assert abs(out.oldest_at - began) < timedelta(seconds=1)
    assert (out.standing.flow, out.standing.by) == (Flow.PAUSED, "jan")


async def test_failures_and_waiting_zaken_are_counted(hub: MemoryHub, target: ToyTarget) -> None:
    """And what is parked counts for how long it takes to be through."""

    async def refuse_some(zaak: str, _what: str, _exchange: Exchange) -> None:
        if zaak in {"Z1", "Z2"}:
            raise TargetRefused("no", code="invalid")

    target.before = refuse_some
    began = hub.clock.now()
    for number in range(10):
        for what in ("een", "twee"):
            await hub.accept(message(f"Z{number}", what, reference=f"{number}{what}"), connection=IN)
    await hub.settle()
    await hub.pause(60)

    out = (await hub.app.overview())[OUT]

    assert out.oldest_at is not None
    assert began <= out.oldest_at < hub.clock.now()
    assert out.waiting._replace(oldest_at=None) == Waiting(failures_open=2, failures_retrying=0, parked=4, zaken=2)
    assert out.failed_per_minute == pytest.approx(2, rel=0.15)
    assert out.drained_in_s == pytest.approx(4 / (out.per_minute / 60))


async def test_workers_are_added_up_and_one_that_is_silent_is_not(hub: MemoryHub) -> None:
    """The worst breaker, the oldest message and the first certificate to end are those of the connection."""
    now = hub.clock.now()
    mine = Vital("een", OUT, now, 10, 2, now, 60, 6, 60.0, "proef", now + timedelta(days=40))
    theirs = Vital("twee", OUT, now, 5, 0, now - timedelta(minutes=1), 60, 0, 60.0, "open", now + timedelta(days=9))
    gone = theirs._replace(worker="drie", at=now - timedelta(seconds=policy.VITALS_LIVE_S + 1), lag=1_000)
    await hub.app.ledger.put_vitals([mine, theirs, gone], stale_before=now - timedelta(hours=1))
    await hub.app.ledger.drop_vitals(hub.app.follower.worker if hub.app.follower else "")

    out = (await hub.app.overview())[OUT]

    assert (out.workers, out.lag, out.backlog) == (2, 15, 2)
    assert out.per_minute == pytest.approx(120)
    assert out.failed_per_minute == pytest.approx(6)
    assert (out.oldest_at, out.breaker) == (now - timedelta(minutes=1), BreakerState.OPEN)
    assert out.certificate_ends_at == now + timedelta(days=9)
    assert out.drained_in_s == pytest.approx(7.5)


async def test_a_worker_that_stops_takes_its_words_back(tmp_path: Path, target: ToyTarget) -> None:
    """Nobody counts on it any more."""
    async with memory_hub(toy_configuration(tmp_path, target), no_client) as hub:
        await hub.pause(policy.VITALS_EVERY_S + 1)
        ledger, began = hub.app.ledger, hub.clock.now() - timedelta(hours=1)
        assert {each.stage for each in await ledger.vitals(began)} == {IN, OUT}
        dropped: list[str] = []
        drop = ledger.drop_vitals

        async def watched(worker: str) -> None:
            dropped.append(worker)
            await drop(worker)

        ledger.drop_vitals = watched  # type: ignore[method-assign]
        worker = hub.app.follower.worker if hub.app.follower else ""

    assert dropped == [worker]


def test_a_pulse_forgets_what_was_long_ago() -> None:
    """And it tells over how long it counted."""
    clock = FakeClock()
    pulse = Pulse(clock)
    for _ in range(3):
        pulse.went_on()
    clock.advance(60)
    pulse.failed()
    assert pulse.counted() == Counted(3, 1, 60)
    clock.advance(policy.VITALS_WINDOW_S - 1)
    assert pulse.counted() == Counted(0, 1, policy.VITALS_WINDOW_S)
    clock.advance(2)
    assert pulse.counted() == Counted(0, 0, policy.VITALS_WINDOW_S)


@pytest.mark.parametrize(("paused", "value"), [(True, 1.0), (False, 0.0)])
async def test_metrics_tell_which_connections_are_shut(hub: MemoryHub, *, paused: bool, value: float) -> None:
    """For whoever watches with Prometheus."""
    if paused:
        await hub.app.pauser().pause(OUT, by="jan", reason="the night")
    await hub.pause(2)
    await hub.app.measure()

    assert hub.app.metrics.value(Level.SHUT, OUT, "gepauzeerd") == value
    assert hub.app.metrics.value(Level.SHUT, IN, "gepauzeerd") == 0.0
    assert hub.app.metrics.value(Level.BREAKER_OPEN, OUT) == 0.0
