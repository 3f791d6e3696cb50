"""All that the files of an installation say, read and checked: connections, their adapters, their mappings.

It reads files and compiles mappings. It refuses to know the bus and the ledger: `hub.app` wires them.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from enum import StrEnum
from types import MappingProxyType
from typing import NamedTuple, TypeVar

from hub import garbage
from hub.config.alerts import Alerts, load_alerts
from hub.config.connection import Connection, Direction
from hub.config.likely import did_you_mean
from hub.config.load import load_connections
from hub.config.settings import Settings
from hub.errors import ConfigurationWrong
from hub.event.vragen import ANSWER
from hub.flow.authorised import authorisation_problems
from hub.flow.bundle import Forms, read_bundle
from hub.flow.looked_up import lookup_problems
from hub.mapping.run import Mapping as FieldMapping
from hub.ports.contracts import Asking, Fetching, Inbound, Lookup, Outbound, Polling, Reporting
from hub.ports.registry import Registry

T = TypeVar("T")


class Need(StrEnum):
    """What whoever opens a hub needs of the mappings; compiling them takes seconds."""

    RIGHT = "goed"
    """All of them, without a mistake."""

    FOUND = "gevonden"
    """Those that are right: the others may come from the ledger, or are of no use here."""

    NONE = "geen"
    """None: who looks at failures maps nothing."""


class _Adapters(NamedTuple):
    """The adapters that were made, by the name of their connection."""

    inbound: dict[str, Inbound]
    outbound: dict[str, Outbound]
    asking: dict[str, Asking]

    def make(self, registry: Registry, connection: Connection) -> None:
        """Make the one of a connection; raises ConfigurationWrong."""
        match connection.direction:
            case Direction.INBOUND:
                self.inbound[connection.connection] = registry.inbound(connection)
            case Direction.OUTBOUND:
                self.outbound[connection.connection] = registry.outbound(connection)
            case Direction.ASK:
                self.asking[connection.connection] = registry.asking(connection)


class Configuration(NamedTuple):
    """All that files say, checked: connections with their adapters and compiled mappings.

    `fetching` and `polling` are of the inbound connections whose messages only point at what happened.

    `files` are the packs of what the mappings are made of (where none is given it is read when it is needed), `forms`
    those of the messages of the connections' adapters. `wrong` holds what is wrong with mappings, where
    that was let pass.
    """

    settings: Settings
    connections: dict[str, Connection]
    inbound: dict[str, Inbound]
    outbound: dict[str, Outbound]
    mappings: dict[str, dict[str, FieldMapping]]
    files: Mapping[str, bytes] = MappingProxyType({})
    forms: Mapping[str, Forms] = MappingProxyType({})
    wrong: Mapping[str, ConfigurationWrong] = MappingProxyType({})
    fetching: Mapping[str, Fetching] = MappingProxyType({})
    polling: Mapping[str, Polling] = MappingProxyType({})
    lookups: Mapping[str, Lookup] = MappingProxyType({})
    reporting: Mapping[str, Reporting] = MappingProxyType({})
    asking: Mapping[str, Asking] = MappingProxyType({})
    alerts: Alerts = Alerts()

    @classmethod
    @garbage.kept()
    def load(cls, settings: Settings, environ: Mapping[str, str], *, mappings: Need = Need.RIGHT) -> Configuration:
        """Read and check everything; raises ConfigurationWrong with every problem found, not just the first."""
        connections = load_connections(settings.mappings, environ)
        registry = Registry()
        adapters = _Adapters({}, {}, {})
        read: dict[str, dict[str, FieldMapping]] = {name: {} for name in connections}
        files: dict[str, bytes] = {}
        forms: dict[str, Forms] = {}
        wrong: dict[str, ConfigurationWrong] = {}
        problems: list[ConfigurationWrong] = []
        for name, connection in connections.items():
            try:
                adapters.make(registry, connection)
            except ConfigurationWrong as problem:
                problems.append(problem)
            try:
                forms[name] = registry.forms(connection.adapter)
                if mappings is not Need.NONE:
                    _, found, files[name] = read_bundle(name, settings.mappings, forms=forms[name])
                    read[name] = dict(found)
            except ConfigurationWrong as problem:
                wrong[name] = problem
            problems += _asks_problems(connection, connections)
        problems += _answered_twice(connections, read)
        problems += authorisation_problems(connections, read)
        problems += lookup_problems(connections, read)
        if mappings is Need.RIGHT:
            problems += wrong.values()
        alerts = Alerts()
        if settings.alerts is not None:
            try:
                alerts = load_alerts(settings.alerts, environ)
            except ConfigurationWrong as problem:
                problems += problem.problems
        if problems:
            raise ConfigurationWrong.several(problems)
        receiving = [connections[name] for name in adapters.inbound]
        delivering = [connections[name] for name in adapters.outbound]
        return cls(
            settings=settings,
            connections=connections,
            inbound=adapters.inbound,
            outbound=adapters.outbound,
            mappings=read,
            files=files,
            forms=forms,
            wrong=wrong,
            fetching=_able(registry.fetching, receiving),
            polling=_able(registry.polling, receiving),
            lookups={**_able(registry.lookup, delivering), **adapters.asking},
            asking=adapters.asking,
            alerts=alerts,
            reporting=_able(registry.reporting, [each for each in receiving if each.report is not None]),
        )


def _able(make: Callable[[Connection], T | None], connections: Iterable[Connection]) -> dict[str, T]:
    """Make a part of the adapters of these connections, where the adapter has it."""
    return {each.connection: made for each in connections if (made := make(each)) is not None}


def _asks_problems(connection: Connection, connections: Mapping[str, Connection]) -> list[ConfigurationWrong]:
    """Say what is wrong with whom a connection asks."""
    known = {
        name for name, each in connections.items() if each.direction is not Direction.INBOUND and each.takes == "events"
    }
    return [
        _wrong(connection, f"there is no connection {asks} that answers questions", did_you_mean(asks, known))
        for asks in connection.answerers
        if asks not in known
    ]


def _answered_twice(
    connections: Mapping[str, Connection], mappings: Mapping[str, Mapping[str, FieldMapping]]
) -> Iterator[ConfigurationWrong]:
    """Say of which questions it is not clear who answers them."""
    for connection in connections.values():
        answered = Counter(
            kind for asks in connection.answerers for kind in mappings.get(asks, {}) if kind.endswith(ANSWER)
        )
        for kind in (kind for kind, times in answered.items() if times > 1):
            yield _wrong(
                connection,
                f"more than one of these connections answers {kind.removesuffix(ANSWER)}",
                "name one of them, or take the mapping of the answer out of the other",
            )


def _wrong(connection: Connection, reason: str, advice: str, key: str = "asks") -> ConfigurationWrong:
    place = connection.place_of(key)
    return ConfigurationWrong(reason, file=place.file, line=place.line, column=place.column, advice=advice)
