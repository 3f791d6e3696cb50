"""What a source allows one key: taken a few at a time, waited for a moment, refused beyond that."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta

import pytest

from hub.clock import SystemClock
from hub.config.policy import ALLOWANCE_AGAIN_S, ALLOWANCE_PARTS, ConnectionPolicy
from hub.config.target import Limits, Target
from hub.errors import HubUnavailable, TargetUnavailable
from hub.ledger.open import open_ledger
from hub.net.allowance import CODE, Allowance, Lease
from hub.net.breaker import BreakerState
from hub.net.client import TargetClient
from hub.testkit.clock import FakeClock

HALF_A_DAY = datetime(2026, 11, 2, 11, 0, tzinfo=UTC)
FIFTY = Limits(per_second=50)


class Shared:
    """A store of which a test says what it gives; it remembers what it was asked."""

    def __init__(self, clock: FakeClock) -> None:
        self.clock = clock
        self.asked: list[tuple[int, int]] = []
        self.shut: list[datetime] = []
        self.down = False
        self.slow = False
        self.given: Callable[[int], Lease] = lambda wanted: Lease(wanted, clock.now() + timedelta(seconds=0.25))

    async def lease_tokens(self, name: str, limits: Limits, *, wanted: int, owed: int = 0) -> Lease:
        """Give what the test says."""
        del name, limits
        self.asked.append((wanted, owed))
        if self.slow:
            await asyncio.Event().wait()
        if self.down:
            raise HubUnavailable("away", code="ledger")
        return self.given(wanted)

    async def shut_allowance(self, name: str, until: datetime) -> None:
        """Remember it."""
        del name
        if self.down:
            raise HubUnavailable("away", code="ledger")
        self.shut.append(until)


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock(HALF_A_DAY)


@pytest.fixture
def shared(clock: FakeClock) -> Shared:
    return Shared(clock)


def of(shared: Shared, limits: Limits = FIFTY) -> Allowance:
    return Allowance(shared, name=lambda: "bag", limits=limits, clock=shared.clock)


async def went(allowance: Allowance, times: int) -> int:
    """Take so many, one after the other; say how many went before one was refused."""
    for done in range(times):
        try:
            await asyncio.wait_for(allowance.take(), 5)
        except TargetUnavailable:
            return done
    return times


async def until_waiting(clock: FakeClock) -> None:
    for _ in range(1000):
        if clock.next_wait_s():
            return
        await asyncio.sleep(0)
    raise AssertionError("nobody waits")


async def test_who_asks_much_takes_more_at_once(shared: Shared, clock: FakeClock) -> None:
    """As many as it used of what it had before, and for who waits: half of a second at most."""
    allowance = of(shared)
    for _ in range(6):
        await asyncio.gather(*(allowance.take() for _ in range(8)))
        clock.advance(0.01)
    assert len(shared.asked) < 12
    assert max(wanted for wanted, _ in shared.asked) <= 25

    clock.advance(10)
    await allowance.take()
    assert shared.asked[-1][0] == 1


async def test_a_token_is_used_in_its_time_or_given_back(shared: Shared, clock: FakeClock) -> None:
    """Else it would be used in a second in which others used theirs; the day gets it back."""
    allowance = of(shared)
    shared.given = lambda _: Lease(8, clock.now() + timedelta(seconds=0.25))
    assert await went(allowance, 3) == 3
    clock.advance(0.25)
    await allowance.take()

    assert [owed for _, owed in shared.asked] == [0, -5]


async def test_what_was_left_of_yesterday_is_not_given_back_to_today(shared: Shared, clock: FakeClock) -> None:
    """A day begins with all of its own."""
    allowance = of(shared)
    shared.given = lambda wanted: Lease(wanted + 5, clock.now() + timedelta(seconds=0.25))
    await allowance.take()
    clock.advance(12 * 3600)
    await allowance.take()

    assert [owed for _, owed in shared.asked] == [0, 0]


async def test_a_burst_waits_for_the_next_second(shared: Shared, clock: FakeClock) -> None:
    """One question of forty calls is no reason to refuse it."""
    begin = clock.now()
    free = begin + timedelta(seconds=1.25)
    shared.given = lambda wanted: (
        Lease(wanted, clock.now() + timedelta(seconds=0.25)) if clock.now() >= free else Lease(0, free)
    )
    allowance = of(shared)
    waiting = [asyncio.create_task(allowance.take()) for _ in range(20)]
    await until_waiting(clock)
    assert len(shared.asked) == 1
    clock.advance(1.25)

    await asyncio.wait_for(asyncio.gather(*waiting), 5)
    assert clock.now() - begin == timedelta(seconds=1.25)


async def test_what_would_have_to_wait_long_is_refused_at_once(shared: Shared, clock: FakeClock) -> None:
    """It says when to come back, that the source was not asked, and asks the store no more meanwhile."""
    shared.given = lambda _: Lease(0, clock.now() + timedelta(hours=3), 0)
    allowance = of(shared, Limits(per_day=50_000))

    for _ in range(3):
        with pytest.raises(TargetUnavailable) as refused:
            await allowance.take()

    assert (refused.value.code, refused.value.asked, refused.value.retry_after_s) == (CODE, False, 3 * 3600)
    assert len(shared.asked) == 1


async def test_a_refusal_of_the_source_is_told_to_all(shared: Shared, clock: FakeClock) -> None:
    """What this process still had does not go either."""
    allowance = of(shared)
    shared.given = lambda _: Lease(20, clock.now() + timedelta(hours=1))
    await allowance.take()
    await allowance.refused(30)

    with pytest.raises(TargetUnavailable) as refused:
        await allowance.take()
    assert refused.value.retry_after_s == 30
    assert shared.shut == [HALF_A_DAY + timedelta(seconds=30)]
    clock.advance(30)
    await allowance.take()


@pytest.mark.parametrize(("said", "kept"), [(None, 1), (0, 1), (1e12, 24 * 3600)])
async def test_what_a_source_says_is_kept_within_reason(shared: Shared, said: float | None, kept: float) -> None:
    """Nothing, at once, or for ever."""
    await of(shared).refused(said)

    assert shared.shut == [HALF_A_DAY + timedelta(seconds=kept)]


@pytest.mark.parametrize("how", ["down", "slow"])
async def test_without_the_store_a_process_keeps_to_its_part(shared: Shared, clock: FakeClock, how: str) -> None:
    """As many processes as there are parts stay within the limit; the store is tried again after a while."""
    setattr(shared, how, True)
    allowance = of(shared, Limits(per_second=50, per_day=800))
    task = asyncio.create_task(went(allowance, 10))
    while not task.done():
        await asyncio.sleep(0.01)
        if clock.next_wait_s():
            break
    assert allowance._owed == 50 // ALLOWANCE_PARTS
    clock.advance(1)
    assert await task == 10
    assert len(shared.asked) == 1

    shared.down = shared.slow = False
    clock.advance(ALLOWANCE_AGAIN_S)
    await allowance.take()
    assert shared.asked[-1][1] == 10


async def test_what_comes_too_late_to_be_used_is_not_asked_for_again_and_again(
    shared: Shared, clock: FakeClock
) -> None:
    """A store that takes longer than a slot is as good as away; the day gets back what it gave."""
    allowance = of(shared, Limits(per_second=50, per_day=800))

    def late(wanted: int) -> Lease:
        until = clock.now() + timedelta(seconds=0.25)
        clock.advance(0.3)
        return Lease(wanted, until, 800 - wanted)

    shared.given = late
    assert await went(allowance, 3) == 3
    assert shared.asked == [(1, 0)]

    clock.advance(ALLOWANCE_AGAIN_S)
    await allowance.take()
    assert shared.asked[-1][1] == 3 - 1


async def test_without_the_store_a_day_is_shared_too(shared: Shared, clock: FakeClock) -> None:
    """Of what was left of it when the store was last there; what may go in a day is told the next day."""
    allowance = of(shared, Limits(per_day=50_000))
    shared.given = lambda wanted: Lease(wanted, clock.now() + timedelta(seconds=0.25), 20)
    await allowance.take()
    clock.advance(1)
    shared.down = True

    assert await went(allowance, 10) == 20 // ALLOWANCE_PARTS
    clock.advance(ALLOWANCE_AGAIN_S)
    with pytest.raises(TargetUnavailable) as refused:
        await allowance.take()
    assert refused.value.retry_after_s == pytest.approx(12 * 3600 - 1 - ALLOWANCE_AGAIN_S)
    clock.advance(12 * 3600)
    assert await went(allowance, 10) == 10


async def test_a_small_limit_is_shared_by_going_less_often(shared: Shared, clock: FakeClock) -> None:
    """Two a second over eight processes is one in four seconds for each."""
    shared.down = True
    allowance = of(shared, Limits(per_second=2))

    assert await went(allowance, 2) == 1
    clock.advance(3.9)
    task = asyncio.create_task(went(allowance, 1))
    await until_waiting(clock)
    clock.advance(0.11)
    assert await task == 1


async def test_who_gives_up_waiting_takes_nothing(shared: Shared, clock: FakeClock) -> None:
    """An asker that goes away leaves its turn to another."""
    shared.given = lambda _: Lease(0, clock.now() + timedelta(seconds=1))
    allowance = of(shared)
    task = asyncio.create_task(allowance.take())
    await until_waiting(clock)
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    clock.advance(1)
    shared.given = lambda wanted: Lease(wanted, clock.now() + timedelta(seconds=0.25))
    await allowance.take()

    assert shared.asked[-1] == (1, 0)


async def test_what_a_day_is_owed_is_told_though_an_asker_went_away(shared: Shared, clock: FakeClock) -> None:
    """It may be told twice, and never not at all: the source counted it."""
    allowance = of(shared, Limits(per_second=50, per_day=800))
    shared.down = True
    assert await went(allowance, 3) == 3
    shared.down, shared.slow = False, True
    clock.advance(ALLOWANCE_AGAIN_S)
    task = asyncio.create_task(allowance.take())
    for _ in range(10):
        await asyncio.sleep(0)
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    shared.slow = False
    await allowance.take()

    assert [owed for _, owed in shared.asked] == [0, 3, 3]


# With the client


@asynccontextmanager
async def source(*answers: bytes) -> AsyncIterator[tuple[str, list[float]]]:
    """Serve these answers, the last one for ever; remember when requests came."""
    came: list[float] = []

    async def connected(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while True:
                await reader.readuntil(b"\r\n\r\n")
                came.append(asyncio.get_running_loop().time())
                writer.write(answers[min(len(came), len(answers)) - 1])
                await writer.drain()
        except (asyncio.IncompleteReadError, ConnectionError):
            writer.close()

    server = await asyncio.start_server(connected, "127.0.0.1", 0)
    try:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/", came
    finally:
        server.close()


GOOD = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}"
ENOUGH = b"HTTP/1.1 429 Too Many Requests\r\nRetry-After: 30\r\nContent-Length: 0\r\n\r\n"
LIMITS = ConnectionPolicy(breaker_failures=2, request_timeout_s=5)


def client_of(url: str, allowance: Allowance, clock: FakeClock | SystemClock) -> TargetClient:
    return TargetClient(
        Target(services={"bag": url}), name="bag", limits=LIMITS, clock=clock, allowances={"bag": allowance}
    )


async def _got(client: TargetClient) -> None:
    await client.request("GET", "bag", "adressen")


async def _downloaded(client: TargetClient) -> None:
    async for _ in client.download("bag", "adressen"):
        pass


@pytest.mark.parametrize("asking", [_got, _downloaded])
async def test_what_the_hub_holds_back_is_no_failure_of_the_source(
    shared: Shared, clock: FakeClock, asking: Callable[[TargetClient], Awaitable[None]]
) -> None:
    """The breaker stays shut, and the source hears nothing."""
    shared.given = lambda _: Lease(0, clock.now() + timedelta(hours=3))
    async with source(GOOD) as (url, came), client_of(url, of(shared), clock) as client:
        for _ in range(LIMITS.breaker_failures + 1):
            with pytest.raises(TargetUnavailable, match="allows"):
                await asking(client)

        assert client.breaker.state is BreakerState.CLOSED
        assert came == []


@pytest.mark.parametrize("asking", [_got, _downloaded])
async def test_after_a_429_nothing_goes_until_the_source_said(
    shared: Shared, clock: FakeClock, asking: Callable[[TargetClient], Awaitable[None]]
) -> None:
    """All processes are told."""
    async with source(ENOUGH, GOOD) as (url, came), client_of(url, of(shared), clock) as client:
        try:
            await asking(client)
        except TargetUnavailable as told:
            assert told.code == "429"  # noqa: PT017 - a download says it so, a request gives the answer
        with pytest.raises(TargetUnavailable) as refused:
            await asking(client)
        assert (refused.value.code, refused.value.retry_after_s, len(came)) == (CODE, 30, 1)
        assert shared.shut == [HALF_A_DAY + timedelta(seconds=30)]
        clock.advance(30)
        await asking(client)

    assert len(came) == 2


@pytest.mark.parametrize(
    ("headers", "wait_s"),
    [
        ({"Retry-After": "30", "RateLimit-Reset": "60"}, 30),
        ({"RateLimit-Reset": "60", "RateLimit-Remaining": "0"}, 60),
        ({"X-Rate-Limit-Reset": "45"}, 45),
        (
            {
                "RateLimit-Reset": "5",
                "Kadaster-RateLimit-DayLimit-Remaining": "0",
                "Kadaster-RateLimit-DayLimit-Reset": "3600",
            },
            3600,
        ),
        ({"RateLimit-Reset": "50", "Kadaster-RateLimit-DayLimit-Remaining": "7"}, 50),
    ],
)
async def test_a_429_may_say_until_when_in_the_words_of_its_limit(
    shared: Shared, clock: FakeClock, headers: dict[str, str], wait_s: int
) -> None:
    """As the Kadaster does. All processes are told."""
    said = "".join(f"{name}: {text}\r\n" for name, text in headers.items())
    raw = f"HTTP/1.1 429 Too Many Requests\r\n{said}Content-Length: 0\r\n\r\n".encode()
    async with source(raw) as (url, _), client_of(url, of(shared), clock) as client:
        await _got(client)

    assert shared.shut == [HALF_A_DAY + timedelta(seconds=wait_s)]


async def test_two_clients_on_one_ledger_stay_within_a_second(tmp_path: object) -> None:
    """On the real clock, with all they can: in no second the source sees more than it allows."""
    clock = SystemClock()
    ledger = open_ledger(f"sqlite:{tmp_path}/ledger.db", clock=clock)
    other = open_ledger(f"sqlite:{tmp_path}/ledger.db", clock=clock)
    await ledger.start()
    await other.start()
    limits = Limits(per_second=20)

    async def busy(client: TargetClient) -> None:
        ends = clock.monotonic() + 2.6
        while clock.monotonic() < ends:
            try:
                await _got(client)
            except TargetUnavailable as refused:
                assert refused.code == CODE  # noqa: PT017 - what does not wait long enough comes again
                await clock.sleep(0.05)

    async with source(GOOD) as (url, came):
        clients = [
            client_of(url, Allowance(each, name=lambda: "bag", limits=limits, clock=clock), clock)
            for each in (ledger, other)
        ]
        await asyncio.gather(*(busy(client) for client in clients for _ in range(8)))
        for client in clients:
            await client.close()
    await ledger.stop()
    await other.stop()

    assert len(came) >= 40
    # A request takes some milliseconds to get there, not always as many.
    assert max(sum(begin <= at < begin + 0.95 for at in came) for begin in came) <= 20
