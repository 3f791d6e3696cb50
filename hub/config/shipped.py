"""Where the files that come with the hub lie: in the checkout beside the package, or inside an installed wheel."""

from __future__ import annotations

from pathlib import Path

_PACKAGE = Path(__file__).resolve().parents[1]


def shipped(name: str) -> Path:
    """Give the folder `name` (`mappings`, `schemas`): the checkout's own when there is one, else the wheel's copy."""
    beside = _PACKAGE.parent / name
    return beside if beside.is_dir() else _PACKAGE / "_shipped" / name
