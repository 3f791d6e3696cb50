"""What a value is on its way from source to target: along `via`, and whether the target takes what comes out.

It knows kinds, functions and tables. It refuses to know paths and rules.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import NamedTuple

from hub.config.yaml import Place, Scalar
from hub.mapping.functions import FUNCTIONS, Function, Setting
from hub.mapping.grammar import HATCHES
from hub.mapping.lint.definition import Field
from hub.mapping.lint.findings import Finding, near
from hub.mapping.lint.tables import Table
from hub.mapping.lint.written import File, replaced
from hub.mapping.rules import Call

_DATE = re.compile(r"^\d{4}-\d{2}-\d{2}$").match
_MOMENT = re.compile(r"^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}").match
# What the simple types of StUF 03.01 hold that is written in another way in an event (§3).
_STUF = {"Datum": "naar-stuf-datum", "Tijdstip": "naar-stuf-tijdstip", "Indicatie": "naar-stuf-indicatie"}
_STUF_READ = {"Datum": "stuf-datum", "Tijdstip": "stuf-tijdstip", "Indicatie": "stuf-indicatie"}
_XML_SCHEMA = {"date": "date", "dateTime": "moment"}
_NAMED_MAX = 3
"""Functions named in advice: more is a list to look up."""


class Value(NamedTuple):
    """What is known of a value: its kind (of Field, or of a function), its words, and the field it came from."""

    kind: str
    words: tuple[str, ...] = ()
    field: Field | None = None
    lower: bool = False
    table: Table | None = None


class Shelf(NamedTuple):
    """Where functions find tables, and the file a rule stands in."""

    file: File
    table: Callable[[str, Place], Table | None]
    found: list[Finding]


def of_field(field: Field | None) -> Value:
    """Tell what comes out of a field."""
    if field is None:
        return Value("any")
    if field.kind in {"date", "moment"}:
        return Value("text", field=field)
    return Value(field.kind, field.words, field)


def known(call: Call, shelf: Shelf) -> Function | None:
    """Find the function of a call; None, and a finding, when there is none."""
    function = FUNCTIONS.get(call.name)
    if function is None:
        guess = near(call.name, FUNCTIONS)
        fix = replaced(shelf.file, call.place, call.name, guess.only)
        reason = f"there is no function `{call.name}`"
        shelf.found.append(Finding("unknown-function", call.place, reason, guess.advice, fix))
    return function


def settings(call: Call, function: Function, shelf: Shelf) -> Mapping[str, Scalar]:
    """Check the settings of a call, and give those that fit."""
    names = {each.name: each for each in function.settings}
    given: dict[str, Scalar] = {}
    if call.bare and not function.settings:
        reason = f"`{call.name}` takes no setting"
        shelf.found.append(Finding("function-setting", call.bare[1], reason, f"write `{call.name}`"))
    bare = ((function.settings[0].name, *call.bare),) if call.bare and function.settings else ()
    wrong = bool(call.bare and not function.settings)
    for name, value, place in (*bare, *call.settings):
        if name not in names:
            guess = near(name, names)
            where = _key_place(shelf.file, call, name) or place
            fix = replaced(shelf.file, where, name, guess.only)
            reason = f"`{call.name}` has no setting `{name}`"
            shelf.found.append(Finding("function-setting", where, reason, guess.advice, fix))
            wrong = True
        else:
            _setting(names[name], value, place, shelf)
            given[name] = value
    missing = [each for each in function.settings if each.required and each.name not in given]
    if missing and not wrong:
        reason = f"`{call.name}` needs `{missing[0].name}`: {missing[0].summary}"
        shelf.found.append(Finding("function-setting", call.place, reason))
    return given


def _key_place(file: File, call: Call, name: str) -> Place | None:
    if call.settings:
        before = [each for each in file.sets() if name in each.keys and each.get(name) is not None]
        for each in before:
            assert isinstance(each.value, dict)
            if any(each.value[name].place == place for label, _, place in call.settings if label == name):
                return each.keys[name]
    return None


def _setting(setting: Setting, value: Scalar, place: Place, shelf: Shelf) -> None:
    if setting.kind == "number" and (not isinstance(value, int) or isinstance(value, bool) or value < 0):
        shelf.found.append(Finding("function-setting", place, f"`{setting.name}` is a whole number"))
    if isinstance(setting.kind, tuple) and value not in setting.kind:
        guess = near(str(value), setting.kind)
        fix = replaced(shelf.file, place, str(value), guess.only)
        reason = f"`{setting.name}` is not `{value}`"
        shelf.found.append(Finding("function-setting", place, reason, guess.advice, fix))


def along(calls: tuple[Call, ...], value: Value, shelf: Shelf) -> Value:
    """Follow a value through functions; what does not fit is found once, and from there anything may be."""
    before = ""
    for call in calls:
        function = known(call, shelf)
        if function is None:
            return Value("any")
        given = settings(call, function, shelf)
        if call.name in HATCHES:
            value = Value("any")
            continue
        reason = _unfit(function, value, before)
        if reason:
            shelf.found.append(Finding("type-mismatch", call.place, reason, _instead(value, function.takes)))
            return Value("any")
        value = _after(function, given, call, value, shelf)
        before = call.name
    return value


def _unfit(function: Function, value: Value, before: str) -> str:
    takes, kind, xml = function.takes, value.kind, bool(value.field and value.field.xml)
    giver = f"`{before}` gives {kind}" if before else _holds(value)
    refuses = f"`{function.name}` takes {takes}, but {giver}"
    if function.whole or "any" in (takes, kind):
        return ""
    if before:
        return "" if takes == kind else refuses
    if takes == "element":
        return "" if xml and not (value.field and value.field.name.startswith("@")) else refuses
    return "" if takes == kind or (takes == "text" and kind == "number") else refuses


def _holds(value: Value) -> str:
    name = value.field.name if value.field else "the source"
    what = {"element": "other elements and no value", "object": "an object", "boolean": "true or false"}
    return f"`{name}` holds {what.get(value.kind, value.kind)}"


def _instead(value: Value, takes: str) -> str:
    if value.kind == "element":
        return "go on to the element that has the value"
    return _named(lambda each: each.takes == value.kind and each.gives == takes)


def _named(fits: Callable[[Function], bool]) -> str:
    names = [f"`{each.name}`" for each in FUNCTIONS.values() if fits(each)]
    return f"put {' or '.join(names)} in `via`" if 0 < len(names) <= _NAMED_MAX else ""


def _after(function: Function, given: Mapping[str, Scalar], call: Call, value: Value, shelf: Shelf) -> Value:
    """Tell what a function makes of a value."""
    if function.name == "code":
        place = next((place for name, _, place in call.settings if name == "table"), call.place)
        place = call.bare[1] if call.bare else place
        table = shelf.table(str(given.get("table", "")), place) if "table" in given else None
        if table is None:
            return Value("text")
        table.looked_up(value.words, lower=value.lower)
        kept = given.get("otherwise") == "keep"
        return Value("text") if kept else Value("text", tuple(table.rows.values()), table=table)
    lower = function.name == "kleine-letters"
    return Value(function.gives, tuple(map(str.lower, value.words)) if lower else (), lower=lower)


def into(value: Value, calls: tuple[Call, ...], target: Field, place: Place) -> list[Finding]:
    """Tell why a target does not take what comes out of a rule."""
    last = FUNCTIONS.get(calls[-1].name) if calls else None
    if target.loose or target.kind == "any" or value.kind == "any":
        return []
    reason, advice = "", ""
    if target.xml:
        reason, advice = _into_xml(value, calls, target)
    elif target.kind in {"date", "moment"}:
        if value.kind != "text" or not _is_time(value, last, target.kind, first=not calls):
            reason = f"`{target.name}` is {_A[target.kind]}"
            advice = _to_time(value, target.kind)
    elif target.kind != value.kind:
        reason = f"`{target.name}` is {_A[target.kind]}, and {_gives(value, last)}"
        advice = _to_kind(value, target)
    elif target.words and value.words:
        return _outside(value, target, place)
    elif target.kind == "object" and last:
        keys = {key for each in last.examples if isinstance(each.gives, dict) for key in each.gives}
        if keys and not keys & set(target.children):
            reason = f"`{target.name}` has no fields {', '.join(f'`{each}`' for each in sorted(keys))}"
    return [Finding("type-mismatch", place, reason, advice)] if reason else []


_A = {
    "text": "a text",
    "number": "a number",
    "boolean": "true or false",
    "date": "a date, such as 2024-02-29",
    "moment": "a moment, such as 2024-02-29T09:30:00+01:00",
    "object": "an object",
}


def _gives(value: Value, last: Function | None) -> str:
    return f"`{last.name}` gives {_A.get(last.gives, last.gives)}" if last else _holds(value)


def _to_kind(value: Value, target: Field) -> str:
    if target.kind == "object":
        return "fill its fields: write `at` and `rules`"
    if value.kind == "element":
        return "go on to the element that has the value"
    usual = _usual(value)
    if usual and usual.gives == target.kind:
        return f"put `{usual.name}` in `via`"
    return _named(lambda each: each.takes == value.kind and each.gives == target.kind and not each.settings)


def _usual(value: Value) -> Function | None:
    """Give the function that reads a simple type of StUF."""
    return FUNCTIONS.get(_STUF_READ.get(value.field.type, "")) if value.field else None


def _to_time(value: Value, kind: str) -> str:
    usual = _usual(value)
    if usual and _examples_are(usual, kind):
        return f"put `{usual.name}` in `via`"
    return _named(
        lambda each: each.takes in {value.kind, "text"} and each.gives == "text" and _examples_are(each, kind)
        and value.kind == each.takes and "omplete" not in each.summary.partition(";")[0]
    )  # fmt: skip


def _is_time(value: Value, last: Function | None, kind: str, *, first: bool) -> bool:
    if first:
        field = value.field
        return bool(field) and field is not None and (field.kind == kind or _XML_SCHEMA.get(field.type) == kind)
    if last is None or value.words:
        return all(_DATE(each) or _MOMENT(each) for each in value.words)
    return _examples_are(last, kind)


def _examples_are(function: Function, kind: str) -> bool:
    given = [each.gives for each in function.examples if isinstance(each.gives, str)]
    return bool(given) and all((_DATE if kind == "date" else _MOMENT)(each) for each in given)


def _into_xml(value: Value, calls: tuple[Call, ...], target: Field) -> tuple[str, str]:
    if target.kind == "element":
        return f"`{target.name}` holds other elements and no value", "fill its elements"
    if value.kind in {"object", "element"}:
        return f"`{target.name}` holds a value, and {_holds(value)}", ""
    wanted = _STUF.get(target.type, "")
    if wanted not in FUNCTIONS or calls:
        return "", ""
    said = value.field
    if said is not None and not said.xml and said.kind in {"date", "moment", "boolean"}:
        return f"`{target.name}` is a StUF {target.type.lower()}", f"put `{wanted}` in `via`"
    return "", ""


def _outside(value: Value, target: Field, place: Place) -> list[Finding]:
    """Tell which of the values that can come are none of the target's; those of a table stand in the table."""
    table = value.table
    return [
        Finding(
            "type-mismatch", table.place_of(each) if table else place,
            f"`{each}` can come out, and `{target.name}` is never that", near(each, target.words).advice,
        )
        for each in dict.fromkeys(value.words)
        if each not in target.words
    ]  # fmt: skip


