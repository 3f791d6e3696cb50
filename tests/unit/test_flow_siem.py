"""The audit as a SIEM reads it."""

from __future__ import annotations

import orjson

from hub.bus.topics import Topics
from hub.desk.siem import ecs
from hub.ledger.audit import GENESIS, line_of
from hub.ledger.entries import OperatorAct
from tests.support.ledger_entries import NOON

ALLOWED = {
    "authentication": {"start", "end", "info"},
    "session": {"start", "end", "info"},
    "configuration": {"access", "change", "creation", "deletion", "info"},
    "database": {"access", "change", "info", "error"},
}
"""Of ECS: which types go with a category."""


def _line(act: str, *, on: str = "") -> dict[str, object]:
    failure = "" if on else "f-1"
    line = line_of(OperatorAct(failure, act, "jan", "because of it", NOON, on=on, detail='{"n":1}'))
    return ecs(line.sealed(7, GENESIS), Topics("test", "1900"))


def test_a_line_has_what_a_siem_looks_for() -> None:
    """Who, what, when, why; and what is needed to find it back in the chain."""
    told = orjson.loads(orjson.dumps(_line("replay")))

    assert told["@timestamp"] == "2026-11-22T12:00:00+00:00"
    assert told["user"] == {"name": "jan"}
    assert told["event"]["action"] == "replay"
    assert told["event"]["reason"] == "because of it"
    assert (told["event"]["id"], told["event"]["sequence"]) == ("test.1900.7", 7)
    assert len(told["event"]["hash"]) == 64
    assert told["zaakhub"] == {"on": "fout:f-1", "previous": GENESIS, "detail": {"n": 1}}
    assert told["message"] == "jan: replay fout:f-1"


def test_every_act_has_a_category_and_a_type_that_go_together() -> None:
    """Those that we know and those that come later."""
    for act in ("replay", "unmask", "pause", "plan-start", "aanmelden", "afmelden", "case", "later", "search-person"):
        event = _line(act, on="koppeling:x")["event"]
        assert isinstance(event, dict)
        [category], [kind] = event["category"], event["type"]
        assert kind in ALLOWED[category]
