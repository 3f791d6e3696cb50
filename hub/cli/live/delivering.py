"""The mappings of an outbound connection, for events of which only a part is known.

It knows which layers an event gets by its sender and its zaaktype. It refuses to know where the part came from.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Any

from hub.errors import MappingFailed
from hub.event.catalogue import EVENT_TYPES
from hub.mapping.possible import Variant
from hub.mapping.run import Mapping as FieldMapping


class Delivering:
    """See the module."""

    def __init__(self, variants: Iterable[Variant], forms: Collection[str]) -> None:
        self._variants: dict[str, list[Variant]] = {}
        for each in variants:
            if each.sheet.message in EVENT_TYPES and each.sheet.gives not in forms:
                self._variants.setdefault(each.sheet.message, []).append(each)
        self._lenient: dict[tuple[int, frozenset[str]], FieldMapping] = {}

    def kinds(self) -> list[str]:
        """Give the event types that it takes."""
        return list(self._variants)

    def every(self) -> Iterator[Variant]:
        """Give every variant."""
        for several in self._variants.values():
            yield from several

    def pick(self, kind: str, sender: str, zaaktype: str) -> Variant:
        """Give the variant for the events of a sender about a zaaktype."""
        fitting = [
            each
            for each in self._variants[kind]
            if (not each.senders or sender in each.senders) and (not each.zaaktypen or zaaktype in each.zaaktypen)
        ]
        return max(fitting, key=lambda each: (bool(each.zaaktypen), bool(each.senders)))

    def made(self, variant: Variant, event: dict[str, Any], sender: str, now: str) -> dict[str, Any]:
        """Give what becomes of a part of an event; a rule that can do nothing with it is left out."""
        context = {"type": variant.sheet.message, "time": now, "zender": sender}
        without: frozenset[str] = frozenset()
        while True:
            try:
                return self._mapping(variant, without).run(event, context=context).data
            except MappingFailed as failure:
                if failure.rule in without:
                    return {}
                without |= {failure.rule}

    def _mapping(self, variant: Variant, without: frozenset[str]) -> FieldMapping:
        key = (id(variant), without)
        if key not in self._lenient:
            self._lenient[key] = variant.lenient(without)
        return self._lenient[key]


def merged(one: Mapping[str, Any], other: Mapping[str, Any]) -> dict[str, Any]:
    """Lay one document over another; a list takes the place of a list."""
    whole = dict(one)
    for name, value in other.items():
        below = whole.get(name)
        whole[name] = merged(below, value) if isinstance(below, dict) and isinstance(value, dict) else value
    return whole


def without(one: Mapping[str, Any], other: Mapping[str, Any]) -> dict[str, Any]:
    """Give what a document has and another has not."""
    left: dict[str, Any] = {}
    for name, value in one.items():
        below = other.get(name)
        if isinstance(value, dict) and isinstance(below, dict):
            if inner := without(value, below):
                left[name] = inner
        elif value != below:
            left[name] = value
    return left
