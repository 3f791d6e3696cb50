"""What is laid over the mappings of a connection: for every message, for those of one sender, about one zaaktype.

It knows layers by name and the order in which they win. It refuses to know files and messages.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from itertools import product
from typing import NamedTuple

from hub.config.yaml import Place
from hub.mapping.rules import Group, Rule, Sheet, Use, wrong

Over = tuple[Sheet, ...]
"""Layers in their order, the last on top."""

Which = tuple[tuple[int, ...], tuple[int, ...]]
"""A variant: the layers of the sender and those of the zaaktype, by identity."""


class Overlay(NamedTuple):
    """Layers over one mapping, or over all: connection < `everyone` < those of the sender < those of the zaaktype."""

    everyone: Over = ()
    senders: dict[str, Over] = {}  # noqa: RUF012 - nobody changes it
    zaaktypen: dict[str, Over] = {}  # noqa: RUF012 - nobody changes it

    def of(self, message: str, parts: Iterable[str]) -> Overlay:
        """Give what lies over one mapping: over its message, or over a part that it uses."""
        used = frozenset(parts)

        def kept(several: Over) -> Over:
            return tuple(each for each in several if each.message == message or each.part in used)

        return Overlay(
            kept(self.everyone),
            {name: over for name, several in self.senders.items() if (over := kept(several))},
            {name: over for name, several in self.zaaktypen.items() if (over := kept(several))},
        )

    def all(self) -> Iterator[Sheet]:
        """Give every layer once."""
        several = (self.everyone, *self.senders.values(), *self.zaaktypen.values())
        yield from {id(each): each for over in several for each in over}.values()

    def which(self, sender: str, zaaktype: str | None) -> Which:
        """Say which variant a message gets."""
        return _ids(self.senders.get(sender, ())), _ids(self.zaaktypen.get(zaaktype or "", ()))

    def variants(self) -> Iterator[tuple[Which, Over]]:
        """Give every combination of a sender's layers and a zaaktype's once, that of neither first."""
        for sender, zaaktype in product(_once(self.senders), _once(self.zaaktypen)):
            yield (_ids(sender), _ids(zaaktype)), (*self.everyone, *sender, *zaaktype)


def overlay_of(own: Iterable[Sheet], everyone: Iterable[Over], senders: dict[str, tuple[Over, ...]]) -> Overlay:
    """Put the layers of a connection over those of its dialects; raises ConfigurationWrong.

    `own` are for a sender or a zaaktype; `everyone` has the layers of each dialect that is for all, `senders` those of
    each dialect for one sender.
    """
    layers = tuple(own)
    by_sender, by_zaaktype = _named(layers, "sender"), _named(layers, "zaaktype")
    return Overlay(
        tuple(each for over in everyone for each in over),
        {
            name: (*(each for over in senders.get(name, ()) for each in over), *by_sender.get(name, ()))
            for name in dict.fromkeys((*senders, *by_sender))
        },
        by_zaaktype,
    )


def used_parts(sheets: Iterable[Sheet], part: Callable[[str, Place], Sheet], over: Iterable[Sheet]) -> frozenset[str]:
    """Give the names of the parts that these rules use, also through one another and through layers over them."""
    layers = tuple(over)
    used: set[str] = set()
    waiting = [use for sheet in sheets for use in _uses(sheet.rules)]
    while waiting:
        use = waiting.pop()
        if use.name in used:
            continue
        used.add(use.name)
        laid = [each for each in layers if each.part == use.name]
        waiting += [each for sheet in (part(use.name, use.place), *laid) for each in _uses(sheet.rules)]
    return frozenset(used)


def _uses(rules: Iterable[Rule]) -> Iterator[Use]:
    for rule in rules:
        if isinstance(rule, Use):
            yield rule
        elif isinstance(rule, Group):
            yield from _uses(rule.rules)


def _named(layers: Over, kind: str) -> dict[str, Over]:
    """Give the layers of a kind by each of their names: one for each message or part."""
    named: dict[str, dict[str, Sheet]] = {}
    for each in layers:
        for name in each.layer.names if each.layer.kind == kind else ():
            subjects = named.setdefault(name, {})
            earlier = subjects.setdefault(each.message or f"part {each.part}", each)
            if earlier is not each:
                wrong(each.place, f"the {kind} `{name}` has a layer already: {earlier.place}", "make one of the two")
    return {name: tuple(subjects.values()) for name, subjects in named.items()}


def _once(named: dict[str, Over]) -> list[Over]:
    return [(), *{_ids(each): each for each in named.values()}.values()]


def _ids(over: Over) -> tuple[int, ...]:
    return tuple(map(id, over))
