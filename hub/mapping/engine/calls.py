"""The functions of a `via`, found by name and given their settings.

It knows what a function may be given; it refuses to know rules and rows.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from hub.config.likely import did_you_mean
from hub.config.yaml import Place, Scalar
from hub.mapping.engine.filling import Applied
from hub.mapping.engine.shape import Scope
from hub.mapping.engine.values import Value
from hub.mapping.functions import FUNCTIONS, Function, Setting
from hub.mapping.functions.contract import Apply
from hub.mapping.grammar import HATCHES
from hub.mapping.paths import Source
from hub.mapping.read import Files
from hub.mapping.rules import Call, wrong

_FLAT = ("text", "number", "boolean")


class Functions:
    """What the rules of one mapping may call: every function, but an escape hatch only when it is allowed."""

    def __init__(self, files: Files, allow: Iterable[str]) -> None:
        """Take the files with its tables."""
        self._files = files
        self._allow = frozenset(allow)

    def applied(self, calls: tuple[Call, ...]) -> tuple[Applied, ...]:
        """Give the functions in order, ready to be called; raises ConfigurationWrong."""
        made = [self._function(call) for call in calls]
        for before, after, call in zip(made, made[1:], calls[1:], strict=False):
            if after.takes not in (before.gives, "any") and before.gives != "any":
                wrong(call.place, f"`{after.name}` takes {after.takes}, but `{before.name}` gives {before.gives}")
        return tuple(
            Applied(
                name=each.name,
                apply=self._apply(call, each),
                attributes=bool(each.attributes),
                nested=each.gives not in _FLAT,
                bare=each.bare,
                place=call.place,
            )
            for call, each in zip(calls, made, strict=True)
        )

    def note(self, calls: tuple[Call, ...], paths: Iterable[Source], scope: Scope) -> None:
        """Count the attributes that the functions read beside the values at `paths` as read with them."""
        names = {name for call in calls for name in self._function(call).attributes}
        for path in paths:
            if names and not (path.attribute or path.context):
                scope.leaf(path).noted.update(names)

    def _function(self, call: Call) -> Function:
        if call.name not in FUNCTIONS:
            wrong(call.place, f"there is no function `{call.name}`", did_you_mean(call.name, FUNCTIONS))
        if call.name in HATCHES and call.name not in self._allow:
            wrong(
                call.place,
                f"`{call.name}` is an escape hatch, and this mapping does not allow it",
                f"use the functions of the language; if none does it, write `allow: [{call.name}]` at the top",
            )
        return FUNCTIONS[call.name]

    def _apply(self, call: Call, function: Function) -> Apply:
        known = {each.name: each for each in function.settings}
        if call.bare and not function.settings:
            wrong(call.bare[1], f"`{call.name}` takes no setting")
        bare = ((function.settings[0].name, *call.bare),) if call.bare else ()
        values: dict[str, Any] = {}
        for name, value, place in (*bare, *call.settings):
            if name not in known:
                wrong(place, f"`{call.name}` has no setting `{name}`", did_you_mean(name, known))
            values[name] = self._setting(known[name], value, place)
        for each in function.settings:
            if each.required and each.name not in values:
                wrong(call.place, f"`{call.name}` needs `{each.name}`: {each.summary}")
        try:
            return function.make(**values)
        except ValueError as problem:
            wrong(call.place, str(problem))

    def _setting(self, setting: Setting, value: Scalar, place: Place) -> Value:
        if setting.kind == "table":
            return self._files.table(str(value), place)
        if setting.kind == "number":
            if not isinstance(value, int) or isinstance(value, bool) or value < 0:
                wrong(place, f"`{setting.name}` is a whole number")
            return value
        if setting.kind != "text" and value not in setting.kind:
            wrong(place, f"`{setting.name}` is not `{value}`", did_you_mean(str(value), setting.kind))
        return str(value)


def element_wanted(calls: tuple[Call, ...]) -> bool:
    """Tell whether the first function reads a whole element."""
    function = FUNCTIONS.get(calls[0].name) if calls else None
    return function is not None and (function.takes == "element" or function.whole)


def composite(calls: tuple[Call, ...]) -> bool:
    """Tell whether the last function gives an object."""
    return bool(calls) and calls[-1].name in FUNCTIONS and FUNCTIONS[calls[-1].name].gives == "object"
