"""The content of a document on its way from the payload store to the target, in chunks: memory does not grow with it.

In one request it is base64 inside the JSON; in bestandsdelen it is the file of a form (RFC 7578), part after part. What
is not the content that was accepted never arrives whole: the end is held back until the hash is known.
"""

from __future__ import annotations

import base64
from collections.abc import AsyncIterator, Mapping
from hashlib import sha256
from typing import Any, NamedTuple

import orjson

from adapters.zgw.calls import Row, Streamed
from hub.errors import HubUnavailable
from hub.ports.contracts import Contents

_OPEN = b',"inhoud":"'
_CLOSE = b'"}'


class Inhoud(NamedTuple):
    """The content of a document in the payload store, and what it must be."""

    verwijzing: str
    omvang: int
    sha256: str

    @classmethod
    def of(cls, given: Mapping[str, Any]) -> Inhoud:
        """Read it from a step."""
        return cls(given["verwijzing"], int(given["omvang"]), given["sha256"])


def in_json(fields: Row, inhoud: Inhoud, contents: Contents) -> Streamed:
    """Write a document with its content as one JSON body."""
    head = orjson.dumps({**fields, "bestandsomvang": inhoud.omvang})[:-1] + _OPEN
    size_bytes = len(head) + 4 * -(-inhoud.omvang // 3) + len(_CLOSE)
    return Streamed("application/json", size_bytes, _json(head, Source(inhoud, contents)))


def in_form(source: Source, size_bytes: int, *, lock: str, last: bool) -> Streamed:
    """Write the next so many bytes of the content as the form of one bestandsdeel."""
    boundary = source.boundary
    head = (
        f'--{boundary}\r\nContent-Disposition: form-data; name="lock"\r\n\r\n{lock}\r\n'
        f'--{boundary}\r\nContent-Disposition: form-data; name="inhoud"; filename="inhoud"\r\n'
        "Content-Type: application/octet-stream\r\n\r\n"
    ).encode()
    tail = f"\r\n--{boundary}--\r\n".encode()
    content_type = f"multipart/form-data; boundary={boundary}"
    whole = len(head) + size_bytes + len(tail)
    return Streamed(content_type, whole, _form(head, source, size_bytes, tail, last=last))


class Source:
    """The content, read once from begin to end, in pieces of the sizes that are asked for."""

    def __init__(self, inhoud: Inhoud, contents: Contents) -> None:
        """Begin at the beginning."""
        self._inhoud = inhoud
        self._chunks = contents.open(inhoud.verwijzing)
        self._left = b""
        self._hash = sha256()
        self._seen_bytes = 0

    @property
    def omvang(self) -> int:
        """How many bytes it must be."""
        return self._inhoud.omvang

    @property
    def boundary(self) -> str:
        """What bounds it in a form: made of its hash, which nobody can write into the content itself."""
        return f"zaakhub-{self._inhoud.sha256[:32]}"

    async def take(self, size_bytes: int) -> AsyncIterator[bytes]:
        """Give the next so many bytes, fewer where the content ends."""
        while size_bytes > 0:
            chunk = self._left or await anext(self._chunks, b"")
            if not chunk:
                return
            piece, self._left = chunk[:size_bytes], chunk[size_bytes:]
            self._hash.update(piece)
            self._seen_bytes += len(piece)
            size_bytes -= len(piece)
            yield piece

    async def skip(self, size_bytes: int) -> None:
        """Pass over what the target has already; it counts for the hash."""
        async for _ in self.take(size_bytes):
            pass

    async def demand_whole(self) -> None:
        """Raise HubUnavailable unless this was the content that was accepted, to its last byte."""
        more = self._left or await anext(self._chunks, b"")
        if more or self._seen_bytes != self._inhoud.omvang or self._hash.hexdigest() != self._inhoud.sha256:
            raise HubUnavailable(
                "the content in the payload store is not the one that was accepted",
                code="inhoud-anders",
                advice="restore the payload store; nothing was delivered",
            )


async def _json(head: bytes, source: Source) -> AsyncIterator[bytes]:
    yield head
    rest = b""
    async for chunk in source.take(source.omvang):
        rest += chunk
        whole = len(rest) - len(rest) % 3
        if whole:
            yield base64.b64encode(rest[:whole])
            rest = rest[whole:]
    await source.demand_whole()
    yield base64.b64encode(rest) + _CLOSE


async def _form(head: bytes, source: Source, size_bytes: int, tail: bytes, *, last: bool) -> AsyncIterator[bytes]:
    yield head
    held = b""
    async for chunk in source.take(size_bytes):
        if held:
            yield held
        held = chunk
    if last:
        await source.demand_whole()
    yield held + tail
