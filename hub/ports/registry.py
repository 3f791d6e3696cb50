"""The adapters that are installed, by name: found at run time, made for a connection.

It knows two places to look: the folders of the package `adapters`, and the entry points `zaakhub.adapters` of third
parties (name → package). It imports an adapter only when a connection asks for it, and no adapter registers itself.
It refuses to know any adapter by name.
"""

from __future__ import annotations

import importlib
from collections.abc import Mapping
from importlib.metadata import entry_points
from importlib.util import find_spec
from pathlib import Path
from types import ModuleType
from typing import cast

from pydantic import BaseModel

from hub.config.connection import Connection, Direction
from hub.config.likely import did_you_mean
from hub.config.validate import validated
from hub.config.yaml import read_yaml
from hub.errors import ConfigurationWrong
from hub.ports.contracts import (
    Asking,
    Fetching,
    Inbound,
    Loading,
    Lookup,
    Outbound,
    Polling,
    Reporting,
    Subscribing,
    Verifying,
)
from hub.ports.manifest import Manifest
from hub.wire.form import Form

GROUP = "zaakhub.adapters"
"""Entry point group: `waterschap = "waterschap_zaakhub"`."""

_MANIFEST = "manifest.yaml"


class Registry:
    """Adapters by name."""

    def __init__(self, package: str = "adapters") -> None:
        """Look in the folders of `package` and in the entry points; raises ConfigurationWrong when two share a name."""
        self._packages = _folders(package)
        for point in entry_points(group=GROUP):
            if point.name in self._packages:
                raise ConfigurationWrong(
                    f"adapter {point.name} is there twice: {self._packages[point.name]} and {point.value}",
                    file=f"entry point {GROUP}",
                    advice="remove one of the two packages",
                )
            self._packages[point.name] = point.value

    def names(self) -> list[str]:
        """Give the names of all adapters, in order."""
        return sorted(self._packages)

    def manifest(self, name: str) -> Manifest:
        """Read what an adapter says of itself; raises ConfigurationWrong."""
        source = read_yaml(self.folder(name) / _MANIFEST)
        manifest = validated(Manifest, source)
        if manifest.name != name:
            raise source.mapping()["name"].wrong(f"name must be {name}: the folder or entry point it is found under")
        return manifest

    def folder(self, name: str) -> Path:
        """Give the folder of an adapter: manifest, cases, documentation."""
        spec = find_spec(self._package(name))
        if spec is None or not spec.submodule_search_locations:
            raise ConfigurationWrong("is no package that can be imported", file=self._package(name))
        return Path(spec.submodule_search_locations[0])

    def inbound(self, connection: Connection) -> Inbound:
        """Make the inbound adapter of a connection; raises ConfigurationWrong at the option that is wrong."""
        return cast("Inbound", self._made(connection, Direction.INBOUND))

    def outbound(self, connection: Connection) -> Outbound:
        """Make the outbound adapter of a connection; raises ConfigurationWrong at the option that is wrong."""
        return cast("Outbound", self._made(connection, Direction.OUTBOUND))

    def asking(self, connection: Connection) -> Asking:
        """Make what answers questions, and nothing else; raises ConfigurationWrong at the option that is wrong."""
        self._check_can(connection, Direction.ASK)
        return cast("Asking", self._create(connection, "lookup"))

    def lookup(self, connection: Connection) -> Lookup | None:
        """Make what puts questions to the target of a connection; None when its adapter answers none."""
        if not self.manifest(connection.adapter).questions:
            return None
        return cast("Lookup", self._create(connection, "lookup"))

    def fetching(self, connection: Connection) -> Fetching | None:
        """Make what fetches the things that messages of an inbound connection point at; None when they hold all."""
        return cast("Fetching | None", self._part(connection, "fetch"))

    def polling(self, connection: Connection) -> Polling | None:
        """Make what finds messages of an inbound connection that never came; None when the adapter has no way."""
        return cast("Polling | None", self._part(connection, "poll"))

    def loading(self, connection: Connection) -> Loading | None:
        """Make what writes the messages of an initial load; None when the adapter has no message for it."""
        return cast("Loading | None", self._part(connection, "load"))

    def subscribing(self, connection: Connection) -> Subscribing | None:
        """Make what asks the source of an inbound connection to send; None when senders are set up by people."""
        return cast("Subscribing | None", self._part(connection, "subscribe"))

    def reporting(self, connection: Connection) -> Reporting | None:
        """Make what tells senders what became of their messages; None when the protocol has no word for it."""
        return cast("Reporting | None", self._part(connection, "report"))

    def verifying(self, connection: Connection) -> Verifying | None:
        """Make what sees whether the target of an outbound connection is ready; None when the adapter can't tell."""
        return cast("Verifying | None", self._part(connection, "verify"))

    def options(self, name: str, direction: Direction = Direction.OUTBOUND) -> type[BaseModel]:
        """Give the model of what a connection may set for an adapter.

        An adapter that goes both ways may have one for each: `InboundOptions` beside `Options`.
        """
        module = self.module(name, "options")
        both: type[BaseModel] = module.Options
        options = getattr(module, "InboundOptions", both) if direction is Direction.INBOUND else both
        assert issubclass(options, BaseModel)
        return options

    def simulator(self, name: str) -> ModuleType:
        """Give the module of an adapter that plays its far side."""
        return self.module(name, "simulator")

    def forms(self, name: str) -> Mapping[str, Form]:
        """Give the form of each kind of message that an adapter reads or writes; empty when it says nothing of them."""
        if not self._has(name, "forms"):
            return {}
        forms: Mapping[str, Form] = self.module(name, "forms").forms()
        return forms

    def module(self, name: str, part: str) -> ModuleType:
        """Give one module of an adapter."""
        return importlib.import_module(f"{self._package(name)}.{part}")

    def _made(self, connection: Connection, direction: Direction) -> object:
        self._check_can(connection, direction)
        self._check_source(connection)
        return self._create(connection, direction)

    def _check_can(self, connection: Connection, direction: Direction) -> None:
        name = connection.adapter
        if name not in self._packages:
            raise _wrong(connection, "adapter", f"there is no adapter {name}", did_you_mean(name, self._packages))
        if connection.direction is not direction:
            raise _wrong(connection, "direction", f"this connection is {connection.direction}, not {direction}", "")
        can = self.manifest(name).directions
        if direction not in can:
            raise _wrong(connection, "direction", f"adapter {name} is {' and '.join(can)} only", "")

    def _part(self, connection: Connection, part: str) -> object | None:
        return self._create(connection, part) if self._has(connection.adapter, part) else None

    def _create(self, connection: Connection, part: str) -> object:
        name = connection.adapter
        made = validated(self.options(name, connection.direction), connection.options_node)
        return self.module(name, part).create(made)

    def _check_source(self, connection: Connection) -> None:
        """See that an inbound connection says where to fetch when its adapter fetches, and only then."""
        if connection.direction is not Direction.INBOUND:
            return
        fetches = self._has(connection.adapter, "fetch")
        if fetches and connection.target is None:
            raise _wrong(connection, "target", "is missing: the adapter fetches what messages point at", "")
        if connection.target is not None and not fetches and connection.report is None:
            raise _wrong(connection, "target", f"adapter {connection.adapter} fetches nothing: leave target out", "")

    def _has(self, name: str, part: str) -> bool:
        return find_spec(f"{self._package(name)}.{part}") is not None

    def _package(self, name: str) -> str:
        if name not in self._packages:
            raise ConfigurationWrong(
                f"there is no adapter {name}", file="adapters", advice=did_you_mean(name, self._packages)
            )
        return self._packages[name]


def _folders(package: str) -> dict[str, str]:
    spec = find_spec(package)
    roots = [] if spec is None else spec.submodule_search_locations or []
    found = (folder for root in roots for folder in Path(root).iterdir() if (folder / _MANIFEST).is_file())
    return {folder.name: f"{package}.{folder.name}" for folder in found}


def _wrong(connection: Connection, key: str, reason: str, advice: str) -> ConfigurationWrong:
    place = connection.place_of(key)
    return ConfigurationWrong(reason, file=place.file, line=place.line, column=place.column, advice=advice)
