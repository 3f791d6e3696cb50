"""Takes `inhoud` out of the JSON of a document while it streams by: hash and size are kept, not the whole.

The value is base64 in one JSON string (Documenten API 1.4.2, format byte). Memory use does not grow with the document:
only the rest of the JSON, and the bytes of a small document, are held.
"""

from __future__ import annotations

import binascii
import hashlib
import re
from enum import Enum, auto

from adapters.zgw.simulator.exchange import Refusal, Wrong, invalid
from adapters.zgw.simulator.state import Content

REST_BYTES_MAX = 1024 * 1024
"""The JSON around the content: the longest fields together stay under 10 kB."""
KEPT_BYTES_MAX = 1024 * 1024
"""Larger content is hashed and forgotten; a test that downloads uses small documents."""

# In JSON a quote within a string is escaped, so an unescaped `"inhoud":` is the member itself.
_MEMBER = re.compile(rb'(?<!\\)"inhoud"\s*:\s*"')


class _Place(Enum):
    BEFORE = auto()
    WITHIN = auto()
    AFTER = auto()


class InhoudReader:
    """Feed it the body; `rest` is then the JSON with an empty inhoud, `content` what was in it."""

    def __init__(self) -> None:
        """Begin before the first byte."""
        self._place = _Place.BEFORE
        self._rest = bytearray()
        self._carry = b""
        self._padded = False
        self._hash = hashlib.sha256()
        self._size_bytes = 0
        self._kept: bytearray | None = bytearray()

    def feed(self, chunk: bytes) -> None:
        """Take the next bytes; raises Refusal."""
        if self._place is _Place.BEFORE:
            self._rest += chunk
            found = _MEMBER.search(self._rest)
            if found:
                self._place = _Place.WITHIN
                chunk = bytes(self._rest[found.end() :])
                del self._rest[found.end() :]
        elif self._place is _Place.AFTER:
            self._rest += chunk
        if self._place is _Place.WITHIN:
            encoded, quote, after = chunk.partition(b'"')
            self._decode(encoded, last=bool(quote))
            if quote:
                self._place = _Place.AFTER
                self._rest += quote + after
        if len(self._rest) > REST_BYTES_MAX:
            raise Refusal(413, "request-too-large", "De JSON rond de inhoud is te groot.")

    @property
    def rest(self) -> bytes:
        """The JSON without the content."""
        return bytes(self._rest)

    @property
    def content(self) -> Content | None:
        """The content, None when there was no text in `inhoud`."""
        if self._place is not _Place.AFTER:
            return None
        kept = bytes(self._kept) if self._kept is not None else None
        return Content(self._hash.hexdigest(), self._size_bytes, kept)

    def _decode(self, encoded: bytes, *, last: bool) -> None:
        # `/` may be written `\/` in JSON; no other escape can stand in base64.
        encoded = self._carry + encoded.replace(b"\\", b"")
        whole = len(encoded) if last else len(encoded) // 4 * 4
        self._carry = encoded[whole:]
        if not whole:
            return
        wrong = invalid(Wrong("inhoud", "invalid", "Geen geldige base64."))
        if self._padded:
            raise wrong
        try:
            decoded = binascii.a2b_base64(encoded[:whole], strict_mode=True)
        except binascii.Error:
            raise wrong from None
        self._padded = encoded[:whole].endswith(b"=")
        self._hash.update(decoded)
        self._size_bytes += len(decoded)
        if self._kept is not None:
            self._kept += decoded
            if len(self._kept) > KEPT_BYTES_MAX:
                self._kept = None
