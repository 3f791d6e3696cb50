"""Where a page of a list ends, as a text that only the hub can make.

A cursor belongs to one list with one set of filters. It refuses to know what is in it: the list does.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
from typing import Any

import orjson

from hub.errors import ActRefused

_MAC_BYTES = 16


class Cursors:
    """Makes and reads cursors; `key` is of this purpose alone."""

    def __init__(self, key: bytes) -> None:
        self._key = key

    def written(self, of: str, after: object) -> str:
        """Give the cursor behind `after` in the list that `of` names with its filters."""
        said = orjson.dumps(after)
        return base64.urlsafe_b64encode(self._mac(of, said) + said).decode().rstrip("=")

    def read(self, of: str, cursor: str) -> Any:  # noqa: ANN401 - what `written` was given, as JSON knows it
        """Give what `written` was given; raises ActRefused for a cursor that is not ours or of another list."""
        try:
            whole = base64.b64decode(cursor + "=" * (-len(cursor) % 4), altchars=b"-_", validate=True)
        except (binascii.Error, ValueError):
            whole = b""
        mac, said = whole[:_MAC_BYTES], whole[_MAC_BYTES:]
        if not said or not hmac.compare_digest(mac, self._mac(of, said)):
            raise ActRefused(
                "this cursor is not of this list with these filters",
                code="cursor",
                advice="begin at the first page: without a cursor",
            )
        return orjson.loads(said)

    def _mac(self, of: str, said: bytes) -> bytes:
        return hmac.digest(self._key, hashlib.sha256(of.encode()).digest() + said, "sha256")[:_MAC_BYTES]
