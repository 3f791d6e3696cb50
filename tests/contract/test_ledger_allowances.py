"""What every ledger promises of the limits of sources, to all processes together."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta

import pytest

from hub.config.target import Limits
from hub.ledger.contract import Ledger
from hub.ledger.open import open_ledger
from hub.net.allowance import Lease
from hub.testkit.clock import FakeClock
from tests.support.ledger_contract import LedgerContract, OnPostgres, OnSqlite

KEY = "bag.example 0123456789abcdef"
TEN = Limits(per_second=10)
DAY = Limits(per_day=10)
NIGHT = datetime(2026, 11, 2, 22, 59, 50, tzinfo=UTC)
"""Ten seconds before midnight in the Netherlands, in winter."""


class AllowancesContract(LedgerContract):
    """`lease_tokens`, `shut_allowance`."""

    @pytest.fixture
    def clock(self) -> FakeClock:
        return FakeClock(NIGHT)

    @pytest.fixture
    async def ledger(self, url: str, clock: FakeClock) -> AsyncIterator[Ledger]:
        """Give a ledger whose time stands still."""
        ledger = open_ledger(url, clock=clock)
        await ledger.start()
        yield ledger
        await ledger.stop()

    @pytest.fixture
    async def other(self, url: str, clock: FakeClock) -> AsyncIterator[Ledger]:
        """Give that of another process."""
        other = open_ledger(url, clock=clock)
        await other.start()
        yield other
        await other.stop()

    async def test_two_processes_together_never_exceed_a_limit(self, ledger: Ledger, other: Ledger) -> None:
        """Whoever asks first gets what there is; who comes after hears when to come back."""
        leases = await asyncio.gather(
            *(each.lease_tokens(KEY, TEN, wanted=3) for each in (ledger, other, ledger, other, ledger, other))
        )

        assert sorted(each.tokens for each in leases) == [0, 0, 1, 3, 3, 3]
        assert {each.until for each in leases if each.tokens} == {NIGHT + timedelta(seconds=0.25)}
        assert {each.until for each in leases if not each.tokens} == {NIGHT + timedelta(seconds=1.25)}

    async def test_in_no_second_more_is_used_than_the_limit(
        self, ledger: Ledger, other: Ledger, clock: FakeClock
    ) -> None:
        """Whenever in its time each token is used: at once, or at the last moment."""
        leased: list[tuple[float, float, int]] = []
        for turn in range(60):
            for each in (ledger, other):
                began = clock.now()
                lease = await each.lease_tokens(KEY, TEN, wanted=1 + turn % 4)
                leased.append(((began - NIGHT).total_seconds(), (lease.until - NIGHT).total_seconds(), lease.tokens))
            clock.advance(0.07)

        given = [each for each in leased if each[2]]
        for second in {edge for begin, until, _ in given for edge in (begin, until - 1, begin - 0.9, until - 0.01)}:
            assert sum(tokens for begin, until, tokens in given if begin < second + 1 and until > second) <= 10
        assert sum(tokens for *_, tokens in given) >= 30

    async def test_a_bucket_refills(self, ledger: Ledger, clock: FakeClock) -> None:
        """Also what a process took that was killed, a second after the moment in which it could have used it."""
        assert (await ledger.lease_tokens(KEY, TEN, wanted=10)).tokens == 10
        clock.advance(1.24)
        assert (await ledger.lease_tokens(KEY, TEN, wanted=1)).tokens == 0
        clock.advance(0.01)

        assert (await ledger.lease_tokens(KEY, TEN, wanted=99)).tokens == 10

    async def test_a_day_is_that_of_the_netherlands(self, ledger: Ledger, other: Ledger, clock: FakeClock) -> None:
        """It ends at midnight there, an hour before that of UTC; a token of the old day is not used in the new one."""
        assert await ledger.lease_tokens(KEY, DAY, wanted=8) == Lease(8, NIGHT + timedelta(seconds=0.25), 2)
        assert (await other.lease_tokens(KEY, DAY, wanted=8)).tokens == 2
        midnight = NIGHT + timedelta(seconds=10)
        assert await ledger.lease_tokens(KEY, DAY, wanted=1) == Lease(0, midnight, 0)
        clock.advance(9.99)
        assert (await ledger.lease_tokens(KEY, DAY, wanted=1)).tokens == 0
        clock.advance(0.01)

        assert (await ledger.lease_tokens(KEY, DAY, wanted=1)).tokens == 1

    async def test_a_day_in_which_the_clock_goes_back_ends_at_its_midnight(self, ledger: Ledger) -> None:
        """25 October 2026 has 25 hours."""
        clock = FakeClock(datetime(2026, 10, 24, 23, 0, tzinfo=UTC))
        ledger._clock = clock  # type: ignore[attr-defined] # every ledger has one
        await ledger.lease_tokens(KEY, DAY, wanted=10)

        lease = await ledger.lease_tokens(KEY, DAY, wanted=1)

        assert lease.until == datetime(2026, 10, 25, 23, 0, tzinfo=UTC)

    async def test_what_was_not_used_is_given_back_to_the_day_and_what_was_used_beside_it_counts(
        self, ledger: Ledger
    ) -> None:
        """A process that asks little takes some in vain, and one that could not reach the ledger used some."""
        await ledger.lease_tokens(KEY, DAY, wanted=5)
        assert (await ledger.lease_tokens(KEY, DAY, wanted=1, owed=-3)).day_left == 7
        assert (await ledger.lease_tokens(KEY, DAY, wanted=1, owed=4)).day_left == 2
        assert (await ledger.lease_tokens(KEY, DAY, wanted=1, owed=100)).day_left == 0
        assert (await ledger.lease_tokens(KEY, DAY, wanted=1, owed=-500)).day_left == 9

    async def test_a_shut_bucket_gives_nothing_to_anybody(
        self, ledger: Ledger, other: Ledger, clock: FakeClock
    ) -> None:
        """Until the last moment that was said; then as if nothing had been."""
        until = NIGHT + timedelta(seconds=30)
        await ledger.shut_allowance(KEY, until)
        await other.shut_allowance(KEY, until - timedelta(seconds=20))

        assert await other.lease_tokens(KEY, TEN, wanted=1) == Lease(0, until)
        clock.advance(30)
        assert (await other.lease_tokens(KEY, TEN, wanted=1)).tokens == 1

    async def test_keys_have_nothing_to_do_with_each_other(self, ledger: Ledger) -> None:
        """A limit is of one key at one source."""
        await ledger.lease_tokens(KEY, TEN, wanted=10)

        assert (await ledger.lease_tokens("kvk.example", TEN, wanted=10)).tokens == 10

    async def test_a_clock_that_is_wrong_stops_nobody(self, url: str, ledger: Ledger) -> None:
        """A machine a year ahead takes all there is; the others go on."""
        wrong = open_ledger(url, clock=FakeClock(NIGHT + timedelta(days=365)))
        await wrong.start()
        await wrong.lease_tokens(KEY, Limits(per_second=10, per_day=10), wanted=10)
        await wrong.stop()

        assert (await ledger.lease_tokens(KEY, Limits(per_second=10, per_day=10), wanted=10)).tokens == 10

    async def test_a_clock_that_is_a_moment_behind_begins_no_day_anew(
        self, url: str, ledger: Ledger, clock: FakeClock
    ) -> None:
        """Just after midnight, by the one and not by the other, the new day is counted on."""
        behind = open_ledger(url, clock=FakeClock(NIGHT + timedelta(seconds=9)))
        await behind.start()
        clock.advance(10)
        await ledger.lease_tokens(KEY, DAY, wanted=6)

        assert (await behind.lease_tokens(KEY, DAY, wanted=6)).tokens == 4
        await behind.stop()


class TestAllowancesOnSqlite(OnSqlite, AllowancesContract):
    """The file backend."""


@pytest.mark.postgres
class TestAllowancesOnPostgres(OnPostgres, AllowancesContract):
    """The server backend, on a real one."""
