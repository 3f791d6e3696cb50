"""The connections of a folder of mappings: files and environment to values, every problem told at once.

It knows where a connection.yaml lies and how `${NAME}` is filled. It refuses to know what an option means.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

from hub.config.connection import Connection
from hub.config.dialects import with_options
from hub.config.likely import did_you_mean
from hub.config.validate import validated
from hub.config.yaml import Node, read_yaml
from hub.errors import ConfigurationWrong

_FILE = "connection.yaml"
_VARIABLE = re.compile(r"\$\{([^}]*)\}")


def load_connections(mappings: Path, environ: Mapping[str, str]) -> dict[str, Connection]:
    """Load every connection below `mappings`, by name; raises ConfigurationWrong with all that is wrong in all of them.

    A folder whose name begins with `_` or `.` is no connection.
    """
    if not mappings.is_dir():
        raise ConfigurationWrong("there is no such folder of connections", file=mappings, advice="set ZAAKHUB_MAPPINGS")
    connections: dict[str, Connection] = {}
    problems: list[ConfigurationWrong] = []
    for folder in sorted(mappings.iterdir()):
        if not folder.is_dir() or folder.name.startswith(("_", ".")):
            continue
        try:
            connections[folder.name] = load_connection(folder, environ)
        except ConfigurationWrong as problem:
            problems.append(problem)
    if problems:
        raise ConfigurationWrong.several(problems)
    return connections


def load_connection(folder: Path, environ: Mapping[str, str]) -> Connection:
    """Load the connection of one folder; its name must be that of the folder."""
    written = filled(read_yaml(folder / _FILE), environ)
    source = with_options(written, folder.parent)
    connection = validated(Connection, source)
    if connection.connection != folder.name:
        raise source.mapping()["connection"].wrong(
            f"connection must be the name of its folder, {folder.name}", advice="rename one of the two"
        )
    return connection.at(source)


def filled(source: Node, environ: Mapping[str, str]) -> Node:
    """Fill `${NAME}` from the environment; an unset or empty name is an error at its line."""
    problems: list[ConfigurationWrong] = []

    def fill(node: Node) -> str:
        def value_of(found: re.Match[str]) -> str:
            name = found[1]
            if not environ.get(name):
                near = did_you_mean(name, environ) if len(environ) else ""
                advice = near if near.startswith("did") else "set it, or write the value here"
                problems.append(node.wrong(f"the environment has no {name}", advice=advice))
                return ""
            return environ[name]

        return _VARIABLE.sub(value_of, node.text())

    filled = source.with_texts(fill)
    if problems:
        raise ConfigurationWrong.several(problems)
    return filled
