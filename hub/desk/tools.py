"""What the cases of a connection run with, without its target and its secrets: a case connects to nothing."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from hub.config.connection import Direction
from hub.config.dialects import FILE as DIALECT
from hub.config.dialects import read_dialect_file
from hub.config.load import load_connection
from hub.mapping.cases import NO_HEADERS, Tools
from hub.mapping.compile import load_mappings
from hub.ports.contracts import Document, Inbound
from hub.ports.registry import Registry
from hub.wire.claim import CLAIM_PREFIX, Cutter, Kept


def tools_of(folder: Path, *, root: Path, dialects: Sequence[str] | None = None) -> Tools:
    """Compile the mappings of one connection and make its adapter; raises ConfigurationWrong.

    `dialects` take the place of those that the connection uses.
    """
    connection = load_connection(folder, StandIn())
    registry = Registry()
    forms = registry.forms(connection.adapter)
    mappings = load_mappings(folder, root=root, forms=forms, dialects=dialects)
    if connection.direction is Direction.ASK:
        return Tools(mappings, forms=forms)
    if connection.direction is Direction.OUTBOUND:
        return Tools(mappings, plan=registry.outbound(connection).steps, forms=forms)
    inbound = registry.inbound(connection)

    def read(message: bytes, headers: Mapping[str, str] = NO_HEADERS, /) -> Document:
        return inbound.read(_as_on_the_bus(message, inbound), headers, validate=False)

    return Tools(mappings, read=read, forms=forms)


def tools_of_pack(folder: Path, *, root: Path) -> Tools:
    """Give what the cases of a pack run with: the connection that it is looked at over, with this pack alone."""
    dialect, _ = read_dialect_file(folder / DIALECT)
    return tools_of(root / dialect.over, root=root, dialects=(dialect.dialect,))


def _as_on_the_bus(message: bytes, inbound: Inbound) -> bytes:
    """Cut documents out as the intake does, unless that was done already."""
    if CLAIM_PREFIX in message:
        return message
    cutter = Cutter(inbound.content_elements, new_reference=lambda: "not-kept")
    events = [*cutter.feed(message), *cutter.close()]
    return b"".join(each.data for each in events if isinstance(each, Kept))


class StandIn(Mapping[str, str]):
    """The environment of this process, with a stand-in for what it lacks: enough for a URL and for a secret."""

    def __getitem__(self, name: str) -> str:
        return os.environ.get(name) or f"https://no-target-is-needed-for-cases.invalid/{name}/"

    def __iter__(self) -> Iterator[str]:
        return iter(os.environ)

    def __len__(self) -> int:
        return len(os.environ)
