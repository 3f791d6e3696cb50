"""What an outbound connection can be made to deliver, as documents for its adapter, each with where it shows.

Three sources: what the rules can give (of this connection, and of the inbound ones that feed it), what their cases
give, and the last events on the bus. It refuses to know what a target calls things: a document is what the mapping
makes of an event.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from types import MappingProxyType
from typing import Any, NamedTuple

import orjson

from hub.app import App, heard_from
from hub.cli.live.delivering import Delivering, merged, without
from hub.config.connection import Direction
from hub.config.policy import LIVE_EVENTS_MAX
from hub.desk.recall import source_of
from hub.desk.tools import tools_of
from hub.errors import HubError, MappingFailed, MessageRefused
from hub.mapping.cases import find_cases, outcome_of, read_case
from hub.mapping.possible import Possible, Variant, variants_of
from hub.ports.contracts import Produced

Steps = tuple[str, ...]

_ZAAKTYPE = ("zaak", "zaaktype")
_OF_ZAAKTYPE = ("zaaktype", "zaaktypeOmschrijving")
_SAID = {
    "zaaktype": (_ZAAKTYPE, ("zaak", "zaaktypeOmschrijving")),
    "roltype": (("zaak", "rollen", "omschrijving"), ("zaak", "rollen", "code")),
    "statustype": (
        ("zaak", "statussen", "omschrijving"),
        ("zaak", "statussen", "volgnummer"),
        ("zaak", "statussen", "code"),
    ),
    "resultaattype": (("zaak", "resultaat", "omschrijving"),),
    "eigenschap": (("zaak", "eigenschappen", "naam"),),
    "informatieobjecttype": (("document", "informatieobjecttype"),),
    "besluittype": (("besluit", "besluittype"), ("zaak", "besluiten", "besluittype")),
}
"""The fields of an event that name a type."""


class Production(NamedTuple):
    """The documents, and how many `rules`, `cases` and `events` gave one.

    `left_out` are cases that are not about the zaaktypen that go live. `free` names, of each inbound connection, the
    types that its senders fill in as they like.
    """

    documents: list[Produced]
    counted: dict[str, int]
    left_out: int
    free: dict[str, tuple[str, ...]]


async def production(app: App, name: str, zaaktypen: Collection[str]) -> Production:
    """Gather them; `zaaktypen` go live, and other cases are left out then."""
    return await _Gathering(app, name, zaaktypen).all()


def feeding(app: App, name: str) -> list[str]:
    """Name the inbound connections whose events this one delivers."""
    configuration = app.configuration
    connections, delivered = configuration.connections, configuration.mappings[name]
    own = heard_from(connections[name], connections)
    return [
        each
        for each, connection in connections.items()
        if connection.direction is Direction.INBOUND
        and each not in own
        and any(mapping.gives in delivered for mapping in configuration.mappings[each].values())
    ]


class _Part(NamedTuple):
    """A part of an event that a rule gives, for which zaaktypen (none: for all)."""

    event: dict[str, Any]
    beside: dict[str, Any]
    origin: str
    zaaktypen: tuple[str, ...]


class _Shown(NamedTuple):
    """What the adapter is given for a part: see `Produced`."""

    document: dict[str, Any]
    beside: dict[str, Any]
    origin: str
    zaaktypen: tuple[str, ...]
    names_zaaktype: bool


class _Gathering:
    def __init__(self, app: App, name: str, zaaktypen: Collection[str]) -> None:
        configuration = app.configuration
        self._app, self._name, self._named = app, name, tuple(zaaktypen)
        self._root = configuration.settings.mappings
        self._feeding = feeding(app, name)
        self._delivering = Delivering(self._variants(name), configuration.forms[name])
        self._now = app.clock.now().isoformat()
        self._documents: dict[bytes, Produced] = {}
        self._zaaktypen: dict[bytes, tuple[dict[str, Any], str]] = {}
        self._counted: Counter[str] = Counter()
        self._rules: set[str] = set()
        self._left_out = 0

    async def all(self) -> Production:
        fed = {name: self._variants(name) for name in self._feeding}
        for code in self._named:
            self._know({"zaaktype": code}, "--zaaktype")
        for name, variants in fed.items():
            self._know_configured(name, variants)
        for layer in self._delivering.every():
            for code in layer.zaaktypen:
                self._know({"zaaktype": code}, f"layer for zaaktype {code} of {self._name}")
        for name in (*self._feeding, self._name):
            self._run_cases(name)
        await self._remember()
        self._enumerate(fed)
        free = {name: tuple(_free(variants, self._delivering.kinds())) for name, variants in fed.items()}
        return Production(
            list(self._documents.values()), {"rules": len(self._rules), **self._counted}, self._left_out, free
        )

    def _variants(self, name: str) -> list[Variant]:
        forms = self._app.configuration.forms[name]
        return variants_of(self._root / name, root=self._root, forms=forms)

    def _know_configured(self, name: str, variants: Sequence[Variant]) -> None:
        """Know the zaaktypen that files of an inbound connection name, as its mappings tell them to others."""
        crossing = self._app.configuration.connections[name].crossing
        on_route = [code for route in (crossing.routes if crossing else ()) for code in route.zaaktypen]
        for variant in variants:
            for code in (*variant.zaaktypen, *on_route):
                why = f"layer for zaaktype {code}" if code in variant.zaaktypen else "crossing"
                for told in variant.translated(_ZAAKTYPE, code):
                    self._know({"zaaktype": told}, f"{why} of {name}")

    def _know(self, zaak: Mapping[str, Any], origin: str) -> None:
        said = {name: zaak[name] for name in _OF_ZAAKTYPE if zaak.get(name)}
        if said:
            self._zaaktypen.setdefault(orjson.dumps(said), (said, origin))

    def _add(
        self, kind: str, document: dict[str, Any], origin: str, beside: Mapping[str, Any] = MappingProxyType({})
    ) -> None:
        key = orjson.dumps([kind, document, dict(beside)], option=orjson.OPT_SORT_KEYS, default=str)
        self._documents.setdefault(key, Produced(kind, document, origin, beside))

    def _run_cases(self, name: str) -> None:
        inbound = name != self._name
        tools = tools_of(self._root / name, root=self._root)
        for case in find_cases(self._root, name):
            try:
                given = read_case(case, tools)
                outcome = outcome_of(given, tools) if inbound else None
            except HubError:
                # `zaakhub map test` tells what is the matter with a case.
                continue
            event = outcome.data if outcome else given.source
            kind = given.mapping.gives if outcome else given.kind
            if kind not in self._delivering.kinds() or not isinstance(event, dict):
                continue
            event = _of_nobody(event)
            sender = name if inbound else str(given.context.get("zender", ""))
            if self._named and _zaaktype_of(event) not in self._named:
                self._left_out += 1
            elif self._deliver(kind, event, {"type": kind, "time": self._now, "zender": sender}, f"case {case.name}"):
                self._counted["cases"] += 1

    async def _remember(self) -> None:
        configuration = self._app.configuration
        for recalled in await self._app.recall().last(self._name, LIVE_EVENTS_MAX):
            try:
                source = source_of(recalled, configuration)
            except (MessageRefused, KeyError, ValueError):
                continue
            if not isinstance(source.body, dict) or recalled.kind not in self._delivering.kinds():
                continue
            if self._deliver(recalled.kind, source.body, source.context, f"event {recalled.id[:8]}"):
                self._counted["events"] += 1

    def _deliver(self, kind: str, event: dict[str, Any], context: dict[str, Any], origin: str) -> bool:
        """Map a whole event as the worker would."""
        try:
            body = self._app.configuration.mappings[self._name][kind].make(event, context=context).body
        except MappingFailed:
            return False
        if not isinstance(body, dict):
            return False
        self._know(event.get("zaak") or {}, origin)
        self._add(kind, body, origin)
        return True

    def _enumerate(self, fed: Mapping[str, Sequence[Variant]]) -> None:
        """Add what rules can give, for every zaaktype that is known."""
        asked = {
            kind: {name: [each for each in variants if each.sheet.gives == kind] for name, variants in fed.items()}
            for kind in self._delivering.kinds()
        }
        for kind, senders in asked.items():
            feeding_it = {name: variants for name, variants in senders.items() if variants}
            if fed and not feeding_it:
                continue
            free = {path for variants in feeding_it.values() for each in variants for path in each.free()}
            for name in feeding_it or [""]:
                parts = [part for each in feeding_it.get(name, ()) for part in _parts(each)]
                self._combine(kind, name, parts, free if feeding_it else None)

    def _combine(self, kind: str, sender: str, parts: Sequence[_Part], free: Collection[Steps] | None) -> None:
        """Add what becomes of the parts that a sender's rules give, and of the rules here, beside each zaaktype."""
        shown: dict[int, list[_Shown]] = {}
        for zaak, origin in [*self._zaaktypen.values(), ({}, "")]:
            variant = self._delivering.pick(kind, sender, str(zaak.get("zaaktype", "")))
            if id(variant) not in shown:
                shown[id(variant)] = self._shown(variant, sender, parts, free)
            of_zaak = self._of_zaak(variant, sender, zaak) if zaak else {}
            if of_zaak:
                self._add(kind, of_zaak, origin)
            for each in shown[id(variant)]:
                alone = each.names_zaaktype or not self._zaaktypen
                if alone == (not zaak) and (not each.zaaktypen or zaak.get("zaaktype") in each.zaaktypen):
                    self._add(kind, merged(of_zaak, each.document), each.origin, merged(of_zaak, each.beside))
                    self._rules.add(each.origin)

    def _shown(
        self, variant: Variant, sender: str, parts: Sequence[_Part], free: Collection[Steps] | None
    ) -> list[_Shown]:
        """Give what becomes of parts of an event, and what the rules of the variant itself can give."""
        found = [
            _Shown(
                self._delivering.made(variant, each.event, sender, self._now),
                self._delivering.made(variant, each.beside, sender, self._now),
                each.origin,
                each.zaaktypen,
                names_zaaktype=bool(_zaaktype_of(each.event)),
            )
            for each in parts
        ]
        found += [
            _Shown(each.data, each.beside, f"rule {each.place}", (), names_zaaktype=False)
            for each in _possible(variant, free)
        ]
        told = {orjson.dumps(each[:2] + each[3:], default=str): each for each in reversed(found)}
        return [each for each in reversed(told.values()) if each.document != each.beside]

    def _of_zaak(self, variant: Variant, sender: str, zaak: dict[str, Any]) -> dict[str, Any]:
        """Give what a zaaktype becomes, without what every event becomes."""
        made = self._delivering.made(variant, {"zaak": zaak}, sender, self._now)
        return without(made, self._delivering.made(variant, {}, sender, self._now))


