"""The last net before a text is shown or kept: BSNs, e-mail addresses, credentials in URLs and long values go.

It knows the look of what must not be shown. It is no licence to log a document: a name or an address has no look to
recognise it by, so whoever writes a message keeps values out of it in the first place.
"""

from __future__ import annotations

import re
from typing import Any

import orjson

from hub.security.personal import HIDDEN, is_bsn

WORD_CHARS_MAX = 200
"""A run without a space that is longer is content (base64, XML), not a name, a URL of a resource or an id."""

TEXT_CHARS_MAX = 2_000
"""Longer than any reason or place we write ourselves; what is longer quotes somebody else's text."""

# As nine digits, or grouped as on letters and in screens: 1234.56.789, 123 456 789. An id or a hash is let through:
# one in a hundred hashes holds nine digits that pass the test by chance.
_BSN_LIKE = re.compile(
    r"(?P<id>\b[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\b|\b[0-9a-f]{32,}\b)"
    r"|(?<![0-9])(?:[0-9]{9}|[0-9]{4}([. -])[0-9]{2}\2[0-9]{3}|[0-9]{3}([. -])[0-9]{3}\3[0-9]{3})(?![0-9])"
)
_CREDENTIALS = re.compile(r"://[^/\s@]+@")
_EMAIL = re.compile(r"[^\s@*<>()\[\]\"',;:=/]+@[^\s@<>()\[\]\"',;:=/]+\.[A-Za-z]{2,}")
_LONG_WORD = re.compile(rf"\S{{{WORD_CHARS_MAX + 1},}}")


def mask(text: str) -> str:
    """Give the text with everything hidden that looks personal or secret."""
    if len(text) > TEXT_CHARS_MAX:
        # Not within a word: half a BSN is not recognised, yet says nearly as much.
        text = f"{text[:TEXT_CHARS_MAX].rpartition(' ')[0]} ({len(text)} characters)"
    if len(text) > WORD_CHARS_MAX:
        text = _LONG_WORD.sub(HIDDEN, text)
    if "@" in text:
        text = _CREDENTIALS.sub(f"://{HIDDEN}@", text)
        text = _EMAIL.sub(HIDDEN, text)
    return hide_bsns(text)


def hide_bsns(text: str) -> str:
    """Give the text without what looks like a BSN: for what colleagues write for each other, addresses and all."""
    return _BSN_LIKE.sub(_hidden_bsn, text)


def mask_within(json: str) -> str:
    """Give JSON with every text in it masked; as it is when there is nothing to hide."""
    said = orjson.loads(json)
    masked = _masked(said)
    return json if masked == said else orjson.dumps(masked).decode()


def _masked(said: Any) -> Any:  # noqa: ANN401 - JSON data
    if isinstance(said, str):
        return mask(said)
    if isinstance(said, list):
        return [_masked(each) for each in said]
    return {name: _masked(each) for name, each in said.items()} if isinstance(said, dict) else said


def _hidden_bsn(found: re.Match[str]) -> str:
    return HIDDEN if not found["id"] and is_bsn(re.sub("[. -]", "", found[0])) else found[0]
