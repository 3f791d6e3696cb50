"""YAML with positions: every value knows the file, line and column it stands on.

A small YAML 1.2: only `true` and `false` are booleans (`no`, `on` and `ja` are text), a number with a leading zero is
text (gemeentecode, RSIN), a date is text, keys are text as written. Refused: a key twice in one mapping, aliases,
explicit tags other than those of the core schema, several documents in one file.
It knows nothing of connections or mappings.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, NamedTuple, cast

import yaml

from hub.config.policy import YAML_DEPTH_MAX
from hub.errors import ConfigurationWrong

Scalar = str | int | float | bool | None


class Place(NamedTuple):
    """Where something stands; `line` and `column` count from 1."""

    file: str
    line: int
    column: int

    def __str__(self) -> str:
        return f"{self.file}:{self.line}"


@dataclass(frozen=True, slots=True)
class Node:
    """One value of a YAML file with its place.

    `value` is a scalar, a tuple of nodes (a list) or a dict of nodes (a mapping, in the order of the file). `keys`
    holds the place of each key of a mapping.
    """

    value: Scalar | tuple[Node, ...] | dict[str, Node]
    place: Place
    keys: dict[str, Place] = field(default_factory=dict)

    def plain(self) -> Any:  # noqa: ANN401 - plain YAML data: scalars, lists, dicts
        """Give the data without positions."""
        if isinstance(self.value, dict):
            return {key: node.plain() for key, node in self.value.items()}
        if isinstance(self.value, tuple):
            return [node.plain() for node in self.value]
        return self.value

    def mapping(self) -> dict[str, Node]:
        """Give the entries of a mapping; raises ConfigurationWrong when it is something else."""
        if isinstance(self.value, dict):
            return self.value
        raise self.wrong(f"must be a mapping (key: value), is {self.kind}")

    def items(self) -> tuple[Node, ...]:
        """Give the items of a list; raises ConfigurationWrong when it is something else."""
        if isinstance(self.value, tuple):
            return self.value
        raise self.wrong(f"must be a list, is {self.kind}")

    def text(self) -> str:
        """Give a text; raises ConfigurationWrong when it is something else."""
        if isinstance(self.value, str):
            return self.value
        advice = "put it in quotes" if isinstance(self.value, int | float) else ""
        raise self.wrong(f"must be text, is {self.kind}", advice=advice)

    def get(self, key: str) -> Node | None:
        """Give the value under `key` of a mapping, or None when there is none."""
        return self.value.get(key) if isinstance(self.value, dict) else None

    def place_of(self, key: str) -> Place:
        """Give the place of a key, or of the node itself where it has no such key."""
        return self.keys.get(key, self.place)

    @property
    def kind(self) -> str:
        """Say what it is, for a message."""
        match self.value:
            case dict():
                return "a mapping"
            case tuple():
                return "a list"
            case None:
                return "empty"
            case bool():
                return "true/false"
            case int() | float():
                return "a number"
            case _:
                return "text"

    def with_texts(self, change: Callable[[Node], str]) -> Node:
        """Give the same tree with every text replaced by what `change` makes of it; places stay."""
        if isinstance(self.value, str):
            return replace(self, value=change(self))
        if isinstance(self.value, dict):
            return replace(self, value={key: node.with_texts(change) for key, node in self.value.items()})
        if isinstance(self.value, tuple):
            return replace(self, value=tuple(node.with_texts(change) for node in self.value))
        return self

    def wrong(
        self, reason: str, *, key: str | None = None, code: str = "config", advice: str = ""
    ) -> ConfigurationWrong:
        """Make an error that points at this value, or at its `key`."""
        place = self.place if key is None else self.place_of(key)
        return ConfigurationWrong(
            reason, file=place.file, line=place.line, column=place.column, code=code, advice=advice
        )


def read_yaml(path: Path, *, name: str | None = None) -> Node:
    """Read a file; raises ConfigurationWrong. `name` is how the file is called in messages (default: its path)."""
    shown = name or str(path)
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except OSError as error:
        raise ConfigurationWrong(f"cannot be read: {error.strerror}", file=shown) from None
    except UnicodeDecodeError as error:
        raise ConfigurationWrong(f"is not UTF-8 (byte {error.start})", file=shown) from None
    return parse_yaml(text, name=shown)


def parse_yaml(text: str, *, name: str) -> Node:
    """Read a text as one YAML document; raises ConfigurationWrong. An empty text is an empty value."""
    try:
        root = _composed(text)
        if root is None:
            return Node(None, Place(name, 1, 1))
        return _node(root, name)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line, column = (mark.line + 1, mark.column + 1) if mark else (0, 0)
        reason = "; ".join(part for part in (error.context, error.problem) if part)
        raise ConfigurationWrong(f"is not YAML: {reason}", file=name, line=line, column=column) from None
    except yaml.reader.ReaderError as error:
        line = text.count("\n", 0, error.position) + 1
        raise ConfigurationWrong(f"is not YAML: {error.reason}", file=name, line=line) from None


_TAG = "tag:yaml.org,2002:"


class _Composer(yaml.composer.Composer):
    """PyYAML's composer with the rules of this module."""

    _depth = 0

    def compose_node(self, parent: yaml.Node | None, index: int) -> yaml.Node | None:
        events = cast("yaml.parser.Parser", self)
        if events.check_event(yaml.AliasEvent):
            event = events.peek_event()  # type: ignore[no-untyped-call]
            raise yaml.composer.ComposerError(
                None, None, "an alias (*name) is not supported: write it out or share a part", event.start_mark
            )
        if self._depth > YAML_DEPTH_MAX:
            mark = events.peek_event().start_mark  # type: ignore[no-untyped-call]
            raise yaml.composer.ComposerError(None, None, f"it nests deeper than {YAML_DEPTH_MAX} levels", mark)
        self._depth += 1
        node: yaml.Node | None = super().compose_node(parent, index)
        self._depth -= 1
        return node


