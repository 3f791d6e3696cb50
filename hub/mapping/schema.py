"""JSON Schemas of mapping files, layers and parts: what an editor checks and completes while one types.

Made from the tables of the language and the functions. It refuses to know adapters and messages: the kinds of message
are given. A schema says less than the reader: whether a path or a target exists, only `zaakhub map lint` knows.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from hub.config.schema import DIALECT, REFERENCE
from hub.event.vragen import QUESTION_TYPES
from hub.mapping import grammar
from hub.mapping.functions import FUNCTIONS, Function, Setting
from hub.mapping.grammar import Key, Keys, Kind
from hub.mapping.rules import Action, Reason

Schema = dict[str, Any]

_NAME = r"[^\W\d][\w.\-]*"
_PART = r"[^\W\d][\w\-]*"
_STEP = rf"{_NAME}(\[(-1|[1-9][0-9]{{0,3}}|@?{_NAME}=[^\[\]]*)\])?"
_SOURCE = rf"^(\.|/|\${_NAME}|/?@{_NAME}|/?{_STEP}(/{_STEP})*(/@{_NAME})?)$"
_TARGET = rf"^(\.|{_PART}(\.{_PART})*(\[\])?|({_PART}\.)*@{_PART})$"
_IGNORED = rf"^/?(\*\*?|{_NAME}|@{_NAME})(/(\*\*?|{_NAME}|@{_NAME}))*$"

_SCALAR = {"type": ["string", "number", "boolean", "null"]}


def mapping_schema(messages: Mapping[str, str], gives: Mapping[str, str]) -> Schema:
    """Give the schema of `*.map.yaml`: `messages` and `gives` are suggested, by name with what they are."""
    head = _object(grammar.MAPPING)
    head["properties"]["message"] = _suggested(messages, head["properties"]["message"])
    head["properties"]["gives"] = _suggested(gives, head["properties"]["gives"])
    return _file("A mapping", head | {"anyOf": _one_of(("rules", "inverts"))})


def layer_schema(messages: Mapping[str, str]) -> Schema:
    """Give the schema of `*.layer.yaml`."""
    head = _object(grammar.LAYER)
    head["properties"]["message"] = _suggested(messages, head["properties"]["message"])
    return _file("A layer over a mapping or a part", head | {"oneOf": _one_of(("message", "part"))})


def part_schema() -> Schema:
    """Give the schema of `_parts/*.yaml`."""
    return _file("A part: rules that several mappings share", _object(grammar.PART))


def _file(title: str, head: Schema) -> Schema:
    return {"$schema": DIALECT, "title": title, **head, "definitions": _definitions()}


def _object(keys: Keys) -> Schema:
    made: Schema = {
        "type": "object",
        "additionalProperties": False,
        "properties": {each.name: _key(each) for each in keys},
    }
    needed = grammar.needed(keys)
    return {**made, "required": list(needed)} if needed else made


def _key(key: Key) -> Schema:
    if key.kind in _PLAIN:
        return {**_PLAIN[key.kind], "description": key.summary}
    return {"allOf": [_reference(_DEFINED[key.kind])], "description": key.summary}


_PLAIN: dict[Kind, Schema] = {
    "text": {"type": "string"},
    "part": {"type": "string"},
    "boolean": {"type": "boolean"},
    "scalar": _SCALAR,
    "scalars": {"type": "array", "items": _SCALAR},
    "mapping": {"type": "string", "pattern": "^[^/]+/[^/]+$", "patternErrorMessage": "write <connection>/<message>"},
    "names": {"anyOf": [{"type": "string"}, {"type": "array", "items": {"type": "string"}}]},
    "hatches": {"type": "array", "items": {"enum": list(grammar.HATCHES)}},
    **{
        kind: {"enum": list(words), "enumDescriptions": list(words.values())} for kind, words in grammar.CHOICES.items()
    },
}
_DEFINED: dict[Kind, str] = {
    "source": "source",
    "sources": "sources",
    "target": "target",
    "ignored": "ignored",
    "rules": "rules",
    "calls": "calls",
    "call": "call",
    "lookup": "lookup",
    "condition": "condition",
    "conditions": "conditions",
    "empty": "empty",
    "ignore": "ignore",
    "layer": "layer",
    "by": "by",
}


def _definitions() -> dict[str, Schema]:
    return {
        "source": _path(_SOURCE, grammar.SOURCE_PATHS),
        "sources": {"type": "array", "minItems": 2, "items": _reference("source")},
        "target": _path(_TARGET, grammar.TARGET_PATHS),
        "ignored": _path(_IGNORED, grammar.IGNORED_PATHS),
        "rules": {"type": "array", "items": _reference("rule")},
        "rule": _rule(),
        "calls": {"type": "array", "items": _reference("call")},
        "call": _call(),
        "lookup": _lookup(),
        "question": _question(),
        "by": _by(),
        "condition": _condition(),
        "conditions": {"type": "array", "items": _reference("condition")},
        "empty": _empty(),
        "ignore": {"type": "array", "items": _object(grammar.IGNORED)},
        "layer": _object(grammar.LAYER_FOR) | {"minProperties": 1, "maxProperties": 1},
    }


def _path(pattern: str, notations: Iterable[grammar.Notation]) -> Schema:
    examples = [example for each in notations for example in each.examples]
    return {"type": "string", "pattern": pattern, "patternErrorMessage": f"write it like {', '.join(examples)}"}


def _rule() -> Schema:
    """Give a rule: one source, or rules of its own; and what may stand beside each."""
    own = ("each", "at", "rules", "use", "undo")
    beside = list(grammar.names(tuple(dict.fromkeys((*grammar.GROUP, *grammar.FOUND)))))
    found = list(grammar.names(tuple(dict.fromkeys((*grammar.FOUND, *grammar.FOUND_ONE)))))
    asks = {"required": ["lookup"], "properties": {"lookup": _reference("question")}}
    return _object(grammar.RULE) | {
        "anyOf": [
            *({"required": [name], "maxProperties": 1} for name in ("use", "undo")),
            *({"required": ["to", name]} for name in ("from", "first-of", "value")),
            asks,
            {"anyOf": _one_of(("rules", "use", "undo")), "propertyNames": {"enum": beside}},
        ],
        "allOf": [{"not": {"required": list(pair)}} for pair in _pairs(grammar.names(grammar.SOURCES))]
        + [
            {
                "if": {"anyOf": _one_of(own)},
                "then": {"propertyNames": {"enum": beside}},
            },
            {"if": asks, "then": {"propertyNames": {"enum": found}}},
            {"if": {"required": ["each"]}, "then": {"required": ["to"]}},
            {"if": {"required": ["value"]}, "then": {"not": {"anyOf": _one_of(grammar.CONSTANT_EXCLUDES)}}},
        ],
    }


def _call() -> Schema:
    plain = [each for each in _functions() if not any(setting.required for setting in each.settings)]
    return {
        "anyOf": [
            {"enum": [each.name for each in plain], "enumDescriptions": [each.summary for each in plain]},
            {
                "type": "object",
                "additionalProperties": False,
                "minProperties": 1,
                "maxProperties": 1,
                "properties": {each.name: _settings(each) for each in _functions() if each.settings},
            },
        ]
    }


def _settings(function: Function) -> Schema:
    first = function.settings[0]
    required = [each.name for each in function.settings if each.required]
    settings: Schema = {
        "type": "object",
        "additionalProperties": False,
        "properties": {each.name: _setting(each) for each in function.settings},
    }
    if required:
        settings["required"] = required
    bare = [_setting(first)] if set(required) <= {first.name} else []
    return {"description": function.summary, "anyOf": [*bare, settings]}


def _setting(setting: Setting) -> Schema:
    said = {"description": setting.summary}
    if not isinstance(setting.kind, str):
        return {"enum": list(setting.kind), **said}
    if setting.kind == "number":
        return {"type": "integer", "minimum": 0, **said}
    return {"type": ["string", "number", "boolean"] if setting.kind == "text" else "string", **said}


def _lookup() -> Schema:
    table = {"type": "string", "description": "the name of the table: `_codes/<table>.csv`"}
    return {"anyOf": [table, _settings(FUNCTIONS["code"])["anyOf"][-1], _reference("question")]}


def _question() -> Schema:
    """Give a question to another connection."""
    made = _object(grammar.LOOKUP)
    can = {name: each.summary for name, each in QUESTION_TYPES.items() if not each.locks}
    made["properties"]["question"] = _suggested(can, made["properties"]["question"])
    return made


def _by() -> Schema:
    keys = (each for each in (*grammar.SOURCES, *grammar.FILL) if each.name not in {"to", "each", "at"})
    field = {"anyOf": [_reference("source"), _object(tuple(dict.fromkeys(keys)))]}
    return {"type": "object", "minProperties": 1, "additionalProperties": field}


def _condition() -> Schema:
    tests, combined = grammar.names(grammar.TESTS), grammar.names(grammar.COMBINED)
    return _object(grammar.CONDITION) | {
        "oneOf": [
            *({"required": ["path", name]} for name in tests),
            *({"required": [name], "maxProperties": 1} for name in combined),
        ]
    }


def _empty() -> Schema:
    action = {"enum": [*Action, None], "enumDescriptions": [*(each.summary for each in Action), Action.NULL.summary]}
    each = {
        "type": "object",
        "additionalProperties": False,
        "properties": {reason.value: {**action, "description": reason.summary} for reason in Reason},
    }
    return {"anyOf": [action, each]}


def _functions() -> list[Function]:
    return [FUNCTIONS[name] for name in sorted(FUNCTIONS)]


def _suggested(known: Mapping[str, str], schema: Schema) -> Schema:
    """Suggest names without forbidding others."""
    names = {"enum": list(known), "enumDescriptions": list(known.values())}
    return {"anyOf": [names, {"type": "string"}], "description": schema["description"]}


def _one_of(names: Iterable[str]) -> list[Schema]:
    return [{"required": [name]} for name in names]


def _pairs(names: tuple[str, ...]) -> list[tuple[str, str]]:
    return [(one, other) for at, one in enumerate(names) for other in names[at + 1 :]]


def _reference(name: str) -> Schema:
    return {"$ref": REFERENCE.format(model=name)}
