"""What every ledger promises to operators: failures, replays, the life of a zaak, counts."""

from __future__ import annotations

import pytest

from hub.errors import ActRefused
from hub.ledger.contract import Ledger
from hub.ledger.entries import FailureState, WaitState
from tests.support.ledger_contract import LedgerContract, OnPostgres, OnSqlite
from tests.support.ledger_entries import (
    NOON,
    STAGE,
    TOPIC,
    a_failure,
    a_parked_item,
    a_refusal,
    a_trace,
    an_act,
    later,
)


class FailuresContract(LedgerContract):
    """`failures`, `failure`, `replay`, `timeline`, `counts`, `refused`."""

    # Failures

    async def test_failures_are_listed_newest_first(self, ledger: Ledger) -> None:
        """By the time of the last attempt, of one stage or all, in one state or all, no more than asked."""
        failures = [
            a_failure("f-1")._replace(last_at=later(1)),
            a_failure("f-2")._replace(last_at=later(3), state=FailureState.RETRYING, next_at=later(9)),
            a_failure("f-3")._replace(last_at=later(2), stage="archief"),
        ]
        await ledger.end(failures=failures)
        one, two, three = failures

        assert await ledger.failures() == [two, three, one]
        assert await ledger.failures(limit=2) == [two, three]
        assert await ledger.failures(stage=STAGE) == [two, one]
        assert await ledger.failures(state=FailureState.OPEN) == [three, one]
        assert await ledger.failures(stage=STAGE, state=FailureState.OPEN) == [one]

    async def test_a_failure_is_replaced_but_not_its_beginning(self, ledger: Ledger) -> None:
        """One failure per chain of attempts: first_at stays, the rest is of the last attempt."""
        await ledger.end(failures=[a_failure("f-1")])
        fresh = a_failure("f-1")._replace(
            state=FailureState.RETRYING,
            code="timeout",
            reason="slow",
            attempts=4,
            first_at=later(50),
            last_at=later(60),
            next_at=later(90),
            edited_at=later(60),
        )

        await ledger.end(failures=[fresh])

        assert await ledger.failure("f-1") == fresh._replace(first_at=NOON, edited_at=None)

    async def test_a_failure_is_found_by_the_beginning_of_its_id(self, ledger: Ledger) -> None:
        """Four characters or more that fit one only; the whole id always fits."""
        await ledger.end(failures=[a_failure("abcd-1"), a_failure("abcd-2"), a_failure("abcd"), a_failure("wxyz%_9")])

        async def found(beginning: str) -> str | None:
            failure = await ledger.failure(beginning)
            return failure.id if failure else None

        assert await found("abcd-1") == "abcd-1"
        assert await found("abcd") == "abcd"
        assert await found("abcd-") is None
        assert await found("wxyz") == "wxyz%_9"
        assert await found("wxy") is None
        assert await found("wx%_") is None
        assert await found("") is None

    # Traces

    async def test_a_trace_is_kept_beside_its_failure(self, ledger: Ledger) -> None:
        """As it was given, to the microsecond; a failure without one has none, and a beginning of an id names none."""
        trace = a_trace("f-1", content=b'{"fields": []}')._replace(at=later(0.000001))

        await ledger.end(parked=[a_parked_item("e1")], failures=[a_failure("f-1"), a_failure("f-2")], traces=[trace])

        assert await ledger.trace("f-1") == trace
        assert await ledger.trace("f-2") is None
        assert await ledger.trace("f-") is None

    async def test_the_last_explained_attempt_is_the_one_that_is_kept(self, ledger: Ledger) -> None:
        """Also within one call; an attempt that was not explained leaves it, and so does the end of the failure."""
        await ledger.end(failures=[a_failure("f-1")], traces=[a_trace("f-1", content=b"first")])
        await ledger.end(
            failures=[a_failure("f-1"), a_failure("f-1")],
            traces=[a_trace("f-1", content=b"second"), a_trace("f-1", content=b"third"), a_trace("f-0")],
        )
        await ledger.end(failures=[a_failure("f-1", state=FailureState.RESOLVED)])

        trace = await ledger.trace("f-1")
        assert trace is not None
        assert trace.content == b"third"

    async def test_a_trace_without_its_failure_is_not_written(self, ledger: Ledger) -> None:
        """One transaction: what takes back the failure takes back the trace."""
        broken = a_failure("f-1")._replace(code=None)  # type: ignore[arg-type] # that is the mistake

        with pytest.raises(Exception, match=r"code|does not fit"):
            await ledger.end(failures=[broken], traces=[a_trace("f-1")])

        assert await ledger.trace("f-1") is None

    # Operators

    async def test_what_is_not_parked_is_not_replayed(self, ledger: Ledger) -> None:
        """It was delivered meanwhile: the operator hears so."""
        with pytest.raises(ActRefused, match="not parked"):
            await ledger.replay(a_parked_item("e1"), an_act("f-1", "replay"))

    async def test_of_two_who_replay_what_they_saw_the_second_is_told(self, ledger: Ledger) -> None:
        """The first changed it: the version that the second saw is no longer so, and nothing is done twice."""
        head = a_parked_item("e1", state=WaitState.PERSON)
        await ledger.end(parked=[head], failures=[a_failure("f-1")])
        seen = await ledger.failure("f-1")
        assert seen is not None

        await ledger.replay(head, an_act("f-1", "replay", at=later(1)), expected=seen.version)
        with pytest.raises(ActRefused) as refused:
            await ledger.replay(head, an_act("f-1", "replay", at=later(2)), expected=seen.version)

        assert refused.value.code == "gewijzigd"
        failure = await ledger.failure("f-1")
        assert failure is not None
        assert failure.next_at == later(1)

    async def test_what_was_expected_otherwise_is_not_written(self, ledger: Ledger) -> None:
        """A failure that is not as somebody saw it stays, and so does everything that was to be written with it."""
        await ledger.end(parked=[a_parked_item("e1")], failures=[a_failure("f-1")])

        for expected in ({"f-1": "another"}, {"f-9": "there is none"}):
            with pytest.raises(ActRefused):
                await ledger.end(released=[a_parked_item("e1")], expected=expected)

        assert await ledger.parked(STAGE, "e1") is not None

    async def test_a_replayed_head_is_due_at_once(self, ledger: Ledger) -> None:
        """State RETRY, at the time of the act, and its failure is retrying."""
        head = a_parked_item("e1", state=WaitState.PERSON)._replace(next_at=later(3600))
        await ledger.end(parked=[head, a_parked_item("e2", state=WaitState.BEHIND)], failures=[a_failure("f-1")])

        await ledger.replay(head, an_act("f-1", "replay", at=later(10)))

        [due] = await ledger.due(STAGE, [(TOPIC, 0)], later(10), 10)
        assert (due.item_id, due.state, due.next_at) == ("e1", WaitState.RETRY, later(10))
        failure = await ledger.failure("f-1")
        assert failure is not None
        assert (failure.state, failure.next_at) == (FailureState.RETRYING, later(10))

    async def test_an_act_that_ends_an_item_is_remembered_with_it(self, ledger: Ledger) -> None:
        """What an operator dropped leaves its lane, and the timeline says who did it; all in one transaction."""
        head, behind = a_parked_item("e1", state=WaitState.PERSON), a_parked_item("e2", state=WaitState.BEHIND)
        await ledger.end(parked=[head, behind], failures=[a_failure("f-1")])

        await ledger.end(released=[head._replace(next_at=later(5))], acts=[an_act("f-1", "drop", at=later(5))])

        [left] = await ledger.queue(STAGE, head.lane)
        assert (left.item_id, left.state) == ("e2", WaitState.RETRY)
        assert "drop" in [entry.what for entry in await ledger.timeline(head.lane)]

    async def test_only_the_head_is_replayed(self, ledger: Ledger) -> None:
        """The order of a zaak holds: the advice names the head, and nothing is changed."""
        await ledger.end(
            parked=[
                a_parked_item("e1", state=WaitState.PERSON)._replace(failure_id="f-1"),
                a_parked_item("e2", state=WaitState.BEHIND),
            ]
        )

        with pytest.raises(ActRefused) as refused:
            await ledger.replay(a_parked_item("e2"), an_act("f-2", "replay"))

        assert "f-1" in refused.value.advice
        assert "e1" in refused.value.advice
        states = [item.state for item in await ledger.queue(STAGE, "z1")]
        assert states == [WaitState.PERSON, WaitState.BEHIND]

    # Refusals and counts

    async def test_counts_say_what_there_is(self, ledger: Ledger) -> None:
        """Open and retrying failures, parked items, parked lanes, refusals; resolved failures are not counted."""
        await ledger.refused([a_refusal(), a_refusal()])
        await ledger.refused([])
        await ledger.end(
            parked=[a_parked_item("e1"), a_parked_item("e2"), a_parked_item("e3", lane="z2")],
            failures=[
                a_failure("f-1"),
                a_failure("f-2", state=FailureState.RETRYING),
                a_failure("f-3", state=FailureState.RETRYING),
                a_failure("f-4", state=FailureState.RESOLVED),
            ],
        )

        assert await ledger.counts() == {
            "failures_open": 1,
            "failures_retrying": 2,
            "parked_items": 3,
            "parked_lanes": 2,
            "refusals": 2,
        }


class TestFailuresOnSqlite(OnSqlite, FailuresContract):
    """The file backend."""


@pytest.mark.postgres
class TestFailuresOnPostgres(OnPostgres, FailuresContract):
    """The server backend, on a real one."""
