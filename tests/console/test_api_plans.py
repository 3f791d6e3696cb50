"""Who may do what with a plan that sends messages of one connection to another."""

from __future__ import annotations

from http import HTTPStatus

import pytest

from hub.ledger.entries import OperatorAct
from hub.ledger.plans import Plan, PlanLimits, PlanMode, PlanState, Selection, Superseded
from hub.ledger.rows import EVER
from tests.support.console_api import FORMULIEREN, ZGW, Api

REASONED = {"reason": "as agreed with the target"}


@pytest.fixture
async def redirected(api: Api) -> str:
    """Freeze a plan of what failed at ZGW, for another target; give its id."""
    now, ledger = api.clock.now(), api.town.hub.app.ledger
    plan = Plan(
        id="omgeleid",
        state=PlanState.FROZEN,
        state_reason="",
        made_by="beheerder",
        made_at=now,
        reason="to see what the other makes of it",
        approved_by="",
        needs_approval=False,
        mode=PlanMode.EVENT,
        superseded=Superseded.REPLAY,
        redirect=FORMULIEREN,
        ramp=(),
        per_minute=60,
        stop_at=50_000,
        again_of="",
    )
    limits = PlanLimits(items_max=100, replays_max=5, bus_since=EVER[0])
    act = OperatorAct("", "plan", plan.made_by, plan.reason, now, on=f"plan:{plan.id}")
    assert await ledger.freeze(plan, Selection(stages=(ZGW,)), limits, act) is not None
    await ledger.plan_ready(plan.id, expected_s=1, needs_approval=False)
    return plan.id


@pytest.mark.parametrize("by", ["alleen-formulieren", "alleen-zgw"])
async def test_a_redirected_plan_is_for_who_sees_both_ends(api: Api, redirected: str, by: str) -> None:
    """It tells of zaken of the one, and of what happens at the other: half a right is none."""
    commands = ("start", "cancel", "again", "approve")

    asked = [await api.get(path, by=by) for path in (f"/plans/{redirected}", f"/plans/{redirected}/items")]
    said = [await api.post(f"/plans/{redirected}/commands", {"command": each, **REASONED}, by=by) for each in commands]

    assert [each.status_code for each in (*asked, *said)] == [HTTPStatus.NOT_FOUND] * 6
    assert (await api.get("/plans", by=by)).json()["items"] == []
    assert (await api.get(f"/plans/{redirected}", by="lezer")).json()["targets"] == {FORMULIEREN: 4}


async def test_who_may_not_redirect_starts_no_redirected_plan_and_makes_none_of_its_rest(
    api: Api, redirected: str
) -> None:
    """Whoever made it; to end it is what an operator may."""
    path = f"/plans/{redirected}/commands"

    start = await api.post(path, {"command": "start", **REASONED})
    cancel = await api.post(path, {"command": "cancel", **REASONED})
    again = await api.post(path, {"command": "again", **REASONED})
    more = await api.post(path, {"command": "again", **REASONED}, by="koppelbeheerder")

    answers = [each.status_code for each in (start, cancel, again)]
    assert answers == [HTTPStatus.FORBIDDEN, HTTPStatus.OK, HTTPStatus.FORBIDDEN]
    assert "omleiden" in start.json()["detail"]
    assert more.is_success
    begun = await api.post(
        f"/plans/{more.json()['id']}/commands", {"command": "start", **REASONED}, by="koppelbeheerder"
    )
    assert (begun.status_code, begun.json()["state"]) == (HTTPStatus.OK, "loopt")
