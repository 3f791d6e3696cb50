"""Rules as the YAML they could have been read from: to see what an inversion made, and to run it."""

from __future__ import annotations

import json
from typing import Any

from hub.config.yaml import Place
from hub.mapping.resolve import resolve
from hub.mapping.rules import Action, Call, Combined, Condition, Fill, Group, Reason, Rule, Sheet, Use, read_mapping


class NoParts:
    """Gives no part."""

    def part(self, name: str, asked: Place) -> Sheet:
        """Refuse."""
        raise AssertionError(name, asked)


def sheet_of(rules: list[Any], *, message: str = "bericht", gives: str = "proef", **head: Any) -> Sheet:  # noqa: ANN401
    """Read and resolve a mapping without parts."""
    text = file_of(rules, message=message, gives=gives, **head)
    return resolve(read_mapping("proef.map.yaml", text), NoParts())


def file_of(rules: list[Any], **head: Any) -> str:  # noqa: ANN401 - YAML
    """Give a mapping file. JSON is YAML too, and has no anchors for what is used twice."""
    return json.dumps({**head, "rules": rules}, indent=1)


def written(sheet: Sheet) -> str:
    """Give a mapping file that says the same."""
    head: dict[str, Any] = {"message": sheet.message, "gives": sheet.gives}
    if sheet.zaaktype:
        head["zaaktype"] = sheet.zaaktype.text
    if sheet.allow:
        head["allow"] = list(sheet.allow)
    return file_of(rules_of(sheet), **head)


def rules_of(sheet: Sheet) -> list[Any]:
    """Give the rules as data, what goes without saying left out."""
    return [_rule(each) for each in sheet.rules]


def _rule(rule: Rule) -> dict[str, Any]:
    assert not isinstance(rule, Use)
    said: dict[str, Any] = {"to": rule.to.text} if rule.to else {}
    if isinstance(rule, Fill):
        if rule.sources:
            said["from"] = rule.sources[0].text
        else:
            said["value"] = rule.value
        if rule.via:
            said["via"] = [_call(each) for each in rule.via]
    elif rule.source:
        said["each" if rule.every else "at"] = rule.source.text
    if rule.when:
        said["when"] = _condition(rule.when)
    usual = dict.fromkeys(Reason, Action.OMIT) | {Reason.GEEN_WAARDE: Action.NULL}
    if rule.sources if isinstance(rule, Fill) else rule.source:
        empty = {each.value: action.value for each, action in rule.empty.items() if usual[each] is not action}
        said |= {"empty": empty} if empty else {}
    if rule.required:
        said["required"] = True
    if isinstance(rule, Group):
        said["rules"] = [_rule(each) for each in rule.rules]
    return said


def _call(call: Call) -> Any:  # noqa: ANN401 - YAML
    settings = {name: value for name, value, _ in call.settings}
    if call.bare:
        return {call.name: call.bare[0]}
    return {call.name: settings} if settings else call.name


def _condition(condition: Condition) -> dict[str, Any]:
    if isinstance(condition, Combined):
        parts = [_condition(each) for each in condition.parts]
        return {condition.kind: parts[0] if condition.kind == "not" else parts}
    said: dict[str, Any] = {"path": condition.path.text}
    if condition.kind == "exists":
        said["exists"] = condition.expected
    elif condition.matches:
        said["matches"] = _call(condition.matches)
    elif condition.kind == "equals":
        said["equals"] = condition.values[0]
    else:
        said["in"] = list(condition.values)
    return said
