"""What every ledger promises to operators: failures, edits, replays, the life of a zaak, counts."""

from __future__ import annotations

from datetime import timedelta

import pytest

from hub.errors import ActRefused
from hub.ledger.contract import Ledger
from hub.ledger.entries import FailureState, WaitState
from tests.support.ledger_contract import LedgerContract, OnPostgres, OnSqlite
from tests.support.ledger_entries import (
    NOON,
    STAGE,
    TOPIC,
    a_delivery,
    a_failure,
    a_parked_item,
    a_refusal,
    a_trace,
    an_act,
    an_arrival,
    later,
)


class FailuresContract(LedgerContract):
    """`failures`, `failure`, `edit`, `original`, `replay`, `timeline`, `counts`, `refused`."""

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

    async def test_an_edit_replaces_and_keeps_the_first_original(self, ledger: Ledger) -> None:
        """Value and headers change, the first value is kept for ever, the failure says when."""
        await ledger.end(parked=[a_parked_item("e1")], failures=[a_failure("f-1")])
        item = await ledger.parked(STAGE, "e1")
        assert item is not None
        assert await ledger.original(STAGE, "e1") is None

        await ledger.edit(item._replace(value=b"second", headers=b"h2"), an_act("f-1", "edit"))
        await ledger.edit(item._replace(value=b"third", headers=b"h3"), an_act("f-1", "edit", at=later(1)))

        assert await ledger.parked(STAGE, "e1") == item._replace(value=b"third", headers=b"h3")
        assert await ledger.original(STAGE, "e1") == item.value
        failure = await ledger.failure("f-1")
        assert failure is not None
        assert failure.edited_at == later(1)

    async def test_a_worker_does_not_undo_an_edit(self, ledger: Ledger) -> None:
        """It had the item in hand as it was; when that fails again the edited value stays, also in the failure."""
        await ledger.end(parked=[a_parked_item("e1")], failures=[a_failure("f-1")])
        in_hand = await ledger.parked(STAGE, "e1")
        assert in_hand is not None
        await ledger.edit(in_hand._replace(value=b"better"), an_act("f-1", "edit"))

        await ledger.end(parked=[in_hand._replace(attempts=9)], failures=[a_failure("f-1")])

        assert await ledger.parked(STAGE, "e1") == in_hand._replace(value=b"better", attempts=9)
        failure = await ledger.failure("f-1")
        assert failure is not None
        assert failure.edited_at == NOON

    async def test_what_is_not_parked_is_neither_edited_nor_replayed(self, ledger: Ledger) -> None:
        """It was delivered meanwhile: the operator hears so and nothing is changed."""
        gone = a_parked_item("e1")

        with pytest.raises(ActRefused, match="not parked"):
            await ledger.edit(gone, an_act("f-1", "edit"))
        with pytest.raises(ActRefused, match="not parked"):
            await ledger.replay(gone, an_act("f-1", "replay"))

        assert await ledger.original(STAGE, "e1") is None

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

    # Timeline

    async def test_a_timeline_tells_the_life_of_a_zaak_in_order(self, ledger: Ledger) -> None:
        """Accepted, resent, failed, parked, acted upon, delivered; other zaken are left out."""
        await ledger.end(
            deliveries=[a_delivery("e1")._replace(ended_at=later(5)), a_delivery("e9", zaak="z2")],
            failures=[a_failure("f-1")._replace(first_at=later(2)), a_failure("f-9", zaak="z2")],
            parked=[a_parked_item("e1")],
        )
        item = await ledger.parked(STAGE, "e1")
        assert item is not None
        await ledger.edit(item, an_act("f-1", "edit", at=later(3)))
        await ledger.replay(item, an_act("f-1", "replay", at=later(4)))
        await ledger.admit([an_arrival("r1", place=1), an_arrival("r2", place=2)._replace(accepted_at=later(1))])
        await ledger.admit([an_arrival("r3", place=3, subject="z2")])

        timeline = await ledger.timeline("z1")

        assert [(entry.what, entry.stage, entry.item_id) for entry in timeline if entry.what != "geparkeerd"] == [
            ("geaccepteerd", "formulieren", "m-r1"),
            ("dubbel", "formulieren", "m-r2"),
            ("mislukt", STAGE, "e1"),
            ("edit", STAGE, "e1"),
            ("replay", STAGE, "e1"),
            ("afgeleverd", STAGE, "e1"),
        ]
        assert [entry.at for entry in timeline] == sorted(entry.at for entry in timeline)
        assert [entry.item_id for entry in timeline if entry.what == "geparkeerd"] == ["e1"]
        assert next(entry.detail for entry in timeline if entry.what == "edit") == "beheerder-1: because"

    async def test_what_happened_at_one_moment_is_told_in_the_order_it_must_have_had(self, ledger: Ledger) -> None:
        """A message is accepted before it fails, and fails before it is delivered."""
        await ledger.end(deliveries=[a_delivery("e1")], failures=[a_failure("f-1")])
        await ledger.admit([an_arrival("r1")])

        assert [entry.what for entry in await ledger.timeline("z1")] == ["geaccepteerd", "mislukt", "afgeleverd"]

    async def test_times_keep_their_microseconds(self, ledger: Ledger) -> None:
        """What comes back equals what went in, in UTC."""
        at = NOON + timedelta(microseconds=999_999)
        await ledger.end(deliveries=[a_delivery("e1")._replace(ended_at=at)])

        [entry] = await ledger.timeline("z1")
        assert entry.at == at
        assert entry.at.utcoffset() == timedelta(0)

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
