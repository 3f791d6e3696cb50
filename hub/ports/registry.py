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
from hub.ports.contracts import Inbound, Outbound
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

    def options(self, name: str) -> type[BaseModel]:
        """Give the model of what a connection may set for an adapter."""
        options: type[BaseModel] = self.module(name, "options").Options
        assert issubclass(options, BaseModel)
        return options

    def simulator(self, name: str) -> ModuleType:
        """Give the module of an adapter that plays its far side."""
        return self.module(name, "simulator")

    def forms(self, name: str) -> Mapping[str, Form]:
        """Give the form of each kind of message that an adapter reads or writes; empty when it says nothing of them."""
        if find_spec(f"{self._package(name)}.forms") is None:
            return {}
        forms: Mapping[str, Form] = self.module(name, "forms").forms()
        return forms

    def module(self, name: str, part: str) -> ModuleType:
        """Give one module of an adapter."""
        return importlib.import_module(f"{self._package(name)}.{part}")

    def _made(self, connection: Connection, direction: Direction) -> object:
        name = connection.adapter
        if name not in self._packages:
            raise _wrong(connection, "adapter", f"there is no adapter {name}", did_you_mean(name, self._packages))
        if connection.direction is not direction:
            raise _wrong(connection, "direction", f"this connection is {connection.direction}, not {direction}", "")
        can = self.manifest(name).directions
        if direction not in can:
            raise _wrong(connection, "direction", f"adapter {name} is {' and '.join(can)} only", "")
        made = validated(self.options(name), connection.options_node)
        module = importlib.import_module(f"{self._packages[name]}.{direction}")
        return module.create(made)

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
