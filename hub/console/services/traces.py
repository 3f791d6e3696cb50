"""An explanation of `hub.mapping`, as the API shows it."""

from __future__ import annotations

from typing import Any

import orjson

from hub.console.models.content import FieldTrace, Step, Trace
from hub.flow.explain import masked, pack
from hub.mapping.trace import NOTHING, Converted, Explained, Explanation


def trace_of(explanation: Explanation, *, gives: str, revision: str, hidden: bool = False) -> Trace:
    """Give it, bounded as one that is kept with a failure, with every value hidden where that is asked for."""
    # Through what is kept: so it has no more than JSON can hold, and no more than a screen can.
    kept = Explanation.read(orjson.loads(pack(explanation)))
    return trace_of_packed(masked(kept) if hidden else kept, gives=gives, revision=revision)


def trace_of_packed(kept: Explanation, *, gives: str, revision: str) -> Trace:
    """Give one that was bounded already: to fold it again would take away what the first time left."""
    return Trace(
        gives=gives,
        revision=revision,
        failure=kept.failure,
        fields=[_field(each) for each in kept.fields],
        unread=list(kept.unread),
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
