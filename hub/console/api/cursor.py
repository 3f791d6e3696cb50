"""Where a page of a list ends, as a text that only the hub can make, and only the hub can read.

What a list goes on behind may be something that the caller may not see. A cursor belongs to one list with one set of
filters. It refuses to know what is in it: the list does.
"""

from __future__ import annotations

import base64
import binascii
import secrets
from typing import Any

import orjson
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from hub.errors import ActRefused

_NONCE_BYTES = 12


class Cursors:
    """Makes and reads cursors; `key` is of this purpose alone, 32 bytes."""

    def __init__(self, key: bytes) -> None:
        self._cipher = AESGCM(key)

    def written(self, of: str, after: object) -> str:
        """Give the cursor behind `after` in the list that `of` names with its filters."""
        nonce = secrets.token_bytes(_NONCE_BYTES)
        sealed = nonce + self._cipher.encrypt(nonce, orjson.dumps(after), of.encode())
        return base64.urlsafe_b64encode(sealed).decode().rstrip("=")

    def read(self, of: str, cursor: str) -> Any:  # noqa: ANN401 - what `written` was given, as JSON knows it
        """Give what `written` was given; raises ActRefused for a cursor that is not ours or of another list."""
        try:
            whole = base64.b64decode(cursor + "=" * (-len(cursor) % 4), altchars=b"-_", validate=True)
            said = self._cipher.decrypt(whole[:_NONCE_BYTES], whole[_NONCE_BYTES:], of.encode())
        except (binascii.Error, ValueError, InvalidTag):
            raise ActRefused(
                "this cursor is not of this list with these filters",
                code="cursor",
                advice="begin at the first page: without a cursor",
            ) from None
        return orjson.loads(said)