def constant(value: Scalar, target: Field, place: Place, file: File, what: str) -> list[Finding]:
    """Tell why a target does not take a `value` or `default`."""
    if target.loose or target.kind == "any" or value is None:
        return []
    reason, advice, instead = "", "", ""
    if target.kind in {"object", "element"}:
        reason = f"`{target.name}` is an object, and this {what} is a single value"
    elif not target.xml and target.words and str(value) not in target.words:
        guess = near(str(value), target.words)
        reason, advice, instead = f"`{target.name}` is never `{value}`", guess.advice, guess.only
    elif not target.xml and not target.words and not _is(value, target.kind):
        reason = f"`{target.name}` is {_A[target.kind]}, and this {what} is not"
        advice, instead = _instead_of(value, target.kind)
    written = str(value).lower() if isinstance(value, bool) else str(value)
    return [Finding("type-mismatch", place, reason, advice, replaced(file, place, written, instead))] if reason else []


def _is(value: Scalar, kind: str) -> bool:
    if kind == "number":
        return isinstance(value, int | float) and not isinstance(value, bool)
    if kind == "boolean":
        return isinstance(value, bool)
    form = {"date": _DATE, "moment": _MOMENT}.get(kind)
    return isinstance(value, str) and (form is None or form(value) is not None)


def _instead_of(value: Scalar, kind: str) -> tuple[str, str]:
    """Give advice for a constant of the wrong kind, and what to write where that is sure."""
    if kind == "text":
        written = str(value).lower() if isinstance(value, bool) else str(value)
        return "put it in quotes", f'"{written}"'
    if kind == "boolean":
        return "write true or false", ""
    quoted = kind == "number" and isinstance(value, str) and value.lstrip("-").isdigit()
    return ("leave out the quotes" if quoted else ""), ""
