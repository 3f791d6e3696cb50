"""An edit made by hand turned into something that lasts: a rule or a table of the mapping.

What is suggested was tried: with it the mapping makes what the person made by hand, and nothing else is other. Where no
such rule is found it says why. Nothing is written: a person reads it, and activates it as any change of a mapping.
"""

from __future__ import annotations

import asyncio
import csv
import io
import re
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any, NamedTuple

import yaml

from hub.config import policy
from hub.config.yaml import Node, parse_yaml
from hub.desk.change import Difference, fields_of
from hub.desk.origin import Origins, Wanted
from hub.errors import ActRefused, ConfigurationWrong, MappingFailed
from hub.flow.bundle import Forms, Mappings, compile_bundle, pack, packed, unpack
from hub.flow.explain import explained
from hub.flow.source import Source
from hub.mapping.fictitious.fields import Kind, kind_of
from hub.mapping.run import Mapping as FieldMapping
from hub.mapping.trace import NOTHING, Explained, Explanation
from hub.security.masking import mask

_ABOUT_NOBODY = (Kind.CODE, Kind.LABEL, None)
_HEADER = ("van", "naar")
_PLACE = re.compile(r"^(?P<file>.+):(?P<line>\d+)$")


class Suggestion(NamedTuple):
    """Files by path below the folder of connections, and what they do; without files why there are none."""

    files: dict[str, str]
    explanation: str


class _NoRule(Exception):
    """Why no rule can be made of an edit."""


class _Found(NamedTuple):
    """What would make one field come out right: a changed table, or a rule of a layer; `why` says what it does.

    The layer lies over the mapping, or over the `part` where the rule stands.
    """

    why: str
    table: tuple[str, str] | None = None
    rule: dict[str, Any] | None = None
    part: str = ""


class Rules:
    """Suggests rules."""

    def __init__(
        self,
        *,
        origins: Origins,
        root: Path,
        home: Path,
        forms: Mapping[str, Forms],
        mappings: Callable[[str], Mappings],
    ) -> None:
        """Take the folder of connections, and a folder that may be written in."""
        self._origins = origins
        self._root = root
        self._home = home
        self._forms = forms
        self._mappings = mappings

    async def of(self, edit_id: str) -> Suggestion:
        """Suggest files that make an edit unnecessary; raises ActRefused when there is no such edit."""
        try:
            wanted = await self._origins.of(edit_id)
            return await asyncio.to_thread(self._suggested, wanted)
        except _NoRule as none:
            return Suggestion({}, f"No rule can be derived: {none}.")
        except ActRefused as refused:
            if refused.code == "onbekend":
                raise
            return Suggestion({}, f"No rule can be derived: {refused.reason}.")

    def _suggested(self, wanted: Wanted) -> Suggestion:
        mapping = self._mappings(wanted.connection).get(wanted.kind)
        if mapping is None:
            raise _NoRule(f"no mapping for {wanted.kind} is known here")
        texts = unpack(pack(wanted.connection, self._root))
        explanation = explained(mapping, wanted.source)
        changes = _changes(wanted, explanation)
        found = [_found(each, explanation, texts, wanted, self._root.name) for each in changes]
        files = dict(each.table for each in found if each.table is not None)
        for part in sorted({each.part for each in found if each.rule is not None}):
            rules = [each.rule for each in found if each.rule is not None and each.part == part]
            files |= dict([_layer(wanted, part, rules, texts)])
        self._prove(wanted, mapping, changes, texts | files)
        said = "; ".join(each.why for each in found)
        return Suggestion(
            files,
            f"With this the mapping makes it so by itself: {said}. It holds for every message that it fits; see first "
            f"what it changes: zaakhub map preview {wanted.connection}",
        )

    def _prove(
        self, wanted: Wanted, mapping: FieldMapping, changes: Iterable[Difference], texts: dict[str, str]
    ) -> None:
        """Run the message through the mapping with the files; raises _NoRule unless what comes out is as wanted."""
        try:
            after = fields_of(_body(self._compiled(wanted, texts), wanted.source))
        except (ConfigurationWrong, MappingFailed, KeyError) as wrong:
            raise _NoRule(f"the mapping would not take it: {wrong}") from None
        expected = {each.path: each.after for each in changes}
        try:
            expected = fields_of(_body(mapping, wanted.source)) | expected
        except MappingFailed:
            after = {path: after.get(path) for path in expected}
        if after != expected:
            raise _NoRule("every rule that was tried changes other fields too, or not this one")

    def _compiled(self, wanted: Wanted, texts: dict[str, str]) -> FieldMapping:
        """Compile one mapping; those of other messages only when it cannot do without: each takes a second."""
        for files in (_of_one(texts, wanted.connection, wanted.kind), texts):
            try:
                return compile_bundle(
                    wanted.connection,
                    packed(files),
                    root_name=self._root.name,
                    home=self._home,
                    forms=self._forms.get(wanted.connection, {}),
                )[wanted.kind]
            except ConfigurationWrong:
                if files is texts:
                    raise
        raise AssertionError


