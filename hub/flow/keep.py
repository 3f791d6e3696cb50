"""What was downloaded goes into the payload store, and a claim stands for it.

It remembers what it kept, so that it can be forgotten when nothing will ever name it.
"""

from __future__ import annotations

import hashlib
from collections.abc import AsyncIterator

from hub.payloads.contract import Payloads
from hub.wire.claim import Claim


class Keeper:
    """Keeps the contents of one answer or one event."""

    def __init__(self, payloads: Payloads) -> None:
        self._payloads = payloads
        self._references: list[str] = []

    @property
    def keeps(self) -> bool:
        """Say whether something is kept."""
        return bool(self._references)

    async def keep(self, content: AsyncIterator[bytes]) -> str:
        """Keep one content; give its claim. Nothing is left of one that breaks off."""
        reference = self._payloads.new_reference()
        digest, size_bytes = hashlib.sha256(), 0
        async with self._payloads.writer(reference) as writer:
            async for chunk in content:
                digest.update(chunk)
                size_bytes += len(chunk)
                await writer.write(chunk)
        self._references.append(reference)
        return Claim(reference, size_bytes, digest.hexdigest()).text()

    async def forget(self) -> None:
        """Drop all that was kept."""
        for reference in self._references:
            await self._payloads.delete(reference)
        self._references.clear()
