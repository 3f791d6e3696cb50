"""One connection (koppeling): where messages come from or go to, by which adapter, within which limits.

It knows the shape of `connection.yaml`. It refuses to know what an adapter's options mean (the registry validates
them with the adapter's own model) and where files lie (`hub.config.load`).
"""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, PrivateAttr, ValidationInfo, field_validator, model_validator

from hub.config.access import Access
from hub.config.cache import Cache
from hub.config.crossing import Crossing
from hub.config.distribution import Distribution
from hub.config.numbers import Numbers
from hub.config.policy import ConnectionPolicy
from hub.config.recheck import Recheck
from hub.config.target import Target
from hub.config.verwerking import Afnemer, Lijst, Velden, Verwerking
from hub.config.windows import Window
from hub.config.yaml import Node, Place


class Direction(StrEnum):
    """Which way the messages of a connection go."""

    INBOUND = "inbound"
    OUTBOUND = "outbound"
    ASK = "ask"


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
    """`inbound`: messages of a system become events. `outbound`: events are delivered to a system. `ask`: a system
    answers questions, and nothing else."""

    adapter: Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$", max_length=60)]
    """Which protocol the system speaks."""

    domain: Annotated[Slug | None, Field(validate_default=True)] = None
    """The events that an outbound connection delivers: `zaken` reads `ev.zaken`."""

    acknowledge: Literal["accepted", "delivered"] = "accepted"
    """When the sender gets its answer: `accepted`, as soon as the bus has the message; `delivered`, when the system
    that `asks` names has it, for senders that read back at once. What takes too long is acknowledged as accepted."""

    asks: Slug | Annotated[tuple[Slug, ...], Field(min_length=1)] | None = None
    """Who answers the questions of an inbound connection: another connection, or several; a question goes to the one
    that has a mapping for its answer. `delivered` and `report` speak of the first."""

    numbers: Numbers = Numbers()
    """How the sender of an inbound connection gets numbers for what it is about to make."""

    crossing: Crossing | None = None
    """The way from an old system to the hub, while both are there: which messages go to which."""

    recheck: Recheck | None = None
    """How long the source of an inbound connection is given to show what its messages announce. Without it the source
    is asked at once, and once."""

    shadow: bool = False
    """Whether what the messages of an inbound connection become is made and compared, and told to nobody: while
    another system still tells it. What is known by then is no news when the hub begins to tell."""

    report: Literal["failures", "all"] | None = None
    """What the sender of an inbound connection is told later, at its own address (`target`): that the system `asks`
    names refused a message (`failures`), or also that it has it (`all`)."""

    verwerking: Verwerking | None = None
    """The processing activity for which personal data passes here, and its legal ground: without it no event about
    persons, companies or zaken passes; and no question about persons is answered, unless the asker has one itself."""

    afnemers: tuple[Afnemer, ...] = ()
    """Which applications may ask for personal data, and which fields they may see: nobody else sees any."""

    velden: dict[Lijst, Velden] = {}
    """Which fields of `personen`, `bedrijven` or `adressen` the receiver of an outbound connection may see: nothing
    else of a change reaches the mapping. Of persons and companies it must be said."""

    distribution: Distribution = Distribution()
    """Which changes go to the receiver of an outbound connection."""

    contact: Annotated[str, Field(max_length=200)] = ""
    """Who answers for the system at the other end: a department or a shared mailbox, never a person."""

    takes: Literal["events", "replays"] = "events"
    """What an outbound connection delivers: events as they come, or only what a replay plan redirects to it: a test
    system, which is told nothing of its own accord."""

    access: Annotated[Access | None, Field(validate_default=True)] = None
    """Who may send to an inbound connection: one check, or a list of which all must hold. `{kind: none}` is anybody."""

    target: Annotated[Target | None, Field(validate_default=True)] = None
    """Where an outbound connection delivers or an inbound one fetches, and how the hub makes itself known there."""

    cache: Cache | None = None
    """How long answers of a connection that only answers questions may serve again, instead of asking the source."""

    dialects: tuple[Slug, ...] | dict[str, tuple[Slug, ...]] = ()
    """Packs of `mappings/_dialects` for what senders do differently, the last on top: a list for every message, or a
    list for each sender, as in `$zender`."""

    options: dict[str, Any] = {}
    """The adapter's own: see its README."""

    windows: tuple[Window, ...] = ()
    """When the system is being worked on: nothing is tried then, all is kept."""

    policy: ConnectionPolicy = ConnectionPolicy()
    """Limits that differ for this connection."""

    _source: Node | None = PrivateAttr(default=None)

    @field_validator("domain", "target")
    @classmethod
    def _fits_direction(cls, value: object, info: ValidationInfo) -> object:
        direction = info.data.get("direction")
        if direction is None:  # what is wrong with it is told already
            return value
        needed = (Direction.OUTBOUND,) if info.field_name == "domain" else (Direction.OUTBOUND, Direction.ASK)
        if direction in needed and value is None:
            raise ValueError(f"is missing: a connection that is {direction} must say it")
        if direction is not Direction.OUTBOUND and value is not None and info.field_name == "domain":
            raise ValueError("is only for an outbound connection")
        return value

    @model_validator(mode="after")
    def _asks_somebody(self) -> Connection:
        if self.direction is not Direction.INBOUND and (self.asks or self.report or self.crossing or self.recheck):
            raise ValueError("asks, report, crossing and recheck are only for an inbound connection")
        if self.shadow and (self.direction is not Direction.INBOUND or self.asks or self.report):
            raise ValueError("shadow is only for an inbound connection, and nobody can wait for what is told to nobody")
        if self.direction is not Direction.OUTBOUND and self.takes != "events":
            raise ValueError("takes is only for an outbound connection")
        if self.direction is not Direction.OUTBOUND and (self.velden or self.distribution != Distribution()):
            raise ValueError("velden and distribution are only for an outbound connection; an asker has its own velden")
        if self.direction is not Direction.ASK and self.cache is not None:
            raise ValueError("cache is only for a connection that is ask")
        if self.asks is None and (self.acknowledge == "delivered" or self.numbers.source == "target"):
            raise ValueError("asks is missing: say which outbound connection is meant")
        if self.report is not None and (self.asks is None or self.target is None):
            raise ValueError("report needs asks (of which outcomes) and target (where the sender is told)")
        return self

    @field_validator("access")
    @classmethod
    def _says_who_may_send(cls, value: Access | None, info: ValidationInfo) -> Access | None:
        direction = info.data.get("direction")
        if direction is Direction.INBOUND and value is None:
            raise ValueError("is missing: write who may send, or access: {kind: none} for anybody")
        if direction not in (None, Direction.INBOUND) and value is not None:
            raise ValueError("is only for an inbound connection")
        return value

    @property
    def answerers(self) -> tuple[str, ...]:
        """The connections that its questions go to."""
        return (self.asks,) if isinstance(self.asks, str) else self.asks or ()

    @property
    def delivers_to(self) -> str:
        """The connection whose outcome its sender waits for, or is told; empty when there is none."""
        return next(iter(self.answerers), "")

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
