"""Which group of the provider has which role, at which connections, in which gemeente: the file of ZAAKHUB_ROLES.

It knows the shape of that file and points at its lines. It refuses to know how a person proved to be in a group.
"""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path
from typing import Annotated, NamedTuple

from pydantic import BaseModel, ConfigDict, Field, field_validator

from hub.config.likely import did_you_mean
from hub.config.validate import validated
from hub.config.yaml import Node, read_yaml
from hub.errors import ConfigurationWrong
from hub.security.roles import EVERY_CONNECTION, Grant, Role


class Given(BaseModel):
    """One line of the file."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    group: Annotated[str, Field(min_length=1, max_length=200)]
    """Name, path or id of the group, as the provider writes it in the claim."""

    role: Role
    gemeente: Annotated[str, Field(pattern=r"^[0-9]{4}$")]
    """Gemeentecode of the installation in which it holds: one file may serve several."""

    connections: tuple[str, ...] = (EVERY_CONNECTION,)
    """Names of connections; without them: every one."""

    @field_validator("connections")
    @classmethod
    def _somewhere(cls, connections: tuple[str, ...]) -> tuple[str, ...]:
        if not connections:
            raise ValueError("must name a connection; leave it out for every one")
        return connections


class RolesFile(BaseModel):
    """The whole file."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    grants: tuple[Given, ...]


class Roles(NamedTuple):
    """The grants of one gemeente, by group."""

    grants: dict[str, tuple[Grant, ...]]

    def of(self, groups: Collection[str]) -> tuple[Grant, ...]:
        """Give what these groups may, all together."""
        return tuple(grant for group in sorted(groups) for grant in self.grants.get(group, ()))

    def known(self, groups: Collection[str]) -> tuple[str, ...]:
        """Give those of the groups that have a role here."""
        return tuple(sorted(set(groups) & self.grants.keys()))


def read_roles(path: Path, *, gemeente: str, connections: Collection[str]) -> Roles:
    """Read the file; raises ConfigurationWrong with every problem and its line.

    Lines of another gemeente are read and give nothing: their connections are not ours to know.
    """
    source = read_yaml(path)
    read = validated(RolesFile, source)
    problems: list[ConfigurationWrong] = []
    found: dict[str, tuple[Grant, ...]] = {}
    for node, given in zip(source.mapping()["grants"].items(), read.grants, strict=True):
        if given.gemeente != gemeente:
            continue
        problems += _unknown(node, connections)
        found[given.group] = (*found.get(given.group, ()), Grant(given.role, frozenset(given.connections)))
    if problems:
        raise ConfigurationWrong.several(problems)
    if not found:
        raise source.wrong(
            f"no group has a role in gemeente {gemeente}: nobody could log in",
            key="grants",
            advice="add a grant with this gemeente, or see ZAAKHUB_GEMEENTE",
        )
    return Roles(found)


def _unknown(grant: Node, connections: Collection[str]) -> list[ConfigurationWrong]:
    named = grant.get("connections")
    return [
        each.wrong(f"there is no connection {each.value}", advice=did_you_mean(each.text(), connections))
        for each in (named.items() if named is not None else ())
        if each.value != EVERY_CONNECTION and each.value not in connections
    ]
