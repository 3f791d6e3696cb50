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
from hub.wire.claim import ContentChunk, ContentEnded, ContentStarted, Cutter, Event, Kept


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
        declared = headers.get("content-length", "")
        if declared.isdigit() and int(declared) > limits.message_bytes_max:
            return TakenIn(b"", (), int(declared), _too_large(limits))
        cutter = Cutter(
            content_elements,
            new_reference=self._payloads.new_reference,
            envelope_bytes_max=limits.envelope_bytes_max,
        )
        wrong: MessageRefused | None = None
        keeping = _Keeping(self._payloads)
        try:
            async with keeping.writing:
                async for chunk in chunks:
                    keeping.count(len(chunk), limits)
                    await keeping.keep(cutter.feed(chunk))
                await keeping.keep(cutter.close())
        except MessageRefused as refused:
            wrong = refused
        except BaseException:
            # The sender went away or the store fails: nobody will ever name what was kept so far.
            await self.forget(keeping.taken(None))
            raise
        return keeping.taken(wrong)

    async def forget(self, taken: TakenIn) -> None:
        """Drop the documents of a message that goes no further."""
        for reference in taken.references:
            await self._payloads.delete(reference)


class _Keeping:
    """One body on its way in: the envelope in memory, the documents on their way to the store."""

    def __init__(self, payloads: Payloads) -> None:
        self.writing = AsyncExitStack()
        self._size_bytes = 0
        self._payloads = payloads
        self._writer: Writer | None = None
        self._envelope: list[bytes] = []
        self._references: list[str] = []

    def count(self, size_bytes: int, limits: ConnectionPolicy) -> None:
        self._size_bytes += size_bytes
        if self._size_bytes > limits.message_bytes_max:
            raise _too_large(limits)

    async def keep(self, events: Sequence[Event]) -> None:
        for event in events:
            match event:
                case Kept(data):
                    self._envelope.append(data)
                case ContentStarted(_, reference):
                    self._references.append(reference)
                    self._writer = await self.writing.enter_async_context(self._payloads.writer(reference))
                case ContentChunk(data) if self._writer is not None:
                    await self._writer.write(data)
                case ContentEnded():
                    await self.writing.aclose()

    def taken(self, wrong: MessageRefused | None) -> TakenIn:
        return TakenIn(b"".join(self._envelope), tuple(self._references), self._size_bytes, wrong)


def _too_large(limits: ConnectionPolicy) -> MessageRefused:
    return MessageRefused(f"the message is larger than {limits.message_bytes_max} bytes", code="StUF055", status=413)
