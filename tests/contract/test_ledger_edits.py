"""What every ledger promises about corrections: proposed, judged, applied once, and the original kept."""

from __future__ import annotations

from itertools import pairwise

import pytest

from hub.config.policy import EDITS_OPEN_MAX
from hub.errors import ActRefused
from hub.ledger.contract import Ledger
from hub.ledger.edits import EditLine, EditState, Made, base_of
from hub.ledger.entries import ParkedItem
from tests.support.ledger_contract import LedgerContract, OnPostgres, OnSqlite
from tests.support.ledger_entries import NOON, STAGE, a_delivery, a_failure, a_parked_item, an_act, an_edit, later


class EditsContract(LedgerContract):
    """`request`, `propose`, `proposal`, `proposals`, `edit_lines`, `judge`, `edit`, `original`."""

    @pytest.fixture
    async def item(self, ledger: Ledger) -> ParkedItem:
        """Park an item with its failure."""
        await ledger.end(parked=[a_parked_item("e1")], failures=[a_failure("f-1")])
        item = await ledger.parked(STAGE, "e1")
        assert item is not None
        return item

    async def test_what_was_to_be_sent_is_kept_of_the_last_attempt(self, ledger: Ledger) -> None:
        """As it was given; by the whole id of the failure."""
        first = Made("f-1", NOON, "abc", "zgw", is_json=True, content=b"{}")
        last = Made("f-1", later(0.000001), "abd", "zakLk01", is_json=False, content=b"\x00<a/>")

        await ledger.end(made=[first._replace(failure_id="f-2"), first])
        await ledger.end(made=[last._replace(content=b"before"), last])

        assert await ledger.request("f-1") == last
        assert await ledger.request("f-2") == first._replace(failure_id="f-2")
        assert await ledger.request("f-") is None

    async def test_a_proposed_edit_changes_nothing(self, ledger: Ledger, item: ParkedItem) -> None:
        """It comes back as it went, by its id, by the beginning of it, and by its failure."""
        edit = an_edit("cafe-1", item)

        await ledger.propose(edit, an_act("f-1", "edit-propose"))
        newer = edit._replace(id="cafe-2", made_at=later(1))
        await ledger.propose(newer, an_act("f-1", "edit-propose", at=later(1)))

        assert await ledger.proposal("cafe-1") == edit
        assert await ledger.proposal("cafe") is None
        assert await ledger.proposals("f-1") == [newer, edit]
        assert await ledger.proposals("f-2") == []
        assert await ledger.parked(STAGE, "e1") == item
        assert await ledger.original(STAGE, "e1") is None

    async def test_a_list_of_edits_has_no_content(self, ledger: Ledger, item: ParkedItem) -> None:
        """The newest of a failure, and no more than is asked."""
        edits = [an_edit(f"cafe-{at}", item)._replace(made_at=later(at)) for at in range(3)]
        for each in edits:
            await ledger.propose(each, an_act("f-1", "edit-propose"))

        lines = await ledger.edit_lines("f-1", limit=2)

        assert lines == [
            EditLine(each.id, each.part, each.state, each.made_by, each.made_at, each.reason, each.approved_by)
            for each in (edits[2], edits[1])
        ]
        assert await ledger.edit_lines("f-2", limit=2) == []

    async def test_only_so_many_edits_of_a_failure_wait(self, ledger: Ledger, item: ParkedItem) -> None:
        """Each holds the message twice; one that is rejected makes room."""
        for at in range(EDITS_OPEN_MAX):
            await ledger.propose(an_edit(f"c-{at}", item), an_act("f-1", "edit-propose"))

        with pytest.raises(ActRefused) as refused:
            await ledger.propose(an_edit("c-more", item), an_act("f-1", "edit-propose"))
        await ledger.judge("c-0", EditState.REJECTED, an_act("f-1", "edit-reject"))
        await ledger.propose(an_edit("c-room", item), an_act("f-1", "edit-propose"))

        assert refused.value.code == "te-veel-correcties"
        assert await ledger.proposal("c-more") is None

    async def test_an_edit_replaces_and_keeps_the_first_original(self, ledger: Ledger, item: ParkedItem) -> None:
        """Value and headers change, the first value is kept for ever, the failure says when."""
        second, third = item._replace(value=b"second", headers=b"h2"), item._replace(value=b"third", headers=b"h3")
        await ledger.propose(an_edit("c-1", item), an_act("f-1", "edit-propose"))

        await ledger.edit(an_edit("c-1", item), second, an_act("f-1", "edit", at=later(1)))
        await ledger.edit(an_edit("c-2", second, after=b"third"), third, an_act("f-1", "edit", at=later(2)))

        assert await ledger.parked(STAGE, "e1") == third
        assert await ledger.original(STAGE, "e1") == item.value
        failure, edit = await ledger.failure("f-1"), await ledger.proposal("c-1")
        assert failure is not None
        assert failure.edited_at == later(2)
        assert edit is not None
        assert (edit.state, edit.ended_at) == (EditState.APPLIED, later(1))

    async def test_a_worker_does_not_undo_an_edit(self, ledger: Ledger, item: ParkedItem) -> None:
        """It had the item in hand as it was; when that fails again the edited value stays, also in the failure."""
        await ledger.edit(an_edit("c-1", item), item._replace(value=b"better"), an_act("f-1", "edit"))

        await ledger.end(parked=[item._replace(attempts=9)], failures=[a_failure("f-1")])

        assert await ledger.parked(STAGE, "e1") == item._replace(value=b"better", attempts=9)
        failure = await ledger.failure("f-1")
        assert failure is not None
        assert failure.edited_at == NOON

    async def test_what_is_not_parked_is_not_edited(self, ledger: Ledger) -> None:
        """It was delivered meanwhile: the operator hears so and nothing is changed."""
        gone = a_parked_item("e1")

        with pytest.raises(ActRefused, match="went on"):
            await ledger.propose(an_edit("c-1", gone), an_act("f-1", "edit-propose"))
        with pytest.raises(ActRefused, match="went on"):
            await ledger.edit(an_edit("c-1", gone), gone, an_act("f-1", "edit"))

        assert await ledger.proposal("c-1") is None
        assert await ledger.original(STAGE, "e1") is None

    async def test_of_two_edits_the_second_is_overtaken(self, ledger: Ledger, item: ParkedItem) -> None:
        """They were made for the same content, which the first replaced: the second must be made anew."""
        await ledger.propose(an_edit("c-1", item), an_act("f-1", "edit-propose"))
        await ledger.propose(an_edit("c-2", item), an_act("f-1", "edit-propose", at=later(1)))
        better = item._replace(value=b"better")

        await ledger.edit(an_edit("c-1", item), better, an_act("f-1", "edit", at=later(2)))
        with pytest.raises(ActRefused) as refused:
            await ledger.edit(an_edit("c-2", item), item._replace(value=b"worse"), an_act("f-1", "edit", at=later(3)))

        assert refused.value.code == "ingehaald"
        overtaken = await ledger.proposal("c-2")
        assert overtaken is not None
        assert (overtaken.state, overtaken.ended_at) == (EditState.OVERTAKEN, later(2))
        assert await ledger.parked(STAGE, "e1") == better

    async def test_an_edit_is_applied_once(self, ledger: Ledger, item: ParkedItem) -> None:
        """Whoever applies it again, or one that was rejected, is told; nothing changes."""
        await ledger.propose(an_edit("c-1", item), an_act("f-1", "edit-propose"))
        await ledger.judge("c-1", EditState.REJECTED, an_act("f-1", "edit-reject", at=later(1)))

        with pytest.raises(ActRefused):
            await ledger.edit(an_edit("c-1", item), item._replace(value=b"worse"), an_act("f-1", "edit", at=later(2)))

        assert await ledger.parked(STAGE, "e1") == item
        rejected = await ledger.proposal("c-1")
        assert rejected is not None
        assert (rejected.state, rejected.said) == (EditState.REJECTED, "because")

    async def test_an_edit_is_judged_once(self, ledger: Ledger, item: ParkedItem) -> None:
        """Approved by name; an approved one may still be rejected, a rejected one stays so."""
        await ledger.propose(an_edit("c-1", item), an_act("f-1", "edit-propose"))
        approval = an_act("f-1", "edit-approve", at=later(1))._replace(by="beheerder-2")

        await ledger.judge("c-1", EditState.APPROVED, approval)
        with pytest.raises(ActRefused, match="not waiting"):
            await ledger.judge("c-1", EditState.APPROVED, an_act("f-1", "edit-approve", at=later(2)))
        approved = await ledger.proposal("c-1")
        await ledger.judge("c-1", EditState.REJECTED, an_act("f-1", "edit-reject", at=later(3)))
        with pytest.raises(ActRefused, match="not waiting"):
            await ledger.judge("c-1", EditState.APPROVED, an_act("f-1", "edit-approve", at=later(4)))

        assert approved is not None
        assert (approved.state, approved.approved_by) == (EditState.APPROVED, "beheerder-2")

    async def test_what_goes_on_overtakes_what_was_proposed(self, ledger: Ledger, item: ParkedItem) -> None:
        """Delivered or dropped: nobody needs to look at the edit any more."""
        await ledger.propose(an_edit("c-1", item), an_act("f-1", "edit-propose"))

        await ledger.end(released=[item])

        edit = await ledger.proposal("c-1")
        assert edit is not None
        assert edit.state is EditState.OVERTAKEN

    @pytest.mark.parametrize("late", [True, False])
    async def test_what_was_tried_as_it_was_before_goes_on_without_the_edit(
        self, ledger: Ledger, item: ParkedItem, *, late: bool
    ) -> None:
        """Applied while the message was under way: nobody is told that it went out corrected. What was tried is."""
        await ledger.end(parked=[item._replace(failure_id="f-1")])
        contents = [item._replace(failure_id="f-1", value=value) for value in (item.value, b"2", b"3", b"4")]
        for number, (before, after) in enumerate(pairwise(contents), 1):
            act = an_act("f-1", "edit", at=later(number))
            await ledger.edit(an_edit(f"c-{number}", before, after=after.value), after, act)

        await ledger.end(deliveries=[a_delivery("e1")], released=[contents[1 if late else 3]])

        states = [each.state for each in reversed(await ledger.proposals("f-1"))]
        lost = EditState.OVERTAKEN if late else EditState.APPLIED
        assert sorted(states) == sorted([EditState.APPLIED, lost, lost])
        first = await ledger.proposal("c-1")
        assert first is not None
        assert first.state is EditState.APPLIED
        assert await ledger.queue(STAGE, "z1") == []

    async def test_another_attempt_is_no_other_content(self, ledger: Ledger, item: ParkedItem) -> None:
        """An edit stays good while the item is tried again: only its content counts."""
        await ledger.propose(an_edit("c-1", item), an_act("f-1", "edit-propose"))
        await ledger.end(parked=[item._replace(attempts=9, next_at=later(9))], failures=[a_failure("f-1")])
        again = await ledger.parked(STAGE, "e1")
        assert again is not None

        await ledger.edit(an_edit("c-1", item), again._replace(value=b"better"), an_act("f-1", "edit"))

        assert base_of(again) == base_of(item)
        assert await ledger.parked(STAGE, "e1") == again._replace(value=b"better")


class TestEditsOnSqlite(OnSqlite, EditsContract):
    """The file backend."""


@pytest.mark.postgres
class TestEditsOnPostgres(OnPostgres, EditsContract):
    """The server backend, on a real one."""
