"""Starts a trial in a process of its own, bounded in time, memory and size, in a folder that is gone afterwards.

It knows processes. It refuses to know mappings: the child does.
"""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
import tempfile
from pathlib import Path

from hub.config import policy
from hub.console.playground.trial import Trial, Tried
from hub.errors import ActRefused, HubUnavailable

_CHILD = "hub.console.playground.child"


class Sandbox:
    """Tries messages; a few at once, the others wait for their turn."""

    def __init__(self, home: Path) -> None:
        """Take a folder that may be written in."""
        self._home = home
        self._turns = asyncio.Semaphore(policy.TRIALS_AT_ONCE_MAX)
        self._waiting = 0

    async def tried(self, trial: Trial) -> Tried:
        """Try it; raises ActRefused when it takes too long, or too many wait."""
        if self._waiting >= policy.TRIALS_WAITING_MAX:
            raise ActRefused("too many trials of mappings wait", code="te-druk", advice="try again in a moment")
        self._waiting += 1
        try:
            async with self._turns:
                return await asyncio.to_thread(self._run, trial)
        finally:
            self._waiting -= 1

    def _run(self, trial: Trial) -> Tried:
        with tempfile.TemporaryDirectory(prefix="probeersel-", dir=self._home) as folder:
            try:
                done = subprocess.run(  # noqa: S603 - our own module, and nothing of the trial in the command
                    [sys.executable, "-m", _CHILD],
                    input=trial.packed(),
                    capture_output=True,
                    cwd=folder,
                    env=_environment(folder),
                    timeout=policy.TRIAL_S_MAX,
                    check=False,
                )
            except subprocess.TimeoutExpired:
                raise _too_much() from None
        if done.returncode:
            # Its words may hold a value of the message: nobody gets to see them.
            if done.returncode < 0 or b"MemoryError" in done.stderr[-policy.TRIAL_LAST_WORDS_BYTES :]:
                raise _too_much()
            raise HubUnavailable("the trial of a mapping ended unexpectedly", code="probeersel")
        if len(done.stdout) > policy.TRIAL_ANSWER_BYTES_MAX:
            raise _too_much()
        return Tried.unpacked(done.stdout)


def _environment(folder: str) -> dict[str, str]:
    """Give what a child needs to find the hub, and no secret of it."""
    paths = os.pathsep.join(str(Path(each).resolve()) for each in sys.path)
    return {"PYTHONPATH": paths, "PATH": os.defpath, "HOME": folder, "TMPDIR": folder, "PYTHONUTF8": "1"}


def _too_much() -> ActRefused:
    return ActRefused(
        "this takes more time, memory or room than a trial may take",
        code="te-veel",
        advice="try a smaller message, or look for a rule that repeats itself",
    )
