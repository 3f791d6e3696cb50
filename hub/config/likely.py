"""The likely correction of a misspelt name. It knows words, not what they are for."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches

_LISTED_MAX = 12
"""More names than this are no help on one line of a terminal."""


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """Give advice for an unknown `word`: the closest known name, else the known names when they are few."""
    names = sorted(known)
    by_lower = {name.lower(): name for name in names}
    close = get_close_matches(word.lower(), by_lower, n=1, cutoff=0.6)
    if close:
        return f"did you mean {by_lower[close[0]]}?"
    return f"known: {', '.join(names)}" if 0 < len(names) <= _LISTED_MAX else ""
