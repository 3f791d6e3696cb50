"""The named statements: each has its place, and the code uses all of them."""

from __future__ import annotations

import re
from pathlib import Path

from hub.ledger import postgres, sqlite, statements
from hub.ledger.edits import EditState
from hub.ledger.entries import DeliveryState, FailureState, RevisionState, Verdict, WaitState
from hub.ledger.plans import LaneState, PlanItemState, PlanState
from hub.ledger.statements import statements_for

_LEDGER = Path(statements.__file__).parent


def test_both_databases_have_the_same_statements() -> None:
    """Except locks and session settings, which SQLite does not need."""
    assert set(postgres._STATEMENTS) - set(sqlite._STATEMENTS) == {"alone", "session"}
    assert set(sqlite._STATEMENTS) <= set(postgres._STATEMENTS)


def test_every_statement_is_used() -> None:
    """A statement that no code names is dead."""
    code = "".join(file.read_text() for file in _LEDGER.rglob("*.py"))

    assert {name for name in postgres._STATEMENTS if f'"{name}"' not in code} == set()


def test_no_statement_is_in_the_code() -> None:
    """SQL stands in sql/, where one can read it without Python; what opens and ends transactions is not a statement."""
    verbs = re.compile(r'"(select|insert|update|delete|create|alter) ', re.IGNORECASE)

    assert [file.name for file in _LEDGER.rglob("*.py") if verbs.search(file.read_text())] == []


def test_states_in_statements_are_those_of_the_entries() -> None:
    """A statement names a state as it is stored."""
    known = {
        state.value
        for kind in (
            WaitState,
            FailureState,
            Verdict,
            DeliveryState,
            RevisionState,
            EditState,
            PlanState,
            PlanItemState,
            LaneState,
        )
        for state in kind
    }
    text = "".join(file.read_text() for file in (_LEDGER / "sql").glob("*.sql"))

    assert set(re.findall(r"(?:state|verdict) (?:=|<>) '([^']*)'", text)) <= known


def test_a_statement_has_no_semicolon_and_no_comment() -> None:
    """A driver gets the bare statement."""
    for name, text in statements_for("postgres").items():
        assert text, name
        assert ";" not in text.removeprefix("select"), name
        assert "--" not in text, name
