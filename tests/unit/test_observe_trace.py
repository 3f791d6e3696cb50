"""The trace of a call: taken over from who asks, told to who is asked."""

from __future__ import annotations

import pytest

from hub.observe import trace

PARENT = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"


def test_a_trace_goes_on_below_the_operation_of_the_caller() -> None:
    """Within the call only."""
    with trace.begun(PARENT) as begun:
        assert trace.current() is begun
        assert (begun.trace_id, begun.parent) == ("0af7651916cd43dd8448eb211c80319c", "b7ad6b7169203331")
        assert begun.traceparent == f"00-{begun.trace_id}-{begun.operation_id}-01"
        assert begun.operation_id != begun.parent
    assert trace.current() is None


@pytest.mark.parametrize(
    "given",
    [
        "",
        "onzin",
        PARENT.upper(),
        PARENT[:-1],
        "00-" + "0" * 32 + "-b7ad6b7169203331-01",
        "00-0af7651916cd43dd8448eb211c80319c-" + "0" * 16 + "-01",
        f"{PARENT}\r\nx: y",
    ],
)
def test_what_is_no_traceparent_begins_a_trace(given: str) -> None:
    """As the recommendation wants (W3C Trace Context §3.2.2)."""
    with trace.begun(given) as begun:
        assert begun.parent == ""
        assert len(begun.trace_id) == 32
        assert "\n" not in begun.traceparent


def test_what_is_done_again_for_a_message_is_the_same_operation() -> None:
    """Of the trace of its sender, or of one that all that is done for it shares."""
    first = trace.joined(PARENT, cause="m1", doing="uit e1")

    assert first == trace.joined(PARENT, cause="m1", doing="uit e1")
    assert (first.trace_id, first.parent) == ("0af7651916cd43dd8448eb211c80319c", "b7ad6b7169203331")
    alone, other = (trace.joined("", cause="m1", doing=each) for each in ("uit e1", "elders e1"))
    assert alone.trace_id == other.trace_id != trace.joined("", cause="m2", doing="uit e1").trace_id
    assert alone.operation_id != other.operation_id
    assert trace.operation_of(first, "jan") == trace.operation_of(first, "jan") != trace.operation_of(alone, "jan")
    assert trace.is_traceparent(first.traceparent)
    assert not trace.is_traceparent("onzin")