def _of_one(texts: Mapping[str, str], connection: str, kind: str) -> dict[str, str]:
    """Leave out the mappings of other messages of a connection, and the layers over them."""
    messages = {name[len(connection) + 1 : -len(_MAPPING)] for name in texts if _is_mapping(name, connection)}
    others = tuple(f"{connection}/{each}." for each in messages - {kind} if not f"{kind}.".startswith(f"{each}."))
    return {name: text for name, text in texts.items() if not name.startswith(others)}


def _is_mapping(name: str, connection: str) -> bool:
    return name.startswith(f"{connection}/") and name.endswith(_MAPPING) and name.count("/") == 1


_MAPPING = ".map.yaml"


def _body(mapping: FieldMapping, source: Source) -> dict[str, Any] | bytes:
    return mapping.make(source.body, context=source.context).body


def _changes(wanted: Wanted, explanation: Explanation) -> list[Difference]:
    """Give what the mapping must do otherwise; of one that stops, the field at which it stops."""
    if wanted.changes is not None:
        return wanted.changes
    stopped = explanation.fields[-1].target if explanation.failure and explanation.fields else ""
    if stopped not in wanted.result:
        raise _NoRule("the mapping stops at the message as it came, for another reason than this field")
    return [Difference(stopped, "nieuw", None, wanted.result[stopped])]


def _found(change: Difference, explanation: Explanation, texts: Mapping[str, str], wanted: Wanted, root: str) -> _Found:
    _check(change)
    at = next((each for each in reversed(explanation.fields) if each.target == change.path), None)
    if at is None or not at.rule:
        return _Found(f"{change.path} is always this", rule={"to": change.path, "value": change.after})
    node, file = _rule_at(at.rule, texts, root)
    tables = _tables_of(node)
    if at.steps and at.steps[-1].function == "code" and tables:
        return _in_table(tables[-1], str(at.steps[-1].given), change, texts, wanted)
    plain, part = node.plain(), _part_of(file)
    # Where the part is put, another rule says; that the path ends as the rule says is tried in the end.
    ends = change.path == plain["to"] or (part and change.path.endswith(f".{plain['to']}"))
    if not ends or not plain.keys() & {"from", "first-of"}:
        raise _NoRule(f"the rule of {change.path} stands in {at.rule}, within another rule: change it there")
    if at.raw is None:
        default = {name: each for name, each in plain.items() if name not in {"empty", "required"}}
        said = f"{change.path} is this where nothing is sent"
        return _Found(said, rule={**default, "default": change.after}, part=part)
    return _translated(plain, at, change, wanted)._replace(part=part)


def about_nobody(change: Difference) -> bool:
    """Say whether a corrected field is a code or the name of a type: what a file may hold."""
    *above, name = change.path.split(".")
    text = str(change.after)
    return kind_of(name, tuple(above)) in _ABOUT_NOBODY and mask(text) == text


def _check(change: Difference) -> None:
    """See that a rule may hold the value; raises _NoRule."""
    if "[" in change.path:
        raise _NoRule(f"{change.path} is an item of a list: a rule says something of every item")
    if change.kind == "weg" or not isinstance(change.after, str | int | float | bool):
        raise _NoRule(f"{change.path} was cleared: whether it should be is not to be seen in the message")
    if not about_nobody(change):
        raise _NoRule(f"{change.path} is about one person or one zaak, and a rule is for all of them")
    if len(str(change.after)) > policy.RULE_VALUE_CHARS_MAX:
        raise _NoRule(f"the value of {change.path} is too long for a code")


