"""The benchmark stays runnable; what it measures is for a person to read, never for a test to judge."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


@pytest.mark.slow
def test_a_small_benchmark_prints_every_section() -> None:
    """Both sides do the same work on fifty messages, and every figure is there."""
    command = [sys.executable, "-m", "tests.benchmarks", "--messages", "50", "--rounds", "1", "--embedded"]

    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)

    assert done.returncode == 0, done.stderr
    for section in ("bare lxml.etree.fromstring", "parse and map", "pipeline, embedded", "intake, embedded"):
        assert section in done.stdout
