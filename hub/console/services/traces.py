"""An explanation of `hub.mapping`, as the API shows it."""

from __future__ import annotations

from typing import Any

import orjson

from hub.console.models import FieldTrace, Step, Trace
from hub.flow.explain import masked, pack
from hub.mapping.trace import NOTHING, Converted, Explained, Explanation


def trace_of(explanation: Explanation, *, gives: str, revision: str, hidden: bool = False) -> Trace:
    """Give it, bounded as one that is kept with a failure, with every value hidden where that is asked for."""
    # Through what is kept: so it has no more than JSON can hold, and no more than a screen can.
    kept = Explanation.read(orjson.loads(pack(explanation)))
    shown = masked(kept) if hidden else kept
    return Trace(
        gives=gives,
        revision=revision,
        failure=shown.failure,
        fields=[_field(each) for each in shown.fields],
        unread=list(shown.unread),
    )


def _field(field: Explained) -> FieldTrace:
    return FieldTrace(
        target=field.target,
        rule=field.rule,
        layer=field.layer,
        source=field.source,
        line=field.line,
        raw=_value(field.raw),
        steps=[_step(each) for each in field.steps],
        value=_value(field.value),
        has_value=field.value is not NOTHING,
        reason=field.reason,
    )


def _step(step: Converted) -> Step:
    return Step(function=step.function, given=_value(step.given), gives=_value(step.gives), refused=step.refused)


def _value(value: Any) -> Any:  # noqa: ANN401 - a value of a message
    return None if value is NOTHING else value
