"""What `zaakhub replay` draws: a plan on one line, and how far it is."""

from __future__ import annotations

from io import StringIO

import pytest
from rich.console import Console

from hub.cli.progress import _drawn, _Speed, headline, size
from hub.ledger.plans import Plan, PlanMode, PlanState, Superseded
from tests.support.ledger_entries import NOON

_PLAN = Plan(
    "3f2a9c1b7d42",
    PlanState.RUNNING,
    "",
    "jan",
    NOON,
    "the [catalogus] was mended",
    "",
    False,
    PlanMode.EVENT,
    Superseded.SKIP,
    "",
    (1, 10, 100),
    600,
    50_000,
    "",
    step=2,
    total=1000,
    zaken=50,
    waiting=600,
    released=40,
    delivered=350,
    failed=10,
)


def _text(plan: Plan) -> list[str]:
    console = Console(file=StringIO(), width=120, color_system=None)
    console.print(_drawn(plan, _Speed()))
    assert isinstance(console.file, StringIO)
    return [line.rstrip() for line in console.file.getvalue().splitlines()]


def test_a_plan_at_work_shows_how_far_it_is() -> None:
    """The state, what has ended, the step, the counts, the rate; a reason is text and no markup."""
    shown = _text(_PLAN)

    assert shown[0] == "plan 3f2a9c1b7d42  loopt  the [catalogus] was mended"
    assert shown[1].endswith("360 of 1,000  36%")
    assert shown[2] == "step  ✓ 1   ✓ 10   ▸ 100   · all"
    assert shown[3] == "350 delivered   10 failed (3%)   40 under way   600 waiting"
    assert shown[4].startswith("0 per minute of at most 600")


@pytest.mark.parametrize(
    ("state", "said", "last"),
    [
        (PlanState.PAUSED, "10 of 100 failed", "→ zaakhub replay items 3f2a9c1b7d42 --state mislukt"),
        (
            PlanState.DONE,
            "",
            "→ zaakhub replay items 3f2a9c1b7d42   → the rest: zaakhub replay again 3f2a9c1b7d42",
        ),
    ],
)
def test_a_plan_that_stands_still_says_why_and_what_next(state: PlanState, said: str, last: str) -> None:
    """Paused: the reason. Ended: the rest is a plan of its own."""
    shown = _text(_PLAN._replace(state=state, state_reason=said, released=0, waiting=0, not_done=640))

    assert shown[0] == f"plan 3f2a9c1b7d42  {state.value}  {said or 'the [catalogus] was mended'}"
    assert shown[-1] == last


def test_a_plan_on_one_line() -> None:
    """One and many are told apart."""
    assert size(_PLAN) == "1000 messages of 50 zaken"
    assert size(_PLAN._replace(total=1, zaken=1)) == "1 message of 1 zaak"
    assert "delivered" not in headline(_PLAN._replace(state=PlanState.FROZEN, failed=0))
    assert "350/1000 delivered" in headline(_PLAN)
