"""What every ledger promises of its audit: nothing is changed unseen, and nobody acts without a reason."""

from __future__ import annotations

import asyncio
import sqlite3
from abc import abstractmethod
from datetime import UTC, timedelta, timezone

import asyncpg
import pytest

from hub.errors import ActRefused
from hub.ledger.audit import GENESIS, AuditFilter
from hub.ledger.contract import Ledger
from hub.ledger.entries import OperatorAct
from hub.ledger.statements import read_migrations
from tests.support.ledger_contract import LedgerContract, OnPostgres, OnSqlite
from tests.support.ledger_entries import STAGE, a_failure, a_parked_item, an_act, later

LINES = 6
UNGUARDED = {
    "sqlite": ("drop trigger audit_unchanged", "drop trigger audit_whole"),
    "postgres": ("alter table audit disable trigger user",),
}
"""What somebody who owns the database does first."""

_ALL = "number, done_at, done_by, act, done_to, failure_id, reason, detail, previous, hash"
_PUT_IN = (
    f"insert into audit ({_ALL}) select 4, done_at, 'els', act, done_to, failure_id, reason, detail, hash, hash"
    " from audit where number = 3"
)
TAMPERED = {
    "another reason": (["update audit set reason = 'because of him' where number = 3"], 3, "was changed"),
    "another person": (["update audit set done_by = 'somebody' where number = 1"], 1, "was changed"),
    "another time": (
        ["update audit set done_at = (select done_at from audit where number = 5) where number = 4"],
        4,
        "",
    ),
    "another hash": (["update audit set hash = previous where number = 4"], 4, "was changed"),
    "no hash": (["update audit set hash = '' where number = 4"], 4, "no hash"),
    "a line removed": (["delete from audit where number = 3"], 3, "comes line 4"),
    "the first line removed": (["delete from audit where number = 1"], 1, "comes line 2"),
    "a line removed and the rest moved up": (
        [
            "delete from audit where number = 3",
            *(f"update audit set number = {n} where number = {n + 1}" for n in (3, 4, 5)),
        ],
        3,
        "does not follow",
    ),
    "a line put in": (
        [
            "update audit set number = number + 100 where number > 3",
            "update audit set number = number - 99 where number > 100",
            _PUT_IN,
        ],
        4,
        "was changed",
    ),
    "two lines that change places": (
        [
            "update audit set number = 100 where number = 2",
            "update audit set number = 2 where number = 3",
            "update audit set number = 3 where number = 100",
        ],
        2,
        "does not follow",
    ),
}


def _act(number: int, *, by: str = "beheerder-1", act: str = "replay") -> OperatorAct:
    return OperatorAct(f"f-{number}", act, by, f"reason {number}", later(number), detail=f'{{"n":{number}}}')


