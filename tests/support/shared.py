"""Where the reference data lies: a folder `shared` beside the checkout. It is never part of the project."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

SHARED = Path(os.environ.get("ZAAKHUB_SHARED", Path(__file__).resolve().parents[3] / "shared"))

needs_shared = pytest.mark.skipif(not (SHARED / "samples").is_dir(), reason="no reference data beside the checkout")
"""Marks a test that reads the reference data: without it the test skips and says so."""
