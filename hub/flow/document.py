"""A document that goes out instead of what the mapping would make: it travels with a parked event, in a header.

An operator corrected it, or a replay sends the same bytes again. Pure; it refuses to know what is in it.
"""

from __future__ import annotations

import base64
from typing import Any, NamedTuple

import orjson

from hub.bus.contract import Headers

HEADER = "zh_document"


class Instead(NamedTuple):
    """What goes out: `gives` and `body` as in `hub.ports.contracts.Outgoing`."""

    gives: str
    body: dict[str, Any] | bytes

    @classmethod
    def read(cls, headers: Headers) -> Instead | None:
        """Read it from the headers of a record; None where the mapping says what goes out."""
        packed = next((value for name, value in headers if name == HEADER), None)
        if packed is None:
            return None
        said = orjson.loads(packed)
        return cls(said["gives"], base64.b64decode(said["bytes"]) if "bytes" in said else said["json"])

    @classmethod
    def of(cls, gives: str, content: bytes, *, is_json: bool) -> Instead:
        """Take it as the ledger keeps what was to be sent (`hub.ledger.edits.Made`)."""
        return cls(gives, orjson.loads(content) if is_json else content)

    def put(self, headers: Headers) -> Headers:
        """Give the headers with this in them, and no other."""
        body = {"bytes": base64.b64encode(self.body).decode()} if isinstance(self.body, bytes) else {"json": self.body}
        return (*without_document(headers), (HEADER, orjson.dumps({"gives": self.gives, **body})))


def without_document(headers: Headers) -> Headers:
    """Give the headers of a record for which the mapping says what goes out."""
    return tuple(each for each in headers if each[0] != HEADER)