class _Loader(_Composer, yaml.BaseLoader):
    """Reads by PyYAML's own parser, whose messages are the better ones."""


class _FastLoader(_Composer, yaml.CBaseLoader):  # in this order ours composes
    """Reads by libyaml, in a fifth of the time: every start of a process reads some 200 files."""

    def __init__(self, text: str) -> None:
        yaml.CBaseLoader.__init__(self, text)
        _Composer.__init__(self)


def _composed(text: str) -> yaml.Node | None:
    if yaml.__with_libyaml__:
        with suppress(yaml.YAMLError):
            return _FastLoader(text).get_single_node()
    return _Loader(text).get_single_node()


# YAML 1.2.2 §10.3.2 (core schema), less: no octal, hexadecimal, infinities, leading zeros or capitals.
for _tag, _pattern, _first in (
    ("bool", r"^(?:true|false)$", "tf"),
    ("null", r"^(?:~|null|)$", "~n"),
    ("int", r"^[-+]?(?:0|[1-9][0-9]*)$", "-+0123456789"),
    ("float", r"^[-+]?(?:0|[1-9][0-9]*)(?:\.[0-9]+(?:[eE][-+]?[0-9]+)?|[eE][-+]?[0-9]+)$", "-+0123456789"),
):
    _Loader.add_implicit_resolver(_TAG + _tag, re.compile(_pattern), [*_first, ""] if _tag == "null" else list(_first))

_FastLoader.yaml_implicit_resolvers = _Loader.yaml_implicit_resolvers

_SCALARS: dict[str, Callable[[str], Scalar]] = {
    _TAG + "str": str,
    _TAG + "bool": lambda text: text == "true",
    _TAG + "null": lambda _: None,
    _TAG + "int": int,
    _TAG + "float": float,
}


def _node(node: yaml.Node, name: str) -> Node:
    place = _place(node, name)
    if isinstance(node, yaml.MappingNode) and node.tag == _TAG + "map":
        return _mapping(node, name, place)
    if isinstance(node, yaml.SequenceNode) and node.tag == _TAG + "seq":
        return Node(tuple(_node(item, name) for item in node.value), place)
    if isinstance(node, yaml.ScalarNode) and node.tag in _SCALARS:
        try:
            return Node(_SCALARS[node.tag](node.value), place)
        except ValueError:
            raise Node(None, place).wrong("the value does not fit its tag") from None
    raise Node(None, place).wrong(f"the tag {node.tag} is not supported")


def _mapping(node: yaml.MappingNode, name: str, place: Place) -> Node:
    entries: dict[str, Node] = {}
    keys: dict[str, Place] = {}
    for key_node, value_node in node.value:
        at = _place(key_node, name)
        if not isinstance(key_node, yaml.ScalarNode):
            raise Node(None, at).wrong("a key must be a single word or text")
        key = str(key_node.value)
        if key in keys:
            raise Node(None, at).wrong(
                f"the key {key} stands here twice", advice=f"the first is on line {keys[key].line}"
            )
        keys[key] = at
        entries[key] = _node(value_node, name)
    return Node(entries, place, keys)


def _place(node: yaml.Node, name: str) -> Place:
    return Place(name, node.start_mark.line + 1, node.start_mark.column + 1)
