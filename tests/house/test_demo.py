"""`zaakhub demo` shows what the README promises, and says so when something does not arrive."""

from __future__ import annotations

import subprocess
import sys

import pytest


@pytest.mark.slow
def test_the_demo_delivers_everything_and_repairs_the_refused_one() -> None:
    """Exit 0; every kind of message, the resend, the refusal, the repair and how to go on are shown."""
    done = subprocess.run(
        [sys.executable, "-m", "hub.cli", "demo"], capture_output=True, text=True, check=False, timeout=300
    )

    assert done.returncode == 0, done.stdout + done.stderr
    for expected in (
        "Fo03 StUF055",
        "known: no event",
        'zaaktype "B1062" is not in the catalogus',
        'nearest: "B1026"',
        "zaakdocument-toegevoegd",
        "everything arrived, once and in order",
        "zaakhub serve",
    ):
        assert expected in done.stdout
