"""What failures that look alike have in common: one fingerprint for the same trouble, whatever zaak it hit.

Pure. It knows how our own reasons are written; it refuses to know failures of one connection from those of another.
"""

from __future__ import annotations

import hashlib
import re

from hub.ledger.entries import Failure

ANY = "…"
"""What stands where failures of one kind differ."""

_ID_CHARS = 24

# In this order: what holds others first. A quoted name is in double or single quotes, and may be cut short.
_DIFFERS = re.compile(
    r"""
    (?P<url>\b[a-z][a-z0-9+.-]*://[^\s"'<>)\]]+)
    | (?P<quoted>"[^"]*(?:"|$) | (?<![^\W_])'[^']*' | `[^`]*`)
    | (?P<uuid>\b[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\b)
    | (?P<id>\b(?=(?:[\w.-]*?\d){3})[^\W_]+(?:[-_.][^\W_]+)*)
    | (?P<number>[+-]?\d+(?:[.,:/-]\d+)*)
    """,
    re.IGNORECASE | re.VERBOSE,
)
_SPACE = re.compile(r"\s+")
_LIST = re.compile(rf"{ANY}(?:(?:,| and| or|;| en| of)? {ANY})+")
_INDEX = re.compile(r"\[\d+\]|\(line \d+\)")


def fingerprint(failure: Failure) -> str:
    """Name what a failure has in common with others: what, where and why, at which target, by which mappings."""
    parts = (
        failure.stage,
        failure.code,
        _INDEX.sub("", failure.where).strip(),
        in_common(failure.reason),
        failure.target,
        failure.revision,
    )
    return hashlib.sha256("\x1f".join(parts).encode(errors="replace")).hexdigest()[:_ID_CHARS]


def fingerprinted(failure: Failure, *, target: str) -> Failure:
    """Give the failure with its target and its fingerprint."""
    placed = failure._replace(target=target)
    return placed._replace(fingerprint=fingerprint(placed))


def in_common(reason: str) -> str:
    """Give a reason without numbers, ids, quoted names and URLs: what differs from one message to the next."""
    text = _DIFFERS.sub(ANY, reason)
    return _LIST.sub(ANY, _SPACE.sub(" ", text)).strip()
