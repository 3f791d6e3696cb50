"""What every ledger promises of pauses, of how stages are doing, and of the heads of queues."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest

from hub.clock import SystemClock
from hub.errors import ActRefused
from hub.ledger.contract import Ledger
from hub.ledger.entries import FailureState, OperatorAct, Place, WaitState
from hub.ledger.valves import Pause, PauseKind
from hub.ledger.vitals import Vital, Waiting
from tests.support.ledger_contract import LedgerContract, OnPostgres, OnSqlite
from tests.support.ledger_entries import NOON, STAGE, TOPIC, a_failure, a_parked_item, later

BY_PERSON = Pause(STAGE, PauseKind.PERSON, "jan", "the supplier asks", NOON, later(600))
BY_HUB = Pause(STAGE, PauseKind.HUB, "zaakhub", "20 of the last 40 zaken failed", NOON, None, later(30))


def act(what: str, reason: str = "because", *, stage: str = STAGE) -> OperatorAct:
    return OperatorAct("", what, "jan", reason, NOON, on=f"koppeling:{stage}")


class ValvesContract(LedgerContract):
    """`pauses`, `pause`, `end_pause`, `claim_probe`, `probe_failed`."""

    async def test_a_pause_is_there_for_everybody_until_it_is_ended(self, ledger: Ledger, other: Ledger) -> None:
        """As it was given, and in the audit with its reason."""
        assert await ledger.pause(BY_PERSON, act("pause"))
        assert await ledger.pause(BY_HUB._replace(stage="archief"), act("pause", stage="archief"))

        assert await other.pauses() == [BY_HUB._replace(stage="archief"), BY_PERSON]
        assert await other.end_pause(BY_PERSON, act("resume"))
        assert await ledger.pauses() == [BY_HUB._replace(stage="archief")]
        lines = await ledger.audit_lines(oldest=True)
        assert [(line.act, line.on) for line in lines] == [
            ("pause", f"koppeling:{STAGE}"),
            ("pause", "koppeling:archief"),
            ("resume", f"koppeling:{STAGE}"),
        ]

    async def test_a_person_says_it_anew_and_a_worker_that_comes_second_does_not(
        self, ledger: Ledger, other: Ledger
    ) -> None:
        """The last word of people counts; of workers the first."""
        await ledger.pause(BY_PERSON, act("pause"))
        second = BY_PERSON._replace(by="els", reason="longer", since=later(60), until=None)
        assert await other.pause(second, act("pause"))
        both = await asyncio.gather(
            ledger.pause(BY_HUB, act("pause")), other.pause(BY_HUB._replace(since=later(1)), act("pause"))
        )

        assert sorted(both) == [False, True]
        found = {each.kind: each for each in await ledger.pauses()}
        assert found[PauseKind.PERSON] == second
        assert found[PauseKind.HUB].since in {NOON, later(1)}

    async def test_only_the_pause_that_is_meant_is_ended(self, ledger: Ledger) -> None:
        """Somebody else paused it again meanwhile: that stands, and nothing is in the audit."""
        await ledger.pause(BY_PERSON._replace(since=later(5)), act("pause"))

        assert not await ledger.end_pause(BY_PERSON, act("resume"))
        assert not await ledger.end_pause(BY_HUB, act("resume"))
        assert len(await ledger.pauses()) == 1
        assert [line.act for line in await ledger.audit_lines()] == ["pause"]

    async def test_of_all_workers_one_gets_the_probe(self, ledger: Ledger, other: Ledger) -> None:
        """When it is due, once; the next when the first has failed or took too long."""
        await ledger.pause(BY_HUB, act("pause"))
        assert not await ledger.claim_probe(BY_HUB, later(29), later(330))

        both = await asyncio.gather(
            ledger.claim_probe(BY_HUB, later(30), later(330)), other.claim_probe(BY_HUB, later(30), later(330))
        )
        assert sorted(both) == [False, True]
        assert await ledger.pauses() == [BY_HUB._replace(probe_at=later(330), probes=1)]
        await ledger.probe_failed(BY_HUB, later(90))
        assert not await other.claim_probe(BY_HUB, later(89), later(400))
        assert await other.claim_probe(BY_HUB, later(90), later(400))
        assert [each.probes for each in await ledger.pauses()] == [2]

    async def test_of_a_pause_that_is_over_there_is_no_probe(self, ledger: Ledger) -> None:
        """Nor does one that failed bring it back."""
        await ledger.pause(BY_HUB, act("pause"))
        await ledger.end_pause(BY_HUB, act("resume"))

        assert not await ledger.claim_probe(BY_HUB, later(60), later(330))
        await ledger.probe_failed(BY_HUB, later(90))
        assert await ledger.pauses() == []

    async def test_without_a_reason_nothing_is_paused(self, ledger: Ledger) -> None:
        """What people do to a connection they must account for."""
        with pytest.raises(ActRefused):
            await ledger.pause(BY_PERSON, act("pause", ""))

        assert await ledger.pauses() == []


class VitalsContract(LedgerContract):
    """`put_vitals`, `drop_vitals`, `vitals`, `waiting`."""

    async def test_the_last_words_of_every_worker_on_every_stage_are_kept(self, ledger: Ledger, other: Ledger) -> None:
        """As they were given."""
        full = Vital("een", STAGE, later(5), 12, 3, NOON, 100, 4, 300.0, "open", later(86_400))
        plain = Vital("twee", STAGE, later(4), 0, 0, None, 0, 0, 2.5, "dicht", None)
        await ledger.put_vitals([full._replace(at=NOON, lag=99)], stale_before=NOON)
        await ledger.put_vitals([full, plain._replace(worker="een", stage="archief")], stale_before=NOON)
        await other.put_vitals([plain], stale_before=NOON)

        assert await ledger.vitals(later(5)) == [full]
        assert await ledger.vitals(NOON) == [plain._replace(worker="een", stage="archief"), full, plain]

    async def test_what_was_said_long_ago_is_forgotten_and_so_is_who_stops(self, ledger: Ledger) -> None:
        """A worker that was killed leaves nothing behind."""
        said = Vital("een", STAGE, NOON, 0, 0, None, 0, 0, 1.0, "dicht", None)
        await ledger.put_vitals([said], stale_before=NOON)
        await ledger.put_vitals([said._replace(worker="twee", at=later(60))], stale_before=later(1))
        assert [each.worker for each in await ledger.vitals(NOON)] == ["twee"]
        await ledger.drop_vitals("twee")
        assert await ledger.vitals(NOON) == []

    async def test_what_waits_is_counted_per_stage(self, ledger: Ledger) -> None:
        """Failures by state, items, zaken, and since when; a stage where nothing waits is not there."""
        began = SystemClock().now()
        await ledger.end(
            parked=[
                a_parked_item("e1", lane="z1")._replace(failure_id="f-1"),
                a_parked_item("e2", lane="z1", state=WaitState.BEHIND),
                a_parked_item("e3", lane="z2")._replace(failure_id="f-3"),
                a_parked_item("e4", stage="archief")._replace(failure_id="f-4"),
            ],
            failures=[
                a_failure("f-1"),
                a_failure("f-2")._replace(item_id="e2", state=FailureState.RETRYING),
                a_failure("f-3")._replace(item_id="e3", state=FailureState.RESOLVED),
                a_failure("f-4")._replace(item_id="e4", stage="stil", state=FailureState.RESOLVED),
            ],
        )

        waiting = await ledger.waiting()

        assert {stage: each._replace(oldest_at=None) for stage, each in waiting.items()} == {
            STAGE: Waiting(1, 1, 3, 2),
            "archief": Waiting(0, 0, 1, 1),
        }
        assert all(each.oldest_at and began <= each.oldest_at <= SystemClock().now() for each in waiting.values())

    async def test_what_is_to_be_asked_about_later_does_not_wait_until_then(self, ledger: Ledger) -> None:
        """Nothing is wrong with it; from when it is due on, it waits."""
        now = SystemClock().now()
        soon, before = now + timedelta(hours=1), now - timedelta(seconds=5)
        await ledger.end(
            parked=[
                a_parked_item("e1", lane="z1")._replace(next_at=soon),
                a_parked_item("e2", lane="z2", stage="archief")._replace(next_at=before),
            ]
        )

        assert await ledger.waiting() == {"archief": Waiting(0, 0, 1, 1, before)}


class HeadsContract(LedgerContract):
    """`begin` with lanes, `heads`, `firsts`; what is held stays held."""

    async def test_begin_says_what_is_parked_of_the_lanes_it_is_asked_for(self, ledger: Ledger) -> None:
        """Where the head of each lay, at this stage only."""
        await ledger.end(
            parked=[
                a_parked_item("e1", lane="z1", offset=7),
                a_parked_item("e2", lane="z1", offset=9, state=WaitState.BEHIND),
                a_parked_item("e3", lane="z2", partition=2),
                a_parked_item("e4", lane="z3", stage="archief"),
            ]
        )

        begun = await ledger.begin(STAGE, {(TOPIC, 0): 1}, [], ["z1", "z3", "z4"])

        assert begun.parked == {"z1": Place(TOPIC, 0, 7)}
        assert await ledger.heads(STAGE, ["z2", "z1"]) == {"z1": Place(TOPIC, 0, 7), "z2": Place(TOPIC, 2, 1)}
        assert await ledger.heads(STAGE, []) == {}
        assert (await ledger.begin(STAGE, {}, [])).parked == {}

    async def test_the_head_is_given_as_it_is_now(self, ledger: Ledger) -> None:
        """One item, whatever waits behind it."""
        await ledger.end(parked=[a_parked_item("e1"), a_parked_item("e2", state=WaitState.BEHIND)])
        head = (await ledger.firsts(STAGE, ["z1"]))["z1"]
        assert (head.item_id, head.state) == ("e1", WaitState.RETRY)

        await ledger.end(released=[head])

        following = (await ledger.firsts(STAGE, ["z1"]))["z1"]
        assert (following.item_id, following.state) == ("e2", WaitState.RETRY)
        assert await ledger.firsts(STAGE, ["z9"]) == {}

    async def test_what_a_plan_holds_is_never_due_and_stays_held(self, ledger: Ledger) -> None:
        """Not when the one before it goes on, and not when a worker that had it in hand parks it again."""
        await ledger.end(parked=[a_parked_item("e1"), a_parked_item("e2", state=WaitState.HELD)])
        await ledger.end(released=[a_parked_item("e1")])
        assert await ledger.due(STAGE, [(TOPIC, 0)], later(60), 10) == []

        await ledger.end(parked=[a_parked_item("e2", state=WaitState.RETRY)._replace(attempts=4, failure_id="f-2")])

        head = (await ledger.firsts(STAGE, ["z1"]))["z1"]
        assert (head.state, head.attempts, head.failure_id) == (WaitState.HELD, 4, "f-2")
        assert await ledger.due(STAGE, [(TOPIC, 0)], later(60), 10) == []


class TestValvesOnSqlite(OnSqlite, ValvesContract):
    """The file backend."""


class TestVitalsOnSqlite(OnSqlite, VitalsContract):
    """The file backend."""


class TestHeadsOnSqlite(OnSqlite, HeadsContract):
    """The file backend."""


@pytest.mark.postgres
class TestValvesOnPostgres(OnPostgres, ValvesContract):
    """The server backend, on a real one."""


@pytest.mark.postgres
class TestVitalsOnPostgres(OnPostgres, VitalsContract):
    """The server backend, on a real one."""


@pytest.mark.postgres
class TestHeadsOnPostgres(OnPostgres, HeadsContract):
    """The server backend, on a real one."""
