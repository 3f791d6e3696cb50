"""Comparing what somebody gave with a secret, in a time that says nothing of either: not even how long it is."""

from __future__ import annotations

from hashlib import sha256
from hmac import compare_digest


def same(given: str | bytes, expected: str) -> bool:
    """Say whether they are the same; text is compared in UTF-8."""
    as_bytes = given.encode("utf-8", "surrogatepass") if isinstance(given, str) else given
    return compare_digest(sha256(as_bytes).digest(), sha256(expected.encode()).digest())