class AuditContract(LedgerContract):
    """`acted`, `audit_lines`, `verify_audit`."""

    database: str

    @abstractmethod
    async def do(self, url: str, *statements: str) -> None:
        """Do something in the database behind the back of the ledger."""

    async def test_each_line_follows_the_one_before_it(self, ledger: Ledger) -> None:
        """From nothing on; the newest first, or the oldest; what was given comes back."""
        await ledger.acted([_act(1), _act(2)])
        await ledger.acted([_act(3)])

        lines = await ledger.audit_lines(oldest=True)
        assert [line.number for line in lines] == [1, 2, 3]
        assert [line.previous for line in lines] == [GENESIS, lines[0].hash, lines[1].hash]
        assert lines == (await ledger.audit_lines())[::-1]
        said = (lines[0].at, lines[0].by, lines[0].act, lines[0].reason, lines[0].detail, lines[0].about)
        assert said == (later(1), "beheerder-1", "replay", "reason 1", '{"n":1}', "fout:f-1")
        assert await ledger.verify_audit() == (True, 3, lines[-1].hash, None, "", 0)

    async def test_nothing_is_whole_too(self, ledger: Ledger) -> None:
        """An audit without lines."""
        assert (await ledger.verify_audit()).whole
        assert (await ledger.verify_audit()).last_hash == GENESIS

    async def test_those_who_act_at_the_same_time_make_one_chain(self, ledger: Ledger, other: Ledger) -> None:
        """In two processes."""
        await asyncio.gather(*((ledger, other)[n % 2].acted([_act(n)]) for n in range(20)))

        verification = await ledger.verify_audit()
        assert (verification.whole, verification.lines) == (True, 20)

    async def test_the_same_act_again_is_one_line(self, ledger: Ledger) -> None:
        """After an answer that got lost the caller writes the same again; at one moment others may act too."""
        await ledger.acted([_act(1), _act(1), _act(1, by="beheerder-2"), _act(1, act="drop")])
        await ledger.acted([_act(1)])

        assert len(await ledger.audit_lines()) == 3
        assert (await ledger.verify_audit()).whole

    async def test_every_act_of_a_person_is_a_line(self, ledger: Ledger) -> None:
        """In the transaction of what was done: what is refused leaves none."""
        await ledger.end(parked=[a_parked_item("e1")], failures=[a_failure("f-1")])
        item = await ledger.parked(STAGE, "e1")
        assert item is not None
        await ledger.replay(item, an_act("f-1", "replay"))
        await ledger.end(released=[item], acts=[an_act("f-1", "drop", at=later(1))])
        with pytest.raises(ActRefused):
            await ledger.replay(item, an_act("f-1", "replay", at=later(2)))

        assert [line.act for line in await ledger.audit_lines(oldest=True)] == ["replay", "drop"]

    async def test_an_act_that_needs_a_reason_is_refused_without(self, ledger: Ledger) -> None:
        """Nothing happens; a login needs none."""
        login = an_act("f-1", "aanmelden")._replace(reason="")
        for act in (
            "replay",
            "edit",
            "edit-approve",
            "drop",
            "unmask",
            "pause",
            "plan",
            "search-person",
            "merge",
            "split",
            "case",
        ):
            for reason in ("", "   ", " x "):
                with pytest.raises(ActRefused) as refused:
                    await ledger.acted([login, an_act("f-1", act)._replace(reason=reason)])
                assert refused.value.code == "reden"

        assert await ledger.audit_lines() == []
        await ledger.acted([login])
        assert len(await ledger.audit_lines()) == 1

    async def test_without_a_reason_nothing_of_the_transaction_happens(self, ledger: Ledger) -> None:
        """The failure stays as it was."""
        await ledger.end(parked=[a_parked_item("e1")], failures=[a_failure("f-1")])
        item = await ledger.parked(STAGE, "e1")
        assert item is not None

        with pytest.raises(ActRefused):
            await ledger.replay(item, an_act("f-1", "replay")._replace(reason=""))

        assert [each.state for each in await ledger.failures()] == ["open"]

    async def test_a_bsn_in_a_reason_is_not_kept(self, ledger: Ledger) -> None:
        """People type what they see."""
        await ledger.acted([an_act("f-1", "replay")._replace(reason="mevrouw 999990019 belde, 9999.90.019")])

        [line] = await ledger.audit_lines()
        assert "99999" not in line.reason
        assert "belde" in line.reason

    async def test_lines_are_found_and_paged(self, ledger: Ledger) -> None:
        """By who, what and when; nothing in it is a pattern."""
        await ledger.acted([_act(n, by=f"b{n % 2}", act="drop" if n % 3 else "replay") for n in range(9)])

        assert [line.at for line in await ledger.audit_lines(AuditFilter(by="b1", act="replay"))] == [later(3)]
        assert len(await ledger.audit_lines(AuditFilter(since=later(2), until=later(4)))) == 2
        for nothing in ("b%", "b_", "' or '1'='1", "b1'; drop table audit; --"):
            assert await ledger.audit_lines(AuditFilter(by=nothing)) == []
            assert await ledger.audit_lines(AuditFilter(act=nothing)) == []
        newest = await ledger.audit_lines(limit=4)
        rest = await ledger.audit_lines(after=newest[-1].number)
        assert [line.number for line in (*newest, *rest)] == list(range(9, 0, -1))

    async def test_the_database_itself_refuses_to_change_or_remove_a_line(self, ledger: Ledger, url: str) -> None:
        """Whoever connects as the hub does; adding goes on."""
        await ledger.acted([_act(1)])

        for statement in ("update audit set reason = 'x'", "delete from audit"):
            with pytest.raises((sqlite3.IntegrityError, asyncpg.RestrictViolationError), match="append-only"):
                await self.do(url, statement)
        await ledger.acted([_act(2)])
        assert (await ledger.verify_audit()).lines == 2

    @pytest.mark.parametrize("how", TAMPERED)
    async def test_what_was_tampered_with_shows(self, ledger: Ledger, url: str, how: str) -> None:
        """Also when somebody took the triggers away: the first line that does not fit is named."""
        await ledger.acted([_act(number) for number in range(1, LINES + 1)])
        statements, broken_at, why = TAMPERED[how]
        await self.do(url, *UNGUARDED[self.database], *statements)

        verification = await ledger.verify_audit()

        assert not verification.whole
        assert verification.broken_at == broken_at
        assert why in verification.why
        assert verification.lines == broken_at - 1

    async def test_a_tail_that_was_cut_off_shows_by_a_hash_that_was_kept(self, ledger: Ledger, url: str) -> None:
        """The chain alone is whole: that is said honestly."""
        await ledger.acted([_act(number) for number in range(1, LINES + 1)])
        head = (await ledger.verify_audit()).last_hash
        middle = (await ledger.audit_lines(oldest=True))[2].hash
        await self.do(url, *UNGUARDED[self.database], "delete from audit where number > 4")

        assert (await ledger.verify_audit()).whole
        assert (await ledger.verify_audit(head=middle)).whole
        verification = await ledger.verify_audit(head=head)
        assert (verification.whole, verification.broken_at) == (False, 5)
        assert "cut off" in verification.why

    async def test_a_tail_that_was_written_anew_shows_by_a_hash_that_was_kept(self, ledger: Ledger, url: str) -> None:
        """Somebody with the program may make another chain that is whole; it has other hashes."""
        await ledger.acted([_act(number) for number in range(1, LINES + 1)])
        head = (await ledger.verify_audit()).last_hash
        await self.do(url, *UNGUARDED[self.database], "delete from audit where number > 4")
        await ledger.acted([_act(number, by="somebody") for number in (5, 6)])

        assert (await ledger.verify_audit()).whole
        assert not (await ledger.verify_audit(head=head)).whole

    async def test_the_time_zone_of_whoever_acts_is_nothing_to_the_chain(self, ledger: Ledger) -> None:
        """The same moment is the same line."""
        act = _act(1)
        await ledger.acted([act._replace(at=act.at.astimezone(timezone(timedelta(hours=1))))])
        await ledger.acted([act])

        [line] = await ledger.audit_lines()
        assert (line.at, line.at.tzinfo) == (later(1), UTC)
        assert (await ledger.verify_audit()).whole

    async def test_what_was_done_before_there_was_a_chain_is_sealed_by_the_next_act(
        self, ledger: Ledger, url: str
    ) -> None:
        """Until then it is counted as not sealed; afterwards a change of it shows."""
        old = [
            f"insert into audit ({_ALL}) select {n}, done_at, done_by, act, done_to, 'old-{n}', reason, detail, '', ''"
            " from audit where number = 9"
            for n in (1, 2, 3)
        ]
        await ledger.acted([_act(number) for number in range(1, 10)])
        gone = "delete from audit where number < 9"
        await self.do(url, *UNGUARDED[self.database], gone, *old, "delete from audit where number = 9")
        assert (await ledger.verify_audit()).unsealed == 3

        await ledger.acted([_act(4)])
        verification = await ledger.verify_audit()
        assert (verification.whole, verification.lines, verification.unsealed) == (True, 4, 0)

        await self.do(url, "update audit set done_by = 'somebody' where number = 2")
        assert (await ledger.verify_audit()).broken_at == 4

    async def test_what_is_not_on_the_bus_yet_is_known(self, ledger: Ledger, other: Ledger) -> None:
        """Oldest first; a mark never goes back."""
        await ledger.acted([_act(number) for number in range(1, 6)])

        assert [line.number for line in await ledger.unmirrored(2)] == [1, 2]
        await ledger.mirrored(4)
        await other.mirrored(2)
        assert [line.number for line in await other.unmirrored(10)] == [5]


