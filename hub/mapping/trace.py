"""Why every field of a result is what it is: the rule, the line of the message, the raw value, each function's step.

Values only; whoever shows or keeps them knows that they may be personal.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple


class _Nothing:
    """What is written where a rule writes nothing."""

    def __repr__(self) -> str:
        return "NOTHING"


NOTHING = _Nothing()


class Converted(NamedTuple):
    """One function of a `via`: what it was given and gave; `refused` is its reason when it gave nothing but that."""

    function: str
    given: Any
    gives: Any
    refused: str = ""


class Explained(NamedTuple):
    """One target field.

    `target` has the numbers of the items, from 0 (`zaak.rollen[1].naam`); `rule` is `file:line`; `layer` says which
    layer's rule it is; `source` is the path of the value that was used, or all that were looked at (`a | b`); `line` is
    that of the message (0 in JSON). `value` is what was written, NOTHING when nothing was; then, and for null, `reason`
    says why.
    """

    target: str
    rule: str
    layer: str
    source: str
    line: int
    raw: Any
    steps: tuple[Converted, ...]
    value: Any
    reason: str = ""


class Explanation(NamedTuple):
    """A whole run. `failure` is the reason of the rule that stopped it: the last of `fields`; empty when none did."""

    fields: tuple[Explained, ...]
    unread: tuple[str, ...]
    failure: str = ""

    def plain(self) -> dict[str, Any]:
        """Give it as JSON data; a field that has no value has no `value`."""
        return {"fields": [_field(each) for each in self.fields], "unread": list(self.unread), "failure": self.failure}

    @classmethod
    def read(cls, plain: Mapping[str, Any]) -> Explanation:
        """Undo `plain`."""
        fields = tuple(
            Explained(
                target=each.get("target", ""),
                rule=each.get("rule", ""),
                layer=each.get("layer", ""),
                source=each.get("source", ""),
                line=each.get("line", 0),
                raw=each.get("raw"),
                steps=tuple(Converted(**step) for step in each.get("steps", ())),
                value=each.get("value", NOTHING),
                reason=each.get("reason", ""),
            )
            for each in plain["fields"]
        )
        return cls(fields, tuple(plain["unread"]), plain["failure"])


def _field(field: Explained) -> dict[str, Any]:
    said = {
        name: value
        for name, value in field._asdict().items()
        if value is not NOTHING and (name == "value" or value not in ("", ()))
    }
    if field.steps:
        said["steps"] = [_step(each) for each in field.steps]
    return said


def _step(step: Converted) -> dict[str, Any]:
    return {name: value for name, value in step._asdict().items() if not (name == "refused" and not value)}
