"""What every ledger promises of the revisions of mappings: prepared, then active, and never two at once."""

from __future__ import annotations

import asyncio

import pytest

from hub.clock import SystemClock
from hub.errors import ActRefused
from hub.ledger.contract import Ledger
from hub.ledger.entries import Acknowledgement, Answer, Revision, RevisionState
from tests.support.ledger_contract import LedgerContract, OnPostgres, OnSqlite
from tests.support.ledger_entries import NOON, later

_LONG_AGO = later(-(10**9))
CONNECTION = "formulieren-naar-zaken"


class RevisionsContract(LedgerContract):
    """`found_in_folder`, `prepare`, `activate`, `withdraw`, and what workers say."""

    async def test_what_is_prepared_becomes_active_and_the_one_before_is_superseded(self, ledger: Ledger) -> None:
        """Each has a number of its own, and the files as they came."""
        first = await _activated(ledger, "aaa")
        second = await ledger.prepare(_revision("bbb"), bytes(range(256)), over=first, stale_before=_LONG_AGO)
        assert [(each.number, each.state) for each in await ledger.current_revisions()] == [
            (first, RevisionState.ACTIVE),
            (second, RevisionState.PREPARED),
        ]

        assert await ledger.activate(CONNECTION, second, live_since=_LONG_AGO)

        assert [(each.number, each.revision, each.state) for each in await ledger.revisions(CONNECTION)] == [
            (second, "bbb", RevisionState.ACTIVE),
            (first, "aaa", RevisionState.SUPERSEDED),
        ]
        assert [each.number for each in await ledger.current_revisions()] == [second]
        assert await ledger.revision_files(CONNECTION, second) == bytes(range(256))
        assert await ledger.revision_files(CONNECTION, 99) is None
        [newest, _] = await ledger.revisions(CONNECTION)
        assert newest[5:8] == (NOON, "jan", "because")

    async def test_connections_do_not_touch_each_other(self, ledger: Ledger) -> None:
        """Each has its own numbers, its own prepared and its own active revision."""
        for name in ("een", "twee"):
            await _activated(ledger, "aaa", connection=name)
            await ledger.prepare(_revision("bbb", connection=name), b"", over=1, stale_before=_LONG_AGO)
        await ledger.withdraw("een", 2, "no")

        assert [(each.connection, each.number, each.state.value) for each in await ledger.current_revisions()] == [
            ("een", 1, "actief"),
            ("twee", 1, "actief"),
            ("twee", 2, "voorbereid"),
        ]

    async def test_of_two_who_prepare_at_once_one_wins(self, ledger: Ledger, other: Ledger) -> None:
        """The other is told who is at it."""
        outcomes = await asyncio.gather(
            *(
                each.prepare(_revision("bbb", by=by), b"", over=0, stale_before=_LONG_AGO)
                for each, by in ((ledger, "jan"), (other, "els"))
            ),
            return_exceptions=True,
        )

        [refused] = [each for each in outcomes if isinstance(each, ActRefused)]
        [prepared] = await ledger.current_revisions()
        assert refused.reason.startswith(f"{prepared.made_by} is activating revision bbb of {CONNECTION}")
        assert prepared.number in outcomes

    async def test_who_looked_at_an_older_one_is_told(self, ledger: Ledger) -> None:
        """What they compared with is not what runs any more."""
        await _activated(ledger, "aaa")

        with pytest.raises(ActRefused, match="activated meanwhile"):
            await ledger.prepare(_revision("bbb"), b"", over=0, stale_before=_LONG_AGO)

    async def test_what_somebody_prepared_and_left_does_not_stand_in_the_way_for_ever(self, ledger: Ledger) -> None:
        """The command was killed: after a while the next may go on, and the left one is refused."""
        left = await ledger.prepare(_revision("aaa"), b"", over=0, stale_before=_LONG_AGO)

        number = await ledger.prepare(_revision("bbb"), b"", over=0, stale_before=later(1))

        states = {each.number: (each.state, each.note) for each in await ledger.revisions(CONNECTION)}
        assert states[left] == (RevisionState.REFUSED, "whoever prepared it did not go on")
        assert states[number][0] is RevisionState.PREPARED
        with pytest.raises(ActRefused, match="not prepared any more"):
            await ledger.activate(CONNECTION, left, live_since=_LONG_AGO)

    async def test_it_is_active_only_when_every_live_worker_is_ready(self, ledger: Ledger, other: Ledger) -> None:
        """One that did not answer, or refused, is in the way; one that was not seen lately, or has left, is not."""
        await ledger.beat("een", {CONNECTION: 1, "andere": 1})
        await other.beat("twee", {CONNECTION: 1})
        number = await ledger.prepare(_revision("aaa"), b"", over=0, stale_before=_LONG_AGO)
        await ledger.acknowledge(_said("een", number, Answer.READY))
        assert not await ledger.activate(CONNECTION, number, live_since=_LONG_AGO)

        await ledger.acknowledge(_said("twee", number, Answer.REFUSED, "mappings/x.map.yaml:3: no"))
        assert not await ledger.activate(CONNECTION, number, live_since=_LONG_AGO)
        found = await other.workers(CONNECTION, number=number, since=_LONG_AGO)
        assert [(each.worker, each.running, each.answer, each.reason) for each in found] == [
            ("een", 1, Answer.READY, ""),
            ("twee", 1, Answer.REFUSED, "mappings/x.map.yaml:3: no"),
        ]

        await other.leave("twee")
        assert await ledger.activate(CONNECTION, number, live_since=_LONG_AGO)
        assert [each.worker for each in await ledger.workers(CONNECTION, number=number, since=_LONG_AGO)] == ["een"]

    async def test_a_worker_that_is_not_seen_any_more_does_not_count(self, ledger: Ledger) -> None:
        """It was killed: it gets the active revision when it starts."""
        await ledger.beat("dood", {CONNECTION: 1})
        number = await ledger.prepare(_revision("aaa"), b"", over=0, stale_before=_LONG_AGO)
        now = SystemClock().now()

        assert await ledger.workers(CONNECTION, number=number, since=now) == []
        assert await ledger.activate(CONNECTION, number, live_since=now)

    async def test_a_worker_says_what_it_runs_with_every_beat(self, ledger: Ledger) -> None:
        """The last one counts."""
        await ledger.beat("een", {CONNECTION: 1})
        await ledger.beat("een", {CONNECTION: 2})
        await ledger.beat("niets", {})

        found = await ledger.workers(CONNECTION, number=2, since=_LONG_AGO)

        assert [(each.worker, each.running, each.answer) for each in found] == [("een", 2, None)]

    async def test_what_is_withdrawn_says_why(self, ledger: Ledger) -> None:
        """An active one is not withdrawn."""
        number = await ledger.prepare(_revision("aaa"), b"", over=0, stale_before=_LONG_AGO)
        await ledger.withdraw(CONNECTION, number, "worker twee refused")
        active = await _activated(ledger, "bbb")
        await ledger.withdraw(CONNECTION, active, "too late")

        assert [(each.state, each.note) for each in await ledger.revisions(CONNECTION)] == [
            (RevisionState.ACTIVE, ""),
            (RevisionState.REFUSED, "worker twee refused"),
        ]

    async def test_what_runs_from_a_folder_is_remembered_once(self, ledger: Ledger, other: Ledger) -> None:
        """So that the first activation can be undone. It is not active, and it never takes the place of what is."""
        found = _revision("aaa")._replace(state=RevisionState.FOLDER)
        numbers = [await each.found_in_folder(found, b"files") for each in (ledger, other)]
        assert numbers == [1, 1]
        assert await ledger.current_revisions() == []
        again = [
            await ledger.found_in_folder(_revision(each)._replace(state=RevisionState.FOLDER), b"files")
            for each in ("eee", "aaa")
        ]
        states = {each.number: each.state for each in await ledger.revisions(CONNECTION)}
        assert states == {1: RevisionState.SUPERSEDED, 2: RevisionState.SUPERSEDED, again[1]: RevisionState.FOLDER}

        await _activated(ledger, "bbb")
        late = await ledger.found_in_folder(_revision("ccc")._replace(state=RevisionState.FOLDER), b"files")

        states = {each.number: each.state for each in await ledger.revisions(CONNECTION)}
        assert states.pop(4) is RevisionState.ACTIVE
        assert set(states) == {1, 2, 3, late}
        assert set(states.values()) == {RevisionState.SUPERSEDED}


async def _activated(ledger: Ledger, revision: str, *, connection: str = CONNECTION) -> int:
    number = await ledger.prepare(_revision(revision, connection=connection), b"files", over=0, stale_before=_LONG_AGO)
    assert await ledger.activate(connection, number, live_since=_LONG_AGO)
    return number


def _revision(revision: str, *, by: str = "jan", connection: str = CONNECTION) -> Revision:
    return Revision(connection, 0, revision, RevisionState.PREPARED, 0, NOON, by, "because", NOON)


def _said(worker: str, number: int, answer: Answer, reason: str = "") -> Acknowledgement:
    return Acknowledgement(CONNECTION, number, worker, answer, reason, NOON)


class TestRevisionsOnSqlite(OnSqlite, RevisionsContract):
    """The file backend."""


@pytest.mark.postgres
class TestRevisionsOnPostgres(OnPostgres, RevisionsContract):
    """The server backend, on a real one."""
