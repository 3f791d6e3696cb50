"""Layers that change nothing.

It knows the rules of a layer and those below it. It refuses to know messages.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from hub.config.yaml import Place
from hub.mapping.lint.book import Book, Named
from hub.mapping.lint.findings import Finding, near
from hub.mapping.lint.holds import meaning
from hub.mapping.lint.written import replaced
from hub.mapping.places import Full, source_steps, target
from hub.mapping.rules import Call, Fill, Group, Lookup, Rule, Sheet, Use

Filled = dict[Full, list[tuple[object, Place]]]
"""What fills each target: what the rule says, without where it stands, and where it stands."""


def without_mapping(layers: Sequence[Named], messages: Sequence[str], book: Book) -> Iterator[Finding]:
    """Tell of layers over a mapping that is not there."""
    for each in layers:
        if each.sheet.message and each.sheet.message not in messages:
            place = _of(each, "message")
            guess = near(each.sheet.message, messages)
            reason = f"there is no mapping for `{each.sheet.message}` to lay this over"
            fix = replaced(book.files[place.file], place, each.sheet.message, guess.only)
            yield Finding("dead-layer", place, reason, guess.advice, fix)


def dead(base: Sheet, layers: Sequence[tuple[Named, Sheet]]) -> Iterator[Finding]:
    """Tell what of the layers over one mapping changes nothing; each with its resolved rules, the last on top."""
    below = filled(base.rules)
    for at, (named, sheet) in enumerate(layers):
        place = _of(named, "layer")
        if not sheet.rules and not sheet.ignore:
            yield Finding("dead-layer", _of(named, "rules"), "this layer has no rules", "remove the file")
            continue
        if sheet.layer.kind == "zaaktype" and base.zaaktype is None:
            reason = "the mapping does not say where the message names its zaaktype"
            yield Finding("dead-layer", place, reason, "add `zaaktype: <path>` to the head of the mapping")
            continue
        own = filled(sheet.rules)
        higher = [
            other
            for other_named, other in layers[at + 1 :]
            if other.layer.kind == sheet.layer.kind and set(sheet.layer.names) <= set(other.layer.names)
            for other_named in (other_named,)
        ]
        for full, rules in own.items():
            over = next((each for each in higher if _fills(filled(each.rules), full)), None)
            said = [what for what, _ in rules]
            if over is not None:
                reason = f"{over.place.file} replaces this for every message of this layer"
                yield Finding("dead-layer", rules[0][1], reason, "remove one of the two")
            elif said == [what for what, _ in below.get(full, [])]:
                reason = f"this says the same as what it replaces, at {below[full][0][1]}"
                yield Finding("dead-layer", rules[0][1], reason, "remove it")


def _fills(rules: Filled, full: Full) -> bool:
    return any(full[:end] in rules for end in range(1, len(full) + 1))


def _of(named: Named, key: str) -> Place:
    node = named.file.root
    return node.place_of(key) if node else named.sheet.place


def filled(rules: Sequence[Rule], at: Full = (), source: tuple[str, ...] = (), when: tuple[object, ...] = ()) -> Filled:
    """Give what fills each target of resolved rules."""
    found: Filled = {}
    for rule in rules:
        if isinstance(rule, Fill):
            found.setdefault(target(rule, at), []).append((_said(rule, source, when), rule.place))
        elif isinstance(rule, Group):
            full, steps = target(rule, at), source_steps(rule, source)
            conditions = (*when, meaning(rule.when)) if rule.when else when
            if rule.lookup is not None:
                conditions, steps = (*conditions, _asked(rule.lookup, source)), ()
            if rule.to and rule.to.many:
                inner = tuple(_all(filled(rule.rules)))
                found.setdefault(full, []).append(((steps, conditions, inner, rule.required), rule.place))
            else:
                for name, each in filled(rule.rules, full, steps, conditions).items():
                    found.setdefault(name, []).extend(each)
        else:
            assert not isinstance(rule, Use)
    return found


def _asked(lookup: Lookup, source: tuple[str, ...]) -> object:
    """Tell what a rule looks up, without where it stands."""
    by = tuple((each.to.names, _said(each, source, ())) for each in lookup.by)
    return lookup.asks, lookup.question, by, lookup.unavailable, lookup.nothing, lookup.several


def _all(rules: Filled) -> Iterator[object]:
    for full, each in rules.items():
        yield full, tuple(what for what, _ in each)


def _said(rule: Fill, source: tuple[str, ...], when: tuple[object, ...]) -> object:
    paths = tuple(
        ("/".join((*(() if path.root or path.context else source), path.text.removeprefix("/"))), path.context)
        for path in rule.sources
    )
    conditions = (*when, meaning(rule.when)) if rule.when else when
    calls = tuple(map(_called, rule.via))
    return paths, rule.value, calls, conditions, rule.default, tuple(sorted(rule.empty.items())), rule.required


def _called(call: Call) -> object:
    bare = call.bare[0] if call.bare else None
    return call.name, bare, tuple((name, value) for name, value, _ in call.settings)
