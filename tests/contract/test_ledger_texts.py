"""Texts in the ledger: what a person typed is kept without BSNs, and what is no text stops nothing."""

from __future__ import annotations

import orjson
import pytest

from hub.ledger.audit import AuditFilter
from hub.ledger.contract import Ledger
from hub.ledger.edits import EditState
from hub.ledger.entries import MessageKey, OperatorAct, Revision, RevisionState
from hub.ledger.groups import Notes
from hub.ledger.plans import PlanState
from tests.support.ledger_contract import LedgerContract, OnPostgres, OnSqlite
from tests.support.ledger_entries import NOON, STAGE, a_failure, a_parked_item, an_arrival, an_edit, later
from tests.support.ledger_plans import ALL, LIMITS, a_plan, fill

TYPED = "burger 999990019 belde"
KEPT = "burger *** belde"


class TextsContract(LedgerContract):
    """What both backends must do."""

    # Typed by people

    async def test_no_act_keeps_a_bsn(self, ledger: Ledger) -> None:
        """Not in its reason, and not in what was asked for, however deep: it can't be taken out of the audit."""
        detail = {"selection": {"text": TYPED, "failures": [TYPED, "f-1"], "number": 12}, "mode": "bericht"}
        await ledger.acted([OperatorAct("", "plan", "jan", f" {TYPED} ", NOON, detail=orjson.dumps(detail).decode())])

        [line] = await ledger.audit_lines(AuditFilter(act="plan"))

        assert line.reason == KEPT
        assert orjson.loads(line.detail) == {
            "selection": {"text": KEPT, "failures": [KEPT, "f-1"], "number": 12},
            "mode": "bericht",
        }

    async def test_no_edit_keeps_a_bsn_in_its_reasons(self, ledger: Ledger) -> None:
        """Neither why it was made, nor what was said of it: everybody who may see the failure reads these."""
        item = a_parked_item("e1")._replace(failure_id="f-1")
        await ledger.end(parked=[item], failures=[a_failure("f-1")])
        await ledger.propose(an_edit("edit-1", item)._replace(reason=TYPED), _act("edit-propose"))
        await ledger.judge("edit-1", EditState.APPROVED, _act("edit-approve"))
        approved = await ledger.proposal("edit-1")
        await ledger.judge("edit-1", EditState.REJECTED, _act("edit-reject"))
        rejected = await ledger.proposal("edit-1")

        assert approved is not None
        assert rejected is not None
        assert (approved.reason, approved.said, rejected.said) == (KEPT, KEPT, KEPT)

    async def test_no_plan_keeps_a_bsn_in_its_reasons(self, ledger: Ledger) -> None:
        """Neither why it was made, nor why it was ended."""
        await fill(ledger, "A", 1)
        await ledger.freeze(a_plan("plan-1")._replace(reason=TYPED), ALL, LIMITS, _act("plan"))
        await ledger.cancel_plan("plan-1", _act("plan-cancel"))

        plan = await ledger.plan("plan-1")

        assert plan is not None
        assert (plan.state, plan.reason, plan.state_reason) == (PlanState.CANCELLED, KEPT, KEPT)

    async def test_no_group_keeps_a_bsn_in_its_notes(self, ledger: Ledger) -> None:
        """Addresses of colleagues stay: they are what these are for."""
        await ledger.end(failures=[a_failure("f-1")._replace(fingerprint="g1")])
        colleague = "jan@gemeente.example.nl 9999.90.019"

        await ledger.change_group("g1", Notes(TYPED, colleague, "https://x.example.nl/999990019"), _act("note"))

        group = await ledger.group("g1")
        assert group is not None
        assert group.notes == Notes(KEPT, "jan@gemeente.example.nl ***", "https://x.example.nl/***")

    async def test_no_revision_keeps_a_bsn_in_its_reason(self, ledger: Ledger) -> None:
        """It stands in a list that everybody may see."""
        revision = Revision(STAGE, 0, "r1", RevisionState.PREPARED, 0, NOON, "jan", TYPED, NOON)

        await ledger.prepare(revision, b"files", over=0, stale_before=NOON)

        [kept] = await ledger.revisions(STAGE, 10)
        assert kept.reason == KEPT

    # No text

    @pytest.mark.parametrize("wrong", ["\0", "\ud800", "a\udfff\0b"])
    async def test_what_is_no_text_stops_nobody(self, ledger: Ledger, wrong: str) -> None:
        """Whoever writes sees to it before; for who forgot, it is kept with a mark in it, and so is what is beside."""
        marked = "".join("\ufffd" if each in "\0\ud800\udfff" else each for each in wrong)
        item = a_parked_item("e1")._replace(failure_id="f-1")
        good = a_parked_item("e2", lane="B")
        await ledger.end(
            parked=[item._replace(lane=f"A{wrong}"), good],
            failures=[a_failure("f-1")._replace(reason=f"not {wrong}", zaak=f"A{wrong}")],
        )
        await ledger.admit([an_arrival("1")._replace(unread=f"{wrong}/veld"), an_arrival("2", place=2)])
        begun = await ledger.begin(STAGE, {("t", 0): 1}, [f"e{wrong}"], {f"A{wrong}", "B"})
        failure = await ledger.failure("f-1")
        seen = await ledger.seen([MessageKey("c", "s", wrong), an_arrival("2").key])

        assert failure is not None
        assert failure.reason in (f"not {marked}", f"not {wrong}")
        assert "B" in begun.parked
        assert list(seen) == [an_arrival("2").key]


def _act(act: str) -> OperatorAct:
    return OperatorAct("", act, "jan", TYPED, later(1))


class TestTextsOnSqlite(OnSqlite, TextsContract):
    """The file backend."""


@pytest.mark.postgres
class TestTextsOnPostgres(OnPostgres, TextsContract):
    """The server backend, on a real one."""
