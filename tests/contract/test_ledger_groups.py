"""What every ledger promises about failures found by criteria, and in groups of those that look alike."""

from __future__ import annotations

import pytest

from hub.errors import ActRefused
from hub.ledger.contract import Ledger
from hub.ledger.entries import Failure, FailureState
from hub.ledger.groups import After, FailureFilter, Notes
from tests.support.ledger_contract import LedgerContract, OnPostgres, OnSqlite
from tests.support.ledger_entries import STAGE, a_failure, an_act, later

RESOLVED = FailureState.RESOLVED


def _failure(failure_id: str, group: str, at: float = 0, **more: object) -> Failure:
    failure = a_failure(failure_id)._replace(fingerprint=group, group=group, first_at=later(at), last_at=later(at))
    return failure._replace(item_id=f"e-{failure_id}", **more)  # type: ignore[arg-type] # fields by their names


class GroupsContract(LedgerContract):
    """`find_failures`, `count_failures`, `groups`, `group`, `change_group`, `merge_groups`, `split_group`."""

    # Found by criteria

    async def test_all_criteria_must_hold(self, ledger: Ledger) -> None:
        """Each one alone, and together; what is empty is no criterion. Counting counts what is listed."""
        one = _failure("f-1", "g1", 1, code="timeout", reason="Took 30% of an hour_or so")
        two = _failure("f-2", "g2", 2, kind="nl.zaken.zaak-bijgewerkt.v1", state=FailureState.RETRYING)
        three = _failure("f-3", "g1", 3, zaak="z2", state=RESOLVED)
        four = _failure("f-4", "g2", 4, stage="archief")
        await ledger.end(failures=[one, two, three, four])
        wanted = {
            FailureFilter(): [four, three, two, one],
            FailureFilter(unresolved=True): [four, two, one],
            FailureFilter(state=FailureState.RETRYING): [two],
            FailureFilter(state=RESOLVED): [three],
            FailureFilter(state=RESOLVED, unresolved=True): [],
            FailureFilter(stages=("archief",)): [four],
            FailureFilter(stages=("archief", STAGE)): [four, three, two, one],
            FailureFilter(stages=()): [],
            FailureFilter(group="g1"): [three, one],
            FailureFilter(group="g1", unresolved=True): [one],
            FailureFilter(code="timeout"): [one],
            FailureFilter(kind="nl.zaken.zaak-bijgewerkt.v1"): [two],
            FailureFilter(zaak="z2"): [three],
            FailureFilter(zaak="z1", stages=("archief",)): [four],
            FailureFilter(since=later(2), until=later(4)): [three, two],
            FailureFilter(text="took"): [one],
            FailureFilter(text="30% OF an hour_or"): [one],
            FailureFilter(text="hour.or"): [],
            FailureFilter(text="%"): [one],
            FailureFilter(ids=("f-3", "f-1", "f-9")): [three, one],
            FailureFilter(ids=("f-3", "f-1"), unresolved=True, stages=(STAGE,)): [one],
            FailureFilter(ids=()): [],
            FailureFilter(zaak="' or 1=1 --"): [],
        }

        for criteria, expected in wanted.items():
            assert await ledger.find_failures(criteria) == expected, criteria
            assert await ledger.count_failures(criteria) == len(expected), criteria

    @pytest.mark.parametrize("criteria", [FailureFilter(), FailureFilter(unresolved=True), FailureFilter(group="g")])
    async def test_a_list_goes_on_where_it_ended(self, ledger: Ledger, criteria: FailureFilter) -> None:
        """Also among those of one moment; each failure comes once."""
        failures = [_failure(f"f-{number}", "g", number // 3) for number in range(10)]
        await ledger.end(failures=failures)

        seen: list[Failure] = []
        after: After | None = None
        while page := await ledger.find_failures(criteria, after=after, limit=3):
            seen += page
            after = After(page[-1].last_at, page[-1].id)

        assert seen == sorted(failures, key=lambda each: (each.last_at, each.id), reverse=True)

    # Groups

    async def test_groups_are_counted_now(self, ledger: Ledger) -> None:
        """What waits, how many zaken it holds up, when the first and the last failed; newest last_at first."""
        await ledger.end(
            failures=[
                _failure("f-1", "g1", 1),
                _failure("f-2", "g1", 2, zaak="z2", state=FailureState.RETRYING),
                _failure("f-3", "g1", 3, zaak="z2"),
                _failure("f-4", "g1", 9, zaak="z9", state=RESOLVED),
                _failure("f-5", "g2", 4, reason="another"),
                _failure("f-6", "g3", 5, state=RESOLVED),
            ]
        )

        two, one = await ledger.groups()

        assert (one.id, one.open, one.retrying, one.zaken) == ("g1", 2, 1, 2)
        assert (one.first_at, one.last_at) == (later(1), later(3))
        assert (one.stage, one.code, one.reason, one.where) == (STAGE, "mapping", "no rule", "zaak.map.yaml:7")
        assert (one.target, one.revision, one.fault) == ("zaken.example.nl", "abcdef123456", "mapping")
        assert (two.id, two.open, two.reason) == ("g2", 1, "another")

    async def test_groups_are_found_by_what_is_known_of_them(self, ledger: Ledger) -> None:
        """Connections, state and text; those of which all is resolved are a list of their own."""
        await ledger.end(
            failures=[
                _failure("f-1", "g1", 1, code="timeout"),
                _failure("f-2", "g2", 2, stage="archief", reason="Disk FULL"),
                _failure("f-3", "g3", 3, state=FailureState.RETRYING),
                _failure("f-4", "g4", 4, state=RESOLVED),
                _failure("f-5", "g5", 5, state=RESOLVED, stage="archief"),
            ]
        )
        await ledger.change_group("g3", Notes("gemeld bij leverancier"), an_act("", "note"))

        async def found(**criteria: object) -> list[str]:
            return [each.id for each in await ledger.groups(**criteria)]  # type: ignore[arg-type] # by their names

        assert await found() == ["g3", "g2", "g1"]
        assert await found(stages=["archief"]) == ["g2"]
        assert await found(stages=[]) == []
        assert await found(state=FailureState.OPEN) == ["g2", "g1"]
        assert await found(state=FailureState.RETRYING) == ["g3"]
        assert await found(state=RESOLVED) == ["g5", "g4"]
        assert await found(state=RESOLVED, stages=[STAGE], text="rule") == ["g4"]
        assert await found(text="full") == ["g2"]
        assert await found(text="TIMEOUT") == ["g1"]
        assert await found(text="Leverancier") == ["g3"]
        assert await found(limit=2) == ["g3", "g2"]
        assert await found(after=After(later(2), "g2")) == ["g1"]
        assert await found(state=RESOLVED, after=After(later(5), "g5")) == ["g4"]

    async def test_a_failure_that_fails_otherwise_moves_to_another_group(self, ledger: Ledger) -> None:
        """A group without failures that wait is not listed, but is still there."""
        await ledger.end(failures=[_failure("f-1", "g1", 1)])
        await ledger.end(failures=[_failure("f-1", "g2", 2)])

        assert [(each.id, each.open) for each in await ledger.groups()] == [("g2", 1)]
        failure, emptied = await ledger.failure("f-1"), await ledger.group("g1")
        assert failure is not None
        assert failure.group == "g2"
        assert emptied is not None
        assert (emptied.open, emptied.retrying, emptied.zaken, emptied.last_at) == (0, 0, 0, later(1))

    async def test_a_failure_without_fingerprint_has_a_group_of_its_own(self, ledger: Ledger) -> None:
        """It looks like nothing else."""
        await ledger.end(failures=[_failure("f-1", ""), _failure("f-2", "")])

        assert sorted(each.id for each in await ledger.groups()) == ["f-1", "f-2"]

    # What people do with them

    async def test_what_people_know_of_a_group_is_kept(self, ledger: Ledger) -> None:
        """Of two who write at once the second is told; what is not there is told too."""
        await ledger.end(failures=[_failure("f-1", "g1")])
        seen = await ledger.group("g1")
        assert seen is not None
        notes = Notes("bij leverancier", "team-zaken", "https://servicedesk.example.nl/1")

        await ledger.change_group("g1", notes, an_act("", "note", at=later(1)), expected=seen.version)
        with pytest.raises(ActRefused) as refused:
            await ledger.change_group("g1", Notes(), an_act("", "note", at=later(2)), expected=seen.version)
        with pytest.raises(ActRefused, match="no such group"):
            await ledger.change_group("g9", Notes(), an_act("", "note", at=later(3)))

        assert refused.value.code == "gewijzigd"
        group = await ledger.group("g1")
        assert group is not None
        assert (group.notes, group.changed_at) == (notes, later(1))

    async def test_merged_groups_are_one_also_for_what_comes(self, ledger: Ledger) -> None:
        """Failures of both, future ones too, and of groups that were merged before; found under either id."""
        await ledger.end(failures=[_failure("f-1", "g1", 1), _failure("f-2", "g2", 2, zaak="z2")])
        await ledger.end(failures=[_failure("f-3", "g3", 3)])

        await ledger.merge_groups("g2", ["g3"], an_act("", "merge"))
        await ledger.merge_groups("g1", ["g2", "g1"], an_act("", "merge", at=later(1)))
        await ledger.end(failures=[_failure("f-4", "g3", 4, zaak="z4"), _failure("f-1", "g1", 5)])

        [group] = await ledger.groups()
        assert (group.id, group.open, group.zaken, group.first_at, group.last_at) == ("g1", 4, 3, later(1), later(5))
        assert [each.id for each in await ledger.find_failures(FailureFilter(group="g1"))] == [
            "f-1",
            "f-4",
            "f-3",
            "f-2",
        ]
        assert await ledger.count_failures(FailureFilter(group="g1", unresolved=True)) == 4
        failure = await ledger.failure("f-4")
        assert failure is not None
        assert failure.group == "g1"
        assert await ledger.group("g3") == group
        assert [each.group for each in await ledger.find_failures(FailureFilter(ids=("f-3",)))] == ["g1"]

    async def test_only_groups_of_one_connection_are_merged(self, ledger: Ledger) -> None:
        """Who may see the one may not be allowed to see the other; nothing is changed, nor without others."""
        await ledger.end(failures=[_failure("f-1", "g1"), _failure("f-2", "g2", 1), _failure("f-3", "g3", stage="x")])

        for others in (["g2", "g3"], ["g9"], [], ["g1"]):
            with pytest.raises(ActRefused):
                await ledger.merge_groups("g1", others, an_act("", "merge"))

        assert len(await ledger.groups()) == 3

    async def test_what_is_split_off_stays_there_while_it_looks_the_same(self, ledger: Ledger) -> None:
        """Fails it again in the same way, it stays; in another way, it moves. Others of the group stay."""
        await ledger.end(failures=[_failure(f"f-{number}", "g1", number) for number in range(4)])

        await ledger.split_group("g1", ["f-1", "f-2"], an_act("", "split", at=later(5)), new_id="g1-a")
        await ledger.end(failures=[_failure("f-1", "g1", 6), _failure("f-2", "g2", 7), _failure("f-9", "g1", 8)])

        assert {each.id: each.open for each in await ledger.groups()} == {"g1": 3, "g1-a": 1, "g2": 1}
        split = await ledger.group("g1-a")
        assert split is not None
        assert (split.reason, split.stage, split.open) == ("no rule", STAGE, 1)

    async def test_only_what_is_in_a_group_is_split_off(self, ledger: Ledger) -> None:
        """One that is not takes all of it back."""
        await ledger.end(failures=[_failure("f-1", "g1"), _failure("f-2", "g2", 1)])

        for failures in (["f-1", "f-2"], ["f-9"], []):
            with pytest.raises(ActRefused):
                await ledger.split_group("g1", failures, an_act("", "split"), new_id="g3")

        assert await ledger.group("g3") is None
        assert {each.id for each in await ledger.groups()} == {"g1", "g2"}

    async def test_a_merged_group_can_be_split(self, ledger: Ledger) -> None:
        """Also what came into it by the merge."""
        await ledger.end(failures=[_failure("f-1", "g1"), _failure("f-2", "g2", 1)])
        await ledger.merge_groups("g1", ["g2"], an_act("", "merge"))

        await ledger.split_group("g1", ["f-2"], an_act("", "split", at=later(1)), new_id="g3")

        assert {each.id: each.open for each in await ledger.groups()} == {"g1": 1, "g3": 1}


class TestGroupsOnSqlite(OnSqlite, GroupsContract):
    """The file backend."""


@pytest.mark.postgres
class TestGroupsOnPostgres(OnPostgres, GroupsContract):
    """The server backend, on a real one."""
