"""The payload store: large contents beside the bus, by reference. Two stores (`files`, `memory`) pass one suite.

Promises: what is written is durable when the writer's block ends, and there is nothing at all when it ends by an
exception. A reference is opaque and holds nothing of the content. It knows nothing of messages or zaken.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager
from typing import Protocol


class Writer(Protocol):
    """Takes one content, in chunks of any size."""

    async def write(self, chunk: bytes) -> None:
        """Add a chunk; raises HubUnavailable."""
        ...


class Payloads(Protocol):
    """A store of contents; it is also the `hub.ports.contracts.Contents` that adapters read from."""

    def new_reference(self) -> str:
        """Make a reference that was never given before."""
        ...

    def writer(self, reference: str) -> AbstractAsyncContextManager[Writer]:
        """Write one content; on disk when the block ends, gone when it raises. Raises HubUnavailable."""
        ...

    def open(self, reference: str) -> AsyncIterator[bytes]:
        """Give the content in chunks; raises HubUnavailable when it is not there."""
        ...

    async def exists(self, reference: str) -> bool:
        """Say whether a content is there, whole."""
        ...

    async def delete(self, reference: str) -> None:
        """Forget a content; what is not there is forgotten already."""
        ...

    async def healthy(self) -> bool:
        """Say whether a write would be tried with hope."""
        ...
