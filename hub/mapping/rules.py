"""The mapping language as values: what a mapping file says, each rule with its place.

It knows the grammar. It refuses to know files, tables, functions and messages: those meet a rule in `compile`.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Literal, NamedTuple, NoReturn, Self, TypeVar

from hub.config.likely import did_you_mean
from hub.config.yaml import Node, Place, Scalar, parse_yaml
from hub.errors import ConfigurationWrong
from hub.mapping import grammar
from hub.mapping.grammar import Keys
from hub.mapping.paths import PathError, Source, Target, read_ignored, read_source, read_target

_T = TypeVar("_T")


def wrong(place: Place, reason: str, advice: str = "") -> NoReturn:
    """Raise ConfigurationWrong at `place`."""
    raise ConfigurationWrong(
        reason, file=place.file, line=place.line, column=place.column, code="mapping", advice=advice
    )


class _Word(StrEnum):
    """A word of the language, with what it means."""

    def __new__(cls, value: str, summary: str = "") -> Self:
        """Keep what it means beside the word."""
        made = str.__new__(cls, value)
        made._value_ = value
        made.summary = summary
        return made

    summary: str


class Reason(_Word):
    """Why a field of a message has no value (StUF 03.01 §6, and our own two: an empty element, no element)."""

    GEEN_WAARDE = "geenWaarde", "noValue geenWaarde: there is no value, clear it; in JSON null"
    WAARDE_ONBEKEND = "waardeOnbekend", "noValue waardeOnbekend: there is one, the sender does not know it"
    VASTGESTELD_ONBEKEND = "vastgesteldOnbekend", "noValue vastgesteldOnbekend: found out that nobody knows it"
    NIET_ONDERSTEUND = "nietOndersteund", "noValue nietOndersteund: the sender does not keep this field"
    NIET_GEAUTORISEERD = "nietGeautoriseerd", "noValue nietGeautoriseerd: the receiver may not see it"
    LEEG = "leeg", "an empty element, nil without noValue, or nothing came out of a function"
    AFWEZIG = "afwezig", "no element"


class Action(_Word):
    """What a rule does with a field that has no value."""

    OMIT = "omit", "leave the target out: nothing is said of it"
    NULL = "null", "clear the target"
    DEFAULT = "default", "write the `default` of the rule"
    FAIL = "fail", "stop: the message waits for a person"
    KEEP = "keep", "of a target with `[]` only: an item of which nothing comes out stays in the list, without fields"


@dataclass(frozen=True, slots=True)
class Test:
    """A condition on one place: `kind` is exists, equals, in or matches. `values` are scalars; `matches` a function."""

    place: Place
    path: Source
    kind: str
    values: tuple[Scalar, ...] = ()
    expected: bool = True
    matches: Call | None = None


@dataclass(frozen=True, slots=True)
class Combined:
    """Conditions together: `kind` is all, any or not."""

    kind: str
    parts: tuple[Condition, ...]


Condition = Test | Combined


@dataclass(frozen=True, slots=True)
class Call:
    """A function with its settings. `bare`: the setting was written without a name, as in `{code: table}`."""

    place: Place
    name: str
    settings: tuple[tuple[str, Scalar, Place], ...] = ()
    bare: tuple[Scalar, Place] | None = None


class Layer(NamedTuple):
    """For which messages rules are meant: those of the whole connection, of a `sender`, or about a `zaaktype`.

    Each layer wins over the one before it: connection, dialect, sender, zaaktype. A `dialect` is for whoever the
    connection uses that pack for. `names`: any of these senders or zaaktypen, or the one dialect.
    """

    kind: Literal["connection", "dialect", "sender", "zaaktype"] = "connection"
    names: tuple[str, ...] = ()

    def __str__(self) -> str:
        return " ".join((self.kind, " or ".join(self.names))).strip()


CONNECTION = Layer()


@dataclass(frozen=True, slots=True)
class Fill:
    """One rule that gives one target its value, from the first of `sources` that has one, or the constant `value`."""

    place: Place
    to: Target
    sources: tuple[Source, ...]
    value: Scalar
    via: tuple[Call, ...]
    when: Condition | None
    default: Scalar
    empty: dict[Reason, Action]
    required: bool
    layer: Layer = CONNECTION


@dataclass(frozen=True, slots=True)
class Lookup:
    """A question to another connection: `asks` it `question`, which the rules of `by` make of the current item.

    `unavailable`, `nothing` and `several` say what then, in the words of the grammar. `one`: it takes one field, by a
    rule that says what becomes of it when nothing is found.
    """

    place: Place
    asks: str
    question: str
    by: tuple[Fill, ...]
    unavailable: str
    nothing: str
    several: str
    one: bool


@dataclass(frozen=True, slots=True)
class Group:
    """Rules with a source or target of their own: `every` item of `source`, the one `source`, or the current item.

    With a `lookup` they read what is found elsewhere.
    """

    place: Place
    to: Target | None
    source: Source | None
    every: bool
    when: Condition | None
    empty: dict[Reason, Action]
    required: bool
    rules: tuple[Rule, ...]
    layer: Layer = CONNECTION
    lookup: Lookup | None = None


@dataclass(frozen=True, slots=True)
class Use:
    """The rules of a part, here; `backwards`: what the part makes of a message becomes that message again."""

    place: Place
    name: str
    backwards: bool = False


Rule = Fill | Group | Use


@dataclass(frozen=True, slots=True)
class Ignore:
    """A source path that is left alone on purpose."""

    place: Place
    steps: tuple[str, ...]
    reason: str


@dataclass(frozen=True, slots=True)
class Sheet:
    """A mapping file, a layer over one (then with its `layer`), or a part (then without `message` and `gives`).

    A layer over a `part` has its name instead of a message.

    `zaaktype` is where the message names its zaaktype, `inverts` the mapping that this one does backwards
    (`<connection>/<message>`), `allow` the escape hatches it may use.
    """

    place: Place
    rules: tuple[Rule, ...]
    ignore: tuple[Ignore, ...]
    message: str = ""
    gives: str = ""
    layer: Layer = CONNECTION
    zaaktype: Source | None = None
    inverts: str = ""
    allow: tuple[str, ...] = ()
    part: str = ""


def unsaid(*, default: bool = False) -> dict[Reason, Action]:
    """Give what becomes of every reason without `empty`: omitted (or defaulted), only geenWaarde is kept as null."""
    actions = dict.fromkeys(Reason, Action.DEFAULT if default else Action.OMIT)
    # StUF 03.01 §6: geenWaarde in huidig means "clear"; the other reasons say nothing about the value.
    actions[Reason.GEEN_WAARDE] = Action.NULL
    return actions


def read_mapping(file: str, text: str) -> Sheet:
    """Read a mapping file; raises ConfigurationWrong with its place."""
    return mapping_of(parse_yaml(text, name=file))


def mapping_of(root: Node) -> Sheet:
    """Read what a mapping file holds."""
    fields = _whole(root, grammar.MAPPING, "a mapping")
    if not fields.keys() & {"rules", "inverts"}:
        wrong(root.place, "a mapping needs `rules`")
    return Sheet(
        place=root.place,
        rules=_rules(fields["rules"]) if "rules" in fields else (),
        ignore=_ignored(fields.get("ignore")),
        message=_text(fields["message"]),
        gives=_text(fields["gives"]),
        zaaktype=_path(fields["zaaktype"], read_source) if "zaaktype" in fields else None,
        inverts=_text(fields["inverts"]) if "inverts" in fields else "",
        allow=_allowed(fields.get("allow")),
    )


def read_layer(file: str, text: str) -> Sheet:
    """Read a layer: the rules that differ for a sender or a zaaktype; raises ConfigurationWrong with its place."""
    return layer_of(parse_yaml(text, name=file))


def layer_of(root: Node) -> Sheet:
    """Read what the file of a layer holds."""
    fields = _whole(root, grammar.LAYER, "a layer")
    if "message" in fields and "part" in fields:
        wrong(root.place_of("part"), "a layer lies over a `message` or over a `part`", "make two layers")
    if "message" not in fields and "part" not in fields:
        wrong(root.place, "a layer needs `message`", "or `part`")
    return Sheet(
        place=root.place,
        rules=_rules(fields["rules"]),
        ignore=_ignored(fields.get("ignore")),
        message=_text(fields["message"]) if "message" in fields else "",
        layer=_layer(fields["layer"]),
        allow=_allowed(fields.get("allow")),
        part=_text(fields["part"]) if "part" in fields else "",
    )


def read_part(file: str, text: str) -> Sheet:
    """Read a part: rules that several mappings share; raises ConfigurationWrong with its place."""
    return part_of(parse_yaml(text, name=file))


def part_of(root: Node) -> Sheet:
    """Read what the file of a part holds."""
    fields = _whole(root, grammar.PART, "a part")
    return Sheet(root.place, _rules(fields["rules"]), _ignored(fields.get("ignore")))


def _layer(node: Node) -> Layer:
    fields = _fields(node, grammar.names(grammar.LAYER_FOR), "`layer`")
    if len(fields) != 1:
        wrong(node.place, "a layer is for a `sender` or for a `zaaktype`", "make two layers")
    if "dialect" in fields:
        return Layer("dialect", (_text(fields["dialect"]),))
    kind: Literal["sender", "zaaktype"] = "sender" if "sender" in fields else "zaaktype"
    names = fields[kind]
    several = names.value if isinstance(names.value, tuple) else (names,)
    return Layer(kind, tuple(_text(each) for each in several))


def _allowed(node: Node | None) -> tuple[str, ...]:
    allowed = _items(node, "`allow`") if node else ()
    for each in allowed:
        if _text(each) not in grammar.HATCHES:
            wrong(each.place, f"`{_text(each)}` is nothing to allow", did_you_mean(_text(each), grammar.HATCHES))
    return tuple(_text(each) for each in allowed)


def _rules(node: Node) -> tuple[Rule, ...]:
    return tuple(_rule(each) for each in _items(node, "`rules`"))


def _rule(node: Node) -> Rule:
    fields = _fields(node, grammar.names(grammar.RULE), "a rule")
    if len(fields) == 1 and (used := _used(fields)):
        return used[0]
    sources = [name for name in grammar.names(grammar.SOURCES) if name in fields]
    if len(sources) > 1:
        wrong(node.place, f"a rule has one source, this one has `{sources[0]}` and `{sources[1]}`")
    if "lookup" in fields and _asks(fields["lookup"]):
        return _found(node, fields)
    if fields.keys() & {"rules", "use", "undo"} or sources in (["each"], ["at"]):
        return _group(node, fields)
    if not sources:
        wrong(node.place, "a rule needs a source", "give one of `from`, `first-of`, `value`, `each`, `at`")
    if "to" not in fields:
        wrong(node.place, "a rule needs a target", "give `to`")
    return _fill(fields, node.place)


def _fill(fields: dict[str, Node], place: Place) -> Fill:
    several = _items(fields["first-of"], "`first-of`") if "first-of" in fields else ()
    if "first-of" in fields and not several[1:]:
        wrong(fields["first-of"].place, "`first-of` chooses among two paths or more")
    paths = (fields["from"],) if "from" in fields else several
    if "value" in fields:
        for name in grammar.CONSTANT_EXCLUDES:
            if name in fields:
                wrong(fields[name].place, f"a constant `value` takes no `{name}`")
    to = _path(fields["to"], read_target)
    return Fill(
        place=place,
        to=to,
        sources=tuple(_path(each, read_source) for each in paths),
        value=_scalar(fields["value"]) if "value" in fields else None,
        via=(*_via(fields.get("via")), *_looked_up(fields.get("lookup"))),
        when=_condition(fields["when"]) if "when" in fields else None,
        default=_scalar(fields["default"]) if "default" in fields else None,
        empty=_empty(fields.get("empty"), _known(to), default="default" in fields),
        required=_boolean(fields["required"]) if "required" in fields else False,
    )


def _group(node: Node, fields: dict[str, Node]) -> Group:
    known = grammar.names(grammar.GROUP)
    for name, each in fields.items():
        if name not in known:
            wrong(each.place, f"a rule with rules of its own takes no `{name}`", did_you_mean(name, known))
    rules = _rules(fields["rules"]) if "rules" in fields else ()
    rules = (*rules, *_used(fields))
    if not rules:
        wrong(node.place, "`each` and `at` need `rules`, `use` or `undo`")
    source = fields.get("each") or fields.get("at")
    to = _path(fields["to"], read_target) if "to" in fields else None
    if "each" in fields and to is None:
        wrong(node.place, "`each` needs a target", "give `to`, with [] to append every item to a list")
    if "each" not in fields and to is not None and to.many:
        wrong(fields["to"].place, "`[]` appends every item of `each`, and this rule has no `each`")
    if source is None and "empty" in fields:
        wrong(fields["empty"].place, "`empty` belongs to a source, and this rule has none")
    read = _path(source, read_source) if source else None
    if source and read and (read.attribute or read.context):
        wrong(source.place, "`each` and `at` name an element, not an attribute or `$` value")
    return Group(
        place=node.place,
        to=to,
        source=read,
        every="each" in fields,
        when=_condition(fields["when"]) if "when" in fields else None,
        empty=_empty(fields.get("empty"), _known(to) - {Action.DEFAULT}),
        required=_boolean(fields["required"]) if "required" in fields else False,
        rules=rules,
    )


def _asks(node: Node) -> bool:
    """Tell a question to another connection from a table."""
    return isinstance(node.value, dict) and bool(node.value.keys() & _OF_QUESTIONS)


_OF_QUESTIONS = set(grammar.names(grammar.LOOKUP))


def _found(node: Node, fields: dict[str, Node]) -> Group:
    """Read a rule whose value is found elsewhere; one that takes a field is a group with one rule."""
    place, said = node.place, fields["lookup"]
    written = _fields(said, grammar.names(grammar.LOOKUP), "`lookup`")
    one = "take" in written
    known = grammar.names(grammar.FOUND_ONE if one else grammar.FOUND)
    for name, each in fields.items():
        if name not in known:
            what = "a rule that takes a field of what is looked up" if one else "a rule that reads what is looked up"
            wrong(each.place, f"{what} takes no `{name}`", did_you_mean(name, known))
    to = _path(fields["to"], read_target) if "to" in fields else None
    if one and to is None:
        wrong(place, "a rule needs a target", "give `to`")
    if not one and to is not None and to.many:
        wrong(fields["to"].place, "`[]` appends every item of `each`, and one is looked up")
    inner: tuple[Rule, ...] = (*(_rules(fields["rules"]) if "rules" in fields else ()), *_used(fields))
    if one:
        rest = {name: each for name, each in fields.items() if name not in {"lookup", "when"}}
        inner = (_fill({**rest, "from": written["take"]}, place),)
        if inner[0].sources[0].context:
            wrong(written["take"].place, "`take` is a field of what is found")
    elif not inner:
        wrong(place, "`lookup` needs `take`, or `rules` or `use` beside it")
    return Group(
        place=place,
        to=None if one else to,
        source=None,
        every=False,
        when=_condition(fields["when"]) if "when" in fields else None,
        empty={},
        required=_boolean(fields["required"]) if "required" in fields and not one else False,
        rules=inner,
        lookup=_lookup(said, written),
    )


def _lookup(node: Node, fields: dict[str, Node]) -> Lookup:
    for name in grammar.needed(grammar.LOOKUP):
        if name not in fields:
            wrong(node.place, f"a `lookup` of another connection needs `{name}`", _CHOICES.get(name, ""))
    by = fields["by"]
    if not isinstance(by.value, dict) or not by.value:
        wrong(by.place, "`by` must be a set of `field of the question: path`")
    return Lookup(
        place=node.place,
        asks=_text(fields["asks"]),
        question=_text(fields["question"]),
        by=tuple(_by(name, each, by.place_of(name)) for name, each in by.value.items()),
        unavailable=_choice(fields["unavailable"], "unavailable", grammar.UNAVAILABLE),
        nothing=_choice(fields["nothing"], "nothing", grammar.NOTHING),
        several=_choice(fields["several"], "several", grammar.SEVERAL),
        one="take" in fields,
    )


_CHOICES = {str(name): f"say what then: {' or '.join(words)}" for name, words in grammar.CHOICES.items()}


def _by(name: str, node: Node, place: Place) -> Fill:
    """Read a field of a question: a path, or a rule without its target."""
    to = Node(name, place)
    if isinstance(node.value, str):
        return _fill({"to": to, "from": node}, node.place)
    known = tuple(each for each in grammar.names((*grammar.FILL, *grammar.SOURCES)) if each not in _NOT_IN_BY)
    fields = _fields(node, known, "a field of a question")
    if "lookup" in fields and _asks(fields["lookup"]):
        wrong(fields["lookup"].place, "what is looked up by must be in the message")
    if sum(each in fields for each in ("from", "first-of", "value")) != 1:
        wrong(node.place, "a field of a question needs a source", "give one of `from`, `first-of`, `value`")
    return _fill({"to": to, **fields}, node.place)


_NOT_IN_BY = ("to", "each", "at")


def _choice(node: Node, name: str, known: Iterable[str]) -> str:
    words = tuple(known)
    if _text(node) not in words:
        wrong(node.place, f"`{name}` is not `{_text(node)}`", did_you_mean(_text(node), words))
    return _text(node)


def _used(fields: dict[str, Node]) -> tuple[Use, ...]:
    return tuple(
        Use(fields[name].place, _text(fields[name]), backwards=name == "undo")
        for name in ("use", "undo")
        if name in fields
    )


def _known(to: Target | None) -> set[Action]:
    """Give what can be done with an empty field: in a list an item without fields is one."""
    return set(Action) if to is not None and to.many else set(Action) - {Action.KEEP}


def _empty(node: Node | None, known: Collection[Action], *, default: bool = False) -> dict[Reason, Action]:
    """Every reason with its action."""
    actions = unsaid(default=default)
    if node is None:
        return actions
    if not isinstance(node.value, dict):
        return dict.fromkeys(Reason, _action(node, known, default=default))
    for name, each in _fields(node, tuple(Reason), "`empty`").items():
        actions[Reason(name)] = _action(each, known, default=default)
    return actions


def _action(node: Node, known: Collection[Action], *, default: bool) -> Action:
    name = "null" if node.value is None else _text(node)
    if name not in known:
        wrong(node.place, f"`{name}` is nothing to do with an empty field", did_you_mean(name, known))
    if name == Action.DEFAULT and not default:
        wrong(node.place, "this rule has no `default`")
    return Action(name)


def _via(node: Node | None) -> tuple[Call, ...]:
    return tuple(_call(each) for each in _items(node, "`via`")) if node else ()


def _looked_up(node: Node | None) -> tuple[Call, ...]:
    """Read `lookup`: what `via` gives, looked up in a table."""
    if node is None:
        return ()
    if isinstance(node.value, dict):
        return (
            Call(node.place, "code", tuple((name, _scalar(each), each.place) for name, each in node.value.items())),
        )
    return (Call(node.place, "code", bare=(_text(node), node.place)),)


def _call(node: Node) -> Call:
    if isinstance(node.value, str):
        return Call(node.place, node.value)
    if not isinstance(node.value, dict) or len(node.value) != 1:
        wrong(node.place, "one function at a time: `name` or `{name: setting}`")
    name, given = next(iter(node.value.items()))
    place = node.place_of(name)
    if isinstance(given.value, dict):
        settings = tuple((label, _scalar(each), each.place) for label, each in given.value.items())
        return Call(place, name, settings)
    return Call(place, name, bare=(_scalar(given), given.place))


def _condition(node: Node) -> Condition:
    fields = _fields(node, grammar.names(grammar.CONDITION), "a condition")
    for kind in grammar.names(grammar.COMBINED):
        if kind in fields:
            if len(fields) > 1:
                wrong(node.place, f"`{kind}` stands alone in a condition")
            inner = (fields[kind],) if kind == "not" else _items(fields[kind], f"`{kind}`")
            return Combined(kind, tuple(_condition(each) for each in inner))
    if "path" not in fields:
        wrong(node.place, "a condition needs a `path`, or one of `all`, `any`, `not`")
    kinds = [kind for kind in grammar.names(grammar.TESTS) if kind in fields]
    if len(kinds) != 1:
        wrong(node.place, "a condition has one test", "give one of `exists`, `equals`, `in`, `matches`")
    kind, value = kinds[0], fields[kinds[0]]
    path = _path(fields["path"], read_source)
    if kind == "exists":
        return Test(node.place, path, kind, expected=_boolean(value))
    if kind == "matches":
        return Test(node.place, path, kind, matches=_call(value))
    values = _items(value, "`in`") if kind == "in" else (value,)
    return Test(node.place, path, kind, tuple(_scalar(each) for each in values))


def _ignored(node: Node | None) -> tuple[Ignore, ...]:
    found = []
    for each in _items(node, "`ignore`") if node else ():
        fields = _fields(each, grammar.names(grammar.IGNORED), "an ignored path")
        for name in grammar.needed(grammar.IGNORED):
            if name not in fields or not _text(fields[name]).strip():
                wrong(each.place, f"an ignored path needs a `{name}`")
        found.append(Ignore(each.place, _path(fields["path"], read_ignored), _text(fields["reason"])))
    return tuple(found)


def _whole(root: Node, keys: Keys, what: str) -> dict[str, Node]:
    fields = _fields(root, grammar.names(keys), what)
    for name in grammar.needed(keys):
        if name not in fields:
            wrong(root.place, f"{what} needs `{name}`")
    return fields


def _fields(node: Node, known: Iterable[str], what: str) -> dict[str, Node]:
    if not isinstance(node.value, dict):
        wrong(node.place, f"{what} must be a set of `key: value`")
    names = tuple(known)
    for name in node.value:
        if name not in names:
            wrong(node.place_of(name), f"{what} has no key `{name}`", did_you_mean(name, names))
    return node.value


def _items(node: Node, what: str) -> tuple[Node, ...]:
    if not isinstance(node.value, tuple):
        wrong(node.place, f"{what} must be a list")
    return node.value


def _text(node: Node) -> str:
    if not isinstance(node.value, str):
        wrong(node.place, "expected a text", "put it in quotes" if isinstance(node.value, int | float) else "")
    return node.value


def _scalar(node: Node) -> Scalar:
    if isinstance(node.value, dict | tuple):
        wrong(node.place, "expected a single value")
    return node.value


def _boolean(node: Node) -> bool:
    if not isinstance(node.value, bool):
        wrong(node.place, "expected true or false")
    return node.value


def _path(node: Node, read: Callable[[str], _T]) -> _T:
    try:
        return read(_text(node))
    except PathError as problem:
        wrong(node.place, str(problem))
