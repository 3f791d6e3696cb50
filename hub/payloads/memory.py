"""The payload store in memory, for the testkit: same promises but for the power cut."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from hub.config.policy import PAYLOAD_CHUNK_BYTES
from hub.errors import HubUnavailable
from hub.payloads.contract import Writer
from hub.payloads.reference import checked, missing, new_reference


class MemoryPayloads:
    """See `hub.payloads.contract.Payloads`."""

    def __init__(self) -> None:
        self._contents: dict[str, bytes] = {}

    def new_reference(self) -> str:
        """Make a reference."""
        return new_reference()

    @asynccontextmanager
    async def writer(self, reference: str) -> AsyncIterator[Writer]:
        """Write one content; kept when the block ends."""
        if checked(reference) in self._contents:
            raise HubUnavailable("the payload store fails: a content is written once", code="payload-store")
        writer = _Collector()
        yield writer
        self._contents[reference] = bytes(writer.collected)

    async def open(self, reference: str) -> AsyncIterator[bytes]:
        """Give the content in chunks."""
        content = self._contents.get(checked(reference))
        if content is None:
            raise missing()
        for start in range(0, len(content), PAYLOAD_CHUNK_BYTES):
            yield content[start : start + PAYLOAD_CHUNK_BYTES]

    async def exists(self, reference: str) -> bool:
        """Say whether a content is there."""
        return reference in self._contents

    async def delete(self, reference: str) -> None:
        """Forget a content."""
        self._contents.pop(reference, None)

    async def healthy(self) -> bool:
        """Say that memory is there."""
        return True


class _Collector:
    def __init__(self) -> None:
        self.collected = bytearray()

    async def write(self, chunk: bytes) -> None:
        self.collected += chunk