class TestAuditOnSqlite(OnSqlite, AuditContract):
    """The file backend."""

    database = "sqlite"

    async def do(self, url: str, *statements: str) -> None:
        """Write in the file."""
        with sqlite3.connect(url.removeprefix("sqlite:")) as connection:
            for statement in statements:
                connection.execute(statement)
        connection.close()


@pytest.mark.postgres
class TestAuditOnPostgres(OnPostgres, AuditContract):
    """The server backend, on a real one."""

    database = "postgres"

    async def do(self, url: str, *statements: str) -> None:
        """Be another client, with the rights of the hub."""
        connection = await asyncpg.connect(url)
        try:
            for statement in statements:
                await connection.execute(statement)
        finally:
            await connection.close()

    async def test_the_table_is_not_emptied_either(self, ledger: Ledger, url: str) -> None:
        """`truncate` asks no row."""
        await ledger.acted([_act(1)])

        with pytest.raises(asyncpg.RestrictViolationError):
            await self.do(url, "truncate audit")


def test_acts_from_before_the_audit_are_taken_over(tmp_path_factory: pytest.TempPathFactory) -> None:
    """In the order of their time, without a hash; the table they stood in is gone."""
    connection = sqlite3.connect(tmp_path_factory.mktemp("old") / "ledger.sqlite")
    for migration in read_migrations("sqlite"):
        if migration.number == 10:
            old = "insert into operator_acts (failure_id, act, done_by, reason, done_at) values (?, ?, ?, ?, ?)"
            connection.executemany(old, [("f2", "drop", "els", "later", 2), ("f1", "replay", "jan", "first", 1)])
        for statement in migration.statements:
            connection.execute(statement)

    found = connection.execute("select number, failure_id, done_by, hash from audit order by number").fetchall()
    assert found == [(1, "f1", "jan", ""), (2, "f2", "els", "")]
    assert connection.execute("select 1 from sqlite_master where name = 'operator_acts'").fetchall() == []
    connection.close()