def _rule_at(rule: str, texts: Mapping[str, str], root: str) -> tuple[Node, str]:
    """Give the rule that stands at a place, and the file that it stands in."""
    found = _PLACE.match(rule)
    file = found["file"].removeprefix(f"{root}/") if found else ""
    if found is None or file not in texts:
        raise _NoRule(f"its rule stands in {rule}, where it cannot be looked at")
    for node in _nodes(parse_yaml(texts[file], name=file)):
        if node.place.line == int(found["line"]) and node.get("to") is not None:
            return node, file
    raise _NoRule(f"its rule at {rule} is not plain")


def _part_of(file: str) -> str:
    """Name the part that a file is, if it is one."""
    return file.removeprefix("_parts/").removesuffix(".yaml") if file.startswith("_parts/") else ""


def _nodes(node: Node) -> Iterable[Node]:
    yield node
    if isinstance(node.value, dict):
        for each in node.value.values():
            yield from _nodes(each)
    elif isinstance(node.value, tuple):
        for each in node.value:
            yield from _nodes(each)


def _tables_of(rule: Node) -> list[str]:
    """Name the tables that a rule looks values up in, in order."""
    plain = rule.plain()
    calls = [each["code"] for each in plain.get("via", ()) if isinstance(each, dict) and "code" in each]
    calls += [plain["lookup"]] if "lookup" in plain else []
    return [each["table"] if isinstance(each, dict) else each for each in calls]


def _in_table(table: str, given: str, change: Difference, texts: Mapping[str, str], wanted: Wanted) -> _Found:
    own, shared = f"{wanted.connection}/_codes/{table}.csv", f"_codes/{table}.csv"
    file = own if own in texts else shared
    rows = [row for row in csv.reader(io.StringIO(texts.get(file, ""))) if row and row[0] != given]
    text = _csv([*(rows or [list(_HEADER)]), [given, str(change.after)]])
    return _Found(f"the table {table} gives the corrected value of {change.path} for what was sent", table=(file, text))


def _translated(rule: dict[str, Any], at: Explained, change: Difference, wanted: Wanted) -> _Found:
    """Give the rule with a table behind it, that lets everything through but this one value."""
    given = at.steps[-1].gives if at.steps else at.raw
    given = at.value if at.value is not NOTHING and at.value is not None else given
    if not isinstance(given, str) or not isinstance(change.after, str):
        raise _NoRule(f"{change.path} is no text, and tables hold texts")
    table = f"{re.sub(r'[^a-z0-9]+', '-', change.path.lower())}-correcties"
    via = [*rule.get("via", ()), {"code": {"table": table, "otherwise": "keep"}}]
    rows = [list(_HEADER), [given, change.after]]
    return _Found(
        f"one value of {change.path} is translated into the other",
        table=(f"{wanted.connection}/_codes/{table}.csv", _csv(rows)),
        rule={**rule, "via": via},
    )


def _layer(wanted: Wanted, part: str, rules: list[dict[str, Any]], texts: Mapping[str, str]) -> tuple[str, str]:
    """Give a layer for the sender of the message, its name and its text."""
    sender = str(wanted.source.context.get("zender", ""))
    name = re.sub(r"[^a-z0-9]+", "-", sender.lower()).strip("-") or "afzender"
    file = f"{wanted.connection}/{part or wanted.kind}.{name}.layer.yaml"
    if file in texts:
        raise _NoRule(f"{file} is there already: put this in it by hand: {yaml.safe_dump(rules, sort_keys=False)}")
    over = {"part": part} if part else {"message": wanted.kind}
    said = {"layer": {"sender": sender}, **over, "rules": rules}
    return file, yaml.safe_dump(said, sort_keys=False, allow_unicode=True, width=110)


def _csv(rows: Iterable[Iterable[str]]) -> str:
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerows(rows)
    return out.getvalue()
