"""Where the reference data lies: a folder `shared` beside the checkout. It is never part of the project."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from _pytest.mark import ParameterSet

SHARED = Path(os.environ.get("ZAAKHUB_SHARED", Path(__file__).resolve().parents[3] / "shared"))

needs_shared = pytest.mark.skipif(not (SHARED / "samples").is_dir(), reason="no reference data beside the checkout")
"""Marks a test that reads the reference data: without it the test skips and says so."""


def cases_of(found: list[Any], name: Callable[[Any], str]) -> list[ParameterSet]:
    """Make cases of what was found among the reference data; one that skips and says so when nothing is there."""
    if not found:
        return [pytest.param(None, id="no-reference-data", marks=needs_shared)]
    return [pytest.param(each, id=name(each)) for each in found]
