"""When a parked zaak is tried again: what the target asks for holds, and leaving it alone costs no attempt."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from hub.config.connection import Connection
from hub.config.policy import ConnectionPolicy
from hub.config.target import Target
from hub.errors import TargetRefused, TargetUnavailable
from hub.flow.outcome import RetryAt, outcome_of
from hub.flow.park import Item, park
from hub.ledger.entries import FailureState, Place, WaitState
from hub.net.breaker import BreakerState
from hub.net.client import TargetClient
from hub.ports.contracts import Client, Exchange
from hub.testkit.memory import Memory, MemoryHub, memory_hub
from tests.support.ledger_entries import NOON, later
from tests.support.toy import IN, OUT, ToyTarget, message, no_client, toy_configuration

LEFT_ALONE = TargetUnavailable("left alone", code="zekering", retry_after_s=15, asked=False)


@pytest.fixture
def target() -> ToyTarget:
    return ToyTarget()


@pytest.fixture
async def hub(tmp_path: Path, target: ToyTarget) -> AsyncIterator[MemoryHub]:
    async with memory_hub(toy_configuration(tmp_path, target), no_client) as hub:
        yield hub


async def test_a_target_that_asks_for_hours_is_not_asked_for_hours(hub: MemoryHub, target: ToyTarget) -> None:
    """Also when later messages of that zaak come, other zaken go on, and the worker looks every second."""

    async def busy(zaak: str, _what: str, _exchange: Exchange) -> None:
        if zaak == "A":
            raise TargetUnavailable("busy", code="503", retry_after_s=5 * 3600)

    target.before = busy
    for number in range(3):
        for zaak in "AB":
            await hub.accept(message(zaak, str(number), reference=f"{zaak}{number}"), connection=IN)
    await hub.settle()
    for _ in range(4):
        hub.clock.advance(3600)
        await hub.pause(1)
        await hub.accept(
            message("A", f"t{hub.clock.monotonic()}", reference=f"t{hub.clock.monotonic()}"), connection=IN
        )
        await hub.settle()
    assert [zaak for zaak, _, _ in target.tries].count("A") == 1
    assert target.of("B") == ["0", "1", "2"]

    target.before = None
    hub.clock.advance(3600)
    await hub.pause(2)

    assert target.of("A")[:3] == ["0", "1", "2"]
    assert len(target.of("A")) == 7


def test_waits_double_up_to_an_hour_and_after_a_day_a_person_looks() -> None:
    """As the policy says, with 20 % of jitter."""
    limits = ConnectionPolicy(inline_attempts=1)
    at, item, waits = NOON, _an_item(), []
    while True:
        parked, failure = park(item, _unavailable(), now=at, first_at=NOON, limits=limits, revision="")
        if parked.state is WaitState.PERSON:
            break
        assert failure.next_at is not None
        waits.append((failure.next_at - at).total_seconds())
        at, item = failure.next_at, Item.from_parked(parked)

    assert all(0.8 * 30 * 2**n <= wait <= 1.2 * 30 * 2**n for n, wait in enumerate(waits[:7]))
    assert all(0.8 * 3600 <= wait <= 1.2 * 3600 for wait in waits[7:])
    assert at - NOON >= timedelta(days=1)
    assert (failure.state, failure.next_at) == (FailureState.OPEN, None)


def test_a_wait_that_the_target_asks_for_is_never_shortened() -> None:
    """Not by the longest wait of the policy either."""
    asked = RetryAt(6 * 3600.0, _unavailable().reason, {}, 1)
    _, failure = park(_an_item(), asked, now=NOON, first_at=None, limits=ConnectionPolicy(), revision="")

    assert failure.next_at is not None
    assert failure.next_at >= later(6 * 3600)


def test_a_try_that_the_breaker_holds_back_is_no_attempt() -> None:
    """It counts for nothing: not for the wait, not for the day after which a person looks."""
    tried = _an_item()._replace(attempts=12)
    outcome = outcome_of(LEFT_ALONE, where="zet", receipts={}, attempts=1)

    parked, failure = park(tried, outcome, now=later(25 * 3600), first_at=NOON, limits=ConnectionPolicy(), revision="")

    assert (parked.attempts, failure.attempts, parked.state) == (12, 12, WaitState.RETRY)
    assert later(25 * 3600 + 15) <= parked.next_at <= later(25 * 3600 + 18)


async def test_while_the_breaker_is_open_one_parked_zaak_is_the_probe_and_no_attempt_is_eaten(
    tmp_path: Path, target: ToyTarget
) -> None:
    """Eight zaken of a target that is down: their attempts are only those in which it was asked."""
    memory, clients = Memory(), list[TargetClient]()
    limits = ConnectionPolicy(inline_attempts=1, breaker_failures=8, breaker_open_s=120, retry_wait_max_s=30)

    def client_for(connection: Connection) -> Client:
        clients.append(TargetClient(_target(connection), name=OUT, limits=limits, clock=memory.clock))
        return clients[-1]

    up = False
    asked: list[str] = []

    async def through_the_breaker(zaak: str, _what: str, _exchange: Exchange) -> None:
        permit = clients[0].breaker.admit()
        asked.append(zaak)
        if not up:
            clients[0].breaker.failed(permit)
            raise TargetUnavailable("down", code="503")
        clients[0].breaker.answered(permit)

    target.before = through_the_breaker
    async with memory_hub(toy_configuration(tmp_path, target, limits=limits), client_for, memory=memory) as hub:
        for number in range(8):
            await hub.accept(message(f"Z{number}", "x", reference=str(number)), connection=IN)
        await hub.settle()
        assert clients[0].breaker.state is BreakerState.OPEN
        await hub.pause(110)
        assert len(asked) == 8
        await hub.pause(20)
        assert clients[0].breaker.state is BreakerState.OPEN
        assert len(asked) == 9
        attempts = [failure.attempts for failure in await hub.failures()]
        assert sorted(attempts) == [1] * 7 + [2]

        up = True
        await hub.pause(130)

    assert sorted(zaak for zaak, _ in target.effects) == [f"Z{number}" for number in range(8)]


async def test_one_poisoned_zaak_is_the_only_one_that_waits_and_goes_on_in_order_after_edit_and_replay(
    hub: MemoryHub, target: ToyTarget
) -> None:
    """499 others finish at full speed: without a second of the hub's own time."""

    async def refuse_wrong(_zaak: str, what: str, _exchange: Exchange) -> None:
        if what == "fout":
            raise TargetRefused("omschrijving is wrong", code="invalid")

    target.before = refuse_wrong
    before_s = hub.clock.monotonic()
    for number in range(4):
        for zaak in range(500):
            what = "fout" if (zaak, number) == (250, 1) else str(number)
            await hub.accept(message(f"Z{zaak}", what, reference=f"{zaak}-{number}"), connection=IN)
    await hub.settle()
    assert hub.clock.monotonic() - before_s < 1
    assert all(target.of(f"Z{zaak}") == ["0", "1", "2", "3"] for zaak in range(500) if zaak != 250)
    assert target.of("Z250") == ["0"]
    [failure] = await hub.failures()
    assert failure.zaak == "Z250"
    assert len(await hub.app.ledger.queue(OUT, "Z250")) == 3

    changes = {"zaak.omschrijving": "1"}
    await hub.app.editor().correct(failure.id, changes=changes, by="jan", reason="typing error")
    await hub.app.operator().replay(failure.id, by="jan", reason="corrected")
    await hub.accept(message("Z250", "4", reference="250-4"), connection=IN)
    await hub.pause(2)
    await hub.settle()

    assert target.of("Z250") == ["0", "1", "2", "3", "4"]
    assert len(target.effects) == len(set(target.effects)) == 2001


def _an_item() -> Item:
    headers = (("zh_id", b"m"), ("zh_at", NOON.isoformat().encode()))
    return Item(OUT, "A", "e1", "wijzig", Place("t", 0, 1), b"{}", headers)


def _unavailable() -> RetryAt:
    outcome = outcome_of(TargetUnavailable("down", code="503"), where="zet", receipts={}, attempts=1)
    assert isinstance(outcome, RetryAt)
    return outcome


def _target(connection: Connection) -> Target:
    assert connection.target is not None
    return connection.target
