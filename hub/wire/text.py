"""Text that can be kept: databases, files, screens and indexes take it as it is. Pure.

It knows which characters are no text anywhere, and how long a key may be. It refuses to know what a text says.
"""

from __future__ import annotations

import hashlib

from hub.config.policy import KEY_BYTES_MAX

REPLACEMENT = "\N{REPLACEMENT CHARACTER}"
_HASH_CHARS = 32


def is_plain(text: str) -> bool:
    """Say whether it has no NUL, which PostgreSQL takes nowhere, and no half of a surrogate pair, which is no UTF-8."""
    if "\0" in text:
        return False
    return text.isascii() or not any("\ud800" <= each <= "\udfff" for each in text)


def plain(text: str) -> str:
    """Give the text with a mark where it has what can't be kept."""
    if is_plain(text):
        return text
    return "".join(REPLACEMENT if each == "\0" or "\ud800" <= each <= "\udfff" else each for each in text)


def is_key(text: str) -> bool:
    """Say whether things can be found by it: it is plain, and not longer than an index takes."""
    return is_plain(text) and (len(text) * 4 <= KEY_BYTES_MAX or len(text.encode()) <= KEY_BYTES_MAX)


def key(text: str) -> str:
    """Give a key for a text: itself, or what is left of it when it can't be one, and a hash of all of it."""
    if is_key(text):
        return text
    cleaned = plain(text)
    if is_key(cleaned):
        return cleaned
    hashed = hashlib.sha256(cleaned.encode()).hexdigest()[:_HASH_CHARS]
    return f"{cleaned[: KEY_BYTES_MAX // 8]}…{hashed}"
