"""One connection (koppeling): where messages come from or go to, by which adapter, within which limits.

It knows the shape of `connection.yaml`. It refuses to know what an adapter's options mean (the registry validates
them with the adapter's own model) and where files lie (`hub.config.load`).
"""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, PrivateAttr, ValidationInfo, field_validator

from hub.config.policy import ConnectionPolicy
from hub.config.target import Target
from hub.config.yaml import Node, Place


class Direction(StrEnum):
    """Which way the messages of a connection go."""

    INBOUND = "inbound"
    OUTBOUND = "outbound"


Slug = Annotated[str, Field(pattern=r"^[a-z][a-z0-9]*(-[a-z0-9]+)*$", max_length=60)]
"""Part of topic names, URLs and metric labels: lower case, digits and single hyphens."""


class Connection(BaseModel):
    """One connection; `options_node` has the places of its options in the file when they came from one."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    connection: Slug
    """The name of its folder; part of topic names and URLs."""

    description: str = ""
    """For people: which systems, which messages."""

    direction: Direction
    """`inbound`: messages of a system become events. `outbound`: events are delivered to a system."""

    adapter: Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$", max_length=60)]
    """Which protocol the system speaks."""

    domain: Annotated[Slug | None, Field(validate_default=True)] = None
    """The events that an outbound connection delivers: `zaken` reads `ev.zaken`."""

    acknowledge: Literal["accepted"] = "accepted"
    """When the sender gets its answer: `accepted`, as soon as the bus has the message."""

    target: Annotated[Target | None, Field(validate_default=True)] = None
    """Where an outbound connection delivers, and how the hub makes itself known there."""

    options: dict[str, Any] = {}
    """The adapter's own: see its README."""

    policy: ConnectionPolicy = ConnectionPolicy()
    """Limits that differ for this connection."""

    _source: Node | None = PrivateAttr(default=None)

    @field_validator("domain", "target")
    @classmethod
    def _fits_direction(cls, value: object, info: ValidationInfo) -> object:
        direction = info.data.get("direction")
        if direction is Direction.OUTBOUND and value is None:
            raise ValueError("is missing: an outbound connection must say it")
        if direction is Direction.INBOUND and value is not None:
            raise ValueError("is only for an outbound connection")
        return value

    def at(self, source: Node) -> Connection:
        """Give the same connection, remembering where in its file everything stands."""
        placed = self.model_copy()
        placed._source = source  # noqa: SLF001 - a frozen model, changed before anyone else has it
        return placed

    @property
    def file(self) -> Path:
        """The connection.yaml it came from; without one, its name."""
        return Path(self._source.place.file if self._source else self.connection)

    @property
    def options_node(self) -> Node:
        """The options with their places; without a file they stand on line 0."""
        written = self._source.get("options") if self._source else None
        return written or _placeless(self.options, self.place_of("options"))

    def place_of(self, key: str) -> Place:
        """Where a key of the file stands."""
        return self._source.place_of(key) if self._source else Place(str(self.file), 0, 0)


def _placeless(data: Any, place: Place) -> Node:  # noqa: ANN401 - plain YAML data
    if isinstance(data, dict):
        return Node({key: _placeless(item, place) for key, item in data.items()}, place)
    if isinstance(data, list | tuple):
        return Node(tuple(_placeless(item, place) for item in data), place)
    return Node(data, place)
