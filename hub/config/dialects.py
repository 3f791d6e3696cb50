"""Packs for senders that do things differently: which there are, and which a connection uses.

It knows the shape of `_dialects/<name>/dialect.yaml` and of the key `dialects` of a connection. It refuses to know what
the layers of a pack say (`hub.mapping`) and what its options mean (the registry).
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any, Literal, NamedTuple

from pydantic import BaseModel, ConfigDict, Field

from hub.config.likely import did_you_mean
from hub.config.validate import validated
from hub.config.yaml import Node, read_yaml

FOLDER = "_dialects"
"""Below the folder of all connections."""

FILE = "dialect.yaml"


class Difference(BaseModel):
    """One thing that the sender does in its own way."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    what: Annotated[str, Field(min_length=1)]
    """What it does, in one line."""

    source: Annotated[str, Field(min_length=1)]
    """Who says so: the document, source file or message in which it was seen."""

    handled: Literal["pack", "options", "mappings", "adapter"]
    """Where the hub deals with it: in the rules or the options of this pack, in the mappings that all senders share, or
    in the adapter, which takes it from everybody."""

    case: str = ""
    """The story under `cases` that proves it."""


class Dialect(BaseModel):
    """What one sender does differently, and what the hub does about it."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    dialect: Annotated[str, Field(pattern=r"^[a-z][a-z0-9]*(-[a-z0-9]+)*$", max_length=60)]
    """The name of its folder."""

    title: Annotated[str, Field(min_length=1)]
    """For people: which sender, of whom."""

    versions: Annotated[str, Field(min_length=1)]
    """For which versions of it this was found out, and for which it was not."""

    adapter: Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$", max_length=60)]
    """Which protocol it speaks."""

    over: Annotated[str, Field(pattern=r"^[a-z][a-z0-9]*(-[a-z0-9]+)*$", max_length=60)]
    """The connection over which lint looks at this pack and its cases are run."""

    differs: tuple[Difference, ...] = ()
    """What the sender does differently."""

    options: dict[str, Any] = {}
    """Options of the adapter for a connection that has none of its own; see the README of the adapter."""


class Dialects(NamedTuple):
    """Names of packs, each where it stands. `everyone`: for all messages; `senders`: for those of one sender."""

    everyone: tuple[Node, ...] = ()
    senders: dict[str, tuple[Node, ...]] = {}  # noqa: RUF012 - nobody changes it

    def named(self) -> Iterator[Node]:
        """Give every name."""
        yield from self.everyone
        for each in self.senders.values():
            yield from each

    def plain(self) -> list[str] | dict[str, list[str]]:
        """Give it as the key of a connection.yaml has it; empty when there are none."""
        if self.senders:
            return {sender: [each.text() for each in names] for sender, names in self.senders.items()}
        return [each.text() for each in self.everyone]


def dialects_of(connection: Node) -> Dialects:
    """Read the key `dialects` of a connection.yaml; raises ConfigurationWrong."""
    written = connection.get("dialects")
    if written is None or written.value is None:
        return Dialects()
    if isinstance(written.value, dict):
        return Dialects(senders={sender: _names(each) for sender, each in written.value.items()})
    return Dialects(_names(written))


def read_dialect(root: Path, name: Node) -> tuple[Dialect, Node]:
    """Read the pack that is named; raises ConfigurationWrong where the name stands, or in the file of the pack.

    `root` is the folder of all connections. The second is the file, with its places.
    """
    known = dialects_below(root)
    if name.text() not in known:
        likely = did_you_mean(name.text(), known)
        raise name.wrong(f"there is no dialect {name.text()}", advice=likely or f"there are: {', '.join(known)}")
    return read_dialect_file(root / FOLDER / name.text() / FILE)


def read_dialect_file(path: Path, *, name: str | None = None) -> tuple[Dialect, Node]:
    """Read one dialect.yaml; raises ConfigurationWrong. `name` is how the file is called in messages."""
    source = read_yaml(path, name=name)
    dialect = validated(Dialect, source)
    if dialect.dialect != path.parent.name:
        raise source.mapping()["dialect"].wrong(
            f"dialect must be the name of its folder, {path.parent.name}", advice="rename one of the two"
        )
    return dialect, source


def dialects_below(root: Path) -> list[str]:
    """Give the names of the packs that there are."""
    return sorted(path.parent.name for path in root.glob(f"{FOLDER}/*/{FILE}"))


def with_options(connection: Node, root: Path) -> Node:
    """Give the connection with the options of its packs below its own, each option where it stands.

    Only packs for every message count: the adapter reads a message before it is known whose it is.
    Raises ConfigurationWrong for a pack that is not there, twice there, or of another adapter.
    """
    dialects = dialects_of(connection)
    adapter = connection.get("adapter")
    options: dict[str, Node] = {}
    for names in (dialects.everyone, *dialects.senders.values()):
        seen: set[str] = set()
        for each in names:
            dialect, source = read_dialect(root, each)
            if each.text() in seen:
                raise each.wrong(f"the dialect {each.text()} stands here twice")
            seen.add(each.text())
            if adapter is not None and adapter.value != dialect.adapter:
                raise each.wrong(f"the dialect {each.text()} is of adapter {dialect.adapter}, not {adapter.value}")
            said = source.get("options")
            if names is dialects.everyone and said is not None:
                options |= said.mapping()
    if not options:
        return connection
    own = connection.get("options")
    entries = options | (own.mapping() if own is not None and own.value is not None else {})
    place = own.place if own is not None else next(iter(options.values())).place
    keys = {key: each.place for key, each in options.items()} | (own.keys if own is not None else {})
    merged = Node(entries, place, keys)
    return Node({**connection.mapping(), "options": merged}, connection.place, connection.keys)


def _names(node: Node) -> tuple[Node, ...]:
    names = node.items()
    for each in names:
        each.text()
    return names
