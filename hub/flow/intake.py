"""Takes a body in: documents stream into the payload store, what is left is the message (the claim-check).

Memory is bounded by a chunk and the envelope, whatever the size of the body. When something is wrong with the body the
rest of it is not read. It refuses to know HTTP.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import AsyncExitStack
from typing import NamedTuple

from hub.config.policy import ConnectionPolicy
from hub.errors import MessageRefused
from hub.payloads.contract import Payloads, Writer
from hub.wire.claim import ContentChunk, ContentEnded, ContentStarted, Cutter, Kept


class TakenIn(NamedTuple):
    """A message without its documents; `references` name these in the payload store.

    `wrong` says why the body was not taken in whole; then `body` is what came before, enough to tell whom to answer.
    """

    body: bytes
    references: tuple[str, ...]
    size_bytes: int
    wrong: MessageRefused | None = None


class Intake:
    """Takes bodies in."""

    def __init__(self, payloads: Payloads) -> None:
        self._payloads = payloads

    async def take(
        self,
        chunks: AsyncIterator[bytes],
        headers: Mapping[str, str],
        *,
        content_elements: Sequence[str],
        limits: ConnectionPolicy,
    ) -> TakenIn:
        """Read the body; every document is durable when this returns. Raises HubUnavailable when one can't be kept."""
        envelope: list[bytes] = []
        references: list[str] = []
        size_bytes = 0
        too_large = MessageRefused(
            f"the message is larger than {limits.message_bytes_max} bytes", code="StUF055", status=413
        )
        declared = headers.get("content-length", "")
        if declared.isdigit() and int(declared) > limits.message_bytes_max:
            return TakenIn(b"", (), int(declared), too_large)
        cutter = Cutter(
            content_elements,
            new_reference=self._payloads.new_reference,
            envelope_bytes_max=limits.envelope_bytes_max,
        )
        wrong: MessageRefused | None = None
        try:
            async with AsyncExitStack() as writing:
                writer: Writer | None = None
                async for chunk in chunks:
                    size_bytes += len(chunk)
                    if size_bytes > limits.message_bytes_max:
                        raise too_large
                    for event in cutter.feed(chunk):
                        match event:
                            case Kept(data):
                                envelope.append(data)
                            case ContentStarted(_, reference):
                                references.append(reference)
                                writer = await writing.enter_async_context(self._payloads.writer(reference))
                            case ContentChunk(data) if writer is not None:
                                await writer.write(data)
                            case ContentEnded():
                                await writing.aclose()
                envelope.extend(event.data for event in cutter.close() if isinstance(event, Kept))
        except MessageRefused as refused:
            wrong = refused
        return TakenIn(b"".join(envelope), tuple(references), size_bytes, wrong)

    async def forget(self, taken: TakenIn) -> None:
        """Drop the documents of a message that goes no further."""
        for reference in taken.references:
            await self._payloads.delete(reference)