def _parts(variant: Variant) -> Iterator[_Part]:
    """Give the parts of an event that the rules of an inbound connection can give."""
    told = tuple(str(each) for code in variant.zaaktypen for each in variant.translated(_ZAAKTYPE, code))
    for each in variant.possible():
        yield _Part(each.data, each.beside, f"rule {each.place}", told)


def _possible(variant: Variant, free: Collection[Steps] | None) -> list[Possible]:
    """Give what the rules of the outbound connection can give beside what becomes of the parts.

    A code that is looked up for a field that senders can't fill freely follows from those parts.
    """
    return [
        each
        for each in variant.possible()
        if free is None
        or not each.reads
        or any(path[:end] in free for path in each.reads for end in range(1, len(path) + 1))
    ]


def _of_nobody(event: Mapping[str, Any]) -> dict[str, Any]:
    """Give an event without the organisatie that sent it: in a case that is an invented one."""
    return {
        name: {key: each for key, each in part.items() if key != "organisatie"} if isinstance(part, dict) else part
        for name, part in event.items()
    }


def _zaaktype_of(event: Mapping[str, Any]) -> str:
    return str((event.get("zaak") or {}).get("zaaktype") or "")


def _free(variants: Iterable[Variant], kinds: Collection[str]) -> Iterator[str]:
    """Name the types that a message says freely."""
    free = {path for each in variants if each.sheet.gives in kinds for path in each.free()}
    yield from (noun for noun, paths in _SAID.items() if any(path in free for path in paths))
