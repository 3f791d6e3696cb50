"""The words of the mapping language: every key with what stands behind it and one line on what it is for.

The reader (`rules`), the JSON Schemas for editors (`schema`) and the reference page (`language`) are made from these
tables. It refuses to know what a rule does.
"""

from __future__ import annotations

from typing import Literal, NamedTuple

Kind = Literal[
    "text",
    "scalar",
    "scalars",
    "boolean",
    "source",
    "sources",
    "target",
    "ignored",
    "rules",
    "part",
    "calls",
    "call",
    "lookup",
    "condition",
    "conditions",
    "empty",
    "ignore",
    "layer",
    "names",
    "hatches",
    "mapping",
    "by",
    "unavailable",
    "nothing",
    "several",
]
"""What stands behind a key."""


class Key(NamedTuple):
    """One key. `needed`: it may not be left out."""

    name: str
    kind: Kind
    summary: str
    needed: bool = False


Keys = tuple[Key, ...]


def names(keys: Keys) -> tuple[str, ...]:
    """Give the names of keys."""
    return tuple(each.name for each in keys)


def needed(keys: Keys) -> tuple[str, ...]:
    """Give the names of those that may not be left out."""
    return tuple(each.name for each in keys if each.needed)


_RULES = Key("rules", "rules", "which field becomes which", needed=True)
_IGNORE = Key("ignore", "ignore", "source paths that are left alone, each with a `reason`")
_ALLOW = Key("allow", "hatches", "the expressions that its rules may use although they are no data")

MAPPING: Keys = (
    Key("message", "text", "the kind of message it reads, also the name of the file", needed=True),
    Key(
        "gives",
        "text",
        "an event type, a question type or the answer to one (then every target must be a field of its data), a "
        "message that the adapter can write, or a name of your own",
        needed=True,
    ),
    Key("rules", "rules", "which field becomes which; may be left out beside `inverts`"),
    _IGNORE,
    Key("zaaktype", "source", "where the message names its zaaktype: chooses the layers of a zaaktype"),
    Key("inverts", "mapping", "`<connection>/<message>`: begins as that mapping done backwards; own rules win"),
    _ALLOW,
)
"""The head of `<message>.map.yaml`."""

LAYER: Keys = (
    Key("layer", "layer", "for whose messages it is", needed=True),
    Key("message", "text", "the kind of message, as in the mapping it lies over; this or `part` is required"),
    Key("part", "part", "the part it lies over instead, wherever a mapping uses that"),
    Key(
        "rules",
        "rules",
        "rules that win over those of the mapping, or of the part, with the same target, or a part of it",
        needed=True,
    ),
    _IGNORE,
    _ALLOW,
)
"""The head of `<message>.<anything>.layer.yaml`, or of `<part>.<anything>.layer.yaml`."""

LAYER_FOR: Keys = (
    Key("sender", "names", "a sender, or a list of senders, as in `$zender`"),
    Key("zaaktype", "names", "a zaaktype, or a list, as the message has it at the `zaaktype` of the mapping"),
    Key("dialect", "text", "in a pack of `_dialects`: its name"),
)
"""What stands under `layer`: one of these."""

PART: Keys = (_RULES, _IGNORE)
"""The head of `_parts/<name>.yaml`."""

SOURCES: Keys = (
    Key("from", "source", "one field. With `to: x[]` every occurrence of it"),
    Key("first-of", "sources", "a list of paths: the first that has a value; the others count as read"),
    Key("value", "scalar", "always this"),
    Key(
        "each",
        "source",
        "every element at the path, with `rules` of its own; without `[]` in `to` the first for which `when` holds",
    ),
    Key(
        "at",
        "source",
        "the one element at the path, with `rules` of its own; without `to` for the current object",
    ),
)
"""Where a rule has its value from: one of these."""

_FROM, _FIRST_OF, _VALUE, _EACH, _AT = SOURCES
_TO = Key("to", "target", "the field that gets the value: names with dots between them; `[]` appends to a list")
_VIA = Key("via", "calls", "functions, each given what the one before it gave")
_LOOKUP = Key(
    "lookup",
    "lookup",
    "a table in which to look up what `via` gives: the last function, `code`; or a question to another connection",
)
_WHEN = Key("when", "condition", "only where this holds")
_DEFAULT = Key("default", "scalar", "the value where otherwise the target would be left out")
_EMPTY = Key("empty", "empty", "what to do with a field without a value: for all reasons, or for each")
_REQUIRED = Key("required", "boolean", "fail when no value comes out")
_OWN_RULES = Key("rules", "rules", "rules of its own, with paths from the item")
_USE = Key("use", "part", "the rules of a part, here")
_UNDO = Key("undo", "part", "the rules of a part, done backwards, here")

FILL: Keys = (_TO, _FROM, _FIRST_OF, _VALUE, _VIA, _LOOKUP, _WHEN, _DEFAULT, _EMPTY, _REQUIRED)
"""A rule that gives one target its value."""

GROUP: Keys = (_TO, _EACH, _AT, _WHEN, _EMPTY, _REQUIRED, _OWN_RULES, _USE, _UNDO)
"""A rule with rules of its own."""

