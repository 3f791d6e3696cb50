"""The functions of a `via`, found by name, given their settings, and joined into one conversion.

It knows what a function may be given; it refuses to know rules and slots.
"""

from __future__ import annotations

from typing import Any

from hub.config.likely import did_you_mean
from hub.config.yaml import Place, Scalar
from hub.mapping.functions import FUNCTIONS, Function, Setting
from hub.mapping.functions.contract import Apply, is_element
from hub.mapping.read import Files
from hub.mapping.rules import Call, wrong
from hub.mapping.shape import Value
from hub.mapping.steps import Convert
from hub.mapping.walk import NAMES


def pipeline(calls: tuple[Call, ...], files: Files) -> Convert:
    """Join one function or more, in order; raises ConfigurationWrong."""
    made = [(_function(call), _apply(call, files)) for call in calls]
    for (before, _), (after, _), call in zip(made, made[1:], calls[1:], strict=False):
        if after.takes not in (before.gives, "any") and before.gives != "any":
            wrong(call.place, f"`{after.name}` takes {after.takes}, but `{before.name}` gives {before.gives}")
    if len(made) == 1 and not made[0][0].attributes:
        only = made[0][1]
        return lambda value, _item: only(value)

    def convert(value: Value, item: Value) -> Value:
        for function, apply in made:
            value = apply(value, _attributes(item)) if function.attributes else apply(value)
            if value is None:
                return None
        return value

    return convert


def attributes_read(calls: tuple[Call, ...]) -> tuple[str, ...]:
    """Give the attributes that the functions read beside the value."""
    return tuple(dict.fromkeys(name for call in calls for name in _function(call).attributes))


def element_wanted(calls: tuple[Call, ...]) -> bool:
    """Tell whether the first function reads a whole element."""
    return bool(calls) and _function(calls[0]).takes == "element"


def composite(calls: tuple[Call, ...]) -> bool:
    """Tell whether the last function gives an object."""
    return bool(calls) and _function(calls[-1]).gives == "object"


def _function(call: Call) -> Function:
    if call.name not in FUNCTIONS:
        wrong(call.place, f"there is no function `{call.name}`", did_you_mean(call.name, FUNCTIONS))
    return FUNCTIONS[call.name]


def _apply(call: Call, files: Files) -> Apply:
    function = _function(call)
    known = {each.name: each for each in function.settings}
    if call.bare and not function.settings:
        wrong(call.bare[1], f"`{call.name}` takes no setting")
    bare = ((function.settings[0].name, *call.bare),) if call.bare else ()
    values: dict[str, Any] = {}
    for name, value, place in (*bare, *call.settings):
        if name not in known:
            wrong(place, f"`{call.name}` has no setting `{name}`", did_you_mean(name, known))
        values[name] = _setting(known[name], value, place, files)
    for each in function.settings:
        if each.required and each.name not in values:
            wrong(call.place, f"`{call.name}` needs `{each.name}`: {each.summary}")
    return function.make(**values)


def _setting(setting: Setting, value: Scalar, place: Place, files: Files) -> Value:
    if setting.kind == "table":
        return files.table(str(value), place)
    if setting.kind == "number":
        if not isinstance(value, int) or isinstance(value, bool) or value < 0:
            wrong(place, f"`{setting.name}` is a whole number")
        return value
    if setting.kind != "text" and value not in setting.kind:
        wrong(place, f"`{setting.name}` is not `{value}`", did_you_mean(str(value), setting.kind))
    return str(value)


def _attributes(item: Value) -> dict[str, str]:
    if is_element(item):
        return {NAMES[name]: str(value) for name, value in item.items()}
    return {}