FOUND: Keys = (_TO, _LOOKUP, _WHEN, _REQUIRED, _OWN_RULES, _USE)
"""A rule with rules that read what is found elsewhere."""

FOUND_ONE: Keys = (_TO, _LOOKUP, _VIA, _WHEN, _DEFAULT, _EMPTY, _REQUIRED)
"""A rule that takes one field of what is found elsewhere."""

RULE: Keys = tuple(dict.fromkeys((*FILL, *GROUP, *FOUND)))

LOOKUP: Keys = (
    Key("asks", "text", "the connection that is asked", needed=True),
    Key("question", "text", "the question type", needed=True),
    Key(
        "by",
        "by",
        "fields of the question, each with a path from the current item, or with a rule of its own without `to`. One "
        "that has no value means that nothing is looked up, unless its rule has a `when` or `default`",
        needed=True,
    ),
    Key("take", "source", "in a rule without rules of its own: the field of what is found"),
    Key("unavailable", "unavailable", "when it can't be asked at this moment", needed=True),
    Key("nothing", "nothing", "when nothing is found, or there is nothing to look up by", needed=True),
    Key("several", "several", "when more than one is found", needed=True),
)
"""A question to another connection, under `lookup`."""

UNAVAILABLE = {
    "retry": "the message is tried again later; who waits for an answer hears that it is not available now",
    "omit": "as if nothing is found, whatever `nothing` says",
}
NOTHING = {
    "omit": "the rule does nothing; one with `take` has no value (`afwezig`), one that is `required` fails",
    "fail": "stop: the message waits for a person",
}
SEVERAL = {
    "first": "the first of them",
    "omit": "as if nothing is found, whatever `nothing` says",
    "fail": "stop: the message waits for a person",
}

CHOICES: dict[Kind, dict[str, str]] = {"unavailable": UNAVAILABLE, "nothing": NOTHING, "several": SEVERAL}
"""What may stand behind those keys, each word with what it means."""

CONSTANT_EXCLUDES = names((_VIA, _LOOKUP, _DEFAULT, _EMPTY, _REQUIRED))
"""What makes no sense beside `value`."""

TESTS: Keys = (
    Key("exists", "boolean", "there is a value, or an element with something in it; `false`: there is not"),
    Key("equals", "scalar", "the field has a value and it is this, compared as text"),
    Key("in", "scalars", "the field has a value and it is one of these, compared as text"),
    Key("matches", "call", "the function accepts the value; it may have settings, as in `via`"),
)
"""What a condition asks of the field at its `path`: one of these."""

COMBINED: Keys = (
    Key("all", "conditions", "every condition of the list holds"),
    Key("any", "conditions", "one condition of the list holds, or more"),
    Key("not", "condition", "the condition does not hold"),
)
"""Conditions together; each stands alone."""

CONDITION: Keys = (Key("path", "source", "the field, from the current item"), *TESTS, *COMBINED)

IGNORED: Keys = (
    Key("path", "ignored", "names; `*` is one step, `**` any number; covers everything below it", needed=True),
    Key("reason", "text", "why nothing is lost", needed=True),
)
"""One path under `ignore`."""

HATCHES = ("jsonata",)
"""What a mapping may `allow`: expressions that are not data."""


class Notation(NamedTuple):
    """A way to write a path: examples, and what they read."""

    examples: tuple[str, ...]
    reads: str


SOURCE_PATHS = (
    Notation(("object/kenmerk/bron",), "elements by local name, whatever their namespace; in JSON the keys"),
    Notation(("object/heeft/@verwerkingssoort",), "an attribute, by local name"),
    Notation((".",), "the current item"),
    Notation(("/stuurgegevens/zender/organisatie",), "from the root, inside `each` or `at`"),
    Notation(("heeft[1]/code", "heeft[-1]/code"), "the nth, or the last, of the siblings of that name"),
    Notation(("extraElement[@naam=kanaal]", "heeft[code=10]"), "those whose attribute, or child, has this value"),
    Notation(
        ("$zender", "$kind"),
        "what the hub knows beside the message: of a message `$zender` and `$kind`; of an event `$type`, `$time` and "
        "`$zender` (its connection)",
    ),
)
"""How a place in a message is written."""

TARGET_PATHS = (
    Notation(("zaak.opschorting.reden",), "a field; the objects on its way are made"),
    Notation(("zaak.kenmerken[]",), "one more item of a list"),
    Notation(("object.@verwerkingssoort",), "an attribute, in a message that is XML"),
    Notation((".",), "the text of an element beside its attributes, in a message that is XML"),
)
"""How a place in the result is written."""

IGNORED_PATHS = (
    Notation(("object/kenmerk",), "this, wherever a list makes it occur, and everything below it"),
    Notation(("object/*/code",), "one step, whatever its name"),
    Notation(("object/**/tijdvakGeldigheid",), "any number of steps, also none"),
    Notation(("object/heeft/@verwerkingssoort",), "an attribute"),
)
"""How a path under `ignore` is written."""
